"""The file of a store: is it one, and what belongs to it."""

from __future__ import annotations

import os
import stat

from extractor.errors import StoreError

APPLICATION_ID = 0x476F756A
"""``Gouj``: at byte 68 of every store."""
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock", ".new")
ORIGINALS = ".originals"
"""Ends the name of the folder beside a store that has originals by the hash of their bytes."""

_open: dict[tuple[int, int], int] = {}  # files of stores that this process has open, and how often


def hold(real: str) -> tuple[int, int]:
    """Take note that a store is open here.

    Whoever closes a file takes all locks of this process off it, SQLite's as well; so a store that is open is
    opened by SQLite alone.
    """
    found = os.stat(real)
    key = (found.st_dev, found.st_ino)
    _open[key] = _open.get(key, 0) + 1
    return key


def is_open(found: os.stat_result) -> bool:
    """Whether this process has a file open as a store."""
    return (found.st_dev, found.st_ino) in _open


def release(key: tuple[int, int]) -> None:
    """Take note that a store is closed."""
    _open[key] -= 1
    if not _open[key]:
        del _open[key]


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
    """Whether a store is there.

    Raises:
        StoreError: Something else is, or it cannot be read.
    """
    try:
        found = os.stat(real)
        if is_open(found):
            return True
        if not stat.S_ISREG(found.st_mode):
            what = "a directory" if os.path.isdir(real) else "no file"
            raise StoreError(f"{path!r} is {what}; name a store, as run.db")
        with open(real, "rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        return False
    except PermissionError:
        raise StoreError(f"{path!r}: no permission to read it; check its rights") from None
    except OSError as error:
        raise StoreError(f"{path!r} cannot be read ({error.strerror}); check the path") from None
    if not header:
        raise StoreError(f"{path!r} is empty and no store; delete it, or name another file")
    if not header.startswith(_MAGIC):
        raise StoreError(f"{path!r} is no store; name one that extract batch made, or a new file")
    if len(header) < _HEADER:
        raise StoreError(f"{path!r} is damaged, it ends in its header; take a copy from before")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreError(
            f"{path!r} is a database of another program; name a store that extract batch made, "
            "or a new file"
        )
    return True
