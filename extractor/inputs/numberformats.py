"""What a number says under a number format of a workbook: "0件", `0,` (thousands), `;;;` (nothing)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from extractor.inputs.written import SIGN

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(?:.)|\*(?:[^0-9.,])|\[([^\]]*)\]|(General|G/通用格式|@|[0#?.,%/]|[eE][+-])|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_COMPARE = {"<": lt, ">": gt, "<=": le, ">=": ge, "=": eq, "<>": ne}
_LOST = Decimal("0.0001")
"""Of a number, that a format may leave out: a ten-thousandth is the least that a report has."""
_LONGEST = 255
_MOST_SECTIONS = 4
_PLAIN = frozenset(("General", "@", "0", ""))
_WHOLE = frozenset(("general", "g/通用格式", "@"))


class _Part(NamedTuple):
    """Of a format: a sign that stands for a part of the number, what is written as it is, or what is in brackets."""

    sign: str
    words: str
    bracket: str


def shown(value: Decimal, plain: str, code: str) -> str:
    """A number as it is shown, without the commas of thousands.

    Args:
        value: The number.
        plain: As it is written without a format.
        code: The format.

    Returns:
        What is seen; with a sign of something where that is not known here, or is another number.
    """
    if code in _PLAIN and (code != "0" or value == value.to_integral_value()):
        return plain
    sections = _sections(code[:_LONGEST])
    conditions = [_CONDITION.fullmatch(part.bracket) for one in sections for part in one]
    if any(conditions):
        found = next((one for one in sections[:3] if _holds(one, value)), None)
        return f"{SIGN}{plain}" if found is None else _written(value, plain, found)
    if value < 0 and len(sections) > 1:
        return _written(abs(value), plain, sections[1])
    return _written(value, plain, sections[2 if value == 0 and len(sections) > 2 else 0])


def shown_text(text: str, code: str) -> str:
    """A text as it is shown: formats of texts write beside it, or nothing."""
    sections = _sections(code[:_LONGEST])
    if len(sections) == _MOST_SECTIONS or (
        len(sections) == 1 and any(part.sign == "@" for part in sections[0])
    ):
        return "".join(text if part.sign == "@" else part.words for part in sections[-1])
    return text


@lru_cache(maxsize=512)
def _sections(code: str) -> list[list[_Part]]:
    found: list[list[_Part]] = [[]]
    for quoted, escaped, bracket, sign, other in _TOKEN.findall(code):
        if other == ";":
            found.append([])
        else:
            found[-1].append(_Part(sign.lower(), quoted or escaped or other, bracket))
    return found


def _holds(section: list[_Part], value: Decimal) -> bool:
    """Whether a section is for a number: one without a condition is for all that are left."""
    found = [_CONDITION.fullmatch(part.bracket) for part in section]
    return all(_COMPARE[one[1]](value, Decimal(one[2])) for one in found if one)


def _written(value: Decimal, plain: str, section: list[_Part]) -> str:
    """A number in one section: what stands before it, its digits, what stands behind."""
    signs, words = [part.sign for part in section], [part.words for part in section]
    if any(part.bracket.lower().startswith("dbnum") for part in section):
        return f"{SIGN}{plain}"  # in digits of another script
    whole = next((i for i, sign in enumerate(signs) if sign in _WHOLE), None)
    if whole is not None:
        number = plain if value < 0 else plain.lstrip("-")
        return "".join((*words[:whole], number, *words[whole:]))
    places = [i for i, sign in enumerate(signs) if sign in ("0", "#", "?")]
    if not places:
        text = "".join(words)
        return plain if value == 0 and text.strip() in ("-", "—") else text  # as accountants write
    first, last = places[0], places[-1]
    if not {"/", "e+", "e-"}.isdisjoint(signs) or "".join(words[first:last]).strip():
        return f"{SIGN}{plain}"
    behind = next((i for i in range(last + 1, len(signs)) if signs[i] != ","), len(signs))
    scale, point = behind - last - 1, signs.index(".") if "." in signs else len(signs)
    value = value * 100 ** signs.count("%") / 1000**scale
    digits = sum(i > point for i in places)
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    start, _, rest = format(abs(rounded), "f").partition(".")
    start = start.rjust(sum(signs[i] == "0" for i in places if i < point), "0")
    if start == "0" and not rest.strip("0") and all(signs[i] != "0" for i in places if i < point):
        start = ""
    number = start + (f".{rest}".rstrip("0").rstrip("."))
    around = ["%" if part.sign == "%" else part.words for part in section]
    before, after = "".join(around[:first]), "".join(around[last + 1 :])
    other = scale or abs(rounded - value) > _LOST or re.search(r"[\d+.-]", before + after)
    return f"{'-' if rounded < 0 else ''}{before}{number}{SIGN if other else ''}{after}"
