"""The words of both views in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.render._facts import Lang, Sign
    from verify.schema import State


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the views say of their own; ``{…}`` is filled in by `str.format`."""

    verdicts: dict[str, tuple[str, str]]
    severities: dict[str, str]
    states: dict[State, str]
    outcomes: dict[str, str]
    legend: dict[Sign, str]
    tables: dict[str, str]
    no_agency: str
    no_year: str
    year: str
    form: str
    no_form: str
    verdict: str
    verdict_line: str
    reasons: str
    no_reasons: str
    more: str
    more_sets: str
    more_rows: str
    alike: str
    identities: str
    identity_counts: str
    cell_counts: str
    suspects: str
    suspects_lead: str
    not_localised: str
    slips_lead: str
    faults: dict[str, str]
    claims: str
    claim_outcomes: dict[str, str]
    claim_counts: str
    claim_cited: str
    claim_value: str
    claim_actual: str
    whole_table: str
    all_zero: str
    nonzero: str
    legend_title: str
    list_sep: str
    colon: str
    # The page only.
    title: str
    claims_title: str
    claim_scope: str
    compared: str
    claims_of: str
    unknown: str
    previous: str
    previous_place: str
    source: str
    result: str
    tables_title: str
    failed_title: str
    open_title: str
    held_title: str
    difference: str
    zeros: str
    omitted: str
    mismatch: str
    provenance: str
    readers: str
    model: str
    qualified: str
    unqualified: str
    usage: str
    cost: str
    cost_unknown: str
    in_source: str
    derived: str
    tentative: str
    remark: str
    quoted: str
    no_span: str
    see_rule: str
    more_cells: str
    hint: str
    skip: str
    empty_source: str
    shared: str
    cells: str


