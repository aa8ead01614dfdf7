"""The plot of the token benchmark as SVG, written by hand: one line a report, two points on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 920, 580
TOP, BOTTOM = 132, 92
PANELS = ((28, 396), (500, 384))
"""Left edge and width of each panel."""
STRAIGHT, OURS, GOAL = "#b4521a", "#1f5fa8", "#8a8a8a"
INK, SOFT, GRID, EDGE = "#1f2328", "#57606a", "#e4e7eb", "#d0d7de"
FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

NOTES = (
    "Straightforward: one pydantic model for both official forms, in the cheaper mode of instructor. Reports in order of its total.",
    "Scripted right answers to both designs through the same server; tokens of DeepSeek. benchmarks/tokens.py",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of one report by both designs.

    Attributes:
        output_straight: Output of the straightforward design.
        output_ours: Output of ours.
        sum_straight: Input and output of the straightforward design.
        sum_ours: Input and output of ours.
    """

    output_straight: int
    output_ours: int
    sum_straight: int
    sum_ours: int


def draw(pairs: Sequence[Pair]) -> str:
    """The whole picture."""
    ordered = sorted(pairs, key=lambda pair: pair.sum_straight)
    panels = (
        ("Output tokens", 10, [(p.output_straight, p.output_ours) for p in ordered]),
        (
            "Input + output tokens, schema included",
            3,
            [(p.sum_straight, p.sum_ours) for p in ordered],
        ),
    )
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    inset = f'x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {size} role="img">',
        f'<g font-family="{FONT}">',
        f"<title>Tokens for {len(pairs)} reports by two designs</title>",
        f'<rect {inset} rx="10" fill="#ffffff" stroke="{EDGE}"/>',
        _text(
            28,
            38,
            f"Tokens that a model reads and writes for each of {len(pairs)} reports",
            18,
            INK,
            "600",
        ),
        *_legend(),
    ]
    for (left, width), (title, goal, points) in zip(PANELS, panels, strict=True):
        lines += _panel(left, width, title, goal, points)
    lines += [
        _text(28, HEIGHT - 18 * (len(NOTES) - at) + 2, note, 12, SOFT)
        for at, note in enumerate(NOTES)
    ]
    return "\n".join([*lines, "</g></svg>"]) + "\n"


def _legend() -> Iterator[str]:
    y = 64
    yield _dot(32, y - 4, STRAIGHT)
    yield _text(43, y, "straightforward: whole text in, a number a cell out", 13, INK)
    yield _dot(402, y - 4, OURS)
    yield _text(413, y, "Gouji: tables in, row marks out", 13, INK)
    yield f'<path d="M652 {y - 10}v12" stroke="{GOAL}" stroke-width="2"/>'
    yield _text(661, y, "goal: 1/10 left, 1/3 right", 13, INK)


def _panel(
    left: int, width: int, title: str, goal: int, points: Sequence[tuple[int, int]]
) -> Iterator[str]:
    step, end = _scale(max(max(pair) for pair in points))
    floor = HEIGHT - BOTTOM

    def across(tokens: float) -> float:
        return round(left + width * tokens / end, 1)

    theirs, own = sum(a for a, _ in points), sum(b for _, b in points)
    yield _text(left, TOP - 30, title, 14, INK, "600")
    yield _text(
        left, TOP - 12, f"in all {own:,} against {theirs:,}: 1/{theirs / own:.1f}", 13, SOFT
    )
    for tick in range(0, end + 1, step):
        x = across(tick)
        yield f'<path d="M{x} {TOP}V{floor}" stroke="{GRID}"/>'
        yield _text(x, floor + 18, f"{tick:,}", 12, SOFT, anchor="middle")
    yield _text(left + width / 2, floor + 36, "tokens per report", 12, SOFT, anchor="middle")
    for index, (straight, ours) in enumerate(points):
        y = round(TOP + (floor - TOP) * (index + 0.5) / len(points), 1)
        yield f'<path d="M{across(ours)} {y}H{across(straight)}" stroke="{EDGE}"/>'
        yield f'<path d="M{across(straight / goal)} {y - 3}v6" stroke="{GOAL}" stroke-width="1.6"/>'
        yield _dot(across(straight), y, STRAIGHT)
        yield _dot(across(ours), y, OURS)


def _scale(largest: int) -> tuple[int, int]:
    """Distance of ticks and end of an axis from zero."""
    step = next(s for s in _steps() if largest <= 6 * s)
    return step, step * -(-largest // step)


def _steps() -> Iterator[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="3.2" fill="{colour}"/>'


def _text(
    x: float,
    y: float,
    words: str,
    size: int,
    colour: str,
    weight: str = "400",
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}"'
        f' text-anchor="{anchor}">{words}</text>'
    )
