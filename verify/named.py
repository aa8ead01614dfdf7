"""A table whose rows only a model could name: everything that code can check of it without knowing its words.

A model that reads a table with paraphrased labels, sentences in place of rows or columns of its own can be
right, and no word of it can be proven. So a reading of such a table never passes: the best that it comes to is
`unconfirmed`, with the words that the model named. For that all of this has to hold:

- each cell is a whole figure of the table's section, and no figure is two cells;
- every other figure of the section is none of the form's, and it can be seen why;
- every row has words before its figures, its own, and every column has its name (`verify.headed`);
- every identity of the table that can be evaluated holds, and every row with a total takes part in one.

Whatever does not hold makes the reading `rejected`. A failed sum is never held against the report here: it may be
the model that errs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from verify.arithmetic import check
from verify.figures import read_figure
from verify.figures_of import Printed, printed_in, sections, words_before
from verify.findings import Finding
from verify.forms import Form, Table, TableId
from verify.grounding import figures_at
from verify.headed import headed
from verify.layout import Layout
from verify.reading import Note, Place, Reading, Span
from verify.rules.check import rule

NAMED = "named_by_model"
SKIPPED = "figure_skipped"
_OTHER_YEAR = re.compile(r"上年|上一年|去年|往年|20[0-9]{2}年")
_ASIDE = re.compile(r"注|备注|说明|其中|增长|下降|%")
_LEAST_ROWS = 2


def named_tables(reading: Reading) -> frozenset[TableId]:
    """The tables of a reading whose rows a model named."""
    names = {name for note in reading.notes if note.code == NAMED for name in note.cells}
    tables = reading.form.tables if reading.form else ()
    return frozenset(
        table.id
        for table in tables
        if any(name in names for row in table.rows for name in table.cells(row))
    )


def without(layout: Layout, reading: Reading, tables: Iterable[TableId]) -> tuple[Layout, Reading]:
    """A layout and a reading of the other tables alone, which are held against the source as ever."""
    gone = set(tables)
    places = {
        name: place for name, place in reading.places.items() if name.split(".")[0] not in gone
    }
    notes = tuple(note for note in reading.notes if note.code not in (NAMED, SKIPPED))
    zones = [zone for zone in layout.zones if zone.table not in gone]
    repeats = tuple(
        again for again in reading.repeats if not any(n.split(".")[0] in gone for n in again)
    )
    return (
        replace(layout, zones=zones),
        replace(reading, places=places, notes=notes, repeats=repeats),
    )


def notes_of(layout: Layout, table: Table, places: Mapping[str, Place]) -> list[Note] | None:
    """What is to be said of a table that a model read: each row with the words before its figures.

    Returns:
        A note for each row that has a figure, and for each column whose name code does not know; None where
        a row has no words of its own, or the headers name other columns.
    """
    section = sections(layout).get(table.id)
    if section is None:
        return None
    figures = printed_in(layout, section)
    at = {figure.span: figure for figure in figures}
    notes: list[Note] = []
    used = sorted(
        span for row in table.rows for n in table.cells(row) if (span := _span(places, n))
    )
    for row in table.rows:
        names = table.cells(row)
        spans = sorted(span for name in names if (span := _span(places, name)))
        if not spans:
            continue
        begun = bisect_left(used, spans[0])
        if any(span not in at for span in spans) or used[begun : begun + len(spans)] != spans:
            return None
        words = words_before(layout, at[spans[0]], figures, frozenset(used))
        if words is None:
            return None
        notes.append(Note(NAMED, names, words))
    if len({note.span for note in notes}) < len(notes):
        return None
    columns = headed(layout, table, places, figures, section[0])
    if columns is None:
        return None
    for index, span in columns.words:
        names = tuple(table.cells(row)[index] for row in table.rows if len(row.columns) > index)
        notes.append(Note(NAMED, names, span))
    return notes


@rule("named", severity="error", codes=("named_by_model",))
def check_named(layout: Layout, reading: Reading, table: Table) -> list[Finding]:
    """Hold a table that a model named against the section that it stands in.

    Args:
        layout: The source.
        reading: Its notes say which rows are named by which words, and which figures are skipped.
        table: One of those of `named_tables`.
    """
    form = reading.form
    assert form is not None
    names = tuple(name for row in table.rows for name in table.cells(row))
    places = {name: reading.place(name) for name in names}
    notes = notes_of(layout, table, places)
    given = {
        note.cells: note.span
        for note in reading.notes
        if note.code == NAMED and not set(names).isdisjoint(note.cells[:1])
    }
    if not notes or {note.cells: note.span for note in notes} != given:
        return [Finding("not_anchored", names)]
    figures = printed_in(layout, sections(layout)[table.id])
    return [
        *_grounded(form, places, figures),
        *_left_over(layout, reading, table, figures),
        *_unproven(layout, form, table, places),
        *(
            Finding(
                NAMED,
                note.cells,
                expected=_label(table, note.cells),
                span=note.span,
                actual=layout.source[slice(*note.span)] if note.span else "",
            )
            for note in notes
        ),
    ]


def _label(table: Table, cells: tuple[str, ...]) -> str:
    row = next((row for row in table.rows if table.cells(row) == cells), None)
    if row is not None:
        return row.label
    column = cells[0].rpartition(".")[2]
    return next(one.label for one in table.rows[0].columns if one.id == column)


def _span(places: Mapping[str, Place], name: str) -> Span | None:
    place = places.get(name)
    return place.span if place is not None else None


def _grounded(form: Form, places: Mapping[str, Place], figures: Sequence[Printed]) -> list[Finding]:
    """Cells that are no whole figure, and figures that are two cells."""
    kind = {figure.span: figure for figure in figures}
    found: list[Finding] = []
    first: dict[Span, str] = {}
    for name, place in places.items():
        if place.where == "missing" or (place.where == "blank" and place.span is None):
            continue
        figure = kind.get(place.span) if place.span else None
        whole = figure is not None and (
            figure.blank
            if place.where == "blank"
            else place.where == "span" and read_figure(figure.text, form.kinds[name]) is not None
        )
        if not whole:
            text = figure.text if figure else None
            found.append(Finding("not_grounded", (name,), actual=text, span=place.span))
            continue
        assert place.span is not None
        if place.span in first:
            found.append(Finding("used_twice", (first[place.span], name), span=place.span))
        first.setdefault(place.span, name)
    return found


def _left_over(
    layout: Layout, reading: Reading, table: Table, figures: Sequence[Printed]
) -> list[Finding]:
    """Figures of the section that are no cell, and of which it cannot be seen why."""
    used = {
        span: name
        for row in table.rows
        for name in table.cells(row)
        if (span := reading.place(name).span)
    }
    skipped = {note.span for note in reading.notes if note.code == SKIPPED}
    left = [one for one in figures if one.span not in used and not one.blank]
    explained = {one.span for one in left if one.span in skipped and _is_ordinal(layout, one)}
    explained |= _sums(reading, table, figures, used, skipped)
    text = layout.stream.folded.text
    explained |= _other_year(layout, table, left, figures, used, skipped)
    for one in left:
        line = text[one.line : text.find("\n", one.end) if "\n" in text[one.end :] else len(text)]
        alone = line.strip() == one.text
        beside = not any(f.line == one.line and f.span in used for f in figures)
        if one.span in skipped and beside and (alone or _ASIDE.search(line)):
            explained.add(one.span)
    return [
        Finding("figure_left_over", span=one.span, actual=layout.source[slice(*one.span)])
        for one in left
        if one.span not in explained
    ]


def _is_ordinal(layout: Layout, figure: Printed) -> bool:
    """Whether a figure is the number of an item: it begins its line or stands right before words."""
    text = layout.stream.folded.text
    small = figure.text.isdigit() and len(figure.text) <= 2
    rest = text[figure.end : figure.end + 5].lstrip(" \t\n.、)")
    words = bool(rest) and "\u3400" <= rest[0] <= "\u9fff"
    first = not text[figure.line : figure.start].strip(" \t|(（")
    return small and words and (first or text[figure.end : figure.end + 1] in ".、) \n")


def _sums(
    reading: Reading,
    table: Table,
    figures: Sequence[Printed],
    used: Mapping[Span, str],
    skipped: set[Span | None],
) -> set[Span]:
    """Skipped figures of whole rows that are the sums of rows right above them, column by column."""
    values = {one.span: read_figure(one.text, "count") for one in figures}
    rows: list[list[Span]] = []
    for row in table.rows:
        spans = [reading.place(name).span for name in table.cells(row)]
        whole = [span for span in spans if span is not None]
        if len(whole) == len(spans):
            rows.append(whole)
    rows.sort()
    found: set[Span] = set()
    width = max(table.widths)
    at = 0
    while at + width <= len(figures):
        run = figures[at : at + width]
        if any(one.span in used or one.span not in skipped for one in run):
            at += 1
            continue
        above = [one for one in rows if one[-1] < run[0].span and len(one) == width]
        total = [0] * width
        for count, spans_above in enumerate(reversed(above), start=1):
            figs = [values[span] for span in spans_above]
            total = [t + int(f.value) if f else t for t, f in zip(total, figs, strict=True)]
            wanted = [int(f.value) if (f := values[one.span]) else -1 for one in run]
            if total == wanted and count >= _LEAST_ROWS:
                found.update(one.span for one in run)
                break
        at += width
    return found


def _other_year(
    layout: Layout,
    table: Table,
    left: Sequence[Printed],
    figures: Sequence[Printed],
    used: Mapping[Span, str],
    skipped: set[Span | None],
) -> set[Span]:
    """Skipped figures beside cells of which it is printed that they are another year's.

    In brackets behind each cell, under words that speak of another year; or all on one side of the cells, where the
    years over both sides say which side is the report's.
    """
    text = layout.stream.folded.text
    start = sections(layout)[table.id][0]
    first = figures[0].start if figures else start
    about = text[max(0, start - _BEFORE) : first]
    sides = _sides(layout, text[start:first])
    lines: dict[int, list[Printed]] = {}
    for one in left:
        if one.span in skipped:
            lines.setdefault(one.line, []).append(one)
    found: set[Span] = set()
    for line, others in lines.items():
        cells = [one for one in figures if one.line == line and one.span in used]
        if not cells:
            continue
        bracketed = all(_in_brackets(text, one) for one in others)
        if bracketed and not any(_in_brackets(text, one) for one in cells):
            printed = _OTHER_YEAR.search(about) is not None
        else:
            after = cells[-1].start < others[0].start
            before = others[-1].start < cells[0].start
            printed = (after and sides == ["this", "other"]) or (
                before and sides == ["other", "this"]
            )
        if printed:
            found.update(one.span for one in others)
    return found


def _sides(layout: Layout, head: str) -> list[str]:
    """The years over a table in their printed order: the report's own, or another."""
    year = layout.titles[0].year if layout.titles else None
    sides: list[str] = []
    for match in _YEAR.finditer(head):
        own = match[0] in ("本年", "今年") or match[0][:4] == str(year)
        side = "this" if own else "other"
        if not sides or sides[-1] != side:
            sides.append(side)
    return sides


