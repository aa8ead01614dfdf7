"""Where every cell stands: for garbled reports from the garbler, for golden cases from their expectation."""

from __future__ import annotations

import json
from typing import Literal

from tests.garbler import Garbled
from tests.scripted.ask import GOLDEN
from tests.scripted.strong import Truth

Place = tuple[int, int] | Literal["blank", "missing"]


def truth_of(report: Garbled) -> Truth:
    """The truth of a garbled report, as far as a reader could tell it."""
    found: dict[str, Place] = {}
    for name, expected in report.expected.items():
        if "read" in expected.states and expected.span:
            found[name] = expected.span
        elif "blank" in expected.states and "missing" not in expected.states:
            found[name] = "blank"
        else:
            found[name] = "missing"
    return found


def truth_of_case(case: str) -> Truth:
    """The truth of a golden case."""
    expected = json.loads((GOLDEN / case / "expected.json").read_bytes())
    found: dict[str, Place] = {}
    for name, cell in expected["cells"].items():
        if cell["state"] != "blank" and cell["span"]:
            found[name] = (cell["span"][0], cell["span"][1])
        else:
            found[name] = "missing" if cell["state"] == "missing" else "blank"
    return found
