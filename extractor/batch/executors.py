"""Where pure functions run: the seam for processes of this machine, a cluster, or whatever else maps functions.

Beside those of this package an executor is found by its name in the entry points of the group ``gouji.executors``;
the entry point leads to a function of a `Start` that gives an `Executor`. A new one is one module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, Protocol

from extractor.errors import UsageError

_GROUP = "gouji.executors"
_OWN = {
    name: EntryPoint(name, value, _GROUP)
    for name, value in (
        ("local", "extractor.batch.processes:Processes"),
        ("ray", "extractor.batch.on_ray:Cluster"),
    )
}
PATIENCE = 600.0
"""Seconds that one task may take before its process is ended."""


@dataclass(slots=True)
class Start:
    """How an executor is started. What processes are told may be filled in until the first task is submitted.

    Attributes:
        begin: Called once in each process, before anything else, with `settings`.
        settings: What every process is told; can be pickled.
        processes: How many; None for as many as there are cores.
        address: Of a cluster, where there is one.
        patience: Seconds that one task may take; 0 for as long as it wants.
    """

    begin: Callable[[Any], object]
    settings: Any = None
    processes: int | None = None
    address: str | None = None
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task.

    Attributes:
        key: As it was submitted.
        value: What the function returned.
        failed: The process that ran it ended, or had to be ended, each of two times.
        message: The same in one line.
    """

    key: int
    value: Any = None
    failed: Literal["crashed", "timeout"] | None = None
    message: str = ""


class Once(Protocol):
    """An object that exists once, whatever the number of processes.

    Attributes:
        handle: Can be pickled into `Start.settings`; its method ``ask`` is the object's.
    """

    handle: Any

    def call(self, name: str) -> Any:
        """Call a method of it, from where the executor is."""

    def close(self) -> None:
        """Let it go; twice does no harm."""


class Executor(Protocol):
    """Runs functions elsewhere. One thread uses it.

    Attributes:
        slots: How many tasks run at a time.
    """

    slots: int

    def submit(self, key: int, function: Callable[..., Any], *arguments: Any) -> None:
        """Run a function; all of it can be pickled. A task that ends its process is tried once more, alone.

        Args:
            key: By which its outcome is known; no two that are under way have the same.
            function: Of a module.
            arguments: Of it.
        """

    def results(self, seconds: float) -> Iterator[Any]:
        """What has come, after waiting at most so long for the first: an `Outcome` of each task, in any order.

        Raises:
            GoujiError: A task raised it, or no process can be started that begins (`WorkerError`).
        """

    def once(self, make: type, *arguments: Any) -> Once:
        """Make an object of a class, once for all processes, where the environment is that of the command."""

    def cancel(self) -> None:
        """End everything; what was under way is lost. Twice does no harm."""


def executor(name: str, start: Start) -> Executor:
    """The executor with this name.

    Raises:
        UsageError: There is none, or something that it needs is not installed.
        WorkerError: It cannot be started.
    """
    found = _OWN | {one.name: one for one in entry_points(group=_GROUP)}
    if name not in found:
        raise UsageError(
            f"--engine {name!r}: no such executor; there are {', '.join(sorted(found))}"
        )
    make: Callable[[Start], Executor] = found[name].load()
    return make(start)


__all__ = ["PATIENCE", "Executor", "Once", "Outcome", "Start", "executor"]