ZH = Words(
    verdicts={
        "accepted": ("已通过", "每个单元格都已从原文读出，全部勾稽关系成立。"),
        "completed": (
            "推算补全",
            "部分单元格未能读出，但勾稽关系只容许唯一的数值；推算值均已标明，不是原文所载。",
        ),
        "unconfirmed": (
            "待核实",
            "数字都已读出或可推得，但有一处或多处须由人核对：请按下列各条对照原文，确认后再用。",
        ),
        "incomplete": (
            "数据不完整",
            "已读出的数字没有矛盾，但有单元格空白、缺失或无法识读，勾稽关系不能全部确定它们。",
        ),
        "inconsistent": (
            "勾稽不符",
            "数字已照原文读出，但报告自身的数字不满足勾稽关系，或超出合理范围；原文未作任何改动。",
        ),
        "rejected": (
            "识读不可信",
            "识读结果与原文结构不符，不能采用，所列数字只是试读；这不说明报告本身有错。",
        ),
        "unsupported": ("不适用", "文中没有已知表式的统计表，未提取任何数字。"),
    },
    severities={"error": "错误", "warning": "警告", "info": "提示"},
    states={
        "read": "读出", "blank": "空白", "missing": "缺失", "unreadable": "无法识读",
        "deduced": "推算", "entered": "人工填入",
    },
    outcomes={"held": "成立", "failed": "不成立", "open": "无法检验"},
    legend={
        "suspect": "可疑（改动它或它所在的一组可使各式成立）",
        "doubtful": "可疑，且原文中难以辨读",
        "member": "属于不成立的勾稽式（未能定位）",
        "named": "错误所指的单元格",
        "unreadable": "有内容但无法识读，或有数字但所属单元格不确定",
        "blank": "空白（不等于 0）",
        "missing": "原文中没有",
        "deduced": "由勾稽关系推算",
        "entered": "由人填入，不是原文所载",
        "remark": "旁有附注",
    },
    tables={"proactive": "二、", "requests": "三、", "proceedings": "四、"},
    no_agency="（机关名称不详）",
    no_year="年份不详",
    year="{}年",
    form="表式 {}",
    no_form="无已知表式",
    verdict="结论",
    verdict_line="{word}（{verdict}）",
    reasons="依据",
    no_reasons="没有需要说明的事项。",
    more="还有 {} 条",
    more_sets="还有 {} 组",
    more_rows="其余 {} 行未列",
    alike="{message}（同类共 {count} 条）",
    identities="勾稽式",
    identity_counts="成立 {held}，不成立 {failed}，无法检验 {open}",
    cell_counts="单元格共 {total}",
    suspects="可疑单元格",
    suspects_lead="改动其中任一组，各式即可成立：",
    not_localised="不是三个以内的单元格所能解释的，未能定位。",
    slips_lead="可由一处移位解释：",
    faults={
        "source": "识读与原文相符，差错在报告本身；印出的数字照原样保留。",
        "reading": "可疑单元格中有原文难以辨读的，差错可能在识读，请重看：",
        "open": "有旁注的含义未能识别，不能确认差错在报告本身；印出的数字照原样保留。",
    },
    claims="正文",
    claim_outcomes={
        "agrees": "相符", "contradicts": "不符", "scoped": "不同，范围或时段可能不一",
        "open": "无法核对",
    },
    claim_counts="所称数字 {total} 处，与表不符 {contradicts}",
    claim_cited="正文称“{text}”（{outcome}，表中 {actual}）",
    claim_value="正文",
    claim_actual="表中",
    whole_table="全表 {count} 个单元格均为：{state}",
    all_zero="各表数字均为 0。",
    nonzero="非零数字",
    legend_title="说明",
    list_sep="、",
    colon="：",
    title="政府信息公开工作年度报告 · 勾稽核验",
    claims_title="正文所称的数字",
    claim_scope="范围用语",
    compared="对照",
    claims_of="正文中与此有关的说法：",
    unknown="未知",
    previous="上一年报告",
    previous_place="上一年原文第 {} 至 {} 字",
    source="原文",
    result="核验结果",
    tables_title="统计表",
    failed_title="不成立的勾稽式",
    open_title="无法检验的勾稽式",
    held_title="成立的勾稽式",
    difference="相差",
    zeros="{} 项均为 0",
    omitted="…省略 {} 字…",
    mismatch="所附原文与核验时的原文不一致，下列位置可能有误。",
    provenance="来源与版本",
    readers="识读",
    model="{model}（提示词 {prompt}，{qualified}）",
    qualified="已检定",
    unqualified="未检定",
    usage="请求 {requests} 次，输入 {input} 词元，输出 {output} 词元，{cost}",
    cost="费用 {cost} 美元",
    cost_unknown="费用不详",
    in_source="见原文",
    derived="由勾稽关系可推得 {}",
    tentative="试读，不采用",
    remark="旁注“{}”",
    quoted="原文“{}”",
    no_span="原文中无对应位置",
    see_rule="见勾稽式",
    more_cells="还有 {} 个单元格",
    hint="指向任一单元格、原文标记或勾稽式，另一侧即显示对应位置；方向键移动，回车固定，Esc 取消。",
    skip="跳到核验结果",
    empty_source="（原文为空）",
    shared="此处由 {} 个单元格共用",
    cells="单元格",
)  # fmt: skip

