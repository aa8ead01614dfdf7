"""The two halves of a verification, and what stands between them kept as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.readers import builtin
from extractor.source import load
from tests.each import each
from tests.garbler import garble
from tests.hard import HARD
from tests.hard.attack import ATTACKS
from tests.hard.cases import Case, garbled_case, hard_case
from tests.suites import few_or_many
from verify import BLANK, Layout, Note, Place, Reading, lay_out, verify
from verify.findings import Finding
from verify.forms import Form, compose
from verify.grounded import Grounded, OpenRow, Stranger
from verify.prose import Claim
from verify.provenance import Provenance, Source, Usage
from verify.result import to_result
from verify.stored.kept import from_plain, to_plain
from verify.verdict import Verified, ground, judge

GOLDEN = sorted(
    path.parent for path in Path(__file__).parents[1].joinpath("golden").glob("*/report.txt")
)
PROVENANCE = Provenance(
    source=Source(name="text", sha256="0" * 64, encoding="utf-8", chars=0),
    reader="builtin",
    usage=Usage(),
    form_data="1",
    version="1",
)
GARBLED = range(16)


def through_json(grounded: Grounded) -> Grounded:
    return from_plain(json.loads(json.dumps(to_plain(grounded))))


def held(layout: Layout, reading: Reading) -> Grounded:
    """A grounded reading of which all that must hold of every one was seen to hold."""
    grounded = ground(layout, reading)
    before = to_plain(grounded)
    judged = judge(grounded)
    assert judged == verify(layout, reading)
    assert to_plain(grounded) == before
    assert judge(grounded) == judged
    again = through_json(grounded)
    assert again == grounded
    assert judge(again) == judged
    assert to_plain(again) == before
    return grounded


def builtin_of(text: str) -> Grounded:
    layout = lay_out(text)
    return held(layout, builtin.read(layout))


def wrong_readings(case: Case, seeds: range) -> Iterator[Reading]:
    for seed in seeds:
        for attack in ATTACKS:
            places = {name: case.reading.place(name) for name in case.form.cells}
            attack(case, places, Random(seed))
            yield replace(case.reading, places=places)


@cache
def plains() -> tuple[str, ...]:
    """Kept readings of all kinds, as JSON."""
    texts = [garble(seed).text for seed in GARBLED]
    texts += [load(str(case / "report.txt")).text for case in GOLDEN[::4]]
    made = [(layout := lay_out(text), builtin.read(layout)) for text in texts]
    made += [(lay_out(report.text), report.reading()) for report in [*HARD.values()][::3]]
    return tuple(json.dumps(to_plain(ground(layout, reading))) for layout, reading in made)


# --- two halves -------------------------------------------------------------------------------------


@few_or_many("fuzz")
@each("at", range(len(GOLDEN)))
def test_a_golden_case_is_judged_the_same_from_what_was_kept(at: int, many: bool) -> None:
    if at % 3 and not many:
        return
    case = GOLDEN[at]
    grounded = builtin_of(load(str(case / "report.txt")).text)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    judged = judge(through_json(grounded))
    assert judged.verdict == expected["verdict"]
    assert sorted({finding.code for finding in judged.findings}) == expected["reasons"]


@pytest.mark.fuzz
def test_garbled_reports_are_judged_the_same_from_what_was_kept() -> None:
    verdicts = {judge(builtin_of(garble(seed).text)).verdict for seed in range(60)}
    assert {"accepted", "completed", "incomplete", "inconsistent"} <= verdicts


@few_or_many("fuzz")
@each("name", sorted(HARD))
def test_wrong_readings_of_hard_reports_are_judged_the_same(name: str, many: bool) -> None:
    case = hard_case(name)
    held(case.layout, case.reading)
    held(case.layout, builtin.read(case.layout))
    wrong = list(wrong_readings(case, range(1)))
    for reading in wrong if many else wrong[sorted(HARD).index(name) % 9 :: 9]:
        held(case.layout, reading)


@few_or_many("fuzz")
def test_wrong_readings_of_garbled_reports_are_judged_the_same(many: bool) -> None:
    cases = [case for seed in range(9 if many else 5) if (case := garbled_case(seed)) is not None]
    codes = {
        finding.code
        for at, case in enumerate(cases)
        for reading in [*wrong_readings(case, range(1))][0 if many else at % 3 :: 1 if many else 3]
        for finding in judge(held(case.layout, reading)).findings
    }
    assert {"wrong_label", "used_twice", "misplaced"} <= codes


@pytest.mark.parametrize("text", ["", "本年度未收到政府信息公开申请。", "\ud800 报告 \x00\u2028"])
def test_a_text_without_tables_is_unsupported_also_when_kept(text: str) -> None:
    grounded = builtin_of(text)
    assert not grounded.has_tables
    assert judge(through_json(grounded)).verdict == "unsupported"
    tables = replace(grounded.reading, form=compose("2021", "2021"))
    assert judge(held(lay_out(text), tables)).verdict == "unsupported"


def test_a_reader_that_gave_nothing_is_rejected_also_when_kept() -> None:
    grounded = held(lay_out(garble(0).text), Reading(None, reader="some/model"))
    assert judge(through_json(grounded)).verdict == "rejected"
    assert grounded.reading.reader == "some/model"


def test_cells_of_no_form_spans_of_no_text_and_unknown_notes_are_kept() -> None:
    layout = lay_out(garble(5).text)
    reading = builtin.read(layout)
    places = {
        "requests.nowhere.total": Place("span", (0, 3)),
        **reading.places,
        "requests.granted.total": Place("span", (10**9, 10**9 + 4)),
        "requests.granted.business": Place("span", (7, 3)),
        "requests.granted.research": Place("span", (-4, -1)),
        "requests.other_other.total": Place("doubt", (2, 9), "because I say so"),
        "requests.new_received.total": Place("span"),
    }
    notes = (*reading.notes, Note("no_such_code", ("a.b.c", "requests.granted.total"), (5, 1)))
    repeats: tuple[dict[str, Place], ...] = ({}, {"x": BLANK}, dict(list(places.items())[:30]))
    held(layout, replace(reading, places=places, notes=notes, repeats=repeats))
    held(layout, replace(reading, places={}))


def test_what_was_kept_is_judged_and_grounded_anew_to_the_same() -> None:
    """The result of the contract is the same, and judging changes nothing that another judging returned."""
    completed = 0
    reports = [*map(garble, GARBLED), garble(4, damages=["blank_cells"], layout="tabs")]
    for report in reports:
        layout = lay_out(report.text)
        grounded = ground(layout, builtin.read(layout))
        again = through_json(grounded)
        assert ground(layout, again.reading) == grounded
        first = judge(grounded)
        completed += first.verdict == "completed"
        assert _json(first) == _json(judge(again))
        cells = deepcopy(first.cells)
        for cell in judge(grounded).cells.values():
            cell.value = None
        assert first.cells == cells
    assert completed


def _json(verified: Verified) -> str:
    return to_result(verified, PROVENANCE).model_dump_json()


# --- plain data -------------------------------------------------------------------------------------


def test_every_field_comes_back_as_it_was() -> None:
    part = Claim("part", 3, "其中3件", (30, 34), (20, 40))
    claims = (
        Claim("fees", Decimal("1.20"), "1.20万元", (1, 7), (0, 9)),
        Claim("procurement.amount", Decimal("12E+4"), "十二万", (1, 7), (0, 9), ("全市",)),
        Claim(
            "requests.received", 10**40, "很多", (20, 28), (20, 40), (), (part, part), alike=True
        ),
        Claim("requests.granted", 0, "", (0, 0), (0, 0), complete=True),
    )
    findings = (
        Finding("misplaced"),
        Finding(
            "misplaced",
            ("requests.granted.total", "a.b.c"),
            "other.rule",
            "",
            "",
            (1, 2),
            (3, 4),
            (9, 5),
            "中",
            "en",
            "info",
            "x,y",
        ),
        Finding("spam_words", rule="plausible.spam", actual="\u3400", by="z"),
    )
    names = ("requests.granted.total", "requests.granted.business")
    grounded = Grounded(
        Reading(compose("2021", "2019"), {}, (), (), "r"),
        has_tables=True,
        agency="某局",
        year=2021,
        texts={},
        findings=findings,
        undecided={"a.b.c": "x", "requests.granted.total": "y"},
        open_rows=(OpenRow(names, ((1, None), (Decimal("0.10"), -2))), OpenRow((), ())),
        strangers=(Stranger((names, ("q",)), (None, 3), (5, 8)), Stranger((), (), (0, 0))),
        claims=claims,
        oddities=findings,
    )
    again = through_json(grounded)
    assert again == grounded
    exact = [claim.value for claim in again.claims]
    assert [str(value) for value in exact] == ["1.20", "1.2E+5", str(10**40), "0"]
    assert [type(value) for value in exact] == [Decimal, Decimal, int, int]
    assert str(again.open_rows[0].ways[1][0]) == "0.10"


def test_a_form_that_is_not_known_is_not_kept() -> None:
    known = compose("2021", "2021")
    own = Form(known.id, known.variant, known.tables, known.identities)
    with pytest.raises(ValueError, match="cannot be kept"):
        to_plain(ground(lay_out("x"), Reading(own)))


def refused(value: Any) -> bool:
    """Whether it is refused in one line; what is taken must be possible to judge and to keep."""
    error = None
    try:
        grounded = from_plain(value)
    except ValueError as raised:
        error = str(raised)
    if error is None:
        judge(grounded)
        assert through_json(grounded) == grounded
        return False
    assert "\n" not in error
    assert error.startswith("not a kept reading: ")
    return True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_anything_else_is_refused(value: Any) -> None:
    assert refused(value)


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    for key, inner in items(value):
        yield from paths(inner, (*above, key))


def items(value: Any) -> list[tuple[Any, Any]]:
    """What a list or an object holds."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 10**25, 2**60, 1.0, float("nan"), 10**4000, "9" * 900),
    *("", "S", "x", "1e9", "NaN", "-0", "\n", [], [[]], [None], [0], [0, 0], ["x"], {}, {"a": 1}),
)


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_kept_reading_changed_anywhere_is_refused_or_can_be_judged(rng: Random) -> None:
    value = json.loads(rng.choice(plains()))
    for _ in range(rng.choice((1, 1, 2))):
        path = rng.choice([path for path in paths(value) if path])
        inside = value
        for step in path[:-1]:
            inside = inside[step]
        kind = rng.randrange(4)
        if kind == 0:
            del inside[path[-1]]
        elif kind == 1 and isinstance(inside, list):
            inside.insert(path[-1], deepcopy(inside[path[-1]]))
        else:
            inside[path[-1]] = deepcopy(rng.choice(ODD))
    refused(value)


