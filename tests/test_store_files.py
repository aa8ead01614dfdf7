"""What is no store, a damaged one, another's or an old one gets one line; reading changes nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from extractor.batch.records import Report
from extractor.batch.store import Store, opening
from extractor.batch.store.files import APPLICATION_ID
from extractor.batch.store.migrations import Migration, migrations
from extractor.batch.store.packing import Connection
from extractor.errors import StoreError
from tests.conftest import ROOT, environment, python
from tests.stores import add, golden, make_store


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A store with reports, closed."""
    return make_store(tmp_path / "run.db", golden()[:4])


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def one_line(error: pytest.ExceptionInfo[StoreError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


def everything(store: Store) -> int:
    """Read all that a store has; how many reports there were."""
    return len(read_all(store))


def read_all(store: Store) -> list[Report]:
    """Read all that a store has; the reports."""
    found = []
    for report in store.reports():
        found.append(report)
        store.content(report.source)
        store.result_json(report.result)
        known = store.known(report.sha256)
        assert known is not None
        if known.reading is not None:
            store.reading(known.reading)
    list(store.known_sources())
    list(store.failures())
    store.runs()
    store.makers()
    for view in ("reports", "cells", "findings"):
        list(store.sql(f"SELECT * FROM {view}"))  # noqa: S608
    return found


# --- what is no store


def text(path: Path) -> None:
    path.write_text("not a database at all\n" * 50)


def other_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (x)")


NONE: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (text, "is no store"),
    "empty": (lambda path: path.touch(), "is empty and no store"),
    "another database": (other_database, "is a database of another program"),
    "directory": (Path.mkdir, "is a directory"),
    "pipe": (os.mkfifo, "is no file"),
    "header alone": (lambda path: path.write_bytes(b"SQLite format 3\0"), "is no store"),
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("what", NONE)
def test_what_is_no_store_is_refused_and_not_touched(
    tmp_path: Path, what: str, write: bool
) -> None:
    path = tmp_path / "run.db"
    make, said = NONE[what]
    make(path)
    before = contents(tmp_path) if path.is_file() else {}
    with pytest.raises(StoreError) as error:
        Store.open(str(path), write=write)
    assert said in one_line(error)
    assert repr(str(path)) in one_line(error)
    assert (contents(tmp_path) if path.is_file() else {}) == before


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_what_is_no_name_is_refused(path: str) -> None:
    for write in (False, True):
        with pytest.raises(StoreError) as error:
            Store.open(path, write=write)
        assert "is no name of a file" in one_line(error)


def test_a_missing_store_is_made_only_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with pytest.raises(StoreError) as error:
        Store.open(str(path))
    assert "no such store" in one_line(error)
    assert contents(tmp_path) == {}
    with pytest.raises(StoreError) as error:
        Store.open(str(tmp_path / "nowhere" / "run.db"), write=True)
    assert "is no directory" in one_line(error)
    assert contents(tmp_path) == {}
    Store.open(str(path), write=True).close()
    with Store.open(str(path)) as store:
        assert store.runs() == []


def test_odd_names_of_stores_are_names(tmp_path: Path) -> None:
    for name in ("a ? b # c % d.db", ":memory:", "政府.db", "file:x?mode=memory", "a\udce9.db"):
        path = tmp_path / name
        make_store(path, [])
        assert path.is_file()
        with Store.open(str(path)) as store:
            assert len(store.runs()) == 1


def test_a_store_has_the_mark_the_version_and_the_settings(made: Path) -> None:
    with Store.open(str(made), write=True) as store:
        connection = store.connection()
        asked = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "application_id",
                "user_version",
                "journal_mode",
                "synchronous",
                "foreign_keys",
            )
        }
    assert asked == {
        "application_id": APPLICATION_ID,
        "user_version": len(migrations()),
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
    }


def test_a_closed_store_says_so(made: Path) -> None:
    store = Store.open(str(made))
    store.close()
    store.close()
    for ask in (store.runs, store.count, lambda: list(store.sql("SELECT 1"))):
        with pytest.raises(StoreError, match="is closed"):
            ask()


def test_a_store_that_was_opened_for_reading_is_not_written(made: Path) -> None:
    with Store.open(str(made)) as store:
        for write in (
            lambda: store.begin_run({}, "1"),
            lambda: store.add_source("0" * 64, 1, None),
            lambda: store.transaction().__enter__(),
        ):
            with pytest.raises(StoreError, match="was opened for reading"):
                write()


