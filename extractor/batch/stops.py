"""The signals by which a run is told to stop, and a worker's start without them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def held() -> Iterator[None]:
    """Keep stops waiting, in this thread and in the processes that it starts meanwhile.

    What a terminal sends to a whole group must not end a worker that is between two lives: started, and
    not yet in a group of its own. Nothing is held where signals cannot be (Windows).
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def forget_held() -> None:
    """In a worker that was started under `held`: forget the stops that waited, hear those to come.

    They were for its parent, which decides when to end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return
    for one in STOPS:
        before = signal.signal(one, signal.SIG_IGN)  # which also drops one that waits
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [one])
        signal.signal(one, before)


__all__ = ["STOPS", "forget_held", "held"]
