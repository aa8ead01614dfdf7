"""A reading: where a reader says that each cell stands. Spans, blank, missing; no figures.

This is all that crosses from a reader, builtin or language model, to the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from verify.forms import Form

Span = tuple[int, int]
Where = Literal["span", "blank", "missing", "doubt"]


class Place(NamedTuple):
    """Where one cell stands. A tuple, as there are two hundred in a report.

    Attributes:
        where: ``span``: a figure stands there. ``blank``: the cell is there and empty, or holds a
            mark. ``missing``: the cell is not in the text. ``doubt``: something stands there that
            the reader could not resolve to one figure.
        span: Half-open range of the decoded source; always for ``span``, for ``blank`` only when
            a mark is printed, for ``doubt`` the region in question.
        why: For ``doubt``, a reason code of `verify.codes`.
    """

    where: Where
    span: Span | None = None
    why: str | None = None


BLANK = Place("blank")
MISSING = Place("missing")


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader decided and has to say: a reason code and the cells and span it is about."""

    code: str
    cells: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of one report.

    Attributes:
        form: The form whose tables are printed, or None when no table was found.
        places: One place for each cell of the form; a cell left out is missing.
        repeats: For a table printed again, where each of its cells stands the second time.
        notes: Decisions to be said, by reason code; they never decide a verdict.
        reader: Name of the reader.
    """

    form: Form | None
    places: Mapping[str, Place] = field(default_factory=dict)
    repeats: tuple[Mapping[str, Place], ...] = ()
    notes: tuple[Note, ...] = ()
    reader: str = ""

    def place(self, cell: str) -> Place:
        """Where a cell stands; missing when the reader says nothing."""
        return self.places.get(cell, MISSING)
