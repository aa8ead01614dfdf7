"""What SQL users see: the three views, and the queries of docs/store.md with what they print."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.records import Made
from extractor.batch.store import Store, connect
from tests.conftest import GOLDEN, ROOT
from tests.stores import BUILTIN, golden, invented, made, make_store

DOCUMENT = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
QUERIES = re.findall(
    r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL
)
COPIED = "tab-indented-2021"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the document."""
    copy = (GOLDEN / COPIED / "report.txt").read_bytes()
    reports = [*golden(), ("copies/2021.txt", copy), ("scans/2020.pdf", b"%PDF-1.7")]
    return make_store(tmp_path_factory.mktemp("documented") / "run.db", reports)


def ask(path: Path, query: str, parameters: tuple[object, ...] = ()) -> list[Row]:
    """The rows of a query."""
    with contextlib.closing(connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, parameters)]


def printed(rows: list[Row]) -> str:
    """Rows as ``sqlite3 -header`` prints them."""
    lines = ["|".join(rows[0]), *("|".join(map(_shown, row.values())) for row in rows)]
    return "".join(f"{line}\n" for line in lines)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


# --- the document


@pytest.mark.parametrize(("query", "shown"), QUERIES, ids=range(len(QUERIES)))
def test_a_documented_query_prints_what_is_shown(documented: Path, query: str, shown: str) -> None:
    assert printed(ask(documented, query)) == shown


def test_there_are_five_queries_and_none_without_its_output() -> None:
    assert len(QUERIES) == 5
    assert DOCUMENT.count("```sql\n") == 5


