"""What stands beside a report in a panel: what a manifest says of it, its region, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractor.batch.records import Stated
from extractor.panel.against import otherwise
from extractor.panel.regions import region_of, region_with

OWN = "x_"
"""Begins the name of a column that a manifest brings along."""
_NOTHING = Stated("", 0)


def beside(
    stated: Sequence[Stated], sha256: str, agency: str | None, year: int | None
) -> dict[str, Any]:
    """The columns of a panel that are not of the result, by name and in order.

    ``region_from`` says where the code of the region is from: ``manifest``, ``manifest_agency`` (its agency's
    name) or ``agency`` (the name in the report's title).

    Args:
        stated: What manifests say of it; of several lines the first counts.
        sha256: Of its bytes.
        agency: As its title names it.
        year: As its title names it.

    Returns:
        The same keys for every report; under the last, ``more``, the texts of the further columns by name.
    """
    row = stated[0] if stated else _NOTHING
    code, origin = row.region, "manifest"
    for name, place in ((row.agency, "manifest_agency"), (agency, "agency")):
        if code is None and (found := region_of(name)) is not None:
            code, origin = found.code, place
    named = region_with(code)
    fields = dict.fromkeys(one.code for one in otherwise(stated, sha256, agency, year))
    return {
        "url": row.url,
        "agency_id": row.agency_id,
        "region_code": code,
        "region": None if named is None else named.name,
        "region_from": None if code is None else origin,
        "manifest_agency": row.agency,
        "manifest_year": row.year,
        "otherwise": " ".join(code.removeprefix("manifest_") for code in fields) or None,
        "more": dict(row.more),
    }
