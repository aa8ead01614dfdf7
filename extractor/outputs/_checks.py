"""The rules that hold for a report, each with its outcome: held, failed, or not decided.

Identities are evaluated; of every other rule the result lists what broke it, so that a rule without a
finding held, where the result shows that it was looked at and that no cell of it was unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.outputs._reported import Reported
from extractor.render._facts import Facts, message
from extractor.render._text import figure
from extractor.render._words import WORDS
from verify.forms import Form
from verify.prose.subjects import SUBJECTS
from verify.rules import every_family, every_rule, family_of, find_rule, rule_of_code
from verify.years import year_identities

if TYPE_CHECKING:
    from extractor.flat import Evaluated, Outcome
    from extractor.render._words import Lang
    from verify.rules import Family, Rule
    from verify.schema import Reason

_NOT_COMPARED = "years_not_compared"
_EXPLAINS_SUMS = frozenset({"slip", "structure.doubtful"})
_OF_FIGURES = frozenset({"plausible.regulations", "plausible.yuan"})
_OF_PROACTIVE = frozenset({"plausible.regulations", "plausible.yuan", "bound.proactive"})


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and what became of it."""

    # id of the rule; of a finding that no rule of the catalogue covers, its own or its code
    id: str
    kind: str  # kind of the rule's family; ``other`` for such a finding
    # ``open`` when it was not looked at or could not be decided; never taken for held
    outcome: Outcome
    why: str = ""  # why it is open, or the sum that failed
    findings: tuple[Reason, ...] = ()  # the reasons that belong to it


def checks(report: Reported, lang: Lang) -> Iterator[Check]:
    """Every rule that applies to the report's form, in the order of the catalogue, then the rest.

    Infos are remarks on how the report was read, and no rules. Of a report without tables only the
    rules that it breaks apply.
    """
    found: dict[str, list[Reason]] = {}
    for reason in report.reasons:
        if reason.severity != "info":
            found.setdefault(rule_broken(reason), []).append(reason)
    # A finding that belongs to no rule may have broken any rule that has its code.
    known = {one.id for one in every_rule()}
    loose = {r.code for id, reasons in found.items() if id not in known for r in reasons}
    sums = {e.identity.id: e for e in report.evaluated}
    for family in every_family():
        if family.severity == "info":
            continue
        for one in family.rules:
            findings = tuple(found.pop(one.id, ())) if _applies(one, report, found) else None
            if findings is None:
                continue
            if one.id in sums:
                yield _identity(sums[one.id], findings, lang)
            else:
                yield _check(report, family, one, findings, loose, lang)
    for id, rest in found.items():
        yield Check(id, "other", _worst(tuple(rest)), "", tuple(rest))


def rule_broken(reason: Reason) -> str:
    """The id of the rule of the catalogue that a reason belongs to, else its own rule or code."""
    if reason.rule is not None:
        try:
            if reason.code in family_of(reason.rule).codes:
                return find_rule(reason.rule).id
        except KeyError:
            pass  # of another version or maker, or the name of a part of the program
    return rule_of_code(reason.code) or reason.rule or reason.code


def _applies(one: Rule, report: Reported, found: dict[str, list[Reason]]) -> bool:
    form: Form | None = report.form
    return one.id in found or (form is not None and form.variant in one.forms)


def _identity(e: Evaluated, findings: tuple[Reason, ...], lang: Lang) -> Check:
    sentence = e.identity.sentence_zh if lang == "zh" else e.identity.sentence_en
    if e.left is None or e.right is None:
        return Check(e.identity.id, "identity", "open", _say("unknown", lang), findings)
    if e.outcome == "failed":
        sentence += f": {figure(e.left)} ≠ {figure(e.right)}"
    return Check(e.identity.id, "identity", e.outcome, sentence, findings)


def _check(
    report: Reported,
    family: Family,
    one: Rule,
    findings: tuple[Reason, ...],
    loose: set[str],
    lang: Lang,
) -> Check:
    if findings:
        return Check(one.id, family.kind, _worst(findings), "", findings)
    why = "loose" if loose & set(family.codes) else _open(report, family, one)
    if why is None:
        return Check(one.id, family.kind, "held")
    return Check(one.id, family.kind, "open", _say(why, lang))


def _open(report: Reported, family: Family, one: Rule) -> str | None:
    """Why a rule without a finding cannot be said to have held, or None when it can."""
    result = report.result
    if family.kind == "prose":
        return None if one.id in _agreed(report) else "prose"
    if family.kind == "years":
        return _years(report, one)
    if family.id == "plausible.same_tables":
        return "others"
    if family.id in _EXPLAINS_SUMS and not result.identities.failed:
        return "sums"
    of_figures = family.id in _OF_FIGURES or family.kind in {"bound", "plausibility"}
    if result.verdict == "rejected" and of_figures:
        return "untrusted"
    table = "proactive" if one.id in _OF_PROACTIVE else one.id.partition(".")[2]
    if family.kind in {"bound", "plausibility"} and any(
        cell.value is None for name, cell in result.cells.items() if name.startswith(f"{table}.")
    ):
        return "unknown"
    return None


def _agreed(report: Reported) -> set[str | None]:
    """The rules of prose under which some claim agrees with the tables."""
    return {
        SUBJECTS[claim.subject].rule
        for claim in report.result.claims
        if claim.outcome == "agrees" and claim.subject in SUBJECTS
    }


def _years(report: Reported, one: Rule) -> str | None:
    before = None if report.previous is None else report.previous.result
    now, form = report.result, report.form
    earlier = None if before is None else Facts(before).form
    if before is None or form is None or earlier is None:
        return "years"
    if one.id == "years.consecutive":
        return "unknown" if None in (now.report.year, before.report.year) else None
    if one.id == "years.agency":
        return "unknown" if None in (now.report.agency, before.report.agency) else None
    if any(_forbids(reason) for reason in now.reasons):
        return "years"
    if "rejected" in (now.verdict, before.verdict):
        return "untrusted"
    if one.id == "years.tenfold":
        cells = (*now.cells.values(), *before.cells.values())
        return "unknown" if any(cell.value is None for cell in cells) else None
    if one.id not in {identity.id for identity in year_identities(form, earlier)}:
        return "forms"
    open_ = [
        id
        for reason in now.reasons
        if reason.code == _NOT_COMPARED
        for id in (reason.rule or one.id).split(",")
    ]
    return "unknown" if one.id in open_ else None


def _forbids(reason: Reason) -> bool:
    """Whether a finding says that nothing was compared across years."""
    apart = reason.code == "years_apart" and reason.severity != "info"
    return apart or reason.code == "different_agency"


def _worst(findings: tuple[Reason, ...]) -> Outcome:
    return "failed" if any(reason.severity == "error" for reason in findings) else "held"


def _say(why: str, lang: Lang) -> str:
    return str(WORDS[lang].not_checked[why])


def said(check: Check, lang: Lang) -> list[str]:
    """The messages of a check's findings, each with its code."""
    return [f"{message(reason, lang)} [{reason.code}]" for reason in check.findings]
