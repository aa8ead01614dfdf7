"""Sources with their true readings: hard reports, garbled ones and traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extractor.readers import builtin
from tests.garbler import Expected, Garbled, garble
from tests.garbler.judge import PASSING
from tests.garbler.model import Value
from tests.garbler.truth import form_of
from verify import BLANK, MISSING, Form, Layout, Place, Reading, Verified, lay_out

from .reports import HARD
from .traps import trap


@dataclass(frozen=True, slots=True)
class Case:
    """A source with its true reading.

    Attributes:
        name: For messages.
        layout: The source.
        reading: The true one.
        figures: The figure that every cell has or is meant to have.
    """

    name: str
    layout: Layout
    reading: Reading
    figures: Mapping[str, Value]

    @property
    def form(self) -> Form:
        """The form that is printed."""
        assert self.reading.form is not None
        return self.reading.form


def wrong_cells(case: Case, outcome: Verified) -> list[str]:
    """Cells of an outcome whose figure is not the true one; none unless it passes."""
    if outcome.verdict not in PASSING:
        return []
    return [
        name
        for name, cell in outcome.cells.items()
        if cell.value is not None and cell.value != case.figures.get(name, 0)
    ]


# --- sources --------------------------------------------------------------------------------------


def _place_of(expected: Expected) -> Place:
    """Where a cell of a garbled report stands."""
    if "read" in expected.states and expected.span is not None:
        return Place("span", expected.span)
    if expected.states == {"unreadable"}:
        return Place("doubt", expected.span, "not_a_figure")
    if "blank" in expected.states:
        return Place("blank", expected.span) if expected.span else BLANK
    return MISSING


def true_reading(report: Garbled, layout: Layout) -> Reading:
    """What a reader that makes no mistake would say of a garbled report.

    The garbler does not say where the cells of a second copy stand, so these are the builtin reader's.
    """
    places = {name: _place_of(expected) for name, expected in report.expected.items()}
    return Reading(form_of(report.variant), places, builtin.read(layout).repeats, (), "truth")


def hard_case(name: str) -> Case:
    """A hard report."""
    report = HARD[name]
    return Case(name, lay_out(report.text), report.reading(), report.figures)


def garbled_case(seed: int) -> Case | None:
    """A garbled report, or None where the agency's own figures are wrong."""
    report = garble(seed)
    if report.kind == "corrupting":
        return None
    layout = lay_out(report.text)
    figures = {name: cell.true_value for name, cell in report.expected.items()}
    return Case(f"seed {seed}", layout, true_reading(report, layout), figures)


def trap_case(seed: int) -> Case:
    """A report with rows lost, relabelled and added so that other rows seem to fit."""
    report = trap(seed)
    return Case(f"trap {seed}", lay_out(report.text), report.reading(), report.figures)
