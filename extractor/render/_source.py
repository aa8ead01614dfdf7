"""The source text, cut at every span boundary.

Spans may be shared, nested or overlapping, which no tree of elements can follow. The text is cut at
every boundary instead and each piece carries what covers it: cells, reasons, and claims of the prose.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verify.schema import Span

# Up to this many characters the whole source is shown, above it windows around the spans.
WHOLE = 400_000
_AROUND = 1_500
_HEAD = 3_000
# A span longer than this (a reason about a whole zone) is shown by its two ends.
_LONG = 8_000
_ANCHORS = {"cell": "s", "reason": "w", "claim": "k"}
_NOTES = {"reason": "r", "claim": "k"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is marked in a source."""

    kind: Literal["cell", "reason", "claim"]  # of what it is
    name: str | int  # of the cell, or number of the reason or claim
    span: Span  # a usable one
    classes: tuple[str, ...] = ()  # CSS classes of what it covers
    # whether it begins where its span does, and so has an anchor there; a mark that was cut does
    # not
    begins: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same marks cover, as the templates show it."""

    text: str = ""  # what stands there; it is escaped by the template
    gap: str = ""  # how many characters are left out here, as text; empty where none are
    kinds: tuple[str, ...] = ()  # CSS classes; none for text that nothing covers
    cells: tuple[str, ...] = ()  # names of the cells that cover it, in the order of the form
    # anchors of what begins here; an element has one id, so further ones stand before it
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # keys of the reasons and claims that cover it


def usable(span: Span | None, length: int) -> Span | None:
    """``span`` when it covers something of a text of ``length`` characters, cut to it."""
    if span is None:
        return None
    start, end = span[0], min(span[1], length)
    return (start, end) if start < end else None


def windows(spans: Iterable[Span], length: int, whole: int = WHOLE) -> list[Span]:
    """The parts of a source to show: all of it, or what stands around the spans.

    Args:
        spans: Usable spans, in any order.
        length: Characters of the source.
        whole: Up to so many are shown whole.

    Returns:
        Disjoint ranges in ascending order.
    """
    if length <= whole:
        return [(0, length)] if length else []
    wanted = [(0, _HEAD)]
    for start, end in spans:
        if end - start > _LONG:
            wanted.append((start - _AROUND, start + _AROUND))
            wanted.append((end - _AROUND, end + _AROUND))
        else:
            wanted.append((start - _AROUND, end + _AROUND))
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, a), min(length, b)) for a, b in wanted):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def pieces(source: str, marks: Sequence[Mark], whole: int = WHOLE) -> Iterator[Piece]:
    """The source in pieces, every span marked, what lies far from any left out when it is large.

    Args:
        source: The text.
        marks: What is marked, the cells in the order of the form.
        whole: Up to so many characters are shown whole.
    """
    at = 0
    for start, end in windows((mark.span for mark in marks), len(source), whole):
        if start > at:
            yield Piece(gap=f"{start - at:,}")
        yield from pieces_of(source, (start, end), marks)
        at = end
    if at < len(source):
        yield Piece(gap=f"{len(source) - at:,}")


def pieces_of(
    source: str, part: Span, marks: Sequence[Mark], *, anchors: bool = True
) -> Iterator[Piece]:
    """A part of a source in pieces.

    Args:
        source: The text.
        part: The part.
        marks: What is marked, anywhere in the source.
        anchors: Whether what begins in the part gets its anchor.
    """
    inside = [
        replace(
            mark,
            span=(max(mark.span[0], part[0]), min(mark.span[1], part[1])),
            begins=anchors and mark.span[0] >= part[0],
        )
        for mark in marks
        if mark.span[0] < part[1] and part[0] < mark.span[1]
    ]
    opening: defaultdict[int, list[int]] = defaultdict(list)
    closing: defaultdict[int, list[int]] = defaultdict(list)
    for number, mark in enumerate(inside):
        opening[mark.span[0]].append(number)
        closing[mark.span[1]].append(number)
    cuts = sorted({*part, *opening, *closing})
    active: set[int] = set()
    for start, end in pairwise(cuts):
        active.difference_update(closing[start])
        active.update(opening[start])
        begun = [inside[number] for number in opening[start]]
        covering = [inside[number] for number in sorted(active)]
        yield _piece(_text(source, start, end), covering, begun)


def _text(source: str, start: int, end: int) -> str:
    text = source[start:end]
    # A cut between CR and LF would make two line ends of one.
    if text.endswith("\r") and source[end : end + 1] == "\n":
        return text[:-1]
    return text


def _piece(text: str, covering: Sequence[Mark], begun: Sequence[Mark]) -> Piece:
    kinds = sorted({kind for mark in covering if mark.kind == "cell" for kind in mark.classes})
    for of in ("reason", "claim"):
        kinds += dict.fromkeys(k for mark in covering if mark.kind == of for k in mark.classes)
    return Piece(
        text,
        kinds=tuple(kinds),
        cells=tuple(str(mark.name) for mark in covering if mark.kind == "cell"),
        ids=tuple(f"{_ANCHORS[mark.kind]}-{mark.name}" for mark in begun if mark.begins),
        notes=tuple(f"{_NOTES[m.kind]}{m.name}" for m in covering if m.kind in _NOTES),
    )
