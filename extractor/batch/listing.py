"""Which files a batch is about: paths, directories, patterns and lists, as one stream in a fixed order."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from extractor.batch.store.files import is_original, own_files
from extractor.errors import InputError
from extractor.source import MOST_BYTES

_SHOWN = 300  # characters of a path


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line names.

    Attributes:
        paths: Files, directories (whole trees) and patterns; ``-`` reads a list from standard input.
        lists: Files with one path a line, or parted by NUL.
        pattern: Of the names of files in directories that are taken, None for all that are not hidden.
        store: Path of the store, which is no report.
        written: Files that the command writes, which are none either.
    """

    paths: tuple[str, ...]
    lists: tuple[str, ...] = ()
    pattern: str | None = None
    store: str = ""
    written: tuple[str, ...] = ()


def named(wanted: Wanted) -> Wanted:
    """The same with its lists read, so that it can be gone through more than once.

    Raises:
        InputError: A list cannot be read.
    """
    paths: list[str] = []
    for path in wanted.paths:
        if path != "-":
            paths.append(path)
        elif sys.stdin is None:
            raise InputError("standard input is closed; give files, or a list to read from")
        else:
            paths += _lines(sys.stdin.buffer.read())
    for name in wanted.lists:
        paths += _lines(_list(name))
    if not paths and (wanted.paths or wanted.lists):
        where = "standard input" if wanted.paths else f"--list {wanted.lists[0]!r}"
        raise InputError(f"{where} is empty; give a list of paths")
    return replace(wanted, paths=tuple(paths), lists=())


def listed(wanted: Wanted) -> Iterator[str]:
    """Paths of files in a fixed order: as named, trees sorted, each once.

    A path that does not exist is given as well: reading it says so. Lists must be read (`named`).
    Links to directories are followed where they are named, not where a tree or ``**`` leads to them.
    """
    own = own_files(wanted.store) if wanted.store else frozenset()
    own |= {os.path.realpath(path) for path in wanted.written}
    names = {os.path.basename(path) for path in own}
    paths = (
        plain(path)
        for path in _all(wanted.paths, wanted.pattern)
        if (os.path.basename(path) not in names or os.path.realpath(path) not in own)
        and not (wanted.store and is_original(path, wanted.store))
    )
    if len(wanted.paths) == 1 and not glob.has_magic(wanted.paths[0]):
        return paths
    return _once(paths)


def check(wanted: Wanted) -> None:
    """Refuse what names nothing at all, before anything is read. Lists must be read (`named`).

    Raises:
        InputError: No path that is named exists.
    """
    paths = wanted.paths
    if paths and not any(os.path.lexists(path) or _matches(path) for path in paths):
        more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
        first = paths[0] if len(paths[0]) <= _SHOWN else paths[0][:_SHOWN] + "…"  # no list at all
        raise InputError(f"{first!r}{more}: no such file or directory; check the path")


def read_bytes(path: str) -> bytes:
    """The bytes of one report.

    Raises:
        InputError: It cannot be read, or is too large.
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            with os.scandir(path):  # which says why nobody could go through it
                raise InputError(f"{path!r} has become a directory; run again")
        if not stat.S_ISREG(mode):  # a pipe or a device would be waited for
            raise InputError(f"{path!r} is no regular file; give text files")
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path!r}: no such file; check the path") from None
    except PermissionError:
        raise InputError(f"{path!r}: no permission to read it; check its rights") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path!r} cannot be read ({error}); check the path") from None
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{path!r} is larger than {MOST_BYTES // 2**20} MB; a report is a few kB, split the file"
        )
    return data


def _once(paths: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for path in paths:
        if path not in seen:
            seen.add(path)
            yield path


def plain(path: str) -> str:
    """One spelling for one path; ``..`` stays, for behind a link it leads elsewhere."""
    parts = [part for part in path.split(os.sep) if part not in ("", os.curdir)]
    return (os.sep if path.startswith(os.sep) else "") + os.sep.join(parts)


def _all(paths: Sequence[str], pattern: str | None) -> Iterator[str]:
    for path in paths:
        if os.path.isdir(path):
            yield from _tree(path, pattern)
        elif os.path.lexists(path) or not glob.has_magic(path):
            yield path
        else:
            for one in _matches(path) or [path]:  # and reading it says that there is none
                if os.path.isdir(one):
                    yield from _tree(one, pattern)
                else:
                    yield one


def _tree(folder: str, pattern: str | None) -> Iterator[str]:
    """Files of a directory tree, sorted; links to directories are not followed, hidden ones left out.

    So are the folders with the parts of saved pages, and the files by which an open document is locked.

    A directory that cannot be read is given itself: reading it says so.
    """
    closed: list[str] = []
    for here, folders, names in os.walk(
        folder, onerror=lambda error: closed.append(error.filename)
    ):
        yield from closed
        closed.clear()
        beside = _parts_of_pages(names)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in beside
        )
        for name in sorted(names):
            if name.startswith((".", "~$")):  # hidden, or what Word locks an open file with
                continue
            if pattern is not None and not fnmatchcase(name, pattern):
                continue
            yield os.path.join(here, name)
    yield from closed


def _parts_of_pages(names: Sequence[str]) -> set[str]:
    """Folders in which browsers keep the pictures and styles of a page that they save."""
    stems = {
        os.path.splitext(name)[0] for name in names if name.lower().endswith((".html", ".htm"))
    }
    return {stem + end for stem in stems for end in ("_files", ".files", "_文件")}


def _matches(path: str) -> list[str]:
    return sorted(_found(path)) if glob.has_magic(path) else []


def _found(pattern: str) -> set[str]:
    """What `glob` finds, but that ``**`` follows no link to a directory: these may lead in circles."""
    parts = pattern.split(os.sep)
    if "**" not in parts:
        return set(glob.glob(pattern))
    at = parts.index("**")
    head, tail = os.sep.join([*parts[:at], ""]), parts[at + 1 :]
    while tail[:1] == ["**"]:  # one goes down as far as two
        del tail[0]
    found: set[str] = set()
    for top in glob.glob(head) if head else [os.curdir]:
        for here, folders, _ in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found |= _found(os.path.join(glob.escape(here), *(tail or ["*"])))
    return {one for one in found if not (os.path.isdir(one) and os.path.islink(one.rstrip(os.sep)))}


def _list(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputError(f"--list {name!r} cannot be read ({error.strerror}); check it") from None


def _lines(data: bytes) -> list[str]:
    """Paths of a list: parted by NUL where there is one, else one a line."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    parts = data.split(b"\0") if b"\0" in data else data.splitlines()
    return [os.fsdecode(part) for part in parts if part.strip()]


__all__ = ["Wanted", "check", "listed", "named", "plain", "read_bytes"]
