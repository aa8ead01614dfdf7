"""The catalogue of rules: every identity, bound and check with its id, its words and its examples.

A *family* is one idea with one documentation and one check; its *rules* are its instances (``balance`` has
one rule for each column). A function is marked as the check by `verify.rules.check.rule`; the documentation
stands in a TOML file beside it. This package collects both when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

from verify.codes import Severity
from verify.data import toml_of
from verify.forms import every_form
from verify.rules.check import CHECKS, Check

Kind = Literal[
    "identity", "bound", "structure", "copies", "deduction", "prose", "years", "plausibility"
]
HEADINGS: tuple[str, ...] = ("What it says", "Why", "Example", "What breaks it", "Source")
HEADINGS_ZH: tuple[str, ...] = ("规则", "理由", "举例", "何时不符", "出处")
_PARTS = ("says", "why", "example", "breaks", "source")
_FILES: tuple[tuple[str, str, Kind], ...] = (
    ("verify.rules", "identity.toml", "identity"),
    ("verify.rules", "bound.toml", "bound"),
    ("verify.rules", "structure.toml", "structure"),
    ("verify.rules", "copies.toml", "copies"),
    ("verify.rules", "deduction.toml", "deduction"),
    ("verify.prose", "rules.toml", "prose"),
    ("verify.years", "rules.toml", "years"),
    ("verify.plausible", "rules.toml", "plausibility"),
)
_CHECKS = ("verify.ground", "verify.judge", "verify.years")
"""Modules and packages with checks that `verify.rules.check.rule` marks."""
_FORMS = tuple(form.variant for form in every_form())
_OF_CELLS = "bound"  # a finding of this family names the cell behind the name of its table


@dataclass(frozen=True, slots=True)
class Example:
    """A small report in which a rule holds or is broken.

    It is a report of form ``form`` in which every count is 0 and every sum of money 0, read as it
    is printed, but for what is said here.

    Attributes:
        cells: What is printed in a cell instead of 0: ``"3"``, ``"1 2"``, ``"/"``.
        prose: Sentences of section 一.
        agency: The agency of the title.
        form: Variant of the form (`verify.forms.Form.variant`).
        edits: Replacements in the printed text, first occurrence each. ``{table ID}`` stands for a
            printed table, ``{report 2022}`` for a whole second report, also without its title.
        reading: What the reading says otherwise: the name of a cell, and the cell in whose place
            the reading puts it, or ``"missing"`` or ``"blank"``. ``"=WORDS"`` puts it where these
            words stand first, ``"=WORDS>2"`` on the second field after them on their line, and
            ``"CELL?CODE"`` doubts what stands in the place of a cell. ``form`` with ``"none"`` is a
            reading of no form, ``repeats`` with ``"none"`` one that tells of no copies. ``named`` with a
            table is one whose rows a model named, ``skipped`` what it passed over.
        previous: Cells of last year's result that are not 0, or None where there is none.
        previous_agency: The agency of last year's report when it is another.
        others: Reports of other agencies: the cells that are not 0.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    prose: str = ""
    agency: str = "青岚市水利局"
    form: str = "2021+2021"
    edits: tuple[tuple[str, str], ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, str] | None = None
    previous_agency: str | None = None
    others: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Stable name, as findings carry it.
        forms: Variants of the forms for which it holds.
        zh: The rule in one Chinese sentence; the form's own where the form states it.
        en: The same in English.
        passes: An example in which it holds.
        fails: An example that breaks it.
    """

    id: str
    forms: tuple[str, ...]
    zh: str
    en: str
    passes: Example
    fails: Example


@dataclass(frozen=True, slots=True)
class Family:
    """Rules of one idea.

    Attributes:
        id: Its name; a rule's id is this or begins with this and a point.
        kind: What is checked.
        severity: Of its findings; where a finding has another, its documentation says when.
        codes: Reason codes of its findings, the usual one first.
        check: Module and name of the function that is the check.
        summary: First line of the documentation.
        doc: The documentation by heading, English and Chinese.
        rules: Its rules.
    """

    id: str
    kind: Kind
    severity: Severity
    codes: tuple[str, ...]
    check: str
    summary: str
    doc: Mapping[str, str]
    rules: tuple[Rule, ...]


# --- looking rules up -----------------------------------------------------------------------------


@cache
def every_family() -> tuple[Family, ...]:
    """All families, kind by kind.

    Raises:
        ValueError: Two families have one id, or a check is marked for none.
    """
    for module in _CHECKS:
        import_module(module)
    families = tuple(
        family_of_entry(entry, kind)
        for package, file, kind in _FILES
        for entry in toml_of(package, file)["family"]
    )
    ids = [family.id for family in families]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two families are called {next(i for i in ids if ids.count(i) > 1)!r}")
    if stray := sorted(CHECKS.keys() - set(ids)):
        raise ValueError(f"a check is marked for the rule {stray[0]!r}, which no file describes")
    return families


@cache
def _catalogue() -> dict[str, tuple[Family, Rule]]:
    found: dict[str, tuple[Family, Rule]] = {}
    for family in every_family():
        for rule in family.rules:
            if rule.id != family.id and not rule.id.startswith(f"{family.id}."):
                raise ValueError(f"rule {rule.id!r} is not named after its family {family.id!r}")
            if rule.id in found:
                raise ValueError(f"two rules are called {rule.id!r}")
            found[rule.id] = (family, rule)
    return found


def every_rule() -> tuple[Rule, ...]:
    """All rules, family by family."""
    return tuple(rule for _, rule in _catalogue().values())


def find_rule(id: str) -> Rule:
    """The rule with an id, as the catalogue or a finding has it.

    Raises:
        KeyError: There is none.
    """
    return _entry(id)[1]


def family_of(id: str) -> Family:
    """The family of a rule.

    Args:
        id: Of the rule, as the catalogue or a finding has it.

    Raises:
        KeyError: There is no such rule.
    """
    return _entry(id)[0]


def _entry(id: str) -> tuple[Family, Rule]:
    kind, _, cell = id.partition(".")
    if kind == _OF_CELLS and any(cell in form.kinds for form in every_form()):
        id = f"{kind}.{cell.partition('.')[0]}"
    return _catalogue()[id]


def families_of_code(code: str) -> tuple[Family, ...]:
    """The families whose findings have a reason code."""
    return tuple(family for family in every_family() if code in family.codes)


@cache
def rule_of_code(code: str) -> str | None:
    """The id of the one rule whose findings have a reason code, or None where several have it."""
    ids = [
        rule.id
        for family in families_of_code(code)
        for rule in family.rules
        if len(family.codes) == 1 or rule.id in (family.id, f"{family.id}.{code}")
    ]
    return ids[0] if len(ids) == 1 else None


def ids_of(code: str, rule: str | None) -> tuple[str, ...]:
    """The rules that a finding belongs to; several for one finding about several rules.

    Args:
        code: Its reason code.
        rule: Its rule as the finding has it: an id, several parted by commas, or None.

    Raises:
        KeyError: It names a rule that there is not, or its code belongs to no rule.
    """
    named = rule.split(",") if rule else []
    own = tuple(id for id in named if code in family_of(id).codes)
    if own:
        return own
    only = rule_of_code(code)
    if only is None:
        raise KeyError(f"{code}: {rule}")
    return (only,)


# --- reading them from the files ------------------------------------------------------------------


def family_of_entry(entry: Mapping[str, Any], kind: Kind) -> Family:
    """A family from its entry in a file.

    Args:
        entry: As TOML has it.
        kind: What is checked.

    Raises:
        ValueError: It has no check, or two; or a part of its documentation is missing.
    """
    id = entry["id"]
    marked = CHECKS.get(id)
    if (marked is None) == ("check" not in entry):
        raise ValueError(f"family {id!r} needs one check, marked by `rule` or named in its file")
    check = marked or Check(None, entry["severity"], tuple(entry["codes"]), entry["check"])
    doc = {
        heading: entry.get(lang, {}).get(part, "").strip()
        for lang, headings in (("en", HEADINGS), ("zh", HEADINGS_ZH))
        for part, heading in zip(_PARTS, headings, strict=True)
    }
    if not entry.get("summary") or not all(doc.values()):
        raise ValueError(f"family {id!r} needs a summary and {', '.join(_PARTS)} in en and zh")
    rules = tuple(_rule(one, check) for one in entry.get("rule", ())) or tuple(_identities(id))
    return Family(id, kind, check.severity, check.codes, check.where, entry["summary"], doc, rules)


def _rule(entry: Mapping[str, Any], check: Check) -> Rule:
    forms = tuple(entry.get("forms", check.forms or _FORMS))
    usual = Example().form if Example().form in forms else forms[0]
    passes, fails = (_example({"form": usual, **entry[key]}) for key in ("passes", "fails"))
    return Rule(entry["id"], forms, entry["zh"], entry["en"], passes, fails)


def _example(entry: dict[str, Any]) -> Example:
    edits = tuple((old, new) for old, new in entry.pop("edits", ()))
    return Example(edits=edits, others=tuple(entry.pop("others", ())), **entry)


_REQUESTS = {"new_received": "3", "granted": "2", "results_total": "2", "carried_out": "1"}
"""Three requests of one kind of applicant, two granted and one carried over: everything balances."""
_ROWS = {
    "new_received": ("new_received", "carried_out"),
    "carried_in": ("carried_in", "carried_out"),
    "carried_out": ("new_received", "carried_out"),
    "results_total": ("new_received", "granted", "results_total"),
}
"""The rows that have to have the same figures so that one of these has them and all else balances."""


def _identities(family: str) -> Iterator[Rule]:
    """The rules of a family of identities (勾稽关系) of the forms, in their order."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for form in every_form():
        for identity in form.identities:
            if identity.id.startswith(f"{family}."):
                sentences = (identity.sentence_zh, identity.sentence_en)
                forms, *same = found.setdefault(identity.id, ([], *sentences))
                assert tuple(same) == sentences, identity.id
                forms.append(form.variant)
    for id, (forms, zh, en) in found.items():
        good, bad = _figures(family, id.partition(".")[2])
        usual = Example().form if Example().form in forms else "2019+2019"
        yield Rule(id, tuple(forms), zh, en, Example(good, form=usual), Example(bad, form=usual))


def _figures(family: str, of: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The cells of an example that holds, and of one in which the identity alone fails."""
    if family == "row":
        rows = _ROWS.get(of, ("new_received", of, "results_total"))
        figures = {"natural_person": "1", "business": "2", "total": "3"}
        good = {f"requests.{row}.{c}": text for row in rows for c, text in figures.items()}
        return good, {**good, f"requests.{of}.total": "4"}
    columns = ("natural_person" if of == "total" else of, "total")
    good = {f"requests.{row}.{c}": text for row, text in _REQUESTS.items() for c in columns}
    wrong = {"results_total": "3", "carried_out": "0"}
    if family == "balance":
        wrong = {"carried_out": "2"}
    bad = {f"requests.{row}.{c}": text for row, text in wrong.items() for c in (of, "total")}
    return good, {**good, **bad}
