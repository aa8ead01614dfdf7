"""Align the runs of one zone to the rows of its table, in order, at the least cost.

Each run is cut into figure rows, and each figure row is given the labels that may be its own. A
dynamic program then assigns figure rows to rows of the form: a label that says another row forbids,
a label that is damaged, lost or unknown costs, and so does every row or run that is left out. Where
another assignment is almost as good the figure row is marked ambiguous, and its cells are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from verify.forms import Row, Table
from verify.labels import Mark, likeness, parse, squeeze
from verify.stream import Entry, Segment
from verify.zones import Zone, rows_in


@dataclass(slots=True)
class FigureRow:
    """Entries that make up one row of a table.

    Attributes:
        entries: In order.
        segment: Where they stand.
        own: Row ids that the label before them may name; empty when it is lost.
        exact: Whether that label is verbatim.
        unknown: Text in the label's place that names no row.
    """

    entries: list[Entry]
    segment: Segment
    own: frozenset[str] = frozenset()
    exact: bool = False
    unknown: str = ""


@dataclass(slots=True)
class Alignment:
    """Figure rows on the rows of a table.

    Attributes:
        rows: For each row of the table its figure row, or None.
        ambiguous: Rows whose figure row might as well be another's.
        blank: Rows whose label is printed without figures.
        left: Figure rows that belong to no row of the table.
        cost: Total cost; 0 when every row is labelled verbatim and in order.
    """

    rows: list[FigureRow | None]
    ambiguous: set[int] = field(default_factory=set)
    blank: set[int] = field(default_factory=set)
    left: list[FigureRow] = field(default_factory=list)
    cost: float = 0.0


_LOST = 1.0
_OTHER_WORDS = 2.5
_DAMAGED = 0.3
_WRONG_DAMAGED = 2.5
_MISSING = 1.0
_BLANK = 0.3
_STRAY_FIGURE = 1.0
_STRAY_ROW = 4.0
_STRAY_LOCAL = 1.5
_STRAY_LABELLED = 5.0
_MARGIN = 0.8
_MOST_ROWS = 400  # of no table of these forms; beyond it nothing is aligned
_SIMILAR = 0.3


def align(zone: Zone, table: Table, *, after: bool = False) -> Alignment:
    """Align a zone to a table.

    Args:
        zone: One printed copy of the table.
        table: The table, of the edition in question.
        after: Read labels as standing after their figures instead of before.
    """
    index = {row.id: i for i, row in enumerate(table.rows)}
    figure_rows, bare = _figure_rows(zone, table, index, after)
    quick = _in_plain_order(figure_rows, table)
    if quick is not None:
        return quick
    if len(figure_rows) > _MOST_ROWS:
        return Alignment([None] * len(table.rows), left=figure_rows, cost=inf)
    by_label = _by_label_alone(figure_rows, table, index)
    found = _program(figure_rows, table, bare)
    _doubt_before_gaps(found)
    if by_label is not None and by_label.cost < found.cost:
        return by_label
    return found


def _doubt_before_gaps(found: Alignment) -> None:
    """A label on a line of its own before a row that is lost without a trace.

    The figures after it may be its own, or the lost row's after its own were lost.
    """
    rows = found.rows
    last = max((i for i, row in enumerate(rows) if row is not None), default=-1)
    for i, row in enumerate(rows[:last]):
        gone = rows[i + 1] is None and i + 1 not in found.blank
        if row is not None and gone and not row.segment.label_on_line:
            found.ambiguous.update(
                k for k, other in enumerate(rows) if other and other.segment is row.segment
            )


def _labels(
    segment: Segment, table: Table, index: dict[str, int]
) -> list[tuple[frozenset[str], Mark]]:
    """The labels of rows of this edition in a text."""
    marks = rows_in(segment, table.id)
    return [(frozenset(ids), mark) for mark in marks if (ids := mark.ids & index.keys())]


def _figure_rows(
    zone: Zone, table: Table, index: dict[str, int], after: bool
) -> tuple[list[FigureRow], set[int]]:
    """The figure rows of a zone with their labels, and the rows that are labelled without one."""
    found: list[FigureRow] = []
    bare: set[int] = set()
    held: list[Entry] = []
    segments = zone.segments
    for at, segment in enumerate(segments):
        if after:
            follower = segments[at + 1] if at + 1 < len(segments) else zone.after
            labelled = follower
        else:
            labelled = segment
        labels = _labels(labelled, table, index) if labelled is not None else []
        entries = held + segment.entries
        held = []
        if (
            not labels and found and not after and labelled is not None
            and (not labelled.parsed.unknown or _is_furniture(labelled, entries, found[-1]))
        ):  # fmt: skip
            last = found[-1]
            width = _width(last.own, table, index)
            if len(last.entries) < width and len(last.entries) + len(entries) == width:
                last.entries = last.entries + entries  # a row broken by a page or a header
                continue
        pieces = _cut(
            entries,
            [_width(ids, table, index) for ids, _ in labels],
            table,
            on_line=segment.label_on_line,
        )
        owns: list[tuple[frozenset[str], Mark] | None]
        if len(pieces) > 1 and labels and not after and segment.label_on_line:
            owns = [labels[-1], *([None] * (len(pieces) - 1))]
        elif len(pieces) == len(labels):
            owns = list(labels)
        elif len(labels) == len(pieces) + 1 and len(pieces) > 1:
            owns = list(labels[1:])
        elif len(pieces) == 1:
            own = (labels[0] if after else labels[-1]) if labels else None
            owns = [own]
        elif len(labels) == 1:
            owns = [labels[0], *([None] * (len(pieces) - 1))]
        else:
            owns = [None] * len(pieces)
        taken = {id for own in owns if own is not None for id in own[0]}
        bare.update(
            index[id] for ids, _ in labels for id in ids if id not in taken and len(ids) == 1
        )
        unknown = _unknown(labelled, labels) if labelled is not None else ""
        if unknown and not after:
            follower = segments[at + 1] if at + 1 < len(segments) else zone.after
            around = _label_around(unknown, follower, table, index) or _last_words(
                segment, follower, table, index
            )
            if around is not None:
                owns[0], unknown = around, ""
        for i, (piece, own) in enumerate(zip(pieces, owns, strict=True)):
            if own is not None:
                found.append(FigureRow(piece, segment, own[0], own[1].likeness == 1))
            else:
                found.append(FigureRow(piece, segment, unknown=unknown if i == 0 else ""))
    if zone.after is not None and not after:
        rows = _labels(zone.after, table, index)
        bare.update(index[id] for ids, mark in rows for id in ids if len(ids) == 1)
    return found, bare


def _is_furniture(segment: Segment, entries: list[Entry], last: FigureRow) -> bool:
    """Whether a text that breaks a column of single figures is a running title or the like."""
    cells = [*last.entries, *entries]
    return (
        segment.parsed.unknown_length <= _FURNITURE
        and len({entry.line for entry in cells}) == len(cells)
        and any(mark.kind in ("title", "heading") for mark in segment.marks)
    )


_FURNITURE = 30


def _label_around(
    unknown: str, follower: Segment | None, table: Table, index: dict[str, int]
) -> tuple[frozenset[str], Mark] | None:
    """A label whose first part stands before its figures and whose rest stands after them."""
    if follower is None:
        return None
    for mark in parse(unknown + follower.tail[:_LABEL]).marks:
        ids = mark.ids & index.keys()
        split = mark.start < len(unknown) < mark.end
        if split and mark.kind == "row" and mark.likeness == 1 and table.id in mark.tables and ids:
            return frozenset(ids), mark
    return None


def _last_words(
    segment: Segment, follower: Segment | None, table: Table, index: dict[str, int]
) -> tuple[frozenset[str], Mark] | None:
    """The label told by the last word before the run, the rest of another label before it."""
    word = segment.words[-1]
    if len(word) < _SHORT and len(segment.words) > 1:
        word = segment.words[-2] + word
    around = _label_around(word, follower, table, index)
    if around is not None:
        return around
    for mark in reversed(parse(word).marks):
        ids = mark.ids & index.keys()
        if mark.kind == "row" and table.id in mark.tables and ids:
            return frozenset(ids), mark
    return None


_LABEL = 40
_SHORT = 2


def _unknown(segment: Segment, labels: Sequence[tuple[frozenset[str], Mark]]) -> str:
    if labels:
        return ""
    end = max((m.end for m in segment.marks), default=0)
    return "".join(text for start, text in segment.parsed.unknown if start >= end)[-60:]


def _width(ids: frozenset[str], table: Table, index: dict[str, int]) -> int:
    for id in ids:
        if id in index:
            return len(table.rows[index[id]].columns)
    return max(len(row.columns) for row in table.rows)


def _cut(
    entries: list[Entry], widths: list[int], table: Table, *, on_line: bool
) -> list[list[Entry]]:
    """Cut a run into figure rows by labels, counts and lines."""
    count = len(entries)
    if not entries:
        return []
    if len(widths) > 1 and sum(widths) == count:
        return _chunks(entries, widths)
    if len(widths) > 2 and sum(widths[1:]) == count and len(widths[1:]) > 1:
        return _chunks(entries, widths[1:])
    common = {len(row.columns) for row in table.rows}
    width = widths[-1] if widths else max(common)
    if count == width:
        return [entries]
    lines: list[list[Entry]] = []
    for entry in entries:
        if lines and lines[-1][-1].line == entry.line:
            lines[-1].append(entry)
        else:
            lines.append([entry])
    if on_line and len(lines) > 1 and len(lines[0]) == width:
        return _join_lines(lines, width)
    if len(lines) == 1 and count <= 2 * width:
        return [entries] if len(common) > 1 or count != 2 * width else _chunks(entries, [width] * 2)
    if len(lines) > 1 and any(len(line) in common and len(line) > 1 for line in lines):
        return _join_lines(lines, width)
    if len(common) == 1 and count > width and count % width == 0:
        return _chunks(entries, [width] * (count // width))
    return [entries]


def _join_lines(lines: list[list[Entry]], width: int) -> list[list[Entry]]:
    """Lines as rows; neighbours that make up one row between them are one."""
    found: list[list[Entry]] = []
    for line in lines:
        if (
            found
            and len(found[-1]) + len(line) == width
            and len(found[-1]) < width
            and len(line) > 1
        ):
            found[-1] = found[-1] + line
        else:
            found.append(line)
    return found


def _chunks(entries: list[Entry], widths: Sequence[int]) -> list[list[Entry]]:
    found, at = [], 0
    for width in widths:
        found.append(entries[at : at + width])
        at += width
    return found


def _in_plain_order(figure_rows: list[FigureRow], table: Table) -> Alignment | None:
    """The common case: every row is there once, labelled verbatim, in order."""
    if len(figure_rows) != len(table.rows):
        return None
    for figure_row, row in zip(figure_rows, table.rows, strict=True):
        if not figure_row.exact or row.id not in figure_row.own:
            return None
    return Alignment(list(figure_rows))


def _by_label_alone(
    figure_rows: list[FigureRow], table: Table, index: dict[str, int]
) -> Alignment | None:
    """Rows printed in another order: only when every figure row has a verbatim label of its own."""
    rows: list[FigureRow | None] = [None] * len(table.rows)
    for figure_row in figure_rows:
        if not figure_row.exact or len(figure_row.own) != 1:
            return None
        at = index[next(iter(figure_row.own))]
        if rows[at] is not None:
            return None
        rows[at] = figure_row
    if sum(row is not None for row in rows) < len(rows):
        return None
    return Alignment(rows, cost=2.0)


def _assign_cost(figure_row: FigureRow, row: Row, table: Table) -> float:
    if figure_row.exact:
        cost = 0.0 if row.id in figure_row.own else inf
    elif figure_row.own:
        cost = _DAMAGED if row.id in figure_row.own else _WRONG_DAMAGED
    else:
        cost = _LOST
        if len(figure_row.unknown) >= 2:
            if len(figure_row.unknown) == 2 and figure_row.unknown in squeeze(row.label):
                return cost
            alike = likeness(figure_row.unknown, table.id, row.id)
            cost += _OTHER_WORDS if alike < _SIMILAR else 0.0
    return cost + 0.2 * abs(len(figure_row.entries) - len(row.columns))


def _skip_cost(figure_row: FigureRow) -> float:
    if figure_row.own:
        return _STRAY_LABELLED if figure_row.exact else _STRAY_ROW
    if len(figure_row.entries) == 1:
        return _STRAY_FIGURE
    return _STRAY_LOCAL if len(figure_row.unknown) >= 2 else _STRAY_ROW


def _program(figure_rows: list[FigureRow], table: Table, bare: set[int]) -> Alignment:
    n, m = len(figure_rows), len(table.rows)
    skip_row = [_BLANK if r in bare else _MISSING for r in range(m)]
    skip_run = [_skip_cost(f) for f in figure_rows]
    assign = [[_assign_cost(f, row, table) for row in table.rows] for f in figure_rows]
    forward = [[inf] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = 0.0
    for i in range(n + 1):
        here = forward[i]
        for r in range(m + 1):
            if r and here[r - 1] + skip_row[r - 1] < here[r]:
                here[r] = here[r - 1] + skip_row[r - 1]
            if i < n:
                cost = here[r]
                below = forward[i + 1]
                below[r] = min(below[r], cost + skip_run[i])
                if r < m and cost + assign[i][r] < below[r + 1]:
                    below[r + 1] = cost + assign[i][r]
    backward = [[inf] * (m + 1) for _ in range(n + 1)]
    backward[n][m] = 0.0
    for i in range(n, -1, -1):
        here = backward[i]
        for r in range(m, -1, -1):
            if i < n:
                below = backward[i + 1]
                here[r] = min(here[r], below[r] + skip_run[i])
                if r < m:
                    here[r] = min(here[r], below[r + 1] + assign[i][r])
            if r < m:
                here[r] = min(here[r], here[r + 1] + skip_row[r])
    best = forward[n][m]
    alignment = Alignment([None] * m, cost=best)
    alignment.blank = set(bare)
    i = r = 0
    while i < n or r < m:
        here_cost = forward[i][r]
        if i < n and r < m and _same(here_cost + assign[i][r] + backward[i + 1][r + 1], best):
            alignment.rows[r] = figure_rows[i]
            alignment.blank.discard(r)
            if _rivals(i, r, forward, backward, assign, skip_run, best):
                alignment.ambiguous.add(r)
            i, r = i + 1, r + 1
        elif r < m and _same(here_cost + skip_row[r] + backward[i][r + 1], best):
            r += 1
        else:
            alignment.left.append(figure_rows[i])
            i += 1
    return alignment


def _same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


def _rivals(
    i: int, r: int, forward: list[list[float]], backward: list[list[float]],
    assign: list[list[float]], skip_run: list[float], best: float,
) -> bool:  # fmt: skip
    """Whether figure row ``i`` could go elsewhere at almost the same total cost."""
    limit = best + _MARGIN
    for other, cost in enumerate(assign[i]):
        if other != r and forward[i][other] + cost + backward[i + 1][other + 1] < limit:
            return True
    m = len(assign[i])
    return any(forward[i][k] + skip_run[i] + backward[i + 1][k] < limit for k in range(m + 1))
