"""A writer that is killed leaves whole reports; a full or failing disk ends with one line, nothing by half, and a store that goes on afterwards."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.batch.store import Store
from extractor.batch.store.troubles import explain
from extractor.errors import StoreError
from tests.each import each
from tests.store_kills import kill
from tests.stores import add, invented

COUNT = 60
PADDING = 18_000


def numbers(store: Store) -> list[int]:
    """The reports that are stored, each of them whole."""
    found = []
    for report in store.reports():
        number = report.source - 1
        assert report.json == invented(number, padding=PADDING)
        assert report.paths == (f"{number}.txt",)
        found.append(number)
    return found


def limit(store: Store, pages: int) -> None:
    """Let the store have so many pages and no more, as a full disk would."""
    store.connection().execute(f"PRAGMA max_page_count = {pages}")


def test_a_disk_that_is_full_at_any_moment_loses_only_what_was_in_flight(tmp_path: Path) -> None:
    chance = random.Random(3)
    path = str(tmp_path / "run.db")
    Store.open(path, write=True).close()
    stored, failures = 0, 0
    while stored < COUNT:
        with Store.open(path, write=True) as store:
            assert numbers(store) == list(range(stored))
            (pages,) = next(store.sql("PRAGMA page_count"))
            limit(store, pages + chance.randrange(12))
            try:
                run = store.begin_run({}, "1")
                while True:
                    add(store, run, stored, padding=PADDING)
                    stored += 1
            except StoreError as error:
                failures += 1
                assert str(error) == (  # noqa: PT017 - it always comes, at a random place
                    f"{path!r} cannot be written, the disk is full; free space and run the same "
                    "command again, what was stored is kept"
                )
            # the same store goes on at once where there is space again
            assert numbers(store) == list(range(stored))
            limit(store, 1_000_000)
            add(store, store.begin_run({}, "1"), stored, padding=PADDING)
            stored += 1
            assert list(store.sql("PRAGMA integrity_check")) == [("ok",)]
    assert failures > 8


def test_a_group_that_meets_a_full_disk_is_undone_as_a_whole(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "run.db"), write=True) as store:
        run = store.begin_run({}, "1")
        (pages,) = next(store.sql("PRAGMA page_count"))
        limit(store, pages + 4)
        with pytest.raises(StoreError, match="disk is full"), store.transaction():  # noqa: PT012 - the same
            for number in range(50):
                store.list_path(run, f"{number}" * 2000, None, "unreadable", "why")
        with pytest.raises(StoreError, match="was undone"), store.transaction():  # noqa: PT012 - the block is what is tested
            with contextlib.suppress(StoreError):
                for number in range(50):
                    store.list_path(run, f"{number}" * 2000, None, "unreadable", "why")
            store.list_path(run, "b.txt", None, "unreadable", "why")
        assert list(store.failures()) == []
        store.list_path(run, "a.txt", None, "unreadable", "why")
        assert len(list(store.failures())) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    unmount = shutil.which("umount")
    if mount is None or unmount is None or os.getuid() != 0:
        pytest.skip("this user may not mount a small disk")
    done = subprocess.run(  # noqa: S603 - a fixed command
        [mount, "-t", "tmpfs", "-o", "size=1m", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run([unmount, str(place)], check=True)  # noqa: S603 - a fixed command


def test_a_really_full_disk_ends_with_one_line_and_a_store_that_resumes(small_disk: Path) -> None:
    path = str(small_disk / "run.db")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    stored, counts = 0, []
    for _ in range(2):
        with pytest.raises(StoreError) as error, Store.open(path, write=True) as store:  # noqa: PT012 - the block is what is tested
            run = store.begin_run({}, "1")
            while True:
                add(store, run, stored, padding=PADDING)
                stored += 1
        assert "\n" not in str(error.value)
        assert "the disk is full; free space" in str(error.value)
        with Store.open(path) as store:  # with no byte left
            assert numbers(store) == list(range(stored))
        counts.append(stored)
        ballast.unlink(missing_ok=True)
    assert 0 < counts[0] < counts[1]
    grown = small_disk.parent / "larger.db"
    for end in ("", "-wal"):
        if os.path.exists(path + end):
            shutil.copy(path + end, str(grown) + end)
    with Store.open(str(grown), write=True) as store:
        add(store, store.begin_run({}, "1"), stored, padding=PADDING)
        assert numbers(store) == list(range(stored + 1))
        assert list(store.sql("PRAGMA integrity_check")) == [("ok",)]


@each(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full; free space"),
        (sqlite3.SQLITE_IOERR_WRITE, "the disk failed (why)"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "cannot be written (why); check the rights"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "is being written by another program"),
        (sqlite3.SQLITE_LOCKED, "is being written by another program"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "is damaged (why)"),
        (sqlite3.SQLITE_NOTADB, "is no store"),
        (sqlite3.SQLITE_NOMEM, "more memory"),
        (sqlite3.SQLITE_MISUSE, "cannot be used (why)"),
    ],
)
def test_every_trouble_has_its_line(code: int, said: str) -> None:
    error = sqlite3.OperationalError("why")
    error.sqlite_errorcode = code
    line = str(explain(error, "run.db"))
    assert line.startswith("'run.db' ")
    assert said in line
    assert "\n" not in line


@pytest.mark.kills
def test_a_writer_that_is_killed_leaves_whole_reports_and_loses_none(tmp_path: Path) -> None:
    assert kill(tmp_path / "run.db", kills=5, seed=7) > 0
