"""What reading a file costs beside what its library takes to open and walk it: ``python benchmarks/inputs.py [RUNS]``.

One line a kind: milliseconds here, of the library alone, and their ratio, each the best of the runs, taken in turn in
one process so that a busy machine weighs on both alike. The library's walk touches what any reader has to: of a web page
every node and text, of Word every paragraph and cell, of a workbook every cell, of a PDF every character with its
box and every object, and the page drawn once.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extractor import inputs
from tests.inputs_documents import as_docx, as_html, as_pdf, as_xlsx, report

_RUNS = 5
_LEAST = 0.3  # seconds of a measurement


def walk_html(data: bytes) -> None:
    """With lxml for the tree and the parser of the standard library for where its texts stand."""
    from html.parser import HTMLParser

    from lxml import html

    class Parser(HTMLParser):
        def handle_data(self, data: str) -> None:
            _ = data, self.getpos()

    text = data.decode()
    for one in html.fromstring(text).iter():
        _ = one.tag, one.text, one.tail, dict(one.attrib)
    Parser().feed(text)


def walk_docx(data: bytes) -> None:
    """With python-docx."""
    import docx

    document = docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for cell in table._cells:  # noqa: SLF001 - its own way is quadratic
            _ = cell.text


def walk_xlsx(data: bytes) -> None:
    """With openpyxl."""
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True):
        for row in sheet.iter_rows():
            for cell in row:
                _ = cell.value, cell.number_format, cell.font, cell.fill


def walk_pdf(data: bytes) -> None:
    """With pypdfium2."""
    import pypdfium2

    opened = pypdfium2.PdfDocument(io.BytesIO(data))
    for page in opened:
        text = page.get_textpage()
        for number in range(text.count_chars()):
            _ = text.get_text_range(number, 1), text.get_charbox(number, loose=True)
        for one in page.get_objects():
            _ = one.type, one.get_bounds()
        page.render(scale=3, grayscale=True)


def _time(run: Callable[[bytes], Any], data: bytes) -> float:
    """Seconds of one run; as often as the clock of the process needs to tell."""
    begun, count = process_time(), 0
    while (spent := process_time() - begun) < _LEAST:
        run(data)
        count += 1
    return spent / count


def main(runs: int) -> None:
    """Measure and print."""
    made = report(1)
    files = {
        "html": (as_html(made).encode(), walk_html),
        "docx": (as_docx(made), walk_docx),
        "xlsx": (as_xlsx(made), walk_xlsx),
        "pdf": (as_pdf(made), walk_pdf),
    }
    for kind, (data, walk) in files.items():
        pairs = [(_time(inputs.read, data), _time(walk, data)) for _ in range(runs + 1)][1:]
        ours, theirs = (min(times) * 1000 for times in zip(*pairs, strict=True))
        sys.stdout.write(f"{kind:6}{ours:9.1f} ms{theirs:9.1f} ms{ours / theirs:7.2f}\n")
    code = "import sys, extractor.source; print(sum(m in sys.modules for m in {!r}))"
    heavy = ("lxml", "docx", "openpyxl", "pypdfium2", "tinycss2", "cv2", "numpy")
    loaded = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", code.format(heavy)], capture_output=True, text=True, check=True
    )
    sys.stdout.write(f"parsers loaded with the reading of text: {loaded.stdout.strip()}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _RUNS)
