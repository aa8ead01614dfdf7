"""The vocabulary in which a form is described: columns, rows, tables, identities.

Nothing here knows a particular form; a TOML file holds the data, ``_load.py`` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TableId = str
ValueKind = Literal["count", "change", "money"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        id: The last part of a cell's name.
        label: The official header.
        variants: Other spellings seen in real reports, without punctuation.
        kind: ``count`` is an integer >= 0, ``change`` any integer, ``money`` an exact
            decimal >= 0 in 万元.
        unit: In what its figures are counted, or "" where the form does not say.
        part_of: The column that is the total of this one and others, or "".
    """

    id: str
    label: str
    variants: tuple[str, ...] = ()
    kind: ValueKind = "count"
    unit: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        id: The middle part of a cell's name.
        label: The official label, without its number.
        columns: The cells of the row, in printed order.
        variants: Other spellings of the label seen in real reports.
        ordinal: The number printed before the label inside its group ("1", "（二）"), or "".
        group: The label of the group in which the row stands, or "".
        part_of: The row that is the total of this one and others, or "".
    """

    id: str
    label: str
    columns: tuple[Column, ...]
    variants: tuple[str, ...] = ()
    ordinal: str = ""
    group: str = ""
    part_of: str = ""

    @property
    def printed(self) -> str:
        """The label with its ordinal, as a clerk knows it."""
        return self.ordinal + self.label


@dataclass(frozen=True, slots=True)
class Table:
    """One statistical table of a report.

    Attributes:
        id: The first part of a cell's name.
        title: The official heading of the section.
        rows: In printed order.
        words: Header and group words that belong to this table and to no row; they mark
            where the table stands and are explained when they stand between rows.
        number: The number of its section ("二"), or "".
        edition: Which edition of the table this is, or "" where there is one.
        headings: Spellings of its section's heading.
        names: For each row id the names of its cells.
        kinds: For each row id what they hold.
        places: For each row id its place among the rows.
        widths: How many cells its rows have.
        groups: The ids of the columns of rows with several, each sequence once.
    """

    id: TableId
    title: str
    rows: tuple[Row, ...]
    words: tuple[str, ...] = ()
    number: str = ""
    edition: str = ""
    headings: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)
    kinds: dict[str, tuple[ValueKind, ...]] = field(init=False, compare=False, repr=False)
    places: dict[str, int] = field(init=False, compare=False, repr=False)
    widths: frozenset[int] = field(init=False, compare=False, repr=False)
    groups: tuple[tuple[str, ...], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = {
            row.id: tuple(f"{self.id}.{row.id}.{column.id}" for column in row.columns)
            for row in self.rows
        }
        kinds = {row.id: tuple(column.kind for column in row.columns) for row in self.rows}
        groups = dict.fromkeys(
            tuple(column.id for column in row.columns) for row in self.rows if len(row.columns) > 1
        )
        for name, told in (
            ("names", names),
            ("kinds", kinds),
            ("places", {row.id: i for i, row in enumerate(self.rows)}),
            ("widths", frozenset(len(row.columns) for row in self.rows)),
            ("groups", tuple(groups)),
        ):
            object.__setattr__(self, name, told)

    def cells(self, row: Row) -> tuple[str, ...]:
        """The names of the cells of ``row``, in printed order."""
        return self.names[row.id]


@dataclass(frozen=True, slots=True)
class Identity:
    """A linear rule: the sum of ``plus`` equals the sum of ``minus`` (勾稽关系).

    Attributes:
        id: Stable name; in the official forms ``balance.COLUMN``, ``results.COLUMN``, ``row.ROW``
            or ``proceedings.ROW``.
        plus: Names of the cells on the left side.
        minus: Names of the cells on the right side.
        sentence_zh: The rule as a clerk would say it.
        sentence_en: The same in English.
    """

    id: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    sentence_zh: str
    sentence_en: str

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the rule, left side first."""
        return self.plus + self.minus


class Form:
    """A form: its tables as printed, its cells in order, its identities.

    Attributes:
        id: Of the official forms ``2019``, ``2021`` or ``hybrid``.
        variant: Which edition of each table that has several, ``2021+2019``; no two forms share it.
        tables: In printed order.
        cells: Every cell name, table by table and row by row.
        kinds: The kind of value of each cell.
        row_of: The table and row of each cell.
        identities: Every identity of the form.
        sums: Cells of which the last is the sum of the others by an identity.
    """

    __slots__ = ("cells", "id", "identities", "kinds", "row_of", "sums", "tables", "variant")

    def __init__(
        self, id: str, variant: str, tables: tuple[Table, ...], identities: tuple[Identity, ...]
    ) -> None:
        self.id = id
        self.variant = variant
        self.tables = tables
        self.identities = identities
        self.sums = frozenset(i.cells for i in identities if len(i.minus) == 1)
        self.cells: tuple[str, ...] = tuple(
            name for table in tables for row in table.rows for name in table.cells(row)
        )
        self.kinds: dict[str, ValueKind] = {}
        self.row_of: dict[str, tuple[Table, Row]] = {}
        for table in tables:
            for row in table.rows:
                for name, column in zip(table.cells(row), row.columns, strict=True):
                    self.kinds[name] = column.kind
                    self.row_of[name] = (table, row)

    def table(self, id: str) -> Table:
        """The table named ``id``.

        Raises:
            KeyError: No such table.
        """
        for table in self.tables:
            if table.id == id:
                return table
        raise KeyError(id)

    def __repr__(self) -> str:
        return f"Form({self.id!r}, variant={self.variant!r}, {len(self.cells)} cells)"


@dataclass(frozen=True, slots=True)
class YearIdentity:
    """A rule across two years: a cell of this year equals a sum of cells of both.

    Attributes:
        id: Stable name.
        code: Reason code when it fails.
        cell: The cell of this year that it gives.
        last: Cells of last year, added.
        plus: Cells of this year that are added.
        minus: Cells of this year that are taken away.
    """

    id: str
    code: str
    cell: str
    last: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells of this year, the one that it gives first."""
        return (self.cell, *self.plus, *self.minus)


@dataclass(frozen=True, slots=True, eq=False)
class FormSet:
    """All forms of one kind of report, as one file describes them.

    Attributes:
        id: What the file calls the kind of report.
        version: Of the data; it changes when a label or an identity does.
        forms: Every form, the usual one first.
        tables: For each table its editions, the usual one first; "" where there is one.
        titles: What a title of such a report says.
        ends: Headings after which no table goes on.
        headings: For each spelling of a section's heading its table.
        years: The rules across two years.
    """

    id: str
    version: str
    forms: tuple[Form, ...]
    tables: Mapping[TableId, Mapping[str, Table]]
    titles: tuple[str, ...]
    ends: tuple[str, ...]
    headings: Mapping[str, TableId]
    years: tuple[YearIdentity, ...]
