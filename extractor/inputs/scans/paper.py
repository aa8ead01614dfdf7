"""A photographed or scanned page made straight: the way up, the tilt, its rules, and its ink without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from extractor.inputs.pdfpage import Rule
from extractor.inputs.scans.engine import Box, Image, engine

_SAMPLE = 900  # pixels of the longer side at which the tilt is measured
_MOST_TILT = 4.0  # degrees
_STEP = 0.1
_LONGEST_FIRST = 6  # lines by which the way up is told
_DARKER = 18  # than what is round it, for ink


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
        found: list[list[Rule]] = []
        for horizontal in (True, False):
            mask = self._long(horizontal=horizontal)
            found.append([])
            count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
            for x, y, w, h, _area in stats[1:count]:
                thick, long = (h, w) if horizontal else (w, h)
                if thick > self.scale * 6 or long < 4 * thick or _is_stroke((x, y, w, h), lines):
                    continue
                part = ink[max(y - 1, 0) : y + h + 1, max(x - 1, 0) : x + w + 1]
                part[mask[max(y - 1, 0) : y + h + 1, max(x - 1, 0) : x + w + 1] > 0] = 0
                at, start = (y + h / 2, x) if horizontal else (x + w / 2, y)
                k = self.scale
                found[-1].append(Rule(at / k, start / k, (start + long) / k))
        return found[0], found[1], ink

    def _long(self, *, horizontal: bool) -> Image:
        """Dark pixels in runs longer than most strokes of letters, gaps and tilts of a pixel mended."""
        length, gap = round(self.scale * 9), round(self.scale * 2) | 1
        along, mended, thicker = (
            ((1, length), (1, gap), (3, 1)) if horizontal else ((length, 1), (gap, 1), (1, 3))
        )
        thick = cv2.dilate(self.dark, np.ones(thicker, np.uint8))
        closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones(mended, np.uint8))
        return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(along, np.uint8))

    def crop(self, box: Box, zoom: float) -> Image:
        """A part of the page, as fine as it was given, `zoom` times as large."""
        x0, y0, x1, y1 = box
        size = max(1, round((x1 - x0) * zoom)), max(1, round((y1 - y0) * zoom))
        own = np.array([[1 / zoom, 0, x0], [0, 1 / zoom, y0], [0, 0, 1]])
        matrix = self.finer * self.back @ own
        return cv2.warpAffine(
            self.given, matrix, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip

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
    turned, back, lines = _upright(image)
    angle = _tilt(turned)
    if abs(angle) < _STEP / 2:
        return Paper(turned, scale, back, given, finer), lines
    high, wide = turned.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    image = cv2.warpAffine(
        turned, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    back = _after(cv2.invertAffineTransform(matrix), back)
    return Paper(image, scale, back, given, finer), engine().lines(image)


def _is_stroke(box: Sequence[int], lines: Sequence[Box]) -> bool:
    """Whether something long lies within a line of text."""
    x, y, w, h = box
    return any(
        x > x0 - 3 and x + w < x1 + 3 and y > y0 - 1 and y + h < y1 + 1 for x0, y0, x1, y1 in lines
    )


def _after(first: Image, second: Image) -> Image:
    whole = np.vstack([second, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]])
    return whole[:2]


def _upright(image: Image) -> tuple[Image, Image, list[Box]]:
    """The page turned by a right angle so that its text can be read, the way back, and its lines."""
    lines = engine().lines(image)
    turns = 0
    if _standing(lines) > 0:
        turns, lines = 1, engine().lines(np.rot90(image).copy())
    turned = np.rot90(image, turns).copy()
    longest = sorted(lines, key=lambda box: box[0] - box[2])[:_LONGEST_FIRST]
    crops = [turned[y0:y1, x0:x1] for x0, y0, x1, y1 in longest]
    if crops:
        as_is = sum(seen.score * len(seen.text) for seen in engine().read(crops))
        over = [np.rot90(crop, 2).copy() for crop in crops]
        if sum(seen.score * len(seen.text) for seen in engine().read(over)) > as_is * 1.2:
            turns += 2
            turned = np.rot90(image, turns).copy()
            lines = engine().lines(turned)
    return turned, _back(image, turns % 4), lines


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


__all__ = ["Paper", "straight"]
