"""A photographed or scanned page made straight: the way up, the tilt, its rules, and its ink without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from extractor.inputs.pdfglyph import Rule, joined
from extractor.inputs.scans.engine import Box, Image, engine

_SAMPLE = 900  # pixels of the longer side at which the tilt is measured
_MOST_TILT = 4.0  # degrees
_STEP = 0.1
_LONGEST_FIRST = 6  # lines by which the way up is told
_DARKER = 18  # than what is round it, for ink
_SHORTEST = 9.0  # points of a rule
_LONG = 60.0  # points from which no letter is taken for a rule
_DRAWN, _DASHED = 0.85, 0.5  # shares of a short and of a long rule that are ink
_MEET = 2.0  # points by which rules that meet may miss each other


@dataclass
class Paper:
    """A page that stands straight.

    Attributes:
        image: Its picture.
        scale: Pixels of a point.
        back: From its pixels to those of the page as it was given.
        given: The picture as it was given, which may be finer.
        finer: Pixels of that for one of `image`.
    """

    image: Image
    scale: float
    back: Image
    given: Image
    finer: float

    @cached_property
    def dark(self) -> Image:
        """255 where there is ink: darker than the paper round it."""
        grey = cv2.cvtColor(self.image, cv2.COLOR_RGB2GRAY)
        size = max(15, round(self.scale * 14) | 1)
        return cv2.adaptiveThreshold(
            grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, _DARKER
        )

    def rules(self, lines: Sequence[Box]) -> tuple[list[Rule], list[Rule], Image]:
        """Rules that lie and rules that stand, in points, and the ink without them.

        Args:
            lines: Of text; what lies within one is a stroke of a letter.
        """
        ink = self.dark.copy()
        level = self._rules(horizontal=True, lines=lines)
        upright = self._rules(horizontal=False, lines=())
        level, upright = _meeting(joined(level), joined(upright))
        k, side = self.scale, round(self.scale * 2.5)
        for horizontal, rules in ((True, level), (False, upright)):
            grown = np.ones((3, 3), np.uint8)
            mask = cv2.dilate(self._long(horizontal=horizontal), grown) > 0
            for rule in rules:
                at, start, end = (round(one * k) for one in (rule.at, rule.start, rule.end))
                low, start = max(at - side, 0), max(start, 0)
                along, across = slice(start, end), slice(low, at + side + 1)
                part = (across, along) if horizontal else (along, across)
                ink[part][mask[part]] = 0
        return level, [*upright, *self._overlooked(ink)], ink

    def _overlooked(self, ink: Image) -> list[Rule]:
        """Upright lines that are left in the ink, taller than any letter; they are taken out of it."""
        found = []
        count, marks, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        for number in range(1, count):
            x, y, w, h = (int(one) for one in stats[number][:4])
            if h > 12 * self.scale and w < 3 * self.scale and h > 8 * w:
                ink[y : y + h, x : x + w][marks[y : y + h, x : x + w] == number] = 0
                k = self.scale
                found.append(Rule((x + w / 2) / k, y / k - _MEET, (y + h) / k + _MEET))
        return found

    def _rules(self, *, horizontal: bool, lines: Sequence[Box]) -> list[Rule]:
        """Long runs of ink; none of those that lie through the middle of a line of text."""
        mask = self._long(horizontal=horizontal)
        for x0, y0, x1, y1 in lines:
            inner = (y1 - y0) // 7
            mask[y0 + inner : y1 - inner, x0:x1] = 0
        k, found = self.scale, []
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for x, y, w, h in stats[1:count, :4].tolist():
            dark = self.dark[y : y + h, x : x + w] > 0
            lying = dark if horizontal else dark.T
            long, first, low = (w, x, y) if horizontal else (h, y, x)
            if long < _SHORTEST * k:
                continue
            filled = lying.mean(axis=1)
            for start, end in _runs(filled >= 0.6 * filled.max()):
                near = lying[max(start - 1, 0) : end + 1].any(axis=0).mean()
                if end - start > 5 * k or near < (_DRAWN if long < _LONG * k else _DASHED):
                    continue  # a stamp, a picture, the tops of letters in a row
                at = low + (start + end) / 2
                found.append(Rule(at / k, first / k, (first + long) / k))
        return found

    def _long(self, *, horizontal: bool) -> Image:
        """Dark pixels in runs longer than most strokes of letters, gaps and tilts of a pixel mended."""
        length, gap = round(self.scale * _SHORTEST), round(self.scale * 2) | 1
        along, mended, thicker = (
            ((1, length), (1, gap), (3, 1)) if horizontal else ((length, 1), (gap, 1), (1, 3))
        )
        thick = cv2.dilate(self.dark, np.ones(thicker, np.uint8))
        closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones(mended, np.uint8))
        opened: Image = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        return opened

    def crop(self, box: Box, zoom: float) -> Image:
        """A part of the page, as fine as it was given, `zoom` times as large."""
        x0, y0, x1, y1 = box
        size = max(1, round((x1 - x0) * zoom)), max(1, round((y1 - y0) * zoom))
        own = np.array([[1 / zoom, 0, x0], [0, 1 / zoom, y0], [0, 0, 1]])
        matrix = self.finer * self.back @ own
        found: Image = cv2.warpAffine(
            self.given,
            matrix,
            size,
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return found

    def box_of(self, box: Sequence[float]) -> tuple[float, float, float, float]:
        """A box in points of the straight page, in points of the page as it was given."""
        x0, y0, x1, y1 = (one * self.scale for one in box)
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ self.back.T
        low, high = corners.min(axis=0) / self.scale, corners.max(axis=0) / self.scale
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def straight(given: Image, finer: float, scale: float) -> tuple[Paper, list[Box]]:
    """The page upright and without tilt, and the lines of text that were found on it.

    Args:
        given: The page.
        finer: Its pixels for one of those at which it is read.
        scale: The latter's pixels of a point.
    """
    high, wide = given.shape[:2]
    size = round(wide / finer), round(high / finer)
    image = cv2.resize(given, size, interpolation=cv2.INTER_AREA if finer > 1 else cv2.INTER_CUBIC)
    turned, back = _upright(image)
    angle = _tilt(turned)
    if abs(angle) >= _STEP / 2:
        high, wide = turned.shape[:2]
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
        turned = cv2.warpAffine(
            turned, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        back = _after(cv2.invertAffineTransform(matrix), back)
    return Paper(turned, scale, back, given, finer), engine().lines(turned)


def _runs(marked: Image) -> list[tuple[int, int]]:
    """Where neighbours are marked: from the first to behind the last of each run."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in steps.reshape(-1, 2)]


