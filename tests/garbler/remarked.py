"""Words beside a figure in its cell: corrections, periods, parts; and the few that are harmless."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .choose import Do, Place, in_cell, listed, pick, places, plant, print_as
from .model import Draft, Kind
from .registry import given, new

_BRACKETS = (("（", "）"), ("(", ")"), ("［", "］"), ("【", "】"), ("〔", "〕"), ("", ""))
_CORRECTED = listed(
    "调整后{n}|更正为{n}|变更为{n}|核减后{n}|校正为{n}|去重后{n}|审定{n}|作废，{n}|应为{n}|"
    "实为{n}|修正为{n}|改为{n}|核实后{n}|剔除重复后{n}|订正{n}|现为{n}|实际{n}|复核后为{n}|"
    "以{n}为准|核增后{n}|最终{n}|更正：{n}|误，正确数{n}|重报{n}件|调整后{n}件|"
    "经核实为{n}件|合并后{n}|审减至{n}"
)
_FORMER = listed("原{o}|原为{o}|调整前{o}|更正前{o}|原报{o}件|核减前{o}|误报{o}")
_VOID = listed(
    "作废|已作废|无效|待核|待核实|存疑|有误|数据有误|暂定|暂估|初步数|未审核|测试|样例|"
    "示例|以附件为准|不实|不准确|已删除|撤销"
)
_PERIODS = listed(
    "上半年|下半年|1-6月|1—6月|1至6月|一季度|第四季度|前三季度|截至6月底|截至9月30日|"
    "{last}年|上年|去年|上年度|累计|历年累计|2008年以来|月均|年均|计划|计划数|预计|目标|"
    "同比|环比|增量|12月|半年数|当月|近三年|自{last}年起"
)
_SCOPES = listed(
    "全市|全县|全区|全系统|含下属单位|含乡镇|下属单位|不含本级|市本级|县直部门|"
    "所属事业单位|各街道|全省|含二级单位|合并口径|另一口径|不含网上|仅线上"
)
_OTHER_WORDS = listed(
    "含上年2件|较上年增加|注1|见说明|不含网办|网上办理|按结果口径|机关本级|含补办|含并案|"
    "不重复计算|与上年持平|含历史数据|人工统计|系统导出"
)
_PREFIXES = listed(
    "第|全市|全县|全区|上年|去年|上半年|累计|历年累计|计划|预计|平均|月均|人均|编号|No.|"
    "序号|同比增|其中|下属单位|{last}年|年均|No|排名第|另|应"
)
_SUFFIXES = listed(
    "倍|%|％|‰|成|号|页|人|元|天|小时|次/月|件/月|件/年|分|级|名|位|月|年|日|公里|时|亩|折"
)


def _beside(rng: Random, words: str) -> str:
    opening, closing = rng.choice(_BRACKETS)
    gap = rng.choice(("", "", " ")) if opening else ""
    return f"{gap}{opening}{words}{closing}"


def _fill(draft: Draft, words: str, **figures: int) -> str:
    return words.format(last=draft.year - 1, **figures)


def _of_size(draft: Draft, rng: Random, least: int, most: int) -> tuple[Place, int] | None:
    """A cell with a figure of this size, taken for this damage; and the figure."""
    found = places(draft, least=least, most=most)
    found += [p for p in places(draft, "proactive") if p not in found]
    place = pick(draft, rng, found)
    return None if place is None else (place, plant(draft, rng, place, (least, most)))


def beside_figure(kind: Kind) -> Callable[[Do], Do]:
    """Register a damage that is given a cell and its figure."""
    return given(lambda draft, rng: _of_size(draft, rng, 1, rng.choice((9, 99, 9999))), kind)


def _doubtful(draft: Draft, rng: Random, words: str, *, before: bool = False) -> bool:
    found = _of_size(draft, rng, 1, rng.choice((9, 99, 9999)))
    if found is None:
        return False
    place, figure = found
    words = _fill(draft, words)
    print_as(
        place,
        str(figure),
        before=words if before else "",
        after="" if before else _beside(rng, words),
    )
    draft.doubt([place.figure])
    draft.at_least("lossy")
    return True


@beside_figure("legible")
def remark_corrects(draft: Draft, rng: Random, place: Place, figure: int) -> None:
    """A remark in the cell gives another figure in place of the one before it."""
    old = figure + rng.choice((1, 2, 6, 10))
    opening, closing = rng.choice(_BRACKETS)
    head, tail = rng.choice(_CORRECTED).split("{n}")
    print_as(place, str(figure), before=f"{old}{opening}{head}", after=tail + closing)
    draft.may_read([place.figure])


@beside_figure("legible")
def remark_on_the_former_figure(draft: Draft, rng: Random, place: Place, figure: int) -> None:
    """A remark in the cell tells what the figure was before."""
    words = rng.choice(_FORMER).format(o=figure + rng.choice((1, 2, 6, 10)))
    print_as(place, str(figure), after=_beside(rng, words))
    draft.may_read([place.figure])


@new("lossy")
def remark_voids(draft: Draft, rng: Random) -> bool:
    """A remark in the cell says that its figure does not hold."""
    return _doubtful(draft, rng, rng.choice(_VOID))


@new("lossy")
def remark_of_another_period(draft: Draft, rng: Random) -> bool:
    """A remark in the cell gives its figure to another period."""
    return _doubtful(draft, rng, rng.choice(_PERIODS))


@new("lossy")
def remark_of_another_scope(draft: Draft, rng: Random) -> bool:
    """A remark in the cell gives its figure to other offices or to a part."""
    return _doubtful(draft, rng, rng.choice(_SCOPES))


@new("legible")
def remark_not_known(draft: Draft, rng: Random) -> bool:
    """A remark in the cell that says nothing against its figure, in words of no list."""
    found = _of_size(draft, rng, 1, 9999)
    if found is None:
        return False
    place, figure = found
    print_as(place, str(figure), after=_beside(rng, rng.choice(_OTHER_WORDS)))
    draft.may_read([place.figure])
    return True


@beside_figure("lossless")
def remark_harmless(draft: Draft, rng: Random, place: Place, figure: int) -> None:
    """A remark that is known to be harmless: a part of the figure, last year's, the change."""
    part = rng.randint(1, figure)
    last = draft.year - rng.randint(1, 2)
    sign, opening = rng.choice("+-"), rng.choice((0, 1))
    words = rng.choice(
        (
            f"其中修订{part}件",
            f"其中{part}件",
            f"其中网上{part}件",
            f"{last}年：{figure + part}",
            f"同比{sign}{part}%",
            f"同比{sign}{part}.5%",
        )
    )
    print_as(place, str(figure), after="{1}{0}{2}".format(words, *_BRACKETS[opening]))
    draft.fates[place.figure.cell].loose = True


