"""Zipped files of Office: limits on what they unpack to, and names of what is in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from extractor.inputs.limits import MOST_UNPACKED, RefusedError

_MOST_FILES = 5_000


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
