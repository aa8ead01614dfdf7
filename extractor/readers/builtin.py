"""The deterministic reader: no key, no network, no model.

It finds the copies of each table (`verify.zones`), decides the edition from the labels, aligns runs
to rows (`align`), places entries in cells (`verify.placement`) and returns a reading. What it cannot
decide it marks as doubtful with the reason; it never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.readers.align import Alignment, align, plainly
from extractor.readers.cells import Cells, Run
from verify.forms import (
    DISCLOSURE,
    REQUESTS_2021,
    Edition,
    Form,
    Table,
    TableId,
    compose,
)
from verify.layout import Layout
from verify.marks import Mark
from verify.match.crossed import crossed
from verify.match.crossings import Crossed
from verify.reading import Note, Place, Reading
from verify.reports import report_zones
from verify.zones import Zone, tells_row

NAME = "builtin"
_TABLES = tuple(DISCLOSURE.tables)
_SIXTH = DISCLOSURE.telling_rows("requests")


@dataclass
class _Copy:
    """One printed copy of a table, aligned."""

    zone: Zone
    table: Table
    edition: Edition | None
    alignment: Alignment
    named: Crossed | None = None


def read(layout: Layout) -> Reading:
    """Read a report.

    Args:
        layout: The source with its segments, zones and titles.

    Returns:
        A reading of the form that the tables show; ``form`` is None when there is no table.
    """
    zones = layout.zones
    if not zones:
        return Reading(None, reader=NAME)
    told = report_zones(layout)
    if told is not None:
        zones = told[0]
    chosen: dict[TableId, list[_Copy]] = {
        table_id: [_best(zone, layout) for zone in zones if zone.table == table_id]
        for table_id in _TABLES
    }
    two, three = chosen["proactive"], chosen["requests"]
    form, assumed = _decide_form(two[0] if two else None, three[0] if three else None)
    main = _cells(layout, form, [copies[0] for copies in chosen.values() if copies])
    repeats = [_cells(layout, form, [copy]) for copies in chosen.values() for copy in copies[1:]]
    notes = (Note("form_assumed"),) if assumed else ()
    return Reading(form, main, tuple(repeats), notes, NAME)


def _cells(layout: Layout, form: Form, copies: Sequence[_Copy]) -> dict[str, Place]:
    cells = Cells(layout, form)
    for copy in copies:
        _place(copy, cells)
    return cells.choose()


# --- which copy, which edition -------------------------------------------------------------------


def _best(zone: Zone, layout: Layout) -> _Copy:
    """Take a zone by the words over its cells, or align it under each edition and keep the cheapest."""
    editions = [(edition, _table(zone, edition)) for edition in _editions(zone)]
    for edition, table in editions:
        told = crossed(layout, zone, table)
        if told is not None:
            return _Copy(zone, table, edition, Alignment([None] * len(table.rows)), named=told)
    for edition, table in editions:  # before any other is weighed against a wrong edition
        plain = plainly(zone, table)
        if plain is not None:
            return _Copy(zone, table, edition, plain)
    candidates = [_Copy(zone, table, edition, align(zone, table)) for edition, table in editions]
    for edition, table in editions:
        if _labels_follow(zone, table):
            alignment = align(zone, table, after=True)
            candidates.append(_Copy(zone, table, edition, alignment))
    sound = [copy for copy in candidates if not _imagines_rows(copy)]
    return min(sound or candidates, key=lambda copy: copy.alignment.cost)


def _table(zone: Zone, edition: Edition | None) -> Table:
    return DISCLOSURE.tables[zone.table][edition or ""]


def _editions(zone: Zone) -> Sequence[Edition | None]:
    """The editions that a table may be of; table 四 is the same in all."""
    if zone.table == "proceedings":
        return (None,)
    if zone.table == "proactive":
        return editions_told(zone)
    return ("2021",) if _tells_three_rows(zone) else ("2021", "2019")


def _imagines_rows(copy: _Copy) -> bool:
    """Three rows （六）where nothing but the word 其他 speaks for them, and not all are there."""
    if copy.table is not REQUESTS_2021:
        return False
    if _tells_three_rows(copy.zone):
        return False
    sixth = [at for at, row in enumerate(copy.table.rows) if row.id in _SIXTH]
    return any(copy.alignment.rows[at] is None for at in sixth)


def _tells_three_rows(zone: Zone) -> bool:
    """Whether a label of one of the three rows （六）is printed."""
    three = DISCLOSURE.only_rows("requests", "2021")
    marks = [mark for segment in zone.segments for mark in segment.marks]
    return any(mark.kind == "row" and mark.ids and mark.ids <= three for mark in marks)


def editions_told(zone: Zone) -> list[Edition]:
    """The editions that table 二 may be of, by its labels and headers; the likelier first."""
    told: dict[Edition, int] = {"2019": 0, "2021": 0}
    segments = [*zone.segments, zone.after] if zone.after else zone.segments
    for segment in segments:
        for mark in segment.marks:
            if mark.kind in ("column", "row") and "proactive" in mark.tables:
                for edition, only in _ONLY_IN.items():
                    if mark.ids <= only:
                        told[edition] += 1
    if told["2019"] == told["2021"]:
        return ["2021", "2019"]
    return ["2021"] if told["2021"] > told["2019"] else ["2019"]


_ONLY_IN: dict[Edition, frozenset[str]] = {
    "2019": DISCLOSURE.only_in("proactive", "2019"),
    "2021": DISCLOSURE.only_in("proactive", "2021"),
}


def _labels_follow(zone: Zone, table: Table) -> bool:
    """Whether labels may stand after their figures: none before the first run, one after the last."""

    def labelled(marks: Sequence[Mark]) -> bool:
        return any(mark.kind == "row" and table.id in mark.tables for mark in marks)

    if table.id == "proceedings" or zone.after is None:
        return False
    return not labelled(zone.segments[0].marks) and labelled(zone.after.marks[:1])


def _decide_form(two: _Copy | None, three: _Copy | None) -> tuple[Form, bool]:
    edition_two = two.edition if two else None
    edition_three = _edition_of_requests(three) if three else None
    assumed = edition_two is None and edition_three is None
    proactive = edition_two or edition_three or "2021"
    requests = edition_three or edition_two or "2021"
    return compose(proactive, requests), assumed


def _edition_of_requests(copy: _Copy) -> Edition | None:
    """Told by the row or rows （六）; None when they are not in the text."""
    if copy.named is not None:
        return copy.edition
    rows = {row.id: at for at, row in enumerate(copy.table.rows)}
    found = [
        copy.alignment.rows[at] is not None or at in copy.alignment.blank
        for id, at in rows.items()
        if id in _SIXTH
    ]
    return copy.edition if any(found) else None


# --- cells ----------------------------------------------------------------------------------------


def _place(copy: _Copy, cells: Cells) -> None:
    if copy.named is not None:
        cells.named(copy.zone, copy.table, copy.named)
        return
    if copy.table.id == "proceedings":
        cells.proceedings(copy.zone)
        return
    found = copy.alignment
    ids = [row.id for row in copy.table.rows]
    runs = {
        id: Run(row.entries, row.segment)
        for id, row in zip(ids, found.rows, strict=True)
        if row is not None
    }
    ambiguous = {ids[at] for at in found.ambiguous}
    ambiguous |= {id for id, run in runs.items() if not tells_row(id, run.segment)}
    blank = {ids[at] for at in found.blank}
    cells.rows(copy.zone, copy.table, runs, blank=blank, ambiguous=ambiguous)
