"""What is drawn on a page of a PDF in the order of drawing: rules, small marks, pictures, what covers what."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

from extractor.inputs.limits import MOST_RULES, RefusedError

_THIN = 3.0  # a filled box not thicker is a line
_DEEP = 5
_WHITE = 250
_MARK = (60.0, 20.0)  # points of the largest figure that is drawn and not written
_LARGE = 0.5  # of a page, for a picture that is the page
_INVISIBLE = (3, 7)  # how text is drawn that leaves no ink
_BOX = 5  # segments of a box
_SOLID = 0.98  # of a picture, for one through which nothing is seen

Box = tuple[float, float, float, float]


class Way(Protocol):
    """From the coordinates of a page's contents to those of the page as it is read."""

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point."""

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box."""


@dataclass(slots=True)
class Drawn:
    """What is drawn on a page.

    Attributes:
        lines: Boxes of straight lines.
        slants: Straight lines that are neither level nor upright, from point to point.
        marks: Boxes of what is as small as a figure and no line.
        pictures: How many there are.
        invisible: Pieces of text that leave no ink.
        covers: Boxes of solid pictures, and how many pieces of text were drawn before each.
        whites: The same of solid boxes; that they cover nothing beyond is not known, they may be clipped.
        order: For each piece of text how many were drawn before it.
        rooms: Of pieces of text that are cut off, the box beyond which they are.
        under: Whether text lies under a picture that is most of the page.
    """

    lines: list[Box] = field(default_factory=list)
    slants: list[Box] = field(default_factory=list)
    marks: list[Box] = field(default_factory=list)
    pictures: int = 0
    invisible: set[int] = field(default_factory=set)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    whites: list[tuple[int, Box]] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)
    under: bool = False
    rooms: dict[int, Box] = field(default_factory=dict)

    def hides(
        self, text: int, point: tuple[float, float], boxes: Sequence[tuple[int, Box]]
    ) -> bool:
        """Whether a point of a piece of text lies under one of some boxes."""
        at = self.order.get(text, len(self.order))
        return any(
            at < later and box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
            for later, box in boxes
        )


def drawn(document: Any, page: Any, shown: Way) -> Drawn:
    """Everything that is drawn on a page.

    Raises:
        RefusedError: It is more than is read.
    """
    from pypdfium2 import raw

    found = Drawn()
    wide, high = page.get_size()
    count = 0
    for item, outer in _objects(page):
        count += 1
        if count > MOST_RULES:
            raise RefusedError("rules", MOST_RULES)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            name = address(item)
            if raw.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE:
                found.invisible.add(name)
            found.order[name] = len(found.order)
            room = _clip(item, shown)
            if room is not None:
                whole = _bounds(item, outer, shown)
                cut = (
                    room[0] - whole[0],
                    room[1] - whole[1],
                    whole[2] - room[2],
                    whole[3] - room[3],
                )
                if max(cut) > _THIN:
                    found.rooms[name] = room
            continue
        box = _bounds(item, outer, shown)
        size = box[2] - box[0], box[3] - box[1]
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.pictures += 1
            large = size[0] * size[1] > _LARGE * wide * high
            if found.order and _is_solid(document, page, item):
                found.covers.append((len(found.order), box))
                found.under = found.under or large
            if not large and _is_small(size):
                found.marks.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            inked, solid, stroked = _paint(item)
            lines = []
            if inked:
                matrix = _times(_matrix(item), outer)
                lines = list(_lines(item, matrix, shown, found.slants, stroked=stroked))
                found.lines += lines
            if len(found.lines) > MOST_RULES:
                raise RefusedError("rules", MOST_RULES)
            is_box = raw.FPDFPath_CountSegments(item) <= _BOX
            if is_box and solid and not lines and found.order:
                found.whites.append((len(found.order), box))
            elif inked and not lines and not is_box and _is_small(size):
                found.marks.append(box)
    return found


