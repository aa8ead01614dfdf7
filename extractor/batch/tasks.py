"""Reports on their way through a run, and where they come from: files, or what the store holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.batch.listing import read_bytes
from extractor.batch.unit import Job, name_of
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.batch.counts import Counts
    from extractor.batch.ledger import Ledger
    from extractor.batch.plan import Plan
    from extractor.batch.records import How, Known, Run
    from extractor.batch.store import Store

_BLOCK = 1024


@dataclass(slots=True)
class Task:
    """One report on its way.

    Attributes:
        sha256: Of its bytes.
        size: How many they are.
        job: What a worker is told.
        paths: Where it was found in this run.
        known: What the store knew of it.
        worker: Who has it.
        asking: Questions of it that are not answered yet.
        suspect: A worker died while it had this one; so it is tried alone.
    """

    sha256: str
    size: int
    job: Job
    paths: list[str] = field(default_factory=list)
    known: Known | None = None
    worker: int = -1
    asking: int = 0
    suspect: bool = False

    @property
    def number(self) -> int:
        """By which workers and models know it."""
        return self.job.number


class Intake:
    """What a run has to do, one report after the other, and what it leaves alone.

    Args:
        store: What is known.
        plan: What is wanted.
        counts: Are kept up to date.
        ledger: Where paths are written down.
        since: Runs with the same aim that did not end: what they tried is not tried again.
    """

    def __init__(
        self, store: Store, plan: Plan, counts: Counts, ledger: Ledger, since: Sequence[int] = ()
    ) -> None:
        self._since = since
        self._store = store
        self._plan = plan
        self._counts = counts
        self._ledger = ledger
        self._open: dict[str, Task] = {}
        self._seen = _Seen()
        self._number = 0
        self.taken = 0
        self.ended = False

    def number(self) -> int:
        """A number that no report of this run had before."""
        self._number += 1
        return self._number

    def written(self, task: Task, source: int) -> None:
        """A report is in the store, as this source."""
        self._seen.add(source)
        self._open.pop(task.sha256, None)

    def left(self, task: Task) -> None:
        """A report is left for the next run."""
        self._open.pop(task.sha256, None)

    def anew(self, task: Task) -> Task | None:
        """The same report to be read from its bytes; None when the store has them not."""
        known = task.known
        data = None if known is None else self._store.content(known.source)
        if known is None or data is None:
            return None
        path = next(iter(self._store.paths(known.source)), "-")
        task.job = Job(self.number(), data, name_of(path))
        return task

    def from_paths(self, paths: Iterator[str]) -> Iterator[Task]:
        """Reports in files; the same bytes under another path are one report."""
        for path in paths:
            if self.ended:
                return
            if not self._plan.names(path):
                continue
            self._counts.listed += 1
            try:
                data = read_bytes(path)
            except InputError as error:
                self._counts.problems["unreadable"] += 1
                self._counts.unread += 1
                self._ledger.listed(path, None, "unreadable", str(error))
                continue
            sha256 = hashlib.sha256(data).hexdigest()
            twin = self._open.get(sha256)
            if twin is not None:
                self._counts.again += 1
                twin.paths.append(path)
                continue
            known = self._store.known(sha256)
            task = self._task(known, sha256, data, name_of(path))
            if task is not None:
                task.paths.append(path)
                yield task
            elif known is not None:
                self._leave(known)
                self._ledger.listed(path, known.source)

    def from_store(self) -> Iterator[Task]:
        """Reports whose bytes the store has."""
        plan, store = self._plan, self._store
        sources = store.known_sources(verdicts=plan.verdicts)
        for known in sources:
            if self.ended:
                return
            if plan.paths is not None and not any(map(plan.names, store.paths(known.source))):
                continue
            self._counts.listed += 1
            how = self._wanted(known)
            data = None if how in (None, "judged") else store.content(known.source)
            if how is None or (how != "judged" and data is None):
                self._leave(known)
                continue
            path = next(iter(store.paths(known.source)), "-") if how == "read" else "-"
            task = self._task(known, known.sha256, data, name_of(path))
            if task is not None:
                yield task

    def _wanted(self, known: Known | None) -> How | None:
        how = self._plan.wants(known)
        if how is None or known is None or known.attempt is None:
            return how
        tried = any(self._store.tried_in(run, known.source) for run in self._since)
        return None if tried else how

    def _task(self, known: Known | None, sha256: str, data: bytes | None, name: str) -> Task | None:
        how = self._wanted(known)
        if how is None or (known is not None and not self._seen.add(known.source)):
            return None  # nothing to do, or done in this run
        reading = None
        if how != "read" and known is not None and known.reading is not None:
            reading = self._store.reading(known.reading)
        self.taken += 1
        result = known.result_sha256 if how == "judged" and known is not None else None
        job = Job(self.number(), None if result else data, name, how, reading, result)
        task = Task(sha256, len(data or b""), job, known=known)
        self._open[sha256] = task
        return task

    def _leave(self, known: Known) -> None:
        """Count a report that is left as it is."""
        counts = self._counts
        if not self._seen.add(known.source):
            counts.again += 1
            return
        counts.known += 1
        if known.verdict is not None:
            counts.verdicts[known.verdict] += 1
            counts.stale += known.maker != self._plan.maker
        elif known.problem is not None:
            counts.problems[known.problem] += 1


def unfinished(runs: Sequence[Run], now: int, command: Mapping[str, object]) -> tuple[int, ...]:
    """The last runs before this one that had its aim and did not end, the latest first.

    What was to be done again and was done by them is not left to do.
    """
    found: list[int] = []
    for run in reversed(runs):
        if run.id >= now:
            continue
        if run.ending == "finished" or json.loads(run.command).get("aim") != command.get("aim"):
            break
        found.append(run.id)
    return tuple(found)


class _Seen:
    """Numbers of sources that were counted: one bit each, however many there are."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> bool:
        """Whether it is new."""
        byte, bit = divmod(number, 8)
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + _BLOCK - len(self._bits)))
        new = not self._bits[byte] >> bit & 1
        self._bits[byte] |= 1 << bit
        return new


__all__ = ["Intake", "Task", "unfinished"]
