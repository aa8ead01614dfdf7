"""Which tables are those of the report that a text is about, and which are another report's.

A text may hold more than one report. A title ends the report before it, and so does a section 一 that
comes after tables; which report is meant is told by the first title or not at all. A table under the
caption of another year or agency, or attached behind the report, is another report's as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.agencies import same_agency
from verify.layout import Layout
from verify.surroundings import is_behind
from verify.titles import DECORATION, LONGEST_REST, SENTENCE, Title, may_be_one_agency, same_title
from verify.zones import Zone


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
    zones = _by_titles(layout)
    if zones is None:
        return None
    meant, others = zones
    ends = sorted(zone.segments[-1].entries[-1].end for zone in meant)
    starts = [title.start for title in layout.titles]
    foreign: set[int] = set()
    there: set[str] = set()
    for zone in sorted(meant, key=lambda zone: zone.segments[0].index):
        # What follows another's table behind the report is another's as well.
        if _is_captioned(zone, layout, ends, starts) or (foreign and zone.table in there):
            foreign.add(id(zone))
        else:
            there.add(zone.table)
    if not foreign:
        return zones
    return (
        [zone for zone in meant if id(zone) not in foreign],
        sorted(
            [*others, *(zone for zone in meant if id(zone) in foreign)],
            key=lambda zone: zone.segments[0].index,
        ),
    )


def annex_of_nobody(layout: Layout, zone: Zone) -> tuple[int, int] | None:
    """The folded range of the caption over a table behind the report that does not say whose the table is.

    附件1：X局统计表 names another office, 附：更正后数据 nobody: it may as well be this report's.
    """
    text = layout.stream.folded.text
    end = zone.segments[0].entries[0].start
    start = text.rfind("\n", 0, max(0, end - _BEFORE)) + 1
    found = None
    for line in text[start:end].split("\n"):
        bare = line.strip(DECORATION)
        attached = _ATTACHED.match(bare)
        caption = bare[attached.end() :].strip() if attached else ""
        if caption:
            another = _names_another(caption, layout) or _names_another_year(caption, layout)
            found = None if another else (start, start + len(line))
        start += len(line) + 1
    return found


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
    lines = [line.strip(DECORATION) for line in text[start:end].split("\n")[1:]]
    behind = any(is_behind(line) for line in lines)
    if not behind:
        headings = [(i, line[0]) for i, line in enumerate(lines) if _SECTION.match(line)]
        if headings:
            lines = lines[next(i for i, number in headings if number == headings[-1][1]) :]
    for caption in lines:
        attached = _ATTACHED.match(caption) is not None
        if not caption or len(caption) > 2 * LONGEST_REST:
            continue
        if SENTENCE.search(caption) and not attached:
            continue
        if before and _names_another(caption, layout):
            return True
        rest = _OF_CAPTIONS.sub("", caption.replace(agency, "") if agency else caption)
        if rest:
            if attached and behind and before:
                return True  # of somebody else
            continue
        if _names_another_year(caption, layout):
            return True
        if _LAST_YEAR.search(caption) and "本年" not in caption:
            return True
    return False


_OFFICE = re.compile(
    r"^(?:\(?[一二三四五六七八九十0-9]{1,2}[)、.])?(?P<name>[^0-9()、:：]{2,24}?(?:局|委员会|政府|办公室|中心|办事处))"
    r"(?=$|的|(?:19|20)[0-9]{2}|二〇|年度|主动|收到|情况|信息|统计)"
)


def _names_another(caption: str, layout: Layout) -> bool:
    """Whether a caption begins with the name of an agency that is not the title's."""
    own = layout.titles[0].agency if layout.titles else None
    match = _OFFICE.match(caption.replace(" ", ""))
    if own is None or match is None:
        return False
    return same_agency(match["name"], layout.stream.folded.text[slice(*own)]) == "different"


def _names_another_year(caption: str, layout: Layout) -> bool:
    """Whether a caption names years, and the title's is none of them."""
    year = layout.titles[0].year if layout.titles else None
    years = {int(found) for found in _CAPTION_YEAR.findall(caption)}
    return year is not None and bool(years) and year not in years


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
    if (
        first
        and first.start > layout.zones[0].segments[0].entries[0].start
        and _share_tables(reports)
    ):
        return None  # a report without a title, then one with it
    if first is None or first.year is None:
        return None if _share_tables(reports) else (layout.zones, [])
    meant = [r for r in reports if r.title and r.title.year == first.year]
    later = [r for r in reports if r.title and r.title.year and r.title.year > first.year]
    if later and _share_tables([*meant, *later]):
        return (
            None  # an earlier report may be attached to this one, a later one is none's attachment
        )
    named = [
        r for r in meant if r.title and may_be_one_agency(layout.stream.folded.text, r.title, first)
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
            if title is None or not same_title(text, title, next_title):
                opened = False
            title, next_title = next_title, next(titles, None)
        part += opened and bool(found)
        for report in found[-_MOST_OPEN:]:
            if report.part == part and same_title(text, report.title, title):
                report.zones.append(zone)
                break
        else:
            found.append(_Report(title, part, [zone]))
    yield from found


_MOST_OPEN = 8


def _share_tables(reports: list[_Report]) -> bool:
    tables = [table for report in reports for table in {zone.table for zone in report.zones}]
    return len(tables) != len(set(tables))
