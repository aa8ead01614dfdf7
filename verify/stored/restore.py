"""The readings from which a stored result may have been made.

A result keeps of its reading the spans and the states, not everything: it does not say whether a cell
that is unreadable was doubted by the reader or left undecided by the verifier, nor where the cells of
a table's further copies stand. A result follows when one of the few readings that fit what is stored
gives it. None of them can make a figure out of what is stored: values, verdict, sums and reasons are
not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from verify.figures import read_figure
from verify.forms import Form, TableId
from verify.layout import Layout
from verify.named import NAMED, SKIPPED
from verify.reading import BLANK, MISSING, Note, Place, Reading, Span
from verify.reports import report_zones
from verify.stored.shape import Stored, span_of
from verify.stream import Kind
from verify.zones import Zone

Places = Mapping[str, Place]
ReadZone = Callable[[Layout, Zone], Places]
"""Reads one printed copy of a table."""

_POINTED = ("not_grounded", "used_twice", "outside_table")  # of a figure that was pointed at
_REGIONS = ("placement_ambiguous", "row_ambiguous", "row_moved", "columns_unclear")
_DOUBTED = ("not_a_figure", "merged_cell", *_REGIONS, "votes_differ", "recognitions_differ")
_WIDE = 5  # cells of a row that one merged figure may stand for


def readings(stored: Stored, layout: Layout, read_zone: ReadZone) -> Iterator[Reading]:
    """Every reading that fits what is stored, the likeliest first; at least one.

    Args:
        stored: The result.
        layout: Its source.
        read_zone: Reads a copy of a table that the result does not show.
    """
    form = stored.form
    reader = stored.text("provenance", "reader") or ""
    if form is None:
        yield Reading(None, reader=reader)
        return
    seen: list[Reading] = []
    notes: tuple[Note, ...] = (
        (Note("form_assumed"),) if _may_be_assumed(stored, form, layout) else ()
    )
    notes += tuple(_of_a_model(stored, len(layout.source)))
    for trusting in (True, False):
        places = _places(stored, form, layout, trusting=trusting)
        for repeats in _repeats(form, layout, places, read_zone):
            reading = Reading(form, places, repeats, notes, reader)
            if reading not in seen:
                seen.append(reading)
                yield reading


# --- cells ----------------------------------------------------------------------------------------


def _places(stored: Stored, form: Form, layout: Layout, *, trusting: bool) -> dict[str, Place]:
    length = len(layout.source)
    spans = {name: _within(cell.get("span"), length) for name, cell in stored.cells.items()}
    shared = Counter(
        spans[name]
        for name, cell in stored.cells.items()
        if spans[name] and _unread(cell) == "unreadable"
    )
    of_figures = (reason for _, reason in stored.reasons if reason["code"] in _POINTED)
    pointed = {name for reason in of_figures for name in _named(reason)}
    whys = _whys(stored)
    blanks = _marks(layout)
    found = {}
    for name in form.cells:
        cell = stored.cells.get(name)
        if cell is None:
            continue
        span = spans[name]
        state = _unread(cell)
        if state is None:
            found[name] = Place("span", span) if span else MISSING
        elif state == "missing":
            found[name] = MISSING
        elif state == "blank":
            found[name] = Place("blank", span) if span else BLANK
        else:
            why = whys.get(name) or _merged(layout, span, shared)
            found[name] = Place("doubt", span, why)
            if span and trusting and shared[span] == 1:
                text = layout.source[slice(*span)]
                if name in pointed or read_figure(text, form.kinds[name]):
                    found[name] = Place("span", span)
                elif span in blanks:
                    found[name] = Place("blank", span)
    return found


def _unread(cell: Mapping[str, Any]) -> str | None:
    """The state of a cell before anything was deduced; None for one that is said to be read."""
    state = cell.get("was" if cell.get("state") == "deduced" else "state")
    if state in ("blank", "missing", "unreadable"):
        return str(state)
    return None if state == "read" or cell.get("span") else "missing"


def _of_a_model(stored: Stored, length: int) -> Iterator[Note]:
    """Which rows a model named by which words, and what it passed over; neither can make a report pass."""
    for _, reason in stored.reasons:
        if reason["code"] in (NAMED, SKIPPED):
            span = _within(reason.get("span"), length)
            yield Note(str(reason["code"]), tuple(_named(reason)), span)


def _within(given: object, length: int) -> Span | None:
    span = span_of(given)
    return span if span and 0 <= span[0] < span[1] <= length else None


def _named(reason: Mapping[str, Any]) -> list[str]:
    """The cells that a reason names."""
    return reason.get("cells") or []


def _whys(stored: Stored) -> dict[str, str]:
    """For each cell that the result says it could not read, the reason code."""
    found: dict[str, str] = {}
    besides: dict[str, str] = {}  # said where everything follows but what the row prints
    for i, reason in stored.reasons:
        code = reason["code"]
        if code in _DOUBTED:
            # a reader's own words are all said as this code, each in a reason of its own
            why = f"{code}.{i}" if code == "not_a_figure" else code
            into = besides if reason.get("rule") == "deduction" else found
            for name in _named(reason):
                into.setdefault(name, why)
    return besides | found


def _merged(layout: Layout, span: Span | None, shared: Counter[Span | None]) -> str | None:
    """A completed result does not say why a cell was not read; one figure for a row says it itself."""
    if span and shared[span] >= _WIDE and layout.source[slice(*span)].strip() in ("0", "０"):
        return "merged_cell"
    return None


def _marks(layout: Layout) -> frozenset[Span]:
    return frozenset(
        layout.stream.span(entry.start, entry.end)
        for zone in layout.zones
        for segment in zone.segments
        for entry in segment.entries
        if entry.kind is Kind.BLANK
    )


# --- further copies of a table --------------------------------------------------------------------


def own_zones(layout: Layout) -> list[Zone]:
    """The printed tables of the report meant; all where nothing tells which is."""
    zones = report_zones(layout)
    return layout.zones if zones is None else zones[0]


def _repeats(
    form: Form, layout: Layout, places: Places, read_zone: ReadZone
) -> Iterator[tuple[Places, ...]]:
    """Ways in which the copies that the result does not show may have been read.

    As the given reader reads them, as the first is read, and not at all; what the verifier then says
    of them is for it to say.
    """
    pairs = list(_copies(form, layout, places))
    if pairs:
        yield tuple(read_zone(layout, copy) for _, copy in pairs)
        alike = [_like(layout, form, first, copy, places) for first, copy in pairs]
        if any(alike):
            yield tuple(
                found or read_zone(layout, copy)
                for found, (_, copy) in zip(alike, pairs, strict=True)
            )
    yield ()


def _copies(form: Form, layout: Layout, places: Places) -> Iterator[tuple[Zone, Zone]]:
    """Each further copy with the one that is read, in order of the tables."""
    zones = own_zones(layout)
    for table in form.tables:
        printed = [zone for zone in zones if zone.table == table.id]
        starts = [
            place.span[0]
            for row in table.rows
            for name in table.cells(row)
            if (place := places.get(name)) and place.span
        ]
        if len(printed) > 1:
            first = max(printed, key=lambda zone: _inside(layout, zone, starts))
            yield from ((first, zone) for zone in printed if zone is not first)


def _inside(layout: Layout, zone: Zone, starts: Sequence[int]) -> int:
    own = {layout.stream.span(e.start, e.end)[0] for s in zone.segments for e in s.entries}
    return sum(start in own for start in starts)


def _like(layout: Layout, form: Form, first: Zone, copy: Zone, places: Places) -> Places | None:
    """A copy of the same build read as the first is; None when it is of another."""
    before, after = (
        [layout.stream.span(e.start, e.end) for s in zone.segments for e in s.entries]
        for zone in (first, copy)
    )
    if len(before) != len(after):
        return None
    starts = {span[0]: i for i, span in enumerate(before)}
    ends = {span[1]: i for i, span in enumerate(before)}
    found: dict[str, Place] = {}
    table = form.table(first.table)
    for name in (name for row in table.rows for name in table.cells(row)):
        place = places.get(name)
        if place is None or place.span is None:
            if place is not None:
                found[name] = place
            continue
        start, end = starts.get(place.span[0]), ends.get(place.span[1])
        if start is None or end is None:
            return None
        found[name] = Place(place.where, (after[start][0], after[end][1]), place.why)
    return found


# --- which form, where the text does not tell -----------------------------------------------------


def _may_be_assumed(stored: Stored, form: Form, layout: Layout) -> bool:
    """Whether the form was assumed: it was where nothing that tells is printed, else by its word."""
    if form.variant != "2021+2021":
        return False
    telling = [
        name
        for name in form.cells
        if name.startswith(("proactive.", "requests.other_"))
        and name in stored.cells
        and _unread(stored.cells[name]) != "missing"
    ]
    if telling:
        return False
    tables: set[TableId] = {zone.table for zone in own_zones(layout)}
    is_noted = any(reason["code"] == "form_assumed" for _, reason in stored.reasons)
    return is_noted or "proactive" not in tables
