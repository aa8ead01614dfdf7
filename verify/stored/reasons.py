"""Reasons of a stored result against those that follow: left out, unfounded, or told otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from verify.codes import CODES
from verify.stored.differences import Difference, Numeral, plain
from verify.stored.parts import UNKNOWN, Stored

if TYPE_CHECKING:
    from verify.stored.follows import Comparison

Json = Mapping[str, Any]
ACROSS = frozenset(
    {
        "carry_over_differs", "different_agency", "far_from_last_year", "in_force_differs",
        "other_agency", "previous_items_differ", "same_tables", "years_apart", "years_not_compared",
    }
)  # fmt: skip
"""Codes of findings on two reports, one of which is not at hand."""
ON_WORD = ACROSS | {
    # said by the ladder of readers, not by the verifier
    "answer_unusable", "not_qualified", "provider_failed", "prompt_clipped", "readers_agree",
    "requests_spent",
}  # fmt: skip
"""Codes of findings that no source and no span can confirm: kept, and a verdict may be worse for them."""

_MESSAGES = ("message_zh", "message_en")
_KEYS = (
    "code", "severity", "rule", "by", "cells", "expected", "actual", "span", "other_span",
    "previous_span",
)  # fmt: skip


def on_word(stored: Stored, *, copies: bool) -> list[int]:
    """Places, in the list of reasons, of those that are taken on the maker's word.

    Args:
        stored: The result.
        copies: Whether that of a copy that could not be read is one: where a table is printed again,
            a reader may have seen less of it than this program's does.
    """
    codes = ON_WORD | {"copy_unclear"} if copies else ON_WORD
    return [i for i, reason in stored.reasons if reason["code"] in codes]


def compare_reasons(
    stored: Stored, derived: Json, word: Sequence[int], out: Comparison, *, strict: bool
) -> None:
    """Hold the reasons against each other; their order says nothing.

    Args:
        stored: The result.
        derived: What follows, without the reasons that are taken on the maker's word.
        word: Places of those in the list.
        out: Where differences go.
        strict: Whether this very version made the result.
    """
    if not isinstance(stored.get("reasons"), list):
        return
    places = set(word)
    said = [(i, reason) for i, reason in stored.reasons if i not in places]
    wanted = list(derived["reasons"])
    for i, reason in stored.reasons:
        unknown = [key for key in reason if key not in _KEYS and key not in _MESSAGES]
        out.notes += [Difference("extra_key", f"$.reasons[{i}].{key}") for key in unknown]
        if i in places and _forces(reason["code"]) and reason.get("severity") != "error":
            out.wrong.append(
                Difference("wrong_type", f"$.reasons[{i}].severity", derived="error",
                           stored=reason.get("severity"))
            )  # fmt: skip
    said, wanted = _same(said, wanted, out, strict=strict)
    said, wanted = _alike(said, wanted, _by_cells, out, strict=strict)
    if not strict:
        said, wanted = _grouped(said, wanted, out)
        said, wanted = _in_own_codes(said, wanted, out)
    said, wanted = _alike(said, wanted, _by_rule, out, strict=strict)
    for i, reason in said:
        error = reason.get("severity") == "error" or _forces(reason["code"])
        kind = "reason_unfounded" if strict or error else "said_besides"
        zh, en = (_message(reason, key) for key in _MESSAGES)
        found = Difference(kind, f"$.reasons[{i}]", stored=reason["code"], span=_span(reason),
                           detail_zh=zh, detail_en=en)  # fmt: skip
        (out.wrong if kind == "reason_unfounded" else out.notes).append(found)
    for reason in wanted:
        kind = "reason_missing" if strict or reason["severity"] == "error" else "not_said"
        found = Difference(
            kind, "$.reasons", derived=reason, span=_span(reason),
            detail_zh=reason["message_zh"], detail_en=reason["message_en"],
        )  # fmt: skip
        (out.wrong if kind == "reason_missing" else out.notes).append(found)


Numbered = list[tuple[int, dict[str, Any]]]


def _same(
    said: Numbered, wanted: list[Any], out: Comparison, *, strict: bool
) -> tuple[Numbered, list[Any]]:
    """Take away reasons that are the same in every field; hold their messages against each other."""
    waiting: dict[str, list[Any]] = {}
    for reason in wanted:
        waiting.setdefault(_key(reason), []).append(reason)
    rest: Numbered = []
    for i, reason in said:
        alike = waiting.get(_key(reason))
        if not alike:
            rest.append((i, reason))
            continue
        texts = [reason.get(key) for key in _MESSAGES]
        exact = [one for one in alike if [one[key] for key in _MESSAGES] == texts]
        match = exact[0] if exact else alike[0]
        alike.remove(match)
        if strict and not exact:
            out.wrong.append(
                Difference("message", f"$.reasons[{i}]", stored=reason["code"], derived=match)
            )
        elif any(not isinstance(text, str) for text in texts):
            out.wrong += [
                Difference("missing_key", f"$.reasons[{i}].{key}")
                for key in _MESSAGES if key not in reason
            ]  # fmt: skip
    left = [id(reason) for reasons in waiting.values() for reason in reasons]
    return rest, [reason for reason in wanted if id(reason) in left]


def _alike(
    said: Numbered,
    wanted: list[Any],
    key: Callable[[Json], object],
    out: Comparison,
    *,
    strict: bool,
) -> tuple[Numbered, list[Any]]:
    """Pair what is left by code and something else: the same reason with other facts."""
    rest: Numbered = []
    for i, reason in said:
        match = next((one for one in wanted if key(one) == key(reason)), None)
        if match is None:
            rest.append((i, reason))
            continue
        wanted = [one for one in wanted if one is not match]
        if strict or not _says_less(reason, match):
            out.wrong.append(_differs(i, reason, match))
        else:
            out.notes.append(
                Difference("told_otherwise", f"$.reasons[{i}]", stored=reason["code"],
                           derived=match, span=_span(match), detail_zh=match["message_zh"],
                           detail_en=match["message_en"])
            )  # fmt: skip
    return rest, wanted


def _says_less(reason: Json, match: Json) -> bool:
    """Whether another maker's reason merely leaves facts out, or names a rule in its own way."""
    for key in _KEYS:
        value = reason.get(key)
        if value is None or value is UNKNOWN:
            continue  # left out, or said to be wrong already
        if key in ("rule", "by") and match["code"] != "identity_failed":
            continue
        if key == "cells":
            if sorted(map(str, value)) != sorted(match["cells"]):
                return False
        elif _text(value) != _text(match.get(key)):
            return False
    return True


