"""Old Excel workbooks (.xls), as they are shown. What is drawn over their cells is not known, nor formats under conditions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from extractor.inputs import packed
from extractor.inputs.sheetlooks import look_of, said
from extractor.inputs.sheets import Sheet, write
from extractor.inputs.written import Look
from extractor.inputs.xlsx import LOWEST, THINNEST, shown_in
from verify.document.model import Document

MEDIA_TYPE = "application/vnd.ms-excel"
RENDERER = "xls/2"
_TWIPS = 20  # of a point
_RAISED = {1: "superscript", 2: "subscript"}


def sniff(head: bytes) -> int:
    """90 for a compound file, whose streams tell the kind."""
    return 90 if head.startswith(b"\xd0\xcf\x11\xe0") else 0


def read(data: bytes) -> Document:
    """The document of a workbook.

    Raises:
        RefusedError: Damaged, encrypted, or beyond a limit.
    """
    with packed.told("Excel (.xls)"):
        import xlrd

        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        notes: list[str] = []
        sheets = []
        for sheet in book.sheets():
            if sheet.visibility:
                notes.append(f"left out: the hidden sheet {sheet.name!r}")
            else:
                sheets.append(_sheet(book, sheet, notes))
        return write(sheets, MEDIA_TYPE, RENDERER, notes)


def _sheet(book: Any, sheet: Any, notes: list[str]) -> Sheet:
    found = Sheet(sheet.name)
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            value = _value(book, cell)
            if value in ("", None) or (value == 0 and not sheet.show_zero_values):
                continue
            style = book.xf_list[cell.xf_index]
            code = book.format_map[style.format_key].format_str
            runs = sheet.rich_text_runlist_map.get((row, column), ())
            written = said(_parts(book, style, shown_in(value, code), runs))
            text = "".join(piece.text for piece in written.pieces)
            if not text:
                notes.append(f"left out as not shown: {sheet.name!r} row {row + 1}")
            found.take((row, column), text, written, notes)
    found.merges += [
        (top, left, bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells
    ]
    for hidden, abouts in (
        (found.hidden_rows, sheet.rowinfo_map),
        (found.hidden_columns, sheet.colinfo_map),
    ):
        hidden.update(at for at, about in abouts.items() if about.hidden or _is_thin(about))
    for at, note in sheet.cell_note_map.items():
        if note.text.strip():
            found.remarks[at] = f"批注：{note.text}"
    return found


def _is_thin(about: Any) -> bool:
    """Whether a row or column is there and not seen."""
    if hasattr(about, "width"):
        return bool(about.width < THINNEST * 256)
    return bool(about.height < LOWEST * _TWIPS)


def _value(book: Any, cell: Any) -> Any:
    """As the libraries of other workbooks give it."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERR!")
    return cell.value


def _parts(book: Any, style: Any, text: str, runs: Any) -> Iterator[tuple[str, Look]]:
    """Parts of a text that are in one font, with their looks."""
    starts = [(0, style.font_index), *runs]
    back = style.background
    fill = SimpleNamespace(
        patternType={0: "none", 1: "solid"}.get(back.fill_pattern, "other"),
        fgColor=_color(book, back.pattern_colour_index),
    )
    for number, (start, index) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        font = book.font_list[index]
        about = SimpleNamespace(
            name=font.name,
            sz=font.height / _TWIPS,
            strike=font.struck_out,
            vertAlign=_RAISED.get(font.escapement),
            color=_color(book, font.colour_index),
        )
        if text[start:end]:
            yield text[start:end], look_of(about, fill)


def _color(book: Any, index: int) -> Any:
    known = book.colour_map.get(index)
    if known is None:
        return SimpleNamespace(type="indexed", indexed=65 if index == 65 else 64, tint=0)
    return SimpleNamespace(type="rgb", rgb="{:02X}{:02X}{:02X}".format(*known), tint=0)
