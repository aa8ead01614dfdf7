"""Remarks of a whole report: words of its title and around it, who else and which other year it names as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from verify.agencies import same_agency
from verify.findings import Finding
from verify.forms import Form
from verify.harmless import Grammar, Where
from verify.layout import Layout
from verify.titles import Title, around_title, is_office, lines_at_top, unread_title
from verify.unexplained import NOTHING, unexplained


def find_title_remarks(layout: Layout, form: Form, grammar: Grammar) -> Iterator[Finding]:
    """A remark on every cell for words that are neither agency nor year nor what such a report is called.

    Args:
        layout: The source.
        form: Of the report.
        grammar: What is known, in this report.
    """
    text = layout.stream.folded.text
    title = layout.titles[0] if layout.titles else None
    first = layout.zones[0].segments[0].entries[0].start if layout.zones else None
    said: list[tuple[tuple[int, int], Where]] = []
    beside = title.beside if title else None
    if title is None and first is not None:
        beside = unread_title(text, min([first, *layout.openings]))
    if beside is not None:
        said.append((beside, "title"))
    elif title is None and first is not None:
        said += [(place, "top") for place in lines_at_top(text, min([first, *layout.openings]))]
    if title is None and first is not None and (broken := _BROKEN_TITLE.search(text, 0, first)):
        yield _remark(layout, form, broken.span())
    if title is not None and first is not None and title.start < first:
        said += [(place, "top") for place in around_title(text, title, first)]
    for place, where in said:
        words = text[slice(*place)]
        date = _DATE.search(words) if where == "top" else None
        year = title.year if title else None
        if date and year and (int(date[1]), int(date[2])) < (year, _LAST_MONTH):
            yield _remark(layout, form, place)
            continue
        if not grammar.explains(words, where) and unexplained(words, NOTHING):
            yield _remark(layout, form, place)
    if title is not None and first is not None:
        for place in (*_doubtful(text, title), *_others(layout, title, first)):
            yield _remark(layout, form, place)


def _remark(layout: Layout, form: Form, place: tuple[int, int]) -> Finding:
    span, actual = layout.stream.span(*place), layout.text_of(*place).strip()
    return Finding("remark", form.cells, span=span, actual=actual)


def _doubtful(text: str, title: Title) -> Iterator[tuple[int, int]]:
    """A title whose agency is no office's name, or two, and one whose year is no year of such reports."""
    if title.agency is not None:
        name = text[slice(*title.agency)]
        if len(name) < _SHORTEST or not is_office(name) or _TWO_OFFICES.search(name):
            yield title.agency
    line = text[title.start : title.end]
    if (title.year is not None and not _FIRST_YEAR <= title.year <= datetime.now(UTC).year) or (
        title.year is None and _BROKEN_YEAR.search(line)
    ):
        yield title.start, title.end


def _others(layout: Layout, title: Title, first: int) -> Iterator[tuple[int, int]]:
    """Whom and what year else a report names as its own: in a second title, in its preface, where it is signed."""
    text = layout.stream.folded.text
    own = text[slice(*title.agency)] if title.agency else None
    for other in layout.titles[1:]:
        if (
            other.start < first
            and other.agency
            and own
            and _differs(text[slice(*other.agency)], own)
        ):
            yield other.agency
    for match in _ANNOUNCED.finditer(text[:first]):
        year, name = match["year"], match["name"] or match["before"]
        another_year = title.year is not None and year is not None and int(year) != title.year
        if another_year or (own and name and _differs(name, own)):
            yield match.span()
    last = max(zone.segments[-1].entries[-1].end for zone in layout.zones)
    for match in _SIGNED.finditer(text, last):
        if own and _differs(match["name"], own):
            yield match.span("name")
        dated = int(match["year"]), int(match["month"])
        if title.year is not None and dated < (title.year, _LAST_MONTH):
            yield match.span("date")


def _differs(name: str, own: str) -> bool:
    return same_agency(name, own) == "different"


_SHORTEST = 3  # characters of an office's name
_FIRST_YEAR = 2008  # 《条例》 holds since then
_LAST_MONTH = 12
_OFFICE = r"(?:局|委员会|人民政府|政府|办公室|办事处|委|中心|医院|学校|大学|管委会)"
_TWO_OFFICES = re.compile(rf"{_OFFICE}[与和、及].*{_OFFICE}")
_BROKEN_YEAR = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z×*_□○〇]{2,4}年")
_BROKEN_TITLE = re.compile(
    r"^[^\n，。]*(?<![0-9A-Za-z])(?!(?:19|20)[0-9]{2})[0-9A-Za-z×*_□○〇]{2,4}年[^\n，。]{0,8}信息公开[^\n，。]*报告$",
    re.MULTILINE,
)
_DATE = re.compile(r"(20[0-9]{2})[-年./]([0-9]{1,2})[-月./][0-9]{1,2}")
_ANNOUNCED = re.compile(
    rf"(?:现将|现(?:予)?公布|现发布|特编制|现编制|报告由)(?P<name>[^0-9，。,;；\n]{{2,24}}?{_OFFICE})?(?:(?P<year>20[0-9]{{2}})年)?"
    rf"[^，。,;；\n]{{0,12}}(?:报告|信息公开|编制|发布)|(?P<before>[^0-9，。,;；\n]{{2,24}}?{_OFFICE})(?:现公布|现发布)"
)
_SIGNED = re.compile(
    rf"^[ \t|]*(?P<name>[\u4e00-\u9fff]{{2,24}}{_OFFICE})[ \t|]*\n\s*(?P<date>(?P<year>20[0-9]{{2}})年(?P<month>[0-9]{{1,2}})月[0-9]{{1,2}}日)",  # without a date it may be a link, or the foot of a page
    re.MULTILINE,
)
