"""Read one figure from its text: exact integers and decimals, and how oddly it was spelled.

This is the only place where characters become a number. A reading holds spans; `read_figure` is
given the slice of the source under a span and the kind of cell, and nothing else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from verify.document.folded import plain_text
from verify.fold import ZERO, fold_text
from verify.forms import ValueKind
from verify.numerals import NUMERALS, read_numeral

Number = int | Decimal

COUNT_UNITS = "件条项次宗个份起例部"
_UNIT = rf"(?:{'|'.join(COUNT_UNITS)}|人次|\(?万元\)?|\(?元\)?)"
DIGITS = rf"[0-9Oo{ZERO}零]"
FIGURE = re.compile(
    rf"(?P<sign>[+\-—])?\s*(?P<whole>{DIGITS}[0-9Oo{ZERO}]*(?:[\s|]+[0-9Oo{ZERO}]+)*"
    rf"|[0-9]{{1,3}}(?:,\s?[0-9]{{3}})+)(?:\.(?P<part>[0-9]+))?\s*(?P<unit>{_UNIT})?"
)
"""A whole figure in folded text: sign, digits (split by a blank, or grouped by commas), unit."""

NUMERAL = re.compile(rf"(?P<numeral>(?![百千万])[{NUMERALS}]+)\s*(?P<unit>[{COUNT_UNITS}]|人次)?")
"""A whole number in Chinese characters, in folded text, with its unit."""

_ZEROS = str.maketrans({"O": "0", "o": "0", ZERO: "0", "零": "0"})
ZEROS = "0" + "".join(map(chr, _ZEROS))
"""The characters that may stand for a zero."""
_MARKED = re.compile(r"[<&$\\'’。*]")  # marks of a shape may stand inside a figure
_APOSTROPHE = re.compile(r"(?<=[0-9])['’](?=[0-9]{3}(?![0-9]))")  # parts thousands
_INTEGRAL = re.compile("00?|0000")  # of three zeros nothing tells whether they are decimals
_CIRCLES = re.compile(f"{ZERO}{{2,}}")  # a figure that is to be filled in
_LONGEST = 15  # digits; a longer run is no figure of a report


class Figure(NamedTuple):
    """A figure as read.

    Attributes:
        value: Integer for counts, exact decimal in 万元 for money.
        oddities: How the spelling departs from plain digits, stable words: ``full_width``,
            ``letter_zero``, ``thousands``, ``split``, ``unit``, ``yuan``, ``plus_sign``,
            ``leading_zero``, ``dash_minus``, ``integral`` (822.0), ``chinese_numeral`` (二十).
    """

    value: Number
    oddities: tuple[str, ...] = ()


def plain_digits(text: str) -> str | None:
    """Digits of folded text with letters for zero read as zeros, None when it is anything else."""
    if text.isascii() and text.isdigit():
        return text
    digits = text.translate(_ZEROS)
    return digits if digits.isascii() and digits.isdigit() else None


def read_figure(text: str, kind: ValueKind) -> Figure | None:
    """Read the text of one cell.

    Args:
        text: The source under the cell's span, as given.
        kind: What the cell holds.

    Returns:
        The figure, or None when the text is no figure of this kind.
    """
    return None if len(text) > 4 * _LONGEST else _read(text, kind)


@lru_cache(maxsize=1024)
def _read(text: str, kind: ValueKind) -> Figure | None:  # noqa: C901 -- one grammar of a figure
    if text.isascii() and text.isdigit():
        return _plain(text, kind)
    text = text.replace("{,}", ",")  # as LaTeX groups digits
    folded = plain_text(text) if _MARKED.search(text) else fold_text(text)
    folded = _APOSTROPHE.sub(",", folded.strip())
    if kind == "change" and "\u00ad" in text:
        return None  # in many fonts the sign of a minus
    match = FIGURE.fullmatch(folded)
    if match is None or _CIRCLES.fullmatch(folded):
        return None if kind == "money" else _numeral(folded)
    odd = []
    sign, whole, part, unit = match.group("sign", "whole", "part", "unit")
    unit = unit.strip("()") if unit else None
    if any("０" <= c <= "９" or c in "．，－＋" for c in text):
        odd.append("full_width")
    if len(whole) > 2 * _LONGEST:
        return None
    digits = whole.translate(_ZEROS)
    if digits != whole:
        odd.append("letter_zero")
    if "," in digits:
        odd.append("thousands")
        digits = digits.replace(",", "")
    pieces = digits.replace("|", " ").split()
    if len(pieces) > 1:
        odd.append("split")
        digits = "".join(pieces)
    if digits[0] == "0" and len(digits) > 1:
        odd.append("leading_zero")
    if sign == "+":
        odd.append("plus_sign")
    elif sign == "—":
        odd.append("dash_minus")
    negative = sign in ("-", "—")
    if kind == "money":
        if unit is not None and unit not in ("元", "万元"):
            return None
        amount = Decimal(f"{'-' if negative else ''}{digits}{'.' + part if part else ''}")
        if unit == "元":
            odd.append("yuan")
            amount = _scaled(amount)
        elif unit:
            odd.append("unit")
        return Figure(amount, tuple(odd))
    dashed = sign == "—" and kind == "count"  # no sign that a count could have
    if dashed or unit in ("元", "万元") or (part is not None and _INTEGRAL.fullmatch(part) is None):
        return None
    if part is not None:
        odd.append("integral")
    if unit:
        odd.append("unit")
    return Figure(-int(digits) if negative else int(digits), tuple(odd))


def _numeral(folded: str) -> Figure | None:
    match = NUMERAL.fullmatch(folded)
    value = None if match is None else read_numeral(match["numeral"])
    if match is None or value is None:
        return None
    return Figure(value, ("chinese_numeral", "unit") if match["unit"] else ("chinese_numeral",))


def _plain(text: str, kind: ValueKind) -> Figure | None:
    if len(text) > _LONGEST:
        return None
    odd = ("leading_zero",) if text[0] == "0" and len(text) > 1 else ()
    return Figure(Decimal(text) if kind == "money" else int(text), odd)


def _scaled(yuan: Decimal) -> Decimal:
    """Yuan in 万元, exactly and without trailing zeros beyond the point."""
    amount = yuan.scaleb(-4)
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(text)
