"""Chinese numerals: whole numbers, exactly (二百一十, 〇, 二〇二一); never about a number."""

from __future__ import annotations

NUMERALS = "零〇一二两三四五六七八九十百千万廿卅"
_DIGITS = {**dict(zip("零一二三四五六七八九", range(10), strict=True)), "〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}
_MYRIAD = 10_000


def read_numeral(text: str) -> int | None:
    """The value of a Chinese numeral, None for what is none or only about (三五, 七八十)."""
    if not text or any(c not in NUMERALS for c in text) or text.count("万") > 1:
        return None
    if all(c in _DIGITS for c in text):
        return _positional(text)
    head, myriad, rest = text.partition("万")
    if not myriad:
        return _below_myriad(text)
    high = _below_myriad(head)
    low = 0 if not rest else _below_myriad(rest)
    return None if not high or low is None else high * _MYRIAD + low


def _positional(text: str) -> int | None:
    if len(text) == 1:
        return _DIGITS[text]
    if not ("〇" in text or "零" in text) or text[0] in "〇零":
        return None  # 三五: a few
    return int("".join(str(_DIGITS[c]) for c in text))


def _below_myriad(text: str) -> int | None:
    total, digit, unit = 0, None, _MYRIAD
    for c in text:
        if c in _DIGITS:
            if digit:  # 七八十: about
                return None
            digit = _DIGITS[c]
            continue
        size = _UNITS.get(c, 10)
        if size >= unit:
            return None
        if c in _TENS:
            if digit:
                return None
            total += _TENS[c]
        else:
            total += (1 if digit in (None, 0) else digit) * size
        digit, unit = None, size
    return total + (digit or 0)
