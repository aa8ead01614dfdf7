"""What stands beside a report in a panel: what a manifest says of it, its region, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.batch.records import Stated
from extractor.panel.against import otherwise
from extractor.panel.regions import region_of, region_with

OWN = "x_"
"""Begins the name of a column that a manifest brings along."""
_NOTHING = Stated("", 0)


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns of a panel that are not of the result.

    Attributes:
        url: Where the report was published, by the manifest.
        agency_id: What the manifest calls the agency by.
        region_code: Code of GB/T 2260 of six digits.
        region: Name of that division.
        region_from: Where the code is from: ``manifest``, ``manifest_agency`` (its agency's name) or ``agency``
            (the name in the report's title).
        manifest_agency: The agency by the manifest.
        manifest_year: The year by the manifest.
        otherwise: What the report says otherwise than the manifest: fields, separated by blanks.
        more: Texts of the further columns of the manifest.
    """

    url: str | None
    agency_id: str | None
    region_code: str | None
    region: str | None
    region_from: str | None
    manifest_agency: str | None
    manifest_year: int | None
    otherwise: str | None
    more: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[str | int | None, ...]:
        """In the order of `extractor.export.columns`."""
        return (
            self.url,
            self.agency_id,
            self.region_code,
            self.region,
            self.region_from,
            self.manifest_agency,
            self.manifest_year,
            self.otherwise,
        )


def beside(stated: Sequence[Stated], sha256: str, agency: str | None, year: int | None) -> Beside:
    """What stands beside a report.

    Args:
        stated: What manifests say of it; of several lines the first counts.
        sha256: Of its bytes.
        agency: As its title names it.
        year: As its title names it.
    """
    row = stated[0] if stated else _NOTHING
    code, origin = row.region, "manifest"
    for name, place in ((row.agency, "manifest_agency"), (agency, "agency")):
        if code is None and (found := region_of(name)) is not None:
            code, origin = found.code, place
    named = region_with(code)
    fields = dict.fromkeys(one.code for one in otherwise(stated, sha256, agency, year))
    return Beside(
        row.url,
        row.agency_id,
        code,
        None if named is None else named.name,
        None if code is None else origin,
        row.agency,
        row.year,
        " ".join(code.removeprefix("manifest_") for code in fields) or None,
        row.more,
    )


__all__ = ["OWN", "Beside", "beside"]
