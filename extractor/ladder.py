"""Readers tried one after the other until a report is read, or two agree that its source is at fault.

The builtin reader costs nothing; a language model is asked only about a report that the rungs before it
did not bring to `accepted` or `completed`, or to `unconfirmed` by remarks alone: whoever reads it, these
remarks stand in the source. Which reading is kept never depends on what would balance
better: the first that passes, else the best verdict, else the first.

A rung is a generator: it yields a question and is sent what came of it, and does nothing else with the
world. So a ladder can be climbed where nothing can be asked (`climb_asking`), and from what it left a verdict
can be given anew without a source (`extractor.steps.rejudged`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from extractor.errors import ProviderError
from extractor.models.exchange import Asked, Question, Reply, Spent, Told, drive
from extractor.readers import builtin
from extractor.steps import (
    Climbed,
    Lost,
    PromptName,
    Step,
    Steps,
    Tried,
    judged,
    rank,
    step_of,
)
from verify.codes import CODES
from verify.findings import Finding
from verify.layout import Layout
from verify.reading import Reading, Span
from verify.verdict import Verified, ground, judge

if TYPE_CHECKING:
    from extractor.readers.model import Interview
    from verify.grounded import Grounded

_T = TypeVar("_T")
_TABLES = {
    "proactive": ("第二部分的表", "table 二"),
    "requests": ("第三部分的表", "table 三"),
    "proceedings": ("第四部分的表", "table 四"),
}

Climbing = Generator[Asked, Told, Climbed]
Reads = Generator[Asked, Told, Step]


class Rung(Protocol):
    """A reader of a ladder."""

    @property
    def model(self) -> str:
        """As it is named on the command line."""

    def asking(self, layout: Layout) -> Reads:
        """Read and verify a report; yields its questions and is sent what came of them.

        Raises:
            ProviderError: As thrown in: the model or its provider failed for good.
        """


@dataclass(frozen=True, slots=True)
class Builtin:
    """The rung that costs nothing."""

    model: str = builtin.NAME

    def asking(self, layout: Layout) -> Reads:
        """Read a report; nothing is asked."""
        yield from ()
        return self.read(layout)

    def read(self, layout: Layout) -> Step:
        """Read a report with the builtin reader."""
        return judged(Tried(self.model, ground(layout, builtin.read(layout))))


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A rung that asks a language model; it can be pickled where its reader can."""

    model: str  # as it is named on the command line
    reader: Interview  # knows what to ask
    qualified: bool = False  # whether model and prompt passed the golden cases
    # whether nothing is accepted from a pair that did not; then it is not even asked
    required: bool = False

    def read(self, layout: Layout) -> Step:
        """Read a report, asking with what the reader has to ask with.

        Raises:
            ProviderError: The model or its provider failed for good.
        """
        return _driven(self.asking(layout), [self])

    def asking(self, layout: Layout) -> Reads:
        """Read a report, asking again where the verifier does not trust the answers."""
        prompt = PromptName(self.reader.prompt.name, self.reader.prompt.sha256)
        if self.required and not self.qualified:
            nothing = ground(layout, Reading(None, reader=self.model))
            reason = Finding("not_qualified", actual=f"{self.model}, {prompt.name}")
            troubles = (reason,) if layout.zones else ()
            return judged(Tried(self.model, nothing, troubles, prompt, qualified=False))
        from extractor.readers.model import MOST_AGAIN
        from extractor.readers.whole import tables_with_more, unsettled

        reader = self.reader
        plain = ground(layout, builtin.read(layout))
        by_code = judge(plain)
        tables = unsettled(layout, by_code)
        if set(tables) & _lost(by_code):
            # marks on what code recognises would not show what is missing
            whole, cap = yield from self._further(
                layout,
                reader.asking_whole(layout, plain.reading, tables, _not(("rejected",), layout)),
            )
            if whole is not None and judge(whole).verdict == "unconfirmed":
                return judged(Tried(self.model, whole, (), prompt, qualified=self.qualified))
            tables = ()
        answers = yield from _named(self.model, reader.asking(layout))
        grounded = ground(layout, reader.reading(layout, answers))
        verified = judge(grounded)
        best = grounded, verified
        cap, seen_whole = answers.cap, False
        if tables and verified.verdict in _OPEN and not cap and not answers.troubles:
            whole, cap = yield from self._further(
                layout, reader.asking_names(layout, grounded.reading, tables, _not(_OPEN, layout))
            )
            if whole is None and not cap:
                seen_whole = True
                whole, cap = yield from self._further(
                    layout,
                    reader.asking_whole(layout, plain.reading, tables, _not(("rejected",), layout)),
                )
            if whole is not None and rank(judge(whole)) < rank(verified):
                best = whole, judge(whole)
        rounds = 0
        # of whole sections it was asked already, and where no figure is left none can be found
        more = not seen_whole and bool(tables_with_more(layout, verified))
        # where code sees every figure as the model does, what is open is not for another look
        alike = not answers.troubles and _figures(grounded.reading) == _figures(plain.reading)
        while (
            rounds < MOST_AGAIN
            and best[1].verdict in _OPEN
            and not cap
            and not alike
            and not _only_names_are_open(verified)
            and (more or answers.troubles or verified.verdict == "rejected")
        ):
            now = yield from _named(
                self.model, reader.asking_again(layout, answers, verified, rounds + 1)
            )
            if now is None:
                break
            rounds += 1
            settled = now.told == answers.told and not now.troubles
            answers = now
            cap = answers.cap
            if settled:
                break
            grounded = ground(layout, reader.reading(layout, answers))
            verified = judge(grounded)
            if rank(verified) <= rank(best[1]):
                best = grounded, verified
        grounded, verified = best
        said = dict.fromkeys(
            _said(trouble.table, trouble.problem, cap) for trouble in answers.troubles
        )
        tried = Tried(
            self.model, grounded, tuple(said), prompt, qualified=self.qualified, asked_again=rounds
        )
        return step_of(tried, verified)

    def _further(
        self, layout: Layout, asking: Generator[Question, Reply, Reading | None]
    ) -> Generator[Asked, Told, tuple[Grounded | None, str]]:
        """What comes of further questions, and the cap that was met."""
        try:
            found = yield from _named(self.model, asking)
        except Spent as spent:
            return None, str(spent)
        return (None if found is None else ground(layout, found)), ""


