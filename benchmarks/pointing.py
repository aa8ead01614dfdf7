"""Our design for the token benchmark: a scripted model points, and the whole product reads.

Nothing is shortened for the measurement: the ladder is the one that a command builds, every request
goes through the call layer to the server, a question that is asked again is sent and counted again, and
answers are not cached. The model is *scripted*: it knows where the figures stand and says so in the
protocol of the prompt, as the straightforward design is given every right figure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from benchmarks.tokens_reports import Sample
from benchmarks.tokens_server import Answer
from extractor.models.tokens import estimate
from extractor.pipeline import read_source
from extractor.rungs import Asking, build
from extractor.source import SourceText
from tests.garbler import Expected
from tests.garbler.judge import judge
from tests.scripted import StrongModel

__all__ = ["estimated", "read", "right_answers"]


def right_answers(sample: Sample) -> Answer:
    """The model that answers every question about a report as its truth has it."""
    model = StrongModel(
        sample.report.text, {name: _place(cell) for name, cell in sample.report.expected.items()}
    )

    def answer(body: dict[str, Any]) -> str:
        system, user = (message["content"] for message in body["messages"])
        return model(system, user)

    return answer


def _place(cell: Expected) -> tuple[int, int]:
    assert cell.span is not None, "every cell of the benchmark's reports is printed"
    return cell.span


def read(sample: Sample, base_url: str) -> bool:
    """Read a report as ``extract --model openai/scripted`` does.

    Args:
        sample: The report.
        base_url: An OpenAI-compatible service.

    Returns:
        Whether the verdict is `accepted` with the right figure from the right place in every cell.
    """
    text = sample.report.text
    source = SourceText("report", text, hashlib.sha256(text.encode()).hexdigest(), "utf-8")
    ladder = build(Asking(models=("openai/scripted",), base_url=base_url), {})
    try:
        result = json.loads(read_source(source, ladder).model_dump_json())
    finally:
        ladder.close()
    judged = judge(sample.report, result)
    return judged.verdict == "accepted" and not judged.differences and not judged.head_wrong


def estimated(messages: Sequence[str]) -> int:
    """What `extractor.models.tokens`, which has no tokenizer, takes these messages for."""
    return sum(map(estimate, messages))
