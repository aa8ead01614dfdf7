"""A stretch between two cells of a table: the words of the form that may stand in it, and what it is tied to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from verify.alike import LOST
from verify.fold import fold_text
from verify.forms import DISCLOSURE, Column, Row, Table
from verify.labels import phrase_ids, phrases_in, squeeze, without_fillers
from verify.match.names import phrases_of
from verify.unexplained import Expected

_NEXT_FIELD = re.compile(r"[\t|\n]|  ")
_WORD = re.compile(r"[^\s(]+")
_HEADER = 3  # headers of a header that is printed again
_HEADINGS = frozenset(
    squeeze(fold_text(words)) for words in (*DISCLOSURE.headings, *DISCLOSURE.ends)
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between two used places: folded range, and the cells beside it."""

    start: int
    end: int
    left: str | None
    right: str | None


def expected(table: Table, gap: Gap, text: str) -> Expected:
    """Words of the form that may stand in a gap: labels of the table, headers of what follows."""
    found = {phrase for phrase, _ in phrases_in(squeeze(text))}
    rows = _rows_between(table, gap)
    labels = {phrase for row in rows for phrase in row_phrases(row)}
    own = row_of(gap.right)
    several = len({p for p in found if phrase_ids(p, "row", table.id)}) > 1 or any(
        own in phrase_ids(p, "row", table.id) for p in found
    )
    grouped, words, every = _words_of(table)
    groups = grouped if several else {part for row in rows for part in _group_of(row)}
    columns = _columns_ahead(table, gap, rows, found)
    named = {name for said in phrases_of(columns).values() for name in said}
    headers = {squeeze(fold_text(column.label)) for column in columns}
    # of another spelling of a header every piece may mean something else
    if gap.left is not None and table.is_uniform:
        headers = set()
    return Expected(
        frozenset(every | words | groups | named | _HEADINGS),
        frozenset(labels | words | (_HEADINGS if any(c in text for c in LOST) else set())),
        frozenset(headers),
        table.is_uniform,
    )


def _columns_ahead(
    table: Table, gap: Gap, rows: Sequence[Row], found: AbstractSet[str]
) -> tuple[Column, ...]:
    """The columns whose headers may stand in a gap."""
    if gap.right is None:
        return tuple(dict.fromkeys(c for row in rows[1:] for c in row.columns))
    row, _, column = gap.right.partition(".")[2].partition(".")
    own = table.rows[table.places[row]].columns
    if not table.is_uniform:
        before = table.rows[table.places[row_of(gap.left)]].columns if gap.left else ()
        ahead = (*own, *(c for one in rows for c in one.columns if c not in before))
        return tuple(dict.fromkeys(ahead))
    printed = sum(any(p in found for p in said) for said in phrases_of(own).values())
    across = len(table.rows) <= len(own)
    if gap.left is None or across or printed >= _HEADER:
        return own
    return tuple(one for one in own if one.id == column)


def _rows_between(table: Table, gap: Gap) -> Sequence[Row]:
    places = [
        table.places[cell.split(".")[1]] for cell in (gap.left, gap.right) if cell is not None
    ]
    if gap.left is None:
        places.append(0)
    if gap.right is None:
        places.append(len(table.rows) - 1)
    return table.rows[min(places) : max(places) + 1]


def tied(
    table: Table,
    gap: Gap,
    start: int,
    stop: int,
    beside: int,
    text: str,
    whole: tuple[str, ...],
) -> tuple[str, ...]:
    """The cells beside which a remark stands."""
    if gap.left is not None and stop <= beside:
        return (gap.left,)
    last_line = text.rfind("\n") + 1
    own = [row for row in table.rows if gap.right and row.id == gap.right.split(".")[1]]
    if own and (start >= last_line or (gap.left is not None and len(table.widths) == 1)):
        return table.cells(own[0])
    column = _column_beside(text, start, stop, table)
    if column and gap.right is not None:  # a note under a table speaks of all of it
        rows = table.rows if len(table.widths) == 1 else _under_one_header(table, own)
        named = tuple(
            name
            for row in rows or _rows_between(table, gap)
            for name in table.cells(row)
            if name.rpartition(".")[2] in column
        )
        if named:
            return named
    return whole


def row_of(cell: str | None) -> str:
    """The row of a cell's name."""
    return cell.split(".")[1] if cell else ""


def _under_one_header(table: Table, rows: Sequence[Row]) -> list[Row]:
    """The rows that share their headers with the first of these: those of its group."""
    return [
        row
        for row in table.rows
        if rows and (row.group, row.columns) == (rows[0].group, rows[0].columns)
    ]


def first_part(table: Table, gap: Gap, text: str, figure: int) -> int:
    """How much of a gap stands beside the cell on its left: up to the next field, line, figure or label.

    Args:
        table: Whose rows it parts.
        gap: With a cell on its left.
        text: What stands in it, folded.
        figure: Where in it the first figure stands, or its length.
    """
    match = _NEXT_FIELD.search(text)
    end = min(match.start() if match else len(text), figure)
    ahead = {row.id for row in _rows_between(table, gap)} - {row_of(gap.left)}
    for word in _WORD.finditer(text, 0, end):
        said = squeeze(word[0])  # 二、上年结转: its ordinal before it
        labels = (p for p, at in phrases_in(said) if not without_fillers(said[:at]))
        if any(ahead & phrase_ids(label, "row", table.id) for label in labels):
            return word.start()
    return end


@lru_cache(maxsize=256)
def _group_of(row: Row) -> tuple[str, str]:
    """The words of a row's group, with and without its number."""
    return squeeze(row.group), without_fillers(squeeze(row.group))


@lru_cache(maxsize=16)
def _words_of(table: Table) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words of a table's groups, its own words, and those of all its rows, squeezed."""
    grouped = frozenset(part for row in table.rows for part in _group_of(row))
    words = frozenset(squeeze(word) for word in table.words)
    rows = frozenset(phrase for row in table.rows for phrase in row_phrases(row))
    return grouped, words - grouped, rows - grouped


@lru_cache(maxsize=256)
def row_phrases(row: Row) -> tuple[str, ...]:
    """The spellings of a row's label and the label of its group, squeezed."""
    return tuple(
        squeeze(phrase) for phrase in (row.label, *row.variants, row.group) if squeeze(phrase)
    )


def _column_beside(text: str, start: int, stop: int, table: Table) -> frozenset[str]:
    """The columns whose header touches a remark."""
    line_start = text.rfind("\n", 0, start) + 1
    field_start = max(line_start, text.rfind("\t", 0, start) + 1, text.rfind("|", 0, start) + 1)
    ends = [at for mark in "\n\t|" if (at := text.find(mark, stop)) >= 0]
    squeezed = squeeze(text[field_start : min(ends, default=len(text))])
    found: set[str] = set()
    for phrase, _ in phrases_in(squeezed):
        found |= phrase_ids(phrase, "column", table.id)
    return frozenset(found)
