"""What makes it uncertain that a figure is one of the tables: bodies, asides, and what is told twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from verify.prose._types import Claim
from verify.prose.context import LONGEST
from verify.prose.tokens import PATTERNS, Token
from verify.reading import Span

_KINDS = {
    subject: re.compile(f"(?<!行政)(?<!共){word}(?:决定|案件|措施)?[0-9]")
    for subject, word in (("licensing", "许可"), ("penalties", "处罚"), ("coercion", "强制"))
}
_SHORT = 2
_DIGIT = re.compile("[0-9]")


def body_of(words: Sequence[Token], text: str) -> str:
    """The body that a clause begins with, where it is not the agency; else "".

    Args:
        words: The clause.
        text: Its text.
    """
    topic = topic_of(words)
    found = PATTERNS["body"].search(topic) if not PATTERNS["led"].search(text) else None
    return topic[: found.end()] if found else ""


def topic_of(words: Sequence[Token]) -> str:
    """The unknown words that some words begin with, or "" where known ones begin them."""
    first = next((t for t in words if t.letter not in "YiS&"), None)
    return first.text if first is not None and first.letter == "x" else ""


def heads_another_matter(clause: Sequence[Token], stop: Token | None) -> str:
    """The unknown words before a colon, where they do not speak of requests; else ""."""
    if stop is None or stop.text != ":" or any(t.letter in "AaEC" for t in clause):
        return ""
    topic = topic_of(clause)
    return topic if len(topic) > _SHORT else ""


def aside_of(text: str, range_: Span) -> str:
    """Words that say that the figures of a sentence are counted otherwise, in it or right behind.

    A clause that has a figure speaks of that one: 另有3件未计入.
    """
    start, end = range_
    if PATTERNS["points_back"].match(text, end + 1):
        stops = [at for at in (text.find(stop, end + 1, end + LONGEST) for stop in "。;") if at > 0]
        end = min(stops, default=min(len(text), end + LONGEST))
    for found in PATTERNS["aside"].finditer(text, start, end):
        clause = text.rfind(",", start, found.start()) + 1
        if _DIGIT.search(text, max(start, clause), found.start()) is None:
            return found[0]
    return ""


def bracket_of(words: Sequence[Token], at: int) -> str:
    """Unknown words in a bracket right behind a figure, which restrict it: 处罚5件(普通程序)."""
    if at + 1 >= len(words) or words[at + 1].letter != "(":
        return ""
    inside: list[Token] = []
    for word in words[at + 2 :]:
        if word.letter == ")":
            break
        inside.append(word)
    if any(t.letter in "Nn" for t in inside):
        return ""
    return next((t.text for t in inside if t.letter == "x" and "见" not in t.text), "")


def kind_beside(subject: str, text: str, range_: Span) -> str:
    """Words of a sentence that count one kind of decision apart: 行政处罚5件, 当场处罚3件."""
    kinds = _KINDS.get(subject.partition(".")[0])
    found = kinds.search(text, *range_) if kinds else None
    return found[0] if found else ""


def of_disclosure(
    text: str, range_: Span, words: Sequence[Token], at: int, about: set[str]
) -> bool:
    """Whether a proceeding is certainly about disclosure.

    The words say so right before it, nothing unknown between, or plainly behind it; or the sentence
    or heading before does, and this sentence brings no matter of its own.

    Args:
        text: The passage.
        range_: The sentence.
        words: Its words.
        at: Place of the figure.
        about: See `verify.prose.context.State`.
    """
    figure = words[at]
    mentions = [m.end() for m in PATTERNS["of_disclosure"].finditer(text, range_[0], figure.start)]
    if mentions:
        return not any(t.letter == "x" and t.start >= mentions[-1] for t in words[:at])
    if PATTERNS["said_after"].search(text, figure.end, range_[1]):
        return True
    if any(t.letter == "x" for t in words):
        return False
    if "proceedings" in about:
        return True
    start = range_[0] - 1
    before = max(text.rfind(end, max(0, start - LONGEST), max(0, start)) for end in "。;!?")
    return PATTERNS["of_disclosure"].search(text, before + 1, max(0, start)) is not None


def given_twice(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a sentence; where plain ones differ about one subject, not all are of it.

    行政强制措施2次、行政强制执行3次; 新制定5件、修订4件，共制发9件.
    """
    figures: dict[str, set[object]] = {}
    for claim in claims:
        if not claim.scope:
            figures.setdefault(claim.subject, set()).add(claim.value)
    return [
        replace(claim, scope=(claim.text,))
        if not claim.scope and len(figures[claim.subject]) > 1
        else claim
        for claim in claims
    ]
