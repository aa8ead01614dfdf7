"""Grounded and exclusive: each span is a whole figure of the source, and none is used twice."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from verify.figures import read_figure
from verify.findings import Finding
from verify.forms import Form
from verify.layout import Layout
from verify.reading import Place, Span
from verify.stream import Entry, Kind, Segment
from verify.zones import Zone

Places = Mapping[str, Place]
ROW_DOUBTS = frozenset({"placement_ambiguous", "row_ambiguous", "columns_unclear", "merged_cell"})
"""Doubts that are about a row, not about one cell that holds no figure."""


@dataclass(slots=True)
class Spot:
    """An entry of the stream in source offsets, and what the reading makes of it.

    Attributes:
        start: Source offset.
        end: One past its last character.
        entry: The entry.
        segment: Its segment.
        zone: Its zone.
        cells: Cells of the reading whose spans lie in it.
        covered: Whether the reading doubts what stands here.
    """

    start: int
    end: int
    entry: Entry
    segment: Segment
    zone: Zone
    cells: list[str] = field(default_factory=list)
    covered: bool = False


class Grounding:
    """All entries of all zones, and how spans of a reading fall on them."""

    def __init__(self, layout: Layout, form: Form, findings: list[Finding]) -> None:
        self.source = layout.source
        self.form = form
        self.findings = findings
        self.spots = sorted(
            (
                Spot(*layout.stream.span(entry.start, entry.end), entry, segment, zone)
                for zone in layout.zones
                for segment in zone.segments
                for entry in segment.entries
            ),
            key=lambda spot: spot.start,
        )
        self.starts = [spot.start for spot in self.spots]
        self.at = {spot.start: spot for spot in self.spots}

    def _say(
        self, code: str, cells: tuple[str, ...], span: Span, actual: str | None = None
    ) -> None:
        self.findings.append(Finding(code, cells, span=span, actual=actual))

    def ground(self, places: Places, found: dict[str, list[Spot]]) -> bool:
        """Find the entries under each span; say what is not grounded or used twice."""
        good = True
        taken: list[tuple[int, int, str]] = []
        touched: dict[int, Spot] = {}
        for name in self.form.cells:
            place = places.get(name)
            if place is None or place.span is None:
                continue
            spots = self._under(place.span)
            if place.where == "doubt":
                if not self._hides_a_figure(name, place, spots):
                    for spot in spots:
                        spot.covered = True
                if spots:
                    found[name] = spots
                continue
            if not spots or not self._whole(place, spots):
                self._say("not_grounded", (name,), span=place.span,
                          actual=self.source[place.span[0] : place.span[1]])  # fmt: skip
                good = False
                continue
            taken.append((*place.span, name))
            found[name] = spots
            for spot in spots:
                spot.cells.append(name)
                touched[spot.start] = spot
        taken.sort()
        for (_, end, name), (start, _, other) in itertools.pairwise(taken):
            if start < end:
                self._say("used_twice", (name, other), span=(start, end))
                good = False
        return good and self._tiled(places, touched.values())

    def _hides_a_figure(self, name: str, place: Place, spots: list[Spot]) -> bool:
        """Whether a reader calls no figure what is one; it then stays to be explained."""
        return (
            place.why not in ROW_DOUBTS
            and len(spots) == 1
            and spots[0].entry.kind is Kind.FIGURE
            and read_figure(self.source[spots[0].start : spots[0].end], self.form.kinds[name])
            is not None
        )

    def _under(self, span: Span) -> list[Spot]:
        exact = self.at.get(span[0])
        if exact is not None and exact.end == span[1]:
            return [exact]
        at = max(0, bisect_right(self.starts, span[0]) - 1)
        under = []
        while at < len(self.spots) and self.spots[at].start < span[1]:
            if self.spots[at].end > span[0]:
                under.append(self.spots[at])
            at += 1
        return under

    def _whole(self, place: Place, spots: list[Spot]) -> bool:
        assert place.span is not None
        start, end = place.span
        kind = Kind.FIGURE if place.where == "span" else Kind.BLANK
        if any(spot.entry.kind is not kind and spot.entry.text != "-" for spot in spots):
            return False
        if spots[-1].entry.kind is not kind:
            return False
        if spots[0].start == start and spots[-1].end == end:
            return True
        text = self.source[start:end]
        if len(spots) == 1 and place.where == "span":  # a digit of a glued run, or without its unit
            return text.isdigit() and spots[0].start <= start and end <= spots[0].end
        return False

    def _tiled(self, places: Places, spots: Iterable[Spot]) -> bool:
        """Digits that are cut must be used to the last one; a unit may be left out."""
        good = True
        for spot in spots:
            spans = sorted(
                place.span for name in spot.cells
                if (place := places.get(name)) and place.span
                and place.span[0] < spot.end and place.span[1] > spot.start
            )  # fmt: skip
            if not spans or (spans[0][0] <= spot.start and spans[-1][1] >= spot.end):
                continue
            rest = self.source[spans[-1][1] : spot.end]
            gap = any(a[1] != b[0] for a, b in itertools.pairwise(spans))
            if gap or spans[0][0] > spot.start or any(c.isdigit() for c in rest):
                self._say("not_grounded", tuple(spot.cells), span=(spot.start, spot.end),
                          actual=self.source[spans[0][0] : spans[-1][1]])  # fmt: skip
                good = False
        return good
