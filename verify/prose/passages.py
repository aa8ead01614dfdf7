"""The prose of a report: what stands outside its tables, in paragraphs, blanks taken out.

A line that breaks in the middle of a sentence is joined to the next; blank lines, headings, titles and
table cells end a paragraph. Only paragraphs in which a figure could be claimed are given.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from verify.layout import Layout
from verify.prose.tokens import BREAK, PATTERNS
from verify.reading import Span
from verify.reports import report_zones
from verify.titles import Title
from verify.zones import Zone

_ENDS = tuple("。;；!！?？:：")
_TITLE_ENDS = ("报告", "年报")
_CELL_LINE = re.compile(r"[\s0-9.,/|\-—+]*")
_STOP = re.compile(r"[,，。;；:：、]")
_CLOSED = re.compile(
    r".*[0-9]{1,2}月[0-9]{1,2}日|\s*[(【\[〔][^\n]*[)】\]〕]|[^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*"
)  # a date; a line in brackets; one of foreign words
_HEADS = re.compile(r"\s*第[一二三四五六1-6]部分")
_ASIDE = re.compile(
    r"\s*(?:[※*†‡(【\[〔]|注[0-9]{0,2}[:：.、]|(?:说明|备注|更正|勘误)[:：]|第[一二三四五六1-6]部分)"
)
_DOUBLE = re.compile(r"\n(?=\n)")
_GAP = re.compile(r"(?<=[0-9])[ \t\n]+(?=[0-9])")
_BLANKS = re.compile(r"[^ \t\n]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph.

    Attributes:
        text: Folded, without blanks and line ends.
        offsets: For each character its offset in the folded text.
    """

    text: str
    offsets: list[int]


def passages(layout: Layout) -> Iterator[Passage]:
    """Paragraphs of the report that is meant in which a figure could be claimed, in order of the source."""
    yield from paragraphs(layout, wanted=("paragraph", "paragraph_figure"))


def paragraphs(layout: Layout, wanted: tuple[str, ...] = ()) -> Iterator[Passage]:
    """Paragraphs of the report that is meant; of those that hold each of the wanted patterns, if any."""
    own = _own_ranges(layout)
    if not own:
        return
    text = _single_line_ends(layout)
    strangers = _stranger_lines(layout)
    for start, end in _without_tables(own, layout.zones):
        if not all(PATTERNS[name].search(text, start, end) for name in wanted[:1]):
            continue
        for begin, stop in _paragraphs(text, start, end, strangers):
            piece = text[begin:stop]
            if all(PATTERNS[name].search(piece) for name in wanted):
                yield _squeezed(piece, begin)


def _single_line_ends(layout: Layout) -> str:
    """The folded text with one line feed for each line end, of the same length."""
    text = layout.stream.folded.text
    source = layout.source
    if "\r\n" not in source:
        return text
    span = layout.stream.folded.span

    def first(match: re.Match[str]) -> str:
        at, _ = span(match.start(), match.start() + 1)
        return " " if source.startswith("\r\n", at) else "\n"

    return _DOUBLE.sub(first, text)


def _own_ranges(layout: Layout) -> list[Span]:
    """Folded ranges that belong to the report meant."""
    both = report_zones(layout)
    if both is None:
        return []
    own, others = both
    end = len(layout.stream.folded.text)
    bounds = _turns(layout.titles)
    if others:
        bounds = sorted({*bounds, *layout.openings})
    bounds = [0, *(b for b in bounds if b), end]
    mine = [_start(zone) for zone in own]
    foreign = [_start(zone) for zone in others]
    kept: list[Span] = []
    waiting: list[Span] = []
    for begin, stop in pairwise(bounds):
        if any(begin <= s < stop for s in foreign):
            waiting = []
        elif any(begin <= s < stop for s in mine) or len(bounds) == 2:
            kept += [*waiting, (begin, stop)]
            waiting = []
        else:
            waiting.append((begin, stop))
    return kept


def _turns(titles: list[Title]) -> list[int]:
    """Where a title names another year than the title before it."""
    found = []
    year = titles[0].year if titles else None
    for title in titles:
        if title.year is not None and title.year != year:
            found.append(title.start)
            year = title.year
    return found


def _start(zone: Zone) -> int:
    return zone.segments[0].entries[0].start


def _without_tables(ranges: list[Span], zones: list[Zone]) -> Iterator[Span]:
    tables = sorted((_start(zone), zone.segments[-1].entries[-1].end) for zone in zones)
    for start, end in ranges:
        place = start
        for begin, stop in tables:
            if begin >= end or stop <= place:
                continue
            if begin > place:
                yield place, begin
            place = max(place, stop)
        if place < end:
            yield place, end


def _stranger_lines(layout: Layout) -> list[int]:
    """Where cells outside the tables found stand: of a table too broken to be one."""
    inside = {id(segment) for zone in layout.zones for segment in zone.segments}
    return [
        entry.start
        for segment in layout.stream.segments
        if segment.entries and id(segment) not in inside
        for entry in segment.entries
    ]


def _paragraphs(text: str, start: int, end: int, strangers: list[int]) -> Iterator[Span]:
    """Lines of a range, joined where a line end only breaks a sentence."""
    begin = start
    last = ""
    place = start
    for line in text[start:end].split("\n"):
        stop = place + len(line)
        held = bisect_left(strangers, place) < bisect_left(strangers, stop)
        no_prose = (
            ("\t" in line and "\t" in line.strip())
            or "|" in line
            or _CELL_LINE.fullmatch(line) is not None
            or (held and _STOP.search(line) is None)
        )
        if no_prose or _parts_from(last, line):
            if begin < place:
                yield begin, place
            begin = stop if no_prose else place
        last = "" if no_prose else line
        place = stop + 1
    if begin < end:
        yield begin, end


def _parts_from(last: str, line: str) -> bool:
    """Whether a line begins a paragraph of its own."""
    last = last.rstrip()
    return (
        not last
        or last.endswith(_ENDS)
        or PATTERNS["begins"].match(line) is not None
        or last.endswith(_TITLE_ENDS)
        or _CLOSED.fullmatch(last) is not None
        or _ASIDE.match(line) is not None
        or (_HEADS.match(last) is not None and _STOP.search(last) is None)
        or (PATTERNS["begins"].match(last) is not None and _STOP.search(last[4:]) is None)
    )


def _squeezed(piece: str, begin: int) -> Passage:
    piece = _GAP.sub(lambda m: BREAK + " " * (len(m[0]) - 1), piece)
    words: list[str] = []
    offsets: list[int] = []
    for match in _BLANKS.finditer(piece):
        words.append(match[0])
        offsets += range(begin + match.start(), begin + match.end())
    return Passage("".join(words), offsets)
