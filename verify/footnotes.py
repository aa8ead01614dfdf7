"""Notes that a sign points to, wherever in the text they stand: 行政许可 98*, and far below * 含上年结转.

A sign counts where it stands behind a word, a header or a figure of a table, not before a label, where it is
an ordinal. Only a sign whose note is printed says anything; the words of the note are then a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from unicodedata import normalize

from verify.fold import DROPPED

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①-⑳⑴-⒇"
_SYMBOL = rf"[^\w\s{DROPPED}.,:;!?%'\"()\[\]{{}}<>|&/\\+=~\-\u2500-\u259f，。、；：！？（）［］〔〕【】《》〈〉「」“”‘’…—·]"  # ※ # † and what else
_SIGN = rf"{_SYMBOL}{{1,3}}|[{_RAISED}{_CIRCLED}]{{1,2}}|[\[\(（〔［【]\^?(?:[0-9]{{1,2}}|[A-Za-z])[\]\)）〕］】]|[(（\[]?注[0-9]{{0,2}}[)）\]]?"
_NOTE = re.compile(rf"^[ \t>|\-]*\\?({_SIGN})[ \t\u3000\u00a0:：.、]*(\S[^\n]*)$", re.MULTILINE)
_BEHIND = re.compile(rf"(?<=[\u4e00-\u9fff0-9)）])[ \u00a0]?\\?({_SIGN})(?=[ \t|\r\n]|$|[0-9)）])")
_RAISED_IN = re.compile(
    r"<(?:sup|sub|a)\b[^<>\n]*>\s*([\[(（〔［]?(?:[0-9]{1,2}|[A-Za-z]|[^\w\s<>])[\])）〕］]?)\s*</"
)
_NOTE_RAISED = re.compile(
    r"^[ \t>|\-]*<(?:sup|sub|a)\b[^<>\n]*>\s*([^\s<>]{1,4})\s*</\w+>[ \t\u3000\u00a0:：.、]*(\S[^\n]*)$",
    re.MULTILINE,
)
_AHEAD = re.compile(rf"(?:^(?!#)|(?<=[\t|]))[ \u00a0]*({_SIGN})[ \u00a0]?(?=[0-9])", re.MULTILINE)
_PLAIN = re.compile(r"[\[\]〔〕［］【】()（）^]")


def notes_in(source: str) -> dict[str, tuple[int, int]]:
    """For each sign where the words of its note stand; the last one printed, since notes come after."""
    found = {
        _key(match[1]): match.span(2)
        for match in _NOTE.finditer(source)
        if "*" not in match[1] or "**" not in match[2]  # else a bold line
    }
    raised = _NOTE_RAISED.finditer(source) if "<" in source else ()
    return {**found, **{_key(match[1]): match.span(2) for match in raised}}


def signs_in(
    source: str, start: int, end: int, notes: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Where in a range of the source a sign stands, and the range of its note."""
    plain = (
        _BEHIND.finditer(source, max(0, start - 1), end),
        _AHEAD.finditer(source, start, end + 1),
    )
    for match in chain(*plain, _RAISED_IN.finditer(source, start, end) if "<" in source else ()):
        note = notes.get(_key(match[1]))
        if note is not None and not start <= note[0] < end and match.start(1) >= start:
            yield match.start(1), *note


def _key(sign: str) -> str:
    plain = _PLAIN.sub("", normalize("NFKC", sign))
    return plain.removeprefix("注") or plain
