"""请核对: what a person has to look at, each with its place, its sums and what the prose says.

Nothing is judged here and nothing is corrected: a figure that would balance is only ever said as what a cell
would have to be if it alone were wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from extractor.render._facts import Facts, message
from extractor.render._text import figure, one_line
from extractor.render._words import WORDS
from extractor.render.labels import cell_words, identity_words, named
from verify.codes import CODES
from verify.verdicts import GOOD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.flat import Evaluated
    from extractor.render._words import Lang
    from verify.schema import Cell, Reason, Span, Suspects

_IDS = re.compile(r"[a-z_]+(?:\.[a-z_]+){1,2}(?:, [a-z_]+(?:\.[a-z_]+){1,2})*")
_MORE = re.compile(r" 等\d+格| and \d+ more")
_MOST_PROSE = 3
_MOST_PLACES = 4
_LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do."""

    severity: str  # ``error`` or ``warning``
    cause: str  # in a word or two
    where: str  # the cells, in the form's words
    cells: tuple[str, ...] = ()  # their names
    place: str = ""  # where they stand in the original; empty when not known
    printed: str = ""  # what stands there
    sums: tuple[str, ...] = ()  # the sums that do not hold, both sides and the difference
    needed: str = ""  # what would have to stand there if that alone were wrong
    prose: tuple[str, ...] = ()  # statements of the prose that disagree
    message: str = ""  # what else there is to say
    # number of the reason in the result, or None for a group of failed identities
    reason: int | None = None

    @property
    def facts(self) -> list[str]:
        """Everything but where, a sentence each."""
        facts = (self.printed, self.message, *self.sums, self.needed, *self.prose)
        return [fact for fact in facts if fact]


