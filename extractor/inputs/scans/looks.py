"""Figures recognised again, each by itself, and held against what was recognised on the whole page.

The second recognition cuts out the ink of a cell and not the line that the network found, takes it from the
finest picture, without the specks before and after it. Where the two differ, two more looks are taken: then
a figure that three of four read alike is given and said to be unsure, any other is not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from extractor.inputs.scans.engine import Box, Image, engine
from extractor.inputs.scans.paper import Paper

Sure = Literal["agreed", "unsure", "unread"]

_TALL = 0.45  # of the tallest, for a sign that is no point
_WIDE = 0.4  # of the tallest, for a dash
_LEAST = 0.2  # of the ink of the largest sign, for what is no speck and no point
_ROUND = str.maketrans("OoＯｏ〇○◯QDCcò", "0" * 12)
_DASHES = str.maketrans("–—−－一ー_", "-------")
_POINTS = str.maketrans("，。、．·•・'‘’`´", ",...........", "")
_LIKE = re.compile(r"[^\u2e80-\u9fff]{1,14}|[0-9][^\u2e80-\u9fff]{0,12}[件万元个条]{1,3}|.")
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
UNREAD = "\u25a1"  # what stands where something is printed that is not read


@dataclass(frozen=True, slots=True)
class Figure:
    """What a place with a figure says after all looks.

    Attributes:
        text: Of it; the sign for something unread where no recognition says anything.
        sure: Whether the recognitions agreed.
        box: Of its ink, in pixels of the page.
        looks: What each recognition said, for tests and for the curious.
    """

    text: str
    sure: Sure
    box: Box
    looks: tuple[str, ...]


def is_like_a_figure(text: str) -> bool:
    """Whether a line of text may be a figure or a mark, or was misread from one."""
    return _LIKE.fullmatch(text.replace(" ", "")) is not None


def plain(text: str) -> str:
    """A recognised figure in one spelling: digits that look alike, dashes, points, no spaces."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "").translate(_DASHES)
    round_ones = text.translate(_ROUND)
    text = round_ones if re.fullmatch(r"[-0-9.,·。]*", round_ones) else text
    return text.translate(_POINTS)


def look_again(paper: Paper, ink: Image, places: Sequence[tuple[Box, str]]) -> list[Figure | None]:
    """Recognise places again; None for one that holds nothing.

    Args:
        paper: The page.
        ink: Its ink without rules.
        places: Where to look, and what was recognised there; empty for nothing.
    """
    found: list[Figure | None] = [None] * len(places)
    cut = [(number, _Cut.of(ink, box)) for number, (box, _) in enumerate(places)]
    cuts = [(number, one) for number, one in cut if one is not None]
    second = engine().read([one.clean(paper, 2.0) for _, one in cuts], 64)
    open_ones = []
    for (number, one), seen in zip(cuts, second, strict=True):
        first = plain(places[number][1])
        again = plain(seen.text)
        less = _without_edges(first)
        if first == again or (again and less == _without_edges(again) and less in (first, again)):
            if again:
                text = first if first == again else less
                found[number] = Figure(text, "agreed", one.box, (first, again))
            else:
                found[number] = Figure(UNREAD, "unread", one.box, ("", ""))
        else:
            open_ones.append((number, one, first, again))
    for number, (box, text) in enumerate(places):
        if found[number] is None and text and number not in {n for n, _ in cuts}:
            found[number] = Figure(UNREAD, "unread", box, (plain(text),))
    third = engine().read([one.clean(paper, 3.0, blurred=True) for _, one, _, _ in open_ones], 96)
    fourth = engine().read([one.raw(paper, 2.0) for _, one, _, _ in open_ones], 320)
    for (number, one, first, again), three, four in zip(open_ones, third, fourth, strict=True):
        looks = (first, again, plain(three.text), plain(four.text))
        best, count = (
            Counter(_without_edges(look) for look in looks if look).most_common(1)[0]
            if any(looks)
            else ("", 0)
        )
        sure: Sure = "unsure" if count >= 3 and _FIGURE.fullmatch(best) else "unread"
        found[number] = Figure(best or UNREAD, sure, one.box, looks)
    return found


