"""A run of `extract batch` from end to end: what it makes, counts, stops at, and goes on with."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import extractor.batch as library
from extractor.batch.progress import View
from extractor.errors import InputError, UsageError
from tests.batch_corpus import (
    FIRST,
    alive,
    ask,
    attempted,
    attempts,
    batch,
    children,
    corpus,
    engine_started,
    garbled,
    golden,
    gone,
    notes,
    one_line,
    results,
    start,
    told,
)
from tests.batch_gated import closed
from tests.batch_rungs import GATE
from tests.conftest import python, run_code
from tests.hard import HARD

ONE = library.Options(processes=1)


@pytest.mark.batches
def test_a_batch_gives_what_the_reports_give_one_by_one(tmp_path: Path) -> None:
    """Byte for byte, through the same function that ``extract REPORT`` prints from."""
    from extractor.pipeline import read_source
    from extractor.source import decode

    texts = {f"garbled-{seed}": garbled(seed) for seed in range(40)}
    texts |= {f"golden-{path.parent.name}": path.read_bytes() for path in golden()}
    texts |= {f"hard-{number}": hard.text.encode() for number, hard in enumerate(HARD.values())}
    directory = tmp_path / "d"
    directory.mkdir()
    for name, data in texts.items():
        (directory / name).write_bytes(data)
    summary = library.run([str(directory)], str(tmp_path / "s.db"))
    assert summary.exit_code == 0
    rows = ask(tmp_path / "s.db", "SELECT path, result_json(body) FROM current_results")
    assert len(rows) == len(set(texts.values()))
    for path, stored in rows:
        name = Path(path).name
        assert stored == read_source(decode(texts[name], name)).model_dump_json(), name


@pytest.mark.batches
def test_the_counts_that_are_told_are_those_of_the_store(tmp_path: Path) -> None:
    directory, store = corpus(tmp_path / "d", 40), tmp_path / "s.db"
    for number in range(3):
        (directory / f"empty{number}.pdf").write_bytes(b"%%PDF-1.4 %d" % number)
    (directory / "twice.txt").write_bytes(garbled(0))
    (directory / "gone").symlink_to("nowhere")
    for done in (43, 0):
        run = batch(directory, "--store", store, "--json")
        said = told(run)
        verdicts = dict(ask(store, "SELECT verdict, count(*) FROM current_results GROUP BY 1"))
        assert {name: n for name, n in said["verdicts"].items() if n} == verdicts
        assert said["failed"] == {"unreadable": 4}
        assert (said["reports"], said["done"], said["further_paths"]) == (44, done, 1)
        assert said["left_alone"] == 43 - done
        assert said["ending"] == "finished"
        assert run.returncode == 1
        assert run.stdout.count(b"\n") == 1
        text = run.stderr.decode()
        assert f"44 reports: {verdicts['accepted']} accepted" in text
        for name, number in verdicts.items():
            assert f"{number} {name}" in text
        assert "4 failed" in text
    assert attempts(store) == 43
    runs = ask(store, "SELECT ending FROM runs ORDER BY id")
    assert runs == [("finished",), ("finished",)]


@pytest.mark.batches
def test_a_limit_stops_cleanly_and_the_rest_is_done_later(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 20), tmp_path / "s.db"
    for limit, done, ending in ((1, 1, "limit"), (9, 9, "limit"), (100, 10, "finished")):
        said = told(batch(directory, "--store", store, "--json", "--limit", str(limit)))
        assert (said["done"], said["ending"]) == (done, ending)
    assert attempts(store) == 20
    exact = told(batch(directory, "--store", tmp_path / "t.db", "--json", "--limit", "20"))
    assert (exact["done"], exact["ending"]) == (20, "finished")
    for wrong in ("0", "1.5"):
        run = batch(directory, "--store", store, "--limit", wrong)
        assert run.returncode == 2
        assert repr(wrong) in one_line(run.stderr)


@pytest.mark.batches
def test_a_limit_counts_reports_and_never_what_is_done_already(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 12), tmp_path / "s.db"
    for number in range(6):
        (directory / f"0-{number}").write_text("the same note")
    said = told(batch(directory, "--store", store, "--json", "--limit", "3"))
    assert (said["done"], len(results(store))) == (3, 3)
    said = told(batch(directory, "--store", store, "--json", "--limit", "10"))
    assert (said["done"], said["ending"], len(results(store))) == (10, "finished", 13)


def test_quiet_prints_nothing_and_json_is_one_object(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 3)
    quiet = batch(directory, "--store", tmp_path / "s.db", "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")
    both = batch(directory, "--store", tmp_path / "s.db", "-q", "--json")
    assert both.stderr == b""
    assert told(both)["left_alone"] == 3


@pytest.mark.batches
def test_wrong_usage_ends_before_anything_is_made(tmp_path: Path) -> None:
    notes(tmp_path / "d", 1)
    for wrong in (
        [],
        ["--store", "s.db"],
        ["d"],
        ["d", "--store", "s.db", "--rerun", "some"],
        ["d", "--store", "s.db", "--only", "accepted"],
        ["d", "--store", "s.db", "--rpm", "0"],
        ["d", "--store", "s.db", "--processes", "0"],
        ["d", "--store", "s.db", "--concurrency", "-1"],
        ["d", "--store", "s.db", "--model", "nobody"],
        ["d", "--store", "s.db", "--tpm", "many"],
    ):
        run = batch(*wrong, cwd=tmp_path)
        assert run.returncode == 2, wrong
        one_line(run.stderr)
        assert os.listdir(tmp_path) == ["d"], wrong


# -- ending and going on


MANY = 160
BEFORE = 26
"""Reports that are done before a gate for sure: of 40 without one, two workers keep up to seven to themselves."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports for a run to be stopped in the middle of.

    Two workers have at most 16 each; once both wait at a gate the last ones stay where they are.
    """
    directory = corpus(tmp_path_factory.mktemp("many") / "d", 40)
    for number in range(40, MANY):
        (directory / f"{number:05}.txt").write_text(f"TRAP-GATE {number}\n")
    return directory


def start_gated(gate: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the command; it cannot end before its gate is open."""
    env: dict[str, Any] = {GATE: str(gate)}
    return start(*arguments, "--processes", "2", module="tests.batch_gated", **env)


