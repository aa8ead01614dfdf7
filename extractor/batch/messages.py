"""What passes between a run and its workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.batch.records import Made
    from extractor.batch.unit import Job
    from extractor.models.exchange import Asked, Told


@dataclass(frozen=True, slots=True)
class Jobs:
    """To a worker: reports to work on."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """To a worker: what came of the question of a report; ``error`` is raised where it was asked."""

    number: int
    told: Told | None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """To a worker: a report is not to be finished."""

    number: int


@dataclass(frozen=True, slots=True)
class Ready:
    """From a worker: it has its settings and can begin."""


@dataclass(frozen=True, slots=True)
class Question:
    """From a worker: what a report has to ask."""

    number: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class Done:
    """From a worker: what was made of a report."""

    number: int
    made: Made


__all__ = ["Done", "Dropped", "Jobs", "Question", "Ready", "Replied"]
