"""A stored result, of whatever maker, taken apart leniently: what is usable, and what is wrong where.

Nothing here trusts the shape of the JSON. A value of the wrong type is said once, with its path, and
then either understood (``"3"`` for 3) or left out of every later comparison (`UNKNOWN`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.forms import Form, every_form
from verify.reading import Span
from verify.stored.differences import UNKNOWN, Difference, Numeral, Unknown, step
from verify.stored.loosejson import Object, holds_more

_STATES = ("read", "blank", "missing", "unreadable", "deduced", "entered")
_INTEGER = re.compile(r"-?[0-9]{1,30}(?:\.0{1,20})?")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
Read = tuple[Any, bool]
"""What a value means, `UNKNOWN` where that is not clear, and whether it is written as the contract has it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a field.

    Attributes:
        wanted: What it should be, in words.
        reader: Reads a value that is not null.
        nullable: Whether null is one too.
    """

    wanted: str
    reader: Callable[[Any], Read]
    nullable: bool = True

    def read(self, value: Any) -> Read:
        """What a value means, and whether it is written as the contract has it."""
        return (None, True) if value is None and self.nullable else self.reader(value)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _exactly(value: Any, exact: bool) -> Read:
    return (value if exact else UNKNOWN), exact


def _text(value: Any) -> Read:
    return _exactly(value, isinstance(value, str))


def _texts(value: Any) -> Read:
    exact = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return (tuple(value) if exact else UNKNOWN), exact


def _whole(value: Any) -> int | None:
    """An integer, also one that is written as a string or as 3.0."""
    if _is_integer(value):
        return int(value)
    text = value.text if isinstance(value, Numeral) else value
    whole = isinstance(text, str) and _INTEGER.fullmatch(text)
    return int(text.partition(".")[0]) if whole else None


def _count(value: Any) -> Read:
    found = _whole(value)
    return (UNKNOWN if found is None else found), _is_integer(value)


def _money(value: Any) -> Read:
    text = value.text if isinstance(value, Numeral) else value
    text = str(text) if _is_integer(text) else text
    decimal = isinstance(text, str) and _DECIMAL.fullmatch(text) is not None
    return (text if decimal else UNKNOWN), decimal and isinstance(value, str)


def _span(value: Any) -> Read:
    """Two offsets; an object with ``start`` and ``end`` is understood."""
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


def _word(*words: str, nullable: bool) -> Shape:
    wanted = "one of " + ", ".join(words)
    return Shape(
        wanted, lambda value: _exactly(value, isinstance(value, str) and value in words), nullable
    )


TEXT = Shape("a string or null", _text)
TEXTS = Shape("a list of strings or null", _texts)
COUNT = Shape("an integer", _count)
MONEY = Shape("a string with a decimal", _money)
SPAN = Shape("a list of two offsets or null", _span)
STATE = _word(*_STATES, nullable=False)
UNREAD = _word(*_STATES[1:4], nullable=True)
PLACE = Shape("", _place)

_CELL = {"value": COUNT, "state": STATE, "text": TEXT, "span": SPAN}
_BESIDE = {
    "was": UNREAD,
    "proof": TEXTS,
    "derived": COUNT,
    "tentative": COUNT,
    "remark": TEXT,
    "place": PLACE,
}
_REASON = {
    **dict.fromkeys(("rule", "by", "expected", "actual", "message_zh", "message_en"), TEXT),
    **dict.fromkeys(("span", "other_span", "previous_span"), SPAN),
    "cells": TEXTS,
}
_TOP = ("schema_version", "verdict", "reasons", "report", "cells", "identities", "suspects")
_MOST_REASONS = 2000  # a report of 200 cells has some dozens
_MOST_EXTRA = 20  # keys of one object that are named one by one


@dataclass(slots=True)
class StoredCell:
    """A cell as stored; `UNKNOWN` where it was not understood."""

    value: Any = UNKNOWN
    state: Unknown | str = UNKNOWN
    text: Unknown | str | None = UNKNOWN
    span: Unknown | Span | None = UNKNOWN
    was: Unknown | str | None = None
    proof: Unknown | tuple[str, ...] | None = None
    derived: Any = None
    tentative: Any = None
    remark: Unknown | str | None = None
    place: Any = None


@dataclass(slots=True)
class Stored:
    """A stored result.

    Attributes:
        data: The object as parsed.
        form: The form whose cells it lists, None when it lists none.
        cells: Those of the form.
        strangers: Names of cells that the form does not have.
        reasons: Those that are objects with a code, with their place in the list.
        wrong: Differences of shape.
        notes: What is odd and no fault.
    """

    data: Object
    form: Form | None = None
    cells: dict[str, StoredCell] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    reasons: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)
    notes: list[Difference] = field(default_factory=list)

    def get(self, *keys: str) -> Any:
        """What stands under a path of keys; `UNKNOWN` where a step is missing or no object."""
        found: Any = self.data
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                return UNKNOWN
            found = found[key]
        return found

    def text(self, *keys: str) -> str | None:
        """A string under a path of keys, else None."""
        found = self.get(*keys)
        return found if isinstance(found, str) else None

    @property
    def is_older(self) -> bool:
        """Whether it is of schema_version "1"; its cells are taken as version 2 has them."""
        return self.text("schema_version") == "1"

    def say(self, kind: str, path: str, cell: str | None = None, **what: Any) -> None:
        """Note something wrong with the shape."""
        self.wrong.append(Difference(kind, path, cell, **what))

    def fields(
        self, raw: Mapping[str, Any], shapes: Mapping[str, Shape], path: str, cell: str | None
    ) -> dict[str, Any]:
        """The fields of an object that are there, each read by its type; what is wrong is said."""
        found = {}
        for key, shape in shapes.items():
            if key in raw:
                found[key], exact = shape.read(raw[key])
                if not exact:
                    at = step(path, key)
                    self.say("wrong_type", at, cell, stored=raw[key], derived=shape.wanted)
        return found

    def keys(
        self, raw: Mapping[str, Any], path: str, wanted: Sequence[str], more: Sequence[str]
    ) -> None:
        """Say which keys an object lacks, and note those that the contract does not have."""
        for key in wanted:
            if key not in raw:
                self.say("missing_key", step(path, key))
        extra = [key for key in raw if key not in wanted and key not in more]
        self.notes += [Difference("extra_key", step(path, key)) for key in extra[:_MOST_EXTRA]]


def take_apart(data: Object) -> Stored:
    """Take apart a stored result.

    Args:
        data: From `verify.stored.loosejson.parse_json`, with an object under ``cells``.
    """
    stored = Stored(data)
    _duplicates(data, stored)
    stored.keys(data, "$", (*_TOP, "provenance"), ("claims", "decisions"))
    stored.form = _form(stored)
    for name, raw in data["cells"].items():
        if stored.form is not None and name in stored.form.kinds:
            stored.cells[name] = _cell(stored, name, raw)
        else:
            stored.strangers.append(name)
    _reasons(stored)
    return stored


def _duplicates(data: Object, stored: Stored) -> None:
    waiting: list[tuple[str, Any]] = [("$", data)]
    while waiting:
        path, value = waiting.pop()
        items: Any = enumerate(value)
        if isinstance(value, Object):
            for key in value.twice:
                stored.say("duplicate_key", step(path, key))
            items = value.items()
        waiting += [(step(path, key), item) for key, item in items if holds_more(item)]


def _form(stored: Stored) -> Form | None:
    """The form by its id and the names of the cells; by the names alone where the id is none."""
    path = "$.report.form"
    id = stored.get("report", "form")
    names = set(stored.data["cells"])
    if id is None and not names:
        return None

    def shared(form: Form) -> int:
        return len(names.intersection(form.cells))

    nearest = max(every_form(), key=shared)
    named = max((form for form in every_form() if form.id == id), key=shared, default=None)
    if named is not None and (
        shared(named) == shared(nearest) or shared(nearest) < len(nearest.cells)
    ):
        return named
    chosen = nearest if shared(nearest) else None
    derived = chosen.id if chosen else None
    if id is UNKNOWN:
        stored.say("missing_key", path, derived=derived)
    else:
        stored.say("form", path, stored=id, derived=derived)
    return chosen


def _cell(stored: Stored, name: str, raw: Any) -> StoredCell:
    path = step("$.cells", name)
    if not isinstance(raw, dict):
        stored.say("wrong_type", path, name, stored=raw, derived="an object")
        return StoredCell()
    stored.keys(raw, path, tuple(_CELL), tuple(_BESIDE))
    shapes = _CELL | _BESIDE
    if stored.form is not None and stored.form.kinds[name] == "money":
        shapes = {key: MONEY if shape is COUNT else shape for key, shape in shapes.items()}
    cell = StoredCell(**stored.fields(raw, shapes, path, name))
    if stored.is_older and stored.text("verdict") == "rejected" and "tentative" not in raw:
        cell.value, cell.tentative = None, cell.value
    return cell


def _reasons(stored: Stored) -> None:
    listed = stored.data.get("reasons", [])
    if not isinstance(listed, list):
        stored.say("wrong_type", "$.reasons", stored=listed, derived="a list of objects")
        return
    if len(listed) > _MOST_REASONS:
        much, most = f"a list of {len(listed)}", f"a list of at most {_MOST_REASONS}"
        stored.say("wrong_type", "$.reasons", stored=much, derived=most)
    for i, raw in enumerate(listed[:_MOST_REASONS]):
        path = f"$.reasons[{i}]"
        if not isinstance(raw, dict) or not isinstance(raw.get("code"), str):
            stored.say("wrong_type", path, stored=raw, derived="an object with a code")
            continue
        fields = stored.fields(raw, _REASON, path, None)
        listed_fields = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
        stored.reasons.append((i, {**raw, **listed_fields}))
