"""Hostile answers in the pointer protocol: the right one, moved or its rows exchanged."""

from __future__ import annotations

from random import Random

from extractor.readers.sheets import COLUMNS

from .marks import Marks, bent
from .registry import Asked, compact, hostile

_COLUMNS = list(COLUMNS["requests"])


@bent()
def rows_shifted(marks: Marks, rng: Random) -> None:
    """Every row is the next one, or the one before."""
    by = rng.choice((-2, -1, 1, 2))
    marks.pairs = [(max(0, row + by), mark) for row, mark in marks.pairs]
    marks.cells = [[str(int(cell[0]) + by), *cell[1:]] for cell in marks.cells]


@bent()
def marks_shifted(marks: Marks, rng: Random) -> None:
    """Every mark, or those from some row on, is the next one or the one before."""
    by = rng.choice((-1, 1))
    first = rng.choice((0, rng.randrange(len(marks.pairs) + 1)))
    marks.pairs = [
        (row, max(0, mark + by * (at >= first))) for at, (row, mark) in enumerate(marks.pairs)
    ]


@bent()
def cells_shifted(marks: Marks, rng: Random) -> None:
    """Within one row or all rows every cell is its neighbour's, written cell by cell."""
    by = rng.choice((-1, 1))
    chosen = marks.three if rng.random() < 0.5 else marks.three[:1]
    spelled = [marks.spelled_out(*marks.pairs[at]) for at in chosen]
    marks.pairs = [pair for at, pair in enumerate(marks.pairs) if at not in chosen]
    end = rng.choice(("", "-", None))
    for row, *cells in spelled:
        turned = cells[by:] + cells[:by]
        if end is not None and turned:
            turned[0 if by < 0 else -1] = end
        marks.cells.append([row, *turned])


@bent(on="columns")
def columns_rotated(marks: Marks, rng: Random) -> None:
    """The order of the columns is turned, or two of them exchanged."""
    order = list(marks.order or _COLUMNS)
    if rng.random() < 0.5:
        by = rng.randrange(1, 7)
        order = order[by:] + order[:by]
    else:
        one, two = rng.sample(range(7), 2)
        order[one], order[two] = order[two], order[one]
    marks.order = order + (list(range(71, 76)) if rng.random() < 0.3 else [])


@bent(on="columns")
def order_shuffled(marks: Marks, rng: Random) -> None:
    """Any order of the columns of tables 三 and 四."""
    marks.order = rng.sample(_COLUMNS, 7) + rng.sample(range(71, 76), 5)


@bent(on="columns")
def columns_for_rows(marks: Marks, _rng: Random) -> None:
    """Columns are named where the table is printed row by row, rows where it is by column."""
    three = [mark for mark in marks.marks if marks.table(mark) == "requests"]
    marks.pairs = [pair for pair in marks.pairs if marks.table(pair[1]) != "requests"]
    named = list(range(1, 26)) if any(len(marks.texts(m)) > 9 for m in three) else _COLUMNS
    marks.pairs += list(zip(named, three, strict=False))


@hostile()
def another_report(asked: Asked) -> str:
    """The right answer for another report."""
    return compact(asked.other.pointers(asked.other_excerpt))


@bent(on="equal")
def neighbours_exchanged(marks: Marks, rng: Random) -> None:
    """Two neighbouring rows have each other's marks, all else is right."""
    if len(marks.pairs) > 1:
        at = rng.randrange(len(marks.pairs) - 1)
        marks.exchange(at, at + 1)


@bent(on="equal")
def rows_of_a_group_exchanged(marks: Marks, rng: Random) -> None:
    """Two rows of table 三 that stand near each other have each other's marks."""
    three = marks.three
    if len(three) > 3:
        at = rng.randrange(len(three) - 3)
        marks.exchange(three[at], three[at + rng.choice((2, 3))])


@bent()
def first_and_last_exchanged(marks: Marks, _rng: Random) -> None:
    """The first and the last row of a table have each other's marks."""
    three = marks.three or list(range(len(marks.pairs)))
    if three:
        marks.exchange(three[0], three[-1])


@bent(on="equal")
def equal_rows_exchanged(marks: Marks, rng: Random) -> None:
    """Rows with equal figures have each other's marks: no sum can tell."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, (_, mark) in enumerate(marks.pairs):
        alike.setdefault(marks.texts(mark), []).append(at)
    groups = [places for places in alike.values() if len(places) > 1]
    for places in groups:
        rng.shuffle(places)
        marks.turn(places[: rng.choice((2, len(places)))])


@bent(on="labels")
def mark_of_an_equal_row(marks: Marks, rng: Random) -> None:
    """One row is missing, and its neighbour points at its mark, of equal figures where there are."""
    equal = [
        (one, two)
        for one in range(len(marks.pairs))
        for two in range(len(marks.pairs))
        if one != two and marks.texts(marks.pairs[one][1]) == marks.texts(marks.pairs[two][1])
    ]
    if len(marks.pairs) > 1:
        one, two = rng.choice(equal) if equal else rng.sample(range(len(marks.pairs)), 2)
        marks.pairs[one] = (marks.pairs[one][0], marks.pairs[two][1])
        gone = marks.pairs.pop(two)
        if rng.random() < 0.5:
            marks.cells.append([str(gone[0])])
