"""Rows that are sorted or looked up again, in a private temporary database: memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from extractor.errors import StoreError


class Spill:
    """A temporary SQLite database that only this process sees; it is gone when it is closed."""

    def __init__(self, script: str) -> None:
        # the empty name is a temporary file that SQLite makes when its cache is full
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(f"PRAGMA journal_mode=OFF; BEGIN; {script}")

    def add(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert rows."""
        with _told():
            self._database.executemany(statement, rows)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, streamed."""
        with _told():
            cursor = self._database.execute(query, tuple(parameters))
        while True:
            with _told():
                row = cursor.fetchone()
            if row is None:
                return
            yield row

    def close(self) -> None:
        """Drop everything."""
        self._database.close()


@contextmanager
def _told() -> Iterator[None]:
    """A full disk in one line."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"temporary rows cannot be kept ({error}); make room in the temporary directory"
        ) from None


def packed(text: str) -> bytes:
    """A path as a database can hold it: one that is no Unicode has lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def unpacked(raw: bytes) -> str:
    """The path again."""
    return raw.decode("utf-8", "surrogatepass")
