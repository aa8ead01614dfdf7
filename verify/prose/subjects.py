"""What a claim can speak of, and the cells or sums of cells that may be meant by it.

The subjects stand in ``subjects.toml`` beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from verify.data import toml_of
from verify.forms import Form


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
