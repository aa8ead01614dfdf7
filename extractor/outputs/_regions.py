"""Where a finding stands, as SARIF says it: regions with lines, columns, offsets and the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extractor.outputs._reported import Reported
from extractor.render._places import Places

if TYPE_CHECKING:
    from verify.schema import Reason, Span

Json = dict[str, Any]

# A snippet longer than this (a reason about a whole table) would only repeat the report.
_LONGEST_SNIPPET = 400
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Verbatim text that can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def where(report: Reported, reason: Reason) -> Span | None:
    """Where a viewer shows a reason: its own place, else that of a cell, else the whole report.

    A sum is shown at the total that it must come to, which says nothing about the cell at fault.
    """
    if reason.span is not None:
        return reason.span
    totals = [
        name for e in report.evaluated if e.identity.id == reason.rule for name in e.identity.minus
    ]
    for name in (*totals, *reason.cells):
        span = report.span(name)
        if span is not None:
            return span
    return (0, report.result.provenance.source.chars)


def region_of(source: str | None, places: Places | None, span: Span | None) -> Json | None:
    """A span as a region; without the source only the offsets are known."""
    if span is None:
        return None
    offsets = {"charOffset": span[0], "charLength": span[1] - span[0]}
    if source is None or places is None:
        return offsets
    if not places.holds(span):
        return None
    start, end = places.at(span[0]), places.at(span[1])
    region: Json = {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        **offsets,
    }
    if span[1] - span[0] <= _LONGEST_SNIPPET:
        region["snippet"] = {"text": clean(source[span[0] : span[1]])}
    return region
