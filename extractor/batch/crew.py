"""Who does what: reports handed to workers, replies passed on, and what becomes of those whose worker dies."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extractor.batch.messages import Dropped, Jobs, Replied
from extractor.batch.pool import Died, Pool
from extractor.batch.records import Made, Problem
from extractor.errors import WorkerError

if TYPE_CHECKING:
    from extractor.batch.tasks import Task
    from extractor.batch.unit import Settings

_WATCH = 1.0  # seconds between two looks at the workers
_IN_VAIN = 3  # starts of workers, one after the other


class Crew:
    """The workers of a run. None is started before there is something to do.

    A report whose worker dies is tried once more, alone; what kills a worker alone is to blame.

    Args:
        processes: How many workers.
        settings: How they read.
        inbox: Where what they say arrives.
        ahead: How many reports each has at most, so that it never waits for more.
        patience: Seconds that a worker may be silent over its reports.
        number: Gives a report a new number, so that nothing late is taken for its second try.
    """

    def __init__(
        self,
        processes: int,
        settings: Settings,
        inbox: queue.SimpleQueue[Any],
        *,
        ahead: int,
        patience: float,
        number: Callable[[], int],
    ) -> None:
        self._processes = processes
        self._settings = settings
        self._inbox = inbox
        self._ahead = ahead
        self._patience = patience
        self._number = number
        self._pool: Pool | None = None
        self._tasks: dict[int, Task] = {}
        self._load: dict[int, int] = {}
        self._heard: dict[int, float] = {}
        self._suspects: deque[Task] = deque()
        self._ready: set[int] = set()
        self._in_vain = 0
        self._watched = time.monotonic()

    @property
    def flying(self) -> int:
        """Reports that are not done."""
        return len(self._tasks) + len(self._suspects)

    def room(self) -> int:
        """How many reports the next `send` may have; none while what killed a worker is tried alone."""
        if self._suspects or any(task.suspect for task in self._tasks.values()):
            return 0
        return self._ahead - min(self._load.values()) if self._load else self._ahead

    def send(self, tasks: Sequence[Task]) -> None:
        """Hand reports to the worker that has least."""
        if self._pool is None:
            self._pool = Pool(self._processes, self._settings, self._inbox)
            for number in self._pool.numbers:
                self._load[number] = 0
        self._hand(tasks, min(self._load, key=self._load.__getitem__))

    def task(self, number: int) -> Task | None:
        """A report that is not done."""
        return self._tasks.get(number)

    def heard(self, worker: int) -> None:
        """A worker said something."""
        self._heard[worker] = time.monotonic()

    def ready(self, worker: int) -> None:
        """A worker can begin."""
        self._ready.add(worker)
        self._in_vain = 0

    def done(self, number: int) -> Task | None:
        """A report is done; None when it was given up before."""
        task = self._tasks.pop(number, None)
        if task is not None:
            self._load[task.worker] -= 1
        return task

    def reply(self, task: Task, reply: Replied) -> None:
        """Pass on what came of a question."""
        assert self._pool is not None
        task.asking -= 1
        self.heard(task.worker)
        self._pool.send(task.worker, reply)

    def drop(self, task: Task) -> None:
        """Give a report up."""
        assert self._pool is not None
        self._pool.send(task.worker, Dropped(task.number))
        self.done(task.number)

    def died(self, died: Died) -> list[tuple[Task, Made]]:
        """A worker is gone: another takes its place. What is to blame, with what is to be said of it.

        Raises:
            WorkerError: None can be started, or several in a row could not even begin.
        """
        if self._pool is None or died.worker not in self._load:
            return []
        code = died.code or 0
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        began = died.worker in self._ready
        self._in_vain += not began
        if self._in_vain > _IN_VAIN:
            raise WorkerError(
                f"a worker process ended before it began ({ended}), and so did those in its place; set "
                "GOUJI_DEBUG=1 to see why, or install the program again"
            )
        self._pool.forget(died.worker)
        del self._load[died.worker]
        another = self._pool.add()
        self._load[another] = 0
        had = [task for task in self._tasks.values() if task.worker == died.worker]
        for task in had:
            del self._tasks[task.number]
        if not began:  # somebody else ended it: it had no report in its hands
            if had:
                self._hand(had, another)
            return []
        if len(had) == 1 and had[0].suspect:
            said = f"the process that read it ended ({ended}); report it with the input"
            return [(had[0], self._failed(had[0], "crashed", said))]
        for task in had:
            task.asking = 0
            task.job = replace(task.job, number=self._number())
            task.suspect = True
            self._suspects.append(task)
        return []

    def try_suspects(self) -> None:
        """Hand out one report that may have killed a worker, when no other is being tried."""
        if not self._suspects or any(task.suspect for task in self._tasks.values()):
            return
        idle = next((number for number, load in self._load.items() if load == 0), None)
        if idle is not None:
            self._hand([self._suspects.popleft()], idle)

    def watch(self) -> list[tuple[Task, Made]]:
        """End workers that have been silent for too long; as for `died`."""
        now = time.monotonic()
        if self._pool is None or now - self._watched < _WATCH:
            return []
        stood = now - self._watched - _WATCH  # Ctrl-Z: while nobody listened, nobody was silent
        self._heard = {worker: min(last + stood, now) for worker, last in self._heard.items()}
        self._watched = now
        blamed = []
        for worker, load in self._load.items():
            had = [task for task in self._tasks.values() if task.worker == worker]
            waiting = sum(task.asking > 0 for task in had)
            if load <= waiting or now - self._heard.get(worker, now) <= self._patience:
                continue
            self.heard(worker)
            if len(had) == 1 and had[0].suspect and worker in self._ready:
                del self._tasks[had[0].number]
                said = f"it took longer than {self._patience:g} s; report it with the input"
                blamed.append((had[0], self._failed(had[0], "timeout", said)))
            self._pool.kill(worker)
        return blamed

    def close(self) -> None:
        """End all workers."""
        if self._pool is not None:
            self._pool.close()

    def _hand(self, tasks: Sequence[Task], worker: int) -> None:
        assert self._pool is not None
        if not self._load[worker]:
            self.heard(worker)
        for task in tasks:
            task.worker = worker
            self._tasks[task.number] = task
        self._load[worker] += len(tasks)
        self._pool.send(worker, Jobs(tuple(task.job for task in tasks)))

    def _failed(self, task: Task, problem: Problem, message: str) -> Made:
        seconds = self._patience if problem == "timeout" else 0.0
        return Made(task.job.how, seconds, problem=problem, message=message)


__all__ = ["Crew"]
