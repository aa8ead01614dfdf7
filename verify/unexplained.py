"""Which words of a stretch of text the words of the form do not explain, cut and damaged as they may be."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from verify.labels import phrases_in
from verify.match.names import named

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_BORDER = re.compile(r"[\t|\n]|  ")
_PUNCTUATION = frozenset(
    " \t\n|、，。；：“”‘’（）()[]【】《》〈〉「」『』.,;:!！\"'`-—–_=+*#·•/\\<>~…^&"
)
_NUMERALS = "一二三四五六七八九十"
_FILLERS = frozenset(f"{_NUMERALS}第项的")
_ORDINAL = re.compile(
    rf"第?(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})[条项款]|\([0-9{_NUMERALS}]{{1,3}}\)"
    rf"|(?<![0-9.])[0-9]{{1,2}}(?:[.、)](?![0-9])|,(?=[^0-9]))"
)
_BEFORE_WORD = re.compile(r"(?<![0-9.])[0-9]{1,2} ?(?=[\u4e00-\u9fff])")  # 1 予以公开
_NUMERAL = re.compile(
    f"第?(?:[{_NUMERALS[1:9]}]?十[{_NUMERALS[:9]}]?|[{_NUMERALS[:9]}])?[项的]{{0,2}}"
)
_MANY_DIGITS = re.compile("[0-9]{2}")
_NUMBER = re.compile("[0-9Oo〇零]+")
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")
_ALIKE = 0.6
_PART = 4  # characters of a piece of a label in which one may be wrong
_ALIKE_PART = 0.75
_SPLIT = 3  # fields over which a header may be cut

Expected = tuple[frozenset[str], frozenset[str], bool]
"""Labels, and headers, that may stand cut into pieces or with a wrong character; whether headers may be named
by likeness."""

NOTHING: Expected = (frozenset(), frozenset(), False)


@lru_cache(maxsize=4096)
def unexplained(text: str, expected: Expected) -> tuple[tuple[int, int], ...]:
    """The ranges of folded text that the words of the form do not explain.

    Args:
        text: A stretch without cells.
        expected: What may stand in it.
    """
    covered = [character in _PUNCTUATION for character in text]
    for match in _ORDINAL.finditer(text):
        covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    words = _Words(text)
    words.cover_exact()
    words.cover_beside(expected[0])
    words.cover_damaged(expected)
    for k, there in enumerate(words.taken):
        covered[words.han[k]] = covered[words.han[k]] or there
    _cover_numerals(text, covered, words)
    for match in _BEFORE_WORD.finditer(text):
        if covered[match.end()]:
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(_tokens(text, covered))


class _Words:
    """The Chinese characters of a text and which of them are explained.

    Attributes:
        han: Where each stands.
        squeezed: The characters.
        taken: Whether each is explained.
        exact: Whether each stands in a phrase of the form.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.han = [i for i, character in enumerate(text) if _HAN.match(character)]
        self.squeezed = "".join([text[i] for i in self.han])
        self.taken = [False] * len(self.han)
        self.exact = self.taken
        self.found = phrases_in(self.squeezed)
        borders = [match.start() for match in _BORDER.finditer(text)]
        self.field = [bisect_right(borders, i) for i in self.han]

    def cover_exact(self) -> None:
        """The phrases of the form."""
        for phrase, at in self.found:
            self.taken[at : at + len(phrase)] = [True] * len(phrase)
        self.exact = self.taken.copy()

    def cover_beside(self, labels: frozenset[str]) -> None:
        """The damaged rest of a label of which a shorter spelling stands there unharmed."""
        for phrase, at in self.found:
            for label in labels:
                inside = label.find(phrase)
                if inside < 0 or label == phrase:
                    continue
                before, after = label[:inside], label[inside + len(phrase) :]
                start, end = at - len(before), at + len(phrase) + len(after)
                if before and start >= 0 and _same_length_alike(self.squeezed[start:at], before):
                    self.taken[start:at] = [True] * len(before)
                rest = self.squeezed[at + len(phrase) : end]
                if after and _same_length_alike(rest, after):
                    self.taken[at + len(phrase) : end] = [True] * len(after)

    def cover_damaged(self, expected: Expected) -> None:
        """What is left of labels and headers that are cut, broken or have a wrong character.

        Not where a number of several digits touches it, as in 2018年: that is no label's.
        """
        seen = {phrase for phrase, _ in self.found}
        labels, headers = expected[0] - seen, expected[1] - seen
        runs = [(a, b) for a, b in self._runs() if not self._is_numbered(a, b)]
        for start, end in runs:
            whole = self.squeezed[start:end]
            run = "".join(c for c in whole if c not in _FILLERS)
            if (
                _in_pieces(run, labels)
                or _in_pieces(whole, labels)
                or any(_alike(whole, phrase) for phrase in labels)
            ):
                self.taken[start:end] = [True] * (end - start)
        parts = [
            (part, self.squeezed[part[0] : part[1]])
            for start, end in runs if not self.taken[start] for part in self._parts(start, end)
        ]  # fmt: skip
        texts = [text for _, text in parts]
        phrases = {phrase: (phrase,) for phrase in headers}
        for (start, end), text in parts:
            bare = text.strip("".join(_FILLERS))
            if (
                _completes(text, texts, (*headers, *labels))
                or (len(text) > 1 and headers and named(text, phrases, alike=expected[2]))
                or (bare and bare != text and _in_pieces(bare, labels))
                or _in_pieces(text, labels)
            ):
                self.taken[start:end] = [True] * (end - start)

    def _is_numbered(self, start: int, end: int) -> bool:
        return any(
            _MANY_DIGITS.search(self.text, max(0, i - 2), i) or _MANY_DIGITS.match(self.text, i + 1)
            for i in self.han[start:end]
        )

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Ranges of characters that are not explained."""
        start = None
        for i in range(len(self.taken) + 1):
            if i < len(self.taken) and not self.taken[i]:
                start = i if start is None else start
            elif start is not None:
                yield start, i
                start = None

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A run cut where a field ends."""
        at = start
        for k in range(start + 1, end + 1):
            if k == end or self.field[k] != self.field[at]:
                yield at, k
                at = k


