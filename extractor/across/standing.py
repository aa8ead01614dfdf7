"""What stands in a store at the end of a run: each report with its current result or its failure.

A report stands where a path's latest listing leads to its bytes, or where its bytes were tried and
never listed under a path. Its result is that of its latest attempt that gave one. Queries go to the
documented tables and stream in order of the hash, so two stores can be merged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch.records import Run
    from extractor.batch.store import Store

_EVERY_RUN = 2**62
_LATEST = """\
latest AS MATERIALIZED (
  -- SQLite takes the other columns from the row that has the maximum
  SELECT path_id, source_id, problem, message, max(run_id) FROM listings
  WHERE run_id <= ?1 GROUP BY path_id
)"""
_STANDING = f"""\
WITH {_LATEST},
named AS MATERIALIZED (
  SELECT latest.source_id, json_group_array(json_array(paths.path, hex(paths.raw))) AS paths
  FROM latest JOIN paths ON paths.id = latest.path_id
  WHERE latest.source_id IS NOT NULL GROUP BY latest.source_id
)
SELECT named.paths, s.sha256, done.maker_id, done.result_id, r.sha256, r.verdict, r.agency, r.year,
  r.form, r.tables_sha256, r.failed, last.problem, last.message
FROM sources AS s
LEFT JOIN named ON named.source_id = s.id
LEFT JOIN attempts AS done ON done.id = (
  SELECT id FROM attempts WHERE source_id = s.id AND run_id <= ?1 AND result_id IS NOT NULL
  ORDER BY id DESC LIMIT 1)
LEFT JOIN attempts AS last ON last.id = (
  SELECT id FROM attempts WHERE source_id = s.id AND run_id <= ?1 ORDER BY id DESC LIMIT 1)
LEFT JOIN results AS r ON r.id = done.result_id
WHERE named.paths IS NOT NULL OR (
  last.id IS NOT NULL AND s.id NOT IN (
    SELECT source_id FROM listings WHERE run_id <= ?1 AND source_id IS NOT NULL))
ORDER BY s.sha256"""  # noqa: S608
_COUNTS = f"""\
SELECT s.verdict, count(*), sum(r.cells_read + r.cells_deduced)
FROM ({_STANDING}) AS s JOIN results AS r ON r.id = s.result_id GROUP BY s.verdict"""  # noqa: S608
_UNREADABLE = f"""\
WITH {_LATEST}
SELECT paths.path, hex(paths.raw), latest.problem, latest.message
FROM latest JOIN paths ON paths.id = latest.path_id
WHERE latest.source_id IS NULL ORDER BY paths.path"""  # noqa: S608
_WITHOUT_RESULT = f"""\
WITH {_LATEST}
SELECT (SELECT count(*) FROM latest WHERE source_id IS NULL) + (
  SELECT count(*) FROM sources AS s
  WHERE NOT EXISTS (
    SELECT 1 FROM attempts WHERE source_id = s.id AND run_id <= ?1 AND result_id IS NOT NULL)
  AND (s.id IN (SELECT source_id FROM latest WHERE source_id IS NOT NULL) OR (
    EXISTS (SELECT 1 FROM attempts WHERE source_id = s.id AND run_id <= ?1)
    AND s.id NOT IN (
      SELECT source_id FROM listings WHERE run_id <= ?1 AND source_id IS NOT NULL))))"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it stands.

    Attributes:
        sha256: Of its bytes, empty when they could not be read.
        paths: Where it was found, sorted; empty when it was given without a path.
        maker: Number of who made the result.
        result: Number of the result, None when there is none.
        result_sha256: Hash of the result.
        verdict: Of the result.
        agency: As its title names it.
        year: As its title names it.
        form: Of its tables.
        tables: Hash of all its values, None without tables.
        failed: Identities that fail.
        problem: Of the latest attempt, None when that gave a result.
        message: The same in one line.
    """

    sha256: str
    paths: tuple[str, ...] = ()
    maker: int | None = None
    result: int | None = None
    result_sha256: str | None = None
    verdict: str | None = None
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    tables: str | None = None
    failed: int | None = None
    problem: str | None = None
    message: str | None = None

    @property
    def name(self) -> str:
        """The first path, else the hash: what a person is shown."""
        return self.paths[0] if self.paths else self.sha256


def standing(store: Store, run: int | None = None) -> Iterator[Standing]:
    """All reports that stand in a store, in order of their hash.

    Args:
        store: An open store.
        run: Number of the run at whose end; None for now.

    Raises:
        StoreError: The store cannot be read.
    """
    for row in store.sql(_STANDING, (_upto(run),)):
        yield _standing(row)


def unreadable(store: Store, run: int | None = None) -> Iterator[Standing]:
    """The paths of which the latest listing gave no bytes, in order."""
    for path, raw, problem, message in store.sql(_UNREADABLE, (_upto(run),)):
        yield Standing("", (_unspelled(path, raw),), problem=problem, message=message)


def without_result(store: Store, run: int | None = None) -> int:
    """How many of `standing` and `unreadable` have no result."""
    ((count,),) = store.sql(_WITHOUT_RESULT, (_upto(run),))
    return int(count)


def counts_in(store: Store, run: int | None = None) -> dict[str, tuple[int, int]]:
    """By verdict: how many reports, and how many figures they give; a rejected one gives none."""
    found = {}
    for verdict, reports, figures in store.sql(_COUNTS, (_upto(run),)):
        found[str(verdict)] = (int(reports), 0 if verdict == "rejected" else int(figures))
    return found


def run_of(store: Store, number: int) -> Run:
    """The run of a number.

    Raises:
        UsageError: There is none.
    """
    runs = store.runs()
    for run in runs:
        if run.id == number:
            return run
    there = f"its runs are {runs[0].id} to {runs[-1].id}" if runs else "it has no run"
    raise UsageError(f"{store.path!r} has no run {number}; {there}")


def _upto(run: int | None) -> int:
    return _EVERY_RUN if run is None else run


def _standing(row: tuple[Any, ...]) -> Standing:
    paths, *rest = row
    named = sorted(_unspelled(path, raw) for path, raw in json.loads(paths)) if paths else ()
    return Standing(rest[0], tuple(named), *rest[1:])


def _unspelled(path: str, raw: str) -> str:
    """A path as the file system has it: what is no Unicode stands beside its spelling."""
    from extractor.batch.store.names import unspell

    return unspell(path, bytes.fromhex(raw) if raw else None)
