"""Single things out of a store: what is known of a source, its bytes, a reading, a result."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from extractor.batch.records import Known, Run
from extractor.batch.store.database import Database
from extractor.batch.store.files import original_at
from extractor.batch.store.makers import maker
from extractor.batch.store.names import unspell
from extractor.batch.store.packing import unpack_reading
from extractor.batch.store.troubles import damaged
from extractor.errors import StoreError
from extractor.source import MOST_BYTES

KNOWN = """
SELECT s.id, s.sha256, a.id, a.maker_id, r.verdict, a.result_id, r.sha256, a.reading_id, a.message,
  ifnull(a.decided, 0),
  (SELECT problem FROM attempts WHERE source_id = s.id AND id <= :bound ORDER BY id DESC LIMIT 1)
FROM sources AS s
LEFT JOIN attempts AS a ON a.id = coalesce(
  (SELECT id FROM attempts WHERE source_id = s.id AND result_id IS NOT NULL AND id <= :bound
   ORDER BY id DESC LIMIT 1),
  (SELECT id FROM attempts WHERE source_id = s.id AND id <= :bound ORDER BY id DESC LIMIT 1))
LEFT JOIN results AS r ON r.id = a.result_id
"""
NO_BOUND = 2**63 - 1
_ONE = KNOWN.replace(":bound", str(NO_BOUND)) + "WHERE s.sha256 = ?"


def to_known(db: Database, row: tuple[Any, ...]) -> Known:
    """A row of the query `KNOWN`."""
    source, sha256, attempt, made_by, verdict, result, text, reading, said, decided, problem = row
    made = None if made_by is None else maker(db, made_by)
    unfinished = result is not None and said is not None
    facts = (source, sha256, attempt, made, made_by, verdict, result, text)
    return Known(*facts, reading, problem, unfinished=unfinished, decided=decided)


def known(db: Database, sha256: str) -> Known | None:
    """See `Store.known`."""
    row = db.row(_ONE, (sha256,))
    return None if row is None else to_known(db, row)


def tried_in(db: Database, run: int, source: int) -> bool:
    """See `Store.tried_in`."""
    query = "SELECT 1 FROM attempts WHERE run_id = ? AND source_id = ? LIMIT 1"
    return db.row(query, (run, source)) is not None


def content(db: Database, source: int) -> bytes | None:
    """See `Store.content`."""
    row = db.row("SELECT content, sha256 FROM sources WHERE id = ?", (source,))
    if row is None:
        raise StoreError(f"{db.path!r} has no source {source}; take a number that the store gave")
    if row[0] is None:
        return _beside(db, row[1])
    try:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(row[0], MOST_BYTES)
        if not unpacker.eof:
            raise damaged(db.path, f"source {source} does not end")
    except zlib.error as error:
        raise damaged(db.path, f"source {source}: {error}") from None
    if hashlib.sha256(unpacked).hexdigest() != row[1]:
        raise damaged(db.path, f"source {source} is not what was stored")
    return unpacked


def _beside(db: Database, sha256: str) -> bytes | None:
    """The bytes as they are kept beside the store, if they are and are still those."""
    try:
        with open(original_at(db.path, sha256), "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def reading(db: Database, number: int) -> bytes:
    """See `Store.reading`."""
    row = db.row("SELECT body FROM readings WHERE id = ?", (number,))
    if row is None:
        raise StoreError(f"{db.path!r} has no reading {number}; take a number that the store gave")
    try:
        return unpack_reading(db.check_open().packer, row[0])
    except ValueError as error:
        raise damaged(db.path, f"reading {number}: {error}") from None


def result_json(db: Database, number: int) -> str:
    """See `Store.result_json`."""
    row = db.row("SELECT body, sha256 FROM results WHERE id = ?", (number,))
    if row is None:
        raise StoreError(f"{db.path!r} has no result {number}; take a number that the store gave")
    return whole(db, number, row[0], row[1])


def whole(db: Database, number: int, body: bytes, sha256: str) -> str:
    """The JSON of a result, if it is what was stored: a page that a disk changed is noticed."""
    try:
        data = db.check_open().packer.unpack(body)
    except ValueError as error:
        raise damaged(db.path, f"result {number}: {error}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise damaged(db.path, f"result {number} is not what was stored")
    return data.decode()


def last_answer(db: Database) -> int:
    """See `Store.last_answer`."""
    row = db.row("SELECT ifnull(max(id), 0) FROM answers")
    assert row is not None, "a maximum has a row"
    return int(row[0])


def answer(db: Database, key: str, after: int) -> str | None:
    """See `Store.answer`."""
    row = db.row(
        "SELECT answer, raw FROM answers WHERE key = ? AND id > ? ORDER BY id DESC LIMIT 1",
        (key, after),
    )
    return None if row is None else unspell(row[0], row[1])


def runs(db: Database) -> list[Run]:
    """See `Store.runs`."""
    return [
        Run(*row)
        for row in db.rows(
            "SELECT id, began, ended, ending, command, version, "
            "(SELECT count(*) FROM attempts WHERE run_id = runs.id), "
            "(SELECT count(result_id) FROM attempts WHERE run_id = runs.id) "
            "FROM runs ORDER BY id"
        )
    ]
