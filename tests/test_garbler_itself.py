"""The garbler must be right itself: it is the oracle of the reader's tests."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from tests.garbler import DAMAGES, LAYOUTS, MIXED, SCALES, SHAPES, VARIANTS, Garbled, frozen, garble
from tests.garbler.judge import judge
from tests.garbler.model import KINDS
from tests.garbler.registry import Damage, of_pool
from tests.garbler.trials import Choice, trial
from tests.garbler.truth import broken, form_of

SEEDS = range(300)
NEW = sorted(d.name for d in of_pool("new"))
OLD_TEXTS = "37046e0f2ab52b74"
_ZERO = str.maketrans("Oo〇○−", "0000-")
_YUAN = Decimal(10_000)


def value_of(text: str) -> Decimal:
    """Read a printed figure as a person would, independently of the garbler."""
    plain = unicodedata.normalize("NFKC", text).translate(_ZERO)
    digits = re.sub(r"[\s,|│]", "", plain)
    if digits.endswith("万元"):
        return Decimal(digits.removesuffix("万元"))
    if digits.endswith("元"):
        return Decimal(digits.removesuffix("元")) / _YUAN
    return Decimal(digits.rstrip("件项个条"))


def assert_cells_stand_where_they_are_told(report: Garbled) -> None:
    assert set(report.expected) == set(form_of(report.variant).cells)
    used: set[int] = set()
    for name, cell in report.expected.items():
        assert (cell.value is not None) == ("read" in cell.states), name
        if cell.span is not None:
            assert report.text[slice(*cell.span)] == cell.text, name
            places = set(range(*cell.span))
            assert places, name
            assert not places & used, name
            used |= places


def assert_truth_is_in_the_text(report: Garbled) -> None:
    assert_cells_stand_where_they_are_told(report)
    for name, cell in report.expected.items():
        if "read" in cell.states:
            assert cell.text is not None, name
            assert value_of(cell.text) == cell.value, name


def known(report: Garbled) -> dict[str, int | Decimal]:
    return {
        n: c.value for n, c in report.expected.items() if c.must_be_read and c.value is not None
    }


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


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("scale", SCALES)
def test_true_figures_satisfy_every_identity(variant: str, scale: str) -> None:
    form = form_of(variant)
    for seed in range(20):
        report = garble(seed, variant=variant, scale=scale, damages=[])
        figures = {name: cell.true_value for name, cell in report.expected.items()}
        assert broken(form, figures) == []
        assert scale != "zero" or not any(figures.values())
        for name, kind in form.kinds.items():
            assert isinstance(figures[name], Decimal if kind == "money" else int), name


@pytest.mark.garbler
def test_a_seed_gives_its_own_report_and_the_truth_about_it_whatever_was_damaged() -> None:
    reports = [garble(seed, max_damages=8) for seed in SEEDS]
    assert len({report.text for report in reports}) == len(SEEDS)
    for seed, report in enumerate(reports):
        assert report == garble(seed, max_damages=8)
        assert_truth_is_in_the_text(report)
        if report.kind != "corrupting":
            assert broken(form_of(report.variant), known(report)) == []


@pytest.mark.garbler
@pytest.mark.parametrize("layout", [*LAYOUTS, MIXED])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_layout_prints_every_cell(layout: str, shape: str) -> None:
    for seed, variant in enumerate(VARIANTS):
        report = garble(seed, layout=layout, shape=shape, variant=variant, damages=[])
        assert_truth_is_in_the_text(report)
        assert report.kind == ("legible" if shape in ("bare", "one_header") else "lossless")
        assert all(cell.must_be_read for cell in report.expected.values())
        assert layout in (MIXED, report.layout)


@pytest.mark.garbler
@pytest.mark.parametrize("damage", [*of_pool("old"), *of_pool("new")], ids=lambda one: one.name)
def test_every_damage_applies_and_keeps_the_truth(damage: Damage) -> None:
    assert damage.says.endswith(".")
    applied = 0
    for seed in range(25):
        report = garble(seed, pool=damage.pool, damages=[damage.name])
        if report.damages != (damage.name,):
            continue
        applied += 1
        assert KINDS.index(report.kind) >= KINDS.index(damage.kind)
        unread = [cell for cell in report.expected.values() if not cell.must_be_read]
        if damage.pool == "old":
            assert_truth_is_in_the_text(report)
            assert not unread or report.kind in {"legible", "lossy"}
            assert unread or report.kind != "lossy"
            wrong = [c for c in report.expected.values() if c.value not in (None, c.true_value)]
            assert not wrong or report.kind == "corrupting"
        else:
            assert_cells_stand_where_they_are_told(report)
            assert not unread or report.kind != "lossless"
            assert all(c.passable for c in report.expected.values()) or report.kind == "lossy"
            judged = judge(report, perfect(report))
            assert judged.differences == ()
            assert not any((judged.silent, judged.accused, judged.refused, judged.head_wrong))
    assert applied >= (20 if damage.pool == "old" else 12)


@pytest.mark.garbler
def test_a_corrupted_report_proves_its_own_fault() -> None:
    corrupting = [name for name, damage in DAMAGES.items() if damage.kind == "corrupting"]
    for seed in SEEDS:
        report = garble(
            seed, damages=[corrupting[seed % len(corrupting)], "row_lost", "labels_lost"]
        )
        if report.kind == "corrupting" and "copies_differ" not in report.damages:
            assert broken(form_of(report.variant), known(report))


def test_the_title_names_the_year_and_the_agency() -> None:
    for seed in range(60):
        report = garble(seed, damages=["two_reports"])
        assert report.text.lstrip().startswith(f"{report.agency}{report.year}年")


def test_a_perfect_result_is_judged_perfect() -> None:
    for seed in SEEDS[:80]:
        report = garble(seed)
        judged = judge(report, perfect(report))
        assert judged.differences == ()
        assert not judged.silent
        assert not judged.head_wrong


@pytest.mark.parametrize(
    ("bent", "silent", "wrong", "span"),
    [({"value": "999"}, True, 1, 0), ({"span": (0, 1)}, False, 0, 1)],
    ids=["wrong", "right from a wrong place"],
)
def test_a_wrong_cell_of_an_accepted_report_is_a_silent_error(
    bent: dict[str, object], silent: bool, wrong: int, span: int
) -> None:
    report = garble(1, scale="small", damages=[])
    result = perfect(report)
    cells = result["cells"]
    assert isinstance(cells, dict)
    cells["requests.granted.total"].update(bent)
    judged = judge(report, result)
    assert (judged.silent, judged.count("wrong"), judged.count("span")) == (silent, wrong, span)


def test_a_corrupted_report_that_is_accepted_is_a_silent_error() -> None:
    report = garble(1, scale="small", damages=["total_off"])
    assert report.kind == "corrupting"
    assert judge(report, perfect(report) | {"verdict": "accepted"}).silent


# --- the new damages: nothing of them changes the reports of the old set


@pytest.mark.garbler
def test_the_new_set_tells_the_truth_when_damages_meet() -> None:
    for seed in range(200):
        report = garble(seed, pool="new")
        assert any(DAMAGES[name].pool == "new" for name in report.damages), seed
        judged = judge(report, perfect(report))
        assert judged.differences == (), seed
        assert not any((judged.silent, judged.accused, judged.head_wrong)), seed


@pytest.mark.garbler
def test_a_damage_that_is_added_later_leaves_the_old_set_alone() -> None:
    assert texts("old", 300) == OLD_TEXTS
    later = Damage("later", "lossless", "draft", lambda *_: True, "new")
    before = [garble(seed, pool="new").text for seed in range(200)]
    DAMAGES["later"] = later
    try:
        assert texts("old", 300) == OLD_TEXTS
    finally:
        del DAMAGES["later"]
    assert before == [garble(seed, pool="new").text for seed in range(200)]


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


def test_what_is_frozen_comes_back_and_a_change_is_told(tmp_path: Path) -> None:
    done = [trial(seed, Choice("old")) for seed in range(3)]
    records = [one.record for one in done]
    file = tmp_path / "outcomes"
    frozen.write(file, {"pool": "old"}, records)
    assert frozen.read(file) == ({"pool": "old"}, records)
    assert not list(frozen.differences(records[0], records[0]))
    accepted, inconsistent = (frozen.VERDICTS.index(v) for v in ("accepted", "inconsistent"))
    before = records[0]._replace(verdict=accepted, faults=0)
    after = before._replace(verdict=inconsistent, faults=2, cells=b"abcdef")
    kinds = list(frozen.differences(before, after))
    assert kinds[:2] == ["accepted -> inconsistent", "accused came"]
    assert frozen.worse("accused came")
    assert not frozen.worse("accused went")
