"""What is odd about the text of a report: a template left unfilled, spam, words to a language model.

Patterns and words stand in ``text.toml`` beside this module.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import islice

from verify.data import toml_of
from verify.findings import Finding
from verify.fold import fold_characters
from verify.layout import Layout
from verify.rules.check import rule

_LISTED = toml_of("verify.plausible", "text.toml")
_MOST = 200
_BAD = re.compile("\ufffd+")
_BLANK = r"[^\S\n]"
_GAP = re.compile(  # begins with the blank itself, so that nothing is tried between two characters
    rf"\s(?<=[\u4e00-\u9fff]\s)(?:(?<=\n){_BLANK}{{0,4}}|(?<!\n){_BLANK}{{0,3}}\n?{_BLANK}{{0,4}})"
    r"(?=[\u4e00-\u9fff])"
)
Hit = tuple[int, int, int]
"""Folded start and end of the first place, and how many there are (200 of a kind at most are counted)."""


def odd_text(layout: Layout) -> list[Finding]:
    """What is not plausible about the text of a report, whatever its tables say.

    Args:
        layout: The source.

    Returns:
        At most one finding of each kind, in a fixed order, with the span of the first place and how
        many there are.
    """
    found = []
    text = Joined(layout.stream.folded.text)
    for find, code in _KINDS:
        hit = find(text)
        given = hit is None and find is find_address and "<!--" in layout.source
        if given:  # a model is shown what a page hides
            hit = find(Joined(fold_characters(layout.source)))
        if hit is not None:
            start, end, count = hit
            span = (start, end) if given else layout.stream.span(start, end)
            zh = f"等{count}处" if count > 1 else ""
            en = f" and {count - 1} more" if count > 1 else ""
            actual = layout.source[slice(*span)]
            found.append(Finding(code, actual=actual, span=span, detail_zh=zh, detail_en=en))
    if bad := list(_BAD.finditer(layout.source)) if "\ufffd" in layout.source else []:
        found.append(Finding("bad_bytes", actual=str(len(bad)), span=bad[0].span()))
    return found


class Joined:
    """Chinese text without the blanks and line ends that a layout puts between its characters.

    A line that is wrapped, or letters that are set apart, cut a word in two; two line ends and more
    part paragraphs and stay.

    Args:
        text: Folded.

    Attributes:
        folded: The folded text.
        text: The same, joined.
    """

    __slots__ = ("_at", "_shift", "folded", "text")

    def __init__(self, text: str) -> None:
        self.folded = text
        pieces: list[str] = []
        self._at: list[int] = [0]
        self._shift: list[int] = [0]
        last = length = 0
        for match in _GAP.finditer(text):
            start, end = match.span()
            pieces.append(text[last:start])
            length += start - last
            self._at.append(length)
            self._shift.append(end - length)
            last = end
        pieces.append(text[last:])
        self.text = "".join(pieces)

    def back(self, offset: int) -> int:
        """The place in the folded text of the character at an offset of the joined one."""
        return offset + self._shift[bisect_right(self._at, offset) - 1]


# --- places of a template that nobody filled in: XX市, 20XX年, X件, （单位名称）, （  ）件, {{agency}} ------

_ALONE = tuple(map(re.compile, _LISTED["template"]["alone"]))
_PLACE, _COUNT, _BEFORE = (
    re.compile(_LISTED["template"][key]) for key in ("place", "count", "before")
)


@rule("plausible.template", severity="warning", codes=("unfilled_template",))
def find_template(joined: Joined) -> Hit | None:
    """The first unfilled place of a text."""
    text = joined.folded  # its blanks and line ends are the places that nobody filled in
    found = [match.span() for pattern in _ALONE for match in islice(pattern.finditer(text), _MOST)]
    for pattern, fewest_stars in ((_PLACE, 3), (_COUNT, 2)):
        found += [
            match.span()
            for match in islice(pattern.finditer(text), _MOST)
            if _is_blank(text, match, fewest_stars)
        ]
    return (*min(found), len(found)) if found else None


def _is_blank(text: str, match: re.Match[str], fewest_stars: int) -> bool:
    """Whether marks before a word stand for a word: alike, alone, and no bold text in Markdown."""
    marks = match["marks"]
    if len({mark.upper() for mark in marks}) > 1:
        return False
    if marks[0] in "*_" and len(marks) < (fewest_stars if marks[0] == "*" else 2):
        return False
    return not match.start() or _BEFORE.match(text[match.start() - 1]) is None


# --- spam words in place of ordinary ones, as hacked government pages have them ---------------------

_SPAM = _LISTED["spam"]
_WORD = "|".join(sorted((*_SPAM["strong"], *_SPAM["weak"]), key=len, reverse=True))
_RUN = re.compile(rf"(?:{_WORD})(?:[,，、|_ -]?(?:{_WORD})){{0,7}}")
_FOUGHT, _REGULATED, _SELLS, _BUSINESS, _CHARITY = (
    re.compile(_SPAM[key]) for key in ("fought", "regulated", "sells", "business", "charity")
)
_OPEN, _CLOSE = map(tuple, zip(*_SPAM["quotes"], strict=True))
_TRADITIONAL = _SPAM["traditional"][0]
_SIMPLIFY = str.maketrans(*_SPAM["traditional"])
_END = re.compile("[。;\n]")
_REACH = 40
_ENOUGH = 2


@rule("plausible.spam", severity="warning", codes=("spam_words",))
def find_spam(joined: Joined) -> Hit | None:
    """The first run of spam words in a text, None when there is too little to say so.

    One word that could be the name of a business is nothing.
    """
    text = joined.text
    if any(character in text for character in _TRADITIONAL):
        text = text.translate(_SIMPLIFY)
    first: tuple[int, int] | None = None
    weak: set[str] = set()
    score = count = 0
    for match in _RUN.finditer(text):
        sold = _SELLS.match(text, match.end()) is not None
        strong = sold or (
            any(word in match[0] for word in _SPAM["strong"]) and not _is_name(text, match)
        )
        if _is_meant(text, match, strong=strong):
            continue
        if strong:
            score += _ENOUGH
        elif match[0] not in weak:  # one business may be named often
            weak.add(match[0])
            score += 1
        count += 1
        first = first or match.span()
    if first is None or score < _ENOUGH:
        return None
    return joined.back(first[0]), joined.back(first[1] - 1) + 1, count


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the words are a name: of a shop, or in quotation marks, which spam in a page has not."""
    start, end = match.span()
    quoted = text[start - 1 : start] in _OPEN and text[end : end + 1] in _CLOSE
    return quoted or _BUSINESS.match(text, end) is not None


