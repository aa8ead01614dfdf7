"""What is wrong in a result, held against the truth of the garbled report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from .model import Expected, Garbled

Fault = Literal["wrong", "span", "unread", "state"]
_DECIDING = ("proactive.", "requests.other")
PASSING = frozenset({"accepted", "completed"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not as it should be.

    Attributes:
        cell: Its name.
        fault: ``wrong`` is a value that stands nowhere or elsewhere, ``span`` a right value from
            a wrong place, ``unread`` a printed figure not read, ``state`` another state than could
            be expected of a cell that is not read.
        expected: The truth, None when the form has no such cell.
        found: The cell of the result, None when it is not there.
    """

    cell: str
    fault: Fault
    expected: Expected | None
    found: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is wrong in one result.

    Attributes:
        verdict: The product's verdict.
        silent: Whether it passes though something in it is wrong: the worst that can happen.
        accused: Whether a report whose source is sound is said to contradict itself.
        refused: Whether everything can be read without doubt, and it does not pass.
        head_wrong: Whether form, year or agency are wrong.
        differences: Cells that are not as they should be.
    """

    verdict: str
    silent: bool
    accused: bool
    refused: bool
    head_wrong: bool
    differences: tuple[Difference, ...]

    def count(self, fault: Fault) -> int:
        """How many cells have this fault."""
        return sum(difference.fault == fault for difference in self.differences)


def judge(report: Garbled, result: Mapping[str, Any]) -> Judgement:
    """Compare a result, shaped as the result JSON, with the truth."""
    cells: Mapping[str, Mapping[str, Any]] = result["cells"]
    verdict = str(result["verdict"])
    passes = verdict in PASSING
    found = [
        Difference(name, fault, expected, cells.get(name))
        for name, expected in report.expected.items()
        if (fault := _compare(expected, cells.get(name), passes=passes)) is not None
        and (report.spans or fault != "span")
    ]
    found += [
        Difference(name, "wrong", None, cell)
        for name, cell in cells.items()
        if name not in report.expected and _number(cell["value"]) not in (None, 0)
    ]
    wrong = any(difference.fault == "wrong" for difference in found)
    return Judgement(
        verdict,
        silent=passes and (wrong or not (report.sound and report.passable)),
        accused=verdict == "inconsistent" and report.sound,
        refused=report.kind == "lossless" and not passes,
        head_wrong=_head_wrong(report, result),
        differences=tuple(found),
    )


def _compare(expected: Expected, cell: Mapping[str, Any] | None, *, passes: bool) -> Fault | None:
    state = "missing" if cell is None else cell["state"]
    if cell is not None and state == "read":
        return _fault_of_reading(expected, cell, passes=passes)
    if cell is not None and state == "deduced":
        if _number(cell["value"]) != expected.true_value or not expected.deducible:
            return "wrong"
        return "unread" if expected.must_be_read else None
    if expected.must_be_read:
        return "unread"
    return None if state in expected.states else "state"


def _fault_of_reading(expected: Expected, cell: Mapping[str, Any], *, passes: bool) -> Fault | None:
    # of a rejected report what was tried is judged, as before it was called tentative
    value = _number(cell.get("tentative") if cell["value"] is None else cell["value"])
    if not expected.passable and (passes or "read" not in expected.states):
        return "wrong"
    if "read" not in expected.states:
        return "span" if value == expected.true_value else "wrong"
    if value != expected.value:
        return "wrong"
    span = None if cell["span"] is None else tuple(cell["span"])
    if span == expected.span:
        return None
    if not expected.loose or span is None or expected.span is None:
        return "span"
    apart = span[1] <= expected.span[0] or span[0] >= expected.span[1]
    return "span" if apart else None


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _head_wrong(report: Garbled, result: Mapping[str, Any]) -> bool:
    head = result["report"]
    year = report.year if report.year_told else None
    if (head["year"], head["agency"]) != (year, report.agency):
        return True
    read = [name for name, cell in report.expected.items() if cell.must_be_read]
    decided = all(any(name.startswith(part) for name in read) for part in _DECIDING)
    return decided and head["form"] != report.form
