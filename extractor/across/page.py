"""The summary of a store as one self-contained HTML page: plots drawn into it, no script."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from extractor.across import lines
from extractor.across.charts import bar, shade
from extractor.across.lines import exact, year_word
from extractor.across.records import Member, YearFinding
from extractor.across.summary import Summary
from extractor.across.words import WORDS, Lang
from extractor.batch.records import RuleCount
from extractor.batch.words import VERDICTS
from extractor.catalogue.errors import in_chinese
from extractor.panel.against import Otherwise
from extractor.render._html import allowed, asset, environment, shared_css
from extractor.render._text import one_line
from extractor.render._words import WORDS as RESULT_WORDS

TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")
_MOST_RULES = 20
_MOST_WORST = 25
Bar = tuple[str, str, str, str]


def page(summary: Summary, lang: Lang = "zh") -> str:
    """A page that shows what a store holds and what was found across it.

    It loads nothing and runs no script. All text of reports is escaped.

    Args:
        summary: What it shows.
        lang: Language of the page.

    Returns:
        A complete HTML document.
    """
    from markupsafe import Markup

    css = shared_css() + asset(os.path.join(TEMPLATES, "summary.css"))
    policy = f"default-src 'none'; style-src {allowed(css)}; base-uri 'none'; form-action 'none'"
    template = environment(TEMPLATES).get_template("summary.html.j2")
    made = template.render(v=_View(summary, lang), policy=policy, css=Markup(css))  # noqa: S704
    return made.lstrip("\n") + "\n"


class _View:
    """What the template asks for."""

    def __init__(self, summary: Summary, lang: Lang) -> None:
        self.summary, self.lang = summary, lang
        self.words, self.verdicts = WORDS[lang], RESULT_WORDS[lang].verdicts
        self.name = os.path.basename(summary.store) or summary.store
        self.exact = exact
        self.worst = summary.worst[:_MOST_WORST]

    @property
    def run_line(self) -> str:
        return lines.run_line(self.summary, self.words)

    @staticmethod
    def line(text: str, limit: int) -> str:
        return one_line(text, limit)

    def year(self, year: int | None) -> str:
        return year_word(year, self.words)

    def who(self, one: Member) -> str:
        return lines.who(one, self.words)

    def message(self, one: YearFinding) -> str:
        return lines.year_message(one, self.lang)

    def spans(self, one: YearFinding) -> str:
        return lines.spans(one, self.words)

    def rule(self, one: YearFinding) -> str:
        return lines.rule_words(one.rule or one.code, self.lang)

    def otherwise(self, one: Otherwise) -> str:
        return lines.otherwise_line(one, self.words)

    def failure(self, message: str | None) -> str:
        """Why there is no result; messages are stored in English."""
        return one_line(in_chinese(message or "") if self.lang == "zh" else message or "", 300)

    def problem(self, name: str) -> str:
        return self.words.problems.get(name, one_line(name, 40))

    @property
    def tiles(self) -> list[tuple[str, str, str, str]]:
        """Class, count, label and share of each number at the top."""
        summary, words = self.summary, self.words
        total = summary.reports + summary.failures.total()
        found = [("", exact(total), words.reports, "")]
        for verdict in VERDICTS:
            count = summary.verdicts[verdict]
            share = words.share.format(share=f"{100 * count / total:.1f}") if total else ""
            found.append((verdict, exact(count), self.verdicts[verdict][0], share))
        if summary.failures:
            found.append(("failed", exact(summary.failures.total()), words.failures, ""))
        return found

    @property
    def legend(self) -> list[tuple[str, str]]:
        return [(v, self.verdicts[v][0]) for v in VERDICTS if self.summary.verdicts[v]]

    @property
    def by_year(self) -> list[Bar]:
        """A bar of verdicts for each year."""
        words, verdicts, found = self.words, self.verdicts, self.summary.by_year
        most = max(counts.total() for counts in found.values())
        rows = []
        for year in _years_of(found):
            counts, label = found[year], year_word(year, words)
            said = [f"{verdicts[v][0]} {exact(counts[v])}" for v in VERDICTS if counts[v]]
            parts = [
                (v, counts[v], f"{label}{words.colon}{verdicts[v][0]} {exact(counts[v])}")
                for v in VERDICTS
            ]
            drawn = bar(parts, most, f"{label}{words.colon}{words.sep.join(said)}")
            rows.append((label, drawn, exact(counts.total()), ""))
        return rows

    @property
    def by_form(self) -> dict[str, Any]:
        """Years against forms."""
        words, by_form = self.words, self.summary.by_form
        order = ("2019", "2021", "hybrid", None)
        totals = {form: sum(c[form] for c in by_form.values()) for form in order}
        forms = [form for form in order if totals[form]]
        most = max(max(counts.values()) for counts in by_form.values())
        named = {
            form: words.no_form
            if form is None
            else words.hybrid
            if form == "hybrid"
            else words.form.format(form)
            for form in forms
        }
        rows = []
        for year in _years_of(by_form):
            counts, label = by_form[year], year_word(year, words)
            cells = [
                (
                    shade(counts[f], most, f"{label} {named[f]}{words.colon}{exact(counts[f])}"),
                    exact(counts[f]) if counts[f] else "·",
                )
                for f in forms
            ]
            rows.append((label, cells, exact(counts.total())))
        heads = [named[form] for form in forms]
        return {"heads": heads, "rows": rows, "totals": [exact(totals[form]) for form in forms]}

    @property
    def rules(self) -> tuple[list[RuleCount], list[RuleCount]]:
        """The rules that are shown, and those that are folded."""
        grave = [one for one in self.summary.rules if one.severity != "info"]
        notes = [one for one in self.summary.rules if one.severity == "info"]
        return grave[:_MOST_RULES], [*grave[_MOST_RULES:], *notes]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        there = {one.severity for one in self.summary.rules}
        return [(kind, word) for kind, word in self.words.severities.items() if kind in there]

    def rule_bars(self, rules: Sequence[RuleCount]) -> list[Bar]:
        """A bar for each rule."""
        words, most = self.words, max(one.findings for one in rules)
        rows = []
        for one in rules:
            name = lines.rule_words(one.rule, self.lang)
            said = words.rule_counts.format(
                findings=exact(one.findings), reports=exact(one.reports)
            )
            label = f"{name}{words.colon}{words.severities[one.severity]} {said}"
            rows.append((name, bar([(one.severity, one.findings, label)], most, label), said, ""))
        return rows

    @property
    def years_counts(self) -> str:
        counts = self.summary.counts
        return self.words.years_counts.format(
            agencies=exact(counts.agencies),
            pairs=exact(counts.pairs),
            held=exact(counts.held),
            failed=exact(counts.failed),
            open=exact(counts.open),
        )

    @property
    def not_compared(self) -> list[str]:
        return list(lines.not_compared(self.summary, self.words))

    @property
    def pairs(self) -> list[list[YearFinding]]:
        """What two years of one agency say against each other, together."""
        found = groupby(self.summary.years, key=lambda one: (one.current, one.previous))
        return [list(each) for _, each in found]

    @property
    def several(self) -> list[tuple[str, tuple[Member, ...], int]]:
        return [
            (lines.several_title(one, self.words), one.members, one.count - len(one.members))
            for one in self.summary.several
        ]

    @property
    def duplicates(self) -> list[tuple[str, tuple[Member, ...], int]]:
        return [
            (lines.duplicate_title(one, self.words), one.members, one.count - len(one.members))
            for one in self.summary.duplicates
        ]

    @property
    def failures(self) -> list[Bar]:
        """A bar for each problem of reports without a result."""
        most = max(self.summary.failures.values())
        rows = []
        for problem, count in self.summary.failures.most_common():
            label = self.problem(problem)
            said = f"{label} {exact(count)}"
            rows.append((label, bar([("error", count, said)], most, said), exact(count), ""))
        return rows

    @property
    def spent(self) -> list[tuple[str, str]]:
        """What was spent, and who made the results."""
        spent, words = self.summary.spent, self.words
        cost = f"{spent.cost_usd:f}"
        if spent.unknown:
            cost = words.cost_unknown.format(cost=cost, count=exact(spent.unknown))
        facts = [
            (words.attempts, exact(spent.attempts)),
            (words.seconds, f"{spent.seconds:,.1f}"),
            (words.requests, exact(spent.requests)),
            (words.tokens, f"{exact(spent.input_tokens)} + {exact(spent.output_tokens)}"),
            (words.cost, cost),
        ]
        for maker, count in self.summary.makers:
            prompts = words.sep.join(f"{model} {id}" for model, id, _ in maker.prompts)
            code = f"{maker.code_read[:8]}/{maker.code_judge[:8]}"
            told = f"{one_line(maker.models, 200)} · {maker.version} · {code}"
            if prompts:
                told += f" · {one_line(prompts, 200)}"
            facts.append((words.makers, f"{told} · {words.maker.format(count=exact(count))}"))
        return facts


def _years_of(found: Mapping[int | None, object]) -> list[int | None]:
    return [*sorted(year for year in found if year is not None), *([None] if None in found else [])]
