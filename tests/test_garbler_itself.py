"""The garbler must be right itself: it is the oracle of the reader's tests."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest

from tests.garbler import DAMAGES, LAYOUTS, MIXED, SCALES, SHAPES, VARIANTS, Garbled, garble
from tests.garbler.judge import judge
from tests.garbler.model import KINDS
from tests.garbler.registry import of_pool
from tests.garbler.truth import broken, form_of

SEEDS = range(300)
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


def assert_truth_is_in_the_text(report: Garbled) -> None:
    form = form_of(report.variant)
    assert set(report.expected) == set(form.cells)
    used: set[int] = set()
    for name, cell in report.expected.items():
        if cell.span is not None:
            assert report.text[slice(*cell.span)] == cell.text, name
            places = set(range(*cell.span))
            assert places, name
            assert not places & used, name
            used |= places
        if "read" in cell.states:
            assert cell.text is not None, name
            assert cell.value is not None, name
            assert value_of(cell.text) == cell.value, name
        else:
            assert cell.value is None, name


def known(report: Garbled) -> dict[str, int | Decimal]:
    return {
        n: c.value for n, c in report.expected.items() if c.must_be_read and c.value is not None
    }


def perfect_result(report: Garbled) -> dict[str, object]:
    verdict = {
        "lossless": "accepted",
        "legible": "accepted",
        "lossy": "incomplete",
        "corrupting": "inconsistent",
    }
    cells = {}
    for name, cell in report.expected.items():
        state = "read" if "read" in cell.states else min(cell.states)
        value = None if cell.value is None else str(cell.value)
        cells[name] = {"state": state, "value": value, "text": cell.text, "span": cell.span}
    return {
        "verdict": verdict[report.kind],
        "report": {"agency": report.agency, "year": report.year, "form": report.form},
        "cells": cells,
    }


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
def test_the_same_seed_gives_the_same_report() -> None:
    for seed in SEEDS:
        assert garble(seed) == garble(seed)


@pytest.mark.garbler
def test_other_seeds_give_other_reports() -> None:
    assert len({garble(seed).text for seed in SEEDS}) == len(SEEDS)


@pytest.mark.garbler
def test_truth_stands_in_the_text_whatever_was_damaged() -> None:
    for seed in SEEDS:
        assert_truth_is_in_the_text(garble(seed, max_damages=8))


@pytest.mark.garbler
@pytest.mark.parametrize("layout", [*LAYOUTS, MIXED])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_layout_prints_every_cell(layout: str, shape: str) -> None:
    for seed, variant in enumerate(VARIANTS):
        report = garble(seed, layout=layout, shape=shape, variant=variant, damages=[])
        assert_truth_is_in_the_text(report)
        assert report.kind == ("legible" if shape == "bare" else "lossless")
        assert all(cell.must_be_read for cell in report.expected.values())
        assert layout in (MIXED, report.layout)


@pytest.mark.garbler
@pytest.mark.parametrize("name", [d.name for d in of_pool("old")])
def test_every_damage_applies_and_keeps_the_truth(name: str) -> None:
    applied = 0
    for seed in range(25):
        report = garble(seed, damages=[name])
        if report.damages != (name,):
            continue
        applied += 1
        assert_truth_is_in_the_text(report)
        assert KINDS.index(report.kind) >= KINDS.index(DAMAGES[name].kind)
        assert DAMAGES[name].says.endswith(".")
        unread = [cell for cell in report.expected.values() if not cell.must_be_read]
        assert not unread or report.kind in {"legible", "lossy"}
        assert unread or report.kind != "lossy"
        wrong = [c for c in report.expected.values() if c.value not in (None, c.true_value)]
        assert not wrong or report.kind == "corrupting"
    assert applied >= 20


@pytest.mark.garbler
def test_a_corrupted_report_proves_its_own_fault() -> None:
    corrupting = [name for name, damage in DAMAGES.items() if damage.kind == "corrupting"]
    for seed in SEEDS:
        report = garble(
            seed, damages=[corrupting[seed % len(corrupting)], "row_lost", "labels_lost"]
        )
        if report.kind == "corrupting" and "copies_differ" not in report.damages:
            assert broken(form_of(report.variant), known(report))


@pytest.mark.garbler
def test_a_report_not_corrupted_breaks_nothing() -> None:
    for seed in SEEDS:
        report = garble(seed)
        if report.kind != "corrupting":
            assert broken(form_of(report.variant), known(report)) == []


def test_the_title_names_the_year_and_the_agency() -> None:
    for seed in range(60):
        report = garble(seed, damages=["two_reports"])
        assert report.text.lstrip().startswith(f"{report.agency}{report.year}年")


def test_a_perfect_result_is_judged_perfect() -> None:
    for seed in SEEDS:
        report = garble(seed)
        judged = judge(report, perfect_result(report))
        assert judged.differences == ()
        assert not judged.silent
        assert not judged.head_wrong


def test_a_wrong_cell_in_an_accepted_report_is_a_silent_error() -> None:
    report = garble(1, scale="small", damages=[])
    result = perfect_result(report)
    cells = result["cells"]
    assert isinstance(cells, dict)
    cells["requests.granted.total"]["value"] = "999"
    judged = judge(report, result)
    assert judged.silent
    assert judged.count("wrong") == 1


def test_a_right_value_from_a_wrong_place_is_counted_apart() -> None:
    report = garble(1, scale="small", damages=[])
    result = perfect_result(report)
    cells = result["cells"]
    assert isinstance(cells, dict)
    cells["requests.granted.total"]["span"] = (0, 1)
    judged = judge(report, result)
    assert not judged.silent
    assert (judged.count("wrong"), judged.count("span")) == (0, 1)


def test_a_corrupted_report_that_is_accepted_is_a_silent_error() -> None:
    report = garble(1, scale="small", damages=["total_off"])
    assert report.kind == "corrupting"
    assert judge(report, perfect_result(report) | {"verdict": "accepted"}).silent