def confirmed(paper: Paper, figure: Figure) -> bool:
    """Whether a figure on which two recognitions agree is seen so once more, larger and in two more ways."""
    one = _Cut(figure.box, (), max(figure.box[3] - figure.box[1], 6))
    large = engine().read([one.clean(paper, 4.0), one.clean(paper, 3.0, blurred=True)], 128)
    return all(_without_edges(plain(seen.text)) == _without_edges(figure.text) for seen in large)


def _without_edges(text: str) -> str:
    return text.strip('.,:;~"*^!|') if any(sign.isdigit() for sign in text) else text


@dataclass(frozen=True, slots=True)
class _Cut:
    """The ink of a place: its box, the specks beside it, and the height of its signs."""

    box: Box
    specks: tuple[Box, ...]
    tall: int

    @classmethod
    def of(cls, ink: Image, box: Box) -> _Cut | None:
        """What is printed in a box; None for nothing but specks."""
        x0, y0, x1, y1 = box
        part = ink[y0:y1, x0:x1]
        if not part.size:
            return None
        count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        found = stats[1:count].tolist()
        most = max((area for *_, area in found), default=0)
        parts = [(x, y, w, h) for x, y, w, h, area in found if area >= _LEAST * most]
        rest = [(x, y, w, h) for x, y, w, h, area in found if area < _LEAST * most]
        tallest = max((h for _, _, w, h in parts), default=0)
        # a row that is only a dash is low: then it is as wide as a digit is tall
        widest = max((w for _, _, w, h in parts), default=0)
        size = max(tallest, round(0.8 * widest) if len(parts) < 4 else 0)
        if size < 5:
            return None
        large = [(x, y, w, h) for x, y, w, h in parts if h >= _TALL * size or w >= _WIDE * size]
        left = min(x for x, _, _, _ in large)
        right = max(x + w for x, _, w, _ in large)
        top = min(y for _, y, _, _ in large)
        bottom = max(y + h for _, y, _, h in large)
        specks = tuple(
            (x0 + x, y0 + y, x0 + x + w, y0 + y + h)
            for x, y, w, h in (*parts, *rest)
            if (x, y, w, h) not in large and not (x >= left and x + w <= right and y >= top)
        )
        return cls((x0 + left, y0 + top, x0 + right, y0 + bottom), specks, max(bottom - top, 6))

    def _around(self) -> Box:
        x0, y0, x1, y1 = self.box
        side, over = round(0.35 * self.tall) + 2, round(0.25 * self.tall) + 2
        return x0 - side, y0 - over, x1 + side, y1 + over

    def raw(self, paper: Paper, zoom: float) -> Image:
        """As it is printed."""
        return paper.crop(self._around(), zoom)

    def clean(self, paper: Paper, zoom: float, *, blurred: bool = False) -> Image:
        """Without the specks beside it, as dark on light as can be."""
        around = self._around()
        picture = paper.crop(around, zoom)
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        light = int(np.percentile(grey, 85))
        for x0, y0, x1, y1 in self.specks:
            part = (
                max(round((y0 - 1 - around[1]) * zoom), 0),
                max(round((y1 + 1 - around[1]) * zoom), 0),
                max(round((x0 - 1 - around[0]) * zoom), 0),
                max(round((x1 + 1 - around[0]) * zoom), 0),
            )
            grey[part[0] : part[1], part[2] : part[3]] = light
        if blurred:
            grey = cv2.GaussianBlur(grey, (0, 0), 0.45 * zoom)
        dark = int(np.percentile(grey, 3))
        spread = np.clip((grey.astype(np.float32) - dark) * (255 / max(light - dark, 40)), 0, 255)
        found: Image = cv2.cvtColor(spread.astype(np.uint8), cv2.COLOR_GRAY2RGB)
        return found
