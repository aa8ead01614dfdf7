"""Reasons of a stored result against those that follow: left out, unfounded, or told otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from verify.codes import CODES
from verify.stored.differences import Diff, Difference, canonical, pair, path_of
from verify.stored.shape import Stored, span_of

Json = Mapping[str, Any]
Numbered = list[tuple[int, Any]]
ACROSS = frozenset(name for name, code in CODES.items() if code.about == "reports")
"""Codes of findings on two reports, one of which is not at hand."""
ON_WORD = frozenset(name for name, code in CODES.items() if code.about != "source")
"""Codes of findings that no source and no span can confirm: kept, and a verdict may be worse for them."""
_MESSAGES = ("message_zh", "message_en")
_FACTS = ("expected", "actual", "span", "other_span", "previous_span", "severity", "rule", "by")
_KEYS = ("code", "cells", *_FACTS, *_MESSAGES)


def on_word(stored: Stored, *, copies: bool) -> dict[int, dict[str, Any]]:
    """The reasons that are taken on the maker's word, by their place in the list.

    Args:
        stored: The result.
        copies: Whether that of a copy that could not be read is one: where a table is printed again,
            a reader may have seen less of it than this program's does.
    """
    codes = ON_WORD | {"copy_unclear"} if copies else ON_WORD
    return {i: reason for i, reason in stored.reasons if reason["code"] in codes}


def compare_reasons(
    stored: Stored, derived: Sequence[Json], word: Collection[int], diff: Diff
) -> None:
    """Hold the reasons against each other; their order says nothing.

    Args:
        stored: The result.
        derived: What follows, without the reasons that are taken on the maker's word.
        word: Places of those in the list.
        diff: Where differences go.
    """
    for i, reason in stored.reasons:
        if i in word and _forces(reason) and reason.get("severity") != "error":
            path, given = path_of("reasons", i, "severity"), reason.get("severity")
            diff.wrong.append(Difference("wrong_type", path, derived="severity", stored=given))
    if "reasons" not in stored.data:
        return
    left: Numbered = [(i, reason) for i, reason in stored.reasons if i not in word]
    _, left, lacking = pair(left, derived, _by(*_KEYS))
    left, lacking = _alike(left, lacking, _by("code", "cells"), diff)
    if not diff.strict:
        left, lacking = _in_other_groups(left, lacking, diff)
        left, lacking = _in_other_codes(left, lacking, diff)
    left, lacking = _alike(left, lacking, _by("code", "rule"), diff)
    for i, reason in left:
        grave = diff.strict or reason.get("severity") == "error" or _forces(reason)
        kind = "reason_unfounded" if grave else "said_besides"
        (diff.wrong if grave else diff.notes).append(_about(kind, i, reason, reason))
    for reason in lacking:
        grave = diff.strict or reason["severity"] == "error"
        kind = "reason_missing" if grave else "not_said"
        (diff.wrong if grave else diff.notes).append(_about(kind, None, None, reason))


def _alike(
    stored: Numbered, derived: Sequence[Json], key: Callable[[Json], str], diff: Diff
) -> tuple[Numbered, list[Any]]:
    """Pair reasons with the same key, say how the two differ, and return the rest of either."""
    pairs, left, lacking = pair(stored, derived, key)
    for i, reason, match in pairs:
        if _by("cells", *_FACTS)(reason) == _by("cells", *_FACTS)(match):
            if diff.strict:
                diff.wrong.append(_about("message", i, reason, match))
        elif diff.strict or not _says_less(reason, match):
            diff.wrong.append(_about("reason_differs", i, reason, match))
        else:
            diff.notes.append(_about("told_otherwise", i, reason, match))
    return left, lacking


def _says_less(reason: Json, match: Json) -> bool:
    """Whether another maker's reason merely leaves facts out, or names a rule in its own way."""
    if reason.get("cells") is not None and _cells(reason) != _cells(match):
        return False
    own = () if match["code"] == "identity_failed" else ("rule", "by")
    given = [key for key in _FACTS if key not in own and reason.get(key) is not None]
    return all(canonical(reason[key]) == canonical(match.get(key)) for key in given)


def _in_other_groups(
    stored: Numbered, derived: list[Json], diff: Diff
) -> tuple[Numbered, list[Any]]:
    """Take away codes of which both sides say the same cells, cut into reasons in another way."""
    for code in dict.fromkeys(reason["code"] for _, reason in stored):
        own = [(i, reason) for i, reason in stored if reason["code"] == code]
        follow = [reason for reason in derived if reason["code"] == code]
        cells, others = ({c for r in rs for c in _cells(r)} for rs in ((r for _, r in own), follow))
        if follow and cells and cells == others and code != "identity_failed":
            diff.notes.append(_about("told_otherwise", *own[0], follow[0]))
            stored = [one for one in stored if one not in own]
            derived = [reason for reason in derived if reason not in follow]
    return stored, derived


def _in_other_codes(
    stored: Numbered, derived: list[Json], diff: Diff
) -> tuple[Numbered, list[Any]]:
    """Pair reasons whose code this program does not know by severity, cells and figures."""
    foreign = [one for one in stored if one[1]["code"] not in CODES and _cells(one[1])]
    pairs, left, lacking = pair(foreign, derived, _by("severity", "cells", "expected", "actual"))
    diff.notes += [_about("told_otherwise", i, reason, match) for i, reason, match in pairs]
    known = [one for one in stored if one not in foreign]
    return sorted([*known, *left], key=lambda one: one[0]), lacking


def _about(kind: str, i: int | None, reason: Json | None, follows: Json) -> Difference:
    """A difference about one reason, with the sentence of what follows."""
    return Difference(
        kind,
        path_of("reasons") if i is None else path_of("reasons", i),
        stored=reason and reason["code"],
        derived=None if follows is reason else dict(follows),
        span=span_of(follows.get("span")),
        detail_zh=follows.get("message_zh", ""),
        detail_en=follows.get("message_en", ""),
    )


def _cells(reason: Json) -> list[str]:
    return sorted(reason.get("cells") or ())


def _by(*keys: str) -> Callable[[Json], str]:
    """What two reasons have in common when these fields are the same, the cells in any order."""

    def key(reason: Json) -> str:
        return canonical([_cells(reason) if key == "cells" else reason.get(key) for key in keys])

    return key


def _forces(reason: Json) -> bool:
    return reason["code"] in CODES and CODES[reason["code"]].forces is not None
