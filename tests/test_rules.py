"""The catalogue of rules: complete, documented, and every rule broken by its own example alone."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import replace
from importlib import import_module
from itertools import pairwise

import pytest

from conformance.case import answer
from conformance.examples import case_of
from extractor.cli import invoke
from extractor.errors import UsageError
from extractor.render._text import width_of
from extractor.rules.lint import lint, report
from extractor.rules.sample import form_of, printed
from extractor.rules.shown import formulas, in_words
from tests.conftest import CASES, GOLDEN, ROOT, extract
from tests.each import each, rows_of
from tests.suites import few_or_many
from tests.test_arithmetic import rank
from tests.test_conformance import belongs
from verify.codes import CODES
from verify.findings import Finding
from verify.forms import Form, Identity, every_form
from verify.rules import (
    HEADINGS,
    HEADINGS_ZH,
    Example,
    Rule,
    every_family,
    every_rule,
    families_of_code,
    family_of,
    family_of_entry,
    find_rule,
    ids_of,
    rule_of_code,
)
from verify.rules.check import CHECKS, rule

told = rows_of(__file__)
FORMS = {form.variant: form for form in every_form()}
IDENTITIES = {identity.id: identity for form in every_form() for identity in form.identities}
IDENTITY_RULES = [r for r in every_rule() if r.id in IDENTITIES]
LANGS = ("zh", "en")


def findings(example: Example) -> list[Finding]:
    return answer(case_of(example))[1]


# --- every rule does what it says


@few_or_many("conformance")
@each("one", every_rule(), ids=lambda one: one.id)
def test_a_rule_holds_in_one_example_and_is_broken_by_the_other(one: Rule, many: bool) -> None:
    if many or family_of(one.id).kind in ("prose", "years", "plausibility"):
        assert not any(belongs(finding, one.id) for finding in findings(one.passes))
        assert any(belongs(finding, one.id) for finding in findings(one.fails))


@pytest.mark.conformance
@each("one", IDENTITY_RULES, ids=lambda one: one.id)
def test_an_identity_holds_and_fails_so_in_each_of_its_forms(one: Rule) -> None:
    for variant in one.forms:
        passes, fails = (replace(e, form=variant) for e in (one.passes, one.fails))
        verified, said = answer(case_of(passes))
        assert verified.verdict == "accepted", variant
        assert said == []
        assert any(belongs(finding, one.id) for finding in findings(fails)), variant


@each("one", every_rule(), ids=lambda one: one.id)
def test_the_examples_of_a_rule_are_of_a_form_that_has_it(one: Rule) -> None:
    for example in (one.passes, one.fails):
        assert example.form in one.forms


# --- complete


def test_every_identity_of_every_form_is_a_rule_in_its_own_words() -> None:
    held_by: dict[str, list[str]] = {}
    for form in every_form():
        for identity in form.identities:
            held_by.setdefault(identity.id, []).append(form.variant)
            assert (find_rule(identity.id).zh, find_rule(identity.id).en) == (
                identity.sentence_zh,
                identity.sentence_en,
            )
    assert {r.id: list(r.forms) for r in IDENTITY_RULES} == held_by
    shapes = {r.id: len(formulas(r)) for r in IDENTITY_RULES}
    assert {id for id, count in shapes.items() if count == 2} == {
        id for id in shapes if id.startswith("results.")
    }
    assert set(shapes.values()) == {1, 2}


@each("code", CODES)
def test_every_reason_code_belongs_to_a_rule(code: str) -> None:
    families = families_of_code(code)
    assert families
    if len(families) == 1:
        assert families[0].severity == CODES[code].severity or len(families[0].codes) > 1
    only = rule_of_code(code)
    if only is not None:
        assert code in family_of(only).codes
        assert ids_of(code, None) == (only,)


def test_no_family_has_a_code_that_there_is_not() -> None:
    assert {code for f in every_family() for code in f.codes} == set(CODES)


@each("case", CASES)
def test_every_finding_of_a_golden_case_names_a_rule(case: str) -> None:
    from extractor.pipeline import work
    from extractor.source import load

    for finding in work(load(str(GOLDEN / case / "report.txt")).text).findings:
        for id in ids_of(finding.code, finding.rule):
            assert finding.code in family_of(id).codes


def test_every_bound_of_every_cell_resolves() -> None:
    for form in every_form():
        for cell in form.cells:
            found = find_rule(f"bound.{cell}")
            assert found.id == f"bound.{cell.partition('.')[0]}"
            assert form.variant in found.forms


@each("id", ["bound.requests.granted", "row", "row.", "", "nothing", "bound"])
def test_what_is_no_rule_does_not_resolve(id: str) -> None:
    with pytest.raises(KeyError):
        find_rule(id)


def test_a_finding_of_several_rules_belongs_to_those_of_its_code() -> None:
    assert ids_of("identity_failed", "row.granted,results.total") == (
        "row.granted",
        "results.total",
    )
    assert ids_of("answer_unusable", "table.requests") == ("structure.reader",)
    with pytest.raises(KeyError):
        ids_of("identity_failed", None)
    with pytest.raises(KeyError):
        ids_of("identity_failed", "row.nothing")


# --- documented


@each("one", every_family(), ids=lambda one: one.id)
def test_a_family_is_documented_in_both_languages(one: object) -> None:
    found = next(f for f in every_family() if f is one)
    assert tuple(found.doc) == (*HEADINGS, *HEADINGS_ZH)
    assert found.summary.endswith(".")
    for heading in HEADINGS_ZH:
        assert re.search(r"[\u4e00-\u9fff]", found.doc[heading]), heading
    for heading in HEADINGS:
        quoted = heading in ("Example", "Source")  # may be nothing but a quotation
        assert quoted or re.search(r"[A-Za-z]{2}", found.doc[heading]), heading
    rules = list(found.rules)
    assert rules
    assert all(r.zh and r.en and r.forms and set(r.forms) <= set(FORMS) for r in rules)
    assert all(code in CODES for code in found.codes)


def test_a_family_without_its_headings_is_refused() -> None:
    entry = {
        "id": "x",
        "summary": "Says something.",
        "en": {"says": "And nothing else."},
        "severity": "error",
        "codes": [],
        "check": "verify:verify",
    }
    with pytest.raises(ValueError, match="needs a summary and says, why"):
        family_of_entry(entry, "bound")


def test_the_check_of_a_family_is_one_function_that_there_is() -> None:
    for found in every_family():
        module, _, name = found.check.partition(":")
        function: object = import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        assert callable(function), found.id
    for kind in ("prose", "years", "plausibility"):
        assert all(f.id in CHECKS for f in every_family() if f.kind == kind)


def test_a_rule_without_a_check_or_with_two_is_refused() -> None:
    entry = {"id": "x", "summary": "Says something."}
    with pytest.raises(ValueError, match="needs one check"):
        family_of_entry(entry, "bound")
    with pytest.raises(ValueError, match="needs one check"):
        family_of_entry({**entry, "id": "row", "check": "verify:verify"}, "bound")
    with pytest.raises(ValueError, match="has two checks"):
        rule("row", severity="error", codes=())(len)


# --- lint


def vector(identity: Identity) -> Counter[str]:
    weights = Counter(identity.plus)
    weights.subtract(identity.minus)
    return weights


@each("form", every_form(), ids=lambda form: form.variant)
def test_the_lint_knows_rank_and_redundancy(form: Form) -> None:
    size = {"2021": (39, 37), "2019": (37, 35)}[form.variant.split("+")[1]]
    found = {table.table: table for table in lint(form)}
    assert (found["requests"].identities, found["requests"].rank) == size
    assert (found["proceedings"].identities, found["proceedings"].rank) == (3, 3)
    assert (found["proactive"].identities, found["proactive"].rank) == (0, 0)
    by_id = {identity.id: identity for identity in form.identities}
    requests = [i for i in form.identities if i.cells[0].startswith("requests.")]
    assert rank([dict(vector(i)) for i in requests]) == size[1]
    gone = {dependency.follows for dependency in found["requests"].redundant}
    kept = [dict(vector(i)) for i in requests if i.id not in gone]
    assert len(kept) == rank(kept) == size[1]
    for dependency in found["requests"].redundant:
        total: Counter[str] = Counter()
        for id, weight in dependency.weights:
            for cell, sign in vector(by_id[id]).items():
                total[cell] += weight * sign
        for cell, sign in vector(by_id[dependency.follows]).items():
            total[cell] -= dependency.times * sign
        assert not any(total.values())


# --- printed reports of examples


def test_an_example_prints_a_report_that_is_accepted_in_every_form() -> None:
    for variant, form in FORMS.items():
        example = Example(form=variant, agency="石桥镇人民政府")
        verified, said = answer(case_of(example))
        assert (verified.verdict, said) == ("accepted", [])
        assert (verified.agency, verified.year) == ("石桥镇人民政府", 2023)
        assert verified.form is form
        text = printed(example)
        below = text.split("三、收到")[1]
        for row in form_of(variant).table("requests").rows:
            assert f"\n{row.printed}\t" in below


def test_an_example_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="has no cell"):
        printed(Example({"requests.granted.nobody": "1"}))
    with pytest.raises(ValueError, match="is not printed"):
        printed(Example(edits=(("不在文中", ""),)))
    with pytest.raises(ValueError, match="no form has the variant"):
        printed(Example(form="2018"))
    for where in ("requests.granted.nobody", "=不在文中"):
        with pytest.raises(ValueError, match=r"no cell and no place|not printed"):
            case_of(Example(reading={"requests.granted.total": where}))


# --- extract rules


def said(*arguments: str) -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out):
        assert invoke(["rules", *arguments]) == 0
    out.seek(0)
    return out.read()


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_has_every_rule_once_in_columns(lang: str) -> None:
    lines = said("--lang", lang).splitlines()
    listed = [line for line in lines if re.match(r"  [a-z]", line)]
    assert [line.split()[0] for line in listed] == [r.id for r in every_rule()]
    starts = set()
    for line, one in zip(listed, every_rule(), strict=True):
        severity = family_of(one.id).severity
        starts.add(width_of(line[: line.index(f"  {severity}")]))
        assert (one.zh if lang == "zh" else one.en)[:10] in line
    assert len(starts) == 1
    assert max(width_of(line) for line in lines) <= 122
    assert str(len(every_rule())) in lines[-1]


def test_the_list_of_a_kind_has_that_kind_only() -> None:
    listed = {line.split()[0] for line in said("--kind", "years").splitlines() if line[:2] == "  "}
    wanted = {r.id for f in every_family() if f.kind == "years" for r in f.rules}
    assert wanted <= listed
    assert not any(id.startswith(("row.", "structure.")) for id in listed)


@each("one", every_rule(), ids=lambda one: one.id)
def test_a_rule_is_explained_in_both_languages_with_its_examples(one: Rule) -> None:
    text = said(one.id)
    squeezed = re.sub(r"\s+", "", text)
    for part in (one.id, one.zh, one.en, *family_of(one.id).codes):
        assert re.sub(r"\s+", "", part) in squeezed
    for heading in (*HEADINGS, *HEADINGS_ZH):
        body = re.sub(r"\s+", "", family_of(one.id).doc[heading])
        assert heading.replace(" ", "") + body not in squeezed  # never without its colon
        assert re.search(re.escape(heading.replace(" ", "")) + "[:：]" + re.escape(body), squeezed)
    for lang in LANGS:
        for example in (one.passes, one.fails):
            for line in in_words(one, example, lang):  # type: ignore[arg-type]
                assert re.sub(r"\s+", "", line) in squeezed
    assert max(width_of(line) for line in text.splitlines()) <= 102


@each("one", every_rule(), ids=lambda one: one.id)
def test_the_two_examples_of_a_rule_are_told_apart(one: Rule) -> None:
    for lang in LANGS:
        assert in_words(one, one.passes, lang) != in_words(one, one.fails, lang)  # type: ignore[arg-type]


def test_a_sum_is_shown_as_a_sum_with_its_figures() -> None:
    text = said("balance.natural_person")
    assert "3 + 二、上年结转政府信息公开申请数量 0 = （七）总计 2 + " in text.replace("\n    ", " ")
    assert "自然人 1 + 商业企业 2 + 其余4项 0 ≠ 总计 4（3≠4），不成立" in said("row.granted")
    assert "自然人 1 + 商业企业 2 + 4 others 0 ≠ 总计 4 (3 ≠ 4): fails" in said("row.granted")


def test_a_finding_leads_to_its_rule() -> None:
    assert said("bound.requests.granted.total") == said("bound.requests")
    both = said("row.granted,results.total")
    assert "“（一）予以公开”一行" in both
    assert "总计一列：第三项" in both
    assert said("bound").count("bound.") >= len(list(family_of("bound.requests").rules))


@told
def test_an_unknown_rule_is_wrong_usage_with_near_ones(wrong: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        said(wrong)
    assert caught.value.exit_code == 2
    assert near in str(caught.value)
    assert "\n" not in str(caught.value)


@told
def test_wrong_options_are_wrong_usage(arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        said(*arguments)


def test_json_has_every_rule_and_for_one_everything() -> None:
    listed = json.loads(said("--json"))
    assert [entry["id"] for entry in listed] == [r.id for r in every_rule()]
    (one,) = json.loads(said("results.total", "--json"))
    assert [len(formula["plus"]) for formula in one["formulas"]] == [21, 19]
    assert set(one["doc"]) == {*HEADINGS, *HEADINGS_ZH}
    assert set(one["passes"]) == set(one["fails"]) == set(LANGS)


def test_the_lint_is_printed_for_every_form() -> None:
    assert said("--lint") == "\n".join(report()) + "\n"
    for variant in FORMS:
        assert f"form {variant}: " in said("--lint")


def test_the_list_is_utf8_whatever_the_locale() -> None:
    done = extract("rules", "balance", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == said("balance")


# --- docs/rules


def test_the_pages_have_every_rule_and_lead_to_each_other() -> None:
    pages = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "rules").glob("*.md")}
    assert set(pages) == {"index.md", *(f"{f.kind}.md" for f in every_family())}
    for one in every_rule():
        assert f"| `{one.id}` |" in pages[f"{family_of(one.id).kind}.md"]
    for name, text in pages.items():
        for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", text):
            assert not target or target in pages, (name, target)
    anchors = re.findall(r"\]\((\w+)\.md#([^)]*)\)", pages["index.md"])
    titles = {
        (name.removesuffix(".md"), "".join(c for c in title if c.isalnum() or c in "-_"))
        for name, text in pages.items()
        for title in re.findall(r"^## (\S+)$", text, re.MULTILINE)
    }
    assert set(anchors) <= titles
    assert len(anchors) == len(every_family())


def test_families_of_a_kind_stand_together() -> None:
    kinds = [f.kind for f in every_family()]
    assert len(set(kinds)) == 1 + sum(a != b for a, b in pairwise(kinds))
