"""What a run says to people, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from verify.verdicts import BEST_FIRST

if TYPE_CHECKING:
    from collections import Counter

    from extractor.batch.counts import Counts, Summary

Lang = Literal["zh", "en"]
VERDICTS: tuple[str, ...] = BEST_FIRST
_VERDICTS_ZH = ("已通过", "推算补全", "待核实", "勾稽不符", "数据不完整", "识读不可信", "不适用")
_PROBLEMS_ZH = {
    "unreadable": "无法读取", "provider": "模型服务失败", "crashed": "程序出错", "timeout": "超时",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """One language; the fields of a sentence are named in braces."""

    verdicts: tuple[str, ...]
    count: str
    parted: str
    failed: str
    requests: str
    money: str
    no_money: str
    nothing: str
    rate: str
    left: str
    far: str
    far_of: str
    reports: str
    report: str
    done: str
    a_second: str
    again: str
    failures: str
    fell: str
    unfinished: str
    stale: str
    interrupted: str
    limit: str
    cost: str
    go_on: str
    stopping: str
    going_on: str
    migrated: str
    up_to_date: str


EN = Words(
    verdicts=VERDICTS, count="{number:,} {name}", parted=", ", failed="failed",
    requests="{number:,} requests", money="{cost} USD", no_money="cost not known", nothing="nothing yet",
    rate="{rate:.0f} a second", left="{left} left", far="{seen:,}", far_of="{seen:,} of {total:,}",
    reports="{number:,} reports: {told}", report="1 report: {told}",
    done="{done:,} done now in {seconds:.1f} s{rate}; {known:,} left as they were{again}",
    a_second=", {rate:.0f} a second", again="; {number:,} further paths hold the same bytes as another",
    failures="failed: {told}; try them again with --rerun failed",
    fell="failed now, the older result stands: {told}; try them again with --rerun failed",
    unfinished="{number:,} results lack a reader of their ladder (its provider failed, or it was not asked); "
    "--rerun failed goes on with them",
    stale="{number:,} results were made by another reader, model, prompt or version; "
    "--rerun stale makes them anew",
    interrupted="interrupted", limit="stopped at --limit",
    cost="stopped at the cap on requests or cost", go_on="{why}; go on with: {command}",
    stopping="stopping: what is under way is finished first ({number:,} reports, no further request); "
    "Ctrl-C again ends at once",
    going_on="going on where run {run} ended: what it did is not done again",
    migrated="{store}: brought from version {before} to version {now}; its results stay as they were "
    "made, --rerun stale makes them anew",
    up_to_date="{store}: is of version {now} already",
)  # fmt: skip
ZH = Words(
    verdicts=_VERDICTS_ZH, count="{name}{number:,}", parted="、", failed="失败",
    requests="请求{number:,}次", money="{cost}美元", no_money="费用未知", nothing="尚无",
    rate="每秒{rate:.0f}份", left="还需{left}", far="{seen:,}", far_of="{seen:,}/{total:,}",
    reports="{number:,}份报告：{told}", report="1份报告：{told}",
    done="本次完成{done:,}份，用时{seconds:.1f}秒{rate}；{known:,}份维持原状{again}",
    a_second="，每秒{rate:.0f}份", again="；另有{number:,}个路径与别的内容相同",
    failures="失败：{told}；用 --rerun failed 重试",
    fell="本次失败，仍用原结果：{told}；用 --rerun failed 重试",
    unfinished="{number:,}份结果未经全部识读者（模型服务失败，或尚未询问）；用 --rerun failed 继续",
    stale="{number:,}份结果由其他识读者、模型、提示词或版本作出；用 --rerun stale 重做",
    interrupted="已中断", limit="已达 --limit", cost="已达请求数或费用上限",
    go_on="{why}；继续：{command}",
    stopping="正在停止：先完成处理中的（{number:,}份，不再发出请求）；再按 Ctrl-C 立即结束",
    going_on="接着第{run}次运行：它已完成的不再重做",
    migrated="{store}：已由第{before}版升级到第{now}版；原有结果保持原样，用 --rerun stale 重做",
    up_to_date="{store}：已是第{now}版",
)  # fmt: skip
WORDS: dict[Lang, Words] = {"zh": ZH, "en": EN}


def told(counts: Counts, words: Words) -> str:
    """Verdicts, failures and money in one line."""
    named = zip(VERDICTS, words.verdicts, strict=True)
    numbers = [(counts.verdicts[verdict], name) for verdict, name in named]
    numbers.append((counts.failed, words.failed))
    parts = [words.count.format(number=number, name=name) for number, name in numbers if number]
    if counts.requests:
        parts.append(words.requests.format(number=counts.requests))
        cost = counts.cost
        parts.append(words.no_money if cost is None else words.money.format(cost=f"{cost:f}"))
    return words.parted.join(parts) or words.nothing


def outcome(summary: Summary, command: str, lang: Lang) -> list[str]:
    """What a run came to, and what to do next."""
    counts, words = summary.counts, WORDS[lang]
    whole = words.report if counts.reports == 1 else words.reports
    rate = again = ""
    if counts.done > 1 and summary.seconds > 0:
        rate = words.a_second.format(rate=counts.done / summary.seconds)
    if counts.again:
        again = words.again.format(number=counts.again)
    said = [
        whole.format(number=counts.reports, told=told(counts, words)),
        words.done.format(
            done=counts.done, seconds=summary.seconds, rate=rate, known=counts.known, again=again
        ),
    ]
    if counts.failed:
        said.append(words.failures.format(told=_kinds(counts.problems, words, lang)))
    if counts.fell:
        said.append(words.fell.format(told=_kinds(counts.fell, words, lang)))
    if counts.unfinished:
        said.append(words.unfinished.format(number=counts.unfinished))
    if counts.stale:
        said.append(words.stale.format(number=counts.stale))
    ends = {"interrupted": words.interrupted, "limit": words.limit, "cost": words.cost}
    if summary.ending in ends:
        said.append(words.go_on.format(why=ends[summary.ending], command=command))
    return said


def interrupted(command: str, lang: Lang) -> str:
    """What to do after a command that came to nothing."""
    words = WORDS[lang]
    return words.go_on.format(why=words.interrupted, command=command)


def migrated(store: str, before: int, now: int, lang: Lang) -> str:
    """What became of a store that was to be brought up to date."""
    words = WORDS[lang]
    told = words.up_to_date if before == now else words.migrated
    return told.format(store=store, before=before, now=now)


def _kinds(problems: Counter[str], words: Words, lang: Lang) -> str:
    names = _PROBLEMS_ZH if lang == "zh" else {}
    return words.parted.join(
        words.count.format(number=number, name=names.get(problem, problem))
        for problem, number in sorted(problems.items())
    )


__all__ = ["VERDICTS", "WORDS", "Lang", "Words", "interrupted", "migrated", "outcome", "told"]
