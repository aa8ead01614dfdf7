"""Rows under one header: how they are laid out, and what fills their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal

from verify.forms import Row
from verify.labels import squeeze
from verify.match.grid import Field, Line
from verify.match.names import Phrases, named
from verify.placement import Piece, is_glued
from verify.stream import Entry

Local = Literal["", "serial", "share", "earlier", "empty"]


BRACKETED = re.compile(r"\([^()\n]*\)")


@dataclass(frozen=True, slots=True)
class Head:
    """What heads a column.

    Attributes:
        field: Where it stands.
        id: The column of the form that it names, or None.
    """

    field: Field
    id: str | None


@dataclass(slots=True)
class Block:
    """Rows under one header.

    Attributes:
        heads: One for each column, from the left.
        rows: For each line with cells its fields, one for each column.
        local: For each column without an official name why it is known, by its place.
        silent: Its headers say nothing, and the official header stands above.
    """

    heads: tuple[Head, ...]
    rows: dict[int, tuple[Field, ...]] = field(default_factory=dict)
    local: dict[int, Local] = field(default_factory=dict)
    silent: bool = False

    def order(self, row: Row) -> tuple[int, ...] | None:
        """For each column, from the left, its index in the row of the form; None with local columns."""
        ids = [column.id for column in row.columns]
        if any(head.id not in ids for head in self.heads):
            return None
        return tuple(ids.index(head.id or "") for head in self.heads)

    def names(self, row: Row) -> bool:
        """Whether it names all columns of a row, or all that it has are the row's."""
        ids = {head.id for head in self.heads}
        own = {column.id for column in row.columns}
        return own <= ids or ids <= own

    def cells(self, row: Row, line: int) -> tuple[Piece | None, ...] | None:
        """What fills the cells of a row of the form, in its order; None where fields do not tell."""
        fields = self.rows.get(line)
        ids = [head.id for head in self.heads]
        if fields is None or any(len(f.entries) > 1 for f in fields):
            return None
        if sorted(id for id in ids if id) != sorted(column.id for column in row.columns):
            return None
        own = [fields[ids.index(column.id)] for column in row.columns]
        if any(f.entries and (is_glued(f.entries[0].text) or not _whole(f)) for f in own):
            return None
        return tuple(f.piece for f in own)


@dataclass(slots=True)
class Columns:
    """The blocks of a zone.

    Attributes:
        blocks: In order.
        line_of: For each line with cells its block.
    """

    blocks: list[Block]
    line_of: dict[int, Block]
    _local: set[int] | None = field(default=None, repr=False)

    def cells(self, row: Row, entries: Sequence[Entry]) -> tuple[Piece | None, ...] | None:
        """What fills the cells of a row, where all its figures stand on one line under known headers."""
        for line in dict.fromkeys(entry.line for entry in entries):
            block = self.line_of.get(line)
            told = block.cells(row, line) if block else None
            if told is None:
                continue
            inside = {piece.start for piece in told if piece}
            others = [e for e in entries if e.start not in inside and not self.is_local(e)]
            return None if others or not inside else told
        return None

    def order(self, row: Row, entries: Sequence[Entry]) -> tuple[int, ...] | None:
        """The order of the columns over a row, where its headers name all and no other."""
        for entry in entries:
            block = self.line_of.get(entry.line)
            if block is not None:
                return block.order(row)
        return None

    def is_over(self, row: Row, entries: Sequence[Entry]) -> bool:
        """Whether headers stand over a row that name its columns."""
        return any(
            block.names(row) for e in entries if (block := self.line_of.get(e.line)) is not None
        )

    def is_local(self, entry: Entry) -> bool:
        """Whether something stands in a column that is none of the form's."""
        if self._local is None:
            self._local = self._local_starts()
        return entry.start in self._local

    def _local_starts(self) -> set[int]:
        return {
            entry.start
            for block in self.blocks
            for fields in block.rows.values()
            for head, one in zip(block.heads, fields, strict=True)
            if head.id is None
            for entry in one.entries
        }

    def known(self, used: Container[int]) -> list[tuple[int, int]]:
        """Folded ranges of local columns that a rule explains, their headers too.

        Args:
            used: Where the figures of cells begin: a column that has one of them is not local.
        """
        local = [
            (block.heads[at].field, *(fields[at] for fields in block.rows.values()))
            for block in self.blocks
            for at in block.local
        ]
        return [
            (one.start, one.end)
            for column in local
            if not any(entry.start in used for one in column for entry in one.entries)
            for one in column
        ] + [
            (head.field.start, head.field.end)
            for block in self.blocks
            if block.silent
            for head in block.heads
        ]


def said_by(one: Field) -> str:
    """The words of a header without what stands in brackets."""
    return squeeze(BRACKETED.sub("", one.text)) or one.words


def filled(line: Line) -> list[Field]:
    """The fields of a line that hold something."""
    return [f for f in line.fields if f.text]


def without_tail(fields: list[Field]) -> list[Field]:
    """Fields without the empty ones at their end."""
    end = len(fields)
    while end and not fields[end - 1].text:
        end -= 1
    return fields[:end]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the rows of a block are laid out, by those without an empty cell.

    Attributes:
        width: Cells of a row.
        trailing: Empty fields behind them.
        full: For each such row where its label ends, and how many fields it has.
    """

    width: int
    trailing: int
    full: frozenset[tuple[int, int]]

    def fits(self, label: int, count: int) -> bool:
        """Whether a line with empty cells lost no field and got none."""
        if (label, count) in self.full:
            return True
        counts = {n for _, n in self.full}
        if len(counts) == 1 and len(self.full) > 1:
            return count in counts  # a rectangle
        beside = all(n == at + 1 + self.width + self.trailing for at, n in self.full)
        return beside and count == label + 1 + self.width + self.trailing


def shape_of(rows: list[Line], width: int) -> _Shape:
    """How rows of so many cells are laid out."""
    ends: Counter[int] = Counter()
    full = set()
    for line in rows:
        bare = without_tail(line.fields)
        label = _label(line)
        if (
            len(bare) > width
            and all(f.entries for f in bare[-width:])
            and label < len(bare) - width
        ):
            ends[len(line.fields) - len(bare)] += 1
            full.add((label, len(line.fields)))
    trailing = ends.most_common(1)[0][0] if ends else 0
    return _Shape(width, trailing, frozenset(full))


def _label(line: Line) -> int:
    """Where the label of a row ends; -1 where there is none."""
    return max((i for i, f in enumerate(line.fields) if f.is_label), default=-1)


def under(line: Line, shape: _Shape, labels: Phrases) -> tuple[Field, ...] | None:
    """The fields of a line under the headers; None where an empty one leaves a choice."""
    width = shape.width
    bare = without_tail(line.fields)
    if len(bare) > width and all(f.entries for f in bare[-width:]):
        before, cells = bare[:-width], bare[-width:]
    else:
        end = len(line.fields) - shape.trailing
        if end <= width or any(f.text for f in line.fields[end:]):
            return None
        before, cells = line.fields[: end - width], line.fields[end - width : end]
        label = max((i for i, f in enumerate(before) if f.is_label), default=-1)
        if not shape.fits(label, len(line.fields)):
            return None
    if not any(f.is_label for f in before) and any(f.text for f in before):
        return None
    if any(f.is_label and named(f.words, labels, alike=True) for f in cells):
        return None  # a label that stands in the place of a cell
    return tuple(cells)


def _whole(one: Field) -> bool:
    """Whether no figure is left beside what could be a cell: in brackets it is a remark's."""
    entry = one.entries[0]
    rest = one.text[: entry.start - one.start] + one.text[entry.end - one.start :]
    return not any(c.isdigit() for c in BRACKETED.sub("", rest))
