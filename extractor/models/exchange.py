"""What passes between a reader and the call layer: a question with a schema, and a reply.

Pure data. A reader never sees HTTP, a client or a key; the call layer never sees a form or a figure. A reader that
is a generator yields `Asked` and is sent `Told`, so that who asks may be elsewhere: all of it can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from extractor.errors import ProviderError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.models.meter import Attempt

_Q = TypeVar("_Q")
_A = TypeVar("_A")
_T = TypeVar("_T")

Problem = Literal[
    "truncated",  # finish_reason length, also when asked again with more room
    "refused",  # the model refused
    "filtered",  # the service's content filter stopped it
    "empty",  # nothing, or blanks only
    "not_json",  # no JSON object in it, or one with duplicate keys, or nested too deeply
    "wrong_shape",  # JSON, but not of the schema
    "too_long",  # more bytes than an answer may have
]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whom it is for.

    Attributes:
        model: As it is named on the command line.
        question: To be asked.
    """

    model: str
    question: Question


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a question, and what that took.

    Attributes:
        reply: For the reader.
        attempts: The HTTP requests of this question alone; none where the answer was on record.
    """

    reply: Reply
    attempts: tuple[Attempt, ...] = ()


class UnansweredError(ProviderError):
    """The provider failed for good on one question.

    Attributes:
        attempts: The HTTP requests of this question.
        kind: In one word what went wrong, as `Attempt.outcome` has it.
        lasting: Whether every further question to this service would end the same way.
    """

    def __init__(self, line: str, *, kind: str = "", lasting: bool = False) -> None:
        super().__init__(line)
        self.attempts: tuple[Attempt, ...] = ()
        self.kind = kind
        self.lasting = lasting


class Spent(Exception):  # noqa: N818 - the name says what is so
    """A cap of this run is reached; ``str()`` is one line that says which and what to do.

    Attributes:
        attempts: The HTTP requests of the question that was given up, made before.
    """

    attempts: tuple[Attempt, ...] = ()


class Stopped(Exception):  # noqa: N818 - the name says what is so
    """The run is being ended; nothing more is asked.

    Attributes:
        attempts: As those of `Spent`.
    """

    attempts: tuple[Attempt, ...] = ()

    def __init__(self, line: str = "the run is being ended") -> None:
        super().__init__(line)


Asker = Callable[[Question], Reply]
"""Asks a question. Raises `extractor.errors.ProviderError` when the provider fails for good, and
`Spent` when a cap of this run is reached."""


def drive(asking: Generator[_Q, _A, _T], ask: Callable[[_Q], _A]) -> _T:
    """Run a generator that asks, with somebody who answers.

    Args:
        asking: Yields questions and is sent their answers.
        ask: Answers one; what it raises is raised where the question was asked.

    Returns:
        What the generator returns.
    """
    try:
        question = next(asking)
        while True:
            try:
                answer = ask(question)
            except Exception as error:  # noqa: BLE001 - the generator decides what to do about it
                question = asking.throw(error)
            else:
                question = asking.send(answer)
    except StopIteration as end:
        made: _T = end.value
        return made
