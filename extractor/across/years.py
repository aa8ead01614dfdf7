"""Year-to-year checks over all agencies of a store: consecutive years, a pair at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from extractor.across.figures import figures_at
from extractor.across.records import MOST_MEMBERS, AcrossCounts, Member, Several, YearFinding
from extractor.across.rows import by_year
from verify.years import YearFigures, check_years, compare_years

if TYPE_CHECKING:
    from extractor.across.agencies import Agencies
    from extractor.across.board import Board
    from extractor.across.rows import Row
    from extractor.batch.store import Store
    from verify.findings import Finding

_NOT_COMPARED = "years_not_compared"


class _Year:
    """All reports of one agency and year, of which only the first are kept."""

    def __init__(self, year: int, rows: Iterator[Row]) -> None:
        self.year = year
        self.count = 0
        self.members: list[Member] = []
        self.tables: set[str] = set()
        self.result = 0
        for row in rows:
            self.count += 1
            if self.count == 1:
                self.result = row.result
            if len(self.members) < MOST_MEMBERS:
                self.members.append(row.member)
            if len(self.tables) < 2:
                self.tables.add(row.tables)

    @property
    def alike(self) -> bool:
        return len(self.tables) == 1

    def several(self, counts: AcrossCounts, *, certain: bool) -> Iterator[Several]:
        """That there are several reports of the year, where there are."""
        if self.count > 1:
            counts.copies += self.alike
            counts.conflicts += not self.alike
            yield Several(self.alike, self.count, tuple(self.members), certain)


def across_years(
    store: Store, board: Board, agencies: Agencies, counts: AcrossCounts
) -> Iterator[YearFinding | Several]:
    """Hold every agency's reports of consecutive years against each other.

    Where an agency and year have several reports whose tables are the same, the first stands for
    them; where these differ, none is chosen and nothing is compared with that year.

    Args:
        store: Where the results are.
        board: Its reports, sorted into agencies.
        agencies: Names sorted into agencies.
        counts: Is added to.
    """
    for agency, of_agency in groupby(by_year(board), key=lambda row: row.agency):
        assert agency is not None
        counts.agencies += 1
        placed = agency in agencies.placed
        # without a place several reports of one year are likely those of several agencies
        years = (_Year(year or 0, found) for year, found in groupby(of_agency, key=_year_of))
        if placed:
            yield from _agency(store, years, counts, certain=True)
            continue
        known = list(years)  # no more than there are years
        if all(year.alike for year in known):
            yield from _agency(store, iter(known), counts, certain=False)
            continue
        counts.shared += 1
        for year in known:
            yield from year.several(counts, certain=False)


def _year_of(row: Row) -> int | None:
    return row.member.year


def _agency(
    store: Store, years: Iterator[_Year], counts: AcrossCounts, *, certain: bool
) -> Iterator[YearFinding | Several]:
    before: _Year | None = None
    known: YearFigures | None = None  # figures of `before`, where they were needed
    for year in years:
        yield from year.several(counts, certain=certain)
        now = None
        if before is not None and before.year + 1 == year.year and before.alike and year.alike:
            last = known or figures_at(store, before.result)
            now = figures_at(store, year.result)
            if last is not None and now is not None:
                yield from _pair(now, last, (year.members[0], before.members[0]), counts, certain)
        before, known = year, now


def _pair(
    now: YearFigures,
    last: YearFigures,
    members: tuple[Member, Member],
    counts: AcrossCounts,
    certain: bool,
) -> Iterator[YearFinding]:
    checked = check_years(now, last)
    counts.pairs += 1
    counts.held += len(checked.held)
    counts.failed += len(checked.failed)
    counts.open += len(checked.open)
    for found in compare_years(now, last):
        if found.code != _NOT_COMPARED:  # counted as open
            counts.findings[found.code] = counts.findings.get(found.code, 0) + 1
            yield _finding(found, members, certain)


def _finding(found: Finding, members: tuple[Member, Member], certain: bool) -> YearFinding:
    return YearFinding(
        *members,
        certain=certain,
        code=found.code,
        severity=found.level,
        rule=found.rule,
        cells=found.cells,
        expected=found.expected,
        actual=found.actual,
        span=found.span,
        previous_span=found.previous_span,
        message_zh=found.message("zh"),
        message_en=found.message("en"),
    )
