"""Lines of text from glyphs: words, spaces, paragraphs, and columns where no rules are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractor.inputs.canvas import Cell, Piece
from extractor.inputs.pdfglyph import Glyph
from verify.document.model import Box
from verify.document.signs import BREAK

_RAISED = 0.72  # of the size of the line: smaller and higher glyphs are marks of notes
_OTHER = 0.85  # of the size of a digit, for one that is not of the same figure
_POINT = 0.45  # of the size, for the gap behind a point that is as wide as a digit
_ENDS = "。！？!?：:；;"
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,2}\s*[、.．]|[（(][一二三四五六七八九十]{1,2}[）)]"
)
_FIGURE = re.compile(r"[-−—–/／]|[0-9０-９][0-9０-９.,，．]*[件万元]*")


@dataclass(frozen=True, slots=True)
class Word:
    """Glyphs that stand together."""

    text: str
    place: Box
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line, from left to right."""

    words: tuple[Word, ...]
    base: float

    @property
    def x0(self) -> float:
        """Where it begins."""
        return self.words[0].place.x0

    @property
    def x1(self) -> float:
        """Where it ends."""
        return self.words[-1].place.x1

    @property
    def size(self) -> float:
        """Of its letters."""
        return max(word.size for word in self.words)

    @property
    def text(self) -> str:
        """With spaces between words."""
        return " ".join(word.text for word in self.words)

    def pieces(self) -> Iterator[Piece]:
        """For the canvas."""
        for number, word in enumerate(self.words):
            if number:
                yield Piece(" ")
            yield Piece(word.text, word.place)


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """Lines from top to bottom; glyphs on nearly one base line, or raised from it, are one line."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.base, one.x0)):
        if rows and glyph.base - rows[-1][0].base < 0.45 * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_line(row, page) for row in rows]


def _line(row: list[Glyph], page: int) -> Line:
    size = max(glyph.size for glyph in row)
    base = max(glyph.base for glyph in row if glyph.size > _RAISED * size)
    row.sort(key=lambda one: one.x0)
    words: list[tuple[bool, list[Glyph]]] = []
    for glyph in row:
        raised = glyph.size < _RAISED * size and abs(glyph.base - base) > 0.1 * size
        if not words or raised != words[-1][0] or _parts(words[-1][1][-1], glyph):
            words.append((raised, []))
        words[-1][1].append(glyph)
    return Line(tuple(_word(glyphs, page, raised=raised) for raised, glyphs in words), base)


def _parts(before: Glyph, glyph: Glyph) -> bool:
    """Whether a space stands between two glyphs: less is enough between letters and figures."""
    gap = glyph.x0 - before.x1
    size = max(before.size, glyph.size)
    if before.text[-1].isdigit() and glyph.text[-1].isdigit():
        other = min(before.size, glyph.size) < _OTHER * size
        if glyph.spaced or other:
            return True
    narrow = before.text.isascii() and glyph.text.isascii()
    if before.text[-1] in ".," and glyph.text[-1].isdigit() and not glyph.spaced:
        return gap > _POINT * size
    return gap > (0.33 if narrow else 0.9) * size


def _word(glyphs: Sequence[Glyph], page: int, *, raised: bool) -> Word:
    text = "".join(glyph.text for glyph in glyphs)
    low = min(g.x0 for g in glyphs), min(g.y0 for g in glyphs)
    place = Box(page, *low, max(g.x1 for g in glyphs), max(g.y1 for g in glyphs))
    return Word(f"[{text}]" if raised else text, place, max(g.size for g in glyphs))


def pieces_of(glyphs: Iterable[Glyph], page: int, room: float = 0.0) -> Iterator[Piece]:
    """What a cell says; lines of it are parted by line ends.

    Args:
        glyphs: In it.
        page: Its number.
        room: How wide it is: a figure is not cut into two lines where one has room for it.
    """
    before: Line | None = None
    for line in lines_of(glyphs, page):
        if before is not None:
            yield Piece("\n")
            fits = before.x1 - before.x0 + line.size < 0.5 * room
            if fits and before.text[-1].isdigit() and line.text[0].isdigit():
                yield Piece(BREAK)
        before = line
        for last, word in zip((None, *line.words), line.words, strict=False):
            if last and not (_is_wide(last.text[-1]) and _is_wide(word.text[0])):
                other = min(last.size, word.size) < _OTHER * max(last.size, word.size)
                digits = last.text[-1].isdigit() and word.text[0].isdigit()
                yield Piece(BREAK if other and digits else " ")
            yield Piece(word.text, word.place)


def _is_wide(sign: str) -> bool:
    return sign >= "\u2e80"


def paragraphs(lines: Sequence[Line], right: float) -> Iterator[list[Piece]]:
    """Paragraphs: a line that reaches the right margin goes on in the next that is not indented.

    Args:
        lines: From top to bottom.
        right: Where the contents of the page end.
    """
    left = min((line.x0 for line in lines), default=0.0)
    found: list[list[Piece]] = []
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None and _goes_on(before, line, left, right):
            found[-1] += [Piece("\n"), *line.pieces()]
        else:
            found.append(list(line.pieces()))
    yield from found


def _goes_on(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether a line is the rest of the one before: of a paragraph, or of a title in the middle."""
    middle = abs((line.x0 + line.x1) - (left + right)) < 2 * line.size
    return (
        before.text[-1] not in _ENDS
        and _HEADING.match(line.text) is None
        and abs(before.size - line.size) < 0.1 * line.size
        and before.x1 > right - 2.2 * before.size
        and (line.x0 < left + 1.2 * line.size or middle)
        and 0 < line.base - before.base < 3.2 * line.size
        and right - left > 15 * line.size
    )


def is_row(line: Line) -> bool:
    """Whether a line has at least three figures or marks that stand apart."""
    return sum(_FIGURE.fullmatch(word.text) is not None for word in line.words) >= 3


def aligned(lines: Sequence[Line]) -> list[Cell]:
    """A table without rules, by the columns of its figures; each line from its first to its last is a row."""
    columns: list[tuple[float, float]] = []
    marks = (word for line in lines if is_row(line) for word in line.words)
    for mark in sorted(
        (word.place.x0, word.place.x1) for word in marks if _FIGURE.fullmatch(word.text)
    ):
        if columns and mark[0] <= columns[-1][1] + 2:
            columns[-1] = columns[-1][0], max(columns[-1][1], mark[1])
        else:
            columns.append(mark)
    columns.insert(0, (min(line.x0 for line in lines), columns[0][0] - 0.1))
    cells = []
    for row, line in enumerate(lines):
        found: list[list[Word]] = [[] for _ in columns]
        for word in line.words:
            found[_column(columns, word)].append(word)
        for column, ((x0, x1), some) in enumerate(zip(columns, found, strict=True)):
            if some or is_row(line):
                place = Box(line.words[0].place.page, x0, line.base - line.size, x1, line.base)
                pieces = tuple(Line(tuple(some), line.base).pieces())
                cells.append(Cell(row, column, pieces, place=place))
    return cells


def _column(columns: Sequence[tuple[float, float]], word: Word) -> int:
    begin, end = word.place.x0, word.place.x1
    if begin < columns[0][1]:
        return 0
    overlap = [min(end, x1) - max(begin, x0) for x0, x1 in columns]
    if max(overlap) > 0:
        return overlap.index(max(overlap))
    return min(range(len(columns)), key=lambda i: abs(sum(columns[i]) - begin - end))
