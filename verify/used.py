"""A row of a reading, and what it uses of the source."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.forms import Row
from verify.grounding import Spot


@dataclass(slots=True)
class Used:
    """A row of the reading and the entries that it uses.

    Attributes:
        at: Index of the row in its table.
        row: The row.
        spots: The entries, in order of the source.
        direct: Each cell has one entry of its own, or the reading doubts the whole row.
    """

    at: int
    row: Row
    spots: list[Spot]
    direct: bool


def one_each(
    names: Sequence[str], order: Sequence[int], found: dict[str, list[Spot]]
) -> list[Spot] | None:
    """The entries of a row with one for each cell, in printed order and in one run, as nearly all are.

    None for any other row.
    """
    spots = [
        alone[0] for i in order if (alone := found.get(names[i])) is not None and len(alone) == 1
    ]
    if len(spots) < len(names) or spots[0].segment is not spots[-1].segment:
        return None
    rising = all(a.start < b.start for a, b in itertools.pairwise(spots))
    return spots if rising else None


def distinct(spots: Iterable[Spot]) -> list[Spot]:
    """Entries in order of the source, each once."""
    found = {spot.start: spot for spot in spots}
    return [found[start] for start in sorted(found)]
