"""One shard made: its reports fetched and read, their rows written. Runs in a process of an executor."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extractor.batch import worker
from extractor.batch.executors import PATIENCE, Start
from extractor.batch.plan import BUILTIN
from extractor.batch.records import Made
from extractor.batch.shards.rows import Set, packed, schema, to_row
from extractor.batch.shards.sources import Source, fetched
from extractor.batch.shards.sources import scan as scan_places
from extractor.batch.unit import Job, Settings, name_of, process
from extractor.errors import WorkerError
from extractor.models.exchange import Stopped
from extractor.models.meter import Spent

if TYPE_CHECKING:
    from extractor.batch.shards.plan import Portion
    from extractor.batch.shards.questions import Asks
    from extractor.models.exchange import Asked, Told


@dataclass(frozen=True, slots=True)
class Given:
    """What every process of a run is told.

    Attributes:
        root: Of the set.
        run: Key of the run.
        settings: How reports are read.
        code: Digest of the code that was to run.
        asks: Asks models.
        threads: Reports that a process has in hand at a time, which is of use while models are waited for.
        keep: Whether rows hold the bytes of their sources.
        patience: Seconds that one report may take.
    """

    root: str
    run: str
    settings: Settings
    code: str
    asks: Asks | None = None
    threads: int = 1
    keep: bool = False
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a portion.

    Attributes:
        done: Reports that have a row now.
        verdicts: Of them.
        problems: Of them, and of those whose provider failed, which have no row.
        spent: Which cap of the run is reached.
        size: Bytes of the shard.
    """

    done: int
    verdicts: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    spent: str | None = None
    size: int = 0


class _LeftError(BaseException):
    """A report is left for the next run; nothing on the way may take it for a fault of the report."""


_given: list[Given] = []


def begin(given: Given) -> None:
    """How reports are read in this process.

    Raises:
        WorkerError: Another version of the program is installed here.
    """
    from extractor.batch.readers import code_judge

    if code_judge() != given.code:
        raise WorkerError("another version of the program is installed on a node of the cluster")
    _given[:] = [given]
    worker.begin(given.settings)


def scan(places: tuple[str, ...]) -> list[Source]:
    """Every report at some places, with its hash."""
    return scan_places(places)


def make(portion: Portion) -> Written:
    """Make a shard."""
    given = _given[0]
    asked = _Asked(given)
    return _written(portion, given, asked, _here(portion, given, asked))


def make_alone(portion: Portion) -> Written:
    """The same with every report read in another process, because one of them ends it."""
    given = _given[0]
    asked = _Asked(given)
    return _written(portion, given, asked, _alone(portion, given, asked))


def _written(portion: Portion, given: Given, asked: _Asked, pairs: Iterable[_Pair]) -> Written:
    rows: list[dict[str, Any]] = []
    verdicts, problems = Counter[str](), Counter[str]()
    for source, data, made in pairs:
        if made is None:
            continue
        if made.problem == "provider" or (made.result is not None and made.message is not None):
            problems["provider"] += 1  # no row: the same command asks again
            continue
        if made.result is not None:
            verdicts[made.result.verdict] += 1
        else:
            problems[made.problem or "crashed"] += 1
        rows.append(to_row(source, made, data if given.keep else None))
    size = 0
    if rows:
        rows.sort(key=lambda row: str(row["sha256"]))
        data = packed(rows, schema(), {"run": given.run})
        name = _name(rows)
        Set(given.root).put(f"run={given.run}/prefix={portion.prefix}/{name}.parquet", data)
        size = len(data)
    return Written(len(rows), verdicts, problems, asked.spent, size)


_Pair = tuple[Source, bytes | None, Made | None]


def _here(portion: Portion, given: Given, asked: _Asked) -> Iterator[_Pair]:
    watch = _Watch(given.patience)

    def told(question: Asked) -> Told:
        with watch.counted(-1):
            return asked.told(question)

    def one(pair: tuple[Source, bytes | None]) -> _Pair:
        source, data = pair
        if data is None:
            return source, None, None
        try:
            with watch.counted(1):
                made = process(data, name_of(source.path), given.settings, told)
        except _LeftError:
            return source, data, None
        worker.tidy()
        return source, data, made

    if given.asks is None:
        yield from map(one, fetched(portion.sources))
        return
    with ThreadPoolExecutor(given.threads) as threads:
        yield from threads.map(one, fetched(portion.sources))


def _alone(portion: Portion, given: Given, asked: _Asked) -> Iterator[_Pair]:
    from extractor.batch.processes import Processes

    processes = Processes(Start(worker.begin, given.settings, 1, patience=given.patience))
    try:
        for number, (source, data) in enumerate(fetched(portion.sources)):
            if data is None:
                yield source, None, None
                continue
            replies: list[Told | Exception] = []
            made: Any = None
            job = Job(number, data, name_of(source.path))
            while not isinstance(made, Made):
                processes.submit(number, worker.step, job, tuple(replies))
                outcome = next(one for _ in iter(int, 1) for one in processes.results(1))
                made = outcome.value
                if outcome.failed is not None:
                    made = Made("read", 0.0, problem=outcome.failed, message=outcome.message)
                elif not isinstance(made, Made):
                    try:
                        replies.append(asked.told(made))
                    except _LeftError:
                        break
                    except Exception as error:  # noqa: BLE001 - the reader decides what to do about it
                        replies.append(error)
            yield source, data, made if isinstance(made, Made) else None
    finally:
        processes.cancel()


class _Asked:
    """Asks for the reports of a portion."""

    def __init__(self, given: Given) -> None:
        self._asks = given.asks
        self.spent: str | None = None

    def told(self, asked: Asked) -> Told:
        """What came of a question."""
        assert self._asks is not None, f"{BUILTIN} asks nobody"
        if self.spent is not None:
            raise _LeftError
        reply = self._asks.ask(asked).reply
        if isinstance(reply, Spent):
            self.spent = str(reply)
        if isinstance(reply, Spent | Stopped):
            raise _LeftError
        if isinstance(reply, Exception):
            raise reply
        return reply


class _Watch:
    """Ends this process when one of its reports takes too long; the time that answers take is none of a report's."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._busy = 0
        self._lock = threading.Lock()

    @contextmanager
    def counted(self, by: int) -> Iterator[None]:
        """While a report is read: 1; while one of these waits for an answer: -1."""
        self._change(by)
        try:
            yield
        finally:
            self._change(-by)

    def _change(self, by: int) -> None:
        with self._lock:
            self._busy += by
            worker.alarm(self._seconds if self._busy else 0)


def _name(rows: list[dict[str, Any]]) -> str:
    hashes = "".join(str(row["sha256"]) for row in rows)
    return hashlib.sha256(hashes.encode()).hexdigest()[:32]


__all__ = ["Given", "Written", "begin", "make", "make_alone", "scan"]
