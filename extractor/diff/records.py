"""What a comparison of two stores says of one report, and of all in numbers: plain records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from extractor.batch.records import Standing
from verify.verdicts import GOOD

NO_RESULT = "no_result"

Kind = Literal["changed", "text_changed", "new", "gone", "now_failing", "failed_before"]
CellKind = Literal["value", "state", "place", "gone", "new"]


@dataclass(frozen=True, slots=True)
class CellSide:
    """A cell of one result: as the contract has it, of whatever version the result is."""

    value: int | str | None
    state: str
    text: str | None
    span: tuple[int, int] | None
    tentative: int | str | None = None


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that is not what it was."""

    cell: str  # its name
    # ``value`` another value; ``state`` the same value in another state; ``place`` only text or
    # span; ``gone`` or ``new`` where only one of the two forms has the cell
    kind: CellKind
    old: CellSide | None  # as it was
    new: CellSide | None  # as it is

    @property
    def alarming(self) -> bool:
        """Whether its value or its state is another now."""
        return self.kind in ("value", "state", "gone")


@dataclass(frozen=True, slots=True)
class Change:
    """A report that is not what it was."""

    # ``changed`` the same bytes, another result; ``text_changed`` the same path, other bytes;
    # ``new`` and ``gone``; ``now_failing`` it had a result and has none; ``failed_before`` it had
    # none and has one
    kind: Kind
    # where it was found on either side: first where it is compared (of two texts, where one took
    # the other's place), then the others; each sorted
    paths: tuple[str, ...]
    old: Standing | None  # as it was, None when it was not there
    new: Standing | None  # as it is, None when it is not there
    # cells that changed, in order of the form; places only for the same bytes
    cells: tuple[CellChange, ...] = ()
    # what else changed, by key of the result: ``[old, new]`` of agency, year, form; for the rest
    # what was added and taken away, or that it changed
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person is shown: the first path, else the hash."""
        side = self.new or self.old
        return self.paths[0] if self.paths else side.sha256 if side else ""

    @property
    def was_good(self) -> bool:
        """Whether it was accepted or completed."""
        return self.old is not None and self.old.verdict in GOOD

    @property
    def is_good(self) -> bool:
        """Whether it is accepted or completed."""
        return self.new is not None and self.new.verdict in GOOD

    @property
    def newly_accepted(self) -> bool:
        """Whether it was there, neither accepted nor completed, and is now."""
        return self.old is not None and not self.was_good and self.is_good

    @property
    def newly_lost(self) -> bool:
        """Whether it was accepted or completed and is no more, or has no result any more."""
        return self.was_good and not self.is_good

    @property
    def verdict_changed(self) -> bool:
        """Whether both sides have a result, with different verdicts."""
        verdicts = [side.verdict for side in (self.old, self.new) if side and side.verdict]
        return len(verdicts) == 2 and verdicts[0] != verdicts[1]

    @property
    def alarms(self) -> int:
        """Cells of a report that was accepted or completed, whose value or state is another now."""
        if not self.was_good:
            return 0
        return sum(cell.alarming for cell in self.cells)


@dataclass(slots=True)
class Totals:
    """Counts over all reports that were compared."""

    old: int = 0  # reports on the old side, with and without a result
    new: int = 0  # the same of the new side
    matched: int = 0  # comparisons of a report of either side
    # of these, those with a report that was compared before: it stands, or stood, at the paths of
    # several others
    again: int = 0
    unchanged: int = 0  # of these, those of which only who made the result may differ, or nothing
    failing: int = 0  # of these, those without a result on either side
    # reports of the old side that were accepted or completed: what the exit code guards
    guarded: int = 0
    # reports by what became of them; see `Change.kind`
    kinds: Counter[str] = field(default_factory=Counter)
    # matched reports by old and new verdict; ``no_result`` for none
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    verdict_changed: int = 0  # with a result on both sides and another verdict
    newly_accepted: int = 0  # were there, neither accepted nor completed, and are now
    newly_lost: int = 0  # were accepted or completed and are no more, or have no result any more
    # cells that changed, by kind; see `CellChange.kind`
    cells: Counter[str] = field(default_factory=Counter)
    reports_with_cells: int = 0  # reports of which cells changed
    # cells of reports that were accepted or completed, whose value or state is another
    alarms: int = 0
    alarmed: int = 0  # such reports
    # reports of which something else changed, by key
    other: Counter[str] = field(default_factory=Counter)
    # results of schema_version "1" among those that were compared, by side, ``old`` and ``new``
    older: Counter[str] = field(default_factory=Counter)
    # reports whose latest attempt on the new side failed, so that an older result stands
    not_redone: int = 0

    @property
    def accepted_changed(self) -> bool:
        """Whether what was accepted or completed is not what it was: exit code 1."""
        return bool(self.alarms or self.newly_lost)

    def add(self, change: Change) -> None:
        """Count a change."""
        self.kinds[change.kind] += 1
        self.verdict_changed += change.verdict_changed
        self.newly_accepted += change.newly_accepted
        self.newly_lost += change.newly_lost
        self.reports_with_cells += bool(change.cells)
        self.alarms += change.alarms
        self.alarmed += bool(change.alarms)
        self.cells.update(cell.kind for cell in change.cells)
        self.other.update(change.other.keys())
