"""Which words of a stretch of text the words of the form do not explain, cut and damaged as they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from verify.alike import LOST, is_slip_of
from verify.labels import phrases_in

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CHARACTER = re.compile(rf"{_HAN.pattern}|(?<={_HAN.pattern})[{LOST}]|[{LOST}](?={_HAN.pattern})")
_PUNCTUATION = frozenset(
    " \t\n|、，。；：“”‘’（）()[]【】《》〈〉「」『』.,;:!！\"'`-—–_=+*#·•/\\~…^&"
)
_NUMERALS = "一二三四五六七八九十"
_AROUND = f"{_NUMERALS}第项的"
_SCALES = frozenset("百千万亿元")
_FILLERS = frozenset(_AROUND)
_COUNTED = f"(?:[{_NUMERALS[1:9]}]?十[{_NUMERALS[:9]}]?|[{_NUMERALS[:9]}])"  # 十三, not 十三五
_ORDINAL = re.compile(
    rf"第?(?:[0-9]{{1,2}}|{_COUNTED})[条项款]|第?\((?:[0-9]{{1,2}}|{_COUNTED})\)项?"
    rf"|(?<![0-9.])[0-9]{{1,2}}(?: ?[.、)](?![0-9])|,(?=[^0-9]))"
)
_BEFORE_WORD = re.compile(
    r"(?<![0-9.])[0-9]{1,2} ?(?=(?![百千万亿元])[\u4e00-\u9fff])"
)  # 1 予以公开
_NUMERAL = re.compile(f"第?{_COUNTED}[项的]{{0,2}}|第|的")
_LABEL_NEXT = re.compile(rf"[ \t|]*(?:[、.,，)）:：]|(?![{_NUMERALS}百千万亿元])[\u3400-\u9fff])")
_QUOTED = re.compile(r"^[ \t]*>+(?=[^\n]*[\u4e00-\u9fff])", re.MULTILINE)
_MANY_DIGITS = re.compile("[0-9]{2}")
_NUMBER = re.compile("[0-9Oo〇零]+")
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")
_BETWEEN = re.compile(r"[^\w\t|\n]*")
_WITHIN = ("", " ", *"“”\"‘’'「」『』〈〉《》")
_SPLIT = 12  # pieces on each side


@dataclass(frozen=True, slots=True)
class Expected:
    """What may stand in a stretch of text.

    Attributes:
        exact: Words of the form that may stand there as they are; None for all.
        labels: Those that may be damaged.
        headers: Headers that may be cut into pieces.
        alike: Whether headers may be damaged, too.
    """

    exact: frozenset[str] | None
    labels: frozenset[str]
    headers: frozenset[str]
    alike: bool


NOTHING = Expected(None, frozenset(), frozenset(), alike=False)


@lru_cache(maxsize=4096)
def unexplained(text: str, expected: Expected) -> tuple[tuple[int, int], ...]:
    """The ranges of folded text that the words of the form do not explain.

    Args:
        text: A stretch without cells.
        expected: What may stand in it.
    """
    covered = [character in _PUNCTUATION for character in text]
    for match in chain(_QUOTED.finditer(text), _ORDINAL.finditer(text)):
        covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    words = _Words(text, expected.exact)
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

    def __init__(self, text: str, exact: frozenset[str] | None) -> None:
        self.text = text
        self.han = [match.start() for match in _CHARACTER.finditer(text)]
        self.squeezed = "".join([text[i] for i in self.han])
        self.taken = [False] * len(self.han)
        self.found = phrases_in(self.squeezed)
        for phrase, at in self.found:
            if exact is not None and phrase not in exact:
                continue
            self.taken[at : at + len(phrase)] = [True] * len(phrase)
        self.exact = self.taken.copy()

    def cover_damaged(self, expected: Expected) -> None:
        """What is left of labels and headers that are cut, broken or have a wrong character.

        Words that touch words of the form are another word with them: 其他机关, 上年新收.
        """
        seen = {phrase for phrase, _ in self.found}
        headers = expected.headers - seen
        every = (*expected.labels, *headers)
        loose: list[tuple[int, int, str]] = []
        for start, end in self._chunks():
            chunk = self.squeezed[start:end]
            bare = chunk.strip(_AROUND)
            if bare[:1] in _SCALES:
                bare = chunk  # 十万元 is another unit than 万元
            lost = any(sign in chunk for sign in LOST)
            labels = expected.labels if lost else expected.labels - seen
            if all(self.taken[start:end]) or self._is_numbered(start, end):
                continue
            if any(is_slip_of(bare, label) or is_slip_of(chunk, label) for label in labels):
                self.taken[start:end] = [True] * (end - start)
            elif not any(self.taken[start:end]):
                loose.append((start, end, bare))
            else:
                for a, b in self._runs(start, end):
                    run = self.squeezed[a:b].strip(_AROUND)
                    whole = any(
                        len(run) == len(phrase) and is_slip_of(run, phrase) for phrase in every
                    )
                    if whole or self._is_within_slip(a, b, labels):
                        self.taken[a:b] = [True] * (b - a)
        pieces = [bare for _, _, bare in loose]
        for start, end, bare in loose:
            if _completes(bare, pieces, every) or self._is_header(
                bare, headers, alike=expected.alike
            ):
                self.taken[start:end] = [True] * (end - start)

    def _is_within_slip(self, start: int, end: int, labels: Iterable[str]) -> bool:
        """Whether characters and those around them are one whole label with a few of them wrong."""
        for label in labels:
            for at in range(max(0, end - len(label)), start + 1):
                window = self.squeezed[at : at + len(label)]
                if len(window) == len(label) and is_slip_of(window, label):
                    return True
        return False

    @staticmethod
    def _is_header(words: str, headers: frozenset[str], *, alike: bool) -> bool:
        """Whether words are a piece of one header and of no other; where sums hold also with a slip."""
        if len(words) < 2:
            return False
        found = [h for h in headers if words in h or (alike and is_slip_of(words, h))]
        return len(found) == 1

    def _is_numbered(self, start: int, end: int) -> bool:
        """Whether a number of several digits touches it, as in 2018年: that is no label's."""
        return any(
            _MANY_DIGITS.search(self.text, max(0, i - 2), i) or _MANY_DIGITS.match(self.text, i + 1)
            for i in self.han[start:end]
        )

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """Ranges of characters with nothing but a blank or a quotation mark between them."""
        start = 0
        for k in range(1, len(self.han) + 1):
            if k == len(self.han) or self.text[self.han[k - 1] + 1 : self.han[k]] not in _WITHIN:
                yield start, k
                start = k

    def _runs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Ranges of a chunk that no phrase explains."""
        at = None
        for k in range(start, end + 1):
            if k < end and not self.taken[k]:
                at = k if at is None else at
            elif at is not None:
                yield at, k
                at = None


def _completes(piece: str, pieces: Sequence[str], phrases: Sequence[str]) -> bool:
    """Whether a piece and others make up a phrase that is nowhere whole."""
    for phrase in phrases:
        at = phrase.find(piece)
        if not piece or at < 0 or piece == phrase:
            continue
        before, after = phrase[:at], phrase[at + len(piece) :]
        if _made_of(before, pieces, _SPLIT) and _made_of(after, pieces, _SPLIT):
            return True
    return False


def _made_of(text: str, pieces: Sequence[str], most: int) -> bool:
    if not text:
        return True
    return most > 0 and any(
        piece and text.startswith(piece) and _made_of(text[len(piece) :], pieces, most - 1)
        for piece in pieces
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
            ordinal = _NUMERAL.fullmatch(text, start, end) and _LABEL_NEXT.match(text, end)
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
            scaled = text[i : i + 1] in _SCALES  # 1万元: a unit of its own
            if scaled or _NUMBER.fullmatch(text, start, i) is None or _is_a_number(text, start, i):
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


def joined(text: str, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges with nothing but blanks and signs of one field between them, as one."""
    found: list[tuple[int, int]] = []
    for start, stop in ranges:
        if found and _BETWEEN.fullmatch(text, found[-1][1], start):
            found[-1] = found[-1][0], stop
        else:
            found.append((start, stop))
    return found
