"""Chinese numerals in cells are figures; ordinals, columns' numbers and what breaks a sum are none."""

from __future__ import annotations

from functools import cache

import pytest

from tests.garbler.product import run
from tests.garbler.trials import Choice

LAYOUTS = ("tabs", "spaces", "cells_tight", "pipes_bare")
CELL = "requests.new_received.natural_person"


@cache
def _report(layout: str) -> tuple[str, tuple[int, int], int]:
    """A clean report of one layout whose first cell of table 三 is a small count."""
    choice = Choice("old", layout=layout, most=0)
    for seed in range(60):
        report = choice.report(seed)
        cell = report.expected[CELL]
        small = isinstance(cell.value, int) and 1 < cell.value < 10
        if report.kind == "lossless" and small and cell.span:
            return report.text, cell.span, int(str(cell.value))
    raise AssertionError(f"no clean report in {layout}")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_numeral_is_read_said_and_never_accuses(layout: str) -> None:
    text, (start, end), value = _report(layout)
    numeral, other = "零一二三四五六七八九"[value], "二三四五六七八九一二"[value]
    right = run(text[:start] + numeral + text[end:])
    assert (right["verdict"], right["cells"][CELL]["value"]) == ("accepted", value)
    assert right["cells"][CELL]["text"] == numeral
    assert any("chinese_numeral" in (reason.get("by") or "") for reason in right["reasons"])
    wrong = run(text[:start] + other + text[end:])
    assert wrong["verdict"] in ("incomplete", "unconfirmed")
    assert wrong["cells"][CELL]["state"] == "unreadable"


@pytest.mark.parametrize("words", ["1.2万", "三余", "约三", "二至三", "三五", "百", "两三"])
def test_what_is_about_a_number_is_none(words: str) -> None:
    text, (start, end), _ = _report("tabs")
    result = run(text[:start] + words + text[end:])
    assert result["verdict"] not in ("accepted", "completed", "inconsistent")
    assert result["cells"][CELL]["value"] is None


def test_the_numbers_of_the_columns_are_no_row() -> None:
    text, _, _ = _report("tabs")
    head, label, rest = text.partition("一、本年新收")
    numbers = "\t".join("一二三四五六七")
    assert run(f"{head}\t{numbers}\n{label}{rest}")["verdict"] in ("accepted", "unconfirmed")
