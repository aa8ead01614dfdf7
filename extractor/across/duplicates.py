"""The same tables under two agencies, or in two years of one.

The hash of all values finds candidates; `same_tables` decides whether the figures say enough, so
that the all-zero tables of small agencies are no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from extractor.across.figures import figures_at
from extractor.across.records import MOST_MEMBERS, AcrossCounts, Duplicate, Member
from extractor.across.rows import Row, by_tables
from verify.agencies import same_agency
from verify.plausible import same_tables

if TYPE_CHECKING:
    from extractor.across.board import Board
    from extractor.batch.store import Store

_MOST_NAMES = 40
"""Different names of one group that are held against each other."""


class _Group:
    """Reports with the same tables; only the first of each agency and year are kept."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.count = 0
        self.result = 0
        self.members: list[Member] = []
        self.more: list[Member] = []
        self.numbers: set[int] = set()
        self.names: list[str] = []
        self.years: set[int] = set()
        self.unknown = 0
        self.without_year = 0
        last: tuple[object, object] | None = None
        for row in rows:
            self.count += 1
            if self.count == 1:
                self.result = row.result
            member = row.member
            key = (row.agency if row.agency is not None else row.member.sha256, member.year)
            kept = self.members if key != last else self.more
            last = key
            if len(kept) < MOST_MEMBERS:
                kept.append(member)
            if row.agency is None:
                self.unknown += 1
            elif row.agency not in self.numbers and len(self.numbers) < _MOST_NAMES:
                self.numbers.add(row.agency)
                self.names.append(member.agency or "")
            if member.year is None:
                self.without_year += 1
            else:
                self.years.add(member.year)

    def kind(self) -> Literal["agencies", "question", "years"] | None:
        """What is to be said of the group, None where it is one agency and year."""
        for i, one in enumerate(self.names):
            if any(same_agency(one, two) == "different" for two in self.names[i + 1 :]):
                return "agencies"
        if len(self.names) > 1 or self.unknown:
            return "question"
        return "years" if len(self.years) + bool(self.without_year) > 1 else None


def duplicates(store: Store, board: Board, counts: AcrossCounts) -> Iterator[Duplicate]:
    """Groups of reports with the same tables, where that is no chance.

    Args:
        store: Where the results are.
        board: Its reports, sorted into agencies.
        counts: Is added to.
    """
    for _, alike in groupby(by_tables(board), key=lambda row: row.tables):
        group = _Group(alike)
        kind = group.kind()
        if kind is None or not _telling(store, group.result):
            continue
        counts.duplicates += 1
        members = (*group.members, *group.more)[:MOST_MEMBERS]
        yield Duplicate(kind, group.count, members)


def _telling(store: Store, result: int) -> bool:
    """Whether the figures say enough; all reports of a group have the same ones."""
    figures = figures_at(store, result)
    if figures is None:
        return False
    return bool(same_tables("", figures.values, {"=": figures.values}))
