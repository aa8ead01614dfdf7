"""Version 2 of the contract: figures of a rejected report, the verdict unconfirmed, results of version 1."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from extractor.batch.store import Store
from extractor.batch.words import VERDICTS
from extractor.batch.words import WORDS as BATCH_WORDS
from extractor.cli.read import exit_code, to_json
from extractor.diff.compare import compare_results
from extractor.export.blocks import blocks_of
from extractor.golden import expected_of
from extractor.outputs import Reported, to_csv, to_junit, to_sarif
from extractor.pipeline import work
from extractor.render import page, summary
from extractor.render._words import WORDS
from extractor.source import load
from extractor.steps import Tried, judged, rejudged
from tests.conftest import GOLDEN, extract
from tests.each import each
from tests.stores import as_version
from verify.amend import amended
from verify.cells import CellPlace
from verify.codes import CODES
from verify.findings import Finding
from verify.ground import ground
from verify.layout import lay_out
from verify.provenance import Provenance, Source
from verify.result import to_result, unchecked_json
from verify.schema import Result
from verify.stored.older import modernised
from verify.verdicts import BEST_FIRST, FORCED, GOOD
from verify.verdicts import VERDICTS as ALL

REJECTED = "suspect-doubtful"
FEES = "proactive.fees.amount"
GRANTED = "requests.granted.natural_person"
Json = dict[str, Any]
PROVENANCE = Provenance(
    source=Source(name="r.txt", sha256="0" * 64, encoding="utf-8", chars=0),
    reader="builtin",
    form_data="1",
    version="0",
)


@cache
def printed(case: str) -> bytes:
    return extract(GOLDEN / case / "report.txt", "-q").stdout


def read(case: str) -> Json:
    loaded: Json = json.loads(printed(case))
    return loaded


def old(result: Json) -> Json:
    """The same result as a program of version 1 wrote it."""
    older: Json = json.loads(json.dumps(result))
    older["schema_version"] = "1"
    for key in ("media_type", "renderer"):
        del older["provenance"]["source"][key]
    for cell in older["cells"].values():
        if "tentative" in cell:
            cell["value"] = cell.pop("tentative")
    return older


def unconfirmed(case: str = "tab-indented-2021", *codes: str) -> Result:
    """A report that is fine, with what would make it unconfirmed: nothing in the program says it yet."""
    source = load(str(GOLDEN / case / "report.txt"))
    findings = [
        Finding(code, (GRANTED,), actual="更正为3", detail_zh="有附注", detail_en="a remark")
        for code in codes or ("remark",)
    ]
    return to_result(amended(work(source.text), findings), PROVENANCE)


# --- verdicts


def test_there_is_one_list_of_seven_verdicts() -> None:
    assert len(ALL) == len(set(ALL)) == 7
    assert set(BEST_FIRST) == set(ALL) == set(VERDICTS)
    assert BEST_FIRST[:2] == GOOD
    assert {code.forces for code in CODES.values()} - {None} == set(FORCED)
    for words in WORDS.values():
        assert set(words.verdicts) == set(ALL)
    assert [WORDS["zh"].verdicts[v][0] for v in VERDICTS] == list(BATCH_WORDS["zh"].verdicts)


@pytest.mark.parametrize("code", ["remark", "not_proven", "two_years"])
def test_what_needs_a_look_makes_a_good_report_unconfirmed(code: str) -> None:
    for case in ("tab-indented-2021", "blanks-that-follow"):
        result = unconfirmed(case, code)
        assert result.verdict == "unconfirmed"
        assert {cell.state for cell in result.cells.values()}.isdisjoint({"deduced"})
        assert exit_code(result) == exit_code(result, strict=True) == 1
    assert any(cell.derived is not None for cell in result.cells.values())


@pytest.mark.parametrize("case", ["one-digit-wrong", "blanks-that-do-not-follow"])
def test_a_graver_verdict_stays(case: str) -> None:
    assert unconfirmed(case).verdict in ("inconsistent", "incomplete")


def test_every_view_has_words_for_unconfirmed() -> None:
    result = unconfirmed()
    assert "待核实" in summary(result, "zh")
    assert "unconfirmed" in summary(result, "en")
    assert "待核实" in page(result, "")
    assert "Unconfirmed" in page(result, "", "en")
    reported = Reported(result, None, "r.txt")
    assert "待核实" in to_csv([reported])
    assert "unconfirmed" in to_junit([reported])
    assert '"remark"' in to_sarif(result, None, uri="r.txt")


@pytest.mark.parametrize(
    ("codes", "settled"),
    [(("remark",), True), (("two_years",), False), (("remark", "two_years"), False)],
)
def test_only_remarks_alone_end_a_ladder(codes: tuple[str, ...], settled: bool) -> None:
    text = load(str(GOLDEN / "tab-indented-2021" / "report.txt")).text
    from extractor.readers import builtin

    layout = lay_out(text)
    troubles = tuple(Finding(code, (GRANTED,), actual="x") for code in codes)
    tried = Tried("builtin", ground(layout, builtin.read(layout)), troubles)
    assert judged(tried).verified.verdict == "unconfirmed"
    assert rejudged([tried]).settled is settled


# --- cells


def test_a_rejected_report_has_no_values_and_says_what_was_tried() -> None:
    result = read(REJECTED)
    assert result["verdict"] == "rejected"  # of every cell: tests/test_schema.py
    assert isinstance(result["cells"][FEES]["tentative"], str)
    assert isinstance(result["cells"][GRANTED]["tentative"], int)


def test_the_page_of_a_rejected_report_shows_what_was_tried_as_such() -> None:
    source = load(str(GOLDEN / REJECTED / "report.txt"))
    shown = page(to_result(work(source.text), PROVENANCE), source.text)
    assert "试读，不采用" in shown


@each(
    "spoil",
    [
        lambda r: r["cells"][GRANTED].update(tentative=3),
        lambda r: r["cells"][GRANTED].update(value=None, tentative=3),
        lambda r: r["cells"][GRANTED].update(state="entered"),
        lambda r: r["cells"][GRANTED].update(place={"page": 0, "box": [0, 0, 1, 1]}),
        lambda r: r["cells"][GRANTED].update(place={"page": 1}),
        lambda r: r["cells"][GRANTED].update(place={"sheet": "a", "cell": "C7", "line": 3}),
        lambda r: r["cells"][GRANTED].update(remark=""),
        lambda r: r.update(verdict="rejected"),
    ],
)
def test_what_version_2_does_not_allow_is_refused(spoil: Callable[[Json], None]) -> None:
    result = read("tab-indented-2021")
    Result.model_validate_json(json.dumps(result))
    spoil(result)
    with pytest.raises(ValidationError):
        Result.model_validate_json(json.dumps(result))


@each("verdict", ["completed", "unconfirmed", "incomplete", "inconsistent"])
def test_an_entered_figure_is_never_in_an_accepted_report(verdict: str) -> None:
    result = read("tab-indented-2021")
    result["verdict"] = verdict
    result["cells"][GRANTED] |= {"state": "entered", "text": None, "span": None}
    Result.model_validate_json(json.dumps(result))
    result["verdict"] = "accepted"
    with pytest.raises(ValidationError):
        Result.model_validate_json(json.dumps(result))


@each(
    "place",
    [
        CellPlace(page=3, box=(72, 100.5, 90.25, 112)),
        CellPlace(sheet="表三", cell="C7"),
        CellPlace(table=2, row=5, column=4),
        CellPlace(line=120, offset=(40, 41)),
    ],
)
def test_remark_and_place_are_carried_into_the_result(place: CellPlace) -> None:
    verified = work(load(str(GOLDEN / "tab-indented-2021" / "report.txt")).text)
    cell = replace(verified.cells[GRANTED], remark="更正为3", place=place)
    verified = replace(verified, cells={**verified.cells, GRANTED: cell})
    result = to_result(verified, PROVENANCE)
    said = json.loads(to_json(result))["cells"][GRANTED]
    assert said["remark"] == "更正为3"
    assert said["place"] == json.loads(json.dumps(place.as_dict()))
    assert unchecked_json(verified, PROVENANCE) == result.model_dump_json()
    assert Result.model_validate_json(to_json(result)) == result
    assert "更正为3" in page(result, "")


def test_the_source_of_a_text_says_what_it_is() -> None:
    source = read("tab-indented-2021")["provenance"]["source"]
    assert (source["media_type"], source["renderer"]) == ("text/plain", "text/1")


# --- results of version 1


@pytest.mark.parametrize(
    "case", [REJECTED, "tab-indented-2021", "blanks-that-follow", "one-digit-wrong"]
)
def test_verify_reads_a_result_of_version_1_and_says_so(case: str, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps(old(read(case))), encoding="utf-8")
    run = extract("verify", file, "--source", GOLDEN / case / "report.txt", "--lang", "en")
    said = json.loads(run.stdout)
    assert run.returncode == 0, said["disagreements"]
    assert "older_schema" in {note["kind"] for note in said["notes"]}
    assert b"schema_version 1" in run.stderr
    assert said["result"]["schema_version"] == "2"


def test_verify_notices_a_changed_figure_of_version_1(tmp_path: Path) -> None:
    result = old(read(REJECTED))
    result["cells"][GRANTED]["value"] += 1
    file = tmp_path / "old.json"
    file.write_text(json.dumps(result), encoding="utf-8")
    run = extract("verify", file, "--source", GOLDEN / REJECTED / "report.txt", "-q")
    assert run.returncode == 1
    found = json.loads(run.stdout)["disagreements"]
    assert [(one["kind"], one["cell"]) for one in found] == [("tentative", GRANTED)]


def test_a_result_of_version_1_and_the_same_of_version_2_have_no_other_cells() -> None:
    new = read(REJECTED)
    assert compare_results(json.dumps(old(new)), json.dumps(new))[0] == ()


def test_a_golden_expectation_of_version_1_is_read_and_said(tmp_path: Path) -> None:
    case = tmp_path / REJECTED
    case.mkdir()
    (case / "report.txt").write_bytes((GOLDEN / REJECTED / "report.txt").read_bytes())
    expected = json.loads((GOLDEN / REJECTED / "expected.json").read_bytes())
    assert expected.pop("schema_version") == "2"
    for cell in expected["cells"].values():
        if "tentative" in cell:
            cell["value"] = cell.pop("tentative")
    (case / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    run = extract("golden", "check", tmp_path)
    assert run.returncode == 0, run.stdout.decode()
    assert b"schema_version 1" in run.stdout
    assert expected_of(case)["schema_version"] == "1"
    assert b"schema_version 1" not in extract("golden", "check", GOLDEN / REJECTED).stdout


def test_modernising_changes_neither_its_argument_nor_version_2() -> None:
    new = read(REJECTED)
    older = old(new)
    before = json.dumps(older)
    assert modernised(older)["cells"] == new["cells"]
    assert json.dumps(older) == before
    assert modernised(new) is new


# --- stores of version 1


def as_version_1(path: Path) -> None:
    """Make of a store what a program of version 1 left: its tables, and results of its contract."""
    as_version(path, 2)
    with sqlite3.connect(path) as connection:
        for id, text in connection.execute("SELECT id, json FROM results").fetchall():
            said = json.dumps(old(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
            sha256 = hashlib.sha256(said.encode()).hexdigest()
            connection.execute(
                "UPDATE results SET json = ?, sha256 = ? WHERE id = ?", (said, sha256, id)
            )
    connection.close()


@pytest.mark.batches
def test_a_store_of_version_1_is_refused_or_migrated_on_request(tmp_path: Path) -> None:
    store, new = tmp_path / "old.db", tmp_path / "new.db"
    reports = [GOLDEN / case / "report.txt" for case in (REJECTED, "tab-indented-2021")]
    for path in (store, new):
        assert extract("batch", *reports, "--store", path, "-q").returncode == 0
    as_version_1(store)
    before = store.read_bytes()
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("batch", *reports, "--store", store),
        ("summary", store),
        ("export", store, "--to", tmp_path / "out.csv"),
        ("diff", store, new),
    )
    for command in commands:
        run = extract(*command)
        assert run.returncode == 3, command
        assert run.stderr.decode().count("\n") == 1, command
        assert b"version 1" in run.stderr, command
        assert b"--migrate" in run.stderr, command
    assert store.read_bytes() == before
    run = extract("batch", "--store", store, "--migrate", "--lang", "en")
    assert run.returncode == 0
    assert b"from version 1 to version 2" in run.stderr
    assert b"already" in extract("batch", "--store", store, "--migrate", "--lang", "en").stderr
    with Store.open(str(store)) as opened:
        assert list(opened.sql("SELECT version FROM contract")) == [(2,)]
        (rejected,) = opened.reports(verdicts={"rejected"})
        cells = "SELECT value, tentative FROM cells WHERE verdict = 'rejected' AND state = 'read'"
        assert all(v is None and t is not None for v, t in opened.sql(cells))
        block = blocks_of("long", "cell", (), lambda _: ())(rejected)
        values = [row[17] for row in block.rows()]
    assert set(values) == {None}
    run = extract("diff", store, new, "--lang", "en")
    assert run.returncode == 0, run.stderr.decode()
    assert b"schema_version 1: old 2, new 0" in run.stdout + run.stderr


def test_migrating_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    run = extract("batch", "--store", tmp_path / "no.db", "--migrate")
    assert run.returncode == 3
    assert not list(tmp_path.iterdir())
