"""Captions and notes of tables: another period, filler, unit; void, a sample, or nothing unusual."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from . import prose
from .choose import Do, free_tables, listed, pick, places, print_as, take, words_of
from .model import Draft, Kind, Label, Line, Paragraph, Table
from .registry import given, new

_PERIODS = listed(
    "统计时间：1月至6月|（1-6月）|（上半年）|统计期间：{year}年1月1日至6月30日|截至{year}年6月30日|（一季度）|（前三季度）|"
    "{last}年度|（{last}年）|（上年度）|统计年度：{last}年|数据为{last}年度|（去年同期）|半年报|报告期：{last}年|（2008年以来累计）|"
    "历年累计|（自{last}年起累计）|累计数|近三年合计|{before}—{year}年|统计区间：第四季度|（12月份）|数据截至{year}年9月底|"
    "（计划数）|（预计）|全年目标|（月均）|上年同期数"
)
_FILLERS = listed(
    "填报单位：{other}|填表单位：{other}|编制单位：{other}|报送单位：{other}|（{other}）|单位名称：{other}|{other}统计表|"
    "{other}填|制表：{other}|所属：{other}|主体：{other}"
)
_SCOPES = listed(
    "（下属单位）|（所属事业单位）|（全县汇总）|（全市）|（全系统）|全区汇总表|（含下级单位）|（不含本级）|（各乡镇）|（街道）|汇总口径：全市|"
    "统计范围：全县各部门|下属单位统计表|县直部门合计|（全省）|统计口径：全系统|范围：所属二级单位"
)
_VOID = listed(
    "（测试数据）|样表|（示例）|此表作废，以附件为准|（作废）|模板|填表样式|仅供参考|演示数据|试填|草稿|征求意见稿|（未审核）|以下数据有误|"
    "原表（已更正，见下）|此表不作为依据|（非正式）|数据待核|已废止|旧表|虚构数据|（样例）|本表数据无效|错误，勿用|初稿|未定稿|（更正前）|"
    "Sample|TEST|DEMO|（废）"
)
_UNITS = listed(
    "单位：百件|单位：千件|单位：万件|（单位：百件）|计量单位：千件|数据单位：万|单位：十件|以百件计|（百件）|单位:千|单位：%|单位：件/月|"
    "单位：人次|（单位：百个）|数量单位：万件"
)
_HARMLESS = listed(
    "单位：件|（单位：件）|表{k}|附表{k}|统计表|填报单位：{own}|填报单位（盖章）：{own}|{own}|单位：件、万元|"
    "统计时间：{year}年1月1日至12月31日|（{year}年度）|{year}年|统计年度：{year}年"
)
_NOTE = ("注：", "说明：", "备注：", "注:", "", "※", "*", "填表说明：")
_NOTES = listed(
    "以上数据单位为百件|上表数量以千件为单位|本表单位：万件|表中数据均为{last}年数据|以上为上半年数据|本表为全市汇总数|以上数据不含本级|"
    "本表作废|上表为样表|以上数据未经审核|表内数字系累计数|本表由{other}填报|上表数据有误，以附件为准|以上为计划数|数据为月均值|"
    "上述数据截至6月30日|本表数据系测试|上表是{last}年的"
)
_NOTES_NOT_KNOWN = listed(
    "本表由办公室填写|数据来源于业务系统|第{k}项含网上申请|个别申请跨年办理|统计口径与上年一致|部分事项由窗口受理|另有{k}件为咨询|"
    "有关情况见附件{k}|其中{k}件已归档|结转数以系统为准"
)
_SPOTS = ("above", "above", "under heading", "in heading", "first line", "after headers", "end")
_FACTORS = {
    "元": 1,
    "千元": 1_000,
    "百元": 100,
    "亿元": 100_000_000,
    "十元": 10,
    "百万元": 1_000_000,
}
_YUAN = 10_000


def _words(draft: Draft, rng: Random, family: tuple[str, ...]) -> str:
    other = prose.agency(rng)
    while other == draft.agency:
        other = prose.agency(rng)
    return rng.choice(family).format(
        year=draft.year,
        last=draft.year - 1,
        before=draft.year - 2,
        own=draft.agency,
        other=other,
        k=rng.randint(1, 6),
    )


def _put(draft: Draft, rng: Random, table: Table, words: str) -> None:
    """Words over a table: above it, in its heading, in its first cell, under its headers."""
    spot = rng.choice(_SPOTS)
    heading = draft.heading(table.id)
    place = draft.blocks.index(table)
    if spot == "in heading" and heading is not None:
        heading.text += words if words.startswith("（") else f"（{words}）"
    elif spot == "first line":
        table.lines.insert(0, Line([Label(words, "word")], [None] * table.width))
    elif spot == "end" and table.id == "proactive":
        draft.blocks.insert(place + 1, Paragraph(rng.choice(_NOTE[:3]) + words, "note"))
    elif spot == "after headers" and table.id == "requests":
        row = next(i for i, line in enumerate(table.lines) if line.figures)
        table.lines.insert(row, Line([Label(words, "word")], [None] * table.width))
    else:
        draft.blocks.insert(place, Paragraph(words, "note"))


def at_any_table(kind: Kind) -> Callable[[Do], Do]:
    """Register a damage that is given a table, most often table 二."""

    def find(draft: Draft, rng: Random) -> tuple[Table] | None:
        tables = [t for t in free_tables(draft) if t.rows]
        table = take(draft, rng, tables + [t for t in tables if t.id == "proactive"] * 3)
        return None if table is None else (table,)

    return given(find, kind)


def _doubt(draft: Draft, table: Table) -> None:
    draft.doubt(table.figures)


def _caption(name: str, says: str, family: tuple[str, ...]) -> None:
    """Register a damage by words over a table that leave its figures in doubt."""

    def do(draft: Draft, rng: Random, table: Table) -> None:
        _put(draft, rng, table, _words(draft, rng, family))
        _doubt(draft, table)

    do.__name__, do.__doc__ = name, f"A caption {says}."
    at_any_table("lossy")(do)


_caption(
    "caption_of_another_period", "says that a table is cumulative or of another time", _PERIODS
)
_caption("caption_of_another_filler", "says that another office has filled in the table", _FILLERS)
_caption("caption_of_another_scope", "gives a table to other offices or the county", _SCOPES)
_caption("caption_voids", "says that a table is void, a sample, a test or a draft", _VOID)
_caption("caption_of_another_unit", "names a unit that is not one piece", _UNITS)


@at_any_table("lossless")
def caption_harmless(draft: Draft, rng: Random, table: Table) -> None:
    """A caption says the unit, the number of the table, its own office or year."""
    words = _words(draft, rng, _HARMLESS)
    draft.blocks.insert(draft.blocks.index(table), Paragraph(words, "note"))


@at_any_table("lossy")
def note_takes_back(draft: Draft, rng: Random, table: Table) -> None:
    """A note under a table changes its unit, period or whose it is."""
    text = rng.choice(_NOTE) + _words(draft, rng, _NOTES) + rng.choice(("", "。"))
    draft.blocks.insert(draft.blocks.index(table) + 1, Paragraph(text, "note"))
    _doubt(draft, table)


@at_any_table("legible")
def note_not_known(draft: Draft, rng: Random, table: Table) -> None:
    """A note under a table says something that is on no list and takes nothing back."""
    text = rng.choice(_NOTE[:4]) + _words(draft, rng, _NOTES_NOT_KNOWN) + rng.choice(("", "。"))
    draft.blocks.insert(draft.blocks.index(table) + 1, Paragraph(text, "note"))
    draft.may_read(table.figures)


@new("legible")
def unit_of_money_elsewhere(draft: Draft, rng: Random) -> bool:
    """The unit of money, not 万元, stands in the header, label, caption or a note."""
    unit, factor = rng.choice(list(_FACTORS.items()))
    place = pick(draft, rng, places(draft, kinds=("money",)))
    if place is None or place.line.own_label is None:
        return False
    printed = rng.randint(1, 9_999_999) if factor < _YUAN else rng.randint(1, 99)
    fate = draft.fates[place.figure.cell]
    fate.value = fate.true_value = Decimal(printed * factor) / _YUAN
    print_as(place, str(printed))
    draft.may_read([place.figure])
    table = place.table
    words = [w for w in words_of(table) if "金额" in w.words]
    spot = rng.choice(("header", "header", "label", "caption", "note")) if words else "note"
    if spot == "header":
        plain = words[0].words.partition("（")[0]
        words[0].words = plain + rng.choice(
            (
                f"（单位：{unit}）",
                f"({unit})",
                f"（{unit}）",
                f"（单位：人民币{unit}，保留2位小数）",
                f" {unit}",
                f"/{unit}",
            )
        )
        return True
    for word in words:
        word.words = word.words.partition("（")[0]
    if spot == "label":
        label = place.line.own_label
        label.words += rng.choice((f"（{unit}）", f"({unit})", f"（单位：{unit}）", f" {unit}"))
    elif spot == "caption":
        text = rng.choice(("金额单位：", "单位：件、", "（金额单位：", "货币单位：")) + unit
        text += "）" if text.startswith("（") else ""
        draft.blocks.insert(draft.blocks.index(table), Paragraph(text, "note"))
    else:
        name = place.line.own_label.words
        text = rng.choice(
            (
                f"注：{name}金额单位为{unit}",
                f"说明：{name}以{unit}计",
                f"注：{name}的单位是{unit}",
                f"注：表中金额单位：{unit}",
                f"备注：表内金额均为{unit}",
            )
        )
        text += rng.choice(("", "。"))
        draft.blocks.insert(draft.blocks.index(table) + 1, Paragraph(text, "note"))
    return True


@new("lossless")
def caption_in_the_report(draft: Draft, rng: Random) -> bool:
    """Every table has its own harmless caption."""
    tables = free_tables(draft)
    if len(tables) <= 1:
        return False
    for table in tables:
        words = _words(draft, rng, _HARMLESS[:5])
        draft.blocks.insert(draft.blocks.index(table), Paragraph(words, "note"))
        draft.claimed.add(table.id)
    return True
