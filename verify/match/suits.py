"""Table 四 by all its words: in one row or in three, its suits in whatever order, or across."""

from __future__ import annotations

from collections.abc import Sequence

from verify.fold import fold_text
from verify.forms import Table
from verify.labels import squeeze
from verify.layout import Layout
from verify.match.crossings import (
    Crossed,
    cells_of,
    columns_of_table,
    label_of,
    name_of,
    piece_of,
    pieces_of,
    rows_of_table,
)
from verify.match.grid import Field, Line, lines_of
from verify.match.names import Phrases, all_named, named
from verify.placement import Piece, is_glued
from verify.zones import Zone


def suits_by_lines(lines: list[Line], table: Table) -> Crossed | None:
    """Table 四 whose lines keep fields; None where it is laid out in no known way."""
    below = [line for line in lines if line.has_cells]
    width = len(table.rows[0].columns)
    whole = width * len(table.rows)
    if len(below) == 1 and (fields := cells_of(below[0], whole)):
        heads = _one_row(lines[: lines.index(below[0])], table)
        return _filled([(heads, fields)], table) if heads is not None else None
    if len(below) == len(table.rows):
        return _in_rows(lines, table)
    if len(below) == width:
        return _outcomes_as_rows(lines, below, table)
    return None


def suits_in_flow(zone: Zone, layout: Layout, table: Table) -> Crossed | None:
    """Table 四 with one cell a line: its words name its cells in the order in which they stand."""
    runs = [segment.entries for segment in zone.segments if segment.entries]
    rows, columns = rows_of_table(table), columns_of_table(table)
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
        i
        for i, f in enumerate(words)
        if _outcome(f, columns) or name_of(f, rows, alike=True) in own
    ]
    last = max((i for i in inner if not _outcome(words[i], columns)), default=-1) + 1
    levels = [words[: inner[0]], words[inner[0] : last], words[max(last, inner[0]) :]]
    named_all = _over([level for level in levels if level], table)
    if named_all is None or any(None in pair for pair in named_all):
        return None
    cells = {
        f"{table.id}.{row}.{column}": piece_of(entry)
        for (row, column), entry in zip(named_all, runs[0], strict=True)
    }
    return Crossed({**cells}) if len(cells) == whole else None


_Heads = list[tuple[str | None, str | None]]


def _filled(parts: Sequence[tuple[_Heads, Sequence[Field]]], table: Table) -> Crossed | None:
    """The cells, where the heads name every one of them once; else what they leave open."""
    cells: dict[str, Piece | None] = {}
    for heads, fields in parts:
        pieces = pieces_of(fields)
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
    phrases = columns_of_table(table)
    found = all_named([f.words for f in fields], phrases, alike=True)
    rest = [id for id in phrases if id not in found]
    if found.count(None) == 1 == len(rest):
        found[found.index(None)] = rest[0]
    return found


def _one_row(above: list[Line], table: Table) -> _Heads | None:
    """What heads the cells of table 四 in one row: suits over outcomes, in the order of the words."""
    rows, columns = rows_of_table(table), columns_of_table(table)
    levels = [[f for f in line.fields if f.text] for line in above]
    levels = [level for level in levels if any(_is_head(f, rows, columns, table) for f in level)]
    return _over(levels, table) if levels else None


def _over(levels: list[list[Field]], table: Table) -> _Heads | None:
    columns = columns_of_table(table)
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
    rows = rows_of_table(table)
    said = {squeeze(fold_text(group)) for group in groups}
    own = [row.id for row in table.rows if row.group]
    single = {id: said for id, said in rows.items() if id and id not in own}
    if len(levels) == 1:
        return [name_of(f, rows, alike=True) for f in levels[0] if f.words not in said]
    if len(levels) != 2:
        return []
    upper, lower = levels
    if not any(f.words in said for f in upper) and len(upper) == 2:
        marked = [f for f in upper if name_of(f, single, alike=False)]
        if len(marked) != 1:
            return []
        group = upper[1 - upper.index(marked[0])]
    else:
        found = [f for f in upper if f.words in said]
        if not found:
            return []
        group = found[0]
        upper = [f for f in upper if f.words not in said or f is group]
    inside = [name_of(f, rows, alike=True) for f in lower]
    inside = [id for id in inside if id in own] if len(inside) > len(own) else inside
    result: list[str | None] = []
    for one in upper:
        result += inside if one is group else [name_of(one, rows, alike=True)]
    return result


def _outcome(one: Field, columns: Phrases) -> bool:
    return named(one.words, columns, alike=True) is not None


def _is_head(one: Field, rows: Phrases, columns: Phrases, table: Table) -> bool:
    words = one.words
    groups = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    return words in groups or _outcome(one, columns) or bool(named(words, rows, alike=True))


def _in_rows(lines: list[Line], table: Table) -> Crossed | None:
    """A row for each suit, under one header or each under its own."""
    rows, columns = rows_of_table(table), columns_of_table(table)
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
                told = [id for f in level if (id := name_of(f, rows, alike=False))]
                suit = told[-1] if told else suit
            continue
        fields = cells_of(line, width)
        if fields is None or len(heads) != width:
            return None
        label = label_of(line)
        own = name_of(label, rows, alike=True) if label else suit
        if own is None:
            return None
        parts.append(([(own, column) for column in heads], fields))
        suit = None
    return _filled(parts, table)


def _outcomes_as_rows(lines: list[Line], below: list[Line], table: Table) -> Crossed | None:
    """A row for each outcome, a column for each suit."""
    rows = rows_of_table(table)
    above = lines[: lines.index(below[0])]
    labels = [label_of(line) for line in below]
    if None in labels:
        return None
    columns = _outcomes([one for one in labels if one], table)
    said = {squeeze(fold_text(row.group)) for row in table.rows if row.group}
    levels = [[f for f in line.fields if f.text] for line in above]
    levels = [
        [f for f in level if f.words in said or name_of(f, rows, alike=False)] for level in levels
    ]
    suits = _suits_of(
        [level for level in levels if level], table, {r.group for r in table.rows if r.group}
    )
    if len(suits) != len(table.rows) or None in suits or len(set(suits)) != len(table.rows):
        return None
    parts: list[tuple[_Heads, Sequence[Field]]] = []
    for line, column in zip(below, columns, strict=True):
        fields = cells_of(line, len(table.rows))
        if fields is None:
            return None
        parts.append(([(suit, column) for suit in suits], fields))
    return _filled(parts, table)
