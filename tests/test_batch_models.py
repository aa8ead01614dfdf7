"""`extract batch` with a language model: a scripted server on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.store.packing import Connection
from tests.conftest import ROOT, environment
from tests.loopback.counted import CountedServer
from tests.scripted.many import PROMPT, Known, write

pytestmark = pytest.mark.batches


SEEDS = range(40)
ANSWERS = "SELECT count(*) FROM answers"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    folder = tmp_path_factory.mktemp("reports")
    return folder, Known(write(str(folder), SEEDS))


def batch(
    *arguments: str | Path, root: Path = ROOT, code: int | None = 0
) -> tuple[dict[str, Any], str]:
    """Run ``extract batch``; its outcome as JSON, and what it says."""
    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "extractor",
            "batch",
            *map(str, arguments),
            "--json",
            "--lang",
            "en",
        ],
        env={**environment(), "PYTHONPATH": str(root), "OPENAI_API_KEY": "scripted"},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert code is None or done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else {}, done.stderr


def model(server: CountedServer, *more: str) -> tuple[str, ...]:
    return ("--model", "openai/scripted", "--base-url", server.url, "--prompt", PROMPT, *more)


def rows(store: Path, query: str) -> list[Any]:
    with closing(Connection(store)) as connection:
        return connection.execute(query).fetchall()


def test_every_report_is_read_and_never_more_requests_are_in_flight(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    with CountedServer(known, latency=0.05, gathers=7) as server:
        outcome, _ = batch(
            folder, "--store", tmp_path / "s.db", *model(server, "--concurrency", "7")
        )
    count = len(list(folder.iterdir()))
    assert outcome["verdicts"]["accepted"] == outcome["reports"] == count
    assert server.most_in_flight == 7
    assert server.requests == outcome["usage"]["requests"] >= count
    assert set(server.successes.values()) == {1}


def test_whatever_a_server_does_every_report_ends_and_nothing_answered_is_asked_again(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    # a client that loses patience with an answer under way asks again: only the server drops who waits
    with CountedServer(known, 0.01, share=0.25, seed=3, retry_after=0.05, silence=1.0) as server:
        outcome, _ = batch(folder, "--store", store, *model(server), code=None)
        verdicts, failed = sum(outcome["verdicts"].values()), sum(outcome["failed"].values())
        assert verdicts + failed == len(list(folder.iterdir()))
        assert rows(
            store, "SELECT count(*) FROM reports WHERE verdict IS NULL AND problem IS NULL"
        ) == [(0,)]
        batch(folder, "--store", store, *model(server), "--rerun", "failed", code=None)
    assert sum(server.played.values()) > 0
    assert set(server.successes.values()) == {1}


def test_a_dead_server_is_exit_4_and_later_only_what_failed_is_done(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    dead = ("--model", "openai/scripted", "--base-url", "http://127.0.0.1:9/v1", "--prompt", PROMPT)
    outcome, said = batch(
        folder, "--store", store, *dead, "--concurrency", "40", "--deadline", "1", code=4
    )
    assert set(outcome["failed"]) == {"provider"}
    assert "--rerun failed" in said
    with CountedServer(known) as server:
        outcome, _ = batch("--store", store, "--rerun", "failed", *model(server))
    assert outcome["verdicts"]["accepted"] == outcome["done"] == len(list(folder.iterdir()))


def test_a_cap_ends_the_run_cleanly_and_the_next_goes_on(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    with CountedServer(known) as server:
        outcome, said = batch(
            folder, "--store", store, *model(server, "--max-requests", "9"), code=1
        )
        assert outcome["ending"] == "cost"
        assert server.requests <= 9
        assert "go on with" in said
        assert rows(
            store, "SELECT count(*) FROM results WHERE result_json(body) LIKE '%requests_spent%'"
        ) == [(0,)]
        outcome, _ = batch(folder, "--store", store, *model(server))
    assert outcome["verdicts"]["accepted"] == len(list(folder.iterdir()))
    assert set(server.successes.values()) == {1}


@pytest.mark.parametrize("concurrency", ["1", "7"])
def test_a_trial_of_a_few_reports_asks_about_them_to_the_end(
    reports: tuple[Path, Known], tmp_path: Path, concurrency: str
) -> None:
    """At the limit no report more is begun; the questions of those that were are not given up."""
    folder, known = reports
    store = tmp_path / "s.db"
    accepted = "SELECT count(*) FROM reports WHERE verdict = 'accepted'"
    with CountedServer(known, latency=0.05) as server:
        asking = model(server, "--concurrency", concurrency)
        for turn in (1, 2):  # the second goes on where the first ended
            outcome, _ = batch(folder, "--store", store, "--limit", "3", *asking)
            assert (outcome["done"], outcome["ending"]) == (3, "limit")
            assert rows(store, accepted) == [(3 * turn,)]
    assert set(server.successes.values()) == {1}


def test_a_refused_key_is_sent_once_a_thread_at_most(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    from tests.loopback import Server
    from tests.loopback.faults import wrong_key

    folder, _ = reports
    with Server(wrong_key()) as server:
        outcome, _ = batch(
            folder,
            "--store",
            tmp_path / "s.db",
            "--model",
            "openai/scripted",
            "--base-url",
            server.url,
            "--prompt",
            PROMPT,
            "--concurrency",
            "2",
            code=4,
        )
        assert len(server.calls) <= 4
    assert outcome["failed"] == {"provider": len(list(folder.iterdir()))}


def test_recorded_answers_are_not_asked_for_again_unless_fresh(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    with CountedServer(known) as server:
        batch(folder, "--store", store, *model(server))
        before = server.requests
        again, _ = batch(folder, "--store", store, "--rerun", "all", *model(server))
        assert server.requests == before
        assert again["done"] == len(list(folder.iterdir()))
        batch(folder, "--store", store, "--rerun", "all", "--fresh", *model(server))
        assert server.requests == 2 * before


@pytest.mark.parametrize(
    ("module", "old", "new", "how"),
    [
        ("verify/unknowns.py", "MOST_DEDUCED = 25", "MOST_DEDUCED = 24", "judged"),
        ("verify/layout.py", '"""A source', '"""The source', "grounded"),
    ],
)
def test_no_request_is_sent_when_only_the_verifier_changed(
    reports: tuple[Path, Known], tmp_path: Path, module: str, old: str, new: str, how: str
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    changed = tmp_path / "changed"
    for package in ("extractor", "verify", "prompts"):
        shutil.copytree(
            ROOT / package, changed / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    text = (changed / module).read_text(encoding="utf-8")
    assert old in text
    (changed / module).write_text(text.replace(old, new), encoding="utf-8")
    with CountedServer(known) as server:
        batch(folder, "--store", store, *model(server))
        before = server.requests
        outcome, _ = batch("--store", store, "--rerun", "stale", *model(server), root=changed)
        assert server.requests == before
    assert outcome["done"] == len(list(folder.iterdir()))
    assert rows(store, "SELECT DISTINCT how FROM attempts WHERE run_id = 2") == [(how,)]
    verdicts = "SELECT source_id, r.sha256 FROM attempts JOIN results r ON r.id = result_id WHERE run_id = "
    assert rows(store, verdicts + "1 ORDER BY 1") == rows(store, verdicts + "2 ORDER BY 1")


def test_a_killed_run_asks_for_nothing_that_was_answered_and_stored(
    reports: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = reports
    store = tmp_path / "s.db"
    with CountedServer(known, holds_after=8) as server:
        process = subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-m",
                "extractor",
                "batch",
                str(folder),
                "--store",
                str(store),
                "-q",
                *model(server, "--concurrency", "2"),
            ],
            env={**environment(), "OPENAI_API_KEY": "scripted"},
        )
        stored = 0
        while stored < 4:
            assert process.poll() is None
            with suppress(sqlite3.OperationalError):  # the store is being made
                stored = rows(store, ANSWERS)[0][0] if store.exists() else 0
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        stored, sent = rows(store, ANSWERS)[0][0], server.requests
        server.release()
        outcome, _ = batch(folder, "--store", store, *model(server))
        twice = sum(count - 1 for count in server.successes.values())
    assert outcome["verdicts"]["accepted"] == len(list(folder.iterdir()))
    assert twice <= sent - stored  # only what was in flight, or not yet written
    assert sent - stored < sent
