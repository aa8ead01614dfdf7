"""A cell of a verified report: its figure, how it was found, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verify.figures import Number
from verify.reading import Span

UnreadName = Literal["blank", "missing", "unreadable"]
StateName = Literal["read", "deduced"] | UnreadName


@dataclass(slots=True)
class CellValue:
    """One cell of a verified report.

    Attributes:
        value: Figure (count: int, money: Decimal in 万元), or None.
        state: How it was found.
        text: What stands in the source.
        span: Where.
        was: For a deduced cell its state before.
        proof: For a derived value the identities that leave exactly this one.
        derived: The value that follows, when the report is not completed.
        remark: Words beside the figure that are no unit.
    """

    value: Number | None
    state: StateName
    text: str | None = None
    span: Span | None = None
    was: UnreadName | None = None
    proof: tuple[str, ...] = ()
    derived: Number | None = None
    remark: str | None = None
