"""What a reader of a file does not see is not read, and two figures of one cell are never joined."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.inputs.limits import RefusedError
from extractor.pipeline import read_source
from extractor.source import decode
from tests.each import each, rows
from tests.inputs_documents import as_docx, as_html, as_pdf, as_xlsx, report

ROWS = rows(__file__)

KEY = "proactive.regulations.issued"


def cell_of(inner: str, head: str = "") -> str:
    page = f"<html><head>{head}</head><table><tr><td>规章</td><td>{inner}</td></tr></table></html>"
    return decode(page.encode(), "p").text.split("\n")[0].partition("\t")[2]


@each("style", ROWS["hidden"])
def test_what_a_style_hides_is_not_read(style: str) -> None:
    assert cell_of(f"<span style='{style}'>7</span>34") == "34"
    assert cell_of("<i id=h>7</i>34", f"<style>#h{{{style}}}</style>") == "34"


@each("style", ROWS["doubtful"])
def test_what_may_be_seen_or_not_is_never_joined(style: str) -> None:
    assert cell_of(f"<span style='{style}'>7</span>34").endswith("7⏎34")


@each(("inner", "seen"), ROWS["cells"].items())
def test_a_cell_of_a_page_says_what_is_seen(inner: str, seen: str) -> None:
    assert cell_of(inner) == seen


@each(("sheet", "seen"), ROWS["sheets"].items())
def test_style_sheets_of_a_page_hold_as_in_a_browser(sheet: str, seen: str) -> None:
    assert cell_of("<i class=x>7</i>34", f"<style>{sheet}</style>") == seen


def test_tables_and_cells_that_are_not_seen_leave_the_report_as_it_is() -> None:
    made = report(5)
    page = as_html(made)
    table = page[page.index("<table") : page.index("</table>") + 8]
    other = table.replace(f">{made.cells[KEY]}<", ">77<")
    changed = {
        page.replace(table, f"<div style='display:none'>{other}</div>{table}"): "accepted",
        page.replace(table, f"<del>{other}</del>{table}"): "accepted",
        page.replace(table, f"<del>{table}</del>"): "incomplete",
        page.replace("<div class='content'>", "<div style='opacity:0'>"): "unsupported",
        page.replace(table, f"{table}<aside>注：全县合计</aside>"): "unconfirmed",
        page.replace(table, table.replace("<tr>", "<tr>全县", 1)): "unconfirmed",
    }
    assert len(changed) == 6
    for text, verdict in changed.items():
        assert read_source(decode(text.encode(), "p")).verdict == verdict


def test_what_is_struck_out_is_said_and_alone_it_is_no_figure() -> None:
    made = report(6)
    figure = made.cells["requests.new_received.total"]
    page = as_html(made).replace("</span><span>", "")
    at = page.index(f">{figure}<", page.index("上年结转") - 400) + 1
    struck = read_source(decode(f"{page[:at]}<s>7</s>{page[at:]}".encode(), "p"))
    assert struck.verdict == "accepted"
    said = [reason for reason in struck.reasons if reason.by == "struck"]
    assert [reason.actual for reason in said] == ["~~7~~"]
    alone = f"{page[:at]}<s>{figure}</s>{page[at + len(figure) :]}"
    assert read_source(decode(alone.encode(), "p")).verdict not in ("accepted", "completed")


def test_a_figure_merged_over_several_cells_is_none_of_theirs() -> None:
    made = report(7)
    page = as_html(made)
    row = page.index("3.危及")
    first = page.index("<td", row + 10)
    below = page.index("<td", page.index("4.保护", row))
    cut = page.index("</td>", below) + 5
    spread = page[:first] + page[first:below].replace("rowspan='1'", "rowspan='2'", 1)
    result = read_source(decode((spread + page[cut:]).encode(), "p"))
    assert result.verdict == "incomplete"
    assert any(reason.code == "merged_cell" for reason in result.reasons)


def test_style_sheets_without_end_are_refused_in_one_line() -> None:
    rules = "".join(f"td:nth-child({i}){{color:red}}" for i in range(3_000))
    page = f"<html><style>{rules}</style><table><tr>{'<td>1</td>' * 8_000}</tr></table></html>"
    with pytest.raises(RefusedError) as caught:
        decode(page.encode(), "p")
    assert caught.value.code == "styles"


# --- Word


def word(change: Callable[[Any, Any, Any], None]) -> str:
    """The first cell of a table of two, with the run 34 in it, changed."""
    import docx

    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "5"
    paragraph = table.cell(0, 0).paragraphs[0]
    before, run = paragraph.add_run("7"), paragraph.add_run("34")
    assert run.text
    change(before, table.cell(0, 0), document)
    out = io.BytesIO()
    document.save(out)
    return decode(out.getvalue(), "w").text.partition("\t")[0]


def marked(name: str, **values: str) -> Callable[[Any, Any, Any], None]:
    def change(run: Any, _cell: Any, _document: Any) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        element = OxmlElement(name)
        for key, value in values.items():
            element.set(qn(f"w:{key}"), value)
        run._r.get_or_add_rPr().append(element)

    return change


def styled(**font: object) -> Callable[[Any, Any, Any], None]:
    def change(run: Any, _cell: Any, document: Any) -> None:
        base, style = (document.styles.add_style(name, 2) for name in ("one", "two"))
        for name, value in font.items():
            setattr(base.font, name, value)
        style.base_style = base
        run.style = style

    return change


def paragraph_added(run: Any, cell: Any, _document: Any) -> None:
    run.text = ""
    cell.add_paragraph("8")


def commented(run: Any, _cell: Any, document: Any) -> None:
    run.text = ""
    document.add_comment([run], text="应为77")


def note_marked(run: Any, _cell: Any, document: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document.add_comment([run], text="x")  # a file without notes has no marks of them
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:customMarkFollows"), "1")
    run._r.insert(0, mark)
    run._r.getparent().remove(run._r.getnext())


def in_list(style: str) -> Callable[[Any, Any, Any], None]:
    def change(run: Any, cell: Any, document: Any) -> None:
        run.text = ""
        cell.paragraphs[0].style = document.styles[style]

    return change


counted, bulleted = in_list("List Number"), in_list("List Bullet")


def framed(run: Any, cell: Any, _document: Any) -> None:
    from docx.oxml import OxmlElement

    run.text = ""
    cell.paragraphs[0]._p.get_or_add_pPr().append(OxmlElement("w:framePr"))


def rooted(run: Any, _cell: Any, _document: Any) -> None:
    from docx.oxml import parse_xml

    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    run._r.addprevious(
        parse_xml(
            f'<m:oMath xmlns:m="{space}"><m:rad><m:e><m:r><m:t>9</m:t></m:r></m:e></m:rad></m:oMath>'
        )
    )
    run.text = ""


WORD: dict[str, tuple[Callable[[Any, Any, Any], None], str]] = {
    "hidden": (marked("w:vanish"), "34"),
    "hidden by a style of a style": (styled(hidden=True), "34"),
    "white": (marked("w:color", val="FFFFFF"), "34"),
    "white of the theme": (marked("w:color", val="auto", themeColor="background1"), "34"),
    "tiny": (marked("w:sz", val="2"), "34"),
    "of the color behind it": (marked("w:shd", val="clear", fill="000000"), "734"),
    "struck": (marked("w:strike"), "34"),
    "struck by a style": (styled(double_strike=True), "34"),
    "raised": (marked("w:position", val="8"), "7⏎34"),
    "raised as a note": (marked("w:vertAlign", val="superscript"), "[7]34"),
    "hidden on the web alone": (marked("w:webHidden"), "⏎7⏎34"),
    "in a font of signs": (marked("w:rFonts", ascii="Wingdings"), "⏎7⏎34"),
    "two paragraphs": (paragraph_added, "34⏎8"),
    "a comment": (commented, "34"),
    "of another size": (marked("w:sz", val="10"), "7⏎34"),
    "a mark of a note": (note_marked, "[（注）7]34"),
    "a number that Word counts": (counted, "34□"),
    "a point that Word sets": (bulleted, "34"),
    "a frame": (framed, "⏎34"),
    "a root": (rooted, "34□"),
}


@each("name", WORD)
def test_a_cell_of_a_word_file_says_what_is_seen(name: str) -> None:
    change, seen = WORD[name]
    assert word(change) == seen


def test_comments_and_hidden_rows_of_a_word_file() -> None:
    import docx
    from docx.oxml import OxmlElement

    made = report(8)
    document = docx.Document(io.BytesIO(as_docx(made)))
    table = document.tables[0]
    row = table.rows[2]._tr
    copy = docx.oxml.parse_xml(row.xml.replace(f">{made.cells[KEY]}<", ">777<"))
    copy.get_or_add_trPr().append(OxmlElement("w:hidden"))
    row.addprevious(copy)
    out = io.BytesIO()
    document.save(out)
    assert read_source(decode(out.getvalue(), "w")).verdict == "accepted"
    document.add_comment(table.rows[3].cells[1].paragraphs[0].runs, text="应为77")
    out = io.BytesIO()
    document.save(out)
    result = read_source(decode(out.getvalue(), "w"))
    assert result.verdict == "unconfirmed"
    assert any("应为77" in (reason.actual or "") for reason in result.reasons)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    ROWS["word_files_under_other_names_are_read"],
)
def test_word_files_under_other_names_are_read(part: str, old: str, new: str) -> None:
    import zipfile

    data, out = as_docx(report(8)), io.BytesIO()
    strict = ("officeDocument/2006/relationships", "officeDocument/relationships")
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            text = given.read(name)
            if name.endswith((".xml", ".rels")) and part in ("", name):
                text = text.replace(old.encode(), new.encode())
                if not part:
                    text = text.replace(
                        b"http://schemas.openxmlformats.org/" + strict[0].encode(),
                        b"http://purl.oclc.org/ooxml/" + strict[1].encode(),
                    )
            made.writestr(name, text)
    assert read_source(decode(out.getvalue(), "w")).verdict == "accepted"


def test_a_table_in_a_text_box_is_read_once() -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    document = docx.Document(io.BytesIO(as_docx(report(8))))
    table = document.tables[0]._tbl
    box = parse_xml(
        f'<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape>'
        "<v:textbox><w:txbxContent/></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    table.addprevious(box)
    box.find(f".//{qn('w:txbxContent')}").append(table)
    out = io.BytesIO()
    document.save(out)
    assert read_source(decode(out.getvalue(), "w")).verdict == "accepted"


def test_a_row_of_a_given_height_is_no_merged_cell() -> None:
    import docx
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Pt

    document = docx.Document(io.BytesIO(as_docx(report(8))))
    for row in document.tables[0].rows:
        row.height, row.height_rule = Pt(72), WD_ROW_HEIGHT_RULE.EXACTLY
    out = io.BytesIO()
    document.save(out)
    assert read_source(decode(out.getvalue(), "w")).verdict == "accepted"


# --- Excel


@each(("code", "seen"), ROWS["formats"].items())
def test_a_number_of_a_workbook_says_what_its_format_shows(code: str, seen: str) -> None:
    def change(cell: Any) -> None:
        cell.number_format = code

    assert sheet_with(change) == seen


def sheet_with(change: Callable[[Any], None]) -> str:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (["项", "数", "量"], ["甲", 194, 1], ["乙", 2, 3]):
        sheet.append(line)
    change(sheet["B2"])
    out = io.BytesIO()
    book.save(out)
    return decode(out.getvalue(), "b").text.split("\n")[1].split("\t")[1]


def as_number(value: float, code: str) -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        cell.value, cell.number_format = value, code

    return change


def test_fonts_and_conditions_of_a_workbook() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.formatting import rule as conditions
    from openpyxl.styles import Font, PatternFill

    def rich(font: InlineFont) -> Callable[[Any], None]:
        return lambda cell: setattr(cell, "value", CellRichText(TextBlock(font, "77"), "31"))

    def white(cell: Any) -> None:
        cell.font = Font(color="FFFFFFFF")

    def white_on_black(cell: Any) -> None:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF000000")

    def when(rule: Any) -> Callable[[Any], None]:
        return lambda cell: cell.parent.conditional_formatting.add("B2:B3", rule)

    rules: Any = conditions
    pale = Font(color="FFFFFFFF")
    seen = {
        rich(InlineFont(strike=True)): "31",
        rich(InlineFont(vertAlign="superscript")): "[77]31",
        rich(InlineFont(color=pale.color)): "31",
        lambda cell: setattr(cell, "value", "7\n31"): "7⏎31",
        lambda cell: setattr(cell, "value", 46.8): "46.8",
        as_number(46.8, "0"): "47□",
        as_number(0, '0;-0;"-"'): "0",
        lambda cell: setattr(cell, "font", Font(name="Wingdings")): "⏎194",
        rich(InlineFont(sz=5)): "77⏎31",
        white: "",
        white_on_black: "194",
        lambda cell: setattr(cell, "font", Font(strike=True)): "~~194~~",
        when(rules.CellIsRule(operator="equal", formula=["194"], font=pale)): "⏎194",
        when(rules.CellIsRule(operator="equal", formula=["0"], font=pale)): "194",
        when(rules.FormulaRule(formula=["TODAY()>1"], font=pale)): "⏎194",
        lambda cell: setattr(cell, "value", "#REF!"): "#REF!",
    }
    assert [sheet_with(change) for change in seen] == list(seen.values())


def test_a_comment_on_a_cell_of_a_workbook_needs_a_look() -> None:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report(9))))
    sheet: Any = book.active
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "规章")
    cell.offset(0, 1).comment = Comment("应为77", "甲")
    out = io.BytesIO()
    book.save(out)
    assert read_source(decode(out.getvalue(), "b")).verdict == "unconfirmed"


# --- PDF


def pdf_with(draw: Callable[[Any], None]) -> str:
    """The second cell of a ruled table in which something is drawn at 110, 700."""
    from reportlab.pdfgen.canvas import Canvas as Paper

    out = io.BytesIO()
    paper = Paper(out)
    for y in (690, 720, 750):
        paper.line(50, y, 250, y)
    for x in (50, 100, 250):
        paper.line(x, 690, x, 750)
    paper.drawString(60, 730, "first column of it")
    paper.drawString(110, 730, "second")
    paper.drawString(60, 700, "row")
    draw(paper)
    paper.save()
    return decode(out.getvalue(), "p").text.split("\n")[1].partition("\t")[2]


def in_state(**how: Any) -> Callable[[Any], None]:
    def draw(paper: Any) -> None:
        paper.saveState()
        for name, value in how.items():
            getattr(paper, name)(*value)
        paper.drawString(110, 700, "7")
        paper.restoreState()
        paper.drawString(118, 700, "34")

    return draw


def invisible(paper: Any) -> None:
    text = paper.beginText(110, 700)
    text.setTextRenderMode(3)
    text.textOut("7")
    text.setTextRenderMode(0)
    paper.drawText(text)
    paper.drawString(118, 700, "34")


def struck(paper: Any) -> None:
    paper.drawString(110, 700, "77")
    paper.line(109, 703.5, 124, 703.5)
    paper.drawString(126, 700, "34")


def struck_alone(paper: Any) -> None:
    paper.drawString(110, 700, "77")
    paper.line(109, 703.5, 124, 703.5)


def covered(paper: Any) -> None:
    paper.drawString(110, 700, "77")
    paper.setFillColorRGB(1, 1, 1)
    paper.rect(108, 697, 18, 14, stroke=0, fill=1)
    paper.setFillColorRGB(0, 0, 0)
    paper.drawString(130, 700, "34")


def blackened(paper: Any) -> None:
    paper.drawString(110, 700, "77")
    paper.rect(106, 694, 24, 20, stroke=0, fill=1)


def overprinted(paper: Any) -> None:
    paper.drawString(110, 700, "77")
    paper.drawString(112, 701, "34")


def stacked(paper: Any) -> None:
    paper.drawString(110, 708, "7")
    paper.drawString(110, 695, "34")


def upside_down(paper: Any) -> None:
    paper.saveState()
    paper.translate(125, 710)
    paper.rotate(180)
    paper.drawString(0, 0, "16")
    paper.restoreState()


def mirrored(paper: Any) -> None:
    paper.saveState()
    paper.translate(125, 700)
    paper.scale(-1, 1)
    paper.drawString(0, 0, "12")
    paper.restoreState()


def lowered(paper: Any) -> None:
    paper.drawString(110, 700, "34")
    paper.setFont("Helvetica", 5)
    paper.drawString(124, 697, "2")


def watermark(paper: Any) -> None:
    paper.drawString(110, 700, "34")
    paper.saveState()
    paper.setFillGray(0.7)
    paper.translate(105, 695)
    paper.rotate(35)
    paper.drawString(0, 0, "2023")
    paper.restoreState()


def crossed_out(paper: Any) -> None:
    paper.drawString(110, 700, "34")
    paper.line(108, 697, 126, 711)
    paper.line(108, 711, 126, 697)


def small_beside(paper: Any) -> None:
    paper.drawString(110, 700, "34")
    paper.setFont("Helvetica", 6)
    paper.drawString(124, 700, "2")


def of_one_width(paper: Any) -> None:
    for number, sign in enumerate("1,234.56"):
        paper.drawString(110 + 6 * number, 700, sign)


def cut_off(paper: Any) -> None:
    path = paper.beginPath()
    path.rect(105, 690, 18.3, 20)
    paper.clipPath(path, stroke=0)
    paper.drawString(110, 700, "347")


PDF: dict[str, tuple[Callable[[Any], None], tuple[str, ...]]] = {
    "plain": (in_state(), ("734",)),
    "white": (in_state(setFillColorRGB=(1, 1, 1)), ("34",)),
    "nearly white": (in_state(setFillColorRGB=(0.98, 0.98, 0.98)), ("34",)),
    "pale": (in_state(setFillColorRGB=(0.9, 0.9, 0.9)), ("⏎734",)),
    "clear": (in_state(setFillAlpha=(0,)), ("34",)),
    "tiny": (in_state(setFont=("Helvetica", 0.5)), ("34",)),
    "never drawn": (invisible, ("34",)),
    "struck": (struck, ("34",)),
    "struck alone": (struck_alone, ("~~77~~",)),
    "covered": (covered, ("34",)),
    "blackened": (blackened, ("□□",)),
    "printed over": (overprinted, ("⏎7⏎3⏎7⏎4", "⏎7⏎7⏎3⏎4")),
    "two lines with room for one": (stacked, ("7⏎34",)),
    "upside down": (upside_down, ("⏎6⏎1",)),
    "mirrored": (mirrored, ("⏎2⏎1",)),
    "lowered": (lowered, ("34 [2]",)),
    "a watermark": (watermark, ("34",)),
    "crossed out": (crossed_out, ("⏎3⏎4",)),
    "small beside": (small_beside, ("34⏎2",)),
    "with a space": (lambda paper: paper.drawString(110, 700, "7 34"), ("7 34",)),
    "cut off": (cut_off, ("3⏎4",)),
    "letters of one width": (of_one_width, ("1,234.56",)),
    "over a rule": (lambda paper: paper.drawString(243, 700, "34"), ("⏎3",)),
}


@each("name", PDF)
def test_a_cell_of_a_pdf_says_what_is_seen(name: str) -> None:
    draw, seen = PDF[name]
    assert pdf_with(draw) in seen


@pytest.mark.parametrize(
    ("first", "clear", "wanted"),
    [("text", False, True), ("picture", False, False), ("text", True, False)],
)
def test_text_under_a_picture_of_the_page_is_not_seen(
    first: str, clear: bool, wanted: bool
) -> None:
    import pypdfium2
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    from extractor.inputs.pdfpage import page_of

    picture = Image.effect_noise((60, 80), 60).convert("RGBA")
    picture.putalpha(60 if clear else 255)
    out = io.BytesIO()
    paper = Canvas(out, pagesize=(400, 500))

    def text() -> None:
        for row in range(10):
            paper.drawString(50, 100 + 30 * row, "words that somebody laid here 123")

    def cover() -> None:
        paper.drawImage(ImageReader(picture), 0, 0, 400, 500, mask="auto")

    for draw in (text, cover) if first == "text" else (cover, text):
        draw()
    paper.save()
    assert page_of(pypdfium2.PdfDocument(out.getvalue()), 1).picture is wanted


def test_a_border_that_ends_too_early_begins_no_row() -> None:
    from reportlab.pdfgen.canvas import Canvas as Paper

    out = io.BytesIO()
    paper = Paper(out)
    for y, x in ((750, 50), (730, 50), (710, 100), (690, 50)):
        paper.line(x, y, 250, y)
    for x in (50, 100, 160, 250):
        paper.line(x, 690, x, 750)
    paper.line(50, 702, 100, 702)  # of the cell on the left, as browsers draw it over a page break
    for x, y, text in ((60, 735, "part"), (110, 735, "row"), (170, 735, "number of it")):
        paper.drawString(x, y, text)
    for x, y, text in ((60, 715, "all"), (110, 715, "a"), (170, 715, "1")):
        paper.drawString(x, y, text)
    for x, y, text in ((110, 695, "b"), (170, 695, "2")):
        paper.drawString(x, y, text)
    paper.save()
    document = decode(out.getvalue(), "p").document
    assert document is not None
    (grid,) = document.grids
    assert [(slot.row, slot.row_span) for slot in grid.slots if slot.column == 2] == [
        (0, 1),
        (1, 1),
        (2, 1),
    ]


def test_a_decimal_point_that_is_drawn_beside_its_box_is_not_lost() -> None:
    for seed in range(3):
        made = report(seed)
        made.blocks = made.blocks[:5]
        text = decode(as_pdf(made), "p").text
        assert f"行政事业性收费\t{made.cells['proactive.fees.amount']}\t" in text


@each(
    ("words", "usual"),
    ROWS["words_beside_the_text_are_usual_or_need_a_look"],
)
def test_words_beside_the_text_are_usual_or_need_a_look(words: str, usual: bool) -> None:
    from extractor.inputs.beside import is_usual

    title = "云岭市林业局2023年政府信息公开工作年度报告\n二、主动公开\n"
    assert is_usual(words, title) is usual


def test_a_picture_in_a_cell_is_no_blank_that_sums_fill() -> None:
    made = report(4)
    key = "requests.granted.business"
    page = as_html(made.marked(key, "987654")).replace(
        "<span>9</span><span>87654</span>", "<img src=x>"
    )
    assert read_source(decode(page.encode(), "p")).verdict == "incomplete"


@pytest.mark.parametrize("turns", [1, 2])
def test_tables_beside_each_other_on_a_sheet_are_two(turns: int) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for side in range(turns):
        for row, line in enumerate((("项", "数"), ("甲", 1), ("乙", 2)), 1):
            for column, value in enumerate(line, 1):
                sheet.cell(row, 3 * side + column, value)
    out = io.BytesIO()
    book.save(out)
    document = decode(out.getvalue(), "b").document
    assert document is not None
    assert len(document.grids) == turns


@pytest.mark.files
def test_an_old_workbook_is_read_as_it_is_shown() -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice, by which the workbook is made")
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (
        ["项", "数"],
        ["甲", 11],
        ["乙", 12],
        ["丙", 13],
        ["丁", 14],
        ["戊", 15],
        ["己", 16],
    ):
        sheet.append(line)
    sheet["B2"].font = Font(strike=True)
    sheet["B3"].font = Font(color="FFFFFFFF")
    sheet["B4"].number_format = '0"万"'
    sheet["B5"].comment = Comment("应为77", "甲")
    sheet.row_dimensions[6].hidden = True
    with tempfile.TemporaryDirectory() as folder:
        book.save(f"{folder}/a.xlsx")
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "xls:MS Excel 97", "--outdir", folder, f"{folder}/a.xlsx"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        text = decode(Path(f"{folder}/a.xls").read_bytes(), "b").text
    assert text.split("\n")[:6] == ["项\t数", "甲\t~~11~~", "乙\t", "丙\t13万", "丁\t14", "己\t16"]
    assert "批注：应为77" in text.replace("\n", "")


def test_lines_that_run_over_pages_are_no_part_of_the_text() -> None:
    def head(canvas: Any, _document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(70, 810, "政府信息公开工作年度报告")
        canvas.drawString(70, 30, f"https://www.example.gov.cn/a.html {canvas.getPageNumber()}/9")

    made = report(3)
    result = read_source(decode(as_pdf(made, page=head), "p"))
    assert (result.verdict, result.report.agency) == ("accepted", made.agency)


def test_a_page_pasted_into_a_page_hides_no_more_than_itself() -> None:
    page = as_html(report(5))
    for tag in ("div style='display:none'", "template"):
        whole = page.replace("<body>", f"<body><{tag}>{as_html(report(6))}</{tag.split()[0]}>")
        assert read_source(decode(whole.encode(), "p")).verdict == "accepted"