def _meeting(level: list[Rule], upright: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Rules from one that they meet to another, and long ones: what is left are strokes of letters."""

    def kept(rules: list[Rule], others: list[Rule]) -> list[Rule]:
        found = []
        for rule in rules:
            met = [
                one.at
                for one in others
                if one.start - _MEET < rule.at < one.end + _MEET
                and rule.start - _MEET < one.at < rule.end + _MEET
            ]
            if rule.end - rule.start > _LONG:
                found.append(rule)
            elif met and max(met) - min(met) > _SHORTEST / 2:
                found.append(Rule(rule.at, min(met), max(met)))  # less what it has of letters
        return found

    before = -1
    while before != len(level) + len(upright):
        before = len(level) + len(upright)
        level, upright = kept(level, upright), kept(upright, level)
    return level, upright


def _after(first: Image, second: Image) -> Image:
    whole: Image = np.vstack([second, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]])
    return whole[:2]


def _upright(image: Image) -> tuple[Image, Image]:
    """The page turned by a right angle so that its text can be read, and the way back."""
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lines = engine().lines(small)
    turns = 0
    if _standing(lines) > 0:
        turns, lines = 1, engine().lines(np.rot90(small).copy())
    turned = np.rot90(image, turns).copy()
    longest = sorted(lines, key=lambda box: box[0] - box[2])[:_LONGEST_FIRST]
    crops = [turned[2 * y0 : 2 * y1, 2 * x0 : 2 * x1] for x0, y0, x1, y1 in longest]
    over = [np.rot90(crop, 2).copy() for crop in crops]
    rated = [seen.score * len(seen.text) for seen in engine().read([*crops, *over])]
    if sum(rated[len(crops) :]) > 1.2 * sum(rated[: len(crops)]):
        turns += 2
        turned = np.rot90(image, turns).copy()
    return turned, _back(image, turns % 4)


def _standing(lines: Sequence[Box]) -> float:
    """Above 0 when most text runs up or down."""
    return sum(
        (y1 - y0) ** 2 - (x1 - x0) ** 2
        for x0, y0, x1, y1 in lines
        if max(y1 - y0, x1 - x0) > 2.5 * min(y1 - y0, x1 - x0)
    )


def _back(image: Image, turns: int) -> Image:
    """From pixels of a page turned counterclockwise by right angles to those before."""
    high, wide = image.shape[:2]
    return np.array(
        {
            0: [[1, 0, 0], [0, 1, 0]],
            1: [[0, -1, wide], [1, 0, 0]],
            2: [[-1, 0, wide], [0, -1, high]],
            3: [[0, 1, 0], [-1, 0, high]],
        }[turns],
        np.float64,
    )


def _tilt(image: Image) -> float:
    """By how many degrees the page is to be turned, counterclockwise, for its lines to lie level."""
    small = _SAMPLE / max(image.shape[:2])
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    high, wide = dark.shape
    rows, columns = np.nonzero(dark)
    if not len(rows):
        return 0.0
    best, angle = -1.0, 0.0
    for step in range(-round(_MOST_TILT / _STEP), round(_MOST_TILT / _STEP) + 1):
        slope = math.tan(math.radians(step * _STEP))
        shifted = np.round(rows - (columns - wide / 2) * slope).astype(int)
        counts = np.bincount(np.clip(shifted, 0, high - 1), minlength=high).astype(float)
        sharp = float((np.diff(counts) ** 2).sum())
        if sharp > best:
            best, angle = sharp, step * _STEP
    return angle
