"""Whether two names are one agency's, and at what level it stands, from the names alone.

A name is taken apart into the places that it begins with and the duty that follows. Names are
matched with care: a place left out is no difference, a short name is no difference, and an agency
that was renamed or merged is a question for a person. Only another place, or a duty that has
nothing in common, is another agency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verify.data import toml_of
from verify.fold import fold_text

Sameness = Literal["same", "question", "different"]
Level = Literal["province", "city", "county", "township"]

_LONGEST_NAME = 60
_LONGEST_STEM = 14
_IGNORED = re.compile(
    r"[^0-9\u4e00-\u9fff]|本级|机关本部|^关于|^中国共产党|^中共|国家税务总局(?=.)"
)
_COUNTRY = re.compile("^中国(?=.{1,10}[省州盟市县旗区镇乡])")
_PARTY = re.compile("^(.{1,10}?[省州盟市县旗区])委(?:员会)?(?:\\1|(?=人民政府))(?:人民政府)?(?=.)")
"""What stands before an office of a party committee and a government, in a name that says both."""
_ZONE_NAMES = (
    (re.compile("高新技术(?:产业)?开发区"), "高新区"),
    (re.compile("经济技术开发区|经济开发区"), "经开区"),
)
_LEVEL = re.compile(
    "自治区|特别行政区|省|自治州|地区|州|盟|市|自治县|县|自治旗|旗|"
    "(?:(?:经济|高新)?技术(?:产业)?)?开发区|[新林特矿园]区|区|街道|镇|乡(?!族)|苏木"
)
_WORDS = toml_of("verify", "agencies.toml")
_RANKED: dict[Level, str] = {
    "province": "自治区 特别行政区 省",
    "city": "自治州 地区 州 盟 市",
    "county": "自治县 县 自治旗 旗 区",
    "township": "街道 镇 乡 苏木",
}
_RANKS = {name: level for level, names in _RANKED.items() for name in names.split()}
_DUTY = re.compile(
    r"人民政府|政府|街道办|办事处|办公|委员会|管委会|市场|市监|市政|市容|市民|城市|城乡|城管|城建|城镇|住房|住建|乡村|区域|社区|"
    r"园区|景区|库区|县域|镇域|教育|公安|财政|司法|民政|水利|水务|商务|审计|统计|交通|农[业村牧林机垦]|林[业草]|"
    r"卫[生健计]|医[疗保]|发展|发改|人力|人社|自然资源|自规|生态环境|环境|环保|应急|文[化旅广物体联]|体育|旅游|"
    r"科[技学协]|工[业信商]|经[济信贸]|信访|税务|国[土有资家防税]|地方税|退役|行政|审批|政务|政[研法]|数据|大数据|金融|"
    r"机关|管理|规划|投资|招商|档案|气象|地震|残疾|残联|供销|邮政|消防|海[洋事关]|外事|民族|民宗|粮食|烟草|总工会|"
    r"妇[女联]|共青团|安全生产|安监|质量|质监|食品|食药|药品|知识产权|物价|扶贫|移民|房[产地管屋]|畜牧|水产|渔业|"
    r"综合|人防|人民防空|建设|广播|广电|新闻|史志|地方志|红十字|疾病|老龄|计划生育|港澳|台湾事务|台办|侨[务联办]|口岸|公[共路积]|"
    r"铁路|航[运道务]|港[务航]|电力|能源|监狱|戒毒|法[制院]|检察|保密|机构编制|人大|政协|直属|信息|通信|营商"
)
"""Words with which a duty begins; they keep 市场 and 城乡 from being read as places."""
_GOES_ON = {
    "市": re.compile("[市县区]"),
    **dict.fromkeys(
        ("州", "盟", "旗", "乡", "镇", "街道"), re.compile("自治|地区|[省州盟市县旗区镇乡]")
    ),
}
"""What shows that a level is still part of the place's name: 新乡市, 郑州市, 津市市."""
_CITY_WARD = re.compile("市[北南中]区")

