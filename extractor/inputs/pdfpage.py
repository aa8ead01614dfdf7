"""Pages of a PDF as glyphs with boxes and as ruled lines, in points from the top left of the page as shown."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from extractor.inputs.limits import MOST_CHARACTERS, RefusedError
from extractor.inputs.pdfdrawn import drawn
from extractor.inputs.pdfseen import seen
from extractor.inputs.written import SIGN
from verify.document.model import Box
from verify.document.signs import BREAK

_THIN = 3.0  # a filled box not thicker is a line
_SHORT = 4.0  # a line not longer is a part of a picture or a dash
_DASH = 5.0  # gaps that a dashed line may have
_SAME = 1.5  # lines not farther apart are one
_FEW = 20  # glyphs of a page that is a picture with a page number
_DOT = 3.0  # a dot of a dotted rule is not larger
_DOTS = 12
_TOUCH = 0.3  # of the size of digits, for a gap within a figure
_LONG_DASH = 12.0
_ROW = 8.0
_MANY = 60  # marks of a page whose letters are drawn and not written
_SAMPLE = 2_000  # characters by which the way up is told


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box; `middle` is the height on which it counts for a row, `base` its base line.

    `drawn` is something small that is no letter and stands beside no figure: it counts in tables alone.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    struck: bool = False
    drawn: bool = False
    spaced: bool = False  # a space stands before it

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
        left, bottom, right, top = page.get_bbox()  # as pages inherit it
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
    shown = Turned(page, _turn_of(page))
    found = drawn(document, page, shown)
    width, height = page.get_size()
    as_shown = Turned(page, page.get_rotation())
    if (shown.turn - as_shown.turn) % 180:
        width, height = height, width

    def as_seen(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return as_shown.box(*shown.back(box[0], box[1]), *shown.back(box[2], box[3]))

    def way(box: Box) -> Box:
        return Box(box.page, *as_seen((box.x0, box.y0, box.x1, box.y1)))

    every = list(_once(_glyphs(page, shown)))
    dots, marks = _dotted(found.marks)
    small, found.lines = _dotted(found.lines)
    dots += small
    lines = found.lines
    level = [Rule((b + d) / 2, a, c) for a, b, c, d in lines if c - a > d - b <= _THIN]
    upright = [Rule((a + c) / 2, b, d) for a, b, c, d in lines if c - a <= min(_THIN, d - b)]
    level += [rule for way, rule in dots if way]
    upright += [rule for way, rule in dots if not way]
    few = len(every) < _FEW
    picture = found.under or (few and len(marks) > _MANY)
    picture = picture or (found.pictures > 0 and (few or len(found.invisible) > len(every) / 20))
    rules = joined(level), joined(upright)
    glyphs, aside = [glyph for _, glyph in every], ""
    if not picture:
        glyphs, aside, over = seen(page, every, found, level, as_seen, lambda box: shown.box(*box))
        glyphs = _unsure_over(glyphs, rules[1])
        picture = bool(found.pictures) and len(glyphs) < _FEW
        marks = [*over, *marks, *(box for box in found.lines if _is_dash(box, rules))]
        glyphs += _beside(marks, glyphs, rules)
    turned = way if shown.turn != as_shown.turn else None
    return Page(number, width, height, glyphs, *rules, picture, turned, aside)


def _dotted(
    marks: list[tuple[float, float, float, float]],
) -> tuple[list[tuple[bool, Rule]], list[tuple[float, float, float, float]]]:
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


def _is_dash(box: tuple[float, float, float, float], rules: tuple[list[Rule], list[Rule]]) -> bool:
    """Whether a line is as short as a minus or a point, and no part of a longer one."""
    x0, y0, x1, y1 = box
    if max(x1 - x0, y1 - y0) > _LONG_DASH:
        return False
    return not any(
        rule.end - rule.start > _LONG_DASH and _meets(rule, box, level=level)
        for level, some in ((True, rules[0]), (False, rules[1]))
        for rule in some
    )


def _meets(rule: Rule, box: tuple[float, float, float, float], *, level: bool) -> bool:
    x0, y0, x1, y1 = box if level else (box[1], box[0], box[3], box[2])
    return (
        y0 - _SAME <= rule.at <= y1 + _SAME and rule.start <= x1 + _SAME and x0 - _SAME <= rule.end
    )


def _beside(
    marks: list[tuple[float, float, float, float]],
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
    loose, spaced = raw.FS_RECTF(), False
    for number in range(count):
        code = raw.FPDFText_GetUnicode(text, number)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
            continue
        sign = chr(code)
        if raw.FPDFText_IsGenerated(text, number) == 1:
            continue
        if sign.isspace():
            spaced = True
            continue
        raw.FPDFText_GetCharBox(text, number, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(text, number, loose)
        raw.FPDFText_GetCharOrigin(text, number, x, y)
        x0, y0, x1, y1 = shown.box(left.value, bottom.value, right.value, top.value)
        tall = shown.box(loose.left, loose.bottom, loose.right, loose.top)
        base = shown.point(x.value, y.value)[1]
        size = max(raw.FPDFText_GetFontSize(text, number), 0.1)
        size = size if 0.5 < size / max(tall[3] - tall[1], 0.1) < 1.5 else tall[3] - tall[1]
        box = x0, y0, max(x1, x0), max(y1, y0)
        yield number, Glyph(sign, *box, base, max(size, 0.1), spaced=spaced)
        spaced = False


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
