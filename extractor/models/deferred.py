"""Questions that are not asked now: they are written down as lines of a batch, and answered from lines that came back.

A line is ``{"custom_id", "method", "url", "body"}`` as OpenAI's Batch API has it, and as ``vllm run-batch`` takes it. Its
name is made of what is asked, so that whoever comes back to the same question finds its answer, whatever the order,
the part or the day in which it came.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from extractor.models.cache import key_of
from extractor.models.envelope import Came, Completion
from extractor.models.exchange import Question, Stopped, UnansweredError
from extractor.models.meter import Attempt
from extractor.models.modes import Memory, first_habit, messages, parameters, taught
from extractor.models.retry import Failure
from extractor.models.service import Sent, Service, judged

MOST_TRIES = 3
"""How often a question that fails or expires is put into a batch."""
_NAME = 60
_MOST_LINE = 4_000_000
_SPOOL = 8_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one batch.

    Attributes:
        requests: Most lines.
        bytes: Most bytes of its file.
    """

    requests: int = 50_000
    bytes: int = 100_000_000


class Desk:
    """What is wanted and what has come, over all passes of a run. Threads share one.

    Attributes:
        wanted: Names of the questions that were written down, with about how many tokens each has.
        asked: Names that are in a batch under way.
        memory: What services taught.
        collected: Batches whose lines were taken.
        lost: How many lines came back that were none.
    """

    def __init__(self) -> None:
        self.memory = Memory()
        self.wanted: dict[str, int] = {}
        self.asked: set[str] = set()
        self.collected: set[str] = set()
        self.lost = 0
        self._came: dict[str, dict[str, Any]] = {}
        self._tries: dict[str, int] = {}
        self._counted: set[str] = set()
        self._lock = Lock()
        self._spool = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - as long as the desk

    def want(self, name: str, body: dict[str, Any], tokens: int) -> None:
        """Write a question down, once."""
        line = {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}
        text = json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace")
        with self._lock:
            if name not in self.wanted and name not in self.asked:
                self.wanted[name] = tokens
                self._spool.write(text + b"\n")

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """The lines of what is wanted, with their names."""
        self._spool.seek(0)
        for line, name in zip(self._spool, list(self.wanted), strict=True):
            yield name, line

    def clear(self) -> None:
        """Nothing is wanted any more: it was handed over."""
        self.wanted.clear()
        self._spool.seek(0)
        self._spool.truncate()

    def close(self) -> None:
        """Let go of what is written down."""
        self._spool.close()

    def take(self, lines: Iterable[bytes]) -> int:
        """Take lines that came back; of several with one name the first that was answered counts.

        Returns:
            How many were lines.
        """
        count = 0
        for line in lines:
            found = answer_in(line)
            if found is None:
                self.lost += bool(line.strip())
                continue
            count += 1
            name = found["custom_id"]
            if name not in self._came or not answered(self._came[name]):
                self._came[name] = found
        return count

    def line(self, name: str) -> dict[str, Any] | None:
        """What came under a name."""
        return self._came.get(name)

    def again(self, name: str) -> bool:
        """Give up what came under a name; whether it may be asked once more."""
        with self._lock:
            self._came.pop(name, None)
            self._tries[name] = self._tries.get(name, 0) + 1
            return self._tries[name] < MOST_TRIES

    def missing(self, names: Iterable[str]) -> None:
        """Of questions whose batch has ended, those without a line expired: they count as tried."""
        for name in names:
            if name not in self._came:
                self._came[name] = {"custom_id": name, "error": {"code": "batch_expired"}}

    def first(self, name: str) -> bool:
        """Whether what a line cost is counted for the first time."""
        with self._lock:
            new = name not in self._counted
            self._counted.add(name)
            return new


def answer_in(line: bytes) -> dict[str, Any] | None:
    """What a line tells, None of one that is none or has no name."""
    try:
        found = json.loads(line) if len(line) <= _MOST_LINE else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("custom_id"), str) else None


def answered(line: dict[str, Any]) -> bool:
    """Whether a line has a completion."""
    response = line.get("response")
    return isinstance(response, dict) and isinstance(response.get("body"), dict)


class Deferred(Service):
    """One model of one service that is asked by batch: a question without an answer is written down."""

    def __init__(self, *arguments: Any, desk: Desk, **more: Any) -> None:
        """As `Service`, with the desk that questions are put on."""
        super().__init__(*arguments, **more)
        self._desk = desk

    def _ask(self, question: Question, made: list[Attempt]) -> Completion:
        name = key_of(question, self.model)[:_NAME]
        first = self._line(question, name, question.room, made)
        more = self._more_room(question, question.room)
        if first.problem == "truncated" and more:
            return self._line(question, f"{name}-4", more, made)
        return first

    def _line(self, question: Question, name: str, room: int, made: list[Attempt]) -> Completion:
        """What came under a name.

        Raises:
            Stopped: Nothing yet: the report is left for the pass after the batch.
            UnansweredError: It failed as often as it is tried.
        """
        settings, desk = self._settings, self._desk
        sent = Sent(question, self._memory.get(*self._where) or first_habit(settings), room)
        line = desk.line(name)
        if line is not None:
            result = self._read(line, question)
            if isinstance(result, Completion):
                result = judged(result, sent)
            made.append(self._attempt(sent, result, 0.0, "batch"))
            if desk.first(name):
                self._meter.record(made[-1])
            if isinstance(result, Completion):
                return result
            lesson = taught(sent.habit, result, auto=settings.mode == "auto")
            if lesson is not None:
                self._memory.put(*self._where, lesson)
                sent = Sent(question, lesson, room)
            if not desk.again(name):
                raise UnansweredError(
                    f"{self.model!r}: {question.about!r} came back from {MOST_TRIES} batches "
                    f"without an answer ({result.message or result.kind}); ask online, without --service"
                )
        if name not in desk.wanted and name not in desk.asked:
            self._meter.before_request(sent.tokens, room, self._model.name, settings.service)
        heat = settings.temperature if question.sample else 0.0
        body = {
            "model": self._model.name,
            "messages": messages(sent.habit, question.system, question.user, question.shape),
            **parameters(sent.habit, question.shape, room=room, temperature=heat),
        }
        desk.want(name, body, sent.tokens + room)
        raise Stopped("it is asked by batch")

    def _read(self, line: dict[str, Any], question: Question) -> Completion | Failure:
        """A line as if it had been a response."""
        came = Came(self._settings, question, 0.0)
        if not answered(line):
            error = line.get("error")
            late = isinstance(error, dict) and error.get("code") == "batch_expired"
            return came.failure(429 if late else 500, {}, error)
        status, body = line["response"].get("status_code"), line["response"]["body"]
        if isinstance(status, int) and status != 200:
            return came.failure(status, {}, body.get("error", body))
        came.status = 200
        came.take(body)
        return came.completion(None, None)
