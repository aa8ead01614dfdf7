"""What passes between a reader and the call layer: a question with a schema, and a reply.

Pure data. A reader never sees HTTP, a client or a key; the call layer never sees a form or a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydantic import BaseModel

Problem = Literal[
    "truncated",    # finish_reason length, also when asked again with more room
    "refused",      # the model refused
    "filtered",     # the service's content filter stopped it
    "empty",        # nothing, or blanks only
    "not_json",     # no JSON object in it, or one with duplicate keys, or nested too deeply
    "wrong_shape",  # JSON, but not of the schema
    "too_long",     # more bytes than an answer may have
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One stateless request to a model.

    Attributes:
        prompt_id: Id of the prompt file, version included.
        prompt_sha256: Its hash.
        system: System message; one of a few, whatever the report, so that a service can cache it.
        user: User message: the part of the report in question, as data.
        shape: Pydantic model of the answer: strict, frozen, ``extra="forbid"``. One for each protocol,
            so that a service compiles its schema once.
        room: Most tokens of the answer.
        about: What it asks, for the record of attempts: ``requests``, ``requests again``.
        sample: Number of the vote; 0 is asked at temperature 0.
        grows: Whether a truncated answer is asked for again with more room, once. Not for a question
            that can be asked in parts.
    """

    prompt_id: str
    prompt_sha256: str
    system: str
    user: str
    shape: type[BaseModel]
    room: int
    about: str
    sample: int = 0
    grows: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question.

    Attributes:
        answer: An instance of the question's ``shape``, or None.
        problem: Why there is none.
        clipped: The service's own count of the prompt's tokens is far below what was sent: it read a
            part of it only.
    """

    answer: BaseModel | None
    problem: Problem | None = None
    clipped: bool = False


Asker = Callable[[Question], Reply]
"""Asks a question. Raises `extractor.errors.ProviderError` when the provider fails for good, and
`extractor.models.meter.Spent` when a cap of this run is reached."""
