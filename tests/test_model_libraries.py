"""What openai and instructor do for a request, and what they cannot: each reason that ``docs/models.md`` gives."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import instructor
import openai
import pytest
from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

from extractor.models.adapter import Adapter
from extractor.models.modes import Habit
from extractor.models.pace import Pace
from extractor.models.retry import Failure
from extractor.models.settings import ModelName
from tests.each import each
from tests.model_calls_servers import (
    ANSWER,
    Marks,
    Scripted,
    completion,
    in_turn,
    question,
    refusal,
    reply,
    settings,
)

WHOLE = Marks.model_validate_json(ANSWER)


def plain(response: httpx2.Response, mode: instructor.Mode) -> tuple[Any, list[dict[str, Any]]]:
    """The libraries alone, without anything of ours between: what they make of a response, and what they sent."""
    sent: list[dict[str, Any]] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return response

    client = openai.OpenAI(
        api_key="sk-none",
        base_url="https://models.example.org/v1",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(handle)),
    )
    try:
        made: Any = instructor.from_openai(client, mode=mode).create_with_completion(
            model="m",
            messages=[{"role": "user", "content": "?"}],
            response_model=Marks,
            max_retries=0,
        )
    except Exception as error:  # noqa: BLE001 - what they raise is what is shown
        made = error
    return made, sent


# --- what they do -----------------------------------------------------------------------------------


def test_the_object_that_instructor_validated_is_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without instructor there is no answer, and it is given what is asked, whole."""
    given: list[dict[str, Any]] = []
    made: list[Any] = []
    patch = instructor.patch

    def watched(**how: Any) -> Any:
        create: Any = patch(**how)

        def called(**what: Any) -> Any:
            given.append(what)
            made.append(create(**what))
            return made[-1]

        return called

    monkeypatch.setattr(instructor, "patch", watched)
    service = Scripted(in_turn(reply(completion())))
    asked = question()
    assert service.service.ask(asked).answer is made[0]
    assert [one["content"] for one in given[0]["messages"]] == [asked.system, asked.user]
    assert issubclass(given[0]["response_model"], Marks)


def test_an_answer_is_passed_on_without_the_response_that_it_came_in() -> None:
    answer = Scripted(in_turn(reply(completion()))).service.ask(question()).answer
    assert answer == WHOLE
    assert vars(answer) == vars(WHOLE)


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_errors_of_the_sdk_are_told_apart_by_their_types(status: int) -> None:
    adapter = Adapter(settings(), transport=httpx2.MockTransport(lambda _: refusal("no", status)))
    got = adapter.send(
        ModelName("openai", "m"), question(), Habit("json_schema"), room=9, seconds=9
    )
    assert isinstance(got, Failure)
    assert (got.status, got.message, got.request_id) == (status, "no", "req-7")


# --- what they cannot -------------------------------------------------------------------------------


def test_instructor_sends_no_strict_schema() -> None:
    _, sent = plain(reply(completion()), instructor.Mode.JSON_SCHEMA)
    described = sent[0]["response_format"]["json_schema"]
    assert "strict" not in described
    assert "additionalProperties" not in json.dumps(described.get("required", []))
    assert described["schema"]["required"] != list(described["schema"]["properties"])


def test_instructor_adds_a_prompt_where_no_schema_is_enforced() -> None:
    for mode in (instructor.Mode.JSON, instructor.Mode.MD_JSON):
        _, sent = plain(reply(completion()), mode)
        assert "genius" in json.dumps(sent[0]["messages"])


@each(
    ("content", "finish", "theirs", "ours"),
    [
        (f"```json\n{ANSWER}\n```", "stop", InstructorRetryException, WHOLE),
        (f"<think>{{}}</think>{ANSWER}", "stop", InstructorRetryException, WHOLE),
        (ANSWER, "length", IncompleteOutputException, WHOLE),
        (ANSWER, "content_filter", WHOLE, "filtered"),
        (ANSWER.replace('"rows"', '"rows":[[9]],"rows"'), "stop", WHOLE, "not_json"),
    ],
)
def test_instructor_refuses_whole_answers_and_takes_what_is_none(
    content: str, finish: str, theirs: Any, ours: Any
) -> None:
    response = reply(completion(content, finish=finish))
    made, _ = plain(response, instructor.Mode.JSON_SCHEMA)
    if isinstance(theirs, type):
        assert isinstance(made, theirs)
    else:
        assert made[0].model_dump() == theirs.model_dump()
    got = Scripted(in_turn(response)).service.ask(question())
    assert (got.problem if isinstance(ours, str) else got.answer) == ours


def test_instructor_crashes_on_a_success_without_choices() -> None:
    made, _ = plain(reply({"error": {"message": "upstream died"}}), instructor.Mode.JSON_SCHEMA)
    assert isinstance(made.__cause__, TypeError)
    made, _ = plain(reply(completion(choices=[])), instructor.Mode.JSON_SCHEMA)
    assert isinstance(made.__cause__, IndexError)


def test_instructor_counts_tokens_that_nobody_told() -> None:
    (_, told), _ = plain(reply(completion()), instructor.Mode.JSON_SCHEMA)
    assert told.usage.prompt_tokens_details.cached_tokens == 0
    service = Scripted(in_turn(reply(completion())))
    service.service.ask(question())
    assert service.meter.attempts[0].cached_tokens is None


def test_the_words_of_an_error_of_instructor_hold_the_answer() -> None:
    made, _ = plain(reply(completion('{"rows": "a secret"}')), instructor.Mode.JSON_SCHEMA)
    assert "a secret" in str(made)


def test_a_rate_limiter_takes_the_most_that_a_request_can_use_and_gives_nothing_back() -> None:
    """A request may use 3,700 tokens and uses 1,800: what it did not use is lost for the whole minute."""
    from limits import parse
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    minute, limiter = parse("4000/minute"), MovingWindowRateLimiter(MemoryStorage())
    assert limiter.hit(minute, "service", cost=3_700)
    assert not limiter.hit(minute, "service", cost=1_800)
    assert limiter.get_window_stats(minute, "service").remaining == 300
    offered = {name for name in dir(limiter) if not name.startswith("_")}
    assert offered == {"clear", "get_window_stats", "hit", "storage", "test"}
    pace = Pace(8, tpm=4_000)
    pace.leave(pace.enter(3_700), used=1_800)
    assert pace.enter(1_800).waited < 1
