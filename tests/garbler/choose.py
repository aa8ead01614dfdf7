"""Where a new damage works: tables that no other has taken, and cells that nothing was done to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from .layouts import layout_of
from .model import READ, Draft, Figure, Kind, Label, Line, Table, Value
from .registry import given

Do = Callable[..., bool | None]
TABLES = ("proactive", "requests", "proceedings")
_SHARE_OF_TABLE_TWO = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that is printed as the form has it."""

    table: Table
    line: Line
    figure: Figure


def untouched(draft: Draft, line: Line) -> bool:
    """Whether a row is printed whole, each figure in its own cell and surely to be read."""
    return (
        bool(line.figures)
        and not (line.glue or line.split or line.merged)
        and all(
            f.cell and f.text and f.role == "figure" and draft.fates[f.cell].states == READ
            for f in line.figures
        )
        and not any(f.before or f.after for f in line.figures)
    )


def free_tables(draft: Draft, *ids: str) -> list[Table]:
    """The printed tables that no new damage has taken."""
    return [t for t in draft.tables if t.id in (ids or TABLES) and t.id not in draft.claimed]


def whole_tables(draft: Draft, *ids: str) -> list[Table]:
    """Those of which every row of figures is untouched."""
    return [
        t for t in free_tables(draft, *ids) if t.rows and all(untouched(draft, r) for r in t.rows)
    ]


def separates(table: Table) -> bool:
    """Whether spaces inside a cell are plainly inside it."""
    return layout_of(table).separates


def delimited(table: Table) -> bool:
    """Whether a sign that is no blank stands between two cells."""
    return bool(set(layout_of(table).between) & set("\t|│\x07,;"))


def _places(draft: Draft, *, apart: bool, sign: bool) -> Iterator[Place]:
    for table in free_tables(draft):
        if (apart and not separates(table)) or (sign and not delimited(table)):
            continue
        for line in table.rows:
            if untouched(draft, line):
                yield from (Place(table, line, figure) for figure in line.figures)


def places(
    draft: Draft,
    *ids: str,
    kinds: tuple[str, ...] = ("count",),
    least: Value | None = None,
    most: Value | None = None,
    apart: bool = False,
    sign: bool = False,
) -> list[Place]:
    """Cells of some kinds and sizes.

    Args:
        draft: The report.
        ids: Tables; all when none is given.
        kinds: Of the form: count, money, change.
        least: The smallest figure.
        most: The largest figure.
        apart: Only where a blank inside a cell is plainly inside it.
        sign: Only where cells are parted by tabs, pipes or the like.
    """
    found = []
    for place in _places(draft, apart=apart, sign=sign):
        value = draft.fates[place.figure.cell].value
        if (
            (not ids or place.table.id in ids)
            and draft.form.kinds[place.figure.cell] in kinds
            and value is not None
            and (least is None or value >= least)
            and (most is None or value <= most)
        ):
            found.append(place)
    return found


def pick(draft: Draft, rng: Random, found: list[Place]) -> Place | None:
    """One of these, most often of table 二, where no sum helps; its table is taken."""
    if not found:
        return None
    two = [place for place in found if place.table.id == "proactive"]
    rest = [place for place in found if place.table.id != "proactive"]
    chosen = rng.choice(two if two and (not rest or rng.random() < _SHARE_OF_TABLE_TWO) else rest)
    draft.claimed.add(chosen.table.id)
    return chosen


def plant(draft: Draft, rng: Random, place: Place, size: tuple[int, int]) -> int:
    """The figure of a cell; of table 二, which has no sums, often another one of this size.

    The wanted size decides what a damage needs; where sums bind the figure it stays.
    """
    fate = draft.fates[place.figure.cell]
    free = place.table.id == "proactive" and draft.form.kinds[place.figure.cell] == "count"
    if (free and not size[0] <= int(fate.value or 0) <= size[1]) or (free and rng.random() < 0.5):
        fate.value = fate.true_value = rng.randint(*size)
    place.figure.text = str(fate.value)
    return int(fate.value or 0)


def take(draft: Draft, rng: Random, tables: list[Table]) -> Table | None:
    """One of these tables, for this damage alone."""
    if not tables:
        return None
    table = rng.choice(tables)
    draft.claimed.add(table.id)
    return table


def in_table(kind: Kind, *ids: str, alone: bool = False) -> Callable[[Do], Do]:
    """Register a damage to a whole table, which it takes for itself."""

    def find(draft: Draft, rng: Random) -> tuple[Table] | None:
        table = take(draft, rng, whole_tables(draft, *ids))
        return None if table is None else (table,)

    return given(find, kind, alone=alone)


def in_cell(kind: Kind, *ids: str, **where: Any) -> Callable[[Do], Do]:
    """Register a damage to one cell, of those that `places` finds; its table is taken."""

    def find(draft: Draft, rng: Random) -> tuple[Place] | None:
        place = pick(draft, rng, places(draft, *ids, **where))
        return None if place is None else (place,)

    return given(find, kind)


def words_of(table: Table) -> list[Label]:
    """The header words over the figures of a table, in order."""
    return [
        label
        for line in table.lines
        if line.columns and not line.figures
        for label in line.columns
        if label is not None
    ]


def print_as(place: Place, text: str, before: str = "", after: str = "") -> None:
    """What stands in the cell: the figure's text and words beside it."""
    figure = place.figure
    figure.before, figure.text, figure.after, figure.role = before, text, after, "odd"


def listed(words: str) -> tuple[str, ...]:
    """Words that are written in one string, parted by bars."""
    return tuple(words.split("|"))
