"""XLSX by openpyxl: rows as they come, sheet after sheet, text as text and never as a formula."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from extractor.export.blocks import Block, Row
from extractor.export.columns import Column
from extractor.export.text import for_xlsx
from extractor.flat import Value

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SHEET_ROWS = 1_048_576
"""Of a sheet, its header with them."""
LONGEST = 32_767
"""Characters of a cell; openpyxl would cut the rest off in silence."""
# A spreadsheet keeps 15 digits and no more.
_HELD = 15
_MOST = 10**_HELD
_DIGITS = re.compile(r"-?0*\.?0*")


@contextlib.contextmanager
def _faults_of_the_system() -> Iterator[None]:
    """Raise as `OSError` what lxml, with which openpyxl writes where it is installed, says of a full disk.

    Raises:
        OSError: The file cannot be written.
    """
    try:
        yield
    except Exception as error:
        # "IO_ENOSPC"; no `OSError`, and named so in lxml alone
        number = getattr(errno, str(error).removeprefix("IO_"), None)
        if type(error).__name__ != "SerialisationError" or number is None:
            raise
        raise OSError(number, os.strerror(number)) from error


class XlsxWriter:
    """Rows as sheets of a workbook, the dictionary as the last one.

    Attributes:
        beyond: Figures that a number of a spreadsheet does not hold exactly: they are text.
        shortened: Texts longer than a cell can be: cut, with a mark at the end.
    """

    def __init__(self, sink: BinaryIO, columns: Sequence[Column], title: str) -> None:
        """Begin the workbook.

        Args:
            sink: Where to.
            columns: Of each row.
            title: Of the first sheet; those after it are numbered.
        """
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        self.beyond = self.shortened = 0
        self._cell = WriteOnlyCell
        self._sink, self._title = sink, title
        self._header = tuple(column.name for column in columns)
        self._texts = [column.kind == "text" for column in columns]
        self._book = Workbook(write_only=True)
        self._sheets = 0
        self._sheet = self._next(title)

    def add(self, block: Block) -> None:
        """Write rows, on a further sheet when one is full."""
        with _faults_of_the_system():
            for row in block.rows():
                if self._left == 0:
                    # the sheet before is finished now, so that only one is open at a time
                    self._sheet.close()
                    self._sheet = self._next(f"{self._title} {self._sheets + 1}")
                self._left -= 1
                self._sheet.append(
                    [
                        None if v is None else self._text(str(v)) if text else self._figure(v)
                        for v, text in zip(row, self._texts, strict=True)
                    ]
                )

    def close(self, dictionary: Sequence[Row]) -> None:
        """Write the dictionary and put the workbook together."""
        from openpyxl.writer.excel import ExcelWriter

        with _faults_of_the_system():
            self._sheet.close()
            sheet = self._sheet = self._book.create_sheet("dictionary")
            sheet.freeze_panes = "A2"
            for row in dictionary:
                sheet.append([None if v is None else self._text(str(v)) for v in row])
            # as `Workbook.save` does, which leaves its archive open when the disk is full
            with ZipFile(self._sink, "w", ZIP_DEFLATED, allowZip64=True) as archive:
                ExcelWriter(self._book, archive).save()

    def abort(self) -> None:
        """Remove the sheets that were written so far, which openpyxl keeps in files of their own."""
        for sheet in self._book.worksheets:
            with contextlib.suppress(Exception):  # what ended the export is what the user is told
                sheet.close()
            writer = getattr(sheet, "_writer", None)
            if writer is not None:
                with contextlib.suppress(OSError):
                    writer.cleanup()

    def _next(self, title: str) -> WriteOnlyWorksheet:
        sheet: WriteOnlyWorksheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(list(self._header))
        self._sheets += 1
        self._left = SHEET_ROWS - 1
        return sheet

    def _text(self, text: str) -> Any:
        held = for_xlsx(text)
        if len(held) > LONGEST:
            self.shortened += 1
            mark = f"…[{len(text)}]"
            # an escape is seven characters long and may not be cut in two
            held = for_xlsx(text[: (LONGEST - len(mark)) // 7]) + mark
        if not held.startswith(("=", "#")):
            return held
        return self._as_it_is(held, "s")  # set as a value, it would become a formula or an error

    def _as_it_is(self, text: str, data_type: str) -> Any:
        cell: Any = self._cell(self._sheet)
        cell._value, cell.data_type = text, data_type  # noqa: SLF001 - there is no other way
        return cell

    def _figure(self, value: Value) -> Any:
        if isinstance(value, int) and -_MOST < value < _MOST:
            return value
        text = str(value)
        whole, _, part = text.partition(".")
        digits = _DIGITS.sub("", f"{whole}.{part.rstrip('0')}" if part else whole, count=1)
        if len(digits.replace(".", "")) > _HELD:
            self.beyond += 1
            return text
        # openpyxl would write a float in 16 digits, one more than it holds
        return self._as_it_is(text, "n")
