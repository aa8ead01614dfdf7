"""Files that people have: every cell of generated documents, its place, and what is not read."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.inputs.limits import RefusedError
from extractor.pipeline import read_source
from extractor.source import decode
from tests.each import each
from tests.inputs_documents import (
    Report,
    as_docx,
    as_html,
    as_pdf,
    as_xlsx,
    placed,
    reader_of,
    report,
)


def as_mht(made: Report) -> bytes:
    message = EmailMessage()
    message["From"] = "saved"
    message.set_content(as_html(made, chrome=True), subtype="html", cte="quoted-printable")
    message.make_related()
    return bytes(message)


KINDS: dict[str, Callable[[Report], bytes]] = {
    "a page": lambda made: as_html(made).encode(),
    "a page that says another charset": lambda made: as_html(made).encode("gb18030"),
    "a page with menus of other years": lambda made: as_html(made, chrome=True).encode(),
    "a page whose cells are not closed": lambda made: as_html(
        made, chrome=True, broken=True
    ).encode(),
    "a page with a column that is not shown": lambda made: as_html(made, hidden=True).encode(),
    "a web archive": as_mht,
    "word": as_docx,
    "word with moved text": lambda made: as_docx(made, tracked=True),
    "excel": as_xlsx,
    "excel with hidden sheet and column": lambda made: as_xlsx(made, hidden=True),
    "pdf": as_pdf,
    "pdf in fake bold": lambda made: as_pdf(made, bold=True),
    "pdf shown sideways": lambda made: as_pdf(made, turned=True),
}


@each("kind", KINDS)
def test_every_cell_of_every_kind_is_read_and_has_its_place(kind: str) -> None:
    made = report(len(kind))
    data = KINDS[kind](made)
    source = decode(data, "report")
    result = read_source(source)
    assert (result.verdict, result.report.agency, result.report.year) == (
        "accepted",
        made.agency,
        made.year,
    )
    found = {name: cell.text for name, cell in result.cells.items()}
    assert found == made.cells
    places = {n: c.place.as_dict() for n, c in result.cells.items() if c.place is not None}
    assert places.keys() == made.cells.keys()
    read_back = reader_of(kind, data, source)
    for name, place in places.items():
        assert read_back(place) == made.cells[name], (name, place)


@pytest.mark.parametrize("kind", ["a page", "word", "excel"])
def test_the_canonical_text_has_each_cell_once_at_its_anchor(kind: str) -> None:
    made = report(3)
    document = decode(KINDS[kind](made), "report").document
    assert document is not None
    grids = [block for block in made.blocks if not isinstance(block, str)]
    tall = [grid for grid in document.grids if len(grid.slots) > 1]
    assert len(tall) == len(grids)
    for grid, block in zip(tall, grids, strict=True):
        assert grid.known == "given"
        wanted = [
            (row, column, box.rows, box.columns, box.text) for row, column, box in placed(block)
        ]
        found = [
            (
                s.row,
                s.column,
                s.row_span,
                s.column_span,
                document.text[slice(*s.span)] if s.span else "",
            )
            for s in grid.slots
        ]
        if kind == "excel":  # the first row of table two is one cell and stands before the table
            wanted = [one for one in wanted if one[0] > 0 or len(block) < 20]
            found = [one for one in found if one[4]]
            assert [one[4] for one in found][-20:] == [one[4] for one in wanted][-20:]
        else:
            assert found == wanted


def test_an_empty_cell_has_a_place() -> None:
    page = "<html><table><tr><td>自然人<td></td><td>3</td></tr></table></html>"
    document = decode(page.encode(), "p").document
    assert document is not None
    empty = document.grids[0].slots[1]
    assert empty.span is None
    at = page.index("<td></td>") + 4
    assert document.place_of((empty.offset, empty.offset)) == {"line": 1, "offset": [at, at]}


def test_a_formula_without_a_stored_value_is_no_figure() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["项", "数"], ["甲", 1], ["计", "=SUM(B2:B2)"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert "计\t=SUM(B2:B2)" in decode(out.getvalue(), "b").text


# --- what is not read


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


REFUSED = {
    "ofd": zipped("OFD.xml", "Doc_0/Document.xml"),
    "zip": zipped("a.docx", "b.docx"),
    "slides": zipped("ppt/presentation.xml"),
    "opendocument": zipped("META-INF/manifest.xml"),
    "archive": b"Rar!\x1a\x07\x00",
    "picture": b"GIF89a" + bytes(50),
    "rtf": b"{\\rtf1\\ansi}",
    "encrypted": b"\xd0\xcf\x11\xe0"
    + bytes(124)
    + "EncryptedPackage".encode("utf-16-le")
    + bytes(96),
    "damaged": b"%PDF-1.7\n1 0 obj",
}


@each("code", REFUSED)
def test_what_is_not_read_is_said_in_one_line_of_each_language(code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        decode(REFUSED[code], "r.x")
    assert caught.value.code == code
    for line in (str(caught.value), caught.value.zh):
        assert "\n" not in line
        assert "r.x" in line


def test_tables_in_markdown_and_text_stay_text() -> None:
    for text in (
        "# 报告\n\n<table><tr><td>1</td></tr></table>\n",
        "规章\t1\t2\n",
        "<script>x</script>\n规章 1",
    ):
        assert decode(text.encode(), "t").document is None


@pytest.mark.files
def test_word_97_and_pdf_of_libreoffice_are_read(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice, by which the files are made")
    made = report(7)
    (tmp_path / "r.docx").write_bytes(as_docx(made))
    command = [office, f"-env:UserInstallation=file://{tmp_path}/p", "--headless", "--convert-to"]
    for kind in ("doc", "pdf"):
        subprocess.run(  # noqa: S603
            [*command, kind, "--outdir", str(tmp_path), str(tmp_path / "r.docx")],
            check=True,
            capture_output=True,
        )
        result = read_source(decode((tmp_path / f"r.{kind}").read_bytes(), f"r.{kind}"))
        assert {name: cell.text for name, cell in result.cells.items()} == made.cells
        assert result.verdict == "accepted"


def test_word_97_is_named_where_libreoffice_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    old = b"\xd0\xcf\x11\xe0" + bytes(124) + "WordDocument".encode("utf-16-le") + bytes(104)
    with pytest.raises(RefusedError) as caught:
        decode(old, "r.doc")
    assert caught.value.code == "soffice"


# --- damaged files


@given(st.text("<>/!-\"'= &;td[]atrble\n1", max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_markup_is_read_in_the_end(text: str) -> None:
    decode(f"<html>{text}".encode(), "page")


@pytest.mark.parametrize("times", [2_000, pytest.param(60_000, marks=pytest.mark.fuzz)])
@each("part", ["<!--", "<a '", "<td>", "&", "<![CDATA[", "</", "<script>", "<b>", "<a b"])
def test_markup_that_is_never_closed_takes_linear_time(part: str, times: int) -> None:
    decode(("<html>" + part * times).encode(), "page")
