"""What may go wrong while a batch runs: reports that end, hang or deafen their worker, a full disk, two at once."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
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
    attempted,
    attempts,
    batch,
    children,
    corpus,
    engine,
    engine_started,
    gone,
    listed,
    notes,
    one_line,
    results,
    start,
    told,
)
from tests.batch_rungs import TRAPS
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


def test_every_trap_is_tried() -> None:
    assert {f"TRAP-{name}" for name in (*CRASHED, *SILENT, "PRINT", "GATE")} == set(TRAPS)


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


def test_a_worker_that_hangs_ends_with_its_parent(tmp_path: Path) -> None:
    """Nobody is left who would lose patience with it."""
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 20)
    for number in range(10, 20):
        (directory / f"{number:05}.txt").write_text(f"TRAP-HANG {number}")
    process = engine_started(store, "trapped", 600, directory)
    attempted(process, store, 1)
    workers = children(process)
    assert workers
    process.kill()
    process.communicate()
    ended = gone(workers)
    for worker in workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    assert ended


def test_what_a_library_prints_in_a_worker_is_no_part_of_the_talk(tmp_path: Path) -> None:
    run = engine(tmp_path / "s.db", "trapped", 30, trapped(tmp_path / "d", 10, "PRINT", "PRINT"))
    assert (run["problems"], run["verdicts"]) == ({}, {"unsupported": 10})


def test_a_report_that_failed_is_tried_again_when_that_is_asked(tmp_path: Path) -> None:
    directory = trapped(tmp_path / "d", 6, "EXIT")
    store = tmp_path / "s.db"
    engine(store, "trapped", 30, directory, processes=1)
    assert batch(directory, "--store", store, "-q").returncode == 1
    assert attempts(store) == 6
    assert batch(directory, "--store", store, "-q", "--rerun", "failed").returncode == 0
    assert attempts(store) == 7
    assert set(listed(store).values()) == {("unsupported", None)}


def test_a_worker_that_cannot_start_blames_no_report(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    directory = notes(tmp_path / "d", 20)
    run = engine(store, "unloadable", 600, directory)
    assert run["code"] == 70
    assert "Traceback" not in run["stderr"]
    assert attempts(store) == 0
    assert batch(directory, "--store", store, "-q").returncode == 0
    assert len(results(store)) == 20


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("a small file system can only be mounted by root")
    made = subprocess.run(  # noqa: S603 - a path of our own
        [mount, "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield disk
    subprocess.run([umount, str(disk)], check=True)  # noqa: S603 - the same path


def test_a_full_disk_ends_with_one_line_and_the_store_resumes(
    tmp_path: Path, small_disk: Path
) -> None:
    directory = corpus(tmp_path / "d", 150)
    store = small_disk / "s.db"
    kept: list[dict[str, str]] = [{}]
    for number in range(2):
        run = batch(directory, "--store", store, "-q")
        assert run.returncode == 3
        assert "s.db" in one_line(run.stderr)
        copy = tmp_path / f"copy{number}"
        shutil.copytree(small_disk, copy)
        kept.append(results(copy / "s.db"))
        assert kept[-2].items() <= kept[-1].items(), "what was stored is lost"
    assert len(kept[-1]) < 150
    assert batch(directory, "--store", copy / "s.db", "-q").returncode == 0
    after = results(copy / "s.db")
    assert len(after) == 150
    assert kept[-1].items() <= after.items()


def test_a_second_process_on_one_store_is_refused_and_the_first_is_unharmed(
    tmp_path: Path,
) -> None:
    directory = corpus(tmp_path / "d", 60)
    store = tmp_path / "s.db"
    first = start(directory, "--store", store, "--json")
    while not store.exists() or not store.stat().st_size:
        assert first.poll() is None
    first.send_signal(signal.SIGSTOP)  # it holds the store, however fast it is
    link = tmp_path / "link.db"
    link.symlink_to(store)
    refused = [batch(directory, "--store", path, "--json") for path in (store, link)]
    first.send_signal(signal.SIGCONT)
    said, _ = first.communicate(timeout=600)
    for second in refused:
        assert second.returncode == 3, second.stderr
        assert "another" in one_line(second.stderr)
        assert second.stdout == b""
    assert first.returncode == 0
    assert b'"done": 60' in said
    assert len(results(store)) == 60
    assert ask(store, "SELECT count(*) FROM runs") == [(1,)]


def test_a_lock_that_a_killed_process_left_is_no_hindrance(tmp_path: Path) -> None:
    directory = corpus(tmp_path / "d", 40)
    store = tmp_path / "s.db"
    first = start(directory, "--store", store, "-q")
    while not store.exists() or not store.stat().st_size:
        assert first.poll() is None
    first.kill()
    first.communicate(timeout=600)
    run = batch(directory, "--store", store, "--json")
    assert run.returncode == 0, run.stderr
    assert told(run)["reports"] == 40
    assert len(results(store)) == 40
