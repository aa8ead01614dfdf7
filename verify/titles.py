"""Titles of reports: whose a report is, and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Title:
    """A title line: whose report, and of which year.

    Attributes:
        start: Folded offset.
        agency: Folded range of the agency's name, or None.
        year: Year of the report, or None when the title does not name one.
        beside: Folded range of words that are neither, and not what such a report is called.
        end: Folded offset at which its last line ends.
    """

    start: int
    agency: tuple[int, int] | None
    year: int | None
    beside: tuple[int, int] | None = None
    end: int = 0


_YEAR = "(?P<year>(?:19|20)[0-9]{2}|二[〇零Oo○一二三四五六七八九]{3})"
_BEFORE_YEAR = "(?:附件[0-9一二三四五六]{0,2}[:：]?)?(?P<agency>[^0-9]{0,40}?)"
_AFTER_YEAR = r"\)?年?度?(?P<rest>[^0-9]{0,24}?)(?:政府)?信息公开(?:工作)?的?(?P<late>(?:19|20)[0-9]{2})?年?(?:年?度)?(?:工作)?(?:情况)?的?(?:报告|年报)"
_TITLE = re.compile(f"{_BEFORE_YEAR}{_YEAR}?{_AFTER_YEAR}")
_DATED = re.compile(f"{_BEFORE_YEAR}{_YEAR}{_AFTER_YEAR}")  # its year printed before 信息公开
_YEARS = re.compile(
    f"{_YEAR}(?P<more>(?:年?度?[-—~～至到、和及,/]{_YEAR.replace('?P<year>', '?:')})+)"
)
_YEAR_BEHIND = re.compile(rf"\(?{_YEAR}年?度?\)?")
_YEAR_BELOW = re.compile(r"[ \t#*|》]*\n\s*\(?((?:19|20)[0-9]{2})年?度?\)?[ \t]*(?=\n)")
_CHINESE_DIGITS = str.maketrans("〇零Oo○一二三四五六七八九", "00000123456789")
SENTENCE = re.compile(r"[，。；,;]|(?<!附件)[：:]")
_OPENING = re.compile(r"(?:一、?)?总体情况")
DECORATION = ' \t#*|《》<>"“”'
_LONGEST_TITLE = 120
LONGEST_REST = 30
_MOST_LINES = 3
_NO_NAME = re.compile(
    "网站|信息公开|[单位机构来源]{2}\\s|[局府会室]\\s+[^局府会室\\s]{2,}[局府会室]|^各"
)
_OF_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度")
_MADE = re.compile(
    "^.{0,12}(?:编制(?!委|办)|制定|撰写|发布(?!中心)|公布|印发|报送|上报|转发)了?"
)  # not 机构编制委员会, 新闻发布中心
_LEADING = re.compile(r"^[^()]{1,6}\)(?=[^()]{2})")  # 【年报】 before the name
_LABELLED = re.compile(r"(?:标\s?题|题\s?[目名]|名\s?称|文件名)[:：]\s*(?=.)")
_SUBJECT = "信息公开"
_OF_TABLES = re.compile(f"{_SUBJECT}(?:工作)?(?:年度)?(?:情况|数据)?统计表")
_SECTION = re.compile(r"\(?[一二三四五六七1-7][)、.]|第[一二三四五六1-6]部分")
_IN_TITLE = frozenset(">»|\t")  # of a path, of a row
_AGENCY = re.compile(
    "[^0-9>:年]*[局府委会院办厅处心司所站队室部社馆校学园区县市镇乡道联团行署台关州旗盟木场师库店厂金备革务庭庙]"
    r"(?:\([^()0-9]*\))?"
)  # what an office's name may end with, a second name in brackets after it


def headings(text: str) -> tuple[list[Title], list[int]]:
    """Titles of reports and beginnings of sections 一, in order; sentences left out."""
    titles: list[Title] = []
    openings: list[int] = []
    above: list[tuple[int, str]] = []
    place = 0
    for line in text.split("\n"):
        start, stripped = place, line.strip(DECORATION)
        place += len(line) + 1
        if not stripped:
            continue
        start += line.index(stripped)
        if labelled := _LABELLED.match(stripped):  # of a saved page
            start, stripped = start + labelled.end(), stripped[labelled.end() :]
        if len(stripped) > _LONGEST_TITLE:
            above = []
            continue
        stripped, behind = _first_field(stripped, start)
        if _OPENING.fullmatch(stripped):
            openings.append(start)
        elif ("报告" in stripped or "年报" in stripped) and "需要报告" not in stripped:
            title = _title([*above, (start, stripped)])
            if title is not None:
                end = start + len(stripped)
                below = _YEAR_BELOW.match(text, end) if title.year is None else None
                if below and title.beside is None:  # the year on a line of its own
                    title = replace(title, year=int(below[1]))
                    end = below.end()
                if title.agency is None and (named := _line_below(text, end)):
                    title = replace(title, agency=named)
                titles.append(replace(title, beside=title.beside or behind, end=end))
        short = len(stripped) <= LONGEST_REST and not SENTENCE.search(stripped)
        above = [*above[1 - _MOST_LINES :], (start, stripped)] if short else []
    return titles, openings


def _line_below(text: str, end: int) -> tuple[int, int] | None:
    """The range of the line below a title that is an office's name and nothing else."""
    match = _NEXT_LINE.match(text, end)
    name = match[1].strip(DECORATION) if match else ""
    if match is None or not _AGENCY.fullmatch(name) or _NO_NAME.search(name):
        return None
    start = match.start(1) + match[1].index(name)
    return start, start + len(name)


