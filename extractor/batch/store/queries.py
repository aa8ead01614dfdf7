"""Queries of users: anything that reads, nothing that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from extractor.batch.store.database import Database
from extractor.batch.store.files import at_rest, real_path
from extractor.batch.store.opening import connect
from extractor.batch.store.packing import Connection
from extractor.batch.store.troubles import explain, says
from extractor.errors import StoreError

_ROWS_AT_ONCE = 200
_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_PRAGMAS = frozenset(
    {
        "application_id",
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "integrity_check",
        "page_count",
        "page_size",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
        "user_version",
    }
)
_ONLY_READ = frozenset({"application_id", "page_count", "page_size", "user_version"})


def sql(db: Database, query: str, parameters: Sequence[object]) -> Iterator[tuple[Any, ...]]:
    """See `Store.sql`."""
    db.check_open()
    before = at_rest(db.path, db.real)
    resting = before is not None and not db.write
    try:
        with closing(reader(db.path, live=not resting)) as connection:
            # their tables are made once a connection, which not every SQLite asks leave for as for reading
            connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
            connection.set_authorizer(_authorize)
            cursor = connection.execute(query, parameters)
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield from rows
    except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError, OverflowError) as error:
        if resting and at_rest(db.path, db.real) != before:
            raise _written(db.path) from None
        raise _explain_query(error, db.path) from None
    if resting and at_rest(db.path, db.real) != before:
        raise _written(db.path)


def reader(path: str, *, live: bool | None = None) -> Connection:
    """A connection that reads.

    Args:
        path: Of a store.
        live: Whether somebody may be writing it; None: look.
    """
    real = real_path(path)
    if live is None:
        live = at_rest(path, real) is None
    return connect(path, real, "ro" if live else "ro&immutable=1")


def _written(path: str) -> StoreError:
    return StoreError(f"{path!r} was written while the query ran; run the query again")


def _authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _view: str | None
) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    reads = first in _PRAGMAS and (second is None or first not in _ONLY_READ)
    return sqlite3.SQLITE_OK if action == sqlite3.SQLITE_PRAGMA and reads else sqlite3.SQLITE_DENY


def _explain_query(error: Exception, path: str) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_AUTH or str(error) == "not authorized":  # VACUUM has only the words
        return StoreError("a query only reads, and this one does not; give a SELECT")
    if says(code):
        return explain(error, path)
    what = " ".join(str(error).split())
    return StoreError(f"the query cannot be run ({what}); see docs/store.md for what there is")
