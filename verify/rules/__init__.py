"""The catalogue of rules: every identity, bound and check with its id, its words and its examples.

A function is marked as the check of a rule by `verify.rules.check.rule`; its documentation stands in a
TOML file beside it. This package collects both when they are first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from verify.forms import every_form
from verify.rules._types import HEADINGS, HEADINGS_ZH, Example, Family, Kind, Rule
from verify.rules.check import CHECKS

__all__ = [
    "HEADINGS",
    "HEADINGS_ZH",
    "Example",
    "Family",
    "Kind",
    "Rule",
    "every_family",
    "every_rule",
    "families_of_code",
    "family_of",
    "find_rule",
    "ids_of",
    "rule_of_code",
]

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
_CHECKS = ("verify.arithmetic", "verify.prose", "verify.years", "verify.plausible", "verify.fault")
"""Modules and packages with checks that `verify.rules.check.rule` marks."""
_OF_CELLS = "bound"  # a finding of this family names the cell behind the name of its table


@cache
def every_family() -> tuple[Family, ...]:
    """All families, kind by kind.

    Raises:
        ValueError: Two families have one id, or a check is marked for none.
    """
    from verify.rules._load import load_families

    for module in _CHECKS:
        import_module(module)
    families = tuple(family for file in _FILES for family in load_families(*file))
    ids = [family.id for family in families]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two families are called {next(i for i in ids if ids.count(i) > 1)!r}")
    stray = sorted(CHECKS.keys() - set(ids))
    if stray:
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


@cache
def _cells() -> frozenset[str]:
    return frozenset(name for form in every_form() for name in form.cells)


def every_rule() -> tuple[Rule, ...]:
    """All rules, family by family."""
    return tuple(rule for _, rule in _catalogue().values())


def _entry(id: str) -> tuple[Family, Rule]:
    rules = _catalogue()
    kind, _, cell = id.partition(".")
    if kind == _OF_CELLS and cell in _cells():
        id = f"{kind}.{cell.partition('.')[0]}"
    return rules[id]


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
    only = rule_of_code(code)
    if own or only is None:
        if not own:
            raise KeyError(f"{code}: {rule}")
        return own
    return (only,)
