"""A conformance case as files, and what this implementation says of it.

The format is described in ``README.md``; this module only reads and writes it. It knows no reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from verify.cells import CellValue
from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form, every_form
from verify.plausible import same_tables
from verify.reading import Note, Place, Reading
from verify.rules import ids_of
from verify.verdict import Verified, verify
from verify.years import YearFigures, compare_years

ROOT = Path(__file__).resolve().parent
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What an implementation is given.

    Attributes:
        report: The decoded report.
        reading: Where each cell stands.
        previous: Last year's figures, or None.
        others: Figures of other agencies, by name of the file.
    """

    report: str
    reading: Reading
    previous: YearFigures | None = None
    others: tuple[tuple[str, YearFigures], ...] = ()


def answer(case: Case) -> tuple[Verified, list[Finding]]:
    """What this implementation says: the verified report, and all findings with those across reports."""
    verified = verify(case.report, case.reading)
    findings = list(verified.findings)
    if verified.form is not None:
        current = figures_of(verified)
        if case.previous is not None:
            findings += compare_years(current, case.previous)
        others = {other.agency or name: other.values for name, other in case.others}
        findings += same_tables(verified.agency or "", current.values, others)
    return verified, findings


def figures_of(verified: Verified) -> YearFigures:
    """A verified report as comparisons across reports need it."""
    assert verified.form is not None
    return YearFigures(
        verified.agency,
        verified.year,
        verified.form,
        {name: cell.value for name, cell in verified.cells.items()},
        {name: cell.span for name, cell in verified.cells.items()},
    )


# --- what is expected -----------------------------------------------------------------------------


def expectation(
    verified: Verified, findings: Iterable[Finding], absent: Sequence[str] = ()
) -> Json:
    """What a case expects, as JSON.

    Args:
        verified: The report.
        findings: All findings.
        absent: Rules that hold and must have no finding.
    """
    checked = verified.checked
    return {
        "verdict": verified.verdict,
        "report": {
            "agency": verified.agency,
            "year": verified.year,
            "form": verified.form.variant if verified.form else None,
        },
        "findings": sorted((_finding(finding) for finding in findings), key=_order),
        "absent": list(absent),
        "identities": {
            "held": [rule.id for rule in checked.held],
            "failed": [rule.id for rule in checked.failed],
            "open": [rule.id for rule in checked.open],
        },
        "cells": {
            name: said for name, cell in verified.cells.items() if (said := _cell(cell)) != _ZERO
        },
        "suspects": [
            {
                "identities": list(s.identities),
                "sets": [list(cells) for cells in s.sets],
                "needed": [list(values) for values in s.needed],
                "slips": [{"operation": p.operation, "cells": list(p.cells)} for p in s.slips],
                "doubtful": list(s.doubtful),
                "fault": s.fault,
            }
            for s in verified.suspects
        ],
        "claims": [
            {
                "subject": c.claim.subject,
                "value": _value(c.claim.value),
                "span": list(c.claim.span),
                "scope": list(c.claim.scope),
                "outcome": c.outcome,
                "cells": list(c.cells),
                "actual": _value(c.actual),
            }
            for c in verified.claims
        ],
    }


_ZERO: Json = {"state": "read", "value": 0}


def _order(finding: Json) -> tuple[int, str]:
    grades = ("error", "warning", "info")
    return grades.index(finding["severity"]), json.dumps(finding, ensure_ascii=False)


def _finding(finding: Finding) -> Json:
    said: Json = {
        "code": finding.code,
        "rule": ",".join(ids_of(finding.code, finding.rule)),
        "severity": finding.level,
        "cells": list(finding.cells),
        "expected": finding.expected,
        "actual": finding.actual,
        "span": list(finding.span) if finding.span else None,
    }
    if finding.by:
        said["by"] = finding.by
    if finding.other_span:
        said["other_span"] = list(finding.other_span)
    if finding.previous_span:
        said["previous_span"] = list(finding.previous_span)
    return said


def _cell(cell: CellValue) -> Json:
    said: Json = {"state": cell.state, "value": _value(cell.value)}
    figure = cell.value if cell.tentative is None else cell.tentative
    if figure == 0 and cell.state == "read":
        return _ZERO
    if cell.was:
        said["was"] = cell.was
    if cell.proof:
        said["proof"] = list(cell.proof)
    if cell.derived is not None:
        said["derived"] = _value(cell.derived)
    if cell.tentative is not None:
        said["tentative"] = _value(cell.tentative)
    return said


