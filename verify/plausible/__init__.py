"""Is a report plausible at all? Warnings beside the sums, which decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.layout import Layout
from verify.plausible._address import find_address
from verify.plausible._alike import same_tables
from verify.plausible._figures import regulations, yuan
from verify.plausible._spam import find_spam
from verify.plausible._template import find_template
from verify.reading import Span

__all__ = ["implausible", "same_tables"]

_TEXT: tuple[tuple[Callable[[str], tuple[int, int, int] | None], str, str], ...] = (
    (find_template, "unfilled_template", "plausible.template"),
    (find_spam, "spam_words", "plausible.spam"),
    (find_address, "addressed_to_model", "plausible.addressed"),
)


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
    found = [
        *regulations(agency, values, spans),
        *yuan(layout.source, form, agency, values, spans),
    ]
    text = layout.stream.folded.text
    for find, code, rule in _TEXT:
        hit = find(text)
        if hit is not None:
            start, end, count = hit
            span = layout.stream.span(start, end)
            zh = f"等{count}处" if count > 1 else ""
            en = f" and {count - 1} more" if count > 1 else ""
            actual = layout.source[slice(*span)]
            found.append(
                Finding(code, rule=rule, actual=actual, span=span, detail_zh=zh, detail_en=en)
            )
    return found
