"""One HTTP request to an OpenAI-compatible service: the only module that knows openai and instructor.

The libraries build and send the request. What came back is kept by a transport of our own (`wire`) and read
by `envelope`, whatever they make of it: instructor loses the usage, the finish reason and the words of an error when an
answer does not fit, and crashes on empty ``choices``. All are imported at the first request.

The environment is not read. The SDK would take a base URL, keys, an organization and whole headers from it
and send them to whatever service is called; so only the headers listed in `wire` leave, and no proxy is used but
that of the settings. Organization and project go to OpenAI's own service alone. Redirects are not followed:
the key is for one service. Certificates are the system's or those of ``SSL_CERT_FILE``, as everywhere.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from extractor.models.envelope import Completion, read
from extractor.models.modes import Habit, messages, parameters
from extractor.models.retry import Failure, Timing
from extractor.models.settings import ModelName, Settings
from extractor.models.wire import Wire

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

    from extractor.models.exchange import Question

_LOGGERS = ("openai", "instructor", "httpx2", "httpcore2")


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
        self._http: Any = None
        self._create: Any = None

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
        create = self.prepare()
        exchange = self._wire.begin(seconds)
        temperature = self._settings.temperature if question.sample else 0.0
        enforced = habit.mode == "json_schema"
        # what stands here takes the place of what the libraries make, which look through messages at length
        body = {
            "messages": messages(habit, question.system, question.user, question.shape),
            **parameters(habit, question.shape, room=room, temperature=temperature),
        }
        # nothing that the libraries raise is told further: it holds whole requests and answers
        with contextlib.suppress(Exception):
            create(
                model=model.name,
                messages=[],
                # elsewhere instructor would add a prompt or a tool of its own
                response_model=_prepared(question.shape) if enforced else None,
                max_retries=0,
                extra_body=body,
            )
        key = "" if self._settings.keyless else self._settings.key.reveal()
        return read(exchange, key, question, habit, self._now())

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            if self._http is not None:
                self._http.close()
            self._wire.close()
            self._http = self._create = None

    def prepare(self) -> Any:
        """Load the libraries and make the client, which takes a second; no connection is opened.

        Returns:
            What makes one request.

        Raises:
            UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
        """
        with self._lock:
            if self._create is None:
                _silence()
                import instructor
                import openai

                _silence()  # OPENAI_LOG sets levels at import
                import httpx2

                self._wire.open()
                wire: Any = self._wire
                self._http = httpx2.Client(transport=wire, trust_env=False, follow_redirects=False)
                client = openai.OpenAI(
                    api_key=self._settings.key.reveal(),
                    base_url=self._settings.base_url,
                    max_retries=0,
                    timeout=self._settings.timeout,
                    http_client=self._http,
                )
                made: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
                self._create = made.chat.completions.create
            return self._create


@lru_cache(maxsize=16)
def _prepared(shape: type[BaseModel]) -> type[BaseModel]:
    """A shape as instructor makes it ready, once and not for every request.

    It says no schema: the strict one of `modes` takes its place in the request.
    """
    import instructor

    def no_schema(*_: Any, **__: Any) -> dict[str, Any]:
        return {}

    ready: type[BaseModel] = instructor.openai_schema(shape)
    return type(shape.__name__, (ready,), {"model_json_schema": staticmethod(no_schema)})


def _silence() -> None:
    """The libraries log whole answers and errors; a report is not theirs to tell."""
    for name in _LOGGERS:
        for logger in (
            name,
            *(one for one in logging.root.manager.loggerDict if one.startswith(f"{name}.")),
        ):
            logging.getLogger(logger).setLevel(logging.CRITICAL + 1)


__all__ = ["Adapter"]
