"""A run, or a whole store, in numbers: one pass over its reports, then the checks across them."""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from extractor.across.records import AcrossCounts, Duplicate, Several, YearFinding, no_counts
from extractor.across.rows import Rows
from extractor.across.standing import Standing, run_of, standing, unreadable
from extractor.panel.against import Otherwise, otherwise
from verify.verdicts import BEST_FIRST

if TYPE_CHECKING:
    from extractor.batch.records import Maker, Run
    from extractor.batch.store import Store

_T = TypeVar("_T")
Found = YearFinding | Several | Duplicate | Otherwise
_GRAVITY: dict[str, int] = {verdict: gravity for gravity, verdict in enumerate(BEST_FIRST)}
_REASONS = '"reasons":'
_DECODER = json.JSONDecoder()
_SPENT = """\
SELECT requests, input_tokens, output_tokens, cost_usd, seconds FROM attempts WHERE run_id <= ?1"""


@dataclass(slots=True)
class RuleCount:
    """How often a rule was broken.

    Attributes:
        rule: Its id, or the code of findings that name none.
        severity: How grave its findings are.
        findings: How many.
        reports: Of how many reports.
    """

    rule: str
    severity: str
    findings: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Worst:
    """A report with errors; the greatest is the worst.

    Attributes:
        errors: How many.
        failed: Identities that fail.
        rank: Of the verdict, the gravest highest.
        path: Its first path, or its hash.
        agency: As its title names it.
        year: As its title names it.
        verdict: See the contract.
        warnings: How many.
    """

    errors: int
    failed: int
    rank: int
    path: str
    agency: str | None = field(compare=False)
    year: int | None = field(compare=False)
    verdict: str = field(compare=False)
    warnings: int = field(compare=False)


@dataclass(slots=True)
class Spent:
    """What all attempts took.

    Attributes:
        attempts: How many.
        seconds: Of work, all processes together.
        requests: HTTP requests.
        input_tokens: Of them.
        output_tokens: Of them.
        cost_usd: Of those of which the cost is known.
        unknown: Attempts of which it is not known.
    """

    attempts: int = 0
    seconds: float = 0.0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    unknown: int = 0


@dataclass(slots=True)
class Summary:
    """A store at the end of a run.

    Attributes:
        store: Its path.
        run: The run at whose end, None for now.
        runs: All runs until then.
        makers: Who made the results, with how many.
        reports: Reports with a result.
        verdicts: By verdict.
        by_year: By year, then verdict; None for reports that name no year.
        by_form: By year, then form; None for reports without tables.
        rules: Findings by rule, the most frequent errors first.
        worst: The worst reports, worst first.
        failures: Reports without a result, by problem.
        failed: The first of them.
        spent: What it took.
        counts: Of the checks across reports.
        years: Findings across years, the first of them.
        several: Several reports of one agency and year, the first of them.
        duplicates: The same tables twice, the first of them.
        otherwise: What reports say otherwise than a manifest, the first of it.
        manifest: How many reports say something else, by code.
        dropped: Findings of each of these kinds that are counted only.
    """

    store: str
    run: Run | None
    runs: list[Run]
    makers: list[tuple[Maker, int]] = field(default_factory=list)
    reports: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    by_year: dict[int | None, Counter[str]] = field(default_factory=dict)
    by_form: dict[int | None, Counter[str | None]] = field(default_factory=dict)
    rules: list[RuleCount] = field(default_factory=list)
    worst: list[Worst] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    failed: list[Standing] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    counts: AcrossCounts = field(default_factory=no_counts)
    years: list[YearFinding] = field(default_factory=list)
    several: list[Several] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    otherwise: list[Otherwise] = field(default_factory=list)
    manifest: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def empty(self) -> bool:
        """Whether there is neither a result nor a failure."""
        return not self.reports and not self.failures


def summarise(
    store: Store,
    run: int | None = None,
    *,
    keep: int = 100,
    every: Callable[[Found], None] | None = None,
) -> Summary:
    """Sum up a store, and hold its reports against each other.

    Memory grows with the number of agencies and rules, never with that of reports.

    Args:
        store: An open store.
        run: Number of the run at whose end; None for now.
        keep: Findings of each kind, failures and worst reports that are kept; the rest is counted.
        every: Called with each finding across reports, also with those that are not kept.

    Raises:
        StoreError: The store cannot be read.
        UsageError: It has no such run.
    """
    at = None if run is None else run_of(store, run)
    runs = [one for one in store.runs() if run is None or one.id <= run]
    made = Summary(store.path, at, runs)
    with closing(Rows()) as rows:
        _reports(store, run, made, rows, keep)
        _unreadable(store, run, made, keep)
        made.spent = _spent(store, run)
        for found in chain(_otherwise(store, run), _across(store, rows, made.counts)):
            if every is not None:
                every(found)
            _keep(made, found, keep)
    return made


