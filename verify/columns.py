"""In which order a printed table has its columns, told by its own headers.

The header of table 三 has two levels; flattened, its words come in the order 自然人, 法人或其他组织,
总计, 商业企业 …, while the figures of a row stand as the form has them, 总计 last. So the order of
the words is taken for another order of the columns only where they can be read in no other way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from verify.forms import Row, Table
from verify.headers import FEWEST, GROUPED, IN_HEADER, UPPER, hints_disagree
from verify.marks import Mark
from verify.stream import Kind, Segment
from verify.zones import Zone


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """How the figures of a row map to its columns.

    Attributes:
        by_width: For a set of columns the printed ones, in printed order; a set that is not there
            has the order of the form. A column that is not printed has no figures in any row.
    """

    by_width: dict[frozenset[str], tuple[str, ...]]

    def order(self, row: Row) -> tuple[int, ...]:
        """For each printed column of a row, in printed order, its index in the form."""
        if not self.by_width:
            return tuple(range(len(row.columns)))
        ids = [column.id for column in row.columns]
        printed = self.by_width.get(frozenset(ids))
        return tuple(ids.index(id) for id in printed) if printed else tuple(range(len(ids)))


_STANDARD = ColumnOrder({})
_APART = 2
_FEWEST_FULL = 3


def column_order(zone: Zone, table: Table) -> ColumnOrder | None:
    """The order of the columns of a zone, or None when its headers contradict each other."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for segment in zone.segments:
        headers = [mark.ids for mark in segment.headers if table.id in mark.tables]
        for group in table.groups if len(headers) >= FEWEST else ():
            if sum([not ids.isdisjoint(group) for ids in headers]) < FEWEST:
                continue
            ids = list(group)
            printed, grouped = _sequence(segment.marks, ids, table)
            if printed is None:
                continue
            if tuple(ids) == printed:
                if found.setdefault(frozenset(ids), printed) != printed:
                    return None
                continue
            if _is_uneven(segment, printed, table) or _is_upside_down(segment):
                return None  # 其他 twice: which of them heads its column is not told
            if grouped:  # both levels of the header, one after the other
                printed = grouped
            elif _is_levelled(printed, ids):
                return None  # both levels without the header of the group, or another order
            fewer = table.id == "requests" and len(printed) == len(ids) - 1
            if fewer and _usual_width(zone) == len(printed):
                if not _in_order([id for id in printed if id != "total"], ids):
                    return None
                found.setdefault(frozenset(ids), tuple(id for id in ids if id in printed))
                continue
            if tuple(ids) == printed:
                if found.setdefault(frozenset(ids), printed) != printed:
                    return None
                continue
            if len(printed) != len(ids):
                if _in_order(printed, ids):
                    continue
                return None
            if found.setdefault(frozenset(ids), printed) != printed:
                return None
        if hints_disagree(segment, table):
            return None
    other = {ids: order for ids, order in found.items() if order not in table.groups}
    return ColumnOrder(other) if other else _STANDARD


def _is_levelled(printed: Sequence[str], ids: Sequence[str]) -> bool:
    """Whether headers stand as two levels do, those of a group behind all others."""
    apart = [id for id in ids if id not in GROUPED]
    grouped = [id for id in ids if id in GROUPED]
    return bool(grouped) and list(printed) == [*apart, *grouped] != list(ids)


def _is_uneven(segment: Segment, printed: Sequence[str], table: Table) -> bool:
    """Whether one header of a row in another order is printed more often than its others."""
    times: Counter[str] = Counter()
    end = 0
    for mark in segment.marks:
        if mark.kind != "column" and mark.ids.isdisjoint(IN_HEADER):
            continue
        if mark.start - end > _APART:
            times.clear()  # a sentence that uses the header's words
        end = mark.end
        if mark.kind == "column" and table.id in mark.tables:
            times.update(id for id in mark.ids if id in printed)
    return len(set(times.values())) > 1


def _is_upside_down(segment: Segment) -> bool:
    """Whether the header of a group stands below, or behind, those of its columns."""
    upper = [mark.start for mark in segment.marks if UPPER in mark.ids]
    below = [
        mark.start for mark in segment.marks if mark.kind == "column" and "business" in mark.ids
    ]
    return bool(upper and below) and max(upper) > max(below)


def _sequence(
    marks: tuple[Mark, ...], ids: list[str], table: Table
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The last run of headers of these columns, if any, and with its group in the place of its header."""
    runs: list[list[str]] = [[]]
    grouped: list[int | None] = [None]
    end = 0

    def another() -> None:
        if runs[-1]:
            runs.append([])
            grouped.append(None)

    for mark in marks:
        if mark.start - end > _APART:
            another()  # words in between: a sentence that uses the header's words
        end = mark.end
        if mark.kind == "column" and table.id in mark.tables:
            names = [id for id in ids if id in mark.ids]
            if not names or names[0] in runs[-1]:
                another()
            runs[-1] += names[:1]
        elif UPPER in mark.ids:
            grouped[-1] = len(runs[-1])
        else:
            another()
    whole = [
        (tuple(run), () if group is None else _in_place(run, group))
        for run, group in zip(runs, grouped, strict=True)
        if len(run) >= FEWEST
    ]
    return whole[-1] if whole else (None, ())


def _in_place(run: list[str], at: int) -> tuple[str, ...]:
    """The headers of a run with those of the group where the group's own header stands."""
    before = [id for id in run[:at] if id not in GROUPED]
    after = [id for id in run[at:] if id not in GROUPED]
    return (*before, *(id for id in run if id in GROUPED), *after)


def rows_are_short(zone: Zone, table: Table) -> bool:
    """Whether most rows of a table of one width have one figure less than it has columns."""
    return len(table.widths) == 1 and _usual_width(zone) + 1 in table.widths


def grid_of(zone: Zone, width: int) -> tuple[int, int] | None:
    """Field of the first cell and fields of a line, where every full row agrees on both."""
    seen: set[tuple[int, int]] = set()
    full = 0
    short: list[tuple[int, int]] = []
    for segment in zone.segments:
        entries = segment.entries
        if 1 < len(entries) < width and entries[0].line == entries[-1].line:
            short.append((entries[0].field, entries[-1].field))
        if len(entries) != width or width < 3 or not entries[0].fielded:
            continue
        if entries[0].line == entries[-1].line:
            full += 1
            seen.add((entries[0].field, segment.lines.get(entries[0].line, 0)))
    if len(seen) != 1 or full < _FEWEST_FULL:
        return None
    grid = seen.pop()
    outside = sum(low < grid[0] or high >= grid[0] + width for low, high in short)
    return grid if 2 * outside <= len(short) else None  # else fields are no columns here


def _usual_width(zone: Zone) -> int:
    """How many figures most runs of the zone have."""
    figure = Kind.FIGURE
    widths = Counter(
        [
            len([entry for entry in segment.entries if entry.kind is figure])
            for segment in zone.segments
        ]
    )
    return widths.most_common(1)[0][0]


def _in_order(printed: Sequence[str], ids: list[str]) -> bool:
    places = [ids.index(id) for id in printed]
    return places == sorted(places)
