"""The file of a store: is it one, and what belongs to it."""

from __future__ import annotations

import os
import stat

from extractor.errors import StoreError

APPLICATION_ID = 0x476F756A
"""``Gouj``: in the header of every store."""
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
ORIGINALS = ".originals"
"""Ends the name of the folder beside a store that has originals by the hash of their bytes."""


def own_files(store: str) -> frozenset[str]:
    """The files that belong to a store, whether they are there or not."""
    real = os.path.realpath(store)
    return frozenset(real + end for end in _BESIDE)


def original_at(store: str, sha256: str) -> str:
    """Where the bytes of a source stand beside a store, if they do."""
    return os.path.join(os.path.realpath(store) + ORIGINALS, sha256[:2], sha256)


def is_original(path: str, store: str) -> bool:
    """Whether a path leads to an original that is kept beside a store."""
    if ORIGINALS not in path:
        return False
    return os.path.realpath(path).startswith(os.path.realpath(store) + ORIGINALS + os.sep)


def real_path(path: str) -> str:
    """The file behind a name: two names of one store have one lock."""
    if not path or "\0" in path:
        raise StoreError(f"{path!r} is no name of a file; name a store, as run.db")
    return os.path.realpath(path)


def is_there(path: str, real: str) -> bool:
    """Whether a file is there that may be a store; SQLite says whether it is one.

    It is not opened here: whoever closes a file takes all locks of this process off it, SQLite's as well.

    Raises:
        StoreError: Something else is there, or it cannot be read.
    """
    try:
        found = os.stat(real)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(f"{path!r} cannot be read ({error.strerror}); check the path") from None
    if not stat.S_ISREG(found.st_mode):
        what = "a directory" if os.path.isdir(real) else "no file"
        raise StoreError(f"{path!r} is {what}; name a store, as run.db")
    if not os.access(real, os.R_OK):
        raise StoreError(f"{path!r}: no permission to read it; check its rights")
    if not found.st_size:
        raise StoreError(f"{path!r} is empty and no store; delete it, or name another file")
    return True
