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
GROUPS = "行政复议\t行政诉讼\n"
OUTCOMES = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计\t"
OFFICIAL = f"未经复议直接起诉\t复议后起诉\n{OUTCOMES * 3}\n"
COUNTED = "1\t2\t3\t4\t10\t2\t2\t2\t3\t9\t5\t0\t0\t0\t5\n"
TURNED = (
    "结果维持\t1\t2\t5\n结果纠正\t2\t2\t0\n其他结果\t3\t2\t0\n尚未审结\t4\t3\t0\n总计\t10\t9\t5\n"
)
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
    "no headers over figures": [(f"信息内容\t{DOCUMENTS}", "")],
    "no headers of outcomes": [(TABLE_FOUR, COUNTED)],
    "no groups over outcomes": [(GROUPS + TABLE_FOUR, OUTCOMES * 3 + "\n" + COUNTED)],
    "outcomes as rows under no groups": [(GROUPS + TABLE_FOUR, TURNED)],
    "one group of outcomes twice": [
        (
            GROUPS + TABLE_FOUR,
            "行政复议\t行政诉讼\n复议后起诉\t复议后起诉\n" + OUTCOMES * 3 + "\n" + COUNTED,
        )
    ],
    "a row of outcomes twice": [
        (TABLE_FOUR, f"{OFFICIAL}2022年\t{COUNTED}2022年\t{COUNTED[::-1][1:]}\n")
    ],
    "a header for the applicants less": [("\t法律服务机构\t其他\n", "\t法律服务机构\n")],
    "headers in another order over another row": [
        ("行政规范性文件\t", "信息内容\t现行有效件数\t本年制发件数\t本年废止件数\n行政规范性文件\t")
    ],
    "labels behind their figures": [
        ("规章\t1\t0\t9\n", "1\t0\t9\t规章\n"),
        ("行政规范性文件\t3\t1\t20\n", "3\t1\t20\t行政规范性文件\n"),
    ],
    "a label of two rows": [("行政处罚\t12", "行政许可行政处罚\t12")],
    "a label of two rows of applicants": [
        ("1.属于国家秘密\t", "1.属于国家秘密2.其他法律行政法规禁止公开\t"),
        ("\n2.其他法律行政法规禁止公开\t0", "\n\t0"),
    ],
    "a unit of money at a header": [(DECIDED, DECIDED.replace("本年", "万元本年"))],
    "a unit of people": [(DECIDED, f"{DECIDED}人\n")],
    "a count of people": [(DECIDED, f"{DECIDED}人数\n")],
    "a plan of five years": [(DECIDED, DECIDED.replace("数量\n", "数量（十三五）\n"))],
    "a header in the heading": [(TABLE_TWO, "二、主动公开政府信息情况（本年废止件数）\n")],
    "words of the form behind a figure": [("予以公开\t2\t3\t", "予以公开\t2\t3不予公开\t")],
    "words of the form behind the last figure": [("0\t9\n", "0\t9现行有效件数\n")],
    "a number before one label": [(LICENSING, "5行政许可\t397\n")],
    "a dash between label and figure": [(LICENSING, "行政许可-397\n")],
    "a figure rubbed out": [(LICENSING, "行政许可\t39\b7\n")],
    "a figure below its row's empty cell": [("行政处罚\t12\n", "行政处罚\t\n12\n")],
    "a figure of last year": [(LICENSING, "行政许可\t397（同比29）\n")],
    "years in the title": [("2022年政府", "2021-2022年政府")],
    "a title of months": [("2022年政府", "2022年1-6月政府")],
    "a plan and no report": [("政府信息公开工作年度报告", "政府信息公开工作计划")],
    "words beside the title": [("年度报告\n", "年度报告\t\t全县合计\n")],
    "a later report below": [("无。\n", "无。\n" + REPORT.replace("2022年", "2023年"))],
    "tables of another year, said in the prose": [("工作照常。", "下列表格中的数据为2021年数据。")],
    "a correction in the last section": [("无。\n", "上文表二中行政许可应为31件。\n")],
    "a correction of the report's data": [("无。\n", "本报告所列数据不含所属乡镇。\n")],
    "a sentence over a table": [
        ("申请人情况\n", "第三部分所列申请数量不含通过信访渠道转来的申请36件。\n申请人情况\n")
    ],
    "a formula between figures": [(TABLE_FOUR, "0\t0\t0\t=SUM(LEFT)\t0" + "\t0" * 10 + "\n")],
}

HARMLESS = {
    "a caption": [(TABLE_TWO, f"{TABLE_TWO}单位：件、万元\n")],
    "the year of the report": [(DECIDED, DECIDED.replace("数量\n", "数量（2022年）\n"))],
    "a part of the figure": [(LICENSING, "行政许可\t397（其中网上申请5件）\n")],
    "a sign without a note": [(LICENSING, "行政许可\t397*\n")],
    "a power that the form does not ask for": [("行政强制\t2\n", "行政强制\t2\n行政检查\t7\n")],
    "headers of outcomes": [(TABLE_FOUR, OFFICIAL + COUNTED)],
    "outcomes as rows": [
        (GROUPS + TABLE_FOUR, "\t行政复议\t未经复议直接起诉\t复议后起诉\n" + TURNED)
    ],
    "a row of outcomes of the year": [(TABLE_FOUR, f"{OFFICIAL}2022年\t{COUNTED}")],
    "figures below their rows": [
        (LICENSING, "行政许可\t\n397\n"),
        ("行政处罚\t12\n行政强制\t2\n", "行政处罚\t\n12\n行政强制\t\n2\n"),
    ],
    "a share of last year": [(LICENSING, "行政许可\t397（同比-29%）\n")],
    "an earlier report below": [("无。\n", "无。\n" + REPORT.replace("2022年", "2021年"))],
    "a sentence that points to a table": [("工作照常。", "具体数据详见下表。")],
    "a period of the data": [
        ("工作照常。", "本报告所列数据统计期限自2022年1月1日起至2022年12月31日止。")
    ],
    "forms that are no tables": [("工作照常。", "申请人可下载申请表格，本机关发表公告三次。")],
    "an agency with a second name": [("云岭市商务局2022", "云岭市商务局（招商局）2022")],
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
