"""The words of the forms, as they are found in a text, and how like damaged words are to a label.

Text is squeezed to its Chinese characters, so that line breaks, spaces, brackets, ordinals and punctuation do not
matter. What no official phrase explains is matched against the row labels by weighted characters; weak or ambiguous
likeness stays unexplained. `verify.marks` parses a whole stretch.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import lru_cache
from typing import Literal

from verify.alike import LOST
from verify.fold import fold_text
from verify.forms import DISCLOSURE, TableId, every_form

MarkKind = Literal["row", "column", "word", "heading", "end", "title"]

# A word that is nothing but 其他, 总计 or 合计 is folded into one private character, so that it is
# told from the same characters inside other words.
ALONE = {word: chr(0xE001 + at) for at, word in enumerate(DISCLOSURE.shared_words)}
_NUMBERED = "\ue004"  # 3.其他: a number in digits says that it is one of several rows
_SPELLED = str.maketrans({**{alone: word for word, alone in ALONE.items()}, _NUMBERED: "其他"})
_NOT_HAN = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff]+")
FILLER = re.compile("[一二三四五六七八九十项第的为]+")


def squeeze(text: str) -> str:
    """Only the Chinese characters of folded text."""
    return _NOT_HAN.sub("", text)


def without_fillers(squeezed: str) -> str:
    """Squeezed text without numerals and particles, as the unknown parts of `Parsed` are."""
    return FILLER.sub("", squeezed)


def squeeze_word(word: str) -> str:
    """`squeeze` for one word of a stream; a word that may be a label by itself is kept apart."""
    squeezed = squeeze(word)
    if 2 <= len(squeezed) <= 4 and squeezed[-2:] in ALONE:
        before = squeezed[:-2]
        numbers = re.findall("[0-9]", word)
        if numbers and squeezed == "其他":
            return _NUMBERED if numbers == ["3"] else squeezed  # 2.其他 goes on with 法律行政法规
        if not before or FILLER.fullmatch(before):
            return before + ALONE[squeezed[-2:]]
    return squeezed


def spelled(squeezed: str) -> str:
    """Squeezed text as it reads, for messages."""
    return squeezed.translate(_SPELLED)


_END_WORDS = DISCLOSURE.ends
_TITLE_WORDS = DISCLOSURE.titles
_HEADINGS = DISCLOSURE.headings


def begins_anew(squeezed: str, table: TableId) -> bool:
    """Whether a text holds what a table does not go on after: its own heading, a title, section 五."""
    words = (*_END_WORDS, *_TITLE_WORDS, *(w for w, of in _HEADINGS.items() if of == table))
    return any(word in squeezed for word in words)


_SHORT_LINE = 48  # a longer line is no heading


@lru_cache(maxsize=1024)
def heading_table(line: str) -> TableId | None:
    """The table whose section heading a line is, or None."""
    squeezed = squeeze(line)
    if not squeezed or len(squeezed) > _SHORT_LINE:
        return None
    found = [(len(words), table) for words, table in _HEADINGS.items() if words in squeezed]
    if not found and any(sign in line for sign in LOST):
        found = [(len(w), table) for w, table in _HEADINGS.items() if _holds_but_lost(line, w)]
    return max(found)[1] if found else None


def _holds_but_lost(line: str, words: str) -> bool:
    """Whether a line holds words of which a character is lost and leaves a sign."""
    kept = "".join(c for c in line if c in LOST or not _NOT_HAN.fullmatch(c))
    return any(
        all(a == b or a in LOST for a, b in zip(kept[at : at + len(words)], words, strict=True))
        for at in range(len(kept) - len(words) + 1)
    )


@lru_cache(maxsize=1024)
def is_boundary(line: str) -> bool:
    """Whether a line is a title or the heading of a section without a table."""
    squeezed = squeeze(line)
    return len(squeezed) <= _SHORT_LINE and any(
        word in squeezed for word in (*_END_WORDS, *_TITLE_WORDS)
    )


_Entry = dict[MarkKind, tuple[set[TableId], set[str]]]


def _phrases() -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}

    def add(phrase: str, kind: MarkKind, table: TableId | None, id: str | None) -> None:
        key = squeeze(fold_text(phrase))
        tables, ids = found.setdefault(key, {}).setdefault(kind, (set(), set()))
        if table:
            tables.add(table)
        if id:
            ids.add(id)

    for form in every_form():
        for table in form.tables:
            for row in table.rows:
                for phrase in (row.label, *row.variants):
                    add(phrase, "row", table.id, row.id)
                for column in row.columns:
                    for phrase in (column.label, *column.variants):
                        add(phrase, "column", table.id, column.id)
            for word in table.words:
                add(word, "word", table.id, squeeze(word))
    for phrase, heading_of in _HEADINGS.items():
        add(phrase, "heading", heading_of, None)
    for phrase in _END_WORDS:
        add(phrase, "end", None, None)
    for phrase in _TITLE_WORDS:
        add(phrase, "title", None, None)
    for word, alone in ALONE.items():
        found[alone] = found[word]
    found[_NUMBERED] = {"row": ({"requests"}, {"other_other"})}
    return found


PHRASES = _phrases()
# A short phrase may be part of an ordinary word: these are found only when nothing longer is.
PHRASE = re.compile("|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)))
_PLAIN_PHRASE = re.compile(
    "|".join(
        sorted({re.escape(phrase.translate(_SPELLED)) for phrase in PHRASES}, key=len, reverse=True)
    )
)


@lru_cache(maxsize=2048)
def phrases_in(squeezed: str) -> tuple[tuple[str, int], ...]:
    """Every official phrase in squeezed text with its place; the longest first where they overlap."""
    return tuple((match.group(), match.start()) for match in _PLAIN_PHRASE.finditer(squeezed))


def phrase_ids(phrase: str, kind: MarkKind, table: str) -> frozenset[str]:
    """The rows or columns of a table that a phrase may stand for."""
    tables, ids = PHRASES.get(phrase, {}).get(kind, (set(), set()))
    return frozenset(ids) if table in tables else frozenset()


def only_of_other_table(phrase: str, table: str) -> bool:
    """Whether a phrase is a word of other tables and not of this one."""
    tables = {name for found, _ in PHRASES.get(phrase, {}).values() for name in found}
    return bool(tables) and table not in tables


_ORGANISATIONS = frozenset({"legal_service", "public_welfare", "research", "business"})


class _Likeness:
    """How much of a damaged label a stretch holds, by characters weighted by their rarity."""

    def __init__(self) -> None:
        self.labels: dict[tuple[TableId, str], list[str]] = {}
        for phrase, kinds in PHRASES.items():
            if "row" in kinds and len(phrase) >= 4:
                tables, ids = kinds["row"]
                for table in tables:
                    for id in ids:
                        self.labels.setdefault((table, id), []).append(phrase)
        count: Counter[str] = Counter()
        for phrases in self.labels.values():
            count.update(set("".join(phrases)))
        total = len(self.labels)
        self.sets: dict[str, frozenset[str]] = {}
        self.weights: dict[str, float] = {}
        self.weight = {
            c: 1.0 if n == 1 else max(0.08, 1 - n / (total / 4)) for c, n in count.items()
        }
        for phrases in self.labels.values():
            for phrase in phrases:
                self.sets[phrase] = frozenset(phrase)
                self.weights[phrase] = sum(self.weight[c] for c in phrase)

    def common(self, a: str, b: str) -> tuple[float, int]:
        """Weight and length of the heaviest common subsequence."""
        row: list[tuple[float, int]] = [(0.0, 0)] * (len(b) + 1)
        for x in a:
            weight = self.weight.get(x, 0.0)
            previous = row[0]
            for j, y in enumerate(b, 1):
                above = row[j]
                if x == y and weight:
                    best = (previous[0] + weight, previous[1] + 1)
                else:
                    best = max(above, row[j - 1])
                row[j] = best
                previous = above
        return row[-1]

    def _holds_pairs(self, stretch: str, phrase: str) -> bool:
        """Whether neighbouring characters of the phrase stand side by side in the stretch."""
        held = whole = 0.0
        for a, b in itertools.pairwise(phrase):
            weight = min(self.weight[a], self.weight[b])
            whole += weight
            if a + b in stretch:
                held += weight
        return held >= _PAIRS * whole

    def of(self, stretch: str, phrase: str) -> float:
        both = self.sets[phrase].intersection(stretch)
        if len(both) < 2:
            return 0.0
        weight = self.weight
        whole = min(self.weights[phrase], sum([weight.get(c, 0.5) for c in stretch]))
        if sum([weight[c] for c in both]) < 0.4 * whole:
            return 0.0  # not worth the exact comparison
        if len(stretch) > _MUCH_LONGER * len(phrase) and not self._holds_pairs(stretch, phrase):
            return 0.0  # a sentence has every character somewhere
        shared, length = self.common(stretch, phrase)
        if length < 2 or whole <= 0:
            return 0.0
        tight = length / min(len(stretch), len(phrase))
        return min(_NEVER_EXACT, shared / whole) * min(1.0, 0.4 + tight * 0.6)


_NEVER_EXACT = 0.99
_MUCH_LONGER = 1.6
_PAIRS = 0.4
_LIKENESS = _Likeness()
_LIKE_ENOUGH = 0.5
_CLEARLY_BEST = 0.15
_LONGEST_DAMAGED = 60


@lru_cache(maxsize=1024)
def resembling(stretch: str) -> tuple[tuple[TableId, str], float] | None:
    """The one row label that a stretch of at most 60 characters resembles, or None.

    Returns:
        ((table, row), likeness) when a label is like enough and clearly better than any other.
    """
    if not 2 <= len(stretch) <= _LONGEST_DAMAGED:
        return None
    scores = sorted(
        (
            (max(_LIKENESS.of(stretch, phrase) for phrase in phrases), key)
            for key, phrases in _LIKENESS.labels.items()
        ),
        reverse=True,
    )
    (best, key), (second, _) = scores[0], scores[1]
    if best < _LIKE_ENOUGH or best - second < _CLEARLY_BEST:
        return None
    return key, best


@lru_cache(maxsize=1024)
def likeness(stretch: str, table: TableId, row: str) -> float:
    """How much ``stretch`` resembles the label of one row, 0 to 1."""
    phrases = _LIKENESS.labels.get((table, row), [])
    if len(stretch) > _LONGEST_DAMAGED:
        stretch = stretch[-_LONGEST_DAMAGED:]
    return max((_LIKENESS.of(stretch, phrase) for phrase in phrases), default=0.0)


def begun_by(words: str, table: TableId) -> frozenset[str]:
    """The rows of a table whose label, or a spelling of it, begins with these words."""
    if len(words) < _FEWEST:
        return frozenset()
    return frozenset(
        id
        for phrase, kinds in PHRASES.items()
        if "row" in kinds and table in kinds["row"][0] and phrase.startswith(words)
        for id in kinds["row"][1]
    )


_FEWEST = 3


@lru_cache(maxsize=1024)
def may_hold(few: str, table: TableId, row: str) -> bool:
    """Whether a few characters may be left of the label of a row: most are in it, in order."""
    phrases = [
        phrase
        for phrase, kinds in PHRASES.items()
        if "row" in kinds and table in kinds["row"][0] and row in kinds["row"][1]
    ]
    return any(2 * _in_order(few, phrase) >= len(few) for phrase in phrases)


def _in_order(few: str, phrase: str) -> int:
    """How many characters two short strings share in order."""
    row = [0] * (len(phrase) + 1)
    for x in few:
        before = 0
        for j, y in enumerate(phrase, 1):
            before, row[j] = row[j], max(row[j], row[j - 1], before + (x == y))
    return row[-1]