def _in_brackets(text: str, figure: Printed) -> bool:
    return text[: figure.start].rstrip()[-1:] in ("(", "[", "〔")


_BEFORE = 200
_YEAR = re.compile(r"20[0-9]{2}年|本年(?!新收|度办|制发|废止|处理|收费)|今年|上一?年(?!结转)|去年")


def _unproven(
    layout: Layout, form: Form, table: Table, places: Mapping[str, Place]
) -> list[Finding]:
    """Rows in a sum that fails, or that no sum holds though they have a total."""
    values = figures_at(layout.source, places, form)
    own = [rule for rule in form.identities if set(rule.cells) <= set(places)]
    outcome = check(own, values)
    failed = {name for rule in outcome.failed for name in rule.cells}
    failed |= {
        n for n, v in values.items() if v is not None and v < 0 and form.kinds[n] != "change"
    }
    held = {name for rule in outcome.held for name in rule.cells}
    found: list[Finding] = []
    for row in table.rows:
        names = table.cells(row)
        read = [name for name in names if places[name].where == "span"]
        summed = any(set(names) & set(rule.cells) for rule in own)
        loose = summed and len(read) == len(names) and not held.intersection(names)
        if failed.intersection(names) or loose:
            spans = [span for name in read if (span := places[name].span)]
            around = (min(spans)[0], max(spans)[1]) if spans else None
            found.append(Finding("not_anchored", names, span=around))
    return found
