"""A row of a reading, and what it uses of the source."""

from __future__ import annotations

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
