"""Fold characters for matching: one character to one character, so that offsets survive.

Full width becomes half width, traditional simplified, every blank a space, every line end a line feed.
Nothing but matching uses folded text: what a result shows is always a slice of the source.
`verify.document.folded` folds a whole source.
"""

from __future__ import annotations

import re
import unicodedata
from importlib import resources

ORDINAL = "•"  # stands for ①, ⑴, ⒈, ㈠: a number that can only be an ordinal
ZERO = "〇"

# `traditional.txt` is the table of single characters of OpenCC (TSCharacters, Apache-2.0): the traditional
# characters on its first line, the simplified ones on its second. Japanese forms seen in reports beside it.
_JAPANESE = dict(
    zip("収発証経済営継続挙併値録", "收发证经济营继续举并值录", strict=True),
)


def _traditional() -> dict[str, str]:
    text = resources.files("verify").joinpath("traditional.txt").read_text("utf-8")
    old, new = text.split()
    return {
        **dict(zip(old, new, strict=True)),
        **_JAPANESE,
        "祕": "秘",
        "鈎": "勾",
        "鉤": "勾",
        "復": "复",
    }


DROPPED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
)
_DROP = re.compile(f"[{DROPPED}]")
"""Characters without a width, as a class of a regular expression."""


def _table() -> dict[int, str]:
    table = {ord(old): new for old, new in _traditional().items()}
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    for old in "\u00a0\u1680\u3000\u202f\u205f\u3164" + "".join(map(chr, range(0x2000, 0x200B))):
        table[ord(old)] = " "
    for old in "\r\x0b\x0c\x85\u2028\u2029":
        table[ord(old)] = "\n"
    for old in "│┃║╎╏┆┇┊┋¦︱︲｜∣":
        table[ord(old)] = "|"
    for code in range(0x2500, 0x2580):  # corners and crossings of a drawn table
        table.setdefault(code, "+")
    for old in "─━┄┅┈┉═":  # a rule drawn with these is a border; a lone one is a dash
        table[ord(old)] = "—"
    for old in "−﹣‐‑˗⁻₋➖":
        table[ord(old)] = "-"
    for old in "–―﹘⸺⸻":
        table[ord(old)] = "—"
    table |= dict.fromkeys(map(ord, "丶､"), "、")
    for old in "○◯":
        table[ord(old)] = ZERO
    for old in "〔［【〖﹙[{":
        table[ord(old)] = "("
    for old in "〕］】〗﹚]}":
        table[ord(old)] = ")"
    for low, high in (
        (0x2460, 0x249B),
        (0x2776, 0x2793),
        (0x3220, 0x3229),
        (0x3280, 0x3289),
        (0x24F5, 0x24FE),
    ):
        for code in range(low, high + 1):
            table[code] = ORDINAL
    for old in "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉":  # raised or lowered: a note, never a digit
        table[ord(old)] = ORDINAL
    for low, high in ((0x2E80, 0x2FD5), (0xF900, 0xFAD9)):  # radicals that PDF text is full of
        for code in range(low, high + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = table.get(ord(plain), plain)
    return table


_FOLD = _table()
# Most of a text stays as it is: only the runs that do not are looked up character by character.
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]+")


_SPELLED = "其它", "其他"  # offices write the word of the forms both ways


def fold_characters(text: str) -> str:
    """Fold a text character for character, of the same length; nothing is dropped."""
    return _FOLDED.sub(lambda run: run[0].translate(_FOLD), text).replace(*_SPELLED)


def fold_text(text: str) -> str:
    """Fold a short text (a label, a cell) when offsets do not matter."""
    return _DROP.sub("", text).translate(_FOLD).replace(*_SPELLED)
