"""The store of a batch: one SQLite file that keeps every run, attempt and result.

What it promises, its tables and its views are in docs/store.md.
"""

from __future__ import annotations

import os

from extractor.batch.store import opening
from extractor.batch.store.packing import Connection
from extractor.batch.store.streaming import Streaming
from extractor.batch.store.writing import Writing


class Store(Streaming, Writing):
    """An open store, a context manager. Threads may share it.

    Every method raises `StoreError` when the store cannot be read or written, with one line on what
    was wrong and what to do.

    Attributes:
        path: As the user gave it.
    """


def connect(path: str | os.PathLike[str]) -> Connection:
    """A connection to a store for queries, with the function ``result_json`` that its views need.

    Raises:
        StoreError: It is not there, or no store.
    """
    with Store.open(path) as store:
        return opening.connect(store.path, os.path.realpath(store.path), "ro")


__all__ = ["Store", "connect"]
