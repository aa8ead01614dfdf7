"""The reports of the trials: any garbled one, those with lost or wrong figures, all zeros, hard ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Literal

from tests.garbler import DAMAGES, Garbled, garble
from tests.garbler.judge import PASSING, judge
from tests.garbler.model import Expected, Value
from tests.hard import HARD, HardReport
from tests.hard.traps import trap
from tests.scripted import Truth
from tests.scripted.truth import truth_of

from .registry import On
from .sources import by_column, cut_off, drawn, gaps, reworded, reworded_and_wrong, scattered

Place = tuple[int, int] | Literal["blank", "missing"]
_LOSSY = [name for name, damage in DAMAGES.items() if damage.kind == "lossy"]
_CORRUPTING = [name for name, damage in DAMAGES.items() if damage.kind == "corrupting"]
_KINDS_OF_CASES = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What a result is worth.

    Attributes:
        silent: It passes, and a cell is wrong or the source itself cannot be right.
        wrong: The wrong cells.
        elsewhere: Cells of a passing result whose value is right and whose span is another's.
        form: The form of a passing result is not the printed one.
    """

    silent: bool
    wrong: tuple[str, ...]
    elsewhere: int
    form: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A report and its truth.

    Attributes:
        name: For messages.
        text: The report.
        truth: Where each cell stands, for the scripted strong model.
        form: Id of the printed form.
        report: What the truth was taken from.
    """

    name: str
    text: str
    truth: Truth
    form: str
    report: Garbled | HardReport = field(repr=False)

    @property
    def figures(self) -> dict[str, object]:
        """The figure that is printed in each cell, for an answerer that sees only the prompt."""
        if isinstance(self.report, HardReport):
            return dict(self.report.figures)
        return {name: cell.value for name, cell in self.report.expected.items()}

    @property
    def culprits(self) -> tuple[str, ...]:
        """Cells in which another figure is printed than was meant."""
        if isinstance(self.report, HardReport):
            row = self.report.why.partition("reworded and wrong: ")[2]
            return (f"requests.{row}.total",) if row else ()
        return tuple(
            name
            for name, cell in self.report.expected.items()
            if cell.value is not None and cell.value != cell.true_value
        )

    def judge(self, result: Mapping[str, Any]) -> Judged:
        """Hold a result against the truth."""
        passes = result["verdict"] in PASSING
        if isinstance(self.report, Garbled):
            judged = judge(self.report, result)
            wrong = tuple(d.cell for d in judged.differences if d.fault == "wrong")
            elsewhere = judged.count("span")
            silent = judged.silent
            read = any(c.must_be_read for n, c in self.report.expected.items() if ".other" in n)
        else:
            figures = self.report.figures
            wrong = tuple(
                name
                for name, cell in result["cells"].items()
                if cell["value"] is not None and Decimal(str(cell["value"])) != figures.get(name, 0)
            )
            elsewhere = sum(
                cell["state"] == "read" and tuple(cell["span"]) != self.report.truth.get(name)
                for name, cell in result["cells"].items()
            )
            silent = passes and (bool(wrong) or self.report.verdict == "inconsistent")
            read = False
        form = passes and read and result["report"]["form"] != self.form
        return Judged(silent, wrong if passes else (), elsewhere if passes else 0, form)

    def with_line(self, line: str, rng: Random) -> Case:
        """The same report with a line of text put between two of its lines."""
        breaks = [i + 1 for i, char in enumerate(self.text) if char == "\n"] or [len(self.text)]
        at = rng.choice(breaks)
        spans = [place for place in self.truth.values() if not isinstance(place, str)]
        if any(start < at < end for start, end in spans):
            return self
        truth = {name: _moved(place, at, len(line)) for name, place in self.truth.items()}
        text = self.text[:at] + line + self.text[at:]
        return Case(
            f"{self.name} with a line at {at}",
            text,
            truth,
            self.form,
            _report_moved(self.report, text, at, len(line)),
        )


def _moved(place: Place, at: int, by: int) -> Place:
    if isinstance(place, str) or place[0] < at:
        return place
    return place[0] + by, place[1] + by


def _report_moved(
    report: Garbled | HardReport, text: str, at: int, by: int
) -> Garbled | HardReport:
    from dataclasses import replace

    if isinstance(report, HardReport):
        truth = {name: _moved(place, at, by) for name, place in report.truth.items()}
        return replace(report, text=text, truth=truth)
    expected: dict[str, Expected] = {}
    for name, cell in report.expected.items():
        span = None if cell.span is None else _moved(cell.span, at, by)
        assert not isinstance(span, str)
        expected[name] = replace(cell, span=span)
    return replace(report, text=text, expected=expected)


def of_garbled(report: Garbled, name: str) -> Case:
    """A garbled report as a case."""
    return Case(name, report.text, truth_of(report), report.form, report)


def of_hard(report: HardReport, name: str) -> Case:
    """A hard report, a trap or a drawn one as a case."""
    return Case(name, report.text, dict(report.truth), report.form.id, report)


def case(seed: int, on: On = "any") -> Case:
    """The report of a seed; twenty neighbouring seeds hold every sort of them.

    Args:
        seed: Decides everything else.
        on: On odd seeds, a report that is fit for certain attacks.
    """
    sort, rng = seed % _KINDS_OF_CASES, Random(seed)
    if on != "any" and seed % 2:
        return _fit(seed, on, rng)
    if sort < 7:
        return of_garbled(garble(seed), f"garbled {seed}")
    if sort < 9:
        return of_garbled(garble(seed, scale="zero"), f"garbled {seed}, zeros")
    if sort < 12:
        scale = rng.choice(("zero", "tiny", "small"))
        lossy = rng.sample(_LOSSY, rng.randint(1, 3))
        return of_garbled(garble(seed, scale=scale, damages=lossy), f"garbled {seed}, {lossy}")
    if sort < 14:
        scale = rng.choice(("tiny", "small", "medium"))
        corrupting = [rng.choice(_CORRUPTING)]
        corrupting += rng.sample(_LOSSY, rng.randint(0, 1))
        return of_garbled(
            garble(seed, scale=scale, damages=corrupting), f"garbled {seed}, {corrupting}"
        )
    if sort < 16:
        name = list(HARD)[(2 * (seed // _KINDS_OF_CASES) + sort) % len(HARD)]
        return of_hard(HARD[name], f"hard {name}")
    if sort < 18:
        return of_hard(trap(seed), f"trap {seed}")
    return of_hard(drawn(seed // _KINDS_OF_CASES * 2 + sort), f"drawn {seed}")


def _fit(seed: int, on: On, rng: Random) -> Case:
    """A report on which a certain sort of attack bites."""
    scale = rng.choice(("zero", "tiny", "small", "medium"))
    if on == "columns":
        if rng.random() < 0.2:
            return of_hard(HARD["columns_first_labels_last"], "hard columns_first_labels_last")
        return of_hard(by_column(seed), f"drawn by column {seed}")
    if on == "labels":
        make = rng.choice((reworded, reworded, gaps, scattered))
        return of_hard(make(seed), f"drawn {make.__name__} {seed}")
    if on == "six":
        return of_hard(cut_off(seed), f"drawn cut off {seed}")
    if on == "local":
        make = rng.choice((trap, trap, gaps))
        return of_hard(make(seed), f"drawn {make.__name__} {seed}")
    if on == "wrong" and rng.random() < 0.4:
        return of_hard(reworded_and_wrong(seed), f"drawn reworded and wrong {seed}")
    damages = {
        "wrong": [rng.choice(_CORRUPTING)],
        "glued": [
            rng.choice(("glued_figures", "figure_over_two_cells", "blank_cells", "zeros_blank"))
        ],
        "equal": rng.sample(("labels_lost", "rows_reordered", "row_lost"), rng.randint(0, 2)),
    }[on]
    scale = "zero" if on == "equal" else "small" if scale == "zero" else scale
    report = garble(seed, scale=scale, damages=damages)
    return of_garbled(report, f"garbled {seed}, {scale}, {damages}")


__all__ = ["Case", "Judged", "Value", "case", "of_garbled", "of_hard"]
