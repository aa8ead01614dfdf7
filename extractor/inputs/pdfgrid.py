"""Tables of a page from its ruled lines: what no line parts is one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from extractor.inputs.limits import MOST_CELLS, RefusedError
from extractor.inputs.pdfglyph import Glyph, Rule
from extractor.inputs.pdfpage import Page

_NEAR = 3.0  # points by which lines that meet may miss each other
_NARROW = 8.0  # points of a column in which nothing can stand
_MOST_PAIRS = 4_000_000


@dataclass(slots=True)
class Ruled:
    """A cell between rules; rows and columns from 0, `box` in points of the page.

    `below` are the parts of it on the next page, where a page break cuts its row.
    """

    row: int
    column: int
    rows: int
    columns: int
    box: tuple[float, float, float, float]
    page: int
    glyphs: list[Glyph] = field(default_factory=list)
    below: list[Ruled] = field(default_factory=list)


@dataclass(slots=True)
class RuledTable:
    """A table on one page.

    Attributes:
        xs: Where its columns begin and end.
        ys: Where its rows begin and end.
        cells: In order of rows and columns.
    """

    xs: list[float]
    ys: list[float]
    cells: list[Ruled]
    _at: dict[tuple[int, int], Ruled] = field(default_factory=dict)

    def at(self, x: float, y: float) -> Ruled | None:
        """The cell at a point; None beyond the table."""
        if not self._at:
            for cell in self.cells:
                rows = range(cell.row, cell.row + cell.rows)
                columns = range(cell.column, cell.column + cell.columns)
                self._at |= dict.fromkeys(product(rows, columns), cell)
        return self._at.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def tables_of(page: Page, *, empty: bool = False) -> tuple[list[RuledTable], list[Glyph]]:
    """The tables of a page from top to bottom, and the glyphs that stand in none.

    Args:
        page: With its rules and glyphs.
        empty: Whether tables count in whose cells nothing stands.
    """
    tables = []
    for level, upright in _groups(page):
        xs = _marks(upright, level)
        ys = _marks(level, upright)
        if len(xs) > 1 and len(ys) > 1 and (len(xs) - 1) * (len(ys) - 1) > 1:
            if (len(xs) - 1) * (len(ys) - 1) > MOST_CELLS:
                raise RefusedError("cells", MOST_CELLS)
            cells = _cells(page.number, xs, ys, level, upright)
            if len(cells) > 1:
                tables.append(_condensed(RuledTable(xs, ys, cells)))
    tables.sort(key=lambda table: (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0]))
    for glyph in page.glyphs:  # a frame round a table takes no glyph of it
        spots = (table.at(glyph.center, glyph.middle) for table in tables)
        cell = next(filter(None, spots), None)
        if cell is not None:
            cell.glyphs.append(glyph)
    tables = [_condensed(table) for table in tables]
    if not empty:
        tables = [t for t in tables if sum(bool(cell.glyphs) for cell in t.cells) > 1]
    kept = {id(glyph) for table in tables for cell in table.cells for glyph in cell.glyphs}
    outside = [glyph for glyph in page.glyphs if id(glyph) not in kept]
    return sorted(tables, key=lambda table: table.ys[0]), outside


def _joining(count: int) -> tuple[list[int], Callable[[int], int]]:
    """For each of some things the next above it, and what is on top: things with one top are one."""
    above = list(range(count))

    def top(one: int) -> int:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    return above, top


def _groups(page: Page) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that meet, directly or through others."""
    level, upright = page.level, page.upright
    if len(level) * len(upright) > _MOST_PAIRS:
        return []
    above, top = _joining(len(level) + len(upright))
    for i, row in enumerate(level):
        for j, column in enumerate(upright, start=len(level)):
            if (
                row.start - _NEAR <= column.at <= row.end + _NEAR
                and column.start - _NEAR <= row.at <= column.end + _NEAR
            ):
                above[top(i)] = top(j)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*level, *upright]):
        found.setdefault(top(i), ([], []))[i >= len(level)].append(rule)
    return [group for group in found.values() if group[0] and group[1]]


