"""Find the one JSON object that a model's answer holds, and check it against its schema.

Models wrap what they were asked for: in fences, in thinking, in courtesies. What counts is:

- Objects are looked for everywhere, whatever stands around them; a fence is text like any other. Inside
  an object that is whole nothing further is looked for, so an answer wrapped in another object is
  ``wrong_shape``.
- What stands before the end of a ``<think>`` block is thinking, and no answer. Where the block never ends
  the answer may stand in it.
- The last object of the shape is the answer. Two that differ settle nothing: ``not_json``.
- Duplicate keys in any object after the thinking, and deep nesting anywhere, make it ``not_json``: two
  parsers could read two answers in it.

The time is linear in the length: an attempt to read an object stops at the first thing that cannot be one,
and all attempts together may cover the text a few times over, no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from extractor.models.exchange import Problem

MOST_BYTES = 256 * 1024
"""Bytes of UTF-8 that an answer may have."""

MOST_DEPTH = 16
"""Brackets that may be open at once; the schemas of the readers need four."""

_MOST_PASSES = 3
_MOST_ATTEMPTS = 2000
_BLANKS = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff\u0085"
_START = re.compile(rf'\{{[ \t\r\n{_BLANKS}]*+(?=["}}])')
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_PART = re.compile(rf'{_STRING}|[{{}}\[\]"]')
_STRING_OR_BLANK = re.compile(rf"{_STRING}|[{_BLANKS}]")
_TAG = re.compile(r"<\s{0,2}(/?)\s{0,2}(?:think|thinking|thought|reasoning)\s{0,2}>", re.IGNORECASE)
_NOTHING = re.compile(rf"(?:[\s{_BLANKS}]|```+[a-zA-Z0-9]*)*+")
_CLOSES = {"{": "}", "[": "]"}


class _UnfitError(Exception):
    """The text as a whole cannot be relied on: too deep, or built to keep a parser busy."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A whole object in the text; ``doubled`` when a key stands in it twice."""

    start: int
    end: int
    text: str
    doubled: bool


def parse(text: str, shape: type[BaseModel]) -> tuple[BaseModel | None, Problem | None]:
    """The answer in ``text`` as an instance of ``shape``, or why there is none. Never raises.

    Exactly one of the two returned is None.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, "too_long"
    if _NOTHING.fullmatch(text):
        return None, "empty"
    try:
        found = list(_objects(text))
    except _UnfitError:
        return None, "not_json"
    cut = _end_of_thinking(text, found)
    if _NOTHING.fullmatch(text, cut):
        return None, "empty"
    answers = [one for one in found if one.start >= cut]
    if not answers or any(one.doubled for one in answers):
        return None, "not_json"
    fitting = [model for one in answers if (model := _fit(one.text, shape)) is not None]
    if not fitting:
        return None, "wrong_shape"
    if any(model != fitting[-1] for model in fitting):
        return None, "not_json"
    return fitting[-1], None


def _objects(text: str) -> Iterator[_Found]:
    """The whole objects of ``text``, none inside another."""
    effort = _MOST_PASSES * len(text) + 1024
    at = 0
    for _ in range(_MOST_ATTEMPTS):
        start = _START.search(text, at)
        if start is None:
            return
        end, reached = _extent(text, start.start())
        effort -= reached - start.start()
        if effort < 0:
            raise _UnfitError
        at = start.start() + 1
        if end is not None and (one := _read(text, start.start(), end)) is not None:
            yield one
            at = end
    raise _UnfitError


def _extent(text: str, start: int) -> tuple[int | None, int]:
    """Where the object that opens at ``start`` ends, if it does, and how far that was looked for."""
    awaited: list[str] = []
    for part in _PART.finditer(text, start):
        sign = part[0]
        if sign in _CLOSES:
            if len(awaited) == MOST_DEPTH:
                raise _UnfitError
            awaited.append(_CLOSES[sign])
        elif sign in "}]":
            if sign != awaited.pop():
                return None, part.end()
            if not awaited:
                return part.end(), part.end()
        elif sign == '"':  # a string that does not end
            return None, part.end()
    return None, len(text)


def _read(text: str, start: int, end: int) -> _Found | None:
    """The object between two offsets, None when it is no JSON.

    Numbers are not made here: a schema judges them, and thousands of digits would take their time.
    """
    piece = _STRING_OR_BLANK.sub(_plain_blank, text[start:end])
    doubled = False

    def pairs(items: list[tuple[str, Any]]) -> None:
        nonlocal doubled
        doubled = doubled or len({key for key, _ in items}) < len(items)

    try:
        json.loads(
            piece, object_pairs_hook=pairs, parse_int=len, parse_float=len, parse_constant=len
        )
    except ValueError:
        return None
    return _Found(start, end, piece, doubled)


def _plain_blank(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else " "


def _end_of_thinking(text: str, found: list[_Found]) -> int:
    """Where the thinking before the answer ends, 0 without any.

    A tag inside a whole object is part of a string. An end without a beginning counts: some chat templates
    write the beginning themselves. Blocks may be nested; after a block further ones count until an object
    stands between.
    """
    cut = last = depth = 0
    objects = iter(found)
    one = next(objects, None)
    for tag in _TAG.finditer(text):
        while one is not None and one.end <= tag.start():
            one = next(objects, None)
        if one is not None and one.start < tag.start():
            continue
        if depth == 0 and cut and text.find("{", cut, tag.start()) >= 0:
            return cut
        if tag[1]:
            last = tag.end()
            depth = max(0, depth - 1)
            if depth == 0:
                cut = last
        else:
            depth += 1
    return last if depth else cut


def _fit(text: str, shape: type[BaseModel]) -> BaseModel | None:
    try:
        return shape.model_validate_json(text, strict=True)
    except (ValidationError, ValueError):  # the second: text that is no Unicode
        return None


__all__ = ["MOST_BYTES", "MOST_DEPTH", "parse"]
