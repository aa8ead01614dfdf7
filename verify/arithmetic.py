"""Sums and balances: each identity held, failed or open, and what follows when cells are unknown.

Exact integers and decimals, no floats, no solver. A value that is not known is None and is never
taken for zero: an identity that has one is open, and open is never counted as held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from verify.feasible import (
    Residual,
    Values,
    fillable,
    infeasible,
    over,
    remainder,
    residual,
    subtract,
)
from verify.figures import Number
from verify.forms import Form, Identity

__all__ = [
    "Checked",
    "Deduction",
    "Residual",
    "Values",
    "check",
    "deduce",
    "residuals",
    "sides",
    "signed_cells",
    "unguarded",
]


@dataclass(frozen=True, slots=True)
class Checked:
    """The identities of a form, by outcome."""

    held: tuple[Identity, ...]
    failed: tuple[Identity, ...]
    open: tuple[Identity, ...]


def sides(identity: Identity, values: Values) -> tuple[Number, Number] | None:
    """Left and right sum of an identity, or None when a cell of it is not known."""
    left: Number = 0
    for name in identity.plus:
        value = values.get(name)
        if value is None:
            return None
        left += value
    right: Number = 0
    for name in identity.minus:
        value = values.get(name)
        if value is None:
            return None
        right += value
    return left, right


def check(identities: Iterable[Identity], values: Values) -> Checked:
    """Sort identities into held, failed and open. Tolerance is zero."""
    held, failed, opened = [], [], []
    for identity in identities:
        both = sides(identity, values)
        if both is None:
            opened.append(identity)
        elif both[0] == both[1]:
            held.append(identity)
        else:
            failed.append(identity)
    return Checked(tuple(held), tuple(failed), tuple(opened))


@dataclass(slots=True)
class Deduction:
    """What follows from the known cells.

    Attributes:
        values: Every value that follows, for cells that were not known.
        proofs: For each of them the ids of the identities that leave exactly this value.
        impossible: Ids of identities that no non-negative figures can satisfy.
    """

    values: dict[str, Number] = field(default_factory=dict)
    proofs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    impossible: dict[str, None] = field(default_factory=dict)


def deduce(identities: Sequence[Identity], values: Values, signed: frozenset[str]) -> Deduction:
    """Derive unknown cells by peeling and by the zero rule, until nothing more follows.

    An identity with one unknown leaves exactly one value for it. Unknown cells that stand on one
    side of an identity, are not negative, and must sum to zero are all zero.

    Each value is right wherever the known cells are. Where they contradict each other the values are
    those of the identities that come first by id, whatever their order here, and ``impossible`` is
    not empty.

    Args:
        identities: The rules that may be used.
        values: Known values; None or absent is unknown.
        signed: Cells that may be negative; the zero rule does not apply to them.
    """
    found = Deduction()
    known: dict[str, Number | None] = dict(values)
    by_id = {i.id: i for i in identities if any(known.get(c) is None for c in i.cells)}
    waiting = [by_id[id] for id in sorted(by_id)]
    progress = True
    while progress and waiting:
        progress = False
        still = []
        for identity in waiting:
            rest, unknown = remainder(identity, known)
            if not unknown:
                if rest != 0:
                    found.impossible[identity.id] = None
                progress = True
                continue
            solved = _solve(identity, rest, unknown, signed, found)
            if solved is None:
                still.append(identity)
                continue
            progress = True
            used = {p for c in identity.cells for p in found.proofs.get(c, ())}
            proof = (*sorted(used), identity.id)
            for name, value in solved.items():
                known[name] = value
                found.values[name] = value
                found.proofs[name] = proof
        waiting = still
    return found


def _solve(
    identity: Identity,
    rest: int,
    unknown: dict[str, int],
    signed: frozenset[str],
    found: Deduction,
) -> dict[str, Number] | None:
    if len(unknown) == 1:
        ((name, sign),) = unknown.items()
        value = sign * rest
        if value < 0 and name not in signed:
            found.impossible[identity.id] = None
            return None
        return {name: value}
    signs = set(unknown.values())
    if len(signs) > 1 or signed & unknown.keys():
        return None
    if rest * next(iter(signs)) < 0:
        found.impossible[identity.id] = None
        return None
    return dict.fromkeys(unknown, 0) if rest == 0 else None


def residuals(
    identities: Sequence[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> list[Residual]:
    """What remains of open identities after the unknown cells are eliminated, where it fails.

    Gaussian elimination over the rationals on the unknown cells finds the combinations without
    unknowns, which must balance exactly, and those whose unknowns, none of them negative, all have
    one sign, which must have a remainder of that sign. Where all of them do, `infeasible` decides:
    the list is empty exactly when non-negative figures for the unknown cells satisfy everything.

    Args:
        identities: The rules to hold together, in any order.
        values: Known values; None or absent is unknown.
        signed: Cells that may be negative.
    """
    by_id = {identity.id: identity for identity in identities}
    rows: list[_Part] = []
    for identity in by_id.values():
        whole, signs = remainder(identity, values)
        if signs:
            rows.append((dict(signs), whole, {identity.id: 1}))
    if not any(rest for _, rest, _ in rows):
        return []  # zeros fill the unknown cells, as where whole tables are missing
    failures: list[Residual] = []
    for unknown, rest, used in _eliminated(rows):
        one_sign = len({coefficient > 0 for coefficient in unknown.values()}) == 1
        if rest and (
            not unknown
            or (one_sign and not signed & unknown.keys()
                and (rest > 0) != (next(iter(unknown.values())) > 0))
        ):  # fmt: skip
            failures.append(residual(used, by_id, values))
    if not failures:
        open_ones = [by_id[id] for _, _, used in rows for id in used]
        proof = infeasible(open_ones, values, signed)
        failures += [proof] if proof else []
    return failures


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
    by_id = {identity.id: identity for identity in identities}
    rows: list[_Part] = []
    exposed: set[str] = set()
    guarded: set[str] = set()
    for identity in by_id.values():
        rest, unknown = remainder(identity, values)
        (exposed if unknown else guarded).update(identity.cells)
        if unknown:
            rows.append((dict(unknown), rest, {identity.id: 1}))
    for unknown_left, _, used in _eliminated(rows):
        if not unknown_left:
            guarded.update(residual(used, by_id, values).cells)
    opened = [by_id[id] for _, _, used in rows for id in used]
    return tuple(
        name
        for name in sorted(exposed - guarded)
        if values.get(name) is not None
        and _may_differ(name, _tied(name, opened, values), values, signed)
    )


def _tied(name: str, identities: Sequence[Identity], values: Values) -> list[Identity]:
    """The identities of a cell and all that share unknown cells with them, near or far."""
    cells = {name}
    left = list(identities)
    found: list[Identity] = []
    while more := [identity for identity in left if not cells.isdisjoint(identity.cells)]:
        found += more
        left = [identity for identity in left if cells.isdisjoint(identity.cells)]
        cells = {c for identity in more for c in identity.cells if values.get(c) is None}
    return found


def _may_differ(
    name: str, identities: Sequence[Identity], values: Values, signed: frozenset[str]
) -> bool:
    """Whether a figure one higher or one lower can hold; if none can, no figure further off can."""
    value = int(values[name] or 0)
    lower = [value - 1] if value > 0 or name in signed else []
    return any(
        fillable(identities, {**values, name: other}, signed) for other in (value + 1, *lower)
    )


_Part = tuple[dict[str, int | Fraction], int | Fraction, dict[str, int | Fraction]]
"""Unknown cells with coefficients, what they must sum to, and the identities combined."""


def _eliminated(rows: Sequence[_Part]) -> list[_Part]:
    """Rows of fewest unknowns first, each used to eliminate one unknown from those after it."""
    pending = [(dict(unknown), rest, dict(used)) for unknown, rest, used in rows]
    done: list[_Part] = []
    while pending:
        pending.sort(key=lambda row: (len(row[0]), sorted(row[2])), reverse=True)
        row = pending.pop()
        done.append(row)
        unknown, rest, used = row
        if not unknown:
            continue
        pivot = min(unknown)
        for i, (other, other_rest, other_used) in enumerate(pending):
            factor = other.get(pivot)
            if factor:
                ratio = over(factor, unknown[pivot])
                subtract(other, unknown, ratio)
                subtract(other_used, used, ratio)
                pending[i] = (other, other_rest - ratio * rest, other_used)
    return done


def signed_cells(form: Form) -> frozenset[str]:
    """The cells of a form that may be negative."""
    return frozenset(name for name, kind in form.kinds.items() if kind == "change")
