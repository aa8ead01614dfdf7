"""A source with everything that is found in it before any reading: segments, tables, reports.

A text may hold more than one report. A title ends the report before it, and so does a section 一 that
comes after tables; which report is meant is told by the first title or not at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.parts import join_parts
from verify.stream import Stream, read_stream
from verify.zones import Zone, find_zones, is_credible


@dataclass(frozen=True, slots=True)
class Title:
    """A title line: whose report, and of which year.

    Attributes:
        start: Folded offset.
        agency: Folded range of the agency's name, or None.
        year: Year of the report, or None when the title does not name one.
    """

    start: int
    agency: tuple[int, int] | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A source with everything that is found in it before any reading.

    Attributes:
        source: Decoded text as given.
        stream: Its segments.
        zones: Printed copies of the tables.
        titles: Titles of reports.
        openings: Folded offsets at which a section 一 begins.
    """

    source: str
    stream: Stream
    zones: list[Zone]
    titles: list[Title]
    openings: list[int]

    def text_of(self, start: int, end: int) -> str:
        """The source under a folded range."""
        return self.source[slice(*self.stream.span(start, end))]


def lay_out(source: str) -> Layout:
    """Find segments, tables and titles in a decoded text."""
    stream = read_stream(source)
    titles, openings = _headings(stream.folded.text)
    bounds = sorted([*_other_titles(stream.folded.text, titles), *openings])
    zones = join_parts(find_zones(stream, bounds), stream.segments, bounds)
    zones = [zone for zone in zones if is_credible(zone)]
    return Layout(source, stream, zones, titles, openings)


def _other_titles(text: str, titles: list[Title]) -> list[int]:
    """Where a title stands that is not the one before it once more, as at the top of a page."""
    return [
        title.start
        for i, title in enumerate(titles)
        if not i or not _same(text, titles[i - 1], title)
    ]


_TITLE = re.compile(
    r"(?:附件[0-9一二三四五六]{0,2}[:：]?)?(?P<agency>[^0-9]{0,40}?)(?P<year>(?:19|20)[0-9]{2}|二[〇零一二三四五六七八九]{3})?"
    r"\)?年?度?(?P<rest>[^0-9]{0,24}?)(?:政府)?信息公开(?:工作)?(?P<late>(?:19|20)[0-9]{2})?年?度?(?:工作)?(?:情况)?的?(?:报告|年报)"
)
_DATED = re.compile(_TITLE.pattern.replace("{3})?", "{3})", 1))  # its year printed before 信息公开
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SENTENCE = re.compile(r"[，。；,;]|(?<!附件)[：:]")
_OPENING = re.compile(r"(?:一、?)?总体情况")
_DECORATION = ' \t#*|《》<>"“”'
_LONGEST_TITLE = 120
_LONGEST_REST = 30
_MOST_LINES = 3
_AGENCY = re.compile(
    "[^0-9>:年]*[局府委会院办厅处心司所站队室部社馆校学园区县市镇乡道联团行署台关州旗盟木场师库店厂金备革务庭庙]"
    r"(?:\([^()0-9]*\))?"
)  # what an office's name may end with, a second name in brackets after it
_NO_AGENCY = re.compile("网站|信息公开")


def _headings(text: str) -> tuple[list[Title], list[int]]:
    """Titles of reports and beginnings of sections 一, in order; sentences left out."""
    titles: list[Title] = []
    openings: list[int] = []
    above: list[tuple[int, str]] = []
    place = 0
    for line in text.split("\n"):
        start, stripped = place, line.strip(_DECORATION)
        place += len(line) + 1
        if not stripped:
            continue
        start += line.index(stripped)
        if len(stripped) > _LONGEST_TITLE:
            above = []
            continue
        if _OPENING.fullmatch(stripped):
            openings.append(start)
        elif ("报告" in stripped or "年报" in stripped) and "需要报告" not in stripped:
            title = _title([*above, (start, stripped)])
            if title is not None:
                titles.append(title)
        short = len(stripped) <= _LONGEST_REST and not _SENTENCE.search(stripped)
        above = [*above[1 - _MOST_LINES :], (start, stripped)] if short else []
    return titles, openings


