"""One HTTP request to an OpenAI-compatible service: the only module that knows openai and instructor.

openai builds, sends and reads the request; instructor asks for the schema and makes one validated object of the
answer, and its hooks tell what each completion took. Both are imported at the first request. What they do not do is
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
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from extractor.models import envelope
from extractor.models.answers import parse
from extractor.models.envelope import Completion
from extractor.models.modes import Habit, messages, parameters
from extractor.models.retry import Failure, Kind, Timing
from extractor.models.settings import ModelName, Settings
from extractor.models.wire import Wire

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

    from extractor.models.exchange import Question

_LOGGERS = ("openai", "instructor", "httpx2", "httpcore2")
_ASKED_BY = ("response_format", "tools", "tool_choice")


class Adapter:
    """Sends questions to one service; threads may share it."""

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Nothing is imported or opened yet.

        Args:
            settings: The service.
            transport: Instead of the network, for tests.
            timing: Clocks.
        """
        self._settings = settings
        timing = timing or Timing()
        self._wire = Wire(settings, transport, timing.clock)
        self._now = timing.now
        self._lock = threading.Lock()
        self._client: Any = None

    def send(
        self, model: ModelName, question: Question, habit: Habit, *, room: int, seconds: float
    ) -> Completion | Failure:
        """Make exactly one HTTP request.

        Args:
            model: The model.
            question: What is asked.
            habit: How its shape is asked for.
            room: Most tokens of the answer.
            seconds: Most seconds, from the first byte sent to the last received.

        Raises:
            UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
        """
        client = self.prepare()
        import instructor
        import openai
        from instructor.core.exceptions import InstructorError

        temperature = self._settings.temperature if question.sample else 0.0
        asked_by = parameters(habit, question.shape, room=room, temperature=temperature)
        key = "" if self._settings.keyless else self._settings.key.reveal()
        came = envelope.Came(key, question, self._now())

        def create(**request: Any) -> Any:
            """The request as instructor has it, but for how the shape is asked for."""
            sent = {name: part for name, part in request.items() if name not in _ASKED_BY}
            extra = {name: asked_by[name] for name in ("enable_thinking",) if name in asked_by}
            given = {name: part for name, part in asked_by.items() if name not in extra}
            raw = client.chat.completions.with_raw_response.create(
                **sent, **given, extra_body=extra or None
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
        except (
            InstructorError
        ) as error:  # its words hold whole requests and answers: not told further
            cause = error.__cause__
            if isinstance(cause, openai.APIStatusError):
                return came.refused(cause.response, cause.body)
            if isinstance(cause, openai.APIConnectionError):
                return came.broken(cause)
            if came.status is None:
                return Failure(Kind.UNSENT)
            return came.completion(None, _problem(cause))
        for name in ("_raw_response", "_total_usage"):  # an answer is passed on without them
            vars(answer).pop(name, None)
        return came.completion(answer, None)

    def call(self, do: Callable[[Any], Any], seconds: float) -> Any:
        """Make one request that is no question, with openai's own client.

        Args:
            do: Makes exactly one request with the client that it is given.
            seconds: Most seconds.

        Returns:
            What it returned, or a `Failure`.
        """
        client = self.prepare()
        import openai

        key = "" if self._settings.keyless else self._settings.key.reveal()
        came = envelope.Came(key, None, self._now())
        self._wire.begin(seconds)
        try:
            return do(client)
        except openai.APIStatusError as error:
            return came.refused(error.response, error.body)
        except openai.APIConnectionError as error:
            return came.broken(error)
        except (openai.OpenAIError, ValueError):  # a success whose body is none
            return Failure(Kind.GARBAGE, 200)

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._wire.close()
            self._client = None

    def prepare(self) -> Any:
        """Load the libraries and make the client, which takes a second; no connection is opened.

        Returns:
            The client of openai.

        Raises:
            UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
        """
        with self._lock:
            if self._client is None:
                _silence()
                import instructor  # noqa: F401 - loaded here, where there is time for it
                import openai

                _silence()  # OPENAI_LOG sets levels at import
                import httpx2

                self._wire.open()
                wire: Any = self._wire
                self._client = openai.OpenAI(
                    api_key=self._settings.key.reveal(),
                    base_url=self._settings.base_url,
                    max_retries=0,
                    timeout=self._settings.timeout,
                    http_client=httpx2.Client(
                        transport=wire, trust_env=False, follow_redirects=False
                    ),
                )
                # both load more at their first use, and a pace counts a request from before that
                _ = self._client.chat.completions.with_raw_response
                with suppress(ImportError):
                    import_module("instructor.v2.providers.openai.handlers")
            return self._client


@lru_cache(maxsize=16)
def _reader(shape: type[BaseModel]) -> type[BaseModel]:
    """A shape as instructor takes it: found in the words of a model by `answers`, not by pydantic alone."""
    import instructor

    def found(text: Any, **_: Any) -> BaseModel:
        answer, problem = parse(envelope.joined(text), shape)
        if answer is None:
            why = PydanticCustomError(problem or "not_json", "no answer")
            raise ValidationError.from_exception_data(
                shape.__name__, [{"type": why, "input": None}], hide_input=True
            )
        return answer

    named = {"title": shape.__name__, **shape.model_json_schema()}  # instructor wants a title

    def described(*_: Any, **__: Any) -> dict[str, Any]:
        return dict(named)

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
    for name in _LOGGERS:
        for logger in (
            name,
            *(one for one in logging.root.manager.loggerDict if one.startswith(f"{name}.")),
        ):
            logging.getLogger(logger).setLevel(logging.CRITICAL + 1)


__all__ = ["Adapter"]
