"""Pages of reports as scanners and telephones give them: drawn at some resolution, then tilted, noisy, compressed."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.inputs_documents import Box, Grid, Report, placed

WIDE, HIGH = 595, 842  # points of a page
LEFT, RIGHT, TOP, BOTTOM = 55, 540, 60, 780


def font_file() -> str:
    """A font with Chinese characters."""
    import cvttf_NotoSansCJK_Regular as font

    return str(font.__path__[0]) + "/NotoSansCJKtc-Regular.otf"


class _Pen:
    """Draws on pages from top to bottom."""

    def __init__(self, dpi: int, font: str, size: float, rules: bool) -> None:
        self.scale, self.rules = dpi / 72, rules
        self.body = ImageFont.truetype(font, round(size * 1.3 * self.scale))
        self.small = ImageFont.truetype(font, round(size * self.scale))
        self.size = size
        self.pages: list[Image.Image] = []
        self.new()

    def new(self) -> None:
        shape = round(WIDE * self.scale), round(HIGH * self.scale)
        self.pages.append(Image.new("RGB", shape, (255, 255, 255)))
        self.draw = ImageDraw.Draw(self.pages[-1])
        self.y: float = TOP

    def _wrapped(self, text: str, font: Any, width: float) -> list[str]:
        lines, line = [], ""
        for sign in text:
            if font.getlength(line + sign) > width * self.scale and line:
                lines.append(line)
                line = ""
            line += sign
        return [*lines, line]

    def paragraph(self, text: str) -> None:
        for line in self._wrapped(text, self.body, RIGHT - LEFT):
            if self.y > BOTTOM - 20:
                self.new()
            self.draw.text((LEFT * self.scale, self.y * self.scale), line, (0, 0, 0), self.body)
            self.y += self.size * 2
        self.y += 4

    def table(self, grid: Grid) -> None:
        cells = placed(grid)
        wide = max(c + b.columns for _, c, b in cells)
        widths = [40.0, 60.0, 130.0, *[36.4] * 7] if wide == 10 else [(RIGHT - LEFT) / wide] * wide
        xs = [LEFT + sum(widths[:i]) for i in range(wide + 1)]
        heights = [self.size + 9.0] * len(grid)
        for row, column, box in cells:
            lines = len(
                self._wrapped(box.text, self.small, xs[column + box.columns] - xs[column] - 4)
            )
            need = lines * (self.size + 3) + 6
            if box.rows == 1:
                heights[row] = max(heights[row], need)
        start = 0
        while start < len(grid):
            end, y = start, self.y
            while end < len(grid) and y + heights[end] < BOTTOM:
                y += heights[end]
                end += 1
            if end == start:
                self.new()
                continue
            self._part(cells, xs, heights, start, end)
            if end < len(grid):
                self.new()
            start = end
        self.y += 10

    def _part(
        self,
        cells: list[tuple[int, int, Box]],
        xs: list[float],
        heights: list[float],
        start: int,
        end: int,
    ) -> None:
        ys = [self.y + sum(heights[start : start + i]) for i in range(end - start + 1)]
        for row, column, box in cells:
            first, last = max(row, start), min(row + box.rows, end)
            if first >= last:
                continue
            x0, x1 = xs[column], xs[column + box.columns]
            y0, y1 = ys[first - start], ys[last - start]
            k = self.scale
            if self.rules:
                width = max(1, round(0.6 * k))
                self.draw.rectangle(
                    (x0 * k, y0 * k, x1 * k, y1 * k), outline=(0, 0, 0), width=width
                )
            if first != row:
                continue
            lines = self._wrapped(box.text, self.small, x1 - x0 - 4)
            y = (y0 + y1) / 2 - len(lines) * (self.size + 3) / 2
            for line in lines:
                x = (x0 + x1) / 2 - self.small.getlength(line) / k / 2
                self.draw.text((x * k, y * k), line, (0, 0, 0), self.small)
                y += self.size + 3
        self.y = ys[-1]


def drawn(
    made: Report, dpi: int, font: str | None = None, size: float = 9, rules: bool = True
) -> list[Image.Image]:
    """The clean pages of a report."""
    pen = _Pen(dpi, font or font_file(), size, rules)
    for block in made.blocks:
        pen.paragraph(block) if isinstance(block, str) else pen.table(block)
    return pen.pages


def worn(
    page: Image.Image,
    seed: int,
    *,
    tilt: float = 0,
    noise: float = 0,
    specks: float = 0,
    quality: int = 0,
    pale: float = 0,
) -> Image.Image:
    """A page as it comes out of a scanner.

    Args:
        tilt: In degrees.
        noise: Deviation of brightness, of 255.
        specks: Share of pixels that are black or white.
        quality: Of JPEG, 0 for none.
        pale: How far ink is from black, 0 to 1.
    """
    rng = np.random.default_rng(seed)
    if tilt:
        page = page.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    data = np.asarray(page).astype(np.float32)
    data = 255 - (255 - data) * (1 - pale)
    if noise:
        data = data - noise + rng.normal(0, noise, data.shape[:2])[..., None].astype(np.float32)
    if specks:
        hit = rng.random(data.shape[:2])
        data[hit < specks / 2] = 40
        data[hit > 1 - specks / 2] = 255
    page = Image.fromarray(np.clip(data, 0, 255).astype(np.uint8))
    if quality:
        out = io.BytesIO()
        page.save(out, "JPEG", quality=quality)
        page = Image.open(io.BytesIO(out.getvalue()))
        page.load()
    return page


def as_scan(pages: list[Image.Image], dpi: int) -> bytes:
    """A PDF whose pages are pictures."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=90)
    return out.getvalue()


def scanned(seed: int, made: Report, dpi: int = 200) -> list[Image.Image]:
    """The pages of a report in one of many states, by seed."""
    rng = Random(seed)
    pages = drawn(made, dpi, size=rng.choice((8, 9, 10.5)))
    return [
        worn(
            page,
            seed,
            tilt=rng.uniform(-2, 2),
            noise=rng.choice((0, 6, 12)),
            specks=rng.choice((0, 0.0005, 0.002)),
            quality=rng.choice((0, 40, 75)),
            pale=rng.choice((0, 0.3)),
        )
        for page in pages
    ]
