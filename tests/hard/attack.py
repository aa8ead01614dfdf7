"""Wrong readings, made in the ways in which a reader is wrong or lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random

from extractor.readers import builtin
from tests.garbler.judge import PASSING
from tests.garbler.truth import form_of
from verify import BLANK, MISSING, Place, verify
from verify.arithmetic import check
from verify.forms import Table
from verify.grounding import figures_at
from verify.stream import Entry, Kind
from verify.zones import rows_in

from .cases import Case, wrong_cells

Places = dict[str, Place]


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [table.cells(row) for row in table.rows]


def _entries(case: Case, table: str) -> list[Entry]:
    return [
        entry
        for zone in case.layout.zones
        if zone.table == table
        for segment in zone.segments
        for entry in segment.entries
    ]


def _runs(case: Case, table: str) -> list[list[Entry]]:
    return [
        list(segment.entries)
        for zone in case.layout.zones
        if zone.table == table
        for segment in zone.segments
        if segment.entries
    ]


def _place(case: Case, entry: Entry) -> Place:
    span = case.layout.stream.span(entry.start, entry.end)
    where = {Kind.FIGURE: "span", Kind.BLANK: "blank", Kind.OTHER: "doubt"}[entry.kind]
    return Place(where, span)  # type: ignore[arg-type]


def _give(places: Places, names: tuple[str, ...], given: list[Place]) -> None:
    places.update(zip(names, given, strict=True))


def _table(case: Case, rng: Random) -> Table:
    return case.form.table(rng.choice(("requests", "requests", "proactive", "proceedings")))


def turn_rows(case: Case, places: Places, rng: Random) -> None:
    """Two or more rows of one width, often neighbours, exchange their figures in turn."""
    rows = _rows(_table(case, rng))
    first = rng.randrange(len(rows))
    alike = [row for row in rows if len(row) == len(rows[first])]
    at = alike.index(rows[first])
    chosen = (
        alike[at : at + 2]
        if rng.random() < 0.4
        else rng.sample(alike, min(len(alike), rng.choice((2, 2, 3, 6))))
    )
    _turn(places, chosen)


def _turn(places: Places, rows: list[tuple[str, ...]]) -> None:
    old = [[places[name] for name in row] for row in rows]
    for row, given in zip(rows, [*old[1:], *old[:1]], strict=True):
        _give(places, row, given)


def slip(case: Case, places: Places, rng: Random) -> None:
    """Some rows have the figures of the row before or after them."""
    rows = _rows(case.form.table("requests"))
    first = rng.randrange(len(rows) - 2)
    part = rows[first : rng.randint(first + 2, len(rows))]
    old = [[places[name] for name in row] for row in part]
    lost = [rng.choice((MISSING, BLANK))] * len(part[0])
    moved = [lost, *old[:-1]] if rng.random() < 0.5 else [*old[1:], lost]
    for row, given in zip(part, moved, strict=True):
        _give(places, row, given)


def exchange_columns(case: Case, places: Places, rng: Random) -> None:
    """Two columns of a table are exchanged in every row, or in some."""
    rows = _rows(case.form.table(rng.choice(("requests", "proceedings"))))
    one, two = rng.sample(range(len(rows[0])), 2)
    for row in rows if rng.random() < 0.7 else rng.sample(rows, len(rows) // 2):
        places[row[one]], places[row[two]] = places[row[two]], places[row[one]]


def rotate_columns(case: Case, places: Places, rng: Random) -> None:
    """The columns of a table are turned by one or more."""
    rows = _rows(case.form.table(rng.choice(("requests", "proceedings"))))
    by = rng.randint(1, len(rows[0]) - 1)
    last = rng.choice((len(rows[0]), len(rows[0]) - 1))
    for row in rows:
        old = [places[name] for name in row[:last]]
        _give(places, row[:last], [*old[by:], *old[:by]] if by < last else old[::-1])


def transpose(case: Case, places: Places, rng: Random) -> None:
    """The figures of a table in their order, taken for columns where they are rows or back."""
    table = _table(case, rng)
    rows = _rows(table)
    names = [name for row in rows for name in row]
    if rng.random() < 0.5 and len({len(row) for row in rows}) == 1:
        names = [row[i] for i in range(len(rows[0])) for row in rows]
    found = _entries(case, table.id)
    start = rng.choice((0, 0, 1))
    for i, name in enumerate(names, start):
        places[name] = _place(case, found[i]) if i < len(found) else MISSING


def from_another_table(case: Case, places: Places, rng: Random) -> None:
    """A row has figures of another table."""
    rows = _rows(_table(case, rng))
    row = rng.choice(rows)
    found = _entries(case, rng.choice(("requests", "proactive", "proceedings")))
    if len(found) >= len(row):
        at = rng.randrange(len(found) - len(row) + 1)
        _give(places, row, [_place(case, entry) for entry in found[at : at + len(row)]])


def zeros(case: Case, places: Places, rng: Random) -> None:
    """Every cell, or every cell of a table, is some 0 of the text."""
    source = case.layout.source
    found = [i for i, char in enumerate(source) if char == "0"]
    prefix = rng.choice(("", "requests.", "proceedings."))
    for i, name in enumerate(n for n in places if n.startswith(prefix)):
        if found:
            places[name] = Place("span", (found[i % len(found)], found[i % len(found)] + 1))


def same_figure_elsewhere(case: Case, places: Places, rng: Random) -> None:
    """One to three cells point at another figure of the same value, and that cell at theirs."""
    by_text: dict[str, list[str]] = {}
    for name, place in places.items():
        if place.where == "span" and place.span:
            by_text.setdefault(case.layout.source[slice(*place.span)], []).append(name)
    groups = [names for names in by_text.values() if len(names) > 1]
    for _ in range(rng.randint(1, 3) if groups else 0):
        one, two = rng.sample(rng.choice(groups), 2)
        if rng.random() < 0.5:
            places[one], places[two] = places[two], places[one]
        else:
            places[one] = places[two]


def shuffle(case: Case, places: Places, rng: Random) -> None:
    """The places of a table, of a row, or of a column in any order."""
    rows = _rows(_table(case, rng))
    kind = rng.randrange(3)
    names = [name for row in rows for name in row]
    if kind == 1:
        names = list(rng.choice(rows))
    elif kind == 2:
        column = rng.randrange(min(len(row) for row in rows))
        names = [row[column] for row in rows]
    mixed = [places[name] for name in names]
    rng.shuffle(mixed)
    places.update(zip(names, mixed, strict=True))


def lose_and_move_up(case: Case, places: Places, rng: Random) -> None:
    """A row is called missing, and its figures are given to a neighbour that is said to follow."""
    rows = _rows(case.form.table("requests"))
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(rows) - 1)
        a, b = (rows[at], rows[at + 1]) if rng.random() < 0.5 else (rows[at + 1], rows[at])
        _give(places, b, [places[name] for name in a])
        _give(places, a, [rng.choice((MISSING, BLANK))] * len(a))


def other_runs(case: Case, places: Places, rng: Random) -> None:
    """Rows take whole runs of the table in their order, whatever their labels say."""
    rows = _rows(case.form.table("requests"))
    runs = [run for run in _runs(case, "requests") if len(run) == len(rows[0])]
    chosen = list(rows)
    while len(runs) > len(chosen):
        runs.pop(rng.randrange(len(runs)))
    while len(chosen) > len(runs):
        _give(places, gone := chosen.pop(rng.randrange(len(chosen))), [MISSING] * len(gone))
    for row, run in zip(chosen, runs, strict=True):
        _give(places, row, [_place(case, entry) for entry in run])


def stray_runs(case: Case, places: Places, rng: Random) -> None:
    """Rows without figures take the runs that no row has, or any row takes one."""
    rows = _rows(case.form.table("requests"))
    taken = {place.span for place in places.values() if place.span}
    free = [
        run
        for run in _runs(case, "requests")
        if len(run) == len(rows[0])
        and not any(case.layout.stream.span(e.start, e.end) in taken for e in run)
    ]
    empty = [row for row in rows if all(places[name].span is None for name in row)]
    for run in free:
        goal = rng.choice(empty or rows) if rng.random() < 0.8 else None
        if goal:
            _give(places, goal, [_place(case, entry) for entry in run])
            empty = [row for row in empty if row is not goal]


def small_rows(case: Case, places: Places, rng: Random) -> None:
    """Rows of table 二 take the figures of its runs in their order."""
    rows = _rows(case.form.table("proactive"))
    runs = _runs(case, "proactive")
    at = rng.randrange(len(rows))
    fitting = [run for run in runs if len(run) == len(rows[at])]
    if fitting:
        _give(places, rows[at], [_place(case, entry) for entry in rng.choice(fitting)])
    if rng.random() < 0.5:
        other = rng.choice(rows)
        _give(places, other, [MISSING] * len(other))


def shift_a_row(case: Case, places: Places, rng: Random) -> None:
    """Every cell of a row, or of all rows of a table, has its neighbour's figure."""
    rows = _rows(_table(case, rng))
    by = rng.choice((-1, 1))
    for row in rows if rng.random() < 0.3 else [rng.choice(rows)]:
        old = [places[name] for name in row]
        turned = [MISSING, *old[:-1]] if by > 0 else [*old[1:], rng.choice((MISSING, BLANK))]
        _give(places, row, turned)


