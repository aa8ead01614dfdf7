"""What a report says otherwise than the manifest: findings beside the verdict, which they never change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.batch.records import Stated
from extractor.panel.regions import region_of
from verify.agencies import same_agency

Field = Literal["agency", "year", "region", "several"]
FIELDS: tuple[Field, ...] = ("agency", "year", "region", "several")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One thing that a report and the manifest say differently."""

    code: str  # ``manifest_`` and the field: stable
    path: str  # of the report, as the manifest leads to it
    sha256: str  # of its bytes
    line: int  # of the manifest
    manifest: str  # what the manifest says
    report: str  # what the report says; for ``several`` what another line says of the same bytes
    certain: bool = True  # no where the two names may be one agency's, renamed or merged


def otherwise(
    stated: Sequence[Stated], sha256: str, agency: str | None, year: int | None
) -> Iterator[Otherwise]:
    """Hold what a manifest says of a report against the report; what either leaves out is no finding.

    Args:
        stated: What it says, by the paths of the report.
        sha256: Of the report.
        agency: As its title names it.
        year: As its title names it.
    """
    for row in stated:

        def found(
            field: Field,
            manifest: object,
            report: object,
            *,
            certain: bool = True,
            row: Stated = row,
        ) -> Otherwise:
            place = row.path or row.url or sha256
            return Otherwise(
                f"manifest_{field}", place, sha256, row.line, str(manifest), str(report), certain
            )

        if row.agency is not None and agency is not None:
            same = same_agency(row.agency, agency)
            if same == "different" or (same == "question" and row.agency != agency):
                yield found("agency", row.agency, agency, certain=same == "different")
        if row.year is not None and year is not None and row.year != year:
            yield found("year", row.year, year)
        named = region_of(agency)
        if row.region is not None and named is not None and not _within(row.region, named.code):
            yield found("region", row.region, f"{named.code} {named.name}")
        first = stated[0]
        if (row.agency, row.year) != (first.agency, first.year):
            yield found("several", _said(row), f"{_said(first)} ({first.line})")


def _said(row: Stated) -> str:
    return " ".join(str(part) for part in (row.agency, row.year) if part is not None)


def _within(one: str, two: str) -> bool:
    """Whether one region lies in the other, or is it."""
    a, b = sorted((one.rstrip("0"), two.rstrip("0")), key=len)
    a += "0" * (len(a) % 2)  # the zero of 110100 may belong to the code
    return b.startswith(a)
