"""Align the runs of one zone to the rows of its table, in order, at the least cost.

Runs are cut into figure rows, each with the labels that may be its own (`figure_rows`). A dynamic
program then assigns figure rows to rows of the form: a label that says another row forbids,
a label that is damaged, lost or unknown costs, and so does every row or run that is left out. Where
another assignment is almost as good the figure row is marked ambiguous, and its cells are not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from extractor.readers.figure_rows import FigureRow, cut_zone
from verify.forms import Table
from verify.labels import likeness, squeeze
from verify.zones import Zone


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
_MOVED = 2.0  # rows in another order than the form's
_MOST_ROWS = 400  # of no table of these forms; beyond it nothing is aligned
_SIMILAR = 0.3
_UNKNOWN = -1  # place of a figure row whose label is not verbatim
_WIDTH = 0.2  # for each figure too many or too few


def plainly(zone: Zone, table: Table) -> Alignment | None:
    """The alignment that costs nothing: every row is there once, labelled verbatim, in order.

    Args:
        zone: One printed copy of the table.
        table: The table, of the edition in question.
    """
    figure_rows, _ = cut_zone(zone, table, table.places, after=False)
    return _in_plain_order(figure_rows, table)


def align(zone: Zone, table: Table, *, after: bool = False) -> Alignment:
    """Align a zone to a table.

    Args:
        zone: One printed copy of the table.
        table: The table, of the edition in question.
        after: Read labels as standing after their figures instead of before.
    """
    index = table.places
    figure_rows, bare = cut_zone(zone, table, index, after=after)
    quick = _in_plain_order(figure_rows, table)
    if quick is not None:
        return quick
    if len(figure_rows) > _MOST_ROWS:
        return Alignment([None] * len(table.rows), left=figure_rows, cost=inf)
    found = _program(figure_rows, table, bare)
    _doubt_before_gaps(found)
    in_order = _in_order_of_form(figure_rows, index)
    if in_order is not None:
        moved = _program(in_order, table, bare)
        _doubt_before_gaps(moved)
        if moved.cost + _MOVED < found.cost:
            return moved
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


def _in_plain_order(figure_rows: list[FigureRow], table: Table) -> Alignment | None:
    """The common case; nothing else costs 0."""
    if len(figure_rows) != len(table.rows):
        return None
    for figure_row, row in zip(figure_rows, table.rows, strict=True):
        if not figure_row.exact or row.id not in figure_row.own:
            return None
    return Alignment(list(figure_rows))


def _in_order_of_form(
    figure_rows: list[FigureRow], index: dict[str, int]
) -> list[FigureRow] | None:
    """Rows that are printed in another order, put where their verbatim labels stand in the form.

    Returns:
        None when nothing is out of order, when a label is printed twice, or when rows without a
        verbatim label leave it open between which of them a row belongs.
    """
    at = [
        index[next(iter(row.own))] if row.exact and len(row.own) == 1 else _UNKNOWN
        for row in figure_rows
    ]
    places = [place for place in at if place != _UNKNOWN]
    if len(set(places)) < len(places) or places == sorted(places):
        return None
    kept = _longest_rising(at)
    pairs = list(zip(at, figure_rows, strict=True))
    found = [pair for i, pair in enumerate(pairs) if pair[0] == _UNKNOWN or i in kept]
    for i, (place, row) in enumerate(pairs):
        if place == _UNKNOWN or i in kept:
            continue
        order = [other for other, _ in found]
        before = max((k for k, other in enumerate(order) if _UNKNOWN < other < place), default=-1)
        after = next((k for k, other in enumerate(order) if other > place), len(order))
        if after != before + 1:
            return None
        found.insert(after, (place, row))
    return [row for _, row in found]


def _longest_rising(places: list[int]) -> set[int]:
    """Which of the places make up the longest rising row of them, by their indices; none unknown."""
    best: list[list[int]] = []  # the longest that ends with each place
    for i, place in enumerate(places):
        rising = [best[k] for k in reversed(range(i)) if _UNKNOWN < places[k] < place]
        before: list[int] = max(rising, key=len, default=[])
        best.append([*before, i] if place != _UNKNOWN else [])
    longest: list[int] = max(best, key=len, default=[])
    return set(longest)


def _assign_costs(figure_row: FigureRow, table: Table) -> dict[int, float]:
    """For each row of the table that a figure row may be, by its place, what it costs.

    A verbatim label forbids every other row, so that most figure rows may be one row only.
    """
    own, count = figure_row.own, len(figure_row.entries)
    found: dict[int, float] = {}
    for r, row in enumerate(table.rows):
        if figure_row.exact:
            if row.id not in own:
                continue
            cost = 0.0
        elif own:
            cost = _DAMAGED if row.id in own else _WRONG_DAMAGED
        else:
            cost = _LOST
            if len(figure_row.unknown) >= 2:
                if len(figure_row.unknown) == 2 and figure_row.unknown in squeeze(row.label):
                    found[r] = cost
                    continue
                alike = likeness(figure_row.unknown, table.id, row.id)
                cost += _OTHER_WORDS if alike < _SIMILAR else 0.0
        found[r] = cost + _WIDTH * abs(count - len(row.columns))
    return found


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
    assign = [_assign_costs(f, table) for f in figure_rows]
    forward = _forward(skip_row, skip_run, assign)
    backward = _backward(skip_row, skip_run, assign)
    best = forward[n][m]
    alignment = Alignment([None] * m, cost=best)
    alignment.blank = set(bare)
    i = r = 0
    while i < n or r < m:
        here_cost = forward[i][r]
        own = assign[i].get(r) if i < n else None
        if own is not None and _same(here_cost + own + backward[i + 1][r + 1], best):
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


def _forward(
    skip_row: list[float], skip_run: list[float], assign: list[dict[int, float]]
) -> list[list[float]]:
    """The least cost of the first ``i`` figure rows and the first ``r`` rows of the table."""
    here = [0.0] + [inf] * len(skip_row)
    found = [here]
    for i in range(len(skip_run) + 1):
        cost = here[0]
        for r, skip in enumerate(skip_row, 1):
            cost += skip
            if cost < here[r]:
                here[r] = cost
            else:
                cost = here[r]
        if i == len(skip_run):
            break
        stray = skip_run[i]
        below = [cost + stray for cost in here]
        for r, own in assign[i].items():
            below[r + 1] = min(below[r + 1], here[r] + own)
        here = below
        found.append(here)
    return found


def _backward(
    skip_row: list[float], skip_run: list[float], assign: list[dict[int, float]]
) -> list[list[float]]:
    """The least cost of all figure rows from ``i`` and all rows of the table from ``r``."""
    last = len(skip_row) - 1
    turned = [{last - r: cost for r, cost in own.items()} for own in reversed(assign)]
    return [here[::-1] for here in _forward(skip_row[::-1], skip_run[::-1], turned)][::-1]


def _same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


def _rivals(
    i: int,
    r: int,
    forward: list[list[float]],
    backward: list[list[float]],
    assign: list[dict[int, float]],
    skip_run: list[float],
    best: float,
) -> bool:
    """Whether figure row ``i`` could go elsewhere at almost the same total cost."""
    limit = best + _MARGIN
    for other, cost in assign[i].items():
        if other != r and forward[i][other] + cost + backward[i + 1][other + 1] < limit:
            return True
    stray = skip_run[i]
    return min([a + stray + b for a, b in zip(forward[i], backward[i + 1], strict=True)]) < limit
