"""Sums and balances: each identity held, failed or open, and what follows when cells are unknown.

Exact integers and decimals, no floats, no solver. A value that is not known is None and is never
taken for zero: an identity that has one is open, and open is never counted as held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from verify.figures import Number
from verify.forms import Form, Identity

Values = Mapping[str, Number | None]


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
        impossible: Identities, by id, that no non-negative figures can satisfy, in order.
    """

    values: dict[str, Number] = field(default_factory=dict)
    proofs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    impossible: dict[str, None] = field(default_factory=dict)


def deduce(identities: Sequence[Identity], values: Values, signed: frozenset[str]) -> Deduction:
    """Derive unknown cells by peeling and by the zero rule, until nothing more follows.

    An identity with one unknown leaves exactly one value for it. Unknown cells that stand on one
    side of an identity, are not negative, and must sum to zero are all zero.

    Args:
        identities: The rules that may be used.
        values: Known values; None or absent is unknown.
        signed: Cells that may be negative; the zero rule does not apply to them.
    """
    found = Deduction()
    known: dict[str, Number | None] = dict(values)
    waiting = [i for i in identities if any(known.get(c) is None for c in i.cells)]
    progress = True
    while progress and waiting:
        progress = False
        still = []
        for identity in waiting:
            rest, unknown = _remainder(identity, known)
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


def _remainder(identity: Identity, known: Values) -> tuple[int, dict[str, int]]:
    """Right minus left of the known cells, and the sign of each unknown one on the left side."""
    rest = 0
    unknown: dict[str, int] = {}
    for sign, names in ((1, identity.plus), (-1, identity.minus)):
        for name in names:
            value = known.get(name)
            if value is None:
                unknown[name] = sign
            else:
                rest -= sign * int(value)
    return rest, unknown


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


@dataclass(frozen=True, slots=True)
class Residual:
    """A combination of identities that no figures for the unknown cells can satisfy.

    Attributes:
        identities: Ids of the identities combined.
        cells: The known cells that are left over in it.
        amount: By how much it misses, or None when only the signs make it impossible.
    """

    identities: tuple[str, ...]
    cells: tuple[str, ...]
    amount: int | None


def residuals(identities: Sequence[Identity], values: Values) -> list[Residual]:
    """What remains of open identities after the unknown cells are eliminated, where it fails.

    Gaussian elimination over the rationals on the unknown cells. A combination without unknowns
    must balance exactly; one whose unknowns, none of them negative, all have one sign must have a
    remainder of that sign.
    """
    if all(values.get(c) is None for identity in identities for c in identity.cells):
        return []  # whole tables are missing: nothing is left to hold them to
    rows: list[tuple[dict[str, Fraction], Fraction, dict[str, Fraction]]] = []
    for identity in identities:
        known, signs = _remainder(identity, values)
        if signs:
            coefficients = {name: Fraction(sign) for name, sign in signs.items()}
            rows.append((coefficients, Fraction(known), {identity.id: Fraction(1)}))
    failures: list[Residual] = []
    by_id = {identity.id: identity for identity in identities}
    pending = rows
    while pending:
        pending.sort(key=lambda row: (len(row[0]), sorted(row[2])), reverse=True)
        unknown_part, rest, used = pending.pop()
        if not unknown_part:
            if rest != 0:
                failures.append(_residual(used, by_id, values, int(abs(rest))))
            continue
        positive = {coefficient > 0 for coefficient in unknown_part.values()}
        if len(positive) == 1 and rest != 0 and (rest > 0) != next(iter(positive)):
            failures.append(_residual(used, by_id, values, None))
        pivot = min(unknown_part)
        scale = unknown_part[pivot]
        for i, (other, other_rest, other_used) in enumerate(pending):
            factor = other.get(pivot)
            if factor is None:
                continue
            ratio = factor / scale
            pending[i] = (
                _combine(other, unknown_part, ratio),
                other_rest - ratio * rest,
                _combine(other_used, used, ratio),
            )
    return failures


def _combine(
    a: dict[str, Fraction], b: dict[str, Fraction], ratio: Fraction
) -> dict[str, Fraction]:
    out = dict(a)
    for key, value in b.items():
        total = out.get(key, Fraction(0)) - ratio * value
        if total:
            out[key] = total
        else:
            out.pop(key, None)
    return out


def _residual(
    used: dict[str, Fraction], by_id: dict[str, Identity], values: Values, amount: int | None
) -> Residual:
    left: dict[str, Fraction] = {}
    for id, ratio in used.items():
        for sign, names in ((1, by_id[id].plus), (-1, by_id[id].minus)):
            for name in names:
                if values.get(name) is not None:
                    left[name] = left.get(name, Fraction(0)) + sign * ratio
    cells = tuple(name for name, weight in left.items() if weight)
    return Residual(tuple(sorted(used)), cells, amount)


def signed_cells(form: Form) -> frozenset[str]:
    """The cells of a form that may be negative."""
    return frozenset(name for name, kind in form.kinds.items() if kind == "change")
