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
from extractor.batch.unit import Settings, name_of, process
from extractor.errors import WorkerError
from extractor.models.exchange import Spent, Stopped

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
    """

    done: int
    verdicts: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    spent: str | None = None


class _LeftError(BaseException):
    """A report is left for the next run; nothing on the way may take it for a fault of the report."""


_Row = tuple[Source, bytes | None, Made | None]
_given: list[Given] = []


def begin(given: Given) -> None:
    """How reports are read in this process.

    Raises:
        WorkerError: Another version of the program is installed here.
    """
    from extractor.batch.readers import code_judge

    if code_judge() != given.code:
        raise WorkerError("another version of the program is installed on a node of the cluster")
    _begin(given)


def _begin(given: Given) -> None:
    _given[:] = [given]


def scan(places: tuple[str, ...]) -> list[Source]:
    """Every report at some places, with its hash."""
    return scan_places(places)


def make(portion: Portion) -> Written:
    """Make a shard."""
    given = _given[0]
    reader = _Reader(given)
    if given.asks is None:
        return _written(portion, reader, map(reader.read, fetched(portion.sources)))
    with ThreadPoolExecutor(given.threads) as threads:
        return _written(portion, reader, threads.map(reader.read, fetched(portion.sources)))


def make_alone(portion: Portion) -> Written:
    """The same with every report read in another process, because one of them ends it."""
    from extractor.batch.processes import Processes

    reader = _Reader(_given[0])
    processes = Processes(Start(_begin, reader.given, 1, patience=0))

    def read(pair: tuple[Source, bytes | None]) -> _Row:
        processes.submit(0, _read, pair, reader.spent)
        outcome = next(one for _ in iter(int, 1) for one in processes.results(1))
        if outcome.failed is not None:
            return *pair, Made("read", 0.0, problem=outcome.failed, message=outcome.message)
        row, reader.spent = outcome.value
        made: _Row = row
        return made

    try:
        return _written(portion, reader, map(read, fetched(portion.sources)))
    finally:
        processes.cancel()


def _read(pair: tuple[Source, bytes | None], spent: str | None) -> tuple[_Row, str | None]:
    reader = _Reader(_given[0], spent)
    return reader.read(pair), reader.spent


def _written(portion: Portion, reader: _Reader, read: Iterable[_Row]) -> Written:
    given = reader.given
    rows: list[dict[str, Any]] = []
    verdicts, problems = Counter[str](), Counter[str]()
    for source, data, made in read:
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
    if rows:
        rows.sort(key=lambda row: str(row["sha256"]))
        data = packed(rows, schema(), {"run": given.run})
        name = _name(rows)
        Set(given.root).put(f"run={given.run}/prefix={portion.prefix}/{name}.parquet", data)
    return Written(len(rows), verdicts, problems, reader.spent)


class _Reader:
    """Reads the reports of a portion; threads may share it.

    A report that takes too long ends the process; the time that answers of models take is none of a report's.

    Args:
        given: How.
        spent: Which cap of the run is reached; then nothing is asked any more.
    """

    def __init__(self, given: Given, spent: str | None = None) -> None:
        self.given = given
        self.spent = spent
        self._busy = 0
        self._lock = threading.Lock()

    def read(self, pair: tuple[Source, bytes | None]) -> _Row:
        """What is made of a report; None where it is left for the next run."""
        source, data = pair
        if data is None:
            return source, None, None
        try:
            with self.busy(1):
                made = process(data, name_of(source.path), self.given.settings, self._told)
        except _LeftError:
            return source, data, None
        worker.tidy()
        return source, data, made

    def _told(self, asked: Asked) -> Told:
        assert self.given.asks is not None, f"{BUILTIN} asks nobody"
        if self.spent is not None:
            raise _LeftError
        with self.busy(-1):
            reply = self.given.asks.ask(asked).reply
        if isinstance(reply, Spent):
            self.spent = str(reply)
        if isinstance(reply, Spent | Stopped):
            raise _LeftError
        if isinstance(reply, Exception):
            raise reply
        return reply

    @contextmanager
    def busy(self, by: int) -> Iterator[None]:
        """While a report is read: 1; while one of these waits for an answer: -1."""
        self._change(by)
        try:
            yield
        finally:
            self._change(-by)

    def _change(self, by: int) -> None:
        with self._lock:
            self._busy += by
            worker.alarm(self.given.patience if self._busy else 0)


def _name(rows: list[dict[str, Any]]) -> str:
    hashes = "".join(str(row["sha256"]) for row in rows)
    return hashlib.sha256(hashes.encode()).hexdigest()[:32]


__all__ = ["Given", "Written", "begin", "make", "make_alone", "scan"]