def _title(lines: list[tuple[int, str]]) -> Title | None:
    """The title that ends on the last of these lines, or None; the fewest lines are tried first."""
    without: Title | None = None  # the year may stand on a line above, or nowhere
    for count in range(1, len(lines) + 1):
        chosen = lines[-count:]
        offsets = [start + i for start, line in chosen for i, c in enumerate(line) if c != " "]
        text = "".join(line.replace(" ", "") for _, line in chosen).replace("\t", "")
        if len(text) != len(offsets) or _SENTENCE.search(text):
            continue
        match = _DATED.match(text) or _TITLE.match(text)
        if match is None or len(text) - match.end() > _LONGEST_REST:
            continue
        year = match["year"] or match["late"]
        if year is None and count < len(lines):
            named = _named(match, offsets)
            if named is not None and without is None:
                without = Title(offsets[0], named, None)
            continue
        agency = _named(match, offsets)
        if agency is None and count < len(lines):
            above_start, above = lines[-count - 1]
            if _AGENCY.fullmatch(above) and not _NO_AGENCY.search(above):
                agency = (above_start, above_start + len(above))
        return Title(offsets[0], agency, int(year.translate(_CHINESE_DIGITS)) if year else None)
    return without


def _named(match: re.Match[str], offsets: list[int]) -> tuple[int, int] | None:
    """Where the agency's name stands, decoration and particles taken off."""
    for group in ("agency", "rest"):
        core = match[group].strip(_DECORATION + "的关于(")
        if core:
            at = match.start(group) + match[group].index(core)
            return offsets[at], offsets[at + len(core) - 1] + 1
    return None


@dataclass(slots=True)
class _Report:
    """The zones of one report: its title, or None, and how many sections 一 stand before it."""

    title: Title | None
    part: int
    zones: list[Zone]


def report_zones(layout: Layout) -> tuple[list[Zone], list[Zone]] | None:
    """The zones of the report that the text is about, and those of other reports in it.

    A table under a caption that names another year, or one attached behind the report as that of
    somebody else, is another report's too.

    Returns:
        Zones of the report meant and of others, or None when the same table stands in two reports
        and nothing tells which is meant.
    """
    told = _by_titles(layout)
    if told is None:
        return None
    meant, others = told
    ends = sorted(zone.segments[-1].entries[-1].end for zone in meant)
    starts = [title.start for title in layout.titles]
    foreign = {id(zone) for zone in meant if _is_captioned(zone, layout, ends, starts)}
    if not foreign:
        return told
    return (
        [zone for zone in meant if id(zone) not in foreign],
        sorted(
            [*others, *(zone for zone in meant if id(zone) in foreign)],
            key=lambda zone: zone.segments[0].index,
        ),
    )


_CAPTION_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_LAST_YEAR = re.compile(r"上年|去年|上一年|上期|往年")
_ATTACHED = re.compile(r"附(?:件|表|录)?[0-9一二三四五六]{0,2}[:：]")
_OF_CAPTIONS = re.compile(
    r"(?:19|20)[0-9]{2}年|数据|受理|办理|供|上一?年|去年|上期|往年|同期|[年度]|本[年部单机]?[位门关]?|附[件表录]?|政府信息|信息公开|主动公开|公开"
    r"|收到|处理|[和及的因被表数]|申请|行政复议|行政诉讼|提起|工作|年报|报告|报表|统计|汇总|一览|明细|情况|对比|比较"
    r"|对照|参考|内容|[一二三四五六七八九十0-9]|[^\w]|_"
)
_SECTION = re.compile(
    r"[一二三四五六七]、[^0-9]*(?:[0-9]{4}年?[^0-9]*)?情况"
)  # not 一、本年新收, a row
_BEHIND = re.compile(r"存在的?主?要?问题|需要报告的?事项")
_BEFORE = 400


