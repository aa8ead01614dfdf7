"""Models asked for many processes by one: its pace and its caps hold for all of them, whatever their number.

`Questions` is that one, made by `Executor.once`: on this machine in the process of the command, in a cluster of Ray
an actor. The key is where it is and nowhere else.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from extractor.batch.asking import Answered, Asker
from extractor.models.cache import Cache
from extractor.rungs import Asking, build

if TYPE_CHECKING:
    from extractor.models.exchange import Asked
    from extractor.models.meter import Usage


class Asks(Protocol):
    """Asks models from another process; can be pickled."""

    def ask(self, asked: Asked) -> Answered:
        """What came of a question; threads may ask at the same time."""


class Questions:
    """Asks the models of a run.

    Args:
        asking: The ladder with its pace and caps.
        environ: Where keys are; the environment when None.
    """

    def __init__(self, asking: Asking, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        answers = None if asking.cache is None else Cache(asking.cache, asking.offline)
        ladder = build(asking, environ, usual_requests=None, answers=answers, keep=False)
        self._asker = Asker(ladder, None, 1 + 2 * (asking.concurrency or 1))

    def ask(self, asked: Asked) -> Answered:
        """See `Asks.ask`."""
        inbox: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._asker.ask(0, asked, inbox)
        return inbox.get()

    def spent(self) -> Usage:
        """What all requests used, those included that are under way."""
        return self._asker.spent_in_all()

    def stop(self) -> None:
        """Send nothing more."""
        self._asker.cancel()

    def close(self) -> None:
        """Let go of the services."""
        self._asker.close()


__all__ = ["Asks", "Questions"]
