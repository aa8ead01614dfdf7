"""What `extract diff` says to people, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """``{…}`` is filled in by `str.format` with numbers and words of this program, or with text made safe."""

    old: str
    new: str
    side: str
    at_run: str
    no_run: str
    makers: str
    maker_keys: dict[str, str]
    same_makers: str
    counts: str
    guard: str
    guard_none: str
    guard_nothing: str
    matrix: str
    no_result: str
    sections: dict[str, str]
    cell_kinds: dict[str, str]
    unknown: str
    brackets: str
    comma: str
    more: str
    again: str
    not_redone: str
    failing: str
    other: str
    others: dict[str, str]
    empty: str
    only: str
    nothing_there: str
    older: str
    tentative: str


ZH = Words(
    old="旧", new="新",
    side="{path}：{reports}份{run}",
    at_run="，第{run}次运行结束时（{when}，{ending}）",
    no_run="，尚无运行",
    makers="得出结果的识读者或程序不同：",
    maker_keys={
        "models": "识读者（models）", "prompts": "提示词（prompts）", "form_data": "表式数据（form_data）",
        "version": "程序版本（version）", "code_read.readers": "识读程序（code_read）",
        "code_read.verifier": "核验程序对原文的读法（code_read）",
        "code_judge.judging": "判定程序（code_judge）", "code_judge.contract": "结果的约定（code_judge）",
        "options": "选项（options）", "together": "各项相同而搭配不同，共几种",
    },
    same_makers="由相同的识读者和程序得出",
    counts="两边都有{matched}份：未变{unchanged}份，结论改变{verdicts}份，单元格改变{reports}份（共{cells}格）",
    guard="原已通过或补全的报告：{alarmed}份共{alarms}格的数值或状态改变，{lost}份不再通过",
    guard_none="原已通过或补全的{count}份报告全部照旧",
    guard_nothing="旧的一边没有已通过或补全的报告：没有可比照的基准",
    matrix="结论（行：旧，列：新）", no_result="无结果",
    sections={
        "lost": "不再通过", "accepted": "新通过", "verdict": "结论改变（其他）",
        "alarm": "改变的单元格，原已通过或补全的报告",
        "quiet": "仅位置改变或新有的单元格，原已通过或补全的报告", "cells": "改变的单元格，其他报告",
        "text": "原文改变（同一路径，内容不同；位置不作比较）", "new": "新增的报告", "gone": "不再有的报告",
        "now_failing": "现在失败", "failed_before": "原先失败，现有结果",
    },
    cell_kinds={
        "value": "数值", "state": "状态", "place": "位置", "gone": "不再有", "new": "新有",
    },
    unknown="未知", brackets="（{}）", comma="，",
    more="  另有{count}条；--all 列出全部，--json 给出全部数据",
    again="其中比较不止一次：{count}份（同一内容现在或原先也在其他报告的路径上）",
    not_redone="新的一边有{count}份报告最近一次处理失败，仍用更早的结果",
    failing="两边都没有结果：{count}份",
    other="其他判断改变：{parts}（详见--json）",
    others={
        "agency": "机关（agency）", "year": "年份（year）", "form": "表式（form）",
        "identities": "勾稽式（identities）", "reasons": "依据（reasons）", "claims": "正文说法（claims）",
        "suspects": "可疑单元格（suspects）",
    },
    empty="两边都没有报告", only="只比较：{paths}",
    nothing_there="所指路径下没有报告：{paths}",
    older="结果格式为第1版（schema_version 1）的：旧的一边{old}份，新的一边{new}份；其中识读不可信的，数值按试读比较",
    tentative="试读{}",
)  # fmt: skip

EN = Words(
    old="old", new="new",
    side="{path}: reports: {reports}{run}",
    at_run=", at the end of run {run} ({when}, {ending})",
    no_run=", no run yet",
    makers="made by others:",
    maker_keys={
        "models": "models", "prompts": "prompts", "form_data": "form_data", "version": "version",
        "code_read.readers": "code_read (readers)",
        "code_read.verifier": "code_read (what the verifier takes from the text)",
        "code_judge.judging": "code_judge (judging)", "code_judge.contract": "code_judge (contract)",
        "options": "options", "together": "the same parts, put together otherwise; kinds of makers",
    },
    same_makers="made by the same",
    counts="on both sides: {matched}; unchanged: {unchanged}; another verdict: {verdicts}; "
    "other cells: {reports} (cells: {cells})",
    guard="of those accepted or completed before: cells with another value or state: {alarms} "
    "(reports: {alarmed}); lost: {lost}",
    guard_none="every report that was accepted or completed is as it was ({count})",
    guard_nothing="no report was accepted or completed before: nothing is guarded",
    matrix="verdicts (rows: old, columns: new)", no_result="no result",
    sections={
        "lost": "newly lost", "accepted": "newly accepted", "verdict": "other changes of verdict",
        "alarm": "cells that changed, of reports that were accepted or completed",
        "quiet": "cells that are new or stand elsewhere, of reports that were accepted or completed",
        "cells": "cells that changed, of other reports",
        "text": "text changed (same path, other bytes; places are not compared)",
        "new": "new reports", "gone": "reports that are gone", "now_failing": "failing now",
        "failed_before": "failed before, and have a result now",
    },
    cell_kinds={
        "value": "value", "state": "state", "place": "place", "gone": "gone", "new": "new",
    },
    unknown="null", brackets=" ({})", comma=", ",
    more="  and {count} more; --all lists them, --json has everything",
    again="compared more than once, as the same bytes stand at the path of another report: {count}",
    not_redone="latest attempt on the new side failed, so that an older result stands: {count}",
    failing="without a result on either side: {count}",
    other="other findings changed: {parts} (see --json)",
    others={
        key: key
        for key in ("agency", "year", "form", "identities", "reasons", "claims", "suspects")
    },
    empty="neither side has a report", only="only: {paths}",
    nothing_there="there is no report under these paths: {paths}",
    older="results of schema_version 1: old {old}, new {new}; values of rejected ones are compared as tentative",
    tentative="tried: {}",
)  # fmt: skip

WORDS = {"zh": ZH, "en": EN}
