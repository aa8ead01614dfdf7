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
        head_wrong: Whether form, year or agency are wrong.
        differences: Cells that are not as they should be.
    """

    verdict: str
    silent: bool
    head_wrong: bool
    differences: tuple[Difference, ...]

    def count(self, fault: Fault) -> int:
        """How many cells have this fault."""
        return sum(difference.fault == fault for difference in self.differences)


def judge(report: Garbled, result: Mapping[str, Any]) -> Judgement:
    """Compare a result, shaped as the result JSON, with the truth."""
    cells: Mapping[str, Mapping[str, Any]] = result["cells"]
    found = [
        difference
        for name, expected in report.expected.items()
        if (difference := _compare(name, expected, cells.get(name))) is not None
    ]
    found += [
        Difference(name, "wrong", None, cell)
        for name, cell in cells.items()
        if name not in report.expected and _number(cell["value"]) not in (None, 0)
    ]
    verdict = str(result["verdict"])
    wrong = any(difference.fault == "wrong" for difference in found)
    silent = verdict in PASSING and (wrong or report.kind == "corrupting")
    return Judgement(verdict, silent, _head_wrong(report, result), tuple(found))


def _compare(name: str, expected: Expected, cell: Mapping[str, Any] | None) -> Difference | None:
    fault: Fault | None = None
    state = "missing" if cell is None else cell["state"]
    if cell is not None and state == "read":
        fault = _fault_of_reading(expected, cell)
    elif cell is not None and state == "deduced":
        if _number(cell["value"]) != expected.true_value:
            fault = "wrong"
        elif expected.must_be_read:
            fault = "unread"
    elif expected.must_be_read:
        fault = "unread"
    elif state not in expected.states:
        fault = "state"
    return None if fault is None else Difference(name, fault, expected, cell)


def _fault_of_reading(expected: Expected, cell: Mapping[str, Any]) -> Fault | None:
    # of a rejected report what was tried is judged, as before it was called tentative
    value = _number(cell.get("tentative") if cell["value"] is None else cell["value"])
    if "read" not in expected.states:
        return "span" if value == expected.true_value else "wrong"
    if value != expected.value:
        return "wrong"
    span = None if cell["span"] is None else tuple(cell["span"])
    return None if span == expected.span else "span"


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _head_wrong(report: Garbled, result: Mapping[str, Any]) -> bool:
    head = result["report"]
    if (head["year"], head["agency"]) != (report.year, report.agency):
        return True
    read = [name for name, cell in report.expected.items() if cell.must_be_read]
    decided = all(any(name.startswith(part) for name in read) for part in _DECIDING)
    return decided and head["form"] != report.form
