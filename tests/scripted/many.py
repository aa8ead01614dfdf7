"""Many garbled reports as files, and a scripted model that knows the answer to what is asked about each first."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from extractor.readers.model import Interview
from prompts import load
from tests.garbler import garble
from tests.scripted.strong import StrongModel
from tests.scripted.truth import truth_of
from verify.layout import lay_out

PROMPT = "pointer-zh"
NOTHING = '{"rows":[]}'


@dataclass(frozen=True)
class Known:
    """Answers by the hash of the user message; a question that is not known is answered with nothing."""

    answers: dict[str, str]

    def __call__(self, _: str, user: str) -> str:
        """The answer to two messages."""
        return self.answers.get(_hash(user), NOTHING)


def write(
    folder: str,
    seeds: Iterable[int],
    *,
    most: int | None = None,
    kinds: Collection[str] = ("lossless",),
    most_damages: int = 4,
) -> dict[str, str]:
    """Write reports as files; the answers to what a model is asked about them first.

    Figures behind official labels are not shown to a model, so that regular reports ask the same; only reports
    with a question of their own are taken.

    Args:
        folder: Where to.
        seeds: That they are made of.
        most: How many at most.
        kinds: What kinds are taken.
        most_damages: Of one report.
    """
    interview = Interview(load(PROMPT))
    answers: dict[str, str] = {}
    written = 0
    for seed in seeds:
        if written == most:
            break
        report = garble(seed, max_damages=most_damages)
        if report.kind not in kinds:
            continue
        questions = interview.questions(lay_out(report.text))
        if not questions or any(_hash(question.user) in answers for question in questions):
            continue
        Path(folder, f"{seed:06}.txt").write_bytes(report.text.encode())
        written += 1
        model = StrongModel(report.text, truth_of(report))
        for question in questions:
            answers[_hash(question.user)] = model(question.system, question.user)
    return answers


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
