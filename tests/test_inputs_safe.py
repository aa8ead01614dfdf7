"""Whatever a file holds: it is read, or refused in one line, within bounds, and nothing else happens."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest

from extractor.inputs import limits
from extractor.inputs.limits import RefusedError, within
from extractor.source import decode
from tests.fuzzed_files import KINDS, fault, no_recognition
from tests.inputs_documents import as_docx, as_xlsx, report

_SEEDED = 20


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_end_in_a_document_or_one_line(kind: str) -> None:
    with no_recognition():
        assert [wrong for seed in range(_SEEDED) if (wrong := fault(kind, seed))] == []


@pytest.mark.files
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_damaged_files_of_each_kind_end_well(kind: str, part: int) -> None:
    first = _SEEDED + 100 * part
    with no_recognition():
        assert [wrong for seed in range(first, first + 100) if (wrong := fault(kind, seed))] == []


def _rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(out, "w") as now:
        for one in was.namelist():
            part = was.read(one)
            if one == name:
                assert old in part
                part = part.replace(old, new, 1)
            now.writestr(one, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _blank_pdf(pages: int) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    paper = Canvas(out)
    for _ in range(pages):
        paper.drawString(100, 100, "page")
        paper.showPage()
    paper.save()
    return out.getvalue()


def _picture(wide: int, high: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (wide, high)).save(out, "PNG")
    return out.getvalue()


def _book(cells: str) -> bytes:
    old = b"<sheetData>"
    name = "xl/worksheets/sheet1.xml"
    return _rewritten(as_xlsx(report(1)), name, old, old + cells.encode())


_WORD = "word/document.xml"


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (limits.MOST_UNPACKED + 1))
    return out.getvalue()


def _lying() -> bytes:
    """An archive that says that its file is small."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 5_000_000)
    real = (5_000_000).to_bytes(4, "little")
    return out.getvalue().replace(real, (1_000).to_bytes(4, "little"))


def _merged() -> bytes:
    name = "xl/worksheets/sheet1.xml"
    return _rewritten(
        as_xlsx(report(1)),
        name,
        b"<mergeCell ref=",
        b'<mergeCell ref="A1:XFD1048576"/><mergeCell ref=',
    )


BEYOND: dict[str, tuple[str, Any]] = {
    "columns of a page": ("span", lambda: b"<html><table><tr><td colspan=999999999>1<td>2</table>"),
    "rows of a page": ("span", lambda: b"<html><table><tr><td rowspan='999999999'>1<td>2</table>"),
    "cells of a page": (
        "cells",
        lambda: b"<html><table><tr><td colspan=900>1<td>2" + b"<tr><td>1<td>2" * 300 + b"</table>",
    ),
    "tables within tables": ("depth", lambda: b"<html>" + b"<table><tr><td>1<td>" * 300),
    "columns of a Word table": (
        "span",
        lambda: _rewritten(
            as_docx(report(1)),
            _WORD,
            b'<w:gridSpan w:val="4"/>',
            b'<w:gridSpan w:val="999999999"/>',
        ),
    ),
    "a bomb": ("bytes", _bomb),
    "a bomb that lies": ("damaged", _lying),
    "pages": ("pages", lambda: _blank_pdf(limits.MOST_PAGES + 1)),
    "points of a picture": ("pixels", lambda: _picture(12_000, 9_000)),
    "merged cells of a sheet": ("span", _merged),
}


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_beyond_a_limit_is_one_line_at_once(what: str) -> None:
    code, made = BEYOND[what]
    data = made()
    begun = time.process_time()
    with pytest.raises(RefusedError) as caught:
        decode(data, "big")
    assert caught.value.code == code
    assert time.process_time() - begun < 15
    for line in (str(caught.value), caught.value.zh):
        assert "\n" not in line
        assert "big" in line


def _spin(seconds: float) -> None:
    begun = time.process_time()
    with within(0.2):
        while time.process_time() - begun < seconds:
            pass


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_not() -> None:
    begun = time.process_time()
    with pytest.raises(RefusedError, match="takes more than"):
        _spin(5)
    assert time.process_time() - begun < 2
    with within(0.2):
        pass
    begun = time.process_time()
    while time.process_time() - begun < 0.4:
        pass  # nothing comes after it


def test_a_cell_far_away_costs_nothing() -> None:
    data = _book('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')
    begun = time.process_time()
    source = decode(data, "far.xlsx")
    assert source.document is not None
    assert len(source.text) < 20_000
    assert time.process_time() - begun < 10
