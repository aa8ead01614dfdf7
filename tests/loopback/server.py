"""The server: it takes requests down and lets an act answer each.

It listens on 127.0.0.1 only, on a port that the system chooses, serves no more than `MOST_CALLS` requests unless told so,
sends no more than `MOST_BYTES` on one, and ends with its ``with`` block, acts that wait included.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

MOST_CALLS = 400
MOST_BYTES = 64 * 1024 * 1024
_MOST_BODY = 4 * 1024 * 1024
_SOCKET_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived.

    Attributes:
        method: Such as ``POST``.
        path: With its query.
        headers: Names in lower case.
        body: The JSON of the body; empty when it was none.
        raw: The body as it was sent.
        at: Seconds of a clock that only goes forward.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    raw: bytes
    at: float

    @property
    def system(self) -> str:
        """Text of the system message, empty without one."""
        return self._message("system")

    @property
    def user(self) -> str:
        """Text of the last user message, empty without one."""
        return self._message("user")

    def _message(self, role: str) -> str:
        found = [m for m in self.body.get("messages", []) if m.get("role") == role]
        return str(found[-1]["content"]) if found else ""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response.

    Attributes:
        status: HTTP status.
        body: Bytes as they are, anything else as JSON.
        headers: Beside ``Content-Length`` and ``Content-Type``.
    """

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The bytes of the body."""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


Act = Callable[["Handler", Call], None]
"""Answers one request, or fails to, over the handler's connection."""


class Handler(BaseHTTPRequestHandler):
    """One connection. Acts use `reply`, or `push` for what no server should send."""

    protocol_version = "HTTP/1.1"
    timeout = _SOCKET_SECONDS
    owner: Server

    def reply(self, response: Response) -> None:
        """Send a whole response."""
        content = response.content()
        headers = {"Content-Type": "application/json", **response.headers}
        self._begin(response.status, headers)
        for name, value in headers.items():
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name in headers):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.push(content)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The first line, and a date where none is given."""
        dated = any(name.lower() == "date" for name in headers)
        (self.send_response_only if dated else self.send_response)(status)

    def head(self, status: int, **headers: str) -> None:
        """Send status and headers alone; ``Content_Length`` stands for ``Content-Length``."""
        self._begin(status, headers)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def push(self, content: bytes) -> None:
        """Send bytes as they are."""
        self.wfile.write(content)
        self.wfile.flush()

    def cut(self) -> None:
        """Drop the connection without a word: the other side sees a reset."""
        self.close_connection = True
        # a socket that lingers for no time sends a reset instead of an end
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )
        self.connection.close()

    def wait(self, seconds: float) -> bool:
        """Wait; False when the server ends meanwhile."""
        return not self.owner.ended.wait(seconds)

    def do_POST(self) -> None:
        """Take the request down and let the script answer."""
        self.owner.serve(self)

    def do_GET(self) -> None:
        """The same; services list their models under one."""
        self.owner.serve(self)

    def do_DELETE(self) -> None:
        """The same; files of batches go so."""
        self.owner.serve(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an act may still be writing to a client that is gone
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that went away is no fault of the server; anything else a test must see."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError | ValueError):
            self.owner.faults.append(repr(error))

    owner: Server


class Server:
    """A server for the length of a ``with`` block.

    Args:
        script: The acts for the requests in their order; the last one goes on. One act is for all.
        dies_after: How many requests it serves before it is gone, its port closed.
        most_calls: How many requests it answers before it refuses all further ones.
    """

    def __init__(
        self,
        script: Act | Sequence[Act],
        *,
        dies_after: int | None = None,
        most_calls: int = MOST_CALLS,
    ) -> None:
        self._most_calls = most_calls
        self._script = [script] if callable(script) else list(script)
        self._dies_after = dies_after
        self._lock = threading.Lock()
        self._listener: _Listener | None = None
        self._thread: threading.Thread | None = None
        self.ended = threading.Event()
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL that a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        handler = type("_Handler", (Handler,), {"owner": self})
        self._listener = _Listener(("127.0.0.1", 0), handler)
        self._listener.owner = self
        self.port = self._listener.server_address[1]
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._close()
        if self._thread is not None:
            self._thread.join(5)
        if kind is None and self.faults:
            raise AssertionError(f"the scripted server failed: {self.faults}")

    def serve(self, handler: Handler) -> None:
        """Take one request down and let its act answer."""
        call = _taken(handler)
        with self._lock:
            number = len(self.calls)
            self.calls.append(call)
        if self.ended.is_set():
            handler.cut()
            return
        if number >= self._most_calls:
            handler.reply(Response(400, {"error": {"message": "too many requests for a test"}}))
            return
        if self._dies_after is not None and number >= self._dies_after:
            handler.cut()
            threading.Thread(target=self._close, daemon=True).start()
            return
        self._script[min(number, len(self._script) - 1)](handler, call)

    def _close(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown()
            listener.server_close()


def _taken(handler: Handler) -> Call:
    length = int(handler.headers.get("Content-Length") or 0)
    raw = handler.rfile.read(min(length, _MOST_BODY))
    try:
        body = json.loads(raw)
    except ValueError:
        body = {}
    return Call(
        method=handler.command,
        path=handler.path,
        headers={name.lower(): value for name, value in handler.headers.items()},
        body=body if isinstance(body, dict) else {},
        raw=raw,
        at=time.monotonic(),
    )


def completion(
    text: str | None,
    call: Call | None = None,
    *,
    finish: str = "stop",
    usage: object = None,
    message: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A chat completion as OpenAI sends it.

    Args:
        text: Content of the answer.
        call: The request; the default usage counts its characters.
        finish: ``finish_reason``.
        usage: Instead of the default.
        message: Instead of the default message.
    """
    asked = len(call.system) + len(call.user) if call is not None else 100
    counted = {"prompt_tokens": asked, "completion_tokens": len(text or ""), "total_tokens": 0}
    counted["total_tokens"] = counted["prompt_tokens"] + counted["completion_tokens"]
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "scripted" if call is None else call.body.get("model", "scripted"),
        "choices": [
            {
                "index": 0,
                "message": message or {"role": "assistant", "content": text},
                "finish_reason": finish,
                "logprobs": None,
            }
        ],
        "usage": counted if usage is None else usage,
    }


def scripted(answer: Callable[[Call], str | Response] | str) -> Act:
    """An act that answers with a text, or with what a function makes of the request."""

    def act(handler: Handler, call: Call) -> None:
        made = answer if isinstance(answer, str) else answer(call)
        if isinstance(made, Response):
            handler.reply(made)
        else:
            headers = {"x-request-id": f"req-{len(handler.owner.calls)}"}
            handler.reply(Response(200, completion(made, call), headers))

    return act


__all__ = ["Act", "Call", "Handler", "Response", "Server", "completion", "scripted"]
