"""Originals by the hash of their bytes: from the store, from a folder beside it, or from where they were found."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from functools import lru_cache

from extractor.batch.listing import read_bytes
from extractor.batch.store import Store
from extractor.batch.unit import name_of
from extractor.errors import GoujiError
from extractor.render.original import Original
from extractor.render.pictures import original_of
from extractor.review.cases import Case
from extractor.source import SourceText, decode

_KEPT = 8


class Originals:
    """Finds sources and remembers the last ones.

    Args:
        store: Has the bytes of most.
        folder: Has files that are called by their hash.
        pictures: Whether pages of PDFs and scans are shown as they look.
    """

    def __init__(self, store: Store, folder: str, *, pictures: bool = True) -> None:
        self._store = store
        self._folder = folder
        self.pictures = pictures
        self._lock = threading.Lock()
        self._kept = lru_cache(_KEPT)(self._looked_up)

    def source(self, case: Case) -> SourceText | None:
        """The source of a report; None where its bytes are not to be had."""
        return self._found(case)[0]

    def original(self, case: Case) -> Original | None:
        """What is shown of it beside its text, with pictures of its pages where there are any."""
        return self._found(case)[1]

    def _found(self, case: Case) -> tuple[SourceText | None, Original | None]:
        with self._lock:  # what draws pages is not for two threads
            return self._kept(case.sha256, case.source, case.path)

    def _looked_up(
        self, sha256: str, number: int, path: str
    ) -> tuple[SourceText | None, Original | None]:
        data = self.data(sha256, number)
        if data is not None:
            with suppress(GoujiError):
                source = decode(data, name_of(path) or "report")
                return source, _drawn(source, pictures=self.pictures)
        return None, None

    def data(self, sha256: str, number: int) -> bytes | None:
        """The bytes of a report, if they have its hash wherever they are found.

        Args:
            sha256: Of them.
            number: Of the source in the store.
        """
        kept = self._store.content(number)
        if kept is not None:
            return kept
        for path in (os.path.join(self._folder, sha256), *self._store.paths(number)):
            with suppress(GoujiError):
                data = read_bytes(path)
                if hashlib.sha256(data).hexdigest() == sha256:
                    return data
        return None


def _drawn(source: SourceText, *, pictures: bool) -> Original | None:
    """With pictures where they can be drawn."""
    try:
        return original_of(source, pictures=pictures)
    except GoujiError:
        return original_of(source)
