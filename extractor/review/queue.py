"""The queue: every report that needs a look, in the order in which it is worth looking, and who looks at what.

It is in memory and follows the store: a decision changes the case that it is on, and nothing is sorted anew.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractor.batch.decided import Decided
from extractor.batch.store import Store
from extractor.review.cases import Case, Item, items_of

_FIRST = ("unconfirmed", "inconsistent", "incomplete", "rejected", "accepted", "completed")
_LOOKING_SECONDS = 120.0
_CASES = """
SELECT s.id, s.sha256, (SELECT min(p.path) FROM listings AS l JOIN paths AS p ON p.id = l.path_id
    WHERE l.source_id = s.id), r.agency, r.year, r.verdict, r.id, a.decided, r.json
FROM current_sources AS c
JOIN sources AS s ON s.id = c.source_id
JOIN attempts AS a ON a.id = c.attempt_id
JOIN results AS r ON r.id = a.result_id
WHERE s.id > ? ORDER BY s.id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are meant.

    Attributes:
        verdict: Only this one.
        code: Only with an item of this code.
        agency: Only of this agency.
        text: Only where agency, path or hash has this.
        state: ``open``, ``trouble`` (people differ, or a second opinion is due), ``mine`` (handed to me), or ``all``.
    """

    verdict: str = ""
    code: str = ""
    agency: str = ""
    text: str = ""
    state: str = "open"

    def takes(self, case: Case, who: str) -> bool:
        """Whether a case is meant."""
        if self.verdict and case.verdict != self.verdict:
            return False
        if self.agency and case.agency != self.agency:
            return False
        if self.text and not self._says(case):
            return False
        if self.code and all(one.first.code != self.code for one in case.items):
            return False
        return bool(self.keys(case, who)) or self.state == "all"

    def keys(self, case: Case, who: str) -> tuple[str, ...]:
        """The items of a case that are meant."""
        keys = case.open
        if self.state == "trouble":
            keys = case.trouble
        elif self.state == "mine":
            keys = tuple(key for key, to in case.handed.items() if to == who and key in case.open)
        elif self.state == "all":
            keys = tuple(one.key for one in case.items)
        if self.state == "open":
            keys = tuple(key for key in keys if case.handed.get(key, who) == who)
        if self.code:
            codes = {one.key: one.first.code for one in case.items}
            keys = tuple(key for key in keys if codes.get(key) == self.code)
        return keys

    def _says(self, case: Case) -> bool:
        wanted = self.text.lower()
        return any(wanted in (one or "").lower() for one in (case.agency, case.path, case.sha256))


class Queue:
    """All cases of a store.

    Args:
        store: Read once, here.
        decided: Its decisions.
    """

    def __init__(self, store: Store, decided: Decided) -> None:
        self._decided = decided
        self.by_sha: dict[str, Case] = {}
        self.by_words: defaultdict[object, set[str]] = defaultdict(set)
        self._by_applied: defaultdict[str, set[str]] = defaultdict(set)
        self._by_year: dict[tuple[str | None, int | None], str] = {}
        self._looking: dict[str, tuple[str, float]] = {}
        self._open = 0
        for case in _cases(store):
            self._put(case)
        self.order = sorted(self.by_sha, key=self._rank)
        self._place = {sha256: at for at, sha256 in enumerate(self.order)}

    # --- keeping it true

    def _put(self, case: Case) -> None:
        before = self.by_sha.get(case.sha256)
        if before is not None:
            self._open -= len(before.open)
            for item in before.items:
                for one in item.findings:
                    self.by_words[one.words].discard(case.sha256)
            for id in before.applied:
                self._by_applied[id].discard(case.sha256)
        case.judge(self._decided.own(case.sha256))
        self.by_sha[case.sha256] = case
        self._open += len(case.open)
        for item in case.items:
            for one in item.findings:
                self.by_words[one.words].add(case.sha256)
        for id in case.applied:
            self._by_applied[id].add(case.sha256)
        self._by_year[case.agency, case.year] = case.sha256

    def judged(
        self, sha256: str, verdict: str, result: int, json: str | None, decided: int
    ) -> None:
        """A report was judged again; ``json`` is None where its result stayed the same."""
        was = self.by_sha[sha256]
        items, applied = (was.items, was.applied) if json is None else items_of(json)
        self._put(
            replace(
                was, verdict=verdict, result=result, decided=decided, items=items, applied=applied
            )
        )

    def touched(self, sha256: str) -> None:
        """Decisions on a report came that change no result."""
        self._put(replace(self.by_sha[sha256]))

    def waiting(self) -> list[str]:
        """Reports whose result does not have all decisions that may be on them, as after a crash."""
        words: dict[str, int] = {}
        for number, one in self._decided.numbered_words():
            undone = self._decided.by_id.get(one.undoes or "", one)
            for sha256 in (*self.by_words.get(undone.about, ()), *self._by_applied[undone.id]):
                words[sha256] = max(words.get(sha256, 0), number)
        return [
            case.sha256
            for case in self.by_sha.values()
            if max(self._decided.latest(case.sha256), words.get(case.sha256, 0)) > case.decided
        ]

    def of_words(self, words: object, id: str = "") -> set[str]:
        """The reports that a decision on words settles, or settled."""
        return self.by_words.get(words, set()) | self._by_applied.get(id, set())

    # --- asking

    def _rank(self, sha256: str) -> tuple[object, ...]:
        case = self.by_sha[sha256]
        verdict = _FIRST.index(case.verdict) if case.verdict in _FIRST else len(_FIRST)
        settled = max((self.settles(item) for item in case.items), default=0)
        return verdict, -settled, case.agency or "", case.year or 0, case.source

    def settles(self, item: Item) -> int:
        """How many reports a decision on the words of an item would settle."""
        return len(self.by_words[item.first.words]) if item.settles else 1

    @property
    def open(self) -> int:
        """How many items are open."""
        return self._open

    def last_year(self, case: Case) -> Case | None:
        """The report of the same agency for the year before."""
        if case.agency is None or case.year is None:
            return None
        found = self._by_year.get((case.agency, case.year - 1))
        return None if found is None else self.by_sha[found]

    def all(self, wanted: Filter, who: str) -> Iterator[Case]:
        """The cases that are meant, in order."""
        return (c for c in map(self.by_sha.__getitem__, self.order) if wanted.takes(c, who))

    def following(
        self, sha256: str, key: str, wanted: Filter, who: str, *, back: bool = False
    ) -> tuple[Case, str] | None:
        """The next case and item that are meant after one, from the beginning again at the end.

        What another looked at a moment ago is left to them.
        """
        at = self._place.get(sha256, -1)
        count = len(self.order)
        case = self.by_sha.get(sha256)
        if case is not None and wanted.takes(case, who):
            keys = [one.key for one in case.items]
            rest = keys[: keys.index(key)][::-1] if back and key in keys else keys
            if not back and key in keys:
                rest = keys[keys.index(key) + 1 :]
            meant = wanted.keys(case, who)
            found = next((one for one in rest if one in meant and one != key), None)
            if found is not None:
                return case, found
        for step in range(1, count + 1):
            other = self.by_sha[self.order[(at - step if back else at + step) % count]]
            if not wanted.takes(other, who):
                continue
            left = [k for k in wanted.keys(other, who) if (other.sha256, k) != (sha256, key)]
            if left and not self.looked_at(other.sha256, who):
                return other, left[-1 if back else 0]
        return None

    # --- who looks at what

    def look(self, sha256: str, who: str) -> None:
        """Somebody looks at a report now."""
        self._looking[who] = (sha256, time.monotonic())

    def looked_at(self, sha256: str, who: str) -> list[str]:
        """Who else looks at a report."""
        now = time.monotonic()
        return [
            other
            for other, (at, since) in self._looking.items()
            if at == sha256 and other != who and now - since < _LOOKING_SECONDS
        ]


def _cases(store: Store) -> Iterable[Case]:
    after = 0
    while True:
        rows = list(store.sql(_CASES, (after,)))
        for source, sha256, path, agency, year, verdict, result, decided, text in rows:
            items, applied = items_of(text)
            yield Case(
                source, sha256, path or "", agency, year, verdict, result, decided, items, applied
            )
        if not rows:
            return
        after = rows[-1][0]


__all__ = ["Filter", "Queue"]
