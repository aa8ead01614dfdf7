"""The helper that makes one test of many values, and the part of the long suites that a day runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import ROOT, python
from tests.each import each
from tests.suites import SUITES, left_out, part_of


def test_every_value_that_fails_is_told() -> None:
    @each("number", range(6))
    def small(number: int) -> None:
        assert number in {0, 1, 3}, f"{number} is another"

    with pytest.raises(pytest.fail.Exception) as raised:
        small()
    said = str(raised.value)
    assert said.startswith("3 of 6 fail")
    assert all(f"{number} is another" in said for number in (2, 4, 5))
    assert "3 is another" not in said


def test_values_of_several_names_and_of_several_decorators_are_all_tried() -> None:
    seen = []

    @each("a, b", [(1, 2), (3, 4)])
    @each(("c",), "xy")
    def one(a: int, b: int, c: str, more: str) -> None:
        seen.append((a, b, c, more))

    one(more="z")
    assert seen == [(1, 2, "x", "z"), (1, 2, "y", "z"), (3, 4, "x", "z"), (3, 4, "y", "z")]


def test_another_error_ends_the_test_and_says_the_value() -> None:
    @each("divisor", (1, 0, 2), ids=lambda n: f"by {n}")
    def divide(divisor: int) -> None:
        assert 2 / divisor

    with pytest.raises(ZeroDivisionError) as raised:
        divide()
    assert raised.value.__notes__ == ["with by 0"]


# --- the long suites


@each("days, count", [(1, 5), (4, 1), (4, 4), (4, 10), (10, 3), (10, 25)])
def test_every_test_of_a_suite_is_run_within_its_days(days: int, count: int) -> None:
    ids = [f"test_{number}" for number in range(count)]
    begin = date(2026, 11, 28)
    parts = [part_of(ids, days, begin + timedelta(n)) for n in range(days)]
    assert set().union(*parts) == set(ids)
    assert all(parts)
    assert max(map(len, parts)) <= -(-count // min(days, count))
    assert part_of(ids, days, begin) == part_of(reversed(ids), days, begin)


def test_the_document_has_every_suite_with_its_command() -> None:
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    for name, (days, about) in SUITES.items():
        assert f"| {about} | `python -m pytest -m {name}` | {days} |" in text, name


@dataclass(frozen=True)
class Item:
    """As much of a collected test as the choice looks at."""

    nodeid: str
    marker: str | None = None

    def get_closest_marker(self, name: str) -> object:
        return name if name == self.marker else None


def test_a_plain_run_leaves_the_long_suites_out_and_a_day_takes_its_part() -> None:
    short = [Item(f"short_{n}") for n in range(3)]
    long: list[Any] = [Item(f"{name}_{n}", name) for name in SUITES for n in range(20)]
    items: Any = [*short, *long]
    assert left_out(items, day=None, plain=True) == long
    assert left_out(items, day=None, plain=False) == []
    day = date(2026, 11, 28)
    run = [i for i in items if i not in left_out(items, day=day, plain=False)]
    assert run[:3] == short
    of_suites = {name: sum(i.marker == name for i in run) for name in SUITES}
    assert of_suites == {name: 20 // days for name, (days, _) in SUITES.items()} | {
        name: of_suites[name] for name, (days, _) in SUITES.items() if 20 % days
    }
    other = [i for i in items if i not in left_out(items, day=day + timedelta(1), plain=False)]
    assert other != run


def test_a_suite_is_collected_where_it_is_named() -> None:
    """The wiring: hooks and options of tests/conftest.py, by the real command."""
    for arguments, count in (
        (["tests/test_any_text.py"], 4),
        (["tests/test_any_text.py", "-m", "fuzz", "--day", "2026-11-28"], 1),
    ):
        done = python("-m", "pytest", "--collect-only", "-n", "0", *arguments)
        named = [line for line in done.stdout.decode().splitlines() if "::" in line]
        assert len(named) == count, done.stdout.decode() + done.stderr.decode()
