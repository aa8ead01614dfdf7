"""How many identities of a form are independent, and which follow from which others.

An identity that follows from others is no fault: it notices nothing that they do not, but it tells
where. Exact integers throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from textwrap import wrap

from verify.forms import Form, Identity, every_form


@dataclass(frozen=True, slots=True)
class Dependency:
    """Identities of which each follows from the others."""

    follows: str  # the last of them in the order of the form
    # the others, each with the whole number by which it is taken
    weights: tuple[tuple[str, int], ...]
    times: int = 1  # by how much ``follows`` is taken; 1 unless a fraction would be needed


@dataclass(frozen=True, slots=True)
class Lint:
    """The identities of one table."""

    table: str  # id of the table
    identities: int  # how many there are
    rank: int  # how many are independent
    redundant: tuple[Dependency, ...]  # one dependency for each of the others


def lint(form: Form) -> tuple[Lint, ...]:
    """The rank of each table's identities; a table without identities has rank 0."""
    return tuple(_lint(table.id, _of(form, table.id)) for table in form.tables)


def _of(form: Form, table: str) -> list[Identity]:
    return [rule for rule in form.identities if rule.cells[0].startswith(f"{table}.")]


Vector = dict[str, int]


def _lint(table: str, identities: Sequence[Identity]) -> Lint:
    reduced: list[tuple[str, Vector, Vector]] = []  # pivot, what is left, made of which identities
    redundant: list[Vector] = []
    for identity in identities:
        left: Vector = {}
        for sign, names in ((1, identity.plus), (-1, identity.minus)):
            for name in names:
                left[name] = left.get(name, 0) + sign
        made: Vector = {identity.id: 1}
        for pivot, row, origin in reduced:
            if left.get(pivot):
                a, b = row[pivot], left[pivot]
                left, made = _less(left, row, a, b), _less(made, origin, a, b)
        divisor = gcd(*left.values(), *made.values())
        left = {name: weight // divisor for name, weight in left.items()}
        made = {id: weight // divisor for id, weight in made.items()}
        if left:
            reduced.append((min(left), left, made))
        else:
            redundant.append(_shortest(made, redundant))
    order = [identity.id for identity in identities]
    dependencies = tuple(_dependency(order, made) for made in redundant)
    return Lint(table, len(identities), len(reduced), dependencies)


def _shortest(made: Vector, others: Sequence[Vector]) -> Vector:
    """A dependency with another one added or taken away where that leaves fewer identities."""
    for other in others:
        for sign in (1, -1):
            found = _less(made, other, 1, sign)
            if len(found) < len(made):
                made = found
    return made


def _less(one: Vector, other: Vector, a: int, b: int) -> Vector:
    """``a * one - b * other`` without what vanishes."""
    names = [*one, *(name for name in other if name not in one)]
    found = {name: a * one.get(name, 0) - b * other.get(name, 0) for name in names}
    return {name: weight for name, weight in found.items() if weight}


def _dependency(order: Sequence[str], made: Vector) -> Dependency:
    follows = max(made, key=order.index)
    sign = -1 if made[follows] > 0 else 1
    ids = sorted(made.keys() - {follows}, key=order.index)
    weights = tuple((id, sign * made[id]) for id in ids)
    return Dependency(follows, weights, abs(made[follows]))


def report(forms: Sequence[Form] | None = None) -> Iterator[str]:
    """The lint of forms, the official ones when None: a line for each table and each redundant identity."""
    for form in every_form() if forms is None else forms:
        yield f"form {form.variant}: {len(form.cells)} cells, {len(form.identities)} identities"
        for found in lint(form):
            redundant = found.identities - found.rank
            yield (
                f"  {found.table:<12}{found.identities:>3} identities, rank {found.rank},"
                f" {redundant} redundant"
            )
            for dependency in found.redundant:
                yield from _in_words(dependency)


def _in_words(dependency: Dependency) -> Iterator[str]:
    times = "" if dependency.times == 1 else f"{dependency.times} "
    terms = [
        f"{'+' if weight > 0 else '-'} {'' if abs(weight) == 1 else f'{abs(weight)} '}{id}"
        for id, weight in sorted(dependency.weights, key=lambda term: term[1] < 0)
    ]
    text = f"{times}{dependency.follows} follows from {' '.join(terms)}"
    yield from wrap(text, 100, initial_indent="    ", subsequent_indent="      ")
