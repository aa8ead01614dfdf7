"""A grounded reading as plain data and back, so that it can be kept and judged anew.

Plain data is what JSON has. Nothing in it is trusted: a store may come from anywhere, so what is not
exactly as `to_plain` writes it is a `ValueError`, and what passes can be judged. Figures are exact:
counts are integers, money is a string.

The layout is a list, short because there are many: cells by their place in the form, spans as distances
from one to the next, fields at the end left out where they say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from verify.cells import CellPlace
from verify.codes import CODES, RULES
from verify.findings import Finding
from verify.forms import Form, every_form
from verify.grounded import Grounded, OpenRow, Stranger
from verify.prose._types import Claim
from verify.prose.subjects import SUBJECTS
from verify.reading import Note, Place, Reading, Span, Where
from verify.stored.checked import (
    FIGURE,
    FIGURES,
    FLAG,
    NAME,
    NAMES,
    SPAN,
    TEXT,
    Kind,
    integer,
    items,
    many,
    numbers,
    one_of,
    optional,
    record,
    spans_of,
    text_of,
    wrong,
)

FORMAT: Final = 2
"""Of the layout; any other is refused."""
_FIELDS = 16
_LETTERS: dict[Where, str] = {"span": "s", "blank": "b", "missing": "m", "doubt": "d"}
_BARE = {letter: Place(where) for where, letter in _LETTERS.items()}
_PRINTED = {letter.upper(): where for where, letter in _LETTERS.items()}  # with a span
_MOST_DEEP = 8
_PARTS_AT = 6  # place of the parts among the fields of a claim
_KNOWN = _BARE.keys() | _PRINTED.keys()

_FINDING = record(
    Finding,
    one_of(CODES, "the code of a finding"),
    NAMES,
    *[optional(TEXT)] * 3,
    *[optional(SPAN)] * 3,
    TEXT,
    TEXT,
    one_of(("error", "warning", "info", None), "the severity of a finding"),
    TEXT,
)
_NOTE = record(Note, TEXT, NAMES, optional(SPAN))
_OPEN_ROW = record(OpenRow, NAMES, many(FIGURES))
_STRANGER = record(Stranger, many(NAMES), FIGURES, SPAN)
_SUBJECT = one_of(SUBJECTS, "the subject of a claim")
_PARTS: Kind = Kind(
    lambda claims, form: many(_CLAIM).write(claims, form),
    lambda claims, form: many(_CLAIM).read(claims, form),
)
_CLAIM: Kind = record(Claim, _SUBJECT, FIGURE, TEXT, SPAN, SPAN, many(TEXT), _PARTS, FLAG, FLAG)


@cache
def _forms() -> dict[str, Form]:
    return {form.variant: form for form in every_form()}


def _without_rule(finding: Finding) -> Finding:
    """A finding without a rule that its code tells; `Finding` finds it again."""
    if finding.rule != RULES.get(finding.code):
        return finding
    finding = replace(finding)
    object.__setattr__(finding, "rule", None)
    return finding


def to_plain(grounded: Grounded) -> Any:
    """What `from_plain` makes the same grounded reading of.

    Args:
        grounded: Its form must be one of `verify.forms.every_form`.

    Returns:
        Lists, strings, integers, truth values and None.

    Raises:
        ValueError: The form is none of these.
    """
    reading = grounded.reading
    form = reading.form
    if form is not None and _forms().get(form.variant) is not form:
        raise ValueError(f"a reading of {form!r} cannot be kept: there is no such form")
    findings, oddities = (
        [_FINDING.write(_without_rule(one), form) for one in listed]
        for listed in (grounded.findings, grounded.oddities)
    )
    return [
        FORMAT,
        form.variant if form else None,
        reading.reader,
        grounded.has_tables,
        grounded.agency,
        grounded.year,
        _write_places(reading.places, grounded, form),
        [_write_places(again, grounded, form) for again in reading.repeats],
        many(_NOTE).write(reading.notes, form),
        findings,
        [NAMES.write(grounded.undecided, form), list(grounded.undecided.values())],
        many(_OPEN_ROW).write(grounded.open_rows, form),
        many(_STRANGER).write(grounded.strangers, form),
        many(_CLAIM).write(grounded.claims, form),
        oddities,
        [[NAME.write(name, form), place.as_dict()] for name, place in grounded.originals],
    ]


def _write_places(found: Mapping[str, Place], grounded: Grounded, form: Form | None) -> list[Any]:
    whole = form is not None and tuple(found) == form.cells
    spans = [place.span for place in found.values() if place.span is not None]
    ends = [offset for span in spans for offset in span]
    letters = [
        _LETTERS[place.where] if place.span is None else _LETTERS[place.where].upper()
        for place in found.values()
    ]
    return [
        None if whole else NAMES.write(found, form),
        "".join(letters),
        [end - start for start, end in zip([0, *ends], ends, strict=False)],
        [grounded.texts[span] for span in spans],
        [[i, place.why] for i, place in enumerate(found.values()) if place.why is not None],
    ]


def from_plain(value: Any) -> Grounded:
    """The grounded reading of which `to_plain` made this.

    Args:
        value: What JSON can hold; of whatever maker.

    Returns:
        A grounded reading that can be judged; nothing in it is shared with ``value`` and changed.

    Raises:
        ValueError: It is not as `to_plain` writes it, in one line.
    """
    listed = items(value, "reading", _FIELDS)
    if type(listed[0]) is not int or listed[0] != FORMAT:
        raise wrong(f"not of format {FORMAT}")
    _, variant, reader, has_tables, agency, year, first, repeats, notes = listed[:9]
    findings, undecided, open_rows, strangers, claims, oddities, originals = listed[9:]
    form = _forms().get(variant) if type(variant) is str else None
    if form is None and variant is not None:
        raise wrong("there is no such form")
    texts: dict[Span, str] = {}
    reading = Reading(
        form,
        _read_places(first, form, texts),
        tuple([_read_places(again, form, texts) for again in items(repeats, "copies")]),
        many(_NOTE).read(notes, form),
        text_of(reader),
    )
    if _is_deep(items(claims, "claims")):
        raise wrong("claims have parts of parts without end")
    return Grounded(
        reading,
        FLAG.read(has_tables, form),
        optional(TEXT).read(agency, form),
        None if year is None else integer(year),
        texts,
        many(_FINDING).read(findings, form),
        _read_undecided(undecided, form),
        tuple([_read_open_row(row, form) for row in items(open_rows, "open rows")]),
        many(_STRANGER).read(strangers, form),
        many(_CLAIM).read(claims, form),
        many(_FINDING).read(oddities, form),
        tuple([_read_original(one, form) for one in items(originals, "originals")]),
    )


def _read_places(value: Any, form: Form | None, texts: dict[Span, str]) -> dict[str, Place]:
    names, letters, steps, there, whys = items(value, "places", 5)
    cells = form.cells if names is None and form is not None else NAMES.read(names, form)
    if type(letters) is not str or len(letters) != len(cells) or not set(letters) <= _KNOWN:
        raise wrong("its places do not say for each cell where it stands")
    spans = spans_of(steps)
    if set(map(type, items(there, "texts"))) - {str} or len(there) != len(spans):
        raise wrong("its texts are not those of its spans")
    if sum(map(letters.count, _PRINTED)) != len(spans):
        raise wrong("its spans are not those of its places")
    texts.update(zip(spans, there, strict=True))
    following = iter(spans)
    found = [
        Place(_PRINTED[letter], next(following)) if letter in _PRINTED else _BARE[letter]
        for letter in letters
    ]
    for pair in items(whys, "reasons of places"):
        at, why = items(pair, "reason of a place", 2)
        if not 0 <= integer(at) < len(found):
            raise wrong("a reason is of no place")
        found[at] = found[at]._replace(why=text_of(why))
    places = dict(zip(cells, found, strict=True))
    if len(places) != len(cells):
        raise wrong("a cell has two places")
    return places


def _is_deep(claims: Any) -> bool:
    level = claims
    for _ in range(_MOST_DEEP):
        parts = [one[_PARTS_AT] for one in level if type(one) is list and len(one) > _PARTS_AT]
        level = [part for listed in parts if type(listed) is list for part in listed]
    return bool(level)


def _read_undecided(value: Any, form: Form | None) -> dict[str, str]:
    names, codes = items(value, "undecided cells", 2)
    cells, reasons = NAMES.read(names, form), many(TEXT).read(codes, form)
    if len(reasons) != len(cells) or len(set(cells)) != len(cells):
        raise wrong("its undecided cells do not have one reason each")
    return dict(zip(cells, reasons, strict=True))


def _read_open_row(value: Any, form: Form | None) -> OpenRow:
    row: OpenRow = _OPEN_ROW.read(value, form)
    if not numbers(form).keys() >= set(row.cells):
        raise wrong("an open row has cells that are not of its form")
    if any(len(way) != len(row.cells) for way in row.ways):
        raise wrong("an open row has not one figure for each cell")
    return row


def _read_original(value: Any, form: Form | None) -> tuple[str, CellPlace]:
    name, keys = items(value, "place in the original", 2)
    if type(name) is not int or type(keys) is not dict:
        raise wrong("no place in the original")
    try:
        return NAME.read(name, form), CellPlace.of(keys)
    except TypeError:
        raise wrong("no place in the original") from None
