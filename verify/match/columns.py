"""The cells of tables 二 and 三 by the headers over them.

The header of table 三 has two levels, and exports leave out the empty fields of merged cells: the words of
the lower level stand for the one group in the upper. A header names its column wherever it stands; a
further column under words of its own is local and takes none of the form's cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from verify.fold import fold_text
from verify.forms import Row, Table
from verify.headers import GROUPED, UPPER
from verify.labels import squeeze
from verify.layout import Layout
from verify.match.grid import Field, Line, lines_of
from verify.match.names import Phrases, all_named, named, phrases_of, row_phrases
from verify.placement import Piece, is_glued
from verify.stream import Entry, Stream
from verify.zones import Zone

Local = Literal["", "serial", "share", "earlier", "empty"]
_BRACKETED = re.compile(r"\([^()\n]*\)")
_THIS_YEAR = re.compile("^本年度?")
_EARLIER = re.compile("(?:上一?年度?|去年|往年|前一?年度?)(?:同期)?")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度?")
_COUNTED = re.compile("(?:情况|数量|数据|合计|总计|总数|数)?")
_SHARED = re.compile(r"(?:占总?数?的?比[例重率]?|比[例重率]|百分比|占比情况|所占比[例重])")
_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?%?")
_NUMBERED = frozenset({"序号", "行次", "编号", "序", "行号"})
_FEWEST_HEADERS = 2
_FEWEST_SERIAL = 3


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

    def known(self) -> list[tuple[int, int]]:
        """Folded ranges of local columns that a rule explains, their headers too."""
        return [
            (one.start, one.end)
            for block in self.blocks
            for at in block.local
            for one in (block.heads[at].field, *(fields[at] for fields in block.rows.values()))
        ] + [
            (head.field.start, head.field.end)
            for block in self.blocks
            if block.silent
            for head in block.heads
        ]


def columns_of(layout: Layout, zone: Zone, table: Table) -> Columns | None:
    """What the headers of a zone say of its columns; None where its lines are no fields.

    Args:
        layout: The source.
        zone: One printed copy of the table.
        table: The table, of the edition in question.
    """
    key = ("columns", table.edition)
    if key not in zone.matched:
        year = layout.titles[0].year if layout.titles else None
        zone.matched[key] = _columns_in(zone, table, layout.stream, year)
    found: Columns | None = zone.matched[key]
    return found


def _columns_in(zone: Zone, table: Table, stream: Stream, year: int | None) -> Columns | None:
    lines = lines_of(zone, stream)
    if not lines:
        return None
    tied = table.is_uniform
    every = {c.id: c for row in table.rows for c in row.columns}
    phrases = phrases_of(tuple(every.values()))
    words = frozenset(squeeze(fold_text(word)) for word in table.words)
    sets = [{column.id for column in row.columns} for row in table.rows]
    found = Columns([], {})
    header: list[Line] | _Numbered = []
    pending: list[Line] = []
    rows: list[Line] = []

    def close() -> None:
        if isinstance(header, _Numbered):
            block = _numbered_block(header, rows, tuple(every), official, row_phrases(table))
            if block is not None:
                found.blocks.append(block)
                found.line_of.update(dict.fromkeys(block.rows, block))
            return
        block = _block(header, rows, phrases, row_phrases(table), words, sets, tied=tied)
        if block is not None:
            _explain(block, phrases, year)
            found.blocks.append(block)
            found.line_of.update(dict.fromkeys(block.rows, block))

    aside: list[Line] = []
    official: tuple[str, ...] = ()
    for line in lines:
        if line.has_cells:
            if pending:
                close()
                header, rows, pending = pending, [], []
            rows.append(line)
            aside = []
        elif tied and (numbered := _numbered(line, phrases)):
            if len(above := _merged([_texts(one) for one in pending], words, phrases)) == len(
                every
            ):
                ids = all_named([_said(f) for f in above], phrases, alike=True)
                official = tuple(id for id in ids if id)
            if rows:
                close()
            header, rows, pending, aside = numbered, [], [], []
        elif _is_header(line, phrases, words, tied=tied):
            between = [
                named(_said(f), phrases, alike=False) for other in aside for f in other.fields
            ]
            pending = (
                [line] if any(between) else [*pending, line]
            )  # a stray header parts the levels
            aside = []
        else:
            aside.append(line)
    close()
    return found if found.blocks else None


def _said(one: Field) -> str:
    """The words of a header without what stands in brackets."""
    return squeeze(_BRACKETED.sub("", one.text)) or one.words


def _is_header(line: Line, phrases: Phrases, words: frozenset[str], *, tied: bool) -> bool:
    fields = [_said(f) for f in line.fields if f.is_label and f.words not in words]
    ids = {id for word in fields if (id := named(word, phrases, alike=tied))}
    return len(ids) >= (_FEWEST_HEADERS if tied else 1) or (
        tied and any(f.words in words for f in line.fields) and len(ids) > 0
    )


def _block(
    header: list[Line],
    rows: list[Line],
    phrases: Phrases,
    labels: Phrases,
    words: frozenset[str],
    sets: Sequence[set[str]],
    *,
    tied: bool,
) -> Block | None:
    """The rows under a header, or None where its words cannot be matched with their columns."""
    heads = _merged([_texts(line) for line in header], words, phrases)
    if not heads or not rows:
        return None
    ids = all_named([_said(f) for f in heads], phrases, alike=tied)
    width = _usual_width(rows)
    while heads and ids[0] is None and (width is None or len(heads) > width):
        heads, ids = heads[1:], ids[1:]
    if heads and width == len(heads) + 1:  # numbers of the rows, without a header
        heads, ids = [Field(heads[0].start, heads[0].start, ""), *heads], [None, *ids]
    if not any(ids) or (width is not None and len(heads) != width):
        return None
    if None in ids and {id for id in ids if id} not in sets:
        return None  # a header says something else where one of the form's is expected
    block = Block(tuple(Head(one, id) for one, id in zip(heads, ids, strict=True)))
    shape = _shape(rows, len(heads))
    alike: set[int] = set()
    for labelled in (True, False):  # a row that lost its label is told by the others
        for line in rows:
            own = any(f.is_label for f in line.fields)
            if own != labelled or not (labelled or len(line.fields) in alike):
                continue
            fields = _under(line, shape, labels)
            if fields is not None:
                block.rows[line.number] = fields
                alike.add(len(line.fields))
    if 2 * len(block.rows) < sum(len(line.fields) > len(heads) for line in rows):
        block.rows = {n: f for n, f in block.rows.items() if all(one.entries for one in f)}
    if not heads[0].text and not _ascends([fields[0].text for fields in block.rows.values()]):
        return None
    return block if block.rows else None


def _texts(line: Line) -> list[Field]:
    return [f for f in line.fields if f.text]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A header that says nothing: one word with the numbers from 1, and perhaps the last column.

    Attributes:
        heads: Its fields.
        last: The column that the last one names, or None.
    """

    heads: tuple[Field, ...]
    last: str | None


