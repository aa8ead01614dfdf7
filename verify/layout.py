"""A source before any reading: its segments, tables and titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.document.model import Document
from verify.lexer import read_stream
from verify.lexicon import Entry
from verify.parts import join_parts
from verify.stream import Stream
from verify.titles import Title, headings, same_title
from verify.zones import Zone, find_zones, is_credible


@dataclass(frozen=True, slots=True)
class Layout:
    """A source with everything that is found in it before any reading.

    Attributes:
        source: Decoded text as given.
        stream: Its segments.
        zones: Printed copies of the tables.
        titles: Titles of reports.
        openings: Folded offsets at which a section 一 begins.
        document: The document of the source where it is no plain text.
    """

    source: str
    stream: Stream
    zones: list[Zone]
    titles: list[Title]
    openings: list[int]
    document: Document | None = None

    def text_of(self, start: int, end: int) -> str:
        """The source under a folded range."""
        return self.source[slice(*self.stream.span(start, end))]


def lay_out(source: str, document: Document | None = None, lexicon: Sequence[Entry] = ()) -> Layout:
    """Find segments, tables and titles in a canonical text.

    Args:
        source: The text.
        document: Leads to the original where that is no plain text.
        lexicon: Words that a person confirmed as names of rows and columns.
    """
    stream = read_stream(source, lexicon)
    titles, openings = headings(stream.folded.text)
    bounds = sorted([*_other_titles(stream.folded.text, titles), *openings])
    zones = join_parts(find_zones(stream, bounds), stream.segments, bounds)
    zones = [zone for zone in zones if is_credible(zone)]
    return Layout(source, stream, zones, titles, openings, document)


def _other_titles(text: str, titles: list[Title]) -> list[int]:
    """Where a title stands that is not the one before it once more, as at the top of a page."""
    return [
        title.start
        for i, title in enumerate(titles)
        if not i or not same_title(text, titles[i - 1], title)
    ]
