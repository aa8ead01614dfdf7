"""What a single word of a line is: a figure, a mark for an empty cell, text, or a mixture to be cut.

A word is what stands between blanks, tabs and pipes of folded text. Everything here is a function of
the word alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from verify.document.signs import BREAK
from verify.figures import COUNT_UNITS, DIGITS
from verify.fold import ORDINAL, ZERO
from verify.forms import every_form
from verify.labels import squeeze, squeeze_word
from verify.marks import Mark, parse

LONGEST_FIGURE = 30
NOTE_SIGNS = "*※†‡" + ORDINAL  # after a figure they point to a note
PRICE_SIGNS = "人民币￥¥"  # before a figure
FIGURES = frozenset({"figure", "noted", "priced"})
_LONGEST_OTHER = 8
_WRITTEN = re.compile(r"[\u4e00-\u9fff]|^[A-Za-z]")
_DATE = re.compile(r"[0-9]{4}[-/.][0-9]|[0-9]{1,2}:[0-9]")
_ZERO_SIGNS = f"0Oo{ZERO}"
_HAN_OF_CELLS = "零无空" + PRICE_SIGNS
_ZEROS_AT_END = re.compile(rf"[0Oo{ZERO}]*[Oo{ZERO}][0Oo{ZERO}]*$")
UNITS = rf"(?:人次|\(?万元\)?|\(?元\)?|[{COUNT_UNITS}])"
_PLAIN = re.compile(
    rf"[+\-—]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|{DIGITS}[0-9Oo{ZERO}]*)(?:\.[0-9]+)?{UNITS}?"
)
_BLANK = re.compile(r"[/\\]{1,2}|-{1,2}|—{1,2}|无|空")
_OTHER = re.compile(r"[?？*#×√✓✔~…xX]{1,4}|[NnIl]/?[Aa]?|(?:[0-9]{1,9}[?#]+)")
_NO_FIGURE = re.compile(
    rf".*{BREAK}.*|[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+|(?i:nan|none|null|undefined)|<NA>"
)
_RULE = re.compile(r"[-—=_+:.]{3,}|[。，、；：,;:.．·•!！“”\"'()《》]+")
_ORDINAL = re.compile(r"\(?[0-9]{1,2}(?:[.、)]|,(?![0-9]))|\([0-9一二三四五六七八九十]{1,3}\)|•+")
_LISTED = re.compile(r"[0-9]+(?:,[0-9]+)+")
_NUMBER = re.compile(rf"[0-9]+(?:[Oo{ZERO}]+[0-9]+)*(?:,[0-9]{{3}})*(?:\.[0-9]+)?")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DELIMITER = re.compile(r"[.、)]|,(?![0-9])")

_CLAUSE = re.compile(rf"(?:{UNITS})?[,。；;:]")
WordKind = Literal["figure", "noted", "priced", "blank", "other", "text", "mixed"]


def classify(word: str) -> tuple[WordKind, object]:
    """What a word of a line is.

    Returns:
        A `WordKind`, and for text its squeezed characters, for a mixture its pieces as
        `split_mixed` gives them, else None.
    """
    if len(word) > LONGEST_FIGURE:
        return _as_text(word)
    if word.isdigit() and word.isascii():
        return "figure", None
    return _short(word)


@lru_cache(maxsize=1024)
def _short(word: str) -> tuple[WordKind, object]:
    """A word as long as a cell may be; labels come again in every report, so answers are remembered."""
    return _as_cell(word) or _as_text(word)


def _as_text(word: str) -> tuple[WordKind, object]:
    """A word that is no cell."""
    if _NUMBER.search(word) is None:
        return "text", squeeze_word(word)
    if _HAN.search(word) is None:
        return "text", ""  # dates, times, addresses, telephone numbers
    return "mixed", split_mixed(word)


def _as_cell(word: str) -> tuple[WordKind, object] | None:
    """A short word as a figure, a mark, an ordinal or a stranger in a cell; None for text."""
    if _HAN.match(word) and word[0] not in _HAN_OF_CELLS:
        return _zeros_after_label(word)  # nothing else below begins with such a character
    readings: tuple[tuple[WordKind, re.Pattern[str], str], ...] = (
        ("figure", _PLAIN, word),
        ("priced", _PLAIN, word.lstrip(PRICE_SIGNS)),
        ("blank", _BLANK, word),
        ("noted", _PLAIN, word.rstrip(NOTE_SIGNS)),
    )
    for kind, pattern, text in readings:
        if pattern.fullmatch(text):
            return kind, None
    if _RULE.fullmatch(word) or _ORDINAL.fullmatch(word):
        return "text", squeeze(word)
    if _LISTED.fullmatch(word):
        if word.count(",") == 1:
            return "other", None  # 3,23: one figure with a sign in it, or two
        return "mixed", [("figure", m.start(), m.end()) for m in re.finditer("[0-9]+", word)]
    if _OTHER.fullmatch(word) or _is_stranger(word) or _NO_FIGURE.fullmatch(word):
        return "other", None
    return _zeros_after_label(word)


def _zeros_after_label(word: str) -> tuple[WordKind, object] | None:
    """Letters for zeros that touch the label before them."""
    zeros = _ZEROS_AT_END.search(word) if word[-1] in _ZERO_SIGNS else None
    if zeros and zeros.start() and _label_ends(word[: zeros.start()]):
        return "mixed", [("text", 0, zeros.start()), ("figure", zeros.start(), len(word))]
    return None


def _is_stranger(word: str) -> bool:
    """A few signs that are no figure, no word and no date, where a cell could be (#REF!, □)."""
    return len(word) <= _LONGEST_OTHER and not (_WRITTEN.search(word) or _DATE.match(word))


def ordinals_of(mark: Mark) -> frozenset[str]:
    """The bare digits that the form prints before the label of a row."""
    return frozenset(
        digit
        for table in mark.tables
        for id in mark.ids
        for digit in _ORDINALS.get((table, id), ())
    )


def _ordinal_table() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for form in every_form():
        for table in form.tables:
            for row in table.rows:
                digits = re.findall(r"\d", row.ordinal)
                if digits:
                    found[table.id, row.id] = tuple(digits)
    return found


_ORDINALS = _ordinal_table()
_CLIP = 400
_LABEL_ENDS = ')”"’:='


def split_mixed(word: str) -> list[tuple[str, int, int]]:
    """Cut a word that mixes Chinese and digits into text and figures.

    A number is a figure only where a label ends right before it and a label, a unit or nothing
    comes right after; every other number is part of the text.

    Returns:
        ("text" or "figure", start, end) pieces in order; text includes ordinals and other digits.
    """
    numbers = list(_NUMBER.finditer(word))
    pieces: list[tuple[str, int, int]] = []
    place = 0
    for i, match in enumerate(numbers):
        left = word[numbers[i - 1].end() if i else 0 : match.start()]
        right = word[match.end() : numbers[i + 1].start() if i + 1 < len(numbers) else len(word)]
        cut = _figure_in(match, left[-_CLIP:], right[:_CLIP], pieces, place)
        if cut is None:
            continue
        begin, end = cut
        if begin > place:
            pieces.append(("text", place, begin))
        pieces.append(("figure", begin, end))
        place = end
    if place < len(word):
        pieces.append(("text", place, len(word)))
    return pieces


def _figure_in(
    match: re.Match[str], left: str, right: str, pieces: list[tuple[str, int, int]], place: int
) -> tuple[int, int] | None:
    start, end = match.span()
    sign = 0
    if left and left[-1] in "-+" and _HAN.search(left) is not None:
        sign, left = 1, left[:-1]
    follows_unit = bool(pieces) and pieces[-1][0] == "figure" and place == start
    if left and not follows_unit and (left[-1] == "第" or not _label_ends(left)):
        return None
    if not left and start > 0 and not (pieces and place == start):
        return None  # glued to a number that was no figure
    if right and (right[0] in "年月日页%号" or _CLAUSE.match(right)):
        return None
    unit = re.match(UNITS, right)
    if not right or (unit and unit.end() == len(right)):
        return start - sign, end + len(right)
    return _before_a_label(match, right, sign)


def _before_a_label(match: re.Match[str], right: str, sign: int) -> tuple[int, int] | None:
    """The figure in digits that a label, or the ordinal of a label, touches."""
    digits = match.group()
    start, end = match.span()
    marks = parse(squeeze(right[:80])).marks
    opening = marks[0] if marks and marks[0].start <= 2 and marks[0].kind != "title" else None
    delimiter = _DELIMITER.match(right)
    if delimiter or (opening and digits[-1:] in ordinals_of(opening)):
        if "." in digits or "," in digits:
            return None
        rest = digits[:-1]
        glued = rest and opening and digits[-1] in ordinals_of(opening)
        return (start - sign, start + len(rest)) if glued else None
    return (start - sign, end) if opening is not None else None


def _label_ends(left: str) -> bool:
    """Whether a label of a row ends where ``left`` ends and little else stands before it."""
    squeezed = squeeze(left)
    if not squeezed or (_HAN.match(left[-1]) is None and left[-1] not in _LABEL_ENDS):
        return False
    parsed = parse(squeezed[-120:])
    if not parsed.marks or parsed.marks[-1].kind not in ("row", "column"):
        return False
    last = parsed.marks[-1]
    after = sum(len(text) for start, text in parsed.unknown if start >= last.end)
    if after > 12 or (after and last.likeness < 1):
        return False
    return parsed.unknown_length <= 0.5 * min(len(squeezed), 120)
