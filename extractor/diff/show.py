"""A comparison for people: counts and a table of verdicts, then what changed, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Literal

from extractor.across.lines import ending, when
from extractor.across.words import WORDS as ACROSS
from extractor.batch.words import VERDICTS
from extractor.diff import Difference
from extractor.diff.makers import maker_changes
from extractor.diff.records import CellChange, CellSide, Change, Side
from extractor.diff.totals import NO_RESULT, Totals
from extractor.diff.words import WORDS
from extractor.render._text import figure, one_line, pad, width_of
from extractor.render._words import WORDS as RESULT_WORDS

if TYPE_CHECKING:
    from extractor.diff.merge import At

MOST_SHOWN = 20
_IN_MEMORY = 1 << 20
_SECTIONS = (
    "lost",
    "accepted",
    "verdict",
    "alarm",
    "quiet",
    "cells",
    "text",
    "now_failing",
    "failed_before",
    "gone",
    "new",
)
_SHORT_HASH = 12


class _Section:
    """Lines of one kind; they go to disk when they are many."""

    def __init__(self, most: int | None, lines: IO[bytes]) -> None:
        self.most = most
        self.count = 0
        self._lines = lines

    def add(self, line: str) -> None:
        self.count += 1
        if self.most is None or self.count <= self.most:
            self._lines.write(f"{line}\n".encode())

    def lines(self) -> Iterator[str]:
        self._lines.seek(0)
        for line in self._lines:
            yield line.decode().rstrip("\n")


def show(
    difference: Difference, lang: Literal["zh", "en"], *, everything: bool = False
) -> Iterator[str]:
    """The lines of a comparison; text of reports is made safe for a terminal.

    Args:
        difference: What to show; it is read once.
        lang: Language.
        everything: List all changes, not only the first of each kind.

    Yields:
        Lines without their ends.
    """
    with ExitStack() as stack:
        most = None if everything else MOST_SHOWN
        sections = {
            name: _Section(most, stack.enter_context(SpooledTemporaryFile(_IN_MEMORY)))
            for name in _SECTIONS
        }
        for change in difference:
            _sort(change, sections, lang)
        yield from _head(difference, lang)
        yield from _counts(difference.totals(), lang)
        words = WORDS[lang]
        for name, section in sections.items():
            if section.count:
                yield ""
                yield f"{words.sections[name]}{_colon(lang)}{section.count}"
                yield from section.lines()
                if most is not None and section.count > most:
                    yield words.more.format(count=section.count - most)


def _sort(change: Change, sections: dict[str, _Section], lang: Literal["zh", "en"]) -> None:
    name = one_line(change.name, 120)
    line = f"  {name}  {_side(change.old, lang)} → {_side(change.new, lang)}"
    if change.newly_lost:
        sections["lost"].add(line)
    elif change.newly_accepted:
        sections["accepted"].add(line)
    elif change.verdict_changed:
        sections["verdict"].add(line)
    for cell in change.cells:
        alarm = cell.kind in ("value", "state", "gone")
        section = ("alarm" if alarm else "quiet") if change.was_good else "cells"
        sections[section].add(f"  {name}  {_cell(cell, lang)}")
    if change.kind == "text_changed":
        hashes = [side.sha256[:_SHORT_HASH] for side in (change.old, change.new) if side]
        sections["text"].add(f"{line}  {' → '.join(hashes)}")
    elif change.kind in sections:
        sections[change.kind].add(line)


def _side(side: Side | None, lang: Literal["zh", "en"]) -> str:
    if side is None:
        return "–"
    if side.verdict is not None:
        return _verdict(side.verdict, lang)
    words = WORDS[lang]
    problem = one_line(side.problem or "", 40)
    if lang == "zh":
        problem = ACROSS[lang].problems.get(problem, problem)
    message = one_line(side.message or "", 120)
    why = _colon(lang).join(part for part in (problem, message) if part)
    return words.no_result + (words.brackets.format(why) if why else "")


def _verdict(verdict: str, lang: Literal["zh", "en"]) -> str:
    """A verdict in the language, with the word that programs read."""
    if lang == "en":
        return verdict
    return f"{RESULT_WORDS[lang].verdicts[verdict][0]}{WORDS[lang].brackets.format(verdict)}"


def _cell(cell: CellChange, lang: Literal["zh", "en"]) -> str:
    kind = WORDS[lang].cell_kinds[cell.kind]
    return f"{one_line(cell.cell, 80)}  {kind}{_colon(lang)}{_cell_side(cell.old, lang)} → {_cell_side(cell.new, lang)}"


def _cell_side(side: CellSide | None, lang: Literal["zh", "en"]) -> str:
    """A value with its state, what stands there and where: ``12 read “１２” 830–832``."""
    if side is None:
        return "–"
    value = WORDS[lang].unknown if side.value is None else figure(side.value)
    if side.tentative is not None:
        value += (
            WORDS[lang]
            .brackets.format(WORDS[lang].tentative.format(figure(side.tentative)))
            .rstrip()
        )
    state = one_line(side.state, 20)
    parts = [value, RESULT_WORDS[lang].states.get(state, state) if lang == "zh" else state]
    if side.text is not None:
        parts.append(f"“{one_line(side.text, 30)}”")
    if side.span is not None:
        parts.append(f"{side.span[0]}–{side.span[1]}")
    return " ".join(parts)


def _head(difference: Difference, lang: Literal["zh", "en"]) -> Iterator[str]:
    words, totals = WORDS[lang], difference.totals()
    for name, at, count in (
        (words.old, difference.old, totals.old),
        (words.new, difference.new, totals.new),
    ):
        run = _run(difference, at, lang)
        yield f"{name}  " + words.side.format(
            path=one_line(at.store.path, 200), reports=count, run=run
        )
    shown = ", ".join(one_line(path, 120) for path in difference.only)
    if difference.only:
        yield words.only.format(paths=shown)
    if not totals.old and not totals.new:
        yield words.nothing_there.format(paths=shown) if difference.only else words.empty
        return
    changed = list(maker_changes(*difference.makers()))
    if not changed:
        yield words.same_makers
        return
    yield words.makers
    for one in changed:
        name = words.maker_keys[one.key]
        yield f"  {name}  {' | '.join(one.old) or '–'} → {' | '.join(one.new) or '–'}"


def _run(difference: Difference, at: At, lang: Literal["zh", "en"]) -> str:
    words, run = WORDS[lang], difference.run(at)
    if run is None:
        return words.no_run
    across = ACROSS[lang]
    return words.at_run.format(run=run.id, when=when(run, across), ending=ending(run, across))


def _counts(totals: Totals, lang: Literal["zh", "en"]) -> Iterator[str]:
    words = WORDS[lang]
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
    if totals.again:
        yield words.again.format(count=totals.again)
    if totals.failing:
        yield words.failing.format(count=totals.failing)
    if totals.not_redone:
        yield words.not_redone.format(count=totals.not_redone)
    if totals.older:
        yield words.older.format(old=totals.older["old"], new=totals.older["new"])
    if totals.other:
        named = ((words.others[key], count) for key, count in totals.other.most_common())
        parts = words.comma.join(f"{name} {count}" for name, count in named)
        yield words.other.format(parts=parts)
    if totals.verdicts:
        yield ""
        yield words.matrix
        yield from _matrix(totals, lang)


def _matrix(totals: Totals, lang: Literal["zh", "en"]) -> Iterator[str]:
    """From old verdicts down to new ones across; only those that occur."""
    order = (*VERDICTS, NO_RESULT)
    rows = [one for one in order if any(old == one for old, _ in totals.verdicts)]
    columns = [one for one in order if any(new == one for _, new in totals.verdicts)]
    named = {
        one: WORDS[lang].no_result if one == NO_RESULT else _verdict(one, lang) for one in order
    }
    # the row has the word of programs as well; in each head it would be too wide for a terminal
    headed = {
        **named,
        **({v: RESULT_WORDS["zh"].verdicts[v][0] for v in VERDICTS} if lang == "zh" else {}),
    }
    first = max(width_of(named[row]) for row in rows)
    widths = [
        max(width_of(headed[column]), *(len(str(totals.verdicts[row, column])) for row in rows))
        for column in columns
    ]
    heads = [pad(headed[c], w, right=True) for c, w in zip(columns, widths, strict=True)]
    yield "  " + "  ".join([" " * first, *heads])
    for row in rows:
        figures = [
            pad(str(totals.verdicts[row, column] or "·"), width, right=True)
            for column, width in zip(columns, widths, strict=True)
        ]
        yield "  " + "  ".join([pad(named[row], first), *figures])


def _colon(lang: Literal["zh", "en"]) -> str:
    return "：" if lang == "zh" else ": "
