"""The types of the fields of a stored result: how each is read, also where it is written otherwise.

A reader of a field gives what is meant, `UNKNOWN` where that is not clear, and whether the contract
has it so: ``"3"`` is understood as 3 and is still of the wrong type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from verify.reading import Span
from verify.stored.differences import Numeral

STATES = ("read", "blank", "missing", "unreadable", "deduced", "entered")
_INTEGER = re.compile(r"-?[0-9]{1,30}(?:\.0{1,20})?")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class Unknown:
    """Something that could not be understood and was said to be wrong already."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
Read = tuple[Any, bool]


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a field: what it should be, in words, and how it is read."""

    wanted: str
    read: Callable[[Any], Read]


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: Any) -> Read:
    exact = value is None or isinstance(value, str)
    return (value if exact else UNKNOWN), exact


def _texts(value: Any) -> Read:
    if value is None:
        return None, True
    exact = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return (tuple(value) if exact else UNKNOWN), exact


def _written(value: Any) -> str | None:
    """A number as it is written, or None."""
    text = value.text if isinstance(value, Numeral) else value
    return str(text) if _is_integer(text) else text if isinstance(text, str) else None


def _whole(value: Any) -> int | None:
    if _is_integer(value):
        return int(value)
    text = value.text if isinstance(value, Numeral) else value
    whole = isinstance(text, str) and _INTEGER.fullmatch(text)
    return int(text.partition(".")[0]) if whole else None


def _count(value: Any) -> Read:
    if value is None or _is_integer(value):
        return value, True
    found = _whole(value)
    return (UNKNOWN if found is None else found), False


def _money(value: Any) -> Read:
    text = _written(value)
    decimal = text is not None and _DECIMAL.fullmatch(text) is not None
    exact = value is None or (decimal and isinstance(value, str))
    return (None if value is None else text if decimal else UNKNOWN), exact


def _span(value: Any) -> Read:
    """Two offsets; an object with ``start`` and ``end`` is understood."""
    if value is None:
        return None, True
    items = value
    if isinstance(value, dict) and {"start", "end"} <= value.keys():
        items = [value["start"], value["end"]]
    if not isinstance(items, list) or len(items) != 2:
        return UNKNOWN, False
    start, end = map(_whole, items)
    span: Span | Unknown = UNKNOWN if start is None or end is None else (start, end)
    return span, items is value and all(map(_is_integer, items))


def _place(value: Any) -> Read:
    """A place with the points of its box as numbers; nothing else of a result is a float."""
    if isinstance(value, dict) and isinstance(value.get("box"), list):
        return {**value, "box": [_point(one) for one in value["box"]]}, True
    return value, True


def _point(value: Any) -> Any:
    """A number with a point as such, unless it is no finite one, which JSON does not have."""
    number = float(value.text) if isinstance(value, Numeral) else math.nan
    return number if math.isfinite(number) else value


def _word(*words: str) -> Shape:
    def read(value: Any) -> Read:
        exact = isinstance(value, str) and value in words
        return (value if exact else UNKNOWN), exact

    return Shape("one of " + ", ".join(words), read)


def nullable(shape: Shape) -> Shape:
    """The same type, or null."""
    return Shape(shape.wanted, lambda value: (None, True) if value is None else shape.read(value))


TEXT = Shape("a string or null", _text)
TEXTS = Shape("a list of strings or null", _texts)
COUNT = Shape("an integer", _count)
MONEY = Shape("a string with a decimal", _money)
SPAN = Shape("a list of two offsets or null", _span)
STATE = _word(*STATES)
UNREAD = nullable(_word(*STATES[1:4]))
PLACE = Shape("", _place)
