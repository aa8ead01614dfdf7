"""Stores for tests: real results of the builtin reader, stored through the public interface."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from random import Random

from extractor import __version__
from extractor.batch.records import Made, MadeResult, Maker
from extractor.batch.store import Store, connect
from extractor.batch.store.packing import unpack_reading
from extractor.errors import InputError
from extractor.pipeline import read_source
from extractor.source import SourceText, decode
from tests.conftest import CASES, GOLDEN
from verify.forms import FORM_DATA_VERSION
from verify.schema import Result

BUILTIN = Maker(
    models="builtin",
    prompts=(),
    form_data=FORM_DATA_VERSION,
    version=__version__,
    code_read="r" * 64,
    code_judge="j" * 64,
)


def golden() -> list[tuple[str, bytes]]:
    """The golden reports as (path, bytes)."""
    return [
        (f"golden/{name}/report.txt", (GOLDEN / name / "report.txt").read_bytes()) for name in CASES
    ]


@cache
def result_of(data: bytes, name: str) -> Result:
    """The builtin reader's result, made once a process; `InputError` for what is no text."""
    return read_source(decode(data, name))


@cache
def _json_of(text: SourceText) -> str:
    return read_source(text).model_dump_json()


def made_result(text: str) -> MadeResult:
    """The columns of a result, from its JSON."""
    parsed = json.loads(text)
    cells, reasons = parsed["cells"].values(), parsed["reasons"]
    states = [cell["state"] for cell in cells]
    values = json.dumps([cell["value"] for cell in cells])
    return MadeResult(
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        json=text,
        verdict=parsed["verdict"],
        agency=parsed["report"]["agency"],
        year=parsed["report"]["year"],
        form=parsed["report"]["form"],
        held=parsed["identities"]["held"],
        failed=parsed["identities"]["failed"],
        not_evaluable=parsed["identities"]["not_evaluable"],
        tables_sha256=hashlib.sha256(values.encode()).hexdigest() if states else None,
        cells_read=states.count("read"),
        cells_deduced=states.count("deduced"),
        cells_unread=len(states) - states.count("read") - states.count("deduced"),
        errors=sum(reason["severity"] == "error" for reason in reasons),
        warnings=sum(reason["severity"] == "warning" for reason in reasons),
    )


def made(text: str, reading: bytes | None = b"a reading") -> Made:
    """An attempt with this result."""
    return Made(how="read", seconds=0.01, result=made_result(text), reading=reading)


def fill(
    store: Store,
    reports: Iterable[tuple[str, bytes]],
    *,
    maker: Maker = BUILTIN,
    results: Mapping[str, str] | None = None,
) -> int:
    """Add a run over these reports to a store, as a batch would, and return its number.

    Args:
        store: Open for writing.
        reports: Paths and bytes. Bytes that are no text are an attempt that failed. A source that has a
            result is listed and not read again, unless ``results`` has one for its path.
        maker: Who makes the results.
        results: JSON to store for a path in place of the builtin reader's result.
    """
    run = store.begin_run({"command": "test"}, __version__)
    with store.transaction():
        made_by = store.maker_id(maker)
        for path, data in reports:
            sha256 = hashlib.sha256(data).hexdigest()
            known = store.known(sha256)
            attempt: Made | None = None
            given = (results or {}).get(path)
            try:
                text = decode(data, Path(path).name)
            except InputError as error:
                source = store.add_source(sha256, len(data), None)
                attempt = Made("read", 0.0, problem="unreadable", message=str(error))
            else:
                source = store.add_source(sha256, len(data), data)
                if known is None or known.result is None or given is not None:
                    attempt = made(given or _json_of(text))
            store.list_path(run, path, source)
            if attempt is not None:
                store.add_attempt(run, source, made_by, attempt)
    store.end_run(run, "finished")
    return run


def make_store(
    path: str | Path,
    reports: Iterable[tuple[str, bytes]],
    *,
    maker: Maker = BUILTIN,
    results: Mapping[str, str] | None = None,
) -> Path:
    """Make a store, or add a run to it; arguments as of `fill`. Returns the path."""
    with Store.open(str(path), write=True) as store:
        fill(store, reports, maker=maker, results=results)
    return Path(path)


def as_version(path: Path, steps: int) -> None:
    """Make of a store what a program left that had only so many migrations."""
    from extractor.batch.store.files import APPLICATION_ID
    from extractor.batch.store.migrations import migrations
    from extractor.batch.store.packing import Connection

    old = path.with_suffix(".older")
    with contextlib.closing(Connection(old, isolation_level=None)) as made:
        for step in migrations()[:steps]:
            made.executescript(step.script)
            made.execute(
                "INSERT INTO migrations VALUES (?, ?, ?, '')", (step.number, step.name, step.sha256)
            )
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {steps}")
        with contextlib.closing(connect(path)) as now:
            for (table,) in now.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
                columns = [row[1] for row in made.execute(f"PRAGMA table_info({table})")]
                if not columns or table in ("migrations", "contract"):
                    continue
                asked = ", ".join(
                    "result_json(body)" if c == "json" and table == "results" else c
                    for c in columns
                )
                rows = now.execute(f"SELECT {asked} FROM {table}").fetchall()  # noqa: S608
                if table == "readings":
                    rows = [(id, unpack_reading(now.packer, body)) for id, body in rows]
                marks = ", ".join("?" * len(columns))
                made.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    old.replace(path)


def invented(
    number: int,
    verdict: str = "accepted",
    *,
    padding: int = 0,
    cells: Mapping[str, object] | None = None,
) -> str:
    """JSON in the form of a result, quicker than a real one, different for each number."""
    cell = {"value": number, "state": "read", "text": str(number), "span": [0, len(str(number))]}
    return json.dumps(
        {
            "schema_version": "1",
            "verdict": verdict,
            "reasons": [],
            "report": {"agency": f"金沙湾市第{number}局", "year": 2023, "form": "2021"},
            "cells": {"requests.granted.total": cell, **(cells or {})},
            "identities": {"held": 1, "failed": 0, "not_evaluable": 0},
            "padding": Random(number).randbytes(padding // 2).hex(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def source_of(number: int) -> tuple[str, bytes]:
    """SHA-256 and bytes of an invented source."""
    data = f"{number} of nothing".encode()
    return hashlib.sha256(data).hexdigest(), data


def add(store: Store, run: int, number: int, verdict: str = "accepted", *, padding: int = 0) -> int:
    """Add an invented source with path, attempt and result, and return its number."""
    sha256, data = source_of(number)
    with store.transaction():
        source = store.add_source(sha256, len(data), data)
        store.list_path(run, f"{number}.txt", source)
        attempt = made(invented(number, verdict, padding=padding))
        store.add_attempt(run, source, store.maker_id(BUILTIN), attempt)
    return source
