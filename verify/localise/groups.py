"""Smallest sets of a whole system, told in independent groups of failures.

Failures that share a cell, or a cell not read through the identities that it is in, are connected.

1.  All smallest sets of the whole system, of up to three cells, are searched. Connected groups are
    told apart exactly when those sets are all combinations of the smallest sets of each group alone,
    and into as many groups as that allows; else one smallest set mends several, and they are one.
2.  When the whole system needs more than three cells, each connected group is searched alone. Groups
    that this does not explain are one, searched once more together.

*Alone*, failed identities of other groups count as held by as much as they miss, combinations of
other groups that fail are left out and the cells of their identities stay, as do negative counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from verify.elimination import Tableau, build
from verify.localise.smallest import Cells, smallest
from verify.localise.systems import Failure, System, joined

Need = int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Failures that are explained together.

    Attributes:
        failures: In order.
        sets: Every smallest set with what each of its cells would need; empty when not localised.
    """

    failures: tuple[Failure, ...]
    sets: Mapping[Cells, Mapping[int, Need]]


class Grouping:
    """One system with its failures."""

    def __init__(
        self, system: System, figures: Mapping[int, int], failures: Sequence[Failure], most: int
    ) -> None:
        self.system = system
        self.figures = figures
        self.failures = failures
        self.most = most
        self.unread = [i for i in range(len(system.cells)) if i not in figures]
        self.tied = self._ties()
        self._searches: dict[frozenset[Failure], tuple[Tableau, list[Cells]]] = {}

    def _ties(self) -> list[int]:
        """For each equation the number of its class: those that cells not read tie are in one.

        A negative count is free in every explanation and ties as well.
        """
        loose = {*self.unread, *(f.negative for f in self.failures if f.negative is not None)}
        equations = self.system.equations
        if not loose:
            return list(range(len(equations)))
        classes = joined(
            range(len(equations)),
            lambda i: (("equation", i), *(("cell", c) for c in equations[i] if c in loose)),
        )
        found = [0] * len(equations)
        for number, members in enumerate(classes):
            for i in members:
                found[i] = number
        return found

    def explain(self) -> list[Group]:
        """See the module's docstring."""
        parts = self._connected(self.failures)
        _, whole = self._searched(self.failures)
        if whole:
            found = [self._group(part) for part in self._apart(parts, whole)]
        elif len(parts) == 1:
            return [Group(tuple(self.failures), {})]
        else:
            alone = [self._group(part) for part in parts]
            found = [group for group in alone if group.sets]
            rest = [failure for group in alone if not group.sets for failure in group.failures]
            if rest:
                # What is left of all was searched as the whole, and what is connected alone.
                again = found and len(self._connected(rest)) > 1
                found.append(self._group(rest) if again else Group(self._ordered(rest), {}))
        order = {failure: i for i, failure in enumerate(self.failures)}
        return sorted(found, key=lambda group: order[group.failures[0]])

    def _connected(self, failures: Sequence[Failure]) -> list[list[Failure]]:
        """Failures in connected groups."""
        equations = self.system.equations

        def keys(failure: Failure) -> set[tuple[str, int]]:
            found = {("class", self.tied[i]) for i in failure.identities}
            if failure.negative is None:
                found |= {("cell", cell) for i in failure.identities for cell in equations[i]}
            else:
                found.add(("cell", failure.negative))
            return found

        return joined(failures, keys)

    def _ordered(self, failures: Sequence[Failure]) -> tuple[Failure, ...]:
        inside = set(failures)
        return tuple(failure for failure in self.failures if failure in inside)

    def _group(self, part: Sequence[Failure]) -> Group:
        root, found = self._searched(part)
        return Group(self._ordered(part), {cells: _needed(root, cells) for cells in found})

    def _searched(self, part: Iterable[Failure]) -> tuple[Tableau, list[Cells]]:
        """The smallest sets of cells for some failures alone, and the system without them."""
        inside = frozenset(part)
        if inside not in self._searches:
            self._searches[inside] = self._search(inside)
        return self._searches[inside]

    def _search(self, part: frozenset[Failure]) -> tuple[Tableau, list[Cells]]:
        negative = {f.negative for f in part if f.negative is not None}
        held: dict[int, int] = {}
        fixed: set[int] = set()
        broken: set[int] = set()
        for failure in self.failures:
            if failure in part:
                continue
            if failure.negative is not None:
                fixed.add(failure.negative)
            elif failure.open:
                broken |= {self.tied[i] for i in failure.identities}
            else:
                held[failure.identities[0]] = failure.miss
        equations = {}
        for i, terms in enumerate(self.system.equations):
            if self.tied[i] in broken:
                fixed |= terms.keys()
            else:
                equations[i] = terms
        root = build(equations, self.figures, (*self.unread, *sorted(negative)), held)
        if len(negative) > self.most:
            return root, []
        found = smallest(root.copy(), fixed, self.most - len(negative))
        return root, [more | negative for more in found]

    def _apart(self, parts: list[list[Failure]], whole: Sequence[Cells]) -> list[list[Failure]]:
        """Connected groups in as many bundles as explain themselves independently."""
        for size in range(1, len(parts)):
            for others in combinations(range(1, len(parts)), size):
                one = [part for i, part in enumerate(parts) if i not in others]
                other = [parts[i] for i in others]
                _, ones = self._searched(chain.from_iterable(one))
                if not ones or len(whole) % len(ones):
                    continue
                _, rest = self._searched(chain.from_iterable(other))
                if len(ones) * len(rest) != len(whole):
                    continue
                if {a | b for a in ones for b in rest if a.isdisjoint(b)} == set(whole):
                    return self._apart(one, ones) + self._apart(other, rest)
        return [[failure for part in parts for failure in part]]


def _needed(root: Tableau, cells: Cells) -> dict[int, Need]:
    """What each cell of a set would need; some are free in the system already."""
    tableau = root.freed(sorted(cells - root.basics.keys() - root.loose))
    tableau.settle()
    return {cell: tableau.only(cell) for cell in sorted(cells)}
