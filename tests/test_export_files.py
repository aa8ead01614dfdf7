"""`extract export` at its edges: wrong usage, nothing to write, no room, and what stood there before."""

from __future__ import annotations

import csv
import importlib
import json
import os
import re
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from extractor.across import summary_of
from extractor.batch.records import Report
from extractor.batch.store import Store
from extractor.errors import GoujiError, StoreError, UsageError
from extractor.export import export
from tests.conftest import command, run_code
from tests.each import rows
from tests.stores import add, golden, make_store

ROWS = rows(__file__)

run = command("export")

FORMATS = ("csv", "jsonl", "parquet", "xlsx")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("stores") / "run.db", golden())


def refused(*arguments: str | Path) -> GoujiError:
    with pytest.raises(GoujiError) as raised:
        run([str(argument) for argument in arguments])
    assert "\n" not in str(raised.value)
    return raised.value


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# --- usage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a", "csv", "a.csv.gz", "a.db", ".csv"])
def test_an_unknown_ending_names_the_four(name: str, store: Path, tmp_path: Path) -> None:
    error = refused(store, "--to", tmp_path / name)
    assert isinstance(error, UsageError)
    assert all(f".{format}" in str(error) for format in FORMATS)
    assert left_in(tmp_path) == []


def test_an_unknown_verdict_is_refused_and_all_are_named(store: Path, tmp_path: Path) -> None:
    error = refused(store, "--to", tmp_path / "a.csv", "--verdict", "accepted,perfect")
    assert "'perfect'" in str(error)
    assert "inconsistent" in str(error)
    assert error.exit_code == 2
    assert "no verdict" in str(refused(store, "--to", tmp_path / "a.csv", "--verdict", ","))


