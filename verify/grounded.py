"""What is taken from a source under a reading: everything that a verdict needs of it, as plain data.

It stands between the two halves of a verification. `verify.ground.ground` makes it from a layout and a
reading; `verify.judge.judge` needs nothing else, neither the source nor its layout. So it can be kept,
and judged anew when a rule changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.cells import CellPlace
from verify.figures import Number
from verify.findings import Finding
from verify.prose.subjects import Claim
from verify.reading import Reading, Span


@dataclass(frozen=True, slots=True)
class Stranger:
    """Figures under words that name no row, where a row of the form is not found.

    Attributes:
        rows: Rows that may be theirs, each as the names of its cells.
        figures: In order; None for something that is no count.
        span: Where they stand.
    """

    rows: tuple[tuple[str, ...], ...]
    figures: tuple[Number | None, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row whose figures could not be placed.

    Attributes:
        cells: Their names.
        ways: The figures of every placement that there is, None for an empty cell.
    """

    cells: tuple[str, ...]
    ways: tuple[tuple[Number | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Grounded:
    """A reading with all that the verifier takes from its source. Nothing in it is ever changed.

    Attributes:
        reading: As the reader gave it.
        has_tables: Whether the source has a table of a known form.
        agency: As printed in the title, or None.
        year: Year named by the title, or None.
        texts: What stands under each span of the reading's places and copies.
        findings: What structure has to say.
        undecided: Cells whose place the source does not settle, with the reason code.
        open_rows: Rows whose figures could not be placed.
        strangers: Figures under words that name no row.
        claims: What the prose claims.
        oddities: What is not plausible about the text.
        originals: Cells with their places in the original, where it is no plain text.
    """

    reading: Reading
    has_tables: bool
    agency: str | None
    year: int | None
    texts: Mapping[Span, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    undecided: Mapping[str, str] = field(default_factory=dict)
    open_rows: tuple[OpenRow, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    claims: tuple[Claim, ...] = ()
    oddities: tuple[Finding, ...] = ()
    originals: tuple[tuple[str, CellPlace], ...] = ()
