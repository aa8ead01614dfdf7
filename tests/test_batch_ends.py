"""How a run of `extract batch` ends when something around it does: a signal, its store, its workers, its caller."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest

import extractor.batch as library
from extractor import __version__
from extractor.batch import stops
from extractor.batch.asking import Asker
from extractor.batch.engine import Engine
from extractor.batch.executors import Start
from extractor.batch.plan import Plan
from extractor.batch.processes import Processes
from extractor.batch.progress import View
from extractor.batch.unit import Settings
from extractor.errors import WorkerError
from extractor.models.meter import Attempt, Meter
from extractor.models.prices import Prices
from tests.batch_corpus import ask, attempts, children, corpus, gone, notes, results, start, told
from tests.batch_rungs import Trapped
from tests.conftest import run_code
from tests.loopback import Server, faults
from tests.stores import BUILTIN

ONE = library.Options(processes=1)


def endings(store: Path) -> list[str | None]:
    return [ending for (ending,) in ask(store, "SELECT ending FROM runs ORDER BY id")]


# -- signals


@pytest.mark.kills
def test_a_stop_while_a_run_closes_is_not_its_end(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 3), tmp_path / "s.db"
    run = run_code(
        "import os, signal\n"
        "from extractor import batch\n"
        "from extractor.batch.processes import Processes\n"
        "cancel = Processes.cancel\n"
        "def hit(processes):\n"
        "    for _ in range(3):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    cancel(processes)\n"
        "Processes.cancel = hit\n"
        f"print(batch.run({str(directory)!r}, {str(store)!r}).ending)\n"
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, b"finished\n", b"")
    assert endings(store) == ["finished"]


@pytest.mark.kills
@pytest.mark.parametrize(
    "where", ["extractor.batch.command.listed", "extractor.across.summary_page"]
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_before_or_after_a_run_says_how_to_go_on(
    tmp_path: Path, where: str, number: signal.Signals
) -> None:
    directory, store = notes(tmp_path / "d", 3), tmp_path / "s.db"
    page = tmp_path / "page.html"
    arguments = [
        "batch",
        str(directory),
        "--store",
        str(store),
        "--html",
        str(page),
        "--lang",
        "en",
    ]
    module, _, name = where.rpartition(".")
    run = run_code(
        "import os, sys\n"
        "from extractor.__main__ import start\n"
        f"import {module} as module\n"
        "def hit(*_, **__):\n"
        f"    os.kill(os.getpid(), {number:d})\n"
        f"module.{name} = hit\n"
        f"sys.argv[1:] = {arguments}\n"
        "sys.exit(start())\n"
    )
    assert run.returncode == 130, run.stderr
    [*_, last] = run.stderr.decode().splitlines()
    assert last.startswith("extract: interrupted; go on with: extract batch ")
    assert b"Traceback" not in run.stderr
    assert not page.exists()
    assert store.exists() == (name == "summary_page")


def test_what_a_program_around_this_python_hears_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that was not set from Python is None here, and nobody can put it back."""
    was = signal.getsignal
    before = {number: was(number) for number in stops.STOPS}
    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    directory, store = notes(tmp_path / "d", 2), tmp_path / "s.db"
    assert library.run(str(directory), str(store), ONE).counts.done == 2
    assert {number: was(number) for number in stops.STOPS} == before


def test_a_stop_is_heard_and_then_given_back() -> None:
    seen: list[int] = []
    before = [signal.getsignal(number) for number in stops.STOPS]
    with stops.heard(lambda: seen.append(1)):
        for number in stops.STOPS:
            signal.raise_signal(number)
    assert len(seen) == len(stops.STOPS)
    assert [signal.getsignal(number) for number in stops.STOPS] == before


