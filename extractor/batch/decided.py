"""The decisions of a store, and which of them count for a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from verify.decisions import Decision, standing


class Decided:
    """All decisions, by the reports that they are on.

    Args:
        rows: With their numbers in the store.

    Attributes:
        last: The highest number.
        by_id: Each decision.
    """

    def __init__(self, rows: Iterable[tuple[int, Decision]] = ()) -> None:
        self.last = 0
        self.by_id: dict[str, Decision] = {}
        self._own: defaultdict[str, list[tuple[int, Decision]]] = defaultdict(list)
        self._words: list[tuple[int, Decision]] = []
        self._standing_words: tuple[Decision, ...] | None = None
        for number, one in sorted(rows, key=lambda row: row[1].kind == "undo"):
            self.add(number, one)

    def add(self, number: int, one: Decision) -> None:
        """A further row; an undoing goes where that is which it undoes."""
        self.last = max(self.last, number)
        self.by_id[one.id] = one
        on = self.by_id.get(one.undoes, one) if one.undoes else one
        if on.scope == "words":
            self._words.append((number, one))
            self._standing_words = None
        else:
            self._own[on.source].append((number, one))

    def own(self, sha256: str) -> list[Decision]:
        """Every row that was made on a report alone, whether it counts or not."""
        return [one for _, one in self.numbered(sha256)]

    def numbered(self, sha256: str) -> list[tuple[int, Decision]]:
        """The same with their numbers in the store."""
        return self._own.get(sha256, [])

    def latest(self, sha256: str) -> int:
        """The number of the last decision on a report alone, 0 without one."""
        return _last(self.numbered(sha256))

    def numbered_words(self) -> list[tuple[int, Decision]]:
        """Every row on words wherever they stand, whether it counts or not, with its number."""
        return self._words

    def of(self, sha256: str) -> tuple[Decision, ...]:
        """The decisions that count for the report with these bytes."""
        if self._standing_words is None:
            self._standing_words = standing(one for _, one in self._words)
        own = self.own(sha256)
        return (*standing(own), *self._standing_words) if own else self._standing_words

    def newer(self, sha256: str, decided: int) -> bool:
        """Whether decisions were made that a result may not have taken into account.

        Args:
            sha256: Of the bytes.
            decided: The last decision that it has.
        """
        return max(self.latest(sha256), _last(self._words)) > decided


def _last(rows: list[tuple[int, Decision]]) -> int:
    return max((number for number, _ in rows), default=0)