def swap_cells(case: Case, places: Places, rng: Random) -> None:
    """Two cells anywhere, often of neighbouring rows, exchange their figures."""
    if rng.random() < 0.5:
        one, two = rng.sample(list(places), 2)
    else:
        rows = _rows(_table(case, rng))
        at = rng.randrange(len(rows) - 1)
        one, two = rows[at][-1], rows[at + 1][0]
    places[one], places[two] = places[two], places[one]


def lose_cells(case: Case, places: Places, rng: Random) -> None:
    """Cells with figures are called blank or missing: one, some of a row, or many of a table."""
    names = [name for row in _rows(_table(case, rng)) for name in row]
    for name in rng.sample(names, rng.choice((1, 2, min(24, len(names))))):
        places[name] = rng.choice((MISSING, BLANK))


def move_a_span(case: Case, places: Places, rng: Random) -> None:
    """A span is wider or narrower than its figure, beyond the text, or a figure of prose."""
    name = rng.choice(list(places))
    end, span = len(case.layout.source), places[name].span or (0, 1)
    year = max(0, case.layout.source.find("20"))
    start, stop = rng.choice(((-1, 0), (0, 1), (1, 0), (0, -1)))
    given = ((max(0, span[0] + start), span[1] + stop), (end - 1, end + 10), (year, year + 4))
    places[name] = Place("span", rng.choice(given))


