"""A run: reports from files or from the store through the workers, and what was made of them stored.

One thread, this one, decides and writes. Processes read and judge (`processes`); models are asked by the threads of
`asking`; what they all say arrives in one queue.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from extractor.batch.asking import Answered, Recorded
from extractor.batch.counts import Counts, Summary
from extractor.batch.executors import PATIENCE, Outcome, Start
from extractor.batch.ledger import Ledger
from extractor.batch.processes import Processes
from extractor.batch.records import Made
from extractor.batch.stops import heard
from extractor.batch.tasks import Intake, Task, unfinished
from extractor.batch.worker import begin, step
from extractor.errors import StoreError
from extractor.models.exchange import Asked, Spent, Stopped

if TYPE_CHECKING:
    from extractor.batch.asking import Asker
    from extractor.batch.plan import Plan
    from extractor.batch.progress import View
    from extractor.batch.records import Ending
    from extractor.batch.store import Store
    from extractor.batch.unit import Settings
    from extractor.models.meter import Usage

_AHEAD = 16  # reports on their way for each process, so that it never waits for more
_TICK = 0.1
_NO_MORE = object()


class Engine:
    """One run over one store.

    Args:
        store: Open for writing.
        plan: What is to be done.
        settings: How reports are read; for the workers.
        view: Shows how it goes.
        asker: Asks models; None when only the builtin reader reads.
        processes: How many workers.
        window: Most reports on their way at once; None for as many as keep the workers busy.
        patience: Seconds that a report may take.
    """

    def __init__(
        self,
        store: Store,
        plan: Plan,
        settings: Settings,
        view: View,
        *,
        asker: Asker | None = None,
        processes: int = 1,
        window: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._plan = plan
        self._view = view
        self._asker = asker
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        start = Start(begin, settings, processes, patience=patience)
        self._processes = Processes(start, self._inbox)
        self._window = window or _AHEAD * processes
        self._tasks: dict[int, Task] = {}
        self._counts = Counts()
        self._ending: Ending | None = None
        self._at_once = False
        self._told = False
        self._shown = 0.0
        self._ledger = Ledger(store)
        self._intake: Intake

    def run(
        self, paths: Iterator[str] | None, command: Mapping[str, object], version: str
    ) -> Summary:
        """Do what the plan says.

        Args:
            paths: Files to look at; None for every source that the store holds.
            command: What was asked for, for the record.
            version: Of the program.

        Raises:
            StoreError: The store cannot be written; what was written before is whole.
        """
        began = time.monotonic()
        store = self._store
        with heard(self._stop_heard):  # to the end: a further Ctrl-C must not break off the closing
            run = store.begin_run(command, version)
            try:
                ending = self._do(run, paths, command)
                store.end_run(run, ending)
            except BaseException:
                with suppress(StoreError):
                    store.end_run(run, "failed")
                raise
            finally:
                if self._asker is not None:
                    self._asker.close()
                self._processes.cancel()
                self._view.close()
        return Summary(run, store.path, ending, self._counts, time.monotonic() - began)

    def _do(self, run: int, paths: Iterator[str] | None, command: Mapping[str, object]) -> Ending:
        store, asker = self._store, self._asker
        since = () if self._plan.restart else unfinished(store.runs(), run, command)
        if since:
            self._view.going_on(since[0])
        self._intake = Intake(
            store,
            run,
            self._plan,
            self._counts,
            self._ledger,
            ended=lambda: self._ending is not None,
            since=since,
        )
        if asker is not None and asker.answers is not None:
            asker.answers.tell(self._inbox)
        tasks = self._intake.from_store() if paths is None else self._intake.from_paths(paths)
        try:
            self._loop(tasks)
            deferred = asker is not None and asker.deferred
            ending = self._ending or ("limit" if deferred else "finished")
        finally:
            self._write_what_is_there()
        if asker is not None:
            self._count(asker.spent_in_all())
        return ending

    def stop(self, ending: Ending) -> None:
        """Begin nothing more; what is in flight is finished.

        At a limit of reports those that were begun are asked about to their end; whatever else ends a run, nothing
        more is sent.
        """
        if self._ending in (None, "limit"):
            self._ending = ending
        if ending != "limit" and self._asker is not None:
            self._asker.cancel()

    # -- the loop

    def _loop(self, tasks: Iterator[Task | None]) -> None:
        more, hurry = True, False
        while True:
            if self._ending == "interrupted" and not self._told:
                self._told = True
                self._view.stopping(len(self._tasks))
            if more:
                more, hurry = self._top_up(tasks)
            if self._at_once or (not more and not self._tasks):
                return
            for message in self._processes.results(0.0 if more and hurry else _TICK):
                self._take(message)
            self._ledger.write_when_due()
            self._show()

    def _top_up(self, tasks: Iterator[Task | None]) -> tuple[bool, bool]:
        """Give every process enough to do; whether there may be more, and whether to come back at once."""
        ends = time.monotonic() + _TICK
        limit = self._plan.limit
        while self._ending is None and len(self._tasks) < self._window:
            if time.monotonic() >= ends:
                return True, True
            task = next(tasks, _NO_MORE)
            if task is _NO_MORE:
                return False, False
            if isinstance(task, Task):
                if limit is not None and self._intake.taken > limit:
                    self._intake.left(task)
                    self.stop("limit")
                else:
                    self._send(task)
        return self._ending is None, False

    def _send(self, task: Task) -> None:
        self._tasks[task.number] = task
        self._processes.submit(task.number, step, task.job, tuple(task.replies))

    def _write_what_is_there(self) -> None:
        """What was made, and what models answered, whatever it was that ended the loop."""
        with suppress(queue.Empty):
            while True:
                message = self._inbox.get_nowait()
                if isinstance(message, Recorded):
                    self._ledger.add(message.write, message.written)
        self._ledger.write()

    def _take(self, message: Any) -> None:
        if isinstance(message, Outcome):
            self._came(message)
        elif isinstance(message, Recorded):
            self._ledger.add(message.write, message.written)
        elif isinstance(message, Answered):
            self._answered(message)

    def _came(self, outcome: Outcome) -> None:
        task = self._tasks.get(outcome.key)
        if task is None:
            return  # it was given up
        if isinstance(outcome.value, Asked):
            assert self._asker is not None, "the builtin reader asks nobody"
            self._asker.ask(task.number, outcome.value, self._inbox)
            return
        del self._tasks[task.number]
        made = outcome.value
        if outcome.failed is not None:
            made = Made(task.job.how, 0.0, problem=outcome.failed, message=outcome.message)
        self._keep(task, made)

    def _keep(self, task: Task, made: Made) -> None:
        if made.problem is not None and task.job.how != "read":
            anew = self._intake.anew(task)  # what was kept cannot be judged: it is read instead
            if anew is not None:
                self._send(anew)
                return
        counts = self._counts
        counts.done += 1
        known = task.known
        if made.result is not None:
            counts.verdicts[made.result.verdict] += 1
        elif known is not None and known.verdict is not None:
            counts.verdicts[known.verdict] += 1  # the same, or failed: what it had still stands
            if made.problem is not None:
                counts.fell[made.problem] += 1
                counts.stale += known.maker != self._plan.maker
        else:
            counts.problems[made.problem or "crashed"] += 1
        counts.unfinished += made.problem is None and made.message is not None
        self._intake.made(task, made)

    # -- models

    def _answered(self, answered: Answered) -> None:
        reply = answered.reply
        if isinstance(reply, StoreError):
            raise reply
        if isinstance(reply, Spent):
            if self._ending in (None, "limit"):
                self._view.note(str(reply))
            self.stop("cost")
        task = self._tasks.get(answered.number)
        if task is None:
            return
        if isinstance(reply, Spent | Stopped):
            del self._tasks[task.number]
            self._intake.left(task)
            return
        task.replies.append(reply)
        self._send(task)

    def _count(self, spent: Usage) -> None:
        counts = self._counts
        counts.requests, counts.cost = spent.requests, spent.cost_usd
        counts.input_tokens, counts.output_tokens = spent.input_tokens, spent.output_tokens

    # -- people

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown >= _TICK:
            self._shown = now
            if self._asker is not None:
                self._count(self._asker.spent())
            self._view.show(self._counts)

    def _stop_heard(self) -> None:
        """The first Ctrl-C, polite kill or hang-up finishes what is in flight, the second ends at once."""
        if self._ending == "interrupted":
            self._at_once = True  # between two steps, so that nothing is written twice
            return
        self.stop("interrupted")
        self._ending = "interrupted"  # whatever was ending it before


__all__ = ["PATIENCE", "Engine"]
