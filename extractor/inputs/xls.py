"""Old Excel workbooks (.xls). What is hidden, but for sheets, is not known of them, and is read."""

from __future__ import annotations

import io

from extractor.inputs import packed
from extractor.inputs.sheets import Merge, Sheet, write
from extractor.inputs.xlsx import as_text
from verify.document.model import Document

MEDIA_TYPE = "application/vnd.ms-excel"
RENDERER = "xls/1"


def sniff(head: bytes) -> int:
    """90 for a compound file, whose streams tell the kind."""
    return 90 if head.startswith(b"\xd0\xcf\x11\xe0") else 0


def read(data: bytes) -> Document:
    """The document of a workbook.

    Raises:
        RefusedError: Damaged, encrypted, or beyond a limit.
    """
    with packed.told("Excel (.xls)"):
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        notes: list[str] = []
        sheets = []
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                notes.append(f"left out: the hidden sheet {about.name!r}")
                continue
            sheet = book.get_sheet_by_name(about.name)
            texts = {
                (row, column): text
                for row, values in enumerate(sheet.to_python(skip_empty_area=False))
                for column, value in enumerate(values)
                if (text := as_text(value))
            }
            merges = tuple(
                Merge(top, left, bottom - top + 1, right - left + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            )
            sheets.append(Sheet(about.name, texts, merges))
        return write(sheets, MEDIA_TYPE, RENDERER, notes)


__all__ = ["MEDIA_TYPE", "RENDERER", "read", "sniff"]
