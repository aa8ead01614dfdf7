"""Zipped files of Office: limits on what they unpack to, and names of what is in them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from extractor.inputs.limits import MOST_UNPACKED, RefusedError

_MOST_FILES = 5_000


_STRICT = b"http://purl.oclc.org/ooxml/"
_SCHEMAS = (
    (re.compile(_STRICT + rb"(\w+)/main"), rb"http://schemas.openxmlformats.org/\1/2006/main"),
    (
        re.compile(_STRICT + rb"(drawingml)/(\w+)"),
        rb"http://schemas.openxmlformats.org/\1/2006/\2",
    ),
    (
        re.compile(_STRICT + rb"officeDocument/(relationships|math|sharedTypes|customXml)"),
        rb"http://schemas.openxmlformats.org/officeDocument/2006/\1",
    ),
)
_MAIN = re.compile(
    rb"application/vnd\.(?:ms-word|openxmlformats-officedocument)[\w.-]*?"
    rb"(?:document\.macroEnabled|template(?:\.macroEnabledTemplate)?)\.main\+xml"
)
_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"


def usual(archive: zipfile.ZipFile, data: bytes) -> bytes:
    """The same file in the names that libraries know: templates, files with macros, strict Office XML."""
    there = frozenset(archive.namelist()) >= {_TYPES, "_rels/.rels"}
    strict = there and _STRICT in archive.read("_rels/.rels")
    types = archive.read(_TYPES) if there else b""
    if not strict and _MAIN.search(types) is None:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in archive.namelist():
            part = archive.read(name)
            if name == _TYPES:
                part = _MAIN.sub(_WORD, part)
            if strict and name.endswith((".xml", ".rels")):
                for pattern, usually in _SCHEMAS:
                    part = pattern.sub(usually, part)
            new.writestr(name, part)
    return out.getvalue()


def check(data: bytes, kind: str) -> zipfile.ZipFile:
    """The archive, when it is whole and unpacks to no more than is read.

    Raises:
        RefusedError: It is damaged, encrypted or too large.
    """
    with told(kind):
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        if len(entries) > _MOST_FILES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise RefusedError("bytes", MOST_UNPACKED // 2**20)
        if any(one.flag_bits & 1 for one in entries):
            raise RefusedError("encrypted")
        for one in entries:  # what an archive says of its sizes may be a lie
            if one.filename.endswith((".xml", ".rels")):
                with archive.open(one) as file:
                    left = one.file_size
                    while chunk := file.read(2**20):
                        left -= len(chunk)
                        if left < 0:
                            raise RefusedError("bytes", MOST_UNPACKED // 2**20)
        return archive


@contextmanager
def told(kind: str) -> Iterator[None]:
    """What a parser raises for a damaged file, as one refusal; a missing package as another.

    Parsers of damaged files raise anything, among it `KeyError`, `IndexError` and errors of their own.
    """
    try:
        yield
    except RefusedError:
        raise
    except ImportError as error:
        raise RefusedError("missing", error.name or str(error)) from None
    except (MemoryError, RecursionError):
        raise RefusedError("damaged", kind) from None
    except (zipfile.BadZipFile, zlib.error, Exception):  # noqa: BLE001 - as said above
        raise RefusedError("damaged", kind) from None
