"""Tables whose cells are named by other words than a label before and a header over them.

Table 三 with a row for each applicant, table 四 in one row or in three, its suits in whatever order or
across, a small table for each suit, and lists in which every figure follows the name of its column. Taken
only where the words name every cell of the table once.
"""

from __future__ import annotations

from verify.forms import Table
from verify.labels import spelled
from verify.layout import Layout
from verify.match.crossings import (
    Crossed,
    cells_of,
    columns_of_table,
    label_of,
    name_of,
    piece_of,
    pieces_of,
)
from verify.match.grid import Field, Line, lines_of
from verify.match.names import row_phrases
from verify.match.suits import suits_by_lines, suits_in_flow
from verify.placement import Piece
from verify.stream import Segment
from verify.zones import Zone


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
    flowing = suits_in_flow(zone, layout, table) if suits else None
    if flowing is not None:
        return flowing
    lines = lines_of(zone, layout.stream, bare="words")
    if not lines:
        return None
    if suits:
        found = suits_by_lines(lines, table)
        fielded = any(e.fielded for segment in zone.segments for e in segment.entries)
        return found if fielded or (found and found.cells) else None
    return _across(lines, table)


_FEW_ROWS = 4


# --- a row for each column of the form ---


def _across(lines: list[Line], table: Table) -> Crossed | None:
    """Columns as rows, rows as columns."""
    rows, columns = row_phrases(table), columns_of_table(table)
    below = [line for line in lines if line.has_cells]
    above = lines[: lines.index(below[0])]
    if len(below) != len(columns):
        return None
    labels = [label_of(line) for line in below]
    names = [name_of(one, columns, alike=False) if one else None for one in labels]
    if None in names or len(set(names)) < len(columns):
        return None
    heads: list[Field] = []
    for line in reversed(above):
        fields = [f for f in line.fields if f.text]
        if len(fields) + len(heads) > len(rows) + 1:
            break
        heads = fields + heads
    ids = [name_of(one, rows, alike=False) for one in heads]
    if len(heads) == len(rows) + 1 and ids[0] is None:
        ids = ids[1:]
    if None in ids or sorted(filter(None, ids)) != sorted(rows):
        return None
    cells: dict[str, Piece | None] = {}
    for line, column in zip(below, names, strict=True):
        across = cells_of(line, len(rows))
        pieces = pieces_of(across) if across else None
        if pieces is None:
            return None
        cells.update({f"{table.id}.{row}.{column}": p for row, p in zip(ids, pieces, strict=True)})
    return Crossed(cells)


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
            cells[f"{table.id}.{row}.{column}"] = piece_of(segment.entries[0])
    return Crossed(cells)


def _column_before(segment: Segment, table: Table) -> tuple[str, str] | None:
    """The column whose name stands right before a figure, and the name."""
    text = spelled("".join(segment.words))
    ends = [
        (len(phrase), id, phrase)
        for id, said in columns_of_table(table).items()
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
