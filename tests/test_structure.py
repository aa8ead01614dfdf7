"""A hostile reading: whatever a reader claims, a wrong cell is never accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from extractor.readers import builtin
from tests.conftest import APPLICANTS
from tests.each import each
from tests.garbler import garble
from tests.suites import few_or_many
from verify import BLANK, MISSING, Layout, Place, Reading, lay_out, verify
from verify.forms import compose

PASSING = {"accepted", "completed"}
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
LEAVES = [row.id for row in compose("2021", "2021").table("requests").rows[2:-2]]
Places = dict[str, Place]
Damage = Callable[[Places, Layout, Random], None]


@cache
def correct(layout_name: str, scale: str, seed: int = 3) -> tuple[Layout, Reading]:
    report = garble(seed, variant="2021+2021", scale=scale, layout=layout_name, damages=())
    layout = lay_out(report.text)
    reading = builtin.read(layout)
    assert verify(layout, reading).verdict == "accepted"
    return layout, reading


def cell(row: str, column: str) -> str:
    return f"requests.{row}.{column}"


def swap_rows(places: Places, _layout: Layout, rng: Random) -> None:
    one, two = rng.sample(LEAVES, 2)
    for c in APPLICANTS:
        a, b = cell(one, c), cell(two, c)
        places[a], places[b] = places[b], places[a]


def swap_columns(places: Places, _layout: Layout, rng: Random) -> None:
    one, two = rng.sample(APPLICANTS[:6], 2)
    for row in [*LEAVES, "new_received", "carried_in", "results_total", "carried_out"]:
        a, b = cell(row, one), cell(row, two)
        places[a], places[b] = places[b], places[a]


def rotate_columns(places: Places, _layout: Layout, _rng: Random) -> None:
    for row in [*LEAVES, "new_received", "carried_in", "results_total", "carried_out"]:
        before = [places[cell(row, c)] for c in APPLICANTS]
        for c, place in zip(APPLICANTS, before[1:6] + before[:1] + before[6:], strict=True):
            places[cell(row, c)] = place


def slip_rows(places: Places, _layout: Layout, _rng: Random) -> None:
    rows = LEAVES[4:12]
    for c in APPLICANTS:
        before = [places[cell(r, c)] for r in rows]
        for r, place in zip(rows[1:], before[:-1], strict=True):
            places[cell(r, c)] = place
        places[cell(rows[0], c)] = MISSING


def lose_a_row_and_move_up(places: Places, _layout: Layout, _rng: Random) -> None:
    rows = [*LEAVES[6:], "results_total", "carried_out"]
    for c in APPLICANTS:
        before = [places[cell(r, c)] for r in rows]
        for r, place in zip(rows, [*before[1:], MISSING], strict=True):
            places[cell(r, c)] = place


def all_the_same_figure(places: Places, _layout: Layout, _rng: Random) -> None:
    place = next(p for n, p in places.items() if n.startswith("requests."))
    for name in places:
        places[name] = place


def all_zeros(places: Places, layout: Layout, _rng: Random) -> None:
    zeros = [i for i, c in enumerate(layout.source) if c == "0"]
    for i, name in enumerate(places):
        at = zeros[i % len(zeros)]
        places[name] = Place("span", (at, at + 1))


def exchange_new_and_carried(places: Places, _layout: Layout, _rng: Random) -> None:
    for c in APPLICANTS:
        a, b = cell("new_received", c), cell("carried_in", c)
        places[a], places[b] = places[b], places[a]


def figures_of_prose(places: Places, layout: Layout, rng: Random) -> None:
    year = next(i for i in range(len(layout.source)) if layout.source[i : i + 2] == "20")
    places[cell(rng.choice(LEAVES), "total")] = Place("span", (year, year + 4))


def from_another_table(places: Places, _layout: Layout, rng: Random) -> None:
    places[cell(rng.choice(LEAVES), "business")] = places["proceedings.reconsideration.upheld"]


def call_a_figure_blank(places: Places, _layout: Layout, rng: Random) -> None:
    places[cell(rng.choice(LEAVES), rng.choice(APPLICANTS))] = BLANK


def call_a_row_missing(places: Places, _layout: Layout, rng: Random) -> None:
    row = rng.choice(LEAVES)
    for c in APPLICANTS:
        places[cell(row, c)] = MISSING


def call_columns_missing(places: Places, _layout: Layout, rng: Random) -> None:
    for row in rng.sample(LEAVES, 12):
        for c in rng.sample(APPLICANTS, 2):
            places[cell(row, c)] = MISSING


def shift_one_row(places: Places, _layout: Layout, rng: Random) -> None:
    row = rng.choice(LEAVES)
    before = [places[cell(row, c)] for c in APPLICANTS]
    for c, place in zip(APPLICANTS, [MISSING, *before[:-1]], strict=True):
        places[cell(row, c)] = place


def widen_a_span(places: Places, _layout: Layout, rng: Random) -> None:
    name = cell(rng.choice(LEAVES), "natural_person")
    span = places[name].span
    assert span
    places[name] = Place("span", (span[0] - 1, span[1]))


def span_beyond_the_text(places: Places, layout: Layout, _rng: Random) -> None:
    end = len(layout.source)
    places[cell("granted", "total")] = Place("span", (end - 1, end + 10))


def swap_across_rows(places: Places, _layout: Layout, rng: Random) -> None:
    at = rng.randrange(len(LEAVES) - 1)
    a, b = cell(LEAVES[at], "total"), cell(LEAVES[at + 1], "natural_person")
    places[a], places[b] = places[b], places[a]


def swap_across_rows_without_sums(places: Places, _layout: Layout, _rng: Random) -> None:
    a, b = "proactive.regulations.in_force", "proactive.normative_documents.issued"
    places[a], places[b] = places[b], places[a]


DAMAGES: tuple[Damage, ...] = (
    swap_across_rows,
    swap_across_rows_without_sums,
    swap_rows,
    swap_columns,
    rotate_columns,
    slip_rows,
    lose_a_row_and_move_up,
    all_the_same_figure,
    all_zeros,
    exchange_new_and_carried,
    figures_of_prose,
    from_another_table,
    call_a_figure_blank,
    call_a_row_missing,
    call_columns_missing,
    shift_one_row,
    widen_a_span,
    span_beyond_the_text,
)


@few_or_many("fuzz")
@each("damage", DAMAGES, ids=lambda d: d.__name__)
@each("layout_name", LAYOUTS)
@each("scale", ["zero", "medium"])
def test_a_wrong_reading_is_never_accepted(
    layout_name: str, scale: str, damage: Damage, many: bool
) -> None:
    layout, reading = correct(layout_name, scale)
    for seed in range(3 if many else 1):
        places = dict(reading.places)
        damage(places, layout, Random(seed))
        assert places != reading.places
        outcome = verify(layout, replace(reading, places=places))
        assert outcome.verdict not in PASSING, [f.message("en") for f in outcome.findings]


@each("layout_name", LAYOUTS)
def test_another_reports_reading_is_never_accepted(layout_name: str) -> None:
    layout, _ = correct(layout_name, "medium", seed=3)
    _, other = correct(layout_name, "medium", seed=4)
    assert verify(layout, other).verdict not in PASSING


def test_another_form_than_the_one_printed_is_never_accepted() -> None:
    layout, reading = correct("tabs", "zero")
    for form in (compose("2019", "2019"), compose("2021", "2019"), compose("2019", "2021")):
        places = {n: p for n, p in reading.places.items() if n in form.kinds}
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
    report = garble(3, variant="2021+2021", scale="medium", layout="tabs", damages=())
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
