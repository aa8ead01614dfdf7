"""Structure: is a reading grounded, exclusive, exhaustive and anchored in its source?

Arithmetic cannot see rows that are swapped or slipped, columns that are rotated, a table of zeros or
another report's figures; this module can. It is given the stream of the source and a reading, of
whatever maker, and compares them: each span is a whole figure of the table's own zone, none is used
twice, every other figure of the zone is explained, cells of a row stand in the order of the printed
columns, and the label before a row is that row's. Where a row's figures leave a choice of columns it
makes the choice again with `verify.placement` and does not trust the reader's.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from verify.anchors import Anchors
from verify.arithmetic import check
from verify.columns import column_order, rows_are_short
from verify.columnwise import by_column, stands_there
from verify.findings import Finding
from verify.forms import Form, Table, ValueKind
from verify.grounding import Grounding, Places, Spot, figures_at
from verify.layout import Layout
from verify.leftovers import Leftovers, entries_of
from verify.lines import ends_apart, unsettled
from verify.match.blocks import Columns
from verify.match.columns import columns_of
from verify.match.crossed import crossed
from verify.placement import Piece
from verify.placements import Placements, is_open
from verify.proceedings import arrange
from verify.reading import Reading, Span
from verify.reports import annex_of_nobody, report_zones
from verify.stream import Entry, Kind, Stream
from verify.structured import Structure
from verify.units import other_unit
from verify.used import Used, distinct, one_each
from verify.zones import Zone, rows_in

_WHOLE_LINE = 4  # figures that share a line, to say that the last one is set apart


class _Check:
    def __init__(self, layout: Layout, reading: Reading, form: Form) -> None:
        self.source = layout.source
        self.stream = layout.stream
        self.layout = layout
        self.reading = reading
        self.form = form
        self.out = Structure()
        self.grounding = Grounding(layout, form, self.out.findings)
        self.spots = self.grounding.spots
        self.at = self.grounding.at
        self.anchors = Anchors(layout.source, reading, self.out.findings, self.out.undecided)
        self.used_zones: set[int] = set()
        self.placements = Placements(layout, reading, form, self.out)

    # -- the whole reading

    def run(self) -> Structure:
        """Check the main tables, then copies, then whether all copies were told."""
        self._tables(self.reading.places)
        for again in self.reading.repeats:
            self._copy(again)
        self._copies_told()
        return self.out

    def _copy(self, again: Places) -> None:
        """Check a copy; what it leaves open is said of the copy, not of the cells that are read."""
        settled, rows = dict(self.out.undecided), len(self.out.open_rows)
        strangers = len(self.out.strangers)
        self._tables(again)
        unclear = tuple(name for name in self.out.undecided if name not in settled)
        for name in unclear:
            del self.out.undecided[name]
        del self.out.open_rows[rows:]
        del self.out.strangers[strangers:]
        if unclear:
            self._say("copy_unclear", unclear)

    def _tables(self, places: Places) -> None:
        found: dict[str, list[Spot]] = {}
        self.placements.chosen = []
        if not self.grounding.ground(places, found):
            return
        for table in self.form.tables:
            zones = {
                id(s.zone): s.zone
                for row in table.rows
                for name in table.cells(row)
                for s in found.get(name, ())
            }
            if not zones:
                continue
            zone = next(iter(zones.values()))
            if len(zones) > 1 or zone.table != table.id:
                self._say(
                    "outside_table",
                    tuple(name for row in table.rows for name in table.cells(row) if name in found),
                )
                continue
            used: list[Used] = []
            told = crossed(self.layout, zone, table)
            columns = told.cells if told is not None else _pieces(by_column(zone, table))
            if columns is not None:
                self._columns(table, columns, places)
            elif told is not None:
                self._unclear(table, places)
            elif table.id == "proceedings":
                self._proceedings(table, zone, places, found)
            else:
                used = self._rows(table, zone, places, found)
            choices = self.placements.options()
            left = Leftovers(self.grounding, self.reading, choices, self.out.undecided)
            left.check(zone, used)
            self.out.strangers += left.strangers
        self.placements.choose(places)

    def _say(self, code: str, cells: tuple[str, ...] = (), **fields: object) -> None:
        self.out.findings.append(Finding(code, cells, **fields))  # type: ignore[arg-type]

    # -- anchored and in order

    def _rows(
        self, table: Table, zone: Zone, places: Places, found: dict[str, list[Spot]]
    ) -> list[Used]:
        header = column_order(zone, table)
        columns = columns_of(self.layout, zone, table)
        if columns is not None:
            self._local_columns(columns, zone)
        used: list[Used] = []
        by_field: set[str] = set()
        for at, row in enumerate(table.rows):
            order = header.order(row) if header else None
            if columns is not None:
                spots = distinct(s for name in table.cells(row) for s in found.get(name, ()))
                entries = [spot.entry for spot in spots]
                pieces = columns.cells(row, entries)
                if columns.is_over(row, entries):
                    order = columns.order(row, entries)
                if pieces is not None:
                    by_field.add(row.id)
                    used += self._row_of_fields(table, at, pieces, spots, places)
                    continue
            used += self._row_in_order(table, at, order, places, found)
        if header is not None and header.by_width:
            self._say(
                "columns_reordered",
                tuple(
                    name
                    for row in table.rows
                    for name in table.cells(row)
                    if frozenset(c.id for c in row.columns) in header.by_width
                ),
            )
        if rows_are_short(zone, table) and not (header and header.by_width):
            self._marks_in_short_rows([use for use in used if use.row.id not in by_field], table)
        used.sort(key=lambda u: u.spots[0].start)
        for one, two in itertools.pairwise(used):
            if one.spots[-1].start > two.spots[0].start:
                names = table.cells(one.row) + table.cells(two.row)
                self._say("wrong_order", names, span=(one.spots[0].start, two.spots[-1].end))
        self.anchors.check(table, zone, used, places)
        self.out.undecided.update(other_unit(table, zone, used, self.layout, self.reading))
        self._broken_off(table, used)
        if table.id == "proactive":
            self._unsettled(table, [use for use in used if use.row.id not in by_field])
        claims = entries_of(
            used, [spot for s in zone.segments for spot in self.grounding.spots_of(s)]
        )
        for use in used:
            if use.row.id in by_field:
                continue
            chunk = claims[id(use)]
            names = table.cells(use.row)
            if not chunk:  # another row has everything that this one claims or doubts
                self._say("used_twice", names, span=(use.spots[0].start, use.spots[-1].end))
                continue
            if use.direct and len(chunk) == len(use.spots) and not is_open(names, places):
                continue
            order = header.order(use.row) if header else tuple(range(len(names)))
            entries = [spot.entry for spot in use.spots]
            if columns is not None and columns.is_over(use.row, entries):
                order = columns.order(use.row, entries) or order
            ordered = tuple(names[i] for i in order)
            kinds = tuple(use.row.columns[i].kind for i in order)
            self.placements.note(ordered, kinds, chunk, zone)
        return used

    def _local_columns(self, columns: Columns, zone: Zone) -> None:
        """What stands in columns that are none of the form's is no cell's."""
        spots = [spot for s in zone.segments for spot in self.grounding.spots_of(s)]
        self.out.known += columns.known({spot.start for spot in spots if spot.cells})
        for spot in spots:
            if columns.is_local(spot.entry) and not spot.cells:
                spot.covered = True

    def _broken_off(self, table: Table, used: list[Used]) -> None:
        """A row that does not hold with a last figure on a line of its own: it may be a page's number."""
        for use in used:
            lines = [spot.entry.line for spot in use.spots]
            if len(lines) < _WHOLE_LINE or lines[-1] == lines[0]:
                continue
            if len(set(lines[:-1])) > 1 and not ends_apart(use, self.stream):
                continue
            names = table.cells(use.row)
            places = {name: self.reading.place(name) for name in names}
            rules = [rule for rule in self.form.identities if set(names).issuperset(rule.cells)]
            if check(rules, figures_at(self.source, places, self.form)).failed:
                self.out.undecided.update(dict.fromkeys(names, "placement_ambiguous"))

    def _unsettled(self, table: Table, loose: list[Used]) -> None:
        """Rows that no sum holds and whose lines leave room for another figure are open."""
        for use in unsettled(loose, self.stream, self.anchors.block):
            for name in table.cells(use.row):
                if self.reading.place(name).where in ("span", "blank"):
                    self.out.undecided[name] = "row_ambiguous"

    def _row_of_fields(
        self,
        table: Table,
        at: int,
        pieces: Sequence[Piece | None],
        spots: list[Spot],
        places: Places,
    ) -> list[Used]:
        """A row whose fields are named by the headers over them, as the reading has it or not at all."""
        row = table.rows[at]
        names = table.cells(row)
        if all(
            self.placements.agrees(places.get(n), p) for n, p in zip(names, pieces, strict=True)
        ):
            self.placements.keep_open(table, row, pieces, places)
            return [Used(at, row, spots, direct=True)]
        self._say("misplaced", names, span=(spots[0].start, spots[-1].end))
        return []

    def _row_in_order(
        self,
        table: Table,
        at: int,
        order: Sequence[int] | None,
        places: Places,
        found: dict[str, list[Spot]],
    ) -> list[Used]:
        """A row whose cells stand in the order of the printed columns."""
        row = table.rows[at]
        names = table.cells(row)
        regular = one_each(names, order, found) if order else None
        if regular is not None:
            return [Used(at, row, regular, direct=True)]
        spots = distinct(s for name in names for s in found.get(name, ()))
        if not spots:
            return []
        doubtful = all(
            places[n].where in ("doubt", "missing", "blank") for n in names if n in places
        )
        if not self._is_one_run(spots, table) or (
            not doubtful and (order is None or not self._in_order(names, order, found))
        ):
            self._say("wrong_order", names, span=(spots[0].start, spots[-1].end))
            return []
        printed = [names[i] for i in order] if order else names
        direct = len(spots) == len(printed) and all(len(found.get(n, ())) == 1 for n in printed)
        return [Used(at, row, spots, direct or doubtful)]

    @staticmethod
    def _is_one_run(spots: list[Spot], table: Table) -> bool:
        """Whether the cells of a row stand in one run, at most broken by a page, not by a label."""
        segments = {spot.segment.index: spot.segment for spot in spots}
        return not any(rows_in(segments[i], table.id) for i in sorted(segments)[1:])

    def _marks_in_short_rows(self, used: list[Used], table: Table) -> None:
        """Where most rows lack a figure, a mark at the end may stand in a local column."""
        for use in used:
            if use.spots[-1].entry.kind is not Kind.FIGURE and len(use.spots) == len(
                use.row.columns
            ):
                for name in table.cells(use.row):
                    if self.reading.place(name).where in ("span", "blank"):
                        self.out.undecided[name] = "placement_ambiguous"

    @staticmethod
    def _in_order(names: Sequence[str], order: Sequence[int], found: dict[str, list[Spot]]) -> bool:
        starts = [
            (found[names[i]][0].start, found[names[i]][-1].end) for i in order if names[i] in found
        ]
        return all(a[0] <= b[0] for a, b in itertools.pairwise(starts))

    # -- column by column

    def _columns(self, table: Table, columns: Mapping[str, Piece | None], places: Places) -> None:
        """A table whose words name every cell leaves one reading."""
        for row in table.rows:
            names = table.cells(row)
            pieces = tuple(columns.get(name) for name in names)
            if not all(
                stands_there(places.get(name), piece, self.stream)
                for name, piece in zip(names, pieces, strict=True)
            ):
                self._say("misplaced", names)
            else:
                self.placements.keep_open(table, row, pieces, places)

    # -- table 四

    def _unclear(self, table: Table, places: Places) -> None:
        """The headers do not tell which column is which."""
        for name in (n for row in table.rows for n in table.cells(row)):
            if name in places and places[name].where == "span":
                self.out.undecided[name] = "columns_unclear"

    def _proceedings(
        self, table: Table, zone: Zone, places: Places, found: dict[str, list[Spot]]
    ) -> None:
        arranged = arrange(zone, table)
        if arranged is None:
            self._unclear(table, places)
            return
        by_entry = {id(spot.entry): spot for spot in self.spots if spot.zone is zone}
        for names, entries in arranged:
            chunk = [by_entry[id(entry)] for entry in entries]
            direct = len(chunk) == len(names) and all(
                found.get(name) == [spot] for name, spot in zip(names, chunk, strict=True)
            )
            if not chunk or (direct and not is_open(names, places)):
                continue
            self.placements.note(names, _counts(len(names)), chunk, zone)

    # -- exhaustive

    def _copies_told(self) -> None:
        """A table that is printed again is either told by the reading or of another report."""
        told = report_zones(self.layout)
        if told is None:
            self._say("two_reports")
            return
        meant, others = told
        for zone in others:
            code = "outside_table" if self._is_used(zone) else "other_report"
            self._say(code, span=_zone_span(zone, self.stream))
            caption = annex_of_nobody(self.layout, zone)
            table = next((table for table in self.form.tables if table.id == zone.table), None)
            if caption and table:
                span = self.stream.span(*caption)
                names = tuple(name for row in table.rows for name in table.cells(row))
                self._say("remark", names, span=span, actual=self.source[slice(*span)].strip())
        for table in self.form.tables:
            zones = [zone for zone in meant if zone.table == table.id]
            known = any(self._is_used(zone) for zone in zones)
            for zone in zones:
                if not self._is_used(zone) and _has_figures(zone):
                    code = "copy_unread" if known else "figure_left_over"
                    span = _zone_span(zone, self.stream)
                    self._say(code, span=span, actual=self.source[span[0] : span[1]])

    def _is_used(self, zone: Zone) -> bool:
        if not self.used_zones:
            self.used_zones = {id(s.zone) for s in self.spots if s.cells or s.covered}
        return id(zone) in self.used_zones


def check_structure(layout: Layout, reading: Reading) -> Structure:
    """Check a reading against the layout of its source.

    Args:
        layout: The source, cut into segments and zones.
        reading: Of whatever maker; its form must not be None.
    """
    assert reading.form is not None
    return _Check(layout, reading, reading.form).run()


def _pieces(entries: Mapping[str, Entry] | None) -> dict[str, Piece | None] | None:
    if entries is None:
        return None
    return {name: Piece(e.kind, e.start, e.end) for name, e in entries.items()}


def _counts(width: int) -> tuple[ValueKind, ...]:
    count: ValueKind = "count"
    return (count,) * width


def _has_figures(zone: Zone) -> bool:
    return any(e.kind is Kind.FIGURE for s in zone.segments for e in s.entries)


def _zone_span(zone: Zone, stream: Stream) -> Span:
    first = zone.segments[0].entries[0]
    last = zone.segments[-1].entries[-1]
    return stream.span(first.start, max(last.end, first.end))
