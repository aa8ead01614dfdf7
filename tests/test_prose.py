"""Figures that the prose claims, found with their spans and held against the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.rules.sample import form_of, printed
from tests.each import each
from tests.prose import held_out, independent, templates, unseen
from tests.prose.measure import measure
from tests.prose.reports import lines, numeral
from verify.figures import Number
from verify.findings import Finding
from verify.forms import every_form
from verify.layout import lay_out
from verify.prose import Claim, Compared, compare, find_claims, findings_of
from verify.prose.subjects import SUBJECTS, meanings
from verify.prose.tokens import KINDS, PATTERNS, WORDS, read_numeral
from verify.rules import Example, Rule, every_family

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


@each(
    "prose",
    [
        "收到政府信息公开申请约12件。",
        "收到政府信息公开申请近20件。",
        "收到政府信息公开申请20余件。",
        "收到政府信息公开申请十几件。",
        "收到政府信息公开申请三五件。",
        "政府信息公开申请较上年增加3件。",
        "政府信息公开申请同比下降12%。",
        "政府信息公开申请由4件增至5件。",
        "行政许可办件量1200件。",
        "2022年收到政府信息公开申请12件。",
        "去年收到政府信息公开申请12件。",
        "收到政府信息公开申请之日起20个工作日内答复。",
        "受理12345热线案件75件。",
        "办理人大代表建议5件、政协提案3件。",
        "收到低保申请30件，与政府信息公开无关。",
        "审查规范性文件5件，解读规范性文件2件。",
        "公示行政许可信息12条，公开行政许可事项27项。",
        "根据〔2019〕38号文件梳理权责清单27项。",
        "无行政诉讼败诉案件，没有行政复议纠错情况。",
        "无正当理由大量反复申请政府信息公开的，要求说明理由。",
        "没有现成信息需要另行制作的，告知政府信息公开申请人。",
        "未按要求补正的政府信息公开申请视为放弃。",
        "每一件政府信息公开申请都有专人跟踪。",
        "印发《关于收到政府信息公开申请12件的通知》。",
        "政府信息公开咨询电话0512-65250218。",
    ],
)
def test_what_states_no_figure_of_the_tables_is_no_claim(prose: str) -> None:
    assert claims_of(prose) == ()


@each(
    ("prose", "word"),
    [
        ("全市共收到政府信息公开申请12件。", "全市"),
        ("本局收到政府信息公开申请12件。", "本局"),
        ("区政府办收到政府信息公开申请12件。", "区政府办"),
        ("截至10月31日，收到政府信息公开申请12件。", "截至"),
        ("累计收到政府信息公开申请12件。", "累计"),
        ("上半年收到政府信息公开申请12件。", "上半年"),
        ("通过信函收到政府信息公开申请12件。", "信函"),
        ("下属学校收到政府信息公开申请12件。", "下属学校"),
        ("收到政府信息公开申请12件涉及征地补偿的。", "征地补偿"),
    ],
)
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


@each(
    ("agency", "word", "outcome"),
    [
        ("青岚市水利局", "我局", "contradicts"),
        ("青岚市水利局", "市水利局", "contradicts"),
        ("青岚市水利局", "我市", "scoped"),
        ("青岚市水利局", "市水利局办公室", "scoped"),
        ("青岚市人民政府", "我市", "contradicts"),
        ("青岚市人民政府", "我局", "scoped"),
    ],
)
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


@each(
    ("last", "figure", "warned"),
    [
        ("其他方式", 203, False),
        ("其他方式", 204, True),
        ("其他方式", 202, True),
        ("微信", 204, True),
        ("微信", 202, False),  # not said to be all
        ("微信", 370, False),  # all of it is there, and some of it elsewhere again
        ("微信", 371, True),
    ],
)
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


@each("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_examples_of_every_rule_hold_and_break_it(rule: Rule) -> None:
    for example, broken in ((rule.passes, False), (rule.fails, True)):
        form = form_of(example.form)
        compared = compare(
            find_claims(lay_out(printed(example, YEAR))), form, figures(example.cells, example.form)
        )
        found = [f.rule for f in findings_of(compared, {}) if f.level == "warning"]
        assert (rule.id in found) == broken
        assert compared
        assert broken or not found


def test_every_subject_has_a_rule_or_no_cell() -> None:
    ids = {rule.id for rule in RULES}
    for subject, described in SUBJECTS.items():
        cells = any(meanings(subject, form) for form in every_form())
        assert cells == (described.rule is not None)
        assert described.rule is None or described.rule in ids


@each("name", ["templates", "held_out", "unseen", "independent"])
def test_consistent_reports_raise_no_warning(name: str) -> None:
    module = {
        "templates": templates,
        "held_out": held_out,
        "unseen": unseen,
        "independent": independent,
    }[name]
    clean = measure(lines(module.TRUE), lines(module.OTHER), 60, 11, wrong=False)
    assert clean.examples == []
    assert clean.outcomes["agrees"] > 100
    false = measure(lines(module.TRUE), lines(module.OTHER), 60, 71, wrong=True)
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


@pytest.mark.parametrize(
    "prose",
    [
        "制发公文83件，其中主动公开57件，依申请公开14件，不予公开12件。",
        "对公开属性逐件标注，主动公开57件、依申请公开14件、不予公开12件。",
        "拟制公文中，主动公开占57%，依申请公开14件，不予公开12件。",
    ],
)
def test_attributes_of_documents_are_no_requests(prose: str) -> None:
    assert not [c for c in claims_of(prose) if c.subject.startswith("requests.")]


@each(
    "prose",
    [
        "全国制发行政规范性文件460件，作出行政许可决定63692件。",
        "公开行政许可298条、行政处罚95条。",
        "集中公示行政许可152项、行政处罚113项、行政强制265项的依据。",
        "信息公开工作平稳。推进依法行政，发生行政复议案件20件、行政诉讼案件66件。",
        "乡镇（街道）收到政府信息公开申请84件。",
        "答复政府信息公开申请0件.推进依法行政，全年发生行政复议案件9件。",
        "全县共收到政府信息公开申请9件，其中县政府收到4件，部门收到5件。",
        "政府信息公开。受理低保申请27件，受理企业申请7件。",
    ],
)
def test_figures_of_other_matters_and_bodies_never_contradict(prose: str) -> None:
    assert all(c.outcome != "contradicts" for c in held(prose, agency="清河县人民政府").values())


@pytest.mark.parametrize(
    "prose",
    [
        "办结政府信息公开申请12件，其中自然人9件，法人或其他组织3件。",
        "收到政府信息公开申请。自然人申请12件，其中予以公开9件、部分公开3件。",
        "结转下年度的政府信息公开申请3件，其中自然人2件。",
    ],
)
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


@each(
    ("prose", "subject", "value"),
    [
        ("收到政府信息公开申请，其余3件结转下年度办理。", "requests.carried_out", 3),
        ("政府信息公开行政复议、行政诉讼案件共7件。", "proceedings", 7),
        ("截至2023年底，现行有效的行政规范性文件共有5件。", "normative_documents.in_force", 5),
        ("不予处理的政府信息公开申请共6件。", "requests.unprocessed", 6),
        ("截至2023年12月31日，收到政府信息公开申请4件。", "requests.received", 4),
    ],
)
def test_common_wordings_are_claims_of_the_tables_own_scope(
    prose: str, subject: str, value: int
) -> None:
    (claim,) = claims_of(prose)
    assert (claim.subject, claim.value, claim.scope) == (subject, value, ())


def test_what_the_agency_had_of_a_whole_district_is_compared() -> None:
    found = claims_of("全市行政机关收到政府信息公开申请90件，其中我局收到4件。")
    assert [(c.value, bool(c.scope)) for c in found] == [(90, True), (4, False)]


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


@each(
    "prose",
    [
        # another period
        "2022—2023学年，学校主动公开信息173条，收到信息公开申请7件，答复8件。",
        # another matter counted since requests were named
        "依申请公开工作平稳。发放补贴5笔。信访件196件，已办结111件，结转下年3件。",
        # parts of a whole that is no figure of the tables
        "审结行政诉讼案件60件，其中政府信息公开案件27件，未经复议直接起诉20件，复议后起诉8件。",
        # another body, named at the head of its clause
        "执法大队出动300人次，办理行政处罚案件31件，移送2件。",
        "信息公开中，市属高校收到申请23件，答复34件。",
        "市属高校信息公开年度数据：收到申请23件，答复34件，结转1件。",
        "卫生监督所全年检查215户次，立案查处102件，作出行政处罚39件。",
        # figures that the report itself says are counted otherwise
        "办理行政处罚案件31件，由执法队以自己名义作出，不计入本表统计。",
        # one kind of decision told apart
        "作出行政处罚5件（普通程序），信息公示率100%。",
        "作出行政处罚5件，当场处罚3件。",
        # proceedings of any matter, the word 公开 only behind them
        "本机关被申请行政复议35件，主要涉及工伤认定，生效文书已在网站公开。",
        # parts told beside each other
        "实施行政强制措施2次、行政强制执行3次。",
        "新制定规范性文件11件、修订16件，共制发27件。",
        # a request of which nothing says that it is for information
        "受理申请53件（科技计划项目），立项公开24件。",
    ],
)
def test_what_may_be_of_another_whole_is_never_a_warning(prose: str) -> None:
    assert [f.code for f in said(prose) if f.level == "warning"] == []


@each(
    "prose",
    [
        "2023年，本机关收到政府信息公开申请12件，办结12件。",
        "在市政府正确领导下，全年收到政府信息公开申请12件。",
        "信访件9件，办结9件。全年收到政府信息公开申请12件，结转下年度3件。",
        "收到政府信息公开申请12件，结转下年度3件。",
        "因政府信息公开被申请行政复议2件。",
        "政府信息公开工作平稳。行政复议2件。",
        "办理行政许可418件。",
        "检查企业30家，我局作出行政处罚5件。",
        "作出行政处罚5件（详见附表），另有复查3件未计入。",
        "制发规范性文件5件。",
        "收到政府信息公开申请0件，其中自然人12件，法人或其他组织1件。",
    ],
)
def test_a_plain_untrue_statement_is_a_warning(prose: str) -> None:
    assert any(f.level == "warning" for f in said(prose))


def test_a_plain_untrue_denial_is_a_warning() -> None:
    assert [f.code for f in said("未收到政府信息公开申请。", {NEW: 4})] == ["prose_contradicts"]
