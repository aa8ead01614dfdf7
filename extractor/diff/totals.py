"""A comparison in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from extractor.diff.records import Change

NO_RESULT = "no_result"


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
