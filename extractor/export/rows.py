"""From a report of the store to the rows of an export; nothing is computed, nothing is filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import repeat
from typing import TYPE_CHECKING, Any

from extractor.errors import StoreError
from extractor.export.cells import FormCell, Names, every_cell, form_of
from extractor.export.columns import Shape, columns_of
from verify.cells import WITH_FIGURE
from verify.stored.older import modernised

if TYPE_CHECKING:
    from extractor.batch.records import Report

Value = str | int | None
"""Money is text: an exact decimal, as the result has it."""
Row = tuple[Value, ...]
RowsOf = Callable[["Report"], list[Row]]
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def rows_of(shape: Shape, names: Names) -> RowsOf:
    """What makes the rows of one report.

    Args:
        shape: One row a cell, or one row a report.
        names: How cells are called.

    Returns:
        A function; it raises `StoreError` for a result that is none of the contract.
    """
    if shape == "wide":
        cells_at = len(columns_of("wide", names)) - len(every_cell())
        places = {name: cells_at + at for at, name in enumerate(every_cell())}
        return lambda report: [_wide(report, names, places)]
    return lambda report: _long(report, names)


def _long(report: Report, names: Names) -> list[Row]:
    head = (_path(report), report.sha256, report.agency, report.year, report.form)
    verdict, paths, known = report.verdict, len(report.paths), every_cell()
    entered = {
        one["cells"][0]: one["who"] for one in _decisions(report) if one.get("kind") == "enter"
    }
    rows: list[Row] = []
    for name, cell in _cells(report).items():
        form_cell = known[name]
        start, end = cell.get("span") or (None, None)
        rows.append(
            (
                *head,
                *name.split("."),
                form_cell.named(names),
                _value(report, form_cell, cell),
                cell["state"],
                verdict,
                cell.get("text"),
                start,
                end,
                cell.get("was"),
                entered.get(name),
                paths,
            )
        )
    return rows


def _wide(report: Report, names: Names, places: dict[str, int]) -> Row:
    known, cells = every_cell(), _cells(report)
    form = form_of(frozenset(cells)) if cells else None
    states = [cell["state"] for cell in cells.values()]
    read, deduced = states.count("read"), states.count("deduced")
    unread = len(states) - sum(states.count(state) for state in WITH_FIGURE)
    row: list[Value] = [
        _path(report),
        report.sha256,
        report.agency,
        report.year,
        report.form,
        form.variant if form else None,
        report.verdict,
        read,
        deduced,
        unread,
        _named(cells, "deduced", names),
        states.count("entered"),
        _named(cells, "entered", names),
        len(_decisions(report)),
        len(report.paths),
        *repeat(None, len(known)),
    ]
    for name, cell in cells.items():
        row[places[name]] = _value(report, known[name], cell)
    return tuple(row)


def _named(cells: dict[str, dict[str, Any]], state: str, names: Names) -> str | None:
    """The names of the cells in a state; None where there are none."""
    known = every_cell()
    found = (known[n].named(names) for n, cell in cells.items() if cell["state"] == state)
    return " ".join(found) or None


def _decisions(report: Report) -> list[dict[str, Any]]:
    """The decisions of people that took effect in a result."""
    if '"decisions":' not in report.json:
        return []
    found = json.loads(report.json).get("decisions", [])
    return found if isinstance(found, list) else []


def _path(report: Report) -> str | None:
    return report.paths[0] if report.paths else None


def _cells(report: Report) -> dict[str, dict[str, Any]]:
    """The cells of the result, all of a known form."""
    try:
        cells: dict[str, dict[str, Any]] = modernised(json.loads(report.json))["cells"]
        unknown = next((name for name in cells if name not in every_cell()), None)
    except (ValueError, TypeError, KeyError):
        raise _no_result(report, "it cannot be read") from None
    if unknown is not None:
        raise _no_result(report, f"no form has a cell {unknown!r}")
    return cells


def _value(report: Report, known: FormCell, cell: dict[str, Any]) -> int | str | None:
    """The value as it is stored; what is no figure never gets into a file as one."""
    value = cell["value"]
    if value is None:
        return None
    if known.kind == "money":
        fits = isinstance(value, str) and _DECIMAL.fullmatch(value) is not None
    else:
        fits = type(value) is int  # True is an int to isinstance
    if not fits:
        raise _no_result(report, f"{known.name} has the value {value!r}")
    return value  # type: ignore[no-any-return]


def _no_result(report: Report, why: str) -> StoreError:
    return StoreError(
        f"result {report.result} of the store is not of this version's contract: {why}; "
        "export with the version that made it, or run extract batch --rerun stale"
    )
