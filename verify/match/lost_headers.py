"""Columns and rows whose own header is not printed where those beside them are.

Position names nothing: a column that no header names may be any, with all the others as well as alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from verify.forms import Column, Table
from verify.labels import phrase_ids, phrases_in, squeeze
from verify.match.names import Phrases, named, phrases_of, row_phrases

_BORDER = re.compile(r"[\t|\n]|  +")
_WORD = re.compile(r"[^\t| ]+")
_FIELD = re.compile(r"[\t|]")
_BRACKETED = re.compile(r"\([^()\n]*\)")
_PIECES = 3  # fields over which a header may be broken


def unnamed(table: Table, texts: Sequence[str], rows: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The cells of columns, and of rows that stand as columns, that no header names; what stands there.

    Args:
        table: Of the edition that is printed.
        texts: What stands between its cells and around them, folded.
        rows: The row of the cell after each of these, "" for none.
    """
    found = [[phrase for phrase, _ in phrases_in(squeeze(text))] for text in texts]
    by_line = [
        said
        for text in texts
        for line in text.split("\n")
        if line and (said := [phrase for phrase, _ in phrases_in(squeeze(line))])
    ]
    columns = dict.fromkeys(row.columns for row in table.rows if len(row.columns) > 1)
    shared = {p for row in table.rows for p in row_phrases(table)[row.id]}
    across = len(table.rows) <= len(table.rows[0].columns)  # rows may be printed side by side
    cells: list[str] = [] if table.is_uniform else list(_in_groups(table, texts, rows))
    for every in columns:
        phrases = phrases_of(every)
        ids = {p: c.id for c in every for p in phrases[c.id]}
        orders = [[ids[p] for p in said if p in ids] for said in found]
        lines = [order for said in by_line if (order := [ids[p] for p in said if p in ids])]
        printed = [order for order in orders if order]
        times = Counter(id for order in orders for id in order)
        most_of = Counter(id for order in orders if len(set(order)) >= _PIECES for id in order)
        others = {
            p for one in columns if one != every for said in phrases_of(one).values() for p in said
        }
        alone = {id for p, id in ids.items() if p not in shared | others}
        most = max((most_of[id] for id in alone), default=0) if across else 1
        heads = [t for t, order in zip(texts, orders, strict=True) if len(set(order)) >= _PIECES]
        lost = _lost(
            phrases,
            {
                id
                for id in phrases
                if times[id]
                and times[id] >= (most if id in alone else 1)
                and (id in alone or most_of[id] or not most_of)  # 3.其他 heads no column
            },
            heads or texts,
        )
        if not lost and (
            any(map(_is_contrary, (*lines, *printed)))
            or all(any(_is_uneven(one, len(phrases)) for one in way) for way in (lines, printed))
            or _shares_a_field(texts, ids)
        ):
            lost = set(phrases)
        cells += [
            name
            for row in table.rows
            if row.columns == every
            for name in table.cells(row)
            if name.rpartition(".")[2] in lost
        ]
    there = {phrase for said in found for phrase in said}
    if across:
        seen = {r.id for r in table.rows for p in there if r.id in phrase_ids(p, "row", table.id)}
        grouped = [row for row in table.rows if row.group or row.id not in seen]
        lost = _lost({row.id: row_phrases(table)[row.id] for row in grouped}, seen, texts)
        cells += [name for row in table.rows if row.id in lost for name in table.cells(row)]
    strange = [w for w in _words(texts, 1) if cells and not phrases_in(w)]
    return tuple(dict.fromkeys(cells)), " ".join(strange[:_PIECES])


def _in_groups(table: Table, texts: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    """The cells under a printed header that lacks one of theirs, or has them in another order than above.

    Where no sum ties the columns, each group of rows has to be named by its own header or by one above.
    """
    first: dict[tuple[Column, ...], list[str]] = {}
    under: dict[tuple[Column, ...], bool] = {}
    named_row = {row.id: row for row in table.rows}
    for text, id in zip(texts, rows, strict=True):
        row = named_row.get(id)
        if row is None or len(row.columns) == 1:
            continue
        phrases = phrases_of(row.columns)
        ids = {p: c for c, said in phrases.items() for p in said}
        order = [ids[p] for p, _ in phrases_in(squeeze(text)) if p in ids]
        if order:
            above = first.setdefault(row.columns, order)
            whole = set(order) == set(above) == set(phrases)
            under[row.columns] = bool(_lost(phrases, set(order), [text])) or (
                whole and order[: len(phrases)] != above[: len(phrases)]
            )
        if under.get(row.columns):
            yield from table.cells(row)


def _is_contrary(order: Sequence[str]) -> bool:
    """Whether a header is printed again in another order over the same rows."""
    if len(order) == len(set(order)):
        return False
    runs: list[list[str]] = [[]]
    for id in order:
        if id in runs[-1]:
            runs.append([])
        runs[-1].append(id)
    whole = [run for run in runs if len(run) == len(set(order))]
    return any(run != whole[0] for run in whole)


def _is_uneven(order: Sequence[str], size: int) -> bool:
    """Whether a line has all headers and some of them more often than others: six over five columns."""
    if len(order) <= size:
        return False
    times = Counter(order)
    return len(times) == size and len(set(times.values())) > 1


def _shares_a_field(texts: Sequence[str], ids: Mapping[str, str]) -> bool:
    """Whether two headers stand in one field of a line with fields."""
    for text in texts:
        for line in text.split("\n"):
            fields = _FIELD.split(line)
            if len(fields) < _PIECES:
                continue
            for one in _WORD.findall(line):
                if len({ids[p] for p, _ in phrases_in(squeeze(one)) if p in ids}) > 1:
                    return True
    return False


def _lost(phrases: Phrases, seen: set[str], texts: Sequence[str]) -> set[str]:
    """Of several things of which some are printed those that neither words nor damaged words name."""
    lost = set(phrases) - seen
    if not lost:
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
