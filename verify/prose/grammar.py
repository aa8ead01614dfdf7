"""What a figure speaks of, by patterns over the letters of the words around it, and the parts of a claimed sum.

The patterns stand in ``grammar.toml`` beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from verify.data import toml_of
from verify.prose.subjects import Claim
from verify.prose.tokens import PATTERNS, Token

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


_ENDS_LIST = "RHIOCFPMZDK"
_CHANNEL = ("通过", "在", "利用", "借助")


def add_parts(
    text: str,
    words: Sequence[Token],
    made: Sequence[tuple[int, Claim]],
    part: Callable[[Token], Claim],
) -> list[Claim]:
    """The claims of a sentence, each with the parts that the sentence gives it.

    Args:
        text: The passage.
        words: The sentence.
        made: Its claims, each with the place of its figure among the words.
        part: Makes the claim of a part that is none of its own.
    """
    by_place: dict[int, list[int]] = {}
    for i, (at, _) in enumerate(made):
        by_place.setdefault(at, []).append(i)
    claims = [claim for _, claim in made]
    for opener, word in enumerate(words):
        if word.letter not in "QB":
            continue
        whole = _whole(words, opener)
        if whole is None or len(by_place.get(whole, ())) != 1:
            continue
        numbers, complete, alike = _list(text, words, opener, words[whole])
        if len(numbers) > 1:
            (i,) = by_place[whole]
            parts = tuple(
                claims[by_place[n][0]] if len(by_place.get(n, ())) == 1 else part(words[n])
                for n in numbers
            )
            claims[i] = replace(claims[i], parts=parts, complete=complete, alike=alike)
    return claims


def _whole(words: Sequence[Token], opener: int) -> int | None:
    """The figure right before 其中, nothing but a boundary and known words between."""
    for i in range(opener - 1, -1, -1):
        letter = words[i].letter
        if letter == "N":
            return i
        if letter not in ",(AaKCUSi":
            return None
    return None


def _list(
    text: str, words: Sequence[Token], opener: int, whole: Token
) -> tuple[list[int], bool, bool]:
    """The figures listed as parts; whether they are said to be all, and to be of one kind."""
    numbers: list[int] = []
    kinds: list[str] = []
    complete = words[opener].text.startswith(("分别", "依次", "具体"))
    in_brackets = opener > 0 and words[opener - 1].letter == "("
    begin = opener + 1
    place = opener
    for i in range(opener + 1, len(words)):
        word = words[i]
        if word.letter == ")" and in_brackets:
            break
        if word.letter in "n(QX":
            return [], False, False  # a part that is only about, or parts of parts
        if word.letter == "B":
            complete = True
        if word.letter == "T":
            complete = True
        if word.letter != "N":
            continue
        clause = words[begin:i]
        begin = i + 1
        between = text[words[place].end : word.start]
        place = i
        busy = PATTERNS["busy"].search(between) is not None
        ends = any(t.letter in _ENDS_LIST for t in clause)
        if word.unit != whole.unit or busy or (ends and not _carries(clause)) or not clause:
            break
        numbers.append(i)
        kinds.append(_kind(clause))
        complete = complete or PATTERNS["rest"].search(between) is not None
    applicants = {t.id for n in numbers for t in words[opener:n] if t.letter == "J"}
    complete = complete or {"natural_person", "organisations"} <= applicants
    alike = len(set(kinds)) == 1 and bool(kinds[0])
    return numbers, complete, alike


def _carries(clause: Sequence[Token]) -> bool:
    return any(t.letter in "IO" for t in clause) and not any(t.letter in "RH" for t in clause)


def _kind(clause: Sequence[Token]) -> str:
    """What a part is a part of: applicants, results, channels; "" when its words do not tell."""
    for word in clause:
        if word.letter in "JG":
            return word.letter
        if word.text in _CHANNEL:
            return "channel"
    return ""
