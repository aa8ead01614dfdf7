"""The executor of a cluster: tasks and one actor of Ray, which is an extra."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from extractor.batch.executors import Once, Outcome, Start
from extractor.errors import GoujiError, UsageError, WorkerError

_TRIES_MORE = 1  # of a task whose process or node ended
_MOST_THREADS = 1000
_begun: list[str] = []


class Cluster:
    """Processes of a cluster, or of this machine where no address is given.

    Args:
        start: How they are started.

    Raises:
        UsageError: Ray is not installed.
        WorkerError: The cluster cannot be reached or started.
    """

    def __init__(self, start: Start) -> None:
        try:
            import ray
        except ImportError:
            raise UsageError("--engine ray: Ray is not installed; install gouji[ray]") from None
        self._ray: Any = ray
        self._start = start
        self._key = secrets.token_hex(8)
        self._flying: dict[Any, int] = {}
        self._settings: Any = None
        here = start.address is None
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns
        try:
            ray.init(
                start.address,
                num_cpus=start.processes if here else None,
                include_dashboard=False if here else None,
                log_to_driver=bool(os.environ.get("GOUJI_DEBUG")),
                logging_level=logging.ERROR,
            )
        except Exception as error:  # noqa: BLE001 - of many kinds
            why = " ".join(str(error).split())[:200]
            raise WorkerError(
                f"no cluster of Ray at {start.address!r} ({why}); check --address"
            ) from None
        self.slots = max(int(self._ray.cluster_resources().get("CPU", 1)), 1)
        self._run = ray.remote(_run).options(max_retries=_TRIES_MORE, num_cpus=1)

    def submit(self, key: int, function: Callable[..., Any], *arguments: Any) -> None:
        """See `Executor.submit`."""
        if self._settings is None:
            self._settings = self._ray.put((self._start.begin, self._start.settings))
        self._flying[self._run.remote(self._key, self._settings, function, arguments)] = key

    def results(self, seconds: float) -> Iterator[Outcome]:
        """See `Executor.results`."""
        if not self._flying:
            return
        ray = self._ray
        flying = list(self._flying)
        if not ray.wait(flying, num_returns=1, timeout=seconds)[0]:
            return
        for one in ray.wait(flying, num_returns=len(flying), timeout=0)[0]:
            key = self._flying.pop(one)
            try:
                yield Outcome(key, ray.get(one))
            except ray.exceptions.RayTaskError as error:
                if isinstance(error.cause, GoujiError):
                    raise error.cause from None
                said = " ".join(f"{type(error.cause).__name__}: {error.cause}".split())
                yield Outcome(key, failed="crashed", message=said)
            except ray.exceptions.RayError as error:
                said = " ".join(str(error).split())[:200]
                yield Outcome(key, failed="crashed", message=said)

    def once(self, make: type, *arguments: Any) -> Once:
        """See `Executor.once`: an actor on the node of the command."""
        return _Actor(self._ray, make, arguments)

    def cancel(self) -> None:
        """See `Executor.cancel`."""
        if self._ray.is_initialized():
            for one in self._flying:
                self._ray.cancel(one, force=True)
            self._ray.shutdown()
        self._flying = {}


class _Actor:
    """See `extractor.batch.executors.Once`."""

    def __init__(self, ray: Any, make: type, arguments: tuple[Any, ...]) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self._ray = ray
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        options = {"num_cpus": 0, "scheduling_strategy": here, "max_concurrency": _MOST_THREADS}
        self._actor: Any = ray.remote(make).options(**options).remote(*arguments)
        self.handle = _Handle(self._actor)

    def call(self, name: str) -> Any:
        """See `Once.call`."""
        return self._ray.get(getattr(self._actor, name).remote())

    def close(self) -> None:
        """See `Once.close`."""
        if self._actor is not None and self._ray.is_initialized():
            self._ray.kill(self._actor)
        self._actor = None


class _Handle:
    """Asks the actor."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def ask(self, asked: Any) -> Any:
        """The method of the object."""
        import ray

        return ray.get(self._actor.ask.remote(asked))


def _run(
    key: str, settings: tuple[Callable[[Any], object], Any], function: Any, arguments: Any
) -> Any:
    """A task; what a process is to be told is told by the first."""
    if _begun != [key]:
        begin, told = settings
        begin(told)
        _begun[:] = [key]
    return function(*arguments)


__all__ = ["Cluster"]
