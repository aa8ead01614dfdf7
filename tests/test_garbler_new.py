"""The new damages: their truth is exact, and nothing of them changes the reports of the old set."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.garbler import DAMAGES, Garbled, garble
from tests.garbler.judge import judge
from tests.garbler.model import KINDS
from tests.garbler.registry import Damage, of_pool

NEW = sorted(d.name for d in of_pool("new"))
SEEDS = range(200)
OLD_TEXTS = "37046e0f2ab52b74"


def perfect(report: Garbled) -> dict[str, object]:
    """What a reader says who reads what surely stands there, and leaves the rest."""
    cells = {}
    for name, cell in report.expected.items():
        sure = cell.must_be_read
        state = "read" if sure else min(cell.states - {"read"}, default="unreadable")
        value = str(cell.value) if sure else None
        cells[name] = {"state": state, "value": value, "span": cell.span if sure else None}
    whole = all(cell.must_be_read for cell in report.expected.values()) and report.passable
    verdict = "accepted" if whole else "incomplete"
    return {
        "verdict": verdict if report.sound else "inconsistent",
        "report": {
            "agency": report.agency,
            "year": report.year if report.year_told else None,
            "form": report.form,
        },
        "cells": cells,
    }


def texts(pool: str, count: int) -> str:
    found = sha256()
    for seed in range(count):
        report = garble(seed, pool="new" if pool == "new" else "old")
        found.update(report.text.encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:16]


@pytest.mark.garbler
@pytest.mark.parametrize("name", NEW)
def test_a_new_damage_applies_and_keeps_the_truth(name: str) -> None:
    applied = 0
    for seed in range(20):
        report = garble(seed, pool="new", damages=[name])
        if report.damages != (name,):
            continue
        applied += 1
        assert KINDS.index(report.kind) >= KINDS.index(DAMAGES[name].kind)
        assert DAMAGES[name].says.endswith(".")
        used: set[int] = set()
        for cell_name, cell in report.expected.items():
            assert (cell.value is not None) == ("read" in cell.states), cell_name
            if cell.span is not None:
                assert report.text[slice(*cell.span)] == cell.text, cell_name
                assert not used & set(range(*cell.span)), cell_name
                used |= set(range(*cell.span))
        sure = all(cell.must_be_read for cell in report.expected.values())
        assert sure or report.kind != "lossless"
        assert all(c.passable for c in report.expected.values()) or report.kind == "lossy"
        judged = judge(report, perfect(report))
        assert judged.differences == ()
        assert not any((judged.silent, judged.accused, judged.refused, judged.head_wrong))
    assert applied >= 10


@pytest.mark.garbler
def test_the_new_set_tells_the_truth_when_damages_meet() -> None:
    for seed in SEEDS:
        report = garble(seed, pool="new")
        assert any(DAMAGES[name].pool == "new" for name in report.damages), seed
        judged = judge(report, perfect(report))
        assert judged.differences == (), seed
        assert not any((judged.silent, judged.accused, judged.head_wrong)), seed


@pytest.mark.garbler
def test_a_damage_that_is_added_later_leaves_the_old_set_alone() -> None:
    assert texts("old", 300) == OLD_TEXTS
    later = Damage("later", "lossless", "draft", lambda *_: True, "new")
    before = [garble(seed, pool="new").text for seed in SEEDS]
    DAMAGES["later"] = later
    try:
        assert texts("old", 300) == OLD_TEXTS
    finally:
        del DAMAGES["later"]
    assert before == [garble(seed, pool="new").text for seed in SEEDS]


def test_each_new_damage_is_described_with_its_kind() -> None:
    told = (Path(__file__).parent / "garbler" / "README.md").read_text(encoding="utf-8")
    missing = [n for n in NEW if f"| `{n}` | {DAMAGES[n].kind} | " not in told]
    assert missing == []


def test_all_takes_the_two_sets_by_turns() -> None:
    for seed in range(20):
        assert garble(2 * seed, pool="all").text == garble(seed, pool="old").text
        assert garble(2 * seed + 1, pool="all").text == garble(seed, pool="new").text


def doubtful() -> Garbled:
    """A report with a figure of another period in table 二."""
    return next(
        report
        for seed in range(50)
        if (report := garble(seed, damages=["remark_of_another_period"], layout="tabs"))
        and report.damages
    )


def test_a_report_does_not_pass_with_a_figure_in_doubt() -> None:
    report = doubtful()
    cell = next(n for n, c in report.expected.items() if not c.passable)
    told = perfect(report)
    cells = told["cells"]
    assert isinstance(cells, dict)
    expected = report.expected[cell]
    for state in ("read", "deduced"):
        cells[cell] = {"state": state, "value": str(expected.value), "span": expected.span}
        assert judge(report, told | {"verdict": "accepted"}).silent
    cells[cell]["state"] = "read"
    assert judge(report, told | {"verdict": "unconfirmed"}).differences == ()


def test_an_accusation_of_a_sound_source_is_counted() -> None:
    report = garble(3, damages=[], scale="small")
    assert judge(report, perfect(report) | {"verdict": "inconsistent"}).accused
    assert judge(report, perfect(report) | {"verdict": "unconfirmed"}).refused
    broken = garble(3, damages=["total_off"], scale="small")
    assert not judge(broken, perfect(broken)).accused
