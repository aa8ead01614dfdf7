"""Suspects and claims of a stored result against those that follow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from verify.stored.differences import Difference, plain
from verify.stored.parts import UNKNOWN, Stored

if TYPE_CHECKING:
    from verify.stored.follows import Comparison

Json = Mapping[str, Any]
_MOST_ITEMS = 1000  # groups of suspects, claims: a report has some


def compare_suspects(stored: Stored, derived: Json, out: Comparison, *, strict: bool) -> None:
    """Hold the suspects against each other; another maker need say identities and sets alone."""
    said = stored.get("suspects")
    if said is UNKNOWN:
        return
    if not isinstance(said, list):
        out.wrong.append(
            Difference("wrong_type", "$.suspects", stored=said, derived="a list of objects")
        )
        return
    key = canonical if strict else _sets
    _unmatched("suspects", said, derived["suspects"], key, out.wrong)


def _sets(item: Any) -> str:
    """Identities and sets alone, whatever their order."""
    if not isinstance(item, dict):
        return canonical(item)
    try:
        sets = sorted(sorted(cells) for cells in item["sets"])
        return canonical([sorted(item["identities"]), sets])
    except (KeyError, TypeError):
        return canonical(item)


def compare_claims(stored: Stored, derived: Json, out: Comparison, *, strict: bool) -> None:
    """Hold the claims of the prose against each other; what another maker claims is noted."""
    said = stored.get("claims")
    if said is UNKNOWN:
        if strict:
            out.wrong.append(Difference("missing_key", "$.claims"))
        return
    if not isinstance(said, list):
        out.wrong.append(
            Difference("wrong_type", "$.claims", stored=said, derived="a list of objects")
        )
        return
    found: list[Difference] = []
    _unmatched("claims", said, derived["claims"], canonical, found)
    if not found and canonical(said) != canonical(derived["claims"]):
        found.append(  # suspects name them by number
            Difference("claims", "$.claims", stored=plain(said), derived=derived["claims"])
        )
    if strict:
        out.wrong += found
    else:
        out.notes += found  # what the prose claims never decides anything


def _unmatched(
    kind: str,
    said: Sequence[Any],
    wanted: Sequence[Any],
    key: Callable[[Any], str],
    out: list[Difference],
) -> None:
    """Say what stands on one side only, whatever the order."""
    if len(said) > _MOST_ITEMS:
        much = f"a list of {len(said)}"
        out.append(Difference(kind, f"$.{kind}", stored=much, derived=wanted))
        return
    left = Counter(key(item) for item in wanted)
    extra = []
    for i, item in enumerate(said):
        if left[key(item)] > 0:
            left[key(item)] -= 1
        else:
            extra.append((i, item))
    lacking = []
    for item in wanted:
        if left[key(item)] > 0:
            left[key(item)] -= 1
            lacking.append(item)
    for at in range(max(len(extra), len(lacking))):
        place, item = extra[at] if at < len(extra) else (None, None)
        path = f"$.{kind}" if place is None else f"$.{kind}[{place}]"
        follows = lacking[at] if at < len(lacking) else None
        out.append(Difference(kind, path, stored=plain(item), derived=follows))


def canonical(value: Any) -> str:
    """JSON of a value, so that True is not 1 and 1.0 is not 1."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)
