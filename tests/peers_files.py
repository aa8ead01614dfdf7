"""Documents of other libraries' tests, read: no crash, no hang, and their tables held against what the library says.

``python -m tests.peers_files DIRECTORY`` reads every file under it that is of a kind known here (``.dat`` of html5lib
holds many pages, one after ``#data`` each). For Word and Excel files, and PDF where pdfplumber is installed, the texts of
cells of all tables are compared, each cell once; every difference is a line.
"""

from __future__ import annotations

import io
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.errors import InputError
from extractor.source import decode
from tests.fuzzed_files import no_recognition
from verify.document.model import Document

_KINDS = (".docx", ".xlsx", ".xlsm", ".xls", ".pdf", ".html", ".htm", ".dat")


def pages_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a path."""
    data = path.read_bytes()
    if path.suffix != ".dat":
        yield str(path), data
        return
    for number, part in enumerate(data.split(b"#data\n")[1:], 1):
        page = part.split(b"\n#errors")[0].split(b"\n#document")[0]
        yield f"{path} {number}", b"<!doctype html>" + page


def said_by(document: Document) -> Counter[str]:
    """The texts of all cells of its tables."""
    return Counter(
        squeezed(document.text[slice(*slot.span)])
        for grid in document.grids
        for slot in grid.slots
        if slot.span is not None
    )


def said_by_library(suffix: str, data: bytes) -> Counter[str] | None:
    """The same as the library of the kind says it; None for a kind without one."""
    found: list[Any] = []
    if suffix == ".docx":
        import docx

        found = [
            cell.text
            for table in docx.Document(io.BytesIO(data)).tables
            for cell in {id(one._tc): one for one in table._cells}.values()
        ]
    elif suffix in (".xlsx", ".xlsm"):
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        found = [v for sheet in book.worksheets for row in sheet.values for v in row]
    elif suffix == ".pdf":
        try:
            import pdfplumber
        except ImportError:
            return None
        with pdfplumber.open(io.BytesIO(data)) as pages:
            found = [
                text
                for page in pages.pages
                for table in page.extract_tables()
                for row in table
                for text in row
            ]
    else:
        return None
    texts = (squeezed(str(one)) for one in found if one is not None)
    return Counter(text for text in texts if text)


def squeezed(text: str) -> str:
    """Without blanks, which each library sets in its own way."""
    return "".join(text.split())


def main(arguments: list[str]) -> int:
    """Read all and tell; 1 for a crash or a hang."""
    done, refused, alike, bad = 0, 0, 0, 0
    for path in sorted(Path(arguments[0]).rglob("*")):
        if path.suffix.lower() not in _KINDS or not path.is_file():
            continue
        for name, data in pages_of(path):
            begun = time.process_time()
            done += 1
            try:
                with no_recognition():
                    document = decode(data, name).document
            except InputError as error:
                refused += 1
                sys.stdout.write(f"refused: {error}\n")
                continue
            except Exception as error:  # noqa: BLE001 - what is looked for
                bad += 1
                sys.stdout.write(f"CRASH {name}: {type(error).__name__} {error}\n")
                continue
            if time.process_time() - begun > 20:
                bad += 1
                sys.stdout.write(f"HANG {name}\n")
            if document is None:
                continue
            try:
                theirs = said_by_library(path.suffix.lower(), data)
            except Exception as error:  # noqa: BLE001 - of the library
                sys.stdout.write(f"{name}: the library fails: {type(error).__name__}\n")
                continue
            if theirs is None:
                continue
            ours = said_by(document)
            alike += ours == theirs
            if ours != theirs:
                more, less = list((ours - theirs).elements()), list((theirs - ours).elements())
                sys.stdout.write(f"{name}: here alone {more[:5]}, there alone {less[:5]}\n")
    sys.stdout.write(f"{done} files, {refused} refused, {alike} with the same cells, {bad} bad\n")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
