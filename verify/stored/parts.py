"""A stored result, of whatever maker, taken apart leniently: what is usable, and what is wrong where.

Nothing here trusts the shape of the JSON. A value of the wrong type is said once, with its path, and
then either understood (``"3"`` for 3) or left out of every later comparison (`UNKNOWN`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from verify.forms import Form, every_form
from verify.reading import Span
from verify.stored.differences import Difference, Numeral, step
from verify.stored.loosejson import Object, holds_more

STATES = ("read", "blank", "missing", "unreadable", "deduced", "entered")
_CELL_KEYS = ("value", "state", "text", "span")
_MORE_CELL_KEYS = ("was", "proof", "derived", "tentative", "remark", "place")
_TOP_KEYS = (
    "schema_version", "verdict", "reasons", "report", "cells", "identities", "suspects",
    "provenance",
)  # fmt: skip
_MORE_TOP_KEYS = ("claims",)
_MOST_REASONS = 2000  # a report of 200 cells has some dozens
_MOST_EXTRA = 20  # keys of one object that are named one by one
_INTEGER = re.compile(r"-?[0-9]{1,30}(?:\.0{1,20})?")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class Unknown:
    """Something that could not be understood and was said to be wrong already."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


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
    keys: frozenset[str] = frozenset()


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


def take_apart(data: Object) -> Stored:
    """Take apart a stored result.

    Args:
        data: From `verify.stored.loosejson.parse_json`, with an object under ``cells``.
    """
    stored = Stored(data)
    _duplicates(data, stored)
    _keys(data, "$", _TOP_KEYS, _MORE_TOP_KEYS, stored)
    stored.form = _form(stored)
    _cells(stored)
    _reasons(stored)
    return stored


