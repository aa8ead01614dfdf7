"""The transcript protocol: rows that a model copied are aligned to the figures of the source, in order.

A copied figure never becomes a value. It only tells which figures of the source were copied: a row of
the transcript and a candidate of the excerpt belong together when their figures are the same and
every best alignment of all rows, in order, pairs the two. What could be aligned in two ways is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractor.readers.excerpt import WIDTH, Candidate, Excerpt
from extractor.readers.pointers import Pointed, Pointing
from extractor.readers.shapes import CopiedRow, Transcript
from extractor.readers.sheets import ROWS, number_of
from verify.fold import fold_text
from verify.forms import DISCLOSURE, Edition, TableId
from verify.labels import squeeze_word
from verify.marks import parse
from verify.stream import Kind

_EXACT = 2  # the same figures
_PADDED = 1  # the same but for zeros where the source has nothing: weak models fill blanks so
_THREE = DISCLOSURE.only_rows("requests", "2021") - DISCLOSURE.shared_rows
_ONLY_2019 = DISCLOSURE.only_rows("proactive", "2019")

_ZEROS = str.maketrans("Oo〇", "000")
_ZERO_LIKE = re.compile("[0-9Oo〇]+")

Figures = tuple[str, ...]


def align(answer: Transcript, excerpt: Excerpt) -> list[Pointing]:
    """Turn a transcript into rows of the one table that an excerpt shows.

    Returns:
        One pointing for each part of the excerpt.
    """
    return [
        _aligned(answer, part.zone.table, excerpt.candidates_of(part)) for part in excerpt.parts
    ]


def _aligned(answer: Transcript, table: TableId, candidates: Sequence[Candidate]) -> Pointing:
    source = [tuple(_plain(e.text) for e in c.entries if e.kind is Kind.FIGURE) for c in candidates]
    copied = [_figures(row) for row in answer.rows]
    whole = _whole(copied, source, candidates) if table == "proceedings" else {}
    if whole:
        return Pointing(cells=whole)
    numbers = _numbers(answer.rows, table)
    pairs = [
        (number, candidates[to].mark)
        for at, to in unique_pairs(copied, source).items()
        if (number := numbers[at]) is not None
    ]
    told = Counter(number for number, _ in pairs)
    return Pointing(rows={number: mark for number, mark in pairs if told[number] == 1})


def _whole(
    copied: Sequence[Figures], source: Sequence[Figures], candidates: Sequence[Candidate]
) -> dict[int, tuple[Pointed, ...]]:
    """The fifteen cells of table 四, which is printed in many ways, when all were copied in order."""
    entries = [
        (candidate.mark, entry)
        for candidate in candidates
        for entry in candidate.entries
        if entry.kind is Kind.FIGURE
    ]
    flat = [figure for figures in copied for figure in figures]
    rows, width = len(ROWS["proceedings"]), WIDTH["proceedings"]
    if len(flat) != rows * width or flat != [figure for figures in source for figure in figures]:
        return {}
    cells = [Pointed(Kind.FIGURE, mark, entry.start, entry.end) for mark, entry in entries]
    return {
        number: tuple(cells[at * width : (at + 1) * width])
        for at, number in enumerate(ROWS["proceedings"])
    }


def unique_pairs(copied: Sequence[Figures], source: Sequence[Figures]) -> dict[int, int]:
    """Pairs of rows that every best alignment in order has.

    Args:
        copied: Figures of each copied row.
        source: Figures of each candidate.

    Returns:
        For indices of copied rows the index of their candidate.
    """
    n, m = len(copied), len(source)
    score = [[_score(row, figures) for figures in source] for row in copied]
    forward = _best(score, n, m)
    reversed_score = [row[::-1] for row in score[::-1]]
    backward = _best(reversed_score, n, m)
    best = forward[n][m]
    found: dict[int, int] = {}
    for i in range(n):
        # the best without row i at all, or with it on one candidate only
        without = max(forward[i][j] + backward[n - i - 1][m - j] for j in range(m + 1))
        ways = [
            j
            for j in range(m)
            if score[i][j] and forward[i][j] + score[i][j] + backward[n - i - 1][m - j - 1] == best
        ]
        if len(ways) == 1 and without < best:
            found[i] = ways[0]
    return found


def _best(score: Sequence[Sequence[int]], n: int, m: int) -> list[list[int]]:
    """The best sum of scores of any alignment of the first i rows and the first j candidates."""
    best = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            here = max(best[i - 1][j], best[i][j - 1])
            paired = score[i - 1][j - 1]
            best[i][j] = max(here, best[i - 1][j - 1] + paired) if paired else here
    return best


def _score(copied: Figures, source: Figures) -> int:
    if not copied or not source:
        return 0
    if copied == source:
        return _EXACT
    if len(source) < len(copied):
        rest = iter(copied)
        extra: list[str] = []
        for figure in source:
            for other in rest:
                if other == figure:
                    break
                extra.append(other)
            else:
                return 0
        extra += rest
        if all(figure == "0" for figure in extra):
            return _PADDED
    return 0


def _figures(row: CopiedRow) -> Figures:
    plain = (_plain(figure) for figure in row.figures)
    return tuple(figure for figure in plain if any(c.isdigit() for c in figure))


def _plain(text: str) -> str:
    """A figure as two ways to write it agree: no blanks, no thousands, letters for zero as zeros."""
    folded = fold_text(text).replace(" ", "").replace(",", "")
    return folded.translate(_ZEROS) if _ZERO_LIKE.fullmatch(folded) else folded


def _numbers(rows: Sequence[CopiedRow], table: TableId) -> list[int | None]:
    """The number of the row that each copied label names."""
    named = [_named(row.label, table) for row in rows]
    told = {id for ids in named if len(ids) == 1 for id in ids}
    edition: Edition = "2019" if told & _ONLY_2019 else "2021"
    numbers: list[int | None] = []
    for ids in named:
        if len(ids) > 1 and "other_other" in ids:
            ids = {"other_other"} if told & _THREE else {"other"}  # noqa: PLW2901 - narrowed
        known = len(ids) == 1 and ids <= set(ROWS[table].values())
        numbers.append(number_of(table, next(iter(ids)), edition) if known else None)
    return numbers


def row_named(label: str, table: str) -> frozenset[str]:
    """The rows that the last verbatim label in some words may name; none without one."""
    squeezed = "".join(squeeze_word(word) for word in fold_text(label).split())
    marks = [m for m in parse(squeezed).marks if m.kind == "row" and table in m.tables]
    return marks[-1].ids if marks and marks[-1].likeness == 1 else frozenset()


def _named(label: str, table: TableId) -> frozenset[str] | set[str]:
    squeezed = "".join(squeeze_word(word) for word in fold_text(label).split())
    marks = [m for m in parse(squeezed).marks if m.kind == "row" and table in m.tables]
    return marks[-1].ids if marks else frozenset()
