"""From rows to cells: which entry of a row's figures fills which cell, for every reader.

A reader, deterministic or a language model, says which figures are a row's; this module says
which of them stands in which column, by the printed headers and the placements that structure allows.
What leaves a choice is decided by the identities or not at all (`verify.choices`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from verify.choices import Block, choose
from verify.columns import column_order, grid_of, rows_are_short
from verify.figures import read_figure
from verify.forms import Form, Table, ValueKind
from verify.grounding import figures_at
from verify.layout import Layout
from verify.match.columns import columns_of
from verify.match.crossed import crossed
from verify.match.crossings import Crossed
from verify.placement import Option, Piece, is_direct, is_summed, options
from verify.proceedings import arrange
from verify.reading import BLANK, Place, Span
from verify.stream import Entry, Kind, Segment, Stream
from verify.zones import Zone


@dataclass(frozen=True, slots=True)
class Run:
    """The entries of one row and the segment in which they stand."""

    entries: Sequence[Entry]
    segment: Segment


class Cells:
    """The places of one printed copy of the tables, collected row by row.

    Attributes:
        places: Places found so far.
    """

    def __init__(self, layout: Layout, form: Form) -> None:
        self.layout = layout
        self.form = form
        self.places: dict[str, Place] = {}
        self._blocks: list[tuple[Block, Span]] = []

    @property
    def stream(self) -> Stream:
        """The stream of the source."""
        return self.layout.stream

    def rows(
        self,
        zone: Zone,
        printed: Table,
        runs: Mapping[str, Run],
        *,
        blank: Collection[str] = (),
        ambiguous: Collection[str] = (),
    ) -> None:
        """Place the rows of table 二 or 三.

        Args:
            zone: One printed copy of the table.
            printed: The table, of the edition that is printed.
            runs: For each row id that was found its figures.
            blank: Rows that are labelled and have no figures.
            ambiguous: Rows whose figures might as well be another's.
        """
        table = self.form.table(printed.id)
        header = column_order(zone, printed)
        columns = columns_of(self.layout, zone, printed)
        grid = grid_of(zone, max(table.widths))
        short = rows_are_short(zone, printed) and not (header and header.by_width)
        for row in table.rows:
            names = table.cells(row)
            run = runs.get(row.id)
            if run is None:
                if row.id in blank:
                    self.blank(names)
                continue
            told = columns.cells(row, run.entries) if columns else None
            order = header.order(row) if header else None
            if columns is not None and columns.is_over(row, run.entries):
                order = columns.order(row, run.entries)
            if order is None and told is None:
                self.doubt(names, run.entries, "columns_unclear")
            elif row.id in ambiguous:
                self.doubt(names, run.entries, "row_ambiguous")
            elif told is not None:
                self._fill(names, Option(told, "fields", sure=True))
            elif short and _ends_in_mark(run.entries, len(names)):
                self.doubt(names, run.entries, "placement_ambiguous")
            else:
                assert order is not None
                kinds = table.kinds[row.id]
                ordered = tuple([names[i] for i in order])
                self.row(ordered, tuple([kinds[i] for i in order]), run, grid)

    def row(
        self,
        names: tuple[str, ...],
        kinds: tuple[ValueKind, ...],
        run: Run,
        grid: tuple[int, int] | None,
    ) -> None:
        """Place one row whose cells are given in printed order."""
        entries = run.entries
        if is_direct(entries, len(names)):
            for name, entry in zip(names, entries, strict=True):
                self.places[name] = self._place(entry)
            return
        figures = [e for e in entries if e.kind is Kind.FIGURE]
        if len(names) >= 5 and len(entries) == 1 and figures and not _pinned(run, grid):
            value = read_figure(figures[0].text, "count")
            if value is not None and value.value == 0 and len(figures[0].text) == 1:
                self.doubt(names, entries, "merged_cell")
                return
        found = self._options(names, run, grid)
        if len(found) == 1 and found[0].sure:
            self._fill(names, found[0])
        elif not found:
            self.doubt(names, entries, "placement_ambiguous")
        else:
            span = self.stream.span(entries[0].start, entries[-1].end)
            self._blocks.append((Block(names, kinds, tuple(found)), span))

    def pointed(
        self,
        names: tuple[str, ...],
        run: Run,
        grid: tuple[int, int] | None,
        cells: Sequence[Piece | None],
    ) -> bool:
        """Place a row as somebody says that its cells stand, where structure allows just that.

        A cell said to be empty may hold a mark. Returns whether the row was placed.
        """
        found = self._options(names, run, grid)
        said = [option for option in found if _says(option, cells)]
        if len(said) != 1:
            return False
        self._fill(names, said[0])
        return True

    def named(self, zone: Zone, printed: Table, told: Crossed) -> None:
        """Place a table as all the words over and before its cells name them."""
        table = self.form.table(printed.id)
        names = tuple(name for row in table.rows for name in table.cells(row))
        if told.cells is None:
            self.doubt(names, [e for s in zone.segments for e in s.entries], "columns_unclear")
            return
        kept = tuple(name for name in names if name in told.cells)
        self._fill(kept, Option(tuple(told.cells[name] for name in kept), "direct", sure=True))

    def proceedings(self, zone: Zone) -> None:
        """Place table 四 as its words name its cells, or as its runs are arranged."""
        table = self.form.table("proceedings")
        told = crossed(self.layout, zone, table)
        if told is not None:
            self.named(zone, table, told)
            return
        arranged = arrange(zone, table)
        names = tuple(name for row in table.rows for name in table.cells(row))
        if arranged is None:
            self.doubt(names, [e for s in zone.segments for e in s.entries], "columns_unclear")
            return
        for row_cells, entries in arranged:
            if entries:
                kinds = tuple(self.form.kinds[name] for name in row_cells)
                self.row(row_cells, kinds, Run(entries, zone.segments[0]), None)

    def blank(self, names: Sequence[str]) -> None:
        """The cells are there and empty."""
        self.places.update(dict.fromkeys(names, BLANK))

    def doubt(self, names: Sequence[str], entries: Sequence[Entry], why: str) -> None:
        """Something stands in these cells that is not settled."""
        span = self.stream.span(entries[0].start, entries[-1].end) if entries else None
        self.places.update(dict.fromkeys(names, Place("doubt", span, why)))

    def put(self, name: str, kind: Kind, start: int, end: int) -> None:
        """One cell at a folded range."""
        self.places[name] = self._place(Piece(kind, start, end))

    def choose(self) -> dict[str, Place]:
        """Decide the rows that leave a choice, all together, and return every place."""
        if self._blocks:
            known = figures_at(self.layout.source, self.places, self.form)
            blocks = [block for block, _ in self._blocks]
            choices = choose(blocks, known, self.form.identities, self.layout.text_of)
            for (block, span), choice in zip(self._blocks, choices, strict=True):
                if choice.option is None:
                    place = Place("doubt", span, "placement_ambiguous")
                    self.places.update(dict.fromkeys(block.cells, place))
                else:
                    self._fill(block.cells, choice.option)
            self._blocks = []
        return self.places

    def _options(
        self, names: tuple[str, ...], run: Run, grid: tuple[int, int] | None
    ) -> list[Option]:
        """Every placement of a row's entries that structure allows."""
        return options(
            run.entries,
            len(names),
            grid=grid,
            summed=is_summed(names, self.form),
            fields=run.segment.lines.get(run.entries[0].line, 0),
        )

    def _fill(self, names: tuple[str, ...], option: Option) -> None:
        for name, piece in zip(names, option.pieces, strict=True):
            self.places[name] = self._place(piece)

    def _place(self, piece: Piece | Entry | None) -> Place:
        if piece is None:
            return BLANK
        span = self.layout.stream.folded.span(piece.start, piece.end)
        if piece.kind is Kind.FIGURE:
            return Place("span", span)
        if piece.kind is Kind.BLANK:
            return Place("blank", span)
        return Place("doubt", span, "not_a_figure")


def _says(option: Option, cells: Sequence[Piece | None]) -> bool:
    return all(
        (piece is None or piece.kind is Kind.BLANK) if cell is None else piece == cell
        for piece, cell in zip(option.pieces, cells, strict=True)
    )


def _ends_in_mark(entries: Sequence[Entry], width: int) -> bool:
    """A mark where most rows have no figure: an empty cell, or a cell of a local column."""
    return len(entries) == width and entries[-1].kind is not Kind.FIGURE


def _pinned(run: Run, grid: tuple[int, int] | None) -> bool:
    """Whether the one entry of a row keeps its place in a grid of tabs or pipes."""
    entry = run.entries[0]
    fields = run.segment.lines.get(entry.line, 0)
    return grid is not None and entry.fielded and fields == grid[1]
