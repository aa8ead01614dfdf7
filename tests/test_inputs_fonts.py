"""A PDF whose Chinese font is neither in it nor on the machine is read, and what it hides stays hidden."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.pipeline import read_text
from tests.box_font import PATH, made
from tests.inputs_documents import as_pdf, report


def _plain(paper: Any) -> None:
    paper.drawString(110, 700, "作废")


def _in_state(**how: Any) -> Callable[[Any], None]:
    def draw(paper: Any) -> None:
        paper.saveState()
        for name, value in how.items():
            getattr(paper, name)(*value)
        _plain(paper)
        paper.restoreState()

    return draw


def _invisible(paper: Any) -> None:
    text = paper.beginText(110, 700)
    text.setTextRenderMode(3)
    text.textOut("作废")
    paper.drawText(text)


def _clipped(paper: Any) -> None:
    path = paper.beginPath()
    path.rect(110, 690, 300, 5)
    paper.clipPath(path, stroke=0)
    _plain(paper)


def _covered(paper: Any) -> None:
    _plain(paper)
    paper.setFillGray(1)
    paper.rect(108, 697, 30, 14, stroke=0, fill=1)


def _pasted(paper: Any) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    _plain(paper)
    paper.drawImage(ImageReader(Image.new("RGB", (40, 20), "black")), 108, 697, 30, 14)


def _struck(paper: Any) -> None:
    _plain(paper)
    paper.line(109, 703.5, 136, 703.5)


SEEN: dict[str, tuple[Callable[[Any], None], str]] = {
    "plain": (_plain, "作废34"),
    "red": (_in_state(setFillColorRGB=(1, 0, 0)), "作废34"),
    "white": (_in_state(setFillGray=(1,)), "34"),
    "clear": (_in_state(setFillAlpha=(0,)), "34"),
    "outside": (_in_state(translate=(900, 0)), "34"),
    "never drawn": (_invisible, "34"),
    "clipped": (_clipped, "34"),
    "covered": (_covered, "34"),
    "under a picture": (_pasted, "□□34"),
    "struck": (_struck, "34"),
}


def _page(draw: Callable[[Any], None]) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    paper = Canvas(out)
    for at in (690, 720, 750):
        paper.line(50, at, 250, at)
    for at in (50, 100, 250):
        paper.line(at, 690, at, 750)
    paper.setFont("STSong-Light", 12)
    for x, y, text in ((60, 730, "项"), (110, 730, "数"), (60, 700, "规章")):
        paper.drawString(x, y, text)
    paper.drawString(60, 600, "本局认真贯彻落实条例，稳步推进政府信息公开各项工作。")
    paper.saveState()
    draw(paper)
    paper.restoreState()
    paper.drawString(140, 700, "34")
    paper.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is read of each page, and of a report, where there are no fonts."""
    folder = tmp_path_factory.mktemp("pages")
    files = {name: _page(draw) for name, (draw, _) in SEEN.items()} | {"report": as_pdf(report(1))}
    paths = {name: folder / f"{number}.pdf" for number, name in enumerate(files)}
    for name, path in paths.items():
        path.write_bytes(files[name])
    command = [sys.executable, "-m", "tests.no_fonts", *map(str, paths.values())]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, check=True, capture_output=True, cwd=root)  # noqa: S603
    found = json.loads(done.stdout)
    return {name: found[str(path)] for name, path in paths.items()}


def test_a_report_in_a_font_that_is_nowhere_is_read(texts: dict[str, str]) -> None:
    result = read_text(texts["report"])
    assert {name: cell.text for name, cell in result.cells.items()} == report(1).cells


@pytest.mark.parametrize("name", SEEN)
def test_what_is_hidden_stays_so_without_its_font(name: str, texts: dict[str, str]) -> None:
    assert texts[name].split("\n")[1] == f"规章\t{SEEN[name][1]}"


def test_the_font_of_boxes_is_the_one_that_its_maker_makes() -> None:
    assert PATH.read_bytes() == made()
