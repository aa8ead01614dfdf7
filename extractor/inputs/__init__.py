"""The files that people have: each kind is a module with ``sniff`` and ``read``, found by content.

A kind is told by the highest `Input.sniff` of the first bytes; what no kind knows is text. Modules load only
when a file is theirs, and their parsers only when they read. An entry point of the group ``gouji.inputs``
adds a kind, or takes one over: it names an object with the two functions. Nobody is asked about what begins
with a letter or a figure and holds no zero byte: that is text.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Protocol, cast

from extractor.inputs.limits import MOST_SECONDS, RefusedError, within
from extractor.inputs.signatures import is_plain, kind_of
from verify.document.model import Document

HEAD = 65_536
"""Bytes that a kind is told by; files that keep their contents at the end are given whole."""


class Input(Protocol):
    """One kind of file."""

    def sniff(self, head: bytes) -> int:
        """How surely a file that begins so is of this kind: 0 not at all, 100 without doubt."""

    def read(self, data: bytes) -> Document:
        """The document of a file.

        Raises:
            RefusedError: It is encrypted, damaged or beyond a limit.
        """


def read(data: bytes, name: str = "") -> Document | None:
    """The document of a file of a known kind; None when it is text.

    Args:
        data: The bytes of the file.
        name: For messages.

    Raises:
        RefusedError: It is of a kind that is not read, encrypted, damaged or beyond a limit.
    """
    try:
        found = _kind(data)
        if found is None:
            return None
        with within(MOST_SECONDS):
            return found.read(data)
    except RefusedError as refused:
        raise refused.named(name) from None


def _kind(data: bytes) -> Input | None:
    own, refused = kind_of(data)
    if refused is None and not own and is_plain(data[:HEAD]):
        return None
    kinds = [*_others(), *([_module(own)] if own else [])]  # who adds one may take over
    rated = [(kind.sniff(data[:HEAD]), kind) for kind in kinds]
    best, found = max(rated, key=lambda one: one[0], default=(0, None))
    if best > 0:
        return found
    if refused is not None:
        raise refused
    return None


def _module(name: str) -> Input:
    return cast("Input", importlib.import_module(f"{__name__}.{name}"))


@cache
def _others() -> list[Input]:
    """Kinds that other packages add."""
    from importlib.metadata import entry_points

    return [entry.load() for entry in entry_points(group="gouji.inputs")]


__all__ = ["Input", "RefusedError", "read"]
