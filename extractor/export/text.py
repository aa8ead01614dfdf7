"""Text of reports inside files of others: data, never a formula, never a character that breaks the file."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.writing import encoded

# A full-width sign is a formula to some spreadsheets as well.
_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|[-－]")  # alone a dash marks an empty cell
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_GUARD = "'"
# What XML cannot hold or would change, and what would be read as such an escape.
_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def guarded(text: str) -> str:
    """Text that a spreadsheet shows and never runs: before a formula, and before an apostrophe, stands one.

    Taking one apostrophe from the beginning of what begins with one gives the text again. A plain
    number, as "-3", stays as it is.
    """
    if _PLAIN.fullmatch(text):
        return text
    if text.startswith((_GUARD, *_CONTROL)) or text.lstrip().startswith(_FORMULA):
        return _GUARD + text
    return text


@lru_cache(maxsize=1 << 16)
def csv_field(value: str | int | None) -> str:
    """A value as a field of CSV: text guarded, and quoted where RFC 4180 wants it; nothing for None."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = guarded(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


@lru_cache(maxsize=4096)
def encodable(text: str) -> str:
    """Text that UTF-8 can hold; half a surrogate pair, which JSON can hold, stays the JSON escape that it was."""
    return text if text.isascii() else encoded(text).decode()


def for_xlsx(text: str) -> str:
    """Text as OOXML holds it: what XML cannot hold stands as ``_x0007_``, which spreadsheets undo."""
    return _XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text) if text else text
