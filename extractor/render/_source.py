"""The source text as HTML, cut at every span boundary.

Spans may be shared, nested or overlapping, which no tree of elements can follow. The text is cut at
every boundary instead and each piece carries the cells and the reasons that cover it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from extractor.render._text import html

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def windows(spans: Iterable[Span], length: int) -> list[Span]:
    """The parts of a source to show: all of it, or what stands around the spans.

    Args:
        spans: Usable spans, in any order.
        length: Characters of the source.

    Returns:
        Disjoint ranges in ascending order.
    """
    if length <= WHOLE:
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
        text = text[:-1]
    return html(text)


def _piece(source: str, piece: Piece, marks: Marks, shared: str) -> str:
    text = _text(source, piece.start, piece.end)
    if not piece.cells and not piece.reasons and not piece.claims:
        return text
    ids = [f"s-{name}" for name in piece.first] + [f"w-{n}" for n in piece.first_reasons]
    ids += [f"k-{n}" for n in piece.first_claims]
    # An element has one id: further cells that begin here get empty anchors before it.
    anchors = "".join(f'<i id="{html(id_)}"></i>' for id_ in ids[1:])
    attributes = f' id="{html(ids[0])}"' if ids else ""
    notes = [f"r{n}" for n in piece.reasons] + [f"k{n}" for n in piece.claims]
    kinds = sorted({kind for name in piece.cells for kind in marks.classes[name].split()})
    if notes:
        attributes += f' data-reason="{" ".join(notes)}"'
    if piece.reasons:
        kinds.append("why")
    if piece.claims:
        kinds += ["claim", *sorted({marks.outcomes[n] for n in piece.claims})]
    if not piece.cells:
        return f'{anchors}<span class="{" ".join(kinds)}"{attributes}>{text}</span>'
    if len(piece.cells) > 1:
        attributes += f' title="{html(shared.format(len(piece.cells)))}"'
    names = html(" ".join(piece.cells))
    return f'{anchors}<mark class="{" ".join(kinds)}" data-cell="{names}"{attributes}>{text}</mark>'


def source_html(source: str, marks: Marks, words: tuple[str, str]) -> str:
    """The source, escaped, every span marked, what lies far from any left out when it is large.

    Args:
        source: The decoded source.
        marks: What is marked in it.
        words: What is said of a gap and of a shared span, both with a ``{}`` for a number.
    """
    omitted, shared = words
    shown = windows(marks.spans, len(source))
    parts: list[str] = []
    at = 0
    for piece in pieces(marks, shown):
        if piece.start > at:
            parts.append(_gap(omitted, piece.start - at))
        parts.append(_piece(source, piece, marks, shared))
        at = piece.end
    if at < len(source):
        parts.append(_gap(omitted, len(source) - at))
    return "".join(parts)


def _gap(omitted: str, count: int) -> str:
    return f'<span class="gap">{html(omitted.format(f"{count:,}"))}</span>'
