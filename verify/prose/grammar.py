"""What a figure speaks of: patterns over the letters of the words around it.

A pattern must cover every word between the last boundary and the figure. Unknown words (``x``) are
allowed only where they restrict what is counted; then they are scope.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.prose.tokens import Token

_COUNTED = frozenset({"", *"件条份宗项起例部个次", "件次", "宗次"})
_MONEY = frozenset({"万元", "元", "亿元"})
_ITEMS = frozenset("项")
_BOTH = frozenset({"reconsideration", "litigation"})

RECEIVED = re.compile("x?R(?:x?A|a)|x?R&?H(?:x?A|a)|[Aa]R|A|x?Rx?A&?H")
ANSWERED = re.compile("x?H(?:x?A|a)|x?[Aa]H")
PROCEEDINGS = re.compile("x?[RHh]{0,2}x?h{0,2}C(?:&h{0,2}C){0,3}")
DOCUMENT = re.compile("x?V(?:&?V)?x?K|KV")
DECISION = re.compile("x?[Hh]?D[HhI]?")
CARRIED = re.compile("x?[Hh]?([IO])[AaH]?")
FEES = re.compile("x?h?F")
BOUGHT = re.compile("x?[hH]?P")
AMOUNT = re.compile("x?P?M")
DISCLOSED = re.compile("x?U")
RESULT = re.compile("x?h?H?G[AaH]?")
LEFT_OVER = re.compile("x?O[AaH]?")
APPLICANT = re.compile("x?R?x?J[Aa]?")
_UNKNOWN = re.compile("x{2,}")
_NOUN_BEHIND = re.compile("x?[Aa]")


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
        about: ``act:…`` what was done with documents counted just before, ``requests`` where requests are the matter at hand, ``answers`` where nothing else has
            been counted since, ``disclosure`` where disclosure is, ``documents`` where documents
            have been counted in the same sentence.

    Returns:
        Subjects, each with the word that names it; more than one where one figure is for each.
    """
    if len(left) > 1 and left[-1].letter == "h" and left[-1].text.endswith("有"):
        left = left[:-1]  # 共有, 有: 行政许可共有5件
    shape = letters(left)
    each = "w" in shape
    shape = shape.replace("w", "").strip("&")
    if number.unit in _MONEY:
        return _money(shape, left)
    if number.unit not in _COUNTED or (not number.unit and number.value != 0):
        return []
    found = _requests(shape, left, right, about)
    found = found or _others(shape, left, right, number, about, each=each)
    return found if len(found) < 2 or each or number.value == 0 else []


def _last(words: Sequence[Token], kinds: str) -> Token:
    return next(t for t in reversed(words) if t.letter in kinds)


def _money(shape: str, left: Sequence[Token]) -> list[tuple[str, Token]]:
    if FEES.fullmatch(shape):
        return [("fees", _last(left, "F"))]
    return [("procurement.amount", _last(left, "M"))] if AMOUNT.fullmatch(shape) else []


def _requests(
    shape: str, left: Sequence[Token], right: Sequence[Token], about: frozenset[str]
) -> list[tuple[str, Token]]:
    bare = "a" in shape or any(t.letter == "a" for t in right)
    if bare and "disclosure" not in about and "A" not in shape:
        return []
    behind = letters(right)
    if RECEIVED.fullmatch(shape):
        verb = next((t for t in left if t.letter == "R"), None)
        if "H" in shape:
            return [("requests.handled", _last(left, "Aa"))]
        return [(f"requests.{verb.id if verb else 'received'}", verb or _last(left, "Aa"))]
    if shape in ("R", "xR") and (_NOUN_BEHIND.match(behind) or (not behind and "answers" in about)):
        if behind.startswith("xa") or (shape == "xR" and not behind):
            return []
        verb = _last(left, "R")
        return [(f"requests.{verb.id}", verb)]
    behind_is_request = behind[:1] in ("A", "a") or (not behind and "answers" in about)
    if ANSWERED.fullmatch(shape) or (shape == "H" and behind_is_request):
        return [(f"requests.{_last(left, 'H').id}", _last(left, "H"))]
    carried = CARRIED.fullmatch(shape)
    word = _last(left, "IO") if carried else None
    if word and ("requests" in about or "申请" in word.text or "A" in shape or "a" in shape):
        return [("requests.carried_in" if word.letter == "I" else "requests.carried_out", word)]
    return _shares(shape, left, right, about, named=bare or "A" in shape or behind[:1] == "A")


def _shares(
    shape: str, left: Sequence[Token], right: Sequence[Token], about: frozenset[str], *, named: bool
) -> list[tuple[str, Token]]:
    """Requests by result, by applicant and left over; ``named``: the noun stands beside."""
    behind = letters(right)
    if shape in ("", "x") and "requests" in about and LEFT_OVER.fullmatch(behind):
        return [("requests.carried_out", _last(right, "O"))]
    if behind.startswith("x"):
        return []
    if RESULT.fullmatch(shape) and (named or "requests" in about):
        return [(f"requests.{_last(left, 'G').id}", _last(left, "G"))]
    if APPLICANT.fullmatch(shape):
        word = _last(left, "J")
        if word.id == "business" and "R" in shape and "A" not in shape:
            return []  # 受理企业申请 is of any matter
        if "requests" in about or (named and word.id in ("natural_person", "organisations")):
            return [(f"requests.{word.id}", word)]
    return []


