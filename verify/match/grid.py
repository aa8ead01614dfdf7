"""The lines of a printed table as fields: what stands between two tabs or pipes, or between two blanks.

A field is a cell's content, whatever it holds; nothing is ever taken over the border of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from verify.labels import squeeze
from verify.placement import Piece
from verify.stream import Entry, Kind, Stream
from verify.zones import Zone

_RULE = re.compile(r"[\s|:=+_—-]*")
_RULED = re.compile(r"[-—=_:]{3}|\|\s*:?-{1,2}:?\s*(?:\||$)|[+][-—=]")
_BRACKETED = re.compile(r"\([^()\n]*\)")
_UNIT = 2  # characters of 人次, 万元
_ABOVE = 12  # most lines of a header
_LONGEST_HEADER = 400


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a line.

    Attributes:
        start: Folded offset of its first character that is no blank; of the field itself when empty.
        end: One past the last one.
        text: What stands there, blanks around it taken off.
        entries: What of it could be a cell.
    """

    start: int
    end: int
    text: str
    entries: tuple[Entry, ...] = ()

    @property
    def words(self) -> str:
        """Its Chinese characters."""
        return squeeze(self.text)

    @property
    def is_label(self) -> bool:
        """Whether words stand here, and nothing that could be a cell."""
        return not self.entries and len(self.words) > 1

    @property
    def is_mixed(self) -> bool:
        """Whether a label, or the like, stands in one field with what could be a cell."""
        return bool(self.entries) and len(squeeze(_BRACKETED.sub("", self.text))) > _UNIT

    @property
    def piece(self) -> Piece | None:
        """What fills the cell; None when it is empty."""
        if self.entries:
            entry = self.entries[0]
            return Piece(entry.kind, entry.start, entry.end)
        return Piece(Kind.OTHER, self.start, self.end) if self.text else None


@dataclass(slots=True)
class Line:
    """A line of a table.

    Attributes:
        number: Of the line in the text, from 0.
        fields: In order; the empty ones outside of the outer pipes are none.
        closed: Whether pipes stand around it, so that no empty field at its end was lost.
    """

    number: int
    fields: list[Field] = field(default_factory=list)
    closed: bool = False

    @property
    def has_cells(self) -> bool:
        """Whether something on it could be a cell."""
        return any(f.entries for f in self.fields)


Unseparated = Literal["", "words", "lines"]
"""What a field is where there are no tabs and pipes: nothing, a word between blanks, a whole line."""


def lines_of(zone: Zone, stream: Stream, *, bare: Unseparated = "") -> list[Line]:
    """The lines of a zone from its header to its last cell, where it has fields; else none.

    Args:
        zone: One printed copy of a table.
        stream: The source.
        bare: What to take as a field where there are no tabs and pipes.
    """
    entries = [e for segment in zone.segments for e in segment.entries]
    if not entries:
        return []
    separated = 2 * sum(e.fielded for e in entries) >= len(entries)
    if not separated and not bare:
        return []
    if not separated and bare == "words" and len({e.line for e in entries}) * 2 > len(entries):
        return []
    words = not separated and bare == "words"
    text = stream.folded.text
    first, last = entries[0], entries[-1]
    top = text.rfind("\n", 0, first.start) + 1
    number = first.line
    floor = zone.segments[0].start
    for _ in range(_ABOVE):
        if top <= floor:
            break
        above = text.rfind("\n", 0, top - 1) + 1
        if top - above > _LONGEST_HEADER and "\t" not in text[above:top]:
            break
        top, number = above, number - 1
    bottom = text.find("\n", last.end)
    bottom = len(text) if bottom < 0 else bottom
    starts = [e.start for e in entries]
    found: list[Line] = []
    place = top
    for raw in text[top:bottom].split("\n"):
        if not (_RULE.fullmatch(raw) and (_RULED.search(raw) or not raw.strip())):
            found.append(_line(number, raw, place, entries, starts, words=words))
        place += len(raw) + 1
        number += 1
    return found


def _line(
    number: int, raw: str, place: int, entries: list[Entry], starts: list[int], *, words: bool
) -> Line:
    if words:
        parts = [(m.start(), m.group()) for m in re.finditer(r"\S+", raw)]
        return Line(number, [_field(text, place + at, entries, starts) for at, text in parts])
    bare = raw.strip(" ")
    at = place + raw.index(bare) if bare else place
    closed = bare.startswith("|") and bare.endswith("|") and len(bare) > 1
    if closed:
        bare, at = bare[1:-1], at + 1
    elif bare.startswith("|"):
        bare, at = bare[1:], at + 1
    line = Line(number, closed=closed)
    begin = 0
    for end in [i for i, c in enumerate(bare) if c in "\t|"] + [len(bare)]:
        line.fields.append(_field(bare[begin:end], at + begin, entries, starts))
        begin = end + 1
    return line


def _field(text: str, at: int, entries: list[Entry], starts: list[int]) -> Field:
    bare = text.strip()
    start = at + text.index(bare) if bare else at
    low, high = bisect_left(starts, start), bisect_left(starts, start + len(bare))
    return Field(start, start + len(bare), bare, tuple(entries[low:high]))
