"""Sentences of the prose that speak of the report or its tables: 下列表格中…, 上文表三…, 本报告所列数据….

What they say of the tables is a remark, wherever they stand, unless they only point to a table or name the
report's own year (`verify.harmless`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.findings import Finding
from verify.forms import Form, Table
from verify.harmless import Grammar
from verify.labels import phrase_ids, phrases_in, squeeze
from verify.layout import Layout
from verify.prose.passages import paragraphs
from verify.reading import Reading
from verify.self_reference import is_known, speaks_of_report
from verify.unexplained import NOTHING, unexplained

_SENTENCE = re.compile(r"[^。；;!！\n]+[。；;!！]?")
_ENDS = tuple("。；;!！")
_LONGEST = 200
_QUOTED = re.compile(r"[“\"「‘]([^“”\"「」‘’]{2,50})[”\"」’]")
_FIGURES = 4  # fewest of a row


def find_references(
    layout: Layout,
    form: Form,
    grammar: Grammar,
    said: Sequence[Finding],
    around: Sequence[tuple[int, int]],
) -> Iterator[Finding]:
    """A remark for each sentence that speaks of the tables and is not known.

    Args:
        layout: The source.
        form: Of the report.
        grammar: What is known, in this report.
        said: Remarks that are found already.
        around: Folded ranges of the tables with the words around them, where only sentences are not yet read.
    """
    spans = [finding.span for finding in said if finding.span]
    for passage in paragraphs(layout):
        for match in _SENTENCE.finditer(passage.text):
            words = match[0]
            if len(words) > _LONGEST:
                continue
            quoted = _quotes_a_row(words, form)
            if not quoted and (not speaks_of_report(words) or is_known(words, grammar)):
                continue
            if not unexplained(words, NOTHING):
                continue  # words of the form
            begin, end = passage.offsets[match.start()], passage.offsets[match.end() - 1] + 1
            if not words.endswith(_ENDS) and any(a < end and begin < b for a, b in around):
                continue
            span = layout.stream.span(begin, end)
            if any(a < span[1] and span[0] < b for a, b in spans):
                continue
            text = layout.source[slice(*span)]
            yield Finding("remark", _spoken_of(words, form), span=span, actual=text)


def _quotes_a_row(words: str, form: Form) -> bool:
    """Whether a sentence has the label of a row of figures in quotation marks."""
    return any(
        phrase_ids(squeeze(match[1]), "row", table.id)
        for match in _QUOTED.finditer(words)
        for table in form.tables
    )


def find_rows_elsewhere(layout: Layout, reading: Reading, form: Form) -> Iterator[Finding]:
    """A remark for each row of a table with sums that stands in none: a corrected one behind the report."""
    inside = {segment.index for zone in layout.zones for segment in zone.segments}
    for segment in layout.stream.segments:
        if segment.index in inside or len(segment.entries) < _FIGURES:
            continue
        for table in form.tables if segment.marks else ():
            last = segment.marks[-1]
            row = next((row for row in table.rows if row.id in last.ids), None)
            if row is None or last.likeness < 1 or table.id not in last.tables:
                continue
            if table.is_uniform and len(segment.entries) >= len(row.columns):
                start, end = segment.entries[0].start, segment.entries[-1].end
                span = layout.stream.span(start, end)
                text = layout.source[slice(*span)]
                own = [reading.place(name).span for name in table.cells(row)]
                if not all(own) or any(s and span[0] <= s[0] < span[1] for s in own):
                    continue  # it is read here, or nowhere
                yield Finding("remark", table.cells(row), span=span, actual=text)


def _spoken_of(words: str, form: Form) -> tuple[str, ...]:
    """The cells of the rows that a sentence names, or else of the tables."""
    found = [phrase for phrase, _ in phrases_in(squeeze(words))]
    rows = tuple(
        name
        for table in form.tables
        for row in table.rows
        if any(row.id in phrase_ids(phrase, "row", table.id) for phrase in found)
        for name in table.cells(row)
    )
    if rows:
        return rows
    named = [table for table in form.tables if _names(words, table)]
    return tuple(n for t in named or form.tables for row in t.rows for n in t.cells(row))


def _names(words: str, table: Table) -> bool:
    return f"表{table.number}" in words or f"第{table.number}部分" in words
