"""Which glyphs of a page are seen: the page is drawn, and a glyph without ink is none.

A glyph that lies over another, turned, mirrored or under an annotation is no figure; one with a line through it
is struck; slanting ones are a watermark.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.inputs.pdfdrawn import Box, Drawn, Matrix, address, boxed
from extractor.inputs.pdfglyph import Glyph, Rule
from extractor.inputs.written import SIGN
from verify.document.signs import BREAK

_SCALE = 3.0  # pixels of a point
_MOST_PIXELS = 4_000  # of one side
_FAINT, _PALE = 12, 40  # steps of gray between a glyph and what is behind it
_DARK, _LIGHT = 128, 200
_LIGHTS, _DARKS = (
    bytes(range(_DARK + 1, 256)),
    bytes(range(_LIGHT)),
)  # what is neither dark, nor light
_THIN = 2.0  # points of a glyph that is one stroke
_TINY = 2.0  # points of letters that are not seen
_BUCKET = 8.0
_OVER = 0.4  # of the width of a glyph that lies under another
_STRIKE_OUT = 12
_POINTS = (
    ".,．，-－"  # without one a figure is another: one that leaves no ink is never just left out
)
_WIDGET = 20
_SILENT = (2, 16, 20)  # links, windows of other annotations, fields
_LONGEST = 4_000  # bytes of what an annotation says
_OVERLAYS = (3, 4, 5, 6, 7, 8, 13, 15, 28)  # annotations that are drawn over the page


@dataclass(slots=True)
class Annotations:
    """What annotations do to a page: boxes that they strike out, those over which they write, what they say."""

    struck: list[Box] = field(default_factory=list)
    over: list[Box] = field(default_factory=list)
    says: list[str] = field(default_factory=list)


def annotations_of(page: Any, shown: Matrix) -> Annotations:
    """The annotations of a page; `shown` leads from its contents to the page as it is read."""
    from pypdfium2 import raw

    found, rectangle = Annotations(), raw.FS_RECTF()
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 10_000)):
        one = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(one)
        value = _string(one, b"V") if kind == _WIDGET else ""
        if (kind in (_STRIKE_OUT, *_OVERLAYS) or value) and raw.FPDFAnnot_GetRect(one, rectangle):
            ends = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            (found.struck if kind == _STRIKE_OUT else found.over).append(boxed(shown, *ends))
        if kind not in _SILENT:
            found.says.append(_string(one, b"Contents"))
        raw.FPDFPage_CloseAnnot(one)
    return found


def seen(
    page: Any,
    text: Any,
    glyphs: Sequence[Glyph],
    drawn: Drawn,
    lines: Sequence[Rule],
    notes: Annotations,
    as_shown: Matrix | None,
) -> list[Glyph]:
    """The glyphs that are seen, as they are to be read.

    Args:
        page: The page.
        text: Its text.
        glyphs: Those that do not slant.
        drawn: What else is drawn on it.
        lines: Level lines drawn on it.
        notes: Its annotations.
        as_shown: From the page as it is read to the page as it is shown; None for the same.
    """
    from pypdfium2 import raw

    ink = _Ink(page, as_shown)
    by_height = sorted(lines, key=lambda line: line.at)
    heights = [line.at for line in by_height]
    hides = bool(drawn.covers or drawn.whites or drawn.invisible or drawn.rooms)
    found: list[Glyph] = []
    doubtful: set[int] = set()
    whited: set[int] = set()
    before: tuple[Glyph, bool] | None = None

    def object_of(glyph: Glyph) -> int:
        return address(raw.FPDFText_GetTextObject(text, glyph.number))

    for glyph in glyphs:
        contrast, dark = ink.of(glyph)
        center = (glyph.center, (glyph.y0 + glyph.y1) / 2)
        name = object_of(glyph) if hides else 0
        gone = glyph.size < _TINY or (contrast < _FAINT and not dark) or name in drawn.invisible
        gone = gone or (name in drawn.rooms and not _holds(drawn.rooms[name], center))
        half = before is not None and before[1] != gone and _goes_on(before[0], glyph)
        if half and before is not None and object_of(before[0]) == object_of(glyph):
            doubtful.add(len(found) - gone)  # a part of a figure is not seen
        before = (glyph, gone)
        if gone:
            continue
        if hides and drawn.hides(name, center, drawn.whites):
            whited.add(len(found))
        doubt = contrast < _PALE or glyph.turned or any(_holds(box, center) for box in notes.over)
        if doubt or any(_slants_through(line, center, glyph) for line in drawn.slants):
            doubtful.add(len(found))
        if contrast < _FAINT or (hides and drawn.hides(name, center, drawn.covers)):
            glyph = replace(glyph, text=SIGN)  # noqa: PLW2901
        near = by_height[bisect_left(heights, glyph.y0) : bisect_right(heights, glyph.y1)]
        cut = any(_crosses(line, glyph) for line in near)
        cut = cut or any(_holds(box, center) for box in notes.struck)
        found.append(replace(glyph, struck=True) if cut else glyph)
    under_white = whited & _overlapping(found) if whited else set()
    if whited:  # what ink there is may be that of a figure typed over it
        doubtful |= {a for a, b in _pairs(found, 0.0) if a in whited and b not in whited}
    left = [number for number in range(len(found)) if number not in under_white]
    over = _overlapping([found[number] for number in left])
    return [
        replace(found[number], text=BREAK + found[number].text)
        if (number in doubtful or at in over) and found[number].text.isdigit()
        else found[number]
        for at, number in enumerate(left)
    ]


class _Ink:
    """The page as it is drawn, in gray."""

    def __init__(self, page: Any, as_shown: Matrix | None) -> None:
        self._as_shown = as_shown
        self._scale = min(_SCALE, _MOST_PIXELS / max(*page.get_size(), 1.0))
        bitmap = page.render(scale=self._scale, grayscale=True)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._gray = bytes(bitmap.buffer)
        bitmap.close()

    def of(self, glyph: Glyph) -> tuple[int, bool]:
        """Steps of gray in the box of a glyph, and whether it is dark all over."""
        box = glyph.x0, glyph.y0, glyph.x1, glyph.y1
        box = box if self._as_shown is None else boxed(self._as_shown, *box)
        low, high = self._range(box)
        if high - low < _PALE:  # a stroke may fill its box: then what is beside it tells
            flat, slim = box[3] - box[1] < _THIN, box[2] - box[0] < _THIN
            dark = low < _DARK
            wider = self._range(box, across=2 * (dark or slim), down=2 * (dark or flat))
            if wider[1] - wider[0] >= _PALE:
                return wider[1] - wider[0], False
        if high - low < _FAINT and glyph.text in _POINTS:  # so small that it may be beside its box
            low, high = self._range(box, across=2, down=2)
            return max(high - low, 0), high - low < _FAINT
        return high - low, high < _DARK

    def _range(self, box: Box, *, across: int = 0, down: int = 0) -> tuple[int, int]:
        """The darkest and the lightest in a box that is wider by some pixels; where both are far apart, nearly."""
        left = max(0, math.floor(box[0] * self._scale) - across)
        right = min(self._width, math.ceil(box[2] * self._scale) + across)
        top = max(0, math.floor(box[1] * self._scale) - down)
        bottom = min(self._height, math.ceil(box[3] * self._scale) + down)
        rows = range(top * self._stride, bottom * self._stride, self._stride)
        part = b"".join([self._gray[row + left : row + right] for row in rows])
        if part.translate(None, _LIGHTS) and part.translate(None, _DARKS):
            return _DARK, _LIGHT
        return (min(part), max(part)) if part else (255, 255)


def _string(annotation: Any, name: bytes) -> str:
    """A string of an annotation, on one line."""
    from pypdfium2 import raw

    size = min(raw.FPDFAnnot_GetStringValue(annotation, name, None, 0), _LONGEST)
    buffer = ctypes.create_string_buffer(max(size, 2))
    raw.FPDFAnnot_GetStringValue(
        annotation, name, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
    )
    return " ".join(buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace").split())


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _goes_on(before: Glyph, glyph: Glyph) -> bool:
    """Whether two glyphs are digits of one figure."""
    near = -glyph.size < glyph.x0 - before.x1 < 0.3 * glyph.size
    return bool(
        near
        and before.text.isdigit()
        and glyph.text.isdigit()
        and not glyph.spaced
        and abs(before.base - glyph.base) < 0.1 * glyph.size
    )


def _crosses(line: Rule, glyph: Glyph) -> bool:
    """Whether a level line goes through the middle of a glyph."""
    high, wide = glyph.y1 - glyph.y0, glyph.x1 - glyph.x0
    return bool(
        glyph.y0 + 0.2 * high < line.at < glyph.y1 - 0.2 * high
        and line.start <= glyph.x0 + 0.3 * wide
        and line.end >= glyph.x1 - 0.3 * wide
        and high > 0.4 * glyph.size
    )


def _slants_through(line: Box, center: tuple[float, float], glyph: Glyph) -> bool:
    """Whether a line from point to point goes through a glyph near its middle."""
    (x0, y0, x1, y1), (x, y) = line, center
    wide, high = glyph.x1 - glyph.x0, glyph.y1 - glyph.y0
    if not (min(x0, x1) - wide <= x <= max(x0, x1) + wide):
        return False
    if not (min(y0, y1) - high <= y <= max(y0, y1) + high):
        return False
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    away = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
    return bool(away < 0.35 * max(wide, high))


def _overlapping(glyphs: Sequence[Glyph]) -> set[int]:
    """Numbers of glyphs that are printed over one another."""
    return {number for number, _ in _pairs(glyphs, _OVER)}


def _pairs(glyphs: Sequence[Glyph], share: float) -> Iterator[tuple[int, int]]:
    """Numbers of two glyphs that share more than a part of the smaller one's width and height, both ways round."""
    places: dict[tuple[int, int], list[int]] = {}
    for number, glyph in enumerate(glyphs):
        key = int(glyph.center // _BUCKET), int(glyph.middle // _BUCKET)
        places.setdefault(key, []).append(number)
    for (x, y), numbers in places.items():
        near = [n for i in (0, 1) for j in (-1, 0, 1) for n in places.get((x + i, y + j), ())]
        for number in numbers:
            for other in near:
                if number != other and _over(glyphs[number], glyphs[other], share):
                    yield number, other
                    yield other, number


def _over(one: Glyph, other: Glyph, share: float) -> bool:
    if one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0:
        return False
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    least = min(one.x1 - one.x0, other.x1 - other.x0), min(one.y1 - one.y0, other.y1 - other.y0)
    return bool(wide > share * max(least[0], 0.1) and high > share * max(least[1], 0.1))
