"""The reports of a store that can be held against each other: with tables, and a reading that is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractor.across.agencies import Agencies, sort_names
from extractor.across.board import Board, unpacked
from extractor.across.records import Member

SCRIPT = "CREATE TABLE numbers (printed TEXT PRIMARY KEY, agency INTEGER NOT NULL) WITHOUT ROWID;"
"""For the board."""
_TRUSTED = "tables IS NOT NULL AND verdict <> 'rejected'"
_ROWS = f"""\
FROM reports AS r LEFT JOIN numbers AS n ON n.printed = r.agency WHERE {_TRUSTED}"""
_COLUMNS = "SELECT n.agency, r.agency, year, tables, result, sha256, name, verdict"


@dataclass(frozen=True, slots=True)
class Row:
    """A report with tables."""

    agency: int | None  # number of its agency, None when its name says nothing
    tables: str  # hash of all its values
    result: int  # number of the result
    member: Member  # as findings show it


def sort(board: Board) -> Agencies:
    """Sort the reports of a board into agencies."""
    names = board.rows(f"SELECT DISTINCT agency FROM reports WHERE {_TRUSTED} AND agency <> ''")  # noqa: S608
    agencies = sort_names(name for (name,) in names)
    board.put("INSERT INTO numbers VALUES (?, ?)", agencies.number.items())
    return agencies


def count(board: Board, where: str) -> int:
    """For how many reports a condition holds; ``n`` is what is known of the agency, ``r`` the report."""
    return int(board.one(f"SELECT count(*) {_ROWS} AND ({where})"))


def by_year(board: Board) -> Iterator[Row]:
    """Those with agency and year, by both, then by path."""
    where = "AND n.agency IS NOT NULL AND year IS NOT NULL ORDER BY n.agency, year, name, sha256"
    return _rows(board, where)


def by_tables(board: Board) -> Iterator[Row]:
    """Those whose tables another has as well, by tables, then agency, year and path."""
    several = f"SELECT tables FROM reports WHERE {_TRUSTED} GROUP BY tables HAVING count(*) > 1"  # noqa: S608
    order = "ORDER BY tables, n.agency IS NULL, n.agency, year, name, sha256"
    return _rows(board, f"AND tables IN ({several}) {order}")


def _rows(board: Board, rest: str) -> Iterator[Row]:
    for found in board.rows(f"{_COLUMNS} {_ROWS} {rest}"):
        agency, printed, year, tables, result, sha256, name, verdict = found
        yield Row(agency, tables, result, Member(unpacked(name), sha256, printed, year, verdict))
