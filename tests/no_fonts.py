"""A machine without fonts: ``python -m tests.no_fonts FILE…`` reads PDFs as one would, and prints their texts as JSON."""

from __future__ import annotations

import ctypes
import json
import sys
import tempfile
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from extractor.source import decode

_FOLDERS = (ctypes.c_char_p * 2)(tempfile.mkdtemp().encode(), None)  # pdfium does not copy it


def without_fonts() -> None:
    """Begin anew with the only fonts in an empty folder."""
    raw.FPDF_DestroyLibrary()
    config = raw.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(_FOLDERS, type(config.m_pUserFontPaths))
    raw.FPDF_InitLibraryWithConfig(config)


def drawn(data: bytes) -> int:
    """How many Chinese signs of the first page pdfium draws by itself."""
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    boxes = (
        text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1) > "一"
    )
    return sum(top - low > 0.1 for _, low, _, top in boxes)


if __name__ == "__main__":
    without_fonts()
    files = {path: Path(path).read_bytes() for path in sys.argv[1:]}
    assert sum(map(drawn, files.values())) == 0
    json.dump({path: decode(data, "p").text for path, data in files.items()}, sys.stdout)
