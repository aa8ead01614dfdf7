"""In which order a printed table has its columns, told by its own headers.

The header of table 三 has two levels; flattened, its words come in the order 自然人, 法人或其他组织,
总计, 商业企业 …, while the figures of a row stand as the form has them, 总计 last. So the order of
the words is taken for another order of the columns only where they can be read in no other way.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from verify.forms import Row, Table
from verify.labels import Mark, squeeze
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
_FEWEST = 2  # headers of one group in a row, to say an order


def column_order(zone: Zone, table: Table) -> ColumnOrder | None:
    """The order of the columns of a zone, or None when its headers contradict each other."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for segment in zone.segments:
        headers = [mark.ids for mark in segment.headers if table.id in mark.tables]
        for group in table.groups if len(headers) >= _FEWEST else ():
            if sum([not ids.isdisjoint(group) for ids in headers]) < _FEWEST:
                continue
            ids = list(group)
            printed, grouped = _sequence(segment.marks, ids, table)
            if printed is None:
                continue
            if tuple(ids) == printed:
                if found.setdefault(frozenset(ids), printed) != printed:
                    return None
                continue
            if _is_uneven(segment, printed, table):
                return None  # 其他 twice: which of them heads its column is not told
            if _is_upside_down(segment):
                return None
            if grouped and "total" in printed:  # the flattened upper level has it too early
                printed = (*(id for id in printed if id != "total"), "total")
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
        if _hints_disagree(segment, table):
            return None
    other = {ids: order for ids, order in found.items() if order not in table.groups}
    return ColumnOrder(other) if other else _STANDARD


def _hints_disagree(segment: Segment, table: Table) -> bool:
    """Whether damaged or reworded headers, by the characters left of them, stand in another order.

    Asked only where some headers of the row below are not verbatim. A stretch that is no header of
    the form between two that follow one another in it is another order as well.
    """
    headed = any(mark.kind == "column" or _UPPER in mark.ids for mark in segment.marks)
    if table.id == "requests" and not headed:
        return False
    at, row = _row_below(segment, table)
    if row is None or len(row.columns) < _FEWEST:
        return False
    begin = max((m.end for m in segment.marks if m.end <= at and m.kind != "column"
                 and m.ids.isdisjoint(_IN_HEADER)
                 and (m.likeness == 1 or table.id in m.tables)), default=0)  # fmt: skip
    columns = {c.id: i for i, c in enumerate(row.columns) if c.id not in _LATE}
    places: dict[int, int] = {}
    taken: set[int] = set()
    for mark in segment.marks:
        if begin <= mark.start < at:
            taken.update(range(mark.start, mark.end))
            places.update({columns[id]: mark.start for id in mark.ids if id in columns})
            if _UPPER in mark.ids and 0 in columns.values() and 0 not in places:
                return table.id == "requests" and _persons_last(segment)
    if len(places) == len(columns):
        return False
    if len(places) < _FEWEST and (table.id == "requests" or at - begin > _HEADER):
        return False  # no header: prose, or the row before
    for i, stem in _stems(row).items():
        if i in places or i not in columns.values():
            continue
        hints = [p for p in range(begin, at) if p not in taken and segment.tail[p] in stem]
        if hints:
            places[i] = _longest(hints)
    if sorted(places, key=lambda i: places[i]) != sorted(places):
        return True
    strange = [p for p, _ in segment.parsed.unknown
               if begin <= p < at and p not in places.values()]  # fmt: skip
    if table.id == "proactive":
        odd = [m.start for m in segment.marks
               if begin <= m.start < at and m.likeness < 1 and table.id not in m.tables]  # fmt: skip
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
    if any(_UPPER in line and "自然人" in line[line.index(_UPPER) :] for line in segment.words):
        return True
    words = "".join(segment.words)
    swapped = "自然人" in words[words.rfind(_UPPER) :]
    return (
        swapped and len(segment.entries) > 1 and segment.entries[0].line != segment.entries[1].line
    )


def _is_uneven(segment: Segment, printed: Sequence[str], table: Table) -> bool:
    """Whether one header of a row in another order is printed more often than its others."""
    times: Counter[str] = Counter()
    end = 0
    for mark in segment.marks:
        if mark.kind != "column" and mark.ids.isdisjoint(_IN_HEADER):
            continue
        if mark.start - end > _APART:
            times.clear()  # a sentence that uses the header's words
        end = mark.end
        if mark.kind == "column" and table.id in mark.tables:
            times.update(id for id in mark.ids if id in printed)
    return len(set(times.values())) > 1


def _is_upside_down(segment: Segment) -> bool:
    """Whether the header of a group stands below, or behind, those of its columns."""
    upper = [mark.start for mark in segment.marks if _UPPER in mark.ids]
    below = [
        mark.start for mark in segment.marks if mark.kind == "column" and "business" in mark.ids
    ]
    return bool(upper and below) and max(upper) > max(below)


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


_HEADER = 40
_UPPER = "法人或其他组织"
_IN_HEADER = frozenset({_UPPER, "results_total", "other", "other_other"})
_LATE = frozenset({"total", "other_org"})


def _sequence(
    marks: tuple[Mark, ...], ids: list[str], table: Table
) -> tuple[tuple[str, ...] | None, bool]:
    """The last run of headers of these columns, if any, and whether a group's header is in it."""
    runs: list[list[str]] = [[]]
    grouped = [False]
    end = 0

    def another() -> None:
        if runs[-1]:
            runs.append([])
            grouped.append(False)

    for mark in marks:
        if mark.start - end > _APART:
            another()  # words in between: a sentence that uses the header's words
        end = mark.end
        if mark.kind == "column" and table.id in mark.tables:
            names = [id for id in ids if id in mark.ids]
            if not names or names[0] in runs[-1]:
                another()
            runs[-1] += names[:1]
        elif "法人或其他组织" in mark.ids:
            grouped[-1] = True
        else:
            another()
    whole = [(tuple(run), group) for run, group in zip(runs, grouped, strict=True)
             if len(run) >= _FEWEST]  # fmt: skip
    return whole[-1] if whole else (None, False)


def rows_are_short(zone: Zone, table: Table) -> bool:
    """Whether most rows of a table of one width have one figure less than it has columns."""
    return len(table.widths) == 1 and _usual_width(zone) + 1 in table.widths


def grid_of(zone: Zone, width: int) -> tuple[int, int] | None:
    """Field of the first cell and fields of a line, where every full row agrees on both."""
    seen: set[tuple[int, int]] = set()
    full = 0
    for segment in zone.segments:
        entries = segment.entries
        if len(entries) != width or width < 3 or not entries[0].fielded:
            continue
        if entries[0].line == entries[-1].line:
            full += 1
            seen.add((entries[0].field, segment.lines.get(entries[0].line, 0)))
    return seen.pop() if len(seen) == 1 and full >= 3 else None


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
