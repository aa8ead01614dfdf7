"""Words that stand not in the text but are seen with it: names of sheets, running heads, watermarks, notes."""

from __future__ import annotations

import re

_TITLE = re.compile(r"[^\n\t]*20[0-9]{2}[^\n\t]*(?:报告|年报|報告|年報)[^\n\t]*")
_USUAL = re.compile(
    r"(?:https?|file)://[!-~ ]+|20[0-9]{2}(?:[-/.]|年)[0-9]{1,2}(?:[-/.]|月)[0-9]{1,2}日?|[0-9]{1,2}:[0-9]{2}|"
    r"政府|信息|信息公开|公开|工作|年度|报告|年报|報告|年報|报表|统计|数据|情况|主动|依申请|申请|收到和处理|"
    r"行政|复议|诉讼|附件|附表|表格|工作表|正文|sheet|table|page|第\s*[0-9]*\s*页|共\s*[0-9]*\s*页|"
    r"(?<![0-9])[0-9]{1,2}(?![0-9])|[一二三四五六表年和及页第共]|[\W_]",
    re.IGNORECASE,
)


def titles_of(text: str) -> list[str]:
    """Lines that name a report and its year, without blanks."""
    return ["".join(found.group().split()) for found in _TITLE.finditer(text)]


def is_usual(words: str, text: str) -> bool:
    """Whether words say nothing but what such a report is called, its pages, and what its title says.

    Args:
        words: Those beside the text.
        text: Before the first table of figures.
    """
    rest = [part for part in _USUAL.sub("\n", words).split("\n") if part]
    titles = titles_of(text)
    return not rest or (
        bool(titles) and all(len(part) > 1 and part in title for part in rest for title in titles)
    )
