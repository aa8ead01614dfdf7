"""What to look at again: rows and marks that a rejected or incomplete reading leaves in doubt.

Taken from the verifier's findings as cells and spans; never a sum, a difference or a figure that would
balance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.readers.assemble import Told
from extractor.readers.sheets import edition_in, number_of
from verify.codes import CODES
from verify.layout import Layout
from verify.verdict import Verified

_NEIGHBOURS = 1
_LOOK_AGAIN = ("rejected", "incomplete")


@dataclass(slots=True)
class Doubts:
    """What is in doubt in one printed copy of a table.

    Attributes:
        rows: Numbers of rows.
        marks: Marks of candidates.
    """

    rows: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.rows or self.marks)

    def region(self, marks: range) -> set[int]:
        """The marks in doubt with their neighbours, of those of one copy."""
        return {
            near
            for mark in self.marks
            for near in range(mark - _NEIGHBOURS, mark + _NEIGHBOURS + 1)
            if near in marks
        }


def doubts_of(layout: Layout, told: Told, verified: Verified) -> Doubts:
    """What the findings of a verdict leave in doubt in one copy."""
    table = told.zone.table
    pointing = told.pointing
    rows = pointing.rows if pointing else {}
    edition = edition_in(verified.form.table(table)) if verified.form else "2021"
    found = Doubts()
    for finding in verified.findings:
        if CODES[finding.code].forces not in _LOOK_AGAIN:
            continue
        for cell in finding.cells:
            of_table, row, _ = cell.split(".")
            if of_table == table:
                found.rows.add(number_of(table, row, edition))
        if finding.span is not None:
            found.marks.update(_marks_under(layout, told, finding.span))
    found.marks |= {mark for row, mark in rows.items() if row in found.rows}
    found.rows |= {row for row, mark in rows.items() if mark in found.marks}
    return found


def _marks_under(layout: Layout, told: Told, span: tuple[int, int]) -> Iterable[int]:
    for candidate in told.excerpt.candidates_of(told.part):
        if not candidate.entries:
            continue
        start, end = layout.stream.span(candidate.entries[0].start, candidate.entries[-1].end)
        if start < span[1] and span[0] < end:
            yield candidate.mark
