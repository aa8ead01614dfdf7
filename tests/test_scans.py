"""Scans: figures are recognised at least twice, and what the recognitions read differently is never taken."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extractor.inputs import scan
from extractor.inputs.limits import RefusedError
from extractor.inputs.pdfpage import Page
from extractor.inputs.pdfpage import page_of as pdf_page
from extractor.inputs.scans import looks
from extractor.inputs.scans.engine import Engine, Seen, engine
from extractor.inputs.scans.pages import page_of
from extractor.inputs.scans.paper import straight
from extractor.pipeline import read_source
from extractor.source import SourceText, decode
from tests.inputs_documents import Report, as_html, report
from tests.scanned_pages import as_scan, drawn, scanned, worn
from verify.document.model import Doubt
from verify.schema import Result


def wrong_cells(made: Report, result: Result) -> dict[str, Any]:
    return {
        name: (cell.value, made.cells[name])
        for name, cell in result.cells.items()
        if cell.value is not None and float(cell.value) != float(made.cells[name])
    }


@pytest.mark.parametrize(
    "whole", [pytest.param(True, marks=pytest.mark.scans), False], ids=["whole", "table_four"]
)
def test_a_worn_scan_is_read_has_its_places_and_suspects_are_looked_at_again(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = report(2)
    recognised = []

    def kept(*given: Any) -> Any:
        recognised.append(page_of(*given))
        return recognised[-1]

    monkeypatch.setattr("extractor.inputs.scans.pages.page_of", kept)
    if not whole:
        made.blocks = made.blocks[7:9]
    clean = drawn(made, 150, size=10.5)
    pages = [
        worn(page, 2, tilt=1.2, noise=6, specks=0.0005, quality=60, pale=0.2) for page in clean
    ]
    result = read_source(decode(as_scan(pages, 150), "scan.pdf"))
    assert wrong_cells(made, result) == {}
    given = [cell for cell in result.cells.values() if cell.value is not None]
    assert len(given) >= (0.95 * len(result.cells) if whole else 15)
    assert result.verdict in ("accepted", "completed", "unconfirmed", "incomplete")
    assert result.provenance.source.renderer == "scan/2"
    for cell in given:
        assert cell.place is not None
        assert cell.place.page is not None
        assert cell.place.box is not None
        k = 150 / 72
        x0, y0, x1, y1 = (value * k for value in cell.place.box)
        part = np.asarray(pages[cell.place.page - 1].convert("L"))[
            round(y0) - 2 : round(y1) + 3, round(x0) - 2 : round(x1) + 3
        ]
        assert part.min() < 130, cell  # there is ink where the figure is said to stand
    sum_of_four = made.cells["proceedings.reconsideration.total"]
    last = next(f for f in recognised[-1].figures if f.text == sum_of_four)
    misread = replace(last, text=str(int(last.text) + 1))
    assert not looks.confirmed(recognised[-1].paper, misread)
    assert looks.confirmed(recognised[-1].paper, last)


@pytest.mark.parametrize("turns", [*(pytest.param(n, marks=pytest.mark.scans) for n in (1, 2)), 3])
def test_a_page_that_lies_on_its_side_or_its_head_is_turned(turns: int) -> None:
    page = drawn(report(4), 120)[0]
    given = np.rot90(np.asarray(page), turns).copy()
    paper, _ = straight(given, 120 / 200, 200 / 72)
    high, wide = paper.image.shape[:2]
    assert high > wide
    top = paper.box_of((0, 0, 10, 10))
    corner = {1: (0, 595), 2: (595, 842), 3: (842, 0)}[turns]
    assert abs(top[0] - corner[0]) < 12
    assert abs(top[1] - corner[1]) < 12


class Scripted(Engine):
    """Recognises what it is told to, look after look."""

    def __init__(self, said: list[str]) -> None:
        self.said = iter(said)

    def read(self, pictures: Any, narrowest: int = 160) -> list[Seen]:  # noqa: ARG002
        return [Seen(next(self.said), 1.0) for _ in pictures]


@pytest.mark.parametrize(
    ("first", "later", "text", "sure"),
    [
        ("12", ["12"], "12", "agreed"),
        ("0.", ["0"], "0", "agreed"),  # a speck, which the second look does not take along
        ("12", ["18", "12", "12"], "12", "unsure"),
        ("12", ["18", "12", "18"], None, "unread"),
        ("", ["", "", ""], looks.UNREAD, "unread"),
        ("O", ["0"], "0", "agreed"),
        ("1.5", ["15", "15", "1.5"], None, "unread"),
    ],
)
def test_what_looks_differ_on_is_not_taken(
    first: str, later: list[str], text: str | None, sure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Image.new("RGB", (120, 60), (255, 255, 255))
    page.paste((0, 0, 0), (40, 20, 52, 40))
    network = Scripted(later)
    monkeypatch.setattr(looks, "engine", lambda: network)
    paper = _flat(page)
    ink = np.where(np.asarray(page.convert("L")) < 99, 255, 0).astype(np.uint8)
    (found,) = looks.look_again(paper, ink, [((5, 5, 110, 55), first)])
    assert found is not None
    assert found.sure == sure
    assert text is None or found.text == text


def _flat(page: Image.Image) -> Any:
    from extractor.inputs.scans.paper import Paper

    image = np.asarray(page)
    back = np.array([[1.0, 0, 0], [0, 1, 0]])
    return Paper(image, 200 / 72, back, image, 1.0)


def _doubted(made: Report, cell: str, *, unsure: bool) -> Result:
    source = decode(as_html(made).encode("gb18030"), "r.html")
    assert source.document is not None
    span = read_source(source).cells[cell].span
    assert span is not None
    document = replace(source.document, doubts=(Doubt(span, unsure),))
    return read_source(SourceText("r", source.text, source.sha256, "utf-8", document))


def test_a_doubtful_figure_accuses_nobody_and_passes_nothing() -> None:
    cell = "requests.granted.total"
    whole = report(6)
    assert _doubted(whole, cell, unsure=True).verdict == "unconfirmed"
    unread = _doubted(whole, cell, unsure=False)
    assert unread.cells[cell].state == "unreadable"
    assert unread.cells[cell].value is None  # what would balance is not put over what is printed
    assert unread.verdict == "incomplete"
    broken = report(6)
    for block in broken.blocks:
        for line in block if isinstance(block, list) else ():
            for number, box in enumerate(line):
                if box.key == cell:
                    line[number] = replace(box, text=str(int(box.text) + 1))
    for unsure in (True, False):
        assert _doubted(broken, cell, unsure=unsure).verdict != "inconsistent"
    plain = decode(as_html(broken).encode("gb18030"), "r.html")
    assert read_source(plain).verdict == "inconsistent"


def test_without_the_extra_one_line_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "rapidocr" else real(name, *a)
    )
    out = io.BytesIO()
    Image.new("RGB", (400, 600), (200, 200, 200)).save(out, "PNG")
    for data in (out.getvalue(), as_scan([Image.open(out)], 100)):
        with pytest.raises(RefusedError) as caught:
            decode(data, "scan")
        assert caught.value.code == "scan"
        assert "gouji[scan]" in str(caught.value)
        assert "gouji[scan]" in caught.value.zh


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_pictures_of_every_kind_are_pages(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def page_of(image: Any, scale: float, number: int) -> Any:
        seen.append((image.shape, scale, number))
        raise RefusedError("pages", 1)

    monkeypatch.setattr("extractor.inputs.scans.pages.page_of", page_of)
    out = io.BytesIO()
    Image.new("RGB", (595, 842), (255, 255, 255)).save(out, kind)
    with pytest.raises(RefusedError):
        decode(out.getvalue(), "page")
    assert seen == [((842, 595, 3), 1.0, 1)]


def test_an_empty_page_is_no_report() -> None:
    out = io.BytesIO()
    Image.new("RGB", (595, 842), (255, 255, 255)).save(out, "PNG")
    assert read_source(decode(out.getvalue(), "white.png")).verdict == "unsupported"


def _page(mode: int, paint: str, lines: int) -> Page:
    """A page of a PDF with a picture, and lines of text that are drawn in some way and colour."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    paper = Canvas(out, pagesize=(595, 842))
    paper.drawImage(ImageReader(Image.new("RGB", (90, 90), (200, 90, 90))), 20, 740, 90, 90)
    for line in range(lines):
        text = paper.beginText(60, 700 - 20 * line)
        text.setTextRenderMode(mode)
        text.setFillColor(paint)
        text.textOut("Total 12345 of 67890")
        paper.drawText(text)
    paper.save()
    with pypdfium2.PdfDocument(out.getvalue()) as opened:
        return pdf_page(opened, 1)


def test_a_page_whose_text_is_not_seen_is_a_picture_and_one_with_a_seal_is_none() -> None:
    searched = _page(mode=3, paint="black", lines=8)  # as scanners add it
    assert searched.picture
    white = _page(mode=0, paint="white", lines=8)
    assert white.picture
    assert not white.glyphs
    sealed = _page(mode=0, paint="black", lines=8)
    assert not sealed.picture
    assert len(sealed.glyphs) == 8 * len("Total12345of67890")


@pytest.mark.scans
@pytest.mark.parametrize("seed", range(100, 112))
def test_many_scans_have_no_wrong_cell_and_accuse_nobody(seed: int) -> None:
    made, dpi = report(seed), Random(seed).choice((120, 150, 200, 300))
    result = read_source(decode(as_scan(scanned(seed, made, dpi), dpi), "scan.pdf"))
    assert wrong_cells(made, result) == {}
    assert result.verdict in ("accepted", "completed", "unconfirmed", "incomplete")


def test_the_networks_are_those_of_the_wheel() -> None:
    assert engine() is engine()
    assert len(engine().read([np.full((30, 30, 3), 255, np.uint8)])) == 1
    assert scan.sniff(b"\x89PNG\r\n") == 100
