"""Files of each kind with what such files really hold, and what became of each: a table by kind and damage.

``python -m tests.files_generated --documents 300`` writes as many, reads each and counts: *read* (accepted,
every cell as a person sees it, places lead back), *refused* (not accepted), *silent* (accepted and wrong),
*accused* (an agency is said to have erred: each report adds up). Harmless damage has to be read; what changes the
meaning of a figure must never pass.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from extractor.inputs.limits import RefusedError
from extractor.pipeline import read_source
from extractor.source import decode
from tests.inputs_documents import Report, as_docx, as_html, as_pdf, as_xlsx, reader_of, report
from tests.scanned_pages import font_file

MARK = 987654
"""Stands in the cell that a damage concerns until it is made."""
_SPLIT = "<span>9</span><span>87654</span>"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a file.

    Attributes:
        make: From the report, with `MARK` in one cell, and the figure of that cell, to the file.
        harmless: A person still reads every figure, and so has the program to.
    """

    make: Callable[[Report, str], bytes]
    harmless: bool = False


# --- web pages


def _page(inner: str, *, harmless: bool = False, head: str = "", **how: bool) -> Damage:
    def make(made: Report, figure: str) -> bytes:
        text = as_html(made, **how).replace(_SPLIT, inner.replace("@", figure))
        return text.replace("</head>", head.replace("@", figure) + "</head>").encode("gb18030")

    return Damage(make, harmless)


HTML = {
    "clean": _page("@", harmless=True),
    "menus": _page("@", harmless=True, chrome=True),
    "unclosed": _page("@", harmless=True, chrome=True, broken=True),
    "hidden column": _page("@", harmless=True, hidden=True),
    "hidden figure": _page("<i style='display:none'>7</i>@", harmless=True),
    "struck figure": _page("<del>7</del>@", harmless=True),
    "raised note": _page("@<sup>1</sup>"),
    "figure by a style": _page(
        "<i class=q></i>", head="<style>.q::before{content:'@'}</style>", harmless=True
    ),
    "counter": _page("<i class=q>@</i>", head="<style>.q::before{content:counter(a)}</style>"),
    "minus as a picture": _page("<img src=minus.png>@"),
    "two lines": _page("@<br>7"),
    "words": _page("@（应为7）"),
    "struck alone": _page("<s>@</s>"),
    "white": _page("<i style='color:#fff'>@</i>"),
    "watermark": _page("@<div class=watermark style='position:fixed'>样表</div>"),
}


# --- Word


def _word(change: Callable[[Any, Any, str], None], *, harmless: bool = False) -> Damage:
    def make(made: Report, figure: str) -> bytes:
        import docx

        document = docx.Document(io.BytesIO(as_docx(made)))
        cell = next(
            cell for table in document.tables for cell in table._cells if cell.text == str(MARK)
        )
        cell.paragraphs[0].runs[0].text = figure
        change(document, cell, figure)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return Damage(make, harmless)


def _moved(made: Report, figure: str) -> bytes:
    for block in made.blocks:
        for line in () if isinstance(block, str) else block:
            line[:] = [box.with_text(figure) if box.text == str(MARK) else box for box in line]
    return as_docx(made, tracked=True)


def _run(text: str, **font: Any) -> Callable[[Any, Any, str], None]:
    def change(_document: Any, cell: Any, _figure: str) -> None:
        run = cell.paragraphs[0].add_run(text)
        for name, value in font.items():
            setattr(run.font, name, value)

    return change


def _own(**font: Any) -> Callable[[Any, Any, str], None]:
    def change(_document: Any, cell: Any, _figure: str) -> None:
        for name, value in font.items():
            setattr(cell.paragraphs[0].runs[0].font, name, value)

    return change


def _comment(document: Any, cell: Any, _figure: str) -> None:
    document.add_comment(cell.paragraphs[0].runs, text="应为7")


def _comment_on_title(document: Any, _cell: Any, _figure: str) -> None:
    document.add_comment(document.paragraphs[0].runs, text="请勿使用")


