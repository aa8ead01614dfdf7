"""Headers that are not verbatim: whether what is left of them stands in another order of the columns."""

from __future__ import annotations

import itertools
from functools import lru_cache

from verify.forms import APPLICANTS, DISCLOSURE, Row, Table
from verify.labels import squeeze
from verify.stream import Segment

FEWEST = 2  # headers of one group in a row, to say an order
UPPER = "法人或其他组织"  # the header over a group of columns in table 三
GROUPED = frozenset(column.id for column in APPLICANTS[1:-1])  # the columns under it
IN_HEADER = frozenset({UPPER, *DISCLOSURE.shared_rows})  # words that rows have as well
_LATE = DISCLOSURE.shared_columns  # their words stand anywhere in a header of two levels
_HEADER = 40  # most characters of a header without a verbatim word


def hints_disagree(segment: Segment, table: Table) -> bool:
    """Whether damaged or reworded headers, by the characters left of them, stand in another order.

    Asked only where some headers of the row below are not verbatim. A stretch that is no header of
    the form between two that follow one another in it is another order as well.
    """
    headed = any(mark.kind == "column" or UPPER in mark.ids for mark in segment.marks)
    if table.id == "requests" and not headed:
        return False
    at, row = _row_below(segment, table)
    if row is None or len(row.columns) < FEWEST:
        return False
    begin = max(
        (
            m.end
            for m in segment.marks
            if m.end <= at
            and m.kind != "column"
            and m.ids.isdisjoint(IN_HEADER)
            and (m.likeness == 1 or table.id in m.tables)
        ),
        default=0,
    )
    columns = {c.id: i for i, c in enumerate(row.columns) if c.id not in _LATE}
    places: dict[int, int] = {}
    taken: set[int] = set()
    for mark in segment.marks:
        if begin <= mark.start < at:
            taken.update(range(mark.start, mark.end))
            places.update({columns[id]: mark.start for id in mark.ids if id in columns})
            if UPPER in mark.ids and 0 in columns.values() and 0 not in places:
                return table.id == "requests" and _persons_last(segment)
    if len(places) == len(columns):
        return False
    if len(places) < FEWEST and (table.id == "requests" or at - begin > _HEADER):
        return False  # no header: prose, or the row before
    for i, stem in _stems(row).items():
        if i in places or i not in columns.values():
            continue
        hints = [p for p in range(begin, at) if p not in taken and segment.tail[p] in stem]
        if hints:
            places[i] = _longest(hints)
    if sorted(places, key=lambda i: places[i]) != sorted(places):
        return True
    strange = [p for p, _ in segment.parsed.unknown if begin <= p < at and p not in places.values()]
    if table.id == "proactive":
        odd = [
            m.start
            for m in segment.marks
            if begin <= m.start < at and m.likeness < 1 and table.id not in m.tables
        ]
        odd += [p for p, text in segment.parsed.unknown if p in strange and text.endswith("数")]
        lost = [i for i in columns.values() if i not in places]
        return bool(lost) and any(not any(_fits(places, i, p) for i in lost) for p in odd)
    return table.id == "requests" and any(
        low < p < high
        for p in strange
        for (i, low), (j, high) in itertools.pairwise(sorted(places.items()))
        if j == i + 1
    )


def _persons_last(segment: Segment) -> bool:
    """Whether 自然人 follows 法人或其他组织 on a line, or where every cell has its own.

    Elsewhere a page prints the word in the higher of two rows of cells first.
    """
    if any(UPPER in line and "自然人" in line[line.index(UPPER) :] for line in segment.words):
        return True
    words = "".join(segment.words)
    swapped = "自然人" in words[words.rfind(UPPER) :]
    return (
        swapped and len(segment.entries) > 1 and segment.entries[0].line != segment.entries[1].line
    )


def _fits(places: dict[int, int], column: int, place: int) -> bool:
    """Whether a header that is not found may stand here, by those found before and after."""
    return all((at < place) == (i < column) for i, at in places.items())


def _longest(places: list[int]) -> int:
    """Where the longest run of neighbouring places begins."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] + 1 == place:
            runs[-1].append(place)
        else:
            runs.append([place])
    return max(runs, key=len)[0]


def _row_below(segment: Segment, table: Table) -> tuple[int, Row | None]:
    """Where the label of the run begins, and its row."""
    for mark in reversed(segment.marks):
        if mark.kind == "row" and table.id in mark.tables:
            row = next((row for row in table.rows if row.id in mark.ids), None)
            return mark.start, row
    return len(segment.tail), None


@lru_cache(maxsize=64)
def _stems(row: Row) -> dict[int, frozenset[str]]:
    """For each column the characters of its label that no other column of the row has."""
    labels = [frozenset(squeeze("".join((c.label, *c.variants)))) for c in row.columns]
    return {
        i: own.difference(*(other for j, other in enumerate(labels) if j != i))
        for i, own in enumerate(labels)
    }
