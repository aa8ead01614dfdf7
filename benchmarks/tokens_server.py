"""An OpenAI-compatible server on loopback whose model is scripted, and which keeps what passed.

It answers ``/chat/completions`` with what a function says, as content or as a tool call, whichever was
asked for. Nothing in it knows a design: both are counted by the same lines.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from benchmarks.tokens_count import Counter

Answer = Callable[[dict[str, Any]], str]
"""From the body of a request to the text of the answer."""

_FRAME = 4  # tokens that a chat template puts around each message: its role and its ends


def compact(data: object) -> str:
    """JSON without blanks, as both designs are counted."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as text.

    Attributes:
        messages: Content of each message.
        schema: ``tools``, ``tool_choice`` and ``response_format`` as compact JSON, "" without any.
        answer: The content, or the arguments of the tool call.
    """

    messages: tuple[str, ...]
    schema: str
    answer: str

    def tokens(self, count: Counter) -> Tokens:
        """What it costs."""
        prompt = sum(count(message) + _FRAME for message in self.messages)
        return Tokens(1, prompt, count(self.schema), count(self.answer))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Requests, and tokens of messages, schemas and answers."""

    requests: int = 0
    prompt: int = 0
    schema: int = 0
    output: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.requests + other.requests,
            self.prompt + other.prompt,
            self.schema + other.schema,
            self.output + other.output,
        )

    @property
    def input(self) -> int:
        """Messages and schema."""
        return self.prompt + self.schema

    @property
    def sum(self) -> int:
        """Input and output."""
        return self.input + self.output

    @property
    def sum_without_schema(self) -> int:
        """Messages and answer: for services that do not put the schema into the prompt."""
        return self.prompt + self.output


class ScriptedServer:
    """The server; a context that starts and stops it.

    Attributes:
        answer: The scripted model; set before a request is made.
        exchanges: What passed since they were last taken.
    """

    def __init__(self, count: Counter) -> None:
        self.answer: Answer | None = None
        self.exchanges: list[Exchange] = []
        self._count = count
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def base_url(self) -> str:
        """What a client is given."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def take(self) -> list[Exchange]:
        """What passed since the last call."""
        taken, self.exchanges = self.exchanges, []
        return taken

    def complete(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body of the answer to a request."""
        assert self.answer is not None, "a request came before its answer was scripted"
        wanted = {k: body[k] for k in ("tools", "tool_choice", "response_format") if k in body}
        exchange = Exchange(
            tuple(_text(message["content"]) for message in body["messages"]),
            compact(wanted) if wanted else "",
            self.answer(body),
        )
        self.exchanges.append(exchange)
        tokens = exchange.tokens(self._count)
        message: dict[str, Any] = {"role": "assistant", "content": exchange.answer}
        if "tools" in body:
            function = {"name": _tool(body), "arguments": exchange.answer}
            call = {"id": "call-1", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        ended = "tool_calls" if "tools" in body else "stop"
        return {
            "id": "scripted-1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": ended}],
            "usage": {
                "prompt_tokens": tokens.input,
                "completion_tokens": tokens.output,
                "total_tokens": tokens.sum,
            },
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = self.path.endswith("/chat/completions")
            answer = compact(server.complete(body) if found else {"error": "not found"}).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _tool(body: dict[str, Any]) -> str:
    name: str = body["tools"][0]["function"]["name"]
    return name


def _text(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "".join(part["text"] for part in content)
