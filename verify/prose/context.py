"""What the words around a figure say of it: what earlier ones of a paragraph leave, and what makes it doubtful.

Doubtful is whether it is one of the tables: another body, an aside, something that is told twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from verify.prose.subjects import Claim
from verify.prose.tokens import PATTERNS, Token
from verify.reading import Span

LONGEST = 600
"""Characters of a sentence; a longer one is not read."""
_PLACES = frozenset("省市县区州镇乡")
_OFFICES = ("街道", "局", "委", "办", "厅", "院", "中心")


@dataclass(slots=True)
class State:
    """What earlier words say about those to come.

    Attributes:
        year: Of the report, or None.
        foreign: The words speak of another year.
        scope: Words of scope that stand before, of this sentence or paragraph.
        about: See `verify.prose.grammar.subject_of`; ``named`` where the paragraph names
            requests or disclosure of information.
        listing: The words stand in a list of parts.
        whole: What the last figure counted that others may be parts of: ``new``, ``done``,
            ``applicant``, ``proceedings`` or "".
        sure: Whether the last figure counted is a claim without scope; None before any figure.
        doubtful: The list is one of parts of a figure that is no such claim.
    """

    year: int | None
    foreign: bool = False
    scope: list[str] = field(default_factory=list)
    about: set[str] = field(default_factory=set)
    listing: bool = False
    whole: str = ""
    sure: bool | None = None
    doubtful: bool = False

    def begin_sentence(self, *, goes_on: bool, opens_parts: bool) -> None:
        """Forget what holds for one sentence alone.

        Args:
            goes_on: A semicolon stands before it.
            opens_parts: It begins with 其中.
        """
        self.listing = self.doubtful = self.foreign = False
        self.whole = self.whole if opens_parts else ""
        self.about -= {"documents"} if goes_on else {"answers", "documents"}

    def restrict(self, word: str) -> None:
        """Add a word of scope."""
        if word not in self.scope:
            self.scope.append(word)


def of_attributes(words: Sequence[Token]) -> bool:
    """Whether a sentence tells documents by 主动公开, 依申请公开 and 不予公开."""
    beside = any(
        word.text.startswith("主动公开") and (after is None or after.letter in "NnX&,x")
        for word, after in zip(words, [*words[1:], None], strict=True)
        if word.letter == "V"
    )
    return beside and any(t.letter == "A" or t.id == "denied" for t in words)


def is_the_agency(text: str, own: frozenset[str]) -> bool:
    """Whether 我局, 我市 is whom the title names, and not the district around an office.

    Args:
        text: As printed.
        own: Names by which the agency calls itself.
    """
    whole, kind = max(own, key=len, default=""), text[1:]
    if text in own or kind not in (*_PLACES, *_OFFICES):
        return True
    if kind in _PLACES:
        return whole.endswith("政府")
    return not whole or kind in whole


_KINDS = {
    subject: re.compile(f"(?<!行政)(?<!共){word}(?:决定|案件|措施)?[0-9]")
    for subject, word in (("licensing", "许可"), ("penalties", "处罚"), ("coercion", "强制"))
}
_DIGIT = re.compile("[0-9]")


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
