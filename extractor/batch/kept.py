"""What a store keeps of a reading, so that it can be judged again: the steps of its ladder, grounded.

Compressed JSON, and nothing in it is trusted: a store may come from anywhere, so what is not as `pack` writes
it is a `ValueError`.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from extractor.pipeline import Account, Origin
from extractor.steps import Lost, PromptName, Tried
from verify.codes import CODES
from verify.findings import Finding
from verify.stored.kept import from_plain, to_plain

FORMAT = 1
_LEVEL = 1
_MOST_BYTES = 256 * 1024 * 1024
_NONE = type(None)
_TEXT = (str,)
_TEXT_OR_NONE = (str, _NONE)


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
    if plain["format"] != FORMAT or not plain["steps"]:
        raise ValueError("of another format, or without a step")
    name, sha256, encoding, chars, *kind = plain["origin"]
    origin = [name, sha256, encoding, chars, *(kind or (None, None))]  # version 1 has neither
    return Kept(
        Origin(*_row(origin, _TEXT, _TEXT, _TEXT, (int,), _TEXT_OR_NONE, _TEXT_OR_NONE)),
        tuple(_tried(step) for step in plain["steps"]),
        tuple(Lost(*_row(one, _TEXT, _TEXT, (int,))) for one in plain["lost"]),
        tuple(_account(one) for one in plain["attempts"]),
        None if plain["usage"] is None else _account(plain["usage"]),
    )


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
    kinds = (_TEXT, (list, _NONE), (bool, _NONE), (int,), (list,), (list, dict))
    model, prompt, qualified, again, troubles, grounded = _row(value, *kinds)
    named = None if prompt is None else PromptName(*_row(prompt, _TEXT, _TEXT))
    found = tuple(_trouble(one) for one in troubles)
    return Tried(model, from_plain(grounded), found, named, qualified, again)


def _trouble(value: Any) -> Finding:
    code, by, actual, zh, en = _row(value, _TEXT, _TEXT, _TEXT_OR_NONE, _TEXT, _TEXT)
    if code not in CODES:
        raise ValueError(f"no code: {code!r}")
    return Finding(code, by=by, actual=actual, detail_zh=zh, detail_en=en)


def _account(value: Any) -> Account:
    if type(value) is not dict:
        raise ValueError("a request is none")
    _row(list(value.values()), *[(str, int, float, _NONE)] * len(value))
    return value


def _row(value: Any, *kinds: tuple[type, ...]) -> list[Any]:
    """A list, if each of its values is of a kind that stands there."""
    pairs = zip(value, kinds, strict=True) if type(value) is list else ((value, ()),)
    if not all(type(one) in kind for one, kind in pairs):
        raise ValueError(f"a row is none: {str(value)[:60]!r}")
    return list(value)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _inflated(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it does not end")
    return data


__all__ = ["Kept", "pack", "unpack"]