def _grouped(said: Numbered, wanted: list[Any], out: Comparison) -> tuple[Numbered, list[Any]]:
    """Take away codes of which both sides say the same cells, cut into reasons in another way."""
    for code in dict.fromkeys(reason["code"] for _, reason in said):
        own = [(i, reason) for i, reason in said if reason["code"] == code]
        follow = [reason for reason in wanted if reason["code"] == code]
        cells = _cells(reason for _, reason in own)
        if follow and cells and cells == _cells(follow) and code != "identity_failed":
            out.notes.append(
                Difference("told_otherwise", f"$.reasons[{own[0][0]}]", stored=code,
                           detail_zh=follow[0]["message_zh"], detail_en=follow[0]["message_en"])
            )  # fmt: skip
            said = [(i, reason) for i, reason in said if reason["code"] != code]
            wanted = [reason for reason in wanted if reason["code"] != code]
    return said, wanted


def _in_own_codes(said: Numbered, wanted: list[Any], out: Comparison) -> tuple[Numbered, list[Any]]:
    """Pair reasons whose code this program does not know: another maker has codes of its own.

    What one of them says is as grave as what follows, of the same cells and with the same figures.
    """
    rest: Numbered = []
    for i, reason in said:
        match = None
        if reason["code"] not in CODES and _listed(reason):
            match = next((one for one in wanted if _same_facts(reason, one)), None)
        if match is None:
            rest.append((i, reason))
            continue
        wanted = [one for one in wanted if one is not match]
        out.notes.append(
            Difference("told_otherwise", f"$.reasons[{i}]", stored=reason["code"],
                       detail_zh=match["message_zh"], detail_en=match["message_en"])
        )  # fmt: skip
    return rest, wanted


def _same_facts(reason: Json, match: Json) -> bool:
    if reason.get("severity") != match["severity"]:
        return False
    if sorted(map(str, _listed(reason))) != sorted(match["cells"]):
        return False
    return all(reason.get(key) in (None, UNKNOWN, match[key]) for key in ("expected", "actual"))


def _cells(reasons: Any) -> set[str]:
    return {str(name) for reason in reasons for name in _listed(reason)}


def _listed(reason: Json) -> Sequence[str]:
    cells = reason.get("cells")
    return cells if isinstance(cells, list) else ()


def _differs(i: int, reason: Json, match: Json) -> Difference:
    return Difference(
        "reason_differs", f"$.reasons[{i}]", stored=reason["code"], derived=plain(dict(match)),
        span=_span(match), detail_zh=match["message_zh"], detail_en=match["message_en"],
    )  # fmt: skip


def _key(reason: Json) -> str:
    facts = {key: reason.get(key) for key in _KEYS}
    facts["cells"] = sorted(map(str, _listed(reason)))
    return _text(facts)


def _by_cells(reason: Json) -> tuple[Any, ...]:
    return reason["code"], tuple(sorted(map(str, _listed(reason))))


def _by_rule(reason: Json) -> tuple[Any, ...]:
    return reason["code"], _text(reason.get("rule"))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def _forces(code: str) -> bool:
    return code in CODES and CODES[code].forces is not None


def _message(reason: Json, key: str) -> str:
    text = reason.get(key)
    return text if isinstance(text, str) else ""


def _span(reason: Json) -> tuple[int, int] | None:
    span = reason.get("span")
    if isinstance(span, list) and len(span) == 2 and not any(isinstance(i, Numeral) for i in span):
        return span[0], span[1]
    return None