def figures_for_blanks(case: Case, places: Places, rng: Random) -> None:
    """Cells without a figure point at one of another cell."""
    spans = [place for place in places.values() if place.where == "span"]
    for name in [name for name in case.form.cells if places[name].where != "span"][:30]:
        if spans and rng.random() < 0.5:
            places[name] = rng.choice(spans)


def exchange_unlabelled(case: Case, places: Places, rng: Random) -> None:
    """Rows of table 三 without a verbatim label before their figures exchange them in turn."""
    labelled = {
        case.layout.stream.span(entry.start, entry.end)
        for zone in case.layout.zones
        for segment in zone.segments
        if any(match.likeness == 1 for match in rows_in(segment, zone.table))
        for entry in segment.entries
    }
    rows = _rows(case.form.table("requests"))
    bare = [row for row in rows if (span := places[row[0]].span) and span not in labelled]
    rng.shuffle(bare)
    bare += rng.sample(rows, 1) if len(bare) == 1 else []
    _turn(places, bare)


def hide_what_fails(case: Case, places: Places, rng: Random) -> None:
    """Rows whose figures break a sum are left out, or blanked, or given to each other."""
    values = figures_at(case.layout.source, places, case.form)
    broken = {
        name for identity in check(case.form.identities, values).failed for name in identity.cells
    }
    odd = {n for n, v in values.items() if v is not None and v != case.figures.get(n, v)}
    rows = [row for table in case.form.tables for row in _rows(table)]
    chosen = [row for row in rows if not (odd or broken).isdisjoint(row)][: rng.randint(1, 4)]
    how = rng.randrange(3)
    for row in chosen:
        if how == 0:
            _give(places, row, [rng.choice((MISSING, BLANK))] * len(row))
        elif how == 1:
            lost = rng.sample(row, min(len(row), 2))
            places.update((name, rng.choice((MISSING, BLANK))) for name in lost)
        else:
            _turn(places, [row, rng.choice([one for one in rows if len(one) == len(row)])])


