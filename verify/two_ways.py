"""Cells that a careful person reads in two ways: they are not read.

A dash that parts a label from its figure or is its sign; a character that is rubbed out; a figure below the
empty cell of its own row; a label that names two rows; a row of which a cell may be lost, so that the rest moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from verify.arithmetic import check, signed_cells
from verify.disordered import ends_of_cut_lines, misnumbered
from verify.feasible import residuals
from verify.figures import Number
from verify.forms import Form, Identity, Table
from verify.grounding import figures_at
from verify.layout import Layout
from verify.marks import parse
from verify.reading import Reading
from verify.stream import Segment
from verify.zones import rows_in

_RUBBING = "\x08\x1b\x7f"  # characters that move back, or take one away
_RUBBED = re.compile(rf"[^\s|]*[{_RUBBING}][^\s|]*")
_EMPTY = re.compile(r"[\t|] *[\t|]")
_THICK = re.compile(r"(?:([0-9])\1){2,}")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DASHES = "-—"
_LABEL_END = re.compile(r"[\u4e00-\u9fff)”\"]")
_PARTED = re.compile(r"[\t|]")
_STRUCK = re.compile(r"(?<!~)~~(?!~).+?(?<!~)~~(?!~)", re.DOTALL)
_TWO = 2
_CIRCLES = ("○", "◯", "⭕")
_FEW = 4  # one in so many is no way to part fields


def two_ways(
    layout: Layout, reading: Reading, undecided: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The cells that can be read in two ways, each with the code that says so.

    Args:
        layout: The source.
        reading: Of whatever maker; its form must not be None.
        undecided: Cells that are not read for another reason.
    """
    form = reading.form
    assert form is not None
    signs = (
        *_signs(layout, reading, form),
        *_rubbed(layout, reading),
        *_barred(layout, reading),
        *_circles(layout.source, reading),
        *_struck_out(layout.source, reading),
    )
    found = dict.fromkeys(signs, "not_a_figure")
    rows = (
        *_below(layout, reading, form),
        *_of_two_rows(layout, reading, form),
        *misnumbered(layout, reading, form),
    )
    found |= dict.fromkeys(rows, "row_ambiguous")
    shared = _in_one_field(layout, reading, form)
    found |= dict.fromkeys(shared, "placement_ambiguous")
    values = figures_at(layout.source, reading.places, form)
    for name in (*found, *(undecided or ())):
        values[name] = None
    found |= dict.fromkeys(_thickened(form, values), "not_a_figure")
    found |= dict.fromkeys(_over_breaks(layout, reading, form, values), "not_a_figure")
    for name in found:
        values[name] = None
    if cut := ends_of_cut_lines(layout, reading):
        touched = set(_failing(form, values))
        found |= {name: "not_a_figure" for name in cut if name in touched}
    marked = {name for name, place in reading.places.items() if place.span is not None}
    missing = {name for name in form.cells if reading.place(name).where == "missing"}
    found |= dict.fromkeys(_moved(form, values, marked, missing), "row_moved")
    return {name: code for name, code in found.items() if reading.place(name).span is not None}


def _signs(layout: Layout, reading: Reading, form: Form) -> Iterator[str]:
    """Counts whose minus touches the label before it: 行政许可-73."""
    for name, place in reading.places.items():
        if place.where != "span" or place.span is None or form.kinds.get(name) == "change":
            continue
        start, end = place.span
        text = layout.source[start:end]
        if (
            text
            and text[0] in _DASHES
            and _LABEL_END.match(layout.source[max(start - 1, 0) : start])
        ):
            yield name


def _rubbed(layout: Layout, reading: Reading) -> Iterator[str]:
    """Cells in whose field a character is rubbed out."""
    there = any(sign in layout.source for sign in _RUBBING)
    fields = [match.span() for match in _RUBBED.finditer(layout.source)] if there else []
    for name, place in reading.places.items() if fields else ():
        if place.span and any(a < place.span[1] and place.span[0] < b for a, b in fields):
            yield name


def _circles(source: str, reading: Reading) -> list[str]:
    """Cells of a single circle, where most are so: of a form that is not filled in."""
    spans = {n: p.span for n, p in reading.places.items() if p.where == "span" and p.span}
    circles = [name for name, (start, end) in spans.items() if source[start:end] in _CIRCLES]
    return circles if 2 * len(circles) > len(spans) else []


def _struck_out(source: str, reading: Reading) -> list[str]:
    """Cells between signs that strike out: ~~ around a whole table."""
    struck = [match.span() for match in _STRUCK.finditer(source)] if "~~" in source else []
    return [
        name
        for name, place in reading.places.items()
        if place.span and any(a <= place.span[0] and place.span[1] <= b for a, b in struck)
    ]


