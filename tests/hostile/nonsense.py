"""Hostile answers in the pointer protocol: nonsense that fits the schema."""

from __future__ import annotations

import re
from random import Random

from extractor.readers.excerpt import letter
from extractor.readers.sheets import TABLE_OF

from .marks import Marks, bent, figures
from .registry import Asked, compact, hostile

_NUMBERS = list(TABLE_OF)


@hostile(made="nonsense")
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


def _any_pointer(rng: Random) -> str:
    first = f"{rng.randint(0, 60)}{letter(rng.randrange(30))}"
    return rng.choice(
        (
            first,
            "",
            "-",
            f"{first}.{rng.randint(0, 5)}",
            f"{first}.1-2",
            f"{first}+{rng.randint(0, 60)}a",
            "0",
            "x",
            "999zz",
        )
    )


@bent()
def random_rows(marks: Marks, rng: Random) -> None:
    """Rows of the form on marks of the excerpt, paired at random."""
    rows = rng.sample(_NUMBERS, min(len(_NUMBERS), len(marks.marks)))
    marks.pairs = list(zip(rows, rng.sample(marks.marks, len(rows)), strict=True))
    marks.cells, marks.order = [], []


@bent(on="equal")
def shuffled_rows(marks: Marks, rng: Random) -> None:
    """The right rows on the right marks, shuffled inside each table."""
    for table in ("requests", "proactive", "proceedings"):
        places = marks.of_table(table)
        rng.shuffle(places)
        marks.turn(places)


@hostile(made="nonsense")
def all_zeros(asked: Asked) -> str:
    """Zeros everywhere."""
    cells = [[str(row), *["0"] * 7] for row in range(1, 26)]
    rows = [[0, 0, 0, 0]] * asked.rng.randint(1, 9)
    return compact({"rows": rows, "cells": cells, "order": [0] * 7})


@hostile(on="equal")
def all_on_zeros(asked: Asked) -> str:
    """Every cell of table 三 points at some figure of the excerpt that is zero."""
    marks = Marks.of(asked)
    zeros = [
        f"{mark}{letter(i)}"
        for mark in marks.marks
        for i, text in enumerate(marks.texts(mark))
        if text == "0"
    ]
    if not zeros:
        return compact({"rows": [], "cells": [], "order": []})
    again = asked.rng.random() < 0.3
    at = iter(zeros * (1 + 175 // len(zeros)) if again else [*zeros, *["-"] * 175])
    rows = sorted({row for row, _ in marks.pairs if TABLE_OF.get(row) == "requests" and row < 61})
    marks.cells = [[str(row), *(next(at) for _ in range(7))] for row in rows]
    marks.pairs = [pair for pair in marks.pairs if TABLE_OF.get(pair[0]) != "requests"]
    return marks.json()


@hostile(made="nonsense")
def one_mark(asked: Asked) -> str:
    """Every row, and every cell, on the same mark."""
    marks = Marks.of(asked)
    mark = asked.rng.choice(marks.marks or [1])
    if asked.rng.random() < 0.5:
        rows = [row for row, _ in marks.pairs]
        return compact(
            {"rows": [[row, row, mark, mark] for row in rows][:90], "cells": [], "order": []}
        )
    marks.cells = [[str(row), *[f"{mark}a"] * 7] for row, _ in marks.pairs]
    marks.pairs = []
    return marks.json()


@hostile(made="nonsense")
def nothing_at_all(asked: Asked) -> str:
    """No row is there, or every row is blank or missing."""
    rows = [row for row in _NUMBERS if row < 61]
    filling = asked.rng.choice(([], [""] * 7, ["-"] * 7, ["", "-", "", "-", "", "-", ""]))
    cells = [[str(row), *filling] for row in rows] if asked.rng.random() < 0.7 else []
    return compact({"rows": [], "cells": cells[:60], "order": []})


@hostile(made="nonsense")
def figures_for_marks(asked: Asked) -> str:
    """Figures of the report where marks should stand, and in the cells."""
    marks = Marks.of(asked)
    told = [int(text) for text in figures(marks) if re.fullmatch("[0-9]{1,3}", text)] or [0]
    rows = [[row, row, asked.rng.choice(told), asked.rng.choice(told)] for row in range(1, 26)]
    if asked.rng.random() < 0.5:
        rows = [[row, row, at, at] for row, _, at, _ in rows]
    cells = [[str(row), *marks.texts(mark)][:9] for row, mark in marks.pairs][:60]
    cells = [[text[:24] for text in cell] for cell in cells]
    return compact({"rows": asked.rng.choice((rows, [])), "cells": cells, "order": told[:20]})