def _reports(store: Store, run: int | None, made: Summary, rows: Rows, keep: int) -> None:
    rules: dict[tuple[str, str], RuleCount] = {}
    by_year: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    by_form: defaultdict[int | None, Counter[str | None]] = defaultdict(Counter)
    makers: Counter[int] = Counter()
    worst: list[Worst] = []
    for report in standing(store, run):
        if report.result is None or report.verdict is None:
            _failure(made, report, keep)
            continue
        made.reports += 1
        made.verdicts[report.verdict] += 1
        by_year[report.year][report.verdict] += 1
        by_form[report.year][report.form] += 1
        if report.maker is not None:
            makers[report.maker] += 1
        severities = _rules(rules, reasons_in(store.result_json(report.result)))
        if severities["error"]:
            entry = Worst(
                severities["error"],
                report.failed or 0,
                _GRAVITY[report.verdict],
                report.name,
                report.agency,
                report.year,
                report.verdict,
                severities["warning"],
            )
            (heapq.heappush if len(worst) < keep else heapq.heappushpop)(worst, entry)
        rows.add(report)
    known = store.makers()
    made.makers = [(known[number], count) for number, count in makers.most_common()]
    made.by_year, made.by_form = dict(by_year), dict(by_form)
    order = ("error", "warning", "info")
    made.rules = sorted(
        rules.values(), key=lambda one: (order.index(one.severity), -one.findings, one.rule)
    )
    made.worst = sorted(worst, key=lambda one: (-one.errors, -one.failed, -one.rank, one.path))


def reasons_in(result: str) -> list[dict[str, Any]]:
    """The reasons of a stored result, without taking the rest of it apart.

    A quote inside a JSON string is escaped, so the first place is that key of the result itself.
    """
    at = result.index(_REASONS) + len(_REASONS)
    while result[at] in " \t\r\n":
        at += 1
    reasons: list[dict[str, Any]] = _DECODER.raw_decode(result, at)[0]
    return reasons


def _rules(rules: dict[tuple[str, str], RuleCount], reasons: list[dict[str, Any]]) -> Counter[str]:
    severities: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for reason in reasons:
        severity = reason["severity"]
        severities[severity] += 1
        key = (reason["rule"] or reason["code"], severity)
        count = rules.setdefault(key, RuleCount(*key))
        count.findings += 1
        if key not in seen:
            seen.add(key)
            count.reports += 1
    return severities


def _otherwise(store: Store, run: int | None) -> Iterator[Otherwise]:
    """What reports say otherwise than a manifest."""
    if not store.has_manifest():
        return
    for report in standing(store, run):
        if report.result is not None:
            stated = store.stated(report.sha256)
            yield from otherwise(stated, report.sha256, report.agency, report.year)


def _failure(made: Summary, report: Standing, keep: int) -> None:
    made.failures[report.problem or "untried"] += 1
    if len(made.failed) < keep:
        made.failed.append(report)
    else:
        made.dropped["failed"] += 1


def _unreadable(store: Store, run: int | None, made: Summary, keep: int) -> None:
    for path in unreadable(store, run):
        _failure(made, path, keep)


def _spent(store: Store, run: int | None) -> Spent:
    spent = Spent()
    upto = 2**62 if run is None else run
    for requests, tokens_in, tokens_out, cost, seconds in store.sql(_SPENT, (upto,)):
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


def _across(store: Store, rows: Rows, counts: AcrossCounts) -> Iterator[Found]:
    from extractor.across.duplicates import duplicates
    from extractor.across.years import across_years

    agencies = rows.sort()
    counts.unnamed = rows.count("printed IS NULL OR year IS NULL")
    counts.unclear = rows.count("printed IS NOT NULL AND agency IS NULL")
    counts.tangled = len(agencies.tangled)
    yield from across_years(store, rows, agencies, counts)
    yield from duplicates(store, rows, counts)


def _keep(made: Summary, found: Found, keep: int) -> None:
    if isinstance(found, Otherwise):
        made.manifest[found.code] += 1
        _append(made, "otherwise", made.otherwise, found, keep)
    elif isinstance(found, YearFinding):
        _append(made, "years", made.years, found, keep)
    elif isinstance(found, Several):
        _append(made, "several", made.several, found, keep)
    else:
        _append(made, "duplicates", made.duplicates, found, keep)


def _append(made: Summary, kind: str, kept: list[_T], found: _T, keep: int) -> None:
    if len(kept) < keep:
        kept.append(found)
    else:
        made.dropped[kind] += 1
