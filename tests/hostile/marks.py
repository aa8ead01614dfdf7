"""A pointer answer taken apart, to be spoiled and put together again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from random import Random

from extractor.readers.excerpt import Candidate, letter
from extractor.readers.sheets import COLUMNS, ROWS, TABLE_OF
from verify.stream import Kind
from verify.zones import rows_in

from .registry import Asked, On, Pair, compact, hostile

_FIRST = re.compile(r"([0-9]{1,3})[a-z]")


@dataclass
class Marks:
    """The rows of an answer with their marks.

    Attributes:
        asked: The request.
        pairs: Row, or column, and mark.
        cells: Rows that are pointed at cell by cell.
        order: Columns as printed.
    """

    asked: Asked
    pairs: list[Pair] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    order: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, asked: Asked) -> Marks:
        """The right answer to a request."""
        answer = asked.answer
        pairs = [
            (row, mark)
            for first, last, low, high in answer["rows"]
            for row, mark in zip(range(first, last + 1), range(low, high + 1), strict=True)
        ]
        return cls(asked, pairs, [list(cell) for cell in answer["cells"]], list(answer["order"]))

    def json(self) -> str:
        """The answer as a server sends it; as many ranges as the schema takes."""
        ranges: list[list[int]] = []
        for row, mark in self.pairs:
            if ranges and ranges[-1][1] == row - 1 and ranges[-1][3] == mark - 1:
                ranges[-1][1], ranges[-1][3] = row, mark
            else:
                ranges.append([row, row, mark, mark])
        return compact(
            {"rows": ranges[:90], "cells": [c[:9] for c in self.cells][:60], "order": self.order}
        )

    # -- what stands where

    def candidate(self, mark: int) -> Candidate | None:
        """The candidate of a mark."""
        return self.asked.excerpt.candidate(mark)

    def texts(self, mark: int) -> tuple[str, ...]:
        """The figures of a mark."""
        candidate = self.candidate(mark)
        return tuple(e.text for e in candidate.entries) if candidate else ()

    @property
    def marks(self) -> list[int]:
        """Every mark of the excerpt."""
        return [candidate.mark for candidate in self.asked.excerpt.candidates]

    @property
    def free(self) -> list[int]:
        """Marks to which nothing points."""
        told = {mark for _, mark in self.pairs}
        told |= {
            int(m[1]) for cell in self.cells for text in cell[1:] for m in _FIRST.finditer(text)
        }
        return [mark for mark in self.marks if mark not in told]

    def table(self, mark: int) -> str:
        """The table in whose stretch a mark stands."""
        parts = self.asked.excerpt.parts
        return next((str(part.zone.table) for part in parts if mark in part.marks), "")

    def unlabelled(self, mark: int) -> bool:
        """Whether no verbatim label stands before a mark's figures."""
        candidate = self.candidate(mark)
        if candidate is None:
            return False
        zones = [part.zone for part in self.asked.excerpt.parts if mark in part.marks]
        found = [m for zone in zones for m in rows_in(candidate.segment, zone.table)]
        return not any(m.likeness == 1 for m in found)

    @property
    def untold(self) -> list[int]:
        """Rows of the form of which nothing is said."""
        told = {row for row, _ in self.pairs} | {int(cell[0]) for cell in self.cells}
        two = range(41, 49) if any(41 <= row < 49 for row in told) else range(31, 37)
        three = [*range(1, 21), *([26] if 26 in told else [21, 22, 23]), 24, 25]
        return [row for row in [*two, *three, 51, 52, 53] if row not in told]

    def spelled_out(self, row: int, mark: int) -> list[str]:
        """A row on a mark written cell by cell."""
        return [str(row), *(f"{mark}{letter(i)}" for i in range(len(self.texts(mark))))]

    # -- what is done to it

    def exchange(self, one: int, two: int) -> None:
        """Two pairs, by their places, exchange their marks."""
        (a, x), (b, y) = self.pairs[one], self.pairs[two]
        self.pairs[one], self.pairs[two] = (a, y), (b, x)

    def turn(self, places: list[int]) -> None:
        """Several pairs, by their places, exchange their marks in turn."""
        marks = [self.pairs[at][1] for at in places]
        for at, mark in zip(places, [*marks[1:], *marks[:1]], strict=True):
            self.pairs[at] = (self.pairs[at][0], mark)

    def spell(self, at: int) -> list[str]:
        """Take a pair out and put it among the cells; the row of cells, to be changed in place."""
        row, mark = self.pairs.pop(at)
        cells = self.spelled_out(row, mark)
        self.cells.append(cells)
        return cells

    def places(self, fits: Callable[[int, int], bool]) -> list[int]:
        """The places of the pairs whose row and mark fit."""
        return [at for at, (row, mark) in enumerate(self.pairs) if fits(row, mark)]

    def of_table(self, table: str) -> list[int]:
        """The places of the pairs of one table's rows."""
        return self.places(lambda row, _: TABLE_OF.get(row) == table and row in ROWS[table])

    @property
    def three(self) -> list[int]:
        """The places of the rows of table 三."""
        return self.of_table("requests")

    @property
    def by_column(self) -> list[int]:
        """The places of pairs that are columns."""
        return self.places(lambda row, _: row in COLUMNS["requests"])


def bent(on: On = "any") -> Callable[[Callable[[Marks, Random], None]], Callable[[Asked], str]]:
    """Register a behaviour that changes the marks of the right answer in place."""

    def register(bend: Callable[[Marks, Random], None]) -> Callable[[Asked], str]:
        @wraps(bend)
        def behave(asked: Asked) -> str:
            marks = Marks.of(asked)
            bend(marks, asked.rng)
            return marks.json()

        return hostile(on=on)(behave)

    return register


def figures(marks: Marks) -> list[str]:
    """All figures of the excerpt."""
    return [
        entry.text
        for candidate in marks.asked.excerpt.candidates
        for entry in candidate.entries
        if entry.kind is Kind.FIGURE
    ]
