"""One report through the ladder with an answerer for a model, held against the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

import prompts
from extractor.ladder import Builtin, LanguageModel, Rung, climb
from extractor.readers.model import MOST_AGAIN, Interview
from tests.garbler.judge import PASSING
from tests.scripted.ask import Script
from verify.layout import lay_out

from .sources import Source


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a report.

    Attributes:
        name: The report.
        verdict: Its verdict.
        questions: How many were asked.
        right: Cells with the true figure.
        known: Cells that are printed.
        wrong: Cells with a figure that is not theirs.
        reasons: Codes of what stands against it.
        balances: Whether the report's own figures fit.
        legible: Whether every cell can be read.
    """

    name: str
    verdict: str
    questions: int
    right: int
    known: int
    wrong: tuple[str, ...]
    reasons: tuple[str, ...]
    balances: bool
    legible: bool

    @property
    def silent(self) -> bool:
        """Whether it passes with a wrong figure."""
        return self.verdict in PASSING and bool(self.wrong)

    @property
    def whole(self) -> bool:
        """Whether it ends as it should, with every printed cell right."""
        if not self.legible:
            return self.verdict in (*PASSING, "unconfirmed", "incomplete") and not self.wrong
        good = (*PASSING, "unconfirmed") if self.balances else ("inconsistent",)
        return self.verdict in good and self.right == self.known and not self.wrong


def trial(
    source: Source, answer: Callable[[str, str], str], *, most_again: int = MOST_AGAIN
) -> Trial:
    """One report through the builtin reader and, where it does not pass, the answerer.

    Args:
        source: The report.
        answer: From the two messages of a question to what is answered.
        most_again: How often it may be asked again about what is in doubt.
    """
    script = Script(answer)
    reader = Interview(prompts.load(prompts.USUAL), ask=script)
    rungs: list[Rung] = [Builtin(), LanguageModel("openai/oracle", reader)]
    with patch("extractor.readers.model.MOST_AGAIN", most_again):
        verified = climb(lay_out(source.text, source.document), rungs).step.verified
    values = {n: c.value for n, c in verified.cells.items() if c.value is not None}
    known = {n: v for n, v in source.truth.items() if v is not None}
    wrong = [
        n
        for n, v in values.items()
        if n in source.truth
        and source.truth[n] is not None
        and float(str(source.truth[n])) != float(v)
    ]
    right = sum(1 for n, v in known.items() if n in values and float(str(v)) == float(values[n]))
    codes = tuple(dict.fromkeys(f.code for f in verified.findings if f.level == "error"))
    return Trial(
        source.name,
        verified.verdict,
        len(script.asked),
        right,
        len(known),
        tuple(wrong),
        codes,
        source.balances,
        source.legible,
    )
