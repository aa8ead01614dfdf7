"""All smallest sets of known cells that, made free, let a system of identities hold.

Branch and pivot. An equation that fails proves that one of the cells that could mend it is in every
set: a cell whose rise would, or one that is not 0 yet and whose fall would. The same holds for the
proof that free cells cannot all be >= 0. Each of these cells is made free in turn and the rest is
searched the same way, by size, so that every smallest set is met. Equations that fail and share no such
cell need a cell each, which ends hopeless branches at once; each last cell that does not do leaves a
proof, which rules out others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from verify.elimination import Row, Tableau

Cells = frozenset[int]


def smallest(root: Tableau, fixed: Iterable[int], most: int) -> list[Cells]:
    """Every smallest set of up to `most` further cells that makes `root` satisfiable.

    Args:
        root: The system, with the cells free that are free in any case.
        fixed: Cells that may not be in a set though they are known.
        most: Size up to which is searched.

    Returns:
        The sets in no particular order; one empty set when nothing is needed, none when more than
        `most` cells are.
    """
    search = _Search(root.figures, frozenset(fixed))
    for size in range(most + 1):
        search.seen.clear()
        search.run(root, size, frozenset())
        if search.found:
            break
    return list(search.found)


class _Search:
    def __init__(self, figures: Mapping[int, int], fixed: Cells) -> None:
        self.figures = figures
        self.fixed = fixed
        self.found: set[Cells] = set()
        self.seen: set[Cells] = set()

    def run(self, tableau: Tableau, left: int, chosen: Cells) -> None:
        """Find every set of `left` more cells beside those chosen; `tableau` is the callee's."""
        violated = [row for row in tableau.checks if row.miss]
        if not violated and tableau.settle() is None:
            if left == 0:
                self.found.add(chosen)
            return
        if left == 0:
            return
        loose = tableau.loose
        negative = [row for row in tableau.basics.values() if _hopeless(row, loose)]
        taken = loose | tableau.basics.keys()
        menders = [self._menders(row, taken) for row in (*violated, *negative)]
        if not _enough(menders, left):
            return
        if left == 1:
            self._last(tableau, set.intersection(*menders), taken, chosen)
            return
        narrowest = min(menders, key=len)
        for cell in sorted(narrowest):
            after = chosen | {cell}
            if after in self.seen:
                continue
            self.seen.add(after)
            self.run(tableau.freed((cell,)), left - 1, after)

    def _menders(self, row: Row, taken: set[int]) -> set[int]:
        """The known cells that could mend an equation by changing."""
        figures = self.figures
        sign_of_miss = 1 if row.miss > 0 else -1
        return {
            cell
            for cell, sign in row.terms.items()
            if (sign != sign_of_miss or figures.get(cell, 0) > 0)
            and cell not in taken
            and cell not in self.fixed
        }

    def _last(self, tableau: Tableau, common: set[int], taken: set[int], chosen: Cells) -> None:
        """Try each cell that may be the last one.

        One that does not help leaves a proof of that, which holds of every other cell that could not
        mend it either.
        """
        for row in tableau.checks:
            if not row.miss:
                common -= row.terms.keys()  # what holds leaves no other figure
        while common:
            cell = common.pop()
            tried = tableau.freed((cell,))
            proof = next((row for row in tried.checks if row.miss), None) or tried.settle()
            if proof is None:
                self.found.add(chosen | {cell})
            else:
                common &= self._menders(proof, taken)


def _hopeless(row: Row, loose: set[int]) -> bool:
    """Whether a basic cell is negative and no loose cell can raise it."""
    return row.miss > 0 and all(row.terms.get(cell, 0) >= 0 for cell in loose)


def _enough(menders: Iterable[set[int]], left: int) -> bool:
    """Whether `left` cells could be enough: equations that share no mender need one each."""
    used: set[int] = set()
    for cells in sorted(menders, key=len):
        if used.isdisjoint(cells):
            left -= 1
            used |= cells
            if left < 0 or not cells:
                return False
    return True
