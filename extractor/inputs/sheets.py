"""Sheets of any workbook, written as paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractor.inputs.beside import titles_of
from extractor.inputs.canvas import Canvas, Cell, Piece
from extractor.inputs.limits import MOST_CELLS, MOST_SPAN, RefusedError
from verify.document.model import Document, SheetCell

_FAR = 2  # empty columns beyond which a cell is no part of a table
_FIGURES = 5
_SECTION = re.compile(r"\s*[一二三四五六]\s*[、.．]")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged cell; rows and columns from 0."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet.

    Attributes:
        texts: By row and column, from 0; empty cells are not in it.
        merges: Its merged cells.
        hidden_rows: Rows that are not shown.
        hidden_columns: Columns that are not shown.
        struck: What is struck out in a cell and left out.
        remarks: Comments on cells.
        beside: What else is seen with the sheet: its running heads, what is written in drawn boxes.
    """

    name: str
    texts: Mapping[tuple[int, int], str]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: Mapping[tuple[int, int], str] = field(default_factory=dict)
    remarks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


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
        for block, far in found:
            canvas.beside += [cell.text for cell in far]
            _write_block(canvas, block)
            for one in block:
                _write_remark(canvas, sheet, one)
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
    """Cells of what lies between empty rows; rows and columns are those of the sheet as shown."""
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in sheet.merges:
        tall, wide = merge.rows, merge.columns
        if (merge.row, merge.column) not in sheet.texts and max(tall, wide) > MOST_SPAN:
            continue
        if min(tall, MOST_CELLS) * min(wide, MOST_CELLS) > MOST_CELLS:
            raise RefusedError("span", MOST_SPAN)
        spans[merge.row, merge.column] = tall, wide
        covered |= {
            (row, column)
            for row in range(merge.row, merge.row + tall)
            for column in range(merge.column, merge.column + wide)
        }
    lines: dict[int, dict[int, Cell]] = {}
    for row, column in sorted({*sheet.texts, *spans}):
        tall, wide = spans.get((row, column), (1, 1))
        if (row, column) in covered and (row, column) not in spans:
            continue  # what a merged cell hides
        rows = [r for r in range(row, row + tall) if r not in sheet.hidden_rows]
        columns = [c for c in range(column, column + wide) if c not in sheet.hidden_columns]
        if not rows or not columns:
            continue
        text = sheet.texts.get((row, column), "")
        where = SheetCell(sheet.name, f"{letters(column)}{row + 1}")
        gone = sheet.struck.get((row, column), "")
        pieces = (Piece(text),) if text else ()
        cell = Cell(rows[0], columns[0], pieces, len(rows), len(columns), where, gone)
        lines.setdefault(rows[0], {})[columns[0]] = cell
    yield from _cut(sheet, lines)


def _cut(sheet: Sheet, lines: dict[int, dict[int, Cell]]) -> Iterator[list[Cell]]:
    used = sorted(row for row, line in lines.items() if any(c.text for c in line.values()))
    start = 0
    for number, row in enumerate(used):
        reach = max(
            cell.row + cell.row_span
            for one in used[start : number + 1]
            for cell in lines[one].values()
        )
        later = used[number + 1 :][:1]
        between = range(max(row + 1, reach), later[0]) if later else ()
        if later and all(r in sheet.hidden_rows for r in between):
            continue  # no empty row that is seen parts them
        yield _block(sheet, lines, used[start], max(row + 1, reach))
        start = number + 1


def _block(sheet: Sheet, lines: dict[int, dict[int, Cell]], first: int, end: int) -> list[Cell]:
    """Every position of a block, an empty one as an empty cell; numbered as shown, from 0."""
    rows = [row for row in range(first, end) if row not in sheet.hidden_rows]
    cells = [cell for row in rows for cell in lines.get(row, {}).values()]
    texts = [cell for cell in cells if cell.text]
    left = min(cell.column for cell in texts)
    right = max(
        cell.column + (cell.column_span if cell.column_span <= MOST_SPAN else 1) for cell in texts
    )
    columns = [column for column in range(left, right) if column not in sheet.hidden_columns]
    if len(rows) * len(columns) > MOST_CELLS:
        raise RefusedError("cells", MOST_CELLS)
    row_of = {row: number for number, row in enumerate(rows)}
    column_of = {column: number for number, column in enumerate(columns)}
    found: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        if cell.column not in column_of:
            continue
        row, column = row_of[cell.row], column_of[cell.column]
        wide = min(cell.column_span, len(columns) - column)
        tall = min(cell.row_span, len(rows) - row)
        found.append(Cell(row, column, cell.pieces, tall, wide, cell.place, cell.struck))
        taken |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
    for row in rows:
        for column in columns:
            if (row_of[row], column_of[column]) not in taken:
                where = SheetCell(sheet.name, f"{letters(column)}{row + 1}")
                found.append(Cell(row_of[row], column_of[column], place=where))
    return found


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


def _write_remark(canvas: Canvas, sheet: Sheet, cell: Cell) -> None:
    """A comment on a cell, under its table."""
    place = cell.place
    if sheet.remarks and isinstance(place, SheetCell):
        for (row, column), remark in sheet.remarks.items():
            if place.cell == f"{letters(column)}{row + 1}":
                canvas.paragraph([Piece(" ".join(remark.split()), place)])


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


def letters(column: int) -> str:
    """The name of a column, from 0."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


__all__ = ["Merge", "Sheet", "letters", "write"]
