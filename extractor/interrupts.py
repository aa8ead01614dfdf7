"""How the command line ends when it is told to, whoever tells it: as by Ctrl-C, with nothing left half written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C, a polite kill or a hang-up ended."""


@contextmanager
def as_by_ctrl_c() -> Iterator[None]:
    """Have a polite kill and a hang-up raise `KeyboardInterrupt`, so that what is half written is taken away.

    Only in the main thread, and only those of the two that nobody else handles, or ignores as nohup does. Each is
    heard once: a shell repeats the hang-up of its terminal, which must not break off what the first one ends.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: FrameType | None) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    there = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ours = [number for number in there if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
