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
    """A cell that is not what it was.

    Attributes:
        cell: Its name.
        kind: ``value`` another value; ``state`` the same value in another state; ``place`` only
            text or span; ``gone`` or ``new`` where only one of the two forms has the cell.
        old: As it was.
        new: As it is.
    """

    cell: str
    kind: CellKind
    old: CellSide | None
    new: CellSide | None

    @property
    def alarming(self) -> bool:
        """Whether its value or its state is another now."""
        return self.kind in ("value", "state", "gone")


@dataclass(frozen=True, slots=True)
class Change:
    """A report that is not what it was.

    Attributes:
        kind: ``changed`` the same bytes, another result; ``text_changed`` the same path, other bytes;
            ``new`` and ``gone``; ``now_failing`` it had a result and has none;
            ``failed_before`` it had none and has one.
        paths: Where it was found on either side: first where it is compared (of two texts, where one took
            the other's place), then the others; each sorted.
        old: As it was, None when it was not there.
        new: As it is, None when it is not there.
        cells: Cells that changed, in order of the form; places only for the same bytes.
        other: What else changed, by key of the result: ``[old, new]`` of agency, year, form; for the
            rest what was added and taken away, or that it changed.
    """

    kind: Kind
    paths: tuple[str, ...]
    old: Standing | None
    new: Standing | None
    cells: tuple[CellChange, ...] = ()
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
    """Counts over all reports that were compared.

    Attributes:
        old: Reports on the old side, with and without a result.
        new: The same of the new side.
        matched: Comparisons of a report of either side.
        again: Of these, those with a report that was compared before: it stands, or stood, at the
            paths of several others.
        unchanged: Of these, those of which only who made the result may differ, or nothing.
        failing: Of these, those without a result on either side.
        guarded: Reports of the old side that were accepted or completed: what the exit code guards.
        kinds: Reports by what became of them; see `Change.kind`.
        verdicts: Matched reports by old and new verdict; ``no_result`` for none.
        verdict_changed: With a result on both sides and another verdict.
        newly_accepted: Were there, neither accepted nor completed, and are now.
        newly_lost: Were accepted or completed and are no more, or have no result any more.
        cells: Cells that changed, by kind; see `CellChange.kind`.
        reports_with_cells: Reports of which cells changed.
        alarms: Cells of reports that were accepted or completed, whose value or state is another.
        alarmed: Such reports.
        other: Reports of which something else changed, by key.
        older: Results of schema_version "1" among those that were compared, by side, ``old`` and ``new``.
        not_redone: Reports whose latest attempt on the new side failed, so that an older result
            stands.
    """

    old: int = 0
    new: int = 0
    matched: int = 0
    again: int = 0
    unchanged: int = 0
    failing: int = 0
    guarded: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    verdict_changed: int = 0
    newly_accepted: int = 0
    newly_lost: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    reports_with_cells: int = 0
    alarms: int = 0
    alarmed: int = 0
    other: Counter[str] = field(default_factory=Counter)
    older: Counter[str] = field(default_factory=Counter)
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