def _header(text: str) -> Callable[[Any, Any, str], None]:
    def change(document: Any, _cell: Any, _figure: str) -> None:
        document.sections[0].header.paragraphs[0].text = text

    return change


def _watermark(document: Any, _cell: Any, _figure: str) -> None:
    from docx.oxml import parse_xml

    run = document.sections[0].header.paragraphs[0].add_run()
    run._r.append(
        parse_xml(
            '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:v="urn:schemas-microsoft-com:vml"><v:shape type="#t136">'
            '<v:textpath string="征求意见稿"/></v:shape></w:pict>'
        )
    )


DOCX = {
    "clean": _word(lambda *_: None, harmless=True),
    "moved text": Damage(_moved, harmless=True),
    "hidden text": _word(_run("7", hidden=True), harmless=True),
    "struck text": _word(_run("7", strike=True), harmless=True),
    "page number": _word(_header("第1页 共5页"), harmless=True),
    "raised note": _word(_run("1", superscript=True)),
    "struck alone": _word(_own(strike=True)),
    "hidden figure": _word(_own(hidden=True)),
    "comment": _word(_comment),
    "comment on the title": _word(_comment_on_title),
    "running head": _word(_header("样表")),
    "watermark": _word(_watermark),
    "two paragraphs": _word(lambda _d, cell, _f: cell.add_paragraph("7") and None),
    "words": _word(_run("（应为7）")),
}


# --- Excel


def _book(
    change: Callable[[Any, Any, str], None], *, harmless: bool = False, hidden: bool = False
) -> Damage:
    def make(made: Report, figure: str) -> bytes:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made, hidden=hidden)))
        cells = (cell for row in book.worksheets[0].iter_rows() for cell in row)
        cell = next(cell for cell in cells if cell.value == MARK)
        cell.value = float(figure)
        change(book, cell, figure)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return Damage(make, harmless)


def _set(**values: Any) -> Callable[[Any, Any, str], None]:
    def change(_book: Any, cell: Any, _figure: str) -> None:
        for name, value in values.items():
            setattr(cell, name, value)

    return change


def _cell_comment(_book: Any, cell: Any, _figure: str) -> None:
    from openpyxl.comments import Comment

    cell.comment = Comment("应为7", "x")


def _white(_book: Any, cell: Any, _figure: str) -> None:
    from openpyxl.styles import Font

    cell.font = Font(color="FFFFFFFF")


def _named(name: str) -> Callable[[Any, Any, str], None]:
    def change(book: Any, _cell: Any, _figure: str) -> None:
        book.worksheets[0].title = name

    return change


def _leaf(text: str, name: str = "说明", *, seen: bool = True) -> Callable[[Any, Any, str], None]:
    def change(book: Any, _cell: Any, _figure: str) -> None:
        sheet = book.create_sheet(name)
        sheet["A1"] = text
        sheet.sheet_state = "visible" if seen else "hidden"

    return change


def _other_year(book: Any, _cell: Any, _figure: str) -> None:
    sheet = book.copy_worksheet(book.worksheets[0])
    sheet["A1"] = str(sheet["A1"].value).replace("2023", "2022")


def _far(_book: Any, cell: Any, _figure: str) -> None:
    cell.parent.cell(cell.row, 30, "全县合计")


def _printed(_book: Any, cell: Any, _figure: str) -> None:
    cell.parent.oddHeader.center.text = "样表"


XLSX = {
    "clean": _book(lambda *_: None, harmless=True),
    "hidden sheet and column": _book(lambda *_: None, harmless=True, hidden=True),
    "hidden note": _book(_leaf("收费单位为元", seen=False), harmless=True),
    "sheet of the year": _book(_named("2023年年报"), harmless=True),
    "decimals": _book(_set(number_format="0.00"), harmless=True),
    "sheet 作废": _book(_named("作废")),
    "sheet of a half year": _book(_named("2022年上半年")),
    "note on a sheet": _book(_leaf("收费单位为元")),
    "two reports": _book(_other_year),
    "far cell": _book(_far),
    "comment": _book(_cell_comment),
    "running head": _book(_printed),
    "white": _book(_white),
    "format that hides": _book(_set(number_format=";;;")),
    "format 万": _book(_set(number_format='0"万"')),
    "format of thousands": _book(_set(number_format="0,")),
    "error": _book(_set(value="#REF!")),
    "formula without value": _book(_set(value="=1+1")),
}


