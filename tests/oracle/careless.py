"""Careless answerers: the oracle, wrong in the ways in which somebody who is in a hurry is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

Answer = dict[str, Any]
Careless = Callable[[Answer, Random], None]


def _runs(answer: Answer) -> list[list[int]]:
    """Rows told by a first and a last mark, of one width; ranges of rows are told one by one first."""
    rows = answer.get("rows", [])
    if "skip" not in answer:
        rows[:] = [
            [row, row, mark, mark]
            for first, last, low, high in rows
            for row, mark in zip(range(first, last + 1), range(low, high + 1), strict=True)
        ]
        return [one for one in rows if one[0] <= _MOST_ROW]
    runs = [one for one in rows if len(one) == _RUN]
    widths = [one[2] - one[1] for one in runs]
    usual = max(set(widths), key=widths.count) if widths else 0
    return [one for one in runs if one[2] - one[1] == usual]


def slip(answer: Answer, rng: Random) -> None:
    """From some row on, every row has the figures of the one after it."""
    runs = _runs(answer)
    at = rng.randrange(max(1, len(runs) - 1)) if runs else 0
    for one, two in zip(runs[at:], runs[at + 1 :], strict=False):
        one[-2:] = two[-2:]


def merge(answer: Answer, rng: Random) -> None:
    """Two rows are told on the marks of one."""
    runs = _runs(answer)
    if len(runs) > 1:
        one, two = rng.sample(runs, 2)
        one[-2:] = two[-2:]


def swap(answer: Answer, rng: Random) -> None:
    """Two rows have each other's figures: every sum still holds."""
    runs = _runs(answer)
    if len(runs) > 1:
        one, two = rng.sample(runs, 2)
        one[-2:], two[-2:] = two[-2:], one[-2:]


def skip(answer: Answer, rng: Random) -> None:
    """A row is passed over as a subtotal."""
    runs = _runs(answer)
    if runs and "skip" in answer:
        one = rng.choice(runs)
        answer["rows"].remove(one)
        answer["skip"].append([2, *one[-2:]])
    elif runs:
        answer["rows"].remove(rng.choice(runs))


def last_year(answer: Answer, _: Random) -> None:
    """The figures of another year are told for this one's, and this year's passed over."""
    others = [one for one in answer.get("skip", ()) if one[0] == 3]
    runs = _runs(answer)
    for one, other in zip(runs, others, strict=False):
        if one[2] - one[1] == other[2] - other[1]:
            one[1:], other[1:] = other[1:], one[1:]


def ditto(answer: Answer, rng: Random) -> None:
    """From some row on every row is as the one before it."""
    runs = _runs(answer)
    for one in runs[rng.randrange(max(1, len(runs))) :]:
        one[-2:] = runs[0][-2:]


def confirm(answer: Answer, _: Random) -> None:
    """Every label is said to name the rows in their official order, whatever it says."""
    if "names" in answer:
        answer["names"] = [[number, i] for i, (number, _) in enumerate(answer["names"], start=1)]


def pass_over(answer: Answer, rng: Random) -> None:
    """Figures of the form are called anything but that."""
    for one in list(answer.get("rows", ())):
        if "skip" in answer and rng.random() < _OFTEN:
            answer["rows"].remove(one)
            answer["skip"].append([rng.randint(1, 5), *one[-2:]])


def turn_columns(answer: Answer, rng: Random) -> None:
    """The columns are said to be printed in another order."""
    if "order" in answer:
        answer["order"] = rng.sample(range(61, 68), 7)


def call_all_last_year(answer: Answer, _: Random) -> None:
    """Everything is another year's, and what is another year's is this one's."""
    if "skip" not in answer:
        return
    rows = [one for one in answer["rows"] if len(one) == _RUN]
    others = answer["skip"]
    answer["rows"] = [[row[0], *other[1:]] for row, other in zip(rows, others, strict=False)]
    answer["skip"] = [[3, *row[1:]] for row in rows]


def anything(answer: Answer, rng: Random) -> None:
    """Whatever the schema allows."""
    if "names" in answer:
        answer["names"] = [[n, rng.randint(0, 99)] for n, _ in answer["names"]]
        return
    for key, most in (("rows", 90), ("skip", 100)):
        if key in answer and "skip" in answer:
            answer[key] = [
                [rng.randint(0, 99), a := rng.randint(-1, 300), a + rng.randint(-1, 9)]
                for _ in range(rng.randint(0, most))
            ]


_OFTEN = 0.4
_RUN = 3
_MOST_ROW = 26  # of table 三
CARELESS: dict[str, Careless] = {
    made.__name__: made for made in (slip, merge, swap, skip, last_year, ditto, confirm)
}
LYING: dict[str, Careless] = {
    made.__name__: made for made in (pass_over, turn_columns, call_all_last_year, anything)
}
"""What the fields of the answer invite."""


def mutated(
    answer: Callable[[str, str], str], how: Careless, seed: int
) -> Callable[[str, str], str]:
    """An answerer that is careless in one way."""
    rng = Random(seed)

    def careless(system: str, user: str) -> str:
        made: Answer = json.loads(answer(system, user))
        how(made, rng)
        return json.dumps(made, separators=(",", ":"))

    return careless