def test_the_documented_way_from_python_runs(
    documented: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"^    from extractor.*?\n\n(?=\S)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.chdir(documented.parent)
    for block in blocks:
        exec(textwrap.dedent(block), {})  # noqa: S102 - code of our own document
    lines = capsys.readouterr().out.splitlines()
    passed = ask(
        documented,
        "SELECT count(DISTINCT sha256) AS n FROM reports WHERE verdict IN ('accepted', 'completed')",
    )
    verdicts = ask(documented, "SELECT DISTINCT verdict FROM reports")
    assert len(lines) == passed[0]["n"] + len(verdicts)


def test_the_documented_way_without_this_package_leaves_nothing_behind(
    documented: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = re.search(r"^    import sqlite3\n\n    connection = .*$", DOCUMENT, re.MULTILINE)
    assert block is not None
    (tmp_path / "run.db").write_bytes(documented.read_bytes())
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(textwrap.dedent(block[0]), names)  # noqa: S102 - code of our own document
    with contextlib.closing(names["connection"]) as connection:
        (count,) = connection.execute("SELECT count(*) FROM reports").fetchone()
    assert count == ask(documented, "SELECT count(*) AS n FROM reports")[0]["n"]
    assert [path.name for path in tmp_path.iterdir()] == ["run.db"]


def test_a_message_may_stand_beside_a_result(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with Store.open(str(path), write=True) as store:
        begun = store.begin_run({}, "0")
        for number, rest in enumerate((None, "the provider of x failed")):
            source = store.add_source(f"{number}" * 64, 1, None)
            store.list_path(begun, f"{number}.txt", source)
            attempt = replace(made(invented(number)), message=rest)
            store.add_attempt(begun, source, store.maker_id(BUILTIN), attempt)
    rows = ask(path, "SELECT verdict, problem, message FROM reports ORDER BY path")
    assert [tuple(row.values()) for row in rows] == [
        ("accepted", None, None),
        ("accepted", None, "the provider of x failed"),
    ]
    assert "beside a result: what of its ladder is still to be done" in DOCUMENT


def test_the_latest_of_several_answers_counts(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with Store.open(str(path), write=True) as store:
        for text in ("first", "second"):
            store.add_answer(
                "a" * 64,
                text,
                model="m",
                prompt_id="p",
                prompt_sha256="b" * 64,
                about="x",
                sample=0,
            )
        assert store.answer("a" * 64) == "second"
    assert [row["answer"] for row in ask(path, "SELECT answer FROM answers ORDER BY id")] == [
        "first",
        "second",
    ]


def test_every_table_view_and_column_is_documented_and_no_other(documented: Path) -> None:
    there = ask(
        documented,
        "SELECT s.type, s.name AS name, c.name AS col FROM sqlite_schema AS s, "
        "pragma_table_xinfo(s.name) AS c WHERE s.type IN ('table', 'view')",
    )
    tables: dict[str, set[str]] = {}
    views: dict[str, set[str]] = {}
    for row in there:
        into = tables if row["type"] == "table" else views
        into.setdefault(row["name"], set()).add(row["col"])
    said: dict[str, set[str]] = {}
    tables_part = DOCUMENT.split("\n## Tables\n")[1]
    name = ""
    for first, columns in re.findall(r"^\|(.*?)\| (`.*?) \| ", tables_part, re.MULTILINE):
        name = first.strip(" `") or name
        said.setdefault(name, set()).update(re.findall(r"`(\w+)`", columns))
    assert said == tables
    for view in ("reports", "cells", "findings"):
        part = DOCUMENT.split(f"\n`{view}`: ")[1].split("\n\n")[1]
        columns = re.findall(r"^\| (`.*?) \| ", part, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", " ".join(columns))) == views.pop(view)
    for view in views:
        assert f"`{view}`" in DOCUMENT


# --- the views


def test_views_say_what_the_results_say(documented: Path) -> None:
    with Store.open(str(documented)) as store:
        stored = {report.sha256: json.loads(report.json) for report in store.reports()}
        paths = {report.sha256: report.paths for report in store.reports()}
    cells = ask(documented, "SELECT * FROM cells")
    findings = ask(documented, "SELECT * FROM findings")
    reports = {row["path"]: row for row in ask(documented, "SELECT * FROM reports")}
    assert {row["sha256"] for row in cells} <= set(stored)
    for sha256, result in stored.items():
        of_it = [row for row in cells if row["sha256"] == sha256]
        assert [row["cell"] for row in of_it] == list(result["cells"])
        for row in of_it:
            cell = result["cells"][row["cell"]]
            assert f"{row['tbl']}.{row['row']}.{row['col']}" == row["cell"]
            assert type(row["value"]) is type(cell["value"])
            assert (row["value"], row["state"]) == (cell["value"], cell["state"])
            assert row["text"] == cell["text"]
            span = None if row["span_start"] is None else [row["span_start"], row["span_end"]]
            assert span == cell["span"]
            assert (row["path"], row["verdict"]) == (paths[sha256][0], result["verdict"])
        told = [row for row in findings if row["sha256"] == sha256]
        for row, reason in zip(told, result["reasons"], strict=True):
            for key in (
                "code",
                "severity",
                "rule",
                "expected",
                "actual",
                "message_zh",
                "message_en",
            ):
                assert row[key] == reason[key]
            assert json.loads(row["cells"]) == reason["cells"]
            span = None if row["span_start"] is None else [row["span_start"], row["span_end"]]
            assert span == reason["span"]
        states = [cell["state"] for cell in result["cells"].values()]
        for path in paths[sha256]:
            row = reports.pop(path)
            assert (row["verdict"], row["sha256"]) == (result["verdict"], sha256)
            assert {key: row[key] for key in ("agency", "year", "form")} == result["report"]
            assert {key: row[key] for key in result["identities"]} == result["identities"]
            assert row["cells_read"] == states.count("read")
            assert row["cells_deduced"] == states.count("deduced")
            assert row["cells_read"] + row["cells_deduced"] + row["cells_unread"] == len(states)
            assert row["errors"] == sum(r["severity"] == "error" for r in result["reasons"])
            assert row["warnings"] == sum(r["severity"] == "warning" for r in result["reasons"])
    (left,) = reports.values()
    assert (left["path"], left["verdict"], left["problem"]) == (
        "scans/2020.pdf",
        None,
        "unreadable",
    )


def test_no_digit_of_a_long_count_is_lost_and_unknown_is_null(tmp_path: Path) -> None:
    values = {
        "a.b.most": 2**63 - 1,
        "a.b.more": 2**63,
        "a.b.less": -(2**63) - 1,
        "a.b.huge": 10**400 + 1,
        "a.b.none": None,
        "a.b.amount": "12.5000",
        "a.b.zero": 0,
    }
    cells = {name: {"value": value, "state": "read"} for name, value in values.items()}
    text = invented(5, cells=cells)
    path = make_store(tmp_path / "run.db", [("a.txt", b"a")], results={"a.txt": text})
    rows = ask(path, "SELECT cell, value FROM cells WHERE tbl = 'a' AND \"row\" = 'b'")
    assert {row["cell"]: row["value"] for row in rows} == {
        **values,
        "a.b.more": str(2**63),
        "a.b.less": str(-(2**63) - 1),
        "a.b.huge": str(10**400 + 1),
    }


def test_a_report_under_two_paths_is_two_reports_and_its_cells_are_there_once(
    documented: Path,
) -> None:
    first = f"golden/{COPIED}/report.txt"
    rows = ask(
        documented, "SELECT sha256 FROM reports WHERE path IN (?, ?)", (first, "copies/2021.txt")
    )
    assert len(rows) == 2
    assert rows[0] == rows[1]
    count = "SELECT count(*) AS n, count(DISTINCT cell) AS cells, min(path) AS path FROM cells "
    (row,) = ask(documented, count + "WHERE sha256 = ?", (rows[0]["sha256"],))
    assert row == {"n": 200, "cells": 200, "path": "copies/2021.txt"}


def test_views_show_what_is_current_and_tables_all_that_was(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    make_store(
        path,
        [("a.txt", b"old"), ("b.txt", b"b"), ("c.txt", b"c")],
        results={f"{n}.txt": invented(i) for i, n in enumerate("abc")},
    )
    make_store(
        path,
        [("a.txt", b"new"), ("b.txt", b"b")],
        results={"a.txt": invented(7, "rejected"), "b.txt": invented(8, "rejected")},
    )
    with Store.open(str(path), write=True) as store:
        run = store.begin_run({}, "1")
        store.list_path(run, "c.txt", None, "unreadable", "no permission")
        [known] = [one.source for one in store.reports() if one.paths == ("b.txt",)]
        failed = Made("read", 1.0, problem="provider", message="no answer")
        store.add_attempt(run, known, store.maker_id(BUILTIN), failed)
        new = store.add_source("0" * 64, 3, b"new")
        store.list_path(run, "d.txt", new)
        store.list_path(run, "e.txt", new)
        store.add_attempt(run, new, store.maker_id(BUILTIN), failed)
        store.list_path(run, "f.txt", store.add_source("1" * 64, 3, b"six"))
    rows = ask(path, "SELECT path, verdict, run, problem, message FROM reports ORDER BY path")
    assert [tuple(row.values()) for row in rows] == [
        ("a.txt", "rejected", 2, None, None),
        ("b.txt", "rejected", 2, None, None),
        ("c.txt", None, 3, "unreadable", "no permission"),
        ("d.txt", None, 3, "provider", "no answer"),
        ("e.txt", None, 3, "provider", "no answer"),
        ("f.txt", None, None, None, None),
    ]
    assert [row["path"] for row in ask(path, "SELECT path FROM cells ORDER BY path")] == [
        "a.txt",
        "b.txt",
    ]
    assert ask(path, "SELECT count(*) AS n FROM results") == [{"n": 5}]
    assert ask(path, "SELECT count(*) AS n FROM attempts") == [{"n": 7}]
    with Store.open(str(path)) as store:
        assert [report.paths for report in store.reports()] == [("b.txt",), ("a.txt",)]
        assert store.count() == 2
        assert [failed.paths for failed in store.failures()] == [("c.txt",), ("d.txt", "e.txt")]


def test_makers_and_costs_are_columns_of_reports(tmp_path: Path) -> None:
    from dataclasses import replace

    maker = replace(
        BUILTIN,
        models="builtin,m/x,m/y",
        prompts=(("m/x", "tables@3", "f" * 64), ("m/y", "tables@4", "e" * 64)),
    )
    path = tmp_path / "run.db"
    with Store.open(str(path), write=True) as store:
        run = store.begin_run({}, "1")
        source = store.add_source("0" * 64, 3, b"new")
        what = replace(
            made(invented(1)),
            requests=3,
            input_tokens=900,
            output_tokens=70,
            cost_usd="0.00000012345678901234567890",
            http='[{"status":200,"why":"\udce9"}]',
        )
        store.add_attempt(run, source, store.maker_id(maker), what)
    (row,) = ask(path, "SELECT * FROM reports")
    assert (row["models"], row["prompt"]) == ("builtin,m/x,m/y", "tables@3, tables@4")
    assert (row["requests"], row["input_tokens"], row["output_tokens"]) == (3, 900, 70)
    assert row["cost_usd"] == "0.00000012345678901234567890"
    (row,) = ask(path, "SELECT http FROM attempts")
    assert json.loads(row["http"]) == [{"status": 200, "why": "\udce9"}]


# --- queries through the store


def test_a_query_of_the_store_only_reads(documented: Path) -> None:
    from extractor.errors import StoreError

    before = sorted(path.name for path in documented.parent.iterdir())
    with Store.open(str(documented)) as store:
        for query in (
            "DELETE FROM runs",
            "ATTACH 'other.db' AS other",
            "VACUUM INTO 'other.db'",
            "PRAGMA query_only = OFF",
            "PRAGMA user_version = 9",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA wal_checkpoint",
            "CREATE TEMP TABLE t (x)",
            "BEGIN",
            "ANALYZE",
        ):
            with pytest.raises(StoreError, match="a query only reads"):
                list(store.sql(query))
        for query in (
            "SELECT nothing",
            "SELEC 1",
            "SELECT 1; SELECT 2",
            "SELECT ?",
            "SELECT json('{')",
        ):
            with pytest.raises(StoreError, match="the query cannot be run") as error:
                list(store.sql(query))
            assert "\n" not in str(error.value)
        for wrong in (10**30, "\udce9"):
            with pytest.raises(StoreError, match="the query cannot be run"):
                list(store.sql("SELECT ?", (wrong,)))
        assert list(store.sql("PRAGMA integrity_check")) == [("ok",)]
        assert list(store.sql("SELECT ? || 1", ("a",))) == [("a1",)]
    assert sorted(path.name for path in documented.parent.iterdir()) == before


def test_a_query_sees_what_is_committed_and_may_be_left(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "run.db"), write=True) as store:
        with store.transaction():
            for _ in range(500):
                store.begin_run({}, "1")
        rows = store.sql("SELECT id FROM runs ORDER BY id")
        assert next(rows) == (1,)
        with store.transaction():
            store.begin_run({}, "1")
            assert list(store.sql("SELECT count(*) FROM runs")) == [(500,)]
        assert list(store.sql("SELECT count(*) FROM runs")) == [(501,)]
        assert sum(1 for _ in rows) == 499
