"""The summary of a store for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.across.lines import Lines, exact
from extractor.across.records import Duplicate, Several
from extractor.across.summary import Summary, years_of
from extractor.batch.words import VERDICTS
from extractor.catalogue import Lang
from extractor.render._text import columns, one_line
from extractor.render._words import WORDS as VIEWS

_MOST = 10
_MOST_MEMBERS = 3


def lines(summary: Summary, lang: Lang) -> Iterator[str]:
    """The lines of a summary, without their ends; text of reports is made safe for a terminal."""
    said = _Terminal(lang)
    words = said.words
    yield f"{one_line(summary.store, 200)}{words.sep}{said.runs(summary)}"
    if summary.empty:
        yield words.empty
        return
    yield from said.counts(summary)
    yield from said.rules(summary)
    yield from said.worst(summary)
    yield from said.across(summary)
    spent = summary.spent
    if spent.requests:
        yield (
            f"{words.spent}{words.colon}{words.requests} {exact(spent.requests)}{words.sep}"
            f"{words.tokens} {said.tokens(summary)}{words.sep}{words.cost} {said.cost(summary)}"
        )


class _Terminal(Lines):
    """The parts of a summary, each under its heading."""

    def verdict(self, verdict: str) -> str:
        return str(VIEWS["zh"].verdicts[verdict][0]) if self.lang == "zh" else verdict

    def counts(self, summary: Summary) -> Iterator[str]:
        """How many reports there are, by verdict, by what went wrong, and by year."""
        words, total = self.words, summary.reports + summary.failures.total()
        used = [v for v in VERDICTS if summary.verdicts[v]]
        yield f"{words.reports}{words.colon}{exact(total)}"
        rows = []
        for v in used:
            name = f"{v} {self.verdict(v)}" if self.lang == "zh" else v
            count = summary.verdicts[v]
            rows.append((name, exact(count), f"{100 * count / total:.1f} %"))
        yield from columns(rows)
        if summary.failures:
            yield f"{words.failed}{words.colon}{exact(summary.failures.total())}"
            failures = summary.failures.most_common()
            yield from columns([(self.problem(name), exact(count)) for name, count in failures])
        if summary.by_year:
            yield words.by_year
            table = [["", *map(self.verdict, used)]]
            for year in years_of(summary.by_year):
                counts = summary.by_year[year]
                figures = (exact(counts[v]) if counts[v] else "·" for v in used)
                table.append([self.year(year), *figures])
            yield from columns(table)

    def rules(self, summary: Summary) -> Iterator[str]:
        words = self.words
        grave = [one for one in summary.rules if one.severity != "info"]
        if grave:
            yield words.rules
            yield from columns(
                [
                    (
                        self.rule(one.rule),
                        words.severities[one.severity],
                        exact(one.findings),
                        exact(one.reports),
                    )
                    for one in grave[:_MOST]
                ]
            )
        if len(grave) > _MOST:
            yield f"  {words.rules_more.format(count=len(grave) - _MOST)}"

    def worst(self, summary: Summary) -> Iterator[str]:
        words = self.words
        if summary.worst:
            yield words.worst
            rows = [(words.report, words.verdict, words.errors, words.failed_identities)]
            for one in summary.worst[:_MOST]:
                counts = (exact(one.errors or 0), exact(one.failed or 0))
                rows.append((one_line(one.name, 60), self.verdict(one.verdict or ""), *counts))
            yield from columns(rows, text=2)

    def across(self, summary: Summary) -> Iterator[str]:
        """What reports say against the manifest and against each other."""
        words, dropped = self.words, summary.dropped
        if summary.otherwise:
            count = len(summary.otherwise) + dropped["otherwise"]
            yield f"{words.otherwise}{words.colon}{exact(count)}"
            for one in summary.otherwise[:_MOST]:
                yield f"  {one_line(one.path, 120)}{words.sep}{self.otherwise(one)}"
            yield from self.more(count)
        yield f"{words.years}{words.colon}{self.years_counts(summary)}"
        for line in self.not_compared(summary):
            yield f"  {line}"
        for found in summary.years[:_MOST]:
            doubt = "" if found.certain else f"{words.sep}{words.uncertain}"
            yield f"  {self.who(found.current)}{words.colon}{self.message(found)}{doubt}"
            paths = (one_line(one.path, 120) for one in (found.current, found.previous))
            yield f"    {' ← '.join(paths)} {self.spans(found)}".rstrip()
        yield from self.more(len(summary.years) + dropped["years"])
        yield from self.listed(words.several, summary.several, dropped["several"])
        yield from self.listed(words.duplicates, summary.duplicates, dropped["duplicates"])

    def listed(
        self, title: str, found: Sequence[Several | Duplicate], dropped: int
    ) -> Iterator[str]:
        words = self.words
        if not found:
            return
        yield f"{title}{words.colon}{exact(len(found) + dropped)}"
        for one in found[:_MOST]:
            yield f"  {self.title(one)}"
            for member in one.members[:_MOST_MEMBERS]:
                yield f"    {self.who(member)}  {one_line(member.path, 120)}"
            if one.count > _MOST_MEMBERS:
                yield f"    {words.members.format(count=exact(one.count - _MOST_MEMBERS))}"
        yield from self.more(len(found) + dropped)

    def more(self, count: int) -> Iterator[str]:
        if count > _MOST:
            yield f"  {self.words.more.format(count=exact(count - _MOST))}"
