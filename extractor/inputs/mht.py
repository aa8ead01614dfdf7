"""Web archives (.mht): the page in them. Places are ranges of that page when it is decoded."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy

from extractor.inputs import html, packed
from extractor.inputs.limits import RefusedError
from verify.document.model import Document

MEDIA_TYPE = "multipart/related"
_HEADERS = re.compile(
    rb"(?:^|\n)(?:mime-version:|content-type:\s*multipart/related)", re.IGNORECASE
)


def sniff(head: bytes) -> int:
    """95 for headers of MIME that announce several parts, or a page."""
    start = re.split(rb"\r?\n\r?\n", head[:8_192].lstrip(b"\xef\xbb\xbf \t\r\n"), maxsplit=1)[
        0
    ].lower()
    typed = b"multipart/" in start or b"text/html" in start
    return 95 if typed and _HEADERS.search(start) else 0


def read(data: bytes) -> Document:
    """The document of the page with the most cells in the archive.

    Raises:
        RefusedError: There is no page in it, or as for a page.
    """
    with packed.told("MHT"):
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=policy.compat32)
        pages = [
            page
            for part in message.walk()
            if part.get_content_type() == "text/html"
            and isinstance(page := part.get_payload(decode=True), bytes)
        ]
        if pages:  # of a page with frames, the one that holds the report
            found = html.read(max(pages, key=lambda page: page.lower().count(b"<td")))
            return replace(found, media_type=MEDIA_TYPE, renderer=f"mht/2+{found.renderer}")
    raise RefusedError("damaged", "MHT")
