"""Readers tried one after the other until a report is read, or two agree that its source is at fault.

The builtin reader costs nothing; a language model is asked only about a report that the rungs before it
did not bring to `accepted` or `completed`. Which reading is kept never depends on what would balance
better: the first that passes, else the best verdict, else the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from extractor.errors import ProviderError
from extractor.readers import builtin
from verify.amend import amended
from verify.findings import Finding
from verify.layout import Layout
from verify.reading import Reading
from verify.verdict import Verified, verify

if TYPE_CHECKING:
    from extractor.readers.model import ModelReader
    from prompts import Prompt

_GOOD = ("accepted", "completed")
_BEST_FIRST = ("accepted", "completed", "inconsistent", "incomplete", "rejected", "unsupported")
_TABLES = {
    "proactive": ("第二部分的表", "table 二"),
    "requests": ("第三部分的表", "table 三"),
    "proceedings": ("第四部分的表", "table 四"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one rung made of a report.

    Attributes:
        model: As it is named on the command line.
        reading: Its reading.
        verified: What the verifier says of it.
        prompt: What the model was told; None for the builtin reader.
        qualified: Whether model and prompt passed the golden cases; None where that means nothing.
        asked_again: How many rounds of questions followed the first.
    """

    model: str
    reading: Reading
    verified: Verified
    prompt: Prompt | None = None
    qualified: bool | None = None
    asked_again: int = 0


class Rung(Protocol):
    """A reader of a ladder."""

    @property
    def model(self) -> str:
        """As it is named on the command line."""

    def read(self, layout: Layout) -> Step:
        """Read and verify a report.

        Raises:
            ProviderError: The model or its provider failed for good.
        """


@dataclass(frozen=True, slots=True)
class Builtin:
    """The rung that costs nothing."""

    model: str = builtin.NAME

    def read(self, layout: Layout) -> Step:
        """Read a report with the builtin reader."""
        reading = builtin.read(layout)
        return Step(self.model, reading, verify(layout, reading))


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A rung that asks a language model.

    Attributes:
        model: As it is named on the command line.
        reader: Asks it.
        qualified: Whether model and prompt passed the golden cases.
        required: Whether nothing is accepted from a pair that did not; then it is not even asked.
    """

    model: str
    reader: ModelReader
    qualified: bool = False
    required: bool = False

    def read(self, layout: Layout) -> Step:
        """Read a report, asking again where the verifier does not trust the answers."""
        prompt = self.reader.prompt
        if self.required and not self.qualified:
            nothing = Reading(None, reader=self.model)
            reason = Finding("not_qualified", actual=f"{self.model}, {prompt.name}")
            verified = amended(verify(layout, nothing), [reason] if layout.zones else [])
            return Step(self.model, nothing, verified, prompt, qualified=False)
        from extractor.readers.model import MOST_AGAIN

        answers = self.reader.first(layout)
        reading = self.reader.reading(layout, answers)
        verified = verify(layout, reading)
        best = reading, verified
        rounds = 0
        while rounds < MOST_AGAIN and verified.verdict in ("rejected", "incomplete"):
            now = self.reader.again(layout, answers, verified, rounds + 1)
            if now is None:
                break
            rounds += 1
            settled = now.told == answers.told and not now.troubles
            answers = now
            if settled:
                break
            reading = self.reader.reading(layout, answers)
            verified = verify(layout, reading)
            if _rank(verified) <= _rank(best[1]):
                best = reading, verified
        reading, verified = best
        troubles = dict.fromkeys(
            _said(trouble.table, trouble.problem, answers.cap) for trouble in answers.troubles
        )
        return Step(
            self.model,
            reading,
            amended(verified, troubles),
            prompt,
            qualified=self.qualified,
            asked_again=rounds,
        )


def _said(table: str, problem: str, cap: str) -> Finding:
    zh, en = _TABLES[table]
    if problem == "spent":
        return Finding("requests_spent", actual=cap)
    code = "prompt_clipped" if problem == "clipped" else "answer_unusable"
    return Finding(code, by=f"table.{table}", actual=problem, detail_zh=zh, detail_en=en)


@dataclass(frozen=True, slots=True)
class Climbed:
    """The outcome of a ladder.

    Attributes:
        step: The one that is kept, with what the ladder as a whole has to say.
        steps: All, in order.
    """

    step: Step
    steps: tuple[Step, ...]


def climb(layout: Layout, rungs: Sequence[Rung]) -> Climbed:
    """Try the rungs in order.

    Args:
        layout: The source.
        rungs: At least one.

    Raises:
        ProviderError: A provider failed and no rung after it gave a result.
    """
    steps: list[Step] = []
    failed: list[Finding] = []
    failure: ProviderError | None = None
    agreed: list[Finding] = []
    for rung in rungs:
        try:
            step = rung.read(layout)
        except ProviderError as error:
            failure = error
            failed.append(
                Finding("provider_failed", actual=str(error), detail_zh=rung.model, detail_en=rung.model)
            )  # fmt: skip
            continue
        failure = None
        steps.append(step)
        if step.verified.verdict in (*_GOOD, "unsupported"):
            break
        other = _agrees(step, steps[:-1])
        if other is not None:
            names = f"{other.model}、{step.model}"
            agreed.append(Finding("readers_agree", detail_zh=names, detail_en=names))
            break
    if failure is not None:
        raise failure
    kept = min(steps, key=lambda step: _rank(step.verified))
    verified = amended(kept.verified, [*failed, *agreed])
    return Climbed(replace(kept, verified=verified), tuple(steps))


def _rank(verified: Verified) -> int:
    return _BEST_FIRST.index(verified.verdict)


def _agrees(step: Step, before: Sequence[Step]) -> Step | None:
    """An earlier step that read every cell as this one did, of a source that does not balance."""
    if step.verified.verdict != "inconsistent":
        return None
    for other in before:
        if (
            other.verified.verdict == "inconsistent"
            and other.verified.form == step.verified.form
            and {name: (c.state, c.span) for name, c in other.verified.cells.items()}
            == {name: (c.state, c.span) for name, c in step.verified.cells.items()}
        ):
            return other
    return None
