"""Which glyphs of a page are seen: the page is drawn, and a glyph without ink is none.

A glyph that lies over another, turned, mirrored or under an annotation is no figure; one with a line through it
is struck; slanting ones are a watermark.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from extractor.inputs.pdfdrawn import Box, Drawn, address
from extractor.inputs.written import SIGN
from verify.document.signs import BREAK

_SCALE = 3.0  # pixels of a point
_MOST_PIXELS = 4_000  # of one side
_FAINT, _PALE = 12, 40  # steps of gray between a glyph and what is behind it
_DARK = 128
_TINY = 2.0  # points of letters that are not seen
_BUCKET = 8.0
_OVER = 0.4  # of the width of a glyph that lies under another
_SLANT = 12.0  # degrees
_STRIKE_OUT = 12
_POINTS = (
    ".,．，-－"  # without one a figure is another: one that leaves no ink is never just left out
)
_WIDGET = 20
_SILENT = (2, 16, 20)  # links, windows of other annotations, fields
_LONGEST = 4_000  # bytes of what an annotation says
_OVERLAYS = (3, 4, 5, 6, 7, 8, 13, 15, 28)  # annotations that are drawn over the page


def seen(
    page: Any,
    glyphs: Iterable[tuple[int, Any]],
    drawn: Drawn,
    lines: Sequence[Any],
    as_shown: Callable[[Box], Box],
    as_read: Callable[[Box], Box],
) -> tuple[list[Any], str, list[Box]]:
    """The glyphs that are seen, as they are to be read; what is written across them; what is laid over them.

    Args:
        page: The page.
        glyphs: Glyphs by their numbers in its text.
        drawn: What else is drawn on it.
        lines: Level lines drawn on it.
        as_shown: From a box of the page as it is read to one of the page as it is shown.
        as_read: From a box of the contents of the page to one of the page as it is read.
    """
    from pypdfium2 import raw

    upright, turned, aslant = _turned(page, glyphs)
    ink = _Ink(page, as_shown)
    by_height = sorted(lines, key=lambda line: line.at)
    heights = [line.at for line in by_height]
    struck_by, under, says = _annotations(page, as_read)
    hidden = drawn.covers or drawn.whites or drawn.invisible or drawn.rooms
    text = page.get_textpage() if hidden else None
    found: list[Any] = []
    doubtful: set[int] = set()
    before: tuple[int, Any, bool] | None = None
    whited: set[int] = set()
    for number, glyph in upright:
        contrast, dark = ink.of(glyph)
        center = (glyph.center, (glyph.y0 + glyph.y1) / 2)
        gone = glyph.size < _TINY or (contrast < _FAINT and not dark)
        covered, name = False, 0
        if text is not None:
            name = address(raw.FPDFText_GetTextObject(text, number))
            room = drawn.rooms.get(name)
            gone = (
                gone or name in drawn.invisible or (room is not None and not _holds(room, center))
            )
        beside = before is not None and before[0] == number - 1 and _goes_on(before[1], glyph)
        if beside and before is not None and before[2] != gone:
            every = page.get_textpage()
            one, two = (raw.FPDFText_GetTextObject(every, n) for n in (number - 1, number))
            if address(one) == address(two):  # a part of a figure is not seen
                doubtful.add(len(found) - gone)
        before = (number, glyph, gone)
        if gone:
            continue
        if text is not None:
            covered = drawn.hides(name, center, drawn.covers)
            if drawn.hides(name, center, drawn.whites):
                whited.add(len(found))
        if contrast < _FAINT or covered:
            glyph = replace(glyph, text=SIGN)  # noqa: PLW2901
        doubt = contrast < _PALE or number in turned or any(_holds(box, center) for box in under)
        if doubt or any(_slants_through(line, center, glyph) for line in drawn.slants):
            doubtful.add(len(found))
        near = by_height[bisect_left(heights, glyph.y0) : bisect_right(heights, glyph.y1)]
        cut = (near and any(_crosses(line, glyph) for line in near)) or (
            struck_by and any(_holds(box, center) for box in struck_by)
        )
        found.append(replace(glyph, struck=True) if cut else glyph)
    under_white = whited & _overlapping(found) if whited else set()
    left = [number for number in range(len(found)) if number not in under_white]
    over = _overlapping([found[number] for number in left])
    read = [
        replace(found[number], text=BREAK + found[number].text)
        if (number in doubtful or at in over) and found[number].text.isdigit()
        else found[number]
        for at, number in enumerate(left)
    ]
    return read, " ".join(filter(None, (aslant, *says))), under


def _turned(
    page: Any, glyphs: Iterable[tuple[int, Any]]
) -> tuple[list[tuple[int, Any]], set[int], str]:
    """Glyphs that do not slant, the numbers of those that are turned or mirrored, and what slants."""
    from pypdfium2 import raw

    text = page.get_textpage()
    every = list(glyphs)
    matrix = raw.FS_MATRIX()
    ways: list[tuple[float, bool]] = []
    for number, _ in every:
        angle = math.degrees(raw.FPDFText_GetCharAngle(text, number))
        raw.FPDFText_GetMatrix(text, number, matrix)
        ways.append((angle, matrix.a * matrix.d - matrix.b * matrix.c < 0))
    if not every:
        return [], set(), ""
    usual = Counter(round(angle / 90) * 90 % 360 for angle, _ in ways).most_common(1)[0][0]
    mirrored = Counter(flag for _, flag in ways).most_common(1)[0][0]
    kept: list[tuple[int, Any]] = []
    turned: set[int] = set()
    aslant: list[str] = []
    for one, (angle, flag) in zip(every, ways, strict=True):
        off = (angle - usual) % 360
        if min(off % 90, 90 - off % 90) > _SLANT:
            aslant.append(one[1].text)
            continue
        kept.append(one)
        if not (off < _SLANT or off > 360 - _SLANT) or flag != mirrored:
            turned.add(one[0])
    return kept, turned, "".join(aslant)


class _Ink:
    """The page as it is drawn, in gray."""

    def __init__(self, page: Any, as_shown: Callable[[Box], Box]) -> None:
        self._as_shown = as_shown
        self._scale = min(_SCALE, _MOST_PIXELS / max(*page.get_size(), 1.0))
        bitmap = page.render(scale=self._scale, grayscale=True)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._gray = bytes(bitmap.buffer)
        bitmap.close()

    def of(self, glyph: Any) -> tuple[int, bool]:
        """Steps of gray in the box of a glyph, and whether it is dark all over."""
        x0, y0, x1, y1 = self._as_shown((glyph.x0, glyph.y0, glyph.x1, glyph.y1))
        low, high = self._range(x0, y0, x1, y1, 0)
        if high - low < _PALE and low < _DARK:  # a stroke fills its box
            wider = self._range(x0, y0, x1, y1, 2)
            if wider[1] - wider[0] >= _PALE:
                return wider[1] - wider[0], False
        if (
            high - low < _FAINT and glyph.text in _POINTS
        ):  # so small that it may be drawn beside its box
            low, high = self._range(x0, y0, x1, y1, 2)
            return max(high - low, 0), high - low < _FAINT
        return high - low, high < _DARK

    def _range(self, x0: float, y0: float, x1: float, y1: float, by: int) -> tuple[int, int]:
        left = max(0, math.floor(x0 * self._scale) - by)
        right = min(self._width, math.ceil(x1 * self._scale) + by)
        top = max(0, math.floor(y0 * self._scale) - by)
        bottom = min(self._height, math.ceil(y1 * self._scale) + by)
        rows = range(top * self._stride, bottom * self._stride, self._stride)
        part = b"".join([self._gray[row + left : row + right] for row in rows])
        return (min(part), max(part)) if part else (255, 255)


def _annotations(
    page: Any, as_read: Callable[[Box], Box]
) -> tuple[list[Box], list[Box], list[str]]:
    """Boxes that annotations strike out, those over which they write or draw, and what they say."""
    from pypdfium2 import raw

    struck: list[Box] = []
    over: list[Box] = []
    says: list[str] = []
    rectangle = raw.FS_RECTF()
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 10_000)):
        one = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(one)
        value = _string(one, b"V") if kind == _WIDGET else ""
        if (kind in (_STRIKE_OUT, *_OVERLAYS) or value) and raw.FPDFAnnot_GetRect(one, rectangle):
            box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            (struck if kind == _STRIKE_OUT else over).append(as_read(box))
        if kind not in _SILENT:
            says.append(_string(one, b"Contents"))
        raw.FPDFPage_CloseAnnot(one)
    return struck, over, says


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


def _goes_on(before: Any, glyph: Any) -> bool:
    """Whether two glyphs are digits of one figure."""
    near = -glyph.size < glyph.x0 - before.x1 < 0.3 * glyph.size
    return bool(
        near
        and before.text.isdigit()
        and glyph.text.isdigit()
        and not glyph.spaced
        and abs(before.base - glyph.base) < 0.1 * glyph.size
    )


def _crosses(line: Any, glyph: Any) -> bool:
    """Whether a level line goes through the middle of a glyph."""
    high, wide = glyph.y1 - glyph.y0, glyph.x1 - glyph.x0
    return bool(
        glyph.y0 + 0.2 * high < line.at < glyph.y1 - 0.2 * high
        and line.start <= glyph.x0 + 0.3 * wide
        and line.end >= glyph.x1 - 0.3 * wide
        and high > 0.4 * glyph.size
    )


def _slants_through(line: Box, center: tuple[float, float], glyph: Any) -> bool:
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


def _overlapping(glyphs: Sequence[Any]) -> set[int]:
    """Numbers of glyphs that are printed over one another."""
    places: dict[tuple[int, int], list[int]] = {}
    for number, glyph in enumerate(glyphs):
        key = int(glyph.center // _BUCKET), int(glyph.middle // _BUCKET)
        places.setdefault(key, []).append(number)
    found: set[int] = set()
    for (x, y), numbers in places.items():
        near = [n for i in (0, 1) for j in (-1, 0, 1) for n in places.get((x + i, y + j), ())]
        for number in numbers:
            for other in near:
                if number != other and _over(glyphs[number], glyphs[other]):
                    found |= {number, other}
    return found


def _over(one: Any, other: Any) -> bool:
    if one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0:
        return False
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    least = min(one.x1 - one.x0, other.x1 - other.x0), min(one.y1 - one.y0, other.y1 - other.y0)
    return bool(wide > _OVER * max(least[0], 0.1) and high > _OVER * max(least[1], 0.1))


__all__ = ["seen"]
