"""Damages that take figures away: blanks, marks, lost rows, lost tables."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .layouts import LAYOUTS, positional
from .model import (
    BLANK,
    EMPTY,
    MISSING,
    NOT_READ,
    UNREADABLE,
    Draft,
    Figure,
    Line,
    Paragraph,
    Table,
)
from .registry import damage, given

_MARKS = ("/", "-", "—", "无", "／", "--")
_UNREADABLE = ("?", "**", "■", "#REF!", "？", "□")
_FEWEST_COLUMNS = 3
_MOST_GLUED = 7


def _full_rows(table: Table) -> list[Line]:
    return [line for line in table.rows if all(f.text for f in line.figures)]


def in_any_table(do: Callable[..., bool | None]) -> Callable[..., bool | None]:
    """Register a damage that is given any table."""

    def find(draft: Draft, rng: Random) -> tuple[Table] | None:
        return (rng.choice(draft.tables),) if draft.tables else None

    return given(find, "lossy", "old")(do)


def _empty(draft: Draft, table: Table, line: Line, figures: list[Figure]) -> None:
    """Blank some cells of a row; where places cannot be told the rest becomes doubtful."""
    for figure in figures:
        figure.text = ""
    whole = not any(figure.text for figure in line.figures)
    known = whole or positional(table, line)
    draft.lose(figures, EMPTY if known else NOT_READ)
    if not known:
        draft.loosen(line.figures)


@in_any_table
def blank_cells(draft: Draft, rng: Random, table: Table) -> bool:
    """A few cells are left empty."""
    rows = _full_rows(table)
    for line in rng.sample(rows, min(len(rows), rng.randint(1, 3))):
        count = rng.randint(1, max(1, len(line.figures) // 3))
        _empty(draft, table, line, rng.sample(line.figures, count))
    return bool(rows)


@in_any_table
def marked_cells(draft: Draft, rng: Random, table: Table) -> bool:
    """Zeros are replaced by a mark such as a slash, a dash or 无."""
    mark = rng.choice(_MARKS)
    share = rng.choice((0.05, 0.3, 1.0))
    found = False
    for line in _full_rows(table):
        for figure in line.figures:
            if figure.text == "0" and figure.cell and rng.random() < share:
                figure.text, figure.role = mark, "mark"
                draft.lose([figure], BLANK)
                found = True
    return found


@in_any_table
def zeros_blank(draft: Draft, rng: Random, table: Table) -> bool:
    """The zeros of one row, or of a whole table, are left blank."""
    rows = [line for line in _full_rows(table) if any(f.text == "0" for f in line.figures)]
    if rows and rng.random() < 0.6:
        rows = rng.sample(rows, 1)
    for line in rows:
        _empty(draft, table, line, [f for f in line.figures if f.text == "0"])
    return bool(rows)


@in_any_table
def merged_zero(draft: Draft, rng: Random, table: Table) -> bool:
    """A row of zeros is one merged cell with a single 0."""
    rows = [
        line
        for line in table.rows
        if line.row
        and len(line.figures) >= _FEWEST_COLUMNS
        and all(f.text == "0" for f in line.figures)
    ]
    for line in rng.sample(rows, min(len(rows), rng.choice((1, 2, 5)))):
        draft.lose(line.figures, NOT_READ)
        line.figures = [Figure("", "0")]
        line.merged = True
    return bool(rows)


@in_any_table
def row_lost(draft: Draft, rng: Random, table: Table) -> bool:
    """A row is not in the text, neither label nor figures."""
    own = [line for line in table.rows if line.row]
    for line in rng.sample(own, min(len(own), rng.randint(1, 2))) if own else []:
        draft.lose(line.figures, MISSING)
        table.lines.remove(line)
    return bool(own)


@in_any_table
def figures_lost(draft: Draft, rng: Random, table: Table) -> bool:
    """The figures of a row are lost, its label is kept."""
    if not table.rows:
        return False
    line = rng.choice(table.rows)
    draft.lose(line.figures, EMPTY)
    if rng.random() < 0.5 or not line.labels:
        line.figures = []
        line.merged = True
    else:
        for figure in line.figures:
            figure.text = ""
    return True


def _lose_lines(draft: Draft, table: Table, lines: list[Line]) -> None:
    for line in lines:
        draft.lose(line.figures, MISSING)
    table.lines = [line for line in table.lines if not any(line is lost for lost in lines)]


@damage("lossy")
def requests_cut_off(draft: Draft, rng: Random) -> bool:
    """Table 三 ends after some row."""
    table = draft.table("requests")
    if table is None or len(table.rows) < _FEWEST_COLUMNS:
        return False
    last = rng.choice(table.rows[1:-1])
    place = next(i for i, line in enumerate(table.lines) if line is last)
    _lose_lines(draft, table, table.lines[place + 1 :])
    return True


@damage("lossy")
def requests_middle_lost(draft: Draft, rng: Random) -> bool:
    """Some neighbouring rows in the middle of table 三 are missing."""
    table = draft.table("requests")
    if table is None or len(table.rows) < 2 * _FEWEST_COLUMNS:
        return False
    first = rng.randint(1, len(table.rows) - 4)
    last = rng.randint(first + 2, len(table.rows) - 1)
    _lose_lines(draft, table, table.rows[first:last])
    return True


@in_any_table
def table_lost(draft: Draft, rng: Random, table: Table) -> None:
    """One whole table is missing, with or without its heading."""
    _lose_lines(draft, table, table.lines)
    gone = {table.id} if rng.random() < 0.5 else set()
    draft.blocks = [
        block
        for block in draft.blocks
        if block is not table
        and not (isinstance(block, Paragraph) and block.role == "heading" and block.table in gone)
    ]


@damage("lossy")
def lost_from_two_to_four(draft: Draft, rng: Random) -> bool:
    """Everything from the middle of table 二 to the last header of table 四 is missing."""
    two, three, four = (draft.table(id) for id in ("proactive", "requests", "proceedings"))
    if two is None or three is None or four is None:
        return False
    if draft.shape not in ("standard", "two_headers") or len(two.rows) < _FEWEST_COLUMNS:
        return False
    places = [draft.blocks.index(block) for block in (two, three, four)]
    if places != sorted(places):
        return False
    last = rng.choice(two.rows[1:-1])
    place = next(i for i, line in enumerate(two.lines) if line is last)
    _lose_lines(draft, two, two.lines[place + 1 :])
    _lose_lines(draft, three, three.lines)
    four.lines = four.lines[-2:]
    draft.blocks[places[0] + 1 : places[2]] = []
    return True


@damage("lossy")
def totals_only(draft: Draft, _rng: Random) -> bool:
    """Only the total column of table 三 is filled in."""
    table = draft.table("requests")
    if table is None:
        return False
    rows = _full_rows(table)
    for line in rows:
        _empty(draft, table, line, line.figures[:-1])
    return bool(rows)


@in_any_table
def unreadable_cell(draft: Draft, rng: Random, table: Table) -> bool:
    """Something stands in a cell that is no figure."""
    rows = _full_rows(table)
    for line in rng.sample(rows, min(len(rows), rng.randint(1, 2))):
        figure = rng.choice(line.figures)
        figure.text, figure.role = rng.choice(_UNREADABLE), "mark"
        draft.lose([figure], UNREADABLE)
    return bool(rows)


@damage("lossy")
def column_lost(draft: Draft, rng: Random) -> bool:
    """One column of table 三 is missing, header and figures."""
    table = draft.table("requests")
    if table is None or any(line.row and len(line.figures) != table.width for line in table.lines):
        return False
    column = rng.randint(1, table.width - 1)
    for line in table.lines:
        if line.columns:
            del line.columns[column]
        if len(line.figures) == table.width:
            draft.lose([line.figures.pop(column)], NOT_READ)
            draft.loosen(line.figures)
    table.width -= 1
    return True


@damage("lossy")
def figure_over_two_cells(draft: Draft, rng: Random) -> bool:
    """One figure is split over two cells: 20 is printed as 2 and 0, which is never 20."""
    tables = [t for t in draft.tables if t.id != "proactive" and LAYOUTS[t.layout].separates]
    found = [
        (table, line, figure)
        for table in tables
        for line in _full_rows(table)
        for figure in line.figures
        if figure.role == "figure" and len(figure.text) > 1 and figure.text.isdigit()
    ]
    if not found:
        return False
    table, line, figure = rng.choice(found)
    cut = rng.randint(1, len(figure.text) - 1)
    figure.text = figure.text[:cut] + LAYOUTS[table.layout].between + figure.text[cut:]
    draft.loosen(line.figures)
    draft.lose([figure], NOT_READ)
    return True


@damage("lossy")
def glued_figures(draft: Draft, rng: Random) -> bool:
    """Figures of a row, some of two digits or more, are glued together."""
    rows = [
        line
        for table in draft.tables
        for line in _full_rows(table)
        if _FEWEST_COLUMNS <= len(line.figures) <= _MOST_GLUED
        and all(f.cell and f.text.isdigit() for f in line.figures)
        and any(len(f.text) > 1 for f in line.figures)
    ]
    for line in rng.sample(rows, min(len(rows), rng.randint(1, 2))):
        line.glue = "all"
        draft.loosen(line.figures)
    return bool(rows)
