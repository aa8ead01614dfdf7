"""A grounded reading as plain data and back, so that it can be kept and judged anew.

Plain data is what JSON has. Nothing in it is trusted: a store may come from anywhere, so what is not
exactly as `to_plain` writes it is a `ValueError`, and what passes can be judged. Figures are exact:
counts are integers, money is a string.

The layout is a list, short because there are many: cells by their place in the form, spans as distances
from one to the next, fields at the end left out where they say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from verify.cells import CellPlace
from verify.codes import CODES, RULES, Severity
from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form, every_form
from verify.grounded import Grounded, OpenRow, Stranger
from verify.prose._types import Claim
from verify.prose.subjects import SUBJECTS
from verify.reading import Note, Place, Reading, Span, Where
from verify.stored.checked import (
    figure_of,
    figures_of,
    integer,
    items,
    span_of,
    span_or_none,
    spans_of,
    text_of,
    text_or_none,
    wrong,
)

FORMAT: Final = 2
"""Of the layout; any other is refused."""
_FIELDS = 16
_LETTERS: dict[Where, str] = {"span": "s", "blank": "b", "missing": "m", "doubt": "d"}
_BARE = {letter: Place(where) for where, letter in _LETTERS.items()}
_PRINTED = {letter.upper(): where for where, letter in _LETTERS.items()}  # with a span
_KNOWN = _BARE.keys() | _PRINTED.keys()
_MOST_DEEP = 8
_SEVERITIES: tuple[Severity | None, ...] = ("error", "warning", "info", None)
_FINDING: tuple[Any, ...] = ("", [], None, None, None, None, None, None, "", "", None, "")
_CLAIM: tuple[Any, ...] = ("", 0, "", [0, 0], [0, 0], [], [], False, False)


@cache
def _forms() -> dict[str, Form]:
    return {form.variant: form for form in every_form()}


@cache
def _numbers(form: Form | None) -> dict[str, int]:
    return {name: i for i, name in enumerate(form.cells)} if form else {}


# --- to plain data ----------------------------------------------------------------------------------


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
        raise ValueError(f"a reading of {form!r} cannot be kept: no form that is known")
    numbers = _numbers(form)

    def cells(names: Iterable[str]) -> list[int | str]:
        return [numbers.get(name, name) for name in names]

    def places(found: Mapping[str, Place]) -> list[Any]:
        whole = form is not None and tuple(found) == form.cells
        spans = [place.span for place in found.values() if place.span is not None]
        ends = [offset for span in spans for offset in span]
        return [
            None if whole else cells(found),
            "".join(
                _LETTERS[place.where] if place.span is None else _LETTERS[place.where].upper()
                for place in found.values()
            ),
            [end - start for start, end in zip([0, *ends], ends, strict=False)],
            [grounded.texts[span] for span in spans],
            [[i, place.why] for i, place in enumerate(found.values()) if place.why is not None],
        ]

    def finding(one: Finding) -> list[Any]:
        rule = None if one.rule == RULES.get(one.code) else one.rule
        return _short(
            [
                one.code,
                cells(one.cells),
                rule,
                one.expected,
                one.actual,
                one.span,
                one.other_span,
                one.previous_span,
                one.detail_zh,
                one.detail_en,
                one.severity,
                one.by,
            ],
            _FINDING,
        )

    return [
        FORMAT,
        form.variant if form else None,
        reading.reader,
        grounded.has_tables,
        grounded.agency,
        grounded.year,
        places(reading.places),
        [places(again) for again in reading.repeats],
        [[note.code, cells(note.cells), _listed(note.span)] for note in reading.notes],
        [finding(one) for one in grounded.findings],
        [cells(grounded.undecided), list(grounded.undecided.values())],
        [[cells(row.cells), [_figures(way) for way in row.ways]] for row in grounded.open_rows],
        [
            [[cells(row) for row in one.rows], _figures(one.figures), _listed(one.span)]
            for one in grounded.strangers
        ],
        [_plain_claim(claim) for claim in grounded.claims],
        [finding(one) for one in grounded.oddities],
        [[numbers.get(name, name), place.as_dict()] for name, place in grounded.originals],
    ]


def _plain_claim(claim: Claim) -> list[Any]:
    return _short(
        [
            claim.subject,
            _figure(claim.value),
            claim.text,
            claim.span,
            claim.sentence,
            list(claim.scope),
            [_plain_claim(part) for part in claim.parts],
            claim.complete,
            claim.alike,
        ],
        _CLAIM,
    )


def _short(values: list[Any], usual: Sequence[Any]) -> list[Any]:
    """Lists for tuples, and nothing at the end that says nothing."""
    found = [list(value) if isinstance(value, tuple) else value for value in values]
    while found and found[-1] == usual[len(found) - 1]:
        found.pop()
    return found


def _listed(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)


def _figure(value: Number | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _figures(values: Iterable[Number | None]) -> list[int | str | None]:
    return [_figure(value) for value in values]


# --- and back ---------------------------------------------------------------------------------------


def from_plain(value: Any) -> Grounded:
    """The grounded reading of which `to_plain` made this.

    Args:
        value: What JSON can hold; of whatever maker.

    Returns:
        A grounded reading that can be judged; nothing in it is shared with ``value`` and changed.

    Raises:
        ValueError: It is not as `to_plain` writes it, in one line.
    """
    if type(value) is not list or len(value) != _FIELDS:
        raise wrong(f"no list of {_FIELDS}")
    if type(value[0]) is not int or value[0] != FORMAT:
        raise wrong(f"not of format {FORMAT}")
    _, variant, reader, has_tables, agency, year, first, repeats, notes = value[:9]
    findings, undecided, open_rows, strangers, claims, oddities, originals = value[9:]
    form = _form(variant)
    if type(has_tables) is not bool:
        raise wrong("whether there are tables is not said")
    texts: dict[Span, str] = {}
    reading = Reading(
        form,
        _places(first, form, texts),
        tuple([_places(again, form, texts) for again in items(repeats, "copies")]),
        tuple([_note(note, form) for note in items(notes, "notes")]),
        text_of(reader, "reader"),
    )
    return Grounded(
        reading,
        has_tables,
        text_or_none(agency, "agency"),
        None if year is None else integer(year, "year"),
        texts,
        tuple([_finding(one, form) for one in items(findings, "findings")]),
        _undecided(undecided, form),
        tuple([_open_row(row, form) for row in items(open_rows, "open rows")]),
        tuple([_stranger(one, form) for one in items(strangers, "strangers")]),
        tuple([_claim(claim, _MOST_DEEP) for claim in items(claims, "claims")]),
        tuple([_finding(one, form) for one in items(oddities, "oddities")]),
        tuple([_original(one, form) for one in items(originals, "originals")]),
    )


def _original(value: Any, form: Form | None) -> tuple[str, CellPlace]:
    if type(value) is not list or len(value) != 2 or type(value[1]) is not dict:
        raise wrong("no place in the original")
    try:
        place = CellPlace.of(value[1])
    except TypeError:
        raise wrong("no place in the original") from None
    if form is None or type(value[0]) is not int or not 0 <= value[0] < len(form.cells):
        raise wrong("a place of no cell")
    return form.cells[value[0]], place


def _form(variant: Any) -> Form | None:
    if variant is None:
        return None
    form = _forms().get(variant) if type(variant) is str else None
    if form is None:
        raise wrong("its form is not known")
    return form


def _places(value: Any, form: Form | None, texts: dict[Span, str]) -> dict[str, Place]:
    names, wheres, steps, there, whys = items(value, "places", 5)
    cells = form.cells if names is None and form is not None else _names(names, form)
    if type(wheres) is not str or len(wheres) != len(cells) or not set(wheres) <= _KNOWN:
        raise wrong("its places do not say for each cell where it stands")
    spans = spans_of(steps)
    if set(map(type, items(there, "texts"))) - {str} or len(there) != len(spans):
        raise wrong("its texts are not those of its spans")
    if sum(map(wheres.count, _PRINTED)) != len(spans):
        raise wrong("its spans are not those of its places")
    texts.update(zip(spans, there, strict=True))
    reasons: dict[int, str] = {}
    for pair in items(whys, "reasons of places"):
        at, why = items(pair, "reason of a place", 2)
        reasons[integer(at, "place with a reason")] = text_of(why, "reason of a place")
    if reasons and not 0 <= min(reasons) <= max(reasons) < len(cells):
        raise wrong("a reason is of no place")
    following = iter(spans)
    found = [
        Place(_PRINTED[letter], next(following)) if letter in _PRINTED else _BARE[letter]
        for letter in wheres
    ]
    for i, why in reasons.items():
        found[i] = found[i]._replace(why=why)
    made = dict(zip(cells, found, strict=True))
    if len(made) != len(cells):
        raise wrong("a cell has two places")
    return made


def _note(value: Any, form: Form | None) -> Note:
    code, cells, span = items(value, "note", 3)
    return Note(text_of(code, "code of a note"), _names(cells, form), span_or_none(span))


def _finding(value: Any, form: Form | None) -> Finding:
    fields = items(value, "finding")
    given = len(fields)
    if not 0 < given <= len(_FINDING):
        raise wrong("a finding has too many fields or none")
    code, cells, rule, expected, actual, span, other, previous, zh, en, severity, by = (
        *fields,
        *_FINDING[given:],
    )
    if type(code) is not str or code not in CODES:
        raise wrong("a finding has a code that is not known")
    if severity not in _SEVERITIES:
        raise wrong("a finding has a severity that is not known")
    return Finding(
        code,
        _names(cells, form),
        text_or_none(rule, "rule"),
        text_or_none(expected, "expected figure"),
        text_or_none(actual, "actual figure"),
        span_or_none(span),
        span_or_none(other),
        span_or_none(previous),
        text_of(zh, "detail"),
        text_of(en, "detail"),
        severity,
        text_of(by, "detail"),
    )


def _undecided(value: Any, form: Form | None) -> dict[str, str]:
    names, codes = items(value, "undecided cells", 2)
    cells = _names(names, form)
    if len(items(codes, "undecided cells")) != len(cells) or len(set(cells)) != len(cells):
        raise wrong("its undecided cells do not have one reason each")
    return dict(zip(cells, [text_of(code, "reason") for code in codes], strict=True))


def _open_row(value: Any, form: Form | None) -> OpenRow:
    names, ways = items(value, "open row", 2)
    cells = _names(names, form)
    if not _numbers(form).keys() >= set(cells):
        raise wrong("an open row has cells that are not of its form")
    found = tuple([figures_of(way) for way in items(ways, "open row")])
    if any(len(way) != len(cells) for way in found):
        raise wrong("an open row has not one figure for each cell")
    return OpenRow(cells, found)


def _stranger(value: Any, form: Form | None) -> Stranger:
    rows, figures, span = items(value, "stranger", 3)
    named = tuple([_names(row, form) for row in items(rows, "stranger")])
    return Stranger(named, figures_of(figures), span_of(span))


def _claim(value: Any, deep: int) -> Claim:
    fields = items(value, "claim")
    given = len(fields)
    if not 0 < given <= len(_CLAIM) or not deep:
        raise wrong("a claim has too many fields, none, or parts of parts without end")
    subject, figure, text, span, sentence, scope, parts, complete, alike = (
        *fields,
        *_CLAIM[given:],
    )
    if type(subject) is not str or subject not in SUBJECTS:
        raise wrong("a claim has a subject that is not known")
    number = figure_of(figure)
    if number is None:
        raise wrong("a claim has no figure")
    if type(complete) is not bool or type(alike) is not bool:
        raise wrong("a claim does not say of what kind its parts are")
    return Claim(
        subject,
        number,
        text_of(text, "claim"),
        span_of(span),
        span_of(sentence),
        tuple([text_of(word, "scope") for word in items(scope, "scope")]),
        tuple([_claim(part, deep - 1) for part in items(parts, "parts")]),
        complete,
        alike,
    )


def _names(value: Any, form: Form | None) -> tuple[str, ...]:
    """Names of cells: by their place in the form, or in full."""
    cells = form.cells if form else ()
    found = []
    for name in items(value, "names of cells"):
        if type(name) is int and 0 <= name < len(cells):
            found.append(cells[name])
        elif type(name) is str:
            found.append(name)
        else:
            raise wrong("a cell is not of its form")
    return tuple(found)
