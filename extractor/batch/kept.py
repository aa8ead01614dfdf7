"""What a store keeps of a reading, so that it can be judged again: the steps of its ladder, grounded.

Compressed JSON, and nothing in it is trusted: a store may come from anywhere, so what is not as `pack` writes
it is a `ValueError`.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from extractor.ladder import Lost, PromptName, Tried
from extractor.pipeline import Account, Origin
from verify.codes import CODES
from verify.findings import Finding
from verify.stored.kept import from_plain, to_plain

FORMAT = 1
_LEVEL = 1
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of one report before it was judged.

    Attributes:
        origin: Its source.
        steps: What each rung of the ladder made of it; at least one.
        lost: The rungs whose provider failed.
        attempts: The HTTP requests that it took.
        usage: What these used.
    """

    origin: Origin
    steps: tuple[Tried, ...]
    lost: tuple[Lost, ...]
    attempts: tuple[Account, ...]
    usage: Account | None


def pack(kept: Kept) -> bytes:
    """As a store has it."""
    origin = kept.origin
    plain = {
        "format": FORMAT,
        "origin": [
            origin.name,
            origin.sha256,
            origin.encoding,
            origin.chars,
            origin.media_type,
            origin.renderer,
        ],
        "steps": [_step(step) for step in kept.steps],
        "lost": [[one.model, one.message, one.after] for one in kept.lost],
        "attempts": [dict(attempt) for attempt in kept.attempts],
        "usage": None if kept.usage is None else dict(kept.usage),
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(body: bytes) -> Kept:
    """What `pack` was given.

    Raises:
        ValueError: It is nothing that `pack` wrote.
    """
    try:
        return _kept(
            json.loads(_inflated(body).decode("utf-8", "surrogatepass"), parse_constant=_no_number)
        )
    except (zlib.error, TypeError, KeyError, RecursionError, ValueError) as error:
        raise ValueError(f"a stored reading is damaged: {error}") from None


def _kept(plain: Any) -> Kept:
    if plain["format"] != FORMAT:
        raise ValueError("of another format")
    steps = tuple(_tried(step) for step in plain["steps"])
    if not steps:
        raise ValueError("it has no step")
    return Kept(
        _origin(plain["origin"]),
        steps,
        tuple(_lost(one) for one in plain["lost"]),
        tuple(_account(one) for one in plain["attempts"]),
        None if plain["usage"] is None else _account(plain["usage"]),
    )


def _origin(value: Any) -> Origin:
    name, sha256, encoding, chars, *kind = value
    media_type, renderer = kind or (None, None)  # a store of version 1 has neither
    known = [one for one in (media_type, renderer) if one is not None]
    if not (_texts(name, sha256, encoding, *known) and type(chars) is int):
        raise ValueError("its origin is none")
    return Origin(name, sha256, encoding, chars, media_type, renderer)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _inflated(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it does not end")
    return data


def _step(tried: Tried) -> list[Any]:
    prompt = tried.prompt
    return [
        tried.model,
        None if prompt is None else [prompt.name, prompt.sha256],
        tried.qualified,
        tried.asked_again,
        [[one.code, one.by, one.actual, one.detail_zh, one.detail_en] for one in tried.troubles],
        to_plain(tried.grounded),
    ]


def _tried(value: Any) -> Tried:
    model, prompt, qualified, again, troubles, grounded = value
    if not _texts(model) or type(again) is not int or qualified not in (None, True, False):
        raise ValueError("a step is none")
    named = None
    if prompt is not None:
        name, sha256 = prompt
        if not _texts(name, sha256):
            raise ValueError("its prompt is none")
        named = PromptName(name, sha256)
    return Tried(
        model,
        from_plain(grounded),
        tuple(_trouble(one) for one in troubles),
        named,
        qualified,
        again,
    )


def _trouble(value: Any) -> Finding:
    code, by, actual, zh, en = value
    if code not in CODES or not _texts(by, zh, en) or not (actual is None or _texts(actual)):
        raise ValueError("a trouble is none")
    return Finding(code, by=by, actual=actual, detail_zh=zh, detail_en=en)


def _lost(value: Any) -> Lost:
    model, message, after = value
    if not _texts(model, message) or type(after) is not int:
        raise ValueError("a lost rung is none")
    return Lost(model, message, after)


def _account(value: Any) -> Account:
    if type(value) is not dict or any(
        type(one) not in (str, int, float, type(None)) for one in value.values()
    ):
        raise ValueError("a request is none")
    return value


def _texts(*values: Any) -> bool:
    return all(type(value) is str for value in values)


__all__ = ["Kept", "pack", "unpack"]
