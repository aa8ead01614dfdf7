"""What the templates of the page ask for: a result with its source, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from extractor.render._facts import Facts, figure_in, form_name, ladder_words, usage_words
from extractor.render._source import Mark, usable
from extractor.render._text import figure, one_line
from extractor.render._words import WORDS
from extractor.render.labels import (
    cell_label,
    cell_words,
    humanise,
    identity_words,
    operand_label,
    table_heading,
)
from extractor.render.todo import Todos
from verify.prose.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extractor.flat import Evaluated
    from extractor.render._facts import Sign
    from extractor.render._words import Lang
    from verify.forms import Column, Row, Table
    from verify.schema import Claim, Reason, Result, Span

_MOST_REASONS = 300
_BRIEF_REASONS = 8
_MOST_CLAIMS = 300
# A sum of up to this many zero terms prints them; more are folded away but stay in the page.
_FEW_ZEROS = 3
# Characters of last year's source on both sides of the figure that is shown.
_AROUND = 40
_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ORDER = ("contradicts", "scoped", "open", "agrees")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table under one group and one set of headers."""

    group: str
    columns: tuple[Column, ...]
    rows: list[Row]


class View:
    """A result as the page shows it.

    Attributes:
        result: The result.
        source: Its decoded source.
        previous: Last year's source, when the two years were compared.
        lang: Language of the page.
        words: What the page says of its own.
        todos: What there is to do.
        facts: What both views say about the result.
        spans: Usable span of each cell that has one.
        reasons: The reasons that are shown, errors first; they are known by their place here.
        claims: The claims that are shown.
        hidden: How many reasons are not shown.
    """

    verdict_signs: ClassVar = {
        "accepted": "✓",
        "completed": "≈",
        "unconfirmed": "?",
        "incomplete": "…",
        "inconsistent": "≠",
        "rejected": "✕",
        "unsupported": "–",
    }
    severity_signs: ClassVar = {"error": "✕", "warning": "!", "info": "i"}
    claim_signs: ClassVar = {"agrees": "=", "contradicts": "≠", "scoped": "≈", "open": "?"}
    sum_signs: ClassVar = {"held": "=", "failed": "≠", "open": "?"}
    note, few_cells, few_infos, few_claimed, most_todo = _NOTE, 6, 3, 8, 100
    human, line, figure = staticmethod(humanise), staticmethod(one_line), staticmethod(figure)

    def __init__(
        self,
        result: Result,
        source: str,
        lang: Lang,
        previous: str | None,
        *,
        brief: bool = False,
    ) -> None:
        self.result, self.source, self.lang, self.previous = result, source, lang, previous
        self.words = WORDS[lang]
        self.facts = Facts(result, source)
        self.todos = Todos(self.facts, lang)
        self.spans = {
            name: span
            for name, cell in result.cells.items()
            if (span := self.usable(cell.span)) is not None
        }
        ordered = self.facts.reasons
        self.reasons = ordered[: _BRIEF_REASONS if brief else _MOST_REASONS]
        self.most_sums = _BRIEF_REASONS if brief else len(self.facts.evaluated)
        if brief:
            self.most_todo = _BRIEF_REASONS
        self.hidden = len(ordered) - len(self.reasons)
        self.claims = result.claims[:_MOST_CLAIMS]
        self.rules = {e.identity.id for e in self.facts.evaluated}

    def usable(self, span: Span | None) -> Span | None:
        """A span when it covers something of the source."""
        return usable(span, len(self.source))

    def place(self, name: str) -> str:
        """Where a link to a cell leads: its place in the source, or in the table without one."""
        return f"#s-{name}" if name in self.spans else f"#c-{name}"

    @property
    def marks(self) -> list[Mark]:
        """Everything that is marked in the source."""
        found = [Mark("cell", n, s, tuple(self.classes(n).split())) for n, s in self.spans.items()]
        for number, reason in enumerate(self.reasons):
            if (span := self.usable(reason.span)) is not None:
                found.append(Mark("reason", number, span, ("why",)))
        for number, claim in enumerate(self.claims):
            if (span := self.usable(claim.span)) is not None:
                found.append(Mark("claim", number, span, ("claim", claim.outcome)))
        return found

    # --- the head of the page

    @property
    def agency(self) -> str:
        """Whose report it is."""
        return self.result.report.agency or self.words.no_agency

    @property
    def year(self) -> str:
        """Of which year."""
        year = self.result.report.year
        return self.words.year.format(year) if year is not None else self.words.no_year

    @property
    def form_name(self) -> str:
        """In which form."""
        return form_name(self.result, self.lang)

    @property
    def counts(self) -> str:
        """How many identities held, failed and were open."""
        outcome = self.result.identities
        return self.words.identity_counts.format(
            held=outcome.held, failed=outcome.failed, open=outcome.not_evaluable
        )

    @property
    def states(self) -> str:
        """How many cells are in each state."""
        states, words = self.facts.state_counts, self.words.states
        return " ".join(f"{words[state]} {states[state]}" for state in words if states[state])

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The signs that the tables show, and what they mean."""
        form = self.facts.form
        seen: set[Sign] = set()
        for name in form.cells if form else ():
            seen |= self.facts.signs(name)
        return [(sign, text) for sign, text in self.words.legend.items() if sign in seen]

    @property
    def provenance(self) -> list[tuple[str, str]]:
        """Where the result comes from, by the names of the catalogue."""
        from_, names = self.result.provenance, self.words.provenance_names
        qualified = None if from_.qualified is None else names["yes" if from_.qualified else "no"]
        facts = {
            "source": from_.source.name,
            "sha256": from_.source.sha256,
            "encoding": f"{from_.source.encoding}, {from_.source.chars:,}",
            "reader": names.get(from_.reader, from_.reader),
            "model": from_.model,
            "prompt": f"{from_.prompt.id} {from_.prompt.sha256}" if from_.prompt else None,
            "qualified": qualified,
            "ladder": ladder_words(self.result, self.lang, self.words.colon),
            "usage": usage_words(self.result, self.lang) if from_.usage.requests else "",
            "form_data": from_.form_data,
            "version": from_.version,
        }
        return [(names[name], value) for name, value in facts.items() if value]

    # --- cells and tables

    def known(self, name: str) -> bool:
        """Whether a name is a cell of the form."""
        return self.facts.form is not None and name in self.facts.form.row_of

    def of_form(self, names: Sequence[str]) -> list[str]:
        """Those of some names that are cells of the result."""
        return [name for name in names if name in self.result.cells]

    def short(self, name: str) -> str:
        """A cell by its labels."""
        return cell_label(self.facts.form, name, self.lang)

    def title(self, name: str) -> str:
        """What a link to a cell says when it is pointed at."""
        return cell_words(self.facts.form, name, self.lang) if self.lang == "zh" else name

    def classes(self, name: str) -> str:
        """The CSS classes of a cell: its state and, where it is pointed at, how."""
        flag = self.facts.flags.get(name, "")
        how = {"": "", "doubtful": " suspect doubtful"}.get(flag, f" {flag}")
        return self.result.cells[name].state + how

    def describe(self, name: str) -> str:
        """One sentence on a cell: what it is, its value, state, text and place."""
        words, cell, facts = self.words, self.result.cells[name], self.facts
        value = "" if figure_in(cell) is None else f" = {facts.body(name, self.lang)}"
        parts = [self.short(name) + value, words.states[cell.state]]
        if cell.text is not None:
            parts.append(words.quoted.format(one_line(cell.text, 60)))
        if cell.span is not None:
            parts.append(f"[{cell.span[0]}, {cell.span[1]})")
        else:
            parts.append(words.no_span)
        if cell.tentative is not None:
            parts.append(words.tentative)
        if cell.remark is not None:
            parts.append(words.remark.format(one_line(cell.remark, 60)))
        if cell.derived is not None:
            parts.append(words.derived.format(figure(cell.derived)))
        if cell.proof:
            proof = self.names_of(cell.proof) if self.lang == "zh" else ", ".join(cell.proof)
            parts.append(words.legend["deduced"] + words.colon + proof)
        flag = facts.flags.get(name, "")
        if flag:
            parts.append(words.legend[flag])
        return ("；" if self.lang == "zh" else "; ").join(parts)

    def names_of(self, ids: Sequence[str]) -> str:
        """Identities by the rows and columns that they are of."""
        found = {e.identity.id: e.identity for e in self.facts.evaluated}
        names = [identity_words(found[id], self.lang)[0] if id in found else id for id in ids]
        return self.words.list_sep.join(names)

    def heading(self, table: Table) -> str:
        """The heading of a table."""
        return table_heading(table, self.lang)

    def marked(self, table: Table) -> bool:
        """Whether a table has a cell to look at."""
        return any(self.facts.signs(name) for row in table.rows for name in table.cells(row))

    @staticmethod
    def blocks(table: Table) -> list[Block]:
        """The rows of a table under their groups and headers."""
        return [
            Block(group, columns, list(rows))
            for (group, columns), rows in groupby(table.rows, key=lambda r: (r.group, r.columns))
        ]

    @staticmethod
    def depth(table: Table) -> int:
        """How many groups stand within each other."""
        return _chains(table.rows)[1]

    @staticmethod
    def grouped(table: Table) -> Iterator[tuple[Row, list[tuple[int, str, int]], int]]:
        """Each row, the groups that begin with it, and the columns that its label takes."""
        chains, depth = _chains(table.rows)
        previous: tuple[str, ...] = ()
        for row, chain in zip(table.rows, chains, strict=True):
            begun = [
                (level, group, sum(1 for c in chains if c[: level + 1] == chain[: level + 1]))
                for level, group in enumerate(chain)
                if previous[: level + 1] != chain[: level + 1]
            ]
            previous = chain
            yield row, begun, depth + 1 - len(chain)

    @staticmethod
    def lying(table: Table) -> list[tuple[str, list[dict[str, Any]]]]:
        """The rows of a table that lies, by their groups."""
        return [
            (group, [{"row": row, "width": len(row.columns)} for row in rows])
            for group, rows in groupby(table.rows, key=lambda row: row.group)
        ]

    # --- reasons, sums and claims

    def numbered(self, infos: bool) -> list[tuple[int, Reason]]:
        """The reasons with their numbers: notes, or all others."""
        return [(n, r) for n, r in enumerate(self.reasons) if (r.severity == "info") == infos]

    def message(self, reason: Reason) -> str:
        """What a reason says."""
        return self.todos.words_of(reason)

    def around(self, reason: Reason) -> tuple[str, str, str] | None:
        """Last year's figure with the words around it, or None where they are not at hand."""
        text, span = self.previous, reason.previous_span
        inside = None if text is None else usable(span, len(text))
        if text is None or inside is None:
            return None
        start, end = inside
        end = min(end, start + _AROUND)
        return (
            one_line(text[max(0, start - _AROUND) : start]),
            one_line(text[start:end]),
            one_line(text[end : end + _AROUND]),
        )

    def value(self, value: int | str | None) -> str:
        """A value of the result, or that it is not known."""
        return str(self.words.unknown) if value is None else figure(value)

    def operand(self, e: Evaluated, name: str) -> str:
        """A term of a sum by its label."""
        assert self.facts.form is not None
        return operand_label(self.facts.form, e.identity, name, self.lang)

    def terms(self, names: Sequence[str]) -> tuple[list[str], list[str]]:
        """The terms of a sum that are shown, and those that are folded since all are zero."""
        zeros = [name for name in names if figure_in(self.result.cells[name]) == 0]
        if len(zeros) <= _FEW_ZEROS:
            return list(names), []
        return [name for name in names if name not in zeros], zeros

    def subject(self, claim: Claim) -> str:
        """What a claim speaks of, in words where its subject is known."""
        known = SUBJECTS.get(claim.subject)
        return "" if known is None else known.zh if self.lang == "zh" else known.en

    def scope(self, claim: Claim) -> str:
        """The words of scope of a claim."""
        return self.words.list_sep.join(one_line(word, 40) for word in claim.scope)

    def sorted_claims(self) -> tuple[list[tuple[int, Claim]], list[tuple[int, Claim]]]:
        """The claims that do not agree, worst first, and those that do."""
        numbered = sorted(enumerate(self.claims), key=lambda item: _ORDER.index(item[1].outcome))
        return (
            [item for item in numbered if item[1].outcome != "agrees"],
            [item for item in numbered if item[1].outcome == "agrees"],
        )


def _chains(rows: Sequence[Row]) -> tuple[list[tuple[str, ...]], int]:
    """For each row the groups it stands in, outer first, and the depth of the deepest.

    A group reaches from its first row to its last; a group met on the way stands inside it.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for i, row in enumerate(rows):
        if row.group:
            first.setdefault(row.group, i)
            last[row.group] = i
    chains = [
        tuple(
            sorted(
                (g for g in first if first[g] <= i <= last[g]),
                key=lambda g: first[g] - last[g],
            )
        )
        for i in range(len(rows))
    ]
    return chains, max(len(chain) for chain in chains)
