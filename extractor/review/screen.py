"""What the screen of one thing to decide shows: the finding, its sums, what people said, the original."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from extractor.render._source import Mark, Piece, pieces
from extractor.render._text import figure, one_line
from extractor.render._view import View
from extractor.render._words import WORDS as VIEWS
from extractor.render.labels import named
from extractor.review.cases import parsed
from extractor.review.desk import PRINTED_WRONG, was_read
from verify.decisions import Decision, Opinions, can_enter, not_undone, opinions
from verify.forms import every_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extractor.batch.store.items import Item
    from extractor.catalogue import Lang
    from extractor.flat import Evaluated
    from extractor.review.cases import Case
    from extractor.review.desk import Desk
    from extractor.review.queue import Filter
    from verify.schema import Reason, Result, Suspects

_OF_LABELS = ("named_by_model", "label_reworded", "header_unread")
_MOST_ENTERED = 60


class _Lit(View):
    """A view in which some cells are lit."""

    def __init__(self, result: Result, source: str, lang: Lang, lit: Sequence[str]) -> None:
        super().__init__(result, source, lang, None)
        self._lit = frozenset(lit)

    def classes(self, name: str) -> str:
        """As of any view; those that are lit are said to be."""
        return super().classes(name) + (" mine" if name in self._lit else "")


class Screen:
    """One item of one report.

    Args:
        desk: Knows everything.
        case: The report.
        item: What is to be decided; None shows the report.
        wanted: The filter under which it was reached.
        who: Looks at it.
        lang: Of the page.
    """

    def __init__(
        self, desk: Desk, case: Case, item: Item | None, wanted: Filter, who: str, lang: Lang
    ) -> None:
        self.desk, self.case, self.item, self.wanted = desk, case, item, wanted
        self.who, self.lang = who, lang
        self.result = _result(desk, case)
        self.source = desk.originals.source(case)
        text = "" if self.source is None else self.source.text
        self.view = _Lit(self.result, text, lang, self.cells)
        self.seen = desk.decided.latest(case.sha256)
        self.looking = desk.queue.looked_at(case.sha256, who)

    # --- the finding

    @property
    def reasons(self) -> list[Reason]:
        """What the verifier says of it."""
        if self.item is None:
            return []
        reasons = self.result.reasons
        return [reasons[one.number] for one in self.item.findings if one.number < len(reasons)]

    @property
    def cause(self) -> str:
        """In a word or two."""
        code = self.item.first.code if self.item else ""
        return VIEWS[self.lang].causes.get(code, code)

    @property
    def quoted(self) -> str:
        """The words that it is about."""
        return "" if self.item is None else one_line(self.item.first.text or "", 300)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that it is about."""
        return self.item.cells if self.item else ()

    @property
    def where(self) -> str:
        """The same in the form's words."""
        return named(self.view.facts.form, self.cells, self.lang)

    @property
    def settled_by_one(self) -> int:
        """How many reports a decision on these words settles."""
        return self.desk.queue.settles(self.item) if self.item else 1

    @property
    def sums(self) -> list[Evaluated]:
        """The sums that it is about: those that fail, else those of its cells that do not hold."""
        rules = {one.rule for one in self.reasons}
        found = [e for e in self.view.facts.evaluated if e.identity.id in rules]
        if found:
            return found
        mine = set(self.cells)
        return [
            e
            for e in self.view.facts.evaluated
            if e.outcome != "held" and mine.intersection(e.identity.cells)
        ][:6]

    @property
    def suspects(self) -> list[Suspects]:
        """The groups of suspects that its sums are in."""
        ids = {e.identity.id for e in self.sums}
        return [group for group in self.result.suspects if ids.intersection(group.identities)]

    @staticmethod
    def needed(group: Suspects) -> Iterator[list[tuple[str, str]]]:
        """Each smallest set, with what each cell of it would have to be."""
        for number, names in enumerate(group.sets):
            values = group.needed[number] if number < len(group.needed) else (None,) * len(names)
            yield [
                (name, "" if value is None else figure(value))
                for name, value in zip(names, values, strict=True)
            ]

    @cached_property
    def last_year(self) -> list[tuple[str, str]]:
        """The same cells in last year's report of the agency, where there is one."""
        before = self.desk.queue.last_year(self.case)
        if before is None:
            return []
        cells = _result(self.desk, before).cells
        return [
            (name, figure(value))
            for name in self.cells[:8]
            if name in cells and (value := cells[name].value) is not None
        ]

    # --- what can be done

    @property
    def kinds(self) -> list[str]:
        """The decisions that can be made on it, the likeliest first."""
        if self.item is None:
            return []
        kinds = []
        if self.item.settles:
            kinds.append("label" if self.item.first.code in _OF_LABELS else "harmless")
        if self.item.first.code in PRINTED_WRONG:
            kinds.append("as_printed")
        return [*kinds, "dismiss", "uphold", *(["enter"] if self.enterable else [])]

    @property
    def enterable(self) -> list[str]:
        """Its cells in which a figure may be entered."""
        cells = self.result.cells
        found = [name for name in self.cells if name in cells and can_enter(was_read(cells[name]))]
        return found[:_MOST_ENTERED]

    @cached_property
    def said(self) -> list[Decision]:
        """What people decided on it, in order."""
        about = {one.about(self.case.sha256) for one in self.item.findings} if self.item else set()
        rows = not_undone(self.desk.decided.own(self.case.sha256))
        return [one for one in rows if one.about in about]

    @property
    def opinions(self) -> Opinions | None:
        """The same as opinions."""
        found = opinions(self.said)
        return next(iter(found.values()), None)

    @property
    def others(self) -> list[tuple[str, str, bool]]:
        """The items of the report: address, cause, whether it is open."""
        causes = VIEWS[self.lang].causes
        return [
            (one.key, str(causes.get(one.code, one.code)), one.key in self.case.open)
            for one in self.case.items
        ]

    @property
    def made(self) -> list[Decision]:
        """The decisions that took effect in the result."""
        return [one.plain() for one in self.result.decisions]

    # --- the original

    @cached_property
    def drawn(self) -> Markup | None:
        """The original as it looks: tables with addresses, or pictures of pages with boxes."""
        original = self.desk.originals.original(self.case)
        if original is None:
            return None
        places = {name: cell.place for name, cell in self.result.cells.items()}
        html = original.html(self.marks, places, self.view.classes, self.lang)
        return None if html is None else Markup(html)  # noqa: S704 - `Original` escaped all text

    @cached_property
    def marks(self) -> list[Mark]:
        """What is marked in the source: cells, and what the item is about."""
        about = [(n, self.view.usable(one.span)) for n, one in enumerate(self.reasons)]
        return [
            *(mark for mark in self.view.marks if mark.kind == "cell"),
            *(Mark("reason", n, span, ("why",)) for n, span in about if span is not None),
        ]

    @property
    def pieces(self) -> Iterator[Piece]:
        """The source as text, cut at every mark."""
        return pieces(self.view.source, self.marks)

    # --- elsewhere

    @staticmethod
    def line(desk: Desk, case: Case, wanted: Filter, who: str, lang: Lang) -> dict[str, object]:
        """What a line of the queue says of a case."""
        causes = VIEWS[lang].causes
        keys = wanted.keys(case, who)
        items = [one for one in case.items if one.key in keys]
        words = [str(causes.get(one.code, one.code)) for one in items]
        return {
            "verdict": VIEWS[lang].verdicts[case.verdict][0],
            "causes": list(dict.fromkeys(words))[:4],
            "count": len(items),
            "settles": max((desk.queue.settles(one) for one in items), default=1),
            "looking": desk.queue.looked_at(case.sha256, who),
            "trouble": bool(case.trouble),
        }

    @staticmethod
    def about(one: Decision, lang: Lang) -> str:
        """What a decision is about, in words."""
        form = next((f for f in every_form() if one.cells and one.cells[0] in f.row_of), None)
        parts = [VIEWS[lang].causes.get(one.code or "", one.code or "")]
        parts.append(named(form, one.cells, lang) if one.cells else "")
        if one.value is not None:
            parts.append(f"= {one.value}")
        elif one.text:
            parts.append(f"“{one_line(one.text, 60)}”")
        return " ".join(part for part in parts if part)


def _result(desk: Desk, case: Case) -> Result:
    return parsed(case.result, desk.store.result_json(case.result))
