"""Line ends that a text lost: a whole report on one line.

What stands on one line with sentences would be taken for a sentence. So a line that holds sentences
and rows of the form is cut before every ordinal of a section or row; a table that has a line of its
own is read as it is.
"""

from __future__ import annotations

import re
from functools import cache

from verify.document.official import row_labels
from verify.document.view import Edit, View

_LONG_LINE = re.compile("[^\n]{300,}")
_SENTENCE = "。"
_BARE = re.compile(r"(?<![^\s|])[0-9]+(?![^\s|])")
_FEWEST_FIGURES = 8
_FEWEST_LABELS = 3
_OPENING = re.compile(
    r" +(?:\| *)?(?=[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十]+条第|信息内容)"
)
_TITLE = re.compile(
    r"^([^\n]{0,80}20[0-9]{2}\s?年[^\n]{0,30}报告) (?=[^\n]{0,400}一、)", re.MULTILINE
)


@cache
def _labels() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(label) for label in row_labels()))


def line_ends(view: View) -> View:
    """Line ends where a line that holds sentences begins a section or a row. The text is folded."""
    view = view.edited((m.end(1), m.end(), "\n") for m in _TITLE.finditer(view.text))
    text = view.text
    edits: list[Edit] = []
    for line in _LONG_LINE.finditer(text):
        start, end = line.span()
        if text.find(_SENTENCE, start, end) < 0:
            continue
        if len(set(_labels().findall(text, start, end))) < _FEWEST_LABELS:
            continue
        if len(_BARE.findall(text, start, end)) >= _FEWEST_FIGURES:
            edits += [(m.start(), m.start() + 1, "\n") for m in _OPENING.finditer(text, start, end)]
    return view.edited(edits)
