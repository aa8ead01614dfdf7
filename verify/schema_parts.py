"""Parts of the contract's JSON that results and decisions share: places, spans, and a decision itself."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from verify import decisions
from verify.cells import CellPlace as Place
from verify.provenance import Sparse

Offset = Annotated[int, Field(ge=0)]


def forward(span: tuple[int, int]) -> tuple[int, int]:
    """A span, if it does not end before it begins."""
    if span[0] > span[1]:
        raise ValueError(f"span {span!r} ends before it begins")
    return span


Span = Annotated[tuple[Offset, Offset], AfterValidator(forward)]


Ordinal = Annotated[int, Field(ge=1)]
_PLACES = ({"page", "box"}, {"sheet", "cell"}, {"table", "row", "column"}, {"line", "offset"})


class CellPlace(Sparse):
    """Where a cell stands in the original: one of the four ways of `verify.cells.CellPlace`.

    Attributes:
        page: Of a PDF or scan, with ``box``.
        box: x0, y0, x1, y1 in points from the top left of the page as it is shown.
        sheet: Of a workbook, with ``cell``.
        cell: As the workbook names it, ``C7``.
        table: Of a Word document, with ``row`` and ``column``.
        row: In that table.
        column: In that table.
        line: Of a page of HTML, with ``offset``.
        offset: Half-open range of characters of the decoded file.
    """

    page: Ordinal | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cell: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] | None = None
    table: Ordinal | None = None
    row: Ordinal | None = None
    column: Ordinal | None = None
    line: Ordinal | None = None
    offset: Span | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if {name for name, value in self if value is not None} not in _PLACES:
            ways = "; ".join(", ".join(sorted(names)) for names in _PLACES)
            raise ValueError(f"a place has the keys of one kind of document: {ways}")
        return self


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
    place: CellPlace | None = None
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
        given = {key: getattr(self, key) for key in Decision.model_fields if key != "place"}
        place = None if self.place is None else Place.of(self.place.model_dump())
        return decisions.Decision(**given, place=place)

    @classmethod
    def row(cls, decision: decisions.Decision) -> Self:
        """As it crosses the boundary."""
        given = {key: getattr(decision, key) for key in Decision.model_fields if key != "place"}
        place = (
            None if decision.place is None else CellPlace.model_validate(decision.place.as_dict())
        )
        return cls(**given, place=place)


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
