"""Ask models for a whole run: threads that do one request each, one pace for all, answers kept in the store."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from extractor.errors import GoujiError, WorkerError
from extractor.models.exchange import Spent, Stopped, UnansweredError

if TYPE_CHECKING:
    from extractor.batch.store import Store
    from extractor.models.exchange import Asked, Question, Told
    from extractor.models.meter import Usage
    from extractor.rungs import Ladder


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer on its way into the store.

    Attributes:
        write: Writes it.
        written: Called when it is there.
    """

    write: Callable[[], object]
    written: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question.

    Attributes:
        number: Of the report.
        reply: What was told, or what went wrong: `Spent` when a cap of the run is reached, `Stopped` when it was not
            asked because the run ends, `StoreError` when the run cannot go on; else the report has no answer.
    """

    number: int
    reply: Told | Exception


class StoredAnswers:
    """The answers that a store has, as `Service` wants them. Threads share one; another writes what is new.

    Args:
        store: Open.
        offline: Whether answers come from here alone.
        fresh: Whether what was recorded before is asked anew.
    """

    def __init__(self, store: Store, *, offline: bool = False, fresh: bool = False) -> None:
        self.offline = offline
        self._store = store
        self._after = store.last_answer() if fresh else 0
        self._new: dict[str, str] = {}
        self._inbox: queue.SimpleQueue[Any] | None = None

    def tell(self, inbox: queue.SimpleQueue[Any]) -> None:
        """Where new answers are handed over, to be written."""
        self._inbox = inbox

    def get(self, key: str) -> str | None:
        """The answer recorded under a key."""
        answer = self._new.get(key)
        return self._store.answer(key, after=self._after) if answer is None else answer

    def put(self, key: str, text: str, *, question: Question, model: str) -> None:
        """Hand an answer over; until it is written it is answered from here."""
        self._new[key] = text
        assert self._inbox is not None, "a run takes answers before it asks"
        write = partial(
            self._store.add_answer,
            key,
            text,
            model=model,
            prompt_id=question.prompt_id,
            prompt_sha256=question.prompt_sha256,
            about=question.about,
            sample=question.sample,
        )
        self._inbox.put(Recorded(write, lambda: self._new.pop(key, None)))


_Item = tuple[int, "Asked", "queue.SimpleQueue[Any]"]


class Asker:
    """Asks the questions of a run. Of several that are the same one is asked at a time.

    Args:
        ladder: Asks models, at its pace.
        answers: What is recorded, where that is in a store.
        threads: As many questions are worked on; some of them may wait to try again.

    Raises:
        WorkerError: There are not so many threads to be had.
    """

    def __init__(self, ladder: Ladder, answers: StoredAnswers | None, threads: int) -> None:
        self.answers = answers
        self._ladder = ladder
        self._questions: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._lasting: dict[str, UnansweredError] = {}
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, list[_Item]] = {}  # behind the same question in flight
        self._threads: list[threading.Thread] = []
        try:
            for _ in range(threads):
                thread = threading.Thread(target=self._work, daemon=True)
                thread.start()
                self._threads.append(thread)
        except RuntimeError as error:
            self.close()
            raise WorkerError(
                f"no thread can be started that asks ({error}); use a smaller --concurrency"
            ) from None

    def ask(self, number: int, asked: Asked, inbox: queue.SimpleQueue[Any]) -> None:
        """Ask; what comes of it is put into the inbox."""
        self._questions.put((number, asked, inbox))

    @property
    def deferred(self) -> bool:
        """Whether questions are left to a batch."""
        return self._ladder.desk is not None and bool(self._ladder.desk.wanted)

    def spent(self) -> Usage:
        """What all requests so far used, those of reports that are left for the next run included."""
        return self._ladder.meter.spent()

    def spent_in_all(self) -> Usage:
        """The same at the end of a run: requests under way, which may be paid for, are counted as well."""
        return self._ladder.meter.spent_in_all()

    def cancel(self) -> None:
        """Send nothing more: what waits to be sent is given up, what is under way is not."""
        self._cancelled.set()
        if self._ladder.pace is not None:
            self._ladder.pace.stop()

    def close(self) -> None:
        """Let go of the services at once; a request under way is left to itself."""
        self.cancel()
        for _ in self._threads:
            self._questions.put(None)
        self._ladder.close()

    def _work(self) -> None:
        while (item := self._questions.get()) is not None:
            number, asked, inbox = item
            question = asked.question
            key = (asked.model, question.prompt_sha256, question.user, question.sample)
            with self._lock:
                if key in self._waiting:
                    self._waiting[key].append(item)  # its answer will be on record
                    continue
                self._waiting[key] = []
            inbox.put(Answered(number, self._one(asked)))
            with self._lock:
                waited = self._waiting.pop(key)
            for one in waited:
                self._questions.put(one)

    def _one(self, asked: Asked) -> Told | Exception:
        if self._cancelled.is_set():
            return Stopped()
        lasting = self._lasting.get(asked.model)
        if lasting is not None:  # a key that is refused is refused for every report
            return UnansweredError(
                str(lasting), kind=lasting.kind, lasting=True
            )  # without requests
        try:
            return self._ladder.ask(asked)
        except UnansweredError as error:
            if error.lasting:
                self._lasting[asked.model] = error
            return error
        except (GoujiError, Spent, Stopped) as error:
            return error
        except Exception as error:  # noqa: BLE001 - a fault here is one report's failure, not the run's end
            return RuntimeError(f"{type(error).__name__}: {error}")


__all__ = ["Answered", "Asker", "Recorded", "StoredAnswers"]
