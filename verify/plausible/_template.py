"""Places of a template that nobody filled in: XX市, 20XX年, X件, （单位名称）, （  ）件, {{agency}}."""

from __future__ import annotations

import re
from itertools import islice

from verify.plausible._joined import Joined
from verify.rules.check import rule

_MARK = "[xX×*_]"
_PLACE = re.compile(
    rf"(?P<marks>[xX×*_○〇](?:(?<=[○〇])[○〇]{{1,5}}|(?<={_MARK}){_MARK}{{1,11}}))(?:省(?![道级])|市(?![民场区级直面])|县(?![城级道])|区(?![别分域间级块])"
    r"|[乡镇](?:人民政府|政府|20)|街道办|局(?![部面限长])|委(?:员会|(?![托派员任]))|厅|单位|部门|人民政府"
    r"|办公室|年度?(?![级纪龄轻]))"
)
_COUNT = re.compile(rf"(?P<marks>{_MARK}{_MARK}{{0,11}})(?:件|条|项|份|人次|篇|期|万元|次)")
_YEAR = re.compile(r"20(?:[xX×]{2}|\*{2}|_{2,6})年")
_BRACKETS = re.compile(
    r"\((?:(?:此处|在此|请在此处?)(?:填写|填报|填入|插入|输入|补充)[^()\n]{0,20}"
    r"|(?:填报|报告|编制|本)?(?:单位|机关|部门)(?:全称|名称)"
    r"|(?:填写?|具体)?(?:数字|数量|年份|具体内容|具体情况))\)"
)
_FIELDS = re.compile(
    r"\(\( ?[A-Za-z_][A-Za-z0-9_.]{0,38} ?\)\)|\$\([^()\n]{0,20}[\u4e00-\u9fff][^()\n]{0,20}\)"
)  # folded braces
_NOTHING = re.compile(r"\([ \t]{0,12}\)(?:件|份|人次|篇|万元)")
_BEFORE = re.compile(r"[A-Za-z0-9*×/._@一二三四五六七八九十百千万零○〇-]")
_MOST = 200


@rule("plausible.template", severity="warning", codes=("unfilled_template",))
def find_template(joined: Joined) -> tuple[int, int, int] | None:
    """The first unfilled place of a text, and how many there are.

    Returns:
        Folded start and end of the first, and the number of them (200 of a kind at most are
        counted), or None.
    """
    text = joined.folded  # its blanks and line ends are the places that nobody filled in
    found = [
        match.span()
        for pattern in (_YEAR, _BRACKETS, _FIELDS, _NOTHING)
        for match in islice(pattern.finditer(text), _MOST)
    ]
    for pattern, fewest_stars in ((_PLACE, 3), (_COUNT, 2)):
        found += [
            match.span()
            for match in islice(pattern.finditer(text), _MOST)
            if _is_blank(text, match, fewest_stars)
        ]
    return (*min(found), len(found)) if found else None


def _is_blank(text: str, match: re.Match[str], fewest_stars: int) -> bool:
    """Whether marks before a word stand for a word: alike, alone, and no bold text in Markdown."""
    marks = match["marks"]
    if len({mark.upper() for mark in marks}) > 1:
        return False
    if marks[0] in "*_" and len(marks) < (fewest_stars if marks[0] == "*" else 2):
        return False
    return not match.start() or _BEFORE.match(text[match.start() - 1]) is None
