"""What can go wrong between a client and a service, as acts of the scripted server."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from tests.loopback.server import MOST_BYTES, Act, Call, Handler, Response, completion

SOON = {"retry-after-ms": "20"}
"""Headers that ask for another request at once, so that a test does not wait."""


def status(number: int, message: str = "scripted", *, code: str = "", **headers: str) -> Act:
    """An error as OpenAI words it; ``Retry_After`` stands for ``Retry-After``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"message": message, "type": "scripted", "param": None, "code": code or None}}
    return whole(Response(number, body, named))


def whole(response: Response) -> Act:
    """A response as given."""

    def act(handler: Handler, _: Call) -> None:
        handler.reply(response)

    return act


def rate_limited(retry_after: str) -> Act:
    """A 429 that asks to wait."""
    return status(429, "Rate limit reached", code="rate_limit_exceeded", Retry_After=retry_after)


def quota() -> Act:
    """A 429 that no waiting mends."""
    return status(429, "You exceeded your current quota", code="insufficient_quota")


def wrong_key(key_echoed: bool = True) -> Act:
    """A 401; services like to repeat the key in their message."""

    def act(handler: Handler, call: Call) -> None:
        given = call.headers.get("authorization", "").removeprefix("Bearer ") if key_echoed else ""
        message = f"Incorrect API key provided: {given}. Find yours in the console."
        status(401, message, code="invalid_api_key")(handler, call)

    return act


def no_model() -> Act:
    """A 404 for the model that was named."""

    def act(handler: Handler, call: Call) -> None:
        message = f"The model `{call.body.get('model')}` does not exist"
        status(404, message, code="model_not_found")(handler, call)

    return act


def cut(where: Literal["before", "headers", "body"]) -> Act:
    """A connection that is reset before the status, within the headers, or within the body."""

    def act(handler: Handler, call: Call) -> None:
        if where == "headers":
            handler.push(b"HTTP/1.1 200 OK\r\nContent-Type: applica")
        if where == "body":
            content = Response(200, completion("{}", call)).content()
            handler.head(200, Content_Type="application/json", Content_Length=str(len(content)))
            handler.push(content[: len(content) // 2])
        handler.cut()

    return act


def short(text: str = "{}") -> Act:
    """A body that ends before its ``Content-Length``, without a reset."""

    def act(handler: Handler, call: Call) -> None:
        content = Response(200, completion(text, call)).content()
        handler.head(200, Content_Type="application/json", Content_Length=str(len(content) + 100))
        handler.push(content)
        handler.close_connection = True

    return act


def drip(seconds: float = 0.05) -> Act:
    """A byte at a time, each soon enough for a timeout of one read, for as long as the client stays."""

    def act(handler: Handler, _: Call) -> None:
        handler.head(200, Content_Type="application/json", Content_Length=str(MOST_BYTES))
        handler.close_connection = True
        while handler.wait(seconds):
            handler.push(b" ")

    return act


def silent() -> Act:
    """Nothing at all, for as long as the client stays."""

    def act(handler: Handler, _: Call) -> None:
        handler.close_connection = True
        handler.wait(30)

    return act


def endless() -> Act:
    """A body of blanks without end, up to `MOST_BYTES`."""

    def act(handler: Handler, _: Call) -> None:
        handler.head(200, Content_Type="application/json", Transfer_Encoding="chunked")
        handler.close_connection = True
        part = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        for _sent in range(MOST_BYTES // 0x10000):
            handler.push(part)

    return act


def html(number: int = 200) -> Act:
    """A page where JSON was due, as gateways send it."""
    page = b"<!doctype html><html><title>Sign in</title><body>Please sign in\n</body></html>"
    return whole(Response(number, page, {"Content-Type": "text/html", **SOON}))


def garbage() -> Act:
    """Bytes that are no HTTP."""

    def act(handler: Handler, _: Call) -> None:
        handler.push(bytes(range(256)) * 4)
        handler.close_connection = True

    return act


def bomb() -> Act:
    """A few kilobytes of gzip that unpack to `MOST_BYTES`."""
    return whole(Response(200, _bomb(), {"Content-Encoding": "gzip"}))


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(b" " * MOST_BYTES, 9)


def redirect(url: str) -> Act:
    """Another address, which must not be given the key."""
    return whole(Response(307, b"", {"Location": url}))


def no_choices() -> Act:
    """A completion without a choice."""

    def act(handler: Handler, call: Call) -> None:
        handler.reply(Response(200, completion("", call) | {"choices": []}, SOON))

    return act


def refusal() -> Act:
    """The model refuses."""
    message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    return _answers(None, message=message)


def filtered(text: str = "{}") -> Act:
    """The service's content filter stopped it, whatever stands in it."""
    return _answers(text, finish="content_filter")


def truncated(text: str) -> Act:
    """An answer that ran out of room."""
    return _answers(text, finish="length")


def usage(text: str, value: object) -> Act:
    """An answer with a usage of the test's choice."""
    return _answers(text, usage=value)


def _answers(text: str | None, **more: Any) -> Act:
    def act(handler: Handler, call: Call) -> None:
        handler.reply(Response(200, completion(text, call, **more)))

    return act


def error_in_success(message: str, headers: Mapping[str, str] = SOON) -> Act:
    """An error under status 200, as some gateways send it."""
    return whole(Response(200, {"error": {"message": message, "code": 500}}, headers))


__all__ = [
    "SOON",
    "bomb",
    "cut",
    "drip",
    "endless",
    "error_in_success",
    "filtered",
    "garbage",
    "html",
    "no_choices",
    "no_model",
    "quota",
    "rate_limited",
    "redirect",
    "refusal",
    "short",
    "silent",
    "status",
    "truncated",
    "usage",
    "whole",
    "wrong_key",
]