class Todos:
    """The things to do of one result.

    Args:
        facts: The result with its source.
        lang: In which language.
    """

    def __init__(self, facts: Facts, lang: Lang) -> None:
        self.facts, self.result, self.lang = facts, facts.result, lang
        self.words = WORDS[lang].todo

    @property
    def badge(self) -> str:
        """The verdict, and in a word its first cause."""
        verdict = WORDS[self.lang].verdicts[self.result.verdict][0]
        if not self.cause:
            return str(verdict)
        return str(self.words["badge"].format(verdict=verdict, cause=self.cause))

    @property
    def cause(self) -> str:
        """The first cause of the verdict in a word or two; empty where it needs none."""
        for reason in self.result.reasons:
            known = CODES.get(reason.code)
            if known is not None and known.forces == self.result.verdict:
                return str(WORDS[self.lang].causes.get(reason.code, reason.code))
        return ""

    @property
    def next(self) -> str:
        """What to do with the report, in one sentence."""
        sentences, verdict = WORDS[self.lang].next, self.result.verdict
        return str(sentences["usable" if verdict in GOOD and self.all else verdict])

    @cached_property
    def all(self) -> list[Todo]:
        """Everything to do, errors first."""
        grouped = {id for group in self.result.suspects for id in group.identities}
        found = [self._group(group) for group in self.result.suspects]
        for number, reason in enumerate(self.result.reasons):
            covered = reason.code == "structure_suspected" or (
                reason.code == "identity_failed" and reason.rule in grouped
            )
            if reason.severity != "info" and not covered:
                found.append(self._reason(number, reason))
        once: dict[object, Todo] = {}
        for todo in found:
            once.setdefault((todo.where, todo.place, todo.message, todo.sums), todo)
        return sorted(once.values(), key=lambda todo: todo.severity != "error")

    def words_of(self, reason: Reason) -> str:
        """The message of a reason, its cells in the form's words."""
        text, form = message(reason, self.lang), self.facts.form

        def worded(match: re.Match[str]) -> str:
            names = match[0].split(", ")
            if form is None or not all(name in form.row_of for name in names):
                return match[0]
            return named(form, reason.cells or names, self.lang)

        if self.lang == "en" or not _IDS.search(text):
            return text
        return _MORE.sub("", _IDS.sub(worded, text, count=1))

    # --- the parts of a thing to do

    def _reason(self, number: int, reason: Reason) -> Todo:
        cells = tuple(reason.cells)
        one = self.result.cells.get(cells[0]) if len(cells) == 1 else None
        form = self.facts.form
        failed = [e for e in self.facts.broken if e.identity.id == reason.rule]
        where = self._identities(failed) if failed else named(form, cells, self.lang)
        told = self.words_of(reason).removeprefix(where).lstrip("：").removesuffix(f"：{where}")
        return Todo(
            severity=reason.severity,
            cause=WORDS[self.lang].causes.get(reason.code, reason.code),
            where=where,
            cells=cells,
            place=self._place(() if failed else cells, reason.span),
            printed="" if one is None else self._printed(one),
            sums=tuple(map(self._sum, failed)),
            message="" if failed else told + self._code(reason),
            reason=number,
        )

    def _code(self, reason: Reason) -> str:
        """The code of a reason, which English views show and Chinese ones do not."""
        return f" [{one_line(reason.code, 60)}]" if self.lang == "en" else ""

    def _group(self, group: Suspects) -> Todo:
        failed = [e for e in self.facts.broken if e.identity.id in group.identities]
        sets = list(group.sets)
        moved = [slip.cells for slip in group.slips] if not sets else []
        cells = tuple(dict.fromkeys(name for names in (*sets, *moved) for name in names))
        slips = [slip.message_zh if self.lang == "zh" else slip.message_en for slip in group.slips]
        where = self.words["or"].join(
            " + ".join(cell_words(self.facts.form, name, self.lang) for name in names)
            if sets
            else named(self.facts.form, names, self.lang)
            for names in sets or moved
        )
        if len(sets or moved) > 1:
            where = self.words["any_of"] + where
        one = self.result.cells.get(cells[0]) if len(cells) == 1 else None
        told = [one_line(slip) for slip in slips]
        told += [] if where else [self.words["not_localised"]]
        told += [self.words["doubtful"]] if group.doubtful else []
        told += [WORDS[self.lang].faults["open"]] if str(group.fault) == "open" else []
        return Todo(
            severity="error",
            cause=WORDS[self.lang].causes["identity_failed"],
            where=where or self._identities(failed),
            cells=cells,
            place=self._place(cells, None),
            printed="" if one is None else self._printed(one),
            sums=tuple(map(self._sum, failed)),
            needed=self._needed(group),
            prose=self._prose(group),
            message=("；" if self.lang == "zh" else "; ").join(told),
        )

    def _identities(self, failed: Sequence[Evaluated]) -> str:
        names = [identity_words(e.identity, self.lang)[0] for e in failed]
        return WORDS[self.lang].list_sep.join(names)

    def _sum(self, e: Evaluated) -> str:
        name, left, right = identity_words(e.identity, self.lang)
        difference = abs(e.left - e.right) if e.left is not None and e.right is not None else ""
        return str(
            self.words["sums"].format(
                name=name,
                left_name=left,
                left=figure(e.left),
                right_name=right,
                right=figure(e.right),
                difference=figure(difference),
            )
        )

    def _needed(self, group: Suspects) -> str:
        found = []
        for names, values in zip(group.sets, group.needed, strict=False):
            if any(value is None for value in values):
                continue
            if len(group.sets) == 1 and len(names) == 1:
                return str(self.words["needed"].format(value=figure(values[0])))
            text = " + ".join(
                f"{cell_words(self.facts.form, name, self.lang)} {figure(value)}"
                for name, value in zip(names, values, strict=True)
            )
            found.append(text)
        template = self.words["needed" if all(len(s) == 1 for s in group.sets) else "needed_set"]
        return template.format(value=self.words["or"].join(found)) if found else ""

    def _prose(self, group: Suspects) -> tuple[str, ...]:
        templates = {"contradicts": "prose", "scoped": "prose_scoped"}
        return tuple(
            self.words[templates[claim.outcome]].format(
                text=one_line(claim.text, 60),
                actual=WORDS[self.lang].unknown if claim.actual is None else figure(claim.actual),
            )
            for _, claim in self.facts.claims_of(group)
            if claim.outcome in templates
        )[:_MOST_PROSE]

    def _printed(self, cell: Cell) -> str:
        if cell.text is None:
            return str(self.words["absent" if cell.state == "missing" else "empty"])
        return str(self.words["printed"].format(text=one_line(cell.text, _LONGEST_TEXT)))

    def _place(self, cells: Sequence[str], span: Span | None) -> str:
        found = [self._place_of(self.result.cells[n]) for n in cells if n in self.result.cells]
        places = list(dict.fromkeys(place for place in found if place))
        if not places and span is not None:
            places = [self._line(span)]
        shown = [place for place in places if place][:_MOST_PLACES]
        more = "…" if len(places) > _MOST_PLACES else ""
        return ("、" if self.lang == "zh" else "; ").join(shown) + more

    def _place_of(self, cell: Cell) -> str:
        place, words = cell.place, self.words
        if place is not None:
            if place.page is not None:
                return str(words["page"].format(page=place.page))
            if place.sheet is not None:
                return str(words["cell"].format(sheet=one_line(place.sheet, 40), cell=place.cell))
            if place.table is not None:
                return str(
                    words["box"].format(table=place.table, row=place.row, column=place.column)
                )
            if place.line is not None:
                return str(words["line"].format(line=place.line))
        return "" if cell.span is None else self._line(cell.span)

    def _line(self, span: Span) -> str:
        places = self.facts.places
        return str(self.words["line"].format(line=places.at(span[0]).line)) if places else ""
