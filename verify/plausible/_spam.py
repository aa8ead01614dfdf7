"""Spam words in place of ordinary ones: what hacked government pages say instead of 关于 or 政务.

The words stand in ``_spam.toml`` beside this module.
"""

from __future__ import annotations

import re

from verify.data import toml_of
from verify.plausible._joined import Joined
from verify.rules.check import rule

_WORDS = toml_of("verify.plausible", "_spam.toml")
_WORD = "|".join(sorted((*_WORDS["strong"], *_WORDS["weak"]), key=len, reverse=True))
_RUN = re.compile(rf"(?:{_WORD})(?:[,，、|_ -]?(?:{_WORD})){{0,7}}")
_FOUGHT = re.compile(
    "打击|查处|整治|严厉|取缔|涉[赌黄]|赌博|违法|犯罪|案件|破获|扫黄|打非|诈骗|关停|封堵|暗链|黑链|篡改|植入|挂马|漏洞|敏感词"
    "|骗局|骗术|反诈|预警|警惕|谨防|抵制|远离|风险提示"
)
_REGULATED = re.compile(
    "严禁|禁止|防范|处罚|举报|检查|执法|监管|清理|赛事|转播|经营|场所|会所|文化市场|审批|许可|备案|采购|活动|比赛"
    "|福利彩票|体育彩票|福彩|体彩|公益金"
)
_SELLS = re.compile("官网|网址|网站|网(?![络吧咖上信点格店])|下载|开户|试玩|app|APP")
"""What makes a name that a business may have that of a page which sells bets."""
_OPEN = ("“", "‘", "「", "《", '"')
_CLOSE = ("”", "’", "」", "》", '"')
_BUSINESS = re.compile(
    "超市|商店|餐|酒[店楼]|宾馆|有限|[小社]区|广场|花园|店|村|网[吧咖]|会所|俱乐部"
)
_END = re.compile("[。;\n]")
_CHARITY = re.compile("(?:福利|体育|公益|福|体)$")
_REACH = 40
_TRADITIONAL = "註樂賭場遊戲時車飛亞視頻"
_SIMPLIFY = str.maketrans(_TRADITIONAL, "注乐赌场游戏时车飞亚视频")
_ENOUGH = 2


@rule("plausible.spam", severity="warning", codes=("spam_words",))
def find_spam(joined: Joined) -> tuple[int, int, int] | None:
    """The first run of spam words in a text, and how many runs there are.

    Returns:
        Folded start and end of the first run and the number of runs, None when there is too little
        to say so: one word that could be the name of a business is nothing.
    """
    text = joined.text
    if any(character in text for character in _TRADITIONAL):
        text = text.translate(_SIMPLIFY)
    first: tuple[int, int] | None = None
    weak: set[str] = set()
    score = count = 0
    for match in _RUN.finditer(text):
        sold = _SELLS.match(text, match.end()) is not None
        strong = sold or (
            any(word in match[0] for word in _WORDS["strong"]) and not _name(text, match)
        )
        if _meant(text, match, strong=strong):
            continue
        if strong:
            score += _ENOUGH
        elif match[0] not in weak:  # one business may be named often
            weak.add(match[0])
            score += 1
        count += 1
        first = first or match.span()
    if first is None or score < _ENOUGH:
        return None
    return joined.back(first[0]), joined.back(first[1] - 1) + 1, count


def _name(text: str, match: re.Match[str]) -> bool:
    """Whether the words are a name: of a shop, or in quotation marks, which spam in a page has not."""
    if _BUSINESS.match(text, match.end()):
        return True
    return (
        text[match.start() - 1 : match.start()] in _OPEN
        and text[match.end() : match.end() + 1] in _CLOSE
    )


def _meant(text: str, match: re.Match[str], *, strong: bool) -> bool:
    """Whether an office may mean the words: it fights them, or sells tickets for charity."""
    before = _END.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    after = _END.split(text[match.end() : match.end() + _REACH])[0]
    if _FOUGHT.search(before) or _FOUGHT.search(after):
        return True
    if not strong and _BUSINESS.match(text, match.end()):
        return True
    if not strong and (_REGULATED.search(before) or _REGULATED.search(after)):
        return True
    return match[0].startswith("彩票") and _CHARITY.search(before) is not None