def _is_small(size: tuple[float, float]) -> bool:
    return size[0] <= _MARK[0] and size[1] <= _MARK[1]


def address(item: Any) -> int:
    """By what an object is known."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _objects(page: Any) -> Iterator[tuple[Any, tuple[float, ...]]]:
    """Objects in the order of drawing, with the matrix of the forms round them."""
    from pypdfium2 import raw

    waiting: list[tuple[Any, tuple[float, ...], int]] = [
        (raw.FPDFPage_GetObject(page, i), (1, 0, 0, 1, 0, 0), 0)
        for i in reversed(range(raw.FPDFPage_CountObjects(page)))
    ]
    while waiting:
        item, outer, depth = waiting.pop()
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item, outer
        elif depth < _DEEP:
            inner = _times(_matrix(item), outer)
            count = raw.FPDFFormObj_CountObjects(item)
            if len(waiting) + count > MOST_RULES:
                raise RefusedError("rules", MOST_RULES)
            waiting += [
                (raw.FPDFFormObj_GetObject(item, i), inner, depth + 1)
                for i in reversed(range(count))
            ]


def _matrix(item: Any) -> tuple[float, ...]:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _bounds(item: Any, outer: tuple[float, ...], shown: Way) -> Box:
    from pypdfium2 import raw

    left, low, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, low, right, top)
    a, b, c, d, e, f = outer
    corners = [
        shown.point(a * x + c * y + e, b * x + d * y + f)
        for x in (left.value, right.value)
        for y in (low.value, top.value)
    ]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _clip(item: Any, shown: Way) -> Box | None:
    """The box outside of which nothing of an object is seen; None for the whole page."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(item)
    paths = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    room: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(paths, 0)):
        points = []
        for number in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
            segment = raw.FPDFClipPath_GetPathSegment(clip, path, number)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(shown.point(x.value, y.value))
        if points:
            across, down = [p[0] for p in points], [p[1] for p in points]
            box = min(across), min(down), max(across), max(down)
            room = box if room is None else _common(room, box)
    return room


def _common(one: Box, other: Box) -> Box:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _is_solid(document: Any, page: Any, item: Any) -> bool:
    """Whether nothing is seen through a picture."""
    from pypdfium2 import raw

    if raw.FPDFPageObj_HasTransparency(item):
        return False
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(document, page, item)
    if not bitmap:
        return True
    try:
        if raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA:
            return True
        size = raw.FPDFBitmap_GetStride(bitmap) * raw.FPDFBitmap_GetHeight(bitmap)
        data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), size)[3::4]
        return data.count(255) >= _SOLID * len(data)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def _paint(path: Any) -> tuple[bool, bool, bool]:
    """Whether a path is seen on white paper, whether it is filled solidly, and whether it is stroked."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    color = raw.FPDFPageObj_GetStrokeColor if stroke.value else raw.FPDFPageObj_GetFillColor
    known = color(path, red, green, blue, alpha)
    white = min(red.value, green.value, blue.value) >= _WHITE
    seen = bool(fill.value or stroke.value) and not (known and (alpha.value == 0 or white))
    solid = bool(fill.value) and not raw.FPDFPageObj_HasTransparency(path)
    return seen, solid, bool(stroke.value)


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
    path: Any, matrix: tuple[float, ...], shown: Way, slants: list[Box], *, stroked: bool
) -> Iterator[Box]:
    """The straight lines of a path that is seen: strokes, and filled boxes that are thin."""
    from pypdfium2 import raw

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
        elif stroked:  # curves have many points
            for (x0, y0), (x1, y1) in pairwise(part):
                if abs(x1 - x0) < 0.5 or abs(y1 - y0) < 0.5:
                    yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
                elif len(part) <= _BOX:
                    slants.append((x0, y0, x1, y1))


__all__ = ["Box", "Drawn", "Way", "address", "drawn"]
