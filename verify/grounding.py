"""Grounded and exclusive: each span is a whole figure of the source, and none is used twice."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from verify.figures import Number, plain_digits, read_figure
from verify.findings import Finding
from verify.fold import fold_text
from verify.forms import Form
from verify.layout import Layout
from verify.reading import Place, Span
from verify.rules.check import rule
from verify.stream import Entry, Kind, Segment
from verify.zones import Zone

Places = Mapping[str, Place]
_KINDS = {"span": Kind.FIGURE, "blank": Kind.BLANK, "missing": None, "doubt": None}


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


def figures_at(source: str, places: Places, form: Form) -> dict[str, Number | None]:
    """The figures under the spans of a reading; None where a span holds none."""
    found: dict[str, Number | None] = {}
    for name, place in places.items():
        if place.where == "span" and place.span and name in form.kinds:
            figure = read_figure(source[slice(*place.span)], form.kinds[name])
            found[name] = figure.value if figure else None
    return found


class Grounding:
    """All entries of all zones, and how spans of a reading fall on them."""

    def __init__(self, layout: Layout, form: Form, findings: list[Finding]) -> None:
        self.source = layout.source
        self.stream = layout.stream
        self.form = form
        self.findings = findings
        span = layout.stream.folded.span
        self._runs = {
            segment.index: [
                Spot(*span(entry.start, entry.end), entry, segment, zone)
                for entry in segment.entries
            ]
            for zone in layout.zones
            for segment in zone.segments
        }
        self.spots = [spot for run in self._runs.values() for spot in run]
        self.spots.sort(key=attrgetter("start"))
        self.starts = [spot.start for spot in self.spots]
        self.at = dict(zip(self.starts, self.spots, strict=True))

    def spots_of(self, segment: Segment) -> list[Spot]:
        """The entries of one run."""
        return self._runs[segment.index]

    def _say(
        self, code: str, cells: tuple[str, ...], span: Span, actual: str | None = None
    ) -> None:
        self.findings.append(Finding(code, cells, span=span, actual=actual))

    @rule("structure.grounded", severity="error", codes=("not_grounded", "glyphs_twice"))
    @rule("structure.exclusive", severity="error", codes=("used_twice",))
    def ground(self, places: Places, found: dict[str, list[Spot]]) -> bool:
        """Find the entries under each span; say what is not grounded or used twice.

        Args:
            places: One printed copy of the tables.
            found: Filled with the entries under the span of each cell.

        Returns:
            Whether nothing is wrong.
        """
        good = True
        owner: dict[int, str] = {}  # by entry, where a span is exactly that entry
        parted: list[tuple[int, int, str]] = []  # spans that are part of one, or several
        touched: dict[int, Spot] = {}
        for name in self.form.cells:
            place = places.get(name)
            if place is None or place.span is None:
                continue
            start, end = place.span
            exact = self.at.get(start)
            if exact is not None and exact.end == end and exact.entry.kind is _KINDS[place.where]:
                found[name] = [exact]
                exact.cells.append(name)
                if start in owner:
                    self._say("used_twice", (owner[start], name), place.span)
                    good = False
                owner[start] = name
                continue
            spots = self._under(place.span)
            if place.where == "doubt":
                for spot in spots:
                    spot.covered = True
                if spots:
                    found[name] = spots
                continue
            if not spots or not self._whole(place, spots):
                self._say("not_grounded", (name,), place.span, self.source[start:end])
                good = False
                continue
            parted.append((start, end, name))
            found[name] = spots
            for spot in spots:
                spot.cells.append(name)
                touched[spot.start] = spot
                if spot.start in owner:
                    self._say("used_twice", (owner[spot.start], name), place.span)
                    good = False
        parted.sort()
        for (_, end, name), (start, _, other) in itertools.pairwise(parted):
            if start < end:
                self._say("used_twice", (name, other), (start, end))
                good = False
        late = [spot for at, spot in touched.items() if at in owner]
        for spot in late:  # an exact span that came after a part of the same entry
            self._say("used_twice", tuple(spot.cells), (spot.start, spot.end))
        return good and not late and self._tiled(places, touched.values())

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
            digits = plain_digits(fold_text(text))
            return digits is not None and spots[0].start <= start and end <= spots[0].end
        return False

    def _tiled(self, places: Places, spots: Iterable[Spot]) -> bool:
        """Digits that are cut fill several cells and are used to the last one; a unit may be left out.

        One cell alone takes the whole of what stands there: without its unit 152790元 is another sum.
        """
        good = True
        for spot in spots:
            spans = sorted(
                place.span
                for name in spot.cells
                if (place := places.get(name))
                and place.span
                and place.span[0] < spot.end
                and place.span[1] > spot.start
            )
            if not spans or (spans[0][0] <= spot.start and spans[-1][1] >= spot.end):
                continue
            rest = self.source[spans[-1][1] : spot.end]
            gap = len(spans) < 2 or any(a[1] != b[0] for a, b in itertools.pairwise(spans))
            if gap or spans[0][0] > spot.start or any(plain_digits(fold_text(c)) for c in rest):
                self._say(
                    "not_grounded",
                    tuple(spot.cells),
                    (spot.start, spot.end),
                    self.source[spans[0][0] : spans[-1][1]],
                )
                good = False
        return good