# --- PDF

Draw = Callable[[Any, str], None]


def _drawn(draw: Draw | None = None, *, harmless: bool = False, **how: Any) -> Damage:
    def make(made: Report, figure: str) -> bytes:
        def cell(canvas: Any, text: str) -> None:
            (draw or _plain)(canvas, text.replace(str(MARK), figure))

        return as_pdf(made, target=str(MARK), draw=cell, **how)

    return Damage(make, harmless)


def _plain(canvas: Any, text: str) -> None:
    canvas.drawString(4, 2, text)


def _with(*before: tuple[str, tuple[Any, ...]], text: str = "@") -> Draw:
    def draw(canvas: Any, figure: str) -> None:
        canvas.saveState()
        for name, values in before:
            getattr(canvas, name)(*values)
        canvas.drawString(4, 2, text.replace("@", figure))
        canvas.restoreState()

    return draw


def _minus(canvas: Any, figure: str) -> None:
    _plain(canvas, figure)
    canvas.line(0, 4.5, 3, 4.5)


def _point(canvas: Any, figure: str) -> None:
    canvas.drawString(4, 2, f"{figure} 7")
    canvas.circle(4.7 + canvas.stringWidth(figure, "STSong-Light", 7), 2.5, 0.5, stroke=0, fill=1)


def _pasted(canvas: Any, figure: str) -> None:
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader

    _plain(canvas, figure)
    picture = Image.new("RGB", (40, 20), "white")
    ImageDraw.Draw(picture).text((4, 4), "777", fill="black")
    canvas.drawImage(ImageReader(picture), 2, 0, 20, 9)


def _whitened(canvas: Any, figure: str) -> None:
    canvas.drawString(4, 2, "777")
    canvas.setFillGray(1)
    canvas.rect(2, 0, 22, 8.5, stroke=0, fill=1)
    canvas.setFillGray(0)
    _plain(canvas, figure)


def _never(canvas: Any, figure: str) -> None:
    text = canvas.beginText(4, 2)
    text.setTextRenderMode(3)
    text.textOut(figure)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def _clipped(canvas: Any, figure: str) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(0, -20, 2, 10)
    canvas.clipPath(path, stroke=0)
    _plain(canvas, figure)
    canvas.restoreState()


def _struck(canvas: Any, figure: str) -> None:
    _plain(canvas, figure)
    canvas.line(3, 4.5, 6 + canvas.stringWidth(figure, "STSong-Light", 7), 4.5)


def _across(canvas: Any, _document: Any) -> None:
    canvas.saveState()
    canvas.setFont("STSong-Light", 60)
    canvas.setFillGray(0.9)
    canvas.translate(150, 300)
    canvas.rotate(45)
    canvas.drawString(0, 0, "样表")
    canvas.restoreState()


PDF = {
    "clean": _drawn(harmless=True),
    "fake bold": _drawn(harmless=True, bold=True),
    "sideways": _drawn(harmless=True, turned=True),
    "whitened and written anew": _drawn(_whitened, harmless=True),
    "minus as a line": _drawn(_minus),
    "point as a circle": _drawn(_point),
    "picture over the figure": _drawn(_pasted),
    "invisible": _drawn(_never),
    "white": _drawn(_with(("setFillGray", (1,)))),
    "clipped": _drawn(_clipped),
    "struck": _drawn(_struck),
    "words": _drawn(_with(text="@应为7")),
    "watermark": _drawn(page=_across),
}


