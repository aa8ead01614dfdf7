"""Which cells are suspect: all smallest sets of up to three whose change restores every identity.

A set explains when there are integers >= 0 for its cells and for the cells that were not read such
that every identity holds and every other cell keeps its figure. A negative count is wrong for
certain and is in every set. Table 三 and each row of table 四 are searched apart, as no identity ties
them, and for each of them as a whole; see `verify/localise/groups.py` for how the answer is then given in
independent groups. Exact and complete: "not localised" means that more than three cells are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from verify.figures import Number
from verify.forms import Form

if TYPE_CHECKING:  # the search is loaded with the first report in which something fails
    from verify.localise.groups import Group
    from verify.localise.systems import Failure, System

MOST_CELLS = 3

Fault = Literal["source", "reading", "open"]


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
        slips: Structural operations that explain it, or it and all else that fails in its table.
        doubtful: Cells of the sets that were doubtful to read.
        fault: Whose fault it is, as far as evidence goes: the reading's where all cells of one set
            were doubtful to read; open where a remark leaves it unproven that the source is wrong.
    """

    identities: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    needed: tuple[tuple[int | None, ...], ...] = ()
    slips: tuple[Slip, ...] = ()
    doubtful: tuple[str, ...] = ()
    fault: Fault = "source"


def localise(
    form: Form, values: Mapping[str, Number | None], *, doubts: Collection[str] = ()
) -> list[Suspicion]:
    """Explain every identity that fails and every negative count that an identity has.

    Args:
        form: The form of the tables.
        values: The figure of each cell; None or absent for a cell that was not read.
        doubts: Cells that were doubtful to read.

    Returns:
        One suspicion for each connected group of failures, in order of the form; none when all
        holds. `identities` are those that fail, those that cannot hold together whatever the cells
        not read are, and ``bound.CELL`` for a negative count.
    """
    from verify.localise.systems import failures, systems

    found: list[Suspicion] = []
    for system in systems(form):
        figures = system.figures(values)
        failing = failures(system, figures)
        if failing:
            found += _explained(form, system, figures, failing, frozenset(doubts))
    return found


def _explained(
    form: Form,
    system: System,
    figures: Mapping[int, int],
    failing: Sequence[Failure],
    doubts: frozenset[str],
) -> list[Suspicion]:
    from verify.localise.groups import Grouping
    from verify.localise.slips import explaining

    groups = Grouping(system, figures, failing, MOST_CELLS).explain()
    families = [group.sets for group in groups]
    whole = explaining(form, system, figures, failing, families, {})
    found = []
    for group in groups:
        mine = set(group.failures)
        others = [failure for failure in failing if failure not in mine]
        slips = list(whole)
        if others and all(other.negative is None and not other.open for other in others):
            left = {other.identities[0]: other.miss for other in others}
            slips += explaining(form, system, figures, group.failures, [group.sets], left)
        own_slips = tuple(
            Slip(operation.kind, system.names(operation.cells), operation.zh, operation.en)
            for operation in dict.fromkeys(slips)
        )
        found.append(replace(_suspicion(system, group, doubts), slips=own_slips))
    return found


def _suspicion(system: System, group: Group, doubts: frozenset[str]) -> Suspicion:
    failed = {i for f in group.failures if f.negative is None for i in f.identities}
    bounds = {f.negative for f in group.failures if f.negative is not None}
    ids = [system.identities[i].id for i in sorted(failed)]
    ids += [f"bound.{name}" for name in system.names(bounds)]
    doubtful = {cell for cell, name in enumerate(system.cells) if name in doubts}
    ranked = sorted(group.sets, key=lambda cells: (-len(cells & doubtful), sorted(cells)))
    pointed = doubtful.intersection(*[frozenset().union(*ranked)])
    misread = any(cells <= doubtful for cells in ranked)
    return Suspicion(
        tuple(ids),
        tuple(system.names(cells) for cells in ranked),
        tuple(tuple(group.sets[cells][cell] for cell in sorted(cells)) for cells in ranked),
        doubtful=system.names(pointed),
        fault="reading" if misread else "source",
    )