def _is_meant(text: str, match: re.Match[str], *, strong: bool) -> bool:
    """Whether an office may mean the words: it fights them, or sells tickets for charity."""
    before = _END.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    after = _END.split(text[match.end() : match.end() + _REACH])[0]
    if _FOUGHT.search(before) or _FOUGHT.search(after):
        return True
    if not strong and (
        _BUSINESS.match(text, match.end()) or _REGULATED.search(before) or _REGULATED.search(after)
    ):
        return True
    return match[0].startswith("彩票") and _CHARITY.search(before) is not None


# --- text addressed to a language model: instructions, roles, tags of a chat ----------------------
# A report that speaks about models (引入大语言模型辅助答复) is no such text: what counts is the second
# person, the order to forget earlier instructions, or the marks of a chat format.


def _patterns(language: str) -> tuple[tuple[list[str], re.Pattern[str]], ...]:
    found = []
    for entry in _LISTED["address"][language]:
        pattern = entry["pattern"]
        for piece, means in _LISTED["address"]["pieces"].items():
            pattern = pattern.replace(f"{{{piece}}}", means)
        found.append((entry["marks"], re.compile(pattern)))
    return tuple(found)


_CHINESE, _ENGLISH = _patterns("chinese"), _patterns("english")
# One pass for all marks: most reports have none, and then no pattern is looked at.
_ANY_CHINESE, _ANY_ENGLISH = (
    re.compile("|".join(re.escape(mark) for marks, _ in patterns for mark in marks))
    for patterns in (_CHINESE, _ENGLISH)
)
_STOP = re.compile("[。！!？?;；\n]")
_SHOWN = 80


@rule("plausible.addressed", severity="warning", codes=("addressed_to_model",))
def find_address(joined: Joined) -> Hit | None:
    """The first sentence of a text that addresses a model, from the telling words on."""
    text = joined.folded
    starts: list[int] = []
    for marks, pattern in _CHINESE if _ANY_CHINESE.search(joined.text) else ():
        if any(mark in joined.text for mark in marks):
            found = islice(pattern.finditer(joined.text), _MOST)
            starts += [joined.back(match.start()) for match in found]
    latin = text.encode("ascii", "ignore").decode().lower()  # little of a report; only for marks
    if _ANY_ENGLISH.search(latin):
        lower = "\n" + text.replace("İ", "I").lower()  # as long as the text, but for one
        for marks, pattern in _ENGLISH:
            if any(mark in latin for mark in marks):
                for match in islice(pattern.finditer(lower), _MOST):
                    starts.append(match.end() - len(match[0].lstrip()) - 1)
    if not starts:
        return None
    sentences: list[tuple[int, int]] = []
    for start in sorted(starts):
        if not sentences or start >= sentences[-1][1]:
            stop = _STOP.search(text, start, start + _SHOWN)
            sentences.append((start, stop.start() if stop else min(start + _SHOWN, len(text))))
    return (*sentences[0], len(sentences))


_KINDS: tuple[tuple[Callable[[Joined], Hit | None], str], ...] = (
    (find_template, "unfilled_template"),
    (find_spam, "spam_words"),
    (find_address, "addressed_to_model"),
)
