"""The identities of a form as systems of equations, one for each part that no identity ties to another.

Table 三 is one system and each row of table 四 another. A *failure* is an identity whose cells are all
known and that does not hold, a combination of identities that no figures >= 0 for the cells not read
can satisfy, or a negative count.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from verify.elimination import Row, Tableau
from verify.feasible import residuals
from verify.figures import Number
from verify.forms import Form, Identity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class System:
    """Identities that share cells, with cells as numbers in order of the form.

    Attributes:
        table: Id of their table.
        cells: Names of all cells.
        identities: The rules.
        equations: For each of them the coefficient of each cell.
    """

    table: str
    cells: tuple[str, ...]
    identities: tuple[Identity, ...]
    equations: tuple[Mapping[int, int], ...]

    def figures(self, values: Mapping[str, Number | None]) -> dict[int, int]:
        """The known cells by number."""
        found = {}
        for i, name in enumerate(self.cells):
            value = values.get(name)
            if value is not None:
                found[i] = int(value)
        return found

    def names(self, cells: Iterable[int]) -> tuple[str, ...]:
        """Names in order of the form."""
        return tuple(self.cells[cell] for cell in sorted(cells))


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that cannot be as it stands.

    Attributes:
        identities: Numbers of the identities that fail or that fail together.
        negative: The cell whose count is negative, or None.
        open: Whether cells of the identities were not read.
        miss: By how much a single identity fails, else 0.
    """

    identities: tuple[int, ...]
    negative: int | None = None
    open: bool = False
    miss: int = 0


@cache
def systems(form: Form) -> tuple[System, ...]:
    """The systems of a form, in its order."""
    found = []
    for part in joined(form.identities, lambda identity: identity.cells):
        used = {name for identity in part for name in identity.cells}
        cells = tuple(name for name in form.cells if name in used)
        number = {name: i for i, name in enumerate(cells)}
        equations = tuple(
            {number[name]: 1 for name in identity.plus}
            | {number[name]: -1 for name in identity.minus}
            for identity in part
        )
        found.append(System(cells[0].split(".")[0], cells, tuple(part), equations))
    return tuple(found)


def joined(items: Iterable[T], keys: Callable[[T], Iterable[Hashable]]) -> list[list[T]]:
    """Items in groups: two that have a key in common, however indirectly, are in one.

    Groups stand in the order of their first items, items in the order given.
    """
    groups: list[tuple[set[Hashable], list[tuple[int, T]]]] = []
    for item in enumerate(items):
        mine = set(keys(item[1]))
        members = [item]
        apart = []
        for group in groups:
            if mine.isdisjoint(group[0]):
                apart.append(group)
            else:
                mine |= group[0]
                members += group[1]
        groups = [*apart, (mine, members)]
    ordered = [sorted(members, key=lambda member: member[0]) for _, members in groups]
    ordered.sort(key=lambda members: members[0][0])
    return [[item for _, item in members] for members in ordered]


def failures(system: System, figures: Mapping[int, int]) -> list[Failure]:
    """Everything that fails: identities in their order, combinations of them, negative counts."""
    misses, opened = _misses(system, figures)
    found = [Failure((i,), miss=miss) for i, miss in misses.items()]
    if opened and figures:
        found += _open_failures(system, figures, opened)
    if min(figures.values(), default=0) < 0:
        for cell, figure in figures.items():
            if figure < 0:
                touched = (i for i, terms in enumerate(system.equations) if cell in terms)
                found.append(Failure(tuple(touched), negative=cell))
    return found


def holds(system: System, figures: Mapping[int, int], left: Mapping[int, int]) -> bool:
    """Whether nothing fails but identities, by number, that miss by exactly as much as `left` says."""
    if min(figures.values(), default=0) < 0:
        return False
    misses, opened = _misses(system, figures)
    return misses == left and (not opened or _fillable(system, figures, opened))


def _misses(system: System, figures: Mapping[int, int]) -> tuple[dict[int, int], list[int]]:
    """By how much identities fail whose cells are all known, and which have others."""
    misses = {}
    opened = []
    for i, terms in enumerate(system.equations):
        try:
            miss = sum([sign * figures[cell] for cell, sign in terms.items()])
        except KeyError:
            opened.append(i)
        else:
            if miss:
                misses[i] = miss
    return misses, opened


def _open_failures(system: System, figures: Mapping[int, int], opened: list[int]) -> list[Failure]:
    """What cannot hold whatever the cells not read are, named as `residuals` names it."""
    if _fillable(system, figures, opened):
        return []
    values = {name: figures.get(i) for i, name in enumerate(system.cells)}
    number = {identity.id: i for i, identity in enumerate(system.identities)}
    combined = residuals([system.identities[i] for i in opened], values)
    sets = [tuple(sorted(number[id] for id in residual.identities)) for residual in combined]
    return [Failure(ids, open=True) for ids in dict.fromkeys(sets)]


def _fillable(system: System, figures: Mapping[int, int], opened: list[int]) -> bool:
    """Whether anything >= 0 for the cells not read makes these equations hold."""
    rows = []
    for i in opened:
        free: dict[int, int] = {}
        miss = 0
        for cell, sign in system.equations[i].items():
            if cell in figures:
                miss += sign * figures[cell]
            else:
                free[cell] = sign
        rows.append(Row(free, miss))
    return Tableau(rows).satisfiable()