def _as_fpdf(made: Report, figure: str, after: Callable[[Any], None] | None = None) -> bytes:
    """The same by another producer, with another font."""
    import fpdf

    page = fpdf.FPDF()
    page.add_font("f", "", font_file())
    page.add_page()
    page.set_font("f", size=6)
    for block in made.blocks:
        if isinstance(block, str):
            page.multi_cell(0, 5, block, new_x="LMARGIN", new_y="NEXT")
            continue
        wide = max(sum(box.columns for box in line) for line in block)
        with page.table(
            first_row_as_headings=False,
            col_widths=(3, 4, 9, *[3] * 7) if wide == 10 else [1] * wide,
            line_height=4,
        ) as table:
            for line in block:
                row = table.row()
                for box in line:
                    text = figure if box.text == str(MARK) else box.text
                    row.cell(text, colspan=box.columns, rowspan=box.rows)
    if after is not None:
        after(page)
    return bytes(page.output())


def _across_fpdf(page: Any) -> None:
    page.page = 1
    page.set_font("f", size=60)
    page.set_text_color(230)
    with page.rotation(45, 60, 200):
        page.text(60, 200, "样表")


FPDF = {
    "clean": Damage(_as_fpdf, harmless=True),
    "watermark": Damage(lambda made, figure: _as_fpdf(made, figure, _across_fpdf)),
}
KINDS = {"html": HTML, "word": DOCX, "excel": XLSX, "pdf": PDF, "pdf by fpdf2": FPDF}
NAMES = tuple((kind, name) for kind, damages in KINDS.items() for name in damages)


def outcome(kind: str, name: str, seed: int) -> tuple[str, str]:
    """``read``, ``refused``, ``silent`` or ``accused``, and why, of a generated file."""
    damage = KINDS[kind][name]
    rng = Random(f"{kind} {name} {seed}")
    made = report(rng.randrange(10**6))
    counts = [key for key, text in made.cells.items() if text.isdigit()]
    key = rng.choice(counts)
    figure = made.cells[key]
    data = damage.make(made.marked(key, str(MARK)), figure)
    source = decode(data, "report")
    result = read_source(source)
    if result.verdict == "inconsistent":
        return "accused", key
    if result.verdict not in ("accepted", "completed"):
        return "refused", f"{result.verdict} {key}"
    if not damage.harmless and result.cells[key].state != "deduced":
        return "silent", f"passed {key}"
    for cell, text in made.cells.items():
        if str(result.cells[cell].value) != text:
            return "silent", f"{cell} {result.cells[cell].value} {text}"
    read_back = reader_of(kind, data, source)
    for cell in rng.sample(sorted(made.cells), 20):
        place = result.cells[cell].place
        if cell != key and (place is None or read_back(place.as_dict()) != made.cells[cell]):
            return "silent", f"place of {cell}"
    return "read", ""


def main(arguments: list[str] | None = None) -> int:
    """Generate, read, count and print; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=tuple(KINDS))
    options = parser.parse_args(arguments)
    names = [one for one in NAMES if options.kind in (None, one[0])]
    table: dict[tuple[str, str], Counter[str]] = {one: Counter() for one in names}
    wrong = []
    for number in range(options.documents):
        kind, name = names[number % len(names)]
        try:
            found, why = outcome(kind, name, options.seed + number)
        except RefusedError as refused:
            found, why = "refused", str(refused)
        table[kind, name][found] += 1
        if found in ("silent", "accused") or (found == "refused" and KINDS[kind][name].harmless):
            wrong.append(f"{kind}, {name}, --seed {options.seed + number}: {found} {why}")
    sys.stdout.write(f"{'':44}{'silent':>8}{'accused':>8}{'refused':>8}{'read':>8}\n")
    for (kind, name), counts in table.items():
        row = "".join(f"{counts[one]:8}" for one in ("silent", "accused", "refused", "read"))
        sys.stdout.write(f"{kind + ', ' + name:44}{row}\n")
    total = sum(table.values(), Counter())
    row = "".join(f"{total[one]:8}" for one in ("silent", "accused", "refused", "read"))
    sys.stdout.write(f"{'all':44}{row}\n" + "".join(f"{one}\n" for one in wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
