"""The helper that makes one test of many values, and the part of the long suites that a day runs."""

from __future__ import annotations

import pytest

from tests.each import each


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


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(AssertionError, match="a test of nothing"):
        each("number", [])


@each("number", (1, 2))
def test_fixtures_are_given_beside_the_values(number: int, tmp_path_factory: object) -> None:
    assert number in (1, 2)
    assert tmp_path_factory is not None
