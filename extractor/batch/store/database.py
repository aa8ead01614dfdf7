"""The database under a store: asked one statement at a time, written in transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from extractor.batch.records import Maker
from extractor.batch.store.files import is_there, real_path
from extractor.batch.store.migrations import CONTRACT, contract_before
from extractor.batch.store.opening import (
    OLDEST_SQLITE,
    apply,
    check_mark,
    check_schema,
    connect,
    due,
    make,
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

    def __init__(self, path: str, *, write: bool = False, bring_up: bool = False) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                f"SQLite {sqlite3.sqlite_version} of this Python is too old for a store; install a "
                f"Python with SQLite {'.'.join(map(str, OLDEST_SQLITE))} or later"
            )
        self.path = path
        self._real = real_path(path)
        self._write = write
        self._makers: dict[int, Maker] = {}
        self._mutex = threading.RLock()
        self._inside = False
        self._connection: Connection | None = None
        self._lock: FileLock | None = None
        if is_there(path, self._real):
            check_mark(path, self._real)
        elif not write:
            raise StoreError(f"{path!r}: no such store; check the path")
        try:
            if write:
                self._open_to_write(bring_up=bring_up)
            else:
                self._open_to_read()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, write: bool = False) -> Self:
        """Open a store.

        Args:
            path: The file.
            write: Make it when it is not there, and keep others from writing; else it must be there
                and is not changed.

        Raises:
            StoreError: It is no store, is of an older or newer version, is damaged, or another run
                writes it.
        """
        return cls(os.fspath(path), write=write)

    @classmethod
    def migrate(cls, path: str | os.PathLike[str]) -> tuple[int, int]:
        """Bring an older store up to date; its results stay as they were made.

        Returns:
            The version of the contract that it was of, and the one that it is of now.

        Raises:
            StoreError: It is not there, or one of the reasons of `open` but its age.
        """
        name = os.fspath(path)
        real = real_path(name)
        if not is_there(name, real):
            raise StoreError(f"{name!r}: no such store; check the path")
        try:
            with contextlib.closing(connect(name, real, "ro")) as connection:
                steps = due(name, connection)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, name) from None
        with cls(name, write=True, bring_up=True) as database:
            database._command("VACUUM")  # give room that is no longer needed back
            database._command("PRAGMA wal_checkpoint(TRUNCATE)")
        return contract_before(steps[0]) if steps else CONTRACT, CONTRACT

    def close(self) -> None:
        """Close it and let others write; twice does no harm. What was not committed is not stored."""
        with self._mutex:
            connection, self._connection = self._connection, None
            if connection is not None:
                # a full disk, or who reads just now, leaves the log beside the store, where the next one finds it
                with contextlib.suppress(sqlite3.Error):
                    if self._write:  # without a log reading needs no file beside the store
                        connection.execute("PRAGMA busy_timeout = 0")
                        connection.execute("PRAGMA journal_mode = DELETE")
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
            lock, self._lock = self._lock, None
            if lock is not None:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def connection(self) -> Connection:
        """What it asks; only for who knows the tables.

        Raises:
            StoreError: It is closed.
        """
        if self._connection is None:
            raise StoreError(f"{self.path!r} is closed; open it again")
        return self._connection

    # --- opening

    def _open_to_write(self, *, bring_up: bool) -> None:
        self._lock = take_lock(self.path, self._real)
        if not is_there(self.path, self._real):  # again: another may have made it meanwhile
            make(self.path, self._real)
        self._connection = connect(self.path, self._real, "rw")
        with self._explained():
            for pragma in (
                "synchronous = FULL",
                "foreign_keys = ON",
                f"cache_size = -{_KIB_CACHED}",
                f"journal_size_limit = {_BYTES_OF_LOG}",
            ):
                self._connection.execute(f"PRAGMA {pragma}")
            if not bring_up:
                refuse_older(self.path, due(self.path, self._connection))
            apply(self.path, self._connection)
            check_schema(self.path, self._connection)
            self._connection.execute("PRAGMA journal_mode = WAL")

    def _open_to_read(self) -> None:
        """Open without changing anything, not even a file beside the store while nobody writes it."""
        connection = self._connection = connect(self.path, self._real, "ro")
        with self._explained():
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{_KIB_CACHED}")
            steps = due(self.path, connection)
            refuse_older(self.path, steps)
            if steps:
                raise StoreError(
                    f"{self.path!r} is a store of an older program; run extract batch with --store "
                    f"{self.path!r} once, which brings it up to date"
                )
            check_schema(self.path, connection)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise explain(error, self.path) from None

    # --- asking

    def _rows(self, query: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of a query of our own, from one state of the store.

        Raises:
            StoreError: It cannot be read.
        """
        with self._mutex, self._explained():
            return self.connection().execute(query, parameters).fetchall()

    def _row(self, query: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query of our own, None when there is none."""
        found = self._rows(query, parameters)
        return found[0] if found else None

    def _number(self, query: str, parameters: Parameters = ()) -> int:
        """The number that a query of our own gives, as a count or a maximum; 0 for NULL."""
        return int(self._rows(query, parameters)[0][0] or 0)

    # --- writing

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Group what is written: it is stored together when the block ends, or not at all.

        Raises:
            StoreError: It cannot be written; nothing of the block is stored.
            RuntimeError: In a transaction already.
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
    def _writing(self) -> Iterator[None]:
        """Within the transaction of the caller, or else in one of its own."""
        with self._mutex:
            if self._inside:
                yield
            else:
                with self.transaction():
                    yield

    def _run(self, statement: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run a statement that writes, within a transaction.

        Raises:
            StoreError: It cannot be written; the transaction is undone.
        """
        connection = self.connection()
        if not connection.in_transaction:
            raise StoreError(f"{self.path!r}: the transaction was undone; begin a new one")
        try:
            return connection.execute(statement, parameters)
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            self._undo()
            raise explain(error, self.path) from None

    def _insert(self, table: str, **values: object) -> int:
        """Add a row, and return its number."""
        marks = ", ".join("?" * len(values))
        cursor = self._run(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
            tuple(values.values()),
        )
        return cursor.lastrowid or 0

    def _found(self, query: str, parameters: Parameters) -> int | None:
        """The number that a query finds within a transaction, None when there is none."""
        row = self._run(query, parameters).fetchone()
        return None if row is None else int(row[0])

    def _command(self, command: str) -> None:
        if not self._write:
            raise StoreError(f"{self.path!r} was opened for reading; open it with write=True")
        if command == "COMMIT" and not self.connection().in_transaction:
            raise StoreError(f"{self.path!r}: the transaction was undone; begin a new one")
        with self._explained():
            self.connection().execute(command)

    def _undo(self) -> None:
        self._makers = {}  # numbers that were given within are given again
        connection = self._connection
        if connection is not None:
            connection.packer.forget()
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
