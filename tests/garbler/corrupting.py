"""Damages in which the agency's own figures are wrong; each leaves proof in the printed text.

A change is kept only when cells that every reader must read break an identity or a bound, so a
corrupted report that is accepted is always an error of the product.
"""

from __future__ import annotations

from copy import deepcopy
from random import Random

from .model import READ, Draft, Figure, Line, Paragraph, Table, Value
from .registry import damage
from .truth import broken

_TRIES = 20
_SUMMED = ("requests", "proceedings")


def _sure_rows(draft: Draft, table: Table) -> list[Line]:
    """Rows whose figures must all be read, so that a change in them shows."""
    return [
        line
        for line in table.rows
        if all(f.cell and f.text and draft.fates[f.cell].states == READ for f in line.figures)
    ]


def _summed_rows(draft: Draft) -> list[Line]:
    return [row for t in draft.tables if t.id in _SUMMED for row in _sure_rows(draft, t)]


def _change(draft: Draft, changes: list[tuple[Figure, Value]]) -> bool:
    """Print other values if that breaks something that was not broken before."""
    known = draft.surely_read()
    before = set(broken(draft.form, known))
    after = set(broken(draft.form, known | {f.cell: value for f, value in changes}))
    if not after - before:
        return False
    for figure, value in changes:
        draft.reprint(figure, value)
    return True


@damage("corrupting")
def digit_changed(draft: Draft, rng: Random) -> bool:
    """One digit of a figure is another digit."""
    rows = _summed_rows(draft)
    for _ in range(_TRIES if rows else 0):
        figure = rng.choice(rng.choice(rows).figures)
        place = rng.randrange(len(figure.text))
        digit = rng.choice("123456789" if place == 0 else "0123456789")
        text = figure.text[:place] + digit + figure.text[place + 1 :]
        if text.isdigit() and text != figure.text and _change(draft, [(figure, int(text))]):
            return True
    return False


@damage("corrupting")
def figures_swapped(draft: Draft, rng: Random) -> bool:
    """Two different figures of a row change places."""
    rows = [r for r in _summed_rows(draft) if len({f.text for f in r.figures}) > 1]
    for _ in range(_TRIES if rows else 0):
        one, two = rng.sample(rng.choice(rows).figures, 2)
        values = draft.fates[one.cell].value, draft.fates[two.cell].value
        if None in values or values[0] == values[1]:
            continue
        if _change(draft, [(one, values[1] or 0), (two, values[0] or 0)]):
            return True
    return False


@damage("corrupting")
def row_shifted(draft: Draft, rng: Random) -> bool:
    """The figures of a row stand one column further, the last one first."""
    rows = [r for r in _summed_rows(draft) if len({f.text for f in r.figures}) > 1]
    for _ in range(_TRIES if rows else 0):
        figures = rng.choice(rows).figures
        values = [draft.fates[f.cell].value or 0 for f in figures]
        if _change(draft, list(zip(figures, values[-1:] + values[:-1], strict=True))):
            return True
    return False


@damage("corrupting")
def total_off(draft: Draft, rng: Random) -> bool:
    """A total is off by some."""
    rows = _summed_rows(draft)
    for _ in range(_TRIES if rows else 0):
        line = rng.choice(rows)
        figure = line.figures[-1]
        value = (draft.fates[figure.cell].value or 0) + rng.choice((-2, -1, 1, 1, 2, 3, 10))
        if value >= 0 and _change(draft, [(figure, value)]):
            return True
    return False


@damage("corrupting")
def column_off(draft: Draft, rng: Random) -> bool:
    """A figure and the total of its row are off by the same, so that only columns fail."""
    rows = [
        r for r in _summed_rows(draft) if draft.form.row_of[r.figures[0].cell][0].id == "requests"
    ]
    for _ in range(_TRIES if rows else 0):
        line = rng.choice(rows)
        figure, total = rng.choice(line.figures[:-1]), line.figures[-1]
        by = rng.choice((-1, 1, 2, 5))
        values = [(draft.fates[f.cell].value or 0) + by for f in (figure, total)]
        if min(values) >= 0 and _change(draft, list(zip((figure, total), values, strict=True))):
            return True
    return False


@damage("corrupting")
def negative_count(draft: Draft, rng: Random) -> bool:
    """A count is below zero."""
    rows = [row for table in draft.tables for row in _sure_rows(draft, table)]
    figures = [f for row in rows for f in row.figures if draft.form.kinds[f.cell] == "count"]
    return bool(figures) and _change(draft, [(rng.choice(figures), -rng.randint(1, 9))])


@damage("corrupting")
def copies_differ(draft: Draft, rng: Random) -> bool:
    """A table is printed twice, and one figure differs."""
    found = [(t, rows) for t in draft.tables if (rows := _sure_rows(draft, t))]
    if not found:
        return False
    table, _ = rng.choice(found)
    twin = copy_of(table)
    known = [f for line in twin.rows for f in line.figures if f.text.isdigit()]
    if not known:
        return False
    figure = rng.choice(known)
    figure.text = str(int(figure.text) + rng.randint(1, 9))
    insert_copy(draft, table, twin)
    return True


def copy_of(table: Table) -> Table:
    """The same table printed again; its figures are no cell's."""
    twin = deepcopy(table)
    twin.copy = True
    for line in twin.rows:
        for figure in line.figures:
            figure.cell = ""
    return twin


def insert_copy(draft: Draft, table: Table, twin: Table) -> None:
    """Print a copy right after its table, under the heading again if there is one."""
    place = draft.blocks.index(table) + 1
    heading = draft.heading(table.id)
    blocks = [] if heading is None else [deepcopy(heading)]
    draft.blocks[place:place] = [*blocks, twin] if blocks else [Paragraph("附：统计表"), twin]
