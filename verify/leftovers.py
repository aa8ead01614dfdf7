"""Exhaustive: every figure of a zone belongs to a row of the reading or is explained.

A local row, a page number between rows, a figure that a placement may still take: anything else is
left over, and a reading that leaves figures over cannot be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.arithmetic import check
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Table
from verify.grounded import Stranger
from verify.grounding import Grounding, Spot, figures_at
from verify.placement import Option
from verify.reading import Reading
from verify.strange import unknown_before_run
from verify.stream import Kind, Segment
from verify.used import Used
from verify.zones import Zone, rows_in


class Leftovers:
    """Looks for figures that a reading does not use.

    Attributes:
        grounding: The entries and what the reading makes of them.
        reading: The reading.
        choices: Placements that rows of the reading leave open.
        undecided: Cells whose place the source does not settle, with the reason code.
        strangers: What may be a local row's or that of a row that is not found.
    """

    def __init__(
        self,
        grounding: Grounding,
        reading: Reading,
        choices: Sequence[Option],
        undecided: dict[str, str],
    ) -> None:
        self.grounding = grounding
        self.reading = reading
        self.choices = choices
        self.undecided = undecided
        self.strangers: list[Stranger] = []

    def check(self, zone: Zone, used: Sequence[Used]) -> None:
        """Say every figure of the zone that the reading neither uses nor can be explained."""
        rows = {use.spots[0].segment.index: use for use in used}
        table = self.grounding.form.table(zone.table)
        whole = len(used) == len(table.rows)
        there = {use.row.id for use in used}
        bare = {  # rows whose label is printed without figures: a full row may be theirs
            id
            for segment in zone.segments
            for mark in rows_in(segment, zone.table)
            for id in mark.ids & table.names.keys()
            if len(mark.ids) == 1 and id not in there
        }
        for segment in zone.segments:
            spots = self.grounding.spots_of(segment)
            left = [
                s
                for s in spots
                if not s.cells
                and not s.covered
                and s.entry.kind is Kind.FIGURE
                and not self._in_choice(s)
            ]
            if not left:
                continue
            span = (left[0].start, left[-1].end)
            text = self.grounding.source[span[0] : span[1]]
            alone = len(left) == len(spots) and not rows_in(segment, zone.table)
            before = [use for use in used if use.spots[0].start < left[0].start]
            sound = not before or self._holds(before[-1], zone)
            sound = sound and not (bare and len(left) >= len(table.rows[0].columns))
            whole_before = bool(before) and len(before[-1].spots) == len(before[-1].row.columns)
            own_line = segment.before_line != segment.text_line or whole_before
            if alone and sound and own_line and len(unknown_before_run(segment)) >= 2:
                code = "local_row"
                lost = _not_found(left[0], used, table)
                if lost:
                    figures = tuple(_count(spot.entry.text) for spot in left)
                    self.strangers.append(Stranger(lost, figures, span))
            elif len(left) == 1 and (
                (
                    self._is_set_apart(left[0], rows.get(segment.index))
                    and not _may_be_next(used, left[0])
                )
                or (
                    alone
                    and not _may_be_next(used, left[0])
                    and (whole or zone.table == "requests")
                    and len(spots) == 1
                )
            ):
                code = "stray_figure"
            elif (
                len(left) == 1
                and not table.is_uniform  # where sums hold, they would fill the row again
                and (own := rows.get(segment.index))
                and len(rows_in(segment, zone.table)) == 1
            ):
                # it costs the row in whose run it stands, and no other
                names = table.cells(own.row)
                self.undecided.update(dict.fromkeys(names, "placement_ambiguous"))
                continue
            else:
                code = "figure_left_over"
            self.grounding.findings.append(Finding(code, span=span, actual=text))

    def _is_set_apart(self, spot: Spot, use: Used | None) -> bool:
        """A figure on a line of its own beside a row on another, which holds without it."""
        if use is None or not alone_on_line(spot, spot.segment):
            return False
        return self._holds(use, spot.zone)

    def _holds(self, use: Used, zone: Zone) -> bool:
        """Whether the identities inside a row hold, as far as they can be evaluated."""
        names = self.grounding.form.table(zone.table).cells(use.row)
        values = figures_at(
            self.grounding.source, {n: self.reading.place(n) for n in names}, self.grounding.form
        )
        inside = [i for i in self.grounding.form.identities if set(names).issuperset(i.cells)]
        return not check(inside, values).failed

    def _in_choice(self, spot: Spot) -> bool:
        return any(
            piece is not None and piece.start <= spot.entry.start < piece.end
            for option in self.choices
            for piece in option.pieces
        )


def _not_found(spot: Spot, used: Sequence[Used], table: Table) -> tuple[tuple[str, ...], ...]:
    """The rows that are not found and may stand here, by the rows before and after."""
    there = {use.at for use in used}
    before = max(
        (use for use in used if use.spots[0].start < spot.start),
        key=lambda use: use.spots[0].start,
        default=None,
    )
    after = min(
        (use for use in used if use.spots[0].start > spot.start),
        key=lambda use: use.spots[0].start,
        default=None,
    )
    low = before.at if before else -1
    high = after.at if after else len(table.rows)
    if low > high:  # printed in another order
        low, high = -1, len(table.rows)
    return tuple(
        table.cells(row) for at, row in enumerate(table.rows) if low < at < high and at not in there
    )


def _may_be_next(used: Sequence[Used], spot: Spot) -> bool:
    """Whether a lone figure may be the cell of the row that follows, its label after it."""
    after = min(
        (use for use in used if use.spots[0].start > spot.start),
        key=lambda use: use.spots[0].start,
        default=None,
    )
    if after is None or len(after.row.columns) > 1:
        return False
    first = after.spots[0]
    beside = first.entry.line == first.segment.text_line
    return not (beside and spot.entry.line == first.entry.line)  # a number before both


def _count(text: str) -> Number | None:
    figure = read_figure(text, "count")
    return figure.value if figure else None


def _on_other_line(spot: Spot, use: Used | None) -> bool:
    """Whether a figure stands on another line than a row that is printed on one."""
    if use is None or len(use.spots) < len(use.row.columns) or len(use.spots) < _ONE_LINE:
        return False
    lines = {s.entry.line for s in use.spots}
    return len(lines) == 1 and spot.entry.line not in lines


_ONE_LINE = 2


def alone_on_line(spot: Spot, segment: Segment) -> bool:
    """A figure on a line of its own where the cells of the run share another line."""
    on_line = segment.on_line
    return on_line[spot.entry.line] == 1 and len(segment.entries) > len(on_line)


def entries_of(used: list[Used], spots: Sequence[Spot]) -> dict[int, list[Spot]]:
    """For each used row its entries and those beside them in the run that no row uses."""
    owner: dict[int, Used] = {spot.start: use for use in used for spot in use.spots}
    claims: dict[int, list[Spot]] = {id(use): [] for use in used}
    waiting: list[Spot] = []
    last: Used | None = None
    for spot in spots:
        use = owner.get(spot.start)
        if last is not None and last.spots[-1].segment is not spot.segment:
            last, waiting = None, []
        if waiting and waiting[-1].segment is not spot.segment:
            waiting = []
        if use is not None:
            chunk = claims[id(use)]
            if waiting:
                chunk += waiting
                waiting = []
            chunk.append(spot)
            last = use
        elif alone_on_line(spot, spot.segment) or _on_other_line(spot, last):
            continue
        elif last is not None:
            claims[id(last)].append(spot)
        else:
            waiting.append(spot)
    return claims
