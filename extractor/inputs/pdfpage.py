"""Pages of a PDF as glyphs with boxes and as ruled lines, in points from the top left of the page as shown."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extractor.inputs.limits import MOST_CHARACTERS, MOST_RULES, RefusedError
from extractor.inputs.pdfseen import seen
from verify.document.model import Box

_THIN = 3.0  # a filled box not thicker is a line
_SHORT = 4.0  # a line not longer is a part of a picture or a dash
_DASH = 5.0  # gaps that a dashed line may have
_SAME = 1.5  # lines not farther apart are one
_DEEP = 5
_WHITE = 250
_FEW = 20  # glyphs of a page that is a picture with a page number
_INVISIBLE = 3  # how text is drawn that is only there to be searched
_SAMPLE = 2_000  # characters by which the way up is told


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box; `middle` is the height on which it counts for a row, `base` its base line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    struck: bool = False

    @property
    def middle(self) -> float:
        """Where it stands in a row."""
        return self.base - 0.35 * self.size

    @property
    def center(self) -> float:
        """Where it stands in a column."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: where it lies, across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


class Turned:
    """From the coordinates of a page's contents to those of the page turned, clockwise, by a right angle."""

    def __init__(self, page: Any, turn: int) -> None:
        left, bottom, right, top = page.get_cropbox()
        self._left, self._bottom = left, bottom
        self._width, self._height = right - left, top - bottom
        self.turn = turn % 360

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the contents, on the page as it is turned."""
        x, y = x - self._left, y - self._bottom
        if self.turn == 90:
            return y, x
        if self.turn == 180:
            return self._width - x, y
        if self.turn == 270:
            return self._height - y, self._width - x
        return x, self._height - y

    def back(self, x: float, y: float) -> tuple[float, float]:
        """The inverse of `point`."""
        if self.turn == 90:
            x, y = y, x
        elif self.turn == 180:
            x = self._width - x
        elif self.turn == 270:
            x, y = self._width - y, self._height - x
        else:
            y = self._height - y
        return x + self._left, y + self._bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A box of the contents, on the page as it is turned."""
        a, b = self.point(x0, y0), self.point(x1, y1)
        return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page, turned so that its text is upright.

    Attributes:
        picture: Whether it is a picture, with no text or with text that is not seen, as scanners add it.
        as_shown: From a box of the page as it is read to one of the page as it is shown; None for the same.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    level: list[Rule]
    upright: list[Rule]
    picture: bool = False
    as_shown: Callable[[Box], Box] | None = None


