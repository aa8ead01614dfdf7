"""Parts of one printed table that prose or another table cuts are one zone; copies stay copies.

Two stretches are parts of one table when no row is labelled in both, nothing between them begins
another report or the table again, and the second goes on where the first ends, or every row of both
has its own label verbatim. A stretch too short to be a table by itself is a part only where every run
is a full row under its own label, so that no sentence is taken for one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from verify.forms import TableId
from verify.labels import begins_anew
from verify.stream import Segment
from verify.zones import Zone, is_credible, place_of, rows_in

_WIDTH = 7  # columns of table 三


def join_parts(zones: list[Zone], segments: Sequence[Segment], bounds: Sequence[int]) -> list[Zone]:
    """Join the parts of each table.

    Args:
        zones: Every stretch, in order of the source.
        segments: The stream.
        bounds: Folded offsets, ascending, at which a report may begin.

    Returns:
        Zones in order of their first run.
    """
    joined: list[Zone] = []
    last: dict[TableId, Zone] = {}
    for zone in zones:
        before = last.get(zone.table)
        if before is not None and _goes_on(before, zone, segments, bounds):
            before.segments += zone.segments
            before.after = zone.after
            continue
        joined.append(zone)
        if is_credible(zone) or _is_part(zone):
            last[zone.table] = zone
    return joined


def _goes_on(before: Zone, zone: Zone, segments: Sequence[Segment], bounds: Sequence[int]) -> bool:
    """Whether ``zone`` is a further part of the table that ``before`` begins."""
    if zone.table == "proceedings":
        return False  # fifteen cells: its parts have no labels that tell them from a copy
    if not (is_credible(zone) or _is_part(zone)):
        return False
    seen, further = _labelled(before), _labelled(zone)
    if not seen or not further or seen & further:
        return False
    start, end = before.segments[-1].entries[-1].end, zone.segments[0].entries[0].start
    if bisect_right(bounds, start) != bisect_right(bounds, end):
        return False
    between = segments[before.segments[-1].index + 1 : zone.segments[0].index + 1]
    if any(begins_anew("".join(segment.words), zone.table) for segment in between):
        return False
    table = zone.table
    in_order = max(place_of(table, r) for r in seen) < min(place_of(table, r) for r in further)
    return in_order or (_is_part(before) and _is_part(zone))


def _labelled(zone: Zone) -> set[str]:
    """The rows whose label is printed verbatim over a run of the zone."""
    return {
        id
        for segment in zone.segments
        for mark in rows_in(segment, zone.table)
        if mark.likeness == 1
        for id in mark.ids
    }


def _is_part(zone: Zone) -> bool:
    """Whether every run is a full row of table 三 under its own verbatim label."""
    if zone.table != "requests":
        return False
    for segment in zone.segments:
        marks = rows_in(segment, zone.table)
        if not marks or marks[-1].likeness < 1 or len(segment.entries) != _WIDTH:
            return False
    return True
