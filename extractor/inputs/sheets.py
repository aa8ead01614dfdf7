"""Sheets of any workbook, written as paragraphs and tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice, pairwise, product

from extractor.inputs.beside import titles_of
from extractor.inputs.canvas import Canvas, Cell, Piece
from extractor.inputs.limits import MOST_CELLS, MOST_SPAN, RefusedError
from extractor.inputs.written import Written
from verify.document.model import Document, SheetCell

_FAR = 2  # empty columns beyond which a cell is no part of a table
_FIGURES = 5
At = tuple[int, int]
_SECTION = re.compile(r"\s*[一二三四五六]\s*[、.．]")


@dataclass(slots=True)
class Sheet:
    """A visible sheet; rows and columns from 0.

    Attributes:
        texts: By row and column; empty cells are not in it.
        merges: Row, column, rows and columns of its merged cells.
        hidden_rows: Rows that are not shown.
        hidden_columns: Columns that are not shown.
        struck: What is struck out in a cell and left out.
        remarks: Comments on cells.
        beside: What else is seen with the sheet: its running heads, what is written in drawn boxes.
    """

    name: str
    texts: dict[At, str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: dict[At, str] = field(default_factory=dict)
    remarks: dict[At, str] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)

    def take(self, at: At, text: str, written: Written, notes: list[str]) -> None:
        """Take a cell that says a text."""
        if text:
            self.texts[at] = text
        if written.struck_text:
            self.struck[at] = written.struck_text
            notes.append(f"left out as struck out: {written.struck_text}")


def write(sheets: Sequence[Sheet], media_type: str, renderer: str, notes: list[str]) -> Document:
    """The document of a workbook.

    Raises:
        RefusedError: Too many cells, or one that covers too much.
    """
    canvas = Canvas(media_type, renderer, notes)
    titles = [titles_of("\n".join(sheet.texts.values()))[:1] for sheet in sheets]
    several = len({title[0] for title in titles if title}) > 1
    blocks = [
        [_parted(side) for block in _blocks(sheet) for side in _sides(block)] for sheet in sheets
    ]
    own = [_is_report(sheet) for sheet in sheets]
    own = own if any(own) else [True] * len(own)
    for sheet, found, is_own in zip(sheets, blocks, own, strict=True):
        if not is_own:
            texts = (cell.text for block, far in found for cell in (*block, *far))
            canvas.beside += [f"{sheet.name}：{text}" for text in texts if text]
    for sheet, found, is_own in zip(sheets, blocks, own, strict=True):
        if not is_own:
            continue
        canvas.beside += [f"{sheet.name}（不止一份报告）"] if several else []
        canvas.beside += sheet.beside
        remarks = {_place(sheet, *at): " ".join(s.split()) for at, s in sheet.remarks.items()}
        for block, far in found:
            canvas.beside += [cell.text for cell in far]
            _write_block(canvas, block)
            for cell in block:
                if cell.place in remarks:
                    canvas.paragraph([Piece(remarks[cell.place], cell.place)])
    return canvas.document()


def _is_report(sheet: Sheet) -> bool:
    """Whether a sheet has a table, a title or a section of the report, and is no leaf of notes beside it."""
    words = list(sheet.texts.values())
    return (
        sum(word.isdigit() for word in words) >= _FIGURES
        or bool(titles_of("\n".join(words)))
        or any(_SECTION.match(word) for word in words)
    )


def _sides(block: list[Cell]) -> list[list[Cell]]:
    """The tables of a block that lie beside each other, with an empty column between and labels of their own."""
    used = {
        column
        for cell in block
        for column in range(cell.column, cell.column + cell.column_span)
        if cell.text
    }
    for cut in sorted(column for column in used if column and column - 1 not in used):
        left, right = ([c for c in block if (c.column < cut) == first] for first in (True, False))
        labels = [cell.text for cell in right if cell.column == cut and cell.text]
        figures = [sum(cell.text.isdigit() for cell in side) for side in (left, right)]
        if min(figures) and len(labels) > 1 and not any(text.isdigit() for text in labels):
            top = min(cell.row for cell in right)
            right = [replace(c, row=c.row - top, column=c.column - cut) for c in right]
            left = [c for c in left if c.column + c.column_span <= cut]
            return [*([left] if left else []), *_sides(right)]
    return [block]


def _parted(block: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    """The cells of a block, and those that stand far to the right of all others and are no table."""
    ends = sorted(
        {
            column
            for cell in block
            if cell.text
            for column in range(cell.column, cell.column + cell.column_span)
        }
    )
    cut = next((b for a, b in pairwise(ends) if b - a > _FAR), None)
    far = [cell for cell in block if cut is not None and cell.column >= cut and cell.text]
    if cut is None or sum(cell.text.isdigit() for cell in far) >= _FIGURES:
        return block, []
    left = cut - _FAR
    near = [
        replace(c, column_span=min(c.column_span, left - c.column))
        for c in block
        if c.column < left
    ]
    return near, far


def _blocks(sheet: Sheet) -> Iterator[list[Cell]]:
    """Cells of what lies between empty rows: every position of it as shown, from its top left corner."""
    lines = _lines(sheet)
    runs: list[tuple[int, int]] = []
    for row in sorted(row for row, line in lines.items() if any(cell.text for cell in line)):
        below = max(cell.row + cell.row_span for cell in lines[row])
        if runs and row <= runs[-1][1]:
            first, end = runs.pop()
            runs.append((first, max(end, below)))
        else:
            runs.append((row, below))
    for first, end in runs:
        cells = [cell for row in range(first, end) for cell in lines.get(row, ())]
        yield _block(sheet, cells, first, end)


def _lines(sheet: Sheet) -> dict[int, list[Cell]]:
    """By row as shown the cells that begin in it, from left to right, without what merged cells hide."""
    covered: set[At] = set()
    spans: dict[At, tuple[int, int]] = {}
    for row, column, tall, wide in sheet.merges:
        if (row, column) not in sheet.texts and max(tall, wide) > MOST_SPAN:
            continue
        if min(tall, MOST_CELLS) * min(wide, MOST_CELLS) > MOST_CELLS:
            raise RefusedError("span", MOST_SPAN)
        spans[row, column] = tall, wide
        covered |= set(product(range(row, row + tall), range(column, column + wide)))
    rows, columns = sorted(sheet.hidden_rows), sorted(sheet.hidden_columns)
    lines: dict[int, list[Cell]] = {}
    for row, column in sorted({*sheet.texts, *spans}):
        if (row, column) in covered and (row, column) not in spans:
            continue
        tall, wide = spans.get((row, column), (1, 1))
        top, left = _before(rows, row), _before(columns, column)
        tall, wide = _before(rows, row + tall) - top, _before(columns, column + wide) - left
        if tall and wide:
            text, gone = (some.get((row, column), "") for some in (sheet.texts, sheet.struck))
            pieces = (Piece(text),) if text else ()
            cell = Cell(top, left, pieces, tall, wide, _place(sheet, row, column), gone)
            lines.setdefault(top, []).append(cell)
    return lines


def _before(hidden: list[int], number: int) -> int:
    """How many rows or columns are shown before one."""
    return number - bisect_left(hidden, number)


def _block(sheet: Sheet, cells: list[Cell], first: int, end: int) -> list[Cell]:
    texts = [cell for cell in cells if cell.text]
    left = min(cell.column for cell in texts)
    right = max(
        cell.column + (cell.column_span if cell.column_span <= MOST_SPAN else 1) for cell in texts
    )
    if (end - first) * (right - left) > MOST_CELLS:
        raise RefusedError("cells", MOST_CELLS)
    found: list[Cell] = []
    taken: set[At] = set()
    for cell in cells:
        if left <= cell.column < right:
            row, column = cell.row - first, cell.column - left
            wide, tall = (
                min(cell.column_span, right - cell.column),
                min(cell.row_span, end - cell.row),
            )
            found.append(replace(cell, row=row, column=column, row_span=tall, column_span=wide))
            taken |= set(product(range(row, row + tall), range(column, column + wide)))
    rows = _numbers(sheet.hidden_rows, first, end)
    columns = _numbers(sheet.hidden_columns, left, right)
    for row, column in product(range(len(rows)), range(len(columns))):
        if (row, column) not in taken:
            found.append(Cell(row, column, place=_place(sheet, rows[row], columns[column])))
    return found


def _numbers(hidden: set[int], first: int, end: int) -> list[int]:
    """The numbers in the sheet of rows or columns as shown."""
    shown = (number for number in count() if number not in hidden)
    return list(islice(shown, first, end))


def _place(sheet: Sheet, row: int, column: int) -> SheetCell:
    from openpyxl.utils import get_column_letter

    return SheetCell(sheet.name, f"{get_column_letter(column + 1)}{row + 1}")


def _write_block(canvas: Canvas, cells: list[Cell]) -> None:
    """Headings before the table as paragraphs, then the table."""
    width = max(cell.column + cell.column_span for cell in cells)
    lines: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda one: (one.row, one.column)):
        lines.setdefault(cell.row, []).append(cell)
    first = 0
    last = max(lines)
    while first <= last and _is_heading(lines.get(first, []), first):
        first += 1
    end = last
    while end > first and _is_whole(lines.get(end, []), width):
        end -= 1
    for row in range(first):
        _paragraphs(canvas, lines.get(row, []))
    body = [
        replace(c, row=c.row - first) for row in range(first, end + 1) for c in lines.get(row, [])
    ]
    canvas.table(body)
    for row in range(end + 1, last + 1):
        _paragraphs(canvas, lines.get(row, []))


def _is_heading(line: list[Cell], row: int) -> bool:
    """A row with one cell that says something, at its left."""
    texts = [cell for cell in line if cell.text]
    return len(texts) <= 1 and all(cell.row == row and cell.row_span == 1 for cell in texts)


def _is_whole(line: list[Cell], width: int) -> bool:
    """A row that is one cell, or one long text."""
    texts = [cell for cell in line if cell.text]
    return len(texts) == 1 and (
        texts[0].column_span >= width > 1 or (texts[0].column == 0 and len(texts[0].text) > 40)
    )


def _paragraphs(canvas: Canvas, line: list[Cell]) -> None:
    for cell in line:
        if cell.text:
            canvas.paragraph(Piece(piece.text, cell.place) for piece in cell.pieces)
