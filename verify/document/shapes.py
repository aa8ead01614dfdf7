"""The shapes in which a text file holds its tables, undone one after the other.

Each asks first, in one search, whether its signs stand in the text at all: an ordinary text passes
through as it is. What comes out has lines of fields parted by tabs or pipes, and every range of it
leads back to the source.
"""

from __future__ import annotations

from verify.document import escapes, markdown, markup, separated, spelling
from verify.document.view import View

_SHAPES = (
    escapes.literal_breaks,
    escapes.control_characters,
    markup.comments,
    escapes.escaped_tags,
    markup.tags,
    escapes.entities,
    markdown.quotation,
    separated.cells,
    markdown.marks,
    spelling.soft_hyphens,
    spelling.text_signs,
    spelling.thousands,
    spelling.stops,
)


def plain_view(source: str) -> View:
    """A source text with its tables as lines of fields."""
    view = View(source)
    for undo in _SHAPES:
        view = undo(view)
    return view
