"""What is not plausible about one report: its figures, then its text."""

from __future__ import annotations

from collections.abc import Mapping

from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.layout import Layout
from verify.plausible._figures import odd_figures
from verify.plausible._text import odd_text
from verify.reading import Span


def implausible(
    layout: Layout,
    form: Form | None,
    agency: str | None,
    values: Mapping[str, Number | None],
    spans: Mapping[str, Span | None],
) -> list[Finding]:
    """What is not plausible about one report.

    Args:
        layout: The source.
        form: Of its tables, None when there are none.
        agency: As the title names it, or None.
        values: Figures by cell; empty when the reading may not be trusted.
        spans: Where they stand.

    Returns:
        At most one warning of each kind (two for money), in a fixed order; those about the text
        have the span of the first place and say how many there are.
    """
    texts = {name: layout.source[slice(*span)] for name, span in spans.items() if span}
    return [*odd_figures(form, agency, values, spans, texts), *odd_text(layout)]
