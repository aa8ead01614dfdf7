"""What a figure speaks of: patterns over the letters of the words around it.

The patterns stand in ``grammar.toml`` beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.data import toml_of
from verify.prose.tokens import Token

_COUNTED = frozenset({"", *"件条份宗项起例部个次", "件次", "宗次"})
_MONEY = frozenset({"万元", "元", "亿元"})
_ITEMS = frozenset({"", *"项个次件批"})
_PROCEEDINGS = {"reconsideration", "litigation"}
_PERSONS = ("natural_person", "organisations")
_STRONGEST_FIRST = ("in_force", "repealed", "disclosed", "issued")
_OF_ABOUT = {"disclosure": "d", "requests": "q", "answers": "w", "documents": "k"}
_UNKNOWN = re.compile("x{2,}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the file; its head says what each field means."""

    left: re.Pattern[str]
    right: re.Pattern[str]
    needs: frozenset[str]
    never: frozenset[str]
    subject: str
    word: str
    at: str
    each: bool


def _entries(kind: str) -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            re.compile(entry["left"]),
            re.compile(entry.get("right", "")),
            frozenset(entry.get("needs", "")),
            frozenset(entry.get("never", "")),
            entry["subject"],
            entry["word"],
            entry.get("at", "left"),
            entry.get("each", False),
        )
        for entry in toml_of("verify.prose", "grammar.toml")[kind]
    )


_CLAIMS = _entries("claim")
_DENIED = _entries("denied")


def letters(words: Sequence[Token]) -> str:
    """The kinds of some words in order; scope and mentions of disclosure are looked at apart."""
    shape = "".join([t.letter for t in words if t.letter not in "SiELY"]).strip("&")
    return _UNKNOWN.sub("x", shape)


def subject_of(
    left: Sequence[Token], right: Sequence[Token], number: Token, about: frozenset[str]
) -> list[tuple[str, Token]]:
    """What a figure speaks of.

    Args:
        left: The words of its clause before it, back to the figure before.
        right: The words of its clause after it, up to the next figure.
        number: The figure.
        about: ``requests`` where requests are the matter at hand, ``answers`` where nothing else
            has been counted since, ``disclosure`` where disclosure is, ``documents`` where
            documents have been counted in the same sentence, ``act:…`` what was done with them.

    Returns:
        Subjects, each with the word that names it; more than one where one figure is for each.
    """
    if len(left) > 1 and left[-1].letter == "h" and left[-1].text.endswith("有"):
        left = left[:-1]  # 共有, 有: 行政许可共有5件
    shape = letters(left)
    each = "w" in shape
    shape = shape.replace("w", "").strip("&")
    money = number.unit in _MONEY
    if not money and (number.unit not in _COUNTED or (not number.unit and number.value != 0)):
        return []
    listed = "&" in shape and each and number.value == 0 and not money
    behind = letters(right)
    holds = {"m"} if money else _holding(shape, behind, [*left, *right], number, about, each=each)
    for entry in _CLAIMS:
        if listed and not entry.subject.startswith("requests."):
            without = denied([t for t in left if t.letter != "w"])
            return [(subject, word) for subject, word, unknown in without if not unknown]
        fits = entry.needs <= holds and entry.never.isdisjoint(holds)
        if fits and entry.left.fullmatch(shape) and entry.right.match(behind):
            found = list(_named(entry, left, right, about))
            return found if len(found) < 2 or each or number.value == 0 else []
    return []


def _holding(
    shape: str,
    behind: str,
    words: Sequence[Token],
    number: Token,
    about: frozenset[str],
    *,
    each: bool,
) -> set[str]:
    """What holds of a figure, by the letters of the file."""
    holds = {letter for matter, letter in _OF_ABOUT.items() if matter in about}
    bare = any(t.letter == "a" for t in words)
    named = bare or "A" in shape or behind[:1] == "A"
    applicant = next((t.id for t in reversed(words) if t.letter == "J"), "")
    carried = any(t.letter in "IO" and "申请" in t.text for t in words)
    conditions = {
        "a": bool(_acts(about)),
        "e": each,
        "z": number.value == 0,
        "p": {t.id for t in words if t.letter == "C"} == _PROCEEDINGS,
        "i": number.unit in _ITEMS,
        "n": named,
        "o": named and applicant in _PERSONS,
        "f": applicant == "business" and "R" in shape and "A" not in shape,
        "c": carried or "q" in holds or "A" in shape or "a" in shape,
        "b": bare and "d" not in holds and "A" not in shape,
    }
    return holds | {letter for letter, condition in conditions.items() if condition}


def _named(
    entry: _Entry,
    left: Sequence[Token],
    right: Sequence[Token] = (),
    about: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, Token]]:
    """The subjects that an entry finds among some words, each with the word that names it."""
    ids = {"R": "received", **{t.letter: t.id for t in left}}
    acts = [t.id for t in left if t.letter == "V"] or _acts(about) or ["issued"]
    ids["act"] = min(acts, key=_STRONGEST_FIRST.index)
    places = {"left": left, "both": [*left, *right[:2]], "right": right}
    naming = [t for t in places[entry.at] if t.letter in entry.word]
    for word in naming if entry.each else naming[:1] if entry.at == "right" else naming[-1:]:
        yield entry.subject.format(**{**ids, word.letter: word.id}), word


def _acts(about: frozenset[str]) -> list[str]:
    return [what[4:] for what in sorted(about) if what.startswith("act:")][:1]


def denied(words: Sequence[Token]) -> list[tuple[str, Token, list[Token]]]:
    """What a negation denies: every element of the list after it must be one that is known.

    Args:
        words: The words of the clause after the negation.

    Returns:
        Subjects with the word that names each and the unknown words before it.
    """
    found: list[tuple[str, Token, list[Token]]] = []
    element: list[Token] = []
    for word in [*words, Token("&", 0, 0, "")]:
        if word.letter != "&":
            if word.letter not in "SiELY":
                element.append(word)
            continue
        if not element:
            continue
        shape = letters(element)
        entry = next((entry for entry in _DENIED if entry.left.fullmatch(shape)), None)
        if entry is None:
            return []
        unknown = [t for t in element if t.letter == "x"]
        if entry.subject:
            found += [(subject, word, unknown) for subject, word in _named(entry, element)]
        element = []
    return found
