"""The reports of the trials: any garbled one, those with lost or wrong figures, all zeros, hard ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.garbler import DAMAGES, Garbled, garble
from tests.garbler.judge import PASSING, judge
from tests.garbler.model import Value
from tests.hard import HardReport
from tests.hard.reports import MAKERS
from tests.hard.traps import trap
from tests.scripted import Truth
from tests.scripted.truth import Place, truth_of

from .registry import On

_LOSSY = [name for name, damage in DAMAGES.items() if damage.kind == "lossy"]
_CORRUPTING = [name for name, damage in DAMAGES.items() if damage.kind == "corrupting"]
_SORTS = 20
_BY_COLUMN = [name for name in MAKERS if "columns_first" in name]
_REWORDED = [name for name in MAKERS if not name.startswith(("columns", "labels"))]
_ON_HARD = {"columns": _BY_COLUMN, "labels": _REWORDED, "local": ["trap", "reordered_and_damaged"]}
_ON_GARBLED: dict[On, tuple[tuple[str, ...], int]] = {
    "wrong": (tuple(_CORRUPTING), 1),
    "glued": (("glued_figures", "figure_over_two_cells", "blank_cells", "zeros_blank"), 1),
    "equal": (("labels_lost", "rows_reordered", "row_lost"), 2),
    "six": (("requests_cut_off", "row_lost", "requests_middle_lost"), 2),
}
"""Damages from which so many are drawn."""


@dataclass(frozen=True, slots=True)
class Case:
    """A report and its truth.

    Attributes:
        name: For messages.
        text: The report.
        truth: Where each cell stands, for the scripted strong model.
        figures: The figure that each cell was meant to have.
        report: What the truth was taken from.
    """

    name: str
    text: str
    truth: Truth
    figures: Mapping[str, Value]
    report: Garbled | HardReport = field(repr=False)

    @property
    def printed(self) -> dict[str, object]:
        """The figure that is printed in each cell, for an answerer that sees only the prompt."""
        if isinstance(self.report, HardReport):
            return dict(self.report.figures)
        return {name: cell.value for name, cell in self.report.expected.items()}

    def wrong(self, result: Mapping[str, Any]) -> list[str] | None:
        """What is wrong in a result that passes; None where nothing is, or where it does not pass."""
        if result["verdict"] not in PASSING:
            return None
        if isinstance(self.report, Garbled):
            judged = judge(self.report, result)
            wrong = [one.cell for one in judged.differences if one.fault == "wrong"]
            return wrong if judged.silent else None
        values = {n: c["value"] for n, c in result["cells"].items() if c["value"] is not None}
        wrong = [n for n, v in values.items() if float(v) != float(self.figures.get(n, 0))]
        return wrong if wrong or self.report.verdict == "inconsistent" else None

    def with_line(self, line: str, rng: Random) -> Case:
        """The same report with a line of text put between two of its lines."""
        at = rng.choice([i + 1 for i, char in enumerate(self.text) if char == "\n"])

        def moved(place: Place) -> Place:
            by = 0 if isinstance(place, str) or place[0] < at else len(line)
            return place if isinstance(place, str) else (place[0] + by, place[1] + by)

        text = self.text[:at] + line + self.text[at:]
        truth = {name: moved(place) for name, place in self.truth.items()}
        report: Garbled | HardReport
        if isinstance(self.report, HardReport):
            report = replace(self.report, text=text)
        else:
            expected = dict(self.report.expected)
            for name, cell in expected.items():
                place = moved(cell.span) if cell.span else "missing"
                expected[name] = replace(cell, span=None if isinstance(place, str) else place)
            report = replace(self.report, text=text, expected=expected)
        return Case(f"{self.name} with a line at {at}", text, truth, self.figures, report)


def _of_garbled(report: Garbled, name: str) -> Case:
    meant = {name: cell.true_value for name, cell in report.expected.items()}
    return Case(f"garbled {name}", report.text, truth_of(report), meant, report)


def _of_hard(name: str, seed: int) -> Case:
    report = trap(seed) if name == "trap" else MAKERS[name](seed)
    kind = "" if name == "trap" else "hard "
    return Case(f"{kind}{name} {seed}", report.text, dict(report.truth), report.figures, report)


def case(seed: int, on: On = "any") -> Case:
    """The report of a seed; twenty neighbouring seeds hold every sort of them.

    Args:
        seed: Decides everything else.
        on: On odd seeds, a report that is fit for certain attacks.
    """
    sort, rng = seed % _SORTS, Random(seed)
    if on in _ON_HARD and seed % 2:
        return _of_hard(rng.choice(_ON_HARD[on]), seed)
    damages: list[str] | None = None
    scale: str | None = None
    if on in _ON_GARBLED and seed % 2:
        some, most = _ON_GARBLED[on]
        damages = rng.sample(some, rng.randint(1, most))
        scale = "zero" if on == "equal" else rng.choice(("small", "tiny", "medium"))
    elif sort < 9:
        scale = "zero" if sort > 6 else None
    elif sort < 14:
        damages = rng.sample(_LOSSY, rng.randint(1, 3))
        if sort > 11:
            damages = [rng.choice(_CORRUPTING), *damages[1:2]]
        scale = rng.choice(("zero", "tiny", "small") if sort < 12 else ("tiny", "small", "medium"))
    elif sort < 16:
        return _of_hard("trap", seed)
    else:
        return _of_hard(list(MAKERS)[seed % len(MAKERS)], seed)
    return _of_garbled(garble(seed, scale=scale, damages=damages), f"{seed} {scale} {damages}")
