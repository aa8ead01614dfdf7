"""An executor that runs each task at once in this process: for tests of a batch that are not about processes.

The start of a worker process costs a second of the processor, as it imports everything anew.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from unittest.mock import patch

from extractor.batch.executors import Once, Outcome, Start
from extractor.batch.serving import Served


class Here:
    """See `extractor.batch.executors.Executor`; what is given and what comes is copied, as between processes."""

    slots = 1

    def __init__(self, start: Start, inbox: queue.SimpleQueue[Any] | None = None) -> None:
        self._start = start
        self._inbox: queue.SimpleQueue[Any] = inbox or queue.SimpleQueue()

    def submit(self, key: int, function: Callable[..., Any], *arguments: Any) -> None:
        """Run it, and have its outcome."""
        settings, given = deepcopy((self._start.settings, arguments))
        self._start.begin(settings)
        value = function(*given)
        self._inbox.put(Outcome(key, deepcopy(value)))

    def results(self, seconds: float) -> Iterator[Any]:
        """The outcomes."""
        try:
            yield self._inbox.get(timeout=seconds) if seconds else self._inbox.get_nowait()
            while True:
                yield self._inbox.get_nowait()
        except queue.Empty:
            return

    def once(self, make: Callable[..., Any], *arguments: Any) -> Once:
        """An object in this process."""
        return Served(make(*arguments))

    def cancel(self) -> None:
        """Nothing is under way."""


def in_this_process() -> Any:
    """A patch: batches run here."""
    return patch("extractor.batch.engine.Processes", Here)
