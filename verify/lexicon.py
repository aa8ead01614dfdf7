"""Words that a person has confirmed as the name of a row or a column, for texts that print no official one.

An entry is weaker than everything that the form says: it never stands against an official label or a spelling of
one, and where two labels of a table would become one row by it, it is set aside. What it named is said of each cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verify.document.view import View
from verify.findings import Finding
from verify.fold import fold_text
from verify.forms import DISCLOSURE, Column, Row, TableId, every_form
from verify.labels import (
    MarkKind,
    heading_table,
    is_boundary,
    phrase_ids,
    phrases_in,
    squeeze,
)
from verify.marks import parse
from verify.reading import Reading, Span

_ORDINAL = r"(?:[(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[)、.．][ \t]*|•[ \t]*)"
_LEADING = re.compile(f"{_ORDINAL}+")
_LETTERS = r"\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9"
_NOT_LETTERS = re.compile(f"[^{_LETTERS}]+")
_BETWEEN = rf"[^{_LETTERS}\t|]{{0,6}}"
_AFTER = re.compile(r"[ )”\"》:]*(?:[(](?:件|个|项|次|万元)[)])?[ ]*(?:\Z|[\n\t|0-9/〇—-]|无)")
_FIELD = re.compile(r"[^\n\t|]+")
_FIGURES = re.compile(r"(?<=[^0-9(])[ ]*(?:[0-9〇]+(?![0-9.、)])|[ ][/—-](?= |$))")
_FIGURE = re.compile(r"[\s|]*(?:[0-9〇]+(?![0-9.、)])|[/—-])")
_REACH = 40
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

    def names(self, cell: str) -> bool:
        """Whether a cell is of the row, or of the column, that the words name."""
        table, row, column = cell.split(".")
        return table == self.table and (row == self.row or column == self.column)

    @property
    def official(self) -> str:
        """The official label of that row or column."""
        return _named(self.table)[self.target].label


@lru_cache(maxsize=4096)
def key_of(words: str) -> str:
    """Words as labels are compared: folded, without blanks, signs, the ordinal before and 件 behind them."""
    return _bare(words).removesuffix("件") or _bare(words)


def _bare(words: str) -> str:
    return _NOT_LETTERS.sub("", _LEADING.sub("", fold_text(words).strip(), count=1))


Fault = Literal["table", "row_or_column", "target", "words", "official", ""]


def fault_of(entry: Entry) -> Fault:
    """What keeps an entry out of a lexicon; "" where nothing does.

    Returns:
        ``table`` or ``target`` where the form has none such, ``row_or_column`` where it names both or neither,
        ``words`` where these are no label, ``official`` where the form itself says what they are.
    """
    named = _named(entry.table)
    if not named:
        return "table"
    if bool(entry.row) == bool(entry.column):
        return "row_or_column"
    if entry.target not in named:
        return "target"
    han = squeeze(fold_text(entry.words))
    lines = len(entry.words.splitlines()) > 1 or "\t" in entry.words or "|" in entry.words
    if lines or not FEWEST <= len(entry.key) <= LONGEST or len(han) < FEWEST:
        return "words"
    return "official" if _known(entry) else ""


def _known(entry: Entry) -> bool:
    """Whether a label, whole or damaged, already says of these words what they are, or that they are another's."""
    key = squeeze(_bare(entry.words))
    if any(phrase_ids(key, kind, entry.table) for kind in ("row", "column")):
        return True
    own = entry.row or entry.column
    for mark in parse(key).marks:
        whole = (mark.start, mark.end) == (0, len(key))
        if whole and mark.kind not in ("row", "column"):
            return True
        if mark.kind in ("row", "column") and entry.table in mark.tables and own not in mark.ids:
            return True
    return False


@lru_cache(maxsize=16)
def _named(table: TableId) -> dict[str, Row | Column]:
    """The rows and columns of a table in all its editions, by their targets."""
    found: dict[str, Row | Column] = {}
    for one in (t for form in every_form() for t in form.tables if t.id == table):
        for row in one.rows:
            found.setdefault(f"{table}.{row.id}", row)
            for column in row.columns:
                found.setdefault(f"{table}.*.{column.id}", column)
    return found


