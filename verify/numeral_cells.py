"""Chinese numerals where a figure must stand; elsewhere they are ordinals, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.figures import read_figure
from verify.numerals import NUMERALS
from verify.words import FIGURES, classify

_LINE = re.compile(rf"[ \t|]*[{NUMERALS}]{{1,8}}[ \t|]*")


def is_numeral_line(line: str) -> bool:
    """Whether a line holds nothing but what may be a numeral."""
    return len(line) < _LONGEST and _LINE.fullmatch(line) is not None


_LONGEST = 40
_FEWEST_COLUMNS = (
    5  # of fewer a row of counts may be 1, 2, 3; of more its total would not be the last number
)
_BEFORE_NUMBERS = frozenset(("甲", "乙", "栏次", "行次", "列次"))


def numbers_columns(line: str) -> bool:
    """Whether a line numbers the columns over it: 甲 1 2 3 4 5 6 7."""
    words = line.replace("|", " ").split()
    numbers = [word for word in words if word not in _BEFORE_NUMBERS]
    expected = [str(i) for i in range(1, len(numbers) + 1)]
    fewest = _FEWEST_COLUMNS if len(numbers) == len(words) else 1
    return len(numbers) >= fewest and numbers == expected and words[-1] == expected[-1]


def is_numeral_cell(
    line: str, matches: Sequence[re.Match[str]], i: int, *, behind: bool, below: str
) -> bool:
    """Whether a word of a line is a numeral in a figure's place: an ordinal has its label after it.

    Args:
        line: Folded.
        matches: Its words.
        i: Which of them.
        behind: Whether a figure of the same line stands before it.
        below: Of a numeral alone on its line under a label or a figure, what stands below it.
    """
    if not _is_numeral(matches[i].group()):
        return False
    if len(matches) == 1:
        following = below.split()
        return bool(following) and _is_a_cell(following[0])
    if all(_is_numeral(other.group()) for other in matches):
        return False  # 一 二 三: the numbers of columns
    if i + 1 == len(matches):
        return behind
    fielded = "\t" in line or "|" in line
    after = line[matches[i].end() : matches[i + 1].start()]
    if (fielded and not _parted(after)) or not _is_a_cell(matches[i + 1].group()):
        return False
    before = line[matches[i - 1].end() : matches[i].start()] if i else ""
    return behind or (i > 0 and (not fielded or _parted(before)))


def _parted(gap: str) -> bool:
    return "\t" in gap or "|" in gap


def _is_numeral(word: str) -> bool:
    return word[0] in NUMERALS and read_figure(word, "count") is not None


def _is_a_cell(word: str) -> bool:
    """Whether a word is a figure or a mark, or as a numeral may be one."""
    kind = classify(word)[0]
    return kind in FIGURES or kind == "blank" or _is_numeral(word)