_ZONES: tuple[str, ...] = tuple(_WORDS["zones"])
_SHORT: dict[str, str] = _WORDS["short"]
_SUCCESSIONS: tuple[tuple[str, ...], ...] = (
    ("市场监督", "工商行政", "质量技术监督", "食品药品监督", "知识产权"),
    ("自然资源", "国土资源", "规划", "测绘", "林业", "海洋", "不动产"),
    ("卫生", "计划生育", "老龄", "疾病预防"),
    ("生态环境", "环境保护"),
    ("农业", "农牧", "农林", "农村", "畜牧", "水产", "渔业", "扶贫", "乡村振兴", "林业"),
    ("应急管理", "安全生产", "地震", "防震减灾", "消防"),
    ("文化", "旅游", "广播", "广电", "体育", "文物"),
    ("行政审批", "政务服务", "数据", "政务公开", "营商环境"),
    ("商务", "工业", "信息化", "经济", "贸易", "投资促进", "招商", "科技", "科学技术", "中小企业"),
    ("城市管理", "综合执法", "综合行政执法", "市容", "市政"),
    ("税务", "国家税务", "地方税务"),
    ("司法", "法制"),
    ("人民防空", "国防动员"),
    ("支行", "分行"),
    ("发展改革", "物价", "粮食", "物资储备", "能源"),
    ("水利", "水务", "移民"),
    ("住房", "建设", "房产", "房地产", "城乡规划"),
    ("教育", "体育", "科技"),
    ("医疗保障", "社会保险", "人力资源"),
)
"""Duties that the reforms of 2018 and later renamed into each other, merged or parted."""
_EVERYWHERE = frozenset(
    "管理 监督 行政 服务 事务 发展 综合 执法 工作 办公 公室 委员 员会 社会 保障 资源 国家 地方 信息 中心".split()  # noqa: SIM905
)
_KIND = re.compile("(?:委员会|办公室|办公厅|局|厅|部)$")
_CONNECTIVES = str.maketrans("", "", "和与及暨")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of an agency's name.

    Attributes:
        places: Stem and level of each, the largest first; a stem may be empty.
        duty: What it does, in the short form; empty when the name has none.
    """

    places: tuple[tuple[str, str], ...]
    duty: str


def same_agency(a: str, b: str) -> Sameness:
    """Whether two printed names are one agency's.

    Args:
        a: A name as a report prints it.
        b: Another.

    Returns:
        ``same`` for one name in two spellings (short name, place left out, 人民政府办公室 and
        政府办), ``question`` where one may be the other renamed or merged, or where a name says
        too little, ``different`` for another place or a duty with nothing in common.
    """
    first, second = parse(a), parse(b)
    if first == second:
        return "same" if first.places or first.duty else "question"
    if _unclear(first) or _unclear(second):
        return "question"
    return _worse(_places(first.places, second.places), _duties(first.duty, second.duty))


def level_of(agency: str) -> Level | None:
    """The level of the place that an agency's name ends its places with, where that is certain.

    A 市 under another 市 is a county; development zones and the like have no certain level.
    """
    name = parse(agency)
    places = name.places
    if not places or not places[-1][0]:
        return None
    stem, level = places[-1]
    if name.duty.startswith("管理委员会") or (level == "区" and stem.endswith(_ZONES)):
        return None
    rank = _RANKS.get(level)
    if rank == "city" and any(_RANKS.get(level) == "city" for _, level in places[:-1]):
        return "county"
    return rank


def is_government(agency: str) -> bool:
    """Whether a name is that of a whole government or its office, not of one department."""
    duty = parse(agency).duty
    return duty in ("", "政府", "办事处") or duty.startswith("政府办公")


def _unclear(name: Name) -> bool:
    """Whether nothing in a name is understood, as when a title is damaged."""
    return not name.places and _DUTY.match(name.duty) is None


def _worse(*found: Sameness) -> Sameness:
    order: tuple[Sameness, ...] = ("same", "question", "different")
    return max(found, key=order.index)


def parse(name: str) -> Name:
    """The parts of a name; of a very long one, of its beginning."""
    return _parsed(name[:_LONGEST_NAME])


@lru_cache(maxsize=1024)
def _parsed(name: str) -> Name:
    text = _COUNTRY.sub("", _IGNORED.sub("", fold_text(name)))
    text = _PARTY.sub(r"\1", text)
    for written, short in _ZONE_NAMES:
        text = written.sub(short, text)
    places = []
    while (found := _place(text)) is not None:
        stem, level = found
        places.append(found)
        text = text[len(stem) + len(level) :]
    return Name(tuple(places), _duty(text))


def _place(text: str) -> tuple[str, str] | None:
    """The place that a name begins with: its stem and its level; the stem may be left out."""
    if not text:
        return None
    bare = _LEVEL.match(text)
    if bare is not None and _DUTY.match(text, bare.end()):
        return "", bare[0]
    duty = _DUTY.match(text)
    if duty is not None:  # 公安局, but also 公安县
        level = _LEVEL.match(text, duty.end())
        if level is None or not _duty_or_end(text, level.end()):
            return None
        return duty[0], level[0]
    for length in range(1, min(_LONGEST_STEM, len(text) - 1) + 1):
        level = _LEVEL.match(text, length)
        if level is not None and _ends(text, length, level):
            return text[:length], level[0]
    return None


def _duty_or_end(text: str, at: int) -> bool:
    return at == len(text) or _DUTY.match(text, at) is not None


def _ends(text: str, length: int, level: re.Match[str]) -> bool:
    """Whether a place's name really ends with this level, and does not go on (新乡市, 郑州市)."""
    end = level.end()
    duty = _duty_or_end(text, end)
    if level[0] == "州" and not duty:
        return False
    if level[0] == "市" and text[length - 1] == "城" and text.startswith("管理", end):
        return False
    if duty or _CITY_WARD.match(text, end):
        return True
    goes_on = _GOES_ON.get(level[0])
    return goes_on is None or goes_on.match(text, end) is None


