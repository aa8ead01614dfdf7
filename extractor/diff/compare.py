"""Two results of one report, cell by cell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extractor.diff.records import CellChange, CellKind, CellSide
from verify.stored.older import modernised

_MADE_BY = '"provenance":'
_REPORT = ("agency", "year", "form")
_COUNTED = ("reasons", "claims", "suspects")
_SPANS = ("span", "other_span", "previous_span", "sentence")


def compare_results(
    old: str, new: str, *, same_text: bool = True
) -> tuple[tuple[CellChange, ...], dict[str, Any]]:
    """What changed between two stored results beside the verdict and who made them.

    Args:
        old: A result as JSON.
        new: Another.
        same_text: Both are of the same bytes, so that spans can be compared.

    Returns:
        The cells, in order of the form, and what else changed (`Change.other`).
    """
    if same_text and _without_maker(old) == _without_maker(new):
        return (), {}
    before, after = modernised(json.loads(old)), modernised(json.loads(new))
    return tuple(_cells(before, after, same_text)), _other(before, after, same_text)


def _without_maker(result: str) -> str:
    """A result up to its provenance, its last key.

    A quote inside a JSON string is escaped, so nothing else looks like that key.
    """
    return result.partition(_MADE_BY)[0]


def _cells(old: dict[str, Any], new: dict[str, Any], same_text: bool) -> Iterator[CellChange]:
    before, after = old["cells"], new["cells"]
    for name in [*before, *(name for name in after if name not in before)]:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        one, two = _side(was), _side(now)
        kind = _kind(one, two, same_text)
        if kind is not None:
            yield CellChange(name, kind, one, two)


def _side(cell: dict[str, Any] | None) -> CellSide | None:
    if cell is None:
        return None
    span = cell["span"]
    return CellSide(
        cell["value"],
        cell["state"],
        cell["text"],
        tuple(span) if span else None,
        cell.get("tentative"),
    )


def _kind(old: CellSide | None, new: CellSide | None, same_text: bool) -> CellKind | None:
    if old is None:
        return "new"
    if new is None:
        return "gone"
    if not _same_value(old.value, new.value) or not _same_value(old.tentative, new.tentative):
        return "value"
    if old.state != new.state:
        return "state"
    return "place" if same_text and (old.text, old.span) != (new.text, new.span) else None


def _same_value(old: int | str | None, new: int | str | None) -> bool:
    """15.0 and 15.00 are one sum of money; nothing else that is written differently is one value."""
    if isinstance(old, str) and isinstance(new, str):
        return Decimal(old) == Decimal(new)
    return old == new


def _other(old: dict[str, Any], new: dict[str, Any], same_text: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in _REPORT:
        if old["report"][key] != new["report"][key]:
            found[key] = [old["report"][key], new["report"][key]]
    if old["identities"] != new["identities"]:
        found["identities"] = [old["identities"], new["identities"]]
    for key in _COUNTED:
        before, after = (_counted(side.get(key) or [], same_text) for side in (old, new))
        if before != after:
            found[key] = _named(after - before, before - after, key)
    return found


def _counted(entries: list[dict[str, Any]], same_text: bool) -> Counter[str]:
    left_out = () if same_text else _SPANS
    return Counter(
        json.dumps(
            {key: value for key, value in entry.items() if key not in left_out},
            ensure_ascii=False,
            sort_keys=True,
        )
        for entry in entries
    )


def _named(added: Counter[str], taken: Counter[str], key: str) -> dict[str, Any]:
    """How many of which were added and taken away: reasons by code, claims by subject."""
    word = {"reasons": "code", "claims": "subject"}.get(key)
    sides = []
    for entries in (added, taken):
        names: Counter[str] = Counter()
        for entry, count in entries.items():
            names[json.loads(entry)[word] if word else key] += count
        sides.append(dict(sorted(names.items())))
    return {"added": sides[0], "removed": sides[1]}
