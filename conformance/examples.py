"""The case that an example of a rule describes: printed, read by the builtin reader, its reading changed as it says."""

from __future__ import annotations

from dataclasses import replace

from conformance.case import Case, figures_of
from extractor.readers import builtin
from extractor.rules.sample import YEAR, form_of, printed
from verify.forms import TableId, every_form
from verify.layout import lay_out
from verify.named import SKIPPED, notes_of
from verify.reading import BLANK, MISSING, Note, Place, Reading
from verify.rules import Example
from verify.verdict import verify
from verify.years import YearFigures

_OTHERS = "云川市林业局"


def case_of(example: Example) -> Case:
    """The case that an example describes, read by the builtin reader."""
    text = printed(example)
    previous = None
    if example.previous is not None:
        agency = example.previous_agency or example.agency
        previous = _read(replace(example, cells=example.previous, agency=agency), YEAR - 1)
    others = tuple(
        (str(i), _read(replace(example, cells=cells, agency=_OTHERS), YEAR))
        for i, cells in enumerate(example.others, 1)
    )
    return Case(text, pointed(example, text, builtin.read(lay_out(text))), previous, others)


def _read(example: Example, year: int) -> YearFigures:
    """The figures of another report of the same form: no prose, nothing replaced."""
    text = printed(replace(example, prose="", edits=(), reading={}), year)
    layout = lay_out(text)
    return figures_of(verify(layout, builtin.read(layout)))


def pointed(example: Example, text: str, reading: Reading) -> Reading:
    """A reading of the printed example, changed to say what the example wants said.

    Args:
        example: Its ``reading`` says what is to be changed.
        text: The report as it was printed.
        reading: The report as it was read.

    Raises:
        ValueError: The example points at something that is not there.
    """
    if not example.reading:
        return reading
    wanted = dict(example.reading)
    if wanted.pop("form", "") == "none":
        return Reading(None, reader=reading.reader)
    if wanted.pop("repeats", "") == "none":
        reading = replace(reading, repeats=())
    named = wanted.pop("named", "")
    passed_over = wanted.pop("skipped", "")
    places = dict(reading.places)
    places.update({name: _place(where, text, reading) for name, where in wanted.items()})
    reading = replace(reading, places=places)
    return _named(named, passed_over, text, reading) if named else reading


def _named(id: str, passed_over: str, text: str, reading: Reading) -> Reading:
    """A reading whose rows of one table a model named, and of which it passed over a figure."""
    assert reading.form is not None
    notes = notes_of(lay_out(text), form_of(reading.form.variant).table(_id(id)), reading.places)
    if notes is None:
        raise ValueError(f"the rows of {id!r} have no words")
    if passed_over:
        start = _place(passed_over, text, reading).span
        notes.append(Note(SKIPPED, (), start))
    return replace(reading, notes=(*reading.notes, *notes))


def _id(id: str) -> TableId:
    return next(table.id for table in every_form()[0].tables if table.id == id)


def _place(where: str, text: str, reading: Reading) -> Place:
    if where == "missing":
        return MISSING
    if where == "blank":
        return BLANK
    if where.startswith("="):
        words, _, field = where[1:].partition(">")
        if words not in text:
            raise ValueError(f"{words!r} is not printed and cannot be pointed at")
        start = text.index(words)
        if not field:
            return Place("span", (start, start + len(words)))
        before = text[start : text.index("\n", start)].split("\t")
        start += sum(len(cell) + 1 for cell in before[: int(field)])
        return Place("span", (start, start + len(before[int(field)])))
    other, _, why = where.partition("?")
    if other not in reading.places:
        raise ValueError(f"{other!r} is no cell and no place of the reading")
    place = reading.places[other]
    return Place("doubt", place.span, why) if why else place
