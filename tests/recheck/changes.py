"""Single changes of a stored result; each must be noticed wherever it changes anything.

`leaves` changes every field by itself; `CHANGES` are those of more than one field, or by another value that could
be one. A change returns False where a result has nothing that it could change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.conftest import MONEY
from verify.stored.reasons import ON_WORD

Json = dict[str, Any]
CHANGES: dict[str, Callable[[Json, Random], bool]] = {}
STATES = ("read", "blank", "missing", "unreadable", "deduced")
VERDICTS = ("unsupported", "rejected", "inconsistent", "incomplete", "completed", "accepted")
OF_THE_MAKER = (
    *(("provenance", key) for key in ("reader", "model", "prompt", "qualified", "ladder")),
    *(("provenance", key) for key in ("attempts", "usage", "form_data", "version")),
    ("provenance", "source", "name"),
)
"""What only the maker can know."""


def change(function: Callable[[Json, Random], bool | None]) -> None:
    """Register a change; None says that it was made."""
    CHANGES[function.__name__] = lambda data, rng: function(data, rng) is not False


def change_of_cell(*keys: str) -> Callable[[Callable[[Json, Random], None]], None]:
    """Register a change of a cell that has all these keys and no null in them."""

    def register(do: Callable[[Json, Random], None]) -> None:
        def apply(data: Json, rng: Random) -> bool:
            cells = [c for c in data["cells"].values() if all(c.get(k) is not None for k in keys)]
            if cells:
                do(rng.choice(cells), rng)
            return bool(cells)

        CHANGES[do.__name__] = apply

    return register


def change_of_two(do: Callable[[Json, Json], None]) -> None:
    """Register a change of two cells that are read, of one kind, at different places."""

    def apply(data: Json, rng: Random) -> bool:
        read = [c for n, c in data["cells"].items() if c["state"] == "read" and n not in MONEY]
        pair = rng.sample(read, 2) if len(read) > 1 else []
        fits = bool(pair) and pair[0]["span"] != pair[1]["span"]
        if fits:
            do(*pair)
        return fits

    CHANGES[do.__name__] = apply


def change_of_one(key: str) -> Callable[[Callable[[Json, list[Any], Random], None]], None]:
    """Register a change of one entry of a list of the result: a reason that follows, a claim, suspects."""

    def register(do: Callable[[Json, list[Any], Random], None]) -> None:
        def apply(data: Json, rng: Random) -> bool:
            found = [one for one in data.get(key) or () if one.get("code") not in ON_WORD]
            if found:
                do(rng.choice(found), data[key], rng)
            return bool(found)

        CHANGES[do.__name__] = apply

    return register


# --- cells


@change_of_cell("value", "text")
def value_and_text_one_more(cell: Json, _rng: Random) -> None:
    cell["value"] = _other(cell["value"])
    cell["text"] = str(cell["value"])


@change_of_cell("span")
def span_moved(cell: Json, rng: Random) -> None:
    start, end = cell["span"]
    near = ((1, 1), (-1, -1), (0, 1), (-1, 0), (10**9, 10**9))
    moved = [[start + a, end + b] for a, b in near]
    cell["span"] = rng.choice([*moved, [end, start], {"start": start, "end": end}])


@change_of_two
def spans_exchanged(one: Json, two: Json) -> None:
    one["span"], two["span"] = two["span"], one["span"]


@change_of_two
def cells_exchanged(one: Json, two: Json) -> None:
    before = dict(one)
    one.update(two)
    two.update(before)


@change_of_two
def one_place_for_two(one: Json, two: Json) -> None:
    one.update(two)


@change
def rows_exchanged(data: Json, rng: Random) -> bool | None:
    rows: dict[str, list[str]] = {}
    for name, cell in data["cells"].items():
        if name.startswith("requests.") and cell["state"] == "read":
            rows.setdefault(name.rpartition(".")[0], []).append(name)
    full = [names for names in rows.values() if len(names) == 7]
    if len(full) < 2:
        return False
    for a, b in zip(*rng.sample(full, 2), strict=True):
        data["cells"][a], data["cells"][b] = data["cells"][b], data["cells"][a]
    return None


@change_of_cell("state")
def state_changed(cell: Json, rng: Random) -> None:
    cell["state"] = rng.choice([s for s in STATES if s != cell["state"]])


@change_of_cell("span")
def cell_called_missing(cell: Json, _rng: Random) -> None:
    cell.update(state="missing", value=None, text=None, span=None)


@change_of_cell("value")
def cell_called_blank(cell: Json, _rng: Random) -> None:
    cell.update(state="blank", value=None)


@change
def unread_turned_into_zero(data: Json, rng: Random) -> bool | None:
    unread = [c for c in data["cells"].values() if c["state"] not in ("read", "deduced")]
    if not unread:
        return False
    rng.choice(unread).update(value=0, state=rng.choice(("read", "blank", "deduced")))
    return None


@change_of_cell("was", "proof")
def deduced_called_read(cell: Json, _rng: Random) -> None:
    cell["state"] = "read"
    del cell["was"], cell["proof"]


@change_of_cell("proof")
def proof_changed(cell: Json, rng: Random) -> None:
    cell["proof"] = rng.choice((cell["proof"][:-1], [*cell["proof"], "row.granted"]))


@change_of_cell("was")
def was_changed(cell: Json, rng: Random) -> None:
    cell["was"] = rng.choice([s for s in STATES[1:4] if s != cell["was"]])


@change
def cell_dropped(data: Json, rng: Random) -> bool | None:
    return bool(data["cells"]) and bool(data["cells"].pop(rng.choice(list(data["cells"]))))


@change
def cell_added(data: Json, rng: Random) -> None:
    name = rng.choice(("requests.granted.everybody", "x", "proactive.fees.items"))
    data["cells"][name] = {"value": 0, "state": "read", "text": "0", "span": [0, 1]}


# --- the rest


@change
def verdict_changed(data: Json, rng: Random) -> None:
    data["verdict"] = rng.choice([v for v in VERDICTS if v != data["verdict"]])


@change
def verdict_accepted_and_reasons_gone(data: Json, _rng: Random) -> bool | None:
    if data["verdict"] == "accepted":
        return False
    data["verdict"] = "accepted"
    data["reasons"] = [r for r in data["reasons"] if r["severity"] != "error"]
    return None


@change_of_one("reasons")
def reason_removed(reason: Json, reasons: list[Any], _rng: Random) -> None:
    reasons.remove(reason)


@change_of_one("reasons")
def reason_twice(reason: Json, reasons: list[Any], _rng: Random) -> None:
    reasons.append(reason)


@change
def reason_invented(data: Json, rng: Random) -> None:
    code = rng.choice(("identity_failed", "negative_count", "table_repeated", "spam_words", "mine"))
    empty = dict.fromkeys(("rule", "expected", "actual", "span", "other_span"))
    told = {"severity": "info", "cells": [], "message_zh": "", "message_en": ""}
    data["reasons"].append({"code": code, **empty, **told})


@change_of_one("reasons")
def reason_bent(reason: Json, _reasons: list[Any], rng: Random) -> None:
    key = rng.choice(sorted(reason))
    old = reason[key]
    if isinstance(old, list):
        reason[key] = old[1:] if old else ["requests.granted.total"]
    else:
        reason[key] = f"{old or ''}x"


@change_of_one("suspects")
def suspects_changed(chosen: Json, suspects: list[Any], rng: Random) -> None:
    if chosen["sets"] and rng.random() < 0.7:
        chosen["sets"].pop(rng.randrange(len(chosen["sets"])))
    else:
        suspects.remove(chosen)


@change
def suspects_invented(data: Json, _rng: Random) -> None:
    data["suspects"] = [*data["suspects"], {"identities": ["row.granted"], "sets": []}]


@change
def claims_in_another_order(data: Json, rng: Random) -> bool | None:
    before = list(data.get("claims", ()))
    if len(before) < 2:
        return False
    at = rng.randrange(len(before) - 1)
    data["claims"][at], data["claims"][at + 1] = before[at + 1], before[at]
    return None


@change
def head_changed(data: Json, rng: Random) -> None:
    new: Json = {"agency": "某局", "year": 1999, "form": "2017"}
    key = rng.choice(sorted(new))
    data["report"][key] = new[key]


@change
def key_lost(data: Json, rng: Random) -> None:
    holders = [(data, key) for key in data if key not in ("cells", "provenance")]
    holders += [(data[part], key) for part in ("report", "identities") for key in data[part]]
    holders += [(cell, key) for cell in [*data["cells"].values()][:9] for key in cell]
    holder, key = rng.choice(holders)
    del holder[key]


# --- every field


def leaves(data: Json, rng: Random) -> Iterator[tuple[str, Json]]:
    """The result with each of its fields changed, one at a time, and the path of the field."""
    text = json.dumps(data)
    for path in _paths(data, ()):
        if any(path[: len(own)] == own for own in OF_THE_MAKER):
            continue
        if path[0] == "reasons" and data["reasons"][path[1]]["code"] in ON_WORD:
            continue
        changed = json.loads(text)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        old = holder[path[-1]]
        holder[path[-1]] = rng.choice((_other(old), _other(old), _of_another_type(old)))
        yield "/".join(map(str, path)), changed


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    elif path:
        yield path
    for key, item in items:
        yield from _paths(item, (*path, key))


def _other(value: Any) -> Any:
    if value is None:
        return 0
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + "1"


def _of_another_type(value: Any) -> Any:
    if value in (0, 1):
        return bool(value)
    return f"{value}" if isinstance(value, int) else {"a": value}
