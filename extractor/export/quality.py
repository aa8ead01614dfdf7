"""How far each figure of a result can be trusted: one word a cell, and the sums that it stands in.

Nothing is judged anew: the words come from the states, findings and suspects of the result, and the sums are
computed again only to be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from verify.forms import Form

QUALITIES: dict[str, tuple[str, str]] = {
    "guarded": (
        "从原文读出，且至少一项包含它的勾稽关系成立（项数为sums_held）；全为0的一行也算成立",
        "read from the source, in sums_held identities that hold; a row of zeros holds as well",
    ),
    "unguarded": (
        "从原文读出，但没有一项成立的勾稽关系包含它（表二没有勾稽关系）",
        "read from the source; no identity that holds guards it (table 二 has none)",
    ),
    "deduced": (
        "由勾稽关系推算，原文中没有",
        "follows from the identities; it does not stand in the source",
    ),
    "entered": ("由人录入", "entered by a person"),
    "suspect": (
        "从原文读出，但在不成立的勾稽关系的可疑之列",
        "read from the source, and among the suspects of an identity that fails",
    ),
    "named": (
        "从原文读出，但行列名称由模型或词表认定，须人工核对",
        "read from the source, but its row or column was named by a model or a lexicon; a person has to look",
    ),
    "remarked": (
        "从原文读出，但旁边有其他文字，可能改变其含义",
        "read from the source, with words beside it that may change what it means",
    ),
    "questioned": (
        "从原文读出，但另有一项错误或提醒涉及它",
        "read from the source, and an error or warning names it",
    ),
    "tentative": (
        "报告读取不可信：读到过一个数字，但不采用，数值为空",
        "of a rejected report: a figure was tried and is not given, value is empty",
    ),
    "blank": ("空白或为“/”一类的记号，未知", "blank, or a mark such as “/”: not known"),
    "missing": ("原文中没有这一格，未知", "the cell is not in the text: not known"),
    "unreadable": (
        "原文此处不是数字，或不能确定是哪一格的，未知",
        "what stands there is no figure, or not certain to be this cell's: not known",
    ),
}
"""Each word with what it means, in Chinese and English; the first that applies of the order in `_of_read`."""
DOUBTED = frozenset({"suspect", "named", "remarked", "questioned"})
"""Of figures that were read and that a person has to look at."""
_NAMED = frozenset({"named_by_model", "named_by_lexicon"})
_GRAVE = ("error", "warning")


class Qualities:
    """The quality of every cell of one result.

    Args:
        result: As JSON has it.
        form: Its form, None without tables.
    """

    def __init__(self, result: Mapping[str, Any], form: Form | None) -> None:
        self._cells: Mapping[str, Mapping[str, Any]] = result["cells"]
        self.held: dict[str, int] = dict.fromkeys(self._cells, 0)
        self.failed: dict[str, int] = dict.fromkeys(self._cells, 0)
        known = {identity.id for identity in form.identities} if form else set()
        restated = self._count(form)
        self._suspects = frozenset(_suspects(result, restated))
        self._named: set[str] = set()
        self._remarked: set[str] = set()
        self._questioned: set[str] = set()
        for reason in result.get("reasons", ()):
            if reason["code"] in _NAMED:
                self._named.update(reason["cells"])
            elif reason["code"] == "remark":  # one that is harmless has another code
                self._remarked.update(reason["cells"])
            elif reason["severity"] in _GRAVE and reason["rule"] not in known:
                self._questioned.update(reason["cells"])

    def of(self, name: str) -> str:
        """One word of `QUALITIES`."""
        cell = self._cells[name]
        state: str = cell["state"]
        if cell["value"] is None:
            return "tentative" if cell.get("tentative") is not None else _unread(state)
        return self._of_read(name) if state == "read" else state

    def _of_read(self, name: str) -> str:
        for word, names in (
            ("suspect", self._suspects),
            ("named", self._named),
            ("remarked", self._remarked),
            ("questioned", self._questioned),
        ):
            if name in names:
                return word
        return "guarded" if self.held[name] else "unguarded"

    def _count(self, form: Form | None) -> dict[str, tuple[str, ...]]:
        """Count the sums through each cell; the failed ones with their cells."""
        failed: dict[str, tuple[str, ...]] = {}
        for identity in form.identities if form else ():
            left, right = self._sum(identity.plus), self._sum(identity.minus)
            if left is None or right is None:
                continue
            counts = self.held if left == right else self.failed
            for name in identity.cells:
                counts[name] += 1
            if left != right:
                failed[identity.id] = identity.cells
        return failed

    def _sum(self, names: tuple[str, ...]) -> int | Decimal | None:
        total: int | Decimal = 0
        for name in names:
            value = self._cells[name]["value"]
            if value is None:
                return None
            total += Decimal(value) if isinstance(value, str) else value
        return total


def _unread(state: str) -> str:
    return "unreadable" if state in ("read", "deduced", "entered") else state


def _suspects(result: Mapping[str, Any], failed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Cells of the smallest sets; where nothing was localised, every cell of the failed identity."""
    localised: set[str] = set()
    for group in result.get("suspects", ()):
        moved = [slip["cells"] for slip in group.get("slips", ())]
        if group["sets"] or moved:
            localised.update(group["identities"])
        for names in group["sets"] or moved:
            yield from names
        yield from group.get("doubtful", ())
    for identity, names in failed.items():
        if identity not in localised:
            yield from names


__all__ = ["DOUBTED", "QUALITIES", "Qualities"]
