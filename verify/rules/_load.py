"""Families of rules from the TOML files beside their checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from verify.data import toml_of
from verify.forms import every_form
from verify.rules._types import HEADINGS, HEADINGS_ZH, Example, Family, Kind, Rule
from verify.rules.check import CHECKS, Check
from verify.rules.identities import rules_of
from verify.rules.sample import printed, table_text

_PARTS = ("says", "why", "example", "breaks", "source")
_FORMS = tuple(form.variant for form in every_form())


def load_families(package: str, file: str, kind: Kind) -> Iterator[Family]:
    """The families of one file.

    Args:
        package: In which it lies.
        file: Its name.
        kind: Of its families.

    Raises:
        ValueError: A family has no check, or two; or a part of its documentation is missing.
    """
    for entry in toml_of(package, file)["family"]:
        yield family_of_entry(entry, kind)


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
    rules = tuple(_rule(one, check) for one in entry.get("rule", ())) or tuple(rules_of(id))
    return Family(id, kind, check.severity, check.codes, check.where, entry["summary"], doc, rules)


def _rule(entry: Mapping[str, Any], check: Check) -> Rule:
    forms = tuple(entry.get("forms", check.forms or _FORMS))
    usual = Example().form if Example().form in forms else forms[0]
    passes, fails = (_example({"form": usual, **entry[key]}) for key in ("passes", "fails"))
    return Rule(entry["id"], forms, entry["zh"], entry["en"], passes, fails)


def _example(entry: Mapping[str, Any]) -> Example:
    edits = tuple((_expanded(old), _expanded(new)) for old, new in entry.get("edits", ()))
    others = tuple(entry.get("others", ()))
    return replace(Example(), **{**entry, "edits": edits, "others": others})


def _expanded(text: str) -> str:
    """An edit with what its braces stand for: a printed table, or a whole second report."""
    for name, what in _printed():
        if name in text:
            text = text.replace(name, what)
    return text


def _printed() -> Sequence[tuple[str, str]]:
    second = printed(Example(), 2022)
    return [
        ("{report 2022}", second),
        ("{report 2022 untitled}", second.partition("\n")[2]),
        *(
            (f"{{table {id}}}", table_text(id, Example()))
            for id in ("proactive", "requests", "proceedings")
        ),
    ]