@beside_figure("lossy")
def remark_nearly_harmless(draft: Draft, rng: Random, place: Place, figure: int) -> None:
    """The near neighbours of harmless remarks: a part above the whole, this year's other figure."""
    more = figure + rng.randint(1, 9)
    words = rng.choice(
        (
            f"其中修订{more}件",
            f"其中{more}件",
            f"{draft.year}年：{more}",
            f"{draft.year + 1}年：{more}",
            f"本年：{more}",
            f"{draft.year}年度{more}件",
            f"占全市{more}%",
            "同比",
            "其中",
        )
    )
    print_as(place, str(figure), after="{1}{0}{2}".format(words, *rng.choice(_BRACKETS[:2])))
    draft.doubt([place.figure])


@new("lossy")
def word_before_figure(draft: Draft, rng: Random) -> bool:
    """A word right before the figure makes it something else's."""
    return _doubtful(draft, rng, rng.choice(_PREFIXES), before=True)


@beside_figure("lossy")
def word_after_figure(draft: Draft, rng: Random, place: Place, figure: int) -> None:
    """A word or sign right after the figure makes it another quantity."""
    print_as(place, str(figure), after=rng.choice(_SUFFIXES))
    draft.doubt([place.figure])


@in_cell("legible", apart=True)
def two_figures_in_a_cell(draft: Draft, rng: Random, place: Place) -> None:
    """Last year's or a wider figure stands in the cell beside this year's, each with its word."""
    figure = plant(draft, rng, place, (1, 9999))
    other = figure + rng.randint(1, 60)
    last, year = draft.year - 1, draft.year
    before, after = rng.choice(
        (
            ("上年{o} 本年", ""),
            ("上年 {o} 本年 ", ""),
            ("去年{o}，今年", ""),
            ("{last}年{o} {year}年", ""),
            ("全市 {o} 其中本级 ", ""),
            ("全市{o}，本级", ""),
            ("原{o} 现", ""),
            ("{o} 改 ", ""),
            ("本年", " 上年{o}"),
            ("{year}年", "；{last}年{o}"),
            ("上期{o}/本期", ""),
            ("全县{o}件，本机关", "件"),
            ("本级", "（全市{o}）"),
            ("{last}年：{o}\u3000{year}年：", ""),
        )
    )
    print_as(
        place,
        str(figure),
        before.format(o=other, last=last, year=year),
        after.format(o=other, last=last, year=year),
    )
    draft.may_read([place.figure])
