"""The summary of a store as one self-contained HTML page: plots drawn into it, no script.

Only bars are drawn; words and figures stand beside them as text of the page, so a plot can be as narrow as a
telephone and its words stay as large as those of the page. Every bar has its figures as a title as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from extractor.across.lines import Lines, exact
from extractor.across.records import YearFinding
from extractor.across.summary import Summary, years_of
from extractor.batch.records import RuleCount
from extractor.batch.words import VERDICTS
from extractor.catalogue import Lang
from extractor.catalogue.errors import in_chinese
from extractor.render._html import allowed, asset, environment, shared_css
from extractor.render._text import one_line
from extractor.render._words import WORDS as RESULT_WORDS

TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")
WIDTH = 1000
"""Units of a full bar; the page stretches them to whatever room there is."""
_THINNEST = 4
"""A part that is there is seen."""
_MOST_RULES = 20
_MOST_WORST = 25
_FORMS = ("2019", "2021", "hybrid", None)


class Part(NamedTuple):
    """A part of a stacked bar: its class, what it says, where it begins and how wide it is."""

    kind: str
    title: str
    at: int
    width: int


class Bar(NamedTuple):
    """A row of a plot: its label, the parts of its bar, what these say together, and what stands beside it."""

    label: str
    parts: list[Part]
    said: str
    beside: str


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


def widths(sizes: Sequence[int], whole: int) -> list[int]:
    """Units of each part of a bar: in proportion, none that is there invisible, together never too wide.

    Args:
        sizes: Of the parts.
        whole: The size of a bar over the full width.
    """
    found = [max(_THINNEST, round(WIDTH * size / whole)) if size else 0 for size in sizes]
    over = sum(found) - WIDTH
    if over > 0:  # what thin parts were given is taken from the widest
        found[found.index(max(found))] -= over
    return found


def shade(size: int, most: int) -> int:
    """How dark a square is, from 0 to 5: the darker the more it stands for."""
    return 0 if not size else min(5, 1 + (5 * size - 1) // most) if most else 0


class _View(Lines):
    """What the template asks for."""

    exact = staticmethod(exact)
    line = staticmethod(one_line)

    def __init__(self, summary: Summary, lang: Lang) -> None:
        super().__init__(lang)
        self.summary, self.verdicts = summary, RESULT_WORDS[lang].verdicts
        self.name = os.path.basename(summary.store) or summary.store
        self.worst_shown = summary.worst[:_MOST_WORST]

    def failure(self, message: str | None) -> str:
        """Why there is no result; messages are stored in English."""
        return one_line(in_chinese(message or "") if self.lang == "zh" else message or "", 300)

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
        words, found = self.words, self.summary.by_year
        most = max(counts.total() for counts in found.values())
        rows = []
        for year in years_of(found):
            counts, label = found[year], self.year(year)
            said = {v: f"{self.verdicts[v][0]} {exact(counts[v])}" for v in VERDICTS if counts[v]}
            parts = [(v, counts[v], f"{label}{words.colon}{text}") for v, text in said.items()]
            whole = f"{label}{words.colon}{words.sep.join(said.values())}"
            rows.append(_bar(label, parts, most, whole, exact(counts.total())))
        return rows

    @property
    def by_form(self) -> dict[str, Any]:
        """Years against forms: each cell with its shade, its title and its count."""
        words, by_form = self.words, self.summary.by_form
        totals = {form: sum(counts[form] for counts in by_form.values()) for form in _FORMS}
        named: dict[str | None, str] = {
            form: words.form.format(form) for form in _FORMS if totals[form]
        }
        for form, name in (("hybrid", words.hybrid), (None, words.no_form)):
            if form in named:
                named[form] = name
        most = max(max(counts.values()) for counts in by_form.values())
        rows = []
        for year in years_of(by_form):
            counts, label = by_form[year], self.year(year)
            cells = []
            for form, name in named.items():
                count = counts[form]
                title = f"{label} {name}{words.colon}{exact(count)}"
                cells.append((shade(count, most), title, exact(count) if count else "·"))
            rows.append((label, cells, exact(counts.total())))
        foot = [exact(totals[form]) for form in named]
        return {"heads": list(named.values()), "rows": rows, "totals": foot}

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
            counts = {"findings": exact(one.findings), "reports": exact(one.reports)}
            name, said = self.rule(one.rule), words.rule_counts.format(**counts)
            label = f"{name}{words.colon}{words.severities[one.severity]} {said}"
            rows.append(_bar(name, [(one.severity, one.findings, label)], most, label, said))
        return rows

    @property
    def pairs(self) -> list[list[YearFinding]]:
        """What two years of one agency say against each other, together."""
        found = groupby(self.summary.years, key=lambda one: (one.current, one.previous))
        return [list(each) for _, each in found]

    @property
    def failures(self) -> list[Bar]:
        """A bar for each problem of reports without a result."""
        most = max(self.summary.failures.values())
        rows = []
        for problem, count in self.summary.failures.most_common():
            label = self.problem(problem)
            said = f"{label} {exact(count)}"
            rows.append(_bar(label, [("error", count, said)], most, said, exact(count)))
        return rows

    @property
    def spent(self) -> list[tuple[str, str]]:
        """What was spent, and who made the results."""
        spent, words = self.summary.spent, self.words
        facts = [
            (words.attempts, exact(spent.attempts)),
            (words.seconds, f"{spent.seconds:,.1f}"),
            (words.requests, exact(spent.requests)),
            (words.tokens, self.tokens(self.summary)),
            (words.cost, self.cost(self.summary)),
        ]
        for maker, count in self.summary.makers:
            prompts = words.sep.join(f"{model} {id}" for model, id, _ in maker.prompts)
            code = f"{maker.code_read[:8]}/{maker.code_judge[:8]}"
            told = f"{one_line(maker.models, 200)} · {maker.version} · {code}"
            if prompts:
                told += f" · {one_line(prompts, 200)}"
            facts.append((words.makers, f"{told} · {words.maker.format(count=exact(count))}"))
        return facts


def _bar(
    label: str, sized: Iterable[tuple[str, int, str]], whole: int, said: str, count: str
) -> Bar:
    """A row of a plot, of parts by class, size and title."""
    given = list(sized)
    parts, at = [], 0
    for (kind, _, title), width in zip(
        given, widths([size for _, size, _ in given], whole), strict=True
    ):
        parts.append(Part(kind, title, at, width))
        at += width
    return Bar(label, parts, said, count)
