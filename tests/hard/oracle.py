"""The true reading: what a reader that makes no mistake would say of a garbled report."""

from __future__ import annotations

from extractor.readers import builtin
from tests.garbler import Expected, Garbled
from tests.garbler.truth import form_of
from verify import BLANK, MISSING, Layout, Place, Reading

NAME = "oracle"


def place_of(expected: Expected) -> Place:
    """Where a cell stands, by the truth."""
    if "read" in expected.states and expected.span is not None:
        return Place("span", expected.span)
    if expected.states == {"unreadable"}:
        return Place("doubt", expected.span, "not_a_figure")
    if "blank" in expected.states:
        return Place("blank", expected.span) if expected.span else BLANK
    return MISSING


def true_reading(report: Garbled, layout: Layout) -> Reading:
    """The reading that a garbled report deserves.

    The garbler does not say where the cells of a second copy stand, so these are the builtin
    reader's.
    """
    places = {name: place_of(expected) for name, expected in report.expected.items()}
    return Reading(form_of(report.variant), places, builtin.read(layout).repeats, (), NAME)
