"""The queue: every report that needs a look, in the order in which it is worth looking, and who looks at what.

Its columns are in memory and follow the store: a decision changes the case that it is on, and nothing is sorted anew.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractor.batch.decided import Decided
from extractor.batch.store import Store
from extractor.batch.store.items import Item, applied_in, items_of, short_of
from extractor.review.cases import Case

_FIRST = ("unconfirmed", "inconsistent", "incomplete", "rejected", "accepted", "completed")
_LOOKING_SECONDS = 120.0
_CASES = """
SELECT s.id, s.sha256, (SELECT min(p.path) FROM listings AS l JOIN paths AS p ON p.id = l.path_id
    WHERE l.source_id = s.id), r.agency, r.year, r.verdict, r.id, a.decided, r.applied
FROM current_sources AS c
JOIN sources AS s ON s.id = c.source_id
JOIN attempts AS a ON a.id = c.attempt_id
JOIN results AS r ON r.id = a.result_id
ORDER BY s.id
"""
_ITEMS = """
SELECT result_id, item, code, words FROM found WHERE item IS NOT NULL ORDER BY result_id, number
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are meant."""

    verdict: str = ""  # only this one
    code: str = ""  # only with an item of this code
    agency: str = ""  # only of this agency
    text: str = ""  # only where agency, path or hash has this
    # ``open``, ``trouble`` (people differ, or a second opinion is due), ``mine`` (handed to me), or
    # ``all``
    state: str = "open"

    def takes(self, case: Case, who: str) -> bool:
        """Whether a case is meant."""
        if self.verdict and case.verdict != self.verdict:
            return False
        if self.agency and case.agency != self.agency:
            return False
        if self.text and not self._says(case):
            return False
        if self.code and all(one.code != self.code for one in case.items):
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
            codes = {one.key: one.code for one in case.items}
            keys = tuple(key for key in keys if codes.get(key) == self.code)
        return keys

    def _says(self, case: Case) -> bool:
        wanted = self.text.lower()
        return any(wanted in (one or "").lower() for one in (case.agency, case.path, case.sha256))


class Queue:
    """All cases of a store.

    Args:
        store: Its columns are read once, here; a result when somebody looks at it.
        decided: Its decisions.

    Attributes:
        open: How many items are open.
    """

    def __init__(self, store: Store, decided: Decided) -> None:
        self._store = store
        self._decided = decided
        self.by_sha: dict[str, Case] = {}
        self.by_words: defaultdict[str, set[str]] = defaultdict(set)
        self._by_applied: defaultdict[str, set[str]] = defaultdict(set)
        self._by_year: dict[tuple[str | None, int | None], str] = {}
        self._looking: dict[str, tuple[str, float]] = {}
        self.open = 0
        for case in _cases(store):
            self._put(case)
        self.order = sorted(self.by_sha, key=self._rank)
        self._place = {sha256: at for at, sha256 in enumerate(self.order)}

    # --- keeping it true

    def _put(self, case: Case) -> None:
        before = self.by_sha.get(case.sha256)
        if before is not None:
            self.open -= len(before.open)
            for item in before.items:
                for words in item.words:
                    self.by_words[words].discard(case.sha256)
            for id in before.applied:
                self._by_applied[id].discard(case.sha256)
        own = self._decided.own(case.sha256)
        if own:
            self._open_items(case)
        case.judge(own)
        self.by_sha[case.sha256] = case
        self.open += len(case.open)
        for item in case.items:
            for words in item.words:
                self.by_words[words].add(case.sha256)
        for id in case.applied:
            self._by_applied[id].add(case.sha256)
        self._by_year[case.agency, case.year] = case.sha256

    def judged(
        self, sha256: str, verdict: str, result: int, text: str | None, decided: int
    ) -> None:
        """A report was judged again; ``text`` is None where its result stayed the same."""
        was = self.by_sha[sha256]
        items, applied = was.items, was.applied
        if text is not None:
            items, applied = items_of(text), _ids(applied_in(text))
        self._put(
            replace(
                was, verdict=verdict, result=result, decided=decided, items=items, applied=applied
            )
        )

    def case(self, sha256: str) -> Case | None:
        """A case with the findings of its items; None where there is no such report."""
        found = self.by_sha.get(sha256)
        if found is not None:
            self._open_items(found)
        return found

    def _open_items(self, case: Case) -> None:
        if not case.opened:
            case.items = items_of(self._store.result_json(case.result))

    def touched(self, sha256: str) -> None:
        """Decisions on a report came that change no result."""
        self._put(replace(self.by_sha[sha256]))

    def waiting(self) -> list[str]:
        """Reports whose result does not have all decisions that may be on them, as after a crash."""
        words: dict[str, int] = {}
        for number, one in self._decided.numbered_words():
            undone = self._decided.by_id.get(one.undoes or "", one)
            for sha256 in (
                *self.by_words.get(short_of(undone.about), ()),
                *self._by_applied[undone.id],
            ):
                words[sha256] = max(words.get(sha256, 0), number)
        return [
            case.sha256
            for case in self.by_sha.values()
            if max(self._decided.latest(case.sha256), words.get(case.sha256, 0)) > case.decided
        ]

    def of_words(self, words: object, id: str = "") -> set[str]:
        """The reports that a decision on words settles, or settled."""
        return self.by_words.get(short_of(words), set()) | self._by_applied.get(id, set())

    # --- asking

    def _rank(self, sha256: str) -> tuple[object, ...]:
        case = self.by_sha[sha256]
        verdict = _FIRST.index(case.verdict) if case.verdict in _FIRST else len(_FIRST)
        settled = max((self.settles(item) for item in case.items), default=0)
        return verdict, -settled, case.agency or "", case.year or 0, case.source

    def settles(self, item: Item) -> int:
        """How many reports a decision on the words of an item would settle."""
        return len(self.by_words[item.words[0]]) if item.settles else 1

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


def _cases(store: Store) -> Iterator[Case]:
    items: defaultdict[int, dict[str, Item]] = defaultdict(dict)
    for result, key, code, words in store.sql(_ITEMS):
        there = items[result].get(key)
        known = () if there is None else there.words
        items[result][key] = Item(key, code if there is None else there.code, (*known, words))
    for *facts, result, decided, applied in store.sql(_CASES):
        source, sha256, path, agency, year, verdict = facts
        things = tuple(items[result].values()) if result in items else ()
        about = (source, sha256, path or "", agency, year, verdict, result, decided)
        yield Case(*about, things, _ids(applied))


def _ids(applied: str | None) -> frozenset[str]:
    return frozenset(json.loads(applied)) if applied else frozenset()
