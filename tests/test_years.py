"""Checks across years: identities from one year to the next, names of agencies, powers of ten."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each, rows_of
from tests.garbler import truth
from verify.agencies import is_government, level_of, same_agency
from verify.codes import CODES
from verify.figures import Number
from verify.forms import compose, every_form
from verify.rules import every_family
from verify.years import (
    YEAR_IDENTITIES,
    YearFigures,
    check_years,
    compare_years,
    year_identities,
)

told = rows_of(__file__)

VARIANTS = tuple(truth.VARIANTS)
FULL_2021 = compose("2021", "2021")
FULL_2019 = compose("2019", "2019")


def _year(
    values: dict[str, Number | None],
    variant: str,
    year: int | None = 2023,
    agency: str | None = "青岚市水利局",
) -> YearFigures:
    form = truth.form_of(variant)
    spans = {name: (10 * i, 10 * i + 1) for i, name in enumerate(form.cells)}
    return YearFigures(agency, year, form, values, spans)


def _zeros(variant: str, **others: Number | None) -> dict[str, Number | None]:
    values: dict[str, Number | None] = dict.fromkeys(truth.form_of(variant).cells, 0)
    values.update({name.replace("__", "."): value for name, value in others.items()})
    return values


def _pair(seed: int, now: str, before: str) -> tuple[YearFigures, YearFigures]:
    """Two reports, the later one the true successor of the earlier one."""
    rng = Random(seed)
    last: dict[str, Number | None] = dict(truth.make(rng, before, rng.choice(truth.SCALES)))
    this: dict[str, Number | None] = dict(truth.make(rng, now, rng.choice(truth.SCALES)))
    current, previous = _year(this, now), _year(last, before, 2022)
    for rule in year_identities(current.form, previous.form):
        total: Number = sum(last[cell] or 0 for cell in rule.last)
        total += sum(this[cell] or 0 for cell in rule.plus)
        total -= sum(this[cell] or 0 for cell in rule.minus)
        this[rule.cell] = total
    return current, previous


def _without_far(current: YearFigures, previous: YearFigures) -> list[tuple[str, str | None]]:
    found = compare_years(current, previous)
    return [(f.code, f.rule) for f in found if f.code != "far_from_last_year"]


pairs = st.builds(
    _pair, st.integers(0, 10**6), st.sampled_from(VARIANTS), st.sampled_from(VARIANTS)
)


# --- identities ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_a_report_and_its_true_successor_give_no_finding(
    pair: tuple[YearFigures, YearFigures],
) -> None:
    assert _without_far(*pair) == []
    checked = check_years(*pair)
    assert checked.failed == checked.open == ()
    assert len(checked.held) == len(year_identities(pair[0].form, pair[1].form)) >= 7


@settings(max_examples=60, deadline=None)
@given(pairs, st.data())
def test_one_changed_cell_breaks_exactly_its_identity(
    pair: tuple[YearFigures, YearFigures], data: st.DataObject
) -> None:
    current, previous = pair
    rule = data.draw(st.sampled_from(year_identities(current.form, previous.form)))
    shift = data.draw(st.integers(1, 9))
    values = dict(current.values)
    right = values[rule.cell] or 0
    values[rule.cell] = right + shift
    current = replace(current, values=values)
    assert _without_far(current, previous) == [(rule.code, rule.id)]
    finding = next(f for f in compare_years(current, previous) if f.rule == rule.id)
    assert (finding.expected, finding.actual) == (str(right), str(right + shift))
    assert finding.cells[0] == rule.cell
    assert finding.span == current.spans[rule.cell]
    assert finding.previous_span == previous.spans[rule.last[0]]
    assert check_years(current, previous).failed == (rule.id,)


@settings(max_examples=60, deadline=None)
@given(pairs, st.data())
def test_taking_a_figure_away_never_makes_a_failed_identity_hold(
    pair: tuple[YearFigures, YearFigures], data: st.DataObject
) -> None:
    current, previous = pair
    shifts = {rule.cell: data.draw(st.integers(0, 1)) for rule in YEAR_IDENTITIES}
    values = {
        name: None if value is None else value + shifts.get(name, 0)
        for name, value in current.values.items()
    }
    current = replace(current, values=values)
    before = check_years(current, previous)
    year = data.draw(st.sampled_from(("current", "previous")))
    of = current if year == "current" else previous
    hidden = set(data.draw(st.lists(st.sampled_from(of.form.cells), max_size=40)))
    less = replace(of, values={k: None if k in hidden else v for k, v in of.values.items()})
    pair = (less, previous) if year == "current" else (current, less)
    after = check_years(*pair)
    assert set(after.held) <= set(before.held)
    assert set(after.failed) <= set(before.failed)
    said = [f for f in compare_years(*pair) if f.code == "years_not_compared"]
    assert [f.rule for f in said] == ([",".join(after.open)] if after.open else [])


def test_cells_that_one_year_does_not_know_are_said_once_and_never_held() -> None:
    now = _zeros("2021+2021", requests__carried_in__total=None)
    before = _zeros("2021+2021", requests__carried_out__research=None)
    current, previous = _year(now, "2021+2021"), _year(before, "2021+2021", 2022)
    (finding,) = compare_years(current, previous)
    assert finding.code == "years_not_compared"
    assert finding.level == "info"
    assert finding.cells == ("requests.carried_in.research", "requests.carried_in.total")
    checked = check_years(current, previous)
    assert checked.open == ("years.carry_over.research", "years.carry_over.total")
    assert not set(checked.open) & {*checked.held, *checked.failed}


def test_a_deduced_figure_without_a_span_is_compared() -> None:
    now = _year(_zeros("2021+2021", requests__carried_in__total=4), "2021+2021")
    now = replace(now, spans={})
    (finding,) = compare_years(now, _year(_zeros("2021+2021"), "2021+2021", 2022))
    assert (finding.code, finding.span) == ("carry_over_differs", None)
    assert finding.previous_span is not None


def test_documents_in_force_roll_forward() -> None:
    at = "proactive__normative_documents__"
    now = {at + "in_force": 15, at + "issued": 2, at + "repealed": 1}
    current = _year(_zeros("2021+2021", **now), "2021+2021")
    last = _zeros("2021+2021", proactive__normative_documents__in_force=12)
    (finding,) = compare_years(current, _year(last, "2021+2021", 2022))
    assert finding.code == "in_force_differs"
    assert (finding.expected, finding.actual) == ("13", "15")
    assert finding.cells == tuple(
        f"proactive.normative_documents.{c}" for c in ("in_force", "issued", "repealed")
    )
    assert "12+2-1" in finding.message("zh")
    assert "12+2-1" in finding.message("en")


def test_items_of_the_year_before_are_last_years_sum() -> None:
    at = "proactive__licensing__"
    last = _zeros("2019+2019", **{at + "previous_items": 9, at + "change": -1})
    previous = _year(last, "2019+2019", 2022)
    right = _year(_zeros("2019+2019", **{at + "previous_items": 8}), "2019+2019")
    wrong = _year(_zeros("2019+2019", **{at + "previous_items": 9}), "2019+2019")
    assert compare_years(right, previous) == []
    (finding,) = compare_years(wrong, previous)
    assert (finding.rule, finding.expected) == ("years.previous_items.licensing", "8")
    assert "9-1" in finding.message("zh")


def test_of_two_forms_only_what_both_have_is_compared() -> None:
    rules = [rule.id for rule in year_identities(FULL_2021, FULL_2019)]
    assert rules == [rule.id for rule in YEAR_IDENTITIES[:7]]
    assert len(year_identities(FULL_2021, FULL_2021)) == 9
    assert len(year_identities(FULL_2019, FULL_2019)) == 12
    last = _year(_zeros("2019+2019", proactive__licensing__change=3), "2019+2019", 2022)
    assert compare_years(_year(_zeros("2021+2021"), "2021+2021"), last) == []


# --- years and agencies -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "previous", "word"),
    [(2023, 2021, "不是相邻两年"), (2022, 2023, "先后颠倒"), (2023, 2023, "同一年度")],
)
def test_years_that_are_not_consecutive_are_said_and_not_compared(
    current: int, previous: int, word: str
) -> None:
    now = _year(_zeros("2021+2021", requests__carried_in__total=4), "2021+2021", current)
    before = _year(_zeros("2021+2021"), "2021+2021", previous)
    (finding,) = compare_years(now, before)
    assert (finding.code, finding.level) == ("years_apart", "warning")
    assert word in finding.message("zh")
    checked = check_years(now, before)
    assert checked.held == checked.failed == ()
    assert len(checked.open) == 9


@pytest.mark.parametrize(("current", "previous"), [(None, 2022), (2023, None), (None, None)])
def test_an_unknown_year_is_said_and_the_order_given_is_taken(
    current: int | None, previous: int | None
) -> None:
    now = _year(_zeros("2021+2021", requests__carried_in__total=4), "2021+2021", current)
    found = compare_years(now, _year(_zeros("2021+2021"), "2021+2021", previous))
    assert [(f.code, f.level) for f in found] == [
        ("years_apart", "info"),
        ("carry_over_differs", "warning"),
    ]


def test_a_renamed_agency_is_a_question_and_compared() -> None:
    now = _year(
        _zeros("2021+2021", requests__carried_in__total=4),
        "2021+2021",
        agency="青岚市自然资源和规划局",
    )
    last = _year(_zeros("2021+2021"), "2021+2021", 2022, agency="青岚市国土资源局")
    assert [f.code for f in compare_years(now, last)] == ["other_agency", "carry_over_differs"]


def test_another_agency_is_said_and_not_compared() -> None:
    now = _year(_zeros("2021+2021", requests__carried_in__total=4), "2021+2021")
    last = _year(_zeros("2021+2021"), "2021+2021", 2022, agency="白石滩市财政局")
    (finding,) = compare_years(now, last)
    assert (finding.code, finding.level) == ("different_agency", "warning")
    assert (finding.expected, finding.actual) == ("白石滩市财政局", "青岚市水利局")
    assert check_years(now, last).held == ()


def test_a_title_without_a_name_is_said_and_compared() -> None:
    now = _year(_zeros("2021+2021"), "2021+2021", agency=None)
    (finding,) = compare_years(now, _year(_zeros("2021+2021"), "2021+2021", 2022))
    assert (finding.code, finding.level) == ("other_agency", "info")
    assert len(check_years(now, _year(_zeros("2021+2021"), "2021+2021", 2022)).held) == 9


@told
def test_one_name_in_two_spellings_is_the_same_agency(a: str, b: str) -> None:
    assert same_agency(a, b) == same_agency(b, a) == "same"


@told
def test_a_name_that_may_be_the_others_successor_is_a_question(a: str, b: str) -> None:
    assert same_agency(a, b) == same_agency(b, a) == "question"


@told
def test_another_place_or_duty_is_another_agency(a: str, b: str) -> None:
    assert same_agency(a, b) == same_agency(b, a) == "different"


@each(
    ("name", "level", "government"),
    [
        ("松溪镇人民政府", "township", True),
        ("松溪街道办事处", "township", True),
        ("青禾县松溪乡", "township", True),
        ("青禾县水利局", "county", False),
        ("青岚市白石市水利局", "county", False),
        ("青岚市市北区人民政府办公室", "county", True),
        ("云州自治区白水族自治旗", "county", True),
        ("柏乡市司法局", "city", False),
        ("青岚市城乡建设局", "city", False),
        ("青岚市乡村振兴局", "city", False),
        ("云州省水利厅", "province", False),
        ("东渡新区管理委员会", None, False),
        ("青岚市高新区财政局", None, False),
        ("青岚市滨河区管委会", None, False),
        ("市水利局", None, False),
        ("城乡建设局", None, False),
    ],
)
def test_the_level_of_an_agency_is_that_of_its_last_place(
    name: str, level: str | None, government: bool
) -> None:
    assert level_of(name) == level
    assert is_government(name) is government


ALPHABET = "青岚云州省市县区乡镇街道教育水利局人民政府办委员会城管和（）0 "


@settings(max_examples=200, deadline=None)
@given(st.text(ALPHABET, max_size=20), st.text(ALPHABET, max_size=20))
def test_any_two_names_are_compared_alike_in_both_orders(a: str, b: str) -> None:
    assert same_agency(a, b) == same_agency(b, a)
    assert same_agency(a, a) != "different"
    assert is_government(a) in (True, False)
    assert level_of(a) in (None, "province", "city", "county", "township")


# --- powers of ten ------------------------------------------------------------------------------


def _far(now: Number, before: Number, cell: str = "proactive.licensing.decisions") -> list[str]:
    current = _year(_zeros("2021+2021") | {cell: now}, "2021+2021")
    previous = _year(_zeros("2021+2021") | {cell: before}, "2021+2021", 2022)
    return [f.detail_zh for f in compare_years(current, previous) if f.rule == "years.tenfold"]


def test_a_figure_that_is_a_power_of_ten_times_last_years_is_said() -> None:
    money = "proactive.fees.amount"
    assert _far(1230, 123) == ["10"]
    assert _far(57, 5700) == ["1/100"]
    assert _far(Decimal(152790), Decimal("15.279"), money) == ["10000"]
    assert _far(Decimal("15.279"), Decimal("1.5279"), money) == ["10"]


def test_figures_that_may_stand_so_by_chance_are_not_said() -> None:
    assert _far(1231, 123) == []
    assert _far(10, 1) == []
    assert _far(30, 300) == []
    assert _far(70, 7) == []
    assert _far(0, 0) == []
    assert _far(0, 123) == []
    assert _far(123, 123) == []
    assert _far(1230000, 123) == []
    assert _far(Decimal(5), Decimal("0.5"), "proactive.fees.amount") == []


def test_chance_alone_hardly_ever_gives_a_power_of_ten() -> None:
    said = 0
    for seed in range(1000):
        current, previous = _pair(seed, "2021+2021", "2021+2021")
        said += any(f.rule == "years.tenfold" for f in compare_years(current, previous))
    assert said <= 8


# --- the catalogue ------------------------------------------------------------------------------


def test_every_identity_across_years_is_in_the_catalogue_with_its_forms() -> None:
    families = [family for family in every_family() if family.kind == "years"]
    listed = {rule.id: set(rule.forms) for family in families for rule in family.rules}
    codes = [code for family in families for code in family.codes]
    assert all(CODES[code].forces is None for code in codes)
    for identity in YEAR_IDENTITIES:
        holds = {f.variant for f in every_form() if identity in year_identities(f, f)}
        assert listed[identity.id] == holds
