"""A figure that the prose claims, and what became of it against the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from verify.figures import Number
from verify.reading import Span

Outcome = Literal["agrees", "contradicts", "scoped", "open"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that a sentence states about something that the tables count.

    Attributes:
        subject: What it speaks of, a key of `verify.prose.subjects.SUBJECTS`.
        value: The figure: a count, or 万元 as an exact decimal.
        text: The source under `span`.
        span: The words that state it, figure included.
        sentence: The sentence around them.
        scope: Words that may give it another scope than the tables have, as printed; words of
            its clause that the vocabulary does not know are among them.
        parts: What the same sentence names as its parts.
        complete: Whether the wording says that the parts are all there are.
        alike: Whether the parts are of one kind, so that together they cannot exceed the whole.
    """

    subject: str
    value: Number
    text: str
    span: Span
    sentence: Span
    scope: tuple[str, ...] = ()
    parts: tuple[Claim, ...] = field(default=())
    complete: bool = False
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim held against the tables.

    Attributes:
        claim: The claim.
        outcome: ``agrees`` when one legitimate meaning of its words agrees; ``contradicts`` when
            none does and all are known; ``scoped`` the same where words of scope may be why;
            ``open`` when the cells are not known or the form has none.
        cells: The cells that it was held against.
        actual: What they come to, or None.
    """

    claim: Claim
    outcome: Outcome
    cells: tuple[str, ...] = ()
    actual: Number | None = None
