"""What stands in a store at the end of a run: rows of `extractor.batch.store.results`, streamed in order of the hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from extractor.batch.store.database import Database
from extractor.batch.store.names import unspell
from extractor.batch.store.queries import sql
from extractor.batch.store.results import RuleCount, Standing

_EVERY_RUN = 2**62
_LATEST = """\
WITH latest AS MATERIALIZED (
  -- SQLite takes the other columns from the row that has the maximum
  SELECT path_id, source_id, problem, message, max(run_id) FROM listings
  WHERE run_id <= ?1 GROUP BY path_id
)"""
_DONE = """\
(SELECT id FROM attempts WHERE source_id = s.id AND run_id <= ?1 AND result_id IS NOT NULL
 ORDER BY id DESC LIMIT 1)"""
_STANDING = f"""\
{_LATEST},
named AS MATERIALIZED (
  SELECT latest.source_id, json_group_array(json_array(paths.path, hex(paths.raw))) AS paths
  FROM latest JOIN paths ON paths.id = latest.path_id
  WHERE latest.source_id IS NOT NULL GROUP BY latest.source_id
)
SELECT named.paths, s.sha256 AS sha256, done.maker_id, done.result_id AS result_id, r.sha256, r.verdict, r.agency, r.year,
  r.form, r.tables_sha256, r.failed, r.errors, r.warnings, r.cells_read + r.cells_deduced,
  last.problem, last.message
FROM sources AS s
LEFT JOIN named ON named.source_id = s.id
LEFT JOIN attempts AS done ON done.id = {_DONE}
LEFT JOIN attempts AS last ON last.id = (
  SELECT id FROM attempts WHERE source_id = s.id AND run_id <= ?1 ORDER BY id DESC LIMIT 1)
LEFT JOIN results AS r ON r.id = done.result_id
WHERE named.paths IS NOT NULL OR (
  last.id IS NOT NULL AND s.id NOT IN (
    SELECT source_id FROM listings WHERE run_id <= ?1 AND source_id IS NOT NULL))"""  # noqa: S608
_IN_ORDER = f"{_STANDING} ORDER BY s.sha256"
_UNREADABLE = f"""\
{_LATEST}
SELECT paths.path, hex(paths.raw), latest.problem, latest.message
FROM latest JOIN paths ON paths.id = latest.path_id
WHERE latest.source_id IS NULL ORDER BY paths.path"""  # noqa: S608
_RULES = f"""\
SELECT ifnull(nullif(f.rule, ''), f.code), f.severity, count(*), count(DISTINCT stands.sha256)
FROM ({_STANDING}) AS stands JOIN found AS f ON f.result_id = stands.result_id GROUP BY 1, 2"""  # noqa: S608
_SPENT = """\
SELECT requests, input_tokens, output_tokens, cost_usd, seconds FROM attempts WHERE run_id <= ?1"""


def rows(db: Database, run: int | None) -> Iterator[Standing]:
    """See `Store.rows`."""
    for paths, sha256, *rest in sql(db, _IN_ORDER, (_upto(run),)):
        named = sorted(_unspelled(path, raw) for path, raw in json.loads(paths)) if paths else ()
        yield Standing(sha256, tuple(named), *rest)
    for path, raw, problem, message in sql(db, _UNREADABLE, (_upto(run),)):
        yield Standing("", (_unspelled(path, raw),), problem=problem, message=message)


def rules(db: Database, run: int | None) -> Iterator[RuleCount]:
    """See `Store.rules`."""
    return (RuleCount(*row) for row in sql(db, _RULES, (_upto(run),)))


def spent(db: Database, run: int | None) -> Iterator[tuple[Any, ...]]:
    """See `Store.spent`."""
    return sql(db, _SPENT, (_upto(run),))


def _upto(run: int | None) -> int:
    return _EVERY_RUN if run is None else run


def _unspelled(path: str, raw: str) -> str:
    return unspell(path, bytes.fromhex(raw) if raw else None)


__all__ = ["rows", "rules", "spent"]
