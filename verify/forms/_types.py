"""The vocabulary in which a form is described: columns, rows, tables, identities.

Nothing here knows a particular form; a TOML file holds the data, ``_load.py`` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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

    @property
    def spellings(self) -> tuple[str, ...]:
        """The label and its variants."""
        return (self.label, *self.variants)

    def __hash__(self) -> int:
        return hash(
            (self.id, self.label)
        )  # few share both; of all fields it costs a tenth of a reading


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

    def __hash__(self) -> int:
        return hash((self.id, self.label))

    @property
    def spellings(self) -> tuple[str, ...]:
        """The label and its variants."""
        return (self.label, *self.variants)

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
        parts_zh: What the columns before the total of a row are, in Chinese.
        parts_en: The same in English.
        names: For each row id the names of its cells.
        kinds: For each row id what they hold.
        places: For each row id its place among the rows.
        widths: How many cells its rows have.
        groups: The ids of the columns of rows with several, each sequence once.
        is_uniform: Whether all rows have the same columns.
        summed_rows: The rows that are part of no total, where others are: totals, and what they are held
            against.
        total_columns: The columns that are the total of others.
        total_rows: The rows that are the total of others.
    """

    id: TableId
    title: str
    rows: tuple[Row, ...]
    words: tuple[str, ...] = ()
    number: str = ""
    edition: str = ""
    headings: tuple[str, ...] = ()
    parts_zh: str = "总计以外"
    parts_en: str = "columns before the total"
    names: dict[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)
    kinds: dict[str, tuple[ValueKind, ...]] = field(init=False, compare=False, repr=False)
    places: dict[str, int] = field(init=False, compare=False, repr=False)
    widths: frozenset[int] = field(init=False, compare=False, repr=False)
    groups: tuple[tuple[str, ...], ...] = field(init=False, compare=False, repr=False)
    is_uniform: bool = field(init=False, compare=False, repr=False)
    summed_rows: tuple[str, ...] = field(init=False, compare=False, repr=False)
    total_columns: frozenset[str] = field(init=False, compare=False, repr=False)
    total_rows: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = {
            row.id: tuple(f"{self.id}.{row.id}.{column.id}" for column in row.columns)
            for row in self.rows
        }
        kinds = {row.id: tuple(column.kind for column in row.columns) for row in self.rows}
        groups = dict.fromkeys(
            tuple(column.id for column in row.columns) for row in self.rows if len(row.columns) > 1
        )
        columns = [column for row in self.rows for column in row.columns]
        parts = [row for row in self.rows if row.part_of]
        for name, value in (
            ("names", names),
            ("kinds", kinds),
            ("places", {row.id: i for i, row in enumerate(self.rows)}),
            ("widths", frozenset(len(row.columns) for row in self.rows)),
            ("groups", tuple(groups)),
            ("is_uniform", len({row.columns for row in self.rows}) == 1),
            ("summed_rows", tuple(row.id for row in parts and self.rows if not row.part_of)),
            ("total_columns", frozenset(c.part_of for c in columns if c.part_of)),
            ("total_rows", frozenset(row.part_of for row in parts)),
        ):
            object.__setattr__(self, name, value)

    def cells(self, row: Row) -> tuple[str, ...]:
        """The names of the cells of ``row``, in printed order."""
        return self.names[row.id]

    def __hash__(self) -> int:
        return hash((self.id, self.edition))


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
        telling: Cells of the rows that alone tell which edition of their table is printed.
        sums: Cells of which the last is the sum of the others by an identity.
    """

    __slots__ = (
        "cells",
        "id",
        "identities",
        "kinds",
        "row_of",
        "sums",
        "tables",
        "telling",
        "variant",
    )

    def __init__(
        self,
        id: str,
        variant: str,
        tables: tuple[Table, ...],
        identities: tuple[Identity, ...],
        telling: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.variant = variant
        self.tables = tables
        self.identities = identities
        self.telling = telling
        self.sums = frozenset(
            i.cells if len(i.minus) == 1 else i.minus + i.plus
            for i in identities
            if 1 in (len(i.minus), len(i.plus))
        )
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

    @property
    def money(self) -> frozenset[str]:
        """The cells that hold money, in any form."""
        kinds = (kind for form in self.forms for kind in form.kinds.items())
        return frozenset(name for name, kind in kinds if kind == "money")

    def only_rows(self, table: TableId, edition: str) -> frozenset[str]:
        """The rows that one edition of a table has and no other; they tell it."""
        return self._only(table, edition, lambda one: {row.id for row in one.rows})

    def only_in(self, table: TableId, edition: str) -> frozenset[str]:
        """The rows and columns that one edition of a table has and no other; they tell it."""
        return self._only(
            table, edition, lambda one: {r.id for r in one.rows} | {c.id for c in _columns(one)}
        )

    def telling_rows(self, table: TableId) -> frozenset[str]:
        """All rows that tell an edition of a table from another."""
        each = self.tables[table]
        return frozenset().union(*(self.only_rows(table, edition) for edition in each))

    def _only(
        self, table: TableId, edition: str, ids: Callable[[Table], set[str]]
    ) -> frozenset[str]:
        others = (ids(one) for name, one in self.tables[table].items() if name != edition)
        return frozenset(ids(self.tables[table][edition]).difference(*others))

    @property
    def shared_words(self) -> tuple[str, ...]:
        """Labels that a row and a column of one table have both: 其他, 总计, 合计."""
        found: dict[str, None] = {}
        for editions in self.tables.values():
            each = tuple(editions.values())
            rows = {word for table in each for row in table.rows for word in row.spellings}
            words = (word for table in each for one in _columns(table) for word in one.spellings)
            found.update((word, None) for word in words if word in rows)
        return tuple(found)

    @property
    def shared_rows(self) -> frozenset[str]:
        """The rows that have a label which is a column's as well."""
        return self._sharing(lambda table: table.rows)

    @property
    def shared_columns(self) -> frozenset[str]:
        """The columns that have a label which is a row's as well."""
        return self._sharing(_columns)

    def _sharing(self, of: Callable[[Table], Iterable[Row | Column]]) -> frozenset[str]:
        shared = set(self.shared_words)
        every = (table for editions in self.tables.values() for table in editions.values())
        return frozenset(
            one.id for table in every for one in of(table) if shared.intersection(one.spellings)
        )


def _columns(table: Table) -> tuple[Column, ...]:
    """The columns of every row in turn."""
    return tuple(column for row in table.rows for column in row.columns)
