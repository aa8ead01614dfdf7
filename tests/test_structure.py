"""A hostile reading: whatever a reader claims, a wrong cell is never accepted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import pytest

from extractor.readers import builtin
from tests.conftest import APPLICANTS
from tests.each import each
from tests.garbler import garble
from tests.garbler.judge import PASSING
from tests.hard.attack import ATTACKS, Attack, lose_rows
from tests.hard.cases import Case
from tests.suites import few_or_many
from verify import Layout, Place, Reading, lay_out, verify
from verify.forms import compose

LAYOUTS = (
    "tabs",
    "spaces",
    "pipes_markdown",
    "cells_tight",
    "cells_spaced",
    "one_line",
    "labels_apart",
    "cells_indented",
)


@cache
def correct(layout_name: str, scale: str, seed: int = 9) -> tuple[Layout, Reading]:
    report = garble(seed, variant="2021+2021", scale=scale, layout=layout_name, damages=())
    layout = lay_out(report.text)
    reading = builtin.read(layout)
    assert verify(layout, reading).verdict == "accepted"
    return layout, reading


def cell(row: str, column: str) -> str:
    return f"requests.{row}.{column}"


@few_or_many("fuzz")
@each("attack", [one for one in ATTACKS if one is not lose_rows], ids=lambda one: one.__name__)
@each("scale", ["zero", "medium"])
def test_a_wrong_reading_is_never_accepted(scale: str, attack: Attack, many: bool) -> None:
    first = ATTACKS.index(attack) % 3
    for seed, layout_name in enumerate(LAYOUTS * 4 if many else LAYOUTS[first::3]):
        layout, reading = correct(layout_name, scale)
        places = dict(reading.places)
        attack(Case("", layout, reading, {}), places, Random(f"{layout_name} {scale} {seed}"))
        if places != reading.places:
            outcome = verify(layout, replace(reading, places=places))
            assert outcome.verdict not in PASSING, [f.message("en") for f in outcome.findings]


@each("layout_name", LAYOUTS)
def test_another_reports_reading_is_never_accepted(layout_name: str) -> None:
    layout, _ = correct(layout_name, "medium", seed=9)
    _, other = correct(layout_name, "medium", seed=10)
    assert verify(layout, other).verdict not in PASSING


def test_another_form_than_the_one_printed_is_never_accepted() -> None:
    layout, reading = correct("tabs", "zero")
    for form in (compose("2019", "2019"), compose("2021", "2019"), compose("2019", "2021")):
        places = {n: p for n, p in reading.places.items() if n in form.kinds}
        assert verify(layout, Reading(form, places)).verdict not in PASSING


@each("variant", ["2021+2021", "2021+2019"])
def test_a_row_of_another_form_keeps_its_own_label(variant: str) -> None:
    """A table that is cut within rows （六）: what is left of them is no row of the other form."""
    report = garble(9, variant=variant, scale="zero", layout="tabs", damages=())
    old, new = "other_not_corrected", "other"
    first, end = "2.申请人逾期未按", "\n四、政府信息公开"
    if variant != "2021+2021":
        old, new, first = "other", "other_other", "（七）总计"
    start = report.text.rindex("\n", 0, report.text.index(first)) + 1
    layout = lay_out(report.text[:start] + report.text[report.text.index(end) :])
    gone = len(report.text) - len(layout.source)
    places = {}
    for name, place in builtin.read(lay_out(report.text)).places.items():
        if place.span and not start <= place.span[0] < start + gone:
            by = gone if place.span[0] > start else 0
            places[name] = Place("span", (place.span[0] - by, place.span[1] - by))
    for column in APPLICANTS:
        places[cell(new, column)] = places.pop(cell(old, column))
    form = compose("2021", "2019" if new == "other" else "2021")
    assert places.keys() <= set(form.cells)
    assert verify(layout, Reading(form, places)).verdict not in PASSING


def test_a_copy_that_the_reading_keeps_quiet_about_is_not_accepted() -> None:
    report = garble(
        11, variant="2021+2021", scale="small", layout="tabs", damages=("printed_twice",)
    )
    layout = lay_out(report.text)
    reading = builtin.read(layout)
    assert verify(layout, reading).verdict == "accepted"
    assert reading.repeats
    assert verify(layout, replace(reading, repeats=())).verdict == "rejected"


def test_a_reading_without_a_single_cell_is_not_accepted() -> None:
    layout, reading = correct("tabs", "zero")
    assert verify(layout, replace(reading, places={})).verdict not in PASSING
    assert verify(layout, Reading(None)).verdict == "rejected"


@each("why", ["not_a_figure", "placement_ambiguous", "row_ambiguous", None])
@each("whole_row", [True, False])
def test_a_doubt_does_not_hide_a_figure_that_breaks_a_sum(why: str | None, whole_row: bool) -> None:
    report = garble(
        5, variant="2021+2021", scale="medium", layout="tabs", damages=("digit_changed",)
    )
    layout = lay_out(report.text)
    reading = builtin.read(layout)
    outcome = verify(layout, reading)
    assert outcome.verdict == "inconsistent"
    suspect = next(s.sets[0][0] for s in outcome.suspects if s.sets)
    table = suspect.rsplit(".", 1)[0]
    hidden = [n for n in reading.places if n.startswith(table + ".")] if whole_row else [suspect]
    spans = [reading.places[n].span for n in hidden]
    region = (min(s[0] for s in spans if s), max(s[1] for s in spans if s))
    places = {**reading.places, **dict.fromkeys(hidden, Place("doubt", region, why))}
    assert verify(layout, replace(reading, places=places)).verdict not in PASSING


@pytest.mark.parametrize("table", ["proactive", "requests", "proceedings"])
def test_a_printed_table_cannot_be_called_missing(table: str) -> None:
    layout, reading = correct("tabs", "zero")
    places = {n: p for n, p in reading.places.items() if not n.startswith(table + ".")}
    assert verify(layout, replace(reading, places=places)).verdict == "rejected"


def test_a_reading_that_names_cells_of_no_form_or_doubts_a_row_twice_raises_nothing() -> None:
    report = garble(
        11, variant="2021+2021", scale="small", layout="tabs", damages=("printed_twice",)
    )
    layout = lay_out(report.text)
    reading = builtin.read(layout)
    alien = {"proactive.procurement.items": reading.places[cell("granted", "total")]}
    again = ({**reading.repeats[0], **alien},)
    odd = replace(reading, places={**reading.places, **alien}, repeats=again)
    assert verify(layout, odd).verdict == "accepted"
    spans = [reading.places[cell("granted", c)].span for c in APPLICANTS]
    region = Place("doubt", (min(s[0] for s in spans if s), max(s[1] for s in spans if s)))
    both = {cell(row, c): region for row in ("granted", "partially_granted") for c in APPLICANTS}
    outcome = verify(layout, replace(reading, places={**reading.places, **both}))
    assert outcome.verdict not in PASSING


@pytest.mark.parametrize("label", ["行政处罚类事项", "行政查处", "备案"])
def test_a_damaged_label_of_another_row_is_not_taken_for_a_lost_one(label: str) -> None:
    report = garble(9, variant="2021+2021", scale="medium", layout="tabs", damages=())
    text = report.text.replace("\n行政强制\t", f"\n{label}\t", 1)
    assert text != report.text
    shift = len(label) - len("行政强制")
    at = report.text.index("\n行政强制\t") + 1
    places = {
        name: place
        if place.span is None or place.span[0] < at
        else Place(place.where, (place.span[0] + shift, place.span[1] + shift))
        for name, place in builtin.read(lay_out(report.text)).places.items()
    }
    form = compose("2021", "2021")
    assert verify(report.text, builtin.read(lay_out(report.text))).verdict == "accepted"
    assert verify(text, Reading(form, places)).verdict == "rejected"
