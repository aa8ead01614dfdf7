"""The database under a store: asked one statement at a time, written in transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from extractor.batch.records import Maker
from extractor.batch.store.files import (
    Signature,
    at_rest,
    hold,
    is_there,
    real_path,
    release,
    signature,
)
from extractor.batch.store.migrations import CONTRACT, contract_before
from extractor.batch.store.opening import (
    OLDEST_SQLITE,
    check_schema,
    connect,
    due,
    make,
    migrate,
    refuse_older,
    take_lock,
)
from extractor.batch.store.packing import Connection
from extractor.batch.store.troubles import explain
from extractor.errors import StoreError

if TYPE_CHECKING:
    from filelock import FileLock

Parameters = Sequence[Any] | Mapping[str, Any]
_KIB_CACHED = 16 * 1024
_BYTES_OF_LOG = 64 * 2**20


class Database:
    """One open store. Threads may share it: each call, or each transaction, has it for itself.

    Args:
        path: As the user gave it.
        write: Whether it is written, and made when it is not there.
        bring_up: Whether one of an older version is brought up to date; else it is refused.

    Raises:
        StoreError: It cannot be opened so.
    """

    def __init__(self, path: str, *, write: bool, bring_up: bool = False) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                f"SQLite {sqlite3.sqlite_version} of this Python is too old for a store; install a "
                f"Python with SQLite {'.'.join(map(str, OLDEST_SQLITE))} or later"
            )
        self.path = path
        self.real = real_path(path)
        self.write = write
        self.maker_of: dict[int, Maker] = {}
        self.id_of: dict[Maker, int] = {}
        self._mutex = threading.RLock()
        self._inside = False
        self._seen: Signature | None = None
        self._connection: Connection | None = None
        self._lock: FileLock | None = None
        self._held: tuple[int, int] | None = None
        there = is_there(path, self.real)
        if not there and not write:
            raise StoreError(f"{path!r}: no such store; check the path")
        try:
            if write:
                self._open_to_write(bring_up=bring_up)
            else:
                self._held = hold(self.real)
                self._open_to_read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close it and let others write. What was not committed is not stored."""
        with self._mutex:
            connection, self._connection = self._connection, None
            if connection is not None:
                # a full disk leaves the log beside the store, where the next one finds it
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
            held, self._held = self._held, None
            if held is not None:
                release(held)
            lock, self._lock = self._lock, None
            if lock is not None:
                lock.release()

    # --- opening

    def _open_to_write(self, *, bring_up: bool) -> None:
        self._lock = take_lock(self.path, self.real)
        if not is_there(self.path, self.real):  # again: another may have made it meanwhile
            make(self.path, self.real)
        self._held = hold(self.real)
        self._connection = connect(self.path, self.real, "rw")
        try:
            for pragma in (
                "synchronous = FULL",
                "foreign_keys = ON",
                f"cache_size = -{_KIB_CACHED}",
                f"journal_size_limit = {_BYTES_OF_LOG}",
            ):
                self._connection.execute(f"PRAGMA {pragma}")
            if not bring_up:
                refuse_older(self.path, due(self.path, self._connection))
            migrate(self.path, self._connection)
            check_schema(self.path, self._connection)
            self._connection.execute("PRAGMA journal_mode = WAL")
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, self.path) from None

    def _open_to_read(self, *, live: bool = False) -> None:
        """Open without changing anything, not even a file beside the store.

        Without a log nobody writes just now, and SQLite is told that the file does not change;
        `rows` looks afterwards whether that was so. With a log its changes are read as well.
        """
        self._seen = None if live else at_rest(self.path, self.real)
        connection = connect(self.path, self.real, "ro" if self._seen is None else "ro&immutable=1")
        self._connection = connection
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{_KIB_CACHED}")
            steps = due(self.path, connection)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, self.path) from None
        refuse_older(self.path, steps)
        if steps:
            raise StoreError(
                f"{self.path!r} is a store of an older program; run extract batch with --store "
                f"{self.path!r} once, which brings it up to date"
            )
        try:
            check_schema(self.path, connection)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, self.path) from None

    # --- asking

    def rows(self, query: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of a query of our own, from one state of the store.

        Raises:
            StoreError: It cannot be read.
        """
        with self._mutex:
            for live in (False, True):
                try:
                    found = self.check_open().execute(query, parameters).fetchall()
                except (sqlite3.Error, UnicodeDecodeError) as error:
                    if not self._has_moved():
                        raise explain(error, self.path) from None
                else:
                    if not self._has_moved():
                        return found
                self._reopen(live=live)
            try:
                return self.check_open().execute(query, parameters).fetchall()
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise explain(error, self.path) from None

    def row(self, query: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query of our own, None when there is none."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    def check_open(self) -> Connection:
        """The connection, if it is not closed."""
        if self._connection is None:
            raise StoreError(f"{self.path!r} is closed; open it again")
        return self._connection

    def _has_moved(self) -> bool:
        """Whether a file that was taken to be at rest has been written."""
        if self._seen is None:
            return False
        try:
            return signature(self.real) != self._seen
        except OSError:
            return True

    def _reopen(self, *, live: bool) -> None:
        before = self._seen
        self.check_open().close()
        self._connection = None
        if not is_there(self.path, self.real):
            raise StoreError(f"{self.path!r} was deleted while it was read; check the path")
        self._open_to_read(live=live)
        now = os.stat(self.real)
        if before is not None and before[:2] != (now.st_dev, now.st_ino):
            raise StoreError(f"{self.path!r} was replaced while it was read; open it again")

    # --- writing

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within is stored together when it ends, or not at all.

        Raises:
            StoreError: It cannot be written; nothing of the transaction is stored.
        """
        with self._mutex:
            if self._inside:
                raise RuntimeError("a transaction within a transaction")
            self._command("BEGIN IMMEDIATE")
            self._inside = True
            try:
                yield
                self._command("COMMIT")
            except BaseException:
                self._undo()
                raise
            finally:
                self._inside = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Within the transaction of the caller, or else in one of its own."""
        with self._mutex:
            if self._inside:
                yield
            else:
                with self.transaction():
                    yield

    def run(self, statement: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run a statement that writes, within a transaction.

        Raises:
            StoreError: It cannot be written; the transaction is undone.
        """
        connection = self.check_open()
        if not connection.in_transaction:
            raise StoreError(f"{self.path!r}: the transaction was undone; begin a new one")
        try:
            return connection.execute(statement, parameters)
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            self._undo()
            raise explain(error, self.path) from None

    def shrink(self) -> None:
        """Give room that is no longer needed back to the disk."""
        self._command("VACUUM")
        self._command("PRAGMA wal_checkpoint(TRUNCATE)")

    def _command(self, command: str) -> None:
        if not self.write:
            raise StoreError(f"{self.path!r} was opened for reading; open it with write=True")
        if command == "COMMIT" and not self.check_open().in_transaction:
            raise StoreError(f"{self.path!r}: the transaction was undone; begin a new one")
        try:
            self.check_open().execute(command)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, self.path) from None

    def _undo(self) -> None:
        # numbers that were given within are given again
        self.maker_of.clear()
        self.id_of.clear()
        connection = self._connection
        if connection is not None:
            connection.packer.forget()
        if connection is not None and connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


def bring_up(path: str) -> tuple[int, int]:
    """Bring an older store up to date; see `extractor.batch.store.Store.migrate`."""
    if not is_there(path, real_path(path)):
        raise StoreError(f"{path!r}: no such store; check the path")
    before = _contract(path)
    with contextlib.closing(Database(path, write=True, bring_up=True)) as database:
        database.shrink()
    return before, CONTRACT


def _contract(path: str) -> int:
    """The version of the contract that a store is of, whatever its age."""
    try:
        with contextlib.closing(connect(path, real_path(path), "ro")) as connection:
            steps = due(path, connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise explain(error, path) from None
    return contract_before(steps[0]) if steps else CONTRACT
