"""整改清单: the things to do of many reports as an Excel workbook, a row each.

Text of a report is data: every cell is written as text, so that nothing in it is a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from extractor.outputs._reported import Reported
from extractor.render._text import one_line, visible
from extractor.render._words import WORDS
from extractor.render.todo import Todos

if TYPE_CHECKING:
    from extractor.render._words import Lang

_WIDTHS = (6, 24, 18, 7, 16, 12, 34, 18, 16, 48, 30, 30, 40, 40)
_LONGEST = 32_000
_LINES = "\n"


def to_todo(reports: Iterable[Reported], *, lang: Lang = "zh") -> bytes:
    """The things to do as the bytes of a workbook; a report without any has one row that says so."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    words = WORDS[lang].todo
    book = Workbook(write_only=True)
    sheet = book.create_sheet(words["list_title"])
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    count = 1
    for row in _rows(reports, lang):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
            cell.alignment = wrapped
            if count == 1:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{count - 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(reports: Iterable[Reported], lang: Lang) -> Iterator[list[str | int | None]]:
    words = WORDS[lang].todo
    yield list(words["headers"])
    number = 0
    for reported in reports:
        todos = Todos(reported, lang)
        report = reported.result.report
        head = [_text(reported.uri), _text(report.agency or ""), report.year, _text(todos.badge)]
        if not todos.all:
            rest = [None] * (len(words["headers"]) - len(head) - 3)
            yield [None, *head, *rest, _text(words["none"]), _text(todos.next)]
        for one in todos.all:
            number += 1
            yield [
                number,
                *head,
                *map(
                    _text,
                    (
                        one.cause,
                        one.where,
                        one.place,
                        one.printed,
                        _LINES.join(one.sums),
                        one.needed,
                        _LINES.join(one.prose),
                        one.message,
                        todos.next,
                    ),
                ),
            ]


def _text(value: str) -> str | None:
    """A text that a workbook can hold: no control characters, lines kept."""
    lines = [visible(one_line(line, _LONGEST)) for line in value.split(_LINES)]
    return _LINES.join(lines)[:_LONGEST] or None
