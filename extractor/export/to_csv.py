"""CSV: UTF-8, fields as RFC 4180 quotes them, line ends LF, money and counts as exact digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import BinaryIO

from extractor.export.blocks import SEVERAL, Block, Row
from extractor.export.columns import Column
from extractor.export.text import csv_field
from extractor.flat import Value
from extractor.writing import encoded

BOM = b"\xef\xbb\xbf"


class CsvWriter:
    """Rows as CSV.

    Args:
        sink: Where to.
        columns: Of each row.
        bom: Begin with a byte order mark, without which Excel garbles Chinese.

    Attributes:
        beyond: Figures that the format could not hold: none.
        shortened: Texts that were cut: none.
    """

    beyond = 0
    shortened = 0

    def __init__(self, sink: BinaryIO, columns: Sequence[Column], *, bom: bool) -> None:
        self._sink = sink
        sink.write((BOM if bom else b"") + line(column.name for column in columns))

    def add(self, block: Block) -> None:
        """Write the rows of a report."""
        fields: list[Iterable[str]] = []
        for several, columns in groupby(block.columns, lambda column: type(column) in SEVERAL):
            if several:
                fields += (map(csv_field, column) for column in columns)
            else:  # the same in all rows
                fields.append(repeat(",".join(map(csv_field, columns)), block.count))
        rows = "\n".join(map(",".join, zip(*fields, strict=True))) if block.count else ""
        if rows:
            self._sink.write(encoded(rows + "\n"))

    def close(self, dictionary: Sequence[Row]) -> None:
        """Nothing is left to write; the dictionary is a file of its own."""

    def abort(self) -> None:
        """Nothing is held."""


def line(values: Iterable[Value]) -> bytes:
    """One line of CSV, every text guarded."""
    return encoded(",".join(map(csv_field, values)) + "\n")
