"""Formulas in text, ``new_received + carried_in = results_total + carried_out``, as signed names.

A formula is two sums with ``=`` between them. A term is a name, ``parts(total)`` for everything that
the data says is part of a total, or, in a rule across years, ``last(name)`` for last year's figure.
A name stands once; there are no factors, because every figure enters a sum of a form once, and
because exact elimination over integers rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_TERM = re.compile(r"\s*([+-]?)\s*(?:(parts|last)\(\s*([a-z0-9_.]+)\s*\)|([a-z0-9_.]+))\s*")


class FormulaError(ValueError):
    """A formula that cannot be read; the message says where."""


class Term(NamedTuple):
    """A name with its sign when everything is brought to the left, and whether it is last year's."""

    side: int
    sign: int
    name: str
    last: bool = False

    @property
    def weight(self) -> int:
        """Its coefficient: the sum over all terms of an identity is zero."""
        return self.side * self.sign


def parse(text: str, parts: Callable[[str], Sequence[str]]) -> tuple[Term, ...]:
    """The terms of a formula, in the order in which they stand.

    Args:
        text: The formula.
        parts: Gives what is part of a total, in printed order; none where nothing is.

    Raises:
        FormulaError: It is no formula, or a name stands in it twice.
    """
    sides = text.split("=")
    if len(sides) != 2:
        raise FormulaError(f"{text!r} needs exactly one '='")
    terms = [
        term
        for side, words in zip((1, -1), sides, strict=True)
        for term in _sum(words, side, parts, text)
    ]
    seen: set[tuple[str, bool]] = set()
    for term in terms:
        if (term.name, term.last) in seen:
            raise FormulaError(f"{text!r} has {term.name!r} twice")
        seen.add((term.name, term.last))
    return tuple(terms)


def _sum(words: str, side: int, parts: Callable[[str], Sequence[str]], text: str) -> list[Term]:
    found: list[Term] = []
    at = 0
    while at < len(words):
        match = _TERM.match(words, at)
        if match is None or (not match[1] and at > 0):
            raise FormulaError(f"{text!r} cannot be read at {words[at:].strip()!r}")
        sign = -1 if match[1] == "-" else 1
        if match[2] == "parts":
            members = parts(match[3])
            if not members:
                raise FormulaError(f"{text!r}: nothing is part of {match[3]!r}")
            found += [Term(side, sign, name) for name in members]
        else:
            found.append(Term(side, sign, match[3] or match[4], match[2] == "last"))
        at = match.end()
    if not found:
        raise FormulaError(f"{text!r} has nothing on one side of '='")
    return found
