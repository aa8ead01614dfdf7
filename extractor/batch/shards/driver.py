"""A run that writes shards: sources found, what is done set aside, the rest read by an executor."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from extractor import __version__
from extractor.batch.counts import Counts, Summary
from extractor.batch.executors import PATIENCE, Start, executor
from extractor.batch.plan import SHARD_SIZE
from extractor.batch.progress import View
from extractor.batch.readers import code_judge, described
from extractor.batch.shards import portion as portions
from extractor.batch.shards.plan import Plan, Portion
from extractor.batch.shards.questions import Questions
from extractor.batch.shards.rows import (
    Set,
    arrow,
    key_of,
    listing_row,
    listing_schema,
    packed,
)
from extractor.batch.stops import heard
from extractor.batch.worker import open_streams
from extractor.errors import StoreError, UsageError, WorkerError
from extractor.rungs import Asking, build

if TYPE_CHECKING:
    from extractor.batch import Options
    from extractor.batch.executors import Executor, Once
    from extractor.batch.records import Ending
    from extractor.batch.shards.portion import Written

_LEAST = 16
_PLACES = 64  # that are looked at by one task
_AHEAD = 2  # tasks on their way for each process
_ALONE = 1  # after so many failures each report of a portion is read in a process of its own
_TRIES = 4
_LISTED = 100_000  # rows of a listing
_TICK = 0.5  # seconds between two looks at whether the run is to stop; each costs Ray a millisecond


@dataclass(frozen=True, slots=True)
class Shards:
    """Where and how shards are written.

    Attributes:
        root: A folder or URL.
        engine: Name of an executor.
        address: Of a cluster.
        size: Most reports of a shard.
        keep: Whether rows hold the bytes of their sources.
        patience: Seconds that one report may take.
    """

    root: str
    engine: str = "local"
    address: str | None = None
    size: int = SHARD_SIZE
    keep: bool = False
    patience: float = PATIENCE


def run_shards(
    places: Iterable[str],
    shards: Shards,
    options: Options,
    asking: Asking | None = None,
    *,
    view: View | None = None,
    command: Mapping[str, object] | None = None,
) -> Summary:
    """Read reports into a set of shards; those that it has, made in the same way, are left alone.

    Args:
        places: Files and URLs.
        shards: Where to.
        options: How the run goes.
        asking: The ladder and how its models are asked; the builtin reader when None.
        view: Shows how it goes.
        command: What was asked for, for the record in the set.

    Raises:
        UsageError: Options that cannot be.
        StoreError: The set cannot be written; what it held it still holds.
        WorkerError: No process can be started.
    """
    arrow()
    open_streams()
    if options.rerun or options.verdicts or options.only or options.fresh or options.restart:
        raise UsageError(
            "shards are added to, never done again; for --rerun, --only, --fresh and --restart merge them "
            "into a store (extract merge)"
        )
    asking = replace(
        asking or Asking(("builtin",)),
        concurrency=options.concurrency,
        rpm=options.rpm,
        tpm=options.tpm,
    )
    asks = asking.models != ("builtin",)
    place = Set(shards.root)
    if asks and asking.cache is None:
        if not place.local:
            raise UsageError("--cache DIR is needed where models are asked and --shards is a URL")
        asking = replace(asking, cache=os.path.join(shards.root, "_answers"))
    ladder = build(asking, os.environ, usual_requests=None, keep=False) if asks else None
    settings, maker = described(asking, ladder)
    if ladder is not None:
        ladder.close()  # `Questions` has another
    with _held(place), ExitStack() as stack:
        # no task has patience of its own: a process ends by itself over one report
        start = Start(portions.begin, None, options.processes, shards.address, patience=0)
        made = executor(shards.engine, start)
        stack.callback(made.cancel)
        questions: Once | None = None
        if asks:
            questions = made.once(Questions, asking)
            stack.callback(questions.close)
        start.settings = portions.Given(
            shards.root,
            key_of(maker),
            settings,
            code_judge(),
            None if questions is None else questions.handle,
            max(1, -(-options.concurrency // made.slots)) if asks else 1,
            shards.keep,
            shards.patience,
        )
        plan = stack.enter_context(closing(Plan()))
        driver = _Driver(place, key_of(maker), shards.size, plan, made, questions, view or View())
        told = {"command": dict(command or {}), "version": __version__, "maker": asdict(maker)}
        return driver.run(places, options.limit, told)


class _Driver:
    def __init__(
        self,
        place: Set,
        run: str,
        size: int,
        plan: Plan,
        made: Executor,
        questions: Once | None,
        view: View,
    ) -> None:
        self._place = place
        self._run = run
        self._size = size
        self._plan = plan
        self._executor = made
        self._questions = questions
        self._view = view
        self._counts = Counts()
        self._ending: Ending | None = None
        self._at_once = False
        self._flying: dict[int, Any] = {}

    def run(self, places: Iterable[str], limit: int | None, told: dict[str, Any]) -> Summary:
        began = time.monotonic()
        before = self._place.runs().get(self._run, {})
        told = {"began": before.get("began", _now()), **told}
        self._tell(told)
        with heard(self._stop):
            self._find(places)
            self._make(limit)
        ending = self._ending or "finished"
        if self._questions is not None:
            spent, counts = self._questions.call("spent"), self._counts
            counts.requests, counts.cost = spent.requests, spent.cost_usd
            counts.input_tokens, counts.output_tokens = spent.input_tokens, spent.output_tokens
        self._tell({**told, "ended": _now(), "ending": ending})
        return Summary(self._run, self._place.root, ending, self._counts, time.monotonic() - began)

    def _tell(self, told: Mapping[str, Any]) -> None:
        data = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
        self._place.put(f"run={self._run}/_run.json", data)

    # -- what there is

    def _find(self, places: Iterable[str]) -> None:
        counts, run = self._counts, self._run
        some = enumerate(_batched(places, _PLACES))
        tasks = ((number, portions.scan, one) for number, one in some)
        for number, sources in self._mapped(tasks, _LEAST):
            self._plan.found(number * _PLACES, sources)
            counts.listed += len(sources)
            self._view.show(counts)
        if self._ending is not None:
            return
        there = {name.rpartition("-")[2] for name in self._place.listings(run)}
        for rows in _batched(map(listing_row, self._plan.listed()), _LISTED):
            name = f"{_hash(rows)}.parquet"
            if name not in there:
                # what is listed later counts, and by its time it is the later name
                data = packed(rows, listing_schema(), {"run": run})
                now = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
                self._place.put(f"run={run}/listing-{now}-{name}", data)
        for name in self._place.shards(run):
            self._plan.done(str(row["sha256"]) for row in self._place.rows(name, ["sha256"]))
        counts.unread = self._plan.unreadable()
        if counts.unread:
            counts.problems["unreadable"] += counts.unread
        counts.known = self._plan.known()
        counts.matched = counts.listed
        counts.again = counts.listed - counts.unread - counts.known - self._plan.left()

    # -- what is made of it

    def _make(self, limit: int | None) -> None:
        left = self._plan.left()
        slots = self._executor.slots
        size = max(min(self._size, -(-left // (4 * slots))), min(_LEAST, self._size))
        every = self._plan.portions(size, limit)
        tasks = ((number, portions.make, one) for number, one in enumerate(every))
        for _, written in self._mapped(tasks, _AHEAD):
            self._add(written)
            self._view.show(self._counts)
        if limit is not None and limit < left and self._ending is None:
            self._ending = "limit"

    def _add(self, written: Written) -> None:
        counts = self._counts
        counts.done += written.done
        counts.verdicts += written.verdicts
        counts.problems += written.problems
        if written.spent is not None and self._ending is None:
            self._view.note(written.spent)
            self._stop_with("cost")

    def _mapped(
        self, tasks: Iterator[tuple[int, Any, Any]], ahead: int
    ) -> Iterator[tuple[int, Any]]:
        """What functions make of arguments, a bounded number of them at a time."""
        tries: dict[int, int] = {}
        more = True
        while True:
            room = ahead * self._executor.slots - len(self._flying)
            if more and self._ending is None and room > 0:
                some = list(islice(tasks, room))
                more = bool(some)
                for key, function, argument in some:
                    self._flying[key] = (function, argument)
                    self._executor.submit(key, function, argument)
            if self._at_once or not self._flying:
                if self._at_once or not more or self._ending is not None:
                    return
                continue
            for outcome in self._executor.results(_TICK):
                if outcome.failed is None:
                    del self._flying[outcome.key]
                    yield outcome.key, outcome.value
                else:
                    tries[outcome.key] = tries.get(outcome.key, 0) + 1
                    self._again(outcome.key, tries[outcome.key], outcome.message)
            self._view.show(self._counts)

    def _again(self, key: int, tries: int, message: str) -> None:
        function, argument = self._flying[key]
        if tries >= _TRIES:
            raise WorkerError(f"a shard could not be made in {tries} tries ({message}); run again")
        if isinstance(argument, Portion) and tries >= _ALONE:
            function = portions.make_alone
        self._executor.submit(key, function, argument)

    # -- people

    def _stop(self) -> None:
        """The first Ctrl-C finishes the shards under way, the second ends at once."""
        if self._ending == "interrupted":
            self._at_once = True
            return
        self._stop_with("interrupted")
        self._view.stopping(len(self._flying))

    def _stop_with(self, ending: Ending) -> None:
        self._ending = ending
        if self._questions is not None:
            self._questions.call("stop")


@contextmanager
def _held(place: Set) -> Iterator[None]:
    """Keep a second run off a folder; an object store knows no locks, and there each source is read by whoever lists it."""
    if not place.local:
        yield
        return
    from filelock import FileLock, Timeout

    try:
        os.makedirs(place.root, exist_ok=True)
        lock = FileLock(os.path.join(place.root, ".lock"))
        with lock.acquire(timeout=0):
            yield
    except Timeout:
        raise StoreError(f"{place.root!r} is being written by another run; wait for it") from None
    except OSError as error:
        raise StoreError(
            f"{place.root!r} cannot be written ({error.strerror or error}); name another folder"
        ) from None


def _batched(every: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    left = iter(every)
    while some := tuple(islice(left, size)):
        yield some


def _hash(rows: Iterable[Mapping[str, Any]]) -> str:
    hashed = hashlib.sha256()
    for row in rows:
        hashed.update(repr(sorted(row.items())).encode("utf-8", "backslashreplace"))
    return hashed.hexdigest()[:32]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


__all__ = ["Shards", "run_shards"]
