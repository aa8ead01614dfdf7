"""What an agency adds to a table: rows with labels of their own, and lines of figures that are no row's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from verify.figures import read_figure
from verify.findings import Finding
from verify.forms import Table
from verify.gaps import Gap, row_of
from verify.harmless import Grammar
from verify.layout import Layout

POWERS = "other powers in a row"
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORDS = re.compile(r"[^\s|]*[^\s|0-9][^\s|]*")
_NUMBER = re.compile(
    r"(?!\(?[0-9]{1,3}[).、]?\Z)[^\w\s]*[0-9][0-9.,/~*×xX年月\-—]*(?:[件条项个份%]|万?元)?"
)


class Entries(Protocol):
    """Finds what stands in a folded range where cells could, figures alone if asked."""

    def __call__(self, start: int, end: int, *, figures: bool = False) -> list[tuple[int, int]]:
        """Folded ranges, in order."""
        ...


class Added:
    """The rows that an agency adds, by the findings that they are.

    Args:
        text: The folded text.
        entries: Finds what stands in a range.
        grammar: What is known, in this report.
        value: The figure of a cell, or None.

    Attributes:
        rows: Folded ranges of the rows and of stray figures.
        columns: Folded ranges that the columns of a grid explain.
    """

    def __init__(
        self, text: str, entries: Entries, grammar: Grammar, value: Callable[[str], int | None]
    ) -> None:
        self._text = text
        self._entries = entries
        self._grammar = grammar
        self._value = value
        self._labelled: list[tuple[int, int]] = []
        self.rows: list[tuple[int, int]] = []
        self.columns: list[tuple[int, int]] = []

    def take(
        self, layout: Layout, local: Sequence[Finding], known: Sequence[tuple[int, int]]
    ) -> None:
        """Take the findings of local rows and stray figures, and the ranges that are known."""
        self.columns += known
        for found in local:
            if found.span is None:
                continue
            stray = found.code == "stray_figure"
            place = self._own_range(*layout.stream.folded.place(*found.span), stray=stray)
            self.rows.append(place)
            if not stray:
                self._labelled.append(place)

    def _own_range(self, start: int, end: int, *, stray: bool) -> tuple[int, int]:
        """The folded range of a local row with its label, on its line or on the line above."""
        begin = self._text.rfind("\n", 0, start) + 1
        if stray:
            return start, end
        before = self._entries(begin, start)
        if before:  # behind other figures of its line, words before a stray figure are not its own
            return before[-1][1], end
        while begin and not _HAN.search(self._text, begin, start):
            begin = self._text.rfind("\n", 0, begin - 1) + 1
        return begin, end

    def strange_rows(self, table: Table, gap: Gap) -> Iterator[tuple[int, int]]:
        """Rows that the agency adds to a table with sums, and words that are not known to name such a row."""
        for start, stop in self._labelled if table.is_uniform else ():
            entries = self._entries(start, stop, figures=True)
            words = "".join(_WORDS.findall(self._text, start, entries[0][0] if entries else stop))
            if not gap.start <= start < gap.end:
                continue
            known = self._grammar.explains(words, "row")
            if not known or (
                known == "subtotal" and not self._is_subtotal(table, gap, start, stop)
            ):
                yield start, stop

    def names_a_row(self, place: int, words: str, end: int) -> bool:
        """Whether words at a place are the label of a row for another power of offices.

        Args:
            place: Where they stand.
            words: They.
            end: Where the next cell begins: figures before it are no cell's.
        """
        if self._grammar.explains(words, "row") != POWERS:
            return False
        if any(start <= place < stop for start, stop in self._labelled):
            return True
        own = self._entries(place + len(words), end, figures=True)
        return bool(own) and not self._text[place + len(words) : own[0][0]].strip(" \t|")

    def _is_subtotal(self, table: Table, gap: Gap, start: int, stop: int) -> bool:
        """Whether the figures of a row are the sums of some rows right above it."""
        if gap.left is None:
            return False
        entries = self._entries(start, stop, figures=True)
        figures = [read_figure(self._text[a:b], "count") for a, b in entries]
        printed = [figure.value if figure else None for figure in figures]
        last = table.places[row_of(gap.left)]
        sums: list[int] = [0] * len(table.rows[last].columns)
        for row in reversed(table.rows[: last + 1]):
            values = [self._value(name) for name in table.cells(row)]
            if None in values:
                return False  # an empty cell is no 0: what the sum would be is not known
            sums = [a + b for a, b in zip(sums, values, strict=True) if b is not None]
            if sums == printed:
                return True
        return False

    def numbers(self, text: str, gap: Gap) -> Iterator[tuple[int, int]]:
        """Lines that hold a number and no words, and are no page's or row's: 202306, 2023.6, *10."""
        lines = text.split("\n")
        place = 0
        for i, line in enumerate(lines):
            start, place = place, place + len(line) + 1
            bare = line.strip(" \t|")
            if (i == 0 and gap.left) or (i == len(lines) - 1 and gap.right):
                continue
            if _NUMBER.fullmatch(bare) is None or self._grammar.explains(bare, "line"):
                continue
            begin = gap.start + start + line.index(bare)
            if not any(a <= begin < b for a, b in [*self.columns, *self._labelled]):
                yield start, start + len(line)

    def lines_of_figures(self, gap: Gap) -> Iterator[tuple[int, int]]:
        """Lines of several figures over or under a table that are no row of it and no row that the agency adds."""
        if gap.left is not None and gap.right is not None:
            return
        lines: dict[int, list[tuple[int, int]]] = {}
        for start, stop in self._entries(gap.start, gap.end, figures=True):
            if not any(a <= start < b for a, b in [*self.columns, *self.rows]):
                begin = self._text.rfind("\n", gap.start, start) + 1
                lines.setdefault(begin, []).append((start, stop))
        for begin, figures in lines.items():
            if begin and len(figures) > 1:
                yield begin, figures[-1][1]
