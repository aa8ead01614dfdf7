"""Sums and balances: each identity held, failed or open, and what follows when cells are unknown.

Exact integers and decimals, no floats, no solver. A value that is not known is None and is never
taken for zero: an identity that has one is open, and open is never counted as held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from verify.feasible import Values
from verify.figures import Number
from verify.forms import Form, Identity
from verify.rules.check import rule


@dataclass(frozen=True, slots=True)
class Checked:
    """The identities of a form, by outcome."""

    held: tuple[Identity, ...]
    failed: tuple[Identity, ...]
    open: tuple[Identity, ...]


def sides(identity: Identity, values: Values) -> tuple[Number, Number] | None:
    """Left and right sum of an identity, or None when a cell of it is not known."""
    left = [values.get(name) for name in identity.plus]
    right = [values.get(name) for name in identity.minus]
    if None in left or None in right:
        return None
    return sum(left), sum(right)  # type: ignore[arg-type]  # none is None


@rule("balance", "results", "row", "proceedings", severity="error", codes=("identity_failed",))
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
    figures: dict[str, Number | None] = dict(values)
    by_id = {i.id: i for i in identities if any(figures.get(c) is None for c in i.cells)}
    waiting = [by_id[id] for id in sorted(by_id)]
    progress = True
    while progress and waiting:
        progress = False
        still = []
        for identity in waiting:
            rest, unknown = _remainder(identity, figures)
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
                figures[name] = value
                found.values[name] = value
                found.proofs[name] = proof
        waiting = still
    return found


def _remainder(identity: Identity, figures: Values) -> tuple[int, dict[str, int]]:
    """Right minus left of the known cells, and the sign of each unknown one on the left side."""
    rest = 0
    unknown: dict[str, int] = {}
    for sign, names in ((1, identity.plus), (-1, identity.minus)):
        for name in names:
            value = figures.get(name)
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


def signed_cells(form: Form) -> frozenset[str]:
    """The cells of a form that may be negative."""
    return frozenset(name for name, kind in form.kinds.items() if kind == "change")
