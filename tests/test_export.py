"""Exports hold what the store holds: every value of every cell, in every format and both shapes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl.utils.escape import unescape

from extractor.batch.store import Store
from extractor.export import Exported, export
from extractor.export.cells import LONGEST_SHORT, every_cell
from extractor.export.text import guarded
from tests.conftest import FORMS, ROOT
from tests.garbler import garble
from tests.stores import golden, make_store, result_of
from verify.forms import every_form

FEES = "proactive.fees.amount"
COUNT = "proactive.licensing.decisions"
TOTAL = "requests.granted.total"
EVIL = (
    "=1+1",
    "+1",
    "-1+2",
    "@x",
    "\t=1",
    "\r\n=1",
    "＝1",
    '"; DROP',
    "a\x00b\x1b[2J",
    "\ufffe",
    "'",
    "'=1",
    " =1",
    "|cmd",
    "1e999",
    "_x0041_",
    "#N/A",
    "a,b\nc",
    "甲\u2028乙",
    "\r",
    "-",
    "-3",
    "\ud800",
    "NA",
    " ",
)
BIG, BIGGER = 10**29 + 7, 10**33 + 1
MONEYS = (
    "15.279",
    "15.2790",
    "0.123456789012",
    "-0.00000001",
    "9.95",
    "9007199254740993.5",
    "0.10000000000",
    "123456789012345678901234567890.12345678",
    "0",
)
PRINTED = [cells for forms in FORMS.values() for cells in forms]
Cells = dict[tuple[str, str], tuple[Decimal | None, str, str | None, int | None, int | None]]


def altered(text: str, **cells: dict[str, Any]) -> str:
    """A result with other cells; the underscores of a name stand for its dots."""
    result = json.loads(text)
    for name, cell in cells.items():
        result["cells"][name.replace("__", ".")].update(cell)
    return json.dumps(result, separators=(",", ":"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Golden and garbled reports, and some whose figures and words are made to break files."""
    reports = [*golden(), *((f"g/{n}.txt", garble(n).text.encode()) for n in range(9))]
    results: dict[str, str] = {}
    plain = garble(1, layout="tabs", damages=()).text
    for number, evil in enumerate(EVIL):
        path, data = f"evil/{number}.txt", f"{plain}\n{number}".encode()
        made = json.loads(result_of(data, path).model_dump_json())
        made["report"]["agency"] = encodable(evil)  # SQLite holds no half surrogate pair
        made["cells"][TOTAL]["text"] = evil
        reports.append((path, data))
        results[path] = json.dumps(made)
    two = next(data for path, data in golden() if "fee-in-yuan" in path)
    for number, money in enumerate(MONEYS):
        path, data = f"money/{number}.txt", two + f"\n{number}".encode()
        made_text = result_of(data, path).model_dump_json()
        count = (BIG, BIGGER, 2**63, 2**63 - 1, -(2**63), -(2**63) - 1, 10**15, -3, 0)[number]
        reports.append((path, data))
        results[path] = altered(
            made_text,
            proactive__fees__amount={"value": money, "text": money, "span": [1, 2]},
            proactive__licensing__decisions={"value": count},
        )
    return make_store(tmp_path_factory.mktemp("stores") / "run.db", reports, results=results)


def stored(path: Path) -> dict[str, dict[str, Any]]:
    """Each result of a store under the hash of its source."""
    with Store.open(str(path)) as opened:
        return {report.sha256: json.loads(report.json) for report in opened.reports()}


def expected(path: Path) -> Cells:
    found: Cells = {}
    for sha256, result in stored(path).items():
        for name, cell in result["cells"].items():
            value = None if cell["value"] is None else Decimal(cell["value"])
            start, end = cell["span"] or (None, None)
            text = None if cell["text"] is None else encodable(cell["text"])
            found[sha256, name] = (value, cell["state"], text, start, end)
    return found


def encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


# --- readers, each as its users would call it ----------------------------------------------------


def by_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(file, strict=True)]


def by_pandas_csv(path: Path) -> list[dict[str, Any]]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return [{k: v or None for k, v in row.items()} for row in frame.to_dict("records")]


def by_polars_csv(path: Path) -> list[dict[str, Any]]:
    return pl.read_csv(path, infer_schema=False).to_dicts()


def by_pandas_parquet(path: Path) -> list[dict[str, Any]]:
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    return [
        {k: None if v is pd.NA else v for k, v in row.items()} for row in frame.to_dict("records")
    ]


def by_polars_parquet(path: Path) -> list[dict[str, Any]]:
    return pl.read_parquet(path).to_dicts()


def by_openpyxl(path: Path) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path, read_only=True)
    found: list[dict[str, Any]] = []
    for name in book.sheetnames[:-1]:
        rows = book[name].iter_rows(values_only=True)
        header = [str(value) for value in next(rows)]
        for row in rows:
            values = (encodable(unescape(v)) if isinstance(v, str) else v for v in row)
            found.append(dict(zip_longest(header, values)))  # empty cells at the end are not there
    book.close()
    return found


READERS: dict[str, tuple[str, Callable[[Path], list[dict[str, Any]]]]] = {
    "csv": ("csv", by_csv),
    "pandas csv": ("csv", by_pandas_csv),
    "polars csv": ("csv", by_polars_csv),
    "pandas parquet": ("parquet", by_pandas_parquet),
    "polars parquet": ("parquet", by_polars_parquet),
    "openpyxl": ("xlsx", by_openpyxl),
}


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def unguarded(text: str | None, format: str) -> str | None:
    return text[1:] if text and format == "csv" and text.startswith("'") else text


def whole(value: Any) -> int | None:
    return None if value is None else int(value)


@pytest.fixture(scope="module")
def files(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Exported]:
    """For a format a long file, a wide one, or a wide one with short names; each made once."""
    folder = tmp_path_factory.mktemp("files")

    @cache
    def make(format: str, kind: str) -> Exported:
        shape: Any = "long" if kind == "long" else "wide"
        names: Any = {"names": "short"} if kind == "short" else {}
        return export(store, folder / f"{kind}.{format}", verdicts="all", shape=shape, **names)

    return make


@pytest.mark.batches
@pytest.mark.parametrize("reader", READERS)
def test_every_cell_is_the_same_in_a_long_file(
    reader: str, store: Path, files: Callable[[str, str], Exported]
) -> None:
    format, read = READERS[reader]
    found: Cells = {}
    for row in read(Path(files(format, "long").path)):
        assert row["cell"] == f"{row['table']}.{row['row']}.{row['column']}"
        value = number(row["value"] if row["value"] is not None else row.get("value_exact"))
        found[row["sha256"], row["cell"]] = (
            value,
            row["state"],
            unguarded(row["text"], format),
            whole(row["span_start"]),
            whole(row["span_end"]),
        )
    assert found == expected(store)


@pytest.mark.parametrize(
    ("reader", "shape"), [*((reader, "wide") for reader in READERS), ("csv", "short")]
)
def test_every_cell_is_the_same_in_a_wide_file(
    reader: str, shape: str, store: Path, files: Callable[[str, str], Exported]
) -> None:
    format, read = READERS[reader]
    results = stored(store)
    rows = read(Path(files(format, shape).path))
    assert {row["sha256"] for row in rows} == results.keys()
    assert len(rows) == len(results)
    variants = {frozenset(form.cells): form.variant for form in every_form()}
    for row in rows:
        result = results[row["sha256"]]
        agency = result["report"]["agency"]
        assert unguarded(row["agency"], format) == (encodable(agency) if agency else None)
        assert row["verdict"] == result["verdict"]
        cells = result["cells"]
        assert row["tables"] == variants.get(frozenset(cells))
        states = [cell["state"] for cell in cells.values()]
        assert whole(row["cells_read"]) == states.count("read")
        assert whole(row["cells_deduced"]) == states.count("deduced")
        assert sum(whole(row[f"cells_{n}"]) or 0 for n in ("read", "deduced", "not_read")) == len(
            states
        )
        kept = dict(pair.split("=") for pair in (row.get("value_exact") or "").split())
        names = {c.name: c.short if shape == "short" else c.name for c in every_cell().values()}
        deduced = [names[n] for n, cell in cells.items() if cell["state"] == "deduced"]
        assert (row["deduced_cells"] or "").split() == deduced
        for name, header in names.items():
            held = row[header] if row[header] is not None else kept.get(header)
            assert number(held) == number(cells.get(name, {"value": None})["value"]), name


def test_the_store_has_every_hard_value(store: Path) -> None:
    cells = [result["cells"] for result in stored(store).values()]
    assert {c[FEES]["value"] for c in cells if FEES in c} >= set(MONEYS)
    assert {c[COUNT]["value"] for c in cells if COUNT in c} >= {BIG, BIGGER, 2**63, 0, -3}
    assert {c[TOTAL]["text"] for c in cells if TOTAL in c} >= set(EVIL)
    assert {cell["state"] for c in cells for cell in c.values()} == {
        "read",
        "blank",
        "missing",
        "unreadable",
        "deduced",
    }


def test_jsonl_is_every_result_as_it_is_stored(store: Path, tmp_path: Path) -> None:
    done = export(store, tmp_path / "a.jsonl", verdicts="all")
    with Store.open(str(store)) as opened:
        lines = [report.json for report in opened.reports()]
    assert (tmp_path / "a.jsonl").read_bytes() == "".join(f"{x}\n" for x in lines).encode()
    assert done.rows == done.reports == len(lines)
    assert done.shape is None


# --- what is written and what is not -------------------------------------------------------------


def test_only_accepted_and_completed_reports_are_written_by_default(
    store: Path, tmp_path: Path
) -> None:
    done = export(store, tmp_path / "a.csv", shape="wide")
    verdicts = [result["verdict"] for result in stored(store).values()]
    assert {row["verdict"] for row in by_csv(tmp_path / "a.csv")} == {"accepted", "completed"}
    assert done.written == {v: verdicts.count(v) for v in ("accepted", "completed")}
    left_out = {"unconfirmed", "incomplete", "inconsistent", "rejected", "unsupported"}
    assert done.left_out == {v: verdicts.count(v) for v in left_out}
    assert done.of == len(verdicts)


def test_a_report_under_two_paths_is_written_once(tmp_path: Path) -> None:
    data = garble(1, layout="tabs", damages=()).text.encode()
    path = make_store(tmp_path / "r.db", [("b/x.txt", data), ("a/y.txt", data)])
    done = export(path, tmp_path / "w.csv", shape="wide")
    (row,) = by_csv(tmp_path / "w.csv")
    assert (row["path"], row["paths"], done.reports) == ("a/y.txt", "2", 1)


def test_an_earlier_run_is_exported_as_it_stood(tmp_path: Path) -> None:
    data = garble(1, layout="tabs", damages=()).text.encode()
    first = result_of(data, "a.txt").model_dump_json()
    make_store(tmp_path / "r.db", [("a.txt", data)], results={"a.txt": first})
    later = altered(first, proactive__licensing__decisions={"value": 4711})
    make_store(tmp_path / "r.db", [("a.txt", data)], results={"a.txt": later})
    values = []
    for run in (1, 2, None):
        export(tmp_path / "r.db", tmp_path / "w.csv", shape="wide", run=run, verdicts="all")
        values.append(by_csv(tmp_path / "w.csv")[0][COUNT])
    assert values[1:] == ["4711", "4711"]
    assert values[0] == str(json.loads(first)["cells"][COUNT]["value"]) != "4711"


def test_a_cell_that_is_not_known_is_empty_and_never_zero(
    store: Path, files: Callable[[str, str], Exported]
) -> None:
    unknown, results = 0, stored(store)
    for row in by_csv(Path(files("csv", "wide").path)):
        for name, cell in results[row["sha256"]]["cells"].items():
            if cell["value"] is None:
                assert row[name] is None
                unknown += 1
    assert unknown > 100


def test_columns_are_the_same_whatever_is_in_the_store(tmp_path: Path) -> None:
    headers = set()
    for name, wanted in (("2021", "tab-indented-2021"), ("2019", "form-2019-with-money")):
        reports = [pair for pair in golden() if wanted in pair[0]]
        make_store(tmp_path / f"{name}.db", reports)
        export(tmp_path / f"{name}.db", tmp_path / "w.csv", shape="wide", verdicts="all")
        headers.add((tmp_path / "w.csv").read_text(encoding="utf-8").split("\n")[0])
    assert len(headers) == 1


# --- names and the dictionary --------------------------------------------------------------------


def test_every_cell_of_the_contract_has_a_column_in_the_order_of_its_form() -> None:
    names = list(every_cell())
    assert set(names) == {name for cells in PRINTED for name in cells}
    for cells in PRINTED:
        rows = [n.rpartition(".")[0] for n in names if n in cells]
        assert list(dict.fromkeys(rows)) == list(dict.fromkeys(n.rpartition(".")[0] for n in cells))


def test_short_names_are_unique_and_fit_statistics_programs() -> None:
    shorts = [cell.short for cell in every_cell().values()]
    assert len(set(shorts)) == len(shorts)
    for short in shorts:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", short)
        assert len(short) <= LONGEST_SHORT


