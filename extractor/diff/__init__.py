"""Two stores, or two runs of one, against each other: verdicts and cells that changed.

::

    with Store.open("before.db") as old, Store.open("after.db") as new:
        difference = diff(old, new)
        for change in difference:
            print(change.name, change.kind, [cell.cell for cell in change.cells])
        print(difference.totals().newly_lost)
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.diff.compare import compare_results
from extractor.diff.matching import At, Pair, pairs
from extractor.diff.records import NO_RESULT, CellChange, CellSide, Change, Kind, Totals
from verify.verdicts import GOOD

if TYPE_CHECKING:
    from extractor.batch.records import Maker, Run
    from extractor.batch.store import Store

__all__ = ["CellChange", "CellSide", "Change", "Difference", "Totals", "diff"]

_OLDER = '{"schema_version":"1",'
"""How a store has a result of version 1."""


@dataclass(slots=True)
class Difference:
    """What differs between two sides. Each loop over it reads both stores anew, streaming."""

    old: At  # one side
    new: At  # the other
    # paths to which it is confined, files or directories; all when empty
    only: tuple[str, ...] = ()
    _totals: Totals | None = None
    _makers: tuple[Counter[int], Counter[int]] = field(
        default_factory=lambda: (Counter(), Counter())
    )

    def __iter__(self) -> Iterator[Change]:
        """The reports that are not what they were.

        Raises:
            StoreError: A store cannot be read.
        """
        totals, makers = Totals(), (Counter[int](), Counter[int]())
        for pair in pairs(self.old, self.new, lambda paths: _wanted(paths, self.only)):
            sides = ((pair.old, pair.old_again), (pair.new, pair.new_again))
            for (side, again), counts in zip(sides, makers, strict=True):
                if side is not None and side.maker is not None and not again:
                    counts[side.maker] += 1
            change = _change(self, pair, totals)
            if change is not None:
                totals.add(change)
                yield change
        self._totals, self._makers = totals, makers

    def totals(self) -> Totals:
        """All of it in numbers; reads the stores unless a loop over it has ended."""
        if self._totals is None:
            for _ in self:
                pass
        assert self._totals is not None, "a whole loop leaves them"
        return self._totals

    def makers(self) -> tuple[list[tuple[Maker, int]], list[tuple[Maker, int]]]:
        """Who made the results of either side, with how many each, most first."""
        self.totals()
        found = []
        for at, counts in zip((self.old, self.new), self._makers, strict=True):
            known = at.store.makers()
            found.append([(known[number], count) for number, count in counts.most_common()])
        return found[0], found[1]

    def run(self, at: At) -> Run | None:
        """The run at whose end a side is taken: the latest where none was named."""
        if at.run is not None:
            return at.store.run(at.run)
        runs = at.store.runs()
        return runs[-1] if runs else None


def diff(
    old: Store,
    new: Store,
    *,
    old_run: int | None = None,
    new_run: int | None = None,
    only: Collection[str] = (),
) -> Difference:
    """Compare two stores, or two runs of one.

    Args:
        old: What was.
        new: What is; may be the same store when runs are named.
        old_run: The old side is taken as it was at the end of this run; None for now.
        new_run: The same for the new side.
        only: Paths, files or directories, to which the comparison is confined.

    Raises:
        UsageError: There is no such run.
    """
    for store, run in ((old, old_run), (new, new_run)):
        if run is not None:
            store.run(run)
    return Difference(At(old, old_run), At(new, new_run), tuple(only))


def _wanted(paths: Sequence[str], only: Sequence[str]) -> bool:
    if not only:
        return True
    return any(
        _under(os.path.normpath(path), os.path.normpath(one)) for path in paths for one in only
    )


def _under(path: str, folder: str) -> bool:
    """Whether a path is this one, or stands below it; the working directory has all relative ones."""
    if folder == os.curdir:
        return not os.path.isabs(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _change(difference: Difference, pair: Pair, totals: Totals) -> Change | None:
    """What changed, None where nothing did; what needs no comparing is counted."""
    old, new = pair.old, pair.new
    totals.old += old is not None and not pair.old_again
    totals.new += new is not None and not pair.new_again
    totals.guarded += old is not None and old.verdict in GOOD and not pair.old_again
    totals.again += pair.old_again or pair.new_again
    failed = new is not None and new.result is not None and new.problem is not None
    totals.not_redone += failed and not pair.new_again
    kind: Kind = "changed" if pair.same_text else "text_changed"
    if old is None or new is None:
        return Change("new" if old is None else "gone", pair.paths, old, new)
    totals.matched += 1
    totals.verdicts[old.verdict or NO_RESULT, new.verdict or NO_RESULT] += 1
    if old.result is None and new.result is None:
        totals.failing += 1
        return None
    if old.result is None:
        return Change("failed_before", pair.paths, old, new)
    if new.result is None:
        return Change("now_failing", pair.paths, old, new)
    if pair.same_text and old.result_sha256 == new.result_sha256:
        totals.unchanged += 1
        return None
    before = difference.old.store.result_json(old.result)
    after = difference.new.store.result_json(new.result)
    both = (("old", before), ("new", after))
    totals.older.update(side for side, json in both if json.startswith(_OLDER))
    cells, other = compare_results(before, after, same_text=pair.same_text)
    if pair.same_text and not cells and not other and old.verdict == new.verdict:
        totals.unchanged += 1
        return None
    return Change(kind, pair.paths, old, new, cells, other)
