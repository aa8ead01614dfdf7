"""Figures that the prose claims, found with their spans and held against the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.rules.sample import form_of, printed
from tests.each import each, rows_of
from tests.prose.measure import measure
from tests.prose.reports import numeral, templates
from verify.figures import Number
from verify.findings import Finding
from verify.forms import every_form
from verify.layout import lay_out
from verify.numerals import read_numeral
from verify.prose import Claim, Compared, compare, find_claims, findings_of
from verify.prose.subjects import SUBJECTS, meanings
from verify.prose.tokens import KINDS, PATTERNS, WORDS
from verify.rules import Example, every_family

told = rows_of(__file__)

YEAR = 2023
NEW = "requests.new_received.total"
IN = "requests.carried_in.total"
RULES = [r for family in every_family() if family.kind == "prose" for r in family.rules]


def claims_of(
    prose: str, agency: str = "青岚市水利局", form: str = "2021+2021"
) -> tuple[Claim, ...]:
    return find_claims(lay_out(printed(Example({}, prose, agency, form), YEAR)))


def one(prose: str, **named: str) -> Claim:
    (claim,) = claims_of(prose, **named)
    return claim


def figures(cells: Mapping[str, int | str], form: str = "2021+2021") -> dict[str, Number | None]:
    of = form_of(form)
    return {
        name: Decimal(str(cells.get(name, 0))) if kind == "money" else int(cells.get(name, 0))
        for name, kind in of.kinds.items()
    }


def held(
    prose: str, cells: Mapping[str, int | str] | None = None, form: str = "2021+2021", **named: str
) -> dict[str, Compared]:
    compared = compare(
        claims_of(prose, form=form, **named), form_of(form), figures(cells or {}, form)
    )
    return {c.claim.subject: c for c in compared}


def said(prose: str, cells: Mapping[str, int | str] | None = None) -> list[Finding]:
    return findings_of(held(prose, cells).values(), {})


@each(
    ("prose", "subject", "value"),
    [
        ("我局共收到政府信息公开申请12件。", "requests.received", 12),
        ("收到依申请公开１２件。", "requests.received", 12),
        ("收到十二件政府信息公开申请。", "requests.received", 12),
        ("收到政府信息公开申请一百零三件。", "requests.received", 103),
        ("收到政府信息公开申请1,234件。", "requests.received", 1234),
        ("收到政府信息公开申请两件。", "requests.received", 2),
        ("收到政府信息公开申请廿三件。", "requests.received", 23),
        ("收到政府信息公开申请零件。", "requests.received", 0),
        ("政府信息公开申请数量为〇。", "requests.received", 0),
        ("未收到政府信息公开申请。", "requests.received", 0),
        ("没有收到公民、法人和其他组织的政府信息公开申请。", "requests.received", 0),
        ("受理政府信息公开申请3宗。", "requests.accepted", 3),
        ("答复政府信息公开申请7件。", "requests.answered", 7),
        ("上年结转政府信息公开申请2件。", "requests.carried_in", 2),
        ("结转下年度继续办理的政府信息公开申请2件。", "requests.carried_out", 2),
        ("因政府信息公开被申请行政复议3件。", "reconsideration", 3),
        ("政府信息公开行政诉讼4起。", "litigation", 4),
        ("未经复议直接起诉的案件2件。", "litigation.direct", 2),
        ("制发行政规范性文件5件。", "normative_documents.issued", 5),
        ("废止规范性文件5件。", "normative_documents.repealed", 5),
        ("现行有效的规范性文件共15件。", "normative_documents.in_force", 15),
        ("制定政府规章2件。", "regulations.issued", 2),
        ("作出行政许可决定8件。", "licensing", 8),
        ("办理行政许可8项。", "licensing.items", 8),
        ("作出行政处罚6宗。", "penalties", 6),
        ("实施行政强制措施1件。", "coercion", 1),
        ("收取行政事业性收费15.279万元。", "fees", Decimal("15.279")),
        ("收取行政事业性收费152790元。", "fees", Decimal("15.279")),
        ("政府集中采购3项。", "procurement", 3),
        ("主动公开政府信息370条。", "proactive.disclosed", 370),
    ],
)
def test_a_claim_is_found_with_its_subject_and_its_figure(
    prose: str, subject: str, value: Number
) -> None:
    claim = one(prose)
    assert (claim.subject, claim.value) == (subject, value)


@told
def test_what_states_no_figure_of_the_tables_is_no_claim(prose: str) -> None:
    assert claims_of(prose) == ()


@told
def test_words_of_another_scope_are_kept_and_weaken_a_claim(prose: str, word: str) -> None:
    compared = held(prose, {NEW: 5})["requests.received"]
    assert word in compared.claim.scope
    assert compared.outcome == "scoped"
    (finding,) = findings_of([compared], {})
    assert (finding.code, finding.level) == ("prose_scoped", "info")
    assert word in finding.message("zh")


def test_without_such_words_a_difference_contradicts() -> None:
    compared = held("青岚市水利局全年收到政府信息公开申请12件。", {NEW: 5})["requests.received"]
    assert (compared.outcome, compared.actual, compared.claim.scope) == ("contradicts", 5, ())


@told
def test_only_the_agency_of_the_title_speaks_of_its_own_tables(
    agency: str, word: str, outcome: str
) -> None:
    compared = held(f"{word}收到政府信息公开申请12件。", {NEW: 5}, agency=agency)
    assert compared["requests.received"].outcome == outcome


def test_the_body_that_a_paragraph_speaks_of_holds_for_its_next_sentence() -> None:
    found = held("全市收到政府信息公开申请12件。行政复议3件。")
    assert found["reconsideration"].outcome == "scoped"
    found = held("全市收到政府信息公开申请12件。我局行政复议3件。")
    assert found["reconsideration"].outcome == "contradicts"


def test_a_finding_has_both_places_and_both_figures() -> None:
    text = printed(Example({NEW: "5"}, "全年收到政府信息公开申请１２件。"), YEAR)
    claims = find_claims(lay_out(text))
    compared = compare(claims, form_of("2021+2021"), figures({NEW: 5}))
    (finding,) = findings_of(compared, {NEW: (3, 4), IN: (5, 6)})
    assert finding.span is not None
    assert text[slice(*finding.span)] == "收到政府信息公开申请１２件"
    assert text[slice(*claims[0].sentence)] == "全年收到政府信息公开申请１２件"
    assert finding.other_span == (3, 4)
    assert (finding.code, finding.rule) == ("prose_contradicts", "prose.received")
    assert (finding.cells, finding.expected, finding.actual) == ((NEW,), "12", "5")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_sentence_that_a_line_end_breaks_is_one(line_end: str) -> None:
    text = printed(Example({}, "全年收到政府信息公\n开申请12件，均已答复。"), YEAR)
    text = text.replace("\n", line_end)
    (claim,) = find_claims(lay_out(text))
    assert claim.value == 12
    assert text[slice(*claim.span)] == f"收到政府信息公{line_end}开申请12件" == claim.text


def test_a_blank_line_ends_a_sentence() -> None:
    assert claims_of("全年共收到政府信息公开申请\n\n12件，均已答复。") == ()


def test_figures_that_blanks_part_are_no_figure() -> None:
    assert claims_of("全年共收到政府信息公开申请1 2件。") == ()


@each(
    ("prose", "cells", "form"),
    [
        ("收到政府信息公开申请7件。", {NEW: 5, IN: 2}, "2021+2021"),
        (
            "办理行政许可8项。",
            {"proactive.licensing.previous_items": 9, "proactive.licensing.change": -1},
            "2019+2019",
        ),
        ("公开规范性文件2条。", {"proactive.normative_documents.disclosed_total": 2}, "2019+2019"),
        ("公开规范性文件2条。", {"proactive.normative_documents.in_force": 2}, "2021+2021"),
        (
            "因政府信息公开被提起行政诉讼3件。",
            {
                "proceedings.litigation_direct.total": 1,
                "proceedings.litigation_after_reconsideration.total": 2,
            },
            "2021+2021",
        ),
        ("收取行政事业性收费15.28万元。", {"proactive.fees.amount": "15.2790"}, "2021+2021"),
    ],
)
def test_a_claim_agrees_when_one_of_its_meanings_does(
    prose: str, cells: dict[str, int | str], form: str
) -> None:
    (compared,) = held(prose, cells, form).values()
    assert compared.outcome == "agrees"
    assert set(compared.cells) <= set(form_of(form).cells)


def test_a_figure_that_is_not_known_is_never_taken_for_zero() -> None:
    values = figures({})
    values[NEW] = None
    claims = claims_of("未收到政府信息公开申请。收到政府信息公开申请3件。")
    outcomes = [c.outcome for c in compare(claims, form_of("2021+2021"), values)]
    assert outcomes == ["open", "open"]


def test_no_cell_of_the_form_leaves_a_claim_open() -> None:
    (compared,) = held("政府集中采购3项。").values()
    assert (compared.outcome, compared.cells, compared.actual) == ("open", (), None)
    (compared,) = held("办理行政许可8项。").values()
    assert compared.outcome == "open"


def test_one_zero_for_several_nouns_is_a_claim_about_each() -> None:
    found = held("收到政府信息公开申请、行政复议、行政诉讼均为0件。", {NEW: 1})
    assert {s: c.outcome for s, c in found.items()} == {
        "requests.received": "contradicts",
        "reconsideration": "agrees",
        "litigation": "agrees",
    }


def test_a_negation_reaches_every_noun_of_its_list() -> None:
    found = held("未发生由政府信息公开引发的举报、投诉、行政复议和行政诉讼。")
    assert sorted(found) == ["litigation", "reconsideration"]


def test_respective_figures_go_to_their_nouns() -> None:
    found = held("行政复议、行政诉讼分别为2件、8件。")
    assert {s: c.claim.value for s, c in found.items()} == {"reconsideration": 2, "litigation": 8}


PARTS = "主动公开信息370条，其中通过网站公开49条，通过微博公开118条，通过{}公开{}条。"


@told
def test_parts_must_add_up_as_far_as_the_words_say(last: str, figure: int, warned: bool) -> None:
    (claim,) = claims_of(PARTS.format(last, figure))
    assert [p.value for p in claim.parts] == [49, 118, figure]
    found = said(PARTS.format(last, figure))
    assert [f.code for f in found] == ["prose_parts"] * warned
    if warned:
        assert (found[0].expected, found[0].actual) == ("370", str(49 + 118 + figure))
        assert found[0].other_span == claim.parts[0].span


def test_a_part_is_never_held_against_the_whole() -> None:
    prose = "收到政府信息公开申请12件，其中办结申请5件。"
    assert [f.code for f in said(prose, {NEW: 12})] == ["prose_scoped"]


def test_parts_that_are_cells_are_held_against_them() -> None:
    prose = "收到政府信息公开申请12件，其中自然人申请10件，法人或其他组织申请2件。"
    cells = {
        NEW: 12,
        "requests.new_received.natural_person": 9,
        "requests.new_received.business": 2,
    }
    (finding,) = said(prose, cells)
    assert (finding.rule, finding.expected, finding.actual) == ("prose.applicants", "10", "9")


def test_results_may_exceed_what_was_received_by_what_was_carried_in() -> None:
    prose = "收到政府信息公开申请2件，其中予以公开2件，部分公开1件。"
    cells = {
        NEW: 2,
        IN: 1,
        "requests.granted.total": 2,
        "requests.partially_granted.total": 1,
        "requests.results_total.total": 3,
    }
    assert said(prose, cells) == []


def test_nothing_is_claimed_by_the_tables_themselves() -> None:
    for form in every_form():
        cells = dict.fromkeys(form.cells, "7")
        assert find_claims(lay_out(printed(Example(cells, form=form.variant), YEAR))) == ()


def test_a_report_in_one_line_has_its_claims() -> None:
    text = printed(Example({NEW: "7"}, "全年收到政府信息公开申请12件。"), YEAR)
    (claim,) = find_claims(lay_out(" ".join(text.split())))
    assert (claim.subject, claim.value) == ("requests.received", 12)


def test_prose_of_another_report_in_the_text_is_left_out() -> None:
    own = printed(Example({}, "收到政府信息公开申请12件。"), YEAR)
    other = printed(Example({}, "收到政府信息公开申请31件。"), YEAR - 1)
    assert [c.value for c in find_claims(lay_out(own + other))] == [12]


def test_a_table_too_broken_to_be_one_claims_nothing() -> None:
    assert claims_of("行政许可 12\n行政处罚\n3\n政府集中采购\t5") == ()


def test_every_subject_has_a_rule_or_no_cell() -> None:
    ids = {rule.id for rule in RULES}
    for subject, described in SUBJECTS.items():
        cells = any(meanings(subject, form) for form in every_form())
        assert cells == (described.rule is not None)
        assert described.rule is None or described.rule in ids


@each("name", ["templates", "held_out", "unseen", "independent"])
def test_consistent_reports_raise_no_warning(name: str) -> None:
    true, other = templates(name)
    clean = measure(true, other, 60, 11, wrong=False)
    assert clean.examples == []
    assert clean.outcomes["agrees"] > 100
    false = measure(true, other, 60, 71, wrong=True)
    assert false.warned >= 30


@given(st.integers(0, 9_999))
def test_a_chinese_numeral_is_read_back(value: int) -> None:
    assert read_numeral(numeral(value)) == value


@each(
    ("text", "value"),
    [
        ("两", 2),
        ("廿", 20),
        ("廿三", 23),
        ("一万二千", 12_000),
        ("二〇", 20),
        ("〇", 0),
        ("百", 100),
        ("三五", None),
        ("七八十", None),
        ("十百", None),
        ("", None),
        ("件", None),
        ("万", None),
    ],
)
def test_numerals_that_are_only_about_are_none(text: str, value: int | None) -> None:
    assert read_numeral(text) == value


_ALPHABET = "收到政府信息公开申请件行政复议诉讼无未没有均为其中，。、；（）0123一十两 \n\t年截至许可规范性文件制发分别"


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(_ALPHABET), max_size=200))
def test_any_text_gives_claims_that_stand_in_it(text: str) -> None:
    text = f"青岚市水利局2023年政府信息公开工作年度报告\n\n政府信息公开。{text}"
    for claim in find_claims(lay_out(text)):
        assert text[slice(*claim.span)] == claim.text
        assert claim.sentence[0] <= claim.span[0] < claim.span[1] <= claim.sentence[1]
        assert claim.subject in SUBJECTS
        for part in claim.parts:
            assert text[slice(*part.span)] == part.text


def test_common_words_are_known_whole_and_nothing_is_known_as_a_word() -> None:
    words = ("收到", "政府信息公开申请", "上年结转", "12件", "十二件", "行政复议", "其中", "未")
    for word in words:
        match = WORDS.search(word)
        assert match is not None
        assert match[0] == word
        assert match.lastgroup in KINDS
    assert WORDS.match("") is None


def test_no_repetition_of_the_vocabulary_is_unbounded() -> None:
    assert re.search(r"(?<!\\)[*+](?![^\[]*\])", WORDS.pattern) is None
    assert re.search(r"(?<!\\)[*+](?![^\[]*\])", PATTERNS["aside"].pattern) is None


@told
def test_attributes_of_documents_are_no_requests(prose: str) -> None:
    assert not [c for c in claims_of(prose) if c.subject.startswith("requests.")]


@told
def test_figures_of_other_matters_and_bodies_never_contradict(prose: str) -> None:
    assert all(c.outcome != "contradicts" for c in held(prose, agency="清河县人民政府").values())


@told
def test_a_part_of_what_the_tables_do_not_divide_is_no_claim(prose: str) -> None:
    found = {c.subject for c in claims_of(prose)}
    assert len(found) == 1


def test_applicants_and_results_under_a_whole_of_requests_stay_claims() -> None:
    found = {
        c.subject
        for c in claims_of(
            "收到政府信息公开申请12件，其中自然人9件，法人或其他组织3件，予以公开5件。"
        )
    }
    assert {"requests.natural_person", "requests.organisations", "requests.granted"} <= found


@told
def test_common_wordings_are_claims_of_the_tables_own_scope(
    prose: str, subject: str, value: int
) -> None:
    (claim,) = claims_of(prose)
    assert (claim.subject, claim.value, claim.scope) == (subject, value, ())


def test_a_semicolon_keeps_the_matter_and_a_second_noun_keeps_the_verb() -> None:
    assert {c.subject for c in claims_of("收到政府信息公开申请9件；办结8件。")} == {
        "requests.received",
        "requests.answered",
    }
    assert {c.subject for c in claims_of("制定规章2件、规范性文件5件。")} == {
        "regulations.issued",
        "normative_documents.issued",
    }


def test_a_heading_says_what_the_sentence_under_it_speaks_of() -> None:
    text = printed(Example({}, "", "青岚市水利局", "2021+2021"), YEAR)
    heading = "收到和处理政府信息公开申请情况\n"
    assert heading in text
    claims = find_claims(lay_out(text.replace(heading, heading + "从结果看，予以公开5件。\n")))
    assert [(c.subject, c.value) for c in claims] == [("requests.granted", 5)]


@told
def test_what_may_be_of_another_whole_is_never_a_warning(prose: str) -> None:
    assert [f.code for f in said(prose) if f.level == "warning"] == []


@told
def test_a_plain_untrue_statement_is_a_warning(prose: str) -> None:
    assert any(f.level == "warning" for f in said(prose))


def test_a_plain_untrue_denial_is_a_warning() -> None:
    assert [f.code for f in said("未收到政府信息公开申请。", {NEW: 4})] == ["prose_contradicts"]
