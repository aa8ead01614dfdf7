"""Whether figures for unknown cells exist at all, asked of the tableau itself and not of what is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from verify.elimination import Tableau
from verify.feasible import Residual, Values, _irreducible, _ordered, _rows, _stated
from verify.forms import Identity


def fillable(
    identities: Iterable[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> bool:
    """Whether figures for the unknown cells exist that satisfy these identities."""
    return Tableau(_rows(list(identities), values, signed)).satisfiable()


def infeasible(
    identities: Iterable[Identity], values: Values, signed: frozenset[str] = frozenset()
) -> Residual | None:
    """A proof that there are none, which spares no identity; None where there are."""
    opened, closed = _ordered(identities, values)
    ordered = closed + opened
    proof = _irreducible(_rows(ordered, values, signed))
    return None if proof is None else _stated(proof, ordered, values)