def _duplicates(data: Object, stored: Stored) -> None:
    waiting: list[tuple[str, Any]] = [("$", data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Object):
            stored.wrong += [Difference("duplicate_key", step(path, key)) for key in value.twice]
            waiting += [(step(path, key), item) for key, item in value.items() if holds_more(item)]
        elif isinstance(value, list):
            waiting += [(step(path, i), item) for i, item in enumerate(value) if holds_more(item)]


def _keys(
    data: Mapping[str, Any], path: str, wanted: Sequence[str], more: Sequence[str], stored: Stored
) -> None:
    stored.wrong += [
        Difference("missing_key", step(path, key)) for key in wanted if key not in data
    ]
    known = {*wanted, *more}
    extra = [key for key in data if key not in known]
    stored.notes += [Difference("extra_key", step(path, key)) for key in extra[:_MOST_EXTRA]]


# --- the form -------------------------------------------------------------------------------------


def _form(stored: Stored) -> Form | None:
    """The form by its id and the names of the cells; by the names alone where the id is none."""
    path = "$.report.form"
    said = stored.get("report", "form")
    names = set(stored.data["cells"])
    forms = every_form()
    if said is None and not names:
        return None
    nearest = max(forms, key=lambda form: len(names.intersection(form.cells)))
    shared = len(names.intersection(nearest.cells))
    known = [form for form in forms if form.id == said]
    named = max(known, key=lambda form: len(names.intersection(form.cells)), default=None)
    if named is not None and (
        len(names.intersection(named.cells)) == shared or shared < len(nearest.cells)
    ):
        return named
    chosen = nearest if shared else None
    derived = chosen.id if chosen else None
    if said is UNKNOWN:
        stored.wrong.append(Difference("missing_key", path, derived=derived))
    else:
        stored.wrong.append(Difference("form", path, stored=said, derived=derived))
    return chosen


# --- cells ----------------------------------------------------------------------------------------


def _cells(stored: Stored) -> None:
    kinds = stored.form.kinds if stored.form else {}
    for name, raw in stored.data["cells"].items():
        if name not in kinds:
            stored.strangers.append(name)
            continue
        path = step("$.cells", name)
        if not isinstance(raw, dict):
            stored.wrong.append(
                Difference("wrong_type", path, name, stored=raw, derived="an object")
            )
            stored.cells[name] = StoredCell()
            continue
        _keys(raw, path, _CELL_KEYS, _MORE_CELL_KEYS, stored)
        reader = _Fields(raw, path, name, stored)
        money = kinds.get(name) == "money"
        cell = stored.cells[name] = StoredCell(
            value=reader.amount("value", money=money),
            state=reader.word("state", STATES),
            text=reader.text("text"),
            span=reader.span("span"),
            was=reader.word("was", STATES[1:4], nullable=True) if "was" in raw else None,
            proof=reader.texts("proof") if "proof" in raw else None,
            derived=reader.amount("derived", money=money) if "derived" in raw else None,
            tentative=reader.amount("tentative", money=money) if "tentative" in raw else None,
            remark=reader.text("remark") if "remark" in raw else None,
            place=_place(raw.get("place")),
            keys=frozenset(raw),
        )
        if stored.is_older and stored.text("verdict") == "rejected" and "tentative" not in raw:
            cell.value, cell.tentative = None, cell.value


class _Fields:
    """Reads the fields of one object and notes what is wrong with each."""

    def __init__(self, raw: Mapping[str, Any], path: str, cell: str | None, stored: Stored) -> None:
        self.raw = raw
        self.path = path
        self.cell = cell
        self.stored = stored

    def _say(self, key: str, wanted: str) -> None:
        value = self.raw[key]
        self.stored.wrong.append(
            Difference("wrong_type", step(self.path, key), self.cell, stored=value, derived=wanted)
        )

    def text(self, key: str) -> Unknown | str | None:
        """A string or null."""
        value = self.raw.get(key, UNKNOWN)
        if value is UNKNOWN or value is None or isinstance(value, str):
            return value
        self._say(key, "a string or null")
        return UNKNOWN

    def word(
        self, key: str, words: Sequence[str], *, nullable: bool = False
    ) -> Any:  # a word, None or UNKNOWN
        """One of some words."""
        value = self.raw.get(key, UNKNOWN)
        if value is UNKNOWN or (value is None and nullable):
            return value
        if isinstance(value, str) and value in words:
            return value
        self._say(key, "one of " + ", ".join(words))
        return UNKNOWN

    def texts(self, key: str) -> Unknown | tuple[str, ...] | None:
        """A list of strings, or null."""
        value = self.raw.get(key, UNKNOWN)
        if value is UNKNOWN or value is None:
            return value
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._say(key, "a list of strings or null")
        return UNKNOWN

    def amount(self, key: str, *, money: bool) -> Any:  # int, str, None or UNKNOWN
        """A count as an integer, money as a decimal string; what is meant otherwise is said."""
        value = self.raw.get(key, UNKNOWN)
        if value is UNKNOWN or value is None:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and not money:
            return value
        if isinstance(value, str) and money and _DECIMAL.fullmatch(value):
            return value
        self._say(key, "a string with a decimal" if money else "an integer")
        text = value.text if isinstance(value, Numeral) else value
        if isinstance(value, int) and not isinstance(value, bool):
            text = str(value)
        if not isinstance(text, str):
            return UNKNOWN
        if money:
            return text if _DECIMAL.fullmatch(text) else UNKNOWN
        return int(text.partition(".")[0]) if _INTEGER.fullmatch(text) else UNKNOWN

    def span(self, key: str) -> Unknown | Span | None:
        """Two offsets, or null; an object with ``start`` and ``end`` is understood and said."""
        value = self.raw.get(key, UNKNOWN)
        if value is UNKNOWN or value is None:
            return value
        items = value
        if isinstance(value, dict) and {"start", "end"} <= value.keys():
            items = [value["start"], value["end"]]
        if not isinstance(items, list) or len(items) != 2:
            self._say(key, "a list of two offsets or null")
            return UNKNOWN
        offsets = [_offset(item) for item in items]
        plain = items is value and all(
            isinstance(item, int) and not isinstance(item, bool) for item in items
        )
        if not plain:
            self._say(key, "a list of two offsets or null")
        start, end = offsets
        return UNKNOWN if start is None or end is None else (start, end)


def _offset(item: Any) -> int | None:
    if isinstance(item, int) and not isinstance(item, bool):
        return item
    text = item.text if isinstance(item, Numeral) else item
    if isinstance(text, str) and _INTEGER.fullmatch(text):
        return int(text.partition(".")[0])
    return None


# --- reasons --------------------------------------------------------------------------------------


def _reasons(stored: Stored) -> None:
    listed = stored.data.get("reasons", [])
    if not isinstance(listed, list):
        stored.wrong.append(
            Difference("wrong_type", "$.reasons", stored=listed, derived="a list of objects")
        )
        return
    if len(listed) > _MOST_REASONS:
        stored.wrong.append(
            Difference("wrong_type", "$.reasons", stored=f"a list of {len(listed)}",
                       derived=f"a list of at most {_MOST_REASONS}")
        )  # fmt: skip
    for i, raw in enumerate(listed[:_MOST_REASONS]):
        path = f"$.reasons[{i}]"
        if not isinstance(raw, dict) or not isinstance(raw.get("code"), str):
            stored.wrong.append(
                Difference("wrong_type", path, stored=raw, derived="an object with a code")
            )
            continue
        reader = _Fields(raw, path, None, stored)
        found = dict(raw)
        for key in ("rule", "by", "expected", "actual", "message_zh", "message_en"):
            if key in raw:
                found[key] = reader.text(key)
        for key in ("span", "other_span", "previous_span"):
            if key in raw:
                span = reader.span(key)
                found[key] = list(span) if isinstance(span, tuple) else span
        if "cells" in raw:
            cells = reader.texts("cells")
            found["cells"] = list(cells) if isinstance(cells, tuple) else cells
        stored.reasons.append((i, found))


def _place(value: Any) -> Any:
    """A place with the points of its box as numbers; nothing else of a result is a float."""
    if not isinstance(value, dict) or not isinstance(value.get("box"), list):
        return value
    box = [float(one.text) if isinstance(one, Numeral) else one for one in value["box"]]
    return {**value, "box": box}
