"""Find the one JSON object that a model's answer holds, and check it against its schema.

Models wrap what they were asked for: in fences, in thinking, in courtesies. What counts is:

- Objects are looked for everywhere, whatever stands around them; a fence is text like any other. Inside
  an object that is whole nothing further is looked for, so an answer wrapped in another object is
  ``wrong_shape``.
- What stands before the end of a ``<think>`` block is thinking, and no answer. Where the block never ends
  the answer may stand in it.
- The last object of the shape is the answer. Two that differ settle nothing: ``not_json``.
- Duplicate keys in any object after the thinking make it ``not_json``: two parsers could read two answers in it.

The time is linear in the length: all attempts to read an object together may cover the text a few times over.
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

_MOST_PASSES = 3
_MOST_ATTEMPTS = 2000
_START = re.compile(r'\{[ \t\r\n]*+(?=["}])')
_THOUGHT = re.compile(
    r"<\s{0,2}/\s{0,2}(?:think|thinking|thought|reasoning)\s{0,2}>", re.IGNORECASE
)
_NOTHING = re.compile(r"(?:[\s\u200b\ufeff]|```+[a-zA-Z0-9]*)*+")


class _UnfitError(Exception):
    """The text is built to keep a parser busy."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A whole object in the text; ``doubled`` when a key stands in it twice."""

    start: int
    end: int
    doubled: bool


def parse(text: str, shape: type[BaseModel]) -> tuple[BaseModel | None, Problem | None]:
    """The answer in ``text`` as an instance of ``shape``, or why there is none. Never raises.

    Exactly one of the two returned is None.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, "too_long"
    try:
        found = list(_objects(text))
    except (_UnfitError, RecursionError):
        return None, "not_json"
    cut = _end_of_thinking(text, found)
    if _NOTHING.fullmatch(text, cut):
        return None, "empty"
    answers = [one for one in found if one.start >= cut]
    if not answers or any(one.doubled for one in answers):
        return None, "not_json"
    fitting = [
        model for one in answers if (model := _fit(text[one.start : one.end], shape)) is not None
    ]
    if not fitting:
        return None, "wrong_shape"
    if any(model != fitting[-1] for model in fitting):
        return None, "not_json"
    return fitting[-1], None


def _objects(text: str) -> Iterator[_Found]:
    """The whole objects of ``text``, none inside another."""
    doubled = False

    def pairs(items: list[tuple[str, Any]]) -> None:
        nonlocal doubled
        doubled = doubled or len({key for key, _ in items}) < len(items)

    # numbers are not made here: a schema judges them, and thousands of digits would take their time
    decoder = json.JSONDecoder(
        object_pairs_hook=pairs, parse_int=len, parse_float=len, parse_constant=len
    )
    effort = _MOST_PASSES * len(text) + 1024
    at = 0
    for _ in range(_MOST_ATTEMPTS):
        match = _START.search(text, at)
        if match is None:
            return
        start, doubled = match.start(), False
        try:
            _, at = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            at = start + 1
            effort -= error.pos - start
            if effort < 0:
                raise _UnfitError from None
        else:
            yield _Found(start, at, doubled)
    raise _UnfitError


def _end_of_thinking(text: str, found: list[_Found]) -> int:
    """Where the thinking before the answer ends, 0 without any.

    A tag inside a whole object is part of a string. An end without a beginning counts: some chat templates
    write the beginning themselves. An end after the last object counts where there is no other.
    """
    cut = at = 0
    for one in found:
        for tag in _THOUGHT.finditer(text, at, one.start):
            cut = tag.end()
        at = one.end
    after = [tag.end() for tag in _THOUGHT.finditer(text, at)]
    return after[-1] if after and not cut else cut


def _fit(text: str, shape: type[BaseModel]) -> BaseModel | None:
    try:
        return shape.model_validate_json(text, strict=True)
    except (ValidationError, ValueError):  # the second: text that is no Unicode
        return None