def _barred(layout: Layout, reading: Reading) -> list[str]:
    """Cells whose figure touches a bar inside a line that has tabs, where few do: 1 for |, as in |7."""
    text = layout.stream.folded.text
    if "|" not in text or "\t" not in text:
        return []
    barred, seen = [], 0
    for name, place in reading.places.items():
        if place.where != "span" or place.span is None:
            continue
        seen += 1
        start, end = layout.stream.folded.place(*place.span)
        line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        before, after = text[line:start], text[end : stop if stop >= 0 else None]
        whole = before + after
        if whole.count("\t") > whole.count("|") and (
            (before.endswith("|") and before[:-1].strip())
            or (after.startswith("|") and after[1:].strip())
        ):
            barred.append(name)
    return barred if _FEW * len(barred) <= seen else []


def _below(layout: Layout, reading: Reading, form: Form) -> Iterator[str]:
    """Cells alone on the line below their row, which has an empty field where others have their figure."""
    text = layout.stream.folded.text
    for table in form.tables:
        beside, below = 0, []
        for row in table.rows if not table.is_uniform else ():
            name = table.cells(row)[0]
            span = reading.place(name).span
            if len(row.columns) > 1 or span is None:
                continue
            start, end = layout.stream.folded.place(*span)
            line = text.rfind("\n", 0, start) + 1
            before = text[line:start]
            if before.strip():
                beside += "\t" in before or "|" in before
                continue
            above = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : max(line - 1, 0)]
            rest = text[end : text.find("\n", end)] if "\n" in text[end:] else text[end:]
            if above.rstrip(" ").endswith(("\t", "|")) and above.strip("\t| ") and not rest.strip():
                below.append(name)
        if beside > len(below):
            yield from below


def _in_one_field(layout: Layout, reading: Reading, form: Form) -> Iterator[str]:
    """The cells of rows that are read as two figures in one field, though the line has a field for each cell."""
    text = layout.stream.folded.text
    for table in form.tables:
        rows = [table.cells(row) for row in table.rows]
        for names in rows if table.is_uniform else (tuple(n for row in rows for n in row), *rows):
            spans = sorted({span for name in names if (span := reading.place(name).span)})
            places = [layout.stream.folded.place(*span) for span in spans]
            if len(places) < _TWO:
                continue
            end = text.find("\n", places[-1][1])
            line = text[places[0][0] : end if end >= 0 else None].rstrip(" ").removesuffix("|")
            beside = any(
                text[a[1] : b[0]].isspace() and set(text[a[1] : b[0]]) == {" "}
                for a, b in pairwise(places)
            )
            if not beside or "\n" in line:
                continue
            inner = text[places[0][0] : places[-1][1]]
            if _EMPTY.search(inner) or len(_PARTED.split(line)) >= len(names):
                yield from names


def _of_two_rows(layout: Layout, reading: Reading, form: Form) -> Iterator[str]:
    """The cells of rows whose labels stand in one field, and of the row after it that has none."""
    at = {
        place.span[0]: name.rpartition(".")[0]
        for name, place in reading.places.items()
        if place.span
    }
    for zone in layout.zones:
        table = next((t for t in form.tables if t.id == zone.table), None)
        if table is None or len(table.rows) <= len(table.rows[0].columns):
            continue
        follows = False
        for segment in zone.segments:
            named = _two_named(segment, table)
            if named or (follows and not rows_in(segment, table.id)):
                own = {at.get(layout.stream.span(e.start, e.end)[0]) for e in segment.entries}
                for row in table.rows:
                    if row.id in named or f"{table.id}.{row.id}" in own:
                        yield from table.cells(row)
            follows = bool(named)


def _two_named(segment: Segment, table: Table) -> frozenset[str]:
    """The rows of a table that one word of a segment names, where it names more than one."""
    for word in reversed(segment.words):
        parsed = parse(word)
        apart = {
            frozenset(ids)
            for mark in parsed.marks
            if mark.kind == "row" and mark.likeness == 1 and table.id in mark.tables
            if (ids := mark.ids & table.places.keys())
        }
        if apart:  # the label next to the figures, and no sentence
            whole = not parsed.unknown and len(apart) >= _TWO
            return frozenset().union(*apart) if whole else frozenset()
    return frozenset()


def _thickened(form: Form, values: Mapping[str, Number | None]) -> Iterator[str]:
    """Figures printed digit by digit twice, with which a sum fails that holds without: 1100 for 10."""
    for identity in check(form.identities, values).failed:
        for name in identity.cells:
            digits = str(values[name])
            if not _THICK.fullmatch(digits):
                continue
            once = {**values, name: int(digits[::2])}
            if check((identity,), once).held:
                yield name


