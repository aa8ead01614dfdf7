"""Hostile answers in the pointer protocol: the right one, moved or its rows exchanged."""

from __future__ import annotations

from extractor.readers.sheets import COLUMNS

from .marks import Marks
from .registry import Asked, compact, hostile

_COLUMNS = list(COLUMNS["requests"])


@hostile("pointer")
def rows_shifted(asked: Asked) -> str:
    """Every row is the next one, or the one before."""
    marks = Marks.of(asked)
    by = asked.rng.choice((-2, -1, 1, 2))
    marks.pairs = [(max(0, row + by), mark) for row, mark in marks.pairs]
    marks.cells = [[str(int(cell[0]) + by), *cell[1:]] for cell in marks.cells]
    return marks.json()


@hostile("pointer")
def marks_shifted(asked: Asked) -> str:
    """Every mark, or those from some row on, is the next one or the one before."""
    marks = Marks.of(asked)
    by = asked.rng.choice((-1, 1))
    first = asked.rng.choice((0, asked.rng.randrange(len(marks.pairs) + 1)))
    marks.pairs = [
        (row, max(0, mark + by * (at >= first))) for at, (row, mark) in enumerate(marks.pairs)
    ]
    return marks.json()


@hostile("pointer")
def cells_shifted(asked: Asked) -> str:
    """Within one row or all rows every cell is its neighbour's, written cell by cell."""
    marks = Marks.of(asked)
    by = asked.rng.choice((-1, 1))
    chosen = marks.three if asked.rng.random() < 0.5 else marks.three[:1]
    spelled = [marks.spelled_out(*marks.pairs[at]) for at in chosen]
    marks.pairs = [pair for at, pair in enumerate(marks.pairs) if at not in chosen]
    end = asked.rng.choice(("", "-", None))
    for row, *cells in spelled:
        turned = cells[by:] + cells[:by]
        if end is not None and turned:
            turned[0 if by < 0 else -1] = end
        marks.cells.append([row, *turned])
    return marks.json()


@hostile("pointer", on="columns")
def columns_rotated(asked: Asked) -> str:
    """The order of the columns is turned, or two of them exchanged."""
    marks = Marks.of(asked)
    order = list(marks.order or _COLUMNS)
    if asked.rng.random() < 0.5:
        by = asked.rng.randrange(1, 7)
        order = order[by:] + order[:by]
    else:
        one, two = asked.rng.sample(range(7), 2)
        order[one], order[two] = order[two], order[one]
    marks.order = order + (list(range(71, 76)) if asked.rng.random() < 0.3 else [])
    return marks.json()


@hostile("pointer", on="columns")
def order_shuffled(asked: Asked) -> str:
    """Any order of the columns of tables 三 and 四."""
    marks = Marks.of(asked)
    marks.order = asked.rng.sample(_COLUMNS, 7) + asked.rng.sample(range(71, 76), 5)
    return marks.json()


@hostile("pointer", on="columns")
def columns_for_rows(asked: Asked) -> str:
    """Columns are named where the table is printed row by row, rows where it is by column."""
    marks = Marks.of(asked)
    three = [mark for mark in marks.marks if marks.table(mark) == "requests"]
    marks.pairs = [pair for pair in marks.pairs if marks.table(pair[1]) != "requests"]
    named = list(range(1, 26)) if any(len(marks.texts(m)) > 9 for m in three) else _COLUMNS
    marks.pairs += list(zip(named, three, strict=False))
    return marks.json()


@hostile("pointer")
def another_report(asked: Asked) -> str:
    """The right answer for another report."""
    return compact(asked.other.pointers(asked.other_excerpt))


@hostile("pointer", on="equal")
def neighbours_exchanged(asked: Asked) -> str:
    """Two neighbouring rows have each other's marks, all else is right."""
    marks = Marks.of(asked)
    if len(marks.pairs) > 1:
        at = asked.rng.randrange(len(marks.pairs) - 1)
        marks.exchange(at, at + 1)
    return marks.json()


@hostile("pointer", on="equal")
def rows_of_a_group_exchanged(asked: Asked) -> str:
    """Two rows of table 三 that stand near each other have each other's marks."""
    marks = Marks.of(asked)
    three = marks.three
    if len(three) > 3:
        at = asked.rng.randrange(len(three) - 3)
        marks.exchange(three[at], three[at + asked.rng.choice((2, 3))])
    return marks.json()


@hostile("pointer")
def first_and_last_exchanged(asked: Asked) -> str:
    """The first and the last row of a table have each other's marks."""
    marks = Marks.of(asked)
    three = marks.three or list(range(len(marks.pairs)))
    if three:
        marks.exchange(three[0], three[-1])
    return marks.json()


@hostile("pointer", on="equal")
def equal_rows_exchanged(asked: Asked) -> str:
    """Rows with equal figures have each other's marks: no sum can tell."""
    marks = Marks.of(asked)
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, (_, mark) in enumerate(marks.pairs):
        alike.setdefault(marks.texts(mark), []).append(at)
    groups = [places for places in alike.values() if len(places) > 1]
    for places in groups:
        asked.rng.shuffle(places)
        marks.turn(places[: asked.rng.choice((2, len(places)))])
    return marks.json()


@hostile("pointer", on="labels")
def mark_of_an_equal_row(asked: Asked) -> str:
    """One row is missing, and its neighbour points at its mark, of equal figures where there are."""
    marks = Marks.of(asked)
    rng = asked.rng
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
    return marks.json()
