"""The pointer protocol: a model's marks become the figures of rows.

Whatever is pointed at and is not there, is pointed at twice, or does not add up in itself (a range of
five rows on four marks) is dropped and said, never mended: what is left is held against the source by
the verifier like any other reading.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.readers.excerpt import MOST_SHOWN, Excerpt, Part, letter
from extractor.readers.shapes import Pointers
from extractor.readers.sheets import COLUMNS, ROWS, TABLE_OF
from verify.stream import Entry, Kind

_POINTER = re.compile(r"([0-9]{1,3})([a-z]{1,2})(?:\.([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Pointed:
    """What stands in one cell: a folded range, or an empty or absent cell.

    Attributes:
        kind: What it is; None for an absent cell, BLANK without a range for an empty one.
        mark: The candidate in which it stands, 0 for none.
        start: Folded offset.
        end: One past the last character.
    """

    kind: Kind | None
    mark: int = 0
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Pointing:
    """An answer turned into rows, for one printed copy of a table.

    Attributes:
        rows: For each row number the mark of its figures.
        cells: For each row number what fills each of its cells.
        bare: Rows that are labelled and have no figures.
        columns: For a table printed column by column, the mark of each column number; else empty.
        order: Numbers of the columns as printed, when told.
    """

    rows: dict[int, int] = field(default_factory=dict)
    cells: dict[int, tuple[Pointed, ...]] = field(default_factory=dict)
    bare: set[int] = field(default_factory=set)
    columns: dict[int, int] = field(default_factory=dict)
    order: tuple[int, ...] = ()

    @property
    def told(self) -> set[int]:
        """Every row number of which something is said."""
        return self.rows.keys() | self.cells.keys() | self.bare

    def mark_of(self, row: int) -> int:
        """A mark at which figures of a row stand; 0 for none."""
        if row in self.rows:
            return self.rows[row]
        return next((cell.mark for cell in self.cells.get(row, ()) if cell.mark), 0)


def decode(answer: Pointers, excerpt: Excerpt) -> list[Pointing]:
    """Turn an answer into rows.

    Returns:
        One pointing for each part of the excerpt.
    """
    pairs = list(dict.fromkeys(_pairs(answer)))
    cells = _cells(answer, excerpt)
    return [_part(part, pairs, cells, answer.order) for part in excerpt.parts]


def _part(
    part: Part,
    pairs: list[tuple[int, int]],
    cells: dict[int, tuple[Pointed, ...]],
    order: Iterable[int],
) -> Pointing:
    """What is said of one printed copy: rows of its table on marks of its own."""
    table = part.zone.table
    own = [
        (number, mark)
        for number, mark in pairs
        if TABLE_OF.get(number) == table and mark in part.marks
    ]
    numbers = Counter(number for number, _ in own)
    marks = Counter(mark for _, mark in own)
    once = {number: mark for number, mark in own if numbers[number] == marks[mark] == 1}
    found = Pointing()
    found.columns = {n: mark for n, mark in once.items() if n in COLUMNS[table]}
    for number, pointed in cells.items():
        if TABLE_OF[number] != table or number in numbers:
            continue
        if not pointed:
            found.bare.add(number)
        elif all(cell.mark in part.marks for cell in pointed if cell.mark) and any(
            cell.mark or cell.kind is not None for cell in pointed
        ):
            found.cells[number] = pointed
    if found.columns:
        return Pointing(columns=found.columns)
    found.rows = {n: mark for n, mark in once.items() if n in ROWS[table] and n not in cells}
    printed = tuple(number for number in order if number in COLUMNS[table])
    if sorted(printed) == sorted(COLUMNS[table]):
        found.order = printed
    return found


def _pairs(answer: Pointers) -> Iterable[tuple[int, int]]:
    """Every row, or column, with its mark; ranges that do not add up are left out."""
    for first_row, last_row, first_mark, last_mark in answer.rows:
        rows = range(first_row, last_row + 1)
        marks = range(first_mark, last_mark + 1)
        if len(rows) == len(marks) > 0 and all(row in TABLE_OF for row in rows):
            yield from zip(rows, marks, strict=True)


def _cells(answer: Pointers, excerpt: Excerpt) -> dict[int, tuple[Pointed, ...]]:
    """Rows whose cells are pointed at; those told twice or with a pointer to nothing are left out."""
    found: dict[int, tuple[Pointed, ...]] = {}
    twice: set[int] = set()
    for told in answer.cells:
        row = int(told[0]) if told and re.fullmatch("[0-9]{1,3}", told[0]) else 0
        if TABLE_OF.get(row) is None or row not in ROWS[TABLE_OF[row]]:
            continue
        if row in found:
            twice.add(row)
        cells = [_pointed(text, excerpt) for text in told[1:]]
        pointed = tuple(cell for cell in cells if cell is not None)
        if len(pointed) == len(cells):
            found[row] = pointed
    return {row: cells for row, cells in found.items() if row not in twice}


def _pointed(text: str, excerpt: Excerpt) -> Pointed | None:
    """What a pointer points at; None when it points at nothing."""
    if not text:
        return Pointed(Kind.BLANK)
    if text == _ABSENT:
        return Pointed(None)
    ranges = [_range(part, excerpt) for part in text.split("+")]
    whole = [part for part in ranges if part is not None]
    if len(whole) < len(ranges):
        return None
    if any(a[2] > b[1] for a, b in itertools.pairwise(whole)):
        return None
    first, last = whole[0], whole[-1]
    return Pointed(last[0].kind, first[3], first[1], last[2])


def _range(pointer: str, excerpt: Excerpt) -> tuple[Entry, int, int, int] | None:
    match = _POINTER.fullmatch(pointer)
    if match is None:
        return None
    candidate = excerpt.candidate(int(match[1]))
    if candidate is None:
        return None
    names = {letter(i): entry for i, entry in enumerate(candidate.entries[:MOST_SHOWN])}
    entry = names.get(match[2])
    if entry is None:
        return None
    if match[3] is None:
        return entry, entry.start, entry.end, candidate.mark
    first = int(match[3])
    last = int(match[4] or first)
    if not 1 <= first <= last <= entry.end - entry.start:
        return None
    return entry, entry.start + first - 1, entry.start + last, candidate.mark
