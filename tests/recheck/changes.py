"""Single changes of a stored result; each must be noticed wherever it changes anything.

A change returns False where a result has nothing that it could change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from verify.stored.reasons import ON_WORD

Json = dict[str, Any]
Change = Callable[[Json, Random], bool]
CHANGES: dict[str, Change] = {}
STATES = ("read", "blank", "missing", "unreadable", "deduced")
VERDICTS = ("unsupported", "rejected", "inconsistent", "incomplete", "completed", "accepted")
OF_THE_MAKER = (
    ("provenance", "reader"),
    ("provenance", "model"),
    ("provenance", "prompt"),
    ("provenance", "qualified"),
    ("provenance", "ladder"),
    ("provenance", "attempts"),
    ("provenance", "usage"),
    ("provenance", "form_data"),
    ("provenance", "version"),
    ("provenance", "source", "name"),
)
"""What only the maker can know."""


def change(function: Change) -> Change:
    CHANGES[function.__name__] = function
    return function


def _pick(data: Json, rng: Random, *keys: str) -> tuple[str, Json] | None:
    """A cell that has all these keys and no null in them."""
    found = [(n, c) for n, c in data["cells"].items() if all(c.get(k) is not None for k in keys)]
    return rng.choice(found) if found else None


def change_of_cell(*keys: str) -> Callable[[Callable[[Json, Random], None]], None]:
    """Register a change of a cell that has all these keys and no null in them."""

    def register(do: Callable[[Json, Random], None]) -> None:
        def apply(data: Json, rng: Random) -> bool:
            found = _pick(data, rng, *keys)
            if found:
                do(found[1], rng)
            return found is not None

        CHANGES[do.__name__] = apply

    return register


def change_of_two(do: Callable[[Json, Json], None]) -> None:
    """Register a change of two cells that are read, of one kind, at different places."""

    def apply(data: Json, rng: Random) -> bool:
        money = ("proactive.fees.amount", "proactive.procurement.amount")
        read = [c for n, c in data["cells"].items() if c["state"] == "read" and n not in money]
        pair = rng.sample(read, 2) if len(read) > 1 else []
        fits = bool(pair) and pair[0]["span"] != pair[1]["span"]
        if fits:
            do(*pair)
        return fits

    CHANGES[do.__name__] = apply


def _more(value: int | str, by: int = 1) -> int | str:
    return value + by if isinstance(value, int) else f"{int(value.partition('.')[0]) + by}"


@change_of_cell("value")
def value_one_more(cell: Json, _rng: Random) -> None:
    cell["value"] = _more(cell["value"])


@change_of_cell("value", "text")
def value_and_text_one_more(cell: Json, _rng: Random) -> None:
    cell["value"] = _more(cell["value"])
    cell["text"] = str(cell["value"])


@change_of_cell("value")
def value_forgotten(cell: Json, _rng: Random) -> None:
    cell["value"] = None


@change_of_cell("derived")
def derived_one_more(cell: Json, _rng: Random) -> None:
    cell["derived"] = _more(cell["derived"])


@change_of_cell("text")
def text_changed(cell: Json, rng: Random) -> None:
    cell["text"] = cell["text"] + rng.choice("0 x")


def _moved(name: str, start: int, end: int) -> None:
    def do(cell: Json, _rng: Random) -> None:
        cell["span"][0] += start
        cell["span"][1] += end

    do.__name__ = name
    change_of_cell("span")(do)


_moved("span_moved_right", 1, 1)
_moved("span_moved_left", -1, -1)
_moved("span_longer", 0, 1)
_moved("span_earlier", -1, 0)
_moved("span_far_away", 10**9, 10**9)


@change_of_cell("span")
def span_backwards(cell: Json, _rng: Random) -> None:
    cell["span"].reverse()


@change_of_two
def spans_exchanged(one: Json, two: Json) -> None:
    one["span"], two["span"] = two["span"], one["span"]


@change_of_two
def cells_exchanged(one: Json, two: Json) -> None:
    before = dict(one)
    one.update(two)
    two.update(before)


@change
def rows_exchanged(data: Json, rng: Random) -> bool:
    rows: dict[str, list[str]] = {}
    for name, cell in data["cells"].items():
        if name.startswith("requests.") and cell["state"] == "read":
            rows.setdefault(name.rpartition(".")[0], []).append(name)
    full = [names for names in rows.values() if len(names) == 7]
    if len(full) < 2:
        return False
    for a, b in zip(*rng.sample(full, 2), strict=True):
        data["cells"][a], data["cells"][b] = data["cells"][b], data["cells"][a]
    return True


@change_of_two
def one_place_for_two(one: Json, two: Json) -> None:
    one.update(two)


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
def unread_turned_into_zero(data: Json, rng: Random) -> bool:
    unread = [c for c in data["cells"].values() if c["state"] not in ("read", "deduced")]
    if not unread:
        return False
    rng.choice(unread).update(value=0, state=rng.choice(("read", "blank", "deduced")))
    return True


@change
def deduced_called_read(data: Json, rng: Random) -> bool:
    deduced = [c for c in data["cells"].values() if c["state"] == "deduced"]
    if not deduced:
        return False
    chosen = rng.choice(deduced)
    chosen.update(state="read")
    del chosen["was"], chosen["proof"]
    return True


@change_of_cell("proof")
def proof_changed(cell: Json, rng: Random) -> None:
    cell["proof"] = rng.choice((cell["proof"][:-1], [*cell["proof"], "row.granted"]))


@change_of_cell("was")
def was_changed(cell: Json, rng: Random) -> None:
    cell["was"] = rng.choice([s for s in STATES[1:4] if s != cell["was"]])


@change
def cell_dropped(data: Json, rng: Random) -> bool:
    found = _pick(data, rng, "state")
    if found:
        del data["cells"][found[0]]
    return found is not None


@change
def cell_added(data: Json, rng: Random) -> bool:
    name = rng.choice(("requests.granted.everybody", "x", "proactive.fees.items"))
    data["cells"][name] = {"value": 0, "state": "read", "text": "0", "span": [0, 1]}
    return True


@change
def verdict_changed(data: Json, rng: Random) -> bool:
    data["verdict"] = rng.choice([v for v in VERDICTS if v != data["verdict"]])
    return True


@change
def verdict_accepted_and_reasons_gone(data: Json, rng: Random) -> bool:  # noqa: ARG001
    if data["verdict"] == "accepted":
        return False
    data["verdict"] = "accepted"
    data["reasons"] = [r for r in data["reasons"] if r["severity"] != "error"]
    return True


def _reason(data: Json, rng: Random) -> Json | None:
    own = [r for r in data["reasons"] if r["code"] not in ON_WORD]
    return rng.choice(own) if own else None


@change
def reason_removed(data: Json, rng: Random) -> bool:
    reason = _reason(data, rng)
    if reason:
        data["reasons"].remove(reason)
    return reason is not None


@change
def reason_twice(data: Json, rng: Random) -> bool:
    reason = _reason(data, rng)
    if reason:
        data["reasons"].append(reason)
    return reason is not None


@change
def reason_invented(data: Json, rng: Random) -> bool:
    code = rng.choice(("identity_failed", "negative_count", "table_repeated", "spam_words", "mine"))
    reason: Json = {
        "code": code,
        "severity": "info",
        "rule": None,
        "cells": [],
        "expected": None,
        "actual": None,
        "span": None,
        "other_span": None,
        "message_zh": "",
        "message_en": "",
    }
    data["reasons"].append(reason)
    return True


@change
def reason_bent(data: Json, rng: Random) -> bool:
    reason = _reason(data, rng)
    if reason:
        key = rng.choice(sorted(reason))
        old = reason[key]
        if isinstance(old, list):
            reason[key] = old[1:] if old else ["requests.granted.total"]
        else:
            reason[key] = f"{old or ''}x"
    return reason is not None


@change
def count_of_identities(data: Json, rng: Random) -> bool:
    data["identities"][rng.choice(("held", "failed", "not_evaluable"))] += rng.choice((-1, 1))
    return True


@change
def suspects_changed(data: Json, rng: Random) -> bool:
    if not data["suspects"]:
        data["suspects"] = [{"identities": ["row.granted"], "sets": []}]
        return True
    chosen = rng.choice(data["suspects"])
    if chosen["sets"] and rng.random() < 0.7:
        chosen["sets"].pop(rng.randrange(len(chosen["sets"])))
    else:
        data["suspects"].remove(chosen)
    return True


@change
def claim_changed(data: Json, rng: Random) -> bool:
    if not data.get("claims"):
        return False
    chosen = rng.choice(data["claims"])
    chosen["value"] = _more(chosen["value"])
    return True


@change
def claims_in_another_order(data: Json, rng: Random) -> bool:
    before = list(data.get("claims", ()))
    if len(before) < 2:
        return False
    at = rng.randrange(len(before) - 1)
    data["claims"][at], data["claims"][at + 1] = before[at + 1], before[at]
    return True


@change
def head_changed(data: Json, rng: Random) -> bool:
    key = rng.choice(("agency", "year", "form"))
    new: dict[str, Any] = {"agency": "某局", "year": 1999, "form": "2017"}
    data["report"][key] = new[key]
    return True


@change
def source_changed(data: Json, rng: Random) -> bool:
    new: dict[str, Any] = {"sha256": "0" * 64, "chars": 1, "encoding": "cp437"}
    key = rng.choice(sorted(new))
    data["provenance"]["source"][key] = new[key]
    return True


@change
def number_as_text(data: Json, rng: Random) -> bool:
    found = _pick(data, rng, "value")
    if found and isinstance(found[1]["value"], int):
        found[1]["value"] = str(found[1]["value"])
        return True
    return False


@change_of_cell("value")
def number_as_float(cell: Json, _rng: Random) -> None:
    cell["value"] = float(cell["value"])


@change
def number_as_boolean(data: Json, rng: Random) -> bool:
    small = [c for c in data["cells"].values() if c["value"] in (0, 1)]
    if not small:
        return False
    chosen = rng.choice(small)
    chosen["value"] = bool(chosen["value"])
    return True


@change_of_cell("span")
def span_as_object(cell: Json, _rng: Random) -> None:
    start, end = cell["span"]
    cell["span"] = {"start": start, "end": end}


@change
def key_lost(data: Json, rng: Random) -> bool:
    holders = [(data, key) for key in data if key not in ("cells", "provenance")]
    holders += [(data["report"], key) for key in data["report"]]
    holders += [(data["identities"], key) for key in data["identities"]]
    cells = list(data["cells"].values())
    if cells:
        cell = rng.choice(cells)
        holders += [(cell, key) for key in cell]
    holder, key = rng.choice(holders)
    del holder[key]
    return True


# --- every field ----------------------------------------------------------------------------------


def leaves(data: Json) -> Iterator[tuple[str, Json]]:
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
        holder[path[-1]] = _other(holder[path[-1]])
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
