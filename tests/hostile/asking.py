"""Models that answer otherwise when they are asked again, and samples that collude."""

from __future__ import annotations

from .hiding import broken_rows
from .marks import Marks
from .registry import Asked, hostile
from .subtle import SUBTLE
from .text import spoiled


@hostile(made="control")
def nothing_wrong(asked: Asked) -> str:
    """The right answer, always: that others do not pass is no fault of the stack."""
    return asked.right


@hostile()
def right_then_wrong(asked: Asked) -> str:
    """At first right but for a few rows left out; asked again, these are told wrong."""
    marks = Marks.of(asked)
    if not asked.again:
        for _ in range(min(len(marks.pairs), asked.rng.randint(1, 3))):
            marks.pairs.pop(asked.rng.randrange(len(marks.pairs)))
        return marks.json()
    return asked.rng.choice(SUBTLE)(asked)


@hostile()
def wrong_then_right(asked: Asked) -> str:
    """At first wrong; asked again, right."""
    return asked.right if asked.again else spoiled(asked)


@hostile()
def wrong_then_wrong_again(asked: Asked) -> str:
    """At first one subtle thing is wrong; asked again, another."""
    return spoiled(asked)


@hostile()
def unusable_then_wrong(asked: Asked) -> str:
    """At first no JSON; asked again table by table, subtly wrong answers."""
    return spoiled(asked) if asked.again else "我先想一想。"


@hostile(on="wrong")
def only_wrong_rows_again(asked: Asked) -> str:
    """Asked again about some rows, others are told too, and those in doubt on each other's marks."""
    marks = Marks.of(asked)
    if not asked.again:
        rows = broken_rows(asked) or [row for row, _ in marks.pairs[:3]]
        marks.pairs = [pair for pair in marks.pairs if pair[0] not in rows]
        return marks.json()
    told = Marks(asked, [(row, mark) for row, mark in zip(range(1, 26), marks.marks, strict=False)])
    if len(marks.pairs) > 1:
        marks.turn(asked.rng.sample(range(len(marks.pairs)), min(3, len(marks.pairs))))
    return asked.rng.choice((marks, told)).json()


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
    marks = Marks.of(asked)
    rows = asked.state.setdefault(
        "rows", broken_rows(asked) or [row for row, _ in marks.pairs[-3:]]
    )
    for row in rows:
        at = marks.places(lambda r, _, row=row: r == row)  # type: ignore[misc]
        if at and asked.turn % 3 == 1:
            marks.cells.append([str(marks.pairs.pop(at[0])[0])])
        elif at and asked.turn % 3 == 2:
            marks.exchange(at[0], asked.rng.randrange(len(marks.pairs)))
    return marks.json()
