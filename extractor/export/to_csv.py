"""CSV: UTF-8, fields as RFC 4180 quotes them, line ends LF, money and counts as exact digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, repeat
from typing import BinaryIO

from extractor.export.blocks import SEVERAL, Block, Row, Value
from extractor.export.columns import Column
from extractor.export.text import csv_field, utf8

BOM = b"\xef\xbb\xbf"
_MOST_MADE = 50_000


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
        self._alike = [not column.varied for column in columns]
        self._made: dict[int, _Made] = {}
        sink.write((BOM if bom else b"") + line(column.name for column in columns))

    def add(self, block: Block) -> None:
        """Write the rows of a report.

        What is the same in all of them is made once, and so is what neighbouring columns have had before.
        """
        parts: list[Iterable[str]] = []
        for kind, places in groupby(range(len(block.columns)), lambda at: self._kind(block, at)):
            several = list(places)
            first = several[0]
            columns = [block.columns[at] for at in several]
            if kind == "same":
                fields = zip(columns, self._texts[first:], strict=False)
                parts.append(repeat(",".join(_field(*one) for one in fields), block.count))
            elif kind == "fixed":
                parts.append(_fixed(tuple(columns)))
            elif kind == "varied":
                parts += [_fields(column, text=self._texts[first]) for column in columns]
            else:
                made = self._made.setdefault(
                    first, _Made(self._texts[first : first + len(several)])
                )
                parts.append(map(made.__getitem__, zip(*columns, strict=True)))
        rows = "\n".join(map(",".join, zip(*parts, strict=True)))
        if rows:
            self._sink.write(utf8(rows + "\n"))

    def _kind(self, block: Block, at: int) -> str:
        column = block.columns[at]
        if type(column) not in SEVERAL:
            return "same"
        if type(column) is tuple:
            return "fixed"
        return "alike" if self._alike[at] else "varied"

    def close(self, dictionary: Sequence[Row]) -> None:
        """Nothing is left to write; the dictionary is a file of its own."""

    def abort(self) -> None:
        """Nothing is held."""


class _Made(dict[tuple[Value, ...], str]):
    """Fields side by side that were made before; they are forgotten when they are many."""

    def __init__(self, texts: list[bool]) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, values: tuple[Value, ...]) -> str:
        if len(self) > _MOST_MADE:
            self.clear()
        made = ",".join(_field(*one) for one in zip(values, self._texts, strict=True))
        self[values] = made
        return made


def _field(value: Value, text: bool) -> str:
    return "" if value is None else csv_field(str(value)) if text else str(value)


def _fields(column: Iterable[Value], *, text: bool) -> list[str]:
    if text:
        return [_field(value, text) for value in column]
    return ["" if value is None else str(value) for value in column]


@lru_cache
def _fixed(columns: tuple[tuple[str, ...], ...]) -> list[str]:
    """Columns that are the same for all reports of a form."""
    return [",".join(map(csv_field, row)) for row in zip(*columns, strict=True)]


def line(values: Iterable[Value]) -> bytes:
    """One line of CSV, every text guarded."""
    return utf8(",".join("" if v is None else csv_field(str(v)) for v in values) + "\n")
