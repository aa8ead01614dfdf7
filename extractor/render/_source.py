"""The source text, cut at every span boundary.

Spans may be shared, nested or overlapping, which no tree of elements can follow. The text is cut at
every boundary instead and each piece carries the cells and the reasons that cover it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify.schema import Span

_Key = tuple[Literal["cell", "reason", "claim"], str | int]
# Up to this many characters the whole source is shown, above it windows around the spans.
WHOLE = 400_000
_AROUND = 1_500
_HEAD = 3_000
# A span longer than this (a reason about a whole zone) is shown by its two ends.
_LONG = 8_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same cells, reasons and claims cover.

    Attributes:
        start: First offset in the source.
        end: Offset after the last.
        cells: Names of the cells whose span covers it, in the order of the form.
        reasons: Numbers of the reasons whose span covers it.
        claims: Numbers of the claims of the prose whose span covers it.
        first: Those of the cells whose span begins here.
        first_reasons: Those of the reasons whose span begins here.
        first_claims: Those of the claims whose span begins here.
    """

    start: int
    end: int
    cells: tuple[str, ...]
    reasons: tuple[int, ...]
    claims: tuple[int, ...]
    first: tuple[str, ...]
    first_reasons: tuple[int, ...]
    first_claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything that is marked in a source.

    Attributes:
        cells: Usable span of each cell that has one, in the order of the form.
        reasons: Usable span of each reason that has one, by its number.
        claims: Usable span of each claim of the prose, by its number.
        classes: CSS classes of each cell.
        outcomes: Outcome of each claim.
    """

    cells: Mapping[str, Span]
    reasons: Mapping[int, Span] = field(default_factory=dict)
    claims: Mapping[int, Span] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)

    @property
    def spans(self) -> list[Span]:
        """All spans, in no order."""
        return [*self.cells.values(), *self.reasons.values(), *self.claims.values()]


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


def pieces(marks: Marks, shown: Sequence[Span]) -> list[Piece]:
    """Cuts the shown ranges at every boundary of a span.

    Args:
        marks: What is marked.
        shown: Disjoint ascending ranges.
    """
    opening: dict[int, list[_Key]] = defaultdict(list)
    closing: dict[int, list[_Key]] = defaultdict(list)
    keyed: list[tuple[_Key, Span]] = [
        *((("cell", name), span) for name, span in marks.cells.items()),
        *((("reason", n), span) for n, span in marks.reasons.items()),
        *((("claim", n), span) for n, span in marks.claims.items()),
    ]
    for key, (start, end) in keyed:
        opening[start].append(key)
        closing[end].append(key)
    edges = {edge for part in shown for edge in part}
    cuts = sorted(edges | opening.keys() | closing.keys())
    order = {key: i for i, (key, _) in enumerate(keyed)}
    active: dict[_Key, None] = {}
    starts = {start for start, _ in shown}
    ends = {end for _, end in shown}
    found: list[Piece] = []
    inside = False
    for position, cut in enumerate(cuts):
        for key in closing.get(cut, ()):
            active.pop(key, None)
        begun = opening.get(cut, [])
        active.update(dict.fromkeys(begun))
        inside = cut in starts or (inside and cut not in ends)
        if not inside or position + 1 == len(cuts):
            continue
        covering = sorted(active, key=order.__getitem__)
        found.append(Piece(cut, cuts[position + 1], *_sorted(covering), *_sorted(begun)))
    return found


def _sorted(keys: Sequence[_Key]) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """Names of cells, numbers of reasons and numbers of claims."""
    return (
        tuple(key for kind, key in keys if kind == "cell" and isinstance(key, str)),
        tuple(key for kind, key in keys if kind == "reason" and isinstance(key, int)),
        tuple(key for kind, key in keys if kind == "claim" and isinstance(key, int)),
    )


def _text(source: str, start: int, end: int) -> str:
    text = source[start:end]
    # A cut between CR and LF would make two line ends of one.
    if text.endswith("\r") and source[end : end + 1] == "\n":
        return text[:-1]
    return text


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as the template shows it.

    Attributes:
        text: What stands there; it is escaped by the template.
        gap: How many characters are left out here, as text; empty where none are.
        kinds: CSS classes; none for text that nothing covers.
        cells: Names of the cells that cover it.
        ids: Of the element, and of further anchors before it: an element has one id.
        notes: Keys of the reasons and claims that cover it.
    """

    text: str = ""
    gap: str = ""
    kinds: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def shown_pieces(source: str, marks: Marks, whole: int = WHOLE) -> Iterator[Shown]:
    """The source in pieces, every span marked, what lies far from any left out when it is large."""
    at = 0
    for piece in pieces(marks, windows(marks.spans, len(source), whole)):
        if piece.start > at:
            yield Shown(gap=f"{piece.start - at:,}")
        yield _shown(_text(source, piece.start, piece.end), piece, marks)
        at = piece.end
    if at < len(source):
        yield Shown(gap=f"{len(source) - at:,}")


def _shown(text: str, piece: Piece, marks: Marks) -> Shown:
    ids = [f"s-{name}" for name in piece.first] + [f"w-{n}" for n in piece.first_reasons]
    ids += [f"k-{n}" for n in piece.first_claims]
    notes = [f"r{n}" for n in piece.reasons] + [f"k{n}" for n in piece.claims]
    kinds = sorted({kind for name in piece.cells for kind in marks.classes[name].split()})
    if piece.reasons:
        kinds.append("why")
    if piece.claims:
        kinds += ["claim", *sorted({marks.outcomes[n] for n in piece.claims})]
    return Shown(text, "", tuple(kinds), piece.cells, tuple(ids), tuple(notes))
