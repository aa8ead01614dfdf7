"""What the fields of a table name, and the cells of a line: for tables that other words name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verify.fold import fold_text
from verify.forms import Table
from verify.labels import squeeze
from verify.match.grid import Field, Line
from verify.match.names import Phrases, named, phrases_of, row_phrases
from verify.placement import Piece, is_glued
from verify.stream import Entry

_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十0-9]{1,3}\)|[0-9]{1,2}[.、]|•)+"
)


@dataclass(frozen=True, slots=True)
class Crossed:
    """The cells of a whole table.

    Attributes:
        cells: What fills each, None for an empty one; None where headers contradict each other or
            cannot be told apart.
    """

    cells: dict[str, Piece | None] | None


def columns_of_table(table: Table) -> dict[str, tuple[str, ...]]:
    """What the columns of a uniform table are called."""
    return phrases_of(table.rows[0].columns)


def rows_of_table(table: Table) -> dict[str, tuple[str, ...]]:
    """What the rows of a table are called, and the groups of rows under the empty id."""
    groups = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    return {**row_phrases(table), "": tuple(groups)}


def name_of(one: Field, phrases: Phrases, *, alike: bool) -> str | None:
    """The row or column that a field names, its ordinal and what stands in brackets taken off."""
    text = _ORDINAL.sub("", one.text)
    for words in (squeeze(text), squeeze(text.partition("(")[0])):
        if words and (id := named(words, phrases, alike=alike)):
            return id
    words = one.words
    if words in phrases.get("", ()):
        return None
    inside = [
        id for id, said in phrases.items() if any(len(p) > _SHORT and p in words for p in said)
    ]
    return inside[0] if len(inside) == 1 else None


_SHORT = 3


def pieces_of(fields: Sequence[Field]) -> list[Piece | None] | None:
    """What fills some cells; None where one holds several things."""
    if any(len(f.entries) > 1 or (f.entries and is_glued(f.entries[0].text)) for f in fields):
        return None
    return [f.piece for f in fields]


def label_of(line: Line) -> Field | None:
    """The last field of words before the cells of a line."""
    found = None
    for one in line.fields:
        if one.entries:
            break
        if len(one.words) > 1:
            found = one
    return found


def cells_of(line: Line, width: int) -> list[Field] | None:
    """The fields of the cells of a line, where nothing is lost at its ends."""
    fields = line.fields
    while fields and not fields[-1].text and len(fields) > width:
        fields = fields[:-1]
    cells = fields[-width:]
    before = fields[:-width]
    if len(cells) < width or any(f.entries for f in before):
        return None
    if any(f.is_label or f.is_mixed for f in cells) or not cells[0].text or not cells[-1].text:
        return None
    return cells


def piece_of(entry: Entry) -> Piece:
    """What an entry fills a cell with."""
    return Piece(entry.kind, entry.start, entry.end)
