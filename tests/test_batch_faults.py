"""What may go wrong while a batch runs: reports that end, hang or deafen their worker, a full disk, two at once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.executors import Outcome, Start
from extractor.batch.processes import Processes
from extractor.batch.stops import STOPS
from extractor.batch.worker import begin
from tests.batch_corpus import (
    ask,
    attempts,
    batch,
    corpus,
    engine,
    notes,
    one_line,
    results,
)
from tests.conftest import environment

pytestmark = pytest.mark.batches


CRASHED = [
    "EXIT",
    "WELL",
    "KILL",
    "MEMORY",
    "DEEP",
    "QUIT",
    "RAISE",
    "SURROGATE",
    "ESCAPED",
    "INTERRUPT",
]
SILENT = ["HANG", "DEAF"]


def trapped(directory: Path, count: int, *traps: str) -> Path:
    """Notes with traps spread among them, the first in front."""
    notes(directory, count)
    for number, trap in enumerate(traps):
        (directory / f"{number * count // len(traps):05}.txt").write_text(f"TRAP-{trap} {number}\n")
    return directory


def problems(store: Path) -> dict[str, str]:
    return dict(ask(store, "SELECT path, problem FROM reports WHERE problem IS NOT NULL"))


def test_reports_that_end_their_worker_are_named_and_all_others_have_results(
    tmp_path: Path,
) -> None:
    directory = trapped(tmp_path / "d", 60, *CRASHED)
    store = tmp_path / "s.db"
    run = engine(store, "trapped", 60, directory)
    assert run["problems"] == {"crashed": len(CRASHED)}
    assert run["verdicts"] == {"unsupported": 60 - len(CRASHED)}
    assert run["code"] == 1
    blamed = {(directory / f"{i * 60 // len(CRASHED):05}.txt") for i in range(len(CRASHED))}
    assert {Path(path) for path in problems(store)} == blamed
    assert len(results(store)) == 60 - len(CRASHED)
    assert attempts(store) == 60
    messages = ask(store, "SELECT message FROM attempts WHERE problem IS NOT NULL")
    assert all("\n" not in message and len(message) <= 600 for (message,) in messages)
    assert "Traceback" not in run["stderr"]
    assert "Fatal Python error" not in run["stderr"]


def test_reports_that_hang_are_named_and_all_others_have_results(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    run = engine(store, "trapped", 600, trapped(tmp_path / "d", 20, *SILENT), hurried=True)
    assert run["problems"] == {"timeout": 2}
    assert run["verdicts"] == {"unsupported": 18}
    assert set(problems(store).values()) == {"timeout"}
    assert len(results(store)) == 18


def test_what_a_library_prints_in_a_worker_is_no_part_of_the_talk(tmp_path: Path) -> None:
    run = engine(tmp_path / "s.db", "trapped", 30, trapped(tmp_path / "d", 10, "PRINT", "PRINT"))
    assert (run["problems"], run["verdicts"]) == ({}, {"unsupported": 10})


def outcome(processes: Processes) -> Outcome:
    """The next."""
    while True:
        for one in processes.results(1):
            assert isinstance(one, Outcome)
            return one


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_between_the_two_lives_of_a_worker_is_not_its_end(
    monkeypatch: pytest.MonkeyPatch, stop: signal.Signals
) -> None:
    """Started, but neither in a group of its own nor at its own code yet: what a group is sent arrives."""

    def hit(*arguments: Any) -> int:
        pid = spawned(*arguments)
        os.kill(pid, stop)
        return pid

    spawned = util.spawnv_passfds
    monkeypatch.setattr(util, "spawnv_passfds", hit)
    processes = Processes(Start(begin, None, 1))
    try:
        processes.submit(1, os.getppid)
        assert outcome(processes) == Outcome(1, os.getpid())
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []) & set(STOPS) == set()
    finally:
        processes.cancel()


def test_a_worker_hears_a_polite_kill_once_it_works() -> None:
    processes = Processes(Start(begin, None, 1))
    try:
        processes.submit(1, os.getpid)
        first = outcome(processes).value
        os.kill(first, signal.SIGTERM)
        processes.submit(2, os.getpid)
        assert outcome(processes).value not in (first, os.getpid())
    finally:
        processes.cancel()


def limited(megabytes: float) -> None:
    size = int(megabytes * (1 << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_that_may_not_grow_ends_with_one_line_and_the_store_resumes(
    tmp_path: Path,
) -> None:
    store = tmp_path / "s.db"
    directory = corpus(tmp_path / "d", 40)
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", "batch", str(directory), "--store", str(store), "-q"],
        capture_output=True,
        env=environment(),
        timeout=600,
        check=False,
        preexec_fn=lambda: limited(0.6),
    )
    assert run.returncode == 3
    assert "s.db" in one_line(run.stderr)
    before = results(store)
    assert len(before) < 40
    assert batch(directory, "--store", store, "-q").returncode == 0
    after = results(store)
    assert len(after) == 40
    assert before.items() <= after.items()
    assert attempts(store) == 40
