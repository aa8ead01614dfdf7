"""One HTTP request to an OpenAI-compatible service: the only module that knows openai and instructor.

openai builds, sends and reads the request; instructor asks for the schema and makes one validated object of the
answer, and its hooks tell what each completion took. Imported with the first request only. What they do not do is
done here, and ``docs/models.md`` says why with the test that shows it:

- instructor sends a schema without ``strict`` and, where no schema is enforced, adds a prompt of its own; so the parts
  of the request that ask for the shape are those of `modes`.
- an answer is looked for by `answers`, which stands in for pydantic's parser in the class that instructor is given.
- the time and the bytes of a whole response are bounded by `wire`, the transport under the client.

The environment is not read. The SDK would take a base URL, keys, an organization and whole headers from it
and send them to whatever service is called; so only the headers listed in `wire` leave, and no proxy is used but
that of the settings. Organization and project go to OpenAI's own service alone. Redirects are not followed:
the key is for one service. Certificates are the system's or those of ``SSL_CERT_FILE``, as everywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

import httpx2
import instructor
import openai
from instructor.core.exceptions import InstructorError
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from extractor.models.answers import parse
from extractor.models.envelope import Came, Completion, joined
from extractor.models.exchange import Question
from extractor.models.modes import Habit, messages, parameters
from extractor.models.retry import Failure, Kind, Timing
from extractor.models.settings import ModelName, Settings
from extractor.models.wire import Wire, kind_of

_LOGGERS = ("openai", "instructor", "httpx2", "httpcore2")
_ASKED_BY = ("response_format", "tools", "tool_choice")


class Adapter:
    """Sends questions to one service; threads may share it. Nothing is connected yet.

    Raises:
        UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        _silence()
        timing = timing or Timing()
        self._settings = settings
        self._now = timing.now
        self._wire = Wire(settings, transport, timing.clock)
        self._client = openai.OpenAI(
            api_key=settings.key.reveal(),
            base_url=settings.base_url,
            max_retries=0,
            timeout=settings.timeout,
            http_client=httpx2.Client(
                transport=self._wire, trust_env=False, follow_redirects=False
            ),
        )
        # both load more at their first use, and a pace counts a request from before that
        _ = self._client.chat.completions.with_raw_response
        with suppress(ImportError):
            import_module("instructor.v2.providers.openai.handlers")

    def send(
        self, model: ModelName, question: Question, habit: Habit, *, room: int, seconds: float
    ) -> Completion | Failure:
        """Make exactly one HTTP request.

        Args:
            model: The model.
            question: What is asked.
            habit: How its shape is asked for.
            room: Most tokens of the answer.
            seconds: From the first byte sent to the last received.
        """
        temperature = self._settings.temperature if question.sample else 0.0
        asked_by = parameters(habit, question.shape, room=room, temperature=temperature)
        # of these openai knows no such parameter
        extra = {name: asked_by.pop(name) for name in ("enable_thinking",) if name in asked_by}
        came = Came(self._settings, question, self._now())

        def create(**request: Any) -> Any:
            """The request as instructor has it, but for how the shape is asked for."""
            sent = {name: part for name, part in request.items() if name not in _ASKED_BY}
            raw = self._client.chat.completions.with_raw_response.create(
                **sent, **asked_by, extra_body=extra or None
            )
            came.status, came.headers = raw.status_code, raw.headers
            return raw.parse()

        mode = instructor.Mode.TOOLS if habit.mode == "tools" else instructor.Mode.JSON_SCHEMA
        hooks = instructor.hooks.Hooks()
        hooks.on("completion:response", came.take)  # before instructor adds to its usage
        self._wire.begin(seconds)
        try:
            answer: Any = instructor.patch(create=create, mode=mode)(
                model=model.name,
                messages=messages(habit, question.system, question.user, question.shape),
                response_model=_reader(question.shape),
                max_retries=0,
                hooks=hooks,
            )
        except InstructorError as error:
            # its words hold whole requests and answers: they are not told further
            cause = error.__cause__
            if isinstance(cause, openai.APIStatusError | openai.APIConnectionError):
                return _failure(came, cause)
            if came.status is None:
                return Failure(Kind.UNSENT)
            return came.completion(None, _problem(cause))
        for name in ("_raw_response", "_total_usage"):  # an answer is passed on without them
            vars(answer).pop(name, None)
        return came.completion(answer, None)

    def call(self, do: Callable[[Any], Any], seconds: float) -> Any:
        """What ``do`` made of one request, no question, with openai's own client; or a `Failure`."""
        self._wire.begin(seconds)
        try:
            return do(self._client)
        except (openai.APIStatusError, openai.APIConnectionError) as error:
            return _failure(Came(self._settings, None, self._now()), error)
        except (openai.OpenAIError, ValueError):  # a success whose body is none
            return Failure(Kind.GARBAGE, 200)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()


def _failure(came: Came, error: openai.APIStatusError | openai.APIConnectionError) -> Failure:
    """A response that is no success, or none that is whole."""
    if isinstance(error, openai.APIConnectionError):
        return Failure(kind_of(error))
    response = error.response
    plain = response.headers.get("content-type", "").startswith("text/plain")
    page = isinstance(error.body, str) and error.body == response.text.strip() and not plain
    return came.failure(response.status_code, response.headers, None if page else error.body)


@cache
def _reader(shape: type[BaseModel]) -> type[BaseModel]:
    """A shape as instructor takes it: found in the words of a model by `answers`, not by pydantic alone."""

    def found(text: Any, **_: Any) -> BaseModel:
        answer, problem = parse(joined(text), shape)
        if answer is None:
            why = PydanticCustomError(problem or "not_json", "no answer")
            raise ValidationError.from_exception_data(
                shape.__name__, [{"type": why, "input": None}], hide_input=True
            )
        return answer

    def described(*_: Any, **__: Any) -> dict[str, Any]:
        return {"title": shape.__name__, **shape.model_json_schema()}  # instructor wants a title

    ready: type[BaseModel] = instructor.openai_schema(shape)
    methods: dict[str, Any] = {"model_validate_json": found, "model_json_schema": described}
    return type(
        shape.__name__, (ready,), {name: staticmethod(one) for name, one in methods.items()}
    )


def _problem(error: BaseException | None) -> Any:
    """What `answers` found wrong, where it came to look."""
    return error.errors()[0]["type"] if isinstance(error, ValidationError) else None


def _silence() -> None:
    """The libraries log whole answers and errors; a report is not theirs to tell."""
    for name in (*_LOGGERS, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
