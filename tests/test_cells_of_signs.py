"""What stands in the place of a figure and is none is a cell that is not read."""

from __future__ import annotations

import pytest

from verify.lexer import read_stream
from verify.stream import Kind


def _run(text: str) -> list[tuple[Kind, str]]:
    return [(e.kind, e.text) for segment in read_stream(text).segments for e in segment.entries]


@pytest.mark.parametrize("sign", ["、", "....", "（）", "{{count}}", "0/14", "14 / 5"])
@pytest.mark.parametrize("indent", ["", "\t"])
def test_a_sign_on_a_line_between_figures_is_a_cell(sign: str, indent: str) -> None:
    lines = "".join(f"{indent}{cell}\n" for cell in ("2", sign, "3"))
    kinds = [kind for kind, _ in _run(f"2.重复申请\n{lines}")]
    assert kinds[0] is Kind.FIGURE
    assert kinds[-1] is Kind.FIGURE
    assert Kind.OTHER in kinds


def test_a_mark_that_counts_pages_is_no_cell() -> None:
    assert [kind for kind, _ in _run("2.重复申请\n2\n3/14\n3\n")] == [Kind.FIGURE] * 2


def test_brackets_between_figures_of_a_line_are_a_cell() -> None:
    kinds = [kind for kind, _ in _run("2.重复申请　225　0　3　（）　0　0　228\n")]
    assert kinds == [Kind.FIGURE] * 3 + [Kind.OTHER] + [Kind.FIGURE] * 3


def test_persons_are_no_unit_of_the_form() -> None:
    assert (Kind.FIGURE, "62人") not in _run("行政处罚\t62人\t3\n")
    assert (Kind.FIGURE, "62件") in _run("行政处罚\t62件\t3\n")


def test_thousands_parted_in_a_field_are_not_their_last_three_digits() -> None:
    assert _run("行政规范性文件\n\t66, 333\t2\t30\n")[0][0] is Kind.OTHER
