"""Parts of the contract's JSON that results and decisions share: places, spans, and a decision itself."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, model_validator

from verify import decisions
from verify.cells import CellPlace
from verify.provenance import Sparse

Offset = Annotated[int, Field(ge=0)]


def forward(span: tuple[int, int]) -> tuple[int, int]:
    """A span, if it does not end before it begins."""
    if span[0] > span[1]:
        raise ValueError(f"span {span!r} ends before it begins")
    return span


Span = Annotated[tuple[Offset, Offset], AfterValidator(forward)]


_PLACES = ({"page", "box"}, {"sheet", "cell"}, {"table", "row", "column"}, {"line", "offset"})
_SHEET_CELL = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")


def _one_way(place: CellPlace) -> CellPlace:
    """A place, if it has the keys of one kind of document, and counts from 1."""
    if set(place.as_dict()) not in _PLACES:
        ways = "; ".join(", ".join(sorted(names)) for names in _PLACES)
        raise ValueError(f"a place has the keys of one kind of document: {ways}")
    ordinals = (place.page, place.table, place.row, place.column, place.line)
    if any(one is not None and one < 1 for one in ordinals):
        raise ValueError("pages, tables, rows, columns and lines count from 1")
    if place.cell is not None and not _SHEET_CELL.fullmatch(place.cell):
        raise ValueError(f"{place.cell!r} is no cell of a sheet, as C7 is")
    if place.offset is not None and not 0 <= place.offset[0] <= place.offset[1]:
        raise ValueError(f"span {place.offset!r} ends before it begins")
    return place


Place = Annotated[CellPlace, AfterValidator(_one_way), PlainSerializer(CellPlace.as_dict)]
"""Where a cell stands in the original, as JSON has it."""


Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(max_length=2000)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Decision(Sparse):
    """A row of what people decided; `verify.decisions.Decision` says what its keys mean."""

    id: Id
    who: Name
    when: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z$")]
    kind: decisions.Kind
    source: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    scope: decisions.Scope = "place"
    code: Name | None = None
    rule: Name | None = None
    cells: Annotated[tuple[Name, ...], Field(max_length=400)] = ()
    span: Span | None = None
    text: Text | None = None
    place: Place | None = None
    value: (
        Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(?:\.[0-9]{1,10})?$")] | None
    ) = None
    to: Name | None = None
    undoes: Id | None = None
    why: Words = ""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        lacks = {
            "a finding": self.kind in ("harmless", "label", "dismiss", "uphold", "as_printed")
            and self.code is None,
            "one cell and a value": (self.kind == "enter")
            != (self.value is not None and len(self.cells) == 1 and self.code is None),
            "somebody": (self.kind == "hand_on") != (self.to is not None),
            "what it undoes": (self.kind == "undo") != (self.undoes is not None),
            "a reason": self.kind in ("dismiss", "note") and not self.why.strip(),
            "the place alone": self.scope == "words" and self.kind not in decisions.SETTLING,
        }
        for what, missing in lacks.items():
            if missing:
                raise ValueError(f"a decision {self.kind!r} needs {what}")
        return self

    def plain(self) -> decisions.Decision:
        """As the verifier takes it."""
        return decisions.Decision(**{key: getattr(self, key) for key in Decision.model_fields})

    @classmethod
    def row(cls, decision: decisions.Decision) -> Self:
        """As it crosses the boundary."""
        return cls(**{key: getattr(decision, key) for key in Decision.model_fields})


class Before(Sparse):
    """A cell as it was read before a person entered its figure."""

    state: Literal["read", "blank", "missing", "unreadable"]
    text: str | None = None
    span: Span | None = None


class DecisionMade(Decision):
    """A decision that took effect in a result.

    Attributes:
        before: The cell whose figure was entered, as it was read.
    """

    before: Before | None = None
