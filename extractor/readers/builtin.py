"""The deterministic reader: no key, no network, no model.

It finds the copies of each table (`verify.zones`), decides the edition from the labels, aligns runs
to rows (`align`), places entries in cells (`verify.placement`) and returns a reading. What it cannot
decide it marks as doubtful with the reason; it never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.readers.align import Alignment, align
from extractor.readers.figure_rows import FigureRow
from verify.columns import column_order, grid_of, rows_are_short
from verify.figures import read_figure
from verify.forms import (
    PROACTIVE_2019,
    PROACTIVE_2021,
    PROCEEDINGS,
    REQUESTS_2019,
    REQUESTS_2021,
    Edition,
    Form,
    Table,
    TableId,
    ValueKind,
    compose,
)
from verify.grounding import figures_at
from verify.judging import Block, Choice, judge
from verify.layout import Layout, report_zones
from verify.placement import Option, Piece, is_summed, options
from verify.proceedings import arrange
from verify.reading import BLANK, Note, Place, Reading, Span
from verify.stream import Entry, Kind, Stream
from verify.zones import Zone, tells_row

NAME = "builtin"
_TABLES: tuple[TableId, ...] = ("proactive", "requests", "proceedings")


@dataclass
class _Copy:
    """One printed copy of a table, aligned."""

    zone: Zone
    table: Table
    edition: Edition | None
    alignment: Alignment
    after: bool = False


@dataclass
class _Cells:
    """Places found so far, and rows that wait for a choice."""

    form: Form
    places: dict[str, Place] = field(default_factory=dict)
    blocks: list[tuple[Block, Span]] = field(default_factory=list)


def read(layout: Layout) -> Reading:
    """Read a report.

    Args:
        layout: The source with its segments, zones and titles.

    Returns:
        A reading of the form that the tables show; ``form`` is None when there is no table.
    """
    stream, zones = layout.stream, layout.zones
    if not zones:
        return Reading(None, reader=NAME)
    told = report_zones(layout)
    if told is not None:
        zones = told[0]
    notes: list[Note] = []
    chosen: dict[TableId, list[_Copy]] = {
        table_id: [_best(zone) for zone in zones if zone.table == table_id] for table_id in _TABLES
    }
    two, three = chosen["proactive"], chosen["requests"]
    form, assumed = _decide_form(two[0] if two else None, three[0] if three else None)
    if assumed:
        notes.append(Note("form_assumed"))
    main = _Cells(form)
    for copies in chosen.values():
        if copies:
            _place(copies[0], form, stream, main)
    _choose(main, layout)
    repeats = []
    for copies in chosen.values():
        for copy in copies[1:]:
            again = _Cells(form)
            _place(copy, form, stream, again)
            _choose(again, layout)
            repeats.append(again.places)
    return Reading(form, main.places, tuple(repeats), tuple(notes), NAME)


# --- which copy, which edition -------------------------------------------------------------------


def _best(zone: Zone) -> _Copy:
    """Align a zone under each edition and label order, keep the cheapest."""
    candidates: list[_Copy] = []
    editions: list[tuple[Edition | None, Table]]
    if zone.table == "proceedings":
        editions = [(None, PROCEEDINGS)]
    elif zone.table == "requests":
        editions = [("2021", REQUESTS_2021), ("2019", REQUESTS_2019)]
        if _tells_three_rows(zone):
            editions.pop()
    else:
        editions = _proactive_editions(zone)
    for edition, table in editions:
        candidates.append(_Copy(zone, table, edition, align(zone, table)))
        if candidates[-1].alignment.cost == 0:
            return candidates[-1]
    for edition, table in editions:
        if _labels_follow(zone, table):
            alignment = align(zone, table, after=True)
            candidates.append(_Copy(zone, table, edition, alignment, after=True))
    sound = [copy for copy in candidates if not _imagines_rows(copy)]
    return min(sound or candidates, key=lambda copy: copy.alignment.cost)


def _imagines_rows(copy: _Copy) -> bool:
    """Three rows （六）where nothing but the word 其他 speaks for them, and not all are there."""
    if copy.table is not REQUESTS_2021:
        return False
    if _tells_three_rows(copy.zone):
        return False
    sixth = [at for at, row in enumerate(copy.table.rows) if row.id.startswith("other")]
    return any(copy.alignment.rows[at] is None for at in sixth)


def _tells_three_rows(zone: Zone) -> bool:
    """Whether a label of one of the three rows （六）is printed."""
    three = {"other_not_corrected", "other_fee_unpaid", "other_other"}
    marks = [mark for segment in zone.segments for mark in segment.marks]
    return any(mark.kind == "row" and mark.ids and mark.ids <= three for mark in marks)


def _proactive_editions(zone: Zone) -> list[tuple[Edition | None, Table]]:
    told: dict[Edition, int] = {"2019": 0, "2021": 0}
    segments = [*zone.segments, zone.after] if zone.after else zone.segments
    for segment in segments:
        for mark in segment.marks:
            if mark.kind in ("column", "row") and "proactive" in mark.tables:
                for edition, only in _ONLY_IN.items():
                    if mark.ids <= only:
                        told[edition] += 1
    both: list[tuple[Edition | None, Table]] = [
        ("2021", PROACTIVE_2021), ("2019", PROACTIVE_2019),
    ]  # fmt: skip
    if told["2019"] == told["2021"]:
        return both
    return both[:1] if told["2021"] > told["2019"] else both[1:]


def _ids(table: Table) -> frozenset[str]:
    return frozenset(
        [row.id for row in table.rows] + [c.id for row in table.rows for c in row.columns]
    )


_ONLY_IN: dict[Edition, frozenset[str]] = {
    "2019": _ids(PROACTIVE_2019) - _ids(PROACTIVE_2021),
    "2021": frozenset({"issued", "repealed", "in_force"}),
}


def _labels_follow(zone: Zone, table: Table) -> bool:
    """Whether labels may stand after their figures: none before the first run, one after the last."""

    def labelled(segment_marks: Sequence[object]) -> bool:
        return any(getattr(m, "kind", "") == "row" and table.id in getattr(m, "tables", ())
                   for m in segment_marks)  # fmt: skip

    if table.id == "proceedings":
        return False
    return (
        not labelled(zone.segments[0].marks)
        and zone.after is not None
        and labelled(zone.after.marks[:1])
    )


def _decide_form(two: _Copy | None, three: _Copy | None) -> tuple[Form, bool]:
    edition_two = two.edition if two else None
    edition_three = _edition_of_requests(three) if three else None
    assumed = edition_two is None and edition_three is None
    proactive = edition_two or edition_three or "2021"
    requests = edition_three or edition_two or "2021"
    return compose(proactive, requests), assumed


def _edition_of_requests(copy: _Copy) -> Edition | None:
    """Told by the row or rows （六）; None when they are not in the text."""
    rows = {row.id: at for at, row in enumerate(copy.table.rows)}
    found = [copy.alignment.rows[at] is not None or at in copy.alignment.blank
             for id, at in rows.items() if id.startswith("other")]  # fmt: skip
    return copy.edition if any(found) else None


# --- cells ----------------------------------------------------------------------------------------


def _place(copy: _Copy, form: Form, stream: Stream, cells: _Cells) -> None:
    table = form.table(copy.table.id)
    if table.id == "proceedings":
        _place_proceedings(copy, table, stream, cells)
        return
    own = {row.id: at for at, row in enumerate(copy.table.rows)}
    header = column_order(copy.zone, copy.table)
    grid = grid_of(copy.zone, max(len(row.columns) for row in table.rows))
    short = rows_are_short(copy.zone, copy.table) and not (header and header.by_width)
    for row in table.rows:
        names = table.cells(row)
        at = own.get(row.id)
        if at is None:
            continue
        figure_row = copy.alignment.rows[at]
        if figure_row is None:
            if at in copy.alignment.blank:
                cells.places.update(dict.fromkeys(names, BLANK))
            continue
        order = header.order(row) if header else None
        if order is None:
            _doubt(names, figure_row.entries, stream, "columns_unclear", cells)
        elif at in copy.alignment.ambiguous or not tells_row(row.id, figure_row.segment):
            _doubt(names, figure_row.entries, stream, "row_ambiguous", cells)
        elif short and _ends_in_mark(figure_row.entries, len(names)):
            _doubt(names, figure_row.entries, stream, "placement_ambiguous", cells)
        else:
            ordered = tuple(names[i] for i in order)
            kinds = tuple(row.columns[i].kind for i in order)
            _place_row(ordered, kinds, figure_row, grid, stream, cells)


def _ends_in_mark(entries: Sequence[Entry], width: int) -> bool:
    """A mark where most rows have no figure: an empty cell, or a cell of a local column."""
    return len(entries) == width and entries[-1].kind is not Kind.FIGURE


def _place_row(
    names: tuple[str, ...], kinds: tuple[ValueKind, ...], figure_row: FigureRow,
    grid: tuple[int, int] | None, stream: Stream, cells: _Cells,
) -> None:  # fmt: skip
    entries = figure_row.entries
    figures = [e for e in entries if e.kind is Kind.FIGURE]
    if len(names) >= 5 and len(entries) == 1 and figures and not _pinned(figure_row, grid):
        value = read_figure(figures[0].text, "count")
        if value is not None and value.value == 0 and len(figures[0].text) == 1:
            _doubt(names, entries, stream, "merged_cell", cells)
            return
    found = options(
        entries, len(names), grid=grid, summed=is_summed(names, cells.form),
        fields=figure_row.segment.lines.get(entries[0].line, 0),
    )  # fmt: skip
    span = stream.span(entries[0].start, entries[-1].end)
    if len(found) == 1 and found[0].sure:
        _fill(names, found[0], stream, cells)
    elif not found:
        _doubt(names, entries, stream, "placement_ambiguous", cells)
    else:
        cells.blocks.append((Block(names, kinds, tuple(found)), span))


def _pinned(figure_row: FigureRow, grid: tuple[int, int] | None) -> bool:
    entry = figure_row.entries[0]
    fields = figure_row.segment.lines.get(entry.line, 0)
    return grid is not None and entry.fielded and fields == grid[1]


def _fill(names: tuple[str, ...], option: Option, stream: Stream, cells: _Cells) -> None:
    for name, piece in zip(names, option.pieces, strict=True):
        cells.places[name] = _to_place(piece, stream)


def _to_place(piece: Piece | None, stream: Stream) -> Place:
    if piece is None:
        return BLANK
    span = stream.span(piece.start, piece.end)
    if piece.kind is Kind.FIGURE:
        return Place("span", span)
    if piece.kind is Kind.BLANK:
        return Place("blank", span)
    return Place("doubt", span, "not_a_figure")


def _doubt(
    names: Sequence[str], entries: Sequence[Entry], stream: Stream, why: str, cells: _Cells
) -> None:
    span = stream.span(entries[0].start, entries[-1].end) if entries else None
    cells.places.update(dict.fromkeys(names, Place("doubt", span, why)))


def _choose(cells: _Cells, layout: Layout) -> None:
    """Decide the rows that leave a choice, all together."""
    if not cells.blocks:
        return

    known = figures_at(layout.source, cells.places, cells.form)
    blocks = [block for block, _ in cells.blocks]
    choices = judge(blocks, known, cells.form.identities, layout.text_of)
    for (block, span), choice in zip(cells.blocks, choices, strict=True):
        _settle(block, span, choice, layout.stream, cells)


def _settle(block: Block, span: Span, choice: Choice, stream: Stream, cells: _Cells) -> None:
    if choice.option is None:
        place = Place("doubt", span, "placement_ambiguous")
        cells.places.update(dict.fromkeys(block.cells, place))
        return
    _fill(block.cells, choice.option, stream, cells)


# --- table 四 -------------------------------------------------------------------------------------


def _place_proceedings(copy: _Copy, table: Table, stream: Stream, cells: _Cells) -> None:
    arranged = arrange(copy.zone, table)
    names = tuple(name for row in table.rows for name in table.cells(row))
    if arranged is None:
        everything = [e for s in copy.zone.segments for e in s.entries]
        _doubt(names, everything, stream, "columns_unclear", cells)
        return
    for row_cells, entries in arranged:
        kinds = tuple(cells.form.kinds[name] for name in row_cells)
        if entries:
            row = FigureRow(list(entries), copy.zone.segments[0])
            _place_row(row_cells, kinds, row, None, stream, cells)


__all__ = ["NAME", "read"]
