"""Hostile services: faults, odd bodies, lies about what was used."""

from __future__ import annotations

import json

from .registry import Asked, Said, hostile
from .text import spoiled


@hostile(made="fault")
def odd_bodies(asked: Asked) -> Said:
    """Success, and a body that is no completion, or only nearly one."""
    rng = asked.rng
    message: dict[str, object] = {"role": "assistant", "content": spoiled(asked)}
    choice: dict[str, object] = {"index": 0, "message": message, "finish_reason": "stop"}
    bodies: list[object] = [
        {},
        [],
        None,
        7,
        "text",
        {"choices": []},
        {"choices": None},
        {"choices": [None]},
        {"choices": [{}]},
        {"choices": [{"message": None}]},
        {"choices": {"0": choice}},
        {"choices": [choice | {"message": message | {"content": None}}]},
        {"choices": [choice | {"message": message | {"content": 7}}]},
        {"choices": [choice | {"message": message | {"content": [{"type": "text", "text": 1}]}}]},
        {"choices": [choice | {"message": message | {"content": [message, None, "x"]}}]},
        {"choices": [choice | {"message": message | {"tool_calls": [{"function": {}}]}}]},
        {"choices": [choice | {"finish_reason": 7}]},
        {"choices": [choice, choice]},
        {"choices": [choice], "usage": []},
        {"choices": [choice], "error": {"message": "no"}},
        {"choices": [choice], "usage": {"prompt_tokens": -1, "completion_tokens": 10**30}},
        {"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}},
    ]
    raw = json.dumps(rng.choice(bodies)).encode()
    return Said(body=rng.choice((raw, raw, raw, raw[: len(raw) // 2], b"<html>\xff</html>", b"")))


@hostile(made="fault")
def faults(asked: Asked) -> Said:
    """Errors of every sort now and then, subtly wrong answers between them."""
    rng = asked.rng
    if rng.random() < 0.5:
        return Said(spoiled(asked))
    if rng.random() < 0.2:
        return Said(cut=True)
    status = rng.choice((301, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529))
    headers = (("retry-after", rng.choice(("1", "3600", "-1", "nan", "soon"))),)
    return Said(status=status, body=b'{"error":{"message":"no"}}', headers=headers)


@hostile(made="fault")
def always_busy(asked: Asked) -> Said:
    """The service fails for ever."""
    status = asked.rng.choice((429, 500, 503))
    return Said(status=status, body=b'{"error":{"message":"busy"}}')


@hostile(made="fault")
def never_content(asked: Asked) -> Said:
    """Every mode of asking is refused, then more room is always wanted."""
    if asked.turn < 3:
        text = '{"error":{"message":"response_format json_schema is not supported"}}'
        return Said(status=400, body=text.encode())
    return Said(spoiled(asked)[:-1], finish="length")