@pytest.mark.batches
def test_requests_that_nobody_waits_for_any_more_are_counted(tmp_path: Path) -> None:
    """They may be paid for."""
    directory, store = corpus(tmp_path / "d", 3), tmp_path / "s.db"
    with Server(faults.silent()) as server:
        process = start(
            directory,
            "--store",
            store,
            "--json",
            "--model",
            "openai/scripted",
            "--base-url",
            server.url,
            "--concurrency",
            "2",
            OPENAI_API_KEY="scripted",
        )
        while len(server.calls) < 2:
            assert process.poll() is None
            threading.Event().wait(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while b"stopping: " not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    said = told(subprocess.CompletedProcess([], 130, out))
    assert said["usage"]["requests"] == 2
    assert said["usage"]["cost_usd"] is None
    assert b"2 requests, cost not known" in err


def test_a_meter_counts_what_is_under_way_only_at_the_end() -> None:
    meter = Meter(None, None, Prices.load(), keep=False)
    assert meter.spent_in_all() == meter.spent()
    for _ in range(2):
        thread = threading.Thread(target=meter.before_request, args=(10, 10, "m"))
        thread.start()
        thread.join()
    meter.before_request(10, 10, "m")
    meter.record(Attempt("a", "m", "s", 401, 0.1, None, None, None, None, "refused", None, "json"))
    assert (meter.spent().requests, meter.spent().cost_usd) == (1, Decimal(0))
    assert (meter.spent_in_all().requests, meter.spent_in_all().cost_usd) == (3, None)


# -- faults


class Failing(View):
    """A view with a fault in one place."""

    def __init__(self, place: str) -> None:
        setattr(self, place, self._fail)

    def _fail(self, *_: object) -> None:
        raise MemoryError("no more")


def test_a_run_that_any_fault_ends_is_recorded_as_failed(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 3), tmp_path / "s.db"

    def paths() -> Iterator[str]:
        yield str(directory / "00000.txt")
        raise ValueError("no further")

    with pytest.raises(MemoryError):
        library.run(str(directory), str(store), ONE, view=Failing("show"))
    with pytest.raises(MemoryError):
        library.run(str(directory), str(store), ONE, view=Failing("going_on"))
    with pytest.raises(ValueError, match="no further"):
        library.run_files(paths(), str(store), ONE)
    assert endings(store) == ["failed"] * 3
    assert library.run(str(directory), str(store), ONE).exit_code == 0
    assert len(results(store)) == attempts(store) == 3


class Few:
    """Threads or processes, of which there are only so many."""

    def __init__(self, most: int, make: Callable[..., Any], error: Exception) -> None:
        self._left = most
        self._make = make
        self._error = error
        self.made: list[Any] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(self.made) >= self._left:
            raise self._error
        self.made.append(self._make(*args, **kwargs))
        return self.made[-1]

    def bound(self) -> Callable[..., Any]:
        """The same for a class, whose methods are functions."""

        def call(*args: Any) -> Any:
            return self(*args)

        return call


def test_too_few_processes_are_one_line_and_leave_none(monkeypatch: pytest.MonkeyPatch) -> None:
    spawn = util.spawnv_passfds
    few = Few(2, spawn, BlockingIOError(11, "Resource temporarily unavailable"))
    monkeypatch.setattr(util, "spawnv_passfds", few)
    with pytest.raises(WorkerError, match="Resource temporarily unavailable"):
        Processes(Start(len, (), 3)).submit(1, os.getpid)
    assert multiprocessing.active_children() == []


class NoLadder:
    """Asks nobody."""

    pace = None

    def close(self) -> None:
        """Nothing is open."""


def test_too_few_threads_to_ask_are_one_line_and_leave_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = threading.Thread.start
    few = Few(2, began, RuntimeError("can't start new thread"))
    before = set(threading.enumerate())
    monkeypatch.setattr(threading.Thread, "start", few.bound())
    with pytest.raises(WorkerError, match=r"can't start new thread.*smaller --concurrency"):
        Asker(NoLadder(), None, 4)  # type: ignore[arg-type]  # it asks nobody
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    assert set(threading.enumerate()) <= before


# -- workers that are ended while they start


def dying(monkeypatch: pytest.MonkeyPatch, *which: int) -> list[int]:
    """Have these of the processes that are started killed before they begin; which were started."""
    began: list[int] = []
    spawn = util.spawnv_passfds

    def start(path: bytes, arguments: list[str], files: Any) -> int:
        if "multiprocessing.spawn" not in arguments[-2]:
            return spawn(path, arguments, files)
        began.append(len(began))
        if began[-1] in which:
            arguments = [arguments[0], "-c", "import os; os.kill(os.getpid(), 9)"]
        return spawn(path, arguments, files)

    monkeypatch.setattr(util, "spawnv_passfds", start)
    return began


@pytest.mark.batches
@pytest.mark.parametrize("which", [(0,), (1,), (0, 1, 2), (0, 2, 3)])
def test_a_worker_that_is_killed_while_it_starts_is_replaced_and_blames_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: tuple[int, ...]
) -> None:
    directory, store = notes(tmp_path / "d", 40), tmp_path / "s.db"
    dying(monkeypatch, *which)
    summary = library.run(str(directory), str(store), library.Options(processes=2))
    assert (summary.counts.done, summary.exit_code) == (40, 0)
    assert len(results(store)) == attempts(store) == 40


def test_a_worker_that_never_starts_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, store = notes(tmp_path / "d", 5), tmp_path / "s.db"
    began = dying(monkeypatch, *range(99))
    with pytest.raises(WorkerError, match=r"ended before it began \(signal 9\)"):
        library.run(str(directory), str(store), ONE)
    assert len(began) == 4
    assert (endings(store), attempts(store)) == (["failed"], 0)


@pytest.mark.batches
def test_who_tries_a_suspect_and_is_killed_while_it_starts_does_not_clear_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, store = notes(tmp_path / "d", 3), tmp_path / "s.db"
    (directory / "00001.txt").write_text("TRAP-EXIT")
    dying(monkeypatch, 1)
    with library.Store.open(store, write=True) as opened:
        engine = Engine(opened, Plan(BUILTIN), Settings(rungs=(Trapped(),)), View())
        files = sorted(str(path) for path in directory.iterdir())
        counts = engine.run(iter(files), {}, __version__).counts
    assert (dict(counts.problems), dict(counts.verdicts)) == ({"crashed": 1}, {"unsupported": 2})


# -- what the library takes


@pytest.mark.batches
def test_paths_may_be_paths(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 3), tmp_path / "s.db"
    only = library.Options(processes=1, only=[directory / "00000.txt"])
    assert library.run(directory, store, only).counts.done == 1
    assert library.run([directory], store, ONE).counts.done == 2
    again = library.Options(processes=1, rerun="all")
    assert library.run_files([str(directory / "00001.txt")], store, again).counts.done == 1
    assert library.run(None, store, again).store == str(store)
    with library.Store.open(store) as opened:
        assert opened.path == str(store)


def test_no_worker_is_left_of_a_run_that_was_hung_up(tmp_path: Path) -> None:
    """Ctrl-C as soon as workers are there."""
    directory, store = notes(tmp_path / "d", 50), tmp_path / "s.db"
    process = start(directory, "--store", store, "-q")
    workers: list[int] = []
    while not workers:
        assert process.poll() is None
        workers = children(process)
    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGINT):
        os.kill(process.pid, number)
    _, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert gone(workers)
