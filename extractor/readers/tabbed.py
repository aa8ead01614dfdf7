"""Read the tables of any file of forms from rows that tabs part, by their labels alone.

For forms that the builtin reader does not know. It guesses nothing: a table begins under one of its
headings, the next row with fields names the columns, and each further row names itself. What is in
no way of this kind is said; the official forms, with all the ways in which they are broken, are
read by `extractor.readers.builtin`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.findings import Finding
from verify.fold import fold_text
from verify.forms import Form, FormSet, Row, Table
from verify.grounded import Grounded
from verify.reading import BLANK, Place, Reading, Span

NAME = "tabbed"
_LINE = re.compile(r"[^\r\n]+")
_DIGIT = re.compile(r"\d")
_MARKS = ("/", "-", "—", "无")


@dataclass(frozen=True, slots=True)
class _Field:
    text: str
    span: Span


def read(source: str, forms: FormSet) -> Grounded:
    """What stands in the tables of a text, ready for `verify.judge.judge`.

    The form is the first whose rows hold every label that was read.

    Args:
        source: The decoded text.
        forms: From `verify.forms.load_forms`.
    """
    best = min(
        (_Tables(source, forms, form) for form in forms.forms), key=lambda one: len(one.findings)
    )
    texts = {place.span: source[slice(*place.span)] for place in best.places.values() if place.span}
    reading = Reading(best.form if best.found else None, best.places, reader=NAME)
    return Grounded(reading, best.found, None, None, texts, tuple(best.findings))


class _Tables:
    """The tables of one form in a text."""

    def __init__(self, source: str, forms: FormSet, form: Form) -> None:
        self.form = form
        self.places: dict[str, Place] = {}
        self.findings: list[Finding] = []
        self.found = False
        headings = {_plain(words): id for words, id in forms.headings.items()}
        ends = {_plain(words) for words in (*forms.ends, *forms.titles)}
        table: Table | None = None
        header: Sequence[str | None] = ()
        for line in _LINE.finditer(source):
            fields = list(_fields(line[0], line.start()))
            words = _plain(_without_number(line[0].strip()))
            if words in headings or words in ends:
                id = headings.get(words)
                table, header = None if id is None else form.table(id), ()
            elif table is not None and len(fields) > 1:
                if not header:
                    self.found, header = True, _columns(fields, table)
                else:
                    self._row(table, header, fields)
            elif header and _DIGIT.search(line[0]):
                self.findings.append(Finding("figure_left_over", span=line.span()))

    def _row(self, table: Table, header: Sequence[str | None], fields: list[_Field]) -> None:
        rows = [row for row in table.rows if _plain(fields[0].text) in _labels(row)]
        span = (fields[0].span[0], fields[-1].span[1])
        filled = [one for one in fields[1:] if one.text]
        if len(rows) != 1 or len(fields) > len(header):
            if filled:
                self.findings.append(Finding("figure_left_over", span=span))
            return
        for id, one in zip(header[1:], fields[1:], strict=False):
            name = f"{table.id}.{rows[0].id}.{id}"
            if name in self.places:
                self.findings.append(Finding("used_twice", (name,), span=one.span))
            elif name in self.form.kinds:
                self.places[name] = _place(one)
            elif one.text:
                self.findings.append(Finding("figure_left_over", span=one.span))


def _place(one: _Field) -> Place:
    if not one.text:
        return BLANK
    return Place("blank" if one.text in _MARKS else "span", one.span)


def _fields(line: str, start: int) -> Iterator[_Field]:
    for part in line.split("\t"):
        text = part.strip()
        begin = start + len(part) - len(part.lstrip()) if text else start
        yield _Field(text, (begin, begin + len(text)))
        start += len(part) + 1


def _columns(fields: Sequence[_Field], table: Table) -> list[str | None]:
    """The column under each header; None under words that name none or several."""
    named: dict[str, set[str]] = {}
    for column in (column for row in table.rows for column in row.columns):
        for words in (column.label, *column.variants):
            named.setdefault(_plain(words), set()).add(column.id)
    found = [named.get(_plain(one.text), set()) for one in fields[1:]]
    return [None, *(next(iter(ids)) if len(ids) == 1 else None for ids in found)]


def _labels(row: Row) -> set[str]:
    words = (row.label, *row.variants)
    return {_plain(before + one) for one in words for before in ("", row.ordinal)}


def _plain(words: str) -> str:
    return "".join(fold_text(words).casefold().split())


def _without_number(heading: str) -> str:
    return re.sub(r"^(?:[A-Z0-9]{1,3}|[一二三四五六七八九十]+)[.、)）]\s*", "", heading)
