"""The cells of tables 二 and 三 by the headers over them.

The header of table 三 has two levels, and exports leave out the empty fields of merged cells: the words of
the lower level stand for the one group in the upper. A header names its column wherever it stands; a
further column under words of its own is local and takes none of the form's cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from verify.fold import fold_text
from verify.forms import Table
from verify.headers import GROUPED, UPPER
from verify.labels import squeeze
from verify.layout import Layout
from verify.match.blocks import (
    Block,
    Columns,
    Head,
    filled,
    said_by,
    shape_of,
    under,
    without_tail,
)
from verify.match.grid import Field, Line, lines_of
from verify.match.local import FEWEST_SERIAL, ascends, explain
from verify.match.names import Phrases, all_named, named, phrases_of, row_phrases
from verify.stream import Stream
from verify.zones import Zone

_FEWEST_HEADERS = 2


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
            explain(block, phrases, year)
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
            if len(above := _merged([filled(one) for one in pending], words, phrases)) == len(
                every
            ):
                ids = all_named([said_by(f) for f in above], phrases, alike=True)
                official = tuple(id for id in ids if id)
            if rows:
                close()
            header, rows, pending, aside = numbered, [], [], []
        elif _is_header(line, phrases, words, tied=tied):
            between = [
                named(said_by(f), phrases, alike=False) for other in aside for f in other.fields
            ]
            pending = (
                [line] if any(between) else [*pending, line]
            )  # a stray header parts the levels
            aside = []
        else:
            aside.append(line)
    close()
    return found if found.blocks else None


def _is_header(line: Line, phrases: Phrases, words: frozenset[str], *, tied: bool) -> bool:
    fields = [said_by(f) for f in line.fields if f.is_label and f.words not in words]
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
    heads = _merged([filled(line) for line in header], words, phrases)
    if not heads or not rows:
        return None
    ids = all_named([said_by(f) for f in heads], phrases, alike=tied)
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
    shape = shape_of(rows, len(heads))
    alike: set[int] = set()
    for labelled in (True, False):  # a row that lost its label is told by the others
        for line in rows:
            own = any(f.is_label for f in line.fields)
            if own != labelled or not (labelled or len(line.fields) in alike):
                continue
            fields = under(line, shape, labels)
            if fields is not None:
                block.rows[line.number] = fields
                alike.add(len(line.fields))
    if 2 * len(block.rows) < sum(len(line.fields) > len(heads) for line in rows):
        block.rows = {n: f for n, f in block.rows.items() if all(one.entries for one in f)}
    if not heads[0].text and not ascends([fields[0].text for fields in block.rows.values()]):
        return None
    return block if block.rows else None


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
    fields = filled(line)
    last = named(said_by(fields[-1]), phrases, alike=False) if fields else None
    if last is not None:
        fields = fields[:-1]
    found = [_NUMBER.fullmatch(f.text) for f in fields]
    while found and found[0] is None:
        found, fields = found[1:], fields[1:]
    told = [m for m in found if m]
    if len(told) < max(FEWEST_SERIAL, len(found)) or len({m[1] for m in told}) > 1:
        return None
    if [int(m[2]) for m in told] != list(range(1, len(told) + 1)):
        return None
    return _Numbered((*fields, filled(line)[-1]) if last else tuple(fields), last)


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
    shape = shape_of(rows, len(ids))
    for line in rows:
        fields = under(line, shape, labels)
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
        inside = [named(said_by(f), phrases, alike=True) in GROUPED for f in lower]
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
        fields = without_tail(line.fields)
        labels = [i for i, f in enumerate(fields) if f.is_label]
        if labels:
            fields = fields[labels[-1] + 1 :]
            while fields and not fields[0].text:
                fields = fields[1:]
        if fields and all(f.text for f in fields):
            widths[len(fields)] += 1
    return widths.most_common(1)[0][0] if widths else None


# --- columns of their own ---
