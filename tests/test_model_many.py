"""Many questions at a time: threads, one pace, a service that fails now and then; nothing lost, nothing twice."""

from __future__ import annotations

import json
import pickle
import queue
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest

from extractor.errors import UsageError
from extractor.ladder import Builtin, LanguageModel
from extractor.models.cache import key_of
from extractor.models.exchange import Asked, Question, Spent, Told, UnansweredError
from extractor.models.meter import Meter
from extractor.models.pace import Pace
from extractor.models.prices import Prices
from extractor.models.service import Service
from extractor.models.settings import ModelName
from extractor.rungs import Asking, build
from tests.loopback import Server, scripted
from tests.model_calls_servers import (
    ANSWER,
    Scripted,
    completion,
    question,
    refusal,
    reply,
    settings,
)

pytestmark = pytest.mark.models


def ask_all(
    service: Service, questions: list[Question], threads: int
) -> dict[str, Told | UnansweredError]:
    """Ask all, many at a time; what came of each by its text."""
    waiting: queue.SimpleQueue[Question] = queue.SimpleQueue()
    for one in questions:
        waiting.put(one)
    came: dict[str, Told | UnansweredError] = {}
    broken: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                one = waiting.get_nowait()
                try:
                    came[one.user] = service.ask_recorded(one)
                except UnansweredError as error:
                    came[one.user] = error
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001 - told by the test
            broken.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not broken
    return came


@pytest.mark.parametrize("fails", [False, True])
def test_one_question_learns_what_a_service_takes_and_the_others_do_not_wait_for_ever(
    fails: bool,
) -> None:
    def handle(body: dict[str, Any]) -> httpx2.Response:
        if fails and len(at.bodies) == 1:
            return refusal("no such key", 401)
        strict = body.get("response_format", {}).get("type") == "json_schema"
        return refusal("response_format is not supported") if strict else reply(completion())

    at = Scripted(handle)
    service = Service(
        ModelName("openai", "m"),
        settings(),
        at.meter,
        pace=Pace(16),
        transport=httpx2.MockTransport(at._handle),
    )
    questions = [question(user=f"{number} 1 2 3") for number in range(64)]
    came = ask_all(service, questions, 16)
    assert len(came) == 64
    refused = [one for one in at.meter.attempts if one.status == 400]
    assert len(refused) == 1 if not fails else 1 <= len(refused) <= 64
    assert sum(isinstance(told, UnansweredError) for told in came.values()) == fails


def test_a_run_of_many_keeps_no_attempts_but_counts_them() -> None:
    at = Scripted(lambda _: reply(completion()))
    at.meter = Meter(None, None, Prices.load(), keep=False)
    at.service._meter = at.meter
    for _ in range(3):
        at.service.ask(question())
    spent = at.meter.spent()
    assert (spent.requests, spent.input_tokens, spent.output_tokens) == (3, 900, 90)
    assert at.meter.attempts == []


class Kept:
    """Answers in memory, as a store would bring its own."""

    def __init__(self) -> None:
        self.offline = False
        self.known: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.known.get(key)

    def put(self, key: str, text: str, *, question: Question, model: str) -> None:
        assert key == key_of(question, model)
        self.known[key] = text


def test_a_ladder_for_many_reports_asks_under_its_pace_and_records_elsewhere() -> None:
    answers = Kept()
    with Server(scripted(ANSWER)) as server:
        asking = Asking(
            ("builtin", "openai/m"), base_url=server.url, concurrency=4, rpm=100, votes=3
        )
        ladder = build(
            asking, {"OPENAI_API_KEY": "k"}, usual_requests=None, answers=answers, keep=False
        )
        assert ladder.pace is not None
        told = [ladder.ask(Asked("openai/m", question(sample=n))) for n in range(70)]
        again = ladder.ask(Asked("openai/m", question()))
        assert ladder.pace.in_flight == 0
        ladder.close()
    assert all(one.reply.answer is not None and len(one.attempts) == 1 for one in told)
    assert (again.reply, again.attempts) == (told[0].reply, ())
    assert len(answers.known) == 70 == len(server.calls), "no usual cap, and none asked twice"
    assert key_of(question(), "openai/m") in answers.known
    builtin, model = pickle.loads(pickle.dumps(ladder.bare()))  # noqa: S301 - our own
    assert builtin == Builtin()
    assert isinstance(model, LanguageModel)
    assert (model.model, model.reader.votes, model.reader.ask) == ("openai/m", 3, None)


def test_offline_needs_no_directory_where_answers_are_kept_elsewhere() -> None:
    answers = Kept()
    answers.offline = True
    asking = Asking(("openai/m",), offline=True)
    ladder = build(asking, {}, answers=answers)
    with pytest.raises(UnansweredError, match="recorded"):
        ladder.ask(Asked("openai/m", question()))
    answers.known[key_of(question(), "openai/m")] = ANSWER
    assert ladder.ask(Asked("openai/m", question())).reply.answer is not None
    ladder.close()
    with pytest.raises(UsageError, match="--offline needs --cache"):
        build(asking, {})


@pytest.mark.parametrize(
    "asking",
    [
        Asking(("openai/m",), concurrency=0),
        Asking(("openai/m",), rpm=0),
        Asking(("openai/m",), tpm=-1),
    ],
)
def test_a_rate_that_cannot_be_is_wrong_usage(asking: Asking) -> None:
    with pytest.raises(UsageError, match=r"^--(concurrency|rpm|tpm) (0|-1): "):
        build(asking, {"OPENAI_API_KEY": "k"})


def test_one_command_keeps_its_usual_cap(tmp_path: Path) -> None:
    with Server(scripted(ANSWER)) as server:
        asking = Asking(("openai/m",), base_url=server.url, cache=str(tmp_path))
        ladder = build(asking, {"OPENAI_API_KEY": "k"})
        assert ladder.pace is None
        for number in range(60):
            ladder.ask(Asked("openai/m", question(sample=number)))
        with pytest.raises(Spent, match="--max-requests 60"):
            ladder.ask(Asked("openai/m", question(sample=60)))
        ladder.close()
    assert len(server.calls) == 60
    assert json.loads(ANSWER)
