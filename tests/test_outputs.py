"""Findings for other programs: SARIF, JUnit XML and CSV say what the result says, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from extractor.outputs import Earlier, Reported, sarif_log, to_csv, to_junit, to_sarif
from extractor.render import page, summary
from extractor.render._places import NEWLINES, Places, uri_of
from tests.each import each
from tests.test_render import (
    EVERY,
    FORM,
    GRANTED,
    LANGS,
    TOTAL,
    Lang,
    accepted,
    explained,
    failing,
    incomplete,
    result_of,
    source_of,
    unsupported,
)
from verify.forms import compose
from verify.rules import every_family
from verify.schema import Cell, Claim, Reason, Result, Slip, Suspects

SCHEMA = Path(__file__).resolve().parent / "data" / "sarif-2.1.0.json"
RECEIVED = "requests.new_received.natural_person"
CARRIED = "requests.carried_in.total"
# RFC 3986, appendix A: what may stand in a path, with a scheme or without.
URI = re.compile(r"(?:file:///)?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*")
EVIL = (
    "</script><img src=x onerror=alert(1)>",
    "]]><![CDATA[",
    "&#x0;&amp;",
    "=1+1",
    "+1",
    "-1+2",
    "@x",
    "\t=1",
    "\r\n=1",
    "＝1",
    '"; DROP',
    "a\x00b\x1b[2J",
    "\ud800",
    "\ufffe",
    "[x](http://a.example)",
    "{0} {1}",
    "%PATH%",
    "甲\u2028乙\u202e丙",
    "'",
    "\ufeff=1",
    " =1",
    "|cmd",
    "1e999",
)
NASTY = st.one_of(
    st.sampled_from(EVIL),
    st.text(st.characters(), max_size=12),  # surrogates and controls are among them
    st.lists(st.sampled_from([*EVIL, "甲", "\r", "\n", " "]), max_size=4).map("".join),
)


def every(*, uri: str = "报告 一.txt") -> list[Reported]:
    return [Reported(result, source, uri) for source, result in (make() for make in EVERY)]


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def run_of(text: str) -> dict[str, Any]:
    """The one run of a SARIF log that is valid."""
    log = json.loads(text)
    assert [error.message for error in validator().iter_errors(log)] == []
    assert len(log["runs"]) == 1
    run: dict[str, Any] = log["runs"][0]
    return run


def with_reason(**given: Any) -> tuple[str, Result]:
    """The failing report with one reason more."""
    source, result = failing()
    said = {"code": "spam_words", "severity": "warning", "message_zh": "话", "message_en": "words"}
    reason = Reason(**{**said, **given})
    return source, result.model_copy(update={"reasons": (*result.reasons, reason)})


def last_result(source: str, result: Result, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = run_of(to_sarif(result, source, uri="r.txt", **more))["results"][-1]
    return found


# --- SARIF ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_log_of_many_reports_follows_the_schema(lang: Lang) -> None:
    reports = every()
    run = run_of(sarif_log(reports, lang=lang))
    assert len(run["artifacts"]) == len(reports)
    assert len(run["results"]) == sum(len(report.result.reasons) for report in reports)
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["newlineSequences"] == ["\r\n", "\n", "\r"]


def test_each_severity_has_its_level_and_each_result_its_rule() -> None:
    for severity, level in (("error", "error"), ("warning", "warning"), ("info", "note")):
        source, result = with_reason(severity=severity)
        run = run_of(to_sarif(result, source, uri="r.txt"))
        rules = run["tool"]["driver"]["rules"]
        for found in run["results"]:
            assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
        said = next(r for r in run["results"] if r["ruleId"] == "spam_words")
        assert said["level"] == level


def test_a_rule_is_described_by_its_code_and_the_documentation_of_its_families() -> None:
    source, result = failing()
    for lang in LANGS:
        words = {"zh": "勾稽不符", "en": "identity fails"}[lang]
        driver = run_of(to_sarif(result, source, uri="r", lang=lang))["tool"]["driver"]
        rule = driver["rules"][0]
        assert rule["id"] == "identity_failed"
        assert words in rule["shortDescription"]["text"]
        assert "{" not in rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert "balance" in rule["properties"]["families"]
        assert "informationUri" not in driver


def offset_of(text: str, line: int, column: int) -> int:
    """An offset by line and column, told by cutting the text and not by what is tested."""
    lines = re.findall("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text) or [""]
    return sum(map(len, lines[: line - 1])) + column - 1


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("甲a1\r\n\u2028\u0085\t𠮷"), max_size=30), st.data())
def test_a_region_is_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    result = result_of(text, {}, "unsupported", form=None)
    reason = Reason(
        code="spam_words", severity="warning", span=(start, end), message_zh="话", message_en="w"
    )
    found = last_result(text, result.model_copy(update={"reasons": (reason,)}))
    region = found["locations"][0]["physicalLocation"]["region"]
    assert offset_of(text, region["startLine"], region["startColumn"]) == start
    assert offset_of(text, region["endLine"], region["endColumn"]) == end
    assert (region["charOffset"], region["charLength"]) == (start, end - start)
    assert region["snippet"]["text"] == text[start:end]


@each(
    ("text", "offset", "place"),
    [
        ("ab\r\nc", 4, (2, 1)),
        ("ab\r\nc", 2, (1, 3)),
        ("ab\r\nc", 3, (1, 4)),  # between CR and LF
        ("ab\rc", 3, (2, 1)),
        ("ab\nc", 3, (2, 1)),
        ("ab\u2028c", 3, (1, 4)),
        ("ab\x85\x0bc", 4, (1, 5)),
        ("𠮷a", 1, (1, 2)),
        ("a\n", 2, (1, 3)),  # past the end of the last line
        ("", 0, (1, 1)),
    ],
)
def test_lines_end_where_editors_end_them(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Places(text).at(offset) == place
    assert set(NEWLINES) == {"\r\n", "\n", "\r"}


@each(
    ("path", "uri"),
    [
        ("报告 一.txt", "%E6%8A%A5%E5%91%8A%20%E4%B8%80.txt"),
        ("-", "stdin"),
        ("./a/b.txt", "a/b.txt"),
        ("/data/a b.txt", "file:///data/a%20b.txt"),
        ("C:\\reports\\a b.txt", "file:///C:/reports/a%20b.txt"),
        ("a:b?c#d%.txt", "a%3Ab%3Fc%23d%25.txt"),
        ("//host/a", "file:///host/a"),
        ("\udcff.txt", "%FF.txt"),
    ],
)
def test_a_path_becomes_a_uri(path: str, uri: str) -> None:
    assert uri_of(path) == uri


@given(st.text(st.characters(), min_size=1, max_size=12))
def test_every_path_becomes_a_valid_uri(path: str) -> None:
    assert URI.fullmatch(uri_of(path))


@given(st.text("甲乙 ab.#?%&", min_size=1, max_size=12).filter(lambda path: path[0] != "."))
def test_no_two_paths_become_one_uri(path: str) -> None:
    assert unquote(uri_of(path)) == path


def test_the_terms_of_a_failed_sum_are_related_locations_with_their_labels() -> None:
    source, result = failing()
    found = last_result(source, result)
    said = [
        (place["message"]["text"], place["physicalLocation"]["region"]["snippet"]["text"])
        for place in found["relatedLocations"]
    ]
    assert said == [
        ("+ 一、本年新收政府信息公开申请数量 · 自然人: 4", "4"),
        ("+ 二、上年结转政府信息公开申请数量 · 自然人: 0", "0"),
        ("= （七）总计 · 自然人: 1", "1"),
        ("= 四、结转下年度继续办理 · 自然人: 2", "2"),
    ]
    cells = [place["logicalLocations"][0] for place in found["relatedLocations"]]
    assert [cell["fullyQualifiedName"] for cell in cells] == list(result.reasons[0].cells)
    assert found["properties"]["suspects"] == [list(s) for s in result.suspects[0].sets]


def test_every_finding_has_a_region() -> None:
    source, result = with_reason()
    for reason, place in (
        (result.reasons[0].model_copy(update={"span": None}), result.cells[TOTAL].span),
        (result.reasons[1].model_copy(update={"cells": (CARRIED,)}), result.cells[CARRIED].span),
        (result.reasons[1], (0, len(source))),  # about no place in particular: the whole report
    ):
        said = last_result(source, result.model_copy(update={"reasons": (reason,)}))
        region = said["locations"][0]["physicalLocation"]["region"]
        assert (region["charOffset"], region["charOffset"] + region["charLength"]) == place


def test_other_places_are_related_locations() -> None:
    source, result = with_reason(
        code="carry_over_differs", cells=(CARRIED,), other_span=(1, 2), previous_span=(3, 4)
    )
    previous = Earlier("上年\n数 7", "去年/报告.txt")
    found = last_result(source, result, previous=previous)
    other, earlier, cell = found["relatedLocations"]
    assert other["physicalLocation"]["region"]["charOffset"] == 1
    assert earlier["physicalLocation"]["artifactLocation"]["uri"] == uri_of("去年/报告.txt")
    assert earlier["physicalLocation"]["region"]["startLine"] == 2
    assert cell["logicalLocations"][0]["fullyQualifiedName"] == CARRIED
    alone = last_result(source, result)
    assert alone["properties"]["previous_span"] == [3, 4]
    assert len(alone["relatedLocations"]) == 2


def fingerprints(source: str, result: Result) -> list[str]:
    run = run_of(to_sarif(result, source, uri="r.txt"))
    return [r["partialFingerprints"]["goujiFinding/v1"] for r in run["results"]]


def test_a_finding_keeps_its_fingerprint_when_the_layout_changes() -> None:
    source, result = failing()
    moved_source, cells = "改版\r\n" + source, {}
    for name, cell in result.cells.items():
        assert cell.span is not None
        span = (cell.span[0] + 4, cell.span[1] + 4)
        cells[name] = cell.model_copy(update={"span": span})
    reasons = tuple(
        r.model_copy(update={"span": cells[TOTAL].span, "expected": "9"}) for r in result.reasons
    )
    moved = result_of(moved_source, cells, "inconsistent", reasons=reasons)
    assert fingerprints(moved_source, moved) == fingerprints(source, result)


def test_a_cell_that_a_finding_names_twice_is_one_logical_location() -> None:
    source, result = with_reason(cells=(CARRIED, RECEIVED, CARRIED))
    named = last_result(source, result)["locations"][0]["logicalLocations"]
    assert [cell["fullyQualifiedName"] for cell in named] == [CARRIED, RECEIVED]


def test_no_two_findings_of_a_report_have_one_fingerprint() -> None:
    source, result = with_reason(actual="甲")
    twice = result.model_copy(update={"reasons": result.reasons * 2})
    found = fingerprints(source, twice)
    assert len(found) == len(set(found)) == 4


def test_text_of_a_report_is_no_link_and_no_placeholder() -> None:
    hostile = "[请点击](http://a.example) {0} {name}"
    source, result = with_reason(message_zh=hostile, message_en=hostile)
    for lang in LANGS:
        text = last_result(source, result, lang=lang)["message"]["text"]
        assert "](" not in text
        assert re.sub(r"\{\{|\}\}", "", text).count("{") == 0


def test_the_length_in_bytes_is_said_only_where_the_hash_proves_it() -> None:
    source, result = accepted()
    for data in (source.encode(), b"\xef\xbb\xbf" + source.encode()):
        said = result.provenance.source.model_copy(
            update={"sha256": hashlib.sha256(data).hexdigest()}
        )
        known = result.model_copy(
            update={"provenance": result.provenance.model_copy(update={"source": said})}
        )
        assert run_of(to_sarif(known, source, uri="r"))["artifacts"][0]["length"] == len(data)
    said = result.provenance.source.model_copy(update={"sha256": "0" * 64})
    unknown = result.model_copy(
        update={"provenance": result.provenance.model_copy(update={"source": said})}
    )
    artifact = run_of(to_sarif(unknown, source, uri="r"))["artifacts"][0]
    assert "length" not in artifact
    assert artifact["hashes"] == {"sha-256": "0" * 64}


def test_a_source_of_which_the_result_was_not_made_is_refused() -> None:
    source, result = failing()
    for other in (source + "多", source.replace("4", "5", 1), ""):
        with pytest.raises(ValueError, match="not the text of which the result was made"):
            Reported(result, other, "r.txt")


def test_without_a_source_only_offsets_are_said() -> None:
    _, result = failing()
    report = Reported(result, None, "r.txt")
    place = run_of(sarif_log([report]))["results"][0]["locations"][0]["physicalLocation"]
    assert set(place["region"]) == {"charOffset", "charLength"}
    row = rows(to_csv([report]))[1]
    assert row[-4:-2] == ["", ""]
    assert row[-2:] != ["", ""]


# --- JUnit ---------------------------------------------------------------------------------------


def suites(text: str) -> list[ET.Element]:
    root = ET.fromstring(text.encode())  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    for key in ("tests", "failures", "errors"):
        assert int(root.attrib[key]) == sum(int(suite.attrib[key]) for suite in root)
    return list(root)


def outcomes(suite: ET.Element) -> dict[str, str]:
    found = {}
    for case in suite.iter("testcase"):
        kinds = [child.tag for child in case if child.tag != "system-out"]
        assert len(kinds) <= 1
        found[case.attrib["name"]] = kinds[0] if kinds else "held"
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_counts_of_each_suite_are_those_of_its_cases(lang: Lang) -> None:
    reports = every()
    found = suites(to_junit(reports, lang=lang))
    assert len(found) == len(reports)
    for suite in found:
        cases = list(suite.iter("testcase"))
        said = list(outcomes(suite).values())
        assert len(cases) == len(said) == int(suite.attrib["tests"])
        assert said.count("failure") == int(suite.attrib["failures"])
        assert said.count("skipped") == int(suite.attrib["skipped"])


def test_there_is_one_case_for_each_rule_of_the_form() -> None:
    source, result = failing()
    (suite,) = suites(to_junit([Reported(result, source, "r.txt")]))
    rules = {
        rule.id
        for family in every_family()
        if family.severity != "info"
        for rule in family.rules
        if FORM.variant in rule.forms
    }
    assert set(outcomes(suite)) == rules
    assert {identity.id for identity in FORM.identities} <= rules


def test_a_failed_identity_is_a_failure_with_its_sum() -> None:
    source, result = failing()
    (suite,) = suites(to_junit([Reported(result, source, "r.txt")]))
    case = next(c for c in suite.iter("testcase") if c.attrib["name"] == "balance.natural_person")
    failure = case.find("failure")
    assert failure is not None
    assert "4 ≠ 3" in failure.attrib["message"]
    assert failure.attrib["type"] == "identity_failed"
    assert "+ 一、本年新收政府信息公开申请数量 · 自然人: 4" in (failure.text or "")


def test_what_is_open_is_skipped_and_never_passed() -> None:
    source, result = incomplete()
    report = Reported(result, source, "r.txt")
    (suite,) = suites(to_junit([report]))
    said = outcomes(suite)
    for e in report.evaluated:
        assert (said[e.identity.id] == "skipped") == (e.outcome == "open")
    why = {skipped.attrib["message"] for skipped in suite.iter("skipped")}
    assert "有单元格未知" in why
    assert not any(sentence.endswith("总计") for sentence in why)
    assert said["bound.requests"] == "skipped"
    assert said["bound.proactive"] == "held"


def years_of(result: Result, source: str, previous: Earlier | None) -> dict[str, str]:
    (suite,) = suites(to_junit([Reported(result, source, "r.txt", previous=previous)]))
    return {id: said for id, said in outcomes(suite).items() if id.startswith("years.")}


def test_years_held_only_where_they_were_compared() -> None:
    source, result = failing()
    alone = years_of(result, source, None)
    assert alone
    assert set(alone.values()) == {"skipped"}
    assert years_of(result, source, Earlier("上年", "p.txt")) == alone
    compared = years_of(result, source, Earlier(None, "p.txt", accepted()[1]))
    assert set(compared.values()) == {"held"}
    assert set(compared) == set(alone)


def test_a_rule_across_years_with_unknown_or_other_cells_is_skipped() -> None:
    source, result = failing()
    unknown = Reason(
        code="years_not_compared",
        severity="info",
        rule="years.carry_over.total,years.x",
        message_zh="未",
        message_en="not",
    )
    partly = result.model_copy(update={"reasons": (unknown,)})
    found = years_of(partly, source, Earlier(None, "p", accepted()[1]))
    assert found["years.carry_over.total"] == "skipped"
    assert found["years.carry_over.business"] == "held"
    older = compose("2019", "2019")
    text, cells = source_of(older, {})
    found = years_of(result, source, Earlier(text, "p", result_of(text, cells, form=older)))
    assert found["years.in_force.regulations"] == "skipped"
    assert found["years.carry_over.total"] == "held"
    found = years_of(result, source, Earlier(None, "p", incomplete()[1]))
    assert found["years.tenfold"] == "skipped"


@pytest.mark.parametrize("code", ["years_apart", "different_agency"])
def test_nothing_held_across_years_that_were_not_to_be_compared(code: str) -> None:
    source, result = with_reason(code=code, severity="warning")
    found = years_of(result, source, Earlier(None, "p", accepted()[1]))
    assert found["years.carry_over.total"] == found["years.tenfold"] == "skipped"


def test_a_rule_of_prose_held_only_where_a_claim_agrees() -> None:
    source, result = explained()
    for outcome, expected in (("agrees", "held"), ("scoped", "skipped"), ("open", "skipped")):
        claim = result.claims[0].model_copy(update={"outcome": outcome})
        for claims, said in (((claim,), expected), ((), "skipped")):
            report = Reported(result.model_copy(update={"claims": claims}), source, "r.txt")
            (suite,) = suites(to_junit([report]))
            assert outcomes(suite)["prose.received"] == said
            assert outcomes(suite)["prose.answered"] == "skipped"


def test_a_warning_never_fails_and_is_said() -> None:
    source, result = with_reason(message_zh="此处混入推广词语")
    (suite,) = suites(to_junit([Reported(result, source, "r.txt")]))
    case = next(c for c in suite.iter("testcase") if "spam" in c.attrib["name"])
    assert [child.tag for child in case] == ["system-out"]
    assert "此处混入推广词语" in (case.findtext("system-out") or "")


def test_a_finding_of_no_known_rule_is_not_lost() -> None:
    for severity, expected in (("error", "failure"), ("warning", "held")):
        source, result = with_reason(code="of_another_maker", severity=severity, rule="x.y")
        (suite,) = suites(to_junit([Reported(result, source, "r.txt")]))
        assert outcomes(suite)["x.y"] == expected


def test_no_rule_held_that_a_finding_without_a_rule_may_have_broken() -> None:
    source, result = with_reason(code="carry_over_differs", rule="of.another.maker")
    previous = Earlier(None, "p", accepted()[1])
    (suite,) = suites(to_junit([Reported(result, source, "r.txt", previous=previous)]))
    said = outcomes(suite)
    assert said["of.another.maker"] == "held"  # a warning, said in system-out
    assert said["years.carry_over.total"] == said["years.carry_over.business"] == "skipped"


def test_a_report_without_tables_claims_no_rule_held() -> None:
    source, result = unsupported()
    reason = Reason(code="no_table", severity="error", message_zh="无", message_en="none")
    result = result.model_copy(update={"reasons": (reason,)})
    (suite,) = suites(to_junit([Reported(result, source, "r.txt")]))
    assert outcomes(suite) == {"structure.table": "failure"}


# --- CSV -----------------------------------------------------------------------------------------


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_excel_sees_chinese_and_one_line_a_row() -> None:
    text = to_csv(every())
    assert text.startswith("\ufeff报告,")
    assert not to_csv(every(), bom=False).startswith("\ufeff")
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == text.count("\r") == len(rows(text))


def test_there_is_a_row_for_each_finding_and_cell_and_one_for_a_report_without() -> None:
    reports = every()
    found = rows(to_csv(reports))[1:]
    expected = sum(
        max(1, sum(max(1, len(r.cells)) for r in report.result.reasons)) for report in reports
    )
    assert len(found) == expected
    assert len({len(row) for row in found}) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_a_row_says_where_its_cell_stands(lang: Lang) -> None:
    source, result = failing()
    head, *found = rows(to_csv([Reported(result, source, "r.txt")], lang=lang))
    for row in found:
        said = dict(zip(head, row, strict=True))
        name = row[8]
        cell = result.cells[name]
        assert cell.span is not None
        assert [int(value) for value in row[-2:]] == list(cell.span)
        assert Places(source).at(cell.span[0]) == (int(row[-4]), int(row[-3]))
        assert cell.text in said.values()
        in_a_set = any(name in s for s in result.suspects[0].sets)
        assert bool(row[11]) == in_a_set


@each("evil", ["=1+1", "+1", "-1+2", "@x", "\t=1", "\r=1", "＝1", "--1", " =1"])
def test_text_of_a_report_is_never_a_formula(evil: str) -> None:
    source, result = with_reason(actual=evil, message_zh=evil)
    found = rows(to_csv([Reported(result, source, "r.txt")]))[-1]
    assert found[12].startswith("'")
    assert found[14].startswith("'")


@each("plain", ["-5", "0", "12", "-1.2500", "15.2790", "-", "/", "—"])
def test_a_plain_number_or_a_mark_for_an_empty_cell_stays_as_it_is(plain: str) -> None:
    source, result = with_reason(actual=plain)
    assert rows(to_csv([Reported(result, source, "r.txt")]))[-1][14] == plain


def test_more_digits_than_a_spreadsheet_holds_stay_text() -> None:
    source, result = with_reason(actual="1234567890123456789")
    found = rows(to_csv([Reported(result, source, "r.txt")]))[-1][14]
    assert found == "'1234567890123456789"


# --- all of them ---------------------------------------------------------------------------------


@cache
def _hostile_parts() -> tuple[str, dict[str, Cell]]:
    return source_of(FORM, {TOTAL: "1"})


def hostile(text: str) -> tuple[str, Result]:
    """A result in which everything that may come from a report is ``text``."""
    plain, cells = _hostile_parts()
    cells = dict(cells)
    source = plain + text
    span = (len(plain), len(source))
    cells[GRANTED] = Cell(value=None, state="unreadable", text=text, span=span)
    reason = Reason(
        code=text,
        severity="error",
        rule=text,
        by=text,
        cells=(text, GRANTED),
        expected=text,
        actual=text,
        span=span,
        other_span=span,
        previous_span=(0, len(text)),
        message_zh=text,
        message_en=text,
    )
    slip = Slip(operation=text, cells=(text, GRANTED), message_zh=text, message_en=text)
    claim = Claim(
        subject=text,
        value=3,
        text=text,
        span=span,
        sentence=span,
        scope=(text,),
        outcome="contradicts",
        cells=(text, GRANTED),
        actual=None,
    )
    group = Suspects(
        identities=(text,),
        sets=((text, GRANTED),),
        needed=((987654, None),),
        slips=(slip,),
        doubtful=(text, GRANTED),
        fault="reading",
        claims=(0, 7),
    )
    result = result_of("", cells, "rejected", agency=text, reasons=(reason,), suspects=(group,))
    said = result.provenance.source.model_copy(
        update={"name": text, "encoding": text, "chars": len(source)}
    )
    provenance = result.provenance.model_copy(update={"source": said})
    return source, result.model_copy(update={"claims": (claim,), "provenance": provenance})


@pytest.mark.fuzz
@settings(max_examples=60, deadline=None)
@example("-", "zh")
@given(NASTY, st.sampled_from(LANGS))
def test_no_output_is_broken_by_text_of_a_report(text: str, lang: Lang) -> None:
    source, result = hostile(text)
    report = Reported(result, source, text, previous=Earlier(text, text))
    log = sarif_log([report, report], lang=lang)
    log.encode()
    run_of(log)
    junit = to_junit([report, report], lang=lang)
    assert len(suites(junit)) == 2
    assert not re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", junit)
    table = to_csv([report, report], lang=lang)
    table.encode()
    assert len({len(row) for row in rows(table)}) == 1
    for row in rows(table):
        for value in row:
            assert re.fullmatch(r"-?[0-9.]*", value) or not value.startswith(tuple("=+-@\t\r\n＝"))
    for other in (page(result, source, lang, previous_text=text), summary(result, lang)):
        other.encode()
    for output in (log, junit, table, page(result, source, lang), summary(result, lang)):
        assert "987654" not in output


def test_the_same_reports_give_the_same_bytes() -> None:
    for write in (sarif_log, to_junit, to_csv):
        assert write(every()) == write(every())


def test_no_report_is_an_empty_but_valid_output() -> None:
    assert run_of(sarif_log([]))["results"] == []
    assert suites(to_junit([])) == []
    assert len(rows(to_csv([]))) == 1