def lose_rows(case: Case, places: Places, rng: Random) -> None:
    """Rows are called missing, blank or doubtful: what is left may be enough to complete the report."""
    rows = [row for table in case.form.tables for row in _rows(table)]
    for row in rng.sample(rows, rng.randint(0, 3)):
        spans = [place.span for name in row if (place := places[name]).span]
        where = rng.choice(("missing", "blank", "doubt"))
        region = (min(spans)[0], max(spans)[1]) if spans and where == "doubt" else None
        why = rng.choice(("row_ambiguous", "placement_ambiguous", None)) if region else None
        _give(places, row, [Place(where, region, why)] * len(row))  # type: ignore[arg-type]


Attack = Callable[[Case, Places, Random], None]
ATTACKS: tuple[Attack, ...] = (
    turn_rows,
    slip,
    exchange_columns,
    rotate_columns,
    transpose,
    from_another_table,
    zeros,
    same_figure_elsewhere,
    shuffle,
    lose_and_move_up,
    other_runs,
    stray_runs,
    small_rows,
    shift_a_row,
    swap_cells,
    lose_cells,
    move_a_span,
    figures_for_blanks,
    exchange_unlabelled,
    hide_what_fails,
    lose_rows,
)


def another_form(case: Case, rng: Random) -> Case:
    """The same case read as another form."""
    forms = ["2021+2021", "2019+2019", "2021+2019", "2019+2021"]
    form = form_of(rng.choice([f for f in forms if form_of(f) is not case.form]))
    places = {name: case.reading.place(name) for name in form.cells}
    return replace(case, reading=replace(case.reading, form=form, places=places))


def attack(case: Case, rng: Random, count: int) -> Iterator[tuple[str, list[str], bool]]:
    """Wrong readings of a case: what was done, which wrong cells pass, and whether it passes."""
    bases = [case.reading, replace(builtin.read(case.layout))]
    for _ in range(count):
        base = bases[rng.random() < 0.2]
        if base.form is None:
            continue
        tried = replace(case, reading=base)
        if rng.random() < 0.05:
            tried = another_form(tried, rng)
        places: Places = {name: tried.reading.place(name) for name in tried.form.cells}
        chosen = [rng.choice(ATTACKS) for _ in range(rng.choice((1, 1, 2, 3)))]
        for one in chosen:
            one(tried, places, rng)
        repeats = tried.reading.repeats
        if repeats and rng.random() < 0.5:
            repeats = _mixed(places, repeats, rng)
        label = "+".join(one.__name__ for one in chosen)
        outcome = verify(case.layout, replace(tried.reading, places=places, repeats=repeats))
        yield label, wrong_cells(case, outcome), outcome.verdict in PASSING


def _mixed(
    places: Places, repeats: tuple[Mapping[str, Place], ...], rng: Random
) -> tuple[Mapping[str, Place], ...]:
    """Rows of a table and of its copy exchanged."""
    again = dict(repeats[0])
    for name in list(again):
        if rng.random() < 0.3 and name in places:
            places[name], again[name] = again[name], places[name]
    return (again, *repeats[1:])
