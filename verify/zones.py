"""Where each table stands in the stream, copies of it told apart.

A segment belongs to the table whose words were last seen before its run: a row label, a column
header or a group label. Section headings do not count (they are printed before, after or in place
of one another), and neither do words that several tables share. A table that starts again is
another zone; parts of one table that prose or another table cuts are one (`verify.parts`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.forms import (
    DISCLOSURE,
    PROACTIVE_2019,
    PROACTIVE_2021,
    PROCEEDINGS,
    REQUESTS_2019,
    REQUESTS_2021,
    TableId,
)
from verify.marks import Mark
from verify.stream import Segment, Stream

_FAR = 60  # characters that nothing explains: the table has ended
_SHARED = DISCLOSURE.shared_rows
_ROWS: dict[TableId, dict[str, int]] = {
    "proactive": {
        **{row.id: i for i, row in enumerate(PROACTIVE_2021.rows)},
        **{row.id: i for i, row in enumerate(PROACTIVE_2019.rows)},
    },
    "requests": {
        **{row.id: i for i, row in enumerate(REQUESTS_2019.rows)},  # where （六）is one row
        **{row.id: i for i, row in enumerate(REQUESTS_2021.rows)},
    },
    "proceedings": {row.id: i for i, row in enumerate(PROCEEDINGS.rows)},
}


@dataclass
class Zone:
    """One printed copy of a table.

    Attributes:
        table: Which table.
        segments: Those whose runs belong to it, in order.
        after: The text that follows its last run, if any.
        matched: What `verify.match` finds in it, by table, once asked.
    """

    table: TableId
    segments: list[Segment] = field(default_factory=list)
    after: Segment | None = None
    matched: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)


def rows_in(segment: Segment, table: TableId) -> tuple[Mark, ...]:
    """The row labels of ``table`` in the text of a segment, in order.

    A label that column headers follow is the end of what stood before, not the label of this run.
    """
    rows = segment.labels.get(table)
    if rows is None:
        rows = segment.labels[table] = tuple(_rows_in(segment, table))
    return rows


def _rows_in(segment: Segment, table: TableId) -> list[Mark]:
    rows: list[Mark] = []
    columns = 0
    for mark in segment.marks:
        if table not in mark.tables:
            continue
        if mark.kind == "row":
            rows.append(mark)
            columns = 0
        elif mark.kind == "column":
            columns += 1
            if columns >= _HEADER and table != "proceedings":
                rows = []
    return rows


def tells_row(row: str, segment: Segment) -> bool:
    """Whether a text tells the single row （六）from the third of its three rows.

    其他 alone stands for either; （六）其他, 其他处理 and 3.其他 do not. Every other row is told by
    its label or by the rows around it.
    """
    return row != "other" or any(mark.ids == {"other"} for mark in segment.marks)


_HEADER = 2


def _context(segment: Segment, context: TableId | None) -> TableId | None:
    end = 0
    for mark in segment.marks:
        if mark.kind in ("end", "heading"):
            context = None  # what a section says of a table ends with the section
            end = mark.end
        elif mark.kind in ("row", "column", "word"):
            end = mark.end
            if len(mark.tables) == 1 and not (mark.ids & _SHARED):
                (context,) = mark.tables
    if segment.marks and _heads_bare(segment):
        context, end = "proceedings", segment.marks[-1].end
    unexplained = sum(len(text) for start, text in segment.parsed.unknown if start >= end)
    return None if unexplained > _FAR else context


def _heads_bare(segment: Segment) -> bool:
    """Whether the heading of table 四 stands before a full run, its own headers lost."""
    heading = next((m for m in reversed(segment.marks) if m.kind == "heading"), None)
    if heading is None or "proceedings" not in heading.tables:
        return False
    further = [m for m in segment.marks if m.start > heading.start]
    if any(m.kind in ("end", "title") for m in further):
        return False  # section 五 has begun
    if any(m.kind in ("row", "word") and "proceedings" not in m.tables for m in further):
        return False
    if any(
        start >= heading.end and segment.tail[start] in _SECTIONS
        for start, _ in segment.parsed.unknown
    ):
        return False
    count = figures_in(segment)
    return count in (_FULL, _FULL + 1) or (
        count >= _PART and count < _FULL and len(segment.tail) - heading.end <= _NEAR
    )


def figures_in(segment: Segment) -> int:
    """How many cells the run of a segment can fill; glued digits count one by one."""
    only = segment.entries[0].text if len(segment.entries) == 1 else ""
    return len(only) if only.isdigit() and len(only) >= _FULL else len(segment.entries)


_SECTIONS = "五六七八九十"
_PART = 5
_NEAR = 4
_FULL = 15  # cells of table 四


def find_zones(stream: Stream, bounds: Sequence[int]) -> list[Zone]:
    """Every stretch of every table, in order of the source, sentences that sound like one too.

    Args:
        stream: The source.
        bounds: Folded offsets, ascending, at which another report may begin; no stretch holds one.
    """
    passed = 0
    zones: list[Zone] = []
    context: TableId | None = None
    current: Zone | None = None
    seen: set[str] = set()
    for segment in stream.segments:
        context = _context(segment, context)
        if current is not None and current.after is None and segment is not current.segments[-1]:
            current.after = segment
        start = segment.entries[0].start if segment.entries else 0
        if passed < len(bounds) and bounds[passed] <= start:
            passed = bisect_right(bounds, start)
            current = None
        if not segment.entries or context is None:
            if context is None:
                current = None
            continue
        rows = [m for m in rows_in(segment, context) if m.likeness == 1]
        own = next(iter(rows[-1].ids)) if rows and len(rows[-1].ids) == 1 else None
        if current is None or current.table != context or _restarts(segment, current, own, seen):
            anew = any(m.kind in ("end", "title") for m in segment.marks)
            earlier = None if anew else _continued(zones, context, own)
            if current is not None and earlier is not None and current is not earlier:
                current = earlier
            else:
                current = Zone(context)
                zones.append(current)
                seen = set()
        current.segments.append(segment)
        current.after = None
        if own:
            seen.add(own)
    return zones


def place_of(table: TableId, row: str) -> int:
    """The place of a row in the longest edition of its table; 0 for a row of no edition."""
    return _ROWS[table].get(row, 0)


def _restarts(segment: Segment, zone: Zone, own: str | None, seen: set[str]) -> bool:
    """Whether a segment begins another copy of the table of ``zone``."""
    table = zone.table
    if table == "proceedings":
        return sum(figures_in(s) for s in zone.segments) >= _FULL
    if own is None or own not in seen:
        return False
    columns = sum(1 for m in segment.marks if m.kind == "column" and table in m.tables)
    return _ROWS[table][own] <= 1 or columns >= 2


def _continued(zones: list[Zone], table: TableId, own: str | None) -> Zone | None:
    """The earlier zone that this segment goes on with, after words of another table broke in."""
    if own is None or _ROWS[table][own] == 0 or table == "proceedings":
        return None
    for zone in reversed(zones):
        if zone.table == table:
            last = [m for s in zone.segments for m in rows_in(s, table) if len(m.ids) == 1]
            places = [_ROWS[table].get(next(iter(m.ids)), 0) for m in last]
            return zone if places and max(places) < _ROWS[table][own] else None
    return None


def is_credible(zone: Zone) -> bool:
    """Whether this is a printed table and not a sentence that uses its words."""
    table = zone.table
    labelled = 0
    columns: set[str] = set()
    for segment in zone.segments:
        marks = [m for m in segment.marks if table in m.tables]
        columns.update(id for m in marks if m.kind == "column" for id in m.ids)
        if any(m.kind == "row" and m.likeness == 1 for m in marks):
            labelled += 1
    figures = sum(figures_in(segment) for segment in zone.segments)
    if table == "requests":
        return labelled >= 3 or (len(columns) >= 4 and figures >= 7)
    if table == "proceedings":
        headed = any(m.kind == "heading" and table in m.tables for m in zone.segments[0].marks)
        bare = headed and figures >= _FULL
        return bare or (len(columns) >= 3 and figures >= 1) or (labelled >= 2 and figures >= 5)
    return labelled >= 2 or (labelled >= 1 and len(columns) >= 1)