def _not(verdicts: Sequence[str], layout: Layout) -> Callable[[Reading], bool]:
    """Whether a reading, its rows taken to be named rightly, would have none of these verdicts."""
    return lambda reading: judge(ground(layout, reading)).verdict not in verdicts


def _lost(verified: Verified) -> set[str]:
    """The tables of which code found nothing."""
    lost = (f.cells for f in verified.findings if f.code == "table_missing")
    return {name.split(".")[0] for cells in lost for name in cells}


_OPEN = ("rejected", "incomplete")
_OF_NAMES = frozenset({"not_anchored", "wrong_label", "remark"})


def _figures(reading: Reading) -> list[dict[str, Span | None]]:
    """Where a figure stands for a cell, in each copy of a table."""
    copies = (reading.places, *reading.repeats)
    return [{n: p.span for n, p in copy.items() if p.where == "span"} for copy in copies]


def _only_names_are_open(verified: Verified) -> bool:
    """Whether every sum is evaluated and holds and only names of rows are left: figures need no second look."""
    forcing = {f.code for f in verified.findings if CODES[f.code].forces is not None}
    return not verified.checked.failed and not verified.checked.open and forcing <= _OF_NAMES


def _said(table: str, problem: str, cap: str) -> Finding:
    zh, en = _TABLES[table]
    if problem == "spent":
        return Finding("requests_spent", actual=cap)
    code = "prompt_clipped" if problem == "clipped" else "answer_unusable"
    return Finding(code, by=f"table.{table}", actual=problem, detail_zh=zh, detail_en=en)


def climb(layout: Layout, rungs: Sequence[Rung]) -> Climbed:
    """Try the rungs in order; language models are asked with what their readers have to ask with.

    Args:
        layout: The source.
        rungs: At least one.

    Raises:
        ProviderError: A provider failed and no rung after it gave a result.
    """
    return _driven(climb_asking(layout, rungs), rungs)


def climb_asking(layout: Layout, rungs: Sequence[Rung]) -> Climbing:
    """Try the rungs in order; yields the questions and is sent what came of them.

    Where nothing came of one, throw in what was raised: `extractor.errors.ProviderError`, or
    `extractor.models.exchange.Spent`.

    Args:
        layout: The source.
        rungs: At least one.

    Raises:
        ProviderError: A provider failed and no rung after it gave a result.
    """
    steps = Steps()
    failure: ProviderError | None = None
    for rung in rungs:
        try:
            step = yield from rung.asking(layout)
        except ProviderError as error:
            failure = error
            steps.lost.append(Lost(rung.model, str(error), len(steps.steps)))
            continue
        failure = None
        if steps.ends_with(step):
            break
    if failure is not None:
        raise failure
    return steps.outcome()


def _named(model: str, asking: Generator[Question, Reply, _T]) -> Generator[Asked, Told, _T]:
    """Questions with the name of the model that they are for."""
    try:
        question = next(asking)
        while True:
            try:
                told = yield Asked(model, question)
            except (ProviderError, Spent) as error:
                question = asking.throw(error)
            else:
                question = asking.send(told.reply)
    except StopIteration as end:
        made: _T = end.value
        return made


def _driven(asking: Generator[Asked, Told, _T], rungs: Sequence[Rung]) -> _T:
    """Ask with what the readers of the rungs have to ask with."""
    readers = {rung.model: rung.reader for rung in rungs if isinstance(rung, LanguageModel)}

    def ask(asked: Asked) -> Told:
        ask = readers[asked.model].ask
        if ask is None:
            raise TypeError(f"{asked.model!r} has nothing to ask with")
        return Told(ask(asked.question))

    return drive(asking, ask)
