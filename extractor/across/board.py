"""What stands in one or two places of results, in a private temporary database that SQL is asked of: memory stays flat."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from extractor.errors import StoreError
from verify.verdicts import BEST_FIRST

if TYPE_CHECKING:
    from extractor.batch.records import Standing

_GRAVITY = {verdict: gravity for gravity, verdict in enumerate(BEST_FIRST)}
_SCRIPT = """\
PRAGMA journal_mode=OFF; BEGIN;
CREATE TABLE reports (
  side INTEGER, sha256 TEXT, name BLOB, maker INTEGER, result INTEGER, result_sha256 TEXT, verdict TEXT,
  agency TEXT, year INTEGER, form TEXT, tables TEXT, failed INTEGER, errors INTEGER, warnings INTEGER,
  problem TEXT, message TEXT, PRIMARY KEY (side, sha256)) WITHOUT ROWID;
-- without bytes the hash is empty
CREATE TABLE places (side INTEGER, path BLOB, sha256 TEXT, problem TEXT, message TEXT,
  PRIMARY KEY (side, path)) WITHOUT ROWID;
CREATE INDEX places_sha256 ON places (side, sha256, path);
CREATE TABLE lines (list TEXT, line TEXT);
"""
_REPORT = f"INSERT INTO reports VALUES ({', '.join('?' * 16)})"  # noqa: S608
_PLACE = "INSERT INTO places VALUES (?, ?, ?, ?, ?)"
_AT_ONCE = 1000


class Board:
    """A temporary SQLite database that only this process sees; it is gone when it is closed.

    Args:
        sides: What stands on each side, as `Store.rows` gives it.
        script: Further tables.
    """

    def __init__(self, *sides: Iterable[Standing], script: str = "") -> None:
        # the empty name is a temporary file that SQLite makes when its cache is full
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.create_function("gravity", 1, _GRAVITY.get, deterministic=True)
        self._database.executescript(_SCRIPT + script)
        for side, rows in enumerate(sides):
            self._fill(side, rows)

    def put(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row."""
        with _told():
            self._database.executemany(statement, rows)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, streamed."""
        with _told():
            yield from self._database.execute(query, tuple(parameters))

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of the first row, None when there is none."""
        return next(self.rows(query, parameters), (None,))[0]

    def keep(self, list: str, line: str) -> None:
        """Put a line at the end of a list."""
        self.put("INSERT INTO lines VALUES (?, ?)", [(list, line)])

    def kept(self, list: str) -> Iterator[str]:
        """The lines of a list, in order."""
        query = "SELECT line FROM lines WHERE list = ? ORDER BY rowid"
        return (line for (line,) in self.rows(query, (list,)))

    def kept_json(self, list: str) -> Iterator[str]:
        """The lines of a list, each JSON, as the items of an array."""
        last = None
        for line in self.kept(list):
            if last is not None:
                yield last + ","
            last = json.dumps(json.loads(line), ensure_ascii=False)
        if last is not None:
            yield last

    def close(self) -> None:
        """Drop everything."""
        self._database.close()

    def _fill(self, side: int, rows: Iterable[Standing]) -> None:
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            read = [one for one in some if one.sha256]
            unread = (one for one in some if not one.sha256)
            self.put(_REPORT, (_row(side, one) for one in read))
            self.put(
                _PLACE,
                ((side, packed(p), one.sha256, None, None) for one in read for p in one.paths),
            )
            self.put(
                _PLACE,
                ((side, packed(one.name), "", one.problem or "", one.message) for one in unread),
            )


def _row(side: int, one: Standing) -> tuple[object, ...]:
    facts = (one.maker, one.result, one.result_sha256, one.verdict, one.agency, one.year)
    counted = (one.form, one.tables, one.failed, one.errors, one.warnings)
    return (side, one.sha256, packed(one.name), *facts, *counted, one.problem, one.message)


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
