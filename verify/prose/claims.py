"""Find what the prose claims: every figure, and every 未 and 无, whose subject the tables count."""

from __future__ import annotations

import re

from verify.fold import fold_text
from verify.layout import Layout
from verify.prose._types import Claim
from verify.prose.context import LONGEST, State
from verify.prose.passages import BREAK, passages
from verify.prose.sentence import Sentence
from verify.prose.tokens import tokens

_SENTENCE = re.compile(r"(?:[^。;!?.]|(?<![\u4e00-\u9fff])\.|\.(?=[0-9A-Za-z]))+")
_SUBJECT = re.compile(
    "申请|复议|诉讼|结转|规范性文件|规章|行政(?:许可|处罚|强制|事业)|集中采购|采购总?金额|信息[^,0-9]{0,6}[0-9]"
    "|依申请|办结|答复|[予以分]公开|自然人|法人|企业"
)
_FIGURE = re.compile(
    "[0-9][件条份宗项起例部个次万元]|[零〇]|没有|[未无](?![来法关误偿线故需论])|[为均各共数量][0-9]"
    "|[一二两三四五六七八九十百][件条份宗项起例部个次]|[0-9](?:$|[,、])"
)
_NAMED = re.compile("信息公开|公开信息|依申请公开|公开申请|申请公开|政务公开|政府信息")
_REQUESTS = re.compile("依申请公开|信息公开申请")
_HEADING_REACH = 40  # characters before the first paragraph of a section, for its heading
_HEADING = re.compile(
    r"(?:(?P<requests>收到和处理政府信息公开申请)|政府信息公开行政复议)[^\n。,;0-9]{0,10}[ \t]{0,4}\n\s{0,8}$"
)


def find_claims(layout: Layout) -> tuple[Claim, ...]:
    """Every claim of the prose, in order of the source.

    Args:
        layout: The report.

    Returns:
        Claims about what the tables count, and about information disclosed. Parts of a sum that
        are no claims of their own are only in ``parts``.
    """
    own = _own_names(layout)
    year = layout.titles[0].year if layout.titles else None
    folded = layout.stream.folded.text
    found: list[Claim] = []
    for passage in passages(layout):
        state = State(year)
        if "公开" in passage.text:
            state.about.add("disclosure")
        if _NAMED.search(passage.text):
            state.about.add("named")
        before = folded[max(0, passage.offsets[0] - _HEADING_REACH) : passage.offsets[0]]
        heading = _HEADING.search(before)
        if heading and heading["requests"]:
            state.about |= {"disclosure", "requests", "named"}
        elif heading:
            state.about |= {"disclosure", "proceedings"}
        for match in _SENTENCE.finditer(passage.text):
            if match.end() - match.start() > LONGEST or BREAK in match[0]:
                continue  # digits that a line end parts may be a year or a figure
            if _FIGURE.search(match[0]) is None or _SUBJECT.search(match[0]) is None:
                if _REQUESTS.search(match[0]):
                    state.about.add("requests")
                continue
            words = tokens(passage.text, match.start(), match.end(), own)
            found += Sentence(layout, passage, match.span(), state, words, own).claims()
    return tuple(found)


def _own_names(layout: Layout) -> frozenset[str]:
    """The agency's name as its title prints it, and that name without the place before it."""
    for title in layout.titles:
        if title.agency is not None:
            name = layout.stream.folded.text[slice(*title.agency)].replace(" ", "")
            name = fold_text(name)
            ends = {name[i:] for i in range(len(name) - 2)}
            ends = {n for n in ends if n == name or n[0] in "省市县区州旗镇乡"}
            return frozenset(ends)
    return frozenset()
