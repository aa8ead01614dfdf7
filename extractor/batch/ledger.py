"""What a run has made and not yet written: gathered, and written in short transactions.

A report is written with its paths, its result and its reading in one transaction; what is not written when
a run is killed is done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.batch.asking import Recorded
    from extractor.batch.records import Made
    from extractor.batch.store import Store
    from extractor.batch.tasks import Task

_SECONDS = 0.25
"""At most so long is something that was made not yet written."""
_ROWS = 100


class Ledger:
    """Takes what a run makes, and writes it into the store.

    Args:
        store: Open for writing.
        run: Number of the run.
        maker: Number of who makes its results.
        decided: Number of the last decision of people that its results take into account.
        written: Told of each report when it is in the store, with the number of its source.
        answered: Told the key of each answer when it is in the store.
    """

    def __init__(
        self,
        store: Store,
        run: int,
        maker: int,
        decided: int,
        *,
        written: Callable[[Task, int], None],
        answered: Callable[[str], None],
    ) -> None:
        self._store = store
        self._run = run
        self._maker = maker
        self._decided = decided
        self._written = written
        self._answered = answered
        self._made: list[tuple[Task, Made]] = []
        self._listings: list[tuple[str, int | None, str | None, str | None]] = []
        self._answers: list[Recorded] = []
        self._since: float | None = None

    def made(self, task: Task, made: Made) -> None:
        """A report is done."""
        self._made.append((task, made))
        self._due()

    def listed(
        self, path: str, source: int | None, problem: str | None = None, message: str | None = None
    ) -> None:
        """A path was looked at, and leads to a source that is known, or to none."""
        self._listings.append((path, source, problem, message))
        self._due()

    def answer(self, recorded: Recorded) -> None:
        """A model answered."""
        self._answers.append(recorded)
        self._due()

    def write_when_due(self) -> None:
        """Write, if there is much or it has waited long enough."""
        if self._since is None:
            return
        rows = len(self._made) + len(self._listings)
        if rows >= _ROWS or time.monotonic() - self._since >= _SECONDS:
            self.write()

    def write(self) -> None:
        """Write everything in one transaction.

        Raises:
            StoreError: It cannot be written; nothing of it is stored.
        """
        if self._since is None:
            return
        store, run = self._store, self._run
        sources: list[int] = []
        with store.transaction():
            for answer in self._answers:
                store.add_answer(**asdict(answer))
            for path, known, problem, message in self._listings:
                store.list_path(run, path, known, problem, message)
            for task, made in self._made:
                source, reading = self._source(task, made)
                sources.append(source)
                for path in task.paths:
                    store.list_path(run, path, source)
                before = task.known.result if task.known is not None else None
                store.add_attempt(
                    run,
                    source,
                    self._maker,
                    made,
                    reading=reading,
                    result=before if made.same else None,
                    decided=self._decided,
                )
        for answer in self._answers:
            self._answered(answer.key)
        for (task, _), source in zip(self._made, sources, strict=True):
            self._written(task, source)
        self._made, self._listings, self._answers = [], [], []
        self._since = None

    def _source(self, task: Task, made: Made) -> tuple[int, int | None]:
        """The number of a report's source, and of the reading that was judged again."""
        if task.known is not None:
            return task.known.source, task.known.reading if made.how == "judged" else None
        content = None if made.problem == "unreadable" else task.job.data  # no text, not kept
        return self._store.add_source(task.sha256, task.size, content), None

    def _due(self) -> None:
        if self._since is None:
            self._since = time.monotonic()


__all__ = ["Ledger"]
