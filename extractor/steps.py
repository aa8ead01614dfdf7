"""What the readers of a ladder made of a report, and what follows from all of it: which step is kept.

Only verdicts are looked at here, no source and no reader: so what was made once can be judged again when a rule
has changed (`rejudged`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from verify.amend import amended
from verify.codes import CODES
from verify.decisions import Decision
from verify.findings import Finding
from verify.grounded import Grounded
from verify.judge import Verified, judge
from verify.reading import Reading
from verify.verdicts import BEST_FIRST, GOOD


@dataclass(frozen=True, slots=True)
class PromptName:
    """Which prompt a model was told."""

    name: str  # id and version
    sha256: str  # hash of its file


@dataclass(frozen=True, slots=True)
class Tried:
    """What one rung made of a report, without what follows from it: enough to judge it again."""

    model: str  # as it is named on the command line
    grounded: Grounded  # its reading, held against the source
    # what is to be said beside what the verifier says: answers that could not be used
    troubles: tuple[Finding, ...] = ()
    prompt: PromptName | None = None  # what the model was told; None for the builtin reader
    # whether model and prompt passed the golden cases; None where that means nothing
    qualified: bool | None = None
    asked_again: int = 0  # how many rounds of questions followed the first

    @property
    def reading(self) -> Reading:
        """Where the rung says that each cell stands."""
        return self.grounded.reading


@dataclass(frozen=True, slots=True)
class Step(Tried):
    """What one rung made of a report, and what follows from it."""

    # what the verifier says; of the step that a ladder keeps, with what the ladder has to say
    verified: Verified = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Lost:
    """A rung whose provider failed."""

    model: str  # as it is named on the command line
    message: str  # what went wrong, in one line
    after: int  # how many steps stood before it


@dataclass(frozen=True, slots=True)
class Climbed:
    """The outcome of a ladder."""

    step: Step  # the one that is kept, with what the ladder as a whole has to say
    steps: tuple[Step, ...]  # all, in order
    lost: tuple[Lost, ...] = ()  # the rungs between them whose provider failed
    # whether it ended because nothing was left to ask; else because no rung was left
    settled: bool = True


def rejudged(tried: Iterable[Tried], lost: Sequence[Lost] = ()) -> Climbed:
    """Judge again what the rungs of a ladder made of a report: what `extractor.ladder.climb` would say of it today.

    Nothing is read and nothing asked. A step that passes today ends the ladder, as it does in `extractor.ladder.climb`; where
    none ends it and rungs are left that were not tried, ``settled`` is false and the ladder had to go on.

    Args:
        tried: What each rung made, in order; at least one.
        lost: The rungs between them whose provider failed.
    """
    steps = Steps()
    for one in tried:
        steps.lost = [failed for failed in lost if failed.after <= len(steps.steps)]
        if steps.ends_with(judged(one)):
            break
    return steps.outcome()


def decided(climbed: Climbed, decisions: Sequence[Decision]) -> Climbed:
    """The same with what people decided: the step that is kept is judged once more, with what the ladder said.

    Args:
        climbed: As the readers alone left it.
        decisions: On this report, those that count; see `verify.decisions.standing`.
    """
    if not decisions:
        return climbed
    kept = climbed.step
    alone = judged(kept).verified.findings
    of_ladder = [finding for finding in kept.verified.findings if finding not in alone]
    again = step_of(kept, judge(kept.grounded, decisions))
    return replace(climbed, step=replace(kept, verified=amended(again.verified, of_ladder)))


class Steps:
    """The steps of a ladder as they come, and when they are enough."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.lost: list[Lost] = []
        self._agreed: list[Finding] = []
        self._settled = False

    def ends_with(self, step: Step) -> bool:
        """Take a step down; whether no other reader need be asked."""
        other = _agrees(step, self.steps)
        self.steps.append(step)
        if step.verified.verdict in (*GOOD, "unsupported") or _by_remarks_alone(step.verified):
            self._settled = True
        elif other is not None:
            names = f"{other.model}、{step.model}"
            self._agreed.append(Finding("readers_agree", detail_zh=names, detail_en=names))
            self._settled = True
        return self._settled

    def outcome(self) -> Climbed:
        """What came of it."""
        kept = min(self.steps, key=lambda step: rank(step.verified))
        failed = [
            Finding("provider_failed", actual=one.message, detail_zh=one.model, detail_en=one.model)
            for one in self.lost
        ]
        verified = amended(kept.verified, [*failed, *self._agreed])
        return Climbed(
            replace(kept, verified=verified), tuple(self.steps), tuple(self.lost), self._settled
        )


def judged(tried: Tried) -> Step:
    """What follows from what a rung made."""
    return step_of(tried, judge(tried.grounded))


def step_of(tried: Tried, verified: Verified) -> Step:
    """The same where the verifier was asked already."""
    return Step(
        tried.model,
        tried.grounded,
        tried.troubles,
        tried.prompt,
        tried.qualified,
        tried.asked_again,
        verified=amended(verified, tried.troubles),
    )


def rank(verified: Verified) -> int:
    """How good a verdict is, the best 0."""
    return BEST_FIRST.index(verified.verdict)


def _by_remarks_alone(verified: Verified) -> bool:
    """Whether a report is unconfirmed and nothing but remarks keeps it from being accepted or completed."""
    forcing = {
        finding.code for finding in verified.findings if CODES[finding.code].forces is not None
    }
    return verified.verdict == "unconfirmed" and forcing == {"remark"}


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
