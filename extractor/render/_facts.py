"""A result with its source as every view shows it: the flat view with figures that were only tried, and in words.

Nothing is judged here. The verdict, the reasons and the suspects are the verifier's; the sums are
computed again only to be shown.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from extractor.flat import Flag, Flat, Layout, Number
from extractor.render._places import Places
from extractor.render._text import figure, one_line
from extractor.render._words import WORDS, Lang
from extractor.render.labels import cell_label

if TYPE_CHECKING:
    from verify.schema import Cell, Claim, Reason, Result, Span, Suspects

Sign = Literal[Flag, "unreadable", "blank", "missing", "deduced", "entered", "remark"]
_RANK = {"error": 0, "warning": 1, "info": 2}


def form_name(result: Result, lang: Lang) -> str:
    """The form of a result in words."""
    words, form = WORDS[lang], result.report.form
    return words.form.format(words.forms.get(form, form)) if form else words.no_form


def usage_words(result: Result, lang: Lang) -> str:
    """What language models took and cost."""
    usage, words = result.provenance.usage, WORDS[lang]
    known = usage.cost_usd is not None
    cost = words.cost.format(cost=usage.cost_usd) if known else words.cost_unknown
    counts = {
        "requests": usage.requests,
        "input": usage.input_tokens,
        "output": usage.output_tokens,
    }
    return str(words.usage.format(cost=cost, **counts))


def ladder_words(result: Result, lang: Lang, between: str = " ") -> str:
    """The readers that were tried, each with the verdict that it came to."""
    verdicts = WORDS[lang].verdicts
    return " → ".join(
        f"{one_line(rung.model, 60)}{between}{verdicts[rung.verdict][0] if lang == 'zh' else rung.verdict}"
        for rung in result.provenance.ladder
    )


def figure_in(cell: Cell) -> int | str | None:
    """The figure of a cell to be shown: its value, in a rejected report what was tried."""
    return cell.tentative if cell.value is None else cell.value


def message(reason: Reason, lang: Lang) -> str:
    """The message of a reason in one line, without controls and unseen characters."""
    return one_line(reason.message_zh if lang == "zh" else reason.message_en, 2000)


class Facts(Flat):
    """A result seen with its form and its source.

    Args:
        result: The result.
        source: The text that its spans point into, None when it is not at hand.
    """

    def __init__(self, result: Result, source: str | None = None) -> None:
        super().__init__(result.model_dump(mode="json"))
        self.result, self.source = result, source

    @cached_property
    def layout(self) -> Layout | None:
        """Of the form whose tables the result lists, None when the report is of no known form."""
        found = super().layout
        return found if found is not None and found.form.id == self.result.report.form else None

    @cached_property
    def numbers(self) -> list[Number | None]:
        """The figures as numbers, in a rejected report those that were tried."""
        tried = self.column("tentative")
        shown = (t if v is None else v for v, t in zip(self.values, tried, strict=True))
        return self.exact(shown)

    @property
    def state_counts(self) -> Counter[str]:
        """How many cells are in each state."""
        return Counter(self.states)

    @property
    def reasons(self) -> list[Reason]:
        """Every reason, errors first, otherwise in the order of the result."""
        return sorted(self.result.reasons, key=lambda reason: _RANK[reason.severity])

    @cached_property
    def places(self) -> Places | None:
        """Lines and columns of offsets, or None without a source."""
        return None if self.source is None else Places(self.source)

    def agrees(self) -> bool:
        """Whether the source is the one of the result, as far as can be told here."""
        source = self.source or ""
        return len(source) == self.result.provenance.source.chars and all(
            cell.text is None
            or cell.span is None
            or source[cell.span[0] : cell.span[1]] == cell.text
            for cell in self.result.cells.values()
        )

    def claims_of(self, group: Suspects) -> list[tuple[int, Claim]]:
        """The claims of the prose that speak of a group of failed identities, with their numbers."""
        claims = self.result.claims
        return [(n, claims[n]) for n in group.claims if 0 <= n < len(claims)]

    # --- of a cell

    def span(self, name: str) -> Span | None:
        """Where a cell stands, or None."""
        cell = self.result.cells.get(name)
        return cell.span if cell is not None else None

    def label(self, name: str, lang: Lang) -> str:
        """A cell as a clerk names it."""
        return one_line(cell_label(self.form, name, lang))

    def body(self, name: str, lang: Lang) -> str:
        """What stands in a cell: its figure, or the sign of why there is none."""
        cell = self.result.cells[name]
        signs = WORDS[lang].signs
        shown = figure_in(cell)
        if shown is None:
            return str(signs["unreadable" if cell.state == "read" else cell.state])
        return figure(shown) if cell.state == "read" else signs[cell.state] + figure(shown)

    def flag(self, name: str, lang: Lang) -> str:
        """The sign beside a cell that is pointed at or has a remark, or nothing."""
        remark = "remark" if self.result.cells[name].remark is not None else ""
        sign = self.flags.get(name) or remark
        return str(WORDS[lang].signs[sign]) if sign else ""

    def signs(self, name: str) -> set[Sign]:
        """Which signs of the legend a cell wears."""
        cell, flag = self.result.cells[name], self.flags.get(name)
        found: set[Sign] = {flag} if flag else set()
        if cell.state != "read":
            found.add(cell.state)
        if cell.remark is not None and not flag:
            found.add("remark")
        return found
