"""Bytes in, canonical text out: decoded as given for a text file, rendered for every other kind.

Of a text file line ends are not translated and a byte order mark is not counted, so an offset in the text is
an offset in what the user has. Of other kinds `SourceText.document` leads back to the original.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from extractor import inputs
from extractor.encodings import BOMS, attempts, is_binary, mended
from extractor.errors import InputError
from extractor.inputs.doubled import undoubled
from verify.document.model import Document

MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source."""

    name: str  # file name, ``-`` for standard input
    # the canonical text. Of a text file the decoded text; a byte order mark is not part of it, line
    # ends are as they were
    text: str
    sha256: str  # of the bytes
    encoding: str  # codec that decodes the bytes; ``binary`` where they are no text
    # where the text stands in the original; None for a text file
    document: Document | None = field(default=None, repr=False, compare=False)
    # the bytes of what is no text file
    data: bytes | None = field(default=None, repr=False, compare=False)

    @property
    def media_type(self) -> str:
        """Of the file."""
        return self.document.media_type if self.document else "text/plain"

    @property
    def renderer(self) -> str:
        """Who made the text, with a version."""
        return self.document.renderer if self.document else "text/1"


def load(path: str) -> SourceText:
    """Read a report from a file, or from standard input for ``-``.

    Raises:
        InputError: Missing, not a file, empty, binary, undecodable or too large.
    """
    if path == "-":
        if sys.stdin is None:  # closed before the program began
            raise InputError("standard input is closed; give a file, or something to read from")
        return decode(sys.stdin.buffer.read(MOST_BYTES + 1), "-")
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path!r}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(
            f"{path!r} is a directory; give one report, a text file (or - for standard input)"
        ) from None
    except PermissionError:
        raise InputError(f"{path!r}: no permission to read it; check its rights") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path!r} cannot be read ({error}); check the path") from None
    # bytes of a name that are no text in this locale would make the result no text either
    return decode(data, Path(path).name.encode("utf-8", "replace").decode())


def decode(data: bytes, name: str) -> SourceText:
    """The source of the bytes of a report, of whatever kind.

    Raises:
        InputError: Empty, undecodable, too large, or of a kind that is not read.
    """
    shown = "standard input" if name == "-" else repr(name)
    if not data or data in {bom for bom, _ in BOMS}:
        raise InputError(f"{shown} is empty; give the text of a report")
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{shown} is larger than {MOST_BYTES // 2**20} MB; a report is a few kB, split the file"
        )
    digest = hashlib.sha256(data).hexdigest()
    document = inputs.read(data, name)
    if document is not None:
        return SourceText(
            name, document.text, digest, document.encoding or "binary", document, data
        )
    for encoding, text in attempts(data):
        if is_binary(text):
            raise InputError(f"{shown} is binary, not text; give text, HTML, Word, Excel or PDF")
        return _text(name, text, digest, encoding)
    found = mended(data)
    if found is not None and not is_binary(found[1]):
        return _text(name, found[1], digest, found[0])
    raise InputError(
        f"{shown} is in no encoding known here (UTF-8, GB18030, Big5, UTF-16); save it as UTF-8"
    )


def _text(name: str, text: str, digest: str, encoding: str) -> SourceText:
    """A text as it was decoded, or with one of each two glyphs where they stand twice."""
    document = undoubled(text, encoding)
    return SourceText(name, document.text if document else text, digest, encoding, document)
