"""Offsets of a source as lines and columns, and paths as URIs."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from verify.schema import Span

# What editors end a line at. U+2028 and its like are ordinary characters to them, and here.
NEWLINES = ("\r\n", "\n", "\r")
_NEWLINE = re.compile("\r\n|\n|\r")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
STDIN = "stdin"


class Place(NamedTuple):
    """A place in a text: 1-based line and column, in code points."""

    line: int
    column: int


class Places:
    """The lines of a text.

    Args:
        text: The decoded text; its line ends are CR LF, LF and CR.
    """

    __slots__ = ("_starts", "length")

    def __init__(self, text: str) -> None:
        self.length = len(text)
        starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        # After the line end at the very end no line begins: its place is past the end of the last.
        if len(starts) > 1 and starts[-1] == self.length:
            starts.pop()
        self._starts = starts

    def at(self, offset: int) -> Place:
        """Line and column of an offset from 0 up to the length of the text."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def holds(self, span: Span) -> bool:
        """Whether a span lies inside the text."""
        return span[0] <= span[1] <= self.length


def uri_of(path: str) -> str:
    """A path as a valid URI reference (RFC 3986), percent-encoded in UTF-8.

    Args:
        path: As the user gave it; ``-`` is standard input.

    Returns:
        ``file:///…`` for an absolute path, a relative reference for any other.
    """
    if path == "-":
        return STDIN
    if _DRIVE.match(path):
        return f"file:///{path[0]}:" + _encoded(path[2:].replace("\\", "/"))
    if os.sep == "\\":
        path = path.replace("\\", "/")
    if path.startswith("/"):
        return "file:///" + _encoded(path.lstrip("/"))
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return _encoded(path) or "."


def _encoded(path: str) -> str:
    try:
        # A file name that is no UTF-8 reaches Python as surrogates, and gets its bytes back.
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/")
