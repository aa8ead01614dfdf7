"""What fields and lines hold beside figures and labels: stops, odd figures, marks of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.labels import squeeze
from verify.marks import parse

_HAN = re.compile("[\u4e00-\u9fff]")
_NEIGHBOUR = 40  # characters
_PAGE = re.compile(
    r"(?:[-—~·]+\s*[0-9]{1,4}\s*[-—~·]+|第?\s*(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})\s*页.{0,12}|[0-9]{1,3}\s*/\s*[0-9]{1,3}"
    r"|共\s*[0-9]{1,4}\s*页|[Pp]age\s*[0-9]+.{0,12})"
)  # of a line without the blanks around it
_OF_PAGES = re.compile(r"([0-9]{1,3})\s*/\s*([0-9]{1,3})")
_STOP = re.compile(r"[.。,，、:;'\"`·]{1,2}")
_FIELD_FIGURE = re.compile(r"[\t|] ?[0-9]+ ?(?=[\t|]|$)")
_ODD = re.compile(
    r"[\u4e00-\u9fff]{0,2}[0-9](?:[0-9,]*[0-9])?(?:\.[0-9]+)?(?:[\u4e00-\u9fff]{1,2}(?<![年月日页号])|[、)])?"
)


def between_figures(text: str, word: str, start: int, end: int) -> bool:
    """Whether a line that is one word without Chinese characters stands between lines of a figure each."""
    if _HAN.search(word) or " " in word.strip():
        return False
    above = text[max(0, start - _NEIGHBOUR) : start].split()
    below = text[end : end + _NEIGHBOUR].split()
    return bool(above and below) and all(
        word.isascii() and word.isdigit() for word in (above[-1], below[0])
    )


def field_around(line: str, at: int) -> str:
    """The field of a line in which a place stands."""
    start = max(line.rfind("\t", 0, at), line.rfind("|", 0, at)) + 1
    ends = (end for sign in "\t|" if (end := line.find(sign, at)) >= 0)
    return line[start : min(ends, default=len(line))]


def fills_field(line: str, match: re.Match[str]) -> bool:
    """Whether a word without letters or digits is all that a field holds, among fields of figures."""
    if not _STOP.fullmatch(match.group()):
        return False
    before, after = line[: match.start()].rstrip(" "), line[match.end() :].lstrip(" ")
    parted = before[-1:] in ("\t", "|") and after[:1] in ("\t", "|", "")
    return parted and len(_FIELD_FIGURE.findall(line)) >= 2


def holds_odd_figure(line: str, match: re.Match[str], words: Sequence[str]) -> bool:
    """Whether a word with digits is all that a field behind a label holds, and no label follows: 约418."""
    if not words or _ODD.fullmatch(match.group()) is None:
        return False
    before, after = line[: match.start()].rstrip(" "), line[match.end() :].lstrip(" ")
    parted = before[-1:] in ("\t", "|") and after[:1] in ("\t", "|", "")
    if not parted or _HAN.search(after):
        return False
    if any(mark.kind == "row" for mark in parse(squeeze(match.group())).marks):
        return False  # 3其他
    labels = parse(words[-1]).marks
    return any(mark.kind == "row" for mark in labels)


def is_page(text: str, line: str, place: int) -> bool:
    """Whether a line is the mark of a page; 0/14 and 14/2 between figures are none."""
    word = line.strip()
    if _PAGE.fullmatch(word) is None:
        return False
    parts = _OF_PAGES.fullmatch(word)
    if parts is None or 0 < int(parts[1]) <= int(parts[2]):
        return True
    end = place + len(line)
    above = text[max(0, place - _NEIGHBOUR) : place].rstrip()[-1:]
    below = text[end : end + _NEIGHBOUR].lstrip()[:1]
    return not (above.isdigit() or below.isdigit())
