"""What went wrong with a store, in one line with what to do about it."""

from __future__ import annotations

import sqlite3

from extractor.errors import StoreError

_SAY = {
    sqlite3.SQLITE_FULL: "cannot be written, the disk is full; free space and run the same command "
    "again, what was stored is kept",
    sqlite3.SQLITE_IOERR: "cannot be read or written, the disk failed ({error}); look whether it is "
    "full or gone, and run the same command again",
    sqlite3.SQLITE_READONLY: "cannot be written ({error}); check the rights of the file and its "
    "directory",
    sqlite3.SQLITE_BUSY: "is being written by another program; wait for it, or close it, and run the "
    "same command again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the rights of the file, of the files beside it "
    "and of the directory",
    sqlite3.SQLITE_PERM: "cannot be opened; check the rights of the file and its directory",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}); take a copy from before, or save what is left with "
    "'.recover' of the program sqlite3",
    sqlite3.SQLITE_NOTADB: "is no store; name a store that extract batch made",
    sqlite3.SQLITE_NOMEM: "needs more memory than there is; close other programs and try again",
    sqlite3.SQLITE_CONSTRAINT: "refused a row ({error}); this is a fault of the program that stores, "
    "nothing was written",
}
_SAY[sqlite3.SQLITE_LOCKED] = _SAY[sqlite3.SQLITE_BUSY]


def says(code: int | None) -> bool:
    """Whether an error of this number is one of the store, and not of what it was asked."""
    return code is not None and code & 0xFF in _SAY


def explain(error: Exception, path: str) -> StoreError:
    """The error of a user for an error of SQLite."""
    code = getattr(error, "sqlite_errorcode", None)
    what = " ".join(str(error).split())
    if code is not None and (say := _SAY.get(code & 0xFF)):
        return StoreError(f"{path!r} {say.format(error=what)}")
    if "decode" in what:  # said by Python: bytes in the place of a text
        return damaged(path, what)
    return StoreError(f"{path!r} cannot be used ({what}); check the file, or name another store")


def damaged(path: str, what: str) -> StoreError:
    """A store whose content is not what was written."""
    return StoreError(f"{path!r} {_SAY[sqlite3.SQLITE_CORRUPT].format(error=what)}")
