"""How the rows and columns of the forms are numbered where a model is asked about them.

The numbers are part of the protocol: the sheet in a prompt prints them beside the official labels, and
a test holds both together. No two rows or columns of the tables share a number, and rows of the two
editions have numbers of their own, so that an answer also tells which edition is printed.
"""

from __future__ import annotations

from collections.abc import Collection

from verify.forms import APPLICANTS, DISCLOSURE, PROCEEDINGS, Edition, Table, TableId

SINGLE_OTHER = 26
"""Row （六）其他处理 printed as one row; its three rows are 21 to 23."""
_THREE = frozenset({21, 22, 23})
_PROACTIVE_2019 = 41


def _rows(table: TableId, edition: str, first: int) -> dict[int, str]:
    return dict(enumerate((row.id for row in DISCLOSURE.tables[table][edition].rows), first))


ROWS: dict[TableId, dict[int, str]] = {
    "proactive": _rows("proactive", "2021", 31) | _rows("proactive", "2019", _PROACTIVE_2019),
    "requests": {**_rows("requests", "2021", 1), SINGLE_OTHER: "other"},
    "proceedings": _rows("proceedings", "", 51),
}
"""For each table the id of the row with each number."""

COLUMNS: dict[TableId, dict[int, str]] = {
    "proactive": {},
    "requests": dict(enumerate((column.id for column in APPLICANTS), 61)),
    "proceedings": dict(enumerate((column.id for column in PROCEEDINGS.rows[0].columns), 71)),
}
"""For each table with the same columns in all rows the id of the column with each number."""

TABLE_OF: dict[int, TableId] = {
    number: table
    for numbered in (ROWS, COLUMNS)
    for table, ids in numbered.items()
    for number in ids
}
"""The table of each number of a row or column."""


def edition_in(table: Table) -> Edition:
    """The edition that a table of a form is of; table 四 is the same in both."""
    return "2019" if table.edition == "2019" else "2021"


def number_of(table: TableId, row: str, edition: Edition) -> int:
    """The number of a row in an edition."""
    found = [number for number, id in ROWS[table].items() if id == row]
    if table == "proactive" and len(found) > 1:
        return max(found) if edition == "2019" else min(found)
    return found[0]


def edition_of(table: TableId, rows: Collection[int]) -> Edition | None:
    """The edition that row numbers tell, or None when they tell none or both."""
    if table == "proactive":
        told = {"2019" if row >= _PROACTIVE_2019 else "2021" for row in rows}
    elif table == "requests":
        told = {"2021" for row in rows if row in _THREE} | {
            "2019" for row in rows if row == SINGLE_OTHER
        }
    else:
        return None
    if told == {"2019"}:
        return "2019"
    return "2021" if told == {"2021"} else None
