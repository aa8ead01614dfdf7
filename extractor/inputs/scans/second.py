"""What the recognitions read differently, marked in the document; suspects of failed sums looked at once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.inputs.scans.looks import Figure, confirmed
from extractor.inputs.scans.pages import Scanned
from verify.document.model import Box, Document, Doubt, Span


def checked(made: Document, scanned: Sequence[Scanned]) -> Document:
    """The document with its doubts.

    Args:
        made: As it was written; its places are those of the straight pages.
        scanned: The pages that were recognised.
    """
    figures = list(_placed(made, scanned))
    doubts = [
        Doubt(span, unsure=figure.sure == "unsure")
        for span, _, figure in figures
        if figure.sure != "agreed"
    ]
    first = replace(made, doubts=tuple(doubts))
    suspects = _suspects(first)
    agreed = [
        (span, page, figure)
        for span, page, figure in figures
        if figure.sure == "agreed" and any(span[0] < s[1] and s[0] < span[1] for s in suspects)
    ]
    for span, page, figure in agreed:
        if not confirmed(page.paper, figure):
            doubts.append(Doubt(span, unsure=False))
    return replace(made, doubts=tuple(sorted(doubts, key=lambda doubt: doubt.span)))


def _placed(made: Document, scanned: Sequence[Scanned]) -> Iterator[tuple[Span, Scanned, Figure]]:
    """Where in the text each figure was written."""
    for page in scanned:
        k, number = page.paper.scale, page.page.number
        anchors = [
            (anchor.span, anchor.place)
            for anchor in made.anchors
            if isinstance(anchor.place, Box) and anchor.place.page == number
        ]
        for figure in page.figures:
            x0, y0, x1, y1 = (value / k for value in figure.box)
            for span, place in anchors:
                x, y = (place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2
                if span[1] > span[0] and x0 - 1 < x < x1 + 1 and y0 - 3 < y < y1 + 3:
                    yield span, page, figure


def _suspects(made: Document) -> list[Span]:
    """Where the cells stand whose change would let failed sums hold; all cells of these sums where none is found."""
    from extractor.readers import builtin
    from verify.layout import lay_out
    from verify.verdict import verify

    layout = lay_out(made.text, made)
    verified = verify(layout, builtin.read(layout))
    names: set[str] = set()
    for suspicion in verified.suspects:
        names |= {name for cells in suspicion.sets for name in cells}
    for finding in verified.findings:
        if finding.code in ("identity_failed", "blanks_impossible", "negative_count"):
            names.update(finding.cells)
    places = [verified.cells[name].span for name in names if name in verified.cells]
    return [span for span in places if span is not None]
