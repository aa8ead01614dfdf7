"""What the page and the terminal say of a store: short texts in one language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from extractor.across.records import Duplicate, Member, Several, YearFinding
from extractor.across.summary import Summary
from extractor.catalogue import Catalogue, Lang
from extractor.render._text import one_line

if TYPE_CHECKING:
    from extractor.batch.records import Run
    from extractor.panel.against import Otherwise

WORDS = Catalogue("across")


def exact(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}"


class Lines:
    """Texts in one language.

    Args:
        lang: Which.

    Attributes:
        words: Of the catalogue.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang, self.words = lang, WORDS[lang]

    def year(self, year: int | None) -> str:
        """A year, or that it is not known."""
        return str(self.words.no_year if year is None else self.words.year.format(year))

    def runs(self, summary: Summary) -> str:
        """Which runs a store has had, and until which it is summed up."""
        words = self.words
        if not summary.runs:
            return str(words.no_run)
        latest = summary.run or summary.runs[-1]
        told = words.latest_run if summary.run is None else words.at_run
        line = told.format(run=latest.id, when=self.when(latest), ending=self.ending(latest))
        return f"{words.runs.format(count=exact(len(summary.runs)))}{words.sep}{line}"

    def when(self, run: Run) -> str:
        """When a run ended; when it began, and that this is told, where it never did."""
        ended, began = self.words.when
        told, time = (began, run.began) if run.ended is None else (ended, run.ended)
        return str(told.format(time=one_line(time[:19].replace("T", " "), 20)))

    def ending(self, run: Run) -> str:
        """How a run ended, or that it did not."""
        return str(self.words.endings[run.ending] if run.ending else self.words.unfinished)

    def who(self, member: Member) -> str:
        """Agency and year of a report."""
        agency = one_line(member.agency or "", 80) or self.words.no_agency
        return f"{agency} {self.year(member.year)}"

    def spans(self, found: YearFinding) -> str:
        """Where in both texts a finding across years points."""
        words = self.words
        parts = [
            f"{word} {words.characters.format(*span)}"
            for word, span in ((words.now, found.span), (words.before, found.previous_span))
            if span is not None
        ]
        return f"({words.comma.join(parts)})" if parts else ""

    def message(self, found: YearFinding) -> str:
        """What a finding across years says."""
        return one_line(found.message_zh if self.lang == "zh" else found.message_en, 400)

    def title(self, found: Several | Duplicate) -> str:
        """How many reports are alike or differ, and whose they are."""
        words, count = self.words, exact(found.count)
        if isinstance(found, Duplicate):
            return str(words.duplicate_kinds[found.kind].format(count=count))
        said = words.several_kinds["alike" if found.alike else "differ"].format(count=count)
        doubt = "" if found.certain else f"{words.sep}{words.uncertain}"
        return f"{self.who(found.members[0])}{words.colon}{said}{doubt}"

    def years_counts(self, summary: Summary) -> str:
        """What the comparison of years came to."""
        names = ("agencies", "pairs", "held", "failed", "open")
        counts = {name: exact(getattr(summary.counts, name)) for name in names}
        return str(self.words.years_counts.format(**counts))

    def not_compared(self, summary: Summary) -> Iterator[str]:
        """What was left out of the comparison of years, and why; nothing where nothing was."""
        for key, text in self.words.not_compared.items():
            if count := getattr(summary.counts, key):
                yield text.format(count=exact(count))

    def otherwise(self, found: Otherwise) -> str:
        """What a report says otherwise than the manifest."""
        words = self.words
        sentence = words.otherwise_line if found.certain else words.otherwise_open
        return str(
            sentence.format(
                field=words.fields[found.code.removeprefix("manifest_")],
                line=found.line,
                manifest=one_line(found.manifest, 120),
                report=one_line(found.report, 120),
            )
        )

    def problem(self, name: str) -> str:
        """Why there is no result, in a few words."""
        return str(self.words.problems.get(name, one_line(name, 40)))

    def cost(self, summary: Summary) -> str:
        """What was spent in dollars, as far as it is known."""
        spent, words = summary.spent, self.words
        cost = f"{spent.cost_usd:f}"
        if spent.unknown:
            cost = words.cost_unknown.format(cost=cost, count=exact(spent.unknown))
        return str(cost)

    def tokens(self, summary: Summary) -> str:
        """Tokens in and out."""
        return f"{exact(summary.spent.input_tokens)} + {exact(summary.spent.output_tokens)}"

    def rule(self, id: str) -> str:
        """A rule for people: its sentence in Chinese, its id in English.

        Args:
            id: Of a rule, or the code of findings that name none.
        """
        if self.lang == "en":
            return one_line(id, 120)
        from verify.rules import find_rule, rule_of_code

        said = []
        for part in id.split(","):
            for name in (part, rule_of_code(part)):
                if name is not None:
                    with suppress(KeyError):
                        said.append(find_rule(name).zh)
                        break
        return one_line("；".join(said) or id, 200)
