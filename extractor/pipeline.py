"""One report through the program: source, layout, reader, verifier, result.

`work` is a pure function of text and settings; nothing is global, nothing is written.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.readers import builtin
from extractor.source import SourceText
from verify.forms import FORM_DATA_VERSION
from verify.layout import lay_out
from verify.verdict import Verified, verify

if TYPE_CHECKING:
    from verify.schema import Result


def work(text: str) -> Verified:
    """Read a decoded text with the builtin reader and verify the reading."""
    layout = lay_out(text)
    return verify(layout, builtin.read(layout))


def read_source(source: SourceText) -> Result:
    """The result of one report, as the contract has it."""
    from verify.schema import Provenance, Source, to_result

    verified = work(source.text)
    provenance = Provenance(
        source=Source(
            name=source.name, sha256=source.sha256, encoding=source.encoding,
            chars=len(source.text),
        ),
        reader=builtin.NAME,
        form_data=FORM_DATA_VERSION,
        version=__version__,
    )  # fmt: skip
    return to_result(verified, provenance)


def read_text(text: str, name: str = "text") -> Result:
    """The result of a text that is already decoded; its hash is that of its UTF-8 bytes."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_source(SourceText(name, text, digest, "utf-8"))
