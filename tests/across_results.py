"""Results for stores of many reports: one golden result with another agency, year and figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.conftest import GOLDEN, cases_with, expected
from tests.stores import result_of


@cache
def _base(verdict: str, form: str | None) -> str:
    """The result of the first golden case with this verdict and form, as JSON."""
    case = next(case for case in cases_with(verdict) if expected(case)["report"]["form"] == form)
    return result_of((GOLDEN / case / "report.txt").read_bytes(), case).model_dump_json()


def base(verdict: str = "accepted", form: str | None = "2021") -> dict[str, Any]:
    """A golden result with this verdict and form, taken apart."""
    parsed: dict[str, Any] = json.loads(_base(verdict, form))
    return parsed


def result(
    agency: str | None,
    year: int | None,
    values: Mapping[str, int] | None = None,
    *,
    verdict: str = "accepted",
    zeros: bool = True,
) -> str:
    """A result as JSON: every cell 0 but those that are given; the verdict is what it is told to be."""
    made = base()
    made["verdict"] = verdict
    made["report"] |= {"agency": agency, "year": year}
    for name, cell in made["cells"].items():
        if zeros and isinstance(cell["value"], int):
            cell["value"], cell["text"] = 0, "0"
        if values and name in values:
            cell["value"], cell["text"] = values[name], str(values[name])
    return dumped(made)


def dumped(parsed: Mapping[str, Any]) -> str:
    """JSON on one line, as it is stored."""
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))


def telling(seed: int) -> dict[str, int]:
    """Figures that say enough for two equal tables to be no chance."""
    cells = (
        "requests.new_received.natural_person",
        "requests.granted.natural_person",
        "requests.granted.business",
        "requests.denied_third_party_rights.natural_person",
        "requests.unable_not_held.natural_person",
        "requests.unprocessed_petition.natural_person",
        "proactive.licensing.decisions",
        "proactive.penalties.decisions",
    )
    return {cell: 101 + 37 * seed + 11 * i for i, cell in enumerate(cells)}
