"""Many things out of a store, a page at a time.

A page is one short query that begins after the source at which the last one ended, so nothing is held open
between two pages: memory stays flat, the log of a writer can be folded in, and the same process may
write meanwhile. What is added after a stream began is not in it: attempts have ascending numbers, and the highest of
the beginning bounds them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from extractor.batch.records import Failed, Known, Report
from extractor.batch.store.database import Database
from extractor.batch.store.makers import maker
from extractor.batch.store.names import spell, unspell
from extractor.batch.store.reading import KNOWN, NO_BOUND, to_known, whole
from extractor.errors import StoreError

KNOWN_PAGE = 500
REPORT_PAGE = 50

# the paths that were listed last, as of a run, with source s
_PLACES = """
  FROM listings AS l WHERE l.source_id = s.id AND l.run_id =
    (SELECT max(run_id) FROM listings WHERE path_id = l.path_id AND run_id <= :run)
"""
_CURRENT = f"""
  (EXISTS (SELECT 1 {_PLACES})
   OR NOT EXISTS (SELECT 1 FROM listings WHERE source_id = s.id AND run_id <= :run))
"""  # noqa: S608
_PATHS = f"""
  (SELECT json_group_array(json_array(
     (SELECT path FROM paths WHERE id = l.path_id),
     (SELECT hex(raw) FROM paths WHERE id = l.path_id))) {_PLACES})
"""  # noqa: S608
_RESULT = """
FROM sources AS s
JOIN attempts AS a ON a.id =
  (SELECT id FROM attempts
   WHERE source_id = s.id AND result_id IS NOT NULL AND id <= :bound AND run_id <= :run
   ORDER BY id DESC LIMIT 1)
JOIN results AS r ON r.id = a.result_id
WHERE s.id > :after AND s.id <= :last
  AND (:verdicts IS NULL OR r.verdict IN (SELECT value FROM json_each(:verdicts)))
"""
_REPORTS = f"""
SELECT s.id, s.sha256, {_PATHS}, a.run_id, a.maker_id, r.verdict, r.agency, r.year, r.form, r.id,
  r.sha256, r.body
{_RESULT} AND {_CURRENT}
ORDER BY s.id LIMIT :limit
"""
_COUNT = f"SELECT count(*) {_RESULT} AND {_CURRENT}"
_KNOWN_PAGE = f"""
{KNOWN}
WHERE s.id > :after AND s.id <= :last AND {_CURRENT}
  AND (:verdicts IS NULL OR r.verdict IN (SELECT value FROM json_each(:verdicts)))
ORDER BY s.id LIMIT :limit
"""  # noqa: S608
_KNOWN_SOME = f"""
{KNOWN}
WHERE s.id IN (SELECT value FROM json_each(:sources)) AND s.id <= :last AND {_CURRENT}
  AND (:verdicts IS NULL OR r.verdict IN (SELECT value FROM json_each(:verdicts)))
ORDER BY s.id
"""  # noqa: S608
_FAILED = f"""
SELECT s.id, s.sha256, {_PATHS}, a.run_id, a.problem, a.message
FROM sources AS s
JOIN attempts AS a ON a.id =
  (SELECT id FROM attempts WHERE source_id = s.id AND id <= :bound ORDER BY id DESC LIMIT 1)
WHERE s.id > :after AND s.id <= :last AND {_CURRENT}
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE source_id = s.id AND result_id IS NOT NULL
                  AND id <= :bound)
ORDER BY s.id LIMIT :limit
"""  # noqa: S608
_UNREADABLE = """
SELECT p.id, p.path, p.raw, l.run_id, l.problem, l.message
FROM paths AS p
JOIN listings AS l ON l.path_id = p.id AND l.run_id =
  (SELECT max(run_id) FROM listings WHERE path_id = p.id)
WHERE p.id > :after AND p.id <= :last AND l.source_id IS NULL
ORDER BY p.id LIMIT :limit
"""
_SOURCE_OF = """
SELECT l.source_id FROM paths AS p
JOIN listings AS l ON l.path_id = p.id AND l.run_id =
  (SELECT max(run_id) FROM listings WHERE path_id = p.id)
