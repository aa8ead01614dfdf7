"""From rows that were pointed at to a reading: the form, the cells, blanks, what is missing.

A model says which figures are a row's; where they fill the row one by one, or the placement is for
code to decide, `extractor.readers.cells` places them as for any reader. Cells that a model points at one
by one stand where it says. Nothing here looks at a figure's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.readers.cells import Cells, Run
from extractor.readers.excerpt import Excerpt, Part
from extractor.readers.pointers import Pointed, Pointing
from extractor.readers.sheets import COLUMNS, ROWS, edition_of
from verify.columns import column_order, grid_of
from verify.forms import DISCLOSURE, Edition, Form, Table, compose
from verify.layout import Layout
from verify.placement import Piece
from verify.proceedings import arrange
from verify.reading import BLANK, MISSING, Note, Place, Reading
from verify.stream import Kind
from verify.zones import Zone


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one printed copy of a table.

    Attributes:
        excerpt: What was shown.
        part: The copy in it.
        pointing: Rows; None when nothing usable was answered.
        disputed: Rows on which samples differ.
    """

    excerpt: Excerpt
    part: Part
    pointing: Pointing | None
    disputed: frozenset[int] = frozenset()

    @property
    def zone(self) -> Zone:
        """The copy."""
        return self.part.zone


def assemble(layout: Layout, told: Sequence[Told], reader: str) -> Reading:
    """The reading that follows from what was told.

    Args:
        layout: The source.
        told: One for each printed copy that was asked about, in order of the source; the first of
            a table is read, further ones are its copies.
        reader: Name of the reader.
    """
    first: dict[str, Told] = {}
    for one in told:
        first.setdefault(one.zone.table, one)
    repeated = [one for one in told if first[one.zone.table] is not one]
    two, three = (_edition(first.get(table)) for table in ("proactive", "requests"))
    form = compose(two or three or "2021", three or two or "2021")
    notes = () if two or three else (Note("form_assumed"),)
    main = _cells(layout, form, list(first.values()))
    repeats = tuple(_cells(layout, form, [one]) for one in repeated)
    return Reading(form, main, repeats, notes, reader)


def _cells(layout: Layout, form: Form, told: Sequence[Told]) -> dict[str, Place]:
    cells = Cells(layout, form)
    for one in told:
        _place(one, cells)
    return cells.choose()


def _edition(told: Told | None) -> Edition | None:
    """The edition that rows tell, or the height of columns."""
    if told is None or told.pointing is None:
        return None
    if not told.pointing.columns or told.zone.table != "requests":
        return edition_of(told.zone.table, told.pointing.told)
    marked = map(told.excerpt.candidate, told.pointing.columns.values())
    heights = {len(candidate.entries) for candidate in marked if candidate}
    editions: tuple[Edition, ...] = ("2021", "2019")
    fits = (one for one in editions if heights == {len(DISCLOSURE.tables["requests"][one].rows)})
    return next(fits, None)


def _place(told: Told, cells: Cells) -> None:
    pointing = told.pointing
    if pointing is None:
        return
    table = cells.form.table(told.zone.table)
    if pointing.columns:
        _by_column(told, pointing.columns, table, cells)
        return
    ids = {id: number for number, id in ROWS[table.id].items() if number in pointing.told}
    if table.id == "proceedings":
        _proceedings(told, pointing, table, cells)
    else:
        _rows(told, pointing, ids, table, cells)
    for row in table.rows:
        number = ids.get(row.id)
        if number is not None and number in pointing.cells:
            _cell_by_cell(table.cells(row), pointing.cells[number], told, cells)
    for row in table.rows:
        number = ids.get(row.id)
        if number in told.disputed:
            candidate = told.excerpt.candidate(pointing.mark_of(number))
            entries = candidate.entries if candidate else ()
            cells.doubt(table.cells(row), entries, "votes_differ")


def _rows(
    told: Told, pointing: Pointing, ids: Mapping[str, int], table: Table, cells: Cells
) -> None:
    runs: dict[str, Run] = {}
    header = column_order(told.zone, table)
    blank = set()
    for row in table.rows:
        number = ids.get(row.id)
        if number is None:
            continue
        if number in pointing.bare:
            blank.add(row.id)
        candidate = told.excerpt.candidate(pointing.rows.get(number, 0))
        if candidate is None:
            continue
        order = tuple(number - min(COLUMNS[table.id]) for number in pointing.order)
        by_header = header.order(row) if header else None
        if len(order) == len(row.columns) == len(candidate.entries) and order != by_header:
            names = table.cells(row)
            for index, entry in zip(order, candidate.entries, strict=True):
                cells.put(names[index], entry.kind, entry.start, entry.end)
            continue
        runs[row.id] = Run(candidate.entries, candidate.segment)
    cells.rows(told.zone, table, runs, blank=blank)


def _by_column(told: Told, columns: Mapping[int, int], table: Table, cells: Cells) -> None:
    """A table printed column by column: entry i of a column's run stands in row i."""
    for number, mark in columns.items():
        candidate = told.excerpt.candidate(mark)
        if candidate is None or len(candidate.entries) != len(table.rows):
            continue
        index = number - min(COLUMNS[table.id])
        for row, entry in zip(table.rows, candidate.entries, strict=True):
            cells.put(table.cells(row)[index], entry.kind, entry.start, entry.end)


def _proceedings(told: Told, pointing: Pointing, table: Table, cells: Cells) -> None:
    """Table 四: as its runs are arranged where the marks say the same, else as the marks say."""
    marked = [told.excerpt.candidate(mark) for _, mark in sorted(pointing.rows.items())]
    flat = [entry for candidate in marked if candidate for entry in candidate.entries]
    everything = [entry for segment in told.zone.segments for entry in segment.entries]
    same = len(flat) == len(everything) and all(
        a is b for a, b in zip(flat, everything, strict=True)
    )
    if same and not pointing.cells and arrange(told.zone, table) is not None:
        cells.proceedings(told.zone)
        return
    for number, mark in pointing.rows.items():
        row = next(row for row in table.rows if row.id == ROWS["proceedings"][number])
        candidate = told.excerpt.candidate(mark)
        if candidate is not None:
            names = table.cells(row)
            kinds = tuple(column.kind for column in row.columns)
            cells.row(names, kinds, Run(candidate.entries, candidate.segment), None)


def _cell_by_cell(
    names: tuple[str, ...], pointed: Sequence[Pointed], told: Told, cells: Cells
) -> None:
    if len(names) != len(pointed):
        return
    marks = {cell.mark for cell in pointed if cell.mark}
    candidate = told.excerpt.candidate(marks.pop()) if len(marks) == 1 else None
    if candidate is not None:
        pieces = [
            Piece(Kind(cell.kind), cell.start, cell.end)
            if cell.kind is not None and cell.mark
            else None
            for cell in pointed
        ]
        grid = grid_of(told.zone, len(names))
        if cells.pointed(names, Run(candidate.entries, candidate.segment), grid, pieces):
            return
    for name, cell in zip(names, pointed, strict=True):
        if cell.kind is None:
            cells.places[name] = MISSING
        elif not cell.mark:
            cells.places[name] = BLANK
        else:
            cells.put(name, Kind(cell.kind), cell.start, cell.end)
