"""What is left to do, worked out on disk, so that memory does not grow with the number of reports."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from extractor.batch.shards.sources import Source

_PER_PLACE = 32  # bits for the reports of one file
_MANY = 100_000
_TABLES = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
CREATE TABLE found (seq INTEGER PRIMARY KEY, sha TEXT, source TEXT);
CREATE TABLE done (sha TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_LEFT = """
SELECT min(seq) AS seq, sha FROM found WHERE sha <> '' AND sha NOT IN (SELECT sha FROM done) GROUP BY sha
"""
_WANTED = """
SELECT source, substr(found.sha, 1, {digits}) AS prefix
FROM found JOIN ({left} ORDER BY seq LIMIT ?) AS wanted ON wanted.seq = found.seq ORDER BY prefix, found.seq
"""


@dataclass(frozen=True, slots=True)
class Portion:
    """Reports that make one shard.

    Attributes:
        prefix: How their hashes begin.
        sources: They, in the order in which they were found.
    """

    prefix: str
    sources: tuple[Source, ...]


class Plan:
    """Every source that was found, and those that are done."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gouji-")
        self._db = sqlite3.connect(os.path.join(self._folder.name, "plan.db"))
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Take it away."""
        self._db.close()
        self._folder.cleanup()

    def found(self, place: int, sources: Iterable[Source]) -> None:
        """What was found at places, of which this is the number of the first."""
        rows, last, inner = [], None, 0
        for source in sources:
            if source.place != last:
                place, last, inner = place + (last is not None), source.place, 0
            seq = (place << _PER_PLACE) + inner
            inner += 1
            rows.append((seq, source.sha256, json.dumps(astuple(source))))
        self._db.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", rows)

    def done(self, hashes: Iterable[str]) -> None:
        """These have a result already."""
        rows = ((sha256,) for sha256 in hashes)
        self._db.executemany("INSERT OR IGNORE INTO done VALUES (?)", rows)

    def known(self) -> int:
        """How many of the sources that were found are done."""
        return self._count(
            "SELECT count(DISTINCT sha) FROM found WHERE sha IN (SELECT sha FROM done)"
        )

    def left(self) -> int:
        """How many are not."""
        return self._count(f"SELECT count(*) FROM ({_LEFT})")  # noqa: S608

    def unreadable(self) -> int:
        """How many could not be read."""
        return self._count("SELECT count(*) FROM found WHERE sha = ''")

    def listed(self) -> Iterator[Source]:
        """Everything that was found."""
        for (source,) in self._db.execute("SELECT source FROM found ORDER BY seq"):
            yield Source(*json.loads(source))

    def portions(self, size: int, limit: int | None = None) -> Iterator[Portion]:
        """What is left to do, each source once.

        Args:
            size: Most reports of a portion.
            limit: Most reports in all.
        """
        digits = 1 if self.left() < _MANY else 2
        query = _WANTED.format(left=_LEFT, digits=digits)
        prefix, sources = "", list[Source]()
        for source, begins in self._db.execute(query, (-1 if limit is None else limit,)):
            if sources and (begins != prefix or len(sources) >= size):
                yield Portion(prefix, tuple(sources))
                sources = []
            prefix = begins
            sources.append(Source(*json.loads(source)))
        if sources:
            yield Portion(prefix, tuple(sources))

    def _count(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


__all__ = ["Plan", "Portion"]
