"""A run, or a whole store, in numbers: one pass over its reports, then the checks across them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from extractor.across.board import Board, unpacked
from extractor.across.duplicates import duplicates
from extractor.across.records import AcrossCounts, Duplicate, Several, YearFinding
from extractor.across.rows import SCRIPT, sort
from extractor.across.rows import count as counted
from extractor.across.years import across_years
from extractor.batch.records import RuleCount, Standing
from extractor.panel.against import Otherwise, otherwise

if TYPE_CHECKING:
    from extractor.batch.records import Maker, Run
    from extractor.batch.store import Store

Found = YearFinding | Several | Duplicate | Otherwise
LIST_OF: dict[type, str] = {
    Otherwise: "otherwise",
    YearFinding: "years",
    Several: "several",
    Duplicate: "duplicates",
}
"""What the findings across reports are called in a `Summary`."""
# with paths that could not be read at all
_FAILED = """\
SELECT ifnull(problem, 'untried') AS problem, sha256, name, message FROM reports WHERE result IS NULL
UNION ALL SELECT problem, '', path, message FROM places WHERE sha256 = ''"""


@dataclass(slots=True)
class Spent:
    """What all attempts took."""

    attempts: int = 0  # how many
    seconds: float = 0.0  # of work, all processes together
    requests: int = 0  # HTTP requests
    input_tokens: int = 0  # of them
    output_tokens: int = 0  # of them
    cost_usd: Decimal = Decimal(0)  # of those of which the cost is known
    unknown: int = 0  # attempts of which it is not known


@dataclass(slots=True)
class Summary:
    """A store at the end of a run."""

    store: str  # its path
    run: Run | None  # the run at whose end, None for now
    runs: list[Run]  # all runs until then
    # who made the results, with how many
    makers: list[tuple[Maker, int]] = field(default_factory=list)
    reports: int = 0  # reports with a result
    verdicts: Counter[str] = field(default_factory=Counter)  # by verdict
    # by year, then verdict; None for reports that name no year
    by_year: dict[int | None, Counter[str]] = field(default_factory=dict)
    # by year, then form; None for reports without tables
    by_form: dict[int | None, Counter[str | None]] = field(default_factory=dict)
    # findings by rule, the most frequent errors first
    rules: list[RuleCount] = field(default_factory=list)
    worst: list[Standing] = field(default_factory=list)  # the worst reports, worst first
    failures: Counter[str] = field(default_factory=Counter)  # reports without a result, by problem
    failed: list[Standing] = field(default_factory=list)  # the first of them
    spent: Spent = field(default_factory=Spent)  # what it took
    counts: AcrossCounts = field(default_factory=AcrossCounts)  # of the checks across reports
    # findings across years, the first of them
    years: list[YearFinding] = field(default_factory=list)
    # several reports of one agency and year, the first of them
    several: list[Several] = field(default_factory=list)
    # the same tables twice, the first of them
    duplicates: list[Duplicate] = field(default_factory=list)
    # what reports say otherwise than a manifest, the first of it
    otherwise: list[Otherwise] = field(default_factory=list)
    # how many reports say something else, by code
    manifest: Counter[str] = field(default_factory=Counter)
    # findings of each of these kinds that are counted only
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def empty(self) -> bool:
        """Whether there is neither a result nor a failure."""
        return not self.reports and not self.failures


def summarise(store: Store, run: int | None = None, *, keep: int = 100) -> Summary:
    """Sum up what stands in a store, and hold its reports against each other; see `lined`."""
    with closing(board_of(store, run)) as board:
        return lined(store, board, run, keep=keep)


def board_of(store: Store, run: int | None) -> Board:
    """What stands, for `lined`.

    Raises:
        StoreError: The store cannot be read.
        UsageError: It has no such run.
    """
    if run is not None:
        store.run(run)
    return Board(store.rows(run=run), script=SCRIPT)


def lined(store: Store, board: Board, run: int | None, *, keep: int = 100) -> Summary:
    """Sum up what is on a board.

    Memory grows with the number of agencies and rules, never with that of reports.

    Args:
        store: Where the results are.
        board: Of it; every finding across reports is kept there as a line of JSON, under its list.
        run: Number of the run at whose end; None for now.
        keep: Findings of each kind, failures and worst reports that are kept; the rest is counted.

    Raises:
        StoreError: The store cannot be read.
    """
    at = None if run is None else store.run(run)
    runs = [one for one in store.runs() if run is None or one.id <= run]
    made = Summary(store.path, at, runs)
    _reports(store, board, made, keep)
    order = ("error", "warning", "info")
    made.rules = sorted(
        store.rules(run=run), key=lambda one: (order.index(one.severity), -one.findings, one.rule)
    )
    made.spent = _spent(store, run)
    for found in chain(_otherwise(store, board), _across(store, board, made.counts)):
        name = LIST_OF[type(found)]
        if isinstance(found, Otherwise):
            made.manifest[found.code] += 1
        kept: list[Found] = getattr(made, name)
        if len(kept) < keep:
            kept.append(found)
        else:
            made.dropped[name] += 1
        board.keep(name, json.dumps(asdict(found)))  # in ASCII, whatever a path holds
    return made


def _reports(store: Store, board: Board, made: Summary, keep: int) -> None:
    for verdict, year, form, count in board.rows(
        "SELECT verdict, year, form, count(*) FROM reports WHERE result IS NOT NULL GROUP BY 1, 2, 3"
    ):
        made.reports += count
        made.verdicts[verdict] += count
        made.by_year.setdefault(year, Counter())[verdict] += count
        made.by_form.setdefault(year, Counter())[form] += count
    known = store.makers()
    makers = board.rows(
        "SELECT maker, count(*) FROM reports WHERE maker IS NOT NULL AND result IS NOT NULL "
        "GROUP BY maker ORDER BY count(*) DESC, maker"
    )
    made.makers = [(known[number], count) for number, count in makers]
    worst = board.rows(
        "SELECT sha256, name, verdict, agency, year, ifnull(failed, 0), errors, warnings "
        "FROM reports WHERE errors > 0 "
        "ORDER BY errors DESC, failed DESC, gravity(verdict) DESC, name LIMIT ?",
        (keep,),
    )
    made.worst = [
        Standing(
            sha256,
            (unpacked(name),),
            verdict=verdict,
            agency=agency,
            year=year,
            failed=failed,
            errors=errors,
            warnings=warnings,
        )
        for sha256, name, verdict, agency, year, failed, errors, warnings in worst
    ]
    for problem, count in board.rows(
        f"SELECT problem, count(*) FROM ({_FAILED}) GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
    ):
        made.failures[problem] = count
    made.failed = [
        Standing(sha256, (unpacked(name),), problem=problem, message=message)
        for problem, sha256, name, message in board.rows(f"{_FAILED} LIMIT ?", (keep,))
    ]
    made.dropped["failed"] = made.failures.total() - len(made.failed)


def _otherwise(store: Store, board: Board) -> Iterator[Otherwise]:
    """What reports say otherwise than a manifest."""
    if store.has_manifest():
        query = "SELECT sha256, agency, year FROM reports WHERE result IS NOT NULL"
        for sha256, agency, year in board.rows(query):
            yield from otherwise(store.stated(sha256), sha256, agency, year)


def _spent(store: Store, run: int | None) -> Spent:
    spent = Spent()
    for requests, tokens_in, tokens_out, cost, seconds in store.spent(run=run):
        spent.attempts += 1
        spent.seconds += seconds
        spent.requests += requests
        spent.input_tokens += tokens_in
        spent.output_tokens += tokens_out
        if cost is None:
            spent.unknown += 1
        else:
            spent.cost_usd += Decimal(cost)
    return spent


def _across(store: Store, board: Board, counts: AcrossCounts) -> Iterator[Found]:
    agencies = sort(board)
    counts.unnamed = counted(board, "r.agency IS NULL OR year IS NULL")
    counts.unclear = counted(board, "r.agency IS NOT NULL AND n.agency IS NULL")
    counts.tangled = len(agencies.tangled)
    yield from across_years(store, board, agencies, counts)
    yield from duplicates(store, board, counts)


def years_of(found: Mapping[int | None, object]) -> list[int | None]:
    """The years in order, last that it is not known."""
    return [*sorted(year for year in found if year is not None), *([None] if None in found else [])]
