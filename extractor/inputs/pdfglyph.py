"""What is on a page of a PDF or scan: glyphs and rules, in points from the top left of the page as it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SHORT = 4.0  # a line not longer is a part of a picture or a dash
_DASH = 5.0  # gaps that a dashed line may have
_SAME = 1.5  # lines not farther apart are one


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box; `middle` is the height on which it counts for a row, `base` its base line.

    `drawn` is something small that is no letter and stands beside no figure: it counts in tables alone.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    struck: bool = False
    drawn: bool = False
    spaced: bool = False  # a space stands before it
    number: int = -1  # in the text of the page
    turned: bool = False  # or mirrored
    aslant: bool = False

    @property
    def middle(self) -> float:
        """Where it stands in a row."""
        return self.base - 0.35 * self.size

    @property
    def center(self) -> float:
        """Where it stands in a column."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: where it lies, across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


def joined(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch, or nearly, as one; short ones are no rules."""
    rows: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda one: one.at):
        if rows and rule.at - rows[-1][-1].at <= _SAME:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    found: list[Rule] = []
    for row in rows:
        at = sum(rule.at for rule in row) / len(row)
        row.sort(key=lambda one: one.start)
        start, end = row[0].start, row[0].end
        for rule in (*row[1:], Rule(at, math.inf, math.inf)):
            if rule.start <= end + _DASH:
                end = max(end, rule.end)
                continue
            found.append(Rule(at, start, end))
            start, end = rule.start, rule.end
    return [rule for rule in found if rule.end - rule.start > _SHORT]
