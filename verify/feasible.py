"""Whether unknown cells can be filled at all: by figures that satisfy every identity, none negative.

What says that they cannot is a combination of identities that leaves the unknown cells on one side
only, or none, and a remainder that they cannot make up. The identities of these forms are a network
matrix, so a filling by fractions exists only where one by whole numbers does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verify.elimination import Row, Tableau
from verify.figures import Number
from verify.forms import Identity

Values = Mapping[str, Number | None]


@dataclass(frozen=True, slots=True)
class Residual:
    """A combination of identities that no figures for the unknown cells can satisfy.

    Attributes:
        identities: Ids of the identities combined, sorted.
        cells: The known cells that are left over in it.
        amount: By how much it misses, or None when only the signs make it impossible.
        weights: How often each identity is counted, left side minus right side, so that the
            unknown cells left over are all counted at most zero times and what the known cells
            leave is below zero; for ``amount`` none is left over.
    """

    identities: tuple[str, ...]
    cells: tuple[str, ...]
    amount: int | None
    weights: tuple[int, ...] = ()


def residuals(
    identities: Sequence[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> list[Residual]:
    """What remains of open identities after the unknown cells are eliminated, where it fails.

    Elimination of the unknown cells finds the combinations without unknowns, which must balance
    exactly, and those whose unknowns, none of them negative, all have one sign, which must have a
    remainder of that sign. Where all of them do, the simplex decides: the list is empty exactly
    when non-negative figures for the unknown cells satisfy everything.

    Args:
        identities: The rules to hold together, in any order; those of a form or some of them.
        values: Known values; None or absent is unknown.
        signed: Cells that may be negative.

    Raises:
        ArithmeticError: The identities are not totally unimodular, as those of every form are.
    """
    opened, _ = _ordered(identities, values)
    rows = _rows(opened, values, signed)
    if not any(row.miss for row in rows):
        return []  # zeros fill the unknown cells, as where whole tables are missing
    tableau = Tableau(rows)
    found = [row for row in tableau.solve() if row.cannot_hold()]
    if not found and tableau.settle() is not None:
        found = [row for row in (_irreducible(rows),) if row]
    return [_stated(row, opened, values) for row in found]


def unguarded(
    identities: Sequence[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Known cells that nothing guards, because cells beside them are unknown.

    The figure of such a cell could be another and other figures for the unknown cells would still
    satisfy every identity; so a wrong one takes what is derived from it along. Every single wrong
    figure that leaves no failed identity and no residual stands in one of these cells.

    Args:
        identities: Every identity of the form, held or open.
        values: Known values with which no identity fails and no residual is left.
        signed: Cells that may be negative.

    Returns:
        The cells, sorted. Cells that no identity holds (all of table 二) are not among them.
    """
    opened, closed = _ordered(identities, values)
    tableau = Tableau(_rows(opened, values, signed))
    for _ in tableau.solve():
        pass
    tableau.settle()
    guarded = {name for identity in closed for name in identity.cells}
    for row in tableau.checks:
        guarded |= _left_over(row, opened, values)[0].keys()
    slopes: dict[str, dict[int, int]] = {}
    for basic, row in tableau.basics.items():
        for name, slope in _left_over(row, opened, values)[0].items():
            slopes.setdefault(name, {})[basic] = slope

    def may_differ(name: str) -> bool:
        """Whether one more or one less can hold; if neither can, no figure further off can."""
        steps = (1, -1) if values[name] or name in signed else (1,)
        return any(tableau.moved(slopes[name], step).settle() is None for step in steps)

    return tuple(name for name in sorted(slopes.keys() - guarded) if may_differ(name))


def _ordered(
    identities: Iterable[Identity], values: Values
) -> tuple[list[Identity], list[Identity]]:
    """Identities that have unknown cells and those that have none, each once and by id."""
    by_id = {identity.id: identity for identity in identities}
    opened: list[Identity] = []
    closed: list[Identity] = []
    for id in sorted(by_id):
        has_unknown = any(values.get(name) is None for name in by_id[id].cells)
        (opened if has_unknown else closed).append(by_id[id])
    return opened, closed


def _rows(identities: Sequence[Identity], values: Values, signed: frozenset[str]) -> list[Row]:
    """Equations over the unknown cells, numbered by name; `used` counts identities by position.

    A cell that may be negative is one that is not, less another that is not.
    """
    unknown = {name for i in identities for name in i.cells if values.get(name) is None}
    number = {name: 2 * i for i, name in enumerate(sorted(unknown))}
    rows = []
    for position, identity in enumerate(identities):
        terms: dict[int, int] = {}
        miss = 0
        for sign, names in ((1, identity.plus), (-1, identity.minus)):
            for name in names:
                value = values.get(name)
                if value is not None:
                    miss += sign * int(value)
                    continue
                terms[number[name]] = sign
                if name in signed:
                    terms[number[name] + 1] = -sign
        rows.append(Row(terms, miss, {position: 1}))
    return rows


def _irreducible(rows: Sequence[Row]) -> Row | None:
    """A combination of equations that cannot hold though without any one of them the rest could.

    That is what is left of any proof when each equation of it has been left out in turn.
    """
    proof = _proof(rows)
    for position in sorted(proof.used) if proof else ():
        if proof and position in proof.used:
            proof = _proof([rows[i] for i in sorted(proof.used) if i != position]) or proof
    return proof


def _proof(rows: Sequence[Row]) -> Row | None:
    """A combination of equations that cannot hold, looked for among as few as may be."""
    for row in rows:
        if row.cannot_hold():
            return row
    tableau = Tableau(rows)
    for row in tableau.solve():
        proof = row if row.cannot_hold() else tableau.settle()
        if proof is not None:
            return proof
    return None


def _left_over(
    row: Row, identities: Sequence[Identity], values: Values
) -> tuple[dict[str, int], set[str]]:
    """Known cells of a combination with how often they are counted, and its unknown cells."""
    counted: dict[str, int] = {}
    for position, times in sorted(row.used.items()):
        for name in identities[position].plus:
            counted[name] = counted.get(name, 0) + times
        for name in identities[position].minus:
            counted[name] = counted.get(name, 0) - times
    left = {c: times for c, times in counted.items() if times and values.get(c) is not None}
    return left, {c for c, times in counted.items() if times and c not in left}


def _stated(row: Row, identities: Sequence[Identity], values: Values) -> Residual:
    left, unknown = _left_over(row, identities, values)
    turn = -1 if row.miss > 0 else 1
    weights = {identities[i].id: turn * times for i, times in sorted(row.used.items())}
    amount = None if unknown else abs(row.miss)
    return Residual(tuple(weights), tuple(left), amount, tuple(weights.values()))
