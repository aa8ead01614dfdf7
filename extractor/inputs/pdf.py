"""PDF with text: ruled tables, tables over several pages, tables without rules, paragraphs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
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
        laid.append(
            (page, tables, lines_of([glyph for glyph in outside if not glyph.drawn], page.number))
        )
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
    anchors = [
        replace(one, place=ways[one.place.page](one.place))
        if isinstance(one.place, Box) and one.place.page in ways
        else one
        for one in made.anchors
    ]
    return replace(made, anchors=tuple(anchors))


@dataclass(slots=True)
class _Writer:
    canvas: Canvas
    _rows: list[list[Ruled]] = field(default_factory=list)  # of a table that may go on
    _xs: list[float] = field(default_factory=list)  # the edges of all its columns so far
    _after: list[Line] = field(default_factory=list)  # furniture since the open table
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
        if self._rows and all(_is_furniture(line, page) for line in lines):
            self._after += lines
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
                self._paragraphs(lines[start:first])
                self.canvas.table(aligned(lines[first:last]), "aligned")
                start = last
            rows = rows[end:]
        self._paragraphs(lines[start:])

    def _paragraphs(self, lines: Sequence[Line]) -> None:
        for pieces in paragraphs(lines, self._right):
            self.canvas.paragraph(pieces)

    def _take(self, table: RuledTable) -> None:
        rows: list[list[Ruled]] = [[] for _ in range(len(table.ys) - 1)]
        for cell in table.cells:
            rows[cell.row].append(cell)
        goes_on = (
            self._rows
            and self._rows[-1]
            and table.cells[0].page == self._rows[-1][0].page + 1
            and abs(self._xs[0] - table.xs[0]) < _SAME
            and abs(self._xs[-1] - table.xs[-1]) < _SAME
        )
        if not goes_on:
            self.close()
            self._xs = list(table.xs)
        rows = rows[_repeated(self._rows, rows) :]
        if goes_on and rows and _is_one_row(self._rows[-1], rows[0]):
            for cell in rows.pop(0):
                upper = _above(self._rows[-1], cell)
                if upper is not None:
                    upper.below.append(cell)
        for x in table.xs:
            if all(abs(x - other) > _SAME for other in self._xs):
                self._xs = sorted([*self._xs, x])
        self._rows += rows

    def close(self) -> None:
        """Write the open table and what stood below and above it on the pages that it runs over."""
        rows, xs, after = self._rows, self._xs, self._after
        self._rows, self._xs, self._after = [], [], []
        cells = []
        for number, cell in ((number, cell) for number, row in enumerate(rows) for cell in row):
            start, end = (_nearest(xs, edge) for edge in cell.box[::2])
            pieces, struck = _unstruck(cell)
            box = Box(cell.page, *cell.box)
            wide = max(end - start, 1)
            cells.append(Cell(number, start, pieces, cell.rows, wide, box, struck))
        self.canvas.table(cells)
        for line in after:
            self._paragraphs([line])


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


def _nearest(xs: Sequence[float], x: float) -> int:
    return min(range(len(xs)), key=lambda i: abs(xs[i] - x))


def _unstruck(cell: Ruled) -> tuple[tuple[Piece, ...], str]:
    """What a cell says without what is struck out, and that; a figure that is struck out alone is marked."""
    glyphs = [glyph for part in (cell, *cell.below) for glyph in part.glyphs]
    gone = "".join(glyph.text for glyph in glyphs if glyph.struck)
    left = any(glyph.text.isdigit() for glyph in glyphs if not glyph.struck)
    if any(map(str.isdigit, gone)) and not left:
        return (Piece("~~"), *_pieces(cell), Piece("~~")), ""
    return tuple(_pieces(cell, struck=False)), gone


def _pieces(cell: Ruled, *, struck: bool = True) -> Iterator[Piece]:
    for part in (cell, *cell.below):
        glyphs = (glyph for glyph in part.glyphs if struck or not glyph.struck)
        yield from pieces_of(glyphs, part.page, part.box[2] - part.box[0])
        yield Piece("\n")


def _text(cell: Ruled) -> str:
    return one_line("".join(piece.text for piece in _pieces(cell)))


def _above(row: Sequence[Ruled], cell: Ruled) -> Ruled | None:
    """The cell of a row over which another stands exactly."""
    ends = (max(abs(one.box[0] - cell.box[0]), abs(one.box[2] - cell.box[2])) for one in row)
    return next((one for one, away in zip(row, ends, strict=True) if away < _SAME), None)


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


def _is_one_row(upper: Sequence[Ruled], lower: Sequence[Ruled]) -> bool:
    """Whether a page break cuts a row: the part below has no ordinal, and only one part has figures."""
    pairs = [(_above(upper, cell), cell) for cell in lower]
    if any(cell.glyphs and (cell.rows > 1 or above is None) for above, cell in pairs):
        return False
    for above, cell in pairs:
        both = _text(above) if above else "", _text(cell)
        if all(both) and any(map(_FIGURE.fullmatch, both)):
            return False  # a head over its figure
    texts = [text for cell in lower if (text := _text(cell))]
    words = [text for text in texts if not _FIGURE.fullmatch(text)]
    figures = len(texts) - len(words)
    has_figures = any(_FIGURE.fullmatch(_text(cell)) for cell in upper)
    if len(words) > 2 or (figures and has_figures):
        return False
    if any(_ORDINAL.match(text) or text in ("总计", "其他", "合计") for text in words):
        return False
    return bool(texts) and bool(has_figures or figures)
