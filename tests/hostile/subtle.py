"""Hostile answers in the pointer protocol: right but for one subtle thing, or a few."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from extractor.readers.excerpt import letter
from extractor.readers.sheets import TABLE_OF

from .bending import (
    columns_exchanged,
    gap_turned,
    local_row_for_a_lost_one,
    local_row_for_a_printed_one,
    reworded_rows_exchanged,
)
from .hiding import what_fails_left_out
from .marks import Marks, bent
from .moved import (
    equal_rows_exchanged,
    mark_of_an_equal_row,
    neighbours_exchanged,
    rows_of_a_group_exchanged,
)
from .registry import Asked, compact, hostile


@hostile()
def range_too_long(asked: Asked) -> str:
    """One range is one row or one mark too long, or both."""
    answer = asked.answer
    if answer["rows"]:
        one = asked.rng.choice(answer["rows"])
        for at in asked.rng.choice(([1], [3], [1, 3], [0], [2], [0, 2])):
            one[at] = max(0, one[at] + (1 if at in (1, 3) else -1))
    return compact(answer)


@bent()
def another_table(marks: Marks, rng: Random) -> None:
    """The answer of one table is given for another."""
    rows = {"requests": [*range(1, 26)], "proceedings": [51, 52, 53], "proactive": [*range(31, 37)]}
    to = rng.choice(list(rows))
    of = rng.choice([table for table in rows if table != to])
    lent = [mark for mark in marks.marks if marks.table(mark) == of]
    marks.pairs = [pair for pair in marks.pairs if TABLE_OF.get(pair[0]) != to]
    first = rng.randrange(max(1, len(lent) - len(rows[to]) + 1))
    marks.pairs += list(zip(rows[to], lent[first:], strict=False))


@bent(on="local")
def lost_row_from_another_table(marks: Marks, rng: Random) -> None:
    """A row that is lost, or one that is not, is filled with figures of another table."""
    rows = [row for row in marks.untold if row < 54] or [1]
    row = rng.choice(rows) if rng.random() < 0.7 else rng.choice([r for r, _ in marks.pairs] or [1])
    marks.pairs = [pair for pair in marks.pairs if pair[0] != row]
    strange = [mark for mark in marks.marks if marks.table(mark) != str(TABLE_OF.get(row))]
    pointers = [f"{mark}{letter(i)}" for mark in strange for i in range(len(marks.texts(mark)))]
    if len(pointers) > 7:
        first = rng.randrange(len(pointers) - 7)
        marks.cells.append([str(row), *pointers[first : first + 7]])


@hostile(on="six")
def sixth_row_misnamed(asked: Asked) -> str:
    """A single row （六） is told as one of three or as all of them, three rows as a single one."""
    marks = Marks.of(asked)
    three = {21, 22, 23}
    at = marks.places(lambda row, _: row == 26)
    if at:
        mark = marks.pairs[at[0]][1]
        marks.pairs[at[0]] = (asked.rng.choice((21, 22, 23)), mark)
        if asked.rng.random() < 0.5:
            marks.pairs += [(row, mark + i) for i, row in enumerate((22, 23), 1)]
        return marks.json()
    printed = [pair for pair in marks.pairs if pair[0] in three]
    marks.pairs = [pair for pair in marks.pairs if pair[0] not in three]
    marks.cells = [cell for cell in marks.cells if int(cell[0]) not in three]
    if printed:
        marks.pairs.append((26, asked.rng.choice(printed)[1]))
    return marks.json()


@bent()
def edition_exchanged(marks: Marks, _rng: Random) -> None:
    """The rows of table 二 are told as those of the other edition."""
    by = {31: 41, 32: 42, 33: 43, 34: 45, 35: 46, 36: 47}
    by |= {new: old for old, new in by.items()} | {44: 33, 48: 36}
    marks.pairs = [(by.get(row, row), mark) for row, mark in marks.pairs]
    marks.cells = [[str(by.get(int(cell[0]), int(cell[0]))), *cell[1:]] for cell in marks.cells]


@bent(on="glued")
def blank_for_a_figure(marks: Marks, rng: Random) -> None:
    """Cells with figures are told to be blank or missing, one, some or all of a row."""
    for _ in range(min(len(marks.pairs), rng.randint(1, 3))):
        cells = marks.spell(rng.randrange(len(marks.pairs)))
        for at in rng.sample(range(1, len(cells)), rng.randint(0, len(cells) - 1)):
            cells[at] = rng.choice(("", "-"))
        if rng.random() < 0.2:
            del cells[1:]


@bent(on="glued")
def figure_for_a_blank(marks: Marks, rng: Random) -> None:
    """Blank and missing cells point at a neighbour's figure, blank rows at a neighbour's mark."""
    pool = [f"{mark}{letter(i)}" for mark in marks.marks for i in range(len(marks.texts(mark)))]
    for cell in list(marks.cells):
        if len(cell) == 1 and marks.free:
            marks.cells.remove(cell)
            marks.pairs.append((int(cell[0]), rng.choice(marks.free)))
            continue
        for at in range(1, len(cell)):
            if cell[at] in ("", "-"):
                near = [c for c in cell[1:] if c not in ("", "-")]
                cell[at] = rng.choice(near or pool or ["1a"])
    for row in marks.untold[:3]:
        if pool and not marks.cells:
            marks.cells.append([str(row), *(rng.choice(pool) for _ in range(7))])


@hostile(on="glued")
def cut_elsewhere(asked: Asked) -> str:
    """Figures, glued ones first, are cut at another place, or whole ones are cut or joined."""
    marks = Marks.of(asked)
    rng = asked.rng
    cut = [c for c in marks.cells if any("." in text for text in c)]
    if cut:
        cells = rng.choice(cut)
        at = rng.choice([i for i, text in enumerate(cells) if "." in text])
        name, _, ends = cells[at].partition(".")
        first, _, last = ends.partition("-")
        shift = rng.choice((-1, 1))
        low = max(1, int(first) + rng.choice((0, shift)))
        high = max(low, int(last or first) + shift)
        cells[at] = f"{name}.{low}-{high}"
        if at + 1 < len(cells) and "." in cells[at + 1]:
            after = cells[at + 1].partition(".")[2].partition("-")
            end = int(after[2] or after[0])
            cells[at + 1] = f"{name}.{high + 1}-{max(high + 1, end)}"
        return marks.json()
    wide = marks.places(lambda _, mark: any(len(t) > 1 and t.isdigit() for t in marks.texts(mark)))
    if wide:
        place = rng.choice(wide)
        texts = marks.texts(marks.pairs[place][1])
        cells = marks.spell(place)
        at = rng.choice([i for i, text in enumerate(texts, 1) if len(text) > 1 and text.isdigit()])
        if rng.random() < 0.3 and at + 1 < len(cells):
            cells[at], cells[at + 1] = f"{cells[at]}+{cells[at + 1]}", ""
        else:
            end = rng.randint(1, len(texts[at - 1]) - 1)
            cells[at] += rng.choice((f".1-{end}", f".{end + 1}-{len(texts[at - 1])}", f".{end}"))
    return marks.json()


@bent(on="glued")
def cells_exchanged(marks: Marks, rng: Random) -> None:
    """Two cells of one row, or of two rows, with different figures exchange their pointers."""
    uneven = marks.places(lambda _, mark: len(set(marks.texts(mark))) > 1)
    if uneven:
        cells = marks.spell(rng.choice(uneven))
        mark = int(re.match("[0-9]+", cells[1])[0])  # type: ignore[index]
        texts = marks.texts(mark)
        pairs = [(i, j) for i in range(len(texts)) for j in range(i) if texts[i] != texts[j]]
        i, j = rng.choice(pairs)
        cells[i + 1], cells[j + 1] = cells[j + 1], cells[i + 1]
        if rng.random() < 0.4 and marks.pairs:
            other = marks.spell(rng.randrange(len(marks.pairs)))
            at = rng.randrange(1, min(len(cells), len(other)))
            cells[at], other[at] = other[at], cells[at]


@bent(on="equal")
def equal_cells_exchanged(marks: Marks, rng: Random) -> None:
    """Cells of a column with equal figures exchange their pointers over the rows of a table."""
    chosen = rng.sample(marks.three, min(len(marks.three), 6))
    spelled = [marks.spelled_out(*marks.pairs[at]) for at in chosen]
    texts = [marks.texts(marks.pairs[at][1]) for at in chosen]
    marks.pairs = [pair for at, pair in enumerate(marks.pairs) if at not in chosen]
    for one in range(len(spelled)):
        for two in range(one):
            for at in range(1, min(len(spelled[one]), len(spelled[two]))):
                if texts[one][at - 1] == texts[two][at - 1] and rng.random() < 0.5:
                    a, b = spelled[one], spelled[two]
                    a[at], b[at] = b[at], a[at]
    marks.cells += spelled


@bent()
def rows_left_out(marks: Marks, rng: Random) -> None:
    """Up to four rows are not told, told to be blank, or told to be missing: figures would follow."""
    for _ in range(min(len(marks.pairs), rng.randint(1, 4))):
        row, mark = marks.pairs.pop(rng.randrange(len(marks.pairs)))
        how = rng.choice((None, [], [""], ["-"]))
        if how is not None:
            marks.cells.append([str(row), *how * len(marks.texts(mark))])


SUBTLE: tuple[Callable[[Asked], str], ...] = (
    neighbours_exchanged,
    rows_of_a_group_exchanged,
    equal_rows_exchanged,
    mark_of_an_equal_row,
    reworded_rows_exchanged,
    gap_turned,
    local_row_for_a_lost_one,
    columns_exchanged,
    range_too_long,
    sixth_row_misnamed,
    blank_for_a_figure,
    figure_for_a_blank,
    cut_elsewhere,
    cells_exchanged,
    rows_left_out,
    what_fails_left_out,
    lost_row_from_another_table,
    local_row_for_a_printed_one,
)


@hostile()
def several_subtle_things(asked: Asked) -> str:
    """Two or three subtle attacks, one upon the other."""
    for _ in range(asked.rng.randint(2, 3)):
        spoiled = asked.rng.choice(SUBTLE)(asked)
        asked = replace(asked, right=spoiled) if _expands(spoiled) else asked
    return asked.right


def _expands(text: str) -> bool:
    """Whether every range adds up, so that a further attack can take the answer apart."""
    return all(b - a == d - c >= 0 for a, b, c, d in json.loads(text)["rows"])
