"""`rule`: marks the function that is the check of a rule.

What the rule says, why, and two examples stand in the TOML file beside the check, by the id of the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from verify.codes import Severity

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Check:
    """The check of a family of rules.

    Attributes:
        forms: Variants of the forms for which it holds; None for all.
        severity: Of its findings; where a finding has another, the documentation says when.
        codes: Reason codes of its findings, the usual one first.
        where: Module and name of the function.
    """

    forms: tuple[str, ...] | None
    severity: Severity
    codes: tuple[str, ...]
    where: str


CHECKS: dict[str, Check] = {}
"""Every check that is marked, by the id of its family."""


def rule(
    *ids: str, forms: tuple[str, ...] | None = None, severity: Severity, codes: tuple[str, ...]
) -> Callable[[F], F]:
    """Mark a function as the check of a rule; the function stays as it is.

    Args:
        ids: Of the rule or its family; several where one function checks several.
        forms: Variants of the forms for which it holds; None for all.
        severity: Of its findings.
        codes: Reason codes of its findings, the usual one first.

    Raises:
        ValueError: The rule has a check already.
    """

    def mark(function: F) -> F:
        check = Check(forms, severity, codes, f"{function.__module__}:{function.__qualname__}")
        for id in ids:
            if CHECKS.setdefault(id, check) != check:
                raise ValueError(
                    f"rule {id!r} has two checks, {CHECKS[id].where} and {check.where}"
                )
        return function

    return mark
