"""What a run says to people, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.catalogue import Catalogue, Lang, Words
from verify.verdicts import BEST_FIRST

if TYPE_CHECKING:
    from collections import Counter

    from extractor.batch.counts import Counts, Summary

VERDICTS: tuple[str, ...] = BEST_FIRST
WORDS = Catalogue("batch")


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
    return str(words.go_on.format(why=words.interrupted, command=command))


def migrated(store: str, before: int, now: int, lang: Lang) -> str:
    """What became of a store that was to be brought up to date."""
    words = WORDS[lang]
    told = words.up_to_date if before == now else words.migrated
    return told.format(store=store, before=before, now=now)


def _kinds(problems: Counter[str], words: Words, lang: Lang) -> str:
    names = WORDS[lang].problems
    return words.parted.join(
        words.count.format(number=number, name=names.get(problem, problem))
        for problem, number in sorted(problems.items())
    )


__all__ = ["VERDICTS", "WORDS", "Lang", "Words", "interrupted", "migrated", "outcome", "told"]
