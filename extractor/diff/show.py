"""A comparison for people: counts and a table of verdicts, then what changed, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from extractor.across.board import Board
from extractor.across.lines import Lines
from extractor.batch.words import VERDICTS
from extractor.catalogue import Catalogue, Lang
from extractor.diff import Difference
from extractor.diff.makers import maker_changes
from extractor.diff.records import NO_RESULT, CellChange, CellSide, Change
from extractor.render._text import columns, figure, one_line
from extractor.render._words import WORDS as VIEWS

if TYPE_CHECKING:
    from extractor.batch.records import Standing
    from extractor.diff.matching import At

WORDS = Catalogue("diff")
MOST_SHOWN = 20
_ORDER = "lost accepted verdict alarm quiet cells text now_failing failed_before gone new"
_SECTIONS = _ORDER.split()
_SHORT_HASH = 12


def show(difference: Difference, lang: Lang, *, everything: bool = False) -> Iterator[str]:
    """The lines of a comparison; text of reports is made safe for a terminal.

    Args:
        difference: What to show; it is read once.
        lang: Language.
        everything: List all changes, not only the first of each kind.

    Yields:
        Lines without their ends.
    """
    shown = _Shown(difference, lang)
    counts: Counter[str] = Counter()
    with closing(Board()) as board:  # they may be many
        for change in difference:
            for section, line in shown.changed(change):
                counts[section] += 1
                if everything or counts[section] <= MOST_SHOWN:
                    board.keep(section, line)
        yield from shown.head()
        yield from shown.counts()
        for section in _SECTIONS:
            if counts[section]:
                yield ""
                yield f"{shown.words.sections[section]}{shown.colon}{counts[section]}"
                yield from board.kept(section)
                if not everything and counts[section] > MOST_SHOWN:
                    yield shown.words.more.format(count=counts[section] - MOST_SHOWN)


class _Shown:
    """A comparison in one language."""

    def __init__(self, difference: Difference, lang: Lang) -> None:
        self.difference, self.lang = difference, lang
        self.words, self.views, self.lines = WORDS[lang], VIEWS[lang], Lines(lang)
        self.colon = "：" if lang == "zh" else ": "

    def changed(self, change: Change) -> Iterator[tuple[str, str]]:
        """The lines about a report, each with its section."""
        name = one_line(change.name, 120)
        line = f"  {name}  {self._side(change.old)} → {self._side(change.new)}"
        if change.newly_lost:
            yield "lost", line
        elif change.newly_accepted:
            yield "accepted", line
        elif change.verdict_changed:
            yield "verdict", line
        for cell in change.cells:
            of_good = "alarm" if cell.alarming else "quiet"
            yield of_good if change.was_good else "cells", f"  {name}  {self._cell(cell)}"
        if change.kind == "text_changed":
            hashes = [side.sha256[:_SHORT_HASH] for side in (change.old, change.new) if side]
            yield "text", f"{line}  {' → '.join(hashes)}"
        elif change.kind in _SECTIONS:
            yield change.kind, line

    def _side(self, side: Standing | None) -> str:
        if side is None:
            return "–"
        if side.verdict is not None:
            return self._verdict(side.verdict)
        problem = one_line(side.problem or "", 40)
        if self.lang == "zh":
            problem = self.lines.words.problems.get(problem, problem)
        message = one_line(side.message or "", 120)
        why = self.colon.join(part for part in (problem, message) if part)
        return self.words.no_result + (self.words.brackets.format(why) if why else "")

    def _verdict(self, verdict: str) -> str:
        """A verdict in the language, with the word that programs read."""
        if self.lang == "en":
            return verdict
        return f"{self.views.verdicts[verdict][0]}{self.words.brackets.format(verdict)}"

    def _cell(self, cell: CellChange) -> str:
        kind = self.words.cell_kinds[cell.kind] + self.colon
        sides = f"{self._cell_side(cell.old)} → {self._cell_side(cell.new)}"
        return f"{one_line(cell.cell, 80)}  {kind}{sides}"

    def _cell_side(self, side: CellSide | None) -> str:
        """A value with its state, what stands there and where: ``12 read “１２” 830–832``."""
        if side is None:
            return "–"
        words = self.words
        value = words.unknown if side.value is None else figure(side.value)
        if side.tentative is not None:
            tried = words.tentative.format(figure(side.tentative))
            value += words.brackets.format(tried).rstrip()
        state = one_line(side.state, 20)
        parts = [value, self.views.states.get(state, state) if self.lang == "zh" else state]
        if side.text is not None:
            parts.append(f"“{one_line(side.text, 30)}”")
        if side.span is not None:
            parts.append(f"{side.span[0]}–{side.span[1]}")
        return " ".join(parts)

    def head(self) -> Iterator[str]:
        """What is compared, and in what those who made the results differ."""
        words, difference, totals = self.words, self.difference, self.difference.totals()
        for name, at, count in (
            (words.old, difference.old, totals.old),
            (words.new, difference.new, totals.new),
        ):
            path = one_line(at.store.path, 200)
            yield f"{name}  {words.side.format(path=path, reports=count, run=self._run(at))}"
        shown = ", ".join(one_line(path, 120) for path in difference.only)
        if shown:
            yield words.only.format(paths=shown)
        if not totals.old and not totals.new:
            yield words.nothing_there.format(paths=shown) if shown else words.empty
            return
        changed = list(maker_changes(*difference.makers()))
        yield words.makers if changed else words.same_makers
        for one in changed:
            name = words.maker_keys[one.key]
            yield f"  {name}  {' | '.join(one.old) or '–'} → {' | '.join(one.new) or '–'}"

    def _run(self, at: At) -> str:
        run = self.difference.run(at)
        if run is None:
            return str(self.words.no_run)
        when, ending = self.lines.when(run), self.lines.ending(run)
        return str(self.words.at_run.format(run=run.id, when=when, ending=ending))

    def counts(self) -> Iterator[str]:
        """The comparison in numbers."""
        words, totals = self.words, self.difference.totals()
        if not totals.old and not totals.new:
            return
        yield words.counts.format(
            matched=totals.matched,
            unchanged=totals.unchanged,
            verdicts=totals.verdict_changed,
            reports=totals.reports_with_cells,
            cells=totals.cells.total(),
        )
        if totals.accepted_changed:
            yield words.guard.format(
                alarms=totals.alarms, alarmed=totals.alarmed, lost=totals.newly_lost
            )
        elif totals.guarded:
            yield words.guard_none.format(count=totals.guarded)
        else:
            yield words.guard_nothing
        for name in ("again", "failing", "not_redone"):
            if count := getattr(totals, name):
                yield words[name].format(count=count)
        if totals.older:
            yield words.older.format(old=totals.older["old"], new=totals.older["new"])
        if totals.other:
            named = (f"{words.others[key]} {count}" for key, count in totals.other.most_common())
            yield words.other.format(parts=words.comma.join(named))
        if totals.verdicts:
            yield ""
            yield words.matrix
            yield from self._matrix()

    def _matrix(self) -> Iterator[str]:
        """From old verdicts down to new ones across; only those that occur."""
        verdicts, order = self.difference.totals().verdicts, (*VERDICTS, NO_RESULT)
        rows = [one for one in order if any(old == one for old, _ in verdicts)]
        heads = [one for one in order if any(new == one for _, new in verdicts)]
        zh, none = self.lang == "zh", self.words.no_result
        # the row has the word of programs as well; in each head it would be too wide for a terminal
        named = {one: self.views.verdicts[one][0] if zh else one for one in VERDICTS}
        table = [["", *(named.get(one, none) for one in heads)]]
        for one in rows:
            counts = [str(verdicts[one, new] or "·") for new in heads]
            table.append([none if one == NO_RESULT else self._verdict(one), *counts])
        yield from columns(table)
