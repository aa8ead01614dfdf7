"""The executor of one machine: an executor of the standard library for each process.

One pool of many processes breaks as a whole when one of them dies, and what pebble makes of a process that is
killed from outside is no better (its workers share the locks of one pipe). So each process is a pool of its own:
it dies alone, and what it had is known.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, Literal

from extractor.batch.executors import Once, Outcome, Start
from extractor.batch.stops import held
from extractor.batch.worker import alarm, alone
from extractor.errors import GoujiError, WorkerError

_DEPTH = 4  # tasks that a process has at a time, so that it never waits for the next
_IN_VAIN = 3  # starts, one after the other


class _Process(SpawnProcess):
    """A process that imports nothing of the caller's, and that a stop does not end while it starts."""

    def start(self) -> None:
        own, safe = sys.modules["__main__"], os.environ.get("PYTHONSAFEPATH")
        try:
            # no main module to be run again, and no module from the current directory, among scraped files
            sys.modules["__main__"] = ModuleType("__main__")
            os.environ["PYTHONSAFEPATH"] = "1"
            try:
                os.getcwd()
            except (
                OSError
            ):  # it was deleted, so nothing is under it; a process has to begin somewhere
                os.chdir(os.sep)
            with held():  # what a terminal sends to a whole group is for the parent to decide about
                super().start()
        finally:
            sys.modules["__main__"] = own
            if safe is None:
                del os.environ["PYTHONSAFEPATH"]
            else:
                os.environ["PYTHONSAFEPATH"] = safe


class _Context(SpawnContext):
    """Starts processes of that kind, and knows the last one."""

    last: SpawnProcess | None = None

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802
        self.last = _Process(*args, **kwargs)
        return self.last


@dataclass(slots=True)
class _Task:
    """A function on its way; a suspect had its process die once already, and is tried alone."""

    key: int
    call: tuple[Any, ...]
    suspect: bool = False


@dataclass(slots=True)
class _Slot:
    """A process, and what it has in its hands."""

    pool: ProcessPoolExecutor
    context: _Context
    running: dict[int, _Task] = field(default_factory=dict)
    ready: bool = False


@dataclass(frozen=True, slots=True)
class _Came:
    """A future is done."""

    slot: int
    pool: ProcessPoolExecutor
    key: int | None
    future: Future[Any]