def _marks(across: Sequence[Rule], along: Sequence[Rule]) -> list[float]:
    """Positions of rules, with the ends of those that cross them where these reach farther."""
    marks: list[float] = []
    for at in sorted(rule.at for rule in across):
        if not marks or at - marks[-1] > _NEAR:
            marks.append(at)
    start, end = min(rule.start for rule in along), max(rule.end for rule in along)
    if marks and start < marks[0] - 2 * _NEAR:
        marks.insert(0, start)
    if marks and end > marks[-1] + 2 * _NEAR:
        marks.append(end)
    return marks


def _cells(
    page: int, xs: list[float], ys: list[float], level: Sequence[Rule], upright: Sequence[Rule]
) -> list[Ruled]:
    """Positions that no rule parts, as cells."""
    wide, high = len(xs) - 1, len(ys) - 1
    above, top = _joining(wide * high)
    level_at, upright_at = _by_mark(level, ys), _by_mark(upright, xs)
    for row in range(high):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(wide):
            if column + 1 < wide and not _covers(upright_at[column + 1], middle):
                above[top(row * wide + column)] = top(row * wide + column + 1)
            center = (xs[column] + xs[column + 1]) / 2
            if row + 1 < high and not _covers(level_at[row + 1], center):
                above[top(row * wide + column)] = top((row + 1) * wide + column)
    groups: dict[int, list[int]] = {}
    for one in range(wide * high):
        groups.setdefault(top(one), []).append(one)
    cells = []
    for group in groups.values():
        rows = [one // wide for one in group]
        columns = [one % wide for one in group]
        r0, r1, c0, c1 = min(rows), max(rows) + 1, min(columns), max(columns) + 1
        cells.append(Ruled(r0, c0, r1 - r0, c1 - c0, (xs[c0], ys[r0], xs[c1], ys[r1]), page))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _condensed(table: RuledTable) -> RuledTable:
    """The table without rows and columns in which no cell begins, or only empty ones.

    Of the latter only what something written goes on over: pages break cells so that their borders end too early, and
    borders of cells that stand apart leave gaps.
    """
    cells, rows, columns = table.cells, _begun(table, 0), _begun(table, 1)
    if len(rows) < len(table.ys) - 1 or len(columns) < len(table.xs) - 1:
        for cell in cells:
            bottom = bisect_left(rows, cell.row + cell.rows)
            right = bisect_left(columns, cell.column + cell.columns)
            cell.row, cell.column = bisect_left(rows, cell.row), bisect_left(columns, cell.column)
            cell.rows, cell.columns = bottom - cell.row, right - cell.column
        xs = [*(table.xs[at] for at in columns), table.xs[-1]]
        ys = [*(table.ys[at] for at in rows), table.ys[-1]]
        return RuledTable(xs, ys, [cell for cell in cells if cell.rows and cell.columns])
    return table


def _begun(table: RuledTable, way: int) -> list[int]:
    """The rows, or columns, that count."""
    edges = (table.ys, table.xs)[way]
    crossed: set[int] = set()
    begun: set[int] = set()
    written: set[int] = set()
    for cell in table.cells:
        first, count = ((cell.row, cell.rows), (cell.column, cell.columns))[way]
        begun.add(first)
        if cell.glyphs:
            written.add(first)
            crossed.update(range(first + 1, first + count))
    gaps = {at for at in begun if way == 0 or edges[at + 1] - edges[at] < _NARROW}
    return sorted(begun - (crossed & gaps - written))


def _by_mark(rules: Iterable[Rule], marks: list[float]) -> list[list[Rule]]:
    found: list[list[Rule]] = [[] for _ in marks]
    for rule in rules:
        nearest = min(range(len(marks)), key=lambda i: abs(marks[i] - rule.at))
        found[nearest].append(rule)
    return found


def _covers(rules: Iterable[Rule], at: float) -> bool:
    return any(rule.start - _NEAR <= at <= rule.end + _NEAR for rule in rules)