def _is_captioned(zone: Zone, layout: Layout, ends: Sequence[int], starts: Sequence[int]) -> bool:
    """Whether the lines over a table say that it is of another year, or attached as another's.

    Within the report only what stands under the heading of its section is over a table; behind
    section 五 every caption is.
    """
    text = layout.stream.folded.text
    end = zone.segments[0].entries[0].start
    before = _last_upto(ends, end)
    titled = _last_upto(starts, end)
    start = max(end - _BEFORE, *before, *titled, 0)
    title = layout.titles[0] if layout.titles else None
    agency = text[slice(*title.agency)] if title and title.agency else None
    lines = [line.strip(_DECORATION) for line in text[start:end].split("\n")[1:]]
    behind = any(_BEHIND.search(line) for line in lines)
    if not behind:
        headings = [(i, line[0]) for i, line in enumerate(lines) if _SECTION.match(line)]
        if headings:
            lines = lines[next(i for i, number in headings if number == headings[-1][1]) :]
    for caption in lines:
        attached = _ATTACHED.match(caption) is not None
        if not caption or len(caption) > 2 * _LONGEST_REST:
            continue
        if _SENTENCE.search(caption) and not attached:
            continue
        rest = _OF_CAPTIONS.sub("", caption.replace(agency, "") if agency else caption)
        if rest:
            if attached and behind and before:
                return True  # of somebody else
            continue
        years = {int(y) for y in _CAPTION_YEAR.findall(caption)}
        if title and title.year is not None and years and title.year not in years:
            return True
        if _LAST_YEAR.search(caption) and "本年" not in caption:
            return True
    return False


def _last_upto(places: Sequence[int], end: int) -> Sequence[int]:
    """The last of ascending places up to ``end``, if any."""
    at = bisect_right(places, end)
    return places[at - 1 : at] if at else ()


def _by_titles(layout: Layout) -> tuple[list[Zone], list[Zone]] | None:
    reports = list(_reports(layout))
    if len(reports) < 2:
        alone = reports[0].zones if reports else []
        first = layout.titles[0] if layout.titles else None
        over = reports[0].title if reports else None
        if first and over and first.year and over.year and first.year != over.year:
            return [], alone
        return alone, []
    first = layout.titles[0] if layout.titles else None
    if first is None or first.year is None:
        return None if _share_tables(reports) else (layout.zones, [])
    meant = [r for r in reports if r.title and r.title.year == first.year]
    named = [
        r for r in meant if r.title and _same_agency(layout.stream.folded.text, r.title, first)
    ]
    if len(named) < len(meant) and _share_tables(meant):
        return None
    announced = named[0].title if named else None
    own = [r for i, r in enumerate(named) if i == 0 or r.title is not announced]
    chosen = {id(zone) for report in own for zone in report.zones}
    return (
        [zone for zone in layout.zones if id(zone) in chosen],
        [zone for zone in layout.zones if id(zone) not in chosen],
    )


def _reports(layout: Layout) -> Iterator[_Report]:
    """Zones in order, grouped by the last title before them and by the sections 一 passed."""
    found: list[_Report] = []
    text = layout.stream.folded.text
    titles, openings = iter(layout.titles), iter(layout.openings)
    next_title, next_opening = next(titles, None), next(openings, None)
    title: Title | None = layout.titles[0] if layout.titles else None
    part = 0
    for zone in layout.zones:
        start = zone.segments[0].entries[0].start
        opened = False
        while next_opening is not None and next_opening <= start:
            opened, next_opening = True, next(openings, None)
        while next_title is not None and next_title.start <= start:
            if title is None or not _same(text, title, next_title):
                opened = False
            title, next_title = next_title, next(titles, None)
        part += opened and bool(found)
        for report in found[-_MOST_OPEN:]:
            if report.part == part and _same(text, report.title, title):
                report.zones.append(zone)
                break
        else:
            found.append(_Report(title, part, [zone]))
    yield from found


_MOST_OPEN = 8


def _same(text: str, a: Title | None, b: Title | None) -> bool:
    if a is None or b is None:
        return a is b
    named = a.agency is not None and b.agency is not None
    year = a.year == b.year or (named and (a.year is None or b.year is None))
    return year and _same_agency(text, a, b)


def _same_agency(text: str, a: Title, b: Title) -> bool:
    """Whether two titles may name one agency; a shorter name may leave out the place."""
    names = [text[slice(*t.agency)] for t in (a, b) if t.agency]
    return len(names) < 2 or names[0].endswith(names[1]) or names[1].endswith(names[0])


def _share_tables(reports: list[_Report]) -> bool:
    tables = [table for report in reports for table in {zone.table for zone in report.zones}]
    return len(tables) != len(set(tables))
