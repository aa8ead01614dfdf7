"""The signals by which a run is told to stop: heard by the run, and held from a worker that starts."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def heard(stop: Callable[[], None]) -> Iterator[None]:
    """Have ``stop`` called at every stop; in a thread, to which no signal comes, never.

    Left as they are: those that are ignored, as by nohup, and those that a program around this Python hears,
    which could not be given back to it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def call(_: int, __: FrameType | None) -> None:
        stop()

    ours = [one for one in STOPS if signal.getsignal(one) not in (signal.SIG_IGN, None)]
    before = {one: signal.signal(one, call) for one in ours}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


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


__all__ = ["STOPS", "forget_held", "heard", "held"]
