"""Opening the file of a store: connected, locked, made, brought up to date."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.batch.store.files import APPLICATION_ID
from extractor.batch.store.migrations import (
    CONTRACT,
    Migration,
    contract_before,
    migrations,
)
from extractor.batch.store.packing import Connection
from extractor.batch.store.troubles import explain
from extractor.errors import StoreError
from extractor.files import whole_file

if TYPE_CHECKING:
    from filelock import FileLock

WAIT_SECONDS = 10.0
"""For another program that writes for a moment, as a shell of SQL."""
OLDEST_SQLITE = (3, 38, 0)
_CACHED_STATEMENTS = 256
_PAGE = 8192  # a result takes a few pages, and an index of hashes dirties one for each row


def connect(path: str, real: str, mode: str) -> Connection:
    """Open a file of SQLite.

    Args:
        path: As the user gave it, for messages.
        real: The file.
        mode: As a URI of SQLite has it.
    """
    try:
        return sqlite3.connect(
            f"{Path(real).as_uri()}?mode={mode}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
            factory=Connection,
        )
    except sqlite3.Error as error:
        raise explain(error, path) from None


def check_mark(path: str, real: str) -> None:
    """Whether a file is a store, before it is locked or written.

    Raises:
        StoreError: It is none, or cannot be read.
    """
    try:
        with contextlib.closing(connect(path, real, "ro")) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.Error as error:
        raise explain(error, path) from None
    if mark != APPLICATION_ID:
        raise StoreError(
            f"{path!r} is a database of another program; name a store that extract batch made, "
            "or a new file"
        )


def take_lock(path: str, real: str) -> FileLock:
    """Keep others from writing, for as long as this process lives or until it is released.

    Raises:
        StoreError: Another has it, or none can be had here.
    """
    from filelock import FileLock, Timeout  # slow to load, and only a writer needs it

    directory = os.path.dirname(real)
    if not os.path.isdir(directory):
        raise StoreError(f"{path!r}: {directory!r} is no directory; make it first")
    lock = FileLock(real + ".lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            f"{path!r} is being written by another run; wait until it has ended, stop it, or "
            "name another store"
        ) from None
    except (OSError, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or error
        raise StoreError(
            f"{path!r} cannot be locked ({why}); check the rights of its directory, or name a "
            "store on another disk"
        ) from None
    return lock


def make(path: str, real: str) -> None:
    """Make a new store, whole or not at all."""
    if os.path.exists(real + "-wal"):  # SQLite would take it for changes of the new store
        raise StoreError(
            f"{path + '-wal'!r} is left of a store that is gone; put that store back, or delete it"
        )
    try:
        with (
            contextlib.closing(Connection(":memory:", isolation_level=None)) as made,
            whole_file(real) as file,
        ):
            made.execute(f"PRAGMA page_size = {_PAGE}")
            apply(path, made)
            file.write(made.serialize())
    except sqlite3.Error as error:
        raise explain(error, path) from None
    except OSError as error:
        raise StoreError(
            f"{path!r} cannot be made ({error.strerror}); check the path and the disk"
        ) from None


def apply(path: str, connection: sqlite3.Connection) -> None:
    """Bring a store up to date, each step in a transaction of its own."""
    for step in due(path, connection):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step.script}")
            row = (step.number, step.name, step.sha256, now)
            connection.execute("INSERT INTO migrations VALUES (?, ?, ?, ?)", row)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {step.number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def due(path: str, connection: sqlite3.Connection) -> tuple[Migration, ...]:
    """The migrations that are not yet done.

    Raises:
        StoreError: The store is of a newer program, or of a build with other migrations.
    """
    known = migrations()
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(known):
        raise StoreError(
            f"{path!r} is a store of version {version}, and this program knows versions up to "
            f"{len(known)}; update the program"
        )
    if version:
        done = connection.execute("SELECT number, sha256 FROM migrations ORDER BY number")
        if done.fetchall() != [(step.number, step.sha256) for step in known[:version]]:
            raise StoreError(
                f"{path!r} was made by another build of this program, with other tables; use "
                "that build, or make a new store"
            )
    return known[version:]


def refuse_older(path: str, steps: tuple[Migration, ...]) -> None:
    """A store of an older version of the contract is brought up to date only when somebody asks for it.

    Args:
        path: As the user gave it.
        steps: From `due`.

    Raises:
        StoreError: It is of one.
    """
    if steps and contract_before(steps[0]) < CONTRACT:
        raise StoreError(
            f"{path!r} is a store of version {contract_before(steps[0])} and was not changed; run "
            f"extract batch --store {path!r} --migrate once to bring it to version {CONTRACT}, or "
            "name a new store"
        )


_SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"


def check_schema(path: str, connection: sqlite3.Connection) -> None:
    """Whether tables and views are those of this program; a store may come from a stranger.

    Further tables, views and indexes of a user are let be; nothing may act by itself.

    Raises:
        StoreError: One is another, or there is a trigger.
    """
    there = set(connection.execute(_SCHEMA))
    strange = sorted(name for kind, name, _ in there if kind == "trigger")
    strange += sorted(name for _, name, _ in _made_by(migrations()) - there)
    if strange:
        raise StoreError(
            f"{path!r} has been changed by another program (see {strange[0]!r}); take a copy from "
            "before, or make a new store"
        )


@cache
def _made_by(steps: tuple[Migration, ...]) -> frozenset[tuple[str, str, str]]:
    with contextlib.closing(Connection(":memory:", isolation_level=None)) as fresh:
        for step in steps:
            fresh.executescript(step.script)
        return frozenset(fresh.execute(_SCHEMA))
