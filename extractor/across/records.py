"""What the checks across a store say: plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MOST_MEMBERS = 12
"""Reports that one finding names; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Member:
    """A report that a finding is about.

    Attributes:
        path: Its first path, or its hash when it has none.
        sha256: Of its bytes.
        agency: As its title names it.
        year: As its title names it.
        verdict: See the contract.
    """

    path: str
    sha256: str
    agency: str | None
    year: int | None
    verdict: str


@dataclass(frozen=True, slots=True)
class YearFinding:
    """What two consecutive years of one agency say against each other.

    Attributes:
        current: The later report.
        previous: That of the year before.
        certain: No when no name of the agency tells a place, so that two agencies may share it.
        code: Stable; see docs/reasons.md.
        severity: How grave it is.
        rule: Id of the rule.
        cells: The cells concerned.
        expected: What last year's report gives.
        actual: What stands in the later report.
        span: Where in the later report.
        previous_span: Where in last year's.
        message_zh: What to read about it in Chinese.
        message_en: The same in English.
    """

    current: Member
    previous: Member
    certain: bool
    code: str
    severity: str
    rule: str | None
    cells: tuple[str, ...]
    expected: str | None
    actual: str | None
    span: tuple[int, int] | None
    previous_span: tuple[int, int] | None
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Several:
    """Several reports of one agency and year, with different bytes.

    Attributes:
        alike: Their tables say the same; else nothing is compared with that year.
        count: How many reports.
        members: The first of them.
        certain: Whether the name says where the agency is; else they may be of several agencies.
    """

    alike: bool
    count: int
    members: tuple[Member, ...]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Reports whose tables are the same in every figure, and say too much for that to be chance.

    Attributes:
        kind: ``agencies`` different agencies; ``question`` the names may be one agency's, or are not
            known; ``years`` one agency, more than one year.
        count: How many reports.
        members: The first of them, each agency and year once before any comes twice.
    """

    kind: Literal["agencies", "question", "years"]
    count: int
    members: tuple[Member, ...]


@dataclass(slots=True)
class AcrossCounts:
    """What was compared, and what could not be.

    Attributes:
        agencies: Agencies told apart.
        pairs: Pairs of consecutive years that were compared.
        held: Identities across years that hold.
        failed: That fail.
        open: That could not be compared, as a cell of them is not known.
        unnamed: Reports with tables that name no agency or no year; they are compared with nothing.
        unclear: Reports whose agency's name says nothing.
        tangled: Names that are the same as names of different agencies, and were not joined.
        shared: Agencies without a place that have several reports of one year: not compared.
        conflicts: Agencies and years with several reports whose tables differ.
        copies: Agencies and years with several reports whose tables are the same.
        duplicates: Groups of reports with the same tables.
        findings: Findings across years by code.
    """

    agencies: int = 0
    pairs: int = 0
    held: int = 0
    failed: int = 0
    open: int = 0
    unnamed: int = 0
    unclear: int = 0
    tangled: int = 0
    shared: int = 0
    conflicts: int = 0
    copies: int = 0
    duplicates: int = 0
    findings: dict[str, int] = field(default_factory=dict)
