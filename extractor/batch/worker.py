"""What runs in a process that reads reports. It opens no store and no connection.

Where a report needs a model, `step` gives the question back; with the answer it is called again, in this process or
in any other: the reading is done again up to there.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from extractor.batch.stops import forget_held
from extractor.models.exchange import Asked, Told

if TYPE_CHECKING:
    from extractor.batch.records import Made
    from extractor.batch.unit import Job, Settings

_COLLECT = 50  # reports

_settings: list[Settings] = []
_made = 0


def begin(settings: Settings) -> None:
    """How reports are read in this process."""
    _settings[:] = [settings]


def open_streams() -> None:
    """In the parent, before anything is opened: let no pipe take the place of a standard stream that is closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(
                os.open(os.devnull, os.O_RDWR), True
            )  # the lowest number that is free


def alone() -> None:
    """Make the process one that says nothing and that only its parent ends, or that parent's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    forget_held()
    if not os.environ.get("GOUJI_DEBUG"):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.dup2(2, 1)  # whatever a library prints is not what the command says
    sys.stdout = sys.stderr
    threading.Thread(target=_end_with_parent, daemon=True).start()


def alarm(seconds: float) -> None:
    """End this process, by SIGALRM, when so much time has passed; 0 for never.

    It is a timer of the system, which no lock of the interpreter holds up. Windows has none.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def step(job: Job, replies: Sequence[Told | Exception]) -> Made | Asked:
    """What is made of a report, or its next question when these are the answers so far."""
    from extractor.batch.unit import work

    report = work(job, _settings[0])
    try:
        asked = next(report)
        for reply in replies:
            failed = isinstance(reply, Exception)
            asked = report.throw(reply) if failed else report.send(reply)  # type: ignore[arg-type]
    except StopIteration as end:
        tidy()
        made: Made = end.value
        return made
    return asked


def tidy() -> None:
    """Collect garbage between reports and not within: what lives long is set aside once."""
    global _made  # noqa: PLW0603 - a process has one count
    if _made == 0:
        gc.collect()
        gc.freeze()
        gc.disable()
    _made += 1
    if _made % (_COLLECT * _COLLECT) == 0:
        gc.collect()
    elif _made % _COLLECT == 0:
        gc.collect(0)  # what these reports left; what lived before is not gone through again


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)  # nobody takes what is made any more


__all__ = ["alarm", "alone", "begin", "open_streams", "step", "tidy"]
