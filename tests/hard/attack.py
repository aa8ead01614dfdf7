"""Wrong readings, made in the ways in which a reader is wrong or lies, and sources that invite them.

``python -m tests.hard.attack --rounds N`` runs any number of them; the tests run a few thousand.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from extractor.readers import builtin
from tests.garbler import garble
from tests.garbler.judge import PASSING
from tests.garbler.model import Value
from tests.garbler.truth import form_of
from verify import BLANK, MISSING, Form, Layout, Place, Reading, Verified, lay_out, verify
from verify.forms import Table
from verify.stream import Entry, Kind

from .oracle import true_reading
from .reports import HARD
from .traps import trap

Places = dict[str, Place]


@dataclass(frozen=True, slots=True)
class Case:
    """A source with its true reading.

    Attributes:
        name: For messages.
        layout: The source.
        reading: The true one.
        figures: The figure that every cell has or is meant to have.
        loose: Cells that the source does not settle.
    """

    name: str
    layout: Layout
    reading: Reading
    figures: Mapping[str, Value]

    @property
    def form(self) -> Form:
        """The form that is printed."""
        assert self.reading.form is not None
        return self.reading.form


def wrong_cells(case: Case, outcome: Verified) -> list[str]:
    """Cells of an outcome whose figure is not the true one; none unless it passes."""
    if outcome.verdict not in PASSING:
        return []
    return [
        name
        for name, cell in outcome.cells.items()
        if cell.value is not None and cell.value != case.figures.get(name, 0)
    ]


# --- sources --------------------------------------------------------------------------------------


def hard_case(name: str) -> Case:
    """A hard report."""
    report = HARD[name]
    return Case(name, lay_out(report.text), report.reading(), report.figures)


def garbled_case(seed: int) -> Case | None:
    """A garbled report, or None where the agency's own figures are wrong."""
    report = garble(seed)
    if report.kind == "corrupting":
        return None
    layout = lay_out(report.text)
    figures = {name: cell.true_value for name, cell in report.expected.items()}
    return Case(f"seed {seed}", layout, true_reading(report, layout), figures)


def trap_case(seed: int) -> Case:
    """A report with rows lost, relabelled and added so that other rows seem to fit."""
    report = trap(seed)
    return Case(f"trap {seed}", lay_out(report.text), report.reading(), report.figures)


# --- wrong readings -------------------------------------------------------------------------------


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


def swap_rows(case: Case, places: Places, rng: Random) -> None:
    """Two rows of one width exchange their figures."""
    rows = _rows(_table(case, rng))
    one = rng.choice(rows)
    two = rng.choice([row for row in rows if len(row) == len(one)])
    for a, b in zip(one, two, strict=True):
        places[a], places[b] = places[b], places[a]


def swap_neighbours(case: Case, places: Places, rng: Random) -> None:
    """Two neighbouring rows of table 三 exchange their figures."""
    rows = _rows(case.form.table("requests"))
    at = rng.randrange(len(rows) - 1)
    for a, b in zip(rows[at], rows[at + 1], strict=True):
        places[a], places[b] = places[b], places[a]


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


def turn_rows(case: Case, places: Places, rng: Random) -> None:
    """Three or more rows in turn exchange their figures."""
    rows = _rows(case.form.table("requests"))
    chosen = rng.sample(rows, rng.randint(3, 6))
    old = [[places[name] for name in row] for row in chosen]
    for row, given in zip(chosen, [*old[1:], old[0]], strict=True):
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


def nothing(case: Case, places: Places, rng: Random) -> None:
    """The true reading itself, of which some rows are called missing, blank or doubtful."""
    rows = [row for table in case.form.tables for row in _rows(table)]
    for row in rng.sample(rows, rng.randint(0, 3)):
        spans = [place.span for name in row if (place := places[name]).span]
        where = rng.choice(("missing", "blank", "doubt"))
        region = (min(spans)[0], max(spans)[1]) if spans and where == "doubt" else None
        why = rng.choice(("row_ambiguous", "placement_ambiguous", None)) if region else None
        _give(places, row, [Place(where, region, why)] * len(row))  # type: ignore[arg-type]


Attack = Callable[[Case, Places, Random], None]
ATTACKS: tuple[Attack, ...] = (
    swap_rows,
    swap_neighbours,
    slip,
    turn_rows,
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
    nothing,
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
        try:
            outcome = verify(case.layout, replace(tried.reading, places=places, repeats=repeats))
        except Exception as error:  # noqa: BLE001 -- whatever the verifier raises is a finding
            yield label, [f"crashed: {error!r}"], False
            continue
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


def cases(kind: str, start: int, count: int) -> Iterator[Case]:
    """Sources of a kind: ``hard``, ``garbled`` or ``trap``."""
    if kind == "hard":
        yield from map(hard_case, HARD)
        return
    for seed in range(start, start + count):
        case = garbled_case(seed) if kind == "garbled" else trap_case(seed)
        if case is not None:
            yield case


def _run(seed: int, kind: str, each: int) -> Counter[str]:
    """One source's attacks."""
    rng = Random(seed)
    found: Counter[str] = Counter()
    names = list(HARD)
    case = (
        hard_case(names[seed % len(names)]) if kind == "hard" else next(cases(kind, seed, 1), None)
    )
    if case is None:
        return found
    truth = verify(case.layout, case.reading)
    found["true readings"] += 1
    found["true readings that pass"] += truth.verdict in PASSING
    if wrong_cells(case, truth):
        found[f"TRUE BUT WRONG {case.name}"] += 1
    for label, wrong, passes in attack(case, rng, each):
        found["readings"] += 1
        found["readings that pass"] += passes
        if wrong:
            found[f"SILENT {case.name} {label} {wrong[0]}"] += 1
    return found


def main() -> int:
    """Entry point; 1 when a wrong cell passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("hard", "garbled", "trap"), default="trap")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=300, help="sources")
    parser.add_argument("--each", type=int, default=20, help="wrong readings of each")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    one = partial(_run, kind=options.kind, each=options.each)
    seeds = range(options.start, options.start + options.rounds)
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(options.processes) as pool:
        for found in pool.map(one, seeds, chunksize=4):
            total.update(found)
    for key, count in sorted(total.items()):
        print(f"{count:8} {key}")
    return int(any(key.isupper() or "SILENT" in key or "WRONG" in key for key in total))


if __name__ == "__main__":
    sys.exit(main())
