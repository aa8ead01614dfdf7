"""A table 三 printed column by column: every run holds one column, under its own header.

Taken only where nothing is left to guess: one run for each column with one entry for each row, right
under a header that is verbatim, all headers different, and the labels of all rows printed verbatim in
the order of the form, once, before the first run or after the last.
"""

from __future__ import annotations

from verify.forms import Table
from verify.labels import spelled, squeeze
from verify.marks import Mark
from verify.placement import Piece
from verify.reading import Place, Span
from verify.stream import Entry, Kind, Segment, Stream
from verify.zones import Zone

_UPPER = "法人或其他组织"
_KINDS = {Kind.FIGURE: "span", Kind.BLANK: "blank", Kind.OTHER: "doubt"}


def by_column(zone: Zone, table: Table) -> dict[str, Entry] | None:
    """The entry of each cell of a table printed column by column, or None for any other."""
    columns = table.rows[0].columns
    runs = zone.segments
    if table.id != "requests" or len(runs) != len(columns):
        return None
    if any(len(run.entries) != len(table.rows) for run in runs):
        return None
    phrases = {squeeze(p): c.id for c in columns for p in (c.label, *c.variants)}
    headers = [_header(run, phrases, first=i == 0) for i, run in enumerate(runs)]
    if None in headers or len(set(headers)) < len(columns):
        return None
    if _lists_rows(runs[0].marks, table) == (
        zone.after is not None and _lists_rows(zone.after.marks, table)
    ):
        return None  # nowhere, or twice
    if zone.after is not None and zone.after.marks and zone.after.marks[0].kind == "column":
        return None  # the headers may stand after their runs
    return {
        f"{table.id}.{row.id}.{column}": run.entries[i]
        for column, run in zip(headers, runs, strict=True)
        for i, row in enumerate(table.rows)
    }


def _header(run: Segment, phrases: dict[str, str], *, first: bool) -> str | None:
    """The column whose header stands right before a run, and before later runs nothing else."""
    text = spelled("".join(run.words))
    if not first:
        return phrases.get(text.removeprefix(_UPPER))
    ending = [phrase for phrase in phrases if text.endswith(phrase)]
    return phrases[max(ending, key=len)] if ending else None


def _lists_rows(marks: tuple[Mark, ...], table: Table) -> bool:
    """Whether the labels of all rows stand in a text, verbatim, once, in the order of the form."""
    index = table.places
    found: list[int] = []
    for mark in marks:
        if mark.kind in ("heading", "end", "title") and found:
            break
        if mark.kind == "row" and table.id in mark.tables:
            ids = mark.ids & index.keys()
            if ids and (mark.likeness < 1 or len(ids) > 1):
                return False
            found += [index[id] for id in ids]
    return found == list(range(len(table.rows)))


def stands_there(place: Place | None, piece: Piece | None, stream: Stream) -> bool:
    """Whether a reading says of a cell what fills it, or doubts it."""
    if place is None:
        return False
    if place.where == "doubt":
        return True
    if piece is None:
        return place.where == "blank" and place.span is None
    span: Span = stream.span(piece.start, piece.end)
    return place.where == _KINDS[piece.kind] and place.span == span
