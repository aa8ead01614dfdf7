"""What a number says under a number format of a workbook: "0件", `0,` (thousands), `;;;` (nothing)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from extractor.inputs.written import SIGN

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(General|G/通用格式|@|[0#?.,%/]|[eE][+-])|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_LOST = Decimal("0.0001")
"""Of a number, that a format may leave out: a ten-thousandth is the least that a report has."""
_LONGEST = 255
_MOST_SECTIONS = 4
_PLAIN = frozenset(("General", "@", "0", ""))


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
    section, signed = _section(value, _sections(code[:_LONGEST]))
    if section is None:
        return f"{SIGN}{plain}"
    return _written(value if signed else abs(value), plain, section)


def shown_text(text: str, code: str) -> str:
    """A text as it is shown: formats of texts write beside it, or nothing."""
    sections = _sections(code[:_LONGEST])
    if len(sections) < _MOST_SECTIONS:
        if len(sections) > 1 or not any(token[5] == "@" for token in sections[0]):
            return text
        return _beside(sections[0], text)
    return _beside(sections[3], text)


Token = tuple[str, ...]


def _beside(section: tuple[Token, ...], text: str) -> str:
    return "".join(
        text if token[5] == "@" else token[0] or token[1] or token[6] for token in section
    )


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[Token, ...], ...]:
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        token = tuple(part or "" for part in match.groups())
        if token[6] == ";":
            found.append([])
        else:
            found[-1].append(token)
    return tuple(map(tuple, found))


def _section(
    value: Decimal, sections: tuple[tuple[Token, ...], ...]
) -> tuple[tuple[Token, ...] | None, bool]:
    """The section that holds for a number, and whether the number keeps its sign."""
    conditions = [
        next((c for token in section if (c := _CONDITION.fullmatch(token[4]))), None)
        for section in sections[:3]
    ]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=False):
            if condition is None or _holds(value, condition[1], Decimal(condition[2])):
                return section, True
        return None, True
    if len(sections) == 1:
        return sections[0], True
    if value < 0:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _written(value: Decimal, plain: str, section: tuple[Token, ...]) -> str:
    """A number in one section: what stands before it, its digits, what stands behind."""
    signs = [token[5].lower() for token in section]
    if any(token[4].lower().startswith("dbnum") for token in section):
        return f"{SIGN}{plain}"
    places = [i for i, sign in enumerate(signs) if sign in ("0", "#", "?")]
    whole = [i for i, sign in enumerate(signs) if sign in ("general", "g/通用格式", "@")]
    literal = ["" if signs[i] else t[0] or t[1] or t[6] for i, t in enumerate(section)]
    if whole:
        at = whole[0]
        return (
            "".join(literal[:at])
            + (plain if value < 0 else plain.lstrip("-"))
            + "".join(literal[at:])
        )
    if not places:
        words = "".join(literal)
        return (
            plain if value == 0 and words.strip() in ("-", "—") else words
        )  # as accountants write
    first, last = places[0], places[-1]
    if any(sign in ("e+", "e-") for sign in signs):
        return f"{value:.2E}"
    if "/" in signs or any(literal[i].strip() for i in range(first, last)):
        return f"{SIGN}{plain}"
    scale = 0
    while last + scale + 1 < len(signs) and signs[last + scale + 1] == ",":
        scale += 1
    value = value * 100 ** signs.count("%") / 1000**scale
    point = signs.index(".") if "." in signs else len(signs)
    decimals = sum(i > point for i in places)
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    number = format(abs(rounded), "f")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    least = sum(signs[i] == "0" for i in places if i < point)
    start, _, rest = number.partition(".")
    number = start.rjust(least, "0") + (f".{rest}" if rest else "")
    if least == 0 and number == "0":
        number = ""
    minus = "-" if rounded < 0 else ""
    shares = ["%" if sign == "%" else text for sign, text in zip(signs, literal, strict=True)]
    before, after = "".join(shares[:first]), "".join(shares[last + 1 :])
    other = (
        scale
        or abs(rounded - value) > _LOST
        or any(c.isdigit() or c in "-+." for c in before.strip() + after.strip())
    )
    return f"{minus}{before}{number}{SIGN if other else ''}{after}"


__all__ = ["shown", "shown_text"]
