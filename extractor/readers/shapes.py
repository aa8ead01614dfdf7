"""The schemas that a model answers in: marks of the excerpt, never a figure.

One model for each protocol, the same for all reports, so that a service compiles its schema once. Lists and
integers are bounded, so that a grammar made of the schema cannot run on for ever.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_Number = Annotated[int, Field(ge=0, le=999)]
_Range = Annotated[list[_Number], Field(min_length=4, max_length=4)]
_Pointer = Annotated[str, Field(max_length=24)]
_Copied = Annotated[str, Field(max_length=60)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class IrregularRow(_Shape):
    """A row whose cells are pointed at one by one.

    Attributes:
        row: Number of the row of the form.
        at: For each column of the row in the order of the form what fills it: ``12c`` the third figure
            of mark 12, ``12c+12d`` a figure that is split, ``12c.1-2`` the first two characters of one,
            empty a blank cell, ``-`` a cell that is not in the text.
    """

    row: _Number
    at: Annotated[list[_Pointer], Field(max_length=8)]


class Pointers(_Shape):
    """Where the rows of one table stand.

    Attributes:
        by: ``row``: a mark holds the figures of one row; ``column``: of one column, top to bottom.
        rows: Ranges of rows in order: first row, last row, first mark, last mark.
        cells: Rows whose figures do not fill the cells one by one.
        order: Numbers of the columns as printed, when not in the order of the form; else empty.
    """

    by: Literal["row", "column"]
    rows: Annotated[list[_Range], Field(max_length=40)]
    cells: Annotated[list[IrregularRow], Field(max_length=40)]
    order: Annotated[list[_Number], Field(max_length=8)]


class CopiedRow(_Shape):
    """A row as a model copied it.

    Attributes:
        label: The words before the figures.
        figures: What stands in its cells, an empty string for an empty one.
    """

    label: _Copied
    figures: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=20)]


class Transcript(_Shape):
    """The rows of one table as a model copied them; code aligns them to the source."""

    rows: Annotated[list[CopiedRow], Field(max_length=60)]


__all__ = ["CopiedRow", "IrregularRow", "Pointers", "Transcript"]
