"""The register of hostile behaviours, what they are given and what they answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from extractor.readers.excerpt import Excerpt
from tests.garbler.model import Value
from tests.scripted.strong import StrongModel, data_of

On = Literal["any", "wrong", "columns", "labels", "local", "glued", "equal", "six"]
Made = Literal["answer", "nonsense", "text", "fault", "control"]


@dataclass(frozen=True, slots=True)
class Said:
    """What the server sends.

    Attributes:
        text: The content of the message.
        finish: The finish reason.
        refusal: The message's refusal.
        status: HTTP status.
        body: In place of a completion, the whole body as it is, or its parts one after the other.
        cut: The connection breaks instead.
        headers: Of the response.
    """

    text: str = ""
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    body: bytes | Iterable[bytes] | None = None
    cut: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Asked:
    """One request, and all that a hostile server could know of it.

    Attributes:
        system: The system message.
        user: The user message.
        right: The answer that the scripted strong model gives, which knows the truth.
        rng: Seeded.
        turn: How many requests about this report came before.
        strong: The strong model itself, with the layout and the truth.
        other: The strong model of another report.
        figures: The figure that each cell was meant to have.
        state: What a behaviour keeps from one request about a report to the next.
    """

    system: str
    user: str
    right: str
    rng: Random
    turn: int
    strong: StrongModel
    other: StrongModel
    figures: Mapping[str, Value]
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def again(self) -> bool:
        """Whether it is asked for the second time."""
        return "上次" in self.user

    @property
    def excerpt(self) -> Excerpt:
        """The excerpt in the question, with the marks that it has there."""
        data = data_of(self.user)
        alone = (one for one in self.strong.alone if one.text == data)
        return next(alone, self.strong.together)

    @property
    def answer(self) -> dict[str, Any]:
        """The right answer, to be spoiled."""
        loaded: dict[str, Any] = json.loads(self.right)
        return loaded


Behave = Callable[[Asked], Said | str]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A way in which a server is hostile.

    Attributes:
        name: Its name in tables and on the command line.
        behave: What it answers.
        made: ``answer`` where it fits the schema and points at figures, so that a wrong reading must
            reach the verifier; ``nonsense`` where it fits the schema and mostly points at nothing;
            ``text`` where a parser has to cope with it; ``fault`` of a service; ``control`` where
            nothing is wrong.
        votes: How many samples are asked for.
        injects: Whether text that addresses the model is put into the report.
        on: The reports that it is made for; it has these on every other seed.
    """

    name: str
    behave: Behave
    made: Made = "answer"
    votes: int = 1
    injects: bool = False
    on: On = "any"


KINDS: dict[str, Hostile] = {}


def hostile(made: Made = "answer", **more: Any) -> Callable[[Behave], Behave]:
    """Register a function as the hostile behaviour of its own name."""

    def register(behave: Behave) -> Behave:
        name = behave.__name__
        assert name not in KINDS, name
        KINDS[name] = Hostile(name, behave, made, **more)
        return behave

    return register


def compact(answer: object) -> str:
    """JSON as a server would send it."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
