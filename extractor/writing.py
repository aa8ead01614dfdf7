"""Files that a command writes, checked before anything is read, and its output."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO, cast

from extractor.errors import UsageError

_PIECE = 1 << 16


def check_targets(targets: Mapping[str, str | None], inputs: Sequence[str | None]) -> None:
    """Refuse files that cannot be written, that are inputs, or that are named twice.

    Args:
        targets: Option and the file that it names, None where it is not given.
        inputs: Paths that are read; ``-`` and None are none.

    Raises:
        UsageError: Any of that.
    """
    options = " and ".join(targets)
    named: dict[str, str] = {}
    for option, target in targets.items():
        if target is None:
            continue
        _check_target(option, target, options, inputs)
        before = named.setdefault(os.path.realpath(target), option)
        if before != option:
            raise UsageError(f"{before} and {option} name the same file; give two")


def _check_target(option: str, target: str, options: str, inputs: Sequence[str | None]) -> None:
    if not target:
        raise UsageError(f"{options} need the name of a file")
    if target == "-":
        raise UsageError(f"{option} {target}: only the JSON goes to standard output; name a file")
    if os.path.isdir(target):
        raise UsageError(f"{target!r} is a directory; name a file to write")
    parent = os.path.dirname(target) or "."
    if not os.path.isdir(parent):
        raise UsageError(f"{target!r}: no such directory {parent!r}; make it first")
    if not os.path.exists(target):
        return
    for path in inputs:
        if path and path != "-" and os.path.exists(path) and os.path.samefile(target, path):
            raise UsageError(f"{target!r} is the report itself; name another file to write")


def check_store_target(option: str, target: str, store: str) -> None:
    """Refuse a file to write that is a store, or one of the files that belong to it.

    Raises:
        UsageError: It is.
    """
    from extractor.batch.store.files import own_files

    if os.path.realpath(target) in own_files(store):
        raise UsageError(f"{option} {target!r} belongs to the store; name another file to write")


def check_page(option: str, page: str) -> None:
    """Refuse to write a page over a file that is there and is none: it may be a report.

    Raises:
        UsageError: It is.
    """
    if not os.path.isfile(page):
        return
    try:
        with open(page, "rb") as file:
            begins = file.read(64).lstrip().lower()
    except OSError as error:
        raise UsageError(f"{option} {page!r} cannot be used ({error.strerror}); check it") from None
    if begins and not begins.startswith(b"<!doctype html"):
        raise UsageError(f"{option} {page!r} is a file that is no page; name another one")


def write(path: str, content: str | bytes) -> None:
    """Write bytes, or a text as UTF-8, whole or not at all.

    Raises:
        UsageError: It cannot be written.
    """
    from extractor.files import write_whole

    try:
        write_whole(path, encoded(content) if isinstance(content, str) else content)
    except OSError as error:
        raise UsageError(f"{path!r} cannot be written ({error.strerror}); check it") from None


def for_people() -> TextIO:
    """Standard error, as a stream that nobody need hear: a line that cannot be said ends and harms nothing.

    A terminal that was closed, a reader that left and a full disk turn it silent.
    """
    return cast("TextIO", _Forgiving(sys.stderr))


def say(text: str) -> None:
    """Write a line for people to standard error, if it can be written."""
    print(text, file=for_people(), flush=True)


class _Forgiving:
    """A stream that turns silent when it cannot be written; None when it was closed from the beginning."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if self._stream is not None:
            try:
                self._stream.write(text)
            except (OSError, ValueError):  # the latter: it was closed meanwhile
                mute(self._stream)
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError):
                mute(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def mute(stream: TextIO) -> None:
    """Have what is written to a stream go nowhere: what it still holds would fail again when the program ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def put(output: str | None, text: str) -> None:
    """Write a text to a file, or to standard output when there is none.

    Raises:
        UsageError: It cannot be written.
        BrokenPipeError: Nobody reads standard output any more.
    """
    if output is not None:
        write(output, text)
        return
    if sys.stdout is None:  # closed before the program began
        raise UsageError("standard output is closed; open it, or send it to a file")
    try:
        sys.stdout.buffer.write(encoded(text))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        mute(sys.stdout)
        raise UsageError(
            f"standard output cannot be written ({error.strerror}); check where it goes"
        ) from None


def put_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output, many at a time, whatever their number.

    Raises:
        UsageError: It cannot be written.
        BrokenPipeError: Nobody reads standard output any more.
    """
    text: list[str] = []
    size = 0
    for line in lines:
        text.append(line)
        size += len(line)
        if size > _PIECE:
            put(None, "\n".join(text) + "\n")
            text, size = [], 0
    if text:
        put(None, "\n".join(text) + "\n")


def encoded(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which JSON can hold, stays the JSON escape that it was."""
    return text.encode("utf-8", "backslashreplace")