# --- migrations


def test_migrations_are_numbered_without_a_gap_and_recorded(made: Path) -> None:
    steps = migrations()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    with Store.open(str(made)) as store:
        rows = list(store.sql("SELECT number, name, sha256 FROM migrations"))
    assert rows == [(step.number, step.name, step.sha256) for step in steps]


def test_a_store_with_a_trigger_or_another_view_is_refused(made: Path) -> None:
    whole = made.read_bytes()
    for script in (
        "CREATE TRIGGER t AFTER INSERT ON results BEGIN UPDATE results SET verdict = 'accepted'; END",
        "DROP VIEW reports; CREATE VIEW reports AS SELECT 1",
    ):
        with contextlib.closing(sqlite3.connect(made)) as other:
            other.executescript(script)
        for write in (False, True):
            with pytest.raises(StoreError, match="changed by another program"):
                Store.open(str(made), write=write)
        made.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(made)) as other:
        other.executescript(
            "CREATE VIEW mine AS SELECT * FROM reports; CREATE INDEX i ON runs (began)"
        )
    Store.open(str(made)).close()


def test_reading_beside_a_writer_of_the_same_process_keeps_its_locks(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with Store.open(str(path), write=True) as store:
        add(store, store.begin_run({}, "1"), 1)
        Store.open(str(path)).close()
        shell = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM runs').fetchall(); c.close()"
        subprocess.run([sys.executable, "-c", shell, str(path)], check=True)  # noqa: S603
        assert os.path.exists(f"{path}-wal")  # else what follows would go into a file that is gone
        add(store, store.begin_run({}, "1"), 2)
    with Store.open(str(path)) as store:
        assert everything(store) == 2


def older(monkeypatch: pytest.MonkeyPatch, path: Path, known: tuple[Migration, ...]) -> None:
    """Make a store as a program did that knew only these migrations."""
    with monkeypatch.context() as patched:
        patched.setattr(opening, "migrations", lambda: known)
        Store.open(str(path), write=True).close()


def test_a_store_of_version_1_is_refused_until_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.db"
    older(monkeypatch, path, migrations()[:1])
    before = contents(tmp_path)
    with pytest.raises(StoreError) as error:
        Store.open(str(path))
    assert "is a store of version 1" in one_line(error)
    with pytest.raises(StoreError) as error:
        Store.open(str(path), write=True)
    assert "--migrate" in one_line(error)
    unlocked = {name: data for name, data in contents(tmp_path).items() if ".lock" not in name}
    assert unlocked == {name: data for name, data in before.items() if ".lock" not in name}
    assert Store.migrate(str(path)) == (1, 2)
    assert Store.migrate(str(path)) == (2, 2)
    with Store.open(str(path), write=True) as store:
        add(store, store.begin_run({}, "1"), 1)
    with Store.open(str(path)) as store:
        assert everything(store) == 1


def test_a_newer_store_and_one_of_another_build_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Migration(len(migrations()) + 1, "later", "CREATE TABLE later (x);\n")
    changed = Migration(1, "first", migrations()[0].script + "CREATE TABLE other (x);\n")
    for known, said in (
        ((*migrations(), later), "update the program"),
        ((changed, *migrations()[1:]), "another build"),
    ):
        path = tmp_path / f"{known[-1].name}.db"
        older(monkeypatch, path, known)
        for write in (False, True):
            with pytest.raises(StoreError) as error:
                Store.open(str(path), write=write)
            assert said in one_line(error)


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_store(tmp_path / "run.db", golden()[:1])
    wrong = Migration(len(migrations()) + 1, "wrong", "CREATE TABLE a (x);\nDROP TABLE nowhere;\n")
    with monkeypatch.context() as patched:
        known = (*migrations(), wrong)
        patched.setattr(opening, "migrations", lambda: known)
        with pytest.raises(StoreError, match="no such table"):
            Store.open(str(path), write=True)
        with pytest.raises(StoreError, match="no such table"):
            Store.open(str(tmp_path / "new.db"), write=True)
    with Store.open(str(path), write=True) as store:
        assert everything(store) == 1
        assert list(store.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'a'")) == [(0,)]
    assert sorted(contents(tmp_path)) == ["new.db.lock", "run.db", "run.db.lock"]


def test_changes_without_their_store_are_not_taken_for_those_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "run.db-wal").write_bytes(b"changes")
    with pytest.raises(StoreError) as error:
        Store.open(str(tmp_path / "run.db"), write=True)
    assert "is left of a store that is gone" in one_line(error)
    assert sorted(contents(tmp_path)) == ["run.db-wal", "run.db.lock"]


def test_an_old_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(StoreError, match=r"SQLite .* is too old"):
        Store.open(str(tmp_path / "run.db"), write=True)


# --- damage


def test_a_damaged_store_gets_one_line_wherever_it_is_damaged(made: Path) -> None:
    whole = made.read_bytes()
    reports = reports_of(made)
    chance = random.Random(5)
    refused = 0
    for _ in range(30):
        at = chance.randrange(100, len(whole) - 600)
        spoiled = bytearray(whole)
        spoiled[at : at + 512] = chance.randbytes(512)
        refused += spoilt(made, bytes(spoiled), reports)
    assert refused > 2


def test_a_truncated_store_gets_one_line(made: Path) -> None:
    whole = made.read_bytes()
    reports = reports_of(made)
    chance = random.Random(6)
    for _ in range(12):
        assert spoilt(made, whole[: chance.randrange(1, len(whole) - 1)], reports)


def reports_of(path: Path) -> list[Report]:
    with Store.open(str(path)) as store:
        return read_all(store)


def spoilt(path: Path, content: bytes, reports: list[Report]) -> bool:
    """Whether a store of this content is refused; that it is, or reads nothing that was not stored.

    SQLite has no checksums: a damaged index can hide rows, which only its own check tells.
    """
    path.write_bytes(content)
    refused = False
    for write in (False, True):
        try:
            with Store.open(str(path), write=write) as store:
                found = read_all(store)
                assert [report for report in reports if report in found] == found
                if found != reports:
                    with contextlib.closing(sqlite3.connect(path)) as other:
                        assert other.execute("PRAGMA integrity_check").fetchone() != ("ok",)
                    refused = True
                if write:
                    add(store, store.begin_run({}, "1"), 1)
        except StoreError as error:
            assert "\n" not in str(error)  # noqa: PT017 - not every damage is met
            refused = True
        path.write_bytes(content)
    return refused


def test_a_changed_result_or_source_is_noticed(made: Path) -> None:
    with contextlib.closing(Connection(made)) as other, other:
        other.execute(
            "UPDATE results SET body = packed(replace(result_json(body), '\"read\"', '\"READ\"')) "
            "WHERE id = 2"
        )
        other.execute("UPDATE sources SET sha256 = ? WHERE id = 1", ("0" * 64,))
    with Store.open(str(made)) as store:
        with pytest.raises(StoreError, match="result 2 is not what was stored"):
            list(store.reports())
        with pytest.raises(StoreError, match="result 2 is not what was stored"):
            store.result_json(2)
        with pytest.raises(StoreError, match="source 1 is not what was stored"):
            store.content(1)


# --- one writer


def test_a_second_writer_is_refused_and_readers_are_not(made: Path) -> None:
    link = made.with_name("link.db")
    link.symlink_to(made.name)
    with Store.open(str(made), write=True) as store:
        for name in (made, link):
            with pytest.raises(StoreError) as error:
                Store.open(str(name), write=True)
            assert "is being written by another run" in one_line(error)
        with Store.open(str(made)) as reader:
            assert reader.count() == 4
            add(store, store.begin_run({}, "1"), 1)
            assert reader.count() == 5
    Store.open(str(made), write=True).close()


def test_a_writer_that_failed_to_open_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    path.write_text("text")
    with pytest.raises(StoreError):
        Store.open(str(path), write=True)
    path.unlink()
    Store.open(str(path), write=True).close()


HOLDER = """
import sys
from extractor.batch.store import Store
from tests.stores import add
store = Store.open(sys.argv[1], write=True)
add(store, store.begin_run({}, "1"), 7)
print("ready", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the store open for writing, with a report not yet folded in."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    process = subprocess.Popen(  # noqa: S603 - our own code
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment()
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
        process.kill()


def test_another_process_is_refused_until_the_first_is_killed(made: Path) -> None:
    with holder(made) as process:
        with pytest.raises(StoreError) as error:
            Store.open(str(made), write=True)
        assert "is being written by another run" in one_line(error)
        with Store.open(str(made)) as reader:
            assert everything(reader) == 5
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = contents(made.parent)
    assert before["run.db-wal"]
    with Store.open(str(made)) as reader:
        assert everything(reader) == 5
    after = contents(made.parent)
    assert (after["run.db"], after["run.db-wal"]) == (before["run.db"], before["run.db-wal"])
    with Store.open(str(made), write=True) as store:
        assert everything(store) == 5
    assert "run.db-wal" not in contents(made.parent)


def test_a_disk_without_locks_is_refused(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(StoreError) as error:
        Store.open(str(made), write=True)
    assert "cannot be locked" in one_line(error)


def test_a_store_that_a_shell_writes_is_waited_for_and_then_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WAIT_SECONDS", 0.0)
    with Store.open(str(made), write=True) as store:
        with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as error:
                store.begin_run({}, "1")
            assert "is being written by another program" in one_line(error)
        assert store.begin_run({}, "1") == 2


# --- reading changes nothing


def test_reading_changes_no_file_and_adds_none(made: Path) -> None:
    before = contents(made.parent)
    times = made.stat().st_mtime_ns
    with Store.open(str(made)) as store:
        assert everything(store) == 4
        assert contents(made.parent) == before
    assert contents(made.parent) == before
    assert made.stat().st_mtime_ns == times


def test_a_writer_that_comes_while_a_store_is_read_is_seen(made: Path) -> None:
    reader = Store.open(str(made))
    stream = reader.known_sources()
    assert next(stream).source == 1
    for number in range(3):  # each folds its changes into the file and leaves
        with Store.open(str(made), write=True) as store:
            add(store, store.begin_run({}, "1"), number)
        assert reader.count() == 5 + number
    with Store.open(str(made), write=True) as store:
        add(store, store.begin_run({}, "1"), 9)
        assert reader.count() == 8
        assert everything(reader) == 8
    assert [known.source for known in stream] == [2, 3, 4]
    reader.close()


AS_NOBODY = """
import filelock, os, sys
from extractor.batch.store import Store
from extractor.batch.store.migrations import migrations
from extractor.errors import StoreError
migrations()
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    with Store.open(sys.argv[1], write=sys.argv[2] == "write") as store:
        print(store.count(), *store.sql("SELECT count(*) FROM reports"))
except StoreError as error:
    print("refused:", error)
"""


def as_nobody(path: Path, how: str) -> str:
    """What another user gets who opens a store."""
    done = python("-B", "-c", AS_NOBODY, path, how)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().strip()


@pytest.fixture
def open_place(made: Path) -> Iterator[Path]:
    """A store that others may read, in a directory that they may not write."""
    place = Path("/tmp") / f"gouji-{os.getpid()}-{made.parent.name}"  # noqa: S108 - others must reach it
    place.mkdir()
    shutil.copy(made, place / "run.db")
    (place / "run.db").chmod(0o444)
    place.chmod(0o555)
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


def test_a_store_in_a_directory_that_cannot_be_written_is_read(open_place: Path) -> None:
    path = open_place / "run.db"
    assert as_nobody(path, "read") == "4 (4,)"
    assert as_nobody(path, "write").startswith(f"refused: {str(path)!r} cannot be locked")
    assert sorted(contents(open_place)) == ["run.db"]


@pytest.mark.batches
def test_another_user_reads_what_a_writer_just_wrote(open_place: Path) -> None:
    path = open_place / "run.db"
    open_place.chmod(0o755)
    path.chmod(0o644)
    with holder(path) as process:
        assert as_nobody(path, "read") == "5 (5,)"
        process.kill()
        process.wait()
        assert as_nobody(path, "read") == "5 (5,)"
        (open_place / "run.db-shm").unlink()
        if os.getuid() == 0:
            assert "cannot be opened" in as_nobody(path, "read")


def test_a_store_that_one_may_not_read_is_refused(open_place: Path) -> None:
    path = open_place / "run.db"
    path.chmod(0)
    assert as_nobody(path, "read").startswith(f"refused: {str(path)!r}: no permission")
    path.chmod(stat.S_IRUSR)
