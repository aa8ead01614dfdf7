"""Anchored: the label that stands before a row's figures is that row's and no other's.

A row whose label is lost must be the only one that fits between its neighbours. So must a row that
stands under other words; besides, the words must name it and all its identities hold, or, where they
name no row at all, its figures must be the only ones that the identities leave (`verify.rewording`).
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.findings import Finding
from verify.forms import Table
from verify.grounding import Places, figures_at
from verify.labels import may_hold, spelled
from verify.reading import Reading
from verify.rewording import all_hold, follow, rewords
from verify.strange import (
    all_used,
    is_of_another_form,
    is_strange,
    is_whole_around,
    own_words,
    stands_around,
)
from verify.stream import Segment
from verify.used import Used
from verify.zones import Zone, rows_in, tells_row


class Anchors:
    """Holds labels against rows and notes what does not agree."""

    def __init__(
        self, source: str, reading: Reading, findings: list[Finding], undecided: dict[str, str]
    ) -> None:
        self.source = source
        self.reading = reading
        self.findings = findings
        self.undecided = undecided
        self.strange: dict[int, str] = {}  # rows under words that name none, by place in the table
        self.block: dict[int, Segment] = {}  # rows whose labels stand together, by place: where

    def _say(self, code: str, cells: tuple[str, ...], **fields: object) -> None:
        self.findings.append(Finding(code, cells, **fields))  # type: ignore[arg-type]

    def check(self, table: Table, zone: Zone, used: list[Used], places: Places) -> None:
        """Hold the labels of a zone against the rows that use its runs.

        Args:
            table: Whose rows they are.
            zone: The printed copy of it.
            used: The rows.
            places: What the reading says.
        """
        self.strange, self.block = {}, {}
        index = table.places
        runs: dict[int, list[Used]] = {}
        for use in used:
            runs.setdefault(use.spots[0].segment.index, []).append(use)
        after = self._labels_follow(table, zone)
        anchored: dict[int, bool] = {}
        segments = zone.segments
        if len(used) == len(table.rows) and not after:
            self.block = _in_blocks(table, index, segments, runs)
            anchored.update(dict.fromkeys(self.block, True))
        for at, segment in enumerate(segments):
            uses = runs.get(segment.index, [])
            if not uses or uses[0].at in self.block:
                continue
            follower = segments[at + 1] if at + 1 < len(segments) else zone.after
            labelled = follower if after else segment
            self._anchor_run(table, index, labelled, uses, after, anchored)
            first = uses[0]
            if after or anchored.get(first.at, True):
                continue
            odd = self.strange.get(first.at) or own_words(segment)
            if is_whole_around(segment, odd, follower, table, first.row):
                anchored[first.at] = True
            if stands_around(segment, odd, follower, table, first.row):
                self.strange.pop(first.at, None)
        if self.block and not all(anchored.values()):
            for use in used:
                if use.at in self.block:
                    self._wrong_label(table, use, "")
        pinned = self._pin(table, used, anchored)
        self._cut_alike(table, zone, used, anchored)
        self._reworded(table, zone, used, anchored, pinned, places)
        self._before_gaps(table, zone, used)
        for use in used:
            if not tells_row(use.row.id, self.block.get(use.at, use.spots[0].segment)):
                self._leave_open(table, use)

    def _before_gaps(self, table: Table, zone: Zone, used: list[Used]) -> None:
        """A label on its own line before a row that is lost without a trace settles nothing.

        The figures after it may be its own, or the lost row's after its own were lost.
        """
        there = {use.at for use in used}
        if len(there) == len(table.rows):
            return
        index = table.places
        segments = [*zone.segments, *([zone.after] if zone.after else [])]
        for segment in segments:
            there.update(
                index[id] for m in rows_in(segment, table.id) for id in m.ids if id in index
            )
        doubtful = {
            id(use.spots[0].segment)
            for use in used
            if use.at + 1 not in there
            and use.at < max(there)
            and not use.spots[0].segment.label_on_line
        }
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
        self,
        table: Table,
        index: dict[str, int],
        segment: Segment | None,
        uses: list[Used],
        after: bool,
        anchored: dict[int, bool],
    ) -> None:
        """Hold the labels of one stretch of text against the rows that use the run beside it."""
        marks = rows_in(segment, table.id) if segment is not None else ()
        verbatim = len(uses) == len(marks) == 1 and marks[0].likeness == 1
        if verbatim and uses[0].row.id in marks[0].ids:
            anchored[uses[0].at] = True  # as nearly all rows are
            return
        foreign = marks[0 if after else -1] if marks else None
        if foreign is not None and segment is not None and is_of_another_form(foreign, index):
            for use in uses:
                self._wrong_label(table, use, spelled(segment.tail[foreign.start : foreign.end]))
            return
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
                unknown = "" if labels or segment is None or i else own_words(segment)
                anchored[use.at] = False
                if is_strange(unknown, segment, table, use.row):
                    self.strange[use.at] = unknown
                continue
            ids, mark = labels[label]
            if use.row.id in ids:
                anchored[use.at] = True
            elif mark.likeness == 1:
                assert segment is not None
                self._wrong_label(table, use, spelled(segment.tail[mark.start : mark.end]))
            else:
                anchored[use.at] = False
                assert segment is not None
                if use.row.id not in ids and mark is segment.marks[-1]:
                    self.strange[use.at] = spelled(segment.tail[mark.start : mark.end])

    def _wrong_label(self, table: Table, use: Used, text: str) -> None:
        self._say(
            "wrong_label",
            table.cells(use.row),
            expected=use.row.label,
            actual=text,
            span=(use.spots[0].start, use.spots[-1].end),
        )

    def _pin(
        self, table: Table, used: list[Used], anchored: dict[int, bool]
    ) -> dict[int, tuple[int, int]]:
        """A row without its label must be the only one that fits between its neighbours.

        Returns:
            For each such row under strange words the neighbours, as indices of ``used``.
        """
        pinned: dict[int, tuple[int, int]] = {}
        lost = [use for use in used if not anchored.get(use.at, True)]
        elsewhere = {use.row.id for use in used if anchored.get(use.at, False)}
        sole = len(lost) == 1 and len({use.at for use in used}) == len(table.rows)
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
            gap = [used[i] for i in range(low + 1, high)]
            if not sole and self._is_mixed(table, gap, elsewhere):
                if use.at not in self.strange:
                    self._say(
                        "not_anchored",
                        table.cells(use.row),
                        span=(use.spots[0].start, use.spots[-1].end),
                    )
                continue
            expected = first + (at - low)
            names = table.cells(use.row)
            if sole or (use.at == expected and last - first == high - low):
                if use.at in self.strange:
                    pinned[use.at] = (low, high)
                elif len(gap) > 1:
                    self._leave_open(table, use)  # only order would tell them apart, and no sum
                else:
                    self._say("label_lost", names, span=(use.spots[0].start, use.spots[-1].end))
            elif use.at not in self.strange and use.direct and self._is_read(names):
                self._say("not_anchored", names, span=(use.spots[0].start, use.spots[-1].end))
        return pinned

    def _cut_alike(
        self, table: Table, zone: Zone, used: list[Used], anchored: dict[int, bool]
    ) -> None:
        """Labels cut to words that two rows share, where no sum tells the rows apart, settle nothing."""
        if table.is_uniform:
            return
        after = dict(
            zip([s.index for s in zone.segments], [*zone.segments[1:], zone.after], strict=True)
        )
        lost = []
        for use in used:
            segment = use.spots[0].segment
            word = "" if anchored.get(use.at, True) else own_words(segment)
            if word and not stands_around(segment, word, after.get(segment.index), table, use.row):
                lost.append((use, word))
        for use, word in lost:
            others = [other for other, _ in lost if other is not use]
            if any(
                len(other.row.columns) == len(use.row.columns)
                and may_hold(word, table.id, other.row.id)
                for other in others
            ):
                self._leave_open(table, use)

    def _is_mixed(self, table: Table, gap: list[Used], elsewhere: set[str]) -> bool:
        """Whether rows that lost their labels stand beside words that name none of the rows.

        Those words may be a local row's, and then the rows beside them are not where they seem.
        """
        strange = [use for use in gap if use.at in self.strange]
        return 0 < len(strange) < len(gap) and not all(
            rewords(self.strange[use.at], table, use.row.id, elsewhere) for use in strange
        )

    def _reworded(
        self,
        table: Table,
        zone: Zone,
        used: list[Used],
        anchored: dict[int, bool],
        pinned: dict[int, tuple[int, int]],
        places: Places,
    ) -> None:
        """Rows under other words: named by them and confirmed, or proven, or another row's."""
        if not self.strange:
            return
        form = self.reading.form
        assert form is not None
        elsewhere = {use.row.id for use in used if anchored.get(use.at, False)}
        known = {name: place for name, place in places.items() if name not in self.undecided}
        values = figures_at(self.source, known, form)
        named, proven = [], []
        for use in used:
            text = self.strange.get(use.at)
            if text is None:
                continue
            names = table.cells(use.row)
            sound = (
                use.at in pinned
                and not self.block
                and all_hold(form, names, values)
                and all_used(zone, used, *pinned[use.at])
            )
            if sound and rewords(text, table, use.row.id, elsewhere):
                named.append(use)
            elif sound and not any(
                rewords(text, table, row.id, elsewhere) for row in table.rows if row != use.row
            ):
                proven.append(use)
            else:
                self._wrong_label(table, use, text)
        deduced = [name for use in proven for name in table.cells(use.row)]
        if proven and not follow(form, deduced, values):
            for use in proven:
                self._wrong_label(table, use, self.strange[use.at])
            proven = []
        for use in (*named, *proven):
            self._say(
                "label_reworded",
                table.cells(use.row),
                expected=use.row.label,
                actual=self.strange[use.at],
                span=(use.spots[0].start, use.spots[-1].end),
            )

    def _is_read(self, names: Sequence[str]) -> bool:
        return any(self.reading.place(name).where == "span" for name in names)


def _in_blocks(
    table: Table, index: dict[str, int], segments: list[Segment], runs: dict[int, list[Used]]
) -> dict[int, Segment]:
    """Rows whose labels are printed together, verbatim, before their figures, in the same order.

    The runs may be parted by remarks or a repeated header, not by a label.

    Returns:
        For each such row, by its place in the table, where its label stands.
    """
    found: dict[int, Segment] = {}
    for at, segment in enumerate(segments):
        uses = list(runs.get(segment.index, []))
        rows = rows_in(segment, table.id)
        if not uses or len(rows) <= len(uses):
            continue
        marks = [m for m in rows if m.ids & index.keys() or is_of_another_form(m, index)]
        if len(marks) <= len(uses) or any(m.likeness < 1 for m in marks):
            continue
        for follower in segments[at + 1 :]:
            if len(uses) >= len(marks) or rows_in(follower, table.id):
                break
            uses += runs.get(follower.index, [])
        if len(uses) == len(marks) and all(
            use.row.id in mark.ids for use, mark in zip(uses, marks, strict=True)
        ):
            found.update((use.at, segment) for use in uses)
    return found
