"""Figures spelled with signs that folding or cutting would lose: a soft hyphen, grouped thousands."""

from __future__ import annotations

import re

from verify.document.view import Edit, View

_SOFT = re.compile("(?<![0-9\u4e00-\u9fffA-Za-z０-９\u00ad])\u00ad++ ?([0-9０-９])")
_GROUPED = re.compile(
    "(?<=[\t|\n])( *[0-9]{1,3})((?:[\u00a0\u2009\u202f'’][0-9]{3})+)(?= *(?:[\t|\r\n]|\\Z))"
)
_TEXT_SIGN = re.compile('="|[\'“"] ?[0-9]')
_AS_TEXT = re.compile(
    "(?<=[\t|\n])( *)(=?[\"“]|['‘’])(-?[0-9][0-9.,]*)([\"”'’]?)(?= *(?:[\t|\r\n]|\\Z))"
)
_GAP = re.compile("[\u00a0\u2009\u202f'’]")
_STOP = re.compile(r"(?<=[0-9])。(?=[0-9]{1,6}\s*(?:[\t|\r\n]|万?元|\Z))")
_GROUPING = ("\u00a0", "\u2009", "\u202f", "'", "’")


def soft_hyphens(view: View) -> View:
    """A soft hyphen before a figure belongs to it, for the figure is not what its digits say."""
    if "\u00ad" not in view.text:
        return view
    return view.replaced(_SOFT, lambda match: match[1])


def thousands(view: View) -> View:
    """Groups of three digits that a narrow blank or an apostrophe parts, where they fill a cell."""
    text = view.text
    if not any(sign in text for sign in _GROUPING):
        return view

    def grouped(match: re.Match[str]) -> str | None:
        if not _has_fields(text, match.start(), match.end()):
            return None
        return match[1] + _GAP.sub(",", match[2])

    found = ((m, grouped(m)) for m in _GROUPED.finditer(text))
    characters = list(text)
    changed = False
    for match, instead in found:
        if instead is not None:
            characters[match.start() : match.end()] = instead
            changed = True
    return view.mapped("".join(characters)) if changed else view


def text_signs(view: View) -> View:
    """Quotes and apostrophes that keep a sheet from reading a figure as a number."""
    if _TEXT_SIGN.search(view.text) is None:
        return view
    edits: list[Edit] = []
    for match in _AS_TEXT.finditer(view.text):
        if match[4] == "" and match[2] not in "'‘’":
            continue  # a quote that is never closed
        edits += [(*match.span(2), ""), (*match.span(4), "")]
    return view.edited(edits)


def stops(view: View) -> View:
    """An ideographic full stop between digits that end a cell, as a point."""
    if "。" not in view.text or _STOP.search(view.text) is None:
        return view
    return view.mapped(_STOP.sub(".", view.text))


def _has_fields(text: str, start: int, end: int) -> bool:
    """Whether a tab or pipe stands right beside a figure."""
    return text[start - 1] in "\t|" or text[end : end + 1] in ("\t", "|")