def page_of(document: Any, number: int) -> Page:
    """A page of an opened document; `number` from 1.

    Raises:
        RefusedError: More is drawn or written on it than is read.
    """
    page = document[number - 1]
    shown = Turned(page, _turn_of(page))
    level: list[Rule] = []
    upright: list[Rule] = []
    pictures = unseen = 0
    for lines, picture, text in _drawn(page, shown):
        pictures += picture
        unseen += text
        for x0, y0, x1, y1 in lines:
            if y1 - y0 <= _THIN and x1 - x0 > y1 - y0:
                level.append(Rule((y0 + y1) / 2, x0, x1))
            elif x1 - x0 <= _THIN:
                upright.append(Rule((x0 + x1) / 2, y0, y1))
        if len(level) + len(upright) > MOST_RULES:
            raise RefusedError("rules", MOST_RULES)
    width, height = page.get_size()
    as_shown = Turned(page, page.get_rotation())
    if (shown.turn - as_shown.turn) % 180:
        width, height = height, width

    def as_seen(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return as_shown.box(*shown.back(box[0], box[1]), *shown.back(box[2], box[3]))

    def way(box: Box) -> Box:
        return Box(box.page, *as_seen((box.x0, box.y0, box.x1, box.y1)))

    every = list(_once(_glyphs(page, shown)))
    glyphs = [glyph for _, glyph in every]
    picture = bool(pictures) and (len(glyphs) < _FEW or unseen > len(glyphs) / 20)
    if not picture:
        glyphs = seen(page, every, level, as_seen, lambda box: shown.box(*box))
        picture = bool(pictures) and len(glyphs) < _FEW
    turned = way if shown.turn != as_shown.turn else None
    return Page(number, width, height, glyphs, joined(level), joined(upright), picture, turned)


def _turn_of(page: Any) -> int:
    """By how much the page is to be turned for most of its text to be upright."""
    from pypdfium2 import raw

    text = page.get_textpage()
    count = min(text.count_chars(), _SAMPLE)
    turns = Counter(
        round(math.degrees(raw.FPDFText_GetCharAngle(text, number)) / 90) * 90 % 360
        for number in range(count)
        if raw.FPDFText_IsGenerated(text, number) != 1
    )
    return turns.most_common(1)[0][0] if turns else int(page.get_rotation())


def _glyphs(page: Any, shown: Turned) -> Iterator[tuple[int, Glyph]]:
    from pypdfium2 import raw

    text = page.get_textpage()
    count = text.count_chars()
    if count > MOST_CHARACTERS:
        raise RefusedError("characters", MOST_CHARACTERS)
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    loose = raw.FS_RECTF()
    for number in range(count):
        code = raw.FPDFText_GetUnicode(text, number)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
            continue
        sign = chr(code)
        if sign.isspace() or raw.FPDFText_IsGenerated(text, number) == 1:
            continue
        raw.FPDFText_GetCharBox(text, number, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(text, number, loose)
        raw.FPDFText_GetCharOrigin(text, number, x, y)
        x0, y0, x1, y1 = shown.box(left.value, bottom.value, right.value, top.value)
        tall = shown.box(loose.left, loose.bottom, loose.right, loose.top)
        base = shown.point(x.value, y.value)[1]
        size = max(raw.FPDFText_GetFontSize(text, number), 0.1)
        size = size if 0.5 < size / max(tall[3] - tall[1], 0.1) < 1.5 else tall[3] - tall[1]
        yield number, Glyph(sign, x0, y0, max(x1, x0), max(y1, y0), base, max(size, 0.1))


def _once(glyphs: Iterator[tuple[int, Glyph]]) -> Iterator[tuple[int, Glyph]]:
    """Each glyph once: bold letters are often made by drawing them twice."""
    seen: dict[tuple[str, int], list[Glyph]] = {}
    for number, glyph in glyphs:
        bucket = int(glyph.base // 4)
        near = (
            other
            for key in (bucket - 1, bucket, bucket + 1)
            for other in seen.get((glyph.text, key), ())
        )
        limit = 0.15 * glyph.size
        if any(abs(o.x0 - glyph.x0) < limit and abs(o.base - glyph.base) < limit for o in near):
            continue
        seen.setdefault((glyph.text, bucket), []).append(glyph)
        yield number, glyph


_Lines = list[tuple[float, float, float, float]]


def _drawn(page: Any, shown: Turned) -> Iterator[tuple[_Lines, int, int]]:
    """For each object drawn its lines as thin boxes, 1 for a picture, and 1 for text that is not seen."""
    from pypdfium2 import raw

    def matrix_of(item: Any) -> tuple[float, ...]:
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, matrix)
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    waiting: list[tuple[Any, tuple[float, ...], int]] = [
        (raw.FPDFPage_GetObject(page, i), (1, 0, 0, 1, 0, 0), 0)
        for i in range(raw.FPDFPage_CountObjects(page))
    ]
    while waiting:
        item, outer, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield [], 1, 0
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            yield [], 0, int(raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            yield list(_lines(item, _times(matrix_of(item), outer), shown)), 0, 0
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEP:
            inner = _times(matrix_of(item), outer)
            count = raw.FPDFFormObj_CountObjects(item)
            if len(waiting) + count > MOST_RULES:
                raise RefusedError("rules", MOST_RULES)
            waiting += [
                (raw.FPDFFormObj_GetObject(item, i), inner, depth + 1) for i in range(count)
            ]


def _times(one: tuple[float, ...], two: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _lines(
    path: Any, matrix: tuple[float, ...], shown: Turned
) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines of a path that are seen: strokes, and filled boxes that are thin."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    color = raw.FPDFPageObj_GetStrokeColor if stroke.value else raw.FPDFPageObj_GetFillColor
    if color(path, red, green, blue, alpha) and (
        alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE
    ):
        return
    a, b, c, d, e, f = matrix
    parts: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = shown.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([point])
        else:
            parts[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    for part in parts:
        box = (
            min(p[0] for p in part),
            min(p[1] for p in part),
            max(p[0] for p in part),
            max(p[1] for p in part),
        )
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield box
        elif stroke.value:
            for (x0, y0), (x1, y1) in pairwise(part):
                if abs(x1 - x0) < 0.5 or abs(y1 - y0) < 0.5:
                    yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def joined(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch, or nearly, as one; short ones are no rules."""
    found: list[Rule] = []
    row: list[Rule] = []

    def close() -> None:
        if not row:
            return
        at = sum(rule.at for rule in row) / len(row)
        start, end = None, 0.0
        for rule in sorted(row, key=lambda one: one.start):
            if start is not None and rule.start <= end + _DASH:
                end = max(end, rule.end)
                continue
            if start is not None:
                found.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        if start is not None:
            found.append(Rule(at, start, end))

    for rule in sorted(rules, key=lambda one: one.at):
        if row and rule.at - row[-1].at > _SAME:
            close()
            row = []
        row.append(rule)
    close()
    return [rule for rule in found if rule.end - rule.start > _SHORT]


__all__ = ["Glyph", "Page", "Rule", "Turned", "joined", "page_of"]