def _completes(part: str, parts: Sequence[str], phrases: Sequence[str]) -> bool:
    """Whether a part and others of the parts make up a phrase that is nowhere whole."""
    for phrase in phrases:
        at = phrase.find(part)
        if at < 0 or part == phrase:
            continue
        before, after = phrase[:at], phrase[at + len(part) :]
        if _made_of(before, parts, _SPLIT - 1) and _made_of(after, parts, _SPLIT - 1):
            return True
    return False


def _made_of(text: str, parts: Sequence[str], most: int) -> bool:
    if not text:
        return True
    return most > 0 and any(
        part and text.startswith(part) and _made_of(text[len(part) :], parts, most - 1)
        for part in parts
    )


def _cover_numerals(text: str, covered: list[bool], words: _Words) -> None:
    """Chinese numerals as ordinals: one of them, by itself, and not right before a figure."""
    last = len(text.rstrip())
    if words.han and not words.exact[-1]:
        at = words.han[-1]
        alone = last == len(text) or text[:at].rstrip(" ")[-1:] in ("\t", "|")
        if at + 1 == last and text[at] in _FILLERS and alone:
            covered[at] = False  # 第 26: it touches the figure, or stands in a field of its own
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and text[end] in _FILLERS and not covered[end]:
            end += 1
        if end > start:
            beside = text[max(0, start - 1) : start] + text[end : end + 1]
            open_beside = any(
                _HAN.match(text[j]) and not covered[j]
                for j in (start - 1, end)
                if 0 <= j < len(text)
            )
            ordinal = _NUMERAL.fullmatch(text, start, end)
            if beside and ordinal and not open_beside and end not in (len(text), last):
                covered[start:end] = [True] * (end - start)
        start = max(end, start + 1)


def _tokens(text: str, covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Runs of what is not covered, with their brackets; a letter or sign for zero is a figure's."""
    start = None
    for i in range(len(text) + 1):
        if i < len(text) and not covered[i]:
            start = i if start is None else start
        elif start is not None:
            if _NUMBER.fullmatch(text, start, i) is None or _is_a_number(text, start, i):
                yield _with_brackets(text, start, i)
            start = None


def _is_a_number(text: str, start: int, end: int) -> bool:
    """Whether digits are a number and no digit of a word of the form (保留4位小数)."""
    if not any(c.isdigit() and c.isascii() for c in text[start:end]):
        return "〇" in text[start:end] and end - start > 1
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return not (end - start == 1 and _HAN.search(beside))


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """A token with the brackets, digits and signs that belong to it."""
    for match in _BRACKETED.finditer(text, max(0, start - 80), min(len(text), end + 80)):
        if match.start() <= start and end <= match.end():
            return match.span()
    while start and text[start - 1] in "+-—~0123456789.":
        start -= 1
    while end < len(text) and text[end] in "0123456789%+-":
        end += 1
    return start, end


def _same_length_alike(run: str, part: str) -> bool:
    """Whether at least half of the characters are in their places."""
    same = sum(a == b for a, b in zip(run, part, strict=False))
    return len(run) == len(part) and 2 * same >= len(part)


def _in_pieces(run: str, phrases: frozenset[str]) -> bool:
    """Whether a run is made of pieces of phrases: of two characters and more, or what one lacks."""
    at = single = 0
    while at < len(run):
        length = next(
            (n for n in range(len(run) - at, 0, -1) if any(run[at : at + n] in p for p in phrases)),
            0,
        )
        if not length:
            return False
        single += length == 1
        at += length
    return (single == 0 and at > 0) or (single == 1 and len(run) > 2)


@lru_cache(maxsize=4096)
def _alike(run: str, phrase: str) -> bool:
    """Whether most characters of two strings agree, in order."""
    part = len(run) >= _PART and len(run) < len(phrase)
    longest = len(run) if part else max(len(run), len(phrase))
    if min(len(run), len(phrase)) < _ALIKE * longest:
        return False
    row = [0] * (len(phrase) + 1)
    for x in run:
        before = 0
        for j, y in enumerate(phrase, 1):
            before, row[j] = row[j], max(row[j], row[j - 1], before + (x == y))
    return row[-1] >= (_ALIKE_PART if part else _ALIKE) * longest
