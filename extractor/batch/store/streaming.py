"""Many things out of a store, a page at a time; and queries of users.

A page is one short query that begins after the source at which the last one ended, so nothing is held open
between two pages: memory stays flat, the log of a writer can be folded in, and the same process may
write meanwhile. What is added after a stream began is not in it: attempts have ascending numbers, and the highest of
the beginning bounds them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from typing import Any

from extractor.batch.records import Known, Report, RuleCount, Standing
from extractor.batch.store.names import unspell
from extractor.batch.store.opening import connect
from extractor.batch.store.reading import KNOWN, NO_BOUND, STANDING, Reading
from extractor.batch.store.troubles import explain, says
from extractor.errors import StoreError

_PAGE = 500
_REPORT_PAGE = 50
_ROWS_AT_ONCE = 200

# the paths that were listed last, as of a run, with source s
_PLACES = """
  FROM listings AS l WHERE l.source_id = s.id AND l.run_id =
    (SELECT max(run_id) FROM listings WHERE path_id = l.path_id AND run_id <= :run)
"""
_CURRENT = f"""
{STANDING}
WHERE (EXISTS (SELECT 1 {_PLACES})
   OR NOT EXISTS (SELECT 1 FROM listings WHERE source_id = s.id AND run_id <= :run))
"""  # noqa: S608
_PATHS = f"""
  (SELECT json_group_array(json_array(
     (SELECT path FROM paths WHERE id = l.path_id),
     (SELECT hex(raw) FROM paths WHERE id = l.path_id))) {_PLACES})
"""  # noqa: S608
_VERDICTS = "(:verdicts IS NULL OR r.verdict IN (SELECT value FROM json_each(:verdicts)))"
_PAGE_OF = "s.id > :after AND s.id <= :last ORDER BY s.id LIMIT :limit"
_RESULT = f"{_CURRENT} AND r.id IS NOT NULL AND {_VERDICTS}"
_REPORTS = f"""
SELECT s.id, s.sha256, {_PATHS}, done.run_id, done.maker_id, r.verdict, r.agency, r.year, r.form,
  r.id, r.sha256, r.body
{_RESULT} AND {_PAGE_OF}
"""
_KNOWN = f"{KNOWN} {_CURRENT} AND {_VERDICTS} AND {_PAGE_OF}"
_ROWS = f"""
SELECT s.sha256, {_PATHS}, done.maker_id, r.id, r.sha256, r.verdict, r.agency, r.year, r.form,
  r.tables_sha256, r.failed, r.errors, r.warnings, r.cells_read + r.cells_deduced,
  last.problem, last.message
{_CURRENT} AND (last.id IS NOT NULL OR EXISTS (SELECT 1 {_PLACES}))
  AND s.sha256 > :after ORDER BY s.sha256 LIMIT :limit
"""
_UNREADABLE = """
SELECT p.id, p.path, hex(p.raw), l.problem, l.message
FROM paths AS p
JOIN listings AS l ON l.path_id = p.id AND l.run_id =
  (SELECT max(run_id) FROM listings WHERE path_id = p.id AND run_id <= :run)
