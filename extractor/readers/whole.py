"""Whole sections with a mark on every figure, for a model that sees what a person sees.

Asked where a table was not read: its section is shown line by line, whatever its words, and the model says which
mark is which cell, which columns are printed in which order, and which figures are none of the form's. What the words
of the rows name is asked apart, without figures and without order: where both answers agree, the rows are
named, and the verifier holds everything else against the source (`verify.named`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractor.readers.excerpt import HIDDEN, REACH
from extractor.readers.personal import names_a_person, without_ways
from extractor.readers.shapes import Marks, Names
from extractor.readers.sheets import COLUMNS, ROWS, TABLE_OF, edition_in, edition_of
from prompts import SHEETS
from verify.codes import CODES
from verify.figures_of import Printed, printed_in, sections
from verify.fold import fold_text
from verify.forms import DISCLOSURE, Form, TableId, compose
from verify.labels import squeeze_word
from verify.layout import Layout
from verify.marks import parse
from verify.named import NAMED, SKIPPED, notes_of
from verify.reading import BLANK, MISSING, Note, Place, Reading
from verify.reports import report_zones
from verify.verdict import Verified

KINDS = range(1, 6)
_TABLES: tuple[TableId, ...] = ("proactive", "requests", "proceedings")
_LONG = 60  # characters between two figures, or on a line without one, that are no label
_KEPT = 40
_OPENS = ("rejected", "incomplete", "inconsistent")
_NOT_PRINTED = frozenset(
    {
        "cells_blank",
        "cells_missing",
        "not_a_figure",
        "merged_cell",
        "deduction_alone",
        "deduction_contradicted",
        "copy_unclear",
        "form_undecided",
    }
)
"""What is said of cells that are not to be read, whoever looks, unless figures are left."""
_EXPLAINED = frozenset({"stray_figure", "figure_skipped", "remark_harmless", "table_repeated"})
_OF_CAPTION = re.compile(r"表[0-9]|[0-9]位小数")
_BLANKS = re.compile(r"[ \t\u3000|]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """Sections as a model is shown them.

    Attributes:
        tables: Of which tables.
        figures: By their marks, the first is 1.
        marks: For each table the marks of its section.
        text: What is shown.
    """

    tables: tuple[TableId, ...]
    figures: tuple[Printed, ...]
    marks: Mapping[TableId, range]
    text: str

    def figure(self, mark: int, table: TableId) -> Printed | None:
        """The figure with this mark, if it stands in the section of a table."""
        return self.figures[mark - 1] if mark in self.marks[table] else None


def unsettled(layout: Layout, verified: Verified) -> tuple[TableId, ...]:
    """The tables that a reading left open, whose sections can be told: by what was said of them.

    None where a text may hold several reports, or a table twice: which one is meant is not for a model to say.
    """
    told = report_zones(layout) if layout.zones else ([], [])
    if told is None or told[1]:
        return ()
    printed = Counter(zone.table for zone in told[0])
    where = sections(layout)
    spans = {table: layout.stream.span(*where[table]) for table in where}
    fuller = tables_with_more(layout, verified)
    open_: set[TableId] = {table for table in where if not printed[table]}
    for finding in verified.findings:
        if CODES[finding.code].forces not in _OPENS:
            continue
        some = fuller if finding.code in _NOT_PRINTED else spans.keys()
        at = -1 if finding.span is None else finding.span[0]
        of_cells = {name.split(".")[0] for name in finding.cells}
        open_ |= {t for t in some if t in of_cells or spans[t][0] <= at < spans[t][1]}
    kept = [table for table in _TABLES if table in open_ and printed[table] < 2]
    return tuple(table for table in kept if printed_in(layout, where[table]))


def tables_with_more(layout: Layout, verified: Verified) -> set[TableId]:
    """The tables in whose section a figure stands that is in no cell and that nothing explains."""
    spans = [cell.span for cell in verified.cells.values() if cell.span]
    spans += [f.span for f in verified.findings if f.span and f.code in _EXPLAINED]
    text = layout.stream.folded.text

    def is_open(one: Printed) -> bool:
        told = any(start < one.span[1] and one.span[0] < end for start, end in spans)
        caption = _OF_CAPTION.search(text, max(0, one.start - 1), one.end + 3)
        return not (one.blank or told or caption)

    return {
        table
        for table, section in sections(layout).items()
        if any(map(is_open, printed_in(layout, section)))
    }


def show(layout: Layout, tables: Sequence[TableId]) -> Shown:
    """The sections of tables, with a mark on every figure."""
    where = sections(layout)
    figures: list[Printed] = []
    marks: dict[TableId, range] = {}
    lines: list[str] = []
    for table in tables:
        own = printed_in(layout, where[table])
        first = len(figures) + 1
        marks[table] = range(first, first + len(own))
        figures += own
        lines.append(f"【{'二三四'[_TABLES.index(table)]}】")
        lines += _lines(layout, where[table], own, first)
    return Shown(tuple(tables), tuple(figures), marks, "\n".join(lines))


def sheets_of(tables: Sequence[TableId]) -> list[str]:
    """Names of the sheets of tables (`prompts.SHEETS`)."""
    return [sheet for table in tables for sheet in SHEETS if sheet.startswith(table)]


def _lines(
    layout: Layout, section: tuple[int, int], figures: Sequence[Printed], first: int
) -> list[str]:
    """Every line of a section; long stretches without a figure are cut with a sign."""
    shown: list[str] = []
    at, end = section
    left = list(enumerate(figures, start=first))
    text = layout.stream.folded.text
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        parts: list[str] = []
        private = names_a_person(text[at:stop])
        while left and left[0][1].start < stop:
            mark, figure = left.pop(0)
            parts.append(_words(layout, at, figure.start, private=private))
            parts.append(f"[{mark}]{_figure(figure, private=private)}")
            at = figure.end
        parts.append(_words(layout, at, stop, private=private))
        line = " ".join(part for part in parts if part)
        if line and not (line == HIDDEN and shown and shown[-1] == HIDDEN):
            shown.append(line)
        at = stop + 1
    return shown


def _words(layout: Layout, start: int, end: int, *, private: bool) -> str:
    if end <= start:
        return ""
    text = layout.text_of(start, end)
    if private and text.strip():
        return HIDDEN
    words = _BLANKS.sub(" ", without_ways(text, HIDDEN)).strip()
    words = words.encode("utf-8", "replace").decode()
    return words if len(words) <= _LONG else f"{HIDDEN}{words[-_KEPT:]}"


def _figure(figure: Printed, *, private: bool) -> str:
    if private:
        return ""
    digits = sum(character.isdigit() for character in figure.text)
    return f"□×{len(figure.text)}" if digits > REACH else figure.text


# --- what was answered --------------------------------------------------------------------------------


def reading_of(layout: Layout, base: Reading, shown: Shown, answer: Marks) -> Reading:
    """The reading that an answer gives: the tables shown as it says, the others as they were read.

    What is pointed at twice, is not there or does not add up in itself is left out.
    """
    rows, places = _places(shown, answer)
    form = _form(base, shown, rows)
    kept = {
        name: place
        for name, place in base.places.items()
        if name.split(".")[0] not in shown.tables and name in form.cells
    }
    asked = {name: places.get(name, MISSING) for name in form.cells if name not in kept}
    notes: list[Note] = []
    for table in shown.tables:
        own = notes_of(layout, form.table(table), asked)
        notes += own or [Note(NAMED, form.table(table).cells(form.table(table).rows[0]))]
    for kind, first, last in answer.skip:
        if kind in KINDS:
            found = (
                f for t in shown.tables for m in range(first, last + 1) if (f := shown.figure(m, t))
            )
            notes += [Note(SKIPPED, (), figure.span) for figure in found]
    repeats = tuple(
        again
        for again in base.repeats
        if not any(name.split(".")[0] in shown.tables for name in again)
    )
    return Reading(form, {**kept, **asked}, repeats, tuple(dict.fromkeys(notes)), "model")


def named(layout: Layout, reading: Reading, tables: Sequence[TableId]) -> Reading | None:
    """A reading whose rows stand by the words before them in some tables; None where a row has none."""
    notes = list(reading.notes)
    for table in tables:
        own = reading.form and notes_of(layout, reading.form.table(table), reading.places)
        if not own:
            return None
        notes += own
    return replace(reading, notes=tuple(dict.fromkeys(notes)))


def _form(base: Reading, shown: Shown, rows: set[int]) -> Form:
    """The form by the numbers of the rows, else as the other tables were read."""
    two = edition_of("proactive", {row for row in rows if TABLE_OF[row] == "proactive"})
    three = edition_of("requests", {row for row in rows if TABLE_OF[row] == "requests"})
    if base.form is not None:
        two = two if "proactive" in shown.tables else edition_in(base.form.table("proactive"))
        three = three if "requests" in shown.tables else edition_in(base.form.table("requests"))
    return compose(two or three or "2021", three or two or "2021")


def _places(shown: Shown, answer: Marks) -> tuple[set[int], dict[str, Place]]:
    """Row numbers that were told, and where each cell stands; a cell told twice is left out."""
    told: set[int] = set()
    found: dict[str, list[Place]] = {}
    runs: list[tuple[int, Sequence[int], bool]] = [
        (number, range(first, last + 1) if first > 0 else (), True)
        for number, first, last in answer.rows
    ]
    runs += [(one[0], one[1:], False) for one in answer.cells if one]
    for number, marks, run in runs:
        table = TABLE_OF.get(number)
        if table not in shown.tables or (number in COLUMNS[table] and not run):
            continue
        names = _cells(table, number, len(marks), answer.order if run else ())
        if names and number in ROWS[table]:
            told.add(number)
        for name, mark in zip(names, marks, strict=False):
            found.setdefault(name, []).append(_place(shown, table, mark))
    return told, {name: places[0] for name, places in found.items() if len(places) == 1}


def _cells(table: TableId, number: int, count: int, order: Sequence[int]) -> list[str]:
    """The cells of a row, or of a column, that has so many, as they are printed; none where it has not."""
    if number in COLUMNS[table]:  # its figures stand together, from the first row to the last
        printed = (one.rows for one in DISCLOSURE.tables[table].values() if len(one.rows) == count)
        return [f"{table}.{row.id}.{COLUMNS[table][number]}" for row in next(printed, ())]
    id = ROWS[table][number]
    edition = edition_of(table, {number}) or "2021"
    rows = compose(edition, edition).table(table).rows
    columns = next(row.columns for row in rows if row.id == id)
    places = [one - min(COLUMNS[table]) for one in order if one in COLUMNS[table]]
    if sorted(places) != list(range(len(columns))):
        places = list(range(len(columns)))
    return [f"{table}.{id}.{columns[at].id}" for at in places] if len(columns) == count else []


def _place(shown: Shown, table: TableId, mark: int) -> Place:
    if mark == 0:
        return BLANK
    figure = shown.figure(mark, table)
    if figure is None:
        return MISSING
    return Place("blank" if figure.blank else "span", figure.span)


# --- what words name ----------------------------------------------------------------------------------

Words = Mapping[int, tuple[str, tuple[str, ...]]]
"""The words of rows with their cells, by numbers that tell nothing of their place."""


def words_of(layout: Layout, reading: Reading) -> Words | None:
    """The words of every row that was named and that code cannot name; None where code names it otherwise."""
    rows = []
    for note in reading.notes:
        if note.code != NAMED or note.span is None:
            continue
        words = layout.source[slice(*note.span)]
        table, row, _ = note.cells[0].split(".")
        known = _row_named(words, table) if _is_row(note.cells) else frozenset()
        if known and row not in known:
            return None
        if not known:
            rows.append((" ".join(without_ways(words, HIDDEN).split()), note.cells))
    rows.sort(key=lambda row: hashlib.sha256(row[0].encode("utf-8", "replace")).digest())
    return dict(enumerate(rows, start=1))


def _row_named(words: str, table: str) -> frozenset[str]:
    """The rows that the last verbatim label in some words may name; none without one."""
    squeezed = "".join(squeeze_word(word) for word in fold_text(words).split())
    marks = [m for m in parse(squeezed).marks if m.kind == "row" and table in m.tables]
    return marks[-1].ids if marks and marks[-1].likeness == 1 else frozenset()


def _is_row(cells: Sequence[str]) -> bool:
    return len({cell.rpartition(".")[0] for cell in cells}) == 1


def _numbered(cells: Sequence[str], number: int) -> bool:
    """Whether a number is that of the row, or of the column, that cells are."""
    table = TABLE_OF.get(number)
    of_table, row, column = cells[0].split(".")
    if table != of_table or table is None:
        return False
    return (
        (ROWS[table].get(number) == row)
        if _is_row(cells)
        else (COLUMNS[table].get(number) == column)
    )


def agrees(words: Words, answer: Names) -> bool:
    """Whether the words, asked about apart, name just the rows for which they were pointed at."""
    told = Counter(number for number, _ in answer.names)
    said = {number: row for number, row in answer.names if told[number] == 1}
    return all(
        number in said and _numbered(cells, said[number]) for number, (_, cells) in words.items()
    )
