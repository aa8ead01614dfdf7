"""Columns and rows whose own header is not printed where those beside them are.

A header that is lost with all the others leaves the order of the form. Where some are printed and one is
not, what stands in its place says something else, and position names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from verify.forms import Table
from verify.labels import phrase_ids, phrases_in, squeeze
from verify.match.names import Phrases, named, phrases_of, row_phrases

_BORDER = re.compile(r"[\t|\n]|  +")
_BRACKETED = re.compile(r"\([^()\n]*\)")
_PIECES = 3  # fields over which a header may be broken


def unnamed(table: Table, texts: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The cells of columns, and of rows that stand as columns, that no header names; what stands there.

    Args:
        table: Of the edition that is printed.
        texts: What stands between its cells and around them, folded.
    """
    found = {phrase for text in texts for phrase, _ in phrases_in(squeeze(text))}
    columns = {row.columns for row in table.rows if len(row.columns) > 1}
    cells: list[str] = []
    for every in columns:
        phrases = phrases_of(every)
        seen = {c.id for c in every for p in found if c.id in phrase_ids(p, "column", table.id)}
        lost = _lost(phrases, seen, texts)
        cells += [
            name for row in table.rows if row.columns == every
            for name in table.cells(row) if name.rpartition(".")[2] in lost
        ]  # fmt: skip
    across = len(table.rows) <= len(table.rows[0].columns)  # rows may be printed side by side
    for group in {row.group for row in table.rows if row.group and across}:
        rows = [row for row in table.rows if row.group == group]
        seen = {r.id for r in rows for p in found if r.id in phrase_ids(p, "row", table.id)}
        lost = _lost({row.id: row_phrases(table)[row.id] for row in rows}, seen, texts)
        cells += [name for row in rows if row.id in lost for name in table.cells(row)]
    strange = [w for w in _words(texts, 1) if cells and not phrases_in(w)]
    return tuple(dict.fromkeys(cells)), " ".join(strange[:_PIECES])


def _lost(phrases: Phrases, seen: set[str], texts: Sequence[str]) -> set[str]:
    """Of several things of which some are printed those that neither words nor damaged words name."""
    lost = set(phrases) - seen
    if not seen or not lost:
        return set()
    for words in _words(texts):
        name = named(words, phrases, alike=True)
        if name in lost:
            lost.discard(name)
    return lost


def _words(texts: Iterable[str], most: int = _PIECES) -> Iterator[str]:
    """The words of each field, and of fields that follow each other."""
    for text in texts:
        fields = [w for part in _BORDER.split(_BRACKETED.sub("", text)) if (w := squeeze(part))]
        for count in range(1, most + 1):
            for at in range(len(fields) - count + 1):
                yield "".join(fields[at : at + count])
