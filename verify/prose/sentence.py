"""One sentence on its way to claims: what each of its figures, and each 未 and 无, speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from verify.figures import Number
from verify.forms import APPLICANTS
from verify.layout import Layout
from verify.prose._types import Claim
from verify.prose.bodies import is_one_of, is_the_agency
from verify.prose.context import State, of_attributes
from verify.prose.doubt import (
    aside_of,
    body_of,
    bracket_of,
    heads_another_matter,
    kind_beside,
    of_disclosure,
    told_twice,
    topic_of,
)
from verify.prose.grammar import denied, letters, subject_of
from verify.prose.parts import add_parts
from verify.prose.passages import Passage
from verify.prose.subjects import SUBJECTS
from verify.prose.tokens import Token
from verify.reading import Span

_HAN_YEAR = str.maketrans("〇零一二三四五六七八九", "00123456789")
_OWN_DECISION = frozenset({"licensing", "penalties", "coercion"})
_ORGANS = frozenset("全各我本局所下直区县市省镇乡")  # first characters of words for other bodies
_WHOLES = frozenset(
    subject for subject in SUBJECTS
    if not subject.startswith(("requests.", "litigation.")) or subject in (
        "requests.received", "requests.accepted", "requests.answered", "requests.handled"
    )
)  # fmt: skip
_APPLICANTS = frozenset(
    f"requests.{who}" for who in ("organisations", *(c.id for c in APPLICANTS[:-1]))
)
_NEW = frozenset({"requests.received", "requests.accepted"})
_GOVERNED = (*sorted(_OWN_DECISION), "normative_documents", "regulations")
_OF_COURTS = ("reconsideration", "litigation", "proceedings")
_ACTS = frozenset(f"act:{act}" for act in ("issued", "disclosed", "repealed", "in_force"))


class Sentence:
    """One sentence on its way to claims."""

    def __init__(
        self, layout: Layout, passage: Passage, range_: Span, state: State, words: list[Token],
        own: frozenset[str],
    ) -> None:  # fmt: skip
        self.layout = layout
        self.passage = passage
        self.range = range_
        self.state = state
        self.words = words
        self.own = own
        self.made: list[tuple[int, Claim]] = []
        self.before_bracket: list[str] = []
        self.attributes = of_attributes(words)
        self.aside = aside_of(passage.text, range_)
        self.topic = topic_of(words)
        self.heading = ""
        self.counted_other = False

    def claims(self) -> list[Claim]:
        """Its claims, with what it names as their parts; `state` is carried to the next sentence."""
        state = self.state
        state.listing = state.doubtful = False
        state.unknown = []
        state.governed = []
        state.ours = False
        if not self.words or self.words[0].letter != "Q":
            state.whole = ""
        goes_on = self.passage.text[self.range[0] - 1 : self.range[0]] == ";"
        state.about -= {"documents", *_ACTS} if goes_on else {"answers", "documents", *_ACTS}
        state.scope = [w for w in state.scope if w[0] in _ORGANS]
        state.foreign = False
        for begin, end in self._clauses():
            self._clause(begin, end)
            if goes_on and not self.made:
                state.about.discard("answers")
            goes_on = False
        return told_twice(add_parts(self.passage.text, self.words, self.made, self._part))

    def _clauses(self) -> Iterator[tuple[int, int]]:
        begin = 0
        for i, word in enumerate(self.words):
            if word.letter in ",()":
                if i > begin:
                    yield begin, i
                begin = i + 1
        if begin < len(self.words):
            yield begin, len(self.words)

    def _clause(self, begin: int, end: int) -> None:
        state = self.state
        last = begin
        changed = False
        self._across_brackets(begin, end)
        clause = self.passage.text[self.words[begin].start : self.words[end - 1].end]
        state.body = body_of(self.words[begin:end], clause) or state.body
        stop = self.words[end] if end < len(self.words) else None
        self.heading = heads_another_matter(self.words[begin:end], stop) or self.heading
        i = begin
        while i < end:
            word = self.words[i]
            letter = word.letter
            if letter == "Y":
                self._year(word)
            elif letter == "L":
                state.foreign = True
            elif letter == "X":
                changed = True
            elif letter == "S":
                if word.text not in state.scope:
                    state.scope.append(word.text)
            elif letter == "E":
                self._body(word)
            elif letter == "K" and self.words[i + 1 : i + 2] and self.words[i + 1].letter == ",":
                if word.id == "normative_documents":
                    state.about.add("documents")
            elif letter == "T" or (letter in "QB" and self._opens_parts(i)):
                self._parts_begin(letter)
                last = i + 1
            elif letter in "Aa":
                self._mention(i, begin)
            elif letter == "Z":
                if not state.foreign:
                    self._zero(i, end)
            elif letter in "Nn":
                if letter == "N" and not changed and not state.foreign:
                    self._figure(last, i, end)
                elif any(t.letter == "x" for t in self.words[last:i]) and not state.listing:
                    state.about -= {"answers", "documents"}
                    if word.unit and not changed:
                        self._other(self.words[last:i])
                last = i + 1
            i += 1

    def _across_brackets(self, begin: int, end: int) -> None:
        """Unknown words before a bracket go on behind it: 乡镇(街道)收到."""
        words = self.words
        if begin > 0 and words[begin - 1].letter == ")":
            self.state.unknown += self.before_bracket
            self.before_bracket = []
        if end < len(words) and words[end].letter == "(":
            inside = words[begin:end]
            figures = any(t.letter in "Nn" for t in inside)
            self.before_bracket = [] if figures else [t.text for t in inside if t.letter == "x"]

    def _body(self, word: Token) -> None:
        """The agency itself is named: other bodies named before count no more."""
        state = self.state
        state.body = self.topic = ""
        around = [w for w in state.scope if w[0] in _ORGANS]
        state.scope = [w for w in state.scope if w[0] not in _ORGANS]
        if not is_the_agency(word.text, self.own):
            state.scope.append(word.text)
        elif state.listing and is_one_of((*around, *state.unknown), word.text):
            self._ours()

    def _parts_begin(self, letter: str) -> None:
        self.state.listing = True
        self.state.doubtful = letter == "Q" and self.state.sure is False
        if letter == "Q" and self.made and self.made[-1][1].subject in _APPLICANTS:
            self.state.whole = "applicant"

    def _mention(self, at: int, begin: int) -> None:
        """Requests are spoken of; the bare 申请 of unknown words is a request for something else."""
        about = self.state.about
        if self.attributes and not any(t.letter in "RH" for t in self.words[begin:at]):
            return
        if self.words[at].letter == "A":
            about |= {"requests", "answers"}
            self.state.other = []
        elif "disclosure" in about and (at == begin or self.words[at - 1].letter != "x"):
            about.add("answers")

    def _opens_parts(self, i: int) -> bool:
        """Whether 分别 opens a list of parts rather than one figure for each noun before it."""
        if not self.words[i].text.startswith(("分别", "依次")):
            return True
        after = self.words[i + 1 : i + 2]
        return bool(after) and after[0].letter not in "Nn"

    def _year(self, word: Token) -> None:
        years = [int(y) for y in re.findall("[0-9]{4}", word.text)]
        if not years:
            digits = word.text[:4].translate(_HAN_YEAR)
            years = [int(digits)] if digits.isdigit() else []
        if self.state.year is None:
            if word.text not in self.state.scope:
                self.state.scope.append(word.text)
            return
        self.state.foreign = "学" in word.text or any(year != self.state.year for year in years)
        if self.state.listing and years == [self.state.year]:
            self.state.scope = [w for w in self.state.scope if w[0] in _ORGANS]
            self._ours()

    def _ours(self) -> None:
        """Of a whole of another scope, what follows is the part that the tables count."""
        self.state.ours = True
        self.state.unknown = []

    def _figure(self, begin: int, at: int, end: int) -> None:
        words, state = self.words, self.state
        number = words[at]
        left = words[begin:at]
        stop = next((j for j in range(at + 1, end) if words[j].letter in "NnXQBS&Z"), end)
        right = words[at + 1 : stop]
        if left and left[-1].text.startswith(("分别", "依次")):
            self._each(left[:-1], at, end)
            return
        if any(t.letter in "ZcTn" for t in left) or self._goes_on_to_change(at):
            state.sure = False if any(t.letter == "c" for t in left) else state.sure
            return
        found = subject_of(left, right, number, frozenset(state.about))
        if found and self._of_another_whole(found[0][0], left):
            return
        if not found:
            state.governed = [t.text for t in left if t.letter in "xVU"] or state.governed
            self._other([*left, *right])
            state.about -= _ACTS
            goes_on = begin < at and words[begin].letter == "&" and len(words[begin + 1].text) == 2
            if any(t.letter == "x" for t in (*left, *right)) and not (state.listing or goes_on):
                state.about -= {"answers", "documents"}
            return
        if found[0][0].startswith("requests.") and any(t.letter in "RAa" for t in left):
            state.other = []
        unknown = [t.text for t in left if t.letter == "x"]
        if not any(t.letter in "Hw" for t in right):  # 收到1件涉及第三方的: one of several
            unknown += [t.text for t in right if t.letter in "xc"]
        if unknown and found[0][0].startswith("requests."):
            state.unknown += [u for u in unknown if u not in state.unknown]
            state.about.add("requests")
        if unknown and found[0][0].startswith(_GOVERNED):
            state.governed = unknown
        for subject, word in found:
            start = min(word.start, *(t.start for t in left if t.letter in "RHVhAa"), number.start)
            stop_at = max(word.end, number.end)
            self._make(subject, number, unknown, (start, stop_at), at, left)
        if found[0][0].startswith("requests."):
            state.about |= {"requests", "answers"}
        row, _, act = found[0][0].partition(".")
        if row in ("normative_documents", "regulations"):
            state.about -= _ACTS
            state.about.add(f"act:{act}")
        if row == "normative_documents":
            state.about.add("documents")

    def _other(self, words: Sequence[Token]) -> None:
        """Something else was counted: what follows without a noun may be of it."""
        state = self.state
        if not state.listing:
            state.other = [t.text for t in words if t.letter in "xRH"] or state.other
        state.sure = False
        self.counted_other = True

    def _of_another_whole(self, subject: str, left: Sequence[Token]) -> bool:
        """Whether a figure of requests is a part of what the tables do not divide in this way.

        自然人 after 办结 or 予以公开 are not those of 本年新收; 予以公开 after 自然人 are not all; and
        主动公开, 依申请公开 and 不予公开 side by side are attributes of documents.
        """
        state = self.state
        if any(t.letter in "RHhVZ" for t in left):
            state.governed = []
        if subject == "proceedings":
            state.whole = "proceedings"
        if not subject.startswith("requests."):
            return False
        if self.attributes and not any(t.letter in "RH" for t in left):
            return True
        if subject in _APPLICANTS:
            if not state.whole:
                state.whole = "applicant"
            return state.whole == "done"
        if subject in _NEW:
            state.whole = "new"
        elif state.whole == "applicant":
            return not any(t.letter in "RH" for t in left)
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
        if len(nouns) < 2 or "x" in letters(left):
            return
        words = self.words
        figures = [words[at]]
        for word in words[at + 1 : end]:
            if word.letter == "N":
                figures.append(word)
            elif word.letter != "&":
                return
        if len(figures) != len(nouns):
            return
        for noun, figure in zip(nouns, figures, strict=True):
            for subject, word in subject_of([noun], [], figure, frozenset(self.state.about)):
                if not self._of_another_whole(subject, left):
                    self._make(subject, figure, [], (word.start, figure.end), at)

    def _zero(self, at: int, end: int) -> None:
        words, state = self.words, self.state
        stop = next((j for j in range(at + 1, end) if words[j].letter in "NnZXQBT"), end)
        if stop < end:
            return
        after = words[at + 1 : end]
        if "disclosure" not in state.about and any(t.letter == "a" for t in after):
            return
        if any(t.letter in "Aa" for t in after):
            state.other = []
        before = [t.text for t in words[at + 1 : end] if t.letter == "S"]
        for text in before:
            if text not in state.scope:
                state.scope.append(text)
        for subject, word, unknown in denied(after):
            zero = replace(words[at], value=0, unit="")
            span = (words[at].start, word.end)
            self._make(subject, zero, [t.text for t in unknown], span, at)
            if subject.startswith("requests."):
                state.about |= {"requests", "answers"}

    def _make(
        self, subject: str, number: Token, unknown: list[str], folded: Span, at: int,
        before: Sequence[Token] = (),
    ) -> None:  # fmt: skip
        state = self.state
        scope = list(state.scope)
        inside = subject.startswith("requests.")
        if inside and number.unit == "条":
            scope.append(number.text)  # what was given out, more often than requests
        scope += [w for w in (*(state.unknown if inside else ()), *unknown) if w not in scope]
        if subject.startswith(_GOVERNED):
            scope += state.governed
        if subject in _OWN_DECISION:
            if number.unit == "条":
                scope.append(number.text)  # what was published
            if number.unit in ("项", "个"):
                subject += ".items"
            scope += [t.text for t in before if t.letter == "R"]
        listed = any(t.letter in "Aa" for t in before)
        if subject.startswith(_OF_COURTS) and not listed:
            scope += [t.text for t in before if t.letter in "RH"]
        text = self.passage.text
        if subject.startswith(_OF_COURTS) and number.value and not of_disclosure(
            text, self.range, self.words, at, state.about
        ):  # fmt: skip
            scope.append(text[slice(*folded)])  # of any matter, it may be
        if inside and state.other and not listed and "申请" not in text[slice(*folded)]:
            scope += state.other
        if inside and "named" not in state.about:
            scope.append(text[slice(*folded)])  # 收到申请 and 公开, and nothing says of what
        beside = kind_beside(subject, text, self.range)
        scope += [w for w in (self.aside, state.body, beside, bracket_of(self.words, at)) if w]
        if self.heading and (inside or subject.startswith(_OF_COURTS)):
            scope.append(self.heading)
        if self.topic and self.counted_other and subject in _OWN_DECISION:
            scope.append(self.topic)  # who did all this is not known
        if state.listing:
            if state.doubtful and not state.ours:
                scope.append("其中")
            if subject == "proactive.disclosed":
                return  # a part of what was disclosed is named under its whole
            if subject in _WHOLES and not state.ours and state.whole != "proceedings":
                scope.append("其中")
        assert number.value is not None
        value: Number = number.value
        state.sure = not scope
        if SUBJECTS[subject].money != (number.unit.endswith("元")) and value != 0:
            return
        self.made.append((at, self._claim(subject, value, folded, tuple(dict.fromkeys(scope)))))

    def _claim(self, subject: str, value: Number, range_: Span, scope: tuple[str, ...]) -> Claim:
        span = self._span(*range_)
        return Claim(subject, value, self.layout.source[slice(*span)], span,
                     self._span(*self.range), scope)  # fmt: skip

    def _part(self, number: Token) -> Claim:
        assert number.value is not None
        return self._claim("part", number.value, (number.start, number.end), ("其中",))

    def _span(self, start: int, end: int) -> Span:
        offsets = self.passage.offsets
        return self.layout.stream.span(offsets[start], offsets[end - 1] + 1)