@pytest.mark.kills
@pytest.mark.parametrize("group", [False, True], ids=["parent", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_finishes_what_is_in_flight_and_says_how_to_go_on(
    tmp_path: Path, many: Path, number: signal.Signals, group: bool
) -> None:
    store = tmp_path / "a store 'of mine'.db"
    with closed(tmp_path / "gate") as gate:
        process = start_gated(gate, many, "--store", store, "--json")
        attempted(process, store, BEFORE)
        workers = children(process)
        assert workers
        (os.killpg if group else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    text = err.decode()
    assert "Traceback" not in text
    said = json.loads(out)
    assert (said["ending"], said["failed"]) == ("interrupted", {})
    assert BEFORE <= said["done"] == attempts(store) == len(results(store)) < MANY
    assert gone(workers)
    [again] = [line for line in text.splitlines() if "go on with: " in line]
    command = shlex.split(again.partition("go on with: ")[2])
    assert command[:2] == ["extract", "batch"]
    assert batch(*command[2:]).returncode == 0
    assert len(results(store)) == attempts(store) == MANY


@pytest.mark.kills
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_stop_ends_at_once_and_the_store_is_whole(
    tmp_path: Path, second: signal.Signals
) -> None:
    """Each report takes for ever: only the second stop can end it."""
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 20)
    for number in range(10, 20):
        (directory / f"{number:05}.txt").write_text(f"TRAP-HANG {number}")
    process = engine_started(store, "trapped", 600, directory)
    attempted(process, store, 1)
    workers = children(process)
    process.send_signal(signal.SIGINT)
    for _ in range(120):
        if alive(workers):  # two that come together are one
            process.send_signal(second)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            break
    else:
        process.kill()
    out, err = process.communicate()
    assert process.returncode == 0, "it did not end"
    assert b"Traceback" not in err
    assert json.loads(out)["ending"] == "interrupted"
    assert gone(workers)
    assert len(results(store)) == attempts(store) < 20


@pytest.mark.kills
@pytest.mark.parametrize("group", [False, True], ids=["parent", "group"])
def test_a_killed_run_leaves_no_worker_and_goes_on_as_if_it_had_not_been(
    tmp_path: Path, many: Path, group: bool
) -> None:
    store = tmp_path / "s.db"
    with closed(tmp_path / "gate") as gate:
        process = start_gated(gate, many, "--store", store, "-q")
        attempted(process, store, 1)
        workers = children(process)
        assert workers
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        process.communicate(timeout=600)
        assert gone(workers)
    before = results(store)
    assert batch(many, "--store", store, "-q").returncode == 0
    assert len(results(store)) == attempts(store) == MANY
    assert before.items() <= results(store).items()


# -- from Python


@pytest.mark.batches
def test_the_library_is_quiet_and_returns_what_came_of_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = notes(tmp_path / "d", 5)
    summary = library.run([str(directory)], str(tmp_path / "s.db"), ONE)
    assert (summary.counts.done, summary.exit_code, summary.ending) == (5, 0, "finished")
    assert capfd.readouterr() == ("", "")
    with library.Store.open(str(tmp_path / "s.db")) as store:
        assert [len(report.paths) for report in store.reports()] == [1] * 5


def test_a_single_path_is_no_list_of_letters(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 2)
    assert library.run(str(directory), str(tmp_path / "s.db"), ONE).counts.done == 2


def test_the_library_raises_what_is_wrong(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    with pytest.raises(InputError):
        library.run([str(tmp_path / "gone")], store)
    with pytest.raises(UsageError):
        library.run(None, store)
    assert not os.path.exists(store)


def in_a_thread(call: Callable[[], library.Summary]) -> library.Summary:
    made: list[library.Summary] = []
    thread = threading.Thread(target=lambda: made.append(call()))
    thread.start()
    thread.join()
    return made[0]


def in_a_loop(call: Callable[[], library.Summary]) -> library.Summary:
    async def cell() -> library.Summary:
        return call()

    return asyncio.run(cell())


@pytest.mark.batches
@pytest.mark.parametrize("where", [in_a_thread, in_a_loop])
def test_a_run_works_in_a_thread_and_in_a_notebook(
    tmp_path: Path, where: Callable[[Callable[[], library.Summary]], library.Summary]
) -> None:
    directory, store = notes(tmp_path / "d", 5), str(tmp_path / "s.db")
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    assert where(lambda: library.run([str(directory)], store, ONE)).counts.done == 5
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@pytest.mark.batches
def test_a_run_works_from_a_script_without_a_guard(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 5), tmp_path / "s.db"
    code = (
        "from extractor import batch\n"
        f"print(batch.run([{str(directory)!r}], {str(store)!r}).counts.done)\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    ran = python(script)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"5\n", b"")
    again = run_code(code)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"0\n", b"")


class Broken(View):
    """A view with a fault."""

    def show(self, counts: library.Counts) -> None:
        assert counts is not None
        raise RuntimeError("show is broken")


@pytest.mark.batches
def test_a_broken_view_loses_nothing_and_leaves_no_worker(tmp_path: Path) -> None:
    directory, store = corpus(tmp_path / "d", 20), tmp_path / "s.db"
    with pytest.raises(RuntimeError, match="broken"):
        library.run([str(directory)], str(store), ONE, view=Broken())
    assert library.run([str(directory)], str(store), ONE).exit_code == 0
    assert len(results(store)) == attempts(store) == 20


@pytest.mark.batches
def test_the_order_of_hashes_and_the_number_of_workers_change_nothing(tmp_path: Path) -> None:
    directory = corpus(tmp_path / "d", 20)
    made = []
    for seed, processes in (("0", "1"), ("1", "2"), ("12345", "3")):
        store = tmp_path / f"{seed}.db"
        run = batch(
            directory, "--store", store, "-q", "--processes", processes, PYTHONHASHSEED=seed
        )
        assert run.returncode == 0
        made.append(results(store))
    assert made[0] == made[1] == made[2]


def test_the_unit_gives_what_the_run_stores(tmp_path: Path) -> None:
    directory, store = corpus(tmp_path / "d", 10), tmp_path / "s.db"
    assert library.run([str(directory)], str(store), ONE).exit_code == 0
    for path, stored in ask(store, "SELECT path, result_json(body) FROM current_results"):
        made = library.process(Path(path).read_bytes(), Path(path).name).result
        assert made is not None
        assert made.json == stored


@pytest.mark.batches
def test_a_report_text_is_nowhere_but_in_the_store(tmp_path: Path) -> None:
    text = "本年度没有发生收费的情形。{0} %s [bold]$(touch pwned)\x1b]0;pwned\x07 `touch pwned`\n"
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "{0}%s[bold]$(touch pwned)\x1b]0;x\x07").write_text(text)
    run = batch("d", "--store", "s.db", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert b"\x1b" not in run.stdout + run.stderr
    assert b"pwned" not in run.stdout + run.stderr
    assert sorted(set(os.listdir(tmp_path)) - {"s.db.lock"}) == ["d", "s.db"]


def test_each_verdict_of_the_corpus_is_seen() -> None:
    """The corpus is worth the runs over it."""
    from extractor.pipeline import read_source
    from extractor.source import decode

    seen = Counter(read_source(decode(garbled(seed), "x")).verdict for seed in range(40))
    assert {"accepted", "completed", "incomplete", "inconsistent"} <= set(seen), FIRST
