"""A directory as people have it: the same report as Word, PDF, Excel and saved page, and what lies about."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from extractor.batch.listing import Wanted, listed
from tests.conftest import extract
from tests.inputs_documents import as_docx, as_html, as_pdf, as_xlsx, report


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    made = report(9)
    folder = tmp_path / "来文"
    (folder / "网页_files").mkdir(parents=True)
    (folder / "报告.docx").write_bytes(as_docx(made))
    (folder / "报告.pdf").write_bytes(as_pdf(made))
    (folder / "报告.xlsx").write_bytes(as_xlsx(made))
    (folder / "网页.html").write_bytes(as_html(made, chrome=True).encode("gb18030"))
    (folder / "网页_files" / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "网页_files" / "site.css").write_text("body {}")
    (folder / "~$报告.docx").write_bytes(b"\x00lock")
    return folder


def test_four_files_of_a_report_end_in_four_equal_results(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "run.db"
    done = extract("batch", str(folder), "--store", str(store))
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(store) as database:
        tables = database.execute("SELECT verdict, tables_sha256 FROM results").fetchall()
    assert len(tables) == 4
    assert {verdict for verdict, _ in tables} == {"accepted"}
    assert len({digest for _, digest in tables}) == 1
    said = extract("summary", str(store)).stdout.decode()
    assert "一份报告的4个来源" in said
    english = extract("summary", str(store), "--lang", "en").stdout.decode()
    assert "4 sources of one report" in english


def test_what_browsers_and_word_leave_about_is_no_report(folder: Path) -> None:
    names = [Path(path).name for path in listed(Wanted((str(folder),)))]
    assert sorted(names) == ["报告.docx", "报告.pdf", "报告.xlsx", "网页.html"]
    (folder / "网页.html").unlink()
    names = [Path(path).name for path in listed(Wanted((str(folder),)))]
    assert "logo.png" in names  # a folder of its own
