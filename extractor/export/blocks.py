"""From a report of the store to the columns of an export; nothing is computed, nothing is filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

from extractor.errors import StoreError
from extractor.export.cells import Names, every_cell
from extractor.export.columns import Shape
from extractor.export.panel import beside
from extractor.flat import DOUBTED, Flat, Value
from verify.cells import WITH_FIGURE
from verify.stored.older import modernised

if TYPE_CHECKING:
    from extractor.batch.records import Report, Stated

decode: Callable[[str], Any] | None = None
with suppress(ImportError):  # of the extra "export": twice as fast, and as exact
    from msgspec.json import decode

Row = tuple[Value, ...]
StatedOf = Callable[[str], "Sequence[Stated]"]
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
SEVERAL = (list, tuple)
"""What has a value for each row."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one report, as columns: what is `SEVERAL` has a value for each row, anything else is the same in all."""

    count: int  # how many rows
    columns: list[Any]  # of the export, in order

    def rows(self) -> Iterator[Row]:
        """The rows one by one."""
        whole = (c if type(c) in SEVERAL else repeat(c, self.count) for c in self.columns)
        return zip(*whole, strict=True)


def blocks_of(
    shape: Shape, names: Names, own: tuple[str, ...], stated: StatedOf
) -> Callable[[Report], Block]:
    """What makes the rows of one report.

    Args:
        shape: One row a cell, or one row a report.
        names: How cells are called.
        own: Further columns of manifests.
        stated: What manifests say of a source, by its hash.

    Returns:
        A function; it raises `StoreError` for a result that is none of the contract.
    """
    called = {name: cell.named(names) for name, cell in every_cell().items()}

    def block(report: Report) -> Block:
        facts = beside(stated(report.sha256), report.sha256, report.agency, report.year)
        more = facts.pop("more")
        last = (*(more.get(name) for name in own), len(report.paths))
        path = report.paths[0] if report.paths else None
        head = (path, report.sha256, report.agency, report.year, report.form, *facts.values())
        flat = _flat(report)
        if shape == "wide":
            return Block(1, [*head, *_wide(report, flat, called), *last])
        return Block(len(flat.names), [*head, *_long(report, flat, names), *last])

    return block


def _long(report: Report, flat: Flat, names: Names) -> Iterator[Any]:
    yield from _names(flat.names, names)
    yield from (flat.values, flat.states, flat.qualities, flat.held, flat.failed)
    yield report.verdict
    yield flat.column("text")
    spans = flat.column("span")
    yield [span[0] if span else None for span in spans]
    yield [span[1] if span else None for span in spans]
    yield flat.column("was") if "deduced" in flat.states else None
    entered = flat.entered_by
    yield [entered.get(name) for name in flat.names] if entered else None


@cache
def _names(names: tuple[str, ...], called: Names) -> tuple[tuple[str, ...], ...]:
    """Table, row and column of each cell, and what it is called."""
    rows = [(*name.split("."), every_cell()[name].named(called)) for name in names]
    return tuple(zip(*rows, strict=True)) or ((),) * 4


def _wide(report: Report, flat: Flat, called: dict[str, str]) -> Iterator[Value]:
    states, qualities = flat.states, flat.qualities
    yield flat.form.variant if flat.form else None
    yield report.verdict
    yield states.count("read")
    yield states.count("deduced")
    yield len(states) - sum(map(states.count, WITH_FIGURE))
    yield qualities.count("guarded")
    pairs = zip(flat.names, qualities, strict=True)
    yield " ".join(f"{called[name]}={word}" for name, word in pairs if word in DOUBTED) or None
    yield _in_state(flat, called, "deduced")
    yield states.count("entered")
    yield _in_state(flat, called, "entered")
    yield len(flat.decisions)
    yield from map(dict(zip(flat.names, flat.values, strict=True)).get, every_cell())


def _in_state(flat: Flat, called: dict[str, str], state: str) -> str | None:
    """The names of the cells in a state; None where there are none."""
    pairs = zip(flat.names, flat.states, strict=True)
    return " ".join(called[name] for name, said in pairs if said == state) or None


def with_panel(report: Report, stated: Sequence[Stated]) -> str:
    """A result as one line of JSON; what a manifest says of it stands last in it, under ``panel``."""
    if not stated:
        return report.json
    facts = beside(stated, report.sha256, report.agency, report.year)
    said = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return f'{report.json.rstrip().removesuffix("}")},"panel":{said}}}'


def _flat(report: Report) -> Flat:
    """The result, its cells all of a known form, its figures as the contract has them.

    Raises:
        StoreError: It is none of the contract: what is no figure never gets into a file as one.
    """
    try:
        flat = Flat(modernised(_parsed(report.json)))
    except (ValueError, TypeError, KeyError):
        raise _no_result(report, "it cannot be read") from None
    for name, value, kind in zip(flat.names, flat.values, _kinds(flat.names), strict=True):
        if kind is None:
            raise _no_result(report, f"no form has a cell {name!r}")
        if value is None:
            continue
        of_money = kind == "money" and isinstance(value, str) and _DECIMAL.fullmatch(value)
        if not of_money and (kind == "money" or type(value) is not int):  # nor is True one
            raise _no_result(report, f"{name} has the value {value!r}")
    try:
        flat.qualities  # noqa: B018 - they are kept
    except (ValueError, TypeError, KeyError):
        raise _no_result(report, "its reasons or suspects are missing") from None
    return flat


@cache
def _kinds(names: tuple[str, ...]) -> tuple[str | None, ...]:
    """What the value of each cell is; None where no form has such a cell."""
    cells = every_cell()
    return tuple(cells[name].kind if name in cells else None for name in names)


def _parsed(text: str) -> Any:
    if decode is not None:
        with suppress(ValueError):  # half a surrogate pair, which it does not take
            return decode(text)
    return json.loads(text)


def _no_result(report: Report, why: str) -> StoreError:
    return StoreError(
        f"result {report.result} of the store is not of this version's contract: {why}; "
        "export with the version that made it, or run extract batch --rerun stale"
    )
