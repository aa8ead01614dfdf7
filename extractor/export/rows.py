"""From a report of the store to the rows of an export; nothing is computed, nothing is filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

from extractor.errors import StoreError
from extractor.export.cells import FormCell, Names, every_cell, form_of
from extractor.export.columns import Shape, columns_of
from extractor.export.panel import beside
from extractor.export.quality import DOUBTED, Qualities
from verify.cells import WITH_FIGURE
from verify.stored.older import modernised

if TYPE_CHECKING:
    from extractor.batch.records import Report, Stated
    from verify.forms import Form

Value = str | int | None
"""Money is text: an exact decimal, as the result has it."""
Row = tuple[Value, ...]
RowsOf = Callable[["Report"], list[Row]]
StatedOf = Callable[[str], "Sequence[Stated]"]
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def rows_of(shape: Shape, names: Names, own: tuple[str, ...], stated: StatedOf) -> RowsOf:
    """What makes the rows of one report.

    Args:
        shape: One row a cell, or one row a report.
        names: How cells are called.
        own: Further columns of manifests.
        stated: What manifests say of a source, by its hash.

    Returns:
        A function; it raises `StoreError` for a result that is none of the contract.
    """
    cells_at = len(columns_of("wide", names)) - len(every_cell()) - 1
    places = {name: cells_at + at for at, name in enumerate(every_cell())}

    def rows(report: Report) -> list[Row]:
        facts = beside(stated(report.sha256), report.sha256, report.agency, report.year)
        more = dict(facts.more)
        last = (*(more.get(name) for name in own), len(report.paths))
        head = (_path(report), report.sha256, report.agency, report.year, report.form)
        result = _result(report)
        form = form_of(frozenset(result["cells"])) if result["cells"] else None
        values = {
            name: _value(report, every_cell()[name], cell) for name, cell in result["cells"].items()
        }
        qualities, made = _qualities(report, result, form), _decisions(result)
        seen = _Seen(report, result["cells"], values, form, qualities, names, made)
        if shape == "wide":
            return [(*_wide(seen, (*head, *facts.columns), places), *last)]
        return [(*row, *last) for row in _long(seen, (*head, *facts.columns))]

    return rows


@dataclass(frozen=True, slots=True)
class _Seen:
    """A report with what is known of its cells."""

    report: Report
    cells: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Value]
    form: Form | None
    qualities: Qualities
    names: Names
    decisions: Sequence[Mapping[str, Any]]


def _long(seen: _Seen, head: Row) -> Iterator[Row]:
    report, qualities, known = seen.report, seen.qualities, every_cell()
    entered = {one["cells"][0]: one["who"] for one in seen.decisions if one["kind"] == "enter"}
    for name, cell in seen.cells.items():
        start, end = cell.get("span") or (None, None)
        yield (
            *head,
            *name.split("."),
            known[name].named(seen.names),
            seen.values[name],
            cell["state"],
            qualities.of(name),
            qualities.held[name],
            qualities.failed[name],
            report.verdict,
            cell.get("text"),
            start,
            end,
            cell.get("was"),
            entered.get(name),
        )


def _wide(seen: _Seen, head: Row, places: Mapping[str, int]) -> Row:
    known, cells, report = every_cell(), seen.cells, seen.report
    states = [cell["state"] for cell in cells.values()]
    read, deduced = states.count("read"), states.count("deduced")
    unread = len(states) - sum(states.count(state) for state in WITH_FIGURE)
    quality = {name: seen.qualities.of(name) for name in cells}
    doubted = (f"{known[n].named(seen.names)}={q}" for n, q in quality.items() if q in DOUBTED)
    row: list[Value] = [
        *head,
        seen.form.variant if seen.form else None,
        report.verdict,
        read,
        deduced,
        unread,
        list(quality.values()).count("guarded"),
        " ".join(doubted) or None,
        _named(seen, "deduced"),
        states.count("entered"),
        _named(seen, "entered"),
        len(seen.decisions),
        *repeat(None, len(known)),
    ]
    for name, value in seen.values.items():
        row[places[name]] = value
    return tuple(row)


def _named(seen: _Seen, state: str) -> str | None:
    """The names of the cells in a state; None where there are none."""
    known = every_cell()
    found = (known[n].named(seen.names) for n, c in seen.cells.items() if c["state"] == state)
    return " ".join(found) or None


def with_panel(report: Report, stated: Sequence[Stated]) -> str:
    """A result as one line of JSON; what a manifest says of it stands last in it, under ``panel``."""
    if not stated:
        return report.json
    facts = asdict(beside(stated, report.sha256, report.agency, report.year))
    facts["more"] = dict(facts["more"])
    said = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return f'{report.json.rstrip().removesuffix("}")},"panel":{said}}}'


def _path(report: Report) -> str | None:
    return report.paths[0] if report.paths else None


def _result(report: Report) -> dict[str, Any]:
    """The result, its cells all of a known form."""
    try:
        result: dict[str, Any] = modernised(json.loads(report.json))
        unknown = next((name for name in result["cells"] if name not in every_cell()), None)
    except (ValueError, TypeError, KeyError):
        raise _no_result(report, "it cannot be read") from None
    if unknown is not None:
        raise _no_result(report, f"no form has a cell {unknown!r}")
    return result


def _decisions(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The decisions of people that took effect in a result."""
    found = result.get("decisions", [])
    return found if isinstance(found, list) else []


def _qualities(report: Report, result: Mapping[str, Any], form: Form | None) -> Qualities:
    try:
        return Qualities(result, form)
    except (ValueError, TypeError, KeyError):
        raise _no_result(report, "its reasons or suspects are missing") from None


def _value(report: Report, known: FormCell, cell: Mapping[str, Any]) -> int | str | None:
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