EN = Words(
    verdicts={
        "accepted": (
            "Accepted", "Every cell was read from the source and every identity holds.",
        ),
        "completed": (
            "Completed",
            ("Some cells were not read, but the identities leave exactly one value for each; "
            "deduced values are marked and do not stand in the source."),
        ),
        "unconfirmed": (
            "Unconfirmed",
            (
                "Every cell was read or follows, but something needs a person's look: hold each "
                "point below against the source before the figures are used."
            ),
        ),
        "incomplete": (
            "Incomplete",
            ("What was read does not contradict itself, but cells are blank, missing or "
            "unreadable and the identities do not determine them all."),
        ),
        "inconsistent": (
            "Inconsistent",
            ("Read faithfully, but the report's own figures break an identity or a bound; "
            "nothing was corrected."),
        ),
        "rejected": (
            "Rejected",
            (
                "The reading contradicts the source and cannot be used; the figures shown are only "
                "what was tried. This does not say that the report is wrong."
            ),
        ),
        "unsupported": (
            "Unsupported", "The text holds no table of a known form; no figure was taken.",
        ),
    },
    severities={"error": "error", "warning": "warning", "info": "note"},
    states={
        "read": "read", "blank": "blank", "missing": "missing", "unreadable": "unreadable",
        "deduced": "deduced", "entered": "entered by hand",
    },
    outcomes={"held": "held", "failed": "failed", "open": "not evaluable"},
    legend={
        "suspect": "suspect (changing it, or the set it is in, restores every identity)",
        "doubtful": "suspect, and doubtful to read",
        "member": "member of a failed identity that was not localised",
        "named": "named by an error",
        "unreadable": "something stands there that is no figure, or figures whose cell is not certain",
        "blank": "blank (not zero)",
        "missing": "not in the source",
        "deduced": "deduced from the identities",
        "entered": "entered by a person; it does not stand in the source",
        "remark": "words stand beside it",
    },
    tables={
        "proactive": "Table 二, proactive disclosure",
        "requests": "Table 三, requests",
        "proceedings": "Table 四, reconsideration and litigation",
    },
    no_agency="(agency unknown)",
    no_year="year unknown",
    year="{}",
    form="form {}",
    no_form="no known form",
    verdict="Verdict",
    verdict_line="{verdict}",
    reasons="Reasons",
    no_reasons="Nothing to report.",
    more="{} more",
    more_sets="{} more sets",
    more_rows="{} other rows not shown",
    alike="{message} ({count} of this kind)",
    identities="Identities",
    identity_counts="{held} held, {failed} failed, {open} not evaluable",
    cell_counts="{total} cells",
    suspects="Suspects",
    suspects_lead="changing the cells of one such set would restore every identity:",
    not_localised="no set of up to three cells explains it: not localised.",
    slips_lead="one slip would explain it:",
    faults={
        "source": "The reading stands in the source: the report itself is at fault. "
        "Its figures stay as printed.",
        "reading": "A suspect cell was doubtful to read, so the reading may be at fault; "
        "look again at: ",
        "open": "A remark is not understood, so it is not proven that the report is at fault. "
        "Its figures stay as printed.",
    },
    claims="Prose",
    claim_outcomes={
        "agrees": "agrees", "contradicts": "contradicts",
        "scoped": "differs, perhaps by its scope", "open": "not comparable",
    },
    claim_counts="{total} figures claimed, {contradicts} contradict the tables",
    claim_cited="the prose says “{text}” ({outcome}; tables: {actual})",
    claim_value="prose",
    claim_actual="tables",
    whole_table="all {count} cells: {state}",
    all_zero="Every figure is 0.",
    nonzero="Non-zero figures",
    legend_title="Marks",
    list_sep=", ",
    colon=": ",
    title="Annual report on government information disclosure: verification",
    claims_title="Figures claimed by the prose",
    claim_scope="words of scope",
    compared="compared with",
    claims_of="The prose says of these:",
    unknown="not known",
    previous="Last year's report",
    previous_place="last year's source, characters {} to {}",
    source="Source",
    result="Verification",
    tables_title="Tables",
    failed_title="Identities that fail",
    open_title="Identities that cannot be evaluated",
    held_title="Identities that hold",
    difference="difference",
    zeros="{} terms, all 0",
    omitted="… {} characters left out …",
    mismatch="This source is not the one that was verified; the places shown may be wrong.",
    provenance="Provenance",
    readers="Read by",
    model="{model} (prompt {prompt}, {qualified})",
    qualified="qualified",
    unqualified="not qualified",
    usage="{requests} requests, {input} tokens in, {output} out, {cost}",
    cost="{cost} USD",
    cost_unknown="cost not known",
    in_source="in the source",
    derived="follows from the identities: {}",
    tentative="tried, and not accepted",
    remark="beside it: “{}”",
    quoted="source: “{}”",
    no_span="no place in the source",
    see_rule="the identity",
    more_cells="{} more cells",
    hint="Point at a cell, a mark in the source or an identity to see where it stands on the other "
    "side; arrow keys move, Enter pins, Esc releases.",
    skip="Skip to the verification",
    empty_source="(the source is empty)",
    shared="shared by {} cells",
    cells="Cells",
)  # fmt: skip

WORDS: dict[Lang, Words] = {"zh": ZH, "en": EN}
