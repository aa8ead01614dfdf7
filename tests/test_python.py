"""Gouji from Python: what `read`, `verify` and `batch` give, and what they load."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from extractor import Report, batch, read, verify
from extractor.errors import InputError
from tests.conftest import GOLDEN, extract, run_code

WRONG = GOLDEN / "one-digit-wrong" / "report.txt"
MONEY = GOLDEN / "form-2019-with-money" / "report.txt"
EVIL = "<script>alert(1)</script>{{7*7}}"


def test_a_report_is_what_the_command_line_says() -> None:
    report = read(WRONG)
    assert report.to_json().encode() == extract(WRONG).stdout
    assert read(WRONG.read_bytes(), name="report.txt") == report
    assert (report.verdict, report.year) == (report.result.verdict, 2022)
    assert repr(report) == "<Report 灵渠市公安局 2022: inconsistent, 200 cells, 1 to do>"
    assert len(report.todo) == 1
    with pytest.raises(InputError):
        read("no-such-file.docx")


def test_a_frame_has_exact_figures_and_what_is_not_known_is_none() -> None:
    for path in (MONEY, GOLDEN / "blanks-that-do-not-follow" / "report.txt"):
        report = read(path)
        frame = report.to_frame()
        assert list(frame.index) == list(report.result.cells)
        for name, value in frame["value"].items():
            stored = report.result.cells[str(name)].value
            assert not isinstance(value, float)
            assert value == (Decimal(stored) if isinstance(stored, str) else stored)
    assert frame["value"].isna().sum() > 0


def test_a_notebook_shows_tables_and_findings_and_runs_nothing_of_the_report() -> None:
    report = read(WRONG)
    text = report._repr_html_()
    assert "表三 · 第三项（五）1 · 自然人" in text
    assert 'class="read suspect"' in text
    assert "<script" not in text
    said = report.result.report.model_copy(update={"agency": EVIL})
    hostile = Report(report.result.model_copy(update={"report": said}), report.source)
    shown = hostile._repr_html_()
    assert "<script" not in shown
    assert "{{7*7}}" in shown


def test_verify_takes_a_report_a_mapping_or_a_path(tmp_path: Path) -> None:
    report = read(WRONG)
    stored = tmp_path / "r.json"
    stored.write_text(report.to_json(), encoding="utf-8")
    mapping = json.loads(report.to_json())
    for checked in (verify(report), verify(mapping, WRONG), verify(stored, WRONG)):
        assert checked.follows
        assert checked.report.result == report.result
    mapping["verdict"] = "accepted"
    forged = verify(mapping, WRONG)
    assert not forged.follows
    assert repr(forged).endswith("disagreements, inconsistent>")


def test_batch_is_a_function_and_a_package(tmp_path: Path) -> None:
    summary = batch([WRONG, MONEY], tmp_path / "run.db", processes=1)
    assert summary.counts.verdicts == {"inconsistent": 1, "accepted": 1}
    again = batch(None, tmp_path / "run.db", rerun="all", processes=1, limit=1)
    assert again.counts.done == 1
    with batch.Store.open(tmp_path / "run.db") as store:
        assert {report.verdict for report in store.reports()} == {"inconsistent", "accepted"}


def test_importing_the_package_loads_nothing() -> None:
    done = run_code(
        "import sys; before = set(sys.modules); import extractor; "
        "print(sorted(set(sys.modules) - before)); extractor.read; "
        "print('pandas' in sys.modules, 'jinja2' in sys.modules, 'rich' in sys.modules)"
    )
    assert done.stdout.decode().split("\n")[:2] == ["['extractor']", "False False False"]
