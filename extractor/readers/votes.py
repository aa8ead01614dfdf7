"""Several samples of one answer: what most of them say, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar

from extractor.readers.assemble import Told
from extractor.readers.excerpt import Excerpt, Part
from extractor.readers.pointers import Pointing

_Said = TypeVar("_Said", bound=Hashable)


def agreed(excerpt: Excerpt, part: Part, pointings: Sequence[Pointing], votes: int) -> Told:
    """What more than half of the samples say; rows without a majority are disputed.

    A sample that was not usable speaks for nothing, and counts.

    Args:
        excerpt: What was shown.
        part: The printed copy in question.
        pointings: The usable samples, in order.
        votes: How many samples were asked for.
    """
    if not pointings:
        return Told(excerpt, part, None)
    if votes == 1:
        return Told(excerpt, part, pointings[0])
    found = Pointing()
    disputed: set[int] = set()
    found.columns = dict(_most([tuple(sorted(p.columns.items())) for p in pointings], votes) or ())
    found.order = _most([p.order for p in pointings], votes) or ()
    for row in sorted(set().union(*(pointing.told for pointing in pointings))):
        said = [(p.rows.get(row), p.cells.get(row), row in p.bare) for p in pointings]
        most = _most(said, votes)
        if most is None:
            disputed.add(row)
            most = next(one for one in said if one != (None, None, False))
        mark, cells, bare = most
        if mark is not None:
            found.rows[row] = mark
        if cells is not None:
            found.cells[row] = cells
        if bare:
            found.bare.add(row)
    return Told(excerpt, part, found, frozenset(disputed))


def _most(said: Sequence[_Said], votes: int) -> _Said | None:
    """What more than half of the votes say, or None."""
    most, count = Counter(said).most_common(1)[0]
    return most if 2 * count > votes else None
