"""Reports with their figures: cases of a folder, the hard reports of the tests, garbled ones that stay unread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.ladder import Builtin
from extractor.source import load
from tests.garbler import garble
from tests.garbler.judge import PASSING
from tests.hard.reports import HARD
from verify.document.model import Document
from verify.layout import lay_out

from .answerer import Truth


@dataclass(frozen=True, slots=True)
class Source:
    """A report with its truth.

    Attributes:
        name: For the table.
        text: As it is read.
        truth: The figure of each cell.
        balances: Whether the report's own figures fit.
        legible: Whether every cell is printed and can be read.
        document: Where the source is no plain text.
    """

    name: str
    text: str
    truth: Truth
    balances: bool = True
    legible: bool = True
    document: Document | None = None


def of_cases(folder: str) -> Iterator[Source]:
    """The cases of a folder that are marked ``needs: model``."""
    for path in sorted(Path(folder).glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case.get("needs") != "model":
            continue
        file = next(p for p in path.parent.glob(f"{path.stem}.*") if p.suffix != ".json")
        source = load(str(file))
        sound = "inconsistent" not in case.get("verdicts", ())
        legible = "incomplete" not in case.get("verdicts", ())
        yield Source(path.stem, source.text, case["cells"], sound, legible, source.document)


def of_hard() -> Iterator[Source]:
    """The hard reports of the tests."""
    for name, report in HARD.items():
        printed = {
            n: v if report.truth[n] != "missing" else None for n, v in report.figures.items()
        }
        sound = report.verdict != "inconsistent"
        yield Source(name, report.text, printed, sound, report.verdict != "incomplete")


def of_garbled(count: int, first: int = 0) -> Iterator[Source]:
    """So many sound garbled reports that the builtin reader does not settle."""
    seed = first
    while count > 0:
        report = garble(seed)
        seed += 1
        if report.kind == "corrupting" or not report.sound:
            continue
        verdict = Builtin().read(lay_out(report.text)).verified.verdict
        if verdict in (*PASSING, "unconfirmed", "unsupported"):
            continue
        count -= 1
        truth = {n: c.value if c.must_be_read else None for n, c in report.expected.items()}
        legible = all(value is not None for value in truth.values())
        yield Source(f"garbled {seed - 1}", report.text, truth, legible=legible)


def sources(kind: str, count: int = 0, folder: str = "") -> Iterator[Source]:
    """Reports of a kind: ``cases``, ``hard`` or ``garbled``."""
    if kind == "cases":
        return of_cases(folder)
    return of_hard() if kind == "hard" else of_garbled(count)
