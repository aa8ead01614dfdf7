"""The source text as HTML, cut at every span boundary.

Spans may be shared, nested or overlapping, which no tree of elements can follow. The text is cut at
every boundary instead and each piece carries the cells and the reasons that cover it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.render._text import html

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify.schema import Span

# Up to this many characters the whole source is shown, above it windows around the spans.
WHOLE = 400_000
_AROUND = 1_500
_HEAD = 3_000
# A span longer than this (a reason about a whole zone) is shown by its two ends.
_LONG = 8_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same cells and reasons cover.

    Attributes:
        start: First offset in the source.
        end: Offset after the last.
        cells: Names of the cells whose span covers it, in the order of the form.
        reasons: Numbers of the reasons whose span covers it.
        first: Those of the cells whose span begins here.
        first_reasons: Those of the reasons whose span begins here.
    """

    start: int
    end: int
    cells: tuple[str, ...]
    reasons: tuple[int, ...]
    first: tuple[str, ...]
    first_reasons: tuple[int, ...]


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


def pieces(
    cells: Mapping[str, Span], reasons: Mapping[int, Span], shown: Sequence[Span]
) -> list[Piece]:
    """Cuts the shown ranges at every boundary of a span.

    Args:
        cells: Usable span of each cell that has one, in the order of the form.
        reasons: Usable span of each reason that has one.
        shown: Disjoint ascending ranges.
    """
    opening: dict[int, list[str | int]] = defaultdict(list)
    closing: dict[int, list[str | int]] = defaultdict(list)
    keyed: list[tuple[str | int, Span]] = [*cells.items(), *reasons.items()]
    for key, (start, end) in keyed:
        opening[start].append(key)
        closing[end].append(key)
    edges = {edge for part in shown for edge in part}
    cuts = sorted(edges | opening.keys() | closing.keys())
    order = {key: i for i, (key, _) in enumerate(keyed)}
    active: dict[str | int, None] = {}
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
        found.append(
            Piece(
                cut,
                cuts[position + 1],
                tuple(key for key in covering if isinstance(key, str)),
                tuple(key for key in covering if isinstance(key, int)),
                tuple(key for key in begun if isinstance(key, str)),
                tuple(key for key in begun if isinstance(key, int)),
            )
        )
    return found


def _text(source: str, start: int, end: int) -> str:
    text = source[start:end]
    # A cut between CR and LF would make two line ends of one.
    if text.endswith("\r") and source[end : end + 1] == "\n":
        text = text[:-1]
    return html(text)


def _piece(source: str, piece: Piece, classes: Mapping[str, str], shared: str) -> str:
    text = _text(source, piece.start, piece.end)
    if not piece.cells and not piece.reasons:
        return text
    ids = [f"s-{name}" for name in piece.first] + [f"w-{n}" for n in piece.first_reasons]
    # An element has one id: further cells that begin here get empty anchors before it.
    anchors = "".join(f'<i id="{html(id_)}"></i>' for id_ in ids[1:])
    attributes = f' id="{html(ids[0])}"' if ids else ""
    if piece.reasons:
        attributes += f' data-reason="{" ".join(f"r{n}" for n in piece.reasons)}"'
    if not piece.cells:
        return f'{anchors}<span class="why"{attributes}>{text}</span>'
    kinds = sorted({kind for name in piece.cells for kind in classes[name].split()})
    if piece.reasons:
        kinds.append("why")
    if len(piece.cells) > 1:
        attributes += f' title="{html(shared.format(len(piece.cells)))}"'
    names = html(" ".join(piece.cells))
    return f'{anchors}<mark class="{" ".join(kinds)}" data-cell="{names}"{attributes}>{text}</mark>'


def source_html(
    source: str,
    cells: Mapping[str, Span],
    reasons: Mapping[int, Span],
    classes: Mapping[str, str],
    words: tuple[str, str],
) -> str:
    """The source, escaped, every span marked, what lies far from any left out when it is large.

    Args:
        source: The decoded source.
        cells: Usable span of each cell that has one.
        reasons: Usable span of each reason that has one.
        classes: CSS classes of each cell.
        words: What is said of a gap and of a shared span, both with a ``{}`` for a number.
    """
    omitted, shared = words
    shown = windows([*cells.values(), *reasons.values()], len(source))
    parts: list[str] = []
    at = 0
    for piece in pieces(cells, reasons, shown):
        if piece.start > at:
            parts.append(_gap(omitted, piece.start - at))
        parts.append(_piece(source, piece, classes, shared))
        at = piece.end
    if at < len(source):
        parts.append(_gap(omitted, len(source) - at))
    return "".join(parts)


def _gap(omitted: str, count: int) -> str:
    return f'<span class="gap">{html(omitted.format(f"{count:,}"))}</span>'
