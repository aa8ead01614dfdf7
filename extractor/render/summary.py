"""A short summary of a result for a clerk at a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from extractor.render._facts import Facts, form_name, ladder_words, usage_words
from extractor.render._grid import concerned_tables, legend
from extractor.render._text import figure, one_line, width_of, wrap
from extractor.render._words import WORDS
from extractor.render.labels import column_label, row_label, table_heading
from extractor.render.todo import Todos

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify.schema import Reason, Result

_WIDTH = 100
_NARROWEST = 40
_MOST_TODO = 12
_MOST_FACTS = 8
_MOST_INFOS = 5
_MOST_LINES = 12
_ANSI = {
    "bold": "1",
    "dim": "2",
    "error": "1;31",
    "warning": "33",
    "note": "36",
    "good": "1;32",
}
_VERDICT_STYLES = {
    "accepted": "good",
    "completed": "good",
    "unconfirmed": "warning",
    "incomplete": "warning",
    "inconsistent": "error",
    "rejected": "error",
    "unsupported": "warning",
}


class _Summary:
    """The lines of one summary as they are made."""

    def __init__(
        self,
        result: Result,
        lang: Literal["zh", "en"],
        width: int,
        *,
        color: bool,
        source: str | None,
    ) -> None:
        self.result, self.lang, self.color = result, lang, color
        self.width = max(_NARROWEST, width)
        self.words = WORDS[lang]
        self.todos = Todos(Facts(result, source), lang)
        self.facts = self.todos.facts
        self.lines: list[str] = []

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{_ANSI[style]}m{text}\x1b[0m" if self.color and style else text

    def say(self, text: str, *, first: str = "", style: str = "", head: str = "") -> None:
        """Adds a paragraph, wrapped, its later lines standing under the end of ``first``."""
        indent = width_of(first)
        lines = wrap(text, max(16, self.width - indent))
        for i, line in enumerate(lines):
            lead = (self.paint(first, head) if head else first) if i == 0 else " " * indent
            self.lines.append((lead + self.paint(line, style)).rstrip())

    def heading(self) -> None:
        report, words = self.result.report, self.words
        agency = one_line(report.agency or "", 80) or words.no_agency
        year = words.year.format(report.year) if report.year is not None else words.no_year
        self.say(f"{agency}  {year}  {form_name(self.result, self.lang)}", style="bold")
        meaning = words.verdicts[self.result.verdict][1]
        verdict = words.verdict_line.format(word=self.todos.badge, verdict=self.result.verdict)
        if self.lang == "en" and self.todos.cause:
            verdict += f" ({self.todos.cause})"
        self.lines.append(
            words.verdict + words.colon + self.paint(verdict, _VERDICT_STYLES[self.result.verdict])
        )
        self.say(meaning, first="  ")
        self.say(self.todos.next, first=f"  {words.todo['next']}{words.colon}")

    def todo(self) -> None:
        """What to look at, each with its place and what is wrong with it."""
        words, found = self.words, self.todos.all
        if not found:
            return
        self.lines.append(words.todo["count"].format(count=len(found)) + words.colon.rstrip())
        for number, one in enumerate(found[:_MOST_TODO], 1):
            facts = one.facts
            about = one.where or (facts.pop(0) if facts else "")
            title = f"{words.todo['tag'].format(one.cause)} {about}  {one.place}"
            style = "error" if one.severity == "error" else "warning"
            self.say(one_line(title, 1000), first=f"  {number}. ", style=style)
            for fact in facts[:_MOST_FACTS]:
                self.say(one_line(fact, 1000), first="     ")
            if len(facts) > _MOST_FACTS:
                rest = words.more.format(len(facts) - _MOST_FACTS)
                self.lines.append(self.paint("     " + rest, "dim"))
        if len(found) > _MOST_TODO:
            self.lines.append(self.paint("  " + words.more.format(len(found) - _MOST_TODO), "dim"))

    def reasons(self) -> None:
        """What else there is to say, one line a kind."""
        words = self.words
        infos = [reason for reason in self.result.reasons if reason.severity == "info"]
        shown = list(self._alike(infos))
        if not shown:
            return
        self.lines.append((words.todo["more_infos"] + words.colon).rstrip())
        for code, message in shown[:_MOST_INFOS]:
            tail = f" [{one_line(code, 60)}]" if self.lang == "en" else ""
            self.say(message + tail, first="  - ")
        if len(shown) > _MOST_INFOS:
            self.lines.append(self.paint("  " + words.more.format(len(shown) - _MOST_INFOS), "dim"))

    def _alike(self, infos: list[Reason]) -> Iterable[tuple[str, str]]:
        # Infos repeat (one for each oddly spelled figure): one line for each kind is enough here,
        # the result itself lists them all.
        counts = Counter(reason.code for reason in infos)
        for code, count in counts.items():
            message = self.todos.words_of(next(r for r in infos if r.code == code))
            if count > 1:
                message = self.words.alike.format(message=message, count=count)
            yield code, message

    def counts(self) -> None:
        words, outcome = self.words, self.result.identities
        text = words.identity_counts.format(
            held=outcome.held, failed=outcome.failed, open=outcome.not_evaluable
        )
        self.lines.append(words.identities + words.colon + text)
        states = self.facts.state_counts
        if states and set(states) != {"read"}:
            parts = [words.cell_counts.format(total=sum(states.values()))]
            parts += [f"{words.states[s]} {states[s]}" for s in words.states if states[s]]
            self.lines.append(("，" if self.lang == "zh" else ", ").join(parts))

    def readers(self) -> None:
        """Which readers were tried and what they cost; nothing where the builtin one was alone."""
        words, from_ = self.words, self.result.provenance
        if all(rung.model == "builtin" for rung in from_.ladder):
            return
        sign = "；" if self.lang == "zh" else "; "
        kept = from_.reader
        if from_.model is not None and from_.prompt is not None:
            state = words.qualified if from_.qualified else words.unqualified
            kept = words.model.format(
                model=one_line(from_.model, 60), prompt=from_.prompt.id, qualified=state
            )
        tried = [ladder_words(self.result, self.lang)] if len(from_.ladder) > 1 else []
        parts = [*tried, kept, usage_words(self.result, self.lang)]
        self.say(words.readers + words.colon + sign.join(parts))

    def claims(self) -> None:
        """How many figures the prose claims, and how many of them the tables contradict."""
        words, claims = self.words, self.result.claims
        if claims:
            contradicts = sum(claim.outcome == "contradicts" for claim in claims)
            text = words.claim_counts.format(total=len(claims), contradicts=contradicts)
            self.lines.append(words.claims + words.colon + text)

    def tables(self) -> None:
        grid = concerned_tables(self.facts, self.lang, self.width, self.paint)
        if grid.lines:
            self.lines += grid.lines
            self.say(legend(grid.signs, self.lang), style="dim")
        elif self.facts.form is not None and self.result.verdict == "accepted":
            self.figures()

    def figures(self) -> None:
        """The non-zero figures of a report with nothing to look at, a row a line."""
        form, words = self.facts.form, self.words
        found = []
        for table in form.tables if form else ():
            for row in table.rows:
                parts = [
                    f"{column_label(column, self.lang)} {figure(value)}"
                    for name, column in zip(table.cells(row), row.columns, strict=True)
                    if (value := self.result.cells[name].value) is not None and _is_nonzero(value)
                ]
                if parts:
                    found.append((table, row_label(row, self.lang), words.list_sep.join(parts)))
        if not found:
            self.lines.append(words.all_zero)
            return
        self.lines.append((words.nonzero + words.colon).rstrip())
        seen = ""
        for table, label, figures in found[:_MOST_LINES]:
            if table.id != seen:
                seen = table.id
                self.lines.append("  " + self.paint(table_heading(table, self.lang), "dim"))
            self.say(figures, first=f"    {label}{self.words.colon}")
        if len(found) > _MOST_LINES:
            rest = words.more.format(len(found) - _MOST_LINES)
            self.lines.append(self.paint("    " + rest, "dim"))


def _is_nonzero(value: int | str) -> bool:
    """Whether a figure is other than zero; ``"0.0000"`` is zero, and no float is involved."""
    return value != 0 if isinstance(value, int) else bool(value.strip("-0."))


def summary(
    result: Result,
    lang: Literal["zh", "en"],
    *,
    color: bool = False,
    width: int | None = None,
    source: str | None = None,
) -> str:
    """What a clerk should know of a result, in a few lines.

    Nothing in it is a figure that would balance: suspects are named, never corrected. Text that
    came from the report is freed of control and escape characters.

    Args:
        result: The result.
        lang: Language of the text; the English verdict word is printed in both.
        color: Put ANSI colours in; plain text otherwise.
        width: Terminal cells to fit into, 100 when None.
        source: The text that its spans point into, for the lines of things to do.

    Returns:
        Lines joined by LF, without one at the end.
    """
    made = _Summary(result, lang, width or _WIDTH, color=color, source=source)
    made.heading()
    made.todo()
    made.counts()
    made.claims()
    made.reasons()
    made.readers()
    made.tables()
    return "\n".join(made.lines)
