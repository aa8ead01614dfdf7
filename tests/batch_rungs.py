"""Rungs that do to their worker what a bug could: end it, hang it, fill it, deafen it.

A report says by its text what happens to it; every other is read by the builtin reader. Workers import this
module by its name, so it stays light.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from extractor.ladder import Builtin, Reads, Rung
from verify.layout import Layout

GATE = "GOUJI_TEST_GATE"
"""The environment variable with the path of a lock: while it is held, what is trapped by ``GATE`` waits."""
HURRIED = "GOUJI_TEST_HURRIED"
"""The environment variable that lets patience with a report end as soon as it is in a trap."""


class Escaped(BaseException):
    """What no `except Exception` catches."""


def _raise(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def _leave() -> None:
    os._exit(7)


def _leave_well() -> None:
    os._exit(0)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fall_silent() -> None:
    if HURRIED in os.environ:
        signal.setitimer(signal.ITIMER_REAL, 0.2)


def _gate() -> None:
    """Wait for as long as a test wants."""
    with open(os.environ[GATE], "rb") as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)


def _hang() -> None:
    _fall_silent()
    threading.Event().wait()


def _deaf() -> None:
    """Hold the interpreter's lock for ever: no other thread of the worker runs."""
    _fall_silent()
    re.match(r"(a+)+b", "a" * 60)


def _memory() -> None:
    bytearray(1 << 62)


def _deep() -> None:
    _deep()


def _print() -> None:
    print("\x80\x04 not part of the talk \x1b[31m", flush=True)
    os.write(1, b"nor this\n")


def _quit() -> None:
    sys.exit(3)


TRAPS: dict[str, Callable[[], None]] = {
    "TRAP-EXIT": _leave,
    "TRAP-WELL": _leave_well,
    "TRAP-KILL": _kill,
    "TRAP-GATE": _gate,
    "TRAP-HANG": _hang,
    "TRAP-DEAF": _deaf,
    "TRAP-MEMORY": _memory,
    "TRAP-DEEP": _deep,
    "TRAP-PRINT": _print,
    "TRAP-QUIT": _quit,
    "TRAP-RAISE": _raise(ValueError("two lines\nof \x1b[31m[bold]trouble")),
    "TRAP-SURROGATE": _raise(ValueError("\udcff")),
    "TRAP-ESCAPED": _raise(Escaped("nobody catches this")),
    "TRAP-INTERRUPT": _raise(KeyboardInterrupt()),
}


@dataclass(frozen=True, slots=True)
class Trapped:
    """The builtin reader, but for reports that hold the name of a trap."""

    model: str = "builtin"

    def asking(self, layout: Layout) -> Reads:
        """Read a report, or do what it says."""
        for name, act in TRAPS.items():
            if name in layout.source:
                act()
        return Builtin(self.model).asking(layout)


RUNGS: dict[str, Callable[[], Rung]] = {"trapped": Trapped}
