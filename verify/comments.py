"""What is said beside the sums: what the prose claims, and what is not plausible. No verdict follows."""

from __future__ import annotations

from collections.abc import Mapping

from verify.cells import CellValue
from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.grounded import Grounded
from verify.plausible import odd_figures
from verify.prose import Compared, compare, findings_of


def comment(
    grounded: Grounded,
    form: Form | None,
    values: Mapping[str, Number | None],
    cells: Mapping[str, CellValue],
) -> tuple[tuple[Compared, ...], list[Finding]]:
    """Hold the prose against the tables, and ask whether the report is plausible at all.

    Args:
        grounded: The report.
        form: Of its tables, None when there are none.
        values: Figures by cell that may be trusted; empty when the reading may not.
        cells: Where each of them stands.

    Returns:
        The claims of the prose with what the tables say of each, and warnings.
    """
    if form is None or not values:
        return (), list(grounded.oddities)
    claims = compare(grounded.claims, form, values)
    of_prose = {name: cells[name].span for one in claims for name in one.cells}
    spans = {name: cell.span for name, cell in cells.items()}
    texts = {name: cell.text for name, cell in cells.items()}
    found = [
        *findings_of(claims, of_prose),
        *odd_figures(form, grounded.agency, values, spans, texts),
        *grounded.oddities,
    ]
    return claims, found
