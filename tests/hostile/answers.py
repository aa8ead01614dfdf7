"""Hostile answers in the pointer protocol: wrong readings, and what its grammar allows and nothing means."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from functools import partial
from random import Random
from typing import Any

from extractor.readers.excerpt import cut, letter
from extractor.readers.sheets import COLUMNS, TABLE_OF
from tests.hard.attack import ATTACKS, Attack, hide_what_fails, lose_rows
from tests.hard.cases import Case
from tests.scripted.strong import StrongModel, pairs_of, ranges
from verify import BLANK, MISSING, Place, Reading
from verify.stream import Kind

from .registry import KINDS, Asked, Hostile, On, compact, hostile

_COLUMNS = list(COLUMNS["requests"])
_NUMBERS = list(TABLE_OF)
_SIX = {21, 22, 23}  # the rows （六） of form 2021; 26 is the single one of form 2019
_FIT: dict[str, On] = {
    "exchange_columns": "columns",
    "rotate_columns": "columns",
    "transpose": "columns",
    "exchange_unlabelled": "labels",
    "from_another_table": "local",
    "other_runs": "local",
    "stray_runs": "local",
    "hide_what_fails": "wrong",
    "same_figure_elsewhere": "equal",
    "turn_rows": "equal",
    "zeros": "equal",
    "figures_for_blanks": "glued",
    "lose_cells": "glued",
    "swap_cells": "glued",
}


def bent(asked: Asked, attack: Attack) -> str:
    """What a strong model answers that believes in a wrong reading."""
    strong = asked.strong
    known = {"missing": MISSING, "blank": BLANK}
    places = {
        name: known[told] if isinstance(told, str) else Place("span", told)
        for name, told in strong.truth.items()
    }
    case = Case("", strong.layout, Reading(strong.form, dict(places)), asked.figures)
    attack(case, places, asked.rng)
    lying = copy(strong)
    lying.truth = {
        name: place.span
        if place.where == "span" and place.span
        else "blank"
        if place.where == "blank"
        else "missing"
        for name, place in places.items()
    }
    return StrongModel.__call__(lying, asked.system, asked.user)


for _attack in ATTACKS:
    _name = _attack.__name__
    KINDS[_name] = Hostile(_name, partial(bent, attack=_attack), on=_FIT.get(_name, "any"))


def spoiled(asked: Asked) -> str:
    """A subtly wrong answer."""
    return bent(asked, asked.rng.choice(ATTACKS))


# --- another grammar than the report has


@hostile()
def another_report(asked: Asked) -> str:
    """The right answer for another report."""
    other = asked.other
    return compact(other.pointers(cut(other.layout, [p.zone for p in other.together.parts])))


@hostile()
def range_too_long(asked: Asked) -> str:
    """One range is one row or one mark too long, or both."""
    answer = asked.answer
    if answer["rows"]:
        one = asked.rng.choice(answer["rows"])
        for at in asked.rng.choice(([1], [3], [1, 3], [0], [2], [0, 2])):
            one[at] = max(0, one[at] + (1 if at in (1, 3) else -1))
    return compact(answer)


def renumbered(asked: Asked, number: Callable[[int], int], shift: Callable[[], int] = int) -> str:
    """The right answer with other numbers of rows, or marks that are moved."""
    answer = asked.answer
    pairs = [(max(0, number(row)), max(0, mark + shift())) for row, mark in pairs_of(answer)]
    cells = [[str(number(int(cell[0]))), *cell[1:]] for cell in answer["cells"]]
    return compact(answer | {"rows": ranges(pairs)[:90], "cells": cells})


@hostile()
def rows_shifted(asked: Asked) -> str:
    """Every row is the next one, or the one before."""
    by = asked.rng.choice((-2, -1, 1, 2))
    return renumbered(asked, lambda row: row + by)


@hostile()
def marks_shifted(asked: Asked) -> str:
    """Every mark, or those from some row on, is the next one or the one before."""
    by, rng = asked.rng.choice((-1, 1)), asked.rng
    moved = [by] * rng.choice((1, 30)) if rng.random() < 0.5 else [0] * rng.randrange(30)
    later = iter(moved)
    return renumbered(asked, lambda row: row, lambda: next(later, by))


@hostile()
def edition_exchanged(asked: Asked) -> str:
    """The rows of table 二 are told as those of the other edition."""
    by = {31: 41, 32: 42, 33: 43, 34: 45, 35: 46, 36: 47}
    by |= {new: old for old, new in by.items()} | {44: 33, 48: 36}
    return renumbered(asked, lambda row: by.get(row, row))


@hostile(on="six")
def sixth_row_misnamed(asked: Asked) -> str:
    """A single row （六） is told as one of three, three rows as a single one."""
    if any(row == 26 for row, _ in pairs_of(asked.answer)):
        chosen = asked.rng.choice(sorted(_SIX))
        return renumbered(asked, lambda row: chosen if row == 26 else row)
    kept = asked.rng.choice(sorted(_SIX))
    return renumbered(asked, lambda row: 26 if row == kept else 0 if row in _SIX else row)


@hostile(on="columns")
def columns_in_another_order(asked: Asked) -> str:
    """The columns are said to be printed in any other order, those of table 四 too."""
    answer = asked.answer
    order = list(answer["order"] or _COLUMNS)
    one, two = asked.rng.sample(range(len(order)), 2)
    order[one], order[two] = order[two], order[one]
    turned = asked.rng.sample(_COLUMNS, 7)
    more = asked.rng.choice(([], asked.rng.sample(range(71, 76), 5)))
    return compact(answer | {"order": asked.rng.choice((order, turned)) + more})


@hostile(on="columns")
def rows_for_columns(asked: Asked) -> str:
    """Rows of table 三 are told as columns, or columns as rows."""
    answer = asked.answer
    pairs = pairs_of(answer)
    three = [mark for row, mark in pairs if TABLE_OF.get(row) == "requests"]
    named = range(1, 26) if any(row in _COLUMNS for row, _ in pairs) else _COLUMNS
    rest = [pair for pair in pairs if TABLE_OF.get(pair[0]) != "requests"]
    return compact(answer | {"rows": ranges([*rest, *zip(named, three, strict=False)])})


@hostile(on="glued")
def cut_elsewhere(asked: Asked) -> str:
    """Figures are cut at another place: one digit off, or where nothing is glued."""
    answer, rng = asked.answer, asked.rng
    pairs = pairs_of(answer)
    wide = [
        (at, candidate)
        for at, (_, mark) in enumerate(pairs)
        if (candidate := asked.excerpt.candidate(mark))
        and any(len(entry.text) > 1 for entry in candidate.entries)
    ]
    cuts = [
        (cell, at) for cell in answer["cells"] for at, text in enumerate(cell) if "." in text[1:]
    ]
    if cuts:
        cell, at = rng.choice(cuts)
        moved = str(rng.randint(1, 6))
        cell[at] = re.sub(r"[0-9]+$", moved, cell[at])
    elif wide:
        at, candidate = rng.choice(wide)
        row, mark = pairs.pop(at)
        cells = [f"{mark}{letter(i)}" for i in range(len(candidate.entries))]
        long = [i for i, entry in enumerate(candidate.entries) if len(entry.text) > 1]
        cells[rng.choice(long)] += rng.choice((".1", ".1-2", ".2", "+1a"))
        answer["rows"] = ranges(pairs)
        answer["cells"].append([str(row), *cells])
    return compact(answer)


# --- nonsense that fits the schema


def _any_pointer(rng: Random) -> str:
    first = f"{rng.randint(0, 60)}{letter(rng.randrange(30))}"
    odd = (
        "",
        "-",
        f"{first}.{rng.randint(0, 5)}",
        f"{first}.1-2",
        f"{first}+9a",
        "0",
        "x",
        "999zz",
    )
    return rng.choice((first, *odd))


@hostile("nonsense")
def random_numbers(asked: Asked) -> str:
    """Random numbers and pointers, whatever the schema allows."""
    rng = asked.rng
    rows = [[rng.randint(0, 999) for _ in range(4)] for _ in range(rng.randint(0, 90))]
    cells = [
        [str(rng.randint(0, 99)), *(_any_pointer(rng) for _ in range(rng.randint(0, 8)))]
        for _ in range(rng.randint(0, 60))
    ]
    order = [rng.randint(0, 99) for _ in range(rng.randint(0, 20))]
    return compact({"rows": rows, "cells": cells, "order": order})


@hostile()
def random_rows(asked: Asked) -> str:
    """Rows of the form on marks of the excerpt, paired at random."""
    marks = [candidate.mark for candidate in asked.excerpt.candidates]
    rows = asked.rng.sample(_NUMBERS, min(len(_NUMBERS), len(marks)))
    pairs = zip(rows, asked.rng.sample(marks, len(rows)), strict=True)
    return compact({"rows": ranges(list(pairs)), "cells": [], "order": []})


@hostile("nonsense")
def all_zeros(asked: Asked) -> str:
    """Zeros everywhere."""
    cells = [[str(row), *["0"] * 7] for row in range(1, 26)]
    rows = [[0, 0, 0, 0]] * asked.rng.randint(1, 9)
    return compact({"rows": rows, "cells": cells, "order": [0] * 7})


@hostile("nonsense")
def one_mark(asked: Asked) -> str:
    """Every row, and every cell, on the same mark."""
    mark = asked.rng.choice([candidate.mark for candidate in asked.excerpt.candidates] or [1])
    told = [row for row, _ in pairs_of(asked.answer)]
    rows: list[Any] = [[row, row, mark, mark] for row in told][:90]
    cells = [[str(row), *[f"{mark}a"] * 7] for row in told][:60]
    rows, cells = asked.rng.choice(((rows, []), ([], cells)))
    return compact({"rows": rows, "cells": cells, "order": []})


@hostile("nonsense")
def nothing_at_all(asked: Asked) -> str:
    """No row is there, or every row is blank or missing."""
    filling = asked.rng.choice(([], [""] * 7, ["-"] * 7, ["", "-", "", "-", "", "-", ""]))
    cells = [[str(row), *filling] for row in _NUMBERS if row < 61]
    return compact({"rows": [], "cells": asked.rng.choice(([], cells[:60])), "order": []})


@hostile("nonsense")
def figures_for_marks(asked: Asked) -> str:
    """Figures of the report where marks should stand, and in the cells."""
    texts = [
        entry.text
        for candidate in asked.excerpt.candidates
        for entry in candidate.entries
        if entry.kind is Kind.FIGURE
    ]
    told = [int(text) for text in texts if re.fullmatch("[0-9]{1,3}", text)] or [0]
    rows = [[row, row, asked.rng.choice(told), asked.rng.choice(told)] for row in range(1, 26)]
    cells = [[str(row), *texts[row : row + 7]] for row in range(1, 26)]
    return compact({"rows": asked.rng.choice((rows, [])), "cells": cells, "order": told[:20]})


# --- answers that differ from one question to the next


@hostile("control")
def nothing_wrong(asked: Asked) -> str:
    """The right answer, always: that others do not pass is no fault of the stack."""
    return asked.right


@hostile()
def several_things(asked: Asked) -> str:
    """Two or three attacks, one upon the other."""

    def several(case: Case, places: dict[str, Place], rng: Random) -> None:
        for _ in range(rng.randint(2, 3)):
            rng.choice(ATTACKS)(case, places, rng)

    return bent(asked, several)


@hostile()
def right_then_wrong(asked: Asked) -> str:
    """At first right but for rows left out; asked again, wrong."""
    return spoiled(asked) if asked.again else bent(asked, lose_rows)


@hostile()
def wrong_then_right(asked: Asked) -> str:
    """At first wrong; asked again, right."""
    return asked.right if asked.again else spoiled(asked)


@hostile()
def wrong_then_wrong_again(asked: Asked) -> str:
    """Every answer is wrong in a way of its own."""
    return spoiled(asked)


@hostile()
def unusable_then_wrong(asked: Asked) -> str:
    """At first no JSON; asked again table by table, subtly wrong answers."""
    return spoiled(asked) if asked.again else "我先想一想。"


@hostile(on="wrong")
def only_what_fails_again(asked: Asked) -> str:
    """What breaks a sum is left out at first; asked again, it is told wrong."""
    return spoiled(asked) if asked.again else bent(asked, hide_what_fails)


@hostile(votes=3)
def two_of_three_collude(asked: Asked) -> str:
    """One sample is right, two agree on the same subtly wrong answer."""
    if asked.turn % 3 == 0:
        asked.state["wrong"] = spoiled(asked)
        return asked.right
    return str(asked.state.get("wrong", asked.right))


@hostile(votes=3)
def three_differ(asked: Asked) -> str:
    """Three samples, each wrong in its own way."""
    return spoiled(asked)


@hostile(votes=3, on="wrong")
def votes_scattered_on_what_fails(asked: Asked) -> str:
    """Samples differ on just the rows that break an identity, so that these are left in doubt."""
    return bent(asked, hide_what_fails) if asked.turn % 3 else asked.right
