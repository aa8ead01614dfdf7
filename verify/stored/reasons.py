"""Reasons of a stored result against those that follow: left out, unfounded, or told otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from verify.codes import CODES
from verify.reading import Span
from verify.stored.differences import UNKNOWN, Comparison, Difference, canonical, paired, plain
from verify.stored.parts import Stored

Json = Mapping[str, Any]
Numbered = list[tuple[int, dict[str, Any]]]
ACROSS = frozenset(name for name, code in CODES.items() if code.about == "reports")
"""Codes of findings on two reports, one of which is not at hand."""
ON_WORD = frozenset(name for name, code in CODES.items() if code.about != "source")
"""Codes of findings that no source and no span can confirm: kept, and a verdict may be worse for them."""
_MESSAGES = ("message_zh", "message_en")
_FACTS = ("expected", "actual", "span", "other_span", "previous_span", "severity", "rule", "by")


def on_word(stored: Stored, *, copies: bool) -> dict[int, dict[str, Any]]:
    """The reasons that are taken on the maker's word, by their place in the list.

    Args:
        stored: The result.
        copies: Whether that of a copy that could not be read is one: where a table is printed again,
            a reader may have seen less of it than this program's does.
    """
    codes = ON_WORD | {"copy_unclear"} if copies else ON_WORD
    return {i: reason for i, reason in stored.reasons if reason["code"] in codes}


def compare_reasons(stored: Stored, derived: Json, word: Collection[int], out: Comparison) -> None:
    """Hold the reasons against each other; their order says nothing.

    Args:
        stored: The result.
        derived: What follows, without the reasons that are taken on the maker's word.
        word: Places of those in the list.
        out: Where differences go.
    """
    if not isinstance(stored.get("reasons"), list):
        return
    keys = {"code", "cells", *_FACTS, *_MESSAGES}
    for i, reason in stored.reasons:
        path = f"$.reasons[{i}]"
        out.notes += [Difference("extra_key", f"{path}.{k}") for k in reason if k not in keys]
        severity = reason.get("severity")
        if i in word and _forces(reason["code"]) and severity != "error":
            at = f"{path}.severity"
            out.wrong.append(Difference("wrong_type", at, derived="error", stored=severity))
    left = [(i, reason) for i, reason in stored.reasons if i not in word]
    left, lacking = _paired(
        left, derived["reasons"], _same("cells", *_FACTS, *_MESSAGES), out, None
    )
    left, lacking = _paired(left, lacking, _same("cells", *_FACTS), out, _messages_differ)
    left, lacking = _paired(left, lacking, _same("cells"), out, _facts_differ)
    if not out.strict:
        left, lacking = _grouped_otherwise(left, lacking, out)
        left, lacking = _in_own_codes(left, lacking, out)
    left, lacking = _paired(left, lacking, _same("rule"), out, _facts_differ)
    for i, reason in left:
        grave = out.strict or reason.get("severity") == "error" or _forces(reason["code"])
        kind = "reason_unfounded" if grave else "said_besides"
        texts = [text if isinstance(text := reason.get(key), str) else "" for key in _MESSAGES]
        difference = _about(kind, i, reason, _span(reason), *texts)
        (out.wrong if grave else out.notes).append(difference)
    for reason in lacking:
        grave = out.strict or reason["severity"] == "error"
        kind = "reason_missing" if grave else "not_said"
        texts = [reason[key] for key in _MESSAGES]
        (out.wrong if grave else out.notes).append(
            Difference(kind, "$.reasons", None, None, reason, _span(reason), *texts)
        )


def _paired(
    stored: Numbered,
    derived: Sequence[Any],
    key: Callable[[Json], str],
    out: Comparison,
    say: Callable[[int, Json, Json, Comparison], None] | None,
) -> tuple[Numbered, list[Any]]:
    """Pair reasons with the same key, say how the two differ, if they may, and return the rest of either."""
    pairs, left, lacking = paired(stored, derived, key)
    if say is not None:
        for i, reason, match in pairs:
            say(i, reason, match, out)
    return left, lacking


def _messages_differ(i: int, reason: Json, match: Json, out: Comparison) -> None:
    path = f"$.reasons[{i}]"
    if out.strict:
        out.wrong.append(Difference("message", path, stored=reason["code"], derived=match))
        return
    lacking = [key for key in _MESSAGES if key not in reason]
    out.wrong += [Difference("missing_key", f"{path}.{key}") for key in lacking]


def _facts_differ(i: int, reason: Json, match: Json, out: Comparison) -> None:
    texts = (match["message_zh"], match["message_en"])
    if out.strict or not _says_less(reason, match):
        out.wrong.append(_about("reason_differs", i, reason, _span(match), *texts, match))
    else:
        out.notes.append(_about("told_otherwise", i, reason, _span(match), *texts, match))


def _says_less(reason: Json, match: Json) -> bool:
    """Whether another maker's reason merely leaves facts out, or names a rule in its own way."""
    if reason.get("cells") not in (None, UNKNOWN) and _cells(reason) != sorted(match["cells"]):
        return False
    own_names = () if match["code"] == "identity_failed" else ("rule", "by")
    return all(
        reason.get(key) in (None, UNKNOWN) or canonical(reason[key]) == canonical(match.get(key))
        for key in _FACTS
        if key not in own_names
    )


