"""What stands in for services in tests of the call layer: scripted answers, and a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import httpx2
from pydantic import BaseModel, ConfigDict, Field

from extractor.models.cache import Cache
from extractor.models.exchange import Question
from extractor.models.meter import Meter
from extractor.models.modes import Memory
from extractor.models.prices import Prices
from extractor.models.retry import Timing
from extractor.models.service import Service
from extractor.models.settings import ModelName, Settings, make_settings

_Number = Annotated[int, Field(ge=0, le=999)]


class Cell(BaseModel):
    """A part of the answer, to have a reference in the schema."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    row: _Number
    at: Annotated[str, Field(max_length=24)]


class Marks(BaseModel):
    """An answer of the kind that readers ask for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    by: Literal["row", "column"] = "row"
    rows: Annotated[list[list[_Number]], Field(max_length=40)]
    cells: Annotated[list[Cell], Field(max_length=40)]


KEY = "sk-test-0123456789abcdefghijklmnop"
BASE = "https://models.example.org/v1"
SCRIPTED = {"by": "row", "rows": [[1, 2, 3, 4]], "cells": []}
ANSWER = json.dumps(SCRIPTED)
REPORT = "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3\n二、上年结转 1 0 0 0 0 0 1\n"


def question(**changes: Any) -> Question:
    given: dict[str, Any] = {
        "prompt_id": "pointer-zh-1",
        "prompt_sha256": "0" * 64,
        "system": "你指出表格的行在哪里。",
        "user": REPORT,
        "shape": Marks,
        "room": 400,
        "about": "requests",
    }
    return Question(**given | changes)


LIMITS = {"timeout": 120, "deadline": 600, "attempts": 8, "longest_wait": 120}


def settings(base_url: str = BASE, key: str = KEY, **options: Any) -> Settings:
    return make_settings({"OPENAI_API_KEY": key}, base_url=base_url, **LIMITS | options)


def completion(
    content: object = ANSWER,
    *,
    finish: object = "stop",
    usage: object = None,
    message: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The body of a success, as services send it."""
    said = {"role": "assistant", "content": content} | (message or {})
    choice = {"index": 0, "message": said, "finish_reason": finish}
    told = {"prompt_tokens": 300, "completion_tokens": 30} if usage is None else usage
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": told,
    } | more


def reply(body: object, status: int = 200, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, json=body, headers={"x-request-id": "req-7"} | named)


def refusal(message: str, status: int = 400, **more: Any) -> httpx2.Response:
    error = {"message": message, "type": "invalid_request_error", "code": None} | more
    return reply({"error": error}, status)


@dataclass
class Watch:
    """A clock that only sleeping moves, so that tests take no time."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def timing(self) -> Timing:
        return Timing(
            sleep=self.sleep,
            clock=lambda: self.time,
            now=lambda: 1_790_000_000.0,
            chance=lambda: 1.0,
        )


Handler = Callable[[dict[str, Any]], httpx2.Response]


@dataclass
class Scripted:
    """A service whose answers are scripted, what it was sent, and the `Service` that asks it."""

    handler: Handler
    model: str = "m"
    options: dict[str, Any] = field(default_factory=dict)
    max_requests: int | None = None
    cache: Cache | None = None
    memory: Memory | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        self.meter = Meter(self.max_requests, None, Prices.load())
        self.service = Service(
            ModelName("openai", self.model),
            settings(**self.options),
            self.meter,
            self.cache,
            memory=self.memory,
            transport=httpx2.MockTransport(self._handle),
            timing=self.watch.timing(),
        )

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.bodies.append(json.loads(request.content))
        return self.handler(self.bodies[-1])

    @property
    def modes(self) -> list[str]:
        return [attempt.mode for attempt in self.meter.attempts]

    @property
    def outcomes(self) -> list[str]:
        return [attempt.outcome for attempt in self.meter.attempts]


def in_turn(*responses: httpx2.Response | Exception) -> Handler:
    """Each response once, the last one for ever."""
    left = list(responses)

    def handle(_body: dict[str, Any]) -> httpx2.Response:
        response = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(response, Exception):
            raise response
        return httpx2.Response(
            response.status_code, headers=response.headers, content=response.content
        )

    return handle
