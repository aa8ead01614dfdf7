"""CSV: UTF-8, fields as RFC 4180 quotes them, line ends LF, money and counts as exact digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from extractor.export.columns import Column
from extractor.export.rows import Row, Value
from extractor.export.text import csv_field, utf8

BOM = b"\xef\xbb\xbf"


class CsvWriter:
    """Rows as CSV.

    Attributes:
        beyond: Figures that the format could not hold: none.
        shortened: Texts that were cut: none.
    """

    beyond = 0
    shortened = 0

    def __init__(self, sink: BinaryIO, columns: Sequence[Column], *, bom: bool) -> None:
        """Write the header.

        Args:
            sink: Where to.
            columns: Of each row.
            bom: Begin with a byte order mark, without which Excel garbles Chinese.
        """
        self._sink = sink
        self._texts = [column.kind == "text" for column in columns]
        sink.write((BOM if bom else b"") + line(column.name for column in columns))

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows."""
        texts = self._texts
        for row in rows:
            fields = [
                "" if value is None else csv_field(value) if text else str(value)
                for value, text in zip(row, texts, strict=True)
            ]
            self._sink.write(utf8(",".join(fields) + "\n"))

    def close(self, dictionary: Sequence[Row]) -> None:
        """Nothing is left to write; the dictionary is a file of its own."""

    def abort(self) -> None:
        """Nothing is held."""


def line(values: Iterable[Value]) -> bytes:
    """One line of CSV, every text guarded."""
    return utf8(",".join("" if v is None else csv_field(str(v)) for v in values) + "\n")
