"""Cells that print no exact figure, or print it in words: quantities, marks, Chinese numerals."""

from __future__ import annotations

from random import Random

from .choose import Place, delimited, in_cell, listed, pick, places, plant, print_as
from .model import MAY_BE_READ, Draft
from .registry import new

_ABOUT = listed(
    "约{n}|近{n}|超{n}|超过{n}|逾{n}|大约{n}|不足{n}|不少于{n}|至少{n}|至多{n}|≥{n}|≤{n}|＞{n}|<{n}|~{n}|≈{n}|{n}余件|"
    "{n}余|{n}多件|{n}多|{n}左右|{n}以上|{n}以内|{n}上下|{n}件以上|{n}多项|{n}来件|{n}+|{n}±1|将近{n}|约{n}件|{n}↑|{n}↓|"
    "{n}?|{n}？|{n}(?)|?{n}|↑{n}|▲{n}|{n}.5|{n}或{m}|{n}至{m}|{n}到{m}|{n}~{m}|{n}～{m}|{n}—{m}|{n}-{m}|{n}－{m}|"
    "{n}件至{m}件|{n}、{m}|{n}/{m}|{n}／{m}|{n}+{m}|{n}＋{m}|{n}×{m}|{n}*{m}|{n}:{m}|{n};{m}|{n}；{m}|{n}和{m}|{n}加{m}|"
    "数{n}|{n}几|几十|若干|数件|十余件|上百件|多件|个别|近百|百余件|十几"
)
_MYRIADS = listed("1.2万|3.5万|0.4万|2万余|约3万|1.2千|3百|1.5亿|2.3万件|5千余|四万余")
_NO_FIGURES = listed(
    "见附件|详见附件|见附表|另附|※|??|？？|???|=SUM(LEFT)|=SUM(B4:G4)|=B3+C3|#N/A|#VALUE!|#DIV/0!|#NAME?|undefined|NaN|null|"
    "None|N/A|nan|{{count}}|${num}|&&|××|XX|xx|＊＊|***|●●|▇|�|待补|待填|暂缺|不详|未统计|保密|不掌握|不适用|同上|〃|″|略|"
    "有|是|否|√|×|✓|....|……|.|·|。|、|,|~|图片|[图片]|（空）|()|（）|error|TRUE|false|待定|空|未知|□□|口|_|__|见注|TBD"
)
_NUMBERS_ELSEWHERE = listed(
    "见附件{k}|详见附表 {k}|附件{k}|附{k}|见第{k}页|见表{k}|注{k}|见注{k}|电话 1234567{k}|浏览次数 8{k}|页码 {k}|第{k}页|"
    "{year}-01-2{k}|{year}年1月2{k}日|{year}/1/{k}|1月{k}日|{year}.01.2{k}|{k}月|〔{year}〕{k}号|见文号{k}|（{k}）项见附件|"
    "1{k}:30|0.{k}%|A{k}|Q{k}|IV{k}|{k}F|0x{k}|1E+{k}|{k}e|（见第{k}项）|同第{k}行|参见{year}年报|{k}楼窗口"
)
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DIGITS = "零一二三四五六七八九"
_FORMAL = dict(zip(_DIGITS + "十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))
_MYRIAD = 10_000


def numeral(number: int) -> str:
    """A whole number in Chinese, as it is spoken."""
    if number >= _MYRIAD:
        high, low = divmod(number, _MYRIAD)
        rest = "" if not low else ("零" if low < _MYRIAD // 10 else "") + numeral(low)
        return f"{numeral(high)}万{rest}"
    if not number:
        return _DIGITS[0]
    text = ""
    gap = False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = bool(text) and not digit
    return text.removeprefix("一") if 10 <= number < 20 else text


def _spoil(draft: Draft, rng: Random, text: str, found: list[Place], *, deducible: bool) -> bool:
    place = pick(draft, rng, found)
    if place is None:
        return False
    print_as(place, text)
    draft.no_figure(place.figure, deducible=deducible)
    draft.at_least("lossy")
    return True


@new("lossy")
def quantity_not_exact(draft: Draft, rng: Random) -> bool:
    """A quantity stands in the cell that is no exact figure: about, a range, a sum, a quotient."""
    text = rng.choice(_ABOUT)
    place = pick(draft, rng, places(draft, most=99, sign="/" in text))
    if place is None:
        return False
    figure = plant(draft, rng, place, (0, 99))
    bounded = any(sign in text for sign in ("不足", "至多", "≤", "<", "以内", "近"))
    told = figure if bounded or rng.random() < 0.5 else figure + rng.choice((1, 2, 4, 30))
    print_as(place, text.format(n=told, m=told + rng.choice((1, 2, 3, 10))))
    agrees = told == figure and "{n}" in text and "{m}" not in text and ".5" not in text
    draft.no_figure(place.figure, deducible=agrees)
    return True


@new("lossy")
def quantity_in_myriads(draft: Draft, rng: Random) -> bool:
    """A rounded quantity such as 1.2万 stands in the cell."""
    return _spoil(draft, rng, rng.choice(_MYRIADS), places(draft), deducible=False)


@in_cell("legible", "proactive")
def exact_in_myriads(draft: Draft, rng: Random, place: Place) -> None:
    """The figure is written in 万 with all its digits, or with an exponent."""
    figure = plant(draft, rng, place, (12_345, 99_999))
    if figure % 10 == 0 or figure < _MYRIAD:
        figure = 51_763
        fate = draft.fates[place.figure.cell]
        fate.value = fate.true_value = figure
    print_as(place, rng.choice((f"{figure / 1e4:.4f}万", f"{figure / 1e4:.4f}E+04")))
    draft.may_read([place.figure])


@new("lossy")
def exponent_rounded(draft: Draft, rng: Random) -> bool:
    """A spreadsheet shows a large figure with an exponent and without its last digits."""
    text = f"{rng.randint(1, 9)}.{rng.randint(10, 99)}{rng.choice('eE')}+0{rng.randint(5, 8)}"
    return _spoil(draft, rng, text, places(draft, "proactive"), deducible=False)


@new("lossy")
def no_figure(draft: Draft, rng: Random) -> bool:
    """Words, a formula, an error or a sign stand in the cell."""
    text = rng.choice(_NO_FIGURES)
    found = places(draft, sign=text in {".", "·", "。", "、", ",", "~", "_", "__"})
    return _spoil(draft, rng, text, found, deducible=True)


@new("lossy")
def number_of_something_else(draft: Draft, rng: Random) -> bool:
    """The cell holds a number that is no count: of an annex, a page, a date, a telephone."""
    text = rng.choice(_NUMBERS_ELSEWHERE).format(k=rng.randint(1, 9), year=draft.year)
    return _spoil(draft, rng, text, places(draft, apart=" " in text), deducible=True)


@new("legible")
def circled_number(draft: Draft, rng: Random) -> bool:
    """A circled or Roman number stands where the figure should."""
    found = places(draft, least=1, most=20) + places(draft, "proactive", least=21)
    place = pick(draft, rng, found)
    if place is None:
        return False
    figure = plant(draft, rng, place, (1, 20))
    roman = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
    text = roman[figure - 1] if figure <= len(roman) and rng.random() < 0.3 else _CIRCLED[figure]
    print_as(place, text)
    draft.may_read([place.figure])
    return True


@in_cell("legible", most=0)
def circle_for_zero(draft: Draft, rng: Random, place: Place) -> None:
    """A circle that is not always a zero stands for 0."""
    print_as(place, rng.choice("○◯⭕◎●⚪⊙"))
    if place.figure.text in "◎●⊙":
        draft.no_figure(place.figure, deducible=True)
        draft.at_least("lossy")
    draft.may_read([place.figure])


@in_cell("lossless")
def chinese_numerals(draft: Draft, rng: Random, place: Place) -> None:
    """Figures of some cells or of a whole table are written in Chinese numerals."""
    figures = [p.figure for p in places_of(draft, place)]
    if rng.random() < 0.6 or not delimited(place.table):
        plant(draft, rng, place, (0, rng.choice((12, 120, 30_000))))
        figures = [place.figure]
    unit = rng.choice(("", "", "", "件"))
    for figure in figures:
        value = draft.fates[figure.cell].value
        if isinstance(value, int) and value >= 0:
            zero = rng.choice("〇零")
            figure.text = (zero if value == 0 else numeral(value)) + unit
            figure.role = "odd"
            draft.fates[figure.cell].loose = True


def places_of(draft: Draft, place: Place) -> list[Place]:
    """All untouched counts of the same table."""
    draft.claimed.discard(place.table.id)
    found = places(draft, place.table.id)
    draft.claimed.add(place.table.id)
    return found


@in_cell("legible")
def numerals_of_other_kinds(draft: Draft, rng: Random, place: Place) -> None:
    """A numeral in formal characters, or digit by digit."""
    figure = plant(draft, rng, place, (0, rng.choice((12, 120, 9999))))
    digits = "".join("〇一二三四五六七八九"[int(d)] for d in str(figure))
    formal = "".join(_FORMAL.get(ch, ch) for ch in numeral(figure))
    print_as(place, rng.choice((formal, digits, numeral(figure) + "整", "共" + numeral(figure))))
    draft.may_read([place.figure])


@in_cell("legible", least=1, most=999)
def date_glued_to_figure(draft: Draft, rng: Random, place: Place) -> None:
    """A date, a time or a page mark is glued to the figure."""
    figure = plant(draft, rng, place, (1, 99))
    day = f"{draft.year + 1}-01-{rng.randint(10, 28)}"
    print_as(place, str(figure), after=rng.choice((day, f" {day}", day + " 09:12", f"{day[:4]}年")))
    draft.fates[place.figure.cell].states = MAY_BE_READ
    draft.fates[place.figure.cell].loose = True
