"""Words of a workbook that stand in no table: names of the sheets with its tables, and cells of other sheets.

A sheet's name is the caption of all that stands on it. A cell of a sheet without a table is a title, a
heading, a sentence of the prose, or a note on the tables, and notes are remarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.document.model import SheetCell
from verify.findings import Finding
from verify.fold import fold_text
from verify.forms import Form
from verify.harmless import Grammar
from verify.labels import heading_table, is_boundary
from verify.layout import Layout
from verify.reading import Reading
from verify.titles import headings

_SENTENCE = 40  # characters of a cell that is prose


def find_sheet_remarks(
    layout: Layout, reading: Reading, form: Form, grammar: Grammar, said: Sequence[Finding]
) -> Iterator[Finding]:
    """A remark for each name of a sheet and each cell beside the sheets with tables that is not known.

    Args:
        layout: The source; of no workbook, nothing is found.
        reading: Whose cells stand on the sheets.
        form: Of the report.
        grammar: What is known, in this report.
        said: Remarks that are found already.
    """
    anchors = layout.document.anchors if layout.document else ()
    if not anchors or not isinstance(anchors[0].place, SheetCell):
        return
    zones = [
        layout.stream.span(zone.segments[0].entries[0].start, zone.segments[-1].entries[-1].end)
        for zone in layout.zones
    ]
    starts = {place.span[0]: name for name, place in reading.places.items() if place.span}
    cells: dict[str, list[str]] = {}
    for anchor in anchors:
        if isinstance(anchor.place, SheetCell) and anchor.span[0] in starts:
            cells.setdefault(anchor.place.sheet, []).append(starts[anchor.span[0]])
    for sheet, names in cells.items():
        if not (grammar.explains(fold_text(sheet), "sheet") or heading_table(fold_text(sheet))):
            yield Finding("remark", tuple(n for n in form.cells if n in names), actual=sheet)
    tables = {
        anchor.place.sheet
        for anchor in anchors
        if isinstance(anchor.place, SheetCell)
        if any(a <= anchor.span[0] < b for a, b in zones)
    }
    spans = [finding.span for finding in said if finding.span]
    for anchor in anchors:
        place, (start, end) = anchor.place, anchor.span
        if not isinstance(place, SheetCell) or place.sheet in tables:
            continue
        words = layout.source[start:end].strip()
        overlaps = any(a < end and start < b for a, b in spans)
        if words and not overlaps and not _is_known(fold_text(words), grammar):
            yield Finding("remark", form.cells, span=anchor.span, actual=words)


def _is_known(words: str, grammar: Grammar) -> bool:
    """Whether a cell is a title, a heading, a sentence or harmless."""
    if len(words) > _SENTENCE or words.endswith("。") or not any(c.isalpha() for c in words):
        return True
    if is_boundary(words) or heading_table(words) or any(headings(words)):
        return True
    return grammar.explains(words, "line") is not None


__all__ = ["find_sheet_remarks"]
