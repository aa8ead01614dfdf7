"""Exact linear algebra over identities: some cells free, the rest known, can everything hold?

The identities of one table are a system of equations. Its cells are *known* (they have a figure) or
*free* (not read, or supposed to be wrong) and then any integer >= 0. Free cells are pivoted out,
one equation each; an equation that has none left must hold as it stands. What is left open is whether
the free cells can all be >= 0, which is the first phase of the simplex method with Bland's rule, which
always ends. Where they cannot, it leaves the proof (Farkas): a combination of the equations.

Everything is an int. The identities of a table are totally unimodular (a test proves it), so every
coefficient that elimination makes is -1, 0 or 1, and where fractions would do, integers do. A pivot
that is neither 1 nor -1 is refused, not rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

_NOT_SAID: Mapping[int, int] = MappingProxyType({})


class Row(NamedTuple):
    """An equation: the sum of coefficient times figure is 0.

    Attributes:
        terms: Coefficient by cell.
        miss: The sum over its known cells alone.
        used: How often each of the first equations is in it, by its number; empty where nobody asks.
    """

    terms: Mapping[int, int]
    miss: int
    used: Mapping[int, int] = _NOT_SAID

    def cannot_hold(self) -> bool:
        """Whether no figures >= 0 for its cells, all of them free, make up for the miss."""
        return self.miss != 0 and all(sign * self.miss > 0 for sign in self.terms.values())


class Tableau:
    """A system in solved form, or on its way there.

    Known cells may be among the terms, so that they can be made free later (`build`, `release`); or
    the terms are of free cells only (`solve`, `satisfiable`).

    Attributes:
        checks: Equations that give no cell.
        basics: For a free cell the equation that gives it in terms of the others.
        loose: Free cells that no equation was spent on; they stand at 0.
        figures: The figure of every known cell among the terms.
    """

    __slots__ = ("basics", "checks", "figures", "loose")

    def __init__(self, checks: Iterable[Row], figures: Mapping[int, int] | None = None) -> None:
        self.checks = list(checks)
        self.basics: dict[int, Row] = {}
        self.loose: set[int] = set()
        self.figures = figures or {}

    def copy(self) -> Tableau:
        """A tableau that can be changed on its own; rows are shared, they never change."""
        made = Tableau(self.checks, self.figures)
        made.basics = self.basics.copy()
        made.loose = self.loose.copy()
        return made

    def freed(self, cells: Iterable[int]) -> Tableau:
        """A copy in which these cells are free too."""
        made = self.copy()
        for cell in cells:
            made.release(cell)
        return made

    def release(self, cell: int) -> None:
        """Make a known cell free."""
        entered = [i for i, row in enumerate(self.checks) if cell in row.terms]
        best = min(entered, key=lambda i: len(self.checks[i].terms), default=None)
        figure = self.figures.get(cell, 0)
        if best is not None:
            self._spend(self.checks.pop(best), cell)
            if figure:
                self.basics[cell] = _moved(self.basics[cell], -figure)
            return
        self.loose.add(cell)
        if figure:
            for name, row in self.basics.items():
                if sign := row.terms.get(cell):
                    self.basics[name] = _moved(row, -sign * figure)

    def solve(self) -> Iterator[Row]:
        """Spend every equation on a cell, those of fewest cells first, and yield each as it then is.

        All terms must be of free cells. Where no equation that is yielded `cannot_hold`, `settle`
        decides; it may also be asked in between. To the end, `checks` are the combinations that
        have no cell.
        """
        done = []
        while self.checks:
            fewest = min([len(row.terms) for row in self.checks])
            among = [i for i, row in enumerate(self.checks) if len(row.terms) == fewest]
            if len(among) > 1:
                among.sort(key=lambda i: sorted(self.checks[i].used))
            row = self.checks.pop(among[0])
            if row.terms:
                cell = min(row.terms)
                self._spend(row, cell)
                self.loose |= row.terms.keys() - {cell}
                self.loose.discard(cell)
            else:
                done.append(row)
            yield row
        self.checks = done

    def settle(self) -> Row | None:
        """Bring every free cell to 0 or more; None when that can be, else the proof that it cannot.

        The proof is an equation with a positive miss in which no free cell has a negative
        coefficient. Equations without a free cell are not looked at.
        """
        while True:
            wrong = [cell for cell, row in self.basics.items() if row.miss > 0]
            if not wrong:
                return None
            leaving = min(wrong)
            row = self.basics[leaving]
            entering = min((c for c in self.loose if row.terms.get(c, 0) < 0), default=None)
            if entering is None:
                return row
            self._spend(self.basics.pop(leaving), entering)  # so that the former is 0
            self.loose.remove(entering)
            self.loose.add(leaving)

    def satisfiable(self) -> bool:
        """Whether figures >= 0 for its cells, all of them free, make every equation hold."""
        if not any(row.miss for row in self.checks):
            return True  # zeros do, as where whole tables are missing
        return not any(row.cannot_hold() for row in self.solve()) and self.settle() is None

    def only(self, cell: int) -> int | None:
        """The one figure that a free cell of a settled, consistent tableau can have, if it is one."""
        row = self.basics.get(cell)
        if row is None:
            figure, slope = 0, {cell: -1}
        else:
            figure = -row.miss
            slope = {c: row.terms[c] for c in self.loose if c in row.terms}
        if not slope:
            return figure
        beyond = 1 + max(self.figures, default=0) + max(self.basics, default=0) + max(self.loose)
        for direction in (1, -1):
            tried = self.copy()  # could the cell be at least one more, or at least one less?
            terms = {c: direction * sign for c, sign in slope.items()}
            terms[beyond] = 1
            tried.basics[beyond] = Row(terms, 1)
            if tried.settle() is None:
                return None
        return figure

    def moved(self, slopes: Mapping[int, int], step: int) -> Tableau:
        """A copy in which known cells have other figures.

        Args:
            slopes: For basic cells by how much a step of the known ones changes what their equation
                misses by.
            step: How many steps.
        """
        made = self.copy()
        for cell, slope in slopes.items():
            made.basics[cell] = _moved(made.basics[cell], slope * step)
        return made

    def _spend(self, row: Row, cell: int) -> None:
        """Let an equation that was taken out give a cell, and take the cell out of all others."""
        pivot = _scaled(row, row.terms[cell])
        for i, other in enumerate(self.checks):
            if sign := other.terms.get(cell):
                self.checks[i] = _minus(other, sign, pivot)
        for name, other in self.basics.items():
            if sign := other.terms.get(cell):
                self.basics[name] = _minus(other, sign, pivot)
        self.basics[cell] = pivot


def build(
    equations: Mapping[int, Mapping[int, int]],
    figures: Mapping[int, int],
    free: Iterable[int],
    held: Mapping[int, int] | None = None,
) -> Tableau:
    """The solved form of a system in which exactly the cells of `free` are not known.

    Args:
        equations: By their numbers the coefficient of each cell.
        figures: The figure of every known cell, and of free ones that had one.
        free: Cells to free, in this order.
        held: Equations that are taken as held though they miss by this much.
    """
    held = held or {}
    checks = []
    for number, terms in equations.items():
        miss = sum([sign * figures.get(cell, 0) for cell, sign in terms.items()])
        checks.append(Row(terms, miss - held.get(number, 0)))
    made = Tableau(checks, figures)
    for cell in free:
        made.release(cell)
    return made


def _moved(row: Row, by: int) -> Row:
    return Row(row.terms, row.miss + by, row.used)


def _scaled(row: Row, pivot: int) -> Row:
    if pivot == 1:
        return row
    if pivot != -1:
        raise ArithmeticError(f"a pivot is {pivot!r}: the identities are not totally unimodular")
    terms = {cell: -sign for cell, sign in row.terms.items()}
    return Row(terms, -row.miss, {number: -times for number, times in row.used.items()})


def _minus(row: Row, times: int, other: Row) -> Row:
    """``row - times * other``."""
    used = _less(row.used, times, other.used) if other.used else row.used
    return Row(_less(row.terms, times, other.terms), row.miss - times * other.miss, used)


def _less(a: Mapping[int, int], times: int, b: Mapping[int, int]) -> dict[int, int]:
    left = dict(a)
    for key, value in b.items():
        total = left.get(key, 0) - times * value
        if total:
            left[key] = total
        else:
            left.pop(key, None)
    return left
