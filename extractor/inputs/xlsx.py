"""Excel workbooks (.xlsx): the visible sheets, rows and columns, with stored values of formulas, as they are shown.

A sheet is cut into tables at its empty rows; rows of one cell before a table are headings.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from extractor.inputs import packed
from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.numberformats import shown, shown_text
from extractor.inputs.sheetdrawn import drawings, running_heads
from extractor.inputs.sheetlooks import applies, conditional, look_of, said
from extractor.inputs.sheets import Sheet, write
from extractor.inputs.written import SIGN, Look, Written
from verify.document.model import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RENDERER = "xlsx/3"
LOWEST = 2.0  # points of a row that is seen
THINNEST = 0.3  # characters of a column that is seen
_NO_VALUE = "formulas without a stored value are no figures: open and save the file"
_MOST = 1_000_000  # cells of a sheet, empty ones too
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z0-9:$]{2,40})["']""")


def sniff(head: bytes) -> int:
    """90 for a zipped file, whose names tell the kind."""
    return 90 if head.startswith(b"PK") else 0


def read(data: bytes) -> Document:
    """The document of a workbook.

    Raises:
        RefusedError: Damaged, encrypted, or beyond a limit.
    """
    archive = packed.check(data, "Excel (.xlsx)")
    with packed.told("Excel (.xlsx)"):
        import openpyxl
        from openpyxl.reader.excel import ExcelReader

        data = packed.usual(archive, data)
        parts = [
            archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ]
        formulas = any(b"<f" in part for part in parts)
        _check_merges(parts)
        reader = ExcelReader(io.BytesIO(data), data_only=True, rich_text=True)
        reader.read()
        book = reader.wb
        targets = {about.name: relation.target for about, relation in reader.parser.find_sheets()}
        source = openpyxl.load_workbook(io.BytesIO(data)) if formulas else book
        notes: list[str] = []
        sheets = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                notes.append(f"left out: the hidden sheet {sheet.title!r}")
            else:
                found = drawings(archive, targets[sheet.title])
                sheets.append(_sheet(sheet, source[sheet.title], found, notes))
        return write(sheets, MEDIA_TYPE, RENDERER, notes)


def _check_merges(parts: list[bytes]) -> None:
    """Refuse merged cells that cover more than any table: each position of them would be made."""
    from openpyxl.utils.cell import range_boundaries

    covered = 0
    for part in parts:
        for found in _MERGED.finditer(part):
            left, top, right, bottom = (one or 0 for one in range_boundaries(found[1].decode()))
            covered += (right - left + 1) * (bottom - top + 1)
            if covered > _MOST:
                raise RefusedError("span", MOST_SPAN)


def _sheet(
    sheet: Any, source: Any, drawn: tuple[list[str], set[tuple[int, int]]], notes: list[str]
) -> Sheet:
    if sheet.max_row * sheet.max_column > _MOST and len(sheet._cells) > _MOST:  # noqa: SLF001
        raise RefusedError("cells", _MOST)
    found = Sheet(sheet.title)
    texts = found.texts
    looks: dict[tuple[int, int], Look] = {}
    rules, zeros = conditional(sheet), sheet.sheet_view.showZeros is not False
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - iter_rows makes what is empty
        value = cell.value
        written = _written(cell, rules.get((row, column), ()), looks)
        text = "" if value == 0 and not zeros else "".join(piece.text for piece in written.pieces)
        if value is None and source is not sheet:
            formula = source.cell(row, column).value
            text = "" if formula is None else f"={_formula(formula)}"
            notes += [_NO_VALUE] if text else []
        elif value is not None and str(value).strip() and not text.strip():
            notes.append(f"left out as not shown: {sheet.title!r} {cell.coordinate}")
        at = row - 1, column - 1
        if at in drawn[1] and (not text or any(map(str.isdigit, text))):
            text = f"{text}{SIGN}"
        found.take(at, text, written, notes)
        if cell.comment is not None and cell.comment.text.strip():
            found.remarks[at] = f"批注：{cell.comment.text}"
    rows_used, columns_used = (
        {at for at, n in Counter(c[i] for c in texts).items() if n > 2} for i in (0, 1)
    )
    for at in drawn[1]:
        if at not in texts and at[0] in rows_used and at[1] in columns_used:
            texts[at] = SIGN
    found.merges += [
        (one.min_row - 1, one.min_col - 1, one.size["rows"], one.size["columns"])
        for one in sheet.merged_cells.ranges
    ]
    found.hidden_rows.update(
        number - 1
        for number, row in sheet.row_dimensions.items()
        if row.hidden or (row.height is not None and row.height < LOWEST)
    )
    found.hidden_columns.update(_hidden_columns(sheet))
    if any(row in found.hidden_rows or column in found.hidden_columns for row, column in texts):
        notes.append(f"left out: hidden rows or columns of the sheet {sheet.title!r}")
    found.beside += [*running_heads(sheet), *drawn[0]]
    return found


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for dimension in sheet.column_dimensions.values():
        thin = dimension.customWidth and dimension.width < THINNEST
        if (dimension.hidden or thin) and dimension.min and dimension.max:
            yield from range(dimension.min - 1, min(dimension.max, 16_384))


def _written(cell: Any, rules: Any, looks: dict[tuple[int, int], Look]) -> Written:
    """What a cell shows."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    value, code = cell.value, str(cell.number_format or "General")
    style = cell._style.fontId, cell._style.fillId  # noqa: SLF001 - `cell.font` is made anew each time
    whole = looks.get(style)
    if whole is None:
        whole = looks[style] = replace(look_of(cell.font, cell.fill), raised=False)
    if any(applies(rule, value) for rule in rules):
        whole = replace(whole, doubtful=True)
    parts = value if isinstance(value, CellRichText) else [shown_in(value, code)]
    return said(
        (part.text, look_of(part.font, cell.fill))
        if isinstance(part, TextBlock)
        else (str(part), whole)
        for part in parts
    )


def shown_in(value: Any, code: str) -> str:
    """A value as it is shown in a number format."""
    plain = as_text(value)
    if isinstance(value, bool) or not plain:
        return plain
    if isinstance(value, int | float):
        try:
            return shown(Decimal(plain), plain, code)
        except ArithmeticError:
            return plain
    return shown_text(plain, code) if isinstance(value, str) else plain


def _formula(value: Any) -> str:
    text = getattr(value, "text", value)
    return str(text).removeprefix("=")


def as_text(value: Any) -> str:
    """What a cell says: a whole number without a point, a date as year-month-day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
            return str(value)
        exact = Decimal(format(value, ".15g"))
        return format(
            exact.to_integral_value() if exact == exact.to_integral_value() else exact, "f"
        )
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value)
    return str(value)
