"""A report in the queue: what is to be decided on it, and what of that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.batch.store.items import Item
from extractor.errors import StoreError
from verify.decisions import Decision, opinions

if TYPE_CHECKING:
    from verify.schema import Result


@dataclass(slots=True)
class Case:
    """A report as the queue knows it."""

    source: int  # its number in the store
    sha256: str  # of its bytes
    path: str  # where it was found
    agency: str | None  # as its title names it
    year: int | None  # as its title names it
    verdict: str  # of its current result
    result: int  # number of that
    decided: int  # the last decision that it takes into account
    items: tuple[Item, ...] = ()  # to decide
    applied: frozenset[str] = frozenset()  # ids of the decisions that took effect
    open: tuple[str, ...] = ()  # items that nobody settled yet
    trouble: tuple[str, ...] = ()  # items on which people differ, or that wait for a second opinion
    handed: dict[str, str] = field(default_factory=dict)

    @property
    def opened(self) -> bool:
        """Whether the findings of its items are here."""
        return all(one.findings for one in self.items)

    def item(self, key: str) -> Item | None:
        """The item with a key."""
        return next((one for one in self.items if one.key == key), None)

    def judge(self, own: Sequence[Decision]) -> None:
        """See which of its items are open, by the decisions on it alone; these need the findings."""
        if not own:
            self.open, self.trouble, self.handed = tuple(one.key for one in self.items), (), {}
            return
        said = opinions(own)
        self.handed = handed(own, self)
        opened, trouble = [], []
        for item in self.items:
            found = [said.get(one.about(self.sha256)) for one in item.findings]
            if any(
                one is None or one.stands is None for one in found
            ):  # undecided, or people differ
                opened.append(item.key)
            if any(one is not None and one.stands is None for one in found):
                trouble.append(item.key)
        self.open, self.trouble = tuple(opened), tuple(trouble)


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
