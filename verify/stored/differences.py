"""Where a stored result differs from what its source and spans give: kinds of difference, and in words.

The sentences stand in ``differences.toml`` beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from verify.data import toml_of
from verify.reading import Span

_LONGEST = 80
_LONGEST_STORED = 1000


@dataclass(frozen=True, slots=True)
class Numeral:
    """A JSON number that is no plain integer of a sensible length, as it is written."""

    text: str


class Unknown:
    """Something that could not be understood and was said to be wrong already."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
_LISTED = toml_of("verify.stored", "differences.toml")
KINDS: dict[str, tuple[str, str]] = {
    kind: (entry["zh"], entry["en"]) for kind, entry in _LISTED["kinds"].items()
}
"""Every kind with its Chinese and English sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a stored result and what follows from its source differ.

    Attributes:
        kind: Key of `KINDS`.
        path: Where in the result, as a JSON path.
        cell: The cell concerned, or None.
        stored: What the result says.
        derived: What follows.
        span: Where in the source, or None.
        detail_zh: Inserted in the Chinese sentence.
        detail_en: Inserted in the English sentence.
    """

    kind: str
    path: str
    cell: str | None = None
    stored: Any = None
    derived: Any = None
    span: Span | None = None
    detail_zh: str = ""
    detail_en: str = ""

    def message(self, lang: str) -> str:
        """The sentence in ``zh`` or ``en``, one line."""
        zh, en = KINDS[self.kind]
        derived = self._derived(lang)
        return (zh if lang == "zh" else en).format(
            path=self.path,
            stored=shown(self.stored),
            derived=derived if self.kind == "wrong_type" else shown(derived),
            detail_zh=self.detail_zh,
            detail_en=self.detail_en,
        )

    def _derived(self, lang: str) -> Any:
        """What follows; of a wrong type what there should be, in words."""
        types = _LISTED["types"]
        if self.kind == "wrong_type":
            return types.get(self.derived, types["other"])[lang]
        return plain(self.derived)

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the output."""
        return {
            "kind": self.kind,
            "path": self.path,
            "cell": self.cell,
            "stored": plain(self.stored),
            "derived": self._derived("en"),
            "span": list(self.span) if self.span else None,
            "message_zh": self.message("zh"),
            "message_en": self.message("en"),
        }


def plain(value: Any) -> Any:
    """A JSON value without `Numeral`: such a number is given as it is written, as a string."""
    if isinstance(value, Numeral):
        return _clipped(value.text, _LONGEST)
    if isinstance(value, str):
        return _clipped(value, _LONGEST_STORED)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def shown(value: Any) -> str:
    """A JSON value in one short line."""
    return _clipped(json.dumps(plain(value), ensure_ascii=False, default=str), _LONGEST)


def canonical(value: Any) -> str:
    """JSON of a value, so that True is not 1 and 1.0 is not 1."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def path_of(*keys: str | int) -> str:
    """A JSON path: ``$.cells["requests.granted.total"].span[0]``."""
    found = "$"
    for key in keys:
        if isinstance(key, int):
            found += f"[{key}]"
        elif key.isascii() and key.isidentifier():
            found += f".{key}"
        else:
            found += f"[{json.dumps(key, ensure_ascii=False)}]"
    return found


@dataclass(slots=True)
class Diff:
    """In what a stored result and the derived one differ.

    Attributes:
        strict: Whether this very version made the result; another maker may write some things otherwise.
        wrong: Where the result does not follow.
        notes: What is worth knowing and no fault.
    """

    strict: bool
    wrong: list[Difference] = field(default_factory=list)
    notes: list[Difference] = field(default_factory=list)

    @property
    def weight(self) -> tuple[int, int]:
        """Less is nearer."""
        return len(self.wrong), len(self.notes)

    def differ(
        self, kind: str, path: str, stored: Any, derived: Any, *, alike: str = "", **more: Any
    ) -> None:
        """Say that two values differ, unless they do not; ``alike`` is the kind of the note for another maker."""
        if stored is UNKNOWN or canonical(stored) == canonical(derived):
            return
        into = self.notes if alike and not self.strict else self.wrong
        name = alike if into is self.notes else kind
        into.append(Difference(name, path, stored=stored, derived=derived, **more))


def pair(
    stored: Iterable[tuple[int, Any]], derived: Iterable[Any], key: Callable[[Any], object]
) -> tuple[list[tuple[int, Any, Any]], list[tuple[int, Any]], list[Any]]:
    """Entries of two lists that have the same key, and what is left of either.

    Args:
        stored: With their places in the list.
        derived: Those that follow.
        key: Of an entry.
    """
    waiting: dict[object, list[Any]] = {}
    for entry in derived:
        waiting.setdefault(key(entry), []).append(entry)
    pairs: list[tuple[int, Any, Any]] = []
    left: list[tuple[int, Any]] = []
    for i, entry in stored:
        if alike := waiting.get(key(entry)):
            pairs.append((i, entry, alike.pop(0)))
        else:
            left.append((i, entry))
    return pairs, left, [entry for entries in waiting.values() for entry in entries]
