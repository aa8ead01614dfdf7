"""Threads in virtual time: one runs at a time, and the clock moves only when all of them wait.

What a thread waits for is either an hour of this clock or a `VirtualCondition`; when nothing is left that could
wake any of them, the run fails: somebody starves.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from extractor.models.retry import Timing

_PATIENCE = 30  # seconds of the real clock after which a thread is taken to hang


@dataclass(eq=False)
class _Strand:
    thread: threading.Thread
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    turn: int = 0
    error: BaseException | None = None


class VirtualTime:
    """A clock and its threads."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, _Strand, int]] = []
        self._order = count()
        self._back = threading.Semaphore(0)
        self._strands: dict[int, _Strand] = {}
        self._alive: set[_Strand] = set()

    def timing(self) -> Timing:
        """For what is tested."""
        return Timing(
            sleep=self.sleep,
            clock=lambda: self.now,
            wait=lambda condition, seconds: condition.wait(seconds),
        )

    def start(self, at: float, work: Callable[[], object]) -> None:
        """Let a thread begin at an hour."""

        def run() -> None:
            strand.go.acquire()
            self._strands[threading.get_ident()] = strand
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told by `run`
                strand.error = error
            self._alive.discard(strand)
            self._back.release()

        strand = _Strand(threading.Thread(target=run, daemon=True))
        self._alive.add(strand)
        strand.thread.start()
        self._wake(strand, at)

    def run(self) -> None:
        """Go on until every thread has ended.

        Raises:
            AssertionError: Some wait for ever.
        """
        while self._due:
            at, _, strand, turn = heapq.heappop(self._due)
            if strand.turn != turn or strand not in self._alive:
                continue
            self.now = max(self.now, at)
            strand.turn += 1
            strand.go.release()
            assert self._back.acquire(timeout=_PATIENCE), "a thread hangs"
            if strand.error is not None:
                raise strand.error
        assert not self._alive, f"{len(self._alive)} threads wait for ever"

    def sleep(self, seconds: float) -> None:
        """Wait so long."""
        me = self.me()
        self._wake(me, self.now + seconds)
        self.yield_(me)

    def me(self) -> _Strand:
        """The thread that runs."""
        return self._strands[threading.get_ident()]

    def yield_(self, me: _Strand) -> None:
        """Let others run until something wakes this one."""
        self._back.release()
        me.go.acquire()

    def wake(self, strand: _Strand, seconds: float = 0.0) -> None:
        """Wake a thread after so many seconds, unless something else does before."""
        self._wake(strand, self.now + seconds)

    def _wake(self, strand: _Strand, at: float) -> None:
        heapq.heappush(self._due, (at, next(self._order), strand, strand.turn))


class VirtualCondition:
    """Stands in for `threading.Condition` in virtual time."""

    def __init__(self, world: VirtualTime, lock: threading.Lock) -> None:
        self._world = world
        self._lock = lock
        self._waits: list[_Strand] = []

    def wait(self, seconds: float | None = None) -> None:
        """As the real one."""
        me = self._world.me()
        self._waits.append(me)
        if seconds is not None:
            self._world.wake(me, seconds)
        self._lock.release()
        self._world.yield_(me)
        self._lock.acquire()
        if me in self._waits:
            self._waits.remove(me)

    def notify(self) -> None:
        """As the real one."""
        if self._waits:
            self._world.wake(self._waits.pop(0))
