"""Every reason code, once: severity, the verdict it forces, what it says in Chinese and English.

Codes are stable: scripts match on them. Messages are formatted with the finding's own fields
(``{cells}``, ``{expected}``, ``{actual}``, ``{rule}``, ``{detail}``); report text never is a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verify.verdicts import ForcedVerdict

Severity = Literal["error", "warning", "info"]
Forces = ForcedVerdict | None


@dataclass(frozen=True, slots=True)
class Code:
    """What a reason code means.

    Attributes:
        severity: How it is shown.
        forces: The verdict that one such reason is enough for, if any.
        zh: Message in Chinese.
        en: Message in English.
    """

    severity: Severity
    forces: Forces
    zh: str
    en: str


CODES: dict[str, Code] = {
    # no table
    "no_table": Code("error", "unsupported", "文中没有可识别的2019年版或2021年版统计表",
                     "the text has no table of a known form"),
    # the reading cannot be trusted
    "no_reading": Code("error", "rejected", "识读器没有给出可用的结果", "the reader gave nothing usable"),
    "not_grounded": Code("error", "rejected", "{cells}：所指位置“{actual}”不是原文中的一个完整数字",
                         "{cells}: the span holds {actual!r}, which is no whole figure of the source"),
    "used_twice": Code("error", "rejected", "{cells}：同一处数字被用了不止一次",
                       "{cells}: the same figure of the source is used more than once"),
    "outside_table": Code("error", "rejected", "{cells}：所指数字不在这张表内",
                          "{cells}: the figure stands outside this table"),
    "wrong_label": Code("error", "rejected", "{cells}：数字前的标签是“{actual}”，不是“{expected}”",
                        "{cells}: the label before the figures is {actual!r}, not {expected!r}"),
    "not_anchored": Code("error", "rejected", "{cells}：标签缺失，上下各行也不能确定它是哪一行",
                         "{cells}: the label is lost and the rows around it do not settle which row it is"),
    "wrong_order": Code("error", "rejected", "{cells}：单元格的次序与原文不符",
                        "{cells}: the cells do not stand in the order of the source"),
    "misplaced": Code("error", "rejected", "{cells}：原文中各数的位置与识读所称不符",
                      "{cells}: the figures stand in other cells of the row than the reading says"),
    "figure_left_over": Code("error", "rejected", "表内数字“{actual}”没有归入任何单元格，也无法解释",
                             "the figure {actual!r} stands inside the table and is neither used nor explained"),
    "copy_unread": Code("error", "rejected", "原文中这张表不止一份，识读只说明了一份",
                        "the text prints this table more than once, and the reading tells of one"),
    "glyphs_twice": Code("error", "rejected", "表内数字都重复印出（加粗所致），不能照读",
                         "the figures of the tables, or their digits, are printed twice, as bold type is; they are not read so"),
    "two_reports": Code("error", "rejected", "文中有两份报告，标题不能说明应取哪一份",
                        "the text holds two reports and no title tells which one is meant"),
    "answer_unusable": Code("error", "rejected", "模型关于{detail_zh}的回答不能用（{actual}），再问之后仍然如此",
                            "the model's answer about {detail_en} cannot be used ({actual}), also when asked again"),
    "not_qualified": Code("error", "rejected", "模型与提示词{actual}未经检定，要求只采用检定过的",
                          "model and prompt {actual} are not qualified, and only qualified ones were to be used"),
    # the source does not balance
    "identity_failed": Code("error", "inconsistent", "勾稽不符——{detail_zh}：{expected}≠{actual}",
                            "identity fails, {detail_en}: {expected} is not {actual}"),
    "negative_count": Code("error", "inconsistent", "{cells}：数量为负（{actual}）",
                           "{cells}: a count is negative ({actual})"),
    "blanks_impossible": Code("error", "inconsistent", "空缺处无论填什么非负数，{detail_zh}都不能成立",
                              "no non-negative figures for the unknown cells satisfy {detail_en}"),
    "copies_differ": Code("error", "inconsistent", "{cells}：同一张表印了两次而数字不同（{expected}、{actual}）",
                          "{cells}: the table is printed twice with different figures ({expected}, {actual})"),
    "deduction_alone": Code("error", "incomplete", "{cells}：可由勾稽关系推出，但没有第二个式子印证，不予采用",
                            "{cells}: a value follows, and no second identity confirms it"),
    "deduction_contradicted": Code("error", "incomplete", "{cells}：由勾稽关系推出的数字与该行印出的数字对不上",
                                   "{cells}: what follows from the identities is not what the row prints, however it is read"),
    # cells not known
    "copy_unclear": Code("error", "incomplete", "{cells}：同一张表印了两次，第二份此处读不出（“{actual}”），不能确认两份一致",
                         "{cells}: the table is printed again and cannot be read here ({actual!r}), so the copies are not known to agree"),
    "form_undecided": Code("error", "incomplete", "（六）各行不在文中，不能确定是一行还是三行",
                           "the rows of （六）are not in the text, so it is not known whether they are one or three"),
    "cells_blank": Code("error", "incomplete", "空白单元格{count}个：{cells}", "blank cells, {count} in all: {cells}"),
    "cells_missing": Code("error", "incomplete", "原文缺失单元格{count}个：{cells}",
                          "cells that are not in the text, {count} in all: {cells}"),
    "table_missing": Code("error", "incomplete", "整张表缺失：{detail_zh}", "a whole table is missing: {detail_en}"),
    "not_a_figure": Code("error", "incomplete", "{cells}：“{actual}”不是数字", "{cells}: {actual!r} is no figure"),
    "merged_cell": Code("error", "incomplete", "{cells}：整行只印了一个“{actual}”，不能当作各格都是它",
                        "{cells}: the whole row has a single {actual!r}, which is not taken for each cell"),
    "placement_ambiguous": Code("error", "incomplete", "{cells}：数字个数与列数不符，且勾稽关系不能唯一确定各数所在的列",
                                "{cells}: the figures do not match the columns, and the identities do not settle which stands where"),
    "row_ambiguous": Code("error", "incomplete", "{cells}：不能确定这些数字属于哪一行",
                          "{cells}: it is not certain to which row these figures belong"),
    "columns_unclear": Code("error", "incomplete", "{cells}：表头与各列的对应关系不明",
                            "{cells}: the headers do not tell which column is which"),
    "votes_differ": Code("error", "incomplete", "{cells}：模型几次取样的回答不一致",
                         "{cells}: the samples of the model disagree"),
    "recognitions_differ": Code("error", "incomplete", "{cells}：扫描件上此处两次识别的结果不同，未采用（“{actual}”）",
                                "{cells}: the recognitions of the scan differ here, and {actual!r} is not taken"),
    "suspect_doubtful": Code("error", "rejected", "勾稽不符，而可疑的{cells}在原文中本就难以辨读，请重看这些单元格",
                             "identities fail, and the suspect {cells} was doubtful to read; look at it again"),
    # a person has to look
    "header_unread": Code("error", "unconfirmed", "{cells}：表头未写明是哪一列，请核对",
                          "{cells}: no header names the column; look which it is"),
    "remark": Code("error", "unconfirmed", "{cells}：“{actual}”的含义未能识别，请核对是否影响数字",
                   "{cells}: {actual!r} is not understood; look whether it changes what the figures mean"),
    "remark_harmless": Code("info", None, "{cells}：旁注“{actual}”不影响数字",
                            "{cells}: the words {actual!r} beside it change no figure"),
    "not_proven": Code("error", "unconfirmed", "勾稽不符，但不能确认是原文有误（{detail_zh}），请核对",
                       "identities fail, and it is not proven that the source is wrong ({detail_en})"),
    "recognition_unsure": Code("error", "unconfirmed", "{cells}：扫描件上此处几次识别的结果不全相同，多数为“{actual}”，请核对",
                               "{cells}: not every recognition of the scan read {actual!r} here; look at the page"),
    "two_years": Code("error", "unconfirmed", "同一组表之前的标题写有不同年度（{actual}），不能确定是哪一年",
                      "titles of different years stand over the same tables ({actual}); which year they are of is not known"),
    # what could explain failed identities
    "structure_suspected": Code("warning", None, "各式不符可由一处移位解释：{detail_zh}",
                                "one slip would explain the failed identities: {detail_en}"),
    # prose against tables
    "prose_contradicts": Code("warning", None, "正文称{detail_zh}为{expected}，表中为{actual}",
                              "the prose says {expected} for {detail_en}, the tables say {actual}"),
    "prose_scoped": Code("info", None, "正文称{detail_zh}为{expected}，表中为{actual}；正文所指范围或时段可能不同",
                         "the prose says {expected} for {detail_en}, the tables say {actual}; it may speak of another scope"),
    "prose_parts": Code("warning", None, "正文中各部分之和为{actual}，而总数写作{expected}",
                        "parts in the prose sum to {actual}, and their whole is given as {expected}"),
    # across years
    "carry_over_differs": Code("warning", None, "{cells}：上年结转为{actual}，而上一年报告的结转下年为{expected}",
                               "{cells}: {actual} carried in, while last year's report carried {expected} out"),
    "in_force_differs": Code("warning", None, "{cells}：现行有效{actual}件，而由上年件数、本年制发和废止推得{expected}件（{detail_zh}）",
                             "{cells}: {actual} in force, while last year's figure, issued and repealed give {expected} ({detail_en})"),
    "previous_items_differ": Code("warning", None, "{cells}：上一年项目数量为{actual}，而上一年报告推得{expected}（{detail_zh}）",
                                  "{cells}: {actual} items of the year before, while last year's report gives {expected} ({detail_en})"),
    "other_agency": Code("warning", None, "两份报告的机关名称不能确认是同一机关（上年“{expected}”，本年“{actual}”），是否更名或合并需人工确认",
                         "the two names are not known to be one agency's ({expected!r} last year, {actual!r} this year); renamed or merged? a person must say"),
    "different_agency": Code("warning", None, "两份报告是不同机关的（上年“{expected}”，本年“{actual}”），未作跨年核对",
                             "the two reports are of different agencies ({expected!r} last year, {actual!r} this year); nothing was compared"),
    "years_apart": Code("warning", None, "两份报告的年度：上年{expected}，本年{actual}；{detail_zh}",
                        "the years of the two reports: {expected} as last year's, {actual} as this year's; {detail_en}"),
    "years_not_compared": Code("info", None, "{cells}：上一年或本年的数字未知，未作跨年核对",
                               "{cells}: a figure of one of the two years is not known; not compared"),
    "far_from_last_year": Code("warning", None, "{cells}：{actual}恰为上一年{expected}的{detail_zh}倍",
                               "{cells}: {actual} is exactly {detail_en} times last year's {expected}"),
    # plausible, or not
    "regulations_by_local_agency": Code("warning", None, "{cells}：{detail_zh}无权制定规章，却填报{actual}件",
                                        "{cells}: {detail_en} cannot make 规章, and reports {actual}"),
    "fee_looks_like_yuan": Code("warning", None, "{cells}：{actual}万元过大，可能以元填报",
                                "{cells}: {actual} 万元 is very much; it may have been entered in 元"),
    "same_tables": Code("warning", None, "凡两份都有的数字，与{detail_zh}的完全相同", "every figure that both have is the same as that of {detail_en}"),
    "unfilled_template": Code("warning", None, "模板未填写：“{actual}”{detail_zh}", "a template was not filled in: {actual!r}{detail_en}"),
    "spam_words": Code("warning", None, "正文中混入无关的推广词语：“{actual}”{detail_zh}",
                       "spam words stand in the text in place of ordinary ones: {actual!r}{detail_en}"),
    "addressed_to_model": Code("warning", None, "文中有写给语言模型的话，只作数据处理：“{actual}”{detail_zh}",
                               "the text addresses a language model; it is data and nothing else: {actual!r}{detail_en}"),
    # said, and decides nothing
    "requests_spent": Code("warning", None, "达到请求次数或费用的上限（{actual}），没有再问",
                           "a cap on requests or cost was reached ({actual}); nothing more was asked"),
    "prompt_clipped": Code("warning", None, "服务方只读到了关于{detail_zh}的提问的一部分；请加大模型的上下文长度",
                           "the service read only a part of the question about {detail_en}; give the model a longer context"),
    "provider_failed": Code("warning", None, "{detail_zh}未能作答：{actual}", "{detail_en} gave no answer: {actual}"),
    "readers_agree": Code("info", None, "{detail_zh}逐格读法相同，不符在原文",
                          "{detail_en} read every cell alike; what does not fit is in the source"),
    "cells_deduced": Code("info", None, "由勾稽关系唯一推出单元格{count}个：{cells}",
                          "cells that follow from the identities alone, {count} in all: {cells}"),
    "spelled_oddly": Code("info", None, "{cells}：“{actual}”写法不规范，读作{expected}",
                          "{cells}: {actual!r} is spelled oddly and read as {expected}"),
    "yuan_converted": Code("info", None, "{cells}：“{actual}”以元为单位，换算为{expected}万元",
                           "{cells}: {actual!r} is in 元 and converted to {expected} 万元"),
    "form_assumed": Code("info", None, "区分表式的部分缺失，按2021年版处理",
                         "the parts that tell the forms apart are lost; taken as form 2021"),
    "table_repeated": Code("info", None, "同一张表重复出现且内容一致，取第一份",
                           "the table is printed again with the same figures; the first is read"),
    "other_report": Code("info", None, "文中另有一份其他年度的报告，未采用",
                         "the text also holds a report of another year, which is not read"),
    "placement_decided": Code("info", None, "{cells}：数字个数与列数不符，各数所在的列由结构和勾稽关系唯一确定",
                              "{cells}: the figures do not match the columns; structure and identities settle which stands where"),
    "zeros_in_order": Code("info", None, "{cells}：印出的数字少于列数而都是0，从左到右归入，其余为空",
                           "{cells}: fewer figures than columns are printed, all of them 0; they fill the cells from the left, the rest is blank"),
    "label_lost": Code("info", None, "{cells}：行标签缺失或损坏，由上下各行确定",
                       "{cells}: the label is lost or damaged; the rows around it settle which row it is"),
    "label_reworded": Code("error", "unconfirmed", "{cells}：行标签写作“{actual}”，由位置、用词和勾稽关系确定为“{expected}”",
                           "{cells}: the label reads {actual!r}; place, words and identities settle that it is {expected!r}"),
    "columns_reordered": Code("info", None, "{cells}：表头的列序与规定不同，按表头读取",
                              "{cells}: the printed columns stand in another order and are read by their headers"),
    "local_row": Code("info", None, "表内有自行增加的行，其数字“{actual}”不属于本表",
                      "a local row stands in the table; its figures {actual!r} are no cells of the form"),
    "bad_bytes": Code("info", None, "文中有{actual}处字节无法解码，以“\ufffd”标出，只影响所在之处",
                      "{actual} places hold bytes that are no text, marked U+FFFD; each costs only what it stands in"),
    "stray_figure": Code("info", None, "表内数字“{actual}”不属于任何单元格（页码之类）",
                         "the figure {actual!r} in the table is no cell (a page number or the like)"),
}  # fmt: skip

_CODES_OF_RULE: dict[str, tuple[str, ...]] = {
    "structure.table": ("no_table",),
    "structure.reader": (
        "no_reading",
        "answer_unusable",
        "not_qualified",
        "requests_spent",
        "prompt_clipped",
        "provider_failed",
        "readers_agree",
    ),
    "structure.grounded": ("not_grounded", "glyphs_twice"),
    "structure.exclusive": ("used_twice",),
    "structure.inside": ("outside_table",),
    "structure.anchored": (
        "wrong_label",
        "not_anchored",
    ),
    "structure.order": ("wrong_order",),
    "structure.placed": ("misplaced",),
    "structure.exhaustive": ("figure_left_over",),
    "structure.copies": ("copy_unread",),
    "structure.reports": ("two_reports",),
    "deduction.impossible": ("blanks_impossible",),
    "copies": (
        "copies_differ",
        "copy_unclear",
    ),
    "deduction.contradicted": ("deduction_contradicted",),
    "structure.form": ("form_undecided",),
    "deduction.unread": (
        "cells_blank",
        "cells_missing",
        "not_a_figure",
        "votes_differ",
        "recognitions_differ",
    ),
    "structure.merged": ("merged_cell",),
    "structure.placement": ("placement_ambiguous",),
    "structure.row": ("row_ambiguous",),
    "structure.columns": ("columns_unclear",),
    "structure.doubtful": ("suspect_doubtful",),
    "remarks": ("remark", "header_unread"),
    "proof": ("not_proven", "recognition_unsure"),
    "heading.years": ("two_years",),
    "slip": ("structure_suspected",),
    "prose.parts": ("prose_parts",),
    "years.agency": (
        "other_agency",
        "different_agency",
    ),
    "years.consecutive": ("years_apart",),
    "years.tenfold": ("far_from_last_year",),
    "plausible.regulations": ("regulations_by_local_agency",),
    "plausible.same_tables": ("same_tables",),
    "plausible.template": ("unfilled_template",),
    "plausible.spam": ("spam_words",),
    "plausible.addressed": ("addressed_to_model",),
    "deduction": ("cells_deduced",),
    "deduction.unguarded": ("deduction_alone",),
    "spelling": ("spelled_oddly",),
    "spelling.yuan": ("yuan_converted",),
}
RULES: dict[str, str] = {
    **{code: rule for rule, codes in _CODES_OF_RULE.items() for code in codes},
    **{
        code: f"notes.{code}"
        for code in (
            "form_assumed",
            "table_repeated",
            "other_report",
            "placement_decided",
            "zeros_in_order",
            "label_lost",
            "label_reworded",
            "columns_reordered",
            "local_row",
            "stray_figure",
            "remark_harmless",
            "bad_bytes",
        )
    },
}
"""For each reason code that one rule alone has, the id of that rule in the catalogue (`verify.rules`)."""
