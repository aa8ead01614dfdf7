"""Hostile answers in the pointer protocol, made for what the verifier takes besides verbatim labels."""

from __future__ import annotations

from random import Random

from extractor.readers.excerpt import letter
from extractor.readers.sheets import COLUMNS, TABLE_OF

from .marks import Marks, bent
from .registry import Asked, hostile

_COLUMNS = list(COLUMNS["requests"])


def _unlabelled(marks: Marks) -> list[int]:
    return [at for at in marks.three if marks.unlabelled(marks.pairs[at][1])]


@bent(on="labels")
def reworded_rows_exchanged(marks: Marks, rng: Random) -> None:
    """Two rows without a verbatim label have each other's marks."""
    strange = _unlabelled(marks)
    if len(strange) > 1:
        marks.exchange(*rng.sample(strange, 2))
    elif strange:
        marks.exchange(strange[0], rng.choice(marks.three))


@bent(on="labels")
def gap_turned(marks: Marks, rng: Random) -> None:
    """All rows without a verbatim label exchange their marks in turn or at random."""
    strange = _unlabelled(marks)
    if rng.random() < 0.5:
        rng.shuffle(strange)
    marks.turn(strange)


@bent(on="local")
def local_row_for_a_lost_one(marks: Marks, rng: Random) -> None:
    """Groups of figures that are no row of the form are given to rows of which nothing is printed."""
    untold = marks.untold
    for mark in marks.free:
        fitting = [row for row in untold if str(TABLE_OF.get(row)) == marks.table(mark)]
        if fitting:
            row = rng.choice(fitting)
            untold.remove(row)
            marks.pairs.append((row, mark))
    if not marks.free and len(marks.three) > 2:  # nothing is free: a row moves to one that is lost
        at = rng.choice(marks.three)
        fitting = [row for row in untold if TABLE_OF.get(row) == "requests"]
        if fitting:
            marks.pairs[at] = (rng.choice(fitting), marks.pairs[at][1])


@bent(on="local")
def local_row_for_a_printed_one(marks: Marks, rng: Random) -> None:
    """A row leaves its own figures for a group that is no row of the form."""
    free = [mark for mark in marks.free if marks.table(mark) == "requests"]
    if free and marks.three:
        near = rng.choice(free)
        at = min(marks.three, key=lambda at: abs(marks.pairs[at][1] - near))
        at = at if rng.random() < 0.6 else rng.choice(marks.three)
        marks.pairs[at] = (marks.pairs[at][0], near)


@hostile(on="columns")
def columns_exchanged(asked: Asked) -> str:
    """Columns of a table printed column by column are exchanged or turned; else cells of all rows."""
    marks = Marks.of(asked)
    columns = marks.by_column
    if columns:
        asked.rng.shuffle(columns)
        marks.turn(columns[: asked.rng.choice((2, 3, 7))])
        return marks.json()
    one, two = asked.rng.sample(range(1, 8), 2)
    spelled = [marks.spelled_out(*marks.pairs[at]) for at in marks.three]
    marks.pairs = [p for p in marks.pairs if TABLE_OF.get(p[0]) != "requests"]
    for cells in spelled:
        if len(cells) == 8:
            cells[one], cells[two] = cells[two], cells[one]
    marks.cells += spelled
    return marks.json()


@hostile(on="columns")
def column_rows_slipped(asked: Asked) -> str:
    """A table printed column by column is told row by row, with cells taken across or slipped."""
    marks = Marks.of(asked)
    columns = [mark for row, mark in marks.pairs if row in COLUMNS["requests"]]
    heights = {len(marks.texts(mark)) for mark in columns}
    if not columns or len(heights) != 1:
        return column_like(asked)
    height = heights.pop()
    slip = asked.rng.choice((0, 1, -1))
    rows = [*range(1, 21), *((21, 22, 23) if height == 25 else (26,)), 24, 25]
    if asked.rng.random() < 0.5:
        one, two = asked.rng.sample(range(len(rows)), 2)
        rows[one], rows[two] = rows[two], rows[one]
    marks.pairs = [pair for pair in marks.pairs if pair[0] not in COLUMNS["requests"]]
    marks.cells += [
        [
            str(row),
            *(
                f"{mark}{letter((i + slip * (at == 3)) % height)}"
                for at, mark in enumerate(columns)
            ),
        ]
        for i, row in enumerate(rows)
    ]
    return marks.json()


def column_like(asked: Asked) -> str:
    """Rows of table 三 told as columns of the first seven marks."""
    marks = Marks.of(asked)
    three = [marks.pairs[at][1] for at in marks.three][:7]
    marks.pairs = list(zip(_COLUMNS, three, strict=False))
    return marks.json()
