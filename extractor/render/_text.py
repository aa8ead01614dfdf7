"""Text that came from a report, made safe to show, and its width in a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

_REPLACEMENT = "\ufffd"
# Characters that change what the reader sees without being seen themselves: C0 and C1 controls,
# DEL, the bidirectional overrides, lone surrogates (not encodable) and the noncharacters that
# HTML forbids.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_DELETE = 0x7F
_FIRST_PICTURE = 0x2400
_LONGEST_FIGURE = 24


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < ord(" "):
        return chr(_FIRST_PICTURE + code)
    return "\u2421" if code == _DELETE else _REPLACEMENT


def visible(text: str) -> str:
    """``text`` with every unseen control character replaced by a visible sign; tab and LF stay."""
    return _UNSEEN.sub(_picture, text)


def one_line(text: str, limit: int = 400) -> str:
    """``text`` for one line of a terminal: no control, no line break, no escape sequence.

    Args:
        text: Anything, also text of a report.
        limit: Most characters kept; the rest becomes an ellipsis.
    """
    # Cut before the expensive steps: a cell of a hostile report may be megabytes long.
    cut = text[: limit * 4]
    cut = visible(_SPACES.sub(" ", cut)).strip()
    cut = "".join(c for c in cut if unicodedata.category(c) != "Cf")
    return cut if len(cut) <= limit and len(text) <= limit * 4 else cut[: limit - 1] + "…"


def html(text: str) -> str:
    """``text`` as HTML text or attribute value, controls visible."""
    return escape(visible(text.replace("\r\n", "\n").replace("\r", "\n")), quote=True)


def figure(value: object) -> str:
    """A number in digits; one too long to read says how long it is."""
    try:
        text = str(value)
    except ValueError:  # CPython refuses to print integers of more than 4,300 digits.
        return "…[>4300]"
    if len(text) > _LONGEST_FIGURE:
        return f"{text[:8]}…[{len(text)}]"
    return text


def width_of(text: str) -> int:
    """How many terminal cells ``text`` takes; ambiguous characters count as one."""
    total = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
            continue
        total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total


def clip(text: str, width: int) -> str:
    """``text`` in at most ``width`` terminal cells, an ellipsis at the cut."""
    if width_of(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        step = width_of(char)
        if used + step > width - 1:
            break
        kept, used = kept + char, used + step
    return kept + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """``text`` filled with spaces to ``width`` terminal cells."""
    gap = " " * max(0, width - width_of(text))
    return gap + text if right else text + gap


def columns(rows: Sequence[Sequence[str]], *, text: int = 1) -> Iterator[str]:
    """A table in lines of a terminal: the first ``text`` columns from the left, figures from the right."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        padded = [pad(cell, width, right=at >= text) for at, (cell, width) in enumerate(cells)]
        yield ("  " + "  ".join(padded)).rstrip()


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces or between wide characters."""
    # A wide character may be broken after, a run of narrow ones may not; closing punctuation
    # stays with what it closes.
    units = re.findall(r" +|[!-~]+|.[，。、；：）”！？…—]*", text, flags=re.DOTALL)
    lines, line, used = [], "", 0
    for unit in units:
        step = width_of(unit)
        if used + step > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
            if not unit.strip():
                continue
        line, used = line + unit, used + step
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines
