"""A panel: a manifest that comes out in every export, regions by name, and a quality for each figure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
from frictionless import Package, system

from extractor import batch
from extractor.across import summary_page
from extractor.across.document import document
from extractor.across.summary import board_of, lined
from extractor.batch.records import Stated
from extractor.batch.store import Store
from extractor.errors import InputError, UsageError
from extractor.export import export
from extractor.export.columns import WORDS
from extractor.flat import Flat
from extractor.panel import read_manifest, region_of, region_with
from extractor.panel.against import otherwise
from extractor.panel.regions import sources
from tests.conftest import CASES, GOLDEN, ROOT, environment, extract
from tests.each import each, rows
from tests.stores import golden, make_store, result_of

ROWS = rows(__file__)

HEADER = "路径,单位,年度,机关代码,行政区划代码,网址,所在省,=危险\n"
LINES = (
    "one-digit-wrong/report.txt,灵渠市公安局,2022,A-1,,https://a.gov.cn/1.html,甲省,=1+1\n"
    "tab-indented-2021/report.txt,云岭市商务局,2021,A-2,,,,\n"
    "gb18030-crlf/report.txt,双鸭山市商务局,2021,A-3,230500,,乙省,\n"
)
REPORTS = ("one-digit-wrong", "tab-indented-2021", "gb18030-crlf", "row-with-a-lost-name")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports with a manifest, read into a store by the command line."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in REPORTS:
        (folder / name).mkdir()
        (folder / name / "report.txt").write_bytes((GOLDEN / name / "report.txt").read_bytes())
    (folder / "manifest.csv").write_text(HEADER + LINES, encoding="gb18030")
    done = extract(
        "batch",
        folder,
        "--glob",
        "report.txt",
        "--manifest",
        folder / "manifest.csv",
        "--store",
        folder / "run.db",
        "--lang",
        "zh",
    )
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert "报告清单：3行，有3个文件在清单中" in done.stderr.decode()
    assert "有1个文件不在清单中" in done.stderr.decode()
    assert "报告与清单所述不一致：机关1、年份1" in done.stderr.decode()
    return folder


def of(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if name in row["path"])


def check_rows(rows: list[dict[str, Any]]) -> None:
    """What each export has to say beside the reports of the corpus."""
    wrong, tab, coded = (of(rows, name) for name in REPORTS[:3])
    assert (wrong["agency_id"], wrong["url"], wrong["x_所在省"]) == (
        "A-1",
        "https://a.gov.cn/1.html",
        "甲省",
    )
    assert wrong["region_code"] is None  # 灵渠市 is no city
    assert (tab["otherwise"], int(tab["manifest_year"])) == ("year", 2021)
    assert (coded["region_code"], coded["region"], coded["region_from"]) == (
        "230500",
        "双鸭山市",
        "manifest",
    )
    assert coded["otherwise"] == "agency"
    assert of(rows, REPORTS[3])["agency_id"] is None


def asked(query: str) -> list[dict[str, Any]]:
    """The rows that DuckDB gives."""
    found = duckdb.sql(query)
    assert found is not None
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def by_duckdb(path: Path) -> list[dict[str, Any]]:
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    return asked(f"SELECT * FROM {reader}('{path}')")  # noqa: S608


def by_pandas(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path, dtype_backend="pyarrow")
    else:
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=str)
    return [
        {k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")
    ]


def by_polars(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    return pl.read_csv(
        path, infer_schema_length=None, schema_overrides={"region_code": pl.String}
    ).to_dicts()


def by_openpyxl(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


READERS: list[tuple[str, Callable[[Path], list[dict[str, Any]]], str]] = [
    ("csv", by_pandas, "wide"),
    ("csv", by_polars, "long"),
    ("parquet", by_pandas, "long"),
    ("parquet", by_polars, "wide"),
    ("parquet", by_duckdb, "wide"),
    ("xlsx", by_openpyxl, "wide"),
]


@pytest.mark.parametrize(("format", "read", "shape"), READERS)
def test_a_manifest_comes_out_in_every_table(
    format: str,
    read: Callable[[Path], list[dict[str, Any]]],
    shape: Any,
    corpus: Path,
    tmp_path: Path,
) -> None:
    to = tmp_path / f"panel.{format}"
    export(corpus / "run.db", to, verdicts="all", shape=shape)
    check_rows(read(to))


def test_duckdb_reads_a_csv_and_keeps_codes_as_text_when_told(corpus: Path, tmp_path: Path) -> None:
    to = tmp_path / "panel.csv"
    export(corpus / "run.db", to, verdicts="all", shape="wide")
    check_rows(asked(f"SELECT * FROM read_csv('{to}', types={{'region_code': 'VARCHAR'}})"))  # noqa: S608


def test_a_line_of_json_has_what_the_manifest_says_and_is_else_as_stored(
    corpus: Path, tmp_path: Path
) -> None:
    to = tmp_path / "all.jsonl"
    export(corpus / "run.db", to, verdicts="all")
    with Store.open(corpus / "run.db") as store:
        stored = {report.sha256: report.json for report in store.reports()}
    panels = []
    for line in to.read_text("utf-8").splitlines():
        found = json.loads(line)
        panel = found.pop("panel", None)
        assert found == json.loads(stored[found["provenance"]["source"]["sha256"]])
        panels.append(panel)
    assert sorted(panel["agency_id"] for panel in panels if panel) == ["A-1", "A-2", "A-3"]
    assert panels.count(None) == 1


def test_a_text_of_a_manifest_is_no_formula(corpus: Path, tmp_path: Path) -> None:
    export(corpus / "run.db", tmp_path / "a.csv", verdicts="all", shape="wide")
    assert "'=1+1" in (tmp_path / "a.csv").read_text("utf-8")
    export(corpus / "run.db", tmp_path / "a.xlsx", verdicts="all", shape="wide")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("csv", "long"), ("csv", "wide"), ("parquet", "wide"), ("xlsx", "long"), ("jsonl", None)],
)
def test_the_data_package_is_valid_by_its_own_tool(
    kind: str, shape: Any, corpus: Path, tmp_path: Path
) -> None:
    to = tmp_path / f"Panel 一.{kind}"
    export(corpus / "run.db", to, verdicts="all", shape=shape)
    with system.use_context(trusted=True):
        report = Package(f"{to}.datapackage.json").validate()
    assert report.valid, report.flatten(["type", "note"])
    described = json.loads(Path(f"{to}.datapackage.json").read_text("utf-8"))
    assert described["resources"][0]["bytes"] == to.stat().st_size
    with to.open("ab") as file:  # and the tool looks at the file
        file.write(b"x")
    with system.use_context(trusted=True):
        assert not Package(f"{to}.datapackage.json").validate().valid


def test_the_default_says_how_much_it_leaves_out(corpus: Path, tmp_path: Path) -> None:
    done = extract("export", corpus / "run.db", "--to", tmp_path / "a.csv", "--lang", "en")
    assert done.returncode == 0
    assert (
        "left out: inconsistent 1, rejected 1 (50 % of the reports, 200 figures"
        in done.stderr.decode()
    )
    exported = export(corpus / "run.db", tmp_path / "b.csv")
    assert (exported.figures, exported.figures_left_out) == (400, 200)


def test_the_summary_lists_what_is_otherwise_in_both_languages(corpus: Path) -> None:
    with Store.open(corpus / "run.db") as store, closing(board_of(store, None)) as board:
        lines = json.loads("\n".join(document(lined(store, board, None), board)))
    assert {one["code"] for one in lines["otherwise"]} == {"manifest_agency", "manifest_year"}
    assert "清单第4行为“双鸭山市商务局”" in summary_page(str(corpus / "run.db"), lang="zh")
    assert "双鸭山市商务局 in line 4 of the manifest" in summary_page(
        str(corpus / "run.db"), lang="en"
    )


# --- quality ---------------------------------------------------------------------------------------


def quality_of(name: str) -> tuple[dict[str, str], Flat]:
    result = result_of((GOLDEN / name / "report.txt").read_bytes(), "report.txt")
    flat = Flat(result.model_dump(mode="json"))
    return dict(zip(flat.names, flat.qualities, strict=True)), flat


def test_a_wrong_digit_is_a_suspect_and_the_rest_is_guarded() -> None:
    quality, counts = quality_of("one-digit-wrong")
    suspect = "requests.unprocessed_petition.natural_person"
    assert [name for name, word in quality.items() if word == "suspect"] == [suspect]
    at = counts.names.index(suspect)
    assert (counts.held[at], counts.failed[at]) == (0, 2)
    assert quality["requests.granted.business"] == "guarded"
    assert counts.held[counts.names.index("requests.granted.business")] == 2
    assert quality["proactive.regulations.issued"] == "unguarded"


@each("name", CASES)
def test_every_cell_has_a_quality_that_fits_its_value(name: str) -> None:
    result = result_of((GOLDEN / name / "report.txt").read_bytes(), "report.txt")
    quality, counts = quality_of(name)
    for cell, word in quality.items():
        found = result.cells[cell]
        assert word in WORDS["en"].qualities
        without = {"tentative", "blank", "missing", "unreadable"}
        assert (found.value is None) == (word in without), (cell, word)
        if result.verdict in ("accepted", "completed"):
            assert word not in {"suspect", "named", "remarked"}
            assert not counts.failed[counts.names.index(cell)]


def test_what_a_model_named_and_what_has_a_remark_is_told_apart() -> None:
    result = json.loads(
        result_of((GOLDEN / "tab-indented-2021" / "report.txt").read_bytes(), "r").model_dump_json()
    )
    named, noted, doubted, *_, last = result["cells"]
    reason = {"rule": None, "severity": "warning"}
    result["reasons"] = [
        {**reason, "code": "named_by_model", "cells": [named]},
        {**reason, "code": "remark", "cells": [noted]},
        {**reason, "code": "remark_harmless", "severity": "info", "cells": [last]},
        {**reason, "code": "anything", "cells": [doubted]},
    ]
    found = Flat(result)
    words = [found.qualities[found.names.index(one)] for one in (named, noted, doubted, last)]
    assert words == ["named", "remarked", "questioned", "guarded"]


def test_the_documentation_names_every_quality() -> None:
    text = (ROOT / "docs" / "exporting.md").read_text("utf-8")
    assert [word for word in WORDS["en"].qualities if f"`{word}`" not in text] == []


# --- regions ---------------------------------------------------------------------------------------


@each(("agency", "code"), ROWS["a_region_is_told_by_the_whole_name_or_not_at_all"])
def test_a_region_is_told_by_the_whole_name_or_not_at_all(agency: str, code: str) -> None:
    found = region_of(agency)
    assert (found.code if found else "") == code


def test_no_golden_agency_which_is_invented_has_a_region() -> None:
    for path, data in golden():
        agency = result_of(data, path).report.agency
        assert region_of(agency) is None, agency
    assert region_of(None) is None


def test_every_division_is_found_by_its_full_name_or_is_ambiguous() -> None:
    import csv

    with (ROOT / "extractor" / "panel" / "divisions.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    provinces = {row["code"][:2]: row["name"] for row in rows if row["code"].endswith("0000")}
    cities = {row["code"][:4]: row["name"] for row in rows if row["code"].endswith("00")}
    lost = []
    for row in rows:
        code, name = row["code"], row["name"]
        city = "" if code.endswith("00") else cities.get(code[:4], "")
        above = "" if code.endswith("0000") else provinces[code[:2]] + city
        found = region_of(f"{above}{name}人民政府")
        assert (
            found is None
            or found.code == code
            or (code[:4], name)
            in {(found.code[:4], region.name) for region in [region_with(found.code)] if region}
        ), (above, name, found)
        if found is None:
            lost.append(above + name)
    assert len(lost) < len(rows) * 0.02, lost
    assert {one["licence"] for one in sources()["sources"]} == {"MIT"}


# --- manifests -------------------------------------------------------------------------------------


def test_csv_xlsx_and_parquet_say_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "path": ["a/b.txt", "c.txt"],
            "year": [2022, 2023],
            "region_code": [110105, None],
            "more": [1.0, None],
        }
    )
    frame.to_csv(tmp_path / "m.csv", index=False)
    frame.to_excel(tmp_path / "m.xlsx", index=False)
    frame.to_parquet(tmp_path / "m.parquet")
    found = {kind: read_manifest(tmp_path / f"m.{kind}") for kind in ("csv", "xlsx", "parquet")}
    for kind, manifest in found.items():
        first, second = manifest.rows
        assert first.path == str(tmp_path / "a" / "b.txt"), kind
        assert (first.year, first.region, dict(first.more)["more"]) in (
            (2022, "110105", "1"),
            (2022, "110105", "1.0"),
        )
        assert (second.region, second.more, second.line) == (None, (), 3)
        assert manifest.columns == ("more",)


def test_an_address_leads_to_the_page_that_a_mirror_saved(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(
        "url,agency\nhttps://www.a.gov.cn/x/1.html,甲\nhttp://b.gov.cn/y/,乙\n", "utf-8"
    )
    listed = [
        "sites/www.a.gov.cn/x/1.html",
        "sites/b.gov.cn/y/index.html",
        "sites/b.gov.cn/z/index.html",
    ]
    found = read_manifest(file).matched(listed)
    assert {path: row.agency for path, row in found.items()} == {listed[0]: "甲", listed[1]: "乙"}


@pytest.mark.parametrize(
    ("text", "said"),
    ROWS["a_manifest_that_cannot_be_is_one_line"],
)
def test_a_manifest_that_cannot_be_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises((InputError, UsageError)) as error:
        read_manifest(file)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert not os.path.exists(tmp_path / "run.db")


@pytest.mark.parametrize("name", ["m.xlsx", "m.parquet", "m.doc"])
def test_what_is_no_table_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no table at all")
    with pytest.raises((InputError, UsageError)):
        read_manifest(tmp_path / name)


def test_a_later_manifest_counts_and_python_takes_one_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((GOLDEN / "one-digit-wrong" / "report.txt").read_bytes())
    for agency in ("甲局", "灵渠市公安局"):
        (tmp_path / "m.csv").write_text(f"path,agency\na.txt,{agency}\n", "utf-8")
        batch.run(None, tmp_path / "run.db", manifest=tmp_path / "m.csv")
    with Store.open(tmp_path / "run.db") as store:
        (report,) = store.reports()
        (row,) = store.stated(report.sha256)
        assert row.agency == "灵渠市公安局"
        assert len(store.runs()) == 2


def test_what_either_side_leaves_out_is_no_finding() -> None:
    row = Stated("m.csv", 2, "a.txt", agency="双鸭山市商务局", year=2022, region="230500")
    assert list(otherwise([row], "0" * 64, None, None)) == []
    assert list(otherwise([row], "0" * 64, "双鸭山市商务局", 2022)) == []
    assert list(otherwise([row], "0" * 64, "黑龙江省双鸭山市商务局", 2022)) == []
    found = [one.code for one in otherwise([row], "0" * 64, "哈尔滨市商务局", 2021)]
    assert found == ["manifest_agency", "manifest_year", "manifest_region"]
    twin = Stated("m.csv", 3, "b.txt", agency="双鸭山市教育局", year=2022)
    assert "manifest_several" in [one.code for one in otherwise([row, twin], "0" * 64, None, None)]


def test_figures_stay_exact_in_a_panel(tmp_path: Path) -> None:
    store = make_store(tmp_path / "run.db", [one for one in golden() if "fee-in-yuan" in one[0]])
    export(store, tmp_path / "a.parquet", verdicts="all")
    query = f"SELECT value FROM read_parquet('{tmp_path / 'a.parquet'}') WHERE cell = 'proactive.fees.amount'"  # noqa: S608
    assert asked(query) == [{"value": Decimal("15.279")}]


@pytest.mark.documents
def test_the_script_of_a_researcher_makes_a_panel(corpus: Path, tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [
            sys.executable,
            ROOT / "docs" / "researcher.py",
            corpus,
            corpus / "manifest.csv",
            tmp_path / "out",
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment(),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    panel = pd.read_parquet(tmp_path / "out" / "cells.parquet", dtype_backend="pyarrow")
    one = panel[panel["cell"] == "requests.new_received.total"].set_index("agency_id")
    assert one.loc["A-3", "region_code"] == "230500"
    assert one.loc["A-1", "quality"] == "guarded"
    for said in ("4 reports", "双鸭山市", "230500", "guarded", "suspect", "agency", "year"):
        assert said in done.stdout
    lines = done.stdout.splitlines()
    (row,) = [line for line in lines if "双鸭山市" in line and "230500" in line and "2021" in line][
        -1:
    ]
    assert str(one.loc["A-3", "value"]).split(".")[0] in row.replace(",", "")
