"""What is said beside the sums: what the prose claims, and what is not plausible. No verdict follows."""

from __future__ import annotations

from collections.abc import Mapping

from verify.cells import CellValue
from verify.findings import Finding
from verify.forms import Form
from verify.layout import Layout
from verify.plausible import implausible
from verify.prose import Compared, compare, find_claims, findings_of


def comment(
    layout: Layout, form: Form | None, agency: str | None, cells: Mapping[str, CellValue]
) -> tuple[tuple[Compared, ...], list[Finding]]:
    """Hold the prose against the tables, and ask whether the report is plausible at all.

    Args:
        layout: The source.
        form: Of its tables, None when there are none.
        agency: As the title names it.
        cells: Those that may be trusted; empty when the reading may not.

    Returns:
        The claims of the prose with what the tables say of each, and warnings.
    """
    values = {name: cell.value for name, cell in cells.items()}
    spans = {name: cell.span for name, cell in cells.items()}
    claims: tuple[Compared, ...] = ()
    found: list[Finding] = []
    if form is not None and cells:
        claims = compare(find_claims(layout), form, values)
        found = findings_of(claims, spans)
    return claims, [*found, *implausible(layout, form, agency, values, spans)]
