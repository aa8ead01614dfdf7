"""Exact linear algebra over identities: some cells free, the rest known, can everything hold?

The identities of one table are a system of equations. Its cells are *known* (they have a figure) or
*free* (not read, or supposed to be wrong) and then any integer >= 0. Free cells are pivoted out,
one equation each; an equation that has none left must hold as it stands. What is left open is whether
the free cells can all be >= 0, which is the first phase of the simplex method with Bland's rule.

Everything is an int. The identities of a table are totally unimodular (a test proves it), so every
coefficient that elimination makes is -1, 0 or 1, and where fractions would do, integers do. A pivot
that is neither 1 nor -1 is refused, not rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

Equation = Mapping[int, int]


class Row(NamedTuple):
    """An equation: the sum of coefficient times figure is 0.

    Attributes:
        terms: Coefficient by cell; a key below 0 is the mark of an identity that went into it.
        miss: The sum over its known cells alone.
    """

    terms: dict[int, int]
    miss: int


class Tableau:
    """A system in solved form.

    Attributes:
        checks: Equations without a free cell.
        basics: For a free cell the equation that gives it in terms of the others.
        loose: Free cells that no equation was spent on; they stand at 0.
        figures: The figure of every known cell.
    """

    __slots__ = ("basics", "checks", "figures", "loose")

    def __init__(
        self, checks: list[Row], basics: dict[int, Row], loose: set[int], figures: Mapping[int, int]
    ) -> None:
        self.checks = checks
        self.basics = basics
        self.loose = loose
        self.figures = figures

    def copy(self) -> Tableau:
        """A tableau that can be changed on its own; rows are shared, they never change."""
        return Tableau(self.checks.copy(), self.basics.copy(), self.loose.copy(), self.figures)

    def freed(self, cells: Iterable[int]) -> Tableau:
        """A copy in which these cells are free too."""
        made = self.copy()
        for cell in cells:
            made.release(cell)
        return made

    def release(self, cell: int) -> None:
        """Make a known cell free."""
        best = None
        for i, row in enumerate(self.checks):
            if cell in row.terms and (
                best is None or len(row.terms) < len(self.checks[best].terms)
            ):
                best = i
        figure = self.figures.get(cell, 0)
        if best is None:
            self.loose.add(cell)
            if figure:
                for name, (terms, miss) in self.basics.items():
                    if sign := terms.get(cell):
                        self.basics[name] = Row(terms, miss - sign * figure)
            return
        chosen = self.checks.pop(best)
        pivot = _scaled(chosen, chosen.terms[cell])
        for i, row in enumerate(self.checks):
            if sign := row.terms.get(cell):
                self.checks[i] = _minus(row, sign, pivot)
        for name, row in self.basics.items():
            if sign := row.terms.get(cell):
                self.basics[name] = _minus(row, sign, pivot)
        self.basics[cell] = Row(pivot.terms, pivot.miss - figure)

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
            del self.basics[leaving]
            pivot = _scaled(row, row.terms[entering])
            for name, other in self.basics.items():
                if sign := other.terms.get(entering):
                    self.basics[name] = _minus(other, sign, pivot)
            self.basics[entering] = pivot
            self.loose.remove(entering)
            self.loose.add(leaving)

    def violated(self) -> Iterator[Row]:
        """Equations without a free cell that do not hold."""
        return (row for row in self.checks if row.miss)

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


def build(
    equations: Mapping[int, Equation], figures: Mapping[int, int], free: Iterable[int],
    held: Mapping[int, int] | None = None,
) -> Tableau:  # fmt: skip
    """The solved form of a system in which exactly the cells of `free` are not known.

    Args:
        equations: By their numbers the coefficient of each cell; keys below 0 are carried along.
        figures: The figure of every known cell, and of free ones that had one.
        free: Cells to free, in this order.
        held: Equations that are taken as held though they miss by this much.
    """
    held = held or {}
    checks = []
    for number, terms in equations.items():
        miss = sum([sign * figures.get(cell, 0) for cell, sign in terms.items()])
        checks.append(Row(dict(terms), miss - held.get(number, 0)))
    made = Tableau(checks, {}, set(), figures)
    for cell in free:
        made.release(cell)
    return made


def _scaled(row: Row, pivot: int) -> Row:
    if pivot == 1:
        return row
    if pivot != -1:
        raise ArithmeticError(f"a pivot is {pivot!r}: the identities are not totally unimodular")
    return Row({cell: -sign for cell, sign in row.terms.items()}, -row.miss)


def _minus(row: Row, times: int, other: Row) -> Row:
    """``row - times * other``."""
    terms = row.terms.copy()
    for cell, sign in other.terms.items():
        total = terms.get(cell, 0) - times * sign
        if total:
            terms[cell] = total
        else:
            terms.pop(cell, None)
    return Row(terms, row.miss - times * other.miss)
