"""Zeros and empty cells that vanish: rows with fewer figures, columns that are gone, blanks in grids."""

from __future__ import annotations

from random import Random

from .choose import delimited, in_table, take, untouched, whole_tables
from .layouts import layout_of
from .model import BLANK, EMPTY, MAY_BE_READ, NOT_READ, Draft, Figure, Line, Table
from .registry import new

_FEWEST = 3


def _grid(table: Table) -> bool:
    """Whether every cell of the table has its place between two separators."""
    return delimited(table) and layout_of(table).empties == "grid"


def _vanish(draft: Draft, line: Line, gone: list[Figure]) -> None:
    """Cells of a row are not there at all; the rest stands nearer, and nobody can tell where."""
    draft.lose(gone, NOT_READ)
    line.figures = [f for f in line.figures if not any(f is g for g in gone)]
    for figure in line.figures:
        fate = draft.fates[figure.cell]
        fate.states = MAY_BE_READ
    line.merged = True


@in_table("lossy")
def blanks_in_a_grid(draft: Draft, rng: Random, table: Table) -> bool:
    """The zeros of a table or of a row are empty, and every empty cell keeps its separators."""
    table.layout = rng.choice(("tabs_grid", "pipes_markdown", "box"))
    rows = [r for r in table.rows if any(f.text == "0" for f in r.figures)]
    if not rows:
        return False
    for row in rows if rng.random() < 0.6 else rng.sample(rows, min(len(rows), rng.randint(1, 3))):
        gone = [f for f in row.figures if f.text == "0"]
        for figure in gone:
            figure.text = ""
        draft.lose(gone, EMPTY)
    return True


@in_table("lossy", "requests")
def zeros_vanish(draft: Draft, rng: Random, table: Table) -> bool:
    """In some rows the zeros are gone with their cells, so that fewer figures stand there."""
    rows = [r for r in table.rows if any(f.text == "0" for f in r.figures[:-1])]
    rows = [r for r in rows if any(f.text != "0" for f in r.figures)]
    for row in rng.sample(rows, min(len(rows), rng.choice((1, 2, 5, 40)))):
        zeros = [f for f in row.figures if f.text == "0"]
        some = zeros if rng.random() < 0.6 else rng.sample(zeros, rng.randint(1, len(zeros)))
        _vanish(draft, row, some)
    return bool(rows)


@new("lossy")
def zeros_blank_and_cells_vanish(draft: Draft, rng: Random) -> bool:
    """The zeros of a row are empty, and of the empty cells some are gone."""
    tables = [t for t in whole_tables(draft, "requests") if delimited(t)]
    table = take(draft, rng, tables)
    if table is None:
        return False
    rows = [r for r in table.rows if sum(f.text == "0" for f in r.figures) >= _FEWEST]
    for row in rng.sample(rows, min(len(rows), rng.choice((1, 1, 2, 6)))):
        zeros = [f for f in row.figures if f.text == "0"]
        gone = rng.sample(zeros, rng.randint(1, len(zeros) - 1))
        _vanish(draft, row, gone)
        rest = [f for f in row.figures if f.text == "0"]
        for figure in rest:
            figure.text = ""
        draft.lose(rest, NOT_READ)
    return bool(rows)


@in_table("lossy", "requests")
def zero_column_vanishes(draft: Draft, rng: Random, table: Table) -> bool:
    """A column of zeros is gone, and its header word is not."""
    empty = [i for i in range(6) if all(row.figures[i].text == "0" for row in table.rows)]
    if not empty:
        return False
    column = rng.choice(empty)
    for row in table.rows:
        _vanish(draft, row, [row.figures[column]])
    return True


@in_table("lossy", "requests")
def columns_vanish_after_a_break(draft: Draft, rng: Random, table: Table) -> bool:
    """After a page break the columns that are empty there are gone."""
    start = rng.randint(2, len(table.rows) - 2)
    late = table.rows[start:]
    empty = [i for i in range(6) if all(row.figures[i].text == "0" for row in late)]
    if not empty:
        return False
    place = table.lines.index(late[0])
    table.lines.insert(place, Line(pages=[rng.choice(("- 2 -", "第2页", "\f", "2 / 5"))]))
    for row in late:
        _vanish(draft, row, [row.figures[i] for i in empty])
    return True


@in_table("lossy", "proceedings")
def error_beside_blank(draft: Draft, rng: Random, table: Table) -> bool:
    """In a row of table 四 one figure is wrong and another is empty."""
    by_cell = {f.cell: f for row in table.rows for f in row.figures}
    suits = draft.form.table("proceedings")
    suit = rng.choice(suits.rows)
    figures = [by_cell[cell] for cell in suits.cells(suit)]
    lost, wrong = rng.sample(figures[:-1], 2)
    value = int(draft.fates[wrong.cell].value or 0)
    total = int(draft.fates[figures[-1].cell].value or 0)
    room = total - sum(int(draft.fates[f.cell].value or 0) for f in figures[:-1] if f is not lost)
    changes = [n for n in (-2, -1, 1, 2, 5) if value + n >= 0 and room - n >= 0 and n]
    if not changes:
        return False
    draft.reprint(wrong, value + rng.choice(changes))
    wrong.role = "odd"
    mark = rng.choice(("", "", "/", "-", "—"))
    lost.text, lost.role = mark, "mark"
    draft.lose([lost], BLANK if mark else EMPTY)
    draft.fates[lost.cell].deducible = False
    for row in table.rows:
        if not mark and not _grid(table) and any(f is lost for f in row.figures):
            draft.lose([lost], NOT_READ)
            for figure in row.figures:
                if figure is not lost:
                    draft.fates[figure.cell].states = MAY_BE_READ
    return True


@new("lossy")
def ragged_rows(draft: Draft, rng: Random) -> bool:
    """Rows of table 三 stand further left or right by some empty cells, in no order."""
    tables = [
        t
        for t in whole_tables(draft, "requests")
        if delimited(t) and layout_of(t).empties != "shifted"
    ]
    table = take(draft, rng, tables)
    if table is None:
        return False
    for row in table.rows:
        if not untouched(draft, row):
            continue
        before, after = rng.choice(((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1)))
        row.labels += [None] * before
        row.figures += [Figure("", "", "mark") for _ in range(after)]
    draft.may_read(table.figures)
    return True