def test_short_names_never_change() -> None:
    cells = every_cell()
    assert cells["requests.denied_third_party_rights.public_welfare"].short == (
        "t3_deni_thir_part_righ_publ_welf"
    )
    assert cells[FEES].short == "t2_fees_amou"
    assert cells["proceedings.litigation_direct.upheld"].short == "t4_liti_dire_uphe"


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_dictionary_stands_beside_the_file(format: str, store: Path, tmp_path: Path) -> None:
    done = export(store, tmp_path / f"a.{format}")
    rows = by_csv(Path(done.dictionary))
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], {})[row["name"]] = row
    assert set(by_kind["cell"]) == {name for cells in PRINTED for name in cells}
    for name, row in by_kind["cell"].items():
        cell = every_cell()[name]
        assert row["short_name"] == cell.short
        assert all(label.label in row["row_zh"] for label in cell.rows)
        assert row["unit"] == "万元" if cell.kind == "money" else row["unit"] in ("件", "项")
        forms = {form.variant for form in every_form() if name in form.cells}
        assert set(row["forms"].split()) == forms
    assert by_kind["cell"][COUNT]["column_zh"] == "本年处理决定数量 / 处理决定数量"
    assert set(by_kind["state"]) == {
        "read",
        "blank",
        "missing",
        "unreadable",
        "deduced",
        "entered",
    }
    assert len(by_kind["verdict"]) == 7
    said = {name: row["meaning_en"] for name, row in by_kind["export"].items()}
    assert said["verdicts"] == "accepted, completed"
    assert said["reports"] == f"{done.reports} of {done.of}"
    for verdict, count in done.left_out.items():
        assert f"{verdict} {count}" in said["left_out"]
    if format != "jsonl":
        header = read_header(tmp_path / f"a.{format}")
        assert header == [row["name"] for row in rows if row["kind"] == "column"]