def _others(
    shape: str,
    left: Sequence[Token],
    right: Sequence[Token],
    number: Token,
    about: frozenset[str],
    *,
    each: bool,
) -> list[tuple[str, Token]]:
    behind = letters(right)
    if "&" in shape and number.value == 0 and each:
        listed = denied([t for t in left if t.letter != "w"])
        return [(subject, word) for subject, word, unknown in listed if not unknown]
    found = [] if behind else _documents_going_on(shape, left, about)
    if found:
        return found
    if PROCEEDINGS.fullmatch(shape):
        if {t.id for t in left if t.letter == "C"} == _BOTH and not each and number.value != 0:
            return [("proceedings", _last(left, "C"))]
        return [(proceeding(t), t) for t in left if t.letter == "C"]
    if re.fullmatch("x?[hHR]{1,2}", shape) and re.match("C(?![&x])", behind):
        word = next(t for t in right if t.letter == "C")
        return [(proceeding(word), word)]
    if DOCUMENT.fullmatch(shape) or (re.fullmatch("x?V(?:&?V)?", shape) and behind[:1] == "K"):
        word = _last([*left, *right], "K")
        return [(document(word, [t for t in left if t.letter == "V"]), word)]
    if DECISION.fullmatch(shape) or (re.fullmatch("x?[Hh]", shape) and behind[:1] == "D"):
        word = _last([*left, *right[:2]], "D") if "D" in shape else next(
            t for t in right if t.letter == "D"
        )  # fmt: skip
        return [(word.id, word)]
    if re.fullmatch("x?h?D(?:&h?D){1,2}", shape) and (each or number.value == 0):
        return [(t.id, t) for t in left if t.letter == "D"]
    if BOUGHT.fullmatch(shape) and number.unit in ("", "项", "个", "次", "件", "批"):
        return [("procurement", _last(left, "P"))]
    disclosed = DISCLOSED.fullmatch(shape)
    return [("proactive.disclosed", _last(left, "U"))] if disclosed else []


def _documents_going_on(
    shape: str, left: Sequence[Token], about: frozenset[str]
) -> list[tuple[str, Token]]:
    """A verb without its noun after 制发规范性文件5件, or a noun without its verb."""
    if shape == "V" and "documents" in about:
        return [(f"normative_documents.{left[-1].id}", left[-1])]
    act = next((what[4:] for what in sorted(about) if what.startswith("act:")), None)
    if shape == "K" and act:
        word = _last(left, "K")
        return [(f"{word.id}.{act}", word)]
    return []


def proceeding(word: Token) -> str:
    """The subject that a word for a proceeding names."""
    return word.id if word.id in ("reconsideration", "litigation") else f"litigation.{word.id}"


def document(word: Token, acts: Sequence[Token]) -> str:
    """The subject that a document and what was done with it name."""
    ids = {t.id for t in acts}
    act = next((i for i in ("in_force", "repealed", "disclosed") if i in ids), "issued")
    return f"{word.id}.{act}"


_ELEMENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("R?x?A|Ra"), "request"),
    (re.compile("[RhH]?I"), "requests.carried_in"),
    (re.compile("[RhH]?O"), "requests.carried_out"),
    (re.compile("h?R?x?h?h?C"), "proceeding"),
    (re.compile("V?V?K"), "document"),
    (re.compile("[hH]?D"), "decision"),
    (re.compile("h?F"), "fees"),
    (re.compile("[hH]?P"), "procurement"),
    (re.compile("[Rhx]{1,3}"), ""),
)


def denied(words: Sequence[Token]) -> list[tuple[str, Token, list[Token]]]:
    """What a negation denies: every element of the list after it must be one that is known.

    Args:
        words: The words of the clause after the negation.

    Returns:
        Subjects with the word that names each and the unknown words before it.
    """
    found: list[tuple[str, Token, list[Token]]] = []
    element: list[Token] = []
    for word in [*words, None]:
        if word is not None and word.letter != "&":
            if word.letter not in "SiELY":
                element.append(word)
            continue
        if not element:
            continue
        shape = _UNKNOWN.sub("x", "".join([t.letter for t in element]))
        kind = next((k for pattern, k in _ELEMENTS if pattern.fullmatch(shape)), None)
        if kind is None:
            return []
        named = _named(kind, element)
        if named is not None:
            found.append((*named, [t for t in element if t.letter == "x"]))
        element = []
    return found


def _named(kind: str, element: list[Token]) -> tuple[str, Token] | None:
    if not kind:
        return None
    word = next(t for t in reversed(element) if t.letter in "AaIOCKDFP")
    if kind == "request":
        verb = next((t for t in element if t.letter == "R"), None)
        return f"requests.{verb.id if verb else 'received'}", word
    if kind == "proceeding":
        return proceeding(word), word
    if kind == "document":
        return document(word, [t for t in element if t.letter == "V"]), word
    return (word.id if kind == "decision" else kind), word
