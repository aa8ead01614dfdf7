"""The schemas that a model answers in: marks of the excerpt, never a figure.

One model for each protocol, the same for every table and every report, so that a service compiles its
schema once. Lists and integers are bounded, so that a grammar made of the schema cannot run on for ever.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_Number = Annotated[int, Field(ge=0, le=999)]
_Range = Annotated[list[_Number], Field(min_length=4, max_length=4)]
_Pointer = Annotated[str, Field(max_length=24)]


def _bare(schema: dict[str, Any]) -> None:
    """Take titles and docstrings out of a schema: the prompt explains it, and they cost tokens."""
    schema.pop("title", None)
    schema.pop("description", None)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra=_bare)


class Pointers(_Shape):
    """Where rows stand.

    Attributes:
        rows: Ranges in order: first row, last row, first mark, last mark. Where a table is printed
            column by column, columns in place of rows.
        cells: Rows whose figures do not fill the cells one by one: the number of the row, then for each
            column in the order of the form what fills it: ``12c`` the third figure of mark 12,
            ``12c+12d`` a figure that is split, ``12c.1-2`` the first two characters of one, empty a
            blank cell, ``-`` a cell that is not in the text. The number alone: the whole row is blank.
        order: Numbers of columns as printed, for tables that print them in another order; else empty.
    """

    rows: Annotated[list[_Range], Field(max_length=90)]
    cells: Annotated[list[Annotated[list[_Pointer], Field(max_length=9)]], Field(max_length=60)]
    order: Annotated[list[_Number], Field(max_length=20)]


_Mark = Annotated[int, Field(ge=-1, le=1999)]
_Run = Annotated[list[_Mark], Field(min_length=3, max_length=3)]


class Marks(_Shape):
    """Which figures of whole sections are which cells, every figure with a mark of its own.

    Attributes:
        rows: Rows whose cells have consecutive marks in the order of the columns: the number of the row,
            first mark, last mark. Where a table is printed column by column, columns in place of rows.
        cells: Other rows: the number of the row, then a mark for each column; 0 for an empty cell, -1 for one
            that is not printed.
        order: Numbers of columns as printed, for tables that print them in another order; else empty.
        skip: Figures that are none of the form's: the kind, first mark, last mark.
    """

    rows: Annotated[list[_Run], Field(max_length=90)]
    cells: Annotated[list[Annotated[list[_Mark], Field(max_length=30)]], Field(max_length=60)]
    order: Annotated[list[_Mark], Field(max_length=20)]
    skip: Annotated[list[_Run], Field(max_length=400)]


class Names(_Shape):
    """Which rows words name: for each item its number and that of the row, 0 for none."""

    names: Annotated[
        list[Annotated[list[_Number], Field(min_length=2, max_length=2)]], Field(max_length=90)
    ]