def test_a_run_that_is_not_there_is_refused(store: Path, tmp_path: Path) -> None:
    error = refused(store, "--to", tmp_path / "a.csv", "--run", "7")
    assert "has no run 7" in str(error)
    assert error.exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    ROWS["wrong_usage_is_one_line"],
)
def test_wrong_usage_is_one_line(
    arguments: tuple[str, ...], store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(store, *arguments).exit_code == 2
    assert left_in(tmp_path) == []


def test_a_store_that_is_not_there_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    error = refused(tmp_path / "no.db", "--to", tmp_path / "a.csv")
    assert isinstance(error, StoreError)
    assert left_in(tmp_path) == []


def test_the_store_is_never_written_over(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "a.csv"
    link.symlink_to(store)
    before = store.read_bytes()
    assert "is the store itself" in str(refused(store, "--to", link))
    (tmp_path / "b.csv.dictionary.csv").hardlink_to(store)
    assert "is the store itself" in str(refused(store, "--to", tmp_path / "b.csv"))
    assert store.read_bytes() == before


def test_a_directory_is_no_file(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    assert "is a directory" in str(refused(store, "--to", tmp_path / "a.csv"))


@pytest.mark.parametrize(("format", "module"), [("parquet", "pyarrow"), ("xlsx", "openpyxl")])
def test_an_extra_that_is_not_installed_is_named(
    format: str, module: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> Any:
        if name == module:
            raise ModuleNotFoundError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    error = refused(store, "--to", tmp_path / f"a.{format}")
    assert "pip install 'gouji[export]'" in str(error)
    assert left_in(tmp_path) == []


def test_no_heavy_module_is_loaded_for_csv(store: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from extractor.export import export; export(sys.argv[1], sys.argv[2]);"
        "print([m for m in ('pyarrow', 'openpyxl', 'pandas', 'openai') if m in sys.modules])"
    )
    done = run_code(code, store, tmp_path / "a.csv")
    assert (done.returncode, done.stdout) == (0, b"[]\n")


# --- what is said --------------------------------------------------------------------------------


def test_what_was_written_and_left_out_is_said(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "a.csv"
    assert run([str(store), "--to", str(to), "--lang", "en"]) == 0
    captured = capsys.readouterr()
    done = export(store, to)
    assert captured.out == ""
    assert captured.err.splitlines()[0] == (
        f"{to}: {done.reports} of {done.of} reports, {done.rows} rows"
    )
    for verdict, count in {**done.written, **done.left_out}.items():
        assert f"{verdict} {count}" in captured.err
    assert str(done.dictionary) in captured.err
    assert run([str(store), "--to", str(to)]) == 0
    assert "未写出" in capsys.readouterr().err
    assert run([str(store), "--to", str(to), "-q"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("format", FORMATS)
def test_no_report_that_passes_is_a_file_with_a_header_and_a_line(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrative = [pair for pair in golden() if "narrative-without-tables" in pair[0]]
    store = make_store(tmp_path / "run.db", narrative)
    to = tmp_path / f"a.{format}"
    assert run([str(store), "--to", str(to), "--lang", "en"]) == 0
    err = capsys.readouterr().err
    assert "no report has such a verdict; the file has no rows" in err
    assert "left out: unsupported 1" in err
    if format == "csv":
        assert to.read_text(encoding="utf-8").count("\n") == 1
    elif format == "parquet":
        table = pq.read_table(to)
        assert (table.num_rows, "value" in table.column_names) == (0, True)
    elif format == "xlsx":
        sheet = openpyxl.load_workbook(to)["cells"]
        assert sheet.max_row == 1
    else:
        assert to.read_bytes() == b""


def test_a_report_without_cells_is_said_to_have_no_row(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(store), "--to", str(tmp_path / "a.csv"), "--lang", "en", "--verdict"]
    run([*arguments, "unsupported"])
    assert "reports without cells, and so without a row: 2" in capsys.readouterr().err
    run([*arguments, "unsupported", "--wide"])
    assert "without cells" not in capsys.readouterr().err


# --- whole files or none -------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_without_room_the_old_file_stays(
    format: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, scratch = tmp_path / "out" / f"a.{format}", tmp_path / "scratch"
    to.parent.mkdir()
    scratch.mkdir()
    to.write_bytes(b"old")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, limits[1]))
    try:
        error = refused(store, "--to", to)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert error.exit_code == 2
    assert "cannot be written (File too large)" in str(error)
    assert to.read_bytes() == b"old"
    assert left_in(to.parent) == [to.name]
    assert left_in(scratch) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("format", FORMATS)
def test_a_full_device_is_one_line(format: str, store: Path, tmp_path: Path) -> None:
    (tmp_path / f"a.{format}").symlink_to("/dev/full")
    error = refused(store, "--to", tmp_path / f"a.{format}")
    assert "No space left on device" in str(error)
    assert left_in(tmp_path) == [f"a.{format}"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, StoreError])
def test_what_ends_an_export_early_leaves_what_stood_there(
    error: type[BaseException],
    format: str,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to = tmp_path / f"a.{format}"
    export(store, to)
    before = {name: (tmp_path / name).read_bytes() for name in left_in(tmp_path)}
    real = Store.reports

    def cut_off(self: Store, **given: Any) -> Iterator[Report]:
        reports = real(self, **given)
        yield next(reports)
        raise error("cut off")

    monkeypatch.setattr(Store, "reports", cut_off)
    with pytest.raises(error):
        export(store, to, verdicts="all")
    assert {name: (tmp_path / name).read_bytes() for name in left_in(tmp_path)} == before


def test_a_file_keeps_its_mode_and_a_link_goes_on_pointing(store: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "a.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    export(store, link)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text(encoding="utf-8").startswith("path,")


def test_a_result_that_is_none_of_the_contract_is_refused(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "r.db"), write=True) as opened:
        run_id = opened.begin_run({}, "0")
        add(opened, run_id, 1)
        opened.end_run(run_id, "finished")
    # a result of one cell is none that this program makes, but its cell is one of a form
    assert export(tmp_path / "r.db", tmp_path / "a.csv").rows == 1
    data = golden()[0][1]
    for number, cells in enumerate(
        (
            '{"requests.granted.moon": {"value": 1, "state": "read", "text": "1", "span": [0, 1]}}',
            '{"requests.granted.total": {"value": "=1+1", "state": "read"}}',
            '{"requests.granted.total": {"value": true, "state": "read"}}',
            '{"proactive.fees.amount": {"value": "1e5", "state": "read"}}',
            "[1]",
        )
    ):
        text = (
            '{"verdict": "accepted", "reasons": [], "report": {"agency": null, "year": 2023, '
            '"form": "2021"}, "identities": {"held": 0, "failed": 0, "not_evaluable": 0}, '
            f'"cells": {cells}}}'
        )
        if cells == "[1]":
            text = text.replace("[1]", "{}").replace(
                '"cells": {}', '"cells": {"a": {"value": 1, "state": "read"}}'
            )
        path = make_store(tmp_path / f"{number}.db", [("a.txt", data)], results={"a.txt": text})
        for shape in ("--long", "--wide"):
            error = refused(path, "--to", tmp_path / "b.csv", shape)
            assert isinstance(error, StoreError)
    assert "b.csv" not in left_in(tmp_path)


# --- reports without a result, and words ---------------------------------------------------------


def dictionary_of(to: Path) -> dict[tuple[str, str], dict[str, str]]:
    with Path(f"{to}.dictionary.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["name"]): row for row in csv.DictReader(file)}


def test_reports_without_a_result_are_said_with_and_without_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, to = tmp_path / "run.db", tmp_path / "a.csv"
    make_store(path, [*golden()[:2], ("1.pdf", b"%PDF-1.7"), ("2.pdf", b"%PDF-1.7 2")])
    make_store(path, [("3.pdf", b"%PDF-1.7 3")])
    with Store.open(str(path), write=True) as store:
        begun = store.begin_run({}, "0")
        store.list_path(begun, "gone.txt", None, "unreadable", "no right to read it")
        store.list_path(begun, "untried.txt", store.add_source("f" * 64, 1, None))
    for run_number, count in ((1, 2), (2, 3), (3, 5), (None, 5)):
        named = [] if run_number is None else ["--run", str(run_number)]
        assert run([str(path), "--to", str(to), "--verdict", "all", "--lang", "en", *named]) == 0
        err = capsys.readouterr().err
        assert f"reports without a result: {count}" in err
        assert f"2 of {2 + count} reports" in err
        said = dictionary_of(to)
        assert said["export", "without_result"]["meaning_en"] == str(count)
        assert said["export", "reports"]["meaning_en"] == f"2 of {2 + count}"
        assert count == sum(summary_of(str(path), run=run_number).failures.values())


def test_a_store_of_failures_only_says_how_many_reports_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_store(tmp_path / "r.db", [(f"{n}.pdf", b"%PDF-1.7" * n) for n in (1, 2, 3)])
    to = str(tmp_path / "a.csv")
    assert run([str(path), "--to", to, "--lang", "en"]) == 0
    err = capsys.readouterr().err
    assert "0 of 3 reports, 0 rows" in err
    assert "no report has a result" in err
    assert run([str(path), "--to", to]) == 0
    err = capsys.readouterr().err
    assert "3份报告中写出0份" in err
    assert "没有报告有结果" in err


def test_the_dictionary_says_that_a_blank_may_be_a_mark(store: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "a.csv", verdicts="all")
    said = dictionary_of(tmp_path / "a.csv")["state", "blank"]
    for meaning in (said["meaning_zh"], said["meaning_en"]):
        assert all(mark in meaning for mark in ("“/”", "“-”", "“无”", "text"))
    with Store.open(str(store)) as opened:
        texts = {
            cell["text"]
            for report in opened.reports()
            for cell in json.loads(report.json)["cells"].values()
            if cell["state"] == "blank"
        }
    assert texts - {None}  # that is so


@pytest.mark.parametrize(
    ("verdicts", "never_negative"),
    [
        (("accepted", "completed"), True),
        (("completed",), True),
        (("accepted", "inconsistent"), False),
        (("incomplete",), False),
        ("all", False),
    ],
)
def test_the_type_of_a_count_allows_what_may_be_written(
    verdicts: Any, never_negative: bool, store: Path, tmp_path: Path
) -> None:
    export(store, tmp_path / "a.csv", verdicts=verdicts)
    types = {
        row["type"]
        for (kind, _), row in dictionary_of(tmp_path / "a.csv").items()
        if kind == "cell"
    }
    assert ("integer >= 0" in types, "exact decimal >= 0" in types) == (never_negative,) * 2
    assert "integer" in types
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file) if row["column"] != "change"]
    negative = any(value.startswith("-") for value in values)
    assert negative == (verdicts in ("all", ("accepted", "inconsistent")))


def test_chinese_meanings_of_an_export_are_chinese(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(store), "--to", str(tmp_path / "a.csv")]) == 0
    err = capsys.readouterr().err
    assert "写出的结论：已通过（accepted） " in err
    assert "勾稽不符（inconsistent） " in err
    said = dictionary_of(tmp_path / "a.csv")
    zh = {name: row["meaning_zh"] for (kind, name), row in said.items() if kind == "export"}
    en = {name: row["meaning_en"] for (kind, name), row in said.items() if kind == "export"}
    assert (zh["run"], en["run"]) == ("最近", "latest")
    assert (zh["format"], en["format"]) == ("csv，长表", "csv, long")
    assert zh["verdicts"] == "已通过（accepted）、推算补全（completed）"
    assert zh["left_out"].startswith("待核实（unconfirmed） ")
    assert "、数据不完整（incomplete） " in zh["left_out"]
    assert export(store, tmp_path / "b.csv", verdicts="all").left_out == {}
    all_of_it = dictionary_of(tmp_path / "b.csv")
    assert all_of_it["export", "left_out"]["meaning_zh"] == "无"
    for row in said.values():
        words = set(re.findall(r"(?<![（])\b[a-z]{3,}\b(?!）)", row["meaning_zh"]))
        named = {"csv", "kind", "cell", "state", "text", "forms", "tables", "hybrid", "run", "of"}
        if row["kind"] != "export" or row["name"] not in ("store", "version", "form_data"):
            assert words <= named, row
