"""The summary of a store for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.across.lines import (
    duplicate_title,
    exact,
    not_compared,
    otherwise_line,
    rule_words,
    run_line,
    several_title,
    spans,
    who,
    year_message,
    year_word,
)
from extractor.across.records import Member
from extractor.across.summary import Summary
from extractor.across.words import WORDS, Lang, Words
from extractor.batch.words import VERDICTS
from extractor.render._text import one_line, pad, width_of
from extractor.render._words import WORDS as RESULT_WORDS

_MOST = 10
_MOST_MEMBERS = 3


def lines(summary: Summary, lang: Lang) -> Iterator[str]:
    """The lines of a summary, without their ends; text of reports is made safe for a terminal."""
    words = WORDS[lang]
    yield f"{one_line(summary.store, 200)}{words.sep}{run_line(summary, words)}"
    if summary.empty:
        yield words.empty
        return
    total = summary.reports + summary.failures.total()
    yield f"{words.reports}{words.colon}{exact(total)}"
    yield from _table(
        [
            [
                f"{v} {RESULT_WORDS[lang].verdicts[v][0]}" if lang == "zh" else v,
                exact(summary.verdicts[v]),
                f"{100 * summary.verdicts[v] / total:.1f} %",
            ]
            for v in VERDICTS
            if summary.verdicts[v]
        ]
    )
    if summary.failures:
        yield f"{words.failed}{words.colon}{exact(summary.failures.total())}"
        yield from _table(
            [
                [words.problems.get(p, one_line(p, 40)), exact(n)]
                for p, n in summary.failures.most_common()
            ]
        )
    yield from _by_year(summary, lang)
    grave = [one for one in summary.rules if one.severity != "info"]
    if grave:
        yield words.rules
        yield from _table(
            [
                [
                    rule_words(one.rule, lang),
                    words.severities[one.severity],
                    exact(one.findings),
                    exact(one.reports),
                ]
                for one in grave[:_MOST]
            ]
        )
        if len(grave) > _MOST:
            yield f"  {words.rules_more.format(count=len(grave) - _MOST)}"
    yield from _worst(summary, lang)
    yield from _across(summary, lang)
    spent = summary.spent
    if spent.requests:
        cost = f"{spent.cost_usd:f}"
        if spent.unknown:
            cost = words.cost_unknown.format(cost=cost, count=exact(spent.unknown))
        yield (
            f"{words.spent}{words.colon}{words.requests} {exact(spent.requests)}{words.sep}"
            f"{words.tokens} {exact(spent.input_tokens)} + {exact(spent.output_tokens)}{words.sep}"
            f"{words.cost} {cost}"
        )


def _by_year(summary: Summary, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    if not summary.by_year:
        return
    used = [v for v in VERDICTS if summary.verdicts[v]]
    yield words.by_year
    known = sorted(year for year in summary.by_year if year is not None)
    rows = [["", *(_verdict(v, lang) for v in used)]]
    for year in [*known, *([None] if None in summary.by_year else [])]:
        counts = summary.by_year[year]
        rows.append(
            [year_word(year, words), *(exact(counts[v]) if counts[v] else "·" for v in used)]
        )
    yield from _table(rows)


def _verdict(verdict: str, lang: Lang) -> str:
    return RESULT_WORDS[lang].verdicts[verdict][0] if lang == "zh" else verdict


def _worst(summary: Summary, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    if not summary.worst:
        return
    yield words.worst
    head = [words.report, words.verdict, words.errors, words.failed_identities]
    yield from _table(
        [
            head,
            *(
                [
                    one_line(one.path, 60),
                    _verdict(one.verdict, lang),
                    exact(one.errors),
                    exact(one.failed),
                ]
                for one in summary.worst[:_MOST]
            ),
        ],
        text=2,
    )


def _across(summary: Summary, lang: Lang) -> Iterator[str]:
    words, counts = WORDS[lang], summary.counts
    if summary.otherwise:
        count = len(summary.otherwise) + summary.dropped["otherwise"]
        yield f"{words.otherwise}{words.colon}{exact(count)}"
        for one in summary.otherwise[:_MOST]:
            yield f"  {one_line(one.path, 120)}{words.sep}{otherwise_line(one, words)}"
        yield from _more(count, words)
    told = words.years_counts.format(
        agencies=exact(counts.agencies),
        pairs=exact(counts.pairs),
        held=exact(counts.held),
        failed=exact(counts.failed),
        open=exact(counts.open),
    )
    yield f"{words.years}{words.colon}{told}"
    for line in not_compared(summary, words):
        yield f"  {line}"
    for found in summary.years[:_MOST]:
        doubt = "" if found.certain else f"{words.sep}{words.uncertain}"
        yield f"  {who(found.current, words)}{words.colon}{year_message(found, lang)}{doubt}"
        paths = (one_line(one.path, 120) for one in (found.current, found.previous))
        yield f"    {' ← '.join(paths)} {spans(found, words)}".rstrip()
    yield from _more(len(summary.years) + summary.dropped["years"], words)
    several = [(several_title(one, words), one.count, one.members) for one in summary.several]
    yield from _listed(words.several, several, summary.dropped["several"], words)
    twice = [(duplicate_title(one, words), one.count, one.members) for one in summary.duplicates]
    yield from _listed(words.duplicates, twice, summary.dropped["duplicates"], words)


def _listed(
    title: str, found: list[tuple[str, int, tuple[Member, ...]]], dropped: int, words: Words
) -> Iterator[str]:
    if not found:
        return
    yield f"{title}{words.colon}{exact(len(found) + dropped)}"
    for line, count, members in found[:_MOST]:
        yield f"  {line}"
        for member in members[:_MOST_MEMBERS]:
            yield f"    {who(member, words)}  {one_line(member.path, 120)}"
        if count > _MOST_MEMBERS:
            yield f"    {words.members.format(count=exact(count - _MOST_MEMBERS))}"
    yield from _more(len(found) + dropped, words)


def _more(count: int, words: Words) -> Iterator[str]:
    if count > _MOST:
        yield f"  {words.more.format(count=exact(count - _MOST))}"


def _table(rows: list[list[str]], *, text: int = 1) -> Iterator[str]:
    """Columns in line: the first ``text`` ones from the left, figures from the right."""
    if not rows:
        return
    widths = [max(width_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            pad(cell, width, right=i >= text)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield ("  " + "  ".join(cells)).rstrip()
