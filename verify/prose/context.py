"""What earlier words of a paragraph say about the figures to come, and what kind of sentence it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.prose.tokens import Token

LONGEST = 600
"""Characters of a sentence; a longer one is not read."""


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
        ours: Of what stood before, the words count what is the agency's and of the year.
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
    ours: bool = False
    governed: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    body: str = ""
    sure: bool | None = None
    doubtful: bool = False


def of_attributes(words: Sequence[Token]) -> bool:
    """Whether a sentence tells documents by 主动公开, 依申请公开 and 不予公开."""
    beside = [
        i for i, word in enumerate(words)
        if word.letter == "V" and word.text.startswith("主动公开")
        and (i + 1 == len(words) or words[i + 1].letter in "NnX&,x")
    ]  # fmt: skip
    return bool(beside) and any(t.letter == "A" or t.id == "denied" for t in words)
