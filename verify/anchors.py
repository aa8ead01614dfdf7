"""Anchored: the label that stands before a row's figures is that row's and no other's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.findings import Finding
from verify.forms import Row, Table
from verify.grounding import Spot
from verify.labels import likeness, spelled
from verify.reading import Reading
from verify.stream import Segment
from verify.zones import Zone, rows_in, tells_row

_WORDS = 4
_SIMILAR = 0.3  # below this, unknown words in a label's place are another row's


@dataclass(slots=True)
class Used:
    """A row of the reading and the entries that it uses.

    Attributes:
        at: Index of the row in its table.
        row: The row.
        spots: The entries, in order of the source.
        direct: Each cell has one entry of its own, or the reading doubts the whole row.
    """

    at: int
    row: Row
    spots: list[Spot]
    direct: bool


class Anchors:
    """Holds labels against rows and notes what does not agree."""

    def __init__(
        self, reading: Reading, findings: list[Finding], undecided: dict[str, str]
    ) -> None:
        self.reading = reading
        self.findings = findings
        self.undecided = undecided

    def _say(self, code: str, cells: tuple[str, ...], **fields: object) -> None:
        self.findings.append(Finding(code, cells, **fields))  # type: ignore[arg-type]

    def check(self, table: Table, zone: Zone, used: list[Used]) -> None:
        """Hold the labels of a zone against the rows that use its runs."""
        index = {row.id: i for i, row in enumerate(table.rows)}
        runs: dict[int, list[Used]] = {}
        for use in used:
            runs.setdefault(use.spots[0].segment.index, []).append(use)
        after = self._labels_follow(table, zone)
        anchored: dict[int, bool] = {}
        segments = zone.segments
        for at, segment in enumerate(segments):
            uses = runs.get(segment.index, [])
            if not uses:
                continue
            labelled: Segment | None = segment
            if after:
                labelled = segments[at + 1] if at + 1 < len(segments) else zone.after
            self._anchor_run(table, index, labelled, uses, after, anchored)
        self._pin(table, used, anchored)
        self._before_gaps(table, zone, used)
        for use in used:
            if not tells_row(use.row.id, use.spots[0].segment):
                self._leave_open(table, use)

    def _before_gaps(self, table: Table, zone: Zone, used: list[Used]) -> None:
        """A label on its own line before a row that is lost without a trace settles nothing.

        The figures after it may be its own, or the lost row's after its own were lost.
        """
        there = {use.at for use in used}
        index = {row.id: i for i, row in enumerate(table.rows)}
        segments = [*zone.segments, *([zone.after] if zone.after else [])]
        for segment in segments:
            there.update(
                index[id] for m in rows_in(segment, table.id) for id in m.ids if id in index
            )
        doubtful = {
            id(use.spots[0].segment) for use in used
            if use.at + 1 not in there and use.at < max(there)
            and not use.spots[0].segment.label_on_line
        }  # fmt: skip
        for use in used:
            if id(use.spots[0].segment) in doubtful:
                self._leave_open(table, use)

    def _leave_open(self, table: Table, use: Used) -> None:
        """It is not settled which row the figures belong to."""
        for name in table.cells(use.row):
            if self.reading.place(name).where == "span":
                self.undecided[name] = "row_ambiguous"

    def _labels_follow(self, table: Table, zone: Zone) -> bool:
        first = rows_in(zone.segments[0], table.id)
        return (
            not first
            and zone.after is not None
            and bool([m for m in zone.after.marks[:1] if m.kind == "row" and table.id in m.tables])
        )

    def _anchor_run(
        self, table: Table, index: dict[str, int], segment: Segment | None, uses: list[Used],
        after: bool, anchored: dict[int, bool],
    ) -> None:  # fmt: skip
        """Hold the labels of one stretch of text against the rows that use the run beside it."""
        marks = rows_in(segment, table.id) if segment is not None else []
        labels = [(ids, m) for m in marks if (ids := m.ids & index.keys())]
        if len(labels) == len(uses) + 1 and len(uses) > 1:
            labels = labels[1:]
        pairs: list[tuple[Used, int | None]]
        if len(uses) > 1 and labels and not after and segment is not None and segment.label_on_line:
            pairs = [(use, len(labels) - 1 if i == 0 else None) for i, use in enumerate(uses)]
        elif len(uses) == len(labels):
            pairs = [(use, i) for i, use in enumerate(uses)]
        elif len(uses) == 1 and labels:
            pairs = [(uses[0], 0 if after else len(labels) - 1)]
        elif len(labels) == 1:
            pairs = [(use, 0 if i == 0 else None) for i, use in enumerate(uses)]
        else:
            pairs = [(use, None) for use in uses]
        for i, (use, label) in enumerate(pairs):
            if label is None:
                unknown = "" if labels or segment is None or i else unknown_before_run(segment)
                strange = len(unknown) >= _WORDS and not _may_be(unknown, segment, table, use.row)
                anchored[use.at] = False
                if strange and use.direct:
                    self._wrong_label(table, use, unknown)
                continue
            ids, mark = labels[label]
            if use.row.id in ids:
                anchored[use.at] = True
            elif mark.likeness == 1:
                assert segment is not None
                self._wrong_label(table, use, spelled(segment.tail[mark.start : mark.end]))
            else:
                anchored[use.at] = False

    def _wrong_label(self, table: Table, use: Used, text: str) -> None:
        self._say("wrong_label", table.cells(use.row), expected=use.row.label, actual=text,
                  span=(use.spots[0].start, use.spots[-1].end))  # fmt: skip

    def _pin(self, table: Table, used: list[Used], anchored: dict[int, bool]) -> None:
        """A row without its label must be the only one that fits between its neighbours."""
        for at, use in enumerate(used):
            if anchored.get(use.at, True):
                continue
            low, high = at, at
            while low >= 0 and not anchored.get(used[low].at, False):
                low -= 1
            while high < len(used) and not anchored.get(used[high].at, False):
                high += 1
            first = used[low].at if low >= 0 else -1
            last = used[high].at if high < len(used) else len(table.rows)
            expected = first + (at - low)
            names = table.cells(use.row)
            if use.at == expected and last - first == high - low:
                self._say("label_lost", names, span=(use.spots[0].start, use.spots[-1].end))
            elif use.direct and self._is_read(names):
                self._say("not_anchored", names, span=(use.spots[0].start, use.spots[-1].end))

    def _is_read(self, names: Sequence[str]) -> bool:
        return any(self.reading.place(name).where == "span" for name in names)


def unknown_before_run(segment: Segment) -> str:
    """The words right before a run that name nothing of the form."""
    end = max((m.end for m in segment.marks), default=0)
    return "".join(text for start, text in segment.parsed.unknown if start >= end)[-60:]


def _may_be(unknown: str, segment: Segment | None, table: Table, row: Row) -> bool:
    """Whether words that name no row may be what is left of this row's label."""
    last = segment.words[-1] if segment is not None and segment.words else unknown
    return any(likeness(text, table.id, row.id) >= _SIMILAR for text in (unknown, last))
