"""Whose fault a failed identity is: what was doubtful to read is looked at again, never repaired."""

from __future__ import annotations

import pytest

from tests.garbler.product import run
from tests.test_hard_cases import GRANTED, ROW, codes, edited

CELL = "requests.granted.natural_person"


def with_granted(row: str) -> str:
    return edited((ROW, row))


def test_a_verbatim_figure_that_does_not_balance_is_the_fault_of_the_source() -> None:
    result = run(with_granted("31\t2\t2\t3\t2\t0\t39"))
    assert result["verdict"] == "inconsistent"
    (group,) = result["suspects"]
    assert group["sets"] == ((CELL,),)
    assert group["fault"] == "source"
    assert group["doubtful"] == ()
    assert result["cells"][CELL]["value"] == 31


@pytest.mark.parametrize("wrong", ["3 1", "4O"])
def test_a_suspect_that_was_doubtful_to_read_is_the_fault_of_the_reading(wrong: str) -> None:
    text = with_granted(f"{wrong}\t2\t2\t3\t2\t0\t39")
    result = run(text)
    assert result["verdict"] == "rejected"
    (group,) = result["suspects"]
    assert group["fault"] == "reading"
    assert group["doubtful"] == (CELL,)
    (again,) = [r for r in result["reasons"] if r["code"] == "suspect_doubtful"]
    assert again["cells"] == (CELL,)
    assert text[slice(*again["span"])] == wrong


def test_what_to_look_at_again_never_names_the_figure_that_would_balance() -> None:
    result = run(with_granted("3 1\t2\t2\t3\t2\t0\t39"))
    (again,) = [r for r in result["reasons"] if r["code"] == "suspect_doubtful"]
    assert again["expected"] is None
    assert "30" not in again["message_zh"] + again["message_en"] + str(again["actual"])


def test_a_chinese_zero_is_no_doubt() -> None:
    result = run(with_granted("4〇\t2\t2\t3\t2\t0\t39"))
    assert result["verdict"] == "inconsistent"
    assert result["suspects"][0]["fault"] == "source"


def test_a_doubtful_cell_that_explains_nothing_leaves_the_fault_with_the_source() -> None:
    result = run(
        edited(
            (ROW, "3 0\t2\t2\t3\t2\t0\t39"),
            ("行政复议", "行政复议"),
            ("一、本年新收政府信息公开申请数量\t", "一、本年新收政府信息公开申请数量\t1"),
        )
    )
    assert result["verdict"] == "inconsistent"
    assert all(group["fault"] == "source" for group in result["suspects"])
    assert "suspect_doubtful" not in codes(result)


def test_a_row_without_its_label_that_breaks_a_sum_is_looked_at_again() -> None:
    result = run(edited((GRANTED, "\t31\t2\t2\t3\t2\t0\t39")))
    assert result["verdict"] == "rejected"
    assert "suspect_doubtful" in codes(result)
