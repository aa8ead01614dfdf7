"""Short ways to ask scripted models in this process, without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import prompts
from extractor.ladder import LanguageModel
from extractor.models.answers import parse
from extractor.models.exchange import Asker, Question, Reply
from extractor.readers.excerpt import Excerpt, cut
from extractor.readers.model import Interview, asked_zones
from extractor.source import load
from extractor.steps import Step
from verify.layout import lay_out

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@dataclass
class Script:
    """Answers of a scripted model in this process; keeps every question.

    Attributes:
        answer: What it says to the two messages of a question.
        asked: Every question, in order.
    """

    answer: Callable[[str, str], str]
    asked: list[Question] = field(default_factory=list)

    def __call__(self, question: Question) -> Reply:
        """An `Asker`."""
        self.asked.append(question)
        answer, problem = parse(self.answer(question.system, question.user), question.shape)
        return Reply(answer, problem)


def read_with(ask: Asker, text: str, prompt: str = "pointer-zh", votes: int = 1) -> Step:
    """One report through the language model rung."""
    reader = Interview(prompts.load(prompt), votes, ask=ask)
    return LanguageModel("openai/scripted", reader).read(lay_out(text))


def text_of(case: str) -> str:
    """The decoded report of a golden case."""
    return load(str(GOLDEN / case / "report.txt")).text


def excerpt_of(case: str) -> Excerpt:
    """All tables of a golden case as a model is shown them."""
    layout = lay_out(text_of(case))
    return cut(layout, asked_zones(layout))