# --- in a text ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a source that an entry names.

    Attributes:
        entry: The entry.
        span: Where they stand in the source.
        used: Whether they are read so; False where two labels would have become one row.
    """

    entry: Entry
    span: Span
    used: bool


def name_by(view: View, entries: Sequence[Entry]) -> tuple[View, tuple[Hit, ...]]:
    """Put official labels in the place of the words that entries name.

    Words count where they are a whole label: between the beginning of a line, a separator or a figure and the
    like behind them, in the section of their table where the text has headings of sections.

    Args:
        view: A folded source.
        entries: Each without a fault (`fault_of`).

    Returns:
        The view with the labels, every range of which still leads to the source, and what was found.
    """
    if not entries:
        return view, ()
    sections = list(_sections(view.text))
    found: list[tuple[int, int, Entry, int]] = []
    for entry in sorted(entries, key=lambda one: -len(one.key)):
        pattern = re.compile(_BETWEEN.join(map(re.escape, entry.key)) + f"(?:{_BETWEEN}件)?")
        for number, (start, end, table) in enumerate(sections):
            if table not in (None, entry.table):
                continue
            for match in pattern.finditer(view.text, start, end):
                begun = _begins(view.text, match.start(), entry.table)
                free = all(match.end() <= a or b <= match.start() for a, b, _, _ in found)
                if begun is not None and free and _AFTER.match(view.text, match.end()):
                    first = begun if _shared(entry) else match.start()
                    found.append((first, match.end(), entry, number))
    found.sort(key=lambda one: one[:2])
    rows = Counter((number, entry.target) for _, _, entry, number in found if entry.row)
    hits: list[Hit] = []
    edits: list[tuple[int, int, str]] = []
    for start, end, entry, number in found:
        twice = entry.row and (
            rows[number, entry.target] > 1 or _printed(view.text, sections[number], entry)
        )
        hits.append(Hit(entry, view.span(start, end), not twice))
        if not twice:
            edits.append((start, end, _label(entry)))
    return view.edited(edits), tuple(hits)


def _sections(text: str) -> Iterator[tuple[int, int, TableId | None]]:
    """Ranges of a text with the table of their heading; without any heading the whole, of no table."""
    heads = [(0, "")]
    at = 0
    for line in text.split("\n"):
        table = heading_table(line)
        if table or is_boundary(line):
            heads.append((at, table or ""))
        at += len(line) + 1
    if not any(table for _, table in heads):
        yield 0, len(text), None
        return
    for (start, table), (end, _) in zip(heads, [*heads[1:], (len(text), "")], strict=True):
        if table:
            yield start, end, table


def _begins(text: str, start: int, table: TableId) -> int | None:
    """Where a label with its ordinal begins, None where other words than those of its group stand before it."""
    floor = max(0, start - _REACH)
    found = _before(table).search(text[floor:start])
    if found is None or (not found.start() and floor and not found[0][:1].strip(' “"《')):
        return None
    return floor + (found.start(1) if found[1] else len(text[floor:start]))


@lru_cache(maxsize=16)
def _before(table: TableId) -> re.Pattern[str]:
    """What may stand before a label in its field: the words of its group, an ordinal, a bracket."""
    tables = [one for form in every_form() for one in form.tables if one.id == table]
    words = {word for one in tables for word in (*one.words, *(row.group for row in one.rows))}
    groups = "|".join(re.escape(fold_text(word)) for word in sorted(words, key=len, reverse=True))
    around = r"[ “\"《]*"
    group = f"(?:{_ORDINAL}?(?:{groups})[ :]*)?"
    return re.compile(rf"(?:^|[\n\t|0-9]){around}{group}({_ORDINAL}?)[ (“\"《]*\Z")


def _shared(entry: Entry) -> bool:
    """Whether a row's label needs its ordinal: 其他 and 总计 are names of columns as well."""
    return entry.row in DISCLOSURE.shared_rows


def _label(entry: Entry) -> str:
    """The shortest spelling that names this row, or this column, and no other."""
    named = _named(entry.table)[entry.target]
    if isinstance(named, Row) and _shared(entry):
        return fold_text(named.printed)
    own = entry.row or entry.column
    kind: MarkKind = "row" if entry.row else "column"
    spellings = [fold_text(words) for words in (named.label, *named.variants)]
    sole = [one for one in spellings if phrase_ids(squeeze(one), kind, entry.table) == {own}]
    return min((s for s in sole or spellings if not re.search("[0-9]", s)), key=len)


def _printed(text: str, section: tuple[int, int, TableId | None], entry: Entry) -> bool:
    """Whether a section prints the row of an entry under a label of the form as well."""
    start, end, _ = section
    for field in _FIELD.finditer(text, start, end):
        label = _FIGURES.split(field[0], maxsplit=1)[0]
        if label == field[0] and not _FIGURE.match(text, field.end()):
            continue  # no figure comes after it: it is no label of a row
        squeezed = squeeze(label)
        if entry.row in phrase_ids(squeezed, "row", entry.table):
            return True
        phrases = phrases_in(squeezed)
        last = phrase_ids(phrases[-1][0], "row", entry.table) if phrases else frozenset()
        if last == {entry.row} and not _shared(entry):
            return True
    return False


def findings_of(source: str, hits: Iterable[Hit], reading: Reading) -> list[Finding]:
    """Say of each cell that an entry named its row or its column, and which entries were set aside."""
    found: list[Finding] = []
    for hit in hits:
        entry, words = hit.entry, source[slice(*hit.span)]
        if not hit.used:
            found.append(
                Finding("lexicon_set_aside", expected=entry.official, actual=words, span=hit.span)
            )
            continue
        cells = tuple(
            name
            for name, place in reading.places.items()
            if place.span is not None and entry.names(name)
        )
        who = " ".join(part for part in (entry.who, entry.when) if part)
        found.append(
            Finding(
                "named_by_lexicon",
                cells,
                expected=entry.official,
                actual=words,
                span=hit.span,
                by=who,
                detail_zh=who,
                detail_en=who,
            )
        )
    return found


__all__ = ["Entry", "Fault", "Hit", "fault_of", "findings_of", "key_of", "name_by"]
