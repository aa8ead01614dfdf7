"""One hostile model on one report, through the real stack, and what came of it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import httpx2

import prompts
from extractor.errors import ProviderError
from extractor.ladder import LanguageModel
from extractor.models.exchange import Asker, Spent
from extractor.pipeline import read_source
from extractor.readers.model import Answers, Interview
from extractor.rungs import USUAL_REQUESTS, Ladder
from extractor.source import SourceText
from tests.garbler.model import Value
from tests.loopback import completion
from tests.model_calls_servers import Scripted
from tests.oracle.answerer import Oracle
from tests.oracle.careless import CARELESS, LYING, mutated
from tests.scripted import StrongModel
from verify.layout import Layout
from verify.reading import Reading

from .cases import Case, case
from .registry import KINDS, Asked, Hostile, On, Said
from .text import INJECTED

_ENOUGH = 20_000  # tokens that the server says it read
_MODES = ("auto", "auto", "auto", "json_schema", "json_object", "text", "tools")
_FAR = 7
_CARELESS = 0.7  # of the questions about whole sections and names


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one hostile model on one report.

    Attributes:
        kind: Of the hostile behaviour.
        seed: Of the report.
        case: What report it is.
        verdict: The verdict, ``provider`` where the service failed for good, or the exception.
        requests: HTTP requests that arrived at the server.
        cap: How many were allowed.
        silent: It passes and a cell is wrong, or its source cannot be right.
        wrong: The wrong cells of a passing result.
        placed: Whether a reading with figures reached the verifier.
        answered: Whether the client took an answer of the server for one that fits the schema.
        struck: Whether such a reading differed from the truth, by a cell that stands elsewhere or is left
            out.
        crash: The traceback of an exception that is no planned end.
    """

    kind: str
    seed: int
    case: str
    verdict: str
    requests: int
    cap: int
    silent: bool = False
    wrong: tuple[str, ...] = ()
    placed: bool = False
    answered: bool = False
    struck: bool = False
    crash: str = ""

    @property
    def over(self) -> bool:
        """Whether more requests arrived than were allowed."""
        return self.requests > self.cap

    @property
    def bad(self) -> bool:
        """Whether anything happened that must not."""
        return self.silent or self.over or bool(self.crash)


@dataclass
class _Server:
    """The hostile server: it answers each request as its kind does."""

    kind: Hostile
    rng: Random
    strong: StrongModel
    other: StrongModel
    figures: Mapping[str, Value]
    oracle: Oracle
    turn: int = 0
    state: dict[str, Any] = field(default_factory=dict)
    broken: list[BaseException] = field(default_factory=list)

    def __call__(self, body: dict[str, Any]) -> httpx2.Response:
        try:
            contents = [message["content"] for message in body["messages"]]
            said = self._said(contents[0], contents[-1])
        except Exception as error:
            self.broken.append(error)  # the attack itself failed; the client would call it a fault
            raise
        if said.cut:
            raise httpx2.ReadError("cut off")
        headers = {"content-type": "application/json", **dict(said.headers)}
        if said.body is not None:
            return httpx2.Response(said.status, content=said.body, headers=headers)
        message: dict[str, Any] = {"role": "assistant", "content": said.text}
        message["refusal"] = said.refusal
        if "tools" in body and self.rng.random() < 0.7:
            function = {"name": "answer", "arguments": said.text}
            message |= {"content": None, "tool_calls": [{"type": "function", "function": function}]}
        usage = {"prompt_tokens": _ENOUGH, "completion_tokens": 30}
        content = completion(None, finish=said.finish, usage=usage, message=message)
        return httpx2.Response(said.status, content=json.dumps(content).encode(), headers=headers)

    def _said(self, system: str, user: str) -> Said:
        names, whole = '"names"' in system, '"skip"' in system
        if names or (whole and self.rng.random() < _CARELESS):
            how = self.rng.choice([*CARELESS.values(), *LYING.values()])
            answer = (
                self.oracle if self.kind.made == "control" else mutated(self.oracle, how, self.turn)
            )
            self.turn += 1
            return Said(answer(system, user))
        right = self.strong(system, user)
        asked = Asked(
            system,
            user,
            right,
            self.rng,
            self.turn,
            self.strong,
            self.other,
            self.figures,
            self.state,
        )
        self.turn += 1
        said = self.kind.behave(asked)
        return said if isinstance(said, Said) else Said(said)


class _Watched(Interview):
    """A reader that keeps every reading that it hands to the verifier."""

    def __init__(self, prompt: prompts.Prompt, votes: int, ask: Asker) -> None:
        super().__init__(prompt, votes, ask)
        self.readings: list[Reading] = []

    def reading(self, layout: Layout, answers: Answers) -> Reading:
        """The reading, kept."""
        self.readings.append(super().reading(layout, answers))
        return self.readings[-1]


@cache
def _known(seed: int, on: On) -> tuple[Case, StrongModel]:
    made = case(seed, on)
    return made, StrongModel(made.text, made.truth)


def _capacity(rng: Random) -> int:
    """The usual cap, and now and then one that is soon reached."""
    return USUAL_REQUESTS if rng.random() < 0.85 else rng.randint(0, 4)


def trial(kind: str, seed: int) -> Trial:
    """Run one kind on the report of one seed; the same two give the same outcome."""
    behaviour = KINDS[kind]
    rng = Random(f"{kind}/{prompts.USUAL}/{seed}")
    told, strong = _known(seed, behaviour.on)
    if behaviour.injects:
        told = told.with_line(rng.choice(INJECTED), rng)
        strong = StrongModel(told.text, told.truth)
    cap, mode = _capacity(rng), rng.choice(_MODES)
    other = _known(seed + _FAR, "any")[1]
    server = _Server(behaviour, rng, strong, other, told.figures, Oracle(told.printed))
    scripted = Scripted(server, max_requests=cap, options={"mode": mode})
    reader = _Watched(prompts.load(prompts.USUAL), behaviour.votes, scripted.service.ask)
    ladder = Ladder((LanguageModel("openai/m", reader),), scripted.meter)
    source = SourceText("report.txt", told.text, "0" * 64, "utf-8")
    outcome: dict[str, Any] = {}
    try:
        result = read_source(source, ladder).model_dump()
        verdict = str(result["verdict"])
        wrong = told.wrong(result)
        outcome = {"silent": wrong is not None, "wrong": tuple(wrong or ())}
    except ProviderError:
        verdict = "provider"
    except Spent:
        verdict = "Spent"
        outcome = {"crash": traceback.format_exc()}
    except Exception as error:  # noqa: BLE001 -- whatever the product raises is a finding
        verdict = type(error).__name__
        outcome = {"crash": traceback.format_exc()}
    finally:
        scripted.service.close()
    if server.broken:
        raise server.broken[0]
    true = {n: s for n, s in server.strong.truth.items() if not isinstance(s, str)}
    outcome["answered"] = "answered" in scripted.outcomes
    outcome["placed"] = any(_spans(reading) for reading in reader.readings)
    outcome["struck"] = any(
        (spans := _spans(reading)) and spans != true for reading in reader.readings
    )
    return Trial(kind, seed, told.name, verdict, len(scripted.requests), cap, **outcome)


def _spans(reading: Reading) -> dict[str, tuple[int, int]]:
    return {n: p.span for n, p in reading.places.items() if p.where == "span" and p.span}
