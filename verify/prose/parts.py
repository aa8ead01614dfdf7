"""Parts of a claimed sum: 共370条，其中…49条，…118条，…203条."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from verify.prose._types import Claim
from verify.prose.tokens import PATTERNS, Token

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
