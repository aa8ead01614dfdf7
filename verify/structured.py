"""What structure says of a reading, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.choices import Vector
from verify.findings import Finding
from verify.grounded import Stranger


@dataclass(slots=True)
class Structure:
    """What structure says of a reading.

    Attributes:
        findings: Everything to be said.
        undecided: Cells whose place the source does not settle, with the reason code.
        open_rows: Rows whose figures could not be placed: their cells, and the figures of every
            placement that there is, None for an empty cell.
        known: Folded ranges of columns that are none of the form's and that a rule explains.
        strangers: Figures under words that name no row, where a row of the form is not found: the rows
            that may be theirs, each with its cells, the figures, and where they stand.
    """

    findings: list[Finding] = field(default_factory=list)
    undecided: dict[str, str] = field(default_factory=dict)
    open_rows: list[tuple[tuple[str, ...], list[Vector]]] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    known: list[tuple[int, int]] = field(default_factory=list)
