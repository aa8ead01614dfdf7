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
    unfinished: str
    makers: str
    same_makers: str
    counts: str
    guard: str
    guard_none: str
    matrix: str
    no_result: str
    sections: dict[str, str]
    cell_kinds: dict[str, str]
    more: str
    none: str
    not_redone: str
    failing: str
    other: str
    empty: str
    only: str
    nothing_there: str


ZH = Words(
    old="旧", new="新",
    side="{path}：{reports}份{run}",
    at_run="，第{run}次运行结束时（{began}，{ending}）",
    no_run="，尚无运行", unfinished="未正常结束",
    makers="识读者不同：", same_makers="识读者相同",
    counts="两边都有{matched}份：未变{unchanged}份，结论改变{verdicts}份，单元格改变{reports}份（共{cells}格）",
    guard="原已通过或补全的报告：{alarmed}份共{alarms}格的数值或状态改变，{lost}份不再通过",
    guard_none="原已通过或补全的报告全部照旧",
    matrix="结论（行：旧，列：新）", no_result="无结果",
    sections={
        "lost": "不再通过", "accepted": "新通过", "verdict": "结论改变（其他）",
        "alarm": "改变的单元格，原已通过或补全的报告", "cells": "改变的单元格，其他报告",
        "text": "原文改变（同一路径，内容不同；位置不作比较）", "new": "新增的报告", "gone": "不再有的报告",
        "now_failing": "现在失败", "failed_before": "原先失败，现有结果",
    },
    cell_kinds={
        "value": "数值", "state": "状态", "place": "位置", "gone": "不再有", "new": "新有",
    },
    more="  另有{count}条；--all 列出全部，--json 给出全部数据", none="无",
    not_redone="新的一边有{count}份报告最近一次处理失败，仍用更早的结果",
    failing="两边都没有结果：{count}份",
    other="其他判断改变：{parts}（详见--json）",
    empty="两边都没有报告", only="只比较：{paths}",
    nothing_there="所指路径下没有报告：{paths}",
)  # fmt: skip

EN = Words(
    old="old", new="new",
    side="{path}: reports: {reports}{run}",
    at_run=", at the end of run {run} ({began}, {ending})",
    no_run=", no run yet", unfinished="not ended",
    makers="made by others:", same_makers="made by the same",
    counts="on both sides: {matched}; unchanged: {unchanged}; another verdict: {verdicts}; "
    "other cells: {reports} (cells: {cells})",
    guard="of those accepted or completed before: cells with another value or state: {alarms} "
    "(reports: {alarmed}); lost: {lost}",
    guard_none="every report that was accepted or completed is as it was",
    matrix="verdicts (rows: old, columns: new)", no_result="no result",
    sections={
        "lost": "newly lost", "accepted": "newly accepted", "verdict": "other changes of verdict",
        "alarm": "cells that changed, of reports that were accepted or completed",
        "cells": "cells that changed, of other reports",
        "text": "text changed (same path, other bytes; places are not compared)",
        "new": "new reports", "gone": "reports that are gone", "now_failing": "failing now",
        "failed_before": "failed before, and have a result now",
    },
    cell_kinds={
        "value": "value", "state": "state", "place": "place", "gone": "gone", "new": "new",
    },
    more="  and {count} more; --all lists them, --json has everything", none="none",
    not_redone="latest attempt on the new side failed, so that an older result stands: {count}",
    failing="without a result on either side: {count}",
    other="other findings changed: {parts} (see --json)",
    empty="neither side has a report", only="only: {paths}",
    nothing_there="there is no report under these paths: {paths}",
)  # fmt: skip

WORDS = {"zh": ZH, "en": EN}
