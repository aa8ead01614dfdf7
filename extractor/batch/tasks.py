"""Reports on their way through a run, and where they come from: files, or what the store holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from extractor.batch.decided import Decided
from extractor.batch.listing import read_bytes
from extractor.batch.plan import same_contract
from extractor.batch.unit import Job, name_of, printable
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.batch.counts import Counts
    from extractor.batch.ledger import Ledger
    from extractor.batch.plan import Plan
    from extractor.batch.records import How, Known, Made, Run
    from extractor.batch.store import Store
    from extractor.models.exchange import Told

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
        replies: What came of its questions so far.
    """

    sha256: str
    size: int
    job: Job
    paths: list[str] = field(default_factory=list)
    known: Known | None = None
    replies: list[Told | Exception] = field(default_factory=list)

    @property
    def number(self) -> int:
        """By which workers and models know it."""
        return self.job.number


class Intake:
    """What a run has to do, one report after the other, and what it leaves alone.

    Args:
        store: What is known, and where it is written down.
        run: Number of the run.
        plan: What is wanted.
        counts: Are kept up to date.
        ledger: Writes.
        ended: Whether no more is wanted.
        since: Runs with the same aim that did not end: what they tried is not tried again.
    """

    def __init__(
        self,
        store: Store,
        run: int,
        plan: Plan,
        counts: Counts,
        ledger: Ledger,
        *,
        ended: Callable[[], bool],
        since: Sequence[int] = (),
    ) -> None:
        self._store = store
        self._run = run
        self._maker = store.maker_id(plan.maker)
        self._decided = Decided(store.decisions())
        self._plan = plan
        self._counts = counts
        self._ledger = ledger
        self._ended = ended
        self._since = since
        self._open: dict[str, Task] = {}
        self._seen = bytearray()  # a bit for each source that was counted, however many there are
        self._number = 0
        self.taken = 0

    # -- what becomes of a report

    def made(self, task: Task, made: Made) -> None:
        """A report is done: have it written."""
        sources: list[int] = []

        def written() -> None:
            self._is_new(sources[0])
            self.left(task)

        self._ledger.add(lambda: sources.append(self._write(task, made)), written)

    def _write(self, task: Task, made: Made) -> int:
        store, known = self._store, task.known
        reading = result = None
        if known is None:
            content = None if made.problem == "unreadable" else task.job.data  # no text, not kept
            source = store.add_source(task.sha256, task.size, content)
        else:
            source = known.source
            reading = known.reading if made.how == "judged" else None
            result = known.result if made.same else None
        for path in task.paths:
            store.list_path(self._run, path, source)
        last = self._decided.last
        store.add_attempt(
            self._run, source, self._maker, made, reading=reading, result=result, decided=last
        )
        return source

    def left(self, task: Task) -> None:
        """A report is not under way any more."""
        self._open.pop(task.sha256, None)

    def anew(self, task: Task) -> Task | None:
        """The same report to be read from its bytes; None when these are not to be had."""
        known = task.known
        found = None if known is None else self._bytes(known)
        if found is None:
            return None
        data, name = found
        task.job = Job(self._next(), data, name, decisions=self._decided.of(task.sha256))
        task.replies = []
        return task

    # -- where reports come from

    def from_paths(self, paths: Iterator[str]) -> Iterator[Task | None]:
        """Reports in files; the same bytes under another path are one report. None: nothing to do there."""
        for path in paths:
            if self._ended():
                return
            if self._plan.names(path):
                yield self._at(path)

    def from_store(self) -> Iterator[Task | None]:
        """Reports that the store knows. None: nothing to do there."""
        plan, store = self._plan, self._store
        for known in store.known_sources(verdicts=plan.verdicts):
            if self._ended():
                return
            if plan.paths is None or any(map(plan.names, store.paths(known.source))):
                self._counts.listed += 1
                self._counts.matched += 1
                yield self._again(known)
        if plan.rerun != "stale" and plan.verdicts is None:
            unread = (one.paths for one in store.failures() if not one.sha256)
            yield from self.from_paths(path for paths in unread for path in paths)

    def _at(self, path: str) -> Task | None:
        counts, listed = self._counts, partial(self._store.list_path, self._run, path)
        counts.listed += 1
        try:
            data = read_bytes(path)
        except InputError as error:
            counts.problems["unreadable"] += 1
            counts.unread += 1
            counts.matched += self._plan.verdicts is None
            self._ledger.add(partial(listed, None, "unreadable", printable(str(error))))
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        twin = self._open.get(sha256)
        if twin is not None:
            counts.again += 1
            twin.paths.append(path)
            return None
        known = self._store.known(sha256)
        counts.matched += self._plan.matches(known)
        task = self._task(known, sha256, data, name_of(path))
        if task is not None:
            task.paths.append(path)
        elif known is not None:
            self._leave(known)
            self._ledger.add(partial(listed, known.source))
        return task

    def _again(self, known: Known) -> Task | None:
        how = self._wanted(known)
        found: tuple[bytes | None, str] | None = None, "-"
        if how not in (None, "judged"):
            found = self._bytes(known)
        task = None
        if how is not None and found is not None:
            task = self._task(known, known.sha256, *found)
        if task is None:
            self._leave(known)
        return task

    def _bytes(self, known: Known) -> tuple[bytes, str] | None:
        """The bytes of a source and the name of its file, from the store or, where it has none, from the file."""
        paths = self._store.paths(known.source)
        data = self._store.content(known.source)
        if data is not None:
            return data, name_of(paths[0]) if paths else "-"
        for path in paths:
            with suppress(InputError):
                data = read_bytes(path)
                if hashlib.sha256(data).hexdigest() == known.sha256:
                    return data, name_of(path)
        return None

    # -- what is to be done

    def _wanted(self, known: Known | None) -> How | None:
        how = self._plan.wants(known)
        if how is None and known is not None and self._is_redecided(known):
            how = "judged"
        if how is None or known is None or known.attempt is None:
            return how
        tried = any(self._store.tried_in(run, known.source) for run in self._since)
        return None if tried else how

    def _is_redecided(self, known: Known) -> bool:
        """Whether a run over what is stale finds decisions that a result does not have."""
        wanted = self._plan.rerun == "stale" and self._plan.matches(known)
        newer = known.reading is not None and self._decided.newer(known.sha256, known.decided)
        return wanted and newer

    def _task(self, known: Known | None, sha256: str, data: bytes | None, name: str) -> Task | None:
        how = self._wanted(known)
        if how is None or (known is not None and not self._is_new(known.source)):
            return None  # nothing to do, or done in this run
        reading = result = None
        if how != "read" and known is not None and known.reading is not None:
            reading = self._store.reading(known.reading)
            assert known.maker is not None, "who was judged was made"
            if how == "judged" and same_contract(known.maker, self._plan.maker):
                result = known.result_sha256
        self.taken += 1
        data = None if how == "judged" else data
        decisions = self._decided.of(sha256)
        job = Job(self._next(), data, name, how, reading, result, sha256, decisions)
        task = self._open[sha256] = Task(sha256, len(data or b""), job, known=known)
        return task

    def _leave(self, known: Known) -> None:
        """Count a report that is left as it is."""
        counts = self._counts
        if not self._is_new(known.source):
            counts.again += 1
            return
        counts.known += 1
        if known.verdict is not None:
            counts.verdicts[known.verdict] += 1
            counts.stale += known.maker != self._plan.maker
            counts.unfinished += known.unfinished
        elif known.problem is not None:
            counts.problems[known.problem] += 1

    def _next(self) -> int:
        """A number that no report of this run had before."""
        self._number += 1
        return self._number

    def _is_new(self, source: int) -> bool:
        """Whether a source is counted for the first time."""
        byte, bit = divmod(source, 8)
        if byte >= len(self._seen):
            self._seen.extend(bytes(byte + _BLOCK - len(self._seen)))
        new = not self._seen[byte] >> bit & 1
        self._seen[byte] |= 1 << bit
        return new


def unfinished(runs: Sequence[Run], now: int, command: Mapping[str, object]) -> tuple[int, ...]:
    """The runs before this one that had its aim and came after the last of them that ended, the latest first.

    What was to be done again and was done by them is not left to do.
    """
    found: list[int] = []
    for run in reversed(runs):
        told = json.loads(run.command)
        if run.id >= now or not isinstance(told, dict) or told.get("aim") != command.get("aim"):
            continue
        if run.ending == "finished":
            break
        found.append(run.id)
    return tuple(found)


__all__ = ["Intake", "Task", "unfinished"]
