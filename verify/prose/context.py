"""What earlier words of a paragraph say about the figures to come, and what kind of sentence it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.prose.tokens import Token

LONGEST = 600
"""Characters of a sentence; a longer one is not read."""
_GOVERNMENT = ("政府",)
_KINDS_OF_AGENCY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("省市县区州镇乡", _GOVERNMENT),
    "街道": ("街道办事处", "街道"),
    "局": ("局",),
    "委": ("委", "委员会"),
    "办": ("办", "办公室", "办事处"),
    "厅": ("厅", "办公厅"),
    "院": ("院",),
    "中心": ("中心",),
}
_DISTRICTS = ("国", "省", "市", "县", "区", "州", "旗", "镇", "乡")


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
        unknown: Unknown words that restrict what the sentence counts.
        whole: What the last figure counted that others may be parts of: ``new``, ``done``,
            ``applicant``, ``proceedings`` or "".
        own_part: Of what stood before, the words count what is the agency's and of the year.
        governed: Words of the last figure that is no claim; they may govern the next noun too.
        other: Words of what was counted since requests were named, and is no claim.
        body: Another body that the words before begin with, or "".
        sure: Whether the last figure counted is a claim without scope; None before any figure.
        doubtful: The list is one of parts of a figure that is no such claim.
    """

    year: int | None
    foreign: bool = False
    scope: list[str] = field(default_factory=list)
    about: set[str] = field(default_factory=set)
    listing: bool = False
    unknown: list[str] = field(default_factory=list)
    whole: str = ""
    own_part: bool = False
    governed: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    body: str = ""
    sure: bool | None = None
    doubtful: bool = False

    def begin_sentence(self, *, goes_on: bool, opens_parts: bool) -> None:
        """Forget what holds for one sentence alone.

        Args:
            goes_on: A semicolon stands before it.
            opens_parts: It begins with 其中.
        """
        self.listing = self.doubtful = self.own_part = self.foreign = False
        self.unknown, self.governed = [], []
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
    whole = max(own, key=len, default="")
    kinds = _KINDS_OF_AGENCY.get(text[1:])
    if text in own or kinds is None:
        return True
    return whole.endswith(kinds) if whole else kinds != _GOVERNMENT


def is_one_of(around: Sequence[str], name: str) -> bool:
    """Whether 其中我局 is out of a whole district, and not out of the bodies it answers for.

    Args:
        around: Words of scope and unknown words before it.
        name: The agency as the sentence names it.
    """
    wider = any(w[0] == "全" and w[1:2] in _DISTRICTS for w in around)
    own = any(body in w for w in around for body in ("系统", "局", "所属", "下属", "直属"))
    return wider and not own and not name.endswith("政府") and name[1:] not in _DISTRICTS
