"""Remarks of a whole report: words of its title, and short lines right above and below it."""

from __future__ import annotations

from collections.abc import Iterator

from verify.findings import Finding
from verify.forms import Form
from verify.harmless import Grammar, Where
from verify.layout import Layout
from verify.titles import around_title, unread_title
from verify.unexplained import NOTHING, unexplained


def find_title_remarks(layout: Layout, form: Form, grammar: Grammar) -> Iterator[Finding]:
    """A remark on every cell for words that are neither agency nor year nor what such a report is called.

    Args:
        layout: The source.
        form: Of the report.
        grammar: What is known, in this report.
    """
    text = layout.stream.folded.text
    title = layout.titles[0] if layout.titles else None
    first = layout.zones[0].segments[0].entries[0].start if layout.zones else None
    said: list[tuple[tuple[int, int], Where]] = []
    beside = title.beside if title else None
    if title is None and first is not None:
        beside = unread_title(text, min([first, *layout.openings]))
    if beside is not None:
        said.append((beside, "title"))
    if title is not None and first is not None and title.start < first:
        said += [(place, "top") for place in around_title(text, title, first)]
    for place, where in said:
        words = text[slice(*place)]
        if not grammar.explains(words, where) and unexplained(words, NOTHING):
            span, actual = layout.stream.span(*place), layout.text_of(*place).strip()
            yield Finding("remark", form.cells, span=span, actual=actual)