WHERE p.id > :after AND l.source_id IS NULL
ORDER BY p.id LIMIT :limit
"""
_RULES = f"""
SELECT ifnull(nullif(f.rule, ''), f.code), f.severity, count(*), count(DISTINCT stands.id)
FROM (SELECT s.id AS id, r.id AS result_id {_CURRENT}) AS stands
JOIN found AS f ON f.result_id = stands.result_id GROUP BY 1, 2
"""  # noqa: S608
_SPENT = """
SELECT id, requests, input_tokens, output_tokens, cost_usd, seconds FROM attempts
WHERE run_id <= :run AND id > :after ORDER BY id LIMIT :limit
"""
_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_PRAGMAS = frozenset(
    {"foreign_key_check", "index_list", "integrity_check", "quick_check", "table_info"}
)
_ONLY_READ = frozenset({"application_id", "page_count", "page_size", "user_version"})


class Streaming(Reading):
    """What goes through a store. Where a method takes a run: as things stood at its end; None: now."""

    def reports(
        self, *, verdicts: Collection[str] | None = None, run: int | None = None
    ) -> Iterator[Report]:
        """Each current source once with its current result, in their order, as of the first step.

        Args:
            verdicts: Only these.
            run: As things stood at the end of that run; None: now.
        """
        for row in self._pages(_REPORTS, self._beginning(verdicts, run), _REPORT_PAGE):
            source, sha256, paths, made_in, maker, *facts, hashed, body = row
            facts += [self._json_of(facts[-1], body, hashed)]
            yield Report(source, sha256, _paths(paths), made_in, self._maker(maker), *facts)

    def count(self, *, verdicts: Collection[str] | None = None, run: int | None = None) -> int:
        """How many `reports` there are."""
        return self._number(f"SELECT count(*) {_RESULT}", self._beginning(verdicts, run))

    def known_sources(self, *, verdicts: Collection[str] | None = None) -> Iterator[Known]:
        """What is known of each current source, in their order, as of the first step.

        Args:
            verdicts: Only sources whose current result has one of these.
        """
        return map(self._known, self._pages(_KNOWN, self._beginning(verdicts)))

    def failures(self) -> Iterator[Standing]:
        """Paths that could not be read when last listed, then sources that no attempt gave a result."""
        asked = self._beginning()
        yield from self._unreadable(asked)
        yield from (one for one in self._standing(asked) if one.problem and not one.result)

    def paths(self, source: int) -> tuple[str, ...]:
        """Where a source was found when its paths were last listed, sorted."""
        query = f"SELECT {_PATHS} FROM sources AS s WHERE s.id = :source"  # noqa: S608
        row = self._row(query, {"source": source, "run": NO_BOUND})
        return () if row is None else _paths(row[0])

    def rows(self, *, run: int | None = None) -> Iterator[Standing]:
        """Each report that stands, also without a result, in order of its hash; no result is opened."""
        asked = self._beginning(run=run)
        yield from self._standing(asked)
        yield from self._unreadable(asked)

    def _standing(self, asked: dict[str, object]) -> Iterator[Standing]:
        for sha256, paths, *facts in self._pages(_ROWS, asked, after=""):
            yield Standing(sha256, _paths(paths), *facts)

    def _unreadable(self, asked: dict[str, object]) -> Iterator[Standing]:
        for _, path, raw, problem, message in self._pages(_UNREADABLE, asked):
            yield Standing("", (_unspelled(path, raw),), problem=problem, message=message)

    def rules(self, *, run: int | None = None) -> Iterator[RuleCount]:
        """How often each rule was broken in the results that stand."""
        return (RuleCount(*row) for row in self._rows(_RULES, self._beginning(run=run)))

    def spent(self, *, run: int | None = None) -> Iterator[tuple[int, int, int, str | None, float]]:
        """Of each attempt: requests, input and output tokens, exact dollars or None, seconds."""
        for _, *spent in self._pages(_SPENT, self._beginning(run=run)):
            requests, came, went, cost, seconds = spent
            yield requests, came, went, cost, seconds

    def _beginning(
        self, verdicts: Collection[str] | None = None, run: int | None = None
    ) -> dict[str, object]:
        """The parameters of a stream: what is stored when it begins.

        Raises:
            StoreError: There is no such run.
        """
        [(bound, last, runs)] = self._rows(
            "SELECT ifnull((SELECT max(id) FROM attempts), 0), ifnull((SELECT max(id) FROM sources), 0), "
            "ifnull((SELECT max(id) FROM runs), 0)"
        )
        if run is not None and not 1 <= run <= runs:
            has = f"runs 1 to {runs}" if runs else "no run"
            raise StoreError(f"{self.path!r} has no run {run}, it has {has}; name one of these")
        return {
            "bound": bound,
            "last": last,
            "run": runs if run is None else run,
            "verdicts": None if verdicts is None else json.dumps(sorted(verdicts)),
        }

    def _pages(
        self, query: str, asked: dict[str, object], limit: int = _PAGE, after: int | str = 0
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of a query that orders by its first column."""
        while True:
            page = self._rows(query, {**asked, "after": after, "limit": limit})
            yield from page
            if len(page) < limit:
                return
            after = page[-1][0]

    # --- queries of users

    def sql(self, query: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query that only reads, on tables and views; it sees what is committed.

        Raises:
            StoreError: At the first row: the query is wrong, or would write.
        """
        self.connection()
        try:
            with closing(connect(self.path, self._real, "ro")) as connection:
                # their tables are made once a connection, which not every SQLite asks leave for as for reading
                connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
                connection.set_authorizer(_authorize)
                cursor = connection.execute(query, parameters)
                while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                    yield from rows
        except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError, OverflowError) as error:
            raise _explain_query(error, self.path) from None


def _authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _view: str | None
) -> int:
    reads = action in _ALLOWED
    if action == sqlite3.SQLITE_PRAGMA:
        reads = first in _PRAGMAS or (first in _ONLY_READ and not second)
    return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY


def _explain_query(error: Exception, path: str) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_AUTH or str(error) == "not authorized":  # VACUUM has only the words
        return StoreError("a query only reads, and this one does not; give a SELECT")
    if says(code):
        return explain(error, path)
    what = " ".join(str(error).split())
    return StoreError(f"the query cannot be run ({what}); see docs/store.md for what there is")


def _unspelled(path: str, raw: str) -> str:
    return unspell(path, bytes.fromhex(raw) if raw else None)


def _paths(listed: str) -> tuple[str, ...]:
    return tuple(sorted(_unspelled(path, raw) for path, raw in json.loads(listed)))


__all__ = ["Streaming"]
