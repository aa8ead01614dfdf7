"""Rows whose printed number is another row's than their words', and lines that are all cut at one length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verify.forms import Form, Table
from verify.layout import Layout
from verify.reading import Reading

_NUMBER = re.compile(r"(?<![0-9.])([0-9]{1,2}) ?[.、](?![0-9])[^0-9]*\Z")
_NEAR = 120  # characters before the figures of a row, in which its number stands
_FEWEST = 3  # lines that end alike
_LONG = 20  # characters
_PADDED = re.compile(r"\S {2,}\S")


def misnumbered(layout: Layout, reading: Reading, form: Form) -> Iterator[str]:
    """The cells of rows in another order than the form's that bear another row's number.

    Either the words or the number may be exchanged; which of them is not told.
    """
    text = layout.stream.folded.text
    for table in form.tables:
        rows = _rows_as_printed(layout, reading, table) if table.is_uniform else []
        places = [table.places[row] for _, _, row in rows]
        if places == sorted(places):
            continue
        above = 0
        for start, end, row in rows:
            own = re.sub(r"[^0-9]", "", table.rows[table.places[row]].ordinal)
            printed = _NUMBER.search(text, max(above, start - _NEAR), start)
            above = end
            if own and printed and printed[1] != own:
                yield from table.cells(table.rows[table.places[row]])


def _rows_as_printed(layout: Layout, reading: Reading, table: Table) -> list[tuple[int, int, str]]:
    """Where the cells of each row begin and end in the folded text, in the order of the source."""
    found = []
    for row in table.rows:
        spans = [span for name in table.cells(row) if (span := reading.place(name).span)]
        if spans:
            places = [layout.stream.folded.place(*span) for span in spans]
            found.append((min(places)[0], max(places)[1], row.id))
    return sorted(found)


def ends_of_cut_lines(layout: Layout, reading: Reading) -> list[str]:
    """The last cells of lines that end alike where none is longer: a converter cut them, and their figures."""
    text = layout.stream.folded.text
    last: dict[int, tuple[int, str]] = {}
    for name, place in reading.places.items():
        if place.span is None:
            continue
        start, end = layout.stream.folded.place(*place.span)
        line = text.rfind("\n", 0, start) + 1
        if end > last.get(line, (0, ""))[0]:
            last[line] = (end, name)
    lengths = {
        line: (text.find("\n", end) + 1 or len(text) + 1) - 1 - line
        for line, (end, _) in last.items()
    }
    longest = max(lengths.values(), default=0)
    cut = [line for line, length in lengths.items() if length == longest]
    if len(cut) < _FEWEST or longest < _LONG:
        return []
    if any(_PADDED.search(text, line, line + longest) for line in cut):
        return []  # columns of spaces end alike
    return [last[line][1] for line in cut if text[line + longest - 1].isdigit()]
