"""Cut a sentence into known words, numbers and what is unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from verify.figures import Number
from verify.prose.numerals import read_numeral
from verify.prose.passages import BREAK
from verify.prose.vocabulary import KINDS, WORDS

_UNTOUCHED = set("0123456789.-/:" + BREAK)
_PUNCTUATION = re.compile(r"[\"'“”‘’<>*·~—\-\s]+|[的了在对将到所有因而被其者这向]")
_LONGEST_DIGITS = 12


@dataclass(slots=True)
class Token:
    """A word.

    Attributes:
        letter: Its kind (`verify.prose.vocabulary`); ``N`` is a count that is stated exactly,
            ``n`` any other number.
        start: Offset in the passage.
        end: One past the last character.
        id: What it names, or "".
        text: As it stands.
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
    while place < end:
        match = WORDS.match(text, place, end)
        if match is None:
            name = names.match(text, place, end)
            if name is None:
                place += 1
                continue
            if unknown < place:
                _unknown(found, text, unknown, place)
            found.append(Token("E", place, name.end(), name[0]))
            unknown = place = name.end()
            continue
        number = match.lastgroup == "number"
        token = _number(match) if number else _word(match)
        if token is None:
            place = match.end()
            continue
        if unknown < place:
            _unknown(found, text, unknown, place)
        if token.letter == "x" and found and found[-1].letter == "x":
            _unknown(found, text, place, match.end())
        elif token.letter != "t":
            found.append(token)
        unknown = place = match.end()
    if unknown < end:
        _unknown(found, text, unknown, end)
    return found


@lru_cache(maxsize=64)
def _names(own: frozenset[str]) -> re.Pattern[str]:
    """Any name of the agency, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))) or r"(?!)")


def _unknown(found: list[Token], text: str, start: int, end: int) -> None:
    """Unknown words; neighbours are joined, quotes and particles are nothing."""
    words = text[start:end]
    if not _PUNCTUATION.sub("", words):
        return
    last = found[-1] if found else None
    if last is not None and last.letter == "x" and last.end == start:
        found[-1] = replace(last, end=end, text=last.text + words)
    else:
        found.append(Token("x", start, end, words))


def _word(match: re.Match[str]) -> Token:
    letter, id = KINDS[match.lastgroup or ""]
    return Token(letter, match.start(), match.end(), match[0], id)


def _number(match: re.Match[str]) -> Token | None:
    """A number: exact and counted (``N``), or of another sort (``n``); None when it is a word."""
    start, end = match.start("number"), match.end("number")
    text = match["number"]
    unit = match["unit"] or ""
    han, digits = match["han"], match["digits"]
    if han is not None and not unit and han not in ("零", "〇"):
        return None
    token = Token("n", start, end, text, unit=unit)
    source = match.string
    around = source[start - 1 : start] + ("" if unit else source[end : end + 1])
    if (
        any(match[group] is not None for group in ("before", "about", "myriad", "more", "after"))
        or (digits is not None and around[: 1 if start else 0] in _UNTOUCHED)
        or BREAK in around + source[end : end + 1]
        or (digits is not None and len(digits) > _LONGEST_DIGITS)
    ):
        return token
    value = read_numeral(han) if han is not None else _value(digits, unit)
    if value is None:
        return token
    if unit in ("万元", "元", "亿元"):
        amount = Decimal(value)
        value = amount if unit == "万元" else _scaled(amount, 4 if unit == "亿元" else -4)
    return Token("N", start, end, text, "", value, unit)


def _value(digits: str, unit: str) -> Number | None:
    plain = digits.replace(",", "")
    if unit.endswith("元"):
        return Decimal(plain)
    return int(plain) if plain.isdigit() else None


def _scaled(amount: Decimal, power: int) -> Decimal:
    return amount.scaleb(power)