def _duty(text: str) -> str:
    """A duty in full words: short names spelled out, 人民政府 as 政府, without 和."""
    text = text.translate(_CONNECTIVES).replace("人民政府", "政府").replace("管委会", "管理委员会")
    if text.endswith("委"):
        text += "员会"
    elif text.endswith("办") and len(text) > 1:
        text += "公室"
    kind = _KIND.search(text)
    core = text[: kind.start()] if kind else text
    return _SHORT.get(core, core) + (kind[0] if kind else "")


def _places(first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]) -> Sameness:
    if first == second:
        return "same"
    if not first or not second:
        return "question"
    found = [_place_pair(first[-1], second[-1])]
    uppers: list[dict[Level, tuple[str, str]]] = [
        {_RANKS[place[1]]: place for place in places[:-1] if place[1] in _RANKS and place[0]}
        for places in (first, second)
    ]
    found += [
        _place_pair(uppers[0][rank], uppers[1][rank]) for rank in uppers[0] if rank in uppers[1]
    ]
    return _worse(*found)


def _place_pair(first: tuple[str, str], second: tuple[str, str]) -> Sameness:
    if first == second or "".join(first) in (second[0], "".join(second)):
        return "same"
    if first[0] == "".join(second):
        return "same"
    if not first[0] or not second[0]:
        return "question"
    for long, short in ((first, second), (second, first)):
        zone = "".join(short)
        if zone.startswith(_ZONES) and "".join(long).endswith(zone):  # 青岚高新区, 青岚市高新区
            return "question"
        if long[0].startswith(short[0]) and long[1].startswith("自治"):  # a people left out
            return "question"
    return "question" if first[0] == second[0] else "different"


def _duties(first: str, second: str) -> Sameness:
    if first == second or {first, second} == {"", "政府"}:
        return "same"
    if {first, second} <= {"", "政府", "办事处", "政府办公室", "政府办公厅", "办公室", "办公厅"}:
        return "question"
    if not first or not second:
        return "different"
    if first in second or second in first:
        return "question"
    one, two = _KIND.sub("", first), _KIND.sub("", second)
    if _themes(one) & _themes(two):
        return "question"
    for group in _SUCCESSIONS:
        if any(word in one for word in group) and any(word in two for word in group):
            return "question"
    return "different"


def _themes(duty: str) -> set[str]:
    """Pairs of characters that say what a duty is about."""
    return {duty[i : i + 2] for i in range(len(duty) - 1)} - _EVERYWHERE
