"""Writes the canonical text of a document, with its grids and places, for every kind of input alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.inputs.beside import is_usual
from extractor.inputs.limits import MOST_CELLS, MOST_CHARACTERS, MOST_SPAN, RefusedError
from verify.document.model import Anchor, Characters, Document, Grid, Known, Place, Slot
from verify.document.signs import BREAK

_WORD = re.compile(r"\S+")
_ONE_WORD = re.compile(r"[!-~\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]+")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"), None)
_FIGURES = 5  # of a table that is one of the form's
_CONTROLS = {
    **dict.fromkeys([*range(9), *range(14, 32), 127, 0x85], 32),
    0x202E: ord(BREAK),  # what follows is shown from its end to its begin
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph or cell.

    Attributes:
        text: As it is read; white space is put in order here, a line end is a break within the cell.
        place: Of the piece; of `Characters` the parts of a piece get their own.
    """

    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that is to be written, at its anchor; rows and columns from 0.

    Attributes:
        pieces: What it holds.
        place: Of the whole cell, for its words that have none and for an empty one.
        struck: What is struck out in it and left out.
    """

    row: int
    column: int
    pieces: tuple[Piece, ...] = ()
    row_span: int = 1
    column_span: int = 1
    place: Place | None = None
    struck: str = ""

    @property
    def text(self) -> str:
        """What it will say."""
        return "".join(text for text, _ in words(self.pieces, self.place))


def words(
    pieces: Iterable[Piece], place: Place | None = None
) -> Iterator[tuple[str, Place | None]]:
    """The words of a cell or paragraph and the spaces between them, in reading order.

    White space is one space, and none at the ends; a break joins, but for two Latin words.

    Args:
        pieces: Its parts.
        place: For parts that have none.
    """
    gap, last = "", ""
    for piece in pieces:
        if piece.text == "\n":
            gap = "\n"
            continue
        whole = _ONE_WORD.fullmatch(piece.text) is not None  # most are
        text = piece.text if whole else piece.text.translate(_CONTROLS)
        where, at = piece.place, 0
        exact = isinstance(where, Characters) and where.end - where.start == len(text)
        for start, end in ((0, len(text)),) if whole else (w.span() for w in _WORD.finditer(text)):
            if start > at:
                gap = "\n" if gap == "\n" or "\n" in text[at:start] else " "
            at = end
            word = text if whole else text[start:end].translate(_UNSEEN)
            if not word:
                continue
            if gap and last:
                latin = (last + word[0]).isascii() and last.isalpha() and word[0].isalpha()
                if (gap == " " or latin) and BREAK not in (last, word[0]):
                    yield " ", None
            gap, last = "", word[-1]
            if exact and not whole and isinstance(where, Characters):
                yield word, replace(where, start=where.start + start, end=where.start + end)
            else:
                yield word, where or place
        if at < len(text):
            gap = "\n" if gap == "\n" or "\n" in text[at:] else " "


@dataclass(slots=True)
class Canvas:
    """Takes paragraphs and tables in order and makes the document.

    `beside` are words that a reader sees with every table, as the name of a sheet or a watermark: they stand
    under the first table of figures, where words that are not known to be harmless need a look.
    """

    media_type: str
    renderer: str
    notes: list[str] = field(default_factory=list)
    encoding: str | None = None
    beside: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _grids: list[Grid] = field(default_factory=list)
    _anchors: list[Anchor] = field(default_factory=list)
    _cells: int = 0
    _struck: list[tuple[int, str]] = field(default_factory=list)

    def paragraph(self, pieces: Iterable[Piece]) -> None:
        """One line, or nothing for blank pieces."""
        before = self._length
        self._write_words(pieces, None)
        if self._length > before:
            self._write("\n")

    def table(self, cells: Sequence[Cell], known: Known = "given") -> None:
        """A table, one line a row, with an empty line after it.

        Raises:
            RefusedError: Too many cells, or one that covers too much.
        """
        if not cells:
            return
        rows = 1 + max(cell.row for cell in cells)
        columns = max(cell.column + cell.column_span for cell in cells)
        self._cells += rows * columns
        if self._cells > MOST_CELLS:
            raise RefusedError("cells", MOST_CELLS)
        if any(max(cell.row_span, cell.column_span) > MOST_SPAN for cell in cells):
            raise RefusedError("span", MOST_SPAN)
        ends = [0] * rows
        anchored: list[dict[int, Cell]] = [{} for _ in range(rows)]
        for cell in cells:
            anchored[cell.row][cell.column] = cell
            for row in range(cell.row, min(cell.row + cell.row_span, rows)):
                ends[row] = max(ends[row], cell.column + cell.column_span)
        begin = self._length
        slots: list[Slot] = []
        for row, line in enumerate(anchored):
            for column in range(ends[row]):
                if column:
                    self._write("\t")
                if column in line:
                    cell = line[column]
                    if cell.row_span > rows - row:
                        cell = replace(cell, row_span=rows - row)
                    slots.append(self._slot(cell))
            self._write("\n")
        self._grids.append(Grid(tuple(slots), known, (begin, self._length)))
        if self.beside and sum(cell.text.isdigit() for cell in cells) >= _FIGURES:
            self._write_beside()
        self._write("\n")

    def _write_beside(self) -> None:
        text = "".join(self._parts)[: self._grids[0].span[0] if self._grids else None]
        for said in dict.fromkeys(self.beside):
            if not is_usual(said, text):
                self.paragraph([Piece(said)])
        self.beside = []

    def _slot(self, cell: Cell) -> Slot:
        start = self._length
        self._write_words(cell.pieces, cell.place)
        end = self._length
        if cell.struck:
            self._struck.append((start, cell.struck))
        if start == end and cell.place is not None:
            self._anchors.append(Anchor((start, start), cell.place))
        return Slot(
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            (start, end) if end > start else None,
            start,
        )

    def _write_words(self, pieces: Iterable[Piece], place: Place | None) -> None:
        for text, where in words(pieces, place):
            start = self._length
            self._write(text)
            if where is not None:
                self._anchors.append(Anchor((start, self._length), where))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            raise RefusedError("characters", MOST_CHARACTERS)

    def document(self) -> Document:
        """What was written."""
        if self.beside:
            self._write_beside()
        return Document(
            "".join(self._parts),
            tuple(self._grids),
            tuple(self._anchors),
            self.media_type,
            self.renderer,
            tuple(dict.fromkeys(self.notes)),
            self.encoding,
            tuple(self._struck),
        )


def one_line(text: str) -> str:
    """Text as a cell would say it."""
    short = text.strip("\n ")
    if not short or _ONE_WORD.fullmatch(short):  # most are
        return short
    return "".join(word for word, _ in words([Piece(text)]))
