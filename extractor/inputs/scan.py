"""Scans: pictures of pages (PNG, JPEG, TIFF) and PDFs whose pages are pictures.

Needs the extra ``scan``. Every figure is recognised at least twice, independently (`extractor.inputs.scans`);
where the recognitions differ it is marked in the document, and the verifier does not take it. Where sums fail
with figures on which they agree, the suspects are looked at again, larger.
"""

from __future__ import annotations

import importlib.util
import io
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from extractor.inputs import packed
from extractor.inputs.canvas import Canvas
from extractor.inputs.limits import MOST_PIXELS, MOST_SCANNED, MOST_SECONDS, RefusedError, within
from extractor.inputs.pdf import placed, write
from extractor.inputs.pdfpage import Page
from verify.document.model import Document

if TYPE_CHECKING:
    from extractor.inputs.scans.engine import Image
    from extractor.inputs.scans.pages import Scanned

RENDERER = "scan/2"
_KINDS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_NEEDED = ("cv2", "numpy", "onnxruntime", "PIL", "rapidocr")
_LONG_SIDE = 842.0  # points of the longer side of a page of unknown size: A4
_FINEST = 400 / 72  # pixels of a point, at which pages of a PDF are drawn
_SECONDS = 20.0  # of a page, before the first has told


def sniff(head: bytes) -> int:
    """100 for a picture."""
    return 100 if any(head.startswith(begin) for begin, _ in _KINDS) else 0


def read(data: bytes) -> Document:
    """The document of a picture of a page, or of several pages in a TIFF.

    Raises:
        RefusedError: Damaged, beyond a limit, or the extra is not installed.
    """
    _need()
    media = next(kind for begin, kind in _KINDS if data.startswith(begin))
    scanned = list(_recognised(_pictures(data)))
    return _document(media, [one.page for one in scanned], scanned)


def read_pages(opened: Any, pages: Sequence[Page], pictures: Sequence[int]) -> Document:
    """The document of a PDF some of whose pages are pictures.

    Args:
        opened: The PDF.
        pages: All its pages as they are without recognition.
        pictures: Numbers of those to recognise.

    Raises:
        RefusedError: Beyond a limit, or the extra is not installed.
    """
    _need()
    if len(pictures) > MOST_SCANNED:
        raise RefusedError("scanned", MOST_SCANNED)

    def drawn() -> Iterator[tuple[int, int, Image, float]]:
        import numpy as np

        for number in pictures:
            page = opened[number - 1]
            wide, high = page.get_size()
            scale = min(_FINEST, (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
            picture = np.asarray(page.render(scale=scale).to_pil().convert("RGB"))
            yield number, len(pictures), picture, scale

    scanned = list(_recognised(drawn()))
    by_number = {one.page.number: one.page for one in scanned}
    own = [by_number.get(page.number, page) for page in pages]
    return _document("application/pdf", own, scanned)


def _need() -> None:
    if not all(map(importlib.util.find_spec, _NEEDED)):
        raise RefusedError("scan")


def _pictures(data: bytes) -> Iterator[tuple[int, int, Image, float]]:
    import numpy as np

    for number, count, page, scale in frames(data):
        yield number, count, np.asarray(page), scale


def frames(data: bytes) -> Iterator[tuple[int, int, Any, float]]:
    """Number, count, picture and pixels of a point of each page in a file of pictures.

    Raises:
        RefusedError: Damaged, or beyond a limit.
    """
    from PIL import Image, ImageOps, ImageSequence

    with packed.told("picture"):
        Image.MAX_IMAGE_PIXELS = None  # our own limit, below, is told in one line
        file = Image.open(io.BytesIO(data))
        count = getattr(file, "n_frames", 1)
        if count > MOST_SCANNED:
            raise RefusedError("scanned", MOST_SCANNED)
        for number, frame in enumerate(ImageSequence.Iterator(file), 1):
            wide, high = frame.size
            if wide * high > MOST_PIXELS or min(wide, high) < 50:
                raise RefusedError("pixels", MOST_PIXELS // 1_000_000)
            page = ImageOps.exif_transpose(frame)
            if page.mode in ("RGBA", "LA", "PA") or "transparency" in page.info:
                page = page.convert("RGBA")
                white = Image.new("RGBA", page.size, (255, 255, 255, 255))
                page = Image.alpha_composite(white, page)
            yield number, count, page.convert("RGB"), max(page.size) / _LONG_SIDE


def _recognised(pictures: Iterator[tuple[int, int, Image, float]]) -> Iterator[Scanned]:
    """Recognise page after page, telling a person who waits at a terminal how long it takes."""
    from extractor.inputs.scans.pages import page_of

    begun = time.monotonic()
    for done, (number, count, picture, scale) in enumerate(pictures):
        each = (time.monotonic() - begun) / done if done else _SECONDS
        _tell(f"recognising page {done + 1} of {count}, about {each * (count - done):.0f} s left")
        with within(MOST_SECONDS):  # each page anew
            found = page_of(picture, scale, number)
        yield found
    _tell("")


def _tell(text: str) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def _document(media: str, pages: Sequence[Page], scanned: Sequence[Scanned]) -> Document:
    from extractor.inputs.scans.second import checked

    canvas = Canvas(media, RENDERER)
    numbers = ", ".join(str(one.page.number) for one in scanned)
    canvas.notes.append(f"recognised in pictures of pages: {numbers}")
    return placed(checked(write(canvas, pages), scanned), pages)