_NEXT_LINE = re.compile(r"[^\n]*\n\s*([^\n]{3,40})(?=\n)")


def is_office(name: str) -> bool:
    """Whether a name ends as an office's does and is written in characters alone."""
    return _AGENCY.fullmatch(name) is not None and _NO_CHARACTER.search(name) is None


_NO_CHARACTER = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff()·、]")


def _first_field(line: str, start: int) -> tuple[str, tuple[int, int] | None]:
    """The first field of a line of a sheet that may be a title, and the range of what stands in others."""
    field, tab, others = line.partition("\t")
    if not tab or "信息公开" not in field or not _NAMES_A_REPORT.search(field):
        return line, None
    words = others.strip(DECORATION)
    at = start + len(field) + 1 + others.find(words)
    return field.rstrip(DECORATION), (at, at + len(words)) if words else None


_NAMES_A_REPORT = re.compile("报告|年报")


def _title(lines: list[tuple[int, str]]) -> Title | None:
    """The title that ends on the last of these lines, or None; the fewest lines are tried first."""
    without: Title | None = None  # the year may stand on a line above, or nowhere
    for count in range(1, len(lines) + 1):
        chosen = lines[-count:]
        offsets = [start + i for start, line in chosen for i, c in enumerate(line) if c != " "]
        text = "".join(line.replace(" ", "") for _, line in chosen).replace("\t", "")
        if len(text) != len(offsets) or SENTENCE.search(text):
            continue
        years = _YEARS.search(text)
        if years:  # 2021-2023年: more than one
            text = text[: years.start("more")] + text[years.end() :]
            of_years = offsets[years.start()], offsets[years.end() - 1] + 1
            offsets = offsets[: years.start("more")] + offsets[years.end() :]
        match = _DATED.match(text) or _TITLE.match(text)
        if match is None or len(text) - match.end() > LONGEST_REST:
            continue
        if years:
            return Title(offsets[0], _named(match, offsets), None, of_years)
        behind = _YEAR_BEHIND.fullmatch(text[match.end() :])
        printed = match["year"] or match["late"] or (behind["year"] if behind else "")
        year = printed.translate(_CHINESE_DIGITS) or None
        if year and any(y != year for y in _OF_YEAR.findall(text[match.end() :])):
            year = None  # 2023年…报告(2022年度): of which year is not told
        if year is None and without is not None:
            continue
        if year is None and count < len(lines):
            named = _named(match, offsets)
            if named is not None and without is None:
                without = Title(offsets[0], named, None)
            continue
        agency = _named(match, offsets)
        if agency is None and count < len(lines):
            above_start, above = lines[-count - 1]
            if _AGENCY.fullmatch(above) and not _NO_NAME.search(above):
                agency = (above_start, above_start + len(above))
        beside = _beside(match, offsets, agency)
        return Title(offsets[0], agency, int(year) if year else None, beside)
    return without


