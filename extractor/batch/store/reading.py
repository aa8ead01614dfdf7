"""Single things out of a store: what is known of a source, its bytes, a reading, a result; and small lists."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from extractor.batch.records import Known, Maker, Run, Stated
from extractor.batch.store.database import Database
from extractor.batch.store.files import original_at
from extractor.batch.store.names import unspell
from extractor.batch.store.packing import unpack_reading
from extractor.batch.store.troubles import damaged
from extractor.errors import StoreError, UsageError
from extractor.source import MOST_BYTES
from verify.decisions import Decision

# a source with its last attempt, and the last one that gave a result, as of a run and a number of attempts
STANDING = """
FROM sources AS s
LEFT JOIN attempts AS last ON last.id =
  (SELECT id FROM attempts WHERE source_id = s.id AND id <= :bound AND run_id <= :run
   ORDER BY id DESC LIMIT 1)
LEFT JOIN attempts AS done ON done.id =
  (SELECT id FROM attempts
   WHERE source_id = s.id AND result_id IS NOT NULL AND id <= :bound AND run_id <= :run
   ORDER BY id DESC LIMIT 1)
LEFT JOIN results AS r ON r.id = done.result_id
"""
KNOWN = """
SELECT s.id, s.sha256, ifnull(done.id, last.id), ifnull(done.maker_id, last.maker_id), r.verdict, r.id, r.sha256,
  ifnull(done.reading_id, last.reading_id), last.problem, done.message IS NOT NULL,
  coalesce(done.decided, last.decided, 0)
"""
NO_BOUND = 2**62
_ONE = f"{KNOWN} {STANDING} WHERE s.sha256 = :sha256"
_MAKERS = (
    "SELECT id, models, prompts, form_data, version, code_read, code_judge, options FROM makers"
)
_RUNS = """
SELECT id, began, ended, ending, command, version,
  (SELECT count(*) FROM attempts WHERE run_id = runs.id),
  (SELECT count(result_id) FROM attempts WHERE run_id = runs.id)
FROM runs ORDER BY id
"""
_STATED = """
SELECT f.file, m.line, p.path, p.raw, m.url, m.agency, m.agency_id, m.region, m.year, m.more
FROM listings AS l
JOIN manifest_rows AS m ON m.path_id = l.path_id
JOIN manifests AS f ON f.id = m.manifest_id
JOIN paths AS p ON p.id = l.path_id
WHERE l.source_id = (SELECT id FROM sources WHERE sha256 = ?)
  AND m.manifest_id = (SELECT max(manifest_id) FROM manifest_rows WHERE path_id = m.path_id)
  AND l.run_id = (SELECT max(run_id) FROM listings WHERE path_id = l.path_id)
