"""The outcome of holding a stored result against what follows, and the source that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.stored.differences import Difference, canonical
from verify.stored.parts import Stored
from verify.stored.shapes import UNKNOWN


@dataclass(frozen=True, slots=True)
class Facts:
    """The source that a result is held against.

    Attributes:
        text: Decoded.
        sha256: Of its bytes.
        encoding: Codec that decodes them.
        version: Of this program.
        form_data: Of the forms.
        media_type: Of its bytes.
        renderer: What made the text of them.
    """

    text: str
    sha256: str
    encoding: str
    version: str
    form_data: str
    media_type: str | None = None
    renderer: str | None = None


@dataclass(slots=True)
class Comparison:
    """The outcome.

    Attributes:
        strict: Whether this very version made the result.
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

    def hold(
        self,
        difference: Difference,
        *,
        may_lack: bool = False,
        alike: str = "",
        is_alike: Callable[[], bool] = lambda: True,
    ) -> None:
        """Hold what is stored against what follows; say that it differs, if it does.

        Args:
            difference: What is to be said, with both values.
            may_lack: Whether another maker may leave it out.
            alike: The kind of the note where another maker says the same in another way.
            is_alike: Whether it does.
        """
        stored, derived = difference.stored, difference.derived
        if stored is UNKNOWN or canonical(stored) == canonical(derived):
            return
        if may_lack and stored is None and not self.strict:
            return
        if alike and not self.strict and is_alike():
            self.notes.append(_as(alike, difference))
        else:
            self.wrong.append(difference)


def _as(kind: str, one: Difference) -> Difference:
    return Difference(kind, one.path, one.cell, one.stored, one.derived, one.span)


def made_here(stored: Stored, facts: Facts) -> bool:
    """Whether the result says that this very version made it."""
    if stored.is_older:
        return False
    version = (stored.get("provenance", "version"), stored.get("provenance", "form_data"))
    return version == (facts.version, facts.form_data)


def pair(
    stored: Sequence[tuple[int, Any]], derived: Sequence[Any], key: Callable[[Any], object]
) -> tuple[list[tuple[int, Any, Any]], list[tuple[int, Any]], list[Any]]:
    """Pair what is stored with what follows and has the same key.

    Args:
        stored: Entries of a list with their places in it.
        derived: Those that follow.
        key: Of an entry.

    Returns:
        The pairs, and what is left of either.
    """
    waiting: dict[object, list[Any]] = {}
    for entry in derived:
        waiting.setdefault(key(entry), []).append(entry)
    pairs: list[tuple[int, Any, Any]] = []
    left: list[tuple[int, Any]] = []
    for i, entry in stored:
        alike = waiting.get(key(entry))
        if alike:
            pairs.append((i, entry, alike.pop(0)))
        else:
            left.append((i, entry))
    lacking = {id(entry) for entries in waiting.values() for entry in entries}
    return pairs, left, [entry for entry in derived if id(entry) in lacking]
