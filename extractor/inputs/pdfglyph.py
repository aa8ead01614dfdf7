"""What is on a page of a PDF or scan: glyphs and rules, in points from the top left of the page as it is read."""

from __future__ import annotations

from dataclasses import dataclass


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
