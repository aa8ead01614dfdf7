"""The source as a stream of segments: a stretch of text, then the run of cells that follows it.

This is the one place where the source is cut into words and where it is decided what could be a
cell: a figure, a mark for an empty cell, or something in a cell's place that is neither. Digits of
sentences, dates, ordinals, page numbers, remarks in brackets and units never become cells; they are
*explained*. The builtin reader aligns this stream to the form, and the verifier checks any reading
against it, so no reader can overlook a figure that code can see.

Time is linear in the length of the source.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from verify.document.view import View
from verify.forms import TableId
from verify.lexicon import Hit
from verify.marks import Mark, Parsed, parse


class Kind(IntEnum):
    """What stands in a cell's place."""

    FIGURE = 0
    BLANK = 1
    OTHER = 2


@dataclass(slots=True)
class Entry:
    """Something that stands where a cell could.

    Attributes:
        kind: Figure, mark for an empty cell, or neither.
        start: Offset in the folded text.
        end: One past the last character, unit included.
        line: Number of the line, from 0.
        field: Number of tabs and pipes before it on its line.
        fielded: Whether its line has tabs or pipes.
        text: Folded text.
        glued: It touches the label before it.
        shares: Text stands before it in its field, so that the field alone shows no cell.
    """

    kind: Kind
    start: int
    end: int
    line: int
    field: int
    fielded: bool
    text: str
    glued: bool = False
    shares: bool = False


@dataclass
class Segment:
    """A stretch of text and the run of entries after it.

    Attributes:
        index: Position in the stream.
        words: Squeezed words of the text, in order.
        entries: The run, possibly empty for the last segment.
        start: Folded offset where the text begins.
        lines: Fields of each line of the run that has tabs or pipes.
        text_line: Line on which the text ends.
        before_line: Line on which the run before ends.
        labels: The row labels of a table in `marks`, once `verify.zones.rows_in` has found them.
    """

    index: int
    start: int
    words: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)
    text_line: int = -1
    before_line: int = -1
    labels: dict[TableId, tuple[Mark, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def label_on_line(self) -> bool:
        """Whether text and run share a line that is this row's alone."""
        if not self.entries:
            return False
        return self.before_line != self.text_line == self.entries[0].line

    @cached_property
    def headers(self) -> tuple[Mark, ...]:
        """The column headers in `tail`."""
        return tuple(mark for mark in self.marks if mark.kind == "column")

    @cached_property
    def on_line(self) -> Counter[int]:
        """How many entries of the run stand on each line."""
        return Counter(entry.line for entry in self.entries)

    @cached_property
    def tail(self) -> str:
        """The last part of the text, squeezed; all that labels of this run can need."""
        return _tail(self.words)

    @cached_property
    def parsed(self) -> Parsed:
        """The marks in `tail`."""
        return parse(self.tail)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in `tail`."""
        return self.parsed.marks


@dataclass(frozen=True, slots=True)
class Stream:
    """A whole source.

    Attributes:
        folded: The text that entries point into.
        segments: In order of the source.
        named: Words that a lexicon names.
    """

    folded: View
    segments: list[Segment]
    named: tuple[Hit, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source range of a folded range."""
        return self.folded.span(start, end)


_TAIL = 900


def _tail(words: list[str]) -> str:
    length = 0
    taken: list[str] = []
    for word in reversed(words):
        taken.append(word)
        length += len(word)
        if length >= _TAIL:
            break
    return "".join(reversed(taken))[-_TAIL:]
