"""Arrange the runs of table 四: fifteen figures in one row, in three rows, or one a label."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from verify.forms import PROCEEDINGS, Table
from verify.labels import spelled
from verify.marks import Mark
from verify.match.names import named, phrases_of
from verify.strange import is_whole_around
from verify.stream import Entry, Segment
from verify.zones import Zone

Arranged = list[tuple[tuple[str, ...], Sequence[Entry]]]


def arrange(zone: Zone, table: Table) -> Arranged | None:
    """Which entries belong to which cells of table 四.

    Returns:
        Groups of cells with the entries that fill them, in order; a group may have more or fewer
        entries than cells. None when the layout contradicts itself.
    """
    rows = [table.cells(row) for row in table.rows]
    everything = tuple(name for cells in rows for name in cells)
    columns = [column.id for column in table.rows[0].columns]
    segments = [s for s in zone.segments if s.entries]
    counts = [len(s.entries) for s in segments]
    if not _rows_ascend(segments, table) or (len(segments) == 1 and _is_named(segments[0])):
        return None
    if len(segments) == 1:
        return (
            [(everything, segments[0].entries)] if _header_in_order(segments[0], columns) else None
        )
    followers = [*segments[1:], zone.after]
    labelled = [
        _row_of(s, table) if (cut := _cut_row(s, after, table)) is None else cut
        for s, after in zip(segments, followers, strict=True)
    ]
    # A row under words that name none is perhaps the sum of two.
    reworded = any(row is None and s.words for row, s in zip(labelled, segments, strict=True))
    three = len(segments) == len(rows) and max(counts) <= len(columns) + 1
    if three and _ascend(labelled) and not reworded:
        if not all(_header_in_order(s, columns) for s in segments):
            return None
        return [(rows[i], s.entries) for i, s in enumerate(segments)]
    named = [_column_of(s, columns) for s in segments]
    if len(segments) == len(everything) and named == columns * len(rows):
        return [
            (
                cells,
                [e for s in segments[i * len(columns) : (i + 1) * len(columns)] for e in s.entries],
            )
            for i, cells in enumerate(rows)
        ]
    if len(segments) == 5 and named == columns and all(count == 3 for count in counts):
        return [(tuple(cells[i] for cells in rows), s.entries) for i, s in enumerate(segments)]
    parted = sum(counts) == len(everything) and all(c % len(columns) == 0 for c in counts)
    lost: list[int | None] = [None] * len(segments)
    if parted and labelled in ([0, 1, 2], lost, [2, *lost[1:]]):
        return [(everything, [e for s in segments for e in s.entries])]
    return None


def _ascend(labelled: list[int | None]) -> bool:
    """Three runs for three rows: at most one label is lost, the others stand in order."""
    named = [row for row in labelled if row is not None]
    return len(named) >= len(labelled) - 1 and all(
        row is None or row == i for i, row in enumerate(labelled)
    )


def _row_of(segment: Segment, table: Table) -> int | None:
    index = table.places
    rows = [
        index[id]
        for m in segment.marks
        if m.kind == "row" and table.id in m.tables
        for id in m.ids
        if id in index
    ]
    return rows[-1] if rows else None


def _cut_row(segment: Segment, follower: Segment | None, table: Table) -> int | None:
    """The row whose label begins before its figures and ends behind them, and is whole with both."""
    for at, row in enumerate(table.rows if segment.words else ()):
        if is_whole_around(segment, segment.words[-1], follower, table, row):
            return at
    return None


def _column_of(segment: Segment, columns: list[str]) -> str | None:
    for mark in reversed(segment.marks):
        if mark.kind in ("column", "row"):
            for id in columns:
                if id in mark.ids or (id == "total" and "results_total" in mark.ids):
                    return id
            return None
    return None


def _header_in_order(segment: Segment, columns: list[str]) -> bool:
    """Whether the headers, as far as printed, run in the order of the form, group after group."""
    marked = [
        columns.index(id)
        for mark in segment.marks
        if mark.kind == "column" and "proceedings" in mark.tables
        for id in mark.ids
        if id in columns
    ]
    phrases = phrases_of(PROCEEDINGS.rows[0].columns)
    names = [named(spelled(word), phrases, alike=True) for word in segment.words]
    return all(
        sum(1 for a, b in itertools.pairwise(places) if b <= a)
        < max(Counter(places).values(), default=1)
        for places in (marked, [columns.index(id) for id in names if id])
    )


def _is_named(segment: Segment) -> bool:
    """Whether words after the headers say whose the row is: a year, an agency."""
    end = max((m.end for m in segment.marks), default=0)
    headed = any(m.kind == "column" for m in segment.marks)
    words = "".join(text for start, text in segment.parsed.unknown if start >= end)
    return headed and _PLAIN.fullmatch(words) is None


_PLAIN = re.compile("(?:[件数量总计情况]|数据|统计|办理|办件|本年度?|全年)*")


def _rows_ascend(segments: Sequence[Segment], table: Table) -> bool:
    """Whether the labels of the rows, where last printed before their figures, stand in order."""
    last: dict[str, tuple[int, int]] = {}
    for at, segment in enumerate(segments):
        before: Mark | None = None
        swapped = False
        for mark in segment.marks:
            if mark.kind == "row" and table.id in mark.tables:
                last.update(dict.fromkeys(mark.ids & table.places.keys(), (at, mark.start)))
                if "reconsideration" in mark.ids:  # a sentence above may name both as well
                    touches = before is not None and before.end == mark.start
                    swapped = before is not None and touches and "行政诉讼" in before.ids
            if "行政诉讼" in mark.ids:
                swapped = False
            before = mark
        if swapped:
            return False  # the upper level of the header, the other way round
    places = [last[row.id] for row in table.rows if row.id in last]
    return places == sorted(places)
