"""What a service sent back, as openai gives it: a completion, or what went wrong, in one harmless line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from extractor.models.answers import parse
from extractor.models.exchange import Problem, Question, Reply
from extractor.models.meter import believed
from extractor.models.retry import Failure, Kind, classify, retry_after
from extractor.models.settings import Settings

_MOST_MESSAGE = 200
_MOST_DETAIL = 2_000
_ECHO = 8
_ENDED_BADLY = frozenset({"error", "insufficient_system_resource", "network_error"})


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, whatever it is worth.

    Attributes:
        answer: An instance of the shape that was asked for, or None.
        problem: Why there is none.
        text: The answer as it came; empty when there is none.
        finish: Why it ended, as the service says; empty when it does not.
        refused: The model refused.
        status: HTTP status.
        counts: Tokens of the prompt, of these the ones that the service had cached, and of the answer; None when
            not given or absurd.
        request_id: As the service names the request.
        clipped: The prompt did not arrive whole, by the service's own count of it.
    """

    answer: BaseModel | None = None
    problem: Problem | None = None
    text: str = ""
    finish: str = ""
    refused: bool = False
    status: int | None = None
    counts: tuple[int | None, int | None, int | None] = (None, None, None)
    request_id: str | None = None
    clipped: bool = False

    @property
    def reply(self) -> Reply:
        """What a reader is told of it."""
        return Reply(self.answer, self.problem, self.clipped)


class Came:
    """What came of one request.

    Attributes:
        status: HTTP status of a success, None until one came.
        headers: Of it.
    """

    def __init__(self, settings: Settings, question: Question | None, now: float) -> None:
        """Nothing came yet.

        Args:
            settings: The service; its key is removed from every word that came back.
            question: What was asked; its text is removed as well. None where it was no question.
            now: Unix time, for a Retry-After that is a date.
        """
        self._key = "" if settings.keyless else settings.key.reveal()
        self._question = question
        self._now = now
        self._body: Any = None
        self._counts: tuple[int | None, int | None, int | None] = (None, None, None)
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}

    def take(self, body: Any) -> None:
        """The body of a success, as openai made it: a completion, however odd, or anything else."""
        self._body = body
        cached = _at(body, "usage", "prompt_tokens_details", "cached_tokens")
        if cached is None:
            cached = _at(body, "usage", "prompt_cache_hit_tokens")
        self._counts = believed(
            _at(body, "usage", "prompt_tokens"), cached, _at(body, "usage", "completion_tokens")
        )

    def completion(self, answer: BaseModel | None, problem: Problem | None) -> Completion | Failure:
        """The completion that came, or a failure that a success hides.

        Args:
            answer: As it was validated.
            problem: Why there is none, where that is known.
        """
        assert self.status is not None
        if error := _at(self._body, "error"):
            return self.failure(self.status, self.headers, error)
        request_id = self._id(self.headers)
        finish = _at(self._body, "choices", 0, "finish_reason")
        finish = finish.lower()[:40] if isinstance(finish, str) else ""
        if finish in _ENDED_BADLY:
            return Failure(Kind.BUSY, self.status, request_id=request_id)
        message = _at(self._body, "choices", 0, "message")
        if message is None or isinstance(message, str | int | float | list):
            wait = retry_after(self.headers, self._now)
            return Failure(Kind.GARBAGE, self.status, wait, request_id=request_id)
        arguments = _at(message, "tool_calls", 0, "function", "arguments")
        text = joined(_at(message, "content") if arguments is None else arguments)
        if answer is None and problem is None and self._question:  # it was not looked for
            answer, problem = parse(text, self._question.shape)
        refusal = _at(message, "refusal")
        return Completion(
            answer=answer,
            problem=problem,
            text=text.replace(self._key, "…") if len(self._key) >= _ECHO else text,
            finish=finish,
            refused=isinstance(refusal, str) and bool(refusal.strip()),
            status=self.status,
            counts=self._counts,
            request_id=request_id,
        )

    def failure(self, status: int, headers: Mapping[str, str], error: Any) -> Failure:
        """A response that is no success, or a success that holds an error.

        Args:
            status: HTTP status.
            headers: Names in lower case.
            error: What was found of an error in the body.
        """
        said, codes = _words(error)
        sent = self._question.user if self._question else ""
        wait = retry_after(headers, self._now)
        detail = _clean(f"{codes} {said}", self._key, sent)[:_MOST_DETAIL]
        kind = classify(_real_status(status, error), detail, wait=wait)
        if status < 300 and kind is Kind.BAD_REQUEST:
            kind = Kind.BUSY  # a gateway that hides what happened
        short = _clean(said, self._key, sent)
        short = short if len(short) <= _MOST_MESSAGE else short[: _MOST_MESSAGE - 1] + "…"
        return Failure(kind, status, wait, short, detail, self._id(headers))

    def _id(self, headers: Mapping[str, str]) -> str | None:
        return _clean(headers.get("x-request-id"), self._key, "")[:100] or None


def joined(content: Any) -> str:
    """The words of an answer, of which some services make parts, and some an object."""
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else None for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _at(part: Any, *path: str | int) -> Any:
    """What stands at a path in a body, None where it is not: openai passes on what does not fit its types."""
    for step in path:
        if isinstance(step, int):
            part = part[step] if isinstance(part, list) and len(part) > step else None
        elif isinstance(part, dict):
            part = part.get(step)
        else:
            part = getattr(part, step, None)
    return part


def _real_status(status: int, error: Any) -> int:
    """The status, or the one that a gateway tells only in the body of a success."""
    if status >= 300:
        return status
    code = str(error.get("code") if isinstance(error, dict) else "")
    return int(code) if re.fullmatch(r"[45][0-9]{2}", code) else 400


def _words(error: Any) -> tuple[str, str]:
    """The message of an error, and its codes, in the spellings that are about."""
    if isinstance(error, str):
        return error, ""
    if isinstance(error, dict):
        names = ("message", "error_msg", "msg", "detail")
        said = next((error[name] for name in names if error.get(name)), "")
        codes = (error.get(name) for name in ("code", "type", "param", "error_code"))
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return text, " ".join(str(code) for code in codes if isinstance(code, str | int))
    return "", ""


def _clean(text: str | None, key: str, sent: str) -> str:
    """Words of a service on one line, without the key or a part of it, and without text of the report."""
    line = re.sub(
        r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+", " ", text or ""
    )
    line = line[: 2 * _MOST_DETAIL].strip()
    line = _without(line, key, min(_ECHO, max(len(key), 4)) if key else _ECHO)
    line = re.sub(r"\b(sk|Bearer)[- ]\S+|(\\+u[0-9a-fA-F]{4})+", "…", line)
    return _without(line, " ".join(sent.split()), _ECHO)


def _without(line: str, known: str, width: int) -> str:
    """The line without whatever of ``width`` characters and more also stands in ``known``."""
    hidden = [False] * len(line)
    for at in range(len(line) - width + 1):
        if line[at : at + width] in known:
            hidden[at : at + width] = [True] * width
    shown = "".join("\x00" if hide else char for char, hide in zip(line, hidden, strict=True))
    return re.sub(r"\x00+", "…", shown)
