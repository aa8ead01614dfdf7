"""PDF with text: ruled tables, tables over several pages, tables without rules, paragraphs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.inputs import packed, pdffonts
from extractor.inputs.canvas import Canvas, Cell, Piece, one_line
from extractor.inputs.limits import MOST_PAGES, RefusedError
from extractor.inputs.pdfgrid import Ruled, RuledTable, tables_of
from extractor.inputs.pdflines import Line, aligned, is_row, lines_of, paragraphs, pieces_of
from extractor.inputs.pdfpage import Page, page_of
from verify.document.model import Box, Document

MEDIA_TYPE = "application/pdf"
RENDERER = "pdf/3"
_SAME = 6.0  # points by which the edges of a table may differ from page to page
_EDGE = 0.1  # of the height of a page, for what runs over several
_DIGITS = re.compile(r"[0-9]+")
_FURNITURE = re.compile(r"[-—–\s·第共页/0-9]{1,16}")
_ORDINAL = re.compile(r"[（(]?\s*[一二三四五六七八九十0-9]{1,2}\s*[）)、.．]")
_FIGURE = re.compile(r"[0-9][0-9.,]*")


def sniff(head: bytes) -> int:
    """100 for a PDF."""
    return 100 if b"%PDF-" in head[:1024] else 0


def read(data: bytes) -> Document:
    """The document of a PDF.

    Raises:
        RefusedError: Encrypted, damaged, a scan, or beyond a limit.
    """
    with packed.told("PDF"):
        import pypdfium2

        pdffonts.install()
        try:
            opened = pypdfium2.PdfDocument(io.BytesIO(data))
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == 4 or "password" in str(error).lower()
            raise (
                RefusedError("encrypted") if locked else RefusedError("damaged", "PDF")
            ) from None
        try:
            return _document(opened)
        finally:
            opened.close()


def _document(opened: Any) -> Document:
    if len(opened) > MOST_PAGES:
        raise RefusedError("pages", MOST_PAGES)
    pages = [page_of(opened, number) for number in range(1, len(opened) + 1)]
    pictures = [page.number for page in pages if page.picture]
    if not pictures:
        if not any(page.glyphs for page in pages):
            raise RefusedError("damaged", "PDF")
        return placed(write(Canvas(MEDIA_TYPE, RENDERER), pages), pages)
    from extractor.inputs import scan

    return scan.read_pages(opened, pages, pictures)


def write(canvas: Canvas, pages: Sequence[Page]) -> Document:
    """The document of pages; its places are those of the pages as they are read."""
    canvas.beside += [page.aside for page in pages if page.aside]
    writer = _Writer(canvas)
    laid = []
    for page in pages:
        tables, outside = tables_of(page)
        laid.append((page, tables, lines_of([glyph for glyph in outside if not glyph.drawn])))
    running = _running((page, line) for page, _, lines in laid for line in lines)
    canvas.beside += dict.fromkeys(text for lines in running.values() for text, _ in lines)
    for page, tables, lines in laid:
        gone = [line for _, line in running.get(page.number, ())]
        writer.page(page, tables, [line for line in lines if line not in gone])
    writer.close()
    return canvas.document()


def placed(made: Document, pages: Sequence[Page]) -> Document:
    """The same with the places of the pages as they are shown."""
    ways = {page.number: page.as_shown for page in pages if page.as_shown is not None}
    if not ways:
        return made
    anchors = []
    for one in made.anchors:
        if isinstance(one.place, Box) and one.place.page in ways:
            anchors.append(replace(one, place=ways[one.place.page](one.place)))
        else:
            anchors.append(one)
    return replace(made, anchors=tuple(anchors))


@dataclass(slots=True)
class _Open:
    """A table that may go on on the next page; `xs` are the edges of all its columns so far."""

    xs: list[float]
    rows: list[list[Ruled]]
    edges: list[list[float]]  # for each row the xs of its part


@dataclass(slots=True)
class _Writer:
    canvas: Canvas
    _table: _Open | None = None
    _after: list[tuple[int, Line]] = field(default_factory=list)  # furniture since the open table
    _right: float = 0.0

    def page(self, page: Page, tables: Sequence[RuledTable], lines: Sequence[Line]) -> None:
        """Write what stands on a page; its last table stays open."""
        self._right = max(
            [line.x1 for line in lines] + [table.xs[-1] for table in tables], default=page.width
        )
        below = 0
        for table in tables:
            split = next(
                (i for i in range(below, len(lines)) if lines[i].base > table.ys[0] + 2), len(lines)
            )
            self._text(lines[below:split], page)
            below = split
            self._take(table)
        self._text(lines[below:], page)

    def _text(self, lines: Sequence[Line], page: Page) -> None:
        if not lines:
            return
        if self._table and all(_is_furniture(line, page) for line in lines):
            self._after += [(page.number, line) for line in lines]
            return
        self.close()
        rows = [i for i, line in enumerate(lines) if is_row(line)]
        start = 0
        while len(rows) > 1:
            end = 1
            while end < len(rows) and rows[end] - rows[end - 1] <= 6:
                end += 1
            first, last = rows[0], rows[end - 1] + 1
            if end > 1:
                self._paragraphs(lines[start:first], page.number)
                self.canvas.table(aligned(lines[first:last], page.number), "aligned")
                start = last
            rows = rows[end:]
        self._paragraphs(lines[start:], page.number)

    def _paragraphs(self, lines: Sequence[Line], page: int) -> None:
        for pieces in paragraphs(lines, page, self._right):
            self.canvas.paragraph(pieces)

    def _take(self, table: RuledTable) -> None:
        rows: list[list[Ruled]] = [[] for _ in range(len(table.ys) - 1)]
        for cell in table.cells:
            rows[cell.row].append(cell)
        edges = [table.xs] * len(rows)
        before = self._table
        goes_on = (
            before is not None
            and before.rows[-1]
            and table.cells[0].page == before.rows[-1][0].page + 1
            and abs(before.xs[0] - table.xs[0]) < _SAME
            and abs(before.xs[-1] - table.xs[-1]) < _SAME
        )
        if before is None or not goes_on:
            self.close()
            self._table = _Open(list(table.xs), rows, edges)
            return
        again = _repeated(before.rows, rows)
        rows, edges = rows[again:], edges[again:]
        if rows and _is_one_row(before.rows[-1], before.edges[-1], rows[0], table.xs):
            for cell in rows[0]:
                upper = _above(before.rows[-1], before.edges[-1], cell, table.xs)
                if upper is not None:
                    upper.below.append(cell)
            rows, edges = rows[1:], edges[1:]
        before.xs = _union(before.xs, table.xs)
        before.rows += rows
        before.edges += edges

    def close(self) -> None:
        """Write the open table and what stood below and above it on the pages that it runs over."""
        table, self._table = self._table, None
        after, self._after = self._after, []
        if table is None:
            return
        cells = []
        for number, (row, edges) in enumerate(zip(table.rows, table.edges, strict=True)):
            for cell in row:
                start = _nearest(table.xs, edges[cell.column])
                end = _nearest(table.xs, edges[cell.column + cell.columns])
                pieces, struck = _unstruck(cell)
                box = Box(cell.page, *cell.box)
                wide = max(end - start, 1)
                cells.append(Cell(number, start, pieces, cell.rows, wide, box, struck))
        self.canvas.table(cells)
        for number, line in after:
            self._paragraphs([line], number)


def _running(lines: Iterable[tuple[Page, Line]]) -> dict[int, list[tuple[str, Line]]]:
    """By page the lines at its edges that other pages bear at the same height, but for numbers."""
    found: dict[tuple[str, int], list[tuple[int, Line]]] = {}
    for page, line in lines:
        if not _EDGE * page.height < line.base < (1 - _EDGE) * page.height:
            words = _DIGITS.sub("0", line.text)
            found.setdefault((words, round(line.base / _SAME)), []).append((page.number, line))
    running: dict[int, list[tuple[str, Line]]] = {}
    for (words, _), places in found.items():
        if len({number for number, _ in places}) > 1 and any(map(str.isalpha, words)):
            for number, line in places:
                running.setdefault(number, []).append((places[0][1].text, line))
    return running


def _is_furniture(line: Line, page: Page) -> bool:
    """Whether a line at the edge of a page is a page number or a running title."""
    edge = line.base < 0.1 * page.height or line.base > 0.9 * page.height
    return edge and (_FURNITURE.fullmatch(line.text) is not None or line.base < 0.08 * page.height)


def _union(xs: Sequence[float], others: Sequence[float]) -> list[float]:
    found = list(xs)
    for x in others:
        if min(abs(x - y) for y in found) > _SAME:
            found.append(x)
    return sorted(found)


def _nearest(xs: Sequence[float], x: float) -> int:
    return min(range(len(xs)), key=lambda i: abs(xs[i] - x))


def _unstruck(cell: Ruled) -> tuple[tuple[Piece, ...], str]:
    """What a cell says without what is struck out, and that; a figure that is struck out alone is marked."""
    parts = [cell, *cell.below]
    glyphs = [glyph for part in parts for glyph in part.glyphs if not glyph.struck]
    struck = "".join(glyph.text for part in parts for glyph in part.glyphs if glyph.struck)
    if not struck:
        return tuple(_pieces(cell)), ""
    if not any(glyph.text.isdigit() for glyph in glyphs) and any(map(str.isdigit, struck)):
        return (Piece("~~"), *_pieces(cell), Piece("~~")), ""
    left = replace(
        cell,
        glyphs=[g for g in cell.glyphs if not g.struck],
        below=[replace(p, glyphs=[g for g in p.glyphs if not g.struck]) for p in cell.below],
    )
    return tuple(_pieces(left)), struck


def _pieces(cell: Ruled) -> list[Piece]:
    found = list(pieces_of(cell.glyphs, cell.page, cell.box[2] - cell.box[0]))
    for part in cell.below:
        found += [Piece("\n"), *_pieces(part)]
    return found


def _text(cell: Ruled) -> str:
    return one_line("".join(piece.text for piece in _pieces(cell)))


def _above(
    row: Sequence[Ruled], edges: Sequence[float], cell: Ruled, xs: Sequence[float]
) -> Ruled | None:
    """The cell of a row over which another stands exactly."""
    for upper in row:
        if (
            abs(edges[upper.column] - xs[cell.column]) < _SAME
            and abs(edges[upper.column + upper.columns] - xs[cell.column + cell.columns]) < _SAME
        ):
            return upper
    return None


def _repeated(rows: Sequence[Sequence[Ruled]], below: Sequence[Sequence[Ruled]]) -> int:
    """How many rows of heads on a new page are those with which the table begins."""
    count = 0
    for first, second in zip(rows, below, strict=False):
        texts = [_text(cell) for cell in first]
        if not any(texts) or any(map(_FIGURE.fullmatch, texts)):
            break
        if texts != [_text(cell) for cell in second]:
            break
        count += 1
    return count if count < len(below) else 0


def _is_one_row(
    upper: Sequence[Ruled], edges: Sequence[float], lower: Sequence[Ruled], xs: Sequence[float]
) -> bool:
    """Whether a page break cuts a row: the part below has no ordinal, and only one part has figures."""
    texts = [text for cell in lower if (text := _text(cell))]
    if any(cell.rows > 1 for cell in lower if cell.glyphs):
        return False
    if any(_above(upper, edges, cell, xs) is None for cell in lower if cell.glyphs):
        return False
    pairs = [
        (_text(above), _text(cell))
        for cell in lower
        if (above := _above(upper, edges, cell, xs)) is not None
    ]
    if any(a and b and any(map(_FIGURE.fullmatch, (a, b))) for a, b in pairs):
        return False  # a head over its figure
    words = [text for text in texts if not _FIGURE.fullmatch(text)]
    figures = len(texts) - len(words)
    has_figures = any(_FIGURE.fullmatch(_text(cell)) for cell in upper)
    if len(words) > 2 or (figures and has_figures):
        return False
    if any(_ORDINAL.match(text) or text in ("总计", "其他", "合计") for text in words):
        return False
    return bool(texts) and bool(has_figures or figures)


__all__ = ["MEDIA_TYPE", "RENDERER", "placed", "read", "sniff", "write"]
