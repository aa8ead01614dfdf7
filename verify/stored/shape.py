"""A stored result of whatever maker: its JSON held against the contract, and what of it can be used.

What is wrong with the shape is said once, with its path, and is left out of every later comparison.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated, Any, Generic, Literal, NotRequired, TypeVar

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from verify.forms import Form, every_form
from verify.reading import Span
from verify.schema import Identities, Reason, Report
from verify.stored.differences import UNKNOWN, Difference, Numeral, path_of
from verify.stored.older import is_older, modernised

_LONGEST_INTEGER = 30
_DEEPEST = 60
_MOST_SAID = 1000  # faults of one shape: a result has some hundred places
_MOST_REASONS = 2000  # a report of 200 cells has some dozens
_HALVES = re.compile("[\ud800-\udfff]")
_strict = with_config(ConfigDict(strict=True, extra="forbid"))

Money = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$")]
F = TypeVar("F")


@_strict
class _Cell(TypedDict, Generic[F]):
    value: F | None
    state: Literal["read", "deduced", "entered", "blank", "missing", "unreadable"]
    text: str | None
    span: tuple[int, int] | None
    was: NotRequired[Literal["blank", "missing", "unreadable"] | None]
    proof: NotRequired[list[str] | None]
    derived: NotRequired[F | None]
    tentative: NotRequired[F | None]
    remark: NotRequired[str | None]
    place: NotRequired[dict[str, Any] | None]


@_strict
class _Source(TypedDict):
    name: str
    sha256: str
    encoding: str
    chars: int
    media_type: NotRequired[str | None]
    renderer: NotRequired[str | None]


@with_config(ConfigDict(strict=True, extra="allow"))
class _Provenance(TypedDict):
    source: _Source
    reader: str
    version: str


@_strict
class _Result(TypedDict):
    schema_version: Any
    verdict: str
    reasons: list[Reason]
    report: Report
    cells: dict[str, Any]
    identities: Identities
    suspects: list[dict[str, Any]]
    provenance: _Provenance
    claims: NotRequired[list[dict[str, Any]]]
    decisions: NotRequired[list[dict[str, Any]]]


_RESULT: TypeAdapter[Any] = TypeAdapter(_Result)
_COUNT: TypeAdapter[Any] = TypeAdapter(_Cell[int])
_MONEY: TypeAdapter[Any] = TypeAdapter(_Cell[Money])


class NotAResultError(ValueError):
    """The text is no JSON that can be read, or no result; the message goes on after a name: ``is empty``."""


@dataclass(slots=True)
class Stored:
    """A stored result.

    Attributes:
        data: As parsed, without what is of the wrong type.
        form: The form whose cells it lists, None when it lists none.
        cells: Those of the form, as version 2 has them.
        strangers: Names of cells that the form does not have.
        reasons: With their place in the list.
        wrong: Differences of shape.
        notes: What is odd and no fault.
    """

    data: dict[str, Any]
    form: Form | None = None
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
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
        return is_older(self.data)


def span_of(value: Any) -> Span | None:
    """A span as JSON has it."""
    return (value[0], value[1]) if isinstance(value, list) else None


def read_stored(text: str) -> Stored:
    """Read the JSON of a result.

    Raises:
        NotAResultError: It is none, or nested too deeply.
    """
    try:
        parsed = json.loads(
            text,
            object_pairs_hook=_Object,
            parse_float=_number,
            parse_int=lambda digits: (
                int(digits) if len(digits) <= _LONGEST_INTEGER else Numeral(digits)
            ),
            parse_constant=Numeral,
        )
    except RecursionError:
        raise NotAResultError("is not JSON (nested too deeply)") from None
    except ValueError as error:
        what = " ".join(str(error).split())[:120]
        raise NotAResultError(f"is not JSON ({what})") from None
    stored = Stored({})
    stored.data = _plain(parsed, (), stored)
    if not isinstance(stored.data, dict):
        raise NotAResultError("is JSON but no object")
    if not isinstance(stored.data.get("cells"), dict):
        raise NotAResultError('has no object "cells"')
    _check_shape(stored, _RESULT, stored.data, ())
    stored.form = _form(stored)
    for name, raw in stored.data["cells"].items():
        if stored.form is None or name not in stored.form.kinds:
            stored.strangers.append(name)
            continue
        adapter = _MONEY if stored.form.kinds[name] == "money" else _COUNT
        stored.cells[name] = cell = dict(raw) if isinstance(raw, dict) else {}
        _check_shape(stored, adapter, raw, ("cells", name), cell)
    if stored.is_older:
        stored.cells = modernised({**stored.data, "cells": stored.cells})["cells"]
    reasons = stored.data.get("reasons", [])
    if len(reasons) > _MOST_REASONS:
        much = f"a list of {len(reasons)}"
        stored.wrong.append(Difference("wrong_type", "$.reasons", stored=much, derived="too_many"))
    coded = ((i, reason) for i, reason in enumerate(reasons) if "code" in reason)
    stored.reasons = list(islice(coded, _MOST_REASONS))
    return stored


class _Object(list[tuple[str, Any]]):
    """The pairs of a JSON object, so that keys that stand twice can be told."""


def _number(text: str) -> float | Numeral:
    return number if math.isfinite(number := float(text)) else Numeral(text)


def _plain(value: Any, path: tuple[str | int, ...], stored: Stored) -> Any:
    """A parsed value with dicts for objects, and without halves of surrogate pairs, which no text file holds.

    Raises:
        NotAResultError: It is nested too deeply.
    """
    if len(path) > _DEEPEST:
        raise NotAResultError("is not JSON (nested too deeply)")
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, _Object):
        found: dict[str, Any] = {}
        for key, item in value:
            name = _HALVES.sub("\ufffd", key)
            if name in found and len(stored.wrong) < _MOST_SAID:
                stored.wrong.append(Difference("duplicate_key", path_of(*path, name)))
            found[name] = _plain(item, (*path, name), stored)
        return found
    if isinstance(value, list):
        return [_plain(item, (*path, i), stored) for i, item in enumerate(value)]
    return value


def _check_shape(
    stored: Stored,
    adapter: TypeAdapter[Any],
    value: Any,
    path: tuple[str | int, ...],
    holder: dict[str, Any] | None = None,
) -> None:
    """Say where a value departs from its type, and take what does out of it, or of the holder of its fields."""
    try:
        adapter.validate_json(json.dumps(value, default=lambda _: {}))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False, include_context=False)
    else:
        return
    cell = str(path[1]) if path else None
    for one in errors[:_MOST_SAID]:
        where, type = path_of(*path, *one["loc"]), one["type"]
        if type == "extra_forbidden":
            stored.notes.append(Difference("extra_key", where))
        elif type == "missing" and isinstance(one["loc"][-1], str):
            stored.wrong.append(Difference("missing_key", where))
        else:
            given = _under(value, one["loc"])
            stored.wrong.append(Difference("wrong_type", where, cell, given, type))
    for one in errors:
        if one["type"] != "extra_forbidden":
            _take_out(value if holder is None else holder, one["loc"])


def _under(value: Any, path: Iterable[str | int]) -> Any:
    """What stands under a path, None where nothing does."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _take_out(value: Any, path: Sequence[str | int]) -> None:
    """Take out the field, or the whole entry of a list, in which something is wrong."""
    last = max((i for i, key in enumerate(path) if isinstance(key, str)), default=None)
    if last is not None:
        parent = _under(value, path[:last])
        if isinstance(parent, dict):
            parent.pop(path[last], None)


def _form(stored: Stored) -> Form | None:
    """The form by its id and the names of the cells; by the names alone where the id is none."""
    id, names = stored.get("report", "form"), set(stored.data["cells"])
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
    if id is not UNKNOWN:
        derived = chosen.id if chosen else None
        stored.wrong.append(Difference("form", "$.report.form", stored=id, derived=derived))
    return chosen
