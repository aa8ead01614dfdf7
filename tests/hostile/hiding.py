"""Hostile answers that hide a fault of the source: what breaks an identity is not told as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from extractor.readers.sheets import ROWS, number_of
from verify.arithmetic import check
from verify.forms import Edition
from verify.grounding import figures_at
from verify.reading import Place

from .marks import Marks
from .registry import Asked, hostile


def _hide(how: Callable[[Marks, int, list[int]], None], asked: Asked) -> str:
    """Do something to the rows whose printed figures break an identity, so that nothing fails."""
    marks = Marks.of(asked)
    broken = broken_rows(asked)
    for row in broken:
        at = marks.places(lambda r, _, row=row: r == row)  # type: ignore[misc]
        if at:
            how(marks, at[0], broken)
    return marks.json()


def _number(cell: str, edition: Edition) -> int:
    return next(
        number_of(table, row, edition)
        for table in ROWS
        for of, row, _ in [cell.split(".")]
        if of == table
    )


def broken_rows(asked: Asked) -> list[int]:
    """A few rows of the report whose printed figures break identities, those that break most first."""
    strong = asked.strong
    edition: Edition = "2019" if any(".procurement." in n for n in strong.form.cells) else "2021"
    culprits = {_number(name, edition) for name in asked.culprits}
    if culprits and asked.rng.random() < 0.7:
        return sorted(culprits)
    places = {n: Place("span", s) for n, s in strong.truth.items() if not isinstance(s, str)}
    values = figures_at(strong.layout.source, places, strong.form)
    failed = check(strong.form.identities, values).failed
    names = [name for identity in failed for name in identity.cells]
    rows = Counter(_number(name, edition) for name in names)
    suspects = [row for row, _ in rows.most_common(4)]
    return suspects[: asked.rng.randint(1, 4)]


@hostile(on="wrong")
def what_fails_left_out(asked: Asked) -> str:
    """Rows whose printed figures break an identity are left out or told to be blank or missing."""

    def how(marks: Marks, at: int, _broken: list[int]) -> None:
        row, mark = marks.pairs.pop(at)
        filling = asked.rng.choice((None, [], [""], ["-"]))
        if filling is not None:
            marks.cells.append([str(row), *filling * len(marks.texts(mark))])

    return _hide(how, asked)


@hostile(on="wrong")
def what_fails_blanked(asked: Asked) -> str:
    """Single cells of rows that break an identity are told to be blank or missing."""

    def how(marks: Marks, at: int, _broken: list[int]) -> None:
        cells = marks.spell(at)
        for i in asked.rng.sample(range(1, len(cells)), min(len(cells) - 1, 2)):
            cells[i] = asked.rng.choice(("", "-"))

    return _hide(how, asked)


@hostile(on="wrong")
def what_fails_moved(asked: Asked) -> str:
    """Rows that break an identity exchange marks or take a mark that is free."""

    def how(marks: Marks, at: int, broken: list[int]) -> None:
        if marks.free and asked.rng.random() < 0.5:
            marks.pairs[at] = (marks.pairs[at][0], asked.rng.choice(marks.free))
            return
        others = marks.places(lambda row, _: row in broken)
        marks.exchange(at, asked.rng.choice(others))

    return _hide(how, asked)
