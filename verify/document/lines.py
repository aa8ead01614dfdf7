"""Line ends that a text lost: a whole report, or a table of it, on one line.

The ordinals and labels of the form tell where a row begins. Nothing is cut inside a row.
"""

from __future__ import annotations

import re
from functools import cache

from verify.document.official import row_labels
from verify.document.view import Edit, View

_LONG = 200
_LONG_LINE = re.compile(f"[^\n]{{{_LONG},}}")
_BARE = re.compile(r"(?<![^\s|])[0-9]+(?![^\s|])")
_FEWEST_FIGURES = 8
_FEWEST_LABELS = 3
_ORDINAL = (
    r"[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]\)|[0-9]{1,2}[.、](?=\s?[\u4e00-\u9fff])"
    r"|第[一二三四五六七八九十]+条"
)
_SINGLE = ("其他", "总计", "予以公开", "部分公开")


@cache
def _openings() -> re.Pattern[str]:
    labels = "|".join(re.escape(label) for label in _own_labels())
    return re.compile(rf" +(?:\| *)?(?={_ORDINAL}|(?:{labels}))")


@cache
def _labels() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(label) for label in _own_labels()))


def _own_labels() -> list[str]:
    return [label for label in row_labels() if not label.startswith(_SINGLE)]


def line_ends(view: View) -> View:
    """Line ends before every row of a line that holds several. The text is folded."""
    edits: list[Edit] = []
    for line in _LONG_LINE.finditer(view.text):
        start, end = line.span()
        if len(set(_labels().findall(view.text, start, end))) < _FEWEST_LABELS:
            continue
        if len(_BARE.findall(view.text, start, end)) < _FEWEST_FIGURES:
            continue
        edits += [
            (m.start(), m.start() + 1, "\n") for m in _openings().finditer(view.text, start, end)
        ]
    return view.edited(edits)
