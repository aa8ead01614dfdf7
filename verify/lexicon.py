"""Words that a person has confirmed as the name of a row or a column, for texts that print no official one.

An entry is weaker than everything that the form says: it never stands against an official label or a spelling of
one, and where two labels of a table would become one row by it, it is set aside. What it named is said of each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from verify.fold import fold_text
from verify.forms import Column, Row, Table, TableId, every_form
from verify.labels import parse, phrase_ids, squeeze

_ORDINAL = r"[(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[)、.．][ \t]*"
_LEADING = re.compile(f"(?:{_ORDINAL}|•)+")
_NOT_LETTERS = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9]+")
FEWEST, LONGEST = 2, 60


@dataclass(frozen=True, slots=True)
class Entry:
    """Words that name one row, or one column, of a table.

    Attributes:
        words: As printed.
        table: Id of the table.
        row: Id of the row; "" where the words name a column.
        column: Id of the column; "" where they name a row.
        who: Who confirmed it.
        when: On which day, as ``2026-11-28``.
    """

    words: str
    table: TableId
    row: str = ""
    column: str = ""
    who: str = ""
    when: str = ""

    @property
    def key(self) -> str:
        """What a label is compared by: letters, figures and Chinese characters, folded, the leading ordinal off."""
        return key_of(self.words)

    @property
    def target(self) -> str:
        """``requests.granted`` of a row, ``requests.*.total`` of a column."""
        return f"{self.table}.{self.row}" if self.row else f"{self.table}.*.{self.column}"

    @property
    def official(self) -> str:
        """The official label of that row or column."""
        return _labels(self.table)[self.target][0]


@lru_cache(maxsize=4096)
def key_of(words: str) -> str:
    """Words as labels are compared: folded, without blanks, signs and the ordinal before them."""
    folded = fold_text(words).strip()
    return _NOT_LETTERS.sub("", _LEADING.sub("", folded, count=1) if folded else "")


def wrong_with(entry: Entry) -> str:
    """What keeps an entry out of a lexicon, in a few words; "" where nothing does."""
    labels = _labels(entry.table)
    if not labels:
        return f"there is no table {entry.table!r}"
    if bool(entry.row) == bool(entry.column):
        return "it must name either a row or a column"
    if entry.target not in labels:
        what = "row" if entry.row else "column"
        return f"table {entry.table} has no {what} {entry.row or entry.column!r}"
    han = squeeze(fold_text(entry.words))
    if not FEWEST <= len(entry.key) <= LONGEST or len(han) < FEWEST:
        return f"{entry.words!r} are no words of {FEWEST} to {LONGEST} characters"
    if len(entry.words.splitlines()) > 1 or "\t" in entry.words or "|" in entry.words:
        return f"{entry.words!r} are more than one label"
    taken = _named_by_code(entry)
    if taken:
        return f"{entry.words!r} is what the form itself says of {taken}"
    return ""


def _named_by_code(entry: Entry) -> str:
    """What an official label, whole or damaged, already says of these words: they need no entry, or must not have it."""
    key = squeeze(fold_text(entry.key))
    for kind in ("row", "column"):
        exact = phrase_ids(key, kind, entry.table)  # type: ignore[arg-type]
        if exact:
            return ", ".join(sorted(exact))
    own = entry.row or entry.column
    for mark in parse(key).marks:
        whole = (mark.start, mark.end) == (0, len(key))
        if whole and mark.kind not in ("row", "column"):
            return f"a {mark.kind}"
        if mark.kind in ("row", "column") and entry.table in mark.tables and own not in mark.ids:
            return ", ".join(sorted(mark.ids))
    return ""


@lru_cache(maxsize=16)
def _labels(table: TableId) -> dict[str, tuple[str, str]]:
    """For each target of a table its official label, and the same with its ordinal."""
    found: dict[str, tuple[str, str]] = {}
    tables: Iterable[Table] = (t for form in every_form() for t in form.tables if t.id == table)
    for one in tables:
        for row in one.rows:
            found.setdefault(f"{table}.{row.id}", _told(row))
            for column in row.columns:
                found.setdefault(f"{table}.*.{column.id}", _told(column))
    return found


def _told(named: Row | Column) -> tuple[str, str]:
    return named.label, getattr(named, "printed", named.label)


__all__ = ["Entry", "key_of", "wrong_with"]