def read_header(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return list(pq.read_schema(path).names)
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        header = [str(cell.value) for cell in next(book.worksheets[0].rows)]
        book.close()
        return header
    return list(by_csv(path)[0])


def test_a_workbook_has_the_dictionary_and_frozen_headers(store: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "a.xlsx", shape="wide")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["reports", "dictionary"]
    assert [sheet.freeze_panes for sheet in book] == ["A2", "A2"]
    names = [row[1] for row in book["dictionary"].iter_rows(values_only=True) if row[0] == "cell"]
    assert names == list(every_cell())


def test_parquet_says_what_was_left_out(store: Path, tmp_path: Path) -> None:
    done = export(store, tmp_path / "a.parquet")
    metadata = pq.read_schema(tmp_path / "a.parquet").metadata
    assert metadata[b"gouji.verdicts"] == b"accepted, completed"
    assert metadata[b"gouji.store"] == str(store).encode()
    assert f"rejected {done.left_out['rejected']}".encode() in metadata[b"gouji.left_out"]


# --- spreadsheets --------------------------------------------------------------------------------


def test_no_text_is_a_formula_of_a_spreadsheet(
    store: Path, files: Callable[[str, str], Exported], tmp_path: Path
) -> None:
    export(store, tmp_path / "a.csv", verdicts="all")
    with ZipFile(files("xlsx", "wide").path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert set(re.findall(r'<c [^>]*?t="(\w+)"', sheet)) == {"inlineStr", "n"}
    assert "<f" not in sheet
    assert "<t>=1+1</t>" in sheet
    for row in by_csv(tmp_path / "a.csv"):
        for name, field in row.items():
            plain = field is None or name == "value" or re.fullmatch(r"-?[\d.]+|[-－]", field)
            assert plain or field.lstrip()[:1] not in set("=+-@＝＋－＠")


def test_guarding_is_undone_by_taking_one_apostrophe() -> None:
    for text in EVIL:
        kept = guarded(text)
        assert kept.removeprefix("'") == text
    assert guarded("-3") == "-3"
    assert guarded("=1") == "'=1"
    assert guarded("'") == "''"


def test_a_byte_order_mark_stands_only_where_it_was_asked_for(store: Path, tmp_path: Path) -> None:
    for bom in (True, False):
        done = export(store, tmp_path / "a.csv", bom=bom)
        for path in (done.path, done.dictionary):
            assert Path(path).read_bytes().startswith(b"\xef\xbb\xbf") is bom


def test_rows_beyond_a_sheet_go_on_the_next(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.export.to_xlsx.SHEET_ROWS", 10)
    done = export(store, tmp_path / "a.xlsx", shape="wide")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    sheets = book.sheetnames
    assert sheets[:2] == ["reports", "reports 2"]
    assert len(sheets) - 1 == -(-done.rows // 9) > 2
    assert [sum(1 for _ in book[name].rows) for name in sheets[:2]] == [10, 10]
    book.close()
    assert len(by_openpyxl(tmp_path / "a.xlsx")) == done.rows


def test_a_text_too_long_for_a_cell_is_cut_marked_and_said(tmp_path: Path) -> None:
    data = garble(1, layout="tabs", damages=()).text.encode()
    long = {"text": "甲" * 40_000}
    text = altered(result_of(data, "a").model_dump_json(), requests__granted__total=long)
    make_store(tmp_path / "r.db", [("a.txt", data)], results={"a.txt": text})
    done = export(tmp_path / "r.db", tmp_path / "a.xlsx", verdicts="all")
    assert done.shortened == 1
    (row,) = (r for r in by_openpyxl(tmp_path / "a.xlsx") if r["cell"] == TOTAL)
    assert row["text"].endswith("…[40000]")


def test_figures_that_a_format_cannot_hold_are_counted(
    files: Callable[[str, str], Exported],
) -> None:
    beyond = {name: files(name, "wide").beyond for name in ("csv", "parquet", "xlsx")}
    # parquet: what 64 bits do not hold, and a money of twelve decimals; xlsx: what has more than 15 digits
    assert beyond == {"csv": 0, "parquet": 5, "xlsx": 9}


# --- statistics programs -------------------------------------------------------------------------


def test_a_wide_file_goes_to_stata_and_back(store: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "a.parquet", shape="wide", names="short")
    frame = pd.read_parquet(tmp_path / "a.parquet")
    exact = dict(zip(frame["sha256"], frame["value_exact"], strict=True))
    shorts = [cell.short for cell in every_cell().values()]
    numbers = frame[shorts].apply(pd.to_numeric).astype("float64")
    frame = pd.concat([frame[["sha256", "form", "year"]], numbers], axis=1)
    frame = frame.astype({"sha256": object, "form": object})
    frame.to_stata(tmp_path / "a.dta", write_index=False, version=118)
    back, _ = pyreadstat.read_dta(str(tmp_path / "a.dta"))
    results = stored(store)
    assert len(back) == len(frame) > 10
    for row in back.to_dict("records"):
        cells = results[row["sha256"]]["cells"]
        for name, cell in every_cell().items():
            value = cells.get(name, {"value": None})["value"]
            if value is None:
                assert pd.isna(row[cell.short])
            elif pd.isna(row[cell.short]):
                assert f"{cell.short}={value}" in exact[row["sha256"]].split()
            else:
                assert row[cell.short] == float(value)


def test_the_result_of_an_export_counts_what_is_in_the_file(store: Path, tmp_path: Path) -> None:
    done: Exported = export(store, tmp_path / "a.csv", verdicts="all")
    results = stored(store).values()
    assert done.without_cells == sum(1 for r in results if not r["cells"]) > 0
    assert done.rows == sum(len(r["cells"]) for r in results)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == done.rows + 1


# --- the lines of docs/exporting.md ----------------------------------------------------------------


RECIPES = re.findall(
    r"`(p[dl]\.read_\w+\([^`]*\))`", (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
)


def test_the_documentation_says_how_to_read_both_formats_with_both_libraries() -> None:
    said = [recipe.split("(")[0] for recipe in RECIPES]
    assert said == ["pd.read_parquet", "pd.read_csv", "pl.read_parquet", "pl.read_csv"]


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.split("(")[0] for recipe in RECIPES])
def test_counts_beside_blanks_stay_exact_when_read_as_the_documentation_says(
    recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A float holds no 2^53 + 1, and a column of floats is what a blank makes of one by default."""
    path, data = golden()[0]
    large = altered(
        result_of(data + b"\n", path).model_dump_json(),
        proactive__licensing__decisions={"value": 2**53 + 1},
    )
    reports = [*golden(), ("large.txt", data + b"\n")]
    run = make_store(tmp_path / "run.db", reports, results={"large.txt": large})
    monkeypatch.chdir(tmp_path)
    for name in ("panel.csv", "panel.parquet"):
        export(run, name, verdicts="all", shape="wide")
    read = eval(recipe, {"pd": pd, "pl": pl})  # noqa: S307 - our own documentation
    rows = read.to_dicts() if recipe.startswith("pl.") else read.to_dict("records")
    money = {name for name, cell in every_cell().items() if cell.kind == "money"}
    found = {
        (row["sha256"], name): int(row[name])
        for row in rows
        for name in every_cell().keys() - money
        if row[name] is not None and row[name] is not pd.NA
    }
    assert found == {
        key: value
        for key, (value, *_) in expected(run).items()
        if value is not None and key[1] not in money
    }
    assert 2**53 + 1 in found.values()