WHERE p.path = ? AND ifnull(p.raw, x'') = ? AND l.source_id IS NOT NULL
"""


def known_sources(
    db: Database, verdicts: Collection[str] | None, paths: Collection[str] | None
) -> Iterator[Known]:
    """See `Store.known_sources`."""
    asked = _beginning(db, verdicts, None)
    if paths is None:
        for row in _pages(db, _KNOWN_PAGE, asked, KNOWN_PAGE):
            yield to_known(db, row)
        return
    sources = _sources_of(db, paths)
    for at in range(0, len(sources), KNOWN_PAGE):
        some = {**asked, "sources": json.dumps(sources[at : at + KNOWN_PAGE])}
        for row in db.rows(_KNOWN_SOME, some):
            yield to_known(db, row)


def reports(db: Database, verdicts: Collection[str] | None, run: int | None) -> Iterator[Report]:
    """See `Store.reports`."""
    for row in _pages(db, _REPORTS, _beginning(db, verdicts, run), REPORT_PAGE):
        source, sha256, paths, made_in, made_by, verdict, agency, year, form, result = row[:10]
        yield Report(
            source,
            sha256,
            _paths(paths),
            made_in,
            maker(db, made_by),
            verdict,
            agency,
            year,
            form,
            result,
            whole(db, result, row[11], row[10]),
        )


def count(db: Database, verdicts: Collection[str] | None, run: int | None) -> int:
    """See `Store.count`."""
    row = db.row(_COUNT, {**_beginning(db, verdicts, run), "after": 0})
    assert row is not None, "a count has a row"
    return int(row[0])


def failures(db: Database) -> Iterator[Failed]:
    """See `Store.failures`."""
    asked = _beginning(db, None, None)
    last = db.row("SELECT ifnull(max(id), 0) FROM paths")
    assert last is not None, "a maximum has a row"
    for row in _pages(db, _UNREADABLE, {"last": last[0]}, KNOWN_PAGE):
        _, path, raw, run, problem, message = row
        yield Failed((unspell(path, raw),), None, run, problem, message or "")
    for row in _pages(db, _FAILED, asked, KNOWN_PAGE):
        _, sha256, paths, run, problem, message = row
        yield Failed(_paths(paths), sha256, run, problem, message or "")


def paths(db: Database, source: int) -> tuple[str, ...]:
    """See `Store.paths`."""
    query = f"SELECT {_PATHS} FROM sources AS s WHERE s.id = :source"  # noqa: S608
    row = db.row(query, {"source": source, "run": NO_BOUND})
    return () if row is None else _paths(row[0])


def _beginning(
    db: Database, verdicts: Collection[str] | None, run: int | None
) -> dict[str, object]:
    """The parameters of a stream: what is stored when it begins.

    Raises:
        StoreError: There is no such run.
    """
    query = (
        "SELECT (SELECT ifnull(max(id), 0) FROM attempts), (SELECT ifnull(max(id), 0) FROM sources), "
        "(SELECT ifnull(max(id), 0) FROM runs)"
    )
    row = db.row(query)
    assert row is not None, "maxima have a row"
    bound, last, runs = row
    if run is not None and not 1 <= run <= runs:
        has = f"runs 1 to {runs}" if runs else "no run"
        raise StoreError(f"{db.path!r} has no run {run}, it has {has}; name one of these")
    return {
        "bound": bound,
        "last": last,
        "run": runs if run is None else run,
        "verdicts": None if verdicts is None else json.dumps(sorted(verdicts)),
    }


def _pages(
    db: Database, query: str, asked: dict[str, object], limit: int
) -> Iterator[tuple[Any, ...]]:
    after = 0
    while True:
        page = db.rows(query, {**asked, "after": after, "limit": limit})
        yield from page
        if len(page) < limit:
            return
        after = page[-1][0]


def _sources_of(db: Database, paths: Collection[str]) -> list[int]:
    """The sources that were last listed under these paths, ascending."""
    found: set[int] = set()
    for path in paths:
        shown, raw = spell(path)
        found.update(row[0] for row in db.rows(_SOURCE_OF, (shown, raw or b"")))
    return sorted(found)


def _paths(listed: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            unspell(path, bytes.fromhex(raw) if raw else None) for path, raw in json.loads(listed)
        )
    )
