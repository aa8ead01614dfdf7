"""What the page shows of a source: its document, and where asked for pictures of the pages of a PDF or scan."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from extractor.inputs import packed
from extractor.inputs.limits import MOST_SCANNED, RefusedError
from extractor.inputs.scan import frames
from extractor.render.original import Original, Picture
from extractor.source import SourceText

_AT = 110 / 72  # pixels of a point
_QUALITY = 55


def original_of(source: SourceText, *, pictures: bool = False) -> Original | None:
    """What is shown of a source; None of a text.

    Raises:
        RefusedError: As for `pictures_of`.
    """
    if source.document is None:
        return None
    drawn = pictures_of(source.data) if pictures and source.data else []
    return Original(source.document, tuple(drawn))


def pictures_of(data: bytes) -> list[Picture]:
    """The pages of a PDF, or of a file of pictures; none of any other file.

    Args:
        data: The bytes of the file.

    Raises:
        RefusedError: Pillow is not installed, or there are too many pages.
    """
    if b"%PDF-" in data[:1024]:
        return list(_of_pdf(data))
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")):
        return [_picture(number, page, scale) for number, _, page, scale in frames(data)]
    return []


def _of_pdf(data: bytes) -> Iterator[Picture]:
    with packed.told("PDF"):
        import pypdfium2

        opened = pypdfium2.PdfDocument(io.BytesIO(data))
        try:
            if len(opened) > MOST_SCANNED:
                raise RefusedError("scanned", MOST_SCANNED)
            for number, page in enumerate(opened, 1):
                yield _picture(number, page.render(scale=_AT).to_pil(), _AT)
        finally:
            opened.close()


def _picture(number: int, page: Any, scale: float) -> Picture:
    wide, high = (one / scale for one in page.size)
    if scale > _AT:
        page = page.resize((round(wide * _AT), round(high * _AT)))
    out = io.BytesIO()
    page.convert("L").save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(
        number, wide, high, "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()
    )
