"""The first half of a verification: take from the source all that its verdict needs, under a reading.

Nothing is decided here: structure is checked, the text under each span is taken, claims of the prose
and oddities of the text are found. What follows from it says `verify.judge`.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify import lexicon
from verify.agencies import same_agency
from verify.arithmetic import check
from verify.cells import CellPlace
from verify.doubled import cells_printed_twice, printed_twice
from verify.findings import Finding
from verify.grounded import Grounded, OpenRow
from verify.grounding import figures_at
from verify.layout import Layout
from verify.named import check_named, named_tables, without
from verify.plausible import odd_text
from verify.prose import find_claims
from verify.reading import Reading, Span
from verify.remarks import find_remarks
from verify.rules.check import rule
from verify.structure import check_structure
from verify.two_ways import two_ways


@rule("heading.years", severity="error", codes=("two_years",))
def ground(layout: Layout, reading: Reading) -> Grounded:
    """Hold a reading against its source.

    Args:
        layout: The source, laid out.
        reading: Where a reader says that each cell stands; of whatever maker.

    Returns:
        What judging needs. Never raises for what a report or a reading holds.
    """
    agency, year = _who(layout)
    years = _years_above(layout)
    two_years = len(years) == 2
    if two_years:
        year = None
    texts = {span: layout.source[slice(*span)] for span in _spans(reading)}
    oddities = tuple(odd_text(layout))
    named = named_tables(reading)
    form = reading.form
    if form is None or not (layout.zones or named):
        return Grounded(reading, bool(layout.zones), agency, year, texts, oddities=oddities)
    all_tables, all_cells = layout, reading
    if named:
        layout, reading = without(layout, reading, named)
    structure = check_structure(layout, reading)
    local = [f for f in structure.findings if f.code in ("local_row", "stray_figure")]
    remarks = find_remarks(layout, reading, local, structure.known)
    structure.undecided.update(dict.fromkeys(_cut_off(layout, reading), "not_a_figure"))
    for name, code in two_ways(layout, reading, structure.undecided).items():
        structure.undecided.setdefault(name, code)
    unsure = _recognised(layout, reading, structure.undecided)
    if printed_twice(texts.values()):
        structure.findings.append(Finding("glyphs_twice"))
    twice = cells_printed_twice(form, reading, texts)
    structure.undecided.update(dict.fromkeys(twice, "not_a_figure"))
    for merged in _merged(layout, reading):
        structure.findings.append(merged)
        structure.undecided.update(dict.fromkeys(merged.cells, "merged_cell"))
    if two_years:
        structure.findings.append(Finding("two_years", actual="、".join(map(str, years))))
    for id in sorted(named):
        structure.findings += check_named(all_tables, all_cells, form.table(id))
    return Grounded(
        all_cells,
        has_tables=True,
        agency=agency,
        year=year,
        texts=texts,
        findings=(
            *structure.findings,
            *remarks,
            *unsure,
            *_struck(layout, reading),
            *lexicon.findings_of(all_tables.source, all_tables.stream.named, all_cells),
        ),
        undecided=structure.undecided,
        open_rows=tuple(OpenRow(cells, tuple(ways)) for cells, ways in structure.open_rows),
        strangers=tuple(structure.strangers),
        claims=find_claims(all_tables),
        oddities=oddities,
        originals=tuple(_originals(all_tables, all_cells)),
    )


def _years_above(layout: Layout) -> tuple[int, ...]:
    """The years of the titles that stand together over the first table; of a list of reports, many."""
    first = min((zone.segments[0].entries[0].start for zone in layout.zones), default=0)
    title = layout.titles[0] if layout.titles else None
    end = min([first, *(at for at in layout.openings if title and at > title.start)])
    if any(t.start >= first for t in layout.titles):
        return ()  # one of several reports in the text, which the first title names
    found = {t.year for t in layout.titles if t.start < end and t.year is not None}
    return tuple(sorted(found))


def _cut_off(layout: Layout, reading: Reading) -> Iterator[str]:
    """The cell in whose figure the text ends, unless the tables are whole and its sum holds."""
    end, form = len(layout.source), reading.form
    last = [name for name, place in reading.places.items() if place.span and place.span[1] == end]
    if not last or form is None or reading.place(last[0]).where != "span":
        return
    places = [reading.place(name) for name in form.cells]
    if all(place.where != "missing" for place in places):
        values = figures_at(layout.source, reading.places, form)
        if not any(last[0] in rule.cells for rule in check(form.identities, values).failed):
            return
    yield from last


def _recognised(layout: Layout, reading: Reading, undecided: dict[str, str]) -> list[Finding]:
    """Cells of a scan that its recognitions read differently: not read, or given with a word."""
    unsure: list[Finding] = []
    for doubt in layout.document.doubts if layout.document else ():
        for name, place in reading.places.items():
            span = place.span
            if span is None or span[0] >= doubt.span[1] or span[1] <= doubt.span[0]:
                continue
            if doubt.unsure:
                text = layout.text_of(*span)
                unsure.append(Finding("recognition_unsure", (name,), actual=text, span=span))
            else:
                undecided[name] = "recognitions_differ"
    return unsure


def _originals(layout: Layout, reading: Reading) -> Iterator[tuple[str, CellPlace]]:
    """Where the cells stand in the original document."""
    if layout.document is None:
        return
    for name, place in reading.places.items():
        found = layout.document.place_of(place.span) if place.span else None
        if found:
            yield name, CellPlace.of(found)


def _merged(layout: Layout, reading: Reading) -> Iterator[Finding]:
    """Figures of tables 三 and 四 that one cell prints for several, with all of these."""
    form, document = reading.form, layout.document
    merged = [
        slot
        for grid in (document.grids if document else ())
        for slot in grid.slots
        if slot.span and max(slot.row_span, slot.column_span) > 1
    ]
    if form is None or not merged:
        return
    cells = _cells_by_start(reading)
    for slot in merged:
        name = cells.get(slot.offset)
        table = next((t for t in form.tables if name and name.startswith(f"{t.id}.")), None)
        if name is None or table is None or len(table.widths) > 1 or slot.span is None:
            continue
        text = layout.source[slice(*slot.span)]
        names = table.cells(table.rows[at := table.places[name.split(".")[1]]])
        first = names.index(name)
        if text == "0" and slot.row_span == 1 and slot.column_span >= len(names):
            continue  # one 0 for a whole row; others may follow to be the same
        covered = tuple(
            one
            for row in table.rows[at : at + slot.row_span]
            for one in table.cells(row)[first : first + slot.column_span]
        )
        if len(covered) > 1:
            yield Finding("merged_cell", covered, actual=text, span=slot.span)


def _struck(layout: Layout, reading: Reading) -> Iterator[Finding]:
    """What the original strikes out beside the figure of a cell: it is not the cell's, and is said."""
    if layout.document is None or not layout.document.struck:
        return
    cells = _cells_by_start(reading)
    for offset, text in layout.document.struck:
        if name := cells.get(offset):
            span, actual = reading.places[name].span, f"~~{text}~~"
            yield Finding("remark_harmless", (name,), span=span, actual=actual, by="struck")


def _cells_by_start(reading: Reading) -> dict[int, str]:
    """The cells that have a span, by where it begins."""
    return {place.span[0]: name for name, place in reading.places.items() if place.span}


def _spans(reading: Reading) -> Iterator[Span]:
    for places in (reading.places, *reading.repeats):
        for place in places.values():
            if place.span is not None:
                yield place.span


def _who(layout: Layout) -> tuple[str | None, int | None]:
    if not layout.titles:
        return None, None
    title = layout.titles[0]
    starts = [zone.segments[0].entries[0].start for zone in layout.zones]
    below = bool(starts) and title.start > starts[0]
    opened = bool(layout.openings) and title.start < layout.openings[0]
    if below and not (opened and title.start < starts[-1]):
        return None, None  # a link to another report below the tables
    named = [
        (candidate, layout.text_of(*candidate.agency))
        for candidate in layout.titles
        if candidate.agency is not None
    ]
    agency = next((name for candidate, name in named if candidate.year == title.year), None)
    above = [name for candidate, name in named if not starts or candidate.start < starts[0]]
    if agency is not None and any(same_agency(agency, name) == "different" for name in above):
        return None, title.year  # a portal's title over the agency's
    return agency, title.year
