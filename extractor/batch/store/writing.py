"""Rows into a store. Each function is called within `Database.writing`, or opens it itself."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from extractor.batch.records import Ending, Made, MadeResult, Maker
from extractor.batch.store.counting import counts_of
from extractor.batch.store.database import Database
from extractor.batch.store.files import original_at
from extractor.batch.store.items import applied_in, found_in
from extractor.batch.store.names import readable, spell
from extractor.batch.store.packing import READINGS, RESULTS, inflated
from extractor.errors import StoreError
from extractor.files import write_whole

Originals = Literal["store", "beside", "path"]
"""Where the bytes of sources are kept: packed in the store, as files beside it, or only where they were found."""
_LEVEL = 1
"""Of zlib: a report is small, and four times as fast is worth a tenth of its size."""


def now() -> str:
    """This moment, as a store has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def as_json(value: object) -> str:
    """JSON on one line; a lone surrogate is spelled as JSON spells it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def begin_run(db: Database, command: Mapping[str, object], version: str) -> int:
    """See `Store.begin_run`."""
    with db.writing():
        row = db.run(
            "INSERT INTO runs (began, command, version) VALUES (?, ?, ?) RETURNING id",
            (now(), as_json(dict(command)), version),
        ).fetchone()
        return int(row[0])


def end_run(db: Database, run: int, ending: Ending) -> None:
    """See `Store.end_run`."""
    with db.writing():
        db.run(
            "UPDATE runs SET ended = ?, ending = ? WHERE id = ? AND ended IS NULL",
            (now(), ending, run),
        )


def add_source(
    db: Database, sha256: str, size: int, content: bytes | None, originals: Originals
) -> int:
    """See `Store.add_source`."""
    with db.writing():
        found = db.run("SELECT id FROM sources WHERE sha256 = ?", (sha256,)).fetchone()
        if found is not None:
            return int(found[0])
        if content is not None and originals != "store":
            if originals == "beside":
                _keep_beside(db, sha256, content)
            content = None
        packed = None if content is None else zlib.compress(content, _LEVEL)
        return _id(
            db.run(
                "INSERT INTO sources (sha256, bytes, content) VALUES (?, ?, ?)",
                (sha256, size, packed),
            ).lastrowid
        )


def _keep_beside(db: Database, sha256: str, content: bytes) -> None:
    path = original_at(db.path, sha256)
    try:
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_whole(path, content)
    except OSError as error:
        raise StoreError(
            f"{path!r} cannot be written ({error.strerror}); make room, or keep originals elsewhere"
        ) from None


def list_path(
    db: Database, run: int, path: str, source: int | None, problem: str | None, message: str | None
) -> None:
    """See `Store.list_path`."""
    with db.writing():
        number = path_id(db, path)
        db.run(
            "INSERT INTO listings (run_id, path_id, source_id, problem, message) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (path_id, run_id) DO UPDATE SET "
            "source_id = excluded.source_id, problem = excluded.problem, message = excluded.message",
            (run, number, source, problem, None if message is None else readable(message)),
        )


def path_id(db: Database, path: str) -> int:
    """The number of a path, known or new; within `Database.writing`."""
    shown, raw = spell(path)
    found = db.run(
        "SELECT id FROM paths WHERE path = ? AND ifnull(raw, x'') = ?", (shown, raw or b"")
    ).fetchone()
    if found is not None:
        return int(found[0])
    return _id(db.run("INSERT INTO paths (path, raw) VALUES (?, ?)", (shown, raw)).lastrowid)


def maker_id(db: Database, maker: Maker) -> int:
    """See `Store.maker_id`."""
    known = db.id_of.get(maker)
    if known is not None:
        return known
    prompts = as_json([{"model": m, "id": i, "sha256": h} for m, i, h in maker.prompts])
    options = as_json(dict(maker.options))
    if len(dict(maker.options)) != len(maker.options):
        raise ValueError(f"an option is given twice: {maker.options!r}")
    values = (
        maker.models,
        prompts,
        maker.form_data,
        maker.version,
        maker.code_read,
        maker.code_judge,
        options,
    )
    sha256 = hashlib.sha256(as_json(values).encode()).hexdigest()
    with db.writing():
        found = db.run("SELECT id FROM makers WHERE sha256 = ?", (sha256,)).fetchone()
        if found is None:
            number = _id(
                db.run(
                    "INSERT INTO makers (sha256, models, prompts, form_data, version, code_read, "
                    "code_judge, options) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (sha256, *values),
                ).lastrowid
            )
        else:
            number = int(found[0])
    db.id_of[maker] = number
    return number


def add_attempt(
    db: Database,
    run: int,
    source: int,
    maker: int,
    made: Made,
    reading: int | None,
    result: int | None,
    decided: int = 0,
) -> int:
    """See `Store.add_attempt`."""
    told = (made.result is not None, made.problem is not None, made.same and result is not None)
    if sum(told) != 1:
        raise ValueError("an attempt has a result, or the number of the same one, or a problem")
    message = None if made.message is None else readable(made.message)
    http = None if made.http is None else made.http.encode("utf-8", "backslashreplace").decode()
    with db.writing():
        if made.result is not None:
            result = _add_result(db, made.result)
        if reading is None and made.reading is not None:
            data = inflated(made.reading)
            body = made.reading if data is None else _packed(db, data, READINGS)
            reading = db.run("INSERT INTO readings (body) VALUES (?)", (body,)).lastrowid
        return _id(
            db.run(
                "INSERT INTO attempts (run_id, source_id, maker_id, how, ended, seconds, result_id, "
                "reading_id, problem, message, requests, input_tokens, output_tokens, cost_usd, http, decided) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run,
                    source,
                    maker,
                    made.how,
                    now(),
                    made.seconds,
                    None if made.problem else result,
                    reading,
                    made.problem,
                    message,
                    made.requests,
                    made.input_tokens,
                    made.output_tokens,
                    made.cost_usd,
                    http,
                    decided,
                ),
            ).lastrowid
        )


def _add_result(db: Database, result: MadeResult) -> int:
    found = db.run("SELECT id FROM results WHERE sha256 = ?", (result.sha256,)).fetchone()
    if found is not None:
        return int(found[0])
    counts = counts_of(result)
    number = _id(
        db.run(
            "INSERT INTO results (sha256, verdict, agency, year, form, held, failed, not_evaluable, "
            "cells_read, cells_deduced, cells_unread, errors, warnings, tables_sha256, applied, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                result.sha256,
                result.verdict,
                result.agency,
                result.year,
                result.form,
                result.held,
                result.failed,
                result.not_evaluable,
                *counts,
                result.tables_sha256,
                applied_in(result.json),
                _packed(db, result.json.encode(), RESULTS),
            ),
        ).lastrowid
    )
    for row in found_in(result.json):
        db.run("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row))
    return number


def _packed(db: Database, data: bytes, kind: int) -> bytes:
    """Data as they are kept; a dictionary that they are enough for is kept as well."""
    packer = db.check_open().packer
    packed = packer.pack(data, kind)
    dictionary = packer.learn(data, kind)
    if dictionary is not None:
        db.run("INSERT INTO dictionaries VALUES (?, ?)", (kind, dictionary))
    return packed


def add_answer(
    db: Database,
    key: str,
    text: str,
    *,
    model: str,
    prompt_id: str,
    prompt_sha256: str,
    about: str,
    sample: int,
) -> None:
    """See `Store.add_answer`."""
    shown, raw = spell(text)
    with db.writing():
        db.run(
            "INSERT INTO answers (key, model, prompt_id, prompt_sha256, about, sample, recorded, "
            "answer, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, model, prompt_id, prompt_sha256, readable(about), sample, now(), shown, raw),
        )


def _id(number: int | None) -> int:
    assert number is not None, "an insert has a number"
    return number
