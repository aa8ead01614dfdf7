"""Stored results from disk, and the sources of which they were made."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass

from extractor.errors import InputError
from extractor.source import SourceText, load
from verify.stored.shape import NotAResultError, Stored, read_stored

MOST_BYTES = 20 * 1024 * 1024
_SHA256 = re.compile("[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored result."""

    path: str  # as the user gave it
    stored: Stored  # taken apart

    @property
    def shown(self) -> str:
        """For messages."""
        return "standard input" if self.path == "-" else repr(self.path)


def open_result(path: str) -> Opened:
    """Read a stored result.

    Raises:
        InputError: It is not there, too large, no JSON, or no result.
    """
    shown = "standard input" if path == "-" else repr(path)
    data = _bytes(path, shown)
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{shown} is larger than {MOST_BYTES // 2**20} MB; a result is below 1 MB, give one result"
        )
    return _opened(path, shown, data)


def opened_from(text: str) -> Opened:
    """A stored result from its JSON.

    Raises:
        InputError: It is no result.
    """
    return _opened("result", "the result", text.encode("utf-8", "backslashreplace"))


def _opened(path: str, shown: str, data: bytes) -> Opened:
    if not data.strip():
        raise InputError(f"{shown} is empty, not JSON; give a result of extract")
    try:
        return Opened(path, read_stored(data.decode(json.detect_encoding(data))))
    except UnicodeDecodeError as error:
        raise InputError(f"{shown} is not JSON ({error}); give a result of extract") from None
    except NotAResultError as error:
        raise InputError(f"{shown} {error}; give a result of extract") from None


def _bytes(path: str, shown: str) -> bytes:
    if path == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed; name a file")
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{shown}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{shown} is a directory; give one result, a JSON file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{shown} cannot be read ({error}); check it") from None


@dataclass(frozen=True, slots=True)
class Found:
    """The source of a result."""

    source: SourceText  # the text
    path: str  # where it was found
    # it was looked for by its name, and is another file than the result was made from
    other: bool = False


def find_source(opened: Opened) -> Found:
    """Look for the source of a result by its name: in the folder of the result, then in this one.

    A file with the hash that the result tells goes before one with another.

    Raises:
        InputError: The result names none, there is none, or it cannot be read.
    """
    name = opened.stored.text("provenance", "source", "name")
    if name is None or not name.strip() or name == "-":
        raise InputError(f"{opened.shown} does not name its source; give it with --source FILE")
    parts = re.split(r"[/\\]", name)
    if os.path.isabs(name) or ".." in parts or "\x00" in name or ":" in parts[0]:
        raise InputError(
            f"{opened.shown} names a source elsewhere, {name[:80]!r}; give it with --source FILE"
        )
    folder = "." if opened.path == "-" else os.path.dirname(opened.path) or "."
    wanted = opened.stored.text("provenance", "source", "sha256")
    known = wanted is not None and _SHA256.fullmatch(wanted) is not None
    found: list[Found] = []
    trouble: InputError | None = None
    for where in dict.fromkeys((folder, ".")):
        path = os.path.normpath(os.path.join(where, *parts))
        if not os.path.isfile(path):
            continue
        try:
            source = load(path)
        except InputError as error:
            trouble = error
            continue
        if not known or source.sha256 == (wanted or "").lower():
            return Found(source, path)
        found.append(Found(source, path, other=True))
    if found:
        return found[0]
    if trouble is not None:
        raise trouble
    raise InputError(
        f"the source {name[:80]!r} of {opened.shown} is neither beside it nor here; "
        "give it with --source FILE"
    )
