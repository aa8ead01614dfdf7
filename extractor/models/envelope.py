"""Read what a service sent back: a completion, or what went wrong, in one harmless line."""

from __future__ import annotations

import json
import re
import socket
import ssl
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extractor.models.modes import Habit
from extractor.models.retry import Failure, Kind, classify, retry_after
from extractor.models.wire import Exchange, LateError, LongError

if TYPE_CHECKING:
    from extractor.models.exchange import Question

_MOST_MESSAGE = 200
_MOST_DETAIL = 2_000
_MOST_TOKENS = 10_000_000
_ECHO = 8


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, whatever it is worth.

    Attributes:
        text: The answer; empty when there is none.
        finish: Why it ended, as the service says; empty when it does not.
        refused: The model refused.
        status: HTTP status.
        input_tokens: Of the prompt, None when not given or absurd.
        cached_tokens: Of these, the ones that the service had cached.
        output_tokens: Of the answer.
        request_id: As the service names the request.
    """

    text: str
    finish: str
    refused: bool
    status: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    request_id: str | None


def read(
    exchange: Exchange, key: str, question: Question, habit: Habit, now: float
) -> Completion | Failure:
    """What one exchange came to.

    Args:
        exchange: As the wire kept it.
        key: Removed from every word that came back.
        question: What was asked; its text is removed as well.
        habit: How its shape was asked for.
        now: Unix time, for a Retry-After that is a date.
    """
    request_id = _clean(exchange.headers.get("x-request-id"), key, "")[:100] or None
    if exchange.error is not None or exchange.status is None:
        kind = _kind(exchange.error) if exchange.sent else Kind.UNSENT
        return Failure(kind, exchange.status, request_id=request_id)
    try:
        body = json.loads(exchange.body)
    except (ValueError, RecursionError):
        body = None
    status, good = exchange.status, 200 <= exchange.status < 300
    wait = retry_after(exchange.headers, now)
    error = body.get("error") if isinstance(body, dict) else None
    if not good or error:
        said, codes = _words(body, exchange)
        detail = _clean(f"{codes} {said}", key, question.user)[:_MOST_DETAIL]
        kind = classify(_real_status(status, error), detail, wait=wait)
        if good and kind is Kind.BAD_REQUEST:
            kind = Kind.BUSY  # a gateway that hides what happened
        short = _clean(said, key, question.user)
        short = short if len(short) <= _MOST_MESSAGE else short[: _MOST_MESSAGE - 1] + "…"
        return Failure(kind, status, wait, short, detail, request_id)
    return _completion(body, exchange.status, key, habit, request_id) or Failure(
        Kind.GARBAGE, status, wait, request_id=request_id
    )


def _real_status(status: int, error: Any) -> int:
    """The status, or the one that a gateway tells only in the body of a success."""
    if status >= 300:
        return status
    code = str(error.get("code") if isinstance(error, dict) else "")
    return int(code) if re.fullmatch(r"[45][0-9]{2}", code) else 400


def _completion(
    body: Any, status: int, key: str, habit: Habit, request_id: str | None
) -> Completion | Failure | None:
    """The completion in a body, a failure that stands in it, or None when it holds neither."""
    choices = body.get("choices") if isinstance(body, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return None
    finish = choice.get("finish_reason")
    finish = finish.lower()[:40] if isinstance(finish, str) else ""
    if finish in {"error", "insufficient_system_resource", "network_error"}:
        return Failure(Kind.BUSY, status, request_id=request_id)
    given = body.get("usage")
    usage: dict[str, Any] = given if isinstance(given, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    read = _count(usage.get("prompt_tokens"))
    known = _count(usage.get("prompt_cache_hit_tokens") if cached is None else cached)
    refusal = message.get("refusal")
    text = _content(message, habit)
    return Completion(
        text=text.replace(key, "…") if len(key) >= _ECHO else text,
        finish=finish,
        refused=isinstance(refusal, str) and bool(refusal.strip()),
        status=status,
        input_tokens=read,
        cached_tokens=known if read is not None and known is not None and known <= read else None,
        output_tokens=_count(usage.get("completion_tokens")),
        request_id=request_id,
    )


def _content(message: dict[str, Any], habit: Habit) -> str:
    """The answer: of the tool where one was asked for and called, else the content."""
    if habit.mode == "tools":
        calls = message.get("tool_calls")
        call = calls[0] if isinstance(calls, list) and calls else None
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, dict):
            return json.dumps(arguments, ensure_ascii=False)
        if isinstance(arguments, str):
            return arguments
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else None for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _count(value: Any) -> int | None:
    """A number of tokens that can be one."""
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else None


def _kind(error: Exception | None) -> Kind:
    """What an error of the network means, told by what caused it."""
    import httpcore2
    import httpx2

    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 10:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    kinds: tuple[tuple[Kind, tuple[type[BaseException], ...]], ...] = (
        (Kind.TOO_LONG, (LongError,)),
        (Kind.TIMEOUT, (LateError,)),
        (Kind.PROXY, (httpx2.ProxyError, httpcore2.ProxyError)),
        (Kind.NO_HOST, (socket.gaierror, UnicodeError)),
        (Kind.CUT, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
        (Kind.TLS, (ssl.SSLError, ssl.CertificateError)),
        (Kind.TIMEOUT, (httpx2.TimeoutException, httpcore2.TimeoutException, TimeoutError)),
        (Kind.UNREACHABLE, (ConnectionRefusedError, httpx2.ConnectError, httpcore2.ConnectError)),
        (Kind.GARBAGE, (zlib.error,)),
    )
    for kind, types in kinds:
        if any(isinstance(one, types) for one in causes):
            return kind
    return Kind.CUT


# --- words of a service -----------------------------------------------------------------------------


def _words(body: Any, exchange: Exchange) -> tuple[str, str]:
    """The message of an error body, and its codes, in the spellings that are about."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, str):
        return error, ""
    if isinstance(error, dict):
        names = ("message", "error_msg", "msg", "detail")
        said = next((error[name] for name in names if error.get(name)), "")
        codes = (error.get(name) for name in ("code", "type", "param", "error_code"))
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return text, " ".join(str(code) for code in codes if isinstance(code, str | int))
    plain = exchange.headers.get("content-type", "").startswith("text/plain")
    return (
        (exchange.body[:_MOST_DETAIL].decode("utf-8", "replace"), "")
        if plain and body is None
        else ("", "")
    )


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


__all__ = ["Completion", "read"]
