"""JSON of unknown makers: duplicate keys, NaN, endless digits and deep nesting are told, not hidden."""

from __future__ import annotations

import json
import re
from typing import Any

from verify.stored.differences import Numeral

_LONGEST_INTEGER = 30
_DEEPEST = 60
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
_HALVES = re.compile("[\ud800-\udfff]")


class Object(dict[str, Any]):
    """A JSON object that remembers keys that stood more than once; the last one counts."""

    twice: tuple[str, ...] = ()


class NotJsonError(ValueError):
    """The text is no JSON that can be read."""


def parse_json(text: str) -> Any:
    """Parse JSON without losing what is odd about it: duplicate keys, NaN, endless digits.

    Raises:
        NotJsonError: It is no JSON, or nested too deeply.
    """
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=Numeral,
            parse_int=_integer,
            parse_constant=Numeral,
        )
    except RecursionError:
        raise NotJsonError("nested too deeply") from None
    except ValueError as error:
        raise NotJsonError(str(error)) from None
    _check_depth(found)
    halves = _ESCAPED.search(text) or _HALVES.search(text)
    return _whole(found) if halves else found


def _check_depth(value: Any) -> None:
    level, depth = [value] if holds_more(value) else [], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise NotJsonError("nested too deeply")
        inside = (v.values() if isinstance(v, dict) else v for v in level)
        level = [item for items in inside for item in items if holds_more(item)]


def _whole(value: Any) -> Any:
    """The same without halves of surrogate pairs, which JSON can hold and no text file can."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, Object):
        found = Object((_whole(key), _whole(item)) for key, item in value.items())
        found.twice = tuple(map(_whole, value.twice))
        return found
    return [_whole(item) for item in value] if isinstance(value, list) else value


def _integer(text: str) -> int | Numeral:
    return int(text) if len(text) <= _LONGEST_INTEGER else Numeral(text)


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice: dict[str, None] = {}
        for key, _ in pairs:
            if key in seen:
                twice[key] = None
            seen.add(key)
        found.twice = tuple(twice)
    return found


def holds_more(value: Any) -> bool:
    """Whether a value holds other values."""
    return isinstance(value, dict | list) and bool(value)
