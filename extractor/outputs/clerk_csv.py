"""CSV of findings for a clerk with Excel: a row for each finding and cell.

Text of a report is data: what a spreadsheet would take for a formula is kept from it by an apostrophe.
A report without findings has one row, so that none of many is overlooked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from extractor.export.text import guarded
from extractor.outputs._reported import Reported
from extractor.render._facts import message
from extractor.render._text import one_line
from extractor.render._words import WORDS

if TYPE_CHECKING:
    from extractor.render._words import Lang
    from verify.schema import Reason, Span

BOM = "\ufeff"
# More digits than these a spreadsheet rounds.
_DIGITS = re.compile(r"[0-9]{16,}")
_LONGEST = 32_000


def to_csv(reports: Iterable[Reported], *, bom: bool = True, lang: Lang = "zh") -> str:
    """The findings of the reports as CSV (RFC 4180, CR LF).

    Args:
        reports: The reports.
        bom: Begin with a byte order mark, without which Excel garbles Chinese.
        lang: Language of the headers and messages.

    Returns:
        The text, to be written as UTF-8 with its line ends as they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(WORDS[lang].csv["headers"])
    for report in reports:
        for row in _rows(report, lang):
            writer.writerow([_field(value) for value in row])
    return (BOM if bom else "") + out.getvalue()


def _field(value: str | int | None) -> str:
    """A value as a spreadsheet shall show it: one line, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = one_line(value, _LONGEST)
    if _DIGITS.fullmatch(text) or guarded(value) != value:
        return "'" + text
    return guarded(text)


def _rows(report: Reported, lang: Lang) -> Iterator[tuple[str | int | None, ...]]:
    result, words = report.result, WORDS[lang]
    verdict = words.verdicts[result.verdict][0]
    head = (report.uri, result.report.agency, result.report.year, verdict)
    number = 0
    for number, reason in enumerate(report.reasons, 1):
        about = (number, words.severities[reason.severity], reason.code, reason.rule)
        for name in reason.cells or (None,):
            yield (
                *head,
                *about,
                *_cell(report, name, lang),
                message(reason, lang),
                reason.expected,
                reason.actual,
                *_place(report, reason, name),
            )
    if not number:
        empty = [None] * (len(words.csv["headers"]) - len(head) - 2)
        yield (*head, 0, words.csv["nothing"], *empty)


def _cell(report: Reported, name: str | None, lang: Lang) -> tuple[str | None, ...]:
    """Name, label, what stands there and whether it is suspect."""
    if name is None:
        return (None, None, None, None)
    cell = report.result.cells.get(name)
    suspect = WORDS[lang].csv.get(report.flags.get(name, ""))
    return (name, report.label(name, lang), cell.text if cell else None, suspect)


def _place(report: Reported, reason: Reason, name: str | None) -> tuple[int | None, ...]:
    """Line, column, start and end of the cell, or of the finding where the cell has no place."""
    span: Span | None = (report.span(name) if name is not None else None) or reason.span
    if span is None:
        return (None, None, None, None)
    if report.places is None or not report.places.holds(span):
        return (None, None, *span)
    return (*report.places.at(span[0]), *span)
