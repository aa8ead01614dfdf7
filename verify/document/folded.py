"""A source as everything behind it reads it: shapes undone, characters folded, the way back kept."""

from __future__ import annotations

import re

from verify.document.lines import line_ends
from verify.document.shapes import plain_view
from verify.document.signs import BREAK
from verify.document.view import View
from verify.fold import DROPPED, fold_characters

_DROPPED = re.compile(f"[{DROPPED}]+")
_TURNED = re.compile(
    "[\u202d\u202e\u2066-\u2069\x08](?=[0-9０-９])|(?<=[0-9０-９])[\u202d\u202e\u2066-\u2069\x08]"
)
"""What makes a reader see other digits than the text has: another direction, a character taken back."""


def fold(source: str) -> View:
    """Fold a source text for matching; a result shows slices of the source all the same."""
    view = plain_view(source)
    if _DROPPED.search(view.text) is not None:
        view = view.replaced(_TURNED, BREAK)
        view = view.replaced(_DROPPED, "")
    return line_ends(view.mapped(fold_characters(view.text)))


def plain_text(text: str) -> str:
    """A short piece of a source as it stands in the folded text of the whole."""
    return fold(text).text
