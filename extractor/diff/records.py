"""What a comparison of two stores says of one report: plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from verify.verdicts import GOOD

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


@dataclass(frozen=True, slots=True)
class Side:
    """A report on one side.

    Attributes:
        sha256: Of its bytes, empty when they could not be read.
        verdict: None when it has no result.
        result: Number of the result in its store.
        problem: Why there is no result.
        message: The same in one line.
    """

    sha256: str
    verdict: str | None = None
    result: int | None = None
    problem: str | None = None
    message: str | None = None

    @property
    def good(self) -> bool:
        """Whether its figures may be used: accepted or completed."""
        return self.verdict in GOOD


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
    old: Side | None
    new: Side | None
    cells: tuple[CellChange, ...] = ()
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person is shown: the first path, else the hash."""
        if self.paths:
            return self.paths[0]
        side = self.new or self.old
        return side.sha256 if side else ""

    @property
    def was_good(self) -> bool:
        """Whether it was accepted or completed."""
        return self.old is not None and self.old.good

    @property
    def is_good(self) -> bool:
        """Whether it is accepted or completed."""
        return self.new is not None and self.new.good

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
        return sum(cell.kind in ("value", "state", "gone") for cell in self.cells)
