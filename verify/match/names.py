"""Name a header or a label by the nearest official one, with a margin to the next, or not at all.

A word that differs in one character may be damaged or may mean something else (上年, 本年), so only words
of columns that a sum ties together are named by likeness; elsewhere a header is what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from verify.fold import fold_text
from verify.forms import Column, Table
from verify.labels import squeeze

_MOST_OF_IT = 2  # at most one of so many characters is another
_LONGEST = 40

Phrases = Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=512)
def phrases_of(columns: tuple[Column, ...]) -> dict[str, tuple[str, ...]]:
    """For each column what its header may say, squeezed."""
    return {
        column.id: tuple(squeeze(fold_text(p)) for p in (column.label, *column.variants))
        for column in columns
    }


@lru_cache(maxsize=64)
def row_phrases(table: Table) -> dict[str, tuple[str, ...]]:
    """For each row of a table what its label may say, squeezed."""
    return {
        row.id: tuple(squeeze(fold_text(p)) for p in (row.label, *row.variants))
        for row in table.rows
    }


def named(words: str, phrases: Phrases, *, alike: bool) -> str | None:
    """The id that words stand for, or None.

    Args:
        words: Squeezed.
        phrases: For each id what it is called.
        alike: Whether damaged words are named by the nearest phrase.
    """
    for id, said in phrases.items():
        if words in said:
            return id
    if not alike or not 2 <= len(words) <= _LONGEST:
        return None
    parts = [id for id, said in phrases.items() if any(words in phrase for phrase in said)]
    if parts:
        return parts[0] if len(parts) == 1 else None
    near = sorted(
        (distance, len(phrase), id)
        for id, said in phrases.items()
        for distance, phrase in [min((_distance(words, phrase), phrase) for phrase in said)]
    )
    best, length, id = near[0]
    if len(near) > 1 and near[1][0] == best:
        return None
    return id if _MOST_OF_IT * best <= min(len(words), length) else None


def all_named(words: Sequence[str], phrases: Phrases, *, alike: bool) -> list[str | None]:
    """The ids of several words, of which no two can have one: both are then unnamed."""
    found = [named(word, phrases, alike=alike) for word in words]
    return [id if id is None or found.count(id) == 1 else None for id in found]


@lru_cache(maxsize=2048)
def _distance(a: str, b: str) -> int:
    """How many characters have to be put in, taken out or exchanged to make one string the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
