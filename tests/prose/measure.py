"""Measure how often the prose check is wrong on consistent reports, and what it notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.prose.reports import Told, tell
from verify.findings import Finding
from verify.layout import lay_out
from verify.prose import compare, find_claims, findings_of


@dataclass(slots=True)
class Measured:
    """Counts.

    Attributes:
        reports: How many.
        warned: Reports with at least one warning.
        outcomes: Claims by outcome.
        examples: Text of what was warned of, or of what was missed.
    """

    reports: int = 0
    warned: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def warnings_of(told: Told, outcomes: Counter[str] | None = None) -> list[tuple[Finding, str]]:
    """The warnings of a report, each with the words that it is about."""
    compared = compare(find_claims(lay_out(told.text)), told.form, told.figures)
    if outcomes is not None:
        outcomes.update(one.outcome for one in compared)
    return [
        (f, told.text[slice(*f.span)] if f.span else "")
        for f in findings_of(compared, {})
        if f.level == "warning"
    ]


def measure(
    true: Sequence[str], other: Sequence[str], reports: int, seed: int, *, wrong: bool
) -> Measured:
    """Warnings on so many reports.

    Args:
        true: Templates about the tables.
        other: Templates about other things.
        reports: How many to make.
        seed: Of the first.
        wrong: Whether each report says one false thing; then what is *not* warned of is an example.
    """
    found = Measured()
    for i in range(reports):
        told = tell(Random(seed + i), true, other, wrong=wrong)
        warned = warnings_of(told, found.outcomes)
        found.reports += 1
        found.warned += bool(warned)
        if warned and not wrong:
            found.examples += [f"{words} | {f.expected} {f.actual} {f.rule}" for f, words in warned]
        if wrong and not warned:
            found.examples.append(f"{told.wrong} {told.sentences}")
    return found