def _over_breaks(
    layout: Layout, reading: Reading, form: Form, values: Mapping[str, Number | None]
) -> Iterator[str]:
    """Figures over a line break in one cell, where others of the row have one, or another row has no figure.

    One such figure is a figure (SPEC); several are those of rows that a converter wrote into one.
    """
    broken = {
        name
        for name, place in reading.places.items()
        if place.where == "span" and place.span and _BREAK.search(layout.source, *place.span)
    }
    for table in form.tables if broken else ():
        empty = any(
            all(values.get(name) is None for name in table.cells(row)) for row in table.rows
        )
        for row in table.rows:
            own = broken.intersection(table.cells(row))
            if len(own) > 1 or (own and empty):
                yield from own


def _moved(
    form: Form,
    values: Mapping[str, Number | None],
    marked: AbstractSet[str],
    missing: AbstractSet[str],
) -> Iterator[str]:
    """The cells of rows that begin or end in an empty cell, or have one beside two figures run together.

    Where sums do not hold: a row has no total of nothing, a converter that loses a cell fills the row at
    an end, and one that writes two cells into one leaves the other empty.
    """
    rows = [
        (table, row, cells)
        for table in form.tables
        for row in table.rows
        if len(row.columns) > 1
        if None in (cells := [values.get(name) for name in table.cells(row)]) and any(cells)
    ]
    if not rows and not missing:
        return
    touched = set(_failing(form, values))
    for table, row, cells in rows:
        on_line = len(table.rows) < len(row.columns)  # the rows of the table share a line
        names = (
            tuple(n for r in table.rows for n in table.cells(r)) if on_line else table.cells(row)
        )
        negative = any(
            value is not None and value < 0 and form.kinds[name] != "change"
            for name, value in zip(table.cells(row), cells, strict=True)
        )
        shifted = cells[0] is None and names[0] not in marked and table.is_uniform
        ends = cells[-1] is None or shifted
        failing = table.is_uniform and not touched.isdisjoint(names)
        if (
            (ends and failing)
            or (cells[-1] is None and negative)
            or (failing and _holds_when_cut(form, names, values))
        ):
            yield from names
    yield from _run_together_below(form, values, touched)
    yield from (name for name in _before_lost_rows(form, missing) if name in touched)


def _before_lost_rows(form: Form, missing: AbstractSet[str]) -> Iterator[str]:
    """The cells of rows right before rows that are not there: a text that lost them may have lost more."""
    for table in form.tables:
        for above, below in pairwise(table.rows) if table.is_uniform else ():
            if missing >= {*table.cells(below)} and missing.isdisjoint(table.cells(above)):
                yield from table.cells(above)


def _run_together_below(
    form: Form, values: Mapping[str, Number | None], touched: AbstractSet[str]
) -> Iterator[str]:
    """Cells whose figure, cut in two with the rest in the empty cell below or above, makes both rows hold."""
    for table in form.tables:
        for above, below in pairwise(table.rows) if table.is_uniform else ():
            pairs = zip(table.cells(above), table.cells(below), strict=True)
            for first, second in pairs:
                full, empty = (first, second) if values.get(second) is None else (second, first)
                if values.get(full) is None or values.get(empty) is not None or full not in touched:
                    continue
                rows = {*table.cells(above), *table.cells(below)}
                rules = [rule for rule in form.identities if rows.issuperset(rule.cells)]
                if _some_cut_holds(rules, values, full, first, second):
                    yield from (first, second)


def _some_cut_holds(
    rules: Sequence[Identity],
    values: Mapping[str, Number | None],
    full: str,
    first: str,
    second: str,
) -> bool:
    """Whether rules hold once the digits of a figure are shared between two cells."""
    digits = str(values[full])
    return any(
        not check(rules, {**values, first: int(digits[:at]), second: int(digits[at:])}).failed
        for at in range(1, len(digits) if digits.isdigit() else 0)
    )


def _holds_when_cut(form: Form, names: Sequence[str], values: Mapping[str, Number | None]) -> bool:
    """Whether the sum of a row holds when one figure is cut in two, the other half in an empty cell beside it."""
    rules = [rule for rule in form.identities if set(rule.cells) <= {*names}]
    for left, right in pairwise(names):
        for full, empty in ((left, right), (right, left)):
            if values.get(empty) is not None or values.get(full) is None:
                continue
            if _some_cut_holds(rules, values, full, left, right):
                return True
    return False


def _failing(form: Form, values: Mapping[str, Number | None]) -> Iterable[str]:
    """The cells of identities that fail, or that no figures for the cells which are not read can fill."""
    checked = check(form.identities, values)
    for identity in checked.failed:
        yield from identity.cells
    by_id = {identity.id: identity for identity in form.identities}
    for residual in residuals(checked.open, values, signed_cells(form)):
        for id in residual.identities:
            yield from by_id[id].cells
