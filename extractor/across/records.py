"""What the checks across a store say: plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MOST_MEMBERS = 12
"""Reports that one finding names; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Member:
    """A report that a finding is about."""

    path: str  # its first path, or its hash when it has none
    sha256: str  # of its bytes
    agency: str | None  # as its title names it
    year: int | None  # as its title names it
    verdict: str  # see the contract


@dataclass(frozen=True, slots=True)
class YearFinding:
    """What two consecutive years of one agency say against each other."""

    current: Member  # the later report
    previous: Member  # that of the year before
    certain: bool  # no when no name of the agency tells a place, so that two agencies may share it
    code: str  # stable; see docs/reasons.md
    severity: str  # how grave it is
    rule: str | None  # id of the rule
    cells: tuple[str, ...]  # the cells concerned
    expected: str | None  # what last year's report gives
    actual: str | None  # what stands in the later report
    span: tuple[int, int] | None  # where in the later report
    previous_span: tuple[int, int] | None  # where in last year's
    message_zh: str  # what to read about it in Chinese
    message_en: str  # the same in English


@dataclass(frozen=True, slots=True)
class Several:
    """Several reports of one agency and year, with different bytes."""

    alike: bool  # their tables say the same; else nothing is compared with that year
    count: int  # how many reports
    members: tuple[Member, ...]  # the first of them
    # whether the name says where the agency is; else they may be of several agencies
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Reports whose tables are the same in every figure, and say too much for that to be chance."""

    # ``agencies`` different agencies; ``question`` the names may be one agency's, or are not known;
    # ``years`` one agency, more than one year
    kind: Literal["agencies", "question", "years"]
    count: int  # how many reports
    # the first of them, each agency and year once before any comes twice
    members: tuple[Member, ...]


@dataclass(slots=True)
class AcrossCounts:
    """What was compared, and what could not be."""

    agencies: int = 0  # agencies told apart
    pairs: int = 0  # pairs of consecutive years that were compared
    held: int = 0  # identities across years that hold
    failed: int = 0  # that fail
    open: int = 0  # that could not be compared, as a cell of them is not known
    # reports with tables that name no agency or no year; they are compared with nothing
    unnamed: int = 0
    unclear: int = 0  # reports whose agency's name says nothing
    tangled: int = 0  # names that are the same as names of different agencies, and were not joined
    shared: int = 0  # agencies without a place that have several reports of one year: not compared
    conflicts: int = 0  # agencies and years with several reports whose tables differ
    copies: int = 0  # agencies and years with several reports whose tables are the same
    duplicates: int = 0  # groups of reports with the same tables
    findings: dict[str, int] = field(default_factory=dict)  # findings across years by code
