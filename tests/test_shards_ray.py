"""Shards by Ray, by an object store, out of a crawl: real processes of Ray, a server of S3 on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from tests.batch_corpus import batch, corpus, listed, told
from tests.batch_corpus import results as stored
from tests.conftest import extract
from tests.loopback.counted import CountedServer
from tests.scripted.many import PROMPT, Known, write
from tests.shard_sets import files, kill_some, results, rows, shards, started, wait_for

pytestmark = pytest.mark.ray

REPORTS = 200
KILLS = 10


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Reports, and their results one by one."""
    folder = corpus(tmp_path_factory.mktemp("reports") / "d", REPORTS)
    store = folder.parent / "s.db"
    assert batch(folder, "--store", store, "-q", "--processes", "2").returncode == 0
    return folder, stored(store)


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_shards_are_what_the_reports_give_one_by_one_whatever_is_killed(
    reports: tuple[Path, dict[str, str]], tmp_path: Path, engine: str
) -> None:
    folder, expected = reports
    more = ("--shards", tmp_path / "s", "--engine", engine, "-q", "--shard-size", "16")
    process = started(folder, *more)
    assert kill_some(process, KILLS, seed=0) > 0
    assert process.wait(7200) == 0
    assert results(tmp_path / "s") == expected


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_a_driver_that_is_killed_is_gone_on_with_and_no_finished_shard_is_made_again(
    reports: tuple[Path, dict[str, str]], tmp_path: Path, engine: str
) -> None:
    folder, expected = reports
    root = tmp_path / "s"
    more = ("--shards", root, "--engine", engine, "-q", "--shard-size", "16")
    process = started(folder, *more)
    wait_for(lambda: len(files(root)) > 2, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = {name: (root / name).stat().st_mtime_ns for name in files(root)}
    assert started(folder, *more).wait(7200) == 0
    assert {name: (root / name).stat().st_mtime_ns for name in before} == before
    assert results(tmp_path / "s") == expected


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    folder = tmp_path_factory.mktemp("asked")
    return folder, Known(write(str(folder), range(160)))


def model(server: CountedServer, *more: str) -> tuple[str, ...]:
    return ("--model", "openai/scripted", "--base-url", server.url, "--prompt", PROMPT, *more)


def test_eight_tasks_keep_to_one_rate_together(asked: tuple[Path, Known], tmp_path: Path) -> None:
    folder, known = asked
    more = (
        "--engine",
        "ray",
        "--processes",
        "8",
        "--shard-size",
        "3",
        "--rpm",
        "25",
        "--json",
        "-q",
    )
    with CountedServer(known) as server:
        done = told(
            shards(
                folder, "--shards", tmp_path / "s", *model(server, *more), OPENAI_API_KEY="scripted"
            )
        )
    count = len(list(folder.iterdir()))
    assert done["verdicts"]["accepted"] == done["reports"] == count
    assert server.requests > 25, "the limit was never reached"
    assert server.most_within(55) <= 25  # of 60 s: a busy machine delivers some of them late


def test_eight_tasks_keep_to_one_cap_together_and_nothing_is_asked_twice(
    asked: tuple[Path, Known], tmp_path: Path
) -> None:
    folder, known = asked
    root = tmp_path / "s"
    key: dict[str, Any] = {"OPENAI_API_KEY": "sk-of-this-test"}
    more = ("--engine", "ray", "--processes", "8", "--shard-size", "3", "--json", "-q")
    with CountedServer(known, latency=0.02) as server:
        first = told(
            shards(
                folder,
                "--shards",
                root,
                *model(server, *more, "--max-requests", "11"),
                code=1,
                **key,
            )
        )
        assert first["ending"] == "cost"
        assert server.requests <= 11
        second = told(shards(folder, "--shards", root, *model(server, *more), **key))
    assert second["left_alone"] == first["done"]
    assert second["left_alone"] + second["done"] == len(list(folder.iterdir()))
    assert set(server.successes.values()) == {1}
    assert not any(key["OPENAI_API_KEY"] in str(row) for row in rows(root))


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    """An empty bucket of a server on this machine, and what a client needs to know."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    env = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "scripted",
        "AWS_SECRET_ACCESS_KEY": "scripted",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        _store(env).mkdir("crawl")
        yield env
    finally:
        server.stop()


def _store(env: dict[str, Any]) -> S3FileSystem:
    return S3FileSystem(
        key=env["AWS_ACCESS_KEY_ID"],
        secret=env["AWS_SECRET_ACCESS_KEY"],
        endpoint_url=env["AWS_ENDPOINT_URL"],
        skip_instance_cache=True,
    )


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_reports_of_an_object_store_give_shards_in_it(
    reports: tuple[Path, dict[str, str]], bucket: dict[str, Any], tmp_path: Path, engine: str
) -> None:
    folder, expected = reports
    some = sorted(folder.iterdir())[:30]
    there, at = _store(bucket), f"s3://crawl/{engine}"
    for path in some:
        there.pipe_file(f"crawl/{engine}/in/{path.name}", path.read_bytes())
    done = told(
        shards(
            f"{at}/in",
            "--shards",
            f"{at}/out",
            "--engine",
            engine,
            "--json",
            "-q",
            **bucket,
        )
    )
    assert done["done"] == 30
    again = told(shards(f"{at}/in/*.txt", "--shards", f"{at}/out", "--json", "-q", **bucket))
    assert (again["done"], again["left_alone"]) == (0, 30)
    to = tmp_path / "m.db"
    assert extract("merge", f"{at}/out", "--to", to, "-q", **bucket).returncode == 0
    assert stored(to).items() <= expected.items()
    assert {os.path.dirname(path) for path in listed(to)} == {f"{at}/in"}
