"""What a result leaves to a person: its findings, and which of them are one thing to decide.

A store keeps this in columns, so that a queue of many reports opens none of their results.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractor.batch.store.names import readable
from verify.codes import CODES
from verify.decisions import can_settle, words_key

_CONCLUSIONS = frozenset(
    {"not_proven", "structure_suspected", "suspect_doubtful", "no_table", "no_reading"}
)
"""Said beside what is to be decided."""
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason of a result, with its number in it.

    Attributes:
        number: In the result.
        code: Its code.
        rule: Its rule.
        cells: That it is about.
        span: Where it stands.
        text: What stands there.
    """

    number: int
    code: str
    rule: str | None
    cells: tuple[str, ...]
    span: tuple[int, int] | None
    text: str | None

    @property
    def words(self) -> str:
        """The same words at the same rows in other reports have this too."""
        return short_of(words_key(self.code, self.cells, self.text))

    def about(self, sha256: str) -> tuple[object, ...]:
        """As `verify.decisions.Decision.about` has it."""
        return (sha256, self.code, self.rule, self.cells, self.span, self.text)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide: a finding, or failed sums that the same cells would explain.

    Attributes:
        key: Its address within the report.
        code: Of the finding that it is called after.
        words: Of each finding; see `Finding.words`.
        findings: At least one; none where they were not read yet.
    """

    key: str
    code: str
    words: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def first(self) -> Finding:
        """The finding that it is called after."""
        return self.findings[0]

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells that it is about."""
        return tuple(dict.fromkeys(name for one in self.findings for name in one.cells))

    @property
    def settles(self) -> bool:
        """Whether a person's word alone takes it off."""
        return can_settle(self.code)


def short_of(key: object) -> str:
    """A key as a column has it."""
    text = json.dumps(key, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def items_of(text: str) -> tuple[Item, ...]:
    """The items of a result, with their findings.

    Args:
        text: JSON of the contract.
    """
    return _items(json.loads(text, parse_int=_number))


def found_in(text: str) -> list[tuple[Any, ...]]:
    """The findings of a result as rows of the table ``found``: of notes the code and the rule, of all else what a person decides on.

    Args:
        text: JSON of the contract.
    """
    whole = json.loads(text, parse_int=_number)
    reasons = whole["reasons"]
    items = {
        one.number: (item.key, words)
        for item in _items(whole)
        for one, words in zip(item.findings, item.words, strict=True)
    }
    rows: list[tuple[Any, ...]] = []
    for number, reason in enumerate(reasons):
        severity, code, rule = reason["severity"], reason.get("code", ""), reason.get("rule")
        if severity == "info":
            rows.append((number, severity, code, rule, *[None] * 8))
            continue
        start, end = reason.get("span") or (None, None)
        cells = reason.get("cells") or ()
        said = (_text(reason.get("expected")), _text(reason.get("actual")))
        first = cells[0] if cells else None
        facts = (number, severity, code, rule, first, len(cells), start, end)
        rows.append((*facts, *said, *items.get(number, (None, None))))
    return rows


def applied_in(text: str) -> str | None:
    """The ids of the decisions that took effect in a result, as JSON; None where there are none."""
    if '"decisions":' not in text:
        return None
    ids = [one["id"] for one in json.loads(text, parse_int=_number).get("decisions", ())]
    return json.dumps(ids) if ids else None


def _items(whole: Mapping[str, Any]) -> tuple[Item, ...]:
    groups = {
        identity: number
        for number, group in enumerate(whole.get("suspects", ()))
        for identity in group.get("identities", ())
    }
    together: dict[object, list[Finding]] = {}
    for number, reason in enumerate(whole["reasons"]):
        code = reason.get("code")
        if reason["severity"] == "info" or code in _CONCLUSIONS or code not in CODES:
            continue
        one = _finding(number, reason)
        of_sums = code == "identity_failed" and one.rule in groups
        group = ("sums", groups[one.rule or ""]) if of_sums else number
        together.setdefault(group, []).append(one)
    made: dict[str, Item] = {}
    for many in together.values():
        key = short_of([[one.code, one.rule, one.cells, one.span, one.text] for one in many])
        words = tuple(one.words for one in many)
        made.setdefault(key, Item(key, many[0].code, words, tuple(many)))
    return tuple(made.values())


def _finding(number: int, reason: Mapping[str, Any]) -> Finding:
    span = reason.get("span")
    return Finding(
        number,
        reason["code"],
        reason.get("rule"),
        tuple(reason.get("cells") or ()),
        (span[0], span[1]) if span else None,
        reason.get("actual"),
    )


def _text(value: object) -> str | None:
    return None if value is None else readable(str(value))


def _number(digits: str) -> int:
    """A number of a result; no figure is needed here, and some are longer than Python reads."""
    return int(digits[:18])


__all__ = ["Finding", "Item", "applied_in", "found_in", "items_of", "short_of"]
