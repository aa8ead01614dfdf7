"""Stores for tests of review: reports with one thing wrong, read by a real run."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from extractor import __version__, batch
from extractor.batch.plan import Rerun
from extractor.batch.readers import described
from extractor.batch.records import Made, Maker
from extractor.batch.store import Store
from extractor.batch.unit import Settings, process
from extractor.lexicon import Lexicon
from extractor.review.access import Access
from extractor.review.app import Application
from extractor.review.desk import Desk
from extractor.review.originals import Originals
from extractor.rungs import Asking, rungs_of
from tests.shapes_report import Cell, Printed, make

REMARK = "（含试点事项）"
BASE = "http://127.0.0.1:4711"
TOKEN = "token-of-the-test"  # noqa: S105 - of nothing but these tests


def row_of(printed: Printed, table: int, label: str) -> list[Cell]:
    """The row of a printed table that has a label."""
    return next(row for row in printed.tables[table][1] if any(label in c.text for c in row))


def with_figure(seed: int, change: str, agency: str = "") -> str:
    """A report whose figure of 予以公开 by natural persons is changed: ``{}`` stands for it."""
    printed = make(seed)
    row = row_of(printed, 1, "予以公开")
    at = next(i for i, cell in enumerate(row) if cell.text.isdigit())
    row[at] = replace(row[at], text=change.format(row[at].text, int(row[at].text) + 7))
    text = printed.text()
    return text.replace("白川县林业局", agency) if agency else text


def kinds(count: int) -> dict[str, str]:
    """Reports of four kinds, in turn: with a remark, a wrong sum, an unreadable figure, and nothing wrong."""
    changes = ("{}" + REMARK, "{1}", "{}余", "{}")
    found = {}
    for number in range(count):
        called = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
        agency = f"白川县第{called}局"
        found[f"{number:03d}.txt"] = with_figure(number, changes[number % 4], agency)
    return found


@cache
def _made(data: bytes, name: str) -> Made:
    """What the work unit makes of a report; once a process."""
    return process(data, name, Settings())


@cache
def _maker() -> Maker:
    """Who makes results of the builtin reader today."""
    return described(Asking(rungs_of("builtin")))[1]


def store_of(folder: Path, reports: dict[str, str], lexicon: Lexicon | None = None) -> Path:
    """A store of some reports, as a run of the builtin reader makes it, without its processes."""
    path = folder / "run.db"
    with Store.open(path, write=True) as store:
        run = store.begin_run({"command": "test"}, __version__)
        with store.transaction():
            options = (("lexicon", lexicon.sha256),) if lexicon else ()
            maker = store.maker_id(replace(_maker(), options=options))
            for name, text in reports.items():
                data = text.encode()
                source = store.add_source(sha(text), len(data), data)
                store.list_path(run, f"reports/{name}", source)
                if store.known(sha(text)).attempt is None:  # type: ignore[union-attr]
                    read = (
                        _made(data, name)
                        if lexicon is None
                        else process(data, name, Settings(lexicon=lexicon))
                    )
                    store.add_attempt(run, source, maker, read)
        store.end_run(run, "finished")
    return path


def rerun(path: Path, what: Rerun = "stale") -> None:
    """Bring every result of a store up to date, or read everything again."""
    batch.run(None, str(path), batch.Options(processes=1, rerun=what))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def results(path: Path) -> dict[str, str]:
    """The JSON of each report's current result, by its hash."""
    with Store.open(path) as store:
        return {report.sha256: report.json for report in store.reports()}


def rows(path: Path) -> list[dict[str, Any]]:
    """The decisions as a store holds them."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        return [json.loads(row[0]) for row in store.execute("SELECT json FROM decisions")]


@dataclass
class Served:
    """An application over a store, and a client of it.

    Attributes:
        desk: Its desk.
        client: With nothing in its jar.
        access: Its rules.
    """

    desk: Desk
    client: TestClient
    access: Access
    store: Store

    def close(self) -> None:
        self.desk.stop()
        self.store.close()


def serve(path: Path, access: Access | None = None, **client: Any) -> Served:
    """Serve a store as the command does, without a socket."""
    store = Store.open(path, write=True)
    desk = Desk(store, Originals(store, f"{path}.originals"))
    desk.start()
    access = access or Access("王芳", token=TOKEN, hosts=frozenset({"127.0.0.1:4711"}))
    app = Application(desk, access, "zh").app()
    made = TestClient(app, base_url=BASE, raise_server_exceptions=False, **client)
    return Served(desk, made, access, store)