class Processes:
    """Processes of this machine. None is started before there is something to do.

    Args:
        start: How they are started.
        inbox: Where outcomes arrive; others may put something there, which `results` gives as it is.
    """

    def __init__(self, start: Start, inbox: queue.SimpleQueue[Any] | None = None) -> None:
        self.slots = start.processes or cores()
        self._start = start
        self._inbox: queue.SimpleQueue[Any] = inbox or queue.SimpleQueue()
        self._slots: dict[int, _Slot] = {}
        self._waiting: deque[_Task] = deque()
        self._in_vain = 0

    def submit(self, key: int, function: Callable[..., Any], *arguments: Any) -> None:
        """See `Executor.submit`."""
        while len(self._slots) < self.slots:
            number = len(self._slots)
            self._slots[number] = self._opened(number)
        self._waiting.append(_Task(key, (function, *arguments)))
        self._feed(min(self._slots, key=lambda number: len(self._slots[number].running)))

    def results(self, seconds: float) -> Iterator[Any]:
        """See `Executor.results`."""
        with contextlib.suppress(queue.Empty):
            message = self._inbox.get(timeout=seconds) if seconds else self._inbox.get_nowait()
            while True:
                if isinstance(message, _Came):
                    yield from self._came(message)
                else:
                    yield message
                message = self._inbox.get_nowait()

    def once(self, make: type, *arguments: Any) -> Once:
        """See `Executor.once`."""
        from extractor.batch.serving import Served

        return Served(make(*arguments))

    def cancel(self) -> None:
        """See `Executor.cancel`."""
        slots, self._slots = list(self._slots.values()), {}
        self._waiting.clear()
        for slot in slots:
            _kill(slot)
        for slot in slots:
            with contextlib.suppress(RuntimeError):  # its thread was never started
                slot.pool.shutdown(wait=True, cancel_futures=True)
            if slot.context.last is not None and slot.context.last.pid is not None:
                slot.context.last.join()

    # -- processes

    def _opened(self, number: int) -> _Slot:
        context = _Context()
        packed = pickle.dumps((self._start.begin, self._start.settings))
        pool = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(packed,))
        slot = _Slot(pool, context)
        try:
            self._ask(number, slot, None, _nothing)  # which starts it
        except (OSError, RuntimeError) as error:  # no process, or no thread
            self._slots[number] = slot
            self.cancel()
            why = getattr(error, "strerror", None) or error
            raise WorkerError(
                f"no worker process can be started ({why}); use fewer --processes"
            ) from None
        return slot

    def _ask(self, number: int, slot: _Slot, key: int | None, *call: Any) -> None:
        future = slot.pool.submit(*call)
        future.add_done_callback(lambda done: self._inbox.put(_Came(number, slot.pool, key, done)))

    def _feed(self, number: int) -> None:
        """Give a process as much as it should have; beside a suspect it has nothing else."""
        slot = self._slots[number]
        while self._waiting and len(slot.running) < _DEPTH:
            alone = self._waiting[0].suspect or any(one.suspect for one in slot.running.values())
            if alone and slot.running:
                return
            task = self._waiting.popleft()
            slot.running[task.key] = task
            with contextlib.suppress(BrokenExecutor):  # which the future of something else says too
                self._ask(number, slot, task.key, _timed, self._start.patience, *task.call)

    def _came(self, came: _Came) -> Iterator[Outcome]:
        slot = self._slots.get(came.slot)
        if slot is None or slot.pool is not came.pool:
            return  # of one that is gone
        error = None if came.future.cancelled() else came.future.exception()
        if came.future.cancelled() or isinstance(error, BrokenExecutor):
            yield from self._died(came.slot, slot)
            return
        if came.key is None:
            slot.ready, self._in_vain = True, 0
            return
        del slot.running[came.key]
        self._feed(came.slot)
        if isinstance(error, GoujiError):
            raise error
        if error is None:
            yield Outcome(came.key, came.future.result())
        else:
            said = f"{type(error).__name__}: {error}; report it with the input"
            yield Outcome(came.key, failed="crashed", message=said)

    def _died(self, number: int, slot: _Slot) -> Iterator[Outcome]:
        """A process is gone and another takes its place; what it had is tried again, or is to blame."""
        slot.pool.shutdown(wait=True, cancel_futures=True)
        code = (slot.context.last.exitcode if slot.context.last else None) or 0
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        self._in_vain += not slot.ready
        if self._in_vain > _IN_VAIN:
            raise WorkerError(
                f"a worker process ended before it began ({ended}), and so did those in its place; set "
                "GOUJI_DEBUG=1 to see why, or install the program again"
            )
        self._slots[number] = self._opened(number)
        had = list(slot.running.values())
        if slot.ready and len(had) == 1 and had[0].suspect:
            kind: Literal["crashed", "timeout"] = "crashed"
            said = f"the process that read it ended ({ended}); report it with the input"
            if code == -getattr(signal, "SIGALRM", 0) != 0:
                kind = "timeout"
                said = "it took too long; report it with the input"
            yield Outcome(had[0].key, failed=kind, message=said)
        else:
            for task in had:
                task.suspect |= slot.ready  # else it had nothing in its hands yet
            self._waiting.extendleft(reversed(had))
        for one in self._slots:
            self._feed(one)


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(packed: bytes) -> None:
    """Begin in silence, also where the settings cannot be had."""
    alone()
    begin, settings = pickle.loads(packed)  # noqa: S301 - of our own parent
    begin(settings)


def _timed(seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function; what takes longer ends the process."""
    alarm(seconds)
    try:
        return function(*arguments)
    finally:
        alarm(0)


def _nothing() -> None:
    """Say that a process has begun."""


def _kill(slot: _Slot) -> None:
    if slot.context.last is not None and slot.context.last.pid is not None:
        slot.context.last.kill()


__all__ = ["Processes", "cores"]
