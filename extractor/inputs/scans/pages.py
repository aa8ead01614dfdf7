"""A picture of a page as a page of a PDF with text: glyphs with boxes, rules, and where it is not sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.inputs.pdfglyph import Glyph, Rule
from extractor.inputs.pdfgrid import RuledTable, tables_of
from extractor.inputs.pdfpage import Page
from extractor.inputs.scans.engine import Box, Image, Seen, engine
from extractor.inputs.scans.looks import Figure, is_like_a_figure, look_again
from extractor.inputs.scans.paper import Paper, straight
from verify.document.model import Box as Place

_READ_AT = 200 / 72  # pixels of a point at which text is found
_INSET = 1.2  # points of a cell's edge that are the rule's


@dataclass(frozen=True, slots=True)
class Scanned:
    """A page that was recognised.

    Attributes:
        page: As it stands straight.
        paper: The way from its boxes to those of the page as it was given.
        figures: Every figure with all looks at it.
    """

    page: Page
    paper: Paper
    figures: tuple[Figure, ...]


def page_of(given: Image, scale: float, number: int) -> Scanned:
    """The page in a picture.

    Args:
        given: The picture, in red, green and blue.
        scale: Its pixels of a point.
        number: Of the page.
    """
    paper, boxes = straight(given, scale / _READ_AT, _READ_AT)
    level, upright, ink = paper.rules(boxes)
    high, wide = paper.image.shape[:2]
    k = paper.scale

    def way(box: Place) -> Place:
        return Place(box.page, *paper.box_of((box.x0, box.y0, box.x1, box.y1)))

    page = Page(number, wide / k, high / k, [], level, upright, picture=True, as_shown=way)
    tables = tables_of(page, empty=True)[0]
    boxes = list(_cut_at_rules(boxes, upright, k))
    seen = engine().read([paper.image[y0:y1, x0:x1] for x0, y0, x1, y1 in boxes], 96)
    lines = [(box, one) for box, one in zip(boxes, seen, strict=True) if one.text.strip()]
    lines, places = _figures(paper, tables, lines)
    figures = [one for one in look_again(paper, ink, places) if one is not None]
    glyphs = [glyph for box, one in lines for glyph in _glyphs(box, one, k)]
    glyphs += [glyph for one in figures for glyph in _spread(one, k)]
    return Scanned(replace(page, glyphs=glyphs), paper, tuple(figures))


def _cut_at_rules(boxes: Sequence[Box], upright: Sequence[Rule], k: float) -> Iterator[Box]:
    """Lines of text, cut where a rule stands through them: the network joins what stands close."""
    for x0, y0, x1, y1 in boxes:
        middle = (y0 + y1) / 2 / k
        through = sorted(
            round(rule.at * k)
            for rule in upright
            if rule.start < middle < rule.end and x0 + 4 < rule.at * k < x1 - 4
        )
        edges = [x0, *through, x1]
        for left, right in pairwise(edges):
            if right - left > 5:
                yield (
                    left + (2 if left in through else 0),
                    y0,
                    right - (2 if right in through else 0),
                    y1,
                )


def _figures(
    paper: Paper, tables: Sequence[RuledTable], lines: list[tuple[Box, Seen]]
) -> tuple[list[tuple[Box, Seen]], list[tuple[Box, str]]]:
    """Lines that are words, and places where figures stand or something that was not found at all."""
    k = paper.scale
    held: dict[int, list[tuple[Box, Seen]]] = {}
    words: list[tuple[Box, Seen]] = []
    places: list[tuple[Box, str]] = []
    for box, seen in lines:
        x, y = (box[0] + box[2]) / 2 / k, (box[1] + box[3]) / 2 / k
        cell = next(filter(None, (table.at(x, y) for table in tables)), None)
        if cell is not None:
            held.setdefault(id(cell), []).append((box, seen))
        elif is_like_a_figure(seen.text) and any(sign.isdigit() for sign in seen.text):
            places.append((box, seen.text))
        else:
            words.append((box, seen))
    for cell in (cell for table in tables for cell in table.cells):
        found = held.get(id(cell), [])
        tops, ends = [box[1] for box, _ in found], [box[3] for box, _ in found]
        level = max(tops, default=0) < min(ends, default=1)
        if level and all(is_like_a_figure(seen.text) for _, seen in found):
            x0, y0, x1, y1 = cell.box
            edges = (x0 + _INSET, y0 + _INSET, x1 - _INSET, y1 - _INSET)
            left, top, right, low = (round(edge * k) for edge in edges)
            found.sort(key=lambda one: one[0][0])
            places.append(((left, top, right, low), "".join(seen.text for _, seen in found)))
        else:
            words += found
    return words, places


def _glyphs(box: Box, seen: Seen, k: float) -> Iterator[Glyph]:
    """The signs of a line, where the network saw them."""
    x0, y0, x1, y1 = box
    edge = (y1 - y0) * 0.15  # by which the network draws its boxes too large
    top, bottom = y0 + edge, y1 - edge
    size = max(bottom - top, 6) / k
    wide = (x1 - x0) / k
    for sign, place in zip(seen.text, seen.places, strict=True):
        if not sign.isspace():
            middle = x0 / k + place * wide
            half = (0.45 if sign >= "\u2e80" else 0.25) * size
            yield Glyph(sign, middle - half, top / k, middle + half, bottom / k, bottom / k, size)


def _spread(figure: Figure, k: float) -> Iterator[Glyph]:
    """The signs of a figure over its ink."""
    x0, y0, x1, y1 = (value / k for value in figure.box)
    step = (x1 - x0) / len(figure.text)
    size = max(y1 - y0, step, 4.0)
    middle = (y0 + y1) / 2
    for number, sign in enumerate(figure.text):
        left = x0 + number * step
        yield Glyph(sign, left, y0, left + step, y1, middle + 0.35 * size, size)
