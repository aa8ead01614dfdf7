"""An OpenAI-compatible server on loopback whose model is scripted, and which keeps what passed.

It answers ``/chat/completions`` with what a function says, as content or as a tool call, whichever was
asked for. Nothing in it knows a design: both are counted by the same lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.tokens_count import Counter
from tests.loopback import Call, Response, Server, completion, scripted

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


class ScriptedServer(Server):
    """The loopback server of the tests, which counts as the vocabulary does.

    Attributes:
        answer: The scripted model; set before a request is made.
        exchanges: What passed since they were last taken.
    """

    def __init__(self, count: Counter) -> None:
        super().__init__(scripted(self._complete), most_calls=10**6)
        self.answer: Answer | None = None
        self.exchanges: list[Exchange] = []
        self._count = count

    def take(self) -> list[Exchange]:
        """What passed since the last call."""
        taken, self.exchanges = self.exchanges, []
        return taken

    def _complete(self, call: Call) -> Response:
        body = call.body
        assert self.answer is not None, "a request came before its answer was scripted"
        wanted = {k: body[k] for k in ("tools", "tool_choice", "response_format") if k in body}
        exchange = Exchange(
            tuple(_text(message["content"]) for message in body["messages"]),
            compact(wanted) if wanted else "",
            self.answer(body),
        )
        self.exchanges.append(exchange)
        tokens = exchange.tokens(self._count)
        usage = {
            "prompt_tokens": tokens.input,
            "completion_tokens": tokens.output,
            "total_tokens": tokens.sum,
        }
        if "tools" not in body:
            return Response(200, completion(exchange.answer, call, usage=usage))
        function = {"name": body["tools"][0]["function"]["name"], "arguments": exchange.answer}
        called = {"id": "call-1", "type": "function", "function": function}
        message = {"role": "assistant", "content": None, "tool_calls": [called]}
        said = completion(None, call, finish="tool_calls", usage=usage, message=message)
        return Response(200, said)


def _text(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "".join(part["text"] for part in content)