def test_a_field_of_another_kind_and_another_format_are_refused() -> None:
    value = json.loads(plains()[0])
    for field in value:
        for odd in (1.5, [[[]]], [1.5], *([{"a": 1}] if field != "undecided" else ())):
            assert refused({**value, field: odd}), field
        assert refused({key: inner for key, inner in value.items() if key != field})
    for other in (0, 1, 2, 4, "3", None):
        assert refused({**value, "format": other})
    assert refused({**value, "more": None})


def test_a_code_a_subject_or_a_cell_that_is_not_known_is_refused() -> None:
    value = json.loads(plains()[0])
    claim = {"subject": "fees", "value": 1, "text": "", "span": [0, 0], "sentence": [0, 0]}
    kept: list[tuple[str, Any]] = [
        ("findings", {"code": "no_such_code"}),
        ("findings", {"code": "misplaced", "severity": "grave"}),
        ("open_rows", {"cells": ["a.b.c"], "ways": [[1]]}),
        ("open_rows", {"cells": list(compose("2021", "2021").cells[:2]), "ways": [[1]]}),
        ("claims", {**claim, "subject": "no.such.subject"}),
        ("claims", {**claim, "value": "Infinity"}),
        ("claims", {**claim, "value": "1E+99999999"}),
        ("claims", {**claim, "value": None}),
        ("claims", {**claim, "parts": [{**claim, "value": "1E-99999999"}]}),
    ]
    for field, odd in kept:
        assert refused({**value, field: [odd]}), odd


def test_parts_of_parts_without_end_are_refused() -> None:
    value = json.loads(plains()[0])
    claim: dict[str, Any] = {"subject": "fees", "value": 1, "text": ""}
    claim |= {"span": [0, 0], "sentence": [0, 0]}
    for _ in range(400):
        claim = {**claim, "parts": [claim]}
    assert refused({**value, "claims": [claim]})
