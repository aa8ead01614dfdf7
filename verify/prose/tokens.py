"""Cut a sentence into known words, numbers and what is unknown.

The words stand in ``tokens.toml`` beside this module, with the letter of each kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from verify.data import toml_of
from verify.figures import Number
from verify.numerals import read_numeral

BREAK = "\x01"
"""Stands where blanks part two digits: neither side is a whole figure."""
_UNTOUCHED = set("0123456789.-/:" + BREAK)
_PUNCTUATION = re.compile(r"[\"'“”‘’<>*·~—.\-\s]+|[的了在对将到所有因而被其者这向]")
_LONGEST_DIGITS = 12
_INEXACT = ("before", "about", "myriad", "more", "after")
_IN_MYRIADS = {"万元": 0, "元": -4, "亿元": 4}  # powers of ten to 万元


@dataclass(slots=True)
class Token:
    """A word.

    Attributes:
        letter: Its kind; ``N`` is a count that is stated exactly, ``n`` any other number.
        start: Offset in the passage.
        end: One past the last character.
        text: As it stands.
        id: What it names, or "".
        value: Of an ``N``.
        unit: Of an ``N``, or "".
    """

    letter: str
    start: int
    end: int
    text: str
    id: str = ""
    value: Number | None = None
    unit: str = ""


def _vocabulary() -> tuple[dict[str, tuple[str, str]], re.Pattern[str], dict[str, re.Pattern[str]]]:
    listed = toml_of("verify.prose", "tokens.toml")
    kinds, words = {}, []
    for i, entry in enumerate(listed["word"]):
        name = "number" if entry["letter"] == "N" else f"w{i}"
        kinds[name] = (entry["letter"], entry.get("id", ""))
        pattern = "|".join(entry["patterns"])
        for piece, means in listed["pieces"].items():
            pattern = pattern.replace(f"{{{piece}}}", means)
        words.append(f"(?P<{name}>{pattern})")
    patterns = {name: re.compile(pattern) for name, pattern in listed["patterns"].items()}
    return kinds, re.compile("|".join(words)), patterns


KINDS, WORDS, PATTERNS = _vocabulary()
"""Letter and id of each group in ``WORDS``; all words with numbers; other patterns by name."""


def tokens(text: str, start: int, end: int, own: frozenset[str]) -> list[Token]:
    """The tokens of ``text[start:end]``; words that say nothing are left out.

    Args:
        text: A passage.
        start: Where the sentence begins.
        end: Where it ends.
        own: Names by which the agency calls itself.
    """
    found: list[Token] = []
    names = _names(own)
    unknown = place = start
    token: Token | None
    name = names.search(text, start, end)
    while place < end:
        match = WORDS.search(text, place, end)
        if name is not None and name.start() < place:
            name = names.search(text, place, end)
        if name is not None and (match is None or name.start() < match.start()):
            match, token = name, Token("E", *name.span(), name[0])
        elif match is None:
            break
        else:
            number = match.lastgroup == "number"
            token = _number(match) if number else _word(match)
        place = match.end()
        if token is None:
            continue
        _add_unknown(found, text, unknown, match.start())
        if token.letter == "x" and found and found[-1].letter == "x":
            _add_unknown(found, text, match.start(), match.end())
        elif token.letter != "t":
            found.append(token)
        unknown = place
    _add_unknown(found, text, unknown, end)
    return found


@lru_cache(maxsize=64)
def _names(own: frozenset[str]) -> re.Pattern[str]:
    """Any name of the agency, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))) or r"(?!)")


def _add_unknown(found: list[Token], text: str, start: int, end: int) -> None:
    """Unknown words; neighbours are joined, quotes and particles are nothing."""
    words = text[start:end]
    if not _PUNCTUATION.sub("", words):
        return
    last = found[-1] if found else None
    if last is not None and last.letter == "x" and last.end == start:
        found[-1] = Token("x", last.start, end, last.text + words)
    else:
        found.append(Token("x", start, end, words))


def _word(match: re.Match[str]) -> Token:
    letter, id = KINDS[match.lastgroup or ""]
    return Token(letter, match.start(), match.end(), match[0], id)


def _number(match: re.Match[str]) -> Token | None:
    """A number: exact and counted (``N``), or of another sort (``n``); None when it is a word."""
    start, end = match.span("number")
    unit = match["unit"] or ""
    han, digits = match["han"], match["digits"]
    if han is not None and not unit and han not in ("零", "〇"):
        return None
    token = Token("n", start, end, match["number"], unit=unit)
    before, after = match.string[max(0, start - 1) : start], match.string[end : end + 1]
    if any(match[group] is not None for group in _INEXACT) or BREAK in before + after:
        return token
    if han is not None:
        token.value = read_numeral(han)
    elif len(digits) > _LONGEST_DIGITS or before in _UNTOUCHED:
        return token
    else:
        token.value = _value(digits.replace(",", ""), unit)
    if token.value is not None:
        token.letter = "N"
        if unit in _IN_MYRIADS:
            token.value = Decimal(token.value).scaleb(_IN_MYRIADS[unit])
    return token


def _value(digits: str, unit: str) -> Number | None:
    if unit.endswith("元"):
        return Decimal(digits)
    return int(digits) if digits.isdigit() else None
