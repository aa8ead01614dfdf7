"""Whether unknown cells can be filled at all: by figures that satisfy every identity, none negative.

Exact, without floats: the first phase of the simplex method with Bland's rule, which always ends.
Where no filling exists it yields the proof (Farkas): a combination of identities that leaves the unknown
cells on one side only and a remainder on the other. The identities of these forms are a network
matrix, so a filling by fractions exists only where one by whole numbers does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from verify.figures import Number
from verify.forms import Identity

__all__ = ["Residual", "Values", "fillable", "infeasible", "remainder", "residual"]

Values = Mapping[str, Number | None]
_Amount = int | Fraction


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


@dataclass(slots=True)
class _Row:
    """Unknown cells with their coefficients, and what they must sum to."""

    unknown: dict[str, _Amount]
    rest: _Amount
    used: dict[str, _Amount]
    basic: str | None = None
    """The unknown cell that this row gives; None while nothing does."""

    def subtract(self, other: _Row, ratio: _Amount) -> None:
        self.rest -= ratio * other.rest
        subtract(self.unknown, other.unknown, ratio)
        subtract(self.used, other.used, ratio)


def subtract(a: dict[str, _Amount], b: Mapping[str, _Amount], ratio: _Amount) -> None:
    """Take ``ratio`` times ``b`` from ``a``; what becomes zero is left out."""
    for key, value in b.items():
        total = a.get(key, 0) - ratio * value
        if total:
            a[key] = total
        else:
            del a[key]


def over(a: _Amount, b: _Amount) -> _Amount:
    """``a / b``, an int where it is one."""
    if b in (1, -1):
        return a * b
    quotient = Fraction(a) / b
    return quotient.numerator if quotient.denominator == 1 else quotient


def remainder(identity: Identity, known: Values) -> tuple[int, dict[str, int]]:
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


def fillable(
    identities: Iterable[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> bool:
    """Whether figures for the unknown cells exist that satisfy these identities.

    `infeasible` without the proof, and several times as fast where there are none.

    Args:
        identities: The rules that must hold together.
        values: Known values; None or absent is unknown.
        signed: Unknown cells that may be negative.
    """
    return _conflict(list(identities), values, signed, proof=False) is None


def infeasible(
    identities: Iterable[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> Residual | None:
    """Prove that no figures for the unknown cells satisfy these identities, or None.

    The order of the identities and repetitions of one never change the answer.

    Args:
        identities: The rules that must hold together; ids tell them apart.
        values: Known values; None or absent is unknown.
        signed: Unknown cells that may be negative.

    Returns:
        An irreducible proof: without any one of its identities the rest could be satisfied. None
        when non-negative whole numbers satisfy them all.
    """
    by_id = {identity.id: identity for identity in identities}
    ordered = [by_id[id] for id in sorted(by_id)]
    if fillable(ordered, values, signed):
        return None
    used = _conflict(ordered, values, signed, proof=True)
    assert used is not None
    for id in sorted(used):
        if len(used) == 1:
            break
        if id in used:
            fewer = [by_id[other] for other in sorted(used) if other != id]
            used = _conflict(fewer, values, signed, proof=True) or used
    return residual(used, by_id, values)


def residual(
    used: Mapping[str, _Amount], by_id: Mapping[str, Identity], values: Values
) -> Residual:
    """State a combination of identities; ``used`` says how often each is counted."""
    scale = lcm(*(ratio.denominator for ratio in used.values()))
    weights = {id: int(used[id] * scale) for id in sorted(used)}
    known: dict[str, int] = {}
    unknown: dict[str, int] = {}
    for id, weight in weights.items():
        for sign, names in ((1, by_id[id].plus), (-1, by_id[id].minus)):
            for name in names:
                part = unknown if values.get(name) is None else known
                part[name] = part.get(name, 0) + sign * weight
    left = sum(int(values[name] or 0) * weight for name, weight in known.items())
    if left > 0:
        weights = {id: -weight for id, weight in weights.items()}
    cells = tuple(name for name, weight in known.items() if weight)
    amount = None if any(unknown.values()) else over(abs(left), scale)
    return Residual(
        tuple(weights), cells, None if amount is None else int(amount), tuple(weights.values())
    )


def _conflict(
    identities: Sequence[Identity], values: Values, signed: frozenset[str], *, proof: bool
) -> dict[str, _Amount] | None:
    """Weights of identities that cannot hold together, or None when all can.

    The weights are left out unless a proof is asked for, and obvious values are filled in first.
    """
    rows = []
    for identity in identities:
        rest, unknown = remainder(identity, values)
        if unknown:
            rows.append(_Row(dict(unknown), rest, {identity.id: 1} if proof else {}))
        elif rest:
            return {identity.id: 1 if rest > 0 else -1}
    if not proof and _peel(rows, signed):
        return {}
    _set_free(rows, signed)
    return _phase_one(rows)


def _peel(rows: list[_Row], signed: frozenset[str]) -> bool:
    """Fill in what single rows force and take those rows out; True when one cannot hold."""
    of: dict[str, list[_Row]] = {}
    for row in rows:
        for name in row.unknown:
            of.setdefault(name, []).append(row)
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        if not row.unknown:
            if row.rest:
                return True
            continue
        if len(row.unknown) == 1:
            ((name, sign),) = row.unknown.items()
            value = over(row.rest, sign)
            if value < 0 and name not in signed:
                return True
            forced = {name: value}
        else:
            directions = {sign > 0 for sign in row.unknown.values()}
            if len(directions) > 1 or not signed.isdisjoint(row.unknown):
                continue
            if row.rest:
                if (row.rest > 0) not in directions:
                    return True
                continue
            forced = dict.fromkeys(row.unknown, 0)
        for name, value in forced.items():
            for other in of[name]:
                other.rest -= other.unknown.pop(name) * value
                waiting.append(other)
    rows[:] = [row for row in rows if row.unknown]
    return False


def _phase_one(rows: list[_Row]) -> dict[str, _Amount] | None:
    """Bring the rests of all rows that give no cell yet to zero, or say why that cannot be."""
    while True:
        open_rows = [row for row in rows if row.basic is None]
        if not any(row.rest for row in open_rows):
            return None
        gain: dict[str, _Amount] = {}
        for row in open_rows:
            subtract(gain, row.unknown, -1)
        entering = min((name for name, rate in gain.items() if rate > 0), default=None)
        if entering is None:
            together: dict[str, _Amount] = {}
            for row in open_rows:
                subtract(together, row.used, -1)
            return together
        _pivot(rows, _leaving(rows, entering), entering)


def _set_free(rows: list[_Row], signed: frozenset[str]) -> None:
    """Solve a row for each cell that may be negative; such a row binds nothing else."""
    for name in sorted({n for row in rows for n in row.unknown if n in signed}):
        row = next((row for row in rows if name in row.unknown), None)
        if row is None:
            continue
        _pivot(rows, row, name)
        rows.remove(row)
    for row in rows:
        if row.rest < 0:
            row.rest = -row.rest
            row.unknown = {n: -c for n, c in row.unknown.items()}
            row.used = {n: -c for n, c in row.used.items()}


def _leaving(rows: list[_Row], entering: str) -> _Row:
    """The row that first stops the entering cell from growing; in a tie the one without a cell."""
    best: _Row | None = None
    least: tuple[_Amount, str] = (0, "")
    for row in rows:
        rate = row.unknown.get(entering, 0)
        if rate > 0:
            bound = (over(row.rest, rate), row.basic or "")
            if best is None or bound < least:
                best, least = row, bound
    assert best is not None  # a cell enters only where an open row holds it
    return best


def _pivot(rows: list[_Row], row: _Row, name: str) -> None:
    scale = row.unknown[name]
    if scale != 1:
        row.unknown = {n: over(c, scale) for n, c in row.unknown.items()}
        row.used = {n: over(c, scale) for n, c in row.used.items()}
        row.rest = over(row.rest, scale)
    row.basic = name
    for other in rows:
        if other is not row and (factor := other.unknown.get(name)):
            other.subtract(row, factor)
