"""A cell of a verified report: its figure, how it was found, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from verify.figures import Number
from verify.reading import Span

UnreadName = Literal["blank", "missing", "unreadable"]
StateName = Literal["read", "deduced", "entered"] | UnreadName
WITH_FIGURE: tuple[StateName, ...] = ("read", "deduced", "entered")
"""States of cells that have a value, unless the whole report is rejected."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell stands in the original: one of four ways, by the kind of document.

    Pages, rows, columns and lines count from 1.

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

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cell: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    offset: Span | None = None

    @classmethod
    def of(cls, keys: Mapping[str, Any]) -> CellPlace:
        """The place of the keys that `as_dict` gives.

        Raises:
            TypeError: A key that no place has, or a value that is none.
        """
        keys = {
            name: tuple(value) if isinstance(value, list) else value for name, value in keys.items()
        }
        return cls(**keys)

    def as_dict(self) -> dict[str, object]:
        """The keys that say something, in this order."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.box is not None:
            given["box"] = tuple(map(float, self.box))
        return {name: value for name, value in given.items() if value is not None}


@dataclass(slots=True)
class CellValue:
    """One cell of a verified report.

    Attributes:
        value: Figure (count: int, money: Decimal in 万元), or None.
        state: How it was found.
        text: What stands in the source.
        span: Where.
        was: For a deduced cell its state before.
        proof: For a derived value the identities that leave exactly this one.
        derived: The value that follows, when the report is not completed.
        remark: Words beside the figure that are no unit.
        place: Where it stands in the original, where there is one beside the text.
        tentative: In a rejected report what was tried as its figure; then ``value`` is None.
    """

    value: Number | None
    state: StateName
    text: str | None = None
    span: Span | None = None
    was: UnreadName | None = None
    proof: tuple[str, ...] = ()
    derived: Number | None = None
    remark: str | None = None
    place: CellPlace | None = None
    tentative: Number | None = None


def withheld(cell: CellValue) -> CellValue:
    """A cell as it stands in a rejected report: no figure is its value, what was tried stands beside."""
    return replace(cell, value=None, tentative=cell.value)