ORDER BY p.path
"""
_PAGE = 1000


class Reading(Database):
    """What looks things up in a store. Every method raises `StoreError` when it cannot be read."""

    # --- sources

    def known(self, sha256: str) -> Known | None:
        """What is known of the source with this hash; None when it is not there."""
        row = self._row(_ONE, {"sha256": sha256, "bound": NO_BOUND, "run": NO_BOUND})
        return None if row is None else self._known(row)

    def _known(self, row: tuple[Any, ...]) -> Known:
        """A row of the query `KNOWN`."""
        maker = None if row[3] is None else self._maker(row[3])
        return Known(*(*row[:3], maker, *row[3:-2], bool(row[-2]), row[-1]))

    def tried_in(self, run: int, source: int) -> bool:
        """Whether a run has an attempt at a source."""
        query = "SELECT 1 FROM attempts WHERE run_id = ? AND source_id = ? LIMIT 1"
        return self._row(query, (run, source)) is not None

    def content(self, source: int) -> bytes | None:
        """The bytes of a source, from the store or beside it; None when they were not kept."""
        packed, sha256 = self._one("SELECT content, sha256 FROM sources", source)
        if packed is None:
            return self._beside(sha256)

        def unpacked() -> bytes:
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(packed, MOST_BYTES)
            if not unpacker.eof:
                raise ValueError("it does not end")
            return data

        return self._whole(f"source {source}", unpacked, sha256)

    def _beside(self, sha256: str) -> bytes | None:
        """The bytes as they are kept beside the store, if they are and are still those."""
        try:
            with open(original_at(self.path, sha256), "rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def stated(self, sha256: str) -> tuple[Stated, ...]:
        """What manifests say of a source, by the paths under which it was last listed."""
        found = []
        for file, line, path, raw, *facts, more in self._rows(_STATED, (sha256,)):
            facts += [tuple(json.loads(more).items())]
            found.append(Stated(file, line, unspell(path, raw), *facts))
        return tuple(found)

    # --- readings and results

    def reading(self, reading: int) -> bytes:
        """A reading as it was stored, compressed."""
        (body,) = self._one("SELECT body FROM readings", reading)
        try:
            return unpack_reading(self.connection().packer, body)
        except ValueError as error:
            raise damaged(self.path, f"reading {reading}: {error}") from None

    def result_json(self, result: int) -> str:
        """A result as JSON on one line."""
        body, sha256 = self._one("SELECT body, sha256 FROM results", result)
        return self._json_of(result, body, sha256)

    def _json_of(self, result: int, body: bytes, sha256: str) -> str:
        unpack = self.connection().packer.unpack
        return self._whole(f"result {result}", lambda: unpack(body), sha256).decode()

    def _one(self, query: str, number: int) -> tuple[Any, ...]:
        row = self._row(f"{query} WHERE id = ?", (number,))
        if row is None:
            raise StoreError(
                f"{self.path!r} has no number {number} there; take a number that the store gave"
            )
        return row

    def _whole(self, what: str, unpacked: Callable[[], bytes], sha256: str) -> bytes:
        """Data if they are what was stored: a page that a disk changed is noticed."""
        try:
            data = unpacked()
        except (zlib.error, ValueError) as error:
            raise damaged(self.path, f"{what}: {error}") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise damaged(self.path, f"{what} is not what was stored")
        return data

    # --- lists

    def runs(self) -> list[Run]:
        """All runs in order."""
        return [Run(*row) for row in self._rows(_RUNS)]

    def run(self, number: int) -> Run:
        """The run of a number.

        Raises:
            UsageError: There is none.
        """
        runs = self.runs()
        for run in runs:
            if run.id == number:
                return run
        there = f"its runs are {runs[0].id} to {runs[-1].id}" if runs else "it has no run"
        raise UsageError(f"{self.path!r} has no run {number}; {there}")

    def makers(self) -> dict[int, Maker]:
        """All makers by their numbers."""
        found = {}
        for number, models, prompts, *facts, options in self._rows(_MAKERS):
            named = tuple((p["model"], p["id"], p["sha256"]) for p in json.loads(prompts))
            facts += [tuple(json.loads(options).items())]
            found[number] = Maker(models, named, *facts)
        return found

    def _maker(self, number: int) -> Maker:
        if number not in self._makers:
            self._makers = self.makers()
        return self._makers[number]

    def decisions(self, *, after: int = 0) -> Iterator[tuple[int, Decision]]:
        """All decisions of people with their numbers, in the order in which they came.

        Args:
            after: Only those with higher numbers.
        """
        from pydantic import ValidationError

        from verify.schema_parts import Decision as Row

        query = "SELECT number, json FROM decisions WHERE number > ? ORDER BY number LIMIT ?"
        while page := self._rows(query, (after, _PAGE)):
            for number, text in page:
                try:
                    yield number, Row.model_validate_json(text).plain()
                except ValidationError as error:
                    said = error.errors()[0]["msg"]
                    raise damaged(self.path, f"decision {number}: {said}") from None
            after = page[-1][0]

    def has_manifest(self) -> bool:
        """Whether a manifest was ever given."""
        return self._row("SELECT 1 FROM manifests LIMIT 1") is not None

    def manifest_columns(self) -> tuple[str, ...]:
        """The further columns of all manifests, in order."""
        rows = self._rows("SELECT columns FROM manifests ORDER BY id")
        return tuple(dict.fromkeys(name for row in rows for name in json.loads(row[0])))

    def answer(self, key: str, *, after: int = 0) -> str | None:
        """The latest answer under a key, None when there is none.

        Args:
            key: Hash of the question.
            after: Number of an answer (`last_answer`): only later ones count.
        """
        row = self._row(
            "SELECT answer, raw FROM answers WHERE key = ? AND id > ? ORDER BY id DESC LIMIT 1",
            (key, after),
        )
        return None if row is None else unspell(row[0], row[1])

    def last_answer(self) -> int:
        """The number of the latest answer, 0 without one."""
        return self._number("SELECT max(id) FROM answers")


__all__ = ["KNOWN", "NO_BOUND", "STANDING", "Reading"]
