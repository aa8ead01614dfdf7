"""A process that reads reports: jobs in on standard input, what was made of them out on standard output.

It opens no store and no connection. Where a report needs a model it sends the question up and goes on
with other reports until the reply comes. Run as ``python -m extractor.batch.worker`` by `pool`.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, BinaryIO

from extractor.batch.messages import Done, Dropped, Jobs, Question, Ready, Replied
from extractor.batch.stops import forget_held

if TYPE_CHECKING:
    from extractor.batch.records import Made
    from extractor.batch.unit import Job, Settings
    from extractor.models.exchange import Asked, Told

_COLLECT = 50  # reports
_FAULT = 70
_GATHER = 8  # results that are sent together while more work waits
_SECONDS = 1.0  # and not later than this


def main() -> None:
    """Work until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    forget_held()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is not part of the talk
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox), daemon=True).start()
    code = _FAULT
    try:
        settings = inbox.get()
        if settings is not None:
            with contextlib.suppress(BrokenPipeError):
                _Worker(settings, inbox, out).run()
        code = 0
    finally:  # without waiting for the thread that listens; the parent says what is to be said
        os._exit(code)


def _listen(pipe: BinaryIO, inbox: queue.SimpleQueue[Any]) -> None:
    """Take messages at once, so that whoever sends them never waits."""
    while True:
        try:
            message = pickle.load(pipe)  # noqa: S301 - our own parent
        except EOFError:  # the parent is gone: nobody takes what is made any more
            os._exit(0)
        except Exception:  # noqa: BLE001 - settings that cannot be had here
            inbox.put(None)
            return
        inbox.put(message)


class _Worker:
    def __init__(self, settings: Settings, inbox: queue.SimpleQueue[Any], out: BinaryIO) -> None:
        self._settings = settings
        self._inbox = inbox
        self._out = out
        self._jobs: deque[Job] = deque()
        self._open: dict[int, tuple[Job, Generator[Asked, Told, Made]]] = {}
        self._done: list[Done] = []
        self._made = 0
        self._sent = time.monotonic()

    def run(self) -> None:
        """Replies first, then new reports; wait when there is neither."""
        self._tell([Ready()])
        while True:
            wait = not self._jobs
            if wait or len(self._done) >= _GATHER or time.monotonic() - self._sent > _SECONDS:
                self._send()
            try:
                message = self._inbox.get(block=wait)
            except queue.Empty:
                self._begin(self._jobs.popleft())
                continue
            if message is None:
                return
            if isinstance(message, Jobs):
                self._jobs.extend(message.jobs)
            elif isinstance(message, Dropped):
                self._open.pop(message.number, None)
            else:
                self._go_on(message)

    def _begin(self, job: Job) -> None:
        from extractor.batch.unit import work

        self._open[job.number] = job, work(job, self._settings)
        self._go_on(Replied(job.number, None))

    def _go_on(self, reply: Replied) -> None:
        """One step of a report: to its next question, or to its end."""
        if reply.number not in self._open:
            return
        job, report = self._open[reply.number]
        try:
            if reply.error is not None:
                asked = report.throw(reply.error)
            else:
                asked = report.send(reply.told)  # type: ignore[arg-type]  # None begins it
        except StopIteration as end:
            del self._open[job.number]
            self._done.append(Done(job.number, end.value))
            self._tidy()
        else:
            self._tell([Question(job.number, asked)])

    def _tidy(self) -> None:
        """Collect garbage between reports and not within: what lives long is set aside once."""
        if self._made == 0:
            gc.collect()
            gc.freeze()
            gc.disable()
        self._made += 1
        if self._made % (_COLLECT * _COLLECT) == 0:
            gc.collect()
        elif self._made % _COLLECT == 0:
            gc.collect(0)  # what these reports left; what lived before is not gone through again

    def _send(self) -> None:
        self._sent = time.monotonic()
        if self._done:
            self._tell(self._done)
            self._done = []

    def _tell(self, message: object) -> None:
        pickle.dump(message, self._out, protocol=5)
        self._out.flush()


if __name__ == "__main__":
    main()
