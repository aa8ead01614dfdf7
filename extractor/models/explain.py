"""What is said when a service fails for good: one line, what was wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.models.retry import Failure, Kind, texts
from extractor.models.settings import ModelName, Settings
from extractor.models.tokens import estimate

if TYPE_CHECKING:
    from extractor.models.exchange import Question


def explain(
    failure: Failure, settings: Settings, model: ModelName, question: Question, used: int
) -> str:
    """One line: what was wrong and what to do, after so many requests."""
    name = str(failure.kind)
    wait = failure.retry_after or 0
    if wait > settings.longest_wait:
        name = "left_alone"
    elif failure.kind is Kind.KEY and failure.status == 403:
        name = "key_forbidden"
    elif failure.kind is Kind.KEY and settings.keyless:
        name = "key_wanted"
    line = texts()["lines"][name].format(
        status="" if failure.status is None else f" (HTTP {failure.status})",
        tries=f"{used} request{'s' if used > 1 else ''}",
        seconds=settings.timeout,
        size=estimate(question.system) + estimate(question.user),
        service=settings.service,
        wait=wait,
        longest=settings.longest_wait,
    )
    told = failure.message and failure.kind is not Kind.KEY
    said = f"; it says: {failure.message}" if told else ""
    return f"{model.full!r} at {settings.service}: {line}{said}"
