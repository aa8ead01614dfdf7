"""What is prose, an ordinal or a remark, so that its digits are no cells; where the figures of a line stand."""

from __future__ import annotations

import re

from verify.labels import squeeze
from verify.marks import parse
from verify.words import UNITS, ordinals_of

_ONLY_ORDINAL = re.compile(r"\(\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*\)")
_CLAUSE_OF_FIGURES = re.compile(
    rf"[0-9]\s?(?:{UNITS})\s?(?:\([^()\n\t|]{{0,40}}\))?\s?[,，。；;](?![0-9])"
)
_RUN = re.compile(r"[0-9]+(?: +[0-9]+){3}")  # the figures of a row
_SENTENCE = re.compile(r"[，。；;]|,(?![0-9])")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")
_LATIN_SENTENCE = 3
_CLIP = 400


def is_sentence(line: str) -> bool:
    """Whether a line is prose, so that bare numbers on it are no cells."""
    if len(_LATIN_WORD.findall(line, 0, _CLIP)) >= _LATIN_SENTENCE:
        return True
    if _SENTENCE.search(line) is None:
        return False
    if _CLAUSE_OF_FIGURES.search(line) is not None:
        return True
    squeezed = squeeze(line)
    if len(squeezed) < 6:
        return False
    parsed = parse(squeezed[:400])
    return parsed.unknown_length * 2 > min(len(squeezed), 400)


def is_ordinal(match: re.Match[str], following: re.Match[str]) -> bool:
    """A number that opens a line and is the ordinal of the label after it."""
    marks = parse(squeeze(following.group())).marks
    return bool(marks) and match.group() in ordinals_of(marks[0])


def without_remark(match: re.Match[str]) -> str:
    """Blank out a bracketed remark that holds digits; an ordinal stays, and the figures of a row that cut a label."""
    text = match.group()
    if _ONLY_ORDINAL.fullmatch(text) or _RUN.search(text):
        return text
    return " " * len(text)


def others_hold_figures(line: str, at: int) -> bool:
    """Whether a field of a line other than the one at ``at`` holds digits."""
    start = max(line.rfind("\t", 0, at), line.rfind("|", 0, at)) + 1
    ends = (end for sign in "\t|" if (end := line.find(sign, at)) >= 0)
    return any(c.isdigit() for c in line[:start] + line[min(ends, default=len(line)) :])
