"""What a summary says to people, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """``{…}`` is filled in by `str.format` with numbers and words of this program."""

    title: str
    page_title: str
    empty: str
    runs: str
    no_run: str
    at_run: str
    latest_run: str
    when: tuple[str, str]
    endings: dict[str, str]
    unfinished: str
    reports: str
    with_result: str
    failures: str
    share: str
    by_year: str
    by_form: str
    no_year: str
    year: str
    form: str
    hybrid: str
    no_form: str
    total: str
    rules: str
    rule_counts: str
    rules_more: str
    severities: dict[str, str]
    worst: str
    worst_lead: str
    errors: str
    warnings: str
    failed_identities: str
    report: str
    agency: str
    verdict: str
    no_agency: str
    years: str
    years_counts: str
    years_none: str
    years_year: str
    said: str
    now: str
    before: str
    characters: str
    uncertain: str
    not_compared: dict[str, str]
    several: str
    several_kinds: dict[str, str]
    duplicates: str
    duplicate_kinds: dict[str, str]
    members: str
    more: str
    none: str
    failed: str
    problems: dict[str, str]
    no_path: str
    spent: str
    attempts: str
    seconds: str
    requests: str
    tokens: str
    cost: str
    cost_unknown: str
    makers: str
    maker: str
    finding: str
    sep: str
    comma: str
    colon: str


ZH = Words(
    title="年度报告核验汇总", page_title="政府信息公开工作年度报告：核验汇总",
    empty="这个库里还没有报告。", runs="共{count}次运行", no_run="尚无运行",
    at_run="第{run}次运行结束时（{when}，{ending}）",
    latest_run="最近一次是第{run}次（{when}，{ending}）",
    when=("UTC {time}", "始于UTC {time}"),
    endings={
        "finished": "已完成", "limit": "已达 --limit", "cost": "已达请求数或费用上限",
        "interrupted": "已中断", "failed": "出错停止",
    },
    unfinished="未正常结束",
    reports="报告", with_result="有结果的报告", failures="无结果", share="占{share}%",
    by_year="各年度的结论", by_form="各年度的表式", no_year="年度不详", year="{}年", form="{}年版",
    hybrid="两版混用（hybrid）",
    no_form="无统计表", total="合计",
    rules="各项规则的问题", rule_counts="{findings}处，{reports}份报告", rules_more="其余{count}项规则和提示",
    severities={"error": "错误", "warning": "警告", "info": "提示"},
    worst="问题最多的报告", worst_lead="按错误数、不成立的勾稽式数、结论排序。",
    errors="错误", warnings="警告", failed_identities="不成立", report="报告", agency="机关",
    verdict="结论", no_agency="机关不详",
    years="跨年核对",
    years_counts="{agencies}个机关，相邻两年{pairs}对：成立{held}式，不符{failed}式，未能核对{open}式。",
    years_none="没有发现跨年的问题。", years_year="年度", said="说明", now="本年", before="上年",
    characters="第{}至{}字",
    uncertain="机关名称没有地名，可能不是同一机关",
    not_compared={
        "unnamed": "{count}份报告没有写明机关或年度，未作比较",
        "unclear": "{count}份报告的机关名称无法辨认，未作比较",
        "tangled": "{count}个机关名称与几个不同机关都相合，未合并",
        "shared": "{count}个没有地名的名称同一年有几份不同的报告，未作比较",
    },
    several="同一机关同一年度的多份报告",
    several_kinds={
        "alike": "一份报告的{count}个来源，各表相同；以第一个为准作跨年核对",
        "differ": "{count}份，各表不同；不作取舍，该年未作跨年核对",
    },
    duplicates="各表完全相同的报告",
    duplicate_kinds={
        "agencies": "不同机关的{count}份报告各表相同",
        "question": "{count}份报告各表相同，是否同一机关不能确定",
        "years": "同一机关不同年度的{count}份报告各表相同",
    },
    members="另有{count}份", more="另有{count}条，未列出；--json 给出全部", none="无。",
    failed="没有结果的报告",
    problems={
        "unreadable": "不能读取", "provider": "模型服务失败", "crashed": "程序出错", "timeout": "超时",
        "untried": "尚未处理",
    },
    no_path="（无路径）", spent="用量", attempts="处理次数", seconds="处理时间（秒，各进程合计）",
    requests="请求", tokens="输入和输出的词元", cost="费用（美元）",
    cost_unknown="{cost}，另有{count}次费用不详", makers="由谁得出", maker="{count}份", finding="问题",
    sep="；", comma="，", colon="：",
)  # fmt: skip

EN = Words(
    title="summary of annual reports",
    page_title="Annual reports on government information disclosure: summary",
    empty="There is no report in this store yet.", runs="runs: {count}", no_run="no run yet",
    at_run="at the end of run {run} ({when}, {ending})",
    latest_run="the latest is run {run} ({when}, {ending})",
    when=("UTC {time}", "began UTC {time}"),
    endings={name: name for name in ("finished", "limit", "cost", "interrupted", "failed")},
    unfinished="not ended",
    reports="reports", with_result="reports with a result", failures="without a result",
    share="{share} %",
    by_year="Verdicts by year", by_form="Reports by year and form", no_year="year not known",
    year="{}", form="form {}", hybrid="hybrid", no_form="no table", total="total",
    rules="Findings by rule", rule_counts="{findings} in {reports} reports",
    rules_more="{count} more rules, and notes",
    severities={"error": "error", "warning": "warning", "info": "info"},
    worst="Worst reports first", worst_lead="By errors, identities that fail, and verdict.",
    errors="errors", warnings="warnings", failed_identities="failed", report="report",
    agency="agency", verdict="verdict", no_agency="agency not known",
    years="Year to year",
    years_counts="{agencies} agencies, {pairs} pairs of consecutive years: {held} identities held, "
    "{failed} failed, {open} not compared.",
    years_none="Nothing was found across years.", years_year="year", said="what it says",
    now="this year", before="last year", characters="characters {} to {}",
    uncertain="the agency's name tells no place, so they may be of different agencies",
    not_compared={
        "unnamed": "{count} reports name no agency or no year and were compared with nothing",
        "unclear": "{count} reports name an agency that cannot be made out; compared with nothing",
        "tangled": "{count} names fit several different agencies and were not joined",
        "shared": "{count} names without a place have different reports of one year; not compared",
    },
    several="Several reports of one agency and year",
    several_kinds={
        "alike": "{count} sources of one report, the tables alike; the first stands for them",
        "differ": "{count} reports, the tables differ; none is chosen and the year is not compared",
    },
    duplicates="The same tables twice",
    duplicate_kinds={
        "agencies": "{count} reports of different agencies have the same tables",
        "question": "{count} reports have the same tables; whether of one agency is not certain",
        "years": "{count} reports of different years of one agency have the same tables",
    },
    members="and {count} more", more="{count} more are not listed; --json gives all", none="None.",
    failed="Reports without a result",
    problems={
        "unreadable": "unreadable", "provider": "the model's service failed", "crashed": "crashed",
        "timeout": "took too long", "untried": "not tried yet",
    },
    no_path="(no path)", spent="Spent", attempts="attempts",
    seconds="seconds of work, all processes", requests="requests", tokens="tokens in and out",
    cost="cost in USD", cost_unknown="{cost}; cost of {count} attempts not known",
    makers="Made by", maker="{count} reports", finding="finding", sep="; ", comma=", ", colon=": ",
)  # fmt: skip

WORDS: dict[Lang, Words] = {"zh": ZH, "en": EN}
