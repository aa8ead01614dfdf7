"""Which cells are suspect: all smallest sets of up to three whose change restores every identity.

Exact integer search. In any set of at most three cells of these forms one cell stands alone in a
failed identity, so its change is that identity's miss; the rest is found the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from verify.arithmetic import Checked, Values, sides
from verify.forms import Form, Identity

MOST_CELLS = 3
_MOST_FAILED = 3 * MOST_CELLS


Fault = Literal["source", "reading"]


@dataclass(frozen=True, slots=True)
class Slip:
    """One structural operation that would explain a group of failed identities.

    Attributes:
        operation: Stable id of the kind of operation.
        cells: The cells whose figures it would move, in order of the form.
        zh: What happened, in Chinese.
        en: The same in English.
    """

    operation: str
    cells: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A connected group of failed identities and what could explain it.

    Attributes:
        identities: Their ids.
        sets: Every smallest set of cells; empty when none of up to three cells does. Those with
            cells that were doubtful to read come first, then the order of the form.
        needed: For each set the value that each of its cells would need, None where more than one
            would do.
        slips: Structural operations that explain it.
        doubtful: Cells of the sets that were doubtful to read.
        fault: Whose fault it is, as far as evidence goes.
    """

    identities: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    needed: tuple[tuple[int | None, ...], ...] = ()
    slips: tuple[Slip, ...] = ()
    doubtful: tuple[str, ...] = ()
    fault: Fault = "source"


def localise(form: Form, checked: Checked, values: Values) -> list[Suspicion]:
    """Explain each group of failed identities that share cells; see the module's docstring."""
    evaluated = (*checked.held, *checked.failed)
    found = []
    unexplained: list[Identity] = []
    for group in _groups(checked.failed):
        sets = _smallest(form, group, evaluated, values)
        if sets:
            found.append(Suspicion(tuple(i.id for i in group), sets))
        else:
            unexplained += group
    if unexplained:  # groups that no few cells explain apart are one, tied by identities that hold
        unexplained.sort(key=form.identities.index)
        sets = _smallest(form, unexplained, evaluated, values)
        found.append(Suspicion(tuple(i.id for i in unexplained), sets))
    return found


def _groups(failed: Sequence[Identity]) -> list[list[Identity]]:
    groups: list[tuple[set[str], list[Identity]]] = []
    for identity in failed:
        cells = set(identity.cells)
        joined = [identity]
        rest = []
        for other_cells, members in groups:
            if cells & other_cells:
                cells |= other_cells
                joined = members + joined
            else:
                rest.append((other_cells, members))
        groups = [*rest, (cells, joined)]
    return [members for _, members in groups]


def _smallest(
    form: Form, group: list[Identity], evaluated: Sequence[Identity], values: Values
) -> tuple[tuple[str, ...], ...]:
    if len(group) > _MOST_FAILED:
        return ()
    misses: dict[str, int] = {}
    for identity in group:
        both = sides(identity, values)
        assert both is not None
        misses[identity.id] = int(both[0]) - int(both[1])
    effect: dict[str, dict[str, int]] = {}
    members: dict[str, Identity] = {identity.id: identity for identity in evaluated}
    for identity in evaluated:
        for sign, names in ((1, identity.plus), (-1, identity.minus)):
            for name in names:
                effect.setdefault(name, {})[identity.id] = sign
    sets: set[frozenset[str]] = set()
    for size in range(1, MOST_CELLS + 1):
        _search(misses, size, {}, effect, members, form, values, sets)
        if sets:
            break
    order = {name: i for i, name in enumerate(form.cells)}
    return tuple(
        sorted((tuple(sorted(s, key=order.__getitem__)) for s in sets),
               key=lambda s: [order[name] for name in s])
    )  # fmt: skip


def _search(
    misses: dict[str, int], left: int, changed: dict[str, int], effect: dict[str, dict[str, int]],
    members: dict[str, Identity], form: Form, values: Values, sets: set[frozenset[str]],
) -> None:  # fmt: skip
    if not misses:
        sets.add(frozenset(changed))
        return
    if left == 0 or len(misses) > 3 * left:
        return
    for id, miss in misses.items():
        for name in members[id].cells:
            if name in changed:
                continue
            delta = -miss * effect[name][id]
            if left == 1 and len(effect[name]) < len(misses):
                continue
            value = values[name]
            assert value is not None
            if form.kinds[name] != "change" and value + delta < 0:
                continue
            after = dict(misses)
            for other, sign in effect[name].items():
                total = after.get(other, 0) + sign * delta
                if total:
                    after[other] = total
                else:
                    after.pop(other, None)
            _search(after, left - 1, {**changed, name: delta}, effect, members, form, values, sets)
        if left == 1:
            return