def _grouped_otherwise(
    stored: Numbered, derived: list[Any], out: Comparison
) -> tuple[Numbered, list[Any]]:
    """Take away codes of which both sides say the same cells, cut into reasons in another way."""
    for code in dict.fromkeys(reason["code"] for _, reason in stored):
        own = [(i, reason) for i, reason in stored if reason["code"] == code]
        follow = [reason for reason in derived if reason["code"] == code]
        cells, others = ({c for r in rs for c in _cells(r)} for rs in ((r for _, r in own), follow))
        if follow and cells and cells == others and code != "identity_failed":
            _told_otherwise(*own[0], follow[0], out)
            stored = [(i, reason) for i, reason in stored if reason["code"] != code]
            derived = [reason for reason in derived if reason["code"] != code]
    return stored, derived


def _in_own_codes(
    stored: Numbered, derived: list[Any], out: Comparison
) -> tuple[Numbered, list[Any]]:
    """Pair reasons whose code this program does not know: another maker has codes of its own.

    What one of them says is as grave as what follows, of the same cells and with the same figures.
    """

    def same(reason: Json, match: Json) -> bool:
        return (
            reason.get("severity") == match["severity"]
            and _cells(reason) == sorted(match["cells"])
            and all(reason.get(k) in (None, UNKNOWN, match[k]) for k in ("expected", "actual"))
        )

    left: Numbered = []
    for i, reason in stored:
        foreign = reason["code"] not in CODES and _cells(reason)
        match = next((one for one in derived if foreign and same(reason, one)), None)
        if match is None:
            left.append((i, reason))
            continue
        derived = [one for one in derived if one is not match]
        _told_otherwise(i, reason, match, out)
    return left, derived


def _told_otherwise(i: int, reason: Json, match: Json, out: Comparison) -> None:
    texts = (match["message_zh"], match["message_en"])
    out.notes.append(_about("told_otherwise", i, reason, None, *texts))


def _about(
    kind: str, i: int, reason: Json, span: Span | None, zh: str, en: str, derived: Any = None
) -> Difference:
    follows = None if derived is None else plain(dict(derived))
    return Difference(kind, f"$.reasons[{i}]", None, reason["code"], follows, span, zh, en)


def _cells(reason: Json) -> list[str]:
    cells = reason.get("cells")
    return sorted(map(str, cells)) if isinstance(cells, list) else []


def _same(*keys: str) -> Callable[[Json], str]:
    """What two reasons have in common when their codes and these fields are the same."""

    def key(reason: Json) -> str:
        fields = (_cells(reason) if name == "cells" else reason.get(name) for name in keys)
        return canonical([reason["code"], *fields])

    return key


def _forces(code: str) -> bool:
    return code in CODES and CODES[code].forces is not None


def _span(reason: Json) -> Span | None:
    span = reason.get("span")
    return (span[0], span[1]) if isinstance(span, list) and len(span) == 2 else None
