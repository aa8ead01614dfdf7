"""What a report leaves to a person: its findings as items, each with an address that stays while its place does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extractor.errors import StoreError
from verify.codes import CODES
from verify.decisions import Decision, Opinions, can_settle, opinions, words_key

if TYPE_CHECKING:
    from verify.schema import Result

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
    def words(self) -> tuple[object, ...]:
        """The same words at the same rows in other reports have this too."""
        return words_key(self.code, self.cells, self.text)

    def about(self, sha256: str) -> tuple[object, ...]:
        """As `verify.decisions.Decision.about` has it."""
        return (sha256, self.code, self.rule, self.cells, self.span, self.text)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide: a finding, or failed sums that the same cells would explain.

    Attributes:
        key: Its address within the report.
        findings: At least one.
    """

    key: str
    findings: tuple[Finding, ...]

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
        return can_settle(self.first.code)


@dataclass(slots=True)
class Case:
    """A report as the queue knows it.

    Attributes:
        source: Its number in the store.
        sha256: Of its bytes.
        path: Where it was found.
        agency: As its title names it.
        year: As its title names it.
        verdict: Of its current result.
        result: Number of that.
        decided: The last decision that it takes into account.
        items: To decide.
        applied: Ids of the decisions that took effect.
        open: Items that nobody settled yet.
        trouble: Items on which people differ, or that wait for a second opinion.
    """

    source: int
    sha256: str
    path: str
    agency: str | None
    year: int | None
    verdict: str
    result: int
    decided: int
    items: tuple[Item, ...] = ()
    applied: frozenset[str] = frozenset()
    open: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    handed: dict[str, str] = field(default_factory=dict)

    def item(self, key: str) -> Item | None:
        """The item with a key."""
        return next((one for one in self.items if one.key == key), None)

    def judge(self, own: Sequence[Decision]) -> None:
        """See which of its items are open, by the decisions on it alone."""
        said = opinions(own)
        self.handed = handed(own, self)
        self.open = tuple(one.key for one in self.items if not is_done(one, self.sha256, said))
        self.trouble = tuple(one.key for one in self.items if is_troubled(one, self.sha256, said))


def is_done(item: Item, sha256: str, said: Mapping[tuple[object, ...], Opinions]) -> bool:
    """Whether somebody decided each finding of an item, and nobody differs."""
    found = [said.get(one.about(sha256)) for one in item.findings]
    return all(one is not None and one.stands is not None for one in found)


def is_troubled(item: Item, sha256: str, said: Mapping[tuple[object, ...], Opinions]) -> bool:
    """Whether people differ on an item, or it waits for a second opinion."""
    found = [said.get(one.about(sha256)) for one in item.findings]
    return any(one is not None and one.stands is None for one in found)


def handed(own: Sequence[Decision], case: Case) -> dict[str, str]:
    """To whom items were handed on, by their keys: the last word."""
    from verify.decisions import SECOND, not_undone

    found = {}
    for one in not_undone(own):
        if one.kind == "hand_on" and one.to not in (None, SECOND):
            for item in case.items:
                if any(f.about(case.sha256) == one.about for f in item.findings):
                    found[item.key] = str(one.to)
    return found


def parsed(number: int, text: str) -> Result:
    """A result of a store.

    Args:
        number: Of the result, for messages.
        text: Its JSON.

    Raises:
        StoreError: It is of another version of the contract.
    """
    from pydantic import ValidationError

    from verify.schema import Result

    try:
        return Result.model_validate_json(text)
    except ValidationError:
        raise StoreError(
            f"result {number} of the store is of another version; run extract batch with --rerun stale"
        ) from None


def items_of(result: str) -> tuple[tuple[Item, ...], frozenset[str]]:
    """The items of a result, and the ids of the decisions that took effect in it.

    Args:
        result: JSON of the contract.
    """
    whole = json.loads(result)
    found: dict[object, list[Finding]] = {}
    groups = {
        identity: number
        for number, group in enumerate(whole.get("suspects", ()))
        for identity in group.get("identities", ())
    }
    for number, reason in enumerate(whole["reasons"]):
        code, severity = reason["code"], reason["severity"]
        if severity == "info" or code in _CONCLUSIONS or code not in CODES:
            continue
        one = _finding(number, reason)
        of_sums = code == "identity_failed" and one.rule in groups
        found.setdefault(("sums", groups[one.rule or ""]) if of_sums else number, []).append(one)
    made = (Item(_key(many), tuple(many)) for many in found.values())
    applied = frozenset(one["id"] for one in whole.get("decisions", ()))
    return tuple({one.key: one for one in made}.values()), applied


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


def _key(findings: Sequence[Finding]) -> str:
    said = [[one.code, one.rule, one.cells, one.span, one.text] for one in findings]
    text = json.dumps(said, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]
