"""A table that is printed several times: each copy held against the first."""

from __future__ import annotations

from verify.cells import CellValue
from verify.figures import read_figure
from verify.findings import Finding
from verify.forms import Form
from verify.grounded import Grounded
from verify.rules.check import rule


@rule("copies", severity="error", codes=("copies_differ", "copy_unclear"))
def compare_copies(
    grounded: Grounded, form: Form, cells: dict[str, CellValue], findings: list[Finding]
) -> None:
    """Hold each copy of a table against the first, cell by cell."""
    for again in grounded.reading.repeats:
        before = len(findings)
        spans = [place.span for place in again.values() if place.span]
        for name, place in again.items():
            first = cells.get(name)  # None: no cell of this form
            if first is None or place.span is None or first.value is None:
                continue
            text = grounded.texts[place.span]
            figure = read_figure(text, form.kinds[name]) if place.where == "span" else None
            if figure is not None and figure.value == first.value:
                continue
            code = "copies_differ" if place.where == "span" else "copy_unclear"
            shown = text if figure is None else str(figure.value)
            findings.append(
                Finding(
                    code,
                    (name,),
                    expected=str(first.value),
                    actual=shown,
                    span=first.span,
                    other_span=place.span,
                )
            )
        if len(findings) == before and spans:
            findings.append(Finding("table_repeated", span=(min(spans)[0], max(spans)[1])))
