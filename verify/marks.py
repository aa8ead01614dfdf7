"""Parse a stretch of text into marks: what of the form it names, exactly or in spite of damage.

A stretch (everything between two runs of figures) is parsed from left to right into rows, column headers, words of a
table, section headings. What no official phrase explains is matched against the row labels by weighted characters;
weak or ambiguous likeness stays unexplained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from verify.forms import TableId
from verify.labels import ALONE, FILLER, PHRASE, PHRASES, MarkKind, resembling


@dataclass(frozen=True, slots=True)
class Mark:
    """An official phrase found in squeezed text.

    Attributes:
        kind: What the phrase is.
        tables: The tables to which it belongs; empty for ends and titles.
        ids: Row or column ids that it may stand for; of a word the word itself.
        start: Where it begins in the squeezed text.
        end: One past its last character.
        likeness: 1.0 for an exact phrase, else the weighted share that agrees.
    """

    kind: MarkKind
    tables: frozenset[TableId]
    ids: frozenset[str]
    start: int
    end: int
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Parsed:
    """A squeezed stretch, parsed.

    Attributes:
        marks: The phrases found, in order.
        unknown: The parts that nothing explains, each as (start, text), fillers taken off.
    """

    marks: tuple[Mark, ...]
    unknown: tuple[tuple[int, str], ...]

    @property
    def unknown_length(self) -> int:
        """How many characters nothing explains."""
        return sum(len(text) for _, text in self.unknown)


@lru_cache(maxsize=1024)
def parse(squeezed: str) -> Parsed:
    """Parse a squeezed stretch into marks; pure, so answers are remembered."""
    marks: list[Mark] = []
    unknown: list[tuple[int, str]] = []
    place = 0
    matches = _standing_free(squeezed, list(PHRASE.finditer(squeezed)))
    for i, match in enumerate(matches):
        if match.start() > place:
            _damaged(squeezed, place, match.start(), marks, unknown)
        marks.append(_mark(squeezed, matches, i, marks))
        place = match.end()
    if place < len(squeezed):
        _damaged(squeezed, place, len(squeezed), marks, unknown)
    return Parsed(tuple(marks), tuple(unknown))


def _standing_free(squeezed: str, matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Leave out short words that are labels but here are part of other words (不计其他情形)."""
    free = []
    for i, match in enumerate(matches):
        if match.group() in ALONE:
            before = squeezed[matches[i - 1].end() if i else 0 : match.start()]
            after = squeezed[match.end() : matches[i + 1].start() if i + 1 < len(matches) else None]
            if _joined(before[-1:]) or _joined(after[:1]):
                continue
        free.append(match)
    return free


def _joined(neighbour: str) -> bool:
    return bool(neighbour) and FILLER.fullmatch(neighbour) is None


def _mark(squeezed: str, matches: list[re.Match[str]], i: int, before: list[Mark]) -> Mark:
    """The mark of a phrase that may be both a row and a column, decided by its neighbours."""
    match = matches[i]
    kinds = PHRASES[match.group()]
    kind: MarkKind = next(iter(kinds))
    if "row" in kinds and len(kinds) > 1:
        kind = "row"
        if "column" in kinds and _in_header(squeezed, matches, i, before):
            kind = "column"
    tables, ids = kinds[kind]
    if "other_other" in ids and len(ids) > 1 and squeezed[: match.start()].endswith("六"):
        ids = {"other"}
    return Mark(kind, frozenset(tables), frozenset(ids), match.start(), match.end())


def _in_header(squeezed: str, matches: list[re.Match[str]], i: int, before: list[Mark]) -> bool:
    """Whether 其他, 总计 or 合计 stands among column headers rather than in a row's place."""
    match = matches[i]
    ordinal = squeezed[max(0, match.start() - 1) : match.start()]
    if ordinal in ("七", "六"):
        return False
    if before and before[-1].end >= match.start() - 1:
        last = before[-1]
        if last.kind == "column" or squeezed[last.start : last.end] == "法人或其他组织":
            return True
    if i + 1 < len(matches):
        following = PHRASES[matches[i + 1].group()]
        return "column" in following and "row" not in following
    return False


def _damaged(
    squeezed: str, start: int, end: int, marks: list[Mark], unknown: list[tuple[int, str]]
) -> None:
    stretch = squeezed[start:end]
    stripped = FILLER.sub("", stretch)
    if not stripped:
        return
    found = resembling(stripped) if len(stripped) >= 3 else None
    if found is None:
        unknown.append((start, stripped))
        return
    (table, row), score = found
    marks.append(Mark("row", frozenset({table}), frozenset({row}), start, end, score))
