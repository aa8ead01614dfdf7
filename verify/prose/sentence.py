"""One sentence on its way to claims: what each of its figures, and each 未 and 无, speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from verify.forms import APPLICANTS
from verify.layout import Layout
from verify.prose.context import (
    State,
    aside_of,
    bracket_of,
    given_twice,
    is_the_agency,
    kind_beside,
    of_attributes,
    of_disclosure,
)
from verify.prose.grammar import add_parts, denied, subject_of
from verify.prose.passages import Passage
from verify.prose.subjects import SUBJECTS, Claim
from verify.prose.tokens import Token
from verify.reading import Span

_HAN_YEAR = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ONE_EACH = ("分别", "依次")
_WHOLE_YEAR = ("全年", "本年")
_ORGANS = frozenset("全各我本局所下直区县市省镇乡")  # first characters of words for other bodies
_NEW = frozenset({"requests.received", "requests.accepted"})
_WHOLES = {
    subject for subject in SUBJECTS if not subject.startswith(("requests.", "litigation."))
} | {*_NEW, "requests.answered", "requests.handled"}
_APPLICANTS = frozenset(
    f"requests.{who}" for who in ("organisations", *(c.id for c in APPLICANTS[:-1]))
)
_DECISIONS = ("coercion", "licensing", "penalties")
_DOCUMENTS = ("normative_documents", "regulations")
_OF_COURTS = ("reconsideration", "litigation", "proceedings")
_ACTS = frozenset(f"act:{act}" for act in ("issued", "disclosed", "repealed", "in_force"))


def _any(words: Sequence[Token], kinds: str) -> bool:
    return any(word.letter in kinds for word in words)


def _texts(words: Sequence[Token], kinds: str) -> list[str]:
    return [word.text for word in words if word.letter in kinds]


class Sentence:
    """One sentence on its way to claims.

    Attributes:
        state: Carried from sentence to sentence.
        words: Of the sentence.
        own: Names by which the agency calls itself.
        made: Its claims so far, each with the place of its figure among the words.
    """

    def __init__(
        self,
        layout: Layout,
        passage: Passage,
        range_: Span,
        state: State,
        words: list[Token],
        own: frozenset[str],
    ) -> None:
        self.layout = layout
        self.passage = passage
        self.range = range_
        self.state = state
        self.words = words
        self.own = own
        self.made: list[tuple[int, Claim]] = []
        self.attributes = of_attributes(words)
        self.aside = aside_of(passage.text, range_)
        self.since = 0

    def claims(self) -> list[Claim]:
        """Its claims, with what it names as their parts; `state` is carried to the next sentence."""
        goes_on = self.passage.text[self.range[0] - 1 : self.range[0]] == ";"
        opens_parts = bool(self.words) and self.words[0].letter == "Q"
        self.state.begin_sentence(goes_on=goes_on, opens_parts=opens_parts)
        self.state.about -= _ACTS
        self.state.scope = self._of_bodies()
        for begin, end in self._clauses():
            self._clause(begin, end)
            if goes_on and not self.made:
                self.state.about.discard("answers")
            goes_on = False
        return given_twice(add_parts(self.passage.text, self.words, self.made, self._part))

    def _clauses(self) -> Iterator[Span]:
        begin = 0
        for i, word in enumerate([*self.words, Token(",", 0, 0, "")]):
            if word.letter in ",()":
                if i > begin:
                    yield begin, i
                begin = i + 1

    def _clause(self, begin: int, end: int) -> None:
        state, words = self.state, self.words
        clause = words[begin:end]
        start = words[begin - 1].end if begin else self.range[0]
        if self.passage.text.startswith(_WHOLE_YEAR, start):
            self.since = begin  # 加强管理，全年收到: what stands before restricts nothing
        last, changed = begin, False
        for i, word in enumerate(clause, begin):
            letter = word.letter
            if letter == "Y":
                self._year(word)
            elif letter == "L":
                state.foreign = True
            elif letter == "X":
                changed = True
            elif letter == "S":
                state.restrict(word.text)
            elif letter == "E":
                self._body(word, i)
            elif letter == "K" and word.id == "normative_documents" and self._stops_after(i):
                state.about.add("documents")
            elif letter == "T" or (letter in "QB" and self._opens_parts(i)):
                self._parts_begin(letter)
                last = i + 1
            elif letter in "Aa":
                self._mention(i, begin)
            elif letter == "Z" and not state.foreign:
                self._zero(i, end)
            elif letter in "Nn":
                if letter == "N" and not changed and not state.foreign:
                    self._figure(last, i, end)
                elif _any(words[last:i], "x") and not state.listing:
                    state.about -= {"answers", "documents"}
                    if word.unit and not changed:
                        state.sure = False
                last = i + 1

    def _stops_after(self, i: int) -> bool:
        return i + 1 < len(self.words) and self.words[i + 1].letter == ","

    def _of_bodies(self) -> list[str]:
        return [word for word in self.state.scope if word[0] in _ORGANS]

    def _body(self, word: Token, at: int) -> None:
        """The agency itself is named: other bodies named before count no more."""
        state = self.state
        self.since = at + 1
        bodies = self._of_bodies()
        state.scope = [word for word in state.scope if word not in bodies]
        if not is_the_agency(word.text, self.own):
            state.scope.append(word.text)

    def _parts_begin(self, letter: str) -> None:
        self.state.listing = True
        self.state.doubtful = letter == "Q" and self.state.sure is False
        if letter == "Q" and self.made and self.made[-1][1].subject in _APPLICANTS:
            self.state.whole = "applicant"

    def _mention(self, at: int, begin: int) -> None:
        """Requests are spoken of; the bare 申请 of unknown words is a request for something else."""
        about = self.state.about
        if self.attributes and not _any(self.words[begin:at], "RH"):
            return
        if self.words[at].letter == "A":
            about |= {"requests", "answers"}
        elif "disclosure" in about and (at == begin or self.words[at - 1].letter != "x"):
            about.add("answers")

    def _opens_parts(self, i: int) -> bool:
        """Whether 分别 opens a list of parts rather than one figure for each noun before it."""
        after = self.words[i + 1 : i + 2]
        opens_figures = self.words[i].text.startswith(_ONE_EACH)
        return not opens_figures or (bool(after) and after[0].letter not in "Nn")

    def _year(self, word: Token) -> None:
        state = self.state
        years = [int(year) for year in re.findall("[0-9]{4}", word.text)]
        digits = word.text[:4].translate(_HAN_YEAR)
        if not years and digits.isdigit():
            years = [int(digits)]
        if state.year is None:
            state.restrict(word.text)
            return
        state.foreign = "学" in word.text or any(year != state.year for year in years)

    def _figure(self, begin: int, at: int, end: int) -> None:
        words, state = self.words, self.state
        number, left = words[at], words[begin:at]
        stop = next((j for j in range(at + 1, end) if words[j].letter in "NnXQBS&Z"), end)
        right = words[at + 1 : stop]
        if left and left[-1].text.startswith(_ONE_EACH):
            self._each(left[:-1], at, end)
            return
        if _any(left, "ZcTn") or self._goes_on_to_change(at):
            state.sure = False if _any(left, "c") else state.sure
            return
        found = subject_of(left, right, number, frozenset(state.about))
        subject = found[0][0] if found else ""
        if found and self._of_another_whole(subject, left):
            return
        if not found:
            state.sure = False
            state.about -= _ACTS
            goes_on = begin < at and words[begin].letter == "&" and len(words[begin + 1].text) == 2
            if _any([*left, *right], "x") and not (state.listing or goes_on):
                state.about -= {"answers", "documents"}
            return
        unknown = _texts(left, "x")
        if not _any(right, "Hw"):  # 收到1件涉及第三方的: one of several
            unknown += _texts(right, "xc")
        for one, word in found:
            start = min(word.start, *(t.start for t in left if t.letter in "RHVhAa"), number.start)
            span = (start, max(word.end, number.end))
            self._make(one, number, unknown, span, at, left)
        self._counted(subject)

    def _counted(self, subject: str) -> None:
        """What a figure counted is the matter at hand."""
        about = self.state.about
        row, _, act = subject.partition(".")
        if row == "requests":
            about |= {"requests", "answers"}
        if row in _DOCUMENTS:
            about -= _ACTS
            about.add(f"act:{act}")
        if row == "normative_documents":
            about.add("documents")

    def _of_another_whole(self, subject: str, left: Sequence[Token]) -> bool:
        """Whether a figure of requests is a part of what the tables do not divide in this way.

        自然人 after 办结 or 予以公开 are not those of 本年新收; 予以公开 after 自然人 are not all; and
        主动公开, 依申请公开 and 不予公开 side by side are attributes of documents.
        """
        state = self.state
        has_verb = _any(left, "RH")
        if subject == "proceedings":
            state.whole = "proceedings"
        if not subject.startswith("requests."):
            return False
        if self.attributes and not has_verb:
            return True
        if subject in _APPLICANTS:
            state.whole = state.whole or "applicant"
            return state.whole == "done"
        if subject in _NEW:
            state.whole = "new"
        elif state.whole == "applicant":
            return not has_verb
        elif subject != "requests.handled":
            state.whole = "done"
        return False

    def _goes_on_to_change(self, at: int) -> bool:
        """Whether a figure is where a change starts from: 由4件增至5件."""
        after = self.words[at + 1 : at + 2]
        return bool(after) and after[0].letter == "X" and after[0].text[0] in "增减上下降"

    def _each(self, left: Sequence[Token], at: int, end: int) -> None:
        """Nouns 分别 figures: one for each, when they are as many."""
        nouns = [t for t in left if t.letter in "CDG"]
        after = self.words[at:end]
        stop = next((j for j, word in enumerate(after) if word.letter not in "N&"), None)
        figures = [word for word in after if word.letter == "N"]
        if len(nouns) < 2 or _any(left, "x") or stop is not None or len(figures) != len(nouns):
            return
        for noun, figure in zip(nouns, figures, strict=True):
            for subject, word in subject_of([noun], [], figure, frozenset(self.state.about)):
                if not self._of_another_whole(subject, left):
                    self._make(subject, figure, [], (word.start, figure.end), at)

    def _zero(self, at: int, end: int) -> None:
        state, negation = self.state, self.words[at]
        after = self.words[at + 1 : end]
        if _any(after, "NnZXQBT") or ("disclosure" not in state.about and _any(after, "a")):
            return
        for text in _texts(after, "S"):
            state.restrict(text)
        for subject, word, unknown in denied(after):
            zero = replace(negation, value=0, unit="")
            span = (negation.start, word.end)
            self._make(subject, zero, [t.text for t in unknown], span, at)
            if subject.startswith("requests."):
                state.about |= {"requests", "answers"}

    def _make(
        self,
        subject: str,
        number: Token,
        unknown: list[str],
        folded: Span,
        at: int,
        before: Sequence[Token] = (),
    ) -> None:
        """Make a claim, with every word that may give it another scope than the tables have."""
        state = self.state
        text = self.passage.text
        words = text[slice(*folded)]
        inside, of_courts = subject.startswith("requests."), subject.startswith(_OF_COURTS)
        listed = _any(before, "Aa")
        scope = list(state.scope)
        not_cases = [number.text] if number.unit == "条" else []  # what was given out or published
        scope += not_cases if inside else []
        scope += unknown
        if subject in _DECISIONS:
            subject += ".items" if number.unit in ("项", "个") else ""
            scope += [*not_cases, *_texts(before, "R")]
        if of_courts and not listed:
            scope += _texts(before, "RH")
        if of_courts and number.value:
            sure = of_disclosure(text, self.range, self.words, at, state.about)
            scope += [] if sure else [words]  # of any matter, it may be
        if inside and "named" not in state.about:
            scope.append(words)  # 收到申请 and 公开, and nothing says of what
        beside = kind_beside(subject, text, self.range)
        scope += [w for w in (self.aside, beside, bracket_of(self.words, at)) if w]
        if state.listing:
            part = subject in _WHOLES and state.whole != "proceedings"
            if state.doubtful or part:
                scope.append("其中")
            if subject == "proactive.disclosed":
                return  # a part of what was disclosed is named under its whole
        scope += _texts(self.words[self.since : at], "x")
        state.sure = not scope
        if SUBJECTS[subject].money != number.unit.endswith("元") and number.value != 0:
            return
        self.made.append((at, self._claim(subject, number, folded, scope)))

    def _claim(self, subject: str, number: Token, range_: Span, scope: Sequence[str]) -> Claim:
        assert number.value is not None
        span = self._span(*range_)
        text, sentence = self.layout.source[slice(*span)], self._span(*self.range)
        return Claim(subject, number.value, text, span, sentence, tuple(dict.fromkeys(scope)))

    def _part(self, number: Token) -> Claim:
        return self._claim("part", number, (number.start, number.end), ("其中",))

    def _span(self, start: int, end: int) -> Span:
        offsets = self.passage.offsets
        return self.layout.stream.span(offsets[start], offsets[end - 1] + 1)
