"""What a clerk gets back of the own file: a copy with comments, and the page that shows it as it is known."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.outputs.comments import AUTHOR, comments_of, write_comments
from extractor.pipeline import read_source
from extractor.render import page
from extractor.render.original import Original
from extractor.render.pictures import original_of, pictures_of
from extractor.source import SourceText, decode
from tests.inputs_documents import Report, as_docx, as_html, as_pdf, as_xlsx, report
from verify.schema import Result

CELL = "requests.granted.total"


def broken(seed: int = 5) -> Report:
    """A report in which one total is too large by one."""
    made = report(seed)
    for block in made.blocks:
        for line in block if isinstance(block, list) else ():
            for number, box in enumerate(line):
                if box.key == CELL:
                    line[number] = replace(box, text=str(int(box.text) + 1))
    return made


def read(data: bytes, name: str) -> tuple[SourceText, Result]:
    source = decode(data, name)
    return source, read_source(source)


def test_a_copy_of_the_word_file_has_a_comment_at_each_cell_in_question(tmp_path: Path) -> None:
    import docx

    data = as_docx(broken())
    source, result = read(data, "draft.docx")
    assert result.verdict == "inconsistent"
    out = tmp_path / "looked-at.docx"
    write_comments(str(out), result, source.data)
    copy = docx.Document(str(out))
    texts = [comment.text for comment in copy.comments]
    assert len(texts) == len(comments_of(result, "zh"))
    assert all(comment.author == AUTHOR for comment in copy.comments)
    row = result.cells[CELL].place
    assert row is not None
    marked = {
        tc.xpath("string(.)")
        for tc in copy.element.body.iter(f"{{{copy.element.nsmap['w']}}}tc")
        if tc.xpath(".//w:commentRangeStart")
    }
    assert str(result.cells[CELL].value) in marked
    again = read_source(decode(out.read_bytes(), "draft.docx"))
    assert {n: (c.value, c.state) for n, c in again.cells.items()} == {
        n: (c.value, c.state) for n, c in result.cells.items()
    }


def test_a_copy_of_the_workbook_has_them_and_keeps_what_was_said_there(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.comments import Comment

    data = as_xlsx(broken())
    _, result = read(data, "draft.xlsx")
    place = result.cells[CELL].place
    assert place is not None
    assert place.cell is not None
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[place.sheet][place.cell].comment = Comment("科长：请核", "王")  # type: ignore[index]
    own = io.BytesIO()
    book.save(own)
    source, result = read(own.getvalue(), "draft.xlsx")
    out = tmp_path / "looked-at.xlsx"
    write_comments(str(out), result, source.data, "en")
    sheet: Any = openpyxl.load_workbook(out)[place.sheet]  # type: ignore[index]
    text = sheet[place.cell].comment.text
    assert text.startswith("科长：请核")
    assert comments_of(result, "en")[CELL] in text
    commented = {cell.coordinate for line in sheet.iter_rows() for cell in line if cell.comment}
    assert commented == {
        result.cells[name].place.cell  # type: ignore[union-attr]
        for name in comments_of(result, "en")
    }


def test_comments_go_into_no_other_kind_of_file(tmp_path: Path) -> None:
    source, result = read(as_html(broken()).encode("gb18030"), "draft.html")
    with pytest.raises(UsageError, match=r"\.docx and \.xlsx"):
        write_comments(str(tmp_path / "x.docx"), result, source.data)
    source, result = read(as_docx(broken()), "draft.docx")
    with pytest.raises(UsageError, match=r"end it in \.docx"):
        write_comments(str(tmp_path / "x.xlsx"), result, source.data)
    assert list(tmp_path.iterdir()) == []


def test_the_page_shows_tables_with_addresses_and_nothing_of_the_file_itself() -> None:
    evil = "<script>alert(1)</script><img src=http://x/y.png onerror=alert(2)>"
    made = report(3)
    made.blocks.insert(3, evil)
    for data, address in (
        (as_xlsx(made), '<small class="at">B'),
        (as_docx(made), 'title="表2 第'),
        (
            as_html(made)
            .replace("<p>", "<p onclick='alert(3)' style='x:url(http://x)'>")
            .encode("gb18030"),
            "<td",
        ),
    ):
        source, result = read(data, "r")
        shown = page(result, source.text, original=original_of(source))
        assert address in shown
        aside = shown[shown.index("<aside") : shown.index("</aside>")]
        assert '<div class="sheet"><table>' in aside
        assert aside.count("<mark") == len(result.cells)
        for name in result.cells:
            assert shown.count(f'id="s-{name}"') == 1
        assert set(re.findall(r"<([a-z][a-z0-9]*)", aside)) <= {
            "aside",
            "h2",
            "small",
            "div",
            "table",
            "tr",
            "td",
            "mark",
            "span",
            "i",
        }
        assert "onclick" not in aside
        assert "http://x" not in re.sub(r"&lt;.*?&gt;", "", aside)


def test_with_pictures_every_figure_of_a_pdf_has_its_box() -> None:
    source, result = read(as_pdf(broken()), "r.pdf")
    assert source.data is not None
    pictures = pictures_of(source.data)
    assert [one.page for one in pictures] == [1, 2]
    assert source.document is not None
    shown = page(result, source.text, original=Original(source.document, tuple(pictures)))
    assert shown.count('<image href="data:image/jpeg;base64,') == 2
    boxes = {
        name: found
        for found in re.findall(r"<rect [^>]*>", shown)
        for name in re.findall(r'data-cell="([^"]*)"', found)[0].split()
    }
    assert set(boxes) == {n for n, c in result.cells.items() if c.place}
    assert "suspect" in boxes[CELL] or "named" in boxes[CELL]
    place = result.cells[CELL].place
    assert place is not None
    assert place.box is not None
    assert f'x="{place.box[0] - 1.5:.1f}" y="{place.box[1] - 1.5:.1f}"' in boxes[CELL]
    for name in result.cells:
        assert shown.count(f'id="s-{name}"') == 1
    assert pictures_of(b"<html>") == []


def test_a_result_of_a_pdf_follows_from_its_file(tmp_path: Path) -> None:
    from tests.conftest import extract

    (tmp_path / "r.pdf").write_bytes(as_pdf(report(3)))
    made = extract(tmp_path / "r.pdf", "-o", tmp_path / "r.json", "-q")
    assert made.returncode == 0
    again = extract("verify", tmp_path / "r.json", "--source", tmp_path / "r.pdf", "-q")
    assert again.returncode == 0, again.stderr.decode()
