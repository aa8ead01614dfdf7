"""Pages of a PDF as glyphs with boxes and as ruled lines, in points from the top left of the page as shown."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from extractor.inputs.limits import MOST_CHARACTERS, RefusedError
from extractor.inputs.pdfdrawn import SAME, Matrix, boxed, drawn, moved, times
from extractor.inputs.pdfdrawn import Box as Drawing
from extractor.inputs.pdfglyph import Glyph, Rule, joined
from extractor.inputs.pdfseen import annotations_of, seen
from extractor.inputs.written import SIGN
from verify.document.model import Box
from verify.document.signs import BREAK

_THIN = 3.0  # a filled box not thicker is a line
_DASH = 5.0  # gaps that a dashed line may have
_SAME = 1.5  # lines not farther apart are one
_FEW = 20  # glyphs of a page that is a picture with a page number
_DOT = 3.0  # a dot of a dotted rule is not larger
_DOTS = 12
_TOUCH = 0.3  # of the size of digits, for a gap within a figure
_LONG_DASH = 12.0
_ROW = 8.0
_MANY = 60  # marks of a page whose letters are drawn and not written
_SLANT = 12.0  # degrees


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page, turned so that its text is upright.

    Attributes:
        picture: Whether it is a picture, with no text or with text that is not seen, as scanners add it.
        aside: What is written across it.
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
    aside: str = ""


def page_of(document: Any, number: int) -> Page:
    """A page of an opened document; `number` from 1.

    Raises:
        RefusedError: More is drawn or written on it than is read.
    """
    page = document[number - 1]
    text = page.get_textpage()
    characters = list(_characters(text))
    turns = Counter(round(one.angle / 90) * 90 % 360 for one in characters)
    turn = turns.most_common(1)[0][0] if turns else page.get_rotation()
    left, low, right, top = page.get_bbox()  # as pages inherit it
    shown = times((1, 0, 0, -1, -left, top), _turning(right - left, top - low, turn))
    width, height = page.get_size()
    more = (page.get_rotation() - turn) % 360
    if more % 180:
        width, height = height, width
    as_seen = _turning(width, height, more)

    def way(box: Box) -> Box:
        return Box(box.page, *boxed(as_seen, box.x0, box.y0, box.x1, box.y1))

    glyphs = list(_once(_glyphs(characters, shown, turn)))
    found = drawn(document, page, shown)
    dots, marks = _dotted(found.marks)
    small, found.lines = _dotted(found.lines)
    level = [Rule((b + d) / 2, a, c) for a, b, c, d in found.lines if c - a > d - b <= _THIN]
    upright = [Rule((a + c) / 2, b, d) for a, b, c, d in found.lines if c - a <= min(_THIN, d - b)]
    level += [rule for lies, rule in (*dots, *small) if lies]
    upright += [rule for lies, rule in (*dots, *small) if not lies]
    rules = joined(level), joined(upright)
    few, aside = len(glyphs) < _FEW, ""
    picture = found.under or (few and len(marks) > _MANY)
    picture = picture or (found.pictures > 0 and (few or len(found.invisible) > len(glyphs) / 20))
    if not picture:
        across = "".join(glyph.text for glyph in glyphs if glyph.aslant)
        upright_ones = [glyph for glyph in glyphs if not glyph.aslant]
        notes = annotations_of(page, shown)
        aside = " ".join(filter(None, (across, *notes.says)))
        glyphs = seen(page, text, upright_ones, found, level, notes, as_seen if more else None)
        glyphs = _unsure_over(glyphs, rules[1])
        picture = bool(found.pictures) and len(glyphs) < _FEW
        marks = [*notes.over, *marks, *(box for box in found.lines if _is_dash(box, rules))]
        glyphs += _beside(marks, glyphs, rules)
    return Page(number, width, height, glyphs, *rules, picture, way if more else None, aside)


def _turning(wide: float, high: float, turn: int) -> Matrix:
    """Of a sheet that is turned clockwise by right angles."""
    return {
        0: SAME,
        90: (0, 1, -1, 0, high, 0),
        180: (-1, 0, 0, -1, wide, high),
        270: (0, -1, 1, 0, 0, wide),
    }[turn % 360]


def _dotted(
    marks: list[Drawing],
) -> tuple[list[tuple[bool, Rule]], list[Drawing]]:
    """Rules that are drawn as rows of dots, each with whether it lies level; and the other marks."""
    rules: list[tuple[bool, Rule]] = []
    gone: set[int] = set()
    for level in (True, False):
        rows: dict[int, list[tuple[float, float, int]]] = {}
        for number, (x0, y0, x1, y1) in enumerate(marks):
            if max(x1 - x0, y1 - y0) <= _DOT:
                at, along = ((y0 + y1) / 2, (x0 + x1) / 2)[:: 1 if level else -1]
                rows.setdefault(round(at * 4), []).append((along, at, number))
        for row in rows.values():
            row.sort()
            start = 0
            for end in range(1, len(row) + 1):
                if end < len(row) and row[end][0] - row[end - 1][0] <= _DASH:
                    continue
                if end - start >= _DOTS:
                    rules.append((level, Rule(row[start][1], row[start][0], row[end - 1][0])))
                    gone.update(number for _, _, number in row[start:end])
                start = end
    return rules, [box for number, box in enumerate(marks) if number not in gone]


def _unsure_over(glyphs: list[Glyph], upright: list[Rule]) -> list[Glyph]:
    """Digits that go on over a rule without a gap: of which cell a figure is, is not known."""
    bases: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.text[-1].isdigit():
            bases.setdefault(round(glyph.base * 2), []).append(glyph)
    doubtful: set[int] = set()
    for row in bases.values():
        row.sort(key=lambda one: one.x0)
        for before, glyph in pairwise(row):
            if glyph.x0 - before.x1 < _TOUCH * glyph.size and any(
                before.center < rule.at < glyph.center
                and rule.start < glyph.middle < rule.end
                and not before.x1 <= rule.at <= glyph.x0
                for rule in upright
            ):
                doubtful |= {id(before), id(glyph)}
    return [replace(g, text=BREAK + g.text) if id(g) in doubtful else g for g in glyphs]


def _is_dash(box: Drawing, rules: tuple[list[Rule], list[Rule]]) -> bool:
    """Whether a line is as short as a minus or a point, and no part of a longer one."""
    x0, y0, x1, y1 = box
    if max(x1 - x0, y1 - y0) > _LONG_DASH:
        return False
    return not any(
        rule.end - rule.start > _LONG_DASH and _meets(rule, box, level=level)
        for level, some in ((True, rules[0]), (False, rules[1]))
        for rule in some
    )


def _meets(rule: Rule, box: Drawing, *, level: bool) -> bool:
    x0, y0, x1, y1 = box if level else (box[1], box[0], box[3], box[2])
    return (
        y0 - _SAME <= rule.at <= y1 + _SAME and rule.start <= x1 + _SAME and x0 - _SAME <= rule.end
    )


def _beside(
    marks: list[Drawing],
    glyphs: list[Glyph],
    rules: tuple[list[Rule], list[Rule]],
) -> list[Glyph]:
    """Small things that are drawn where something may be read, as signs of what is no text.

    What strikes a glyph or stands right under one says nothing of its own; outside of tables only what is
    beside a figure counts, as a minus or a point does.
    """
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs if marks else ():
        for row in range(int(glyph.y0 // _ROW) - 1, int(glyph.y1 // _ROW) + 2):
            rows.setdefault(row, []).append(glyph)
    ruled = bool(rules[0] and rules[1])
    found: list[Glyph] = []
    for x0, y0, x1, y1 in marks:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        near = rows.get(int(y // _ROW), ())
        if any(_is_at(g, x0, x1) and g.y0 <= y <= g.y1 + 0.35 * g.size for g in near):
            continue
        figure = any(
            g.text[-1].isdigit()
            and g.y0 - 0.3 * g.size <= y <= g.base + 0.1 * g.size
            and -1.2 * g.size < x - g.center < 1.2 * g.size
            for g in near
        )
        if figure or (ruled and x1 - x0 + y1 - y0 > 1):
            size = near[0].size if near else 8.0
            found.append(Glyph(SIGN, x0, y0, x1, y1, y + 0.35 * size, size, drawn=not figure))
    return found


def _is_at(glyph: Glyph, x0: float, x1: float) -> bool:
    """Whether what goes from `x0` to `x1` lies over or under a glyph."""
    both = min(x1, glyph.x1) - max(x0, glyph.x0)
    return both > 0.5 * min(x1 - x0, glyph.x1 - glyph.x0) or glyph.x0 <= (x0 + x1) / 2 <= glyph.x1


@dataclass(frozen=True, slots=True)
class _Character:
    """What pdfium says of a character; boxes are of the contents of the page, the size as printed, the angle in degrees."""

    number: int
    sign: str
    spaced: bool
    box: Drawing
    tall: Drawing
    origin: tuple[float, float]
    size: float
    angle: float
    mirrored: bool


def _characters(text: Any) -> Iterator[_Character]:
    from pypdfium2 import raw

    count = text.count_chars()
    if count > MOST_CHARACTERS:
        raise RefusedError("characters", MOST_CHARACTERS)
    left, right, low, top, x, y = (ctypes.c_double() for _ in range(6))
    loose, way, spaced = raw.FS_RECTF(), raw.FS_MATRIX(), False
    for number in range(count):
        code = raw.FPDFText_GetUnicode(text, number)
        unknown = code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000
        if unknown or raw.FPDFText_IsGenerated(text, number) == 1:
            continue
        if chr(code).isspace():
            spaced = True
            continue
        raw.FPDFText_GetCharBox(text, number, left, right, low, top)
        raw.FPDFText_GetLooseCharBox(text, number, loose)
        raw.FPDFText_GetCharOrigin(text, number, x, y)
        raw.FPDFText_GetMatrix(text, number, way)
        yield _Character(
            number,
            chr(code),
            spaced,
            (left.value, low.value, right.value, top.value),
            (loose.left, loose.bottom, loose.right, loose.top),
            (x.value, y.value),
            raw.FPDFText_GetFontSize(text, number) * math.hypot(way.c, way.d),
            math.degrees(math.atan2(way.c, way.a)),
            way.a * way.d - way.b * way.c < 0,
        )
        spaced = False


def _glyphs(characters: Sequence[_Character], shown: Matrix, turn: int) -> Iterator[Glyph]:
    usual = Counter(one.mirrored for one in characters).most_common(1)
    for one in characters:
        x0, y0, x1, y1 = boxed(shown, *one.box)
        tall = boxed(shown, *one.tall)
        high = tall[3] - tall[1]  # of a dash it may be no more than its own
        size = one.size if one.size > 0.5 * high else high
        off = (one.angle - turn) % 360
        yield Glyph(
            one.sign,
            *(x0, y0, max(x1, x0), max(y1, y0)),
            moved(shown, *one.origin)[1],
            max(size, 0.1),
            spaced=one.spaced,
            number=one.number,
            turned=_SLANT <= off <= 360 - _SLANT or one.mirrored != usual[0][0],
            aslant=min(off % 90, 90 - off % 90) > _SLANT,
        )


def _once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Each glyph once: bold letters are often made by drawing them twice."""
    seen: dict[tuple[str, int], list[Glyph]] = {}
    for glyph in glyphs:
        bucket, limit = int(glyph.base // 4), 0.15 * glyph.size
        if not any(
            abs(other.x0 - glyph.x0) < limit and abs(other.base - glyph.base) < limit
            for near in (bucket - 1, bucket, bucket + 1)
            for other in seen.get((glyph.text, near), ())
        ):
            seen.setdefault((glyph.text, bucket), []).append(glyph)
            yield glyph
