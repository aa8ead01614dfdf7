"""What a claim is, what it can speak of, and the cells or sums of cells that may be meant by it.

The subjects stand in ``subjects.toml`` beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from verify.data import toml_of
from verify.figures import Number
from verify.forms import Form
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


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sum of cells: ``plus`` less ``minus``."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the sum."""
        return self.plus + self.minus


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim speaks of.

    Attributes:
        zh: Its name in messages.
        en: The same in English.
        rule: Id of the rule that holds it against the tables, None where no cell does.
        money: Whether it is a sum of money.
        meanings: The sums that may be meant, the usual one first; cells that are taken away have
            a minus before them, and a star stands for all rows that fit.
    """

    zh: str
    en: str
    rule: str | None = None
    money: bool = False
    meanings: tuple[tuple[str, ...], ...] = ()


SUBJECTS: dict[str, Subject] = {
    name: Subject(**{**entry, "meanings": tuple(map(tuple, entry.get("meanings", ())))})
    for name, entry in toml_of("verify.prose", "subjects.toml").items()
}


@cache
def meanings(subject: str, form: Form) -> tuple[Meaning, ...]:
    """The sums of cells that a subject may mean in a form, none where the form has no such cell."""
    found = []
    for cells in SUBJECTS[subject].meanings:
        minus = [cell[1:] for cell in cells if cell.startswith("-")]
        plus = [cell for cell in cells if not cell.startswith("-")]
        found.append(Meaning(_in(form, plus), _in(form, minus)))
    return tuple(m for m in found if all(cell in form.kinds for cell in m.cells))


def _in(form: Form, cells: Iterable[str]) -> tuple[str, ...]:
    """The cells with those of the form in the place of each star."""
    found: list[str] = []
    for cell in cells:
        head, star, tail = cell.partition("*")
        fitting = [one for one in form.cells if one.startswith(head) and one.endswith(tail)]
        found += fitting if star else [cell]
    return tuple(found)
