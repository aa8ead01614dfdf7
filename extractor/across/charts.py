"""Plots as inline SVG. Only bars are drawn; words and figures stand beside them as text of the page.

So a plot can be as narrow as a telephone and its words stay as large as those of the page. Every
bar has its figures as a title, and the text beside it says them as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from extractor.render._text import html

WIDTH = 1000
"""Units of a full bar; the page stretches them to whatever room there is."""
_THINNEST = 4
"""A part that is there is seen."""


def bar(parts: Sequence[tuple[str, int, str]], whole: int, label: str) -> str:
    """A stacked bar.

    Args:
        parts: Class, size and title of each part, from the left.
        whole: The size of a bar over the full width.
        label: What it says, for those who cannot see it.
    """
    drawn = []
    at = 0
    for (class_, _, title), width in zip(parts, widths(parts, whole), strict=True):
        if width:
            drawn.append(
                f'<rect class="{class_}" x="{at}" width="{width}" height="10">'
                f"<title>{html(title)}</title></rect>"
            )
            at += width
    return Markup(  # noqa: S704 - every text in it was escaped
        f'<svg class="bar" viewBox="0 0 {WIDTH} 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{html(label)}">{"".join(drawn)}</svg>'
    )


def widths(parts: Sequence[tuple[str, int, str]], whole: int) -> list[int]:
    """Units of each part: in proportion, none that is there invisible, together never too wide."""
    sizes = [size for _, size, _ in parts]
    found = [max(_THINNEST, round(WIDTH * size / whole)) if size else 0 for size in sizes]
    over = sum(found) - WIDTH
    if over > 0:  # what thin parts were given is taken from the widest
        found[found.index(max(found))] -= over
    return found


def shade(size: int, most: int, title: str) -> str:
    """A square that is the darker the more it stands for."""
    step = 0 if not size else 1 + (5 * size - 1) // most if most else 0
    return Markup(  # noqa: S704 - every text in it was escaped
        f'<svg class="shade" viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="s{min(step, 5)}" width="10" height="10"><title>{html(title)}</title></rect></svg>'
    )
