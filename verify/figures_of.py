"""The figures of a section as they stand, found without any words of the form.

Where no label and no header of a table can be recognised, its section is all that is known of it: the lines
between its heading and the next. Every figure in them is found, and every sign for an empty cell; only what is
plainly none is left out: the number of an item before its words, a date, the number of an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from verify.forms import TableId
from verify.layout import Layout
from verify.reading import Span

_HEADINGS: tuple[tuple[TableId | None, str], ...] = (
    ("proactive", r"二[、.,][^\n]{0,10}主动公开"),
    ("requests", r"三[、.,][^\n]{0,8}(?:收到|申请)[^\n]{0,20}(?:处理|申请)"),
    ("proceedings", r"四[、.,][^\n]{0,24}(?:复议|诉讼)"),
    (None, r"五[、.,][^\n]{0,12}(?:问题|改进|情况)"),
)
_FIGURE = re.compile(
    r"(?<![0-9.A-Za-z])[-−]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9A-Za-z])"
    r"|(?<![^\s|])(?:/|-{1,2}|—{1,2}|〇|无)(?![^\s|])"
)
_HAN = r"[\u3400-\u9fff“《]"
_ITEM_AFTER = re.compile(rf"[.、][ \t]?(?={_HAN})|[)][ \t]?(?={_HAN})")
_DATE_AFTER = re.compile(r"[ \t]?[年月日号]")
_ARTICLE_BEFORE = re.compile(r"[第〔\[(][ \t]?$")
_ARTICLE_AFTER = re.compile(r"[ \t]?[条款项次届章〕]")
_SIGNS = frozenset("/-—无")
MOST_FIGURES = 1_999


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure, or a sign for an empty cell, as it stands.

    Attributes:
        start: Folded offset.
        end: One past its last character.
        span: The same in the source.
        text: Folded.
        line: Folded offset at which its line begins.
        blank: Whether it is a sign for an empty cell.
    """

    start: int
    end: int
    span: Span
    text: str
    line: int
    blank: bool


def sections(layout: Layout) -> dict[TableId, tuple[int, int]]:
    """The sections of the tables, as folded ranges from behind each heading to the next."""
    text = layout.stream.folded.text
    found = sorted(
        (match.start(), match.end(), table)
        for table, pattern in _HEADINGS
        for match in re.finditer(pattern, text)
    )
    ends = [start for start, _, _ in found[1:]] + [len(text)]
    ranges: dict[TableId, tuple[int, int]] = {}
    for (_, start, table), end in zip(found, ends, strict=True):
        if table is None:
            continue
        other = ranges.get(table)
        if other is None or _count(text, start, end) > _count(text, *other):
            ranges[table] = start, end
    return ranges


def _count(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _FIGURE.finditer(text, start, end))


def printed_in(layout: Layout, section: tuple[int, int]) -> tuple[Printed, ...]:
    """Every figure of a section, in order."""
    text = layout.stream.folded.text
    start, end = section
    found = []
    for match in _FIGURE.finditer(text, start, end):
        if match.end() > end or _is_no_figure(text, match):
            continue
        line = max(text.rfind("\n", 0, match.start()) + 1, start)
        span = layout.stream.span(match.start(), match.end())
        blank = match[0][0] in _SIGNS and not match[0][-1].isdigit()
        found.append(Printed(match.start(), match.end(), span, match[0], line, blank))
    return tuple(found[:MOST_FIGURES])


def _is_no_figure(text: str, match: re.Match[str]) -> bool:
    """An item's number before its words, a part of a date, the number of an article."""
    if not match[0][-1].isdigit():
        return False
    before = text[max(0, match.start() - 2) : match.start()]
    if _DATE_AFTER.match(text, match.end()):
        return True
    if _ARTICLE_BEFORE.search(before) and _ARTICLE_AFTER.match(text, match.end()):
        return True
    if "." in match[0] or "," in match[0]:
        return False
    item = _ITEM_AFTER.match(text, match.end())
    return item is not None and (item[0][0] != ")" or before.endswith("("))


def words_before(
    layout: Layout, at: Printed, figures: tuple[Printed, ...], cells: frozenset[Span]
) -> Span | None:
    """The words before a figure: on its line, on the one above, or printed downwards.

    Args:
        layout: The source.
        at: The first figure of a row.
        figures: Of its section.
        cells: Where cells stand; figures that are none may stand between a row's words and its figures.

    Returns:
        Where they stand in the source; None where there are none.
    """
    text = layout.stream.folded.text
    before = [one for one in figures if one.end <= at.start]
    floor = max((one.end for one in before if one.span in cells), default=0)
    begin = max(at.line, floor)
    cuts = [one for one in before if one.start >= begin]
    starts = [begin, *(one.end for one in cuts)]
    pieces = zip(starts, [*(one.start for one in cuts), at.start], strict=True)
    for start, end in reversed(list(pieces)):
        if re.search(_HAN, text[start:end]):
            return _trimmed(layout, start, end)
    return _above(layout, at, max((one.end for one in before), default=0))


def _above(layout: Layout, at: Printed, floor: int) -> Span | None:
    """The line above, or all lines of one character above."""
    text = layout.stream.folded.text
    start, end = at.line, at.line
    lone = 0
    while floor < start and lone <= _DOWNWARDS:
        above = max(text.rfind("\n", 0, start - 1) + 1, floor)
        line = text[above : start - 1].strip()
        if lone and len(line) > 1:
            break
        start = above
        if len(line) > 1:
            break
        lone += 1
    return _trimmed(layout, start, end) if re.search(_HAN, text[start:end]) else None


def _trimmed(layout: Layout, start: int, end: int) -> Span:
    words = layout.stream.folded.text[start:end]
    kept = words.rstrip(_AROUND)
    begun = len(kept) - len(kept.lstrip(_AROUND))
    return layout.stream.span(start + begun, start + len(kept))


_DOWNWARDS = 90  # characters of the longest label
_AROUND = " \t\n|:(),、。;件"