_NUMBER = re.compile(r"([^\W\d_]{1,8}) ?([0-9]{1,2})")


def _numbered(line: Line, phrases: Phrases) -> _Numbered | None:
    fields = _texts(line)
    last = named(_said(fields[-1]), phrases, alike=False) if fields else None
    if last is not None:
        fields = fields[:-1]
    found = [_NUMBER.fullmatch(f.text) for f in fields]
    while found and found[0] is None:
        found, fields = found[1:], fields[1:]
    told = [m for m in found if m]
    if len(told) < max(_FEWEST_SERIAL, len(found)) or len({m[1] for m in told}) > 1:
        return None
    if [int(m[2]) for m in told] != list(range(1, len(told) + 1)):
        return None
    return _Numbered((*fields, _texts(line)[-1]) if last else tuple(fields), last)


def _numbered_block(
    header: _Numbered,
    rows: list[Line],
    every: tuple[str, ...],
    official: tuple[str, ...],
    labels: Phrases,
) -> Block | None:
    """The rows under heads that say nothing: their columns are those of the official header above.

    Without one they have the order of the form, and the words of the heads stay unexplained.
    """
    ids = official or every
    if len(header.heads) != len(ids) or (header.last and header.last != ids[-1]):
        return None
    block = Block(tuple(Head(one, id) for one, id in zip(header.heads, ids, strict=True)))
    shape = _shape(rows, len(ids))
    for line in rows:
        fields = _under(line, shape, labels)
        if fields is not None:
            block.rows[line.number] = fields
    if official:
        block.silent = True
    return block if block.rows else None


