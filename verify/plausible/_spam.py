"""Spam words in place of ordinary ones: what hacked government pages say instead of 关于 or 政务.

Words that an office could mean, because it fights gambling or sells lottery tickets for charity, are
not in the list, or count for less and not at all in a clause that speaks of fighting them.
"""

from __future__ import annotations

import re

from verify.plausible._joined import Joined
from verify.rules.check import rule

_STRONG = """
    球探体育 球探体育比分 球探比分 球探网 体球网 比分直播 比分网 雷速体育 九游会 送彩金 百家乐
    真人视讯 时时彩 在线彩票 彩票平台 彩票网址 幸运飞艇 六合彩 娱乐城官网 娱乐城开户 在线娱乐城
    澳门赌场 澳门新葡京 葡京娱乐 澳门娱乐城 澳门皇冠 皇冠体育 皇冠足球 皇冠投注 威尼斯人娱乐
    真人娱乐 真人荷官 体育投注 足球投注 在线投注 投注网址 投注平台 博彩网 博彩公司 博彩平台
    在线博彩 真钱棋牌 捕鱼达人 亚博体育 亚博娱乐 开云体育 乐鱼体育 万博体育 华体会体育 必威体育
    bet365 BET365 传奇私服 成人视频网 成人电影网 裸聊 同城约炮 情色网 情色片
""".split()
_WEAK = """
    娱乐城 新葡京 永利皇宫 威尼斯人 足球直播 体育直播 体育比分 足球比分 即时比分 老虎机 赌场
    私服 开奖结果 开奖直播 彩票计划 北京赛车 皇冠网 皇冠娱乐 金沙娱乐 棋牌游戏 捕鱼游戏 同城约会
""".split()
_WORD = "|".join(sorted((*_STRONG, *_WEAK), key=len, reverse=True))
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
        strong = sold or (any(word in match[0] for word in _STRONG) and not _name(text, match))
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
