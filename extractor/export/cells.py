"""The cells of all forms in one fixed order, with their short names and units, from `verify.forms`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

from verify.forms import Column, Row, Table, ValueKind, every_form

_T = TypeVar("_T")
Names = Literal["cell", "short"]
LONGEST_SHORT = 32
"""Stata takes no longer names."""
_LETTERS = 4  # of each word in a short name


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of one form or of several."""

    name: str  # of the contract, ``table.row.column``
    short: str  # at most 32 of ``[a-z0-9_]``
    table: Table  # the table it stands in
    rows: tuple[Row, ...]  # its row as each form has it, where they differ
    columns: tuple[Column, ...]  # its column as each form has it, where they differ
    forms: tuple[str, ...]  # the forms that have it, as `Form.variant` names them

    @property
    def kind(self) -> ValueKind:
        """What its value is."""
        return self.columns[0].kind

    @property
    def unit(self) -> str:
        """What the form says, 万元 for money; else 项 where the header counts items, else 件."""
        if self.columns[0].unit:
            return self.columns[0].unit
        items = self.kind == "change" or any("项目" in column.label for column in self.columns)
        return "项" if items else "件"

    def named(self, names: Names) -> str:
        """Its name in a file."""
        return self.short if names == "short" else self.name


@cache
def every_cell() -> dict[str, FormCell]:
    """Each cell of any form by its name, in the order of the forms: table, row, column.

    The order depends on the data of the forms alone, so that files of several stores can be stacked.
    """
    forms = every_form()
    found: dict[str, FormCell] = {}
    for number, tables in enumerate(zip(*(form.tables for form in forms), strict=True)):
        for row_id in _merged([row.id for row in table.rows] for table in tables):
            rows = [row for table in tables for row in table.rows if row.id == row_id]
            for column_id in _merged([column.id for column in row.columns] for row in rows):
                columns = [c for row in rows for c in row.columns if c.id == column_id]
                name = f"{tables[0].id}.{row_id}.{column_id}"
                having = [form for form in forms if name in form.kinds]
                found[name] = FormCell(
                    name,
                    short_name(number, row_id, column_id),
                    tables[0],
                    _distinct([form.row_of[name][1] for form in having], lambda row: row.label),
                    _distinct(columns, lambda column: column.label),
                    tuple(form.variant for form in having),
                )
    return found


def short_name(number: int, row: str, column: str) -> str:
    """``t3_new_rece_natu_pers``: the table as the form numbers it (二 is 2), words cut to four letters.

    Nothing else decides a name, so that none changes when another cell is added.

    Args:
        number: Place of the table among the tables of a form.
        row: Id of the row.
        column: Id of the column.
    """
    words = f"{row}_{column}".split("_")
    return "_".join([f"t{number + 2}", *(word[:_LETTERS] for word in words)])


def _merged(lists: Iterable[list[str]]) -> list[str]:
    """One list in which each item stands after the one that it follows where it was first met."""
    merged: list[str] = []
    for names in lists:
        before: str | None = None
        for name in names:
            if name not in merged:
                at = len(merged) if before is None else merged.index(before) + 1
                merged.insert(at, name)
            before = name
    return merged


def _distinct(items: Iterable[_T], key: Callable[[_T], str]) -> tuple[_T, ...]:
    return tuple({key(item): item for item in items}.values())