def _merged(levels: list[list[Field]], words: frozenset[str], phrases: Phrases) -> list[Field]:
    """One header for each column: the lower level stands for the group of the upper."""
    levels = [[f for f in level if f.words not in words or f.words == UPPER] for level in levels]
    levels = [level for level in levels if level]
    if not levels:
        return []
    lower = levels[-1]
    if len(levels) == 1:
        groups = [i for i, f in enumerate(lower) if f.words == UPPER]
        if not groups:
            return lower
        inside = [named(_said(f), phrases, alike=True) in GROUPED for f in lower]
        if len(groups) > 1 or not any(inside):
            return []
        first = inside.index(True)
        if first == groups[0] + 1:
            return [f for f in lower if f.words != UPPER]
        if first < groups[0] or not all(inside[first:]):
            return []
        levels = [lower[:first], lower[first:]]  # both levels on one line
        lower = levels[-1]
    upper = levels[-2]
    groups = [i for i, f in enumerate(upper) if f.words == UPPER]
    inner = {f.words for f in lower}
    if not groups:
        return lower
    if groups[-1] - groups[0] != len(groups) - 1:
        return []
    outer = [f for f in upper if f.words != UPPER]
    if all(f.words in inner for f in outer):
        return lower  # words of merged cells that are printed once more
    return [*upper[: groups[0]], *lower, *upper[groups[-1] + 1 :]]


def _usual_width(rows: list[Line]) -> int | None:
    """How many cells most rows without an empty one have."""
    widths: Counter[int] = Counter()
    for line in rows:
        fields = _stripped(line.fields)
        labels = [i for i, f in enumerate(fields) if f.is_label]
        if labels:
            fields = fields[labels[-1] + 1 :]
            while fields and not fields[0].text:
                fields = fields[1:]
        if fields and all(f.text for f in fields):
            widths[len(fields)] += 1
    return widths.most_common(1)[0][0] if widths else None


def _stripped(fields: list[Field]) -> list[Field]:
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


def _shape(rows: list[Line], width: int) -> _Shape:
    ends: Counter[int] = Counter()
    full = set()
    for line in rows:
        bare = _stripped(line.fields)
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


def _under(line: Line, shape: _Shape, labels: Phrases) -> tuple[Field, ...] | None:
    """The fields of a line under the headers; None where an empty one leaves a choice."""
    width = shape.width
    bare = _stripped(line.fields)
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
    return not any(c.isdigit() for c in _BRACKETED.sub("", rest))


# --- columns of their own ---


def _explain(block: Block, phrases: Phrases, year: int | None) -> None:
    """Say of each local column which rule explains it, if one does."""
    if sum(head.id is not None for head in block.heads) < 1:
        return
    for at, head in enumerate(block.heads):
        if head.id is None:
            kind = _kind(head.field, [fields[at] for fields in block.rows.values()], phrases, year)
            if kind:
                block.local[at] = kind


def _kind(head: Field, cells: list[Field], phrases: Phrases, year: int | None) -> Local:
    said = _said(head)
    texts = [cell.text for cell in cells if cell.text]
    if not texts:
        return "empty" if said in ("备注", "说明") else ""
    if (said in _NUMBERED or not head.text) and _ascends(texts):
        return "serial"
    shares = all(_SHARE.fullmatch(text) for text in texts)
    if shares and (_SHARED.fullmatch(said) or (not said and head.text.strip("()") == "%")):
        return (
            "share"
            if all(t.endswith("%") for t in texts) or "%" in head.text or _parts(texts)
            else ""
        )
    return "earlier" if _is_earlier(head.text, phrases, year) else ""


def _ascends(texts: list[str]) -> bool:
    numbers = [int(text) if text.isascii() and text.isdigit() else -1 for text in texts]
    return (
        len(numbers) >= _FEWEST_SERIAL
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] in (0, 1)
    )


def _parts(texts: list[str]) -> bool:
    """Whether figures without a sign are shares: none is above a hundred, and some have decimals."""
    bare = [float(text.rstrip("%")) for text in texts]
    return max(bare) <= 100 and any("." in text for text in texts)


def _is_earlier(text: str, phrases: Phrases, year: int | None) -> bool:
    """Whether a header says that its column is an earlier year's, and of what."""
    text = _BRACKETED.sub("", text).replace(" ", "")
    told = _YEAR.match(text)
    if told is not None:
        if year is None or int(told[1]) >= year:
            return False
        rest = text[told.end() :]
    else:
        match = _EARLIER.match(text)
        if match is None:
            return False
        rest = text[match.end() :]
    rest = squeeze(rest)
    stems = {_THIS_YEAR.sub("", phrase) for said in phrases.values() for phrase in said}
    return _COUNTED.fullmatch(rest) is not None or rest in stems
