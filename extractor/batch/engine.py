"""A run: reports from files or from the store through the workers, and what was made of them stored.

One thread, this one, decides and writes. Workers read and judge (`crew`); models are asked by the threads of
`asking`; what they all say arrives in one queue.
"""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from types import FrameType
from typing import TYPE_CHECKING, Any

from extractor.batch.asking import Answered, Recorded
from extractor.batch.counts import Counts, Summary
from extractor.batch.crew import Crew
from extractor.batch.ledger import Ledger
from extractor.batch.messages import Question, Ready, Replied
from extractor.batch.pool import Died, Heard
from extractor.batch.tasks import Intake, Task, unfinished
from extractor.errors import GoujiError, StoreError

if TYPE_CHECKING:
    from extractor.batch.asking import Asker
    from extractor.batch.plan import Plan
    from extractor.batch.progress import View
    from extractor.batch.records import Ending, Made
    from extractor.batch.store import Store
    from extractor.batch.unit import Settings

CHUNK = 8
"""Reports that a worker is sent at a time."""
_AHEAD = 3 * CHUNK
PATIENCE = 600.0
"""Seconds that a worker may be silent over its reports before it is ended."""
_TICK = 0.1


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
        patience: Seconds that a worker may be silent.
    """

    def __init__(
        self, store: Store, plan: Plan, settings: Settings, view: View, *,
        asker: Asker | None = None, processes: int = 1, window: int | None = None,
        patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        self._store = store
        self._plan = plan
        self._view = view
        self._asker = asker
        self._chunk = CHUNK if window is None else 1
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        ahead = _AHEAD if window is None else max(1, -(-window // processes))
        self._crew = Crew(
            processes, settings, self._inbox, ahead=ahead, patience=patience,
            number=self._numbered,
        )  # fmt: skip
        self._counts = Counts()
        self._ending: Ending | None = None
        self._at_once = False
        self._shown = 0.0
        self._ledger: Ledger
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
        store, asker = self._store, self._asker
        run = store.begin_run(command, version)
        self._ledger = Ledger(
            store, run, store.maker_id(self._plan.maker),
            written=self._written,
            answered=lambda key: asker.answers.written(key) if asker is not None else None,
        )  # fmt: skip
        since = unfinished(store.runs(), run, command)
        if since:
            self._view.going_on(since[0])
        self._intake = Intake(store, self._plan, self._counts, self._ledger, since)
        if asker is not None:
            asker.answers.tell(self._inbox)
        tasks = self._intake.from_store() if paths is None else self._intake.from_paths(paths)
        try:
            with self._interrupts():
                self._loop(tasks)
            self._ledger.write()
        except GoujiError:
            with suppress(StoreError):
                store.end_run(run, "failed")
            raise
        finally:
            if asker is not None:
                asker.close()
            self._crew.close()
            self._view.close()
        self._count_spent()
        ending = self._ending or "finished"
        store.end_run(run, ending)
        return Summary(run, store.path, ending, self._counts, time.monotonic() - began)

    def stop(self, ending: Ending) -> None:
        """Begin nothing more; what is in flight is finished."""
        if self._ending is None:
            self._ending = ending
            self._intake.ended = True
            if self._asker is not None:
                self._asker.cancel()

    # -- the loop

    def _loop(self, tasks: Iterator[Task]) -> None:
        more = True
        while True:
            if more:
                more = self._top_up(tasks)
            if self._at_once or (not more and not self._crew.flying):
                return
            try:
                message = self._inbox.get(timeout=_TICK)
            except queue.Empty:
                pass
            else:
                self._take(message)
            for task, made in self._crew.watch():
                self._keep(task, made)
            self._crew.try_suspects()
            self._ledger.write_when_due()
            self._show()

    def _top_up(self, tasks: Iterator[Task]) -> bool:
        """Give every worker enough to do; whether there may be more."""
        while self._ending is None:
            if self._crew.room() < self._chunk:
                return True
            limit = self._plan.limit
            size = self._chunk if limit is None else min(self._chunk, limit - self._intake.taken)
            chunk = []
            for task in islice(tasks, size):
                chunk.append(task)
                self._ledger.write_when_due()
                self._show()
            if chunk:
                self._crew.send(chunk)
            if len(chunk) < self._chunk:
                if len(chunk) == size and next(tasks, None) is not None:
                    self.stop("limit")
                return False
        return False

    def _take(self, message: Any) -> None:
        if isinstance(message, Heard):
            self._crew.heard(message.worker)
            for one in message.messages:
                if isinstance(one, Ready):
                    self._crew.ready(message.worker)
                elif isinstance(one, Question):
                    self._ask(one.number, one.asked)
                elif (task := self._crew.done(one.number)) is not None:
                    self._keep(task, one.made)
        elif isinstance(message, Died):
            for task, made in self._crew.died(message):
                self._keep(task, made)
        elif isinstance(message, Recorded):
            self._ledger.answer(message)
        elif isinstance(message, Answered):
            self._answered(message)

    def _keep(self, task: Task, made: Made) -> None:
        if made.problem is not None and task.job.how != "read":
            anew = self._intake.anew(task)  # what was kept cannot be judged: it is read instead
            if anew is not None:
                self._crew.queue(anew)
                return
        counts = self._counts
        counts.done += 1
        if made.result is not None:
            counts.verdicts[made.result.verdict] += 1
        elif task.known is not None and task.known.verdict is not None:
            counts.verdicts[task.known.verdict] += (
                1  # the same, or failed: what it had still stands
            )
        else:
            counts.problems[made.problem or "crashed"] += 1
        self._ledger.made(task, made)

    # -- models

    def _ask(self, number: int, asked: Any) -> None:
        task = self._crew.task(number)
        if task is not None:
            assert self._asker is not None, "the builtin reader asks nobody"
            task.asking += 1
            self._asker.ask(number, asked, self._inbox)

    def _answered(self, answered: Answered) -> None:
        if answered.spent is not None:
            if self._ending is None:
                self._view.note(answered.spent)
            self.stop("cost")
        task = self._crew.task(answered.number)
        if task is None:
            return
        if answered.spent is not None or answered.cancelled:
            self._crew.drop(task)
            self._intake.left(task)
        else:
            self._crew.reply(task, Replied(task.number, answered.told, answered.error))

    def _count_spent(self) -> None:
        if self._asker is not None:
            spent, counts = self._asker.spent(), self._counts
            counts.requests, counts.cost = spent.requests, spent.cost_usd
            counts.input_tokens, counts.output_tokens = spent.input_tokens, spent.output_tokens

    # -- what the parts tell one another

    def _numbered(self) -> int:
        return self._intake.number()

    def _written(self, task: Task, source: int) -> None:
        self._intake.written(task, source)

    # -- people

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown >= _TICK:
            self._shown = now
            self._count_spent()
            self._view.show(self._counts)

    @contextmanager
    def _interrupts(self) -> Iterator[None]:
        """The first Ctrl-C, polite kill or hang-up finishes what is in flight, the second ends at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_: int, __: FrameType | None) -> None:
            if self._ending == "interrupted":
                self._at_once = True  # between two steps, so that nothing is written twice
                return
            self.stop("interrupted")
            self._ending = "interrupted"  # whatever was ending it before
            self._view.stopping(self._crew.flying)

        names = ("SIGINT", "SIGTERM", "SIGHUP")
        known = [getattr(signal, name) for name in names if hasattr(signal, name)]
        heard = [one for one in known if signal.getsignal(one) is not signal.SIG_IGN]  # as by nohup
        before = {one: signal.signal(one, stop) for one in heard}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


__all__ = ["CHUNK", "PATIENCE", "Engine"]
