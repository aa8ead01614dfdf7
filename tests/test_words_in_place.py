"""Words of the form and others count where they belong: anything else in a table keeps a report from passing.

Each kind was once accepted in silence. Most sums hold all the same, so nothing but the words can tell.
"""

from __future__ import annotations

from extractor.pipeline import work
from tests.each import each
from tests.test_misread_lines import REPORT, passes

LICENSING = "行政许可\t397\n"
DECIDED = "第二十条第（五）项\n信息内容\t本年处理决定数量\n"
DOCUMENTS = "本年制发件数\t本年废止件数\t现行有效件数\n"
TABLE_TWO = "二、主动公开政府信息情况\n"
TABLE_THREE = "行政事业性收费\t15.279\n"
TABLE_FOUR = "\t".join(["0"] * 15) + "\n"
LAST = "六、其他需要报告的事项\n无。\n"

WORDS = {
    "headers that say nothing": [(DOCUMENTS, "件数\t件数\t件数\n")],
    "headers that are alike": [(DOCUMENTS, "本年件数\t本年件数\t现行有效件数\n")],
    "headers that are numerals": [(DOCUMENTS, "一\t二\t三\n")],
    "a header more than columns": [(DOCUMENTS, DOCUMENTS[:-1] + "\t本年制发件数\n")],
    "two headers in one field": [
        (DOCUMENTS, "本年制发件数本年废止件数\t现行有效件数\t现行有效件数\n")
    ],
    "headers again in another order": [
        (DOCUMENTS, f"{DOCUMENTS}信息内容\t现行有效件数\t本年废止件数\t本年制发件数\n")
    ],
    "two headers of applicants alike": [("商业企业\t科研机构", "机构\t机构")],
    "a word of another table in a header": [
        (DECIDED, DECIDED.replace("数量\n", "数量（上年结转）\n"))
    ],
    "a word of another table in a label": [(LICENSING, "上年结转行政许可\t397\n")],
    "a word of another table on a line": [(DECIDED, f"{DECIDED}尚未审结\n")],
    "a word of another table in a cell": [(LICENSING, "行政许可\t397结果纠正4\n")],
    "a word of another table in brackets": [(LICENSING, "行政许可\t397（不予公开）\n")],
    "a year in a header": [(DECIDED, DECIDED.replace("数量\n", "数量（2019）\n"))],
    "years over a table": [(TABLE_TWO, f"{TABLE_TWO}2018—2022\n")],
    "months in a header": [(DECIDED, DECIDED.replace("数量\n", "数量（1-6）\n"))],
    "a year in numerals": [(TABLE_THREE, f"{TABLE_THREE}二〇一九\n")],
    "a factor over a table": [(TABLE_TWO, f"{TABLE_TWO}*100\n")],
    "a unit of money over a table": [(TABLE_TWO, f"{TABLE_TWO}元\n")],
    "a unit of money in the article": [("第二十条第（八）项\n", "第二十条第（八）项（元）\n")],
    "a unit of money below": [(TABLE_THREE, f"{TABLE_THREE}单位：元\n")],
    "a unit of money below in brackets": [(TABLE_THREE, f"{TABLE_THREE}（元）\n")],
    "a unit of money at a count": [(LICENSING, "行政许可\t397（万元）\n")],
    "persons as unit": [("\t总计\n", "\t总计（人次）\n")],
    "a note below table 二": [(TABLE_THREE, f"{TABLE_THREE}剔除重复前总计\n")],
    "a sentence below table 二": [
        (TABLE_THREE, f"{TABLE_THREE}以上由二十三个部门汇总上报，不是本机关一家所办理。\n")
    ],
    "a note below table 四": [(TABLE_FOUR, f"{TABLE_FOUR}本年均为增减量\n")],
    "a correction below table 四": [(TABLE_FOUR, f"{TABLE_FOUR}行政处罚与行政强制填反\n")],
    "a note to a cell": [(LICENSING, "行政许可\t397*\n"), (LAST, f"{LAST}* 含上年结转件\n")],
    "a numbered note to a cell": [
        (LICENSING, "行政许可\t397（注1）\n"),
        (LAST, f"{LAST}注1：单位为百件\n"),
    ],
    "a note to a label": [(LICENSING, "行政许可①\t397\n"), (LAST, f"{LAST}① 不含乡镇\n")],
    "a note to a header": [
        (DECIDED, DECIDED.replace("数量\n", "数量†\n")),
        (LAST, f"{LAST}† 为上半年数\n"),
    ],
    "a row of another correction": [(LICENSING, "行政许可\t397\n调整后\t390\n")],
    "a part that is taken off": [(LICENSING, "行政许可\t397（其中应扣除5件）\n")],
    "a part of others": [(LICENSING, "行政许可\t397（其中乡镇5件）\n")],
    "another year's label": [("一、本年新收", "一、上年新收")],
    "a label that denies": [("1.本机关不掌握", "1.本机关掌握")],
    "another body's label": [("1.本机关不掌握", "1.其他机关不掌握")],
    "another secret's label": [("属于国家秘密", "属于商业秘密")],
    "a group's name as label": [("（一）予以公开", "（一）不予公开")],
    "two labels alike": [
        ("（一）予以公开", "（一）公开"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）公开"),
    ],
    "words and a figure behind a label": [("（一）予以公开\t", "（一）予以公开：应为9\t")],
    "half a year in the title": [("2022年政府", "2022年上半年政府")],
    "a void title": [("年度报告\n", "年度报告（作废）\n")],
    "another direction of writing": [(LICENSING, "行政许可\t\u202e397\u202c\n")],
    "a figure cut at its point": [(TABLE_THREE, "行政事业性收费\t15.\n279\n")],
    "a figure cut at its comma": [(LICENSING, "行政许可\t1,\n397\n")],
    "a formula between figures": [(TABLE_FOUR, "0\t0\t0\t=SUM(LEFT)\t0" + "\t0" * 10 + "\n")],
}

HARMLESS = {
    "a caption": [(TABLE_TWO, f"{TABLE_TWO}单位：件、万元\n")],
    "the year of the report": [(DECIDED, DECIDED.replace("数量\n", "数量（2022年）\n"))],
    "a part of the figure": [(LICENSING, "行政许可\t397（其中网上申请5件）\n")],
    "a sign without a note": [(LICENSING, "行政许可\t397*\n")],
    "a power that the form does not ask for": [("行政强制\t2\n", "行政强制\t2\n行政检查\t7\n")],
    "a similar character": [("属于国家秘密", "属于国家秘蜜")],
    "a lost character": [("属于国家秘密", "属于国家秘?")],
    "a label cut by a line": [("属于国家秘密", "属于国\n家秘密")],
    "a header cut by lines": [("本年制发件数", "本年制\n发件数")],
    "the year in brackets behind the title": [("年度报告\n", "年度报告（2022年度）\n")],
}


def edited(edits: list[tuple[str, str]]) -> str:
    """The report with the first of each of these put otherwise."""
    text = REPORT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@each("kind", WORDS)
def test_words_that_are_not_understood_keep_a_report_from_passing(kind: str) -> None:
    assert not passes(edited(WORDS[kind])), kind


@each("kind", HARMLESS)
def test_what_is_harmless_keeps_none(kind: str) -> None:
    outcome = work(edited(HARMLESS[kind]))
    assert outcome.verdict == "accepted", (kind, [f.code for f in outcome.findings])


def test_a_remark_stands_at_every_cell_to_which_it_is_tied() -> None:
    outcome = work(edited([(TABLE_TWO, f"{TABLE_TWO}全县合计\n")]))
    assert outcome.verdict == "unconfirmed"
    tied = {name for name, cell in outcome.cells.items() if cell.remark == "全县合计"}
    assert tied == {name for name in outcome.cells if name.startswith("proactive.")}