def around_title(text: str, title: Title, stop: int) -> Iterator[tuple[int, int]]:
    """The short lines right above and right below a title: what they say may be of the whole report.

    Args:
        text: Folded.
        title: The report's.
        stop: Where its first table begins.
    """
    begin = text.rfind("\n", 0, title.start) + 1
    above = text[:begin].rstrip()
    after = text.find("\n", title.end)
    below = text[after:stop] if 0 <= after < stop else ""
    lines = (
        (above.rfind("\n") + 1, len(above)),
        (after + len(below) - len(below.lstrip()), min(len(text), stop)),
    )
    for start, end in lines:
        line = text[start:end].partition("\n")[0].rstrip()
        words = "".join(line.split())
        if title.agency is None and _AGENCY.fullmatch(words):
            continue
        if (
            1 < len(words) <= (_SHORT_LINE if _HAN.search(words) else LONGEST_REST)
            and not _CLAUSE.search(words)
            and not _SECTION.match(words)
        ):
            yield start, start + len(line)


def lines_at_top(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The short lines that head a text without a title, to its first heading or sentence."""
    place = 0
    for line in text[:end].split("\n"):
        start, words = place, "".join(line.split())
        place += len(line) + 1
        if not words:
            continue
        if SENTENCE.search(words.rstrip(":：")) or _SECTION.match(words) or place > end:
            return
        if len(words) <= LONGEST_REST and not _AGENCY.fullmatch(words):
            yield start, start + len(line)


_SHORT_LINE = 16
_HAN = re.compile("[\u4e00-\u9fff]")
_CLAUSE = re.compile("[，。；,;]")


def unread_title(text: str, end: int) -> tuple[int, int] | None:
    """The range of a line that heads a text as a title does and is none: of a plan, of some months.

    Args:
        text: Folded.
        end: Where the first table, or section 一, begins.
    """
    above = ""
    place = 0
    for line in text[:end].split("\n"):
        start, stripped = place, line.strip(DECORATION)
        place += len(line) + 1
        if not stripped:
            continue
        short = len(stripped) <= 2 * LONGEST_REST and _IN_TITLE.isdisjoint(stripped)
        if short and not SENTENCE.search(stripped) and place <= end:
            of_tables = _OF_TABLES.search(stripped) or _SECTION.match(stripped)
            if _SUBJECT in stripped and re.search(_YEAR, above + stripped) and not of_tables:
                at = start + line.index(stripped)
                return at, at + len(stripped)
            above = stripped
        else:
            above = ""
    return None


def _beside(
    match: re.Match[str], offsets: list[int], agency: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Words between the year and 信息公开 that do not name the agency, or words after the title."""
    rest = match["rest"].strip(DECORATION + "的()")
    start = match.start("rest") + match["rest"].find(rest)
    if rest and agency is not None and offsets[start] > agency[1]:
        return offsets[start], offsets[start + len(rest) - 1] + 1
    after = match.string[match.end() :].strip(DECORATION)
    if after:
        start = match.end() + match.string[match.end() :].find(after)
        return offsets[start], offsets[start + len(after) - 1] + 1
    return None


def _named(match: re.Match[str], offsets: list[int]) -> tuple[int, int] | None:
    """Where the agency's name stands, decoration and particles taken off."""
    for group in ("agency", "rest"):
        core = match[group].strip(DECORATION + "的关于()·•—-_")
        core = _MADE.sub("", _LEADING.sub("", core))
        if core:
            at = match.start(group) + match[group].rindex(core)
            if core.count("(") > core.count(")") and match.string.startswith(")", at + len(core)):
                core += ")"
            if core.endswith("人民") and match.string.startswith("政府", at + len(core)):
                core += "政府"
            return offsets[at], offsets[at + len(core) - 1] + 1
    return None


def same_title(text: str, a: Title | None, b: Title | None) -> bool:
    """Whether two titles, or the lack of one, head the same report."""
    if a is None or b is None:
        return a is b
    named = a.agency is not None and b.agency is not None
    year = a.year == b.year or (named and (a.year is None or b.year is None))
    return year and may_be_one_agency(text, a, b)


def may_be_one_agency(text: str, a: Title, b: Title) -> bool:
    """Whether two titles may name one agency; a shorter name may leave out the place."""
    names = [text[slice(*t.agency)] for t in (a, b) if t.agency]
    return len(names) < 2 or names[0].endswith(names[1]) or names[1].endswith(names[0])