def _value(value: Number | None) -> int | str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


# --- files ----------------------------------------------------------------------------------------


def files_of(case: Case, expected: Json) -> dict[str, bytes]:
    """The files of a case, by their names in its folder."""
    files = {
        "report.txt": case.report.encode(),
        "reading.json": _dumped(_reading(case.reading)),
        "expected.json": _dumped(expected),
    }
    if case.previous is not None:
        files["previous.json"] = _dumped(_figures(case.previous))
    for name, other in case.others:
        files[f"others/{name}.json"] = _dumped(_figures(other))
    return files


def load(folder: Path) -> tuple[Case, Json]:
    """A case and what it expects."""
    previous = folder / "previous.json"
    case = Case(
        (folder / "report.txt").read_bytes().decode(),
        _to_reading(_loaded(folder / "reading.json")),
        _to_figures(_loaded(previous)) if previous.is_file() else None,
        tuple(
            (path.stem, _to_figures(_loaded(path)))
            for path in sorted((folder / "others").glob("*.json"))
        ),
    )
    return case, _loaded(folder / "expected.json")


def folders() -> list[Path]:
    """Every case, in order."""
    return sorted(path.parent for path in ROOT.rglob("report.txt"))


def _loaded(path: Path) -> Json:
    loaded: Json = json.loads(path.read_bytes())
    return loaded


def _dumped(data: Json) -> bytes:
    """JSON in which a person can read a case: one cell, one finding, one set a line."""
    return (_lines(data, 0) + "\n").encode()


_WIDE = 3  # levels below which everything stands on one line
_LONG = 100


def _lines(data: object, level: int) -> str:
    flat = json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict | list) or not data or level >= _WIDE:
        return flat
    if level and len(flat) + 2 * level <= _LONG:
        return flat
    pad = "  " * (level + 1)
    if isinstance(data, dict):
        inner = [
            f"{pad}{json.dumps(key)}: {_lines(value, level + 1)}" for key, value in data.items()
        ]
        opening, closing = "{", "}"
    else:
        inner = [pad + _lines(value, level + 1) for value in data]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(inner) + "\n" + "  " * level + closing


def _form(variant: str | None) -> Form | None:
    return next((form for form in every_form() if form.variant == variant), None)


def _reading(reading: Reading) -> Json:
    return {
        "form": reading.form.variant if reading.form else None,
        "cells": _places(reading.places, reading.form),
        "repeats": [_places(places, reading.form) for places in reading.repeats],
        "notes": [
            {"code": note.code, "cells": list(note.cells), "span": note.span and list(note.span)}
            for note in reading.notes
        ],
    }


def _places(places: Mapping[str, Place], form: Form | None) -> Json:
    found: Json = {}
    for name in form.cells if form else ():
        place = places.get(name)
        if place is None:
            continue
        found[name] = {"where": place.where}
        if place.span is not None:
            found[name]["span"] = list(place.span)
        if place.why is not None:
            found[name]["why"] = place.why
    return found


def _to_reading(data: Json) -> Reading:
    return Reading(
        _form(data["form"]),
        _to_places(data["cells"]),
        tuple(_to_places(places) for places in data["repeats"]),
        tuple(Note(n["code"], tuple(n["cells"]), _span(n["span"])) for n in data["notes"]),
    )


def _to_places(data: Json) -> dict[str, Place]:
    return {
        name: Place(said["where"], _span(said.get("span")), said.get("why"))
        for name, said in data.items()
    }


def _span(data: list[int] | None) -> tuple[int, int] | None:
    return (data[0], data[1]) if data else None


def _figures(figures: YearFigures) -> Json:
    return {
        "schema_version": "2",
        "report": {"agency": figures.agency, "year": figures.year, "form": figures.form.id},
        "cells": {
            name: {
                "value": _value(value),
                "state": "missing" if value is None else "read",
                "span": span and list(span),
            }
            for name, value in figures.values.items()
            for span in (figures.spans.get(name),)
        },
    }


def _to_figures(data: Json) -> YearFigures:
    report, cells = data["report"], data["cells"]
    (form,) = (f for f in every_form() if f.id == report["form"] and set(f.cells) == set(cells))
    return YearFigures(
        report["agency"],
        report["year"],
        form,
        {
            name: Decimal(said["value"]) if isinstance(said["value"], str) else said["value"]
            for name, said in cells.items()
        },
        {name: _span(said["span"]) for name, said in cells.items()},
    )
