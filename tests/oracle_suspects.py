"""An oracle for localisation: CP-SAT on the identities, nothing shared with the search but the form.

A boolean for each known cell says that it may change; the solver minimises how many do and every
smallest support is then listed by forbidding those found. CP-SAT searches a bounded box, so the box
must hold a solution whenever there is one: see `_bound`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod

from ortools.sat.python import cp_model

from verify.arithmetic import sides
from verify.feasible import Values
from verify.forms import Form, Identity
from verify.localise import Suspicion, localise

MOST = 3


def parts(form: Form) -> list[list[Identity]]:
    """The identities of table 三, and of each row of table 四."""
    three = [i for i in form.identities if i.plus[0].startswith("requests.")]
    return [three, *([i] for i in form.identities if i not in three)]


def _bound(figures: Iterable[int]) -> int:
    """A bound that every minimal solution keeps to.

    The matrix is totally unimodular, so a vertex of the solutions has free figures that are each a
    sum of known ones with coefficients -1, 0 and 1: no more than the sum of all of them.
    """
    return sum(abs(figure) for figure in figures) + 1


def smallest_supports(
    identities: list[Identity], values: Values, most: int, held: Mapping[str, int] | None = None
) -> tuple[int | None, set[frozenset[str]]]:
    """The least number of known cells that must change, and every set of so many that can.

    Args:
        identities: The rules.
        values: The figures; None where there is none.
        most: Size up to which is searched.
        held: Identities, by id, that are to go on missing by this much.

    Returns:
        The number and the sets; None and no set when more than `most` cells must change.
    """
    cells = sorted({name for identity in identities for name in identity.cells})
    known = {name: int(value) for name in cells if (value := values.get(name)) is not None}
    held = held or {}
    model = cp_model.CpModel()
    bound = _bound([*known.values(), *held.values()])
    figure = {name: model.new_int_var(0, bound, name) for name in cells}
    changed = {name: model.new_bool_var(f"changed {name}") for name in known}
    for identity in identities:
        model.add(
            sum(figure[name] for name in identity.plus)
            == sum(figure[name] for name in identity.minus) + held.get(identity.id, 0)
        )
    for name, value in known.items():
        if value < 0:
            model.add(changed[name] == 1)
        else:
            model.add(figure[name] == value).only_enforce_if(~changed[name])
    total = sum(changed.values())
    model.add(total <= most)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    model.minimize(total)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None, set()
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    size = round(solver.objective_value)
    model.clear_objective()  # type: ignore[no-untyped-call]
    model.add(total == size)
    found: set[frozenset[str]] = set()
    while True:
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return size, found
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), solver.status_name(status)
        support = frozenset(name for name in known if solver.boolean_value(changed[name]))
        found.add(support)
        model.add_bool_or([~changed[name] for name in support])


def disagreement(form: Form, values: Values) -> str | None:
    """Where localisation and the oracle differ on a report, or None."""
    found = localise(form, values)
    told = 0
    for part in parts(form):
        cells = {name for identity in part for name in identity.cells}
        ids = {i.id for i in part} | {f"bound.{name}" for name in cells}
        mine = [suspicion for suspicion in found if ids.issuperset(suspicion.identities)]
        told += len(mine)
        size, supports = smallest_supports(part, values, MOST)
        if size is None:
            problem = _parts_of_too_many(part, values, mine)
        elif size == 0:
            problem = "suspicions where nothing fails" if mine else None
        elif not mine:
            problem = "nothing is said"
        else:
            count = prod(len(suspicion.sets) for suspicion in mine)
            combined = {
                frozenset(name for cells in choice for name in cells)
                for choice in product(*(suspicion.sets for suspicion in mine))
            }
            same = combined == supports and count == len(supports)
            problem = None if same else f"{sorted(map(sorted, combined ^ supports))[:3]!r}"
        if problem:
            return f"{part[0].id}: smallest is {size!r}, {problem}"
    return None if told == len(found) else "a suspicion is of no part"


def _parts_of_too_many(part: list[Identity], values: Values, mine: list[Suspicion]) -> str | None:
    """More than three cells are needed: at least one group says so, and the others are right."""
    localised = [suspicion for suspicion in mine if suspicion.sets]
    if len(localised) == len(mine) and sum(len(s.sets[0]) for s in mine) <= MOST:
        return "localised all the same"
    known = all(values.get(name) is not None for i in part for name in i.cells)
    if not known or any(id.startswith("bound.") for s in mine for id in s.identities):
        return None  # what the other groups count as is then not a plain miss
    misses = {}
    for identity in part:
        both = sides(identity, values)
        assert both is not None
        misses[identity.id] = int(both[0] - both[1])
    for suspicion in mine:
        held = {id: m for id, m in misses.items() if m and id not in suspicion.identities}
        _, supports = smallest_supports(part, values, MOST, held)
        if supports != set(map(frozenset, suspicion.sets)):
            return f"group {suspicion.identities!r} has other sets alone"
    return None
