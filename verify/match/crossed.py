"""Tables whose cells are named by other words than a label before and a header over them.

Table 三 with a row for each applicant, table 四 in one row or in three, its suits in whatever order or
across, a small table for each suit, and lists in which every figure follows the name of its column. Taken
only where the words name every cell of the table once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verify.fold import fold_text
from verify.forms import Table
from verify.labels import spelled, squeeze
from verify.layout import Layout
from verify.match.grid import Field, Line, lines_of
from verify.match.names import Phrases, all_named, named, phrases_of, row_phrases
from verify.placement import Piece, is_glued
from verify.stream import Entry, Segment
from verify.zones import Zone

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


def crossed(layout: Layout, zone: Zone, table: Table) -> Crossed | None:
    """The cells of a table by all the words that name them; None where it is no such table."""
    key = ("crossed", table.edition)
    if key not in zone.matched:
        zone.matched[key] = _crossed(layout, zone, table)
    found: Crossed | None = zone.matched[key]
    return found


def _crossed(layout: Layout, zone: Zone, table: Table) -> Crossed | None:
    if not table.is_uniform:
        return None
    listed = _listed(zone, table)
    if listed is not None:
        return listed
    suits = any(row.group for row in table.rows) and len(table.rows) <= _FEW_ROWS
    flowing = _flow(zone, layout, table) if suits else None
    if flowing is not None:
        return flowing
    lines = lines_of(zone, layout.stream, bare="words")
    if not lines:
        return None
    if suits:
        found = _suits(lines, table)
        fielded = any(e.fielded for segment in zone.segments for e in segment.entries)
        return found if fielded or (found and found.cells) else None
    return _across(lines, table)


_FEW_ROWS = 4


def _columns(table: Table) -> dict[str, tuple[str, ...]]:
    return phrases_of(table.rows[0].columns)


def _rows(table: Table) -> dict[str, tuple[str, ...]]:
    """What the rows of a table are called, and the groups of rows under the empty id."""
    groups = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    return {**row_phrases(table), "": tuple(groups)}


def _name(one: Field, phrases: Phrases, *, alike: bool) -> str | None:
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


def _pieces(fields: Sequence[Field]) -> list[Piece | None] | None:
    """What fills some cells; None where one holds several things."""
    if any(len(f.entries) > 1 or (f.entries and is_glued(f.entries[0].text)) for f in fields):
        return None
    return [f.piece for f in fields]


# --- a row for each column of the form ---


def _across(lines: list[Line], table: Table) -> Crossed | None:
    """Columns as rows, rows as columns."""
    rows, columns = row_phrases(table), _columns(table)
    below = [line for line in lines if line.has_cells]
    above = lines[: lines.index(below[0])]
    if len(below) != len(columns):
        return None
    labels = [_label(line) for line in below]
    names = [_name(one, columns, alike=False) if one else None for one in labels]
    if None in names or len(set(names)) < len(columns):
        return None
    heads: list[Field] = []
    for line in reversed(above):
        fields = [f for f in line.fields if f.text]
        if len(fields) + len(heads) > len(rows) + 1:
            break
        heads = fields + heads
    ids = [_name(one, rows, alike=False) for one in heads]
    if len(heads) == len(rows) + 1 and ids[0] is None:
        ids = ids[1:]
    if None in ids or sorted(filter(None, ids)) != sorted(rows):
        return None
    cells: dict[str, Piece | None] = {}
    for line, column in zip(below, names, strict=True):
        across = _cells(line, len(rows))
        pieces = _pieces(across) if across else None
        if pieces is None:
            return None
        cells.update({f"{table.id}.{row}.{column}": p for row, p in zip(ids, pieces, strict=True)})
    return Crossed(cells)


def _label(line: Line) -> Field | None:
    """The last field of words before the cells of a line."""
    found = None
    for one in line.fields:
        if one.entries:
            break
        if len(one.words) > 1:
            found = one
    return found


def _cells(line: Line, width: int) -> list[Field] | None:
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


# --- table 四 ---


def _suits(lines: list[Line], table: Table) -> Crossed | None:
    below = [line for line in lines if line.has_cells]
    width = len(table.rows[0].columns)
    whole = width * len(table.rows)
    if len(below) == 1 and (fields := _cells(below[0], whole)):
        heads = _one_row(lines[: lines.index(below[0])], table)
        return _filled([(heads, fields)], table) if heads is not None else None
    if len(below) == len(table.rows):
        return _in_rows(lines, table)
    if len(below) == width:
        return _outcomes_as_rows(lines, below, table)
    return None


def _flow(zone: Zone, layout: Layout, table: Table) -> Crossed | None:
    """Table 四 with one cell a line: its words name its cells in the order in which they stand."""
    runs = [segment.entries for segment in zone.segments if segment.entries]
    rows, columns = _rows(table), _columns(table)
    whole = len(columns) * len(table.rows)
    if len(runs) != 1 or len(runs[0]) != whole or len({e.line for e in runs[0]}) < whole:
        return None
    if any(is_glued(e.text) for e in runs[0]):
        return None
    lines = lines_of(zone, layout.stream, bare="lines")
    above = [line for line in lines if line.number < runs[0][0].line]
    words = [f for line in above for f in line.fields if f.text]
    heads = [_is_head(f, rows, columns, table) for f in words]
    if True not in heads or not all(heads[heads.index(True) :]):
        return None
    words = words[heads.index(True) :]
    own = [row.id for row in table.rows if row.group]
    inner = [
        i for i, f in enumerate(words) if _outcome(f, columns) or _name(f, rows, alike=True) in own
    ]
    last = max((i for i in inner if not _outcome(words[i], columns)), default=-1) + 1
    levels = [words[: inner[0]], words[inner[0] : last], words[max(last, inner[0]) :]]
    named_all = _over([level for level in levels if level], table)
    if named_all is None or any(None in pair for pair in named_all):
        return None
    cells = {
        f"{table.id}.{row}.{column}": _of(entry)
        for (row, column), entry in zip(named_all, runs[0], strict=True)
    }
    return Crossed({**cells}) if len(cells) == whole else None


_Heads = list[tuple[str | None, str | None]]


def _filled(parts: Sequence[tuple[_Heads, Sequence[Field]]], table: Table) -> Crossed | None:
    """The cells, where the heads name every one of them once; else what they leave open."""
    cells: dict[str, Piece | None] = {}
    for heads, fields in parts:
        pieces = _pieces(fields)
        if pieces is None:
            return None
        for (row, column), piece in zip(heads, pieces, strict=True):
            if row is None or column is None:
                return Crossed(None)
            cells[f"{table.id}.{row}.{column}"] = piece
    every = {name for row in table.rows for name in table.cells(row)}
    return Crossed(cells if cells.keys() == every else None)


def _outcomes(fields: Sequence[Field], table: Table) -> list[str | None]:
    """The columns that headers name; the one left over for the one that names none."""
    phrases = _columns(table)
    found = all_named([f.words for f in fields], phrases, alike=True)
    rest = [id for id in phrases if id not in found]
    if found.count(None) == 1 == len(rest):
        found[found.index(None)] = rest[0]
    return found


def _one_row(above: list[Line], table: Table) -> _Heads | None:
    """What heads the cells of table 四 in one row: suits over outcomes, in the order of the words."""
    rows, columns = _rows(table), _columns(table)
    levels = [[f for f in line.fields if f.text] for line in above]
    levels = [level for level in levels if any(_is_head(f, rows, columns, table) for f in level)]
    return _over(levels, table) if levels else None


def _over(levels: list[list[Field]], table: Table) -> _Heads | None:
    columns = _columns(table)
    width = len(columns)
    leaves = levels.pop()
    direct: list[Field] = []
    if levels and any(_outcome(f, columns) for f in levels[-1]):  # of a suit without levels
        inner = [f for f in levels[-1] if not _outcome(f, columns)]
        direct = [f for f in levels[-1] if _outcome(f, columns)]
        if len(direct) != width or not levels[:-1]:
            return None
        at = levels[-1].index(direct[0])
        if levels[-1][at : at + width] != direct or at not in (0, len(inner)):
            return None
        leaves = [*leaves[: at * width], *direct, *leaves[at * width :]]
        levels[-1] = inner
    if len(leaves) != width * len(table.rows):
        return None
    groups = {row.group for row in table.rows if row.group}
    suits: list[str | None] = [row.id for row in table.rows]  # no words tell another order
    if levels:
        suits = _suits_of(levels, table, groups)
    if len(suits) != len(table.rows) or None in suits or len(set(suits)) != len(table.rows):
        return None
    return [
        (suit, column)
        for i, suit in enumerate(suits)
        for column in _outcomes(leaves[i * width : (i + 1) * width], table)
    ]


def _suits_of(levels: list[list[Field]], table: Table, groups: set[str]) -> list[str | None]:
    """The suits in printed order, those of a group in the place of its header."""
    rows = _rows(table)
    said = {squeeze(fold_text(group)) for group in groups}
    own = [row.id for row in table.rows if row.group]
    single = {id: said for id, said in rows.items() if id and id not in own}
    if len(levels) == 1:
        return [_name(f, rows, alike=True) for f in levels[0] if f.words not in said]
    if len(levels) != 2:
        return []
    upper, lower = levels
    if not any(f.words in said for f in upper) and len(upper) == 2:
        marked = [f for f in upper if _name(f, single, alike=False)]
        if len(marked) != 1:
            return []
        group = upper[1 - upper.index(marked[0])]
    else:
        found = [f for f in upper if f.words in said]
        if not found:
            return []
        group = found[0]
        upper = [f for f in upper if f.words not in said or f is group]
    inside = [_name(f, rows, alike=True) for f in lower]
    inside = [id for id in inside if id in own] if len(inside) > len(own) else inside
    result: list[str | None] = []
    for one in upper:
        result += inside if one is group else [_name(one, rows, alike=True)]
    return result


def _outcome(one: Field, columns: Phrases) -> bool:
    return named(one.words, columns, alike=True) is not None


def _is_head(one: Field, rows: Phrases, columns: Phrases, table: Table) -> bool:
    words = one.words
    groups = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    return words in groups or _outcome(one, columns) or bool(named(words, rows, alike=True))


def _in_rows(lines: list[Line], table: Table) -> Crossed | None:
    """A row for each suit, under one header or each under its own."""
    rows, columns = _rows(table), _columns(table)
    width = len(columns)
    heads: list[str | None] = []
    suit: str | None = None
    parts: list[tuple[_Heads, Sequence[Field]]] = []
    for line in lines:
        if not line.has_cells:
            level = [f for f in line.fields if f.text]
            named_here = [f for f in level if _outcome(f, columns)]
            if len(named_here) * 2 > width:
                heads = _outcomes(level[-width:], table) if len(level) >= width else []
            else:
                told = [id for f in level if (id := _name(f, rows, alike=False))]
                suit = told[-1] if told else suit
            continue
        fields = _cells(line, width)
        if fields is None or len(heads) != width:
            return None
        label = _label(line)
        own = _name(label, rows, alike=True) if label else suit
        if own is None:
            return None
        parts.append(([(own, column) for column in heads], fields))
        suit = None
    return _filled(parts, table)


def _outcomes_as_rows(lines: list[Line], below: list[Line], table: Table) -> Crossed | None:
    """A row for each outcome, a column for each suit."""
    rows = _rows(table)
    above = lines[: lines.index(below[0])]
    labels = [_label(line) for line in below]
    if None in labels:
        return None
    columns = _outcomes([one for one in labels if one], table)
    said = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    levels = [[f for f in line.fields if f.text] for line in above]
    levels = [
        [f for f in level if f.words in said or _name(f, rows, alike=False)] for level in levels
    ]
    suits = _suits_of(
        [level for level in levels if level], table, {r.group for r in table.rows if r.group}
    )
    if len(suits) != len(table.rows) or None in suits or len(set(suits)) != len(table.rows):
        return None
    parts: list[tuple[_Heads, Sequence[Field]]] = []
    for line, column in zip(below, columns, strict=True):
        fields = _cells(line, len(table.rows))
        if fields is None:
            return None
        parts.append(([(suit, column) for suit in suits], fields))
    return _filled(parts, table)


# --- every figure after the name of its column ---


def _listed(zone: Zone, table: Table) -> Crossed | None:
    """Rows of pairs: the label, then for every column its name and its figure."""
    width = len(table.rows[0].columns)
    segments = [segment for segment in zone.segments if segment.entries]
    if len(segments) != width * len(table.rows) or any(len(s.entries) > 1 for s in segments):
        return None
    names = [_column_before(segment, table) for segment in segments]
    if None in names:
        return None
    cells: dict[str, Piece | None] = {}
    seen: list[str] = []
    for at in range(0, len(segments), width):
        run = segments[at : at + width]
        columns = [one for one in names[at : at + width] if one]
        row = _row_before(run[0], table)
        further = any(_says_more(segment, table) for segment in run[1:])
        if row is None or row in seen or further or len({c for c, _ in columns}) < width:
            return None
        seen.append(row)
        for segment, (column, _) in zip(run, columns, strict=True):
            cells[f"{table.id}.{row}.{column}"] = _of(segment.entries[0])
    return Crossed(cells)


def _of(entry: Entry) -> Piece:
    return Piece(entry.kind, entry.start, entry.end)


def _column_before(segment: Segment, table: Table) -> tuple[str, str] | None:
    """The column whose name stands right before a figure, and the name."""
    text = spelled("".join(segment.words))
    ends = [
        (len(phrase), id, phrase)
        for id, said in _columns(table).items()
        for phrase in said
        if text.endswith(phrase)
    ]
    return max(ends)[1:] if ends else None


def _before(segment: Segment, table: Table) -> str:
    """What a text says before the name of a column at its end."""
    found = _column_before(segment, table)
    text = spelled("".join(segment.words))
    return text.removesuffix(found[1]) if found else text


def _says_more(segment: Segment, table: Table) -> bool:
    return bool(_before(segment, table))


def _row_before(segment: Segment, table: Table) -> str | None:
    """The row whose label stands before the first pair."""
    text = _before(segment, table)
    ends = [
        (len(phrase), id)
        for id, said in row_phrases(table).items()
        for phrase in said
        if text.endswith(phrase)
    ]
    return max(ends)[1] if ends else None
