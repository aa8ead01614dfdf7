"""What is drawn on a page of a PDF in the order of drawing: rules, small marks, pictures, what covers what."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

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
Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
"""``(a, b, c, d, e, f)`` takes x, y to a x + c y + e, b x + d y + f."""
SAME: Matrix = (1, 0, 0, 1, 0, 0)


def times(one: Matrix, two: Matrix) -> Matrix:
    """First the one, then the other."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    ab, cd = (a * g + b * i, a * h + b * j), (c * g + d * i, c * h + d * j)
    return (*ab, *cd, e * g + f * i + k, e * h + f * j + m)


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """Where a point goes."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def boxed(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Box:
    """Where a box goes that is turned by right angles at most."""
    (a, b), (c, d) = moved(matrix, x0, y0), moved(matrix, x1, y1)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def around(points: Sequence[Point]) -> Box:
    """The box of some points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


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

    def hides(self, text: int, point: Point, boxes: Sequence[tuple[int, Box]]) -> bool:
        """Whether a point of a piece of text lies under one of some boxes."""
        at = self.order.get(text, len(self.order))
        return any(
            at < later and box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
            for later, box in boxes
        )


def drawn(document: Any, page: Any, shown: Matrix) -> Drawn:
    """Everything that is drawn on a page.

    Args:
        document: The document.
        page: The page.
        shown: From its contents to the page as it is read.

    Raises:
        RefusedError: It is more than is read.
    """
    from pypdfium2 import raw

    found = Drawn()
    wide, high = page.get_size()
    for count, (item, outer) in enumerate(_objects(page, shown)):
        if max(count, len(found.lines)) >= MOST_RULES:
            raise RefusedError("rules", MOST_RULES)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            name = address(item)
            if raw.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE:
                found.invisible.add(name)
            found.order[name] = len(found.order)
            room = _clip(item, shown)
            if room is not None:
                x0, y0, x1, y1 = _bounds(item, outer)
                if max(room[0] - x0, room[1] - y0, x1 - room[2], y1 - room[3]) > _THIN:
                    found.rooms[name] = room
            continue
        box = _bounds(item, outer)
        size = box[2] - box[0], box[3] - box[1]
        small = size[0] <= _MARK[0] and size[1] <= _MARK[1]
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.pictures += 1
            large = size[0] * size[1] > _LARGE * wide * high
            if found.order and _is_solid(document, page, item):
                found.covers.append((len(found.order), box))
                found.under = found.under or large
            if small and not large:
                found.marks.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            inked, solid, stroked = _paint(item)
            lines: list[Box] = []
            if inked:
                matrix = times(_matrix(item), outer)
                lines += _lines(item, matrix, found.slants, stroked=stroked)
                found.lines += lines
            is_box = raw.FPDFPath_CountSegments(item) <= _BOX
            if is_box and solid and not lines and found.order:
                found.whites.append((len(found.order), box))
            elif inked and not lines and not is_box and small:
                found.marks.append(box)
    return found


def address(item: Any) -> int:
    """By what an object is known."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _objects(page: Any, shown: Matrix) -> Iterator[tuple[Any, Matrix]]:
    """Objects in the order of drawing, with the way of what the forms round them hold to the page as it is read."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    waiting = [(raw.FPDFPage_GetObject(page, i), shown, 0) for i in reversed(range(count))]
    while waiting:
        item, outer, depth = waiting.pop()
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item, outer
        elif depth < _DEEP:
            inner = times(_matrix(item), outer)
            count = raw.FPDFFormObj_CountObjects(item)
            if len(waiting) + count > MOST_RULES:
                raise RefusedError("rules", MOST_RULES)
            parts = (raw.FPDFFormObj_GetObject(item, i) for i in reversed(range(count)))
            waiting += [(part, inner, depth + 1) for part in parts]


def _matrix(item: Any) -> Matrix:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _bounds(item: Any, outer: Matrix) -> Box:
    from pypdfium2 import raw

    left, low, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, low, right, top)
    xs, ys = (left.value, right.value), (low.value, top.value)
    return around([moved(outer, x, y) for x in xs for y in ys])


def _clip(item: Any, shown: Matrix) -> Box | None:
    """The box outside of which nothing of an object is seen; None for the whole page."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(item)
    room: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(raw.FPDFClipPath_CountPaths(clip) if clip else 0):
        points = []
        for number in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
            segment = raw.FPDFClipPath_GetPathSegment(clip, path, number)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(moved(shown, x.value, y.value))
        if points:
            box = around(points)
            both = room or box
            low = max(box[0], both[0]), max(box[1], both[1])
            room = *low, min(box[2], both[2]), min(box[3], both[3])
    return room


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


def _lines(path: Any, matrix: Matrix, slants: list[Box], *, stroked: bool) -> Iterator[Box]:
    """The straight lines of a path that is seen: strokes, and filled boxes that are thin."""
    from pypdfium2 import raw

    parts: list[list[Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        parts[-1].append(moved(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    for part in parts:
        box = around(part)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield box
        elif stroked:  # curves have many points
            for (x0, y0), (x1, y1) in pairwise(part):
                if abs(x1 - x0) < 0.5 or abs(y1 - y0) < 0.5:
                    yield around([(x0, y0), (x1, y1)])
                elif len(part) <= _BOX:
                    slants.append((x0, y0, x1, y1))
