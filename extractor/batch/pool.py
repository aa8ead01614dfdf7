"""Worker processes: started, spoken to, watched, replaced when they die."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import site
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.batch.stops import held
from extractor.errors import WorkerError

if TYPE_CHECKING:
    from extractor.batch.unit import Settings

_ROOT = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True, slots=True)
class Died:
    """A worker ended without being told to."""

    worker: int
    code: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Messages of a worker (`extractor.batch.worker`)."""

    worker: int
    messages: Sequence[Any]


@dataclass(slots=True)
class _Process:
    """A worker, the thread that hears it, and the one that speaks to it: neither may hold up the run."""

    process: subprocess.Popen[bytes]
    outbox: queue.SimpleQueue[bytes | None]
    threads: list[threading.Thread] = field(default_factory=list)
    told: bool = False


class Pool:
    """A fixed number of workers; what they say arrives in one queue.

    Args:
        count: How many processes.
        settings: What each of them is told at its start.
        inbox: Where `Heard` and `Died` are put.

    Raises:
        WorkerError: There are not so many processes or threads to be had; none is left.
    """

    def __init__(self, count: int, settings: Settings, inbox: queue.SimpleQueue[Any]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._workers: dict[int, _Process] = {}
        self._next = 0
        try:
            for _ in range(count):
                self.add()
        except BaseException:
            self.close()
            raise

    @property
    def numbers(self) -> tuple[int, ...]:
        """Those that run."""
        return tuple(self._workers)

    def add(self) -> int:
        """Start one worker more.

        Raises:
            WorkerError: It cannot be started.
        """
        environ = dict(os.environ)
        if _ROOT not in (*site.getsitepackages(), site.getusersitepackages()):
            paths = [_ROOT, *filter(None, [environ.get("PYTHONPATH")])]
            environ["PYTHONPATH"] = os.pathsep.join(paths)  # a checkout, or a copy
        process = self._start(environ)
        number, self._next = self._next, self._next + 1
        one = self._workers[number] = _Process(process, queue.SimpleQueue())
        try:
            for target, told in ((_speak, (one,)), (self._listen, (number, one))):
                thread = threading.Thread(target=target, args=told, daemon=True)
                thread.start()
                one.threads.append(thread)
        except RuntimeError as error:
            one.told = True
            process.kill()
            self.forget(number)
            raise _none_to_be_had(error) from None
        self.send(number, self._settings)
        return number

    @staticmethod
    def _start(environ: dict[str, str]) -> subprocess.Popen[bytes]:
        # -P: what stands in the current directory, among scraped files, is no module
        command = [sys.executable, "-P", "-m", "extractor.batch.worker"]
        try:
            with held():  # what a terminal sends to a whole group is for the parent to decide about
                return subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=environ,
                    stderr=None if environ.get("GOUJI_DEBUG") else subprocess.DEVNULL,
                    process_group=0 if os.name == "posix" else None,
                )
        except OSError as error:
            raise _none_to_be_had(error.strerror) from None

    def send(self, worker: int, message: object) -> None:
        """Send a message; one to a worker that is gone is lost, and its death is told."""
        one = self._workers.get(worker)
        if one is not None:
            one.outbox.put(pickle.dumps(message, protocol=5))

    def kill(self, worker: int) -> None:
        """End a worker at once; its death is told as any other."""
        one = self._workers.get(worker)
        if one is not None:
            one.process.kill()

    def forget(self, worker: int) -> None:
        """Take note that a worker is gone."""
        one = self._workers.pop(worker, None)
        if one is not None:
            _close(one)

    def close(self) -> None:
        """End all workers; what they were doing is lost."""
        for one in self._workers.values():
            one.told = True
            one.process.kill()
        for one in self._workers.values():
            _close(one)
        self._workers.clear()

    def _listen(self, number: int, one: _Process) -> None:
        assert one.process.stdout is not None
        while True:
            try:
                messages = pickle.load(one.process.stdout)  # noqa: S301 - our own child
            except Exception:  # noqa: BLE001 - half a message: the worker was killed
                break
            self._inbox.put(Heard(number, messages))
        code = one.process.wait()
        if not one.told:
            self._inbox.put(Died(number, code))


def _none_to_be_had(why: object) -> WorkerError:
    return WorkerError(f"no worker process can be started ({why}); use fewer --processes")


def _speak(one: _Process) -> None:
    pipe = one.process.stdin
    assert pipe is not None
    with contextlib.suppress(BrokenPipeError, ValueError):
        while (message := one.outbox.get()) is not None:
            pipe.write(message)
            pipe.flush()


def _close(one: _Process) -> None:
    one.outbox.put(None)
    for thread in one.threads:
        thread.join()  # nobody else may close what they read and write
    for pipe in (one.process.stdin, one.process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError, OSError):
                pipe.close()
    one.process.wait()


__all__ = ["Died", "Heard", "Pool"]
