"""Find what the prose claims: every figure, and every 未 and 无, whose subject the tables count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from verify.figures import Number
from verify.fold import fold_text
from verify.layout import Layout
from verify.prose._types import Claim
from verify.prose.grammar import denied, letters, subject_of
from verify.prose.parts import add_parts
from verify.prose.passages import BREAK, Passage, passages
from verify.prose.subjects import SUBJECTS
from verify.prose.tokens import Token, tokens
from verify.reading import Span

_SENTENCE = re.compile(r"[^。;!?]+")
_LONGEST = 600  # characters of a sentence
_SUBJECT = re.compile(
    "申请|复议|诉讼|结转|规范性文件|规章|行政(?:许可|处罚|强制|事业)|集中采购|采购总?金额|信息[^,0-9]{0,6}[0-9]"
    "|依申请|办结|答复|[予分]公开|自然人|法人|企业"
)
_FIGURE = re.compile(
    "[0-9][件条份宗项起例部个次万元]|[零〇]|没有|[未无](?![来法关误偿线故需论])|[为均各共数量][0-9]"
    "|[一二两三四五六七八九十百][件条份宗项起例部个次]|[0-9](?:$|[,、])"
)
_HAN_YEAR = str.maketrans("〇零一二三四五六七八九", "00123456789")
_OWN_DECISION = frozenset({"licensing", "penalties", "coercion"})
_ORGANS = frozenset("全各我本局所下直区县市省镇乡")  # first characters of words for other bodies
_GOVERNMENT = ("政府",)
_KINDS_OF_AGENCY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("省市县区州镇乡", _GOVERNMENT),
    "街道": ("街道办事处", "街道"), "局": ("局",), "委": ("委", "委员会"),
    "办": ("办", "办公室", "办事处"), "厅": ("厅", "办公厅"), "院": ("院",), "中心": ("中心",),
}  # fmt: skip


@dataclass(slots=True)
class State:
    """What earlier words say about those to come.

    Attributes:
        year: Of the report, or None.
        foreign: The words speak of another year.
        scope: Words of scope that stand before, of this sentence or paragraph.
        about: See `verify.prose.grammar.subject_of`.
        listing: The words stand in a list of parts.
        unknown: Unknown words that restrict what the sentence counts.
    """

    year: int | None
    foreign: bool = False
    scope: list[str] = field(default_factory=list)
    about: set[str] = field(default_factory=set)
    listing: bool = False
    unknown: list[str] = field(default_factory=list)


def find_claims(layout: Layout) -> tuple[Claim, ...]:
    """Every claim of the prose, in order of the source.

    Args:
        layout: The report.

    Returns:
        Claims about what the tables count, and about information disclosed. Parts of a sum that
        are no claims of their own are only in ``parts``.
    """
    own = _own_names(layout)
    year = layout.titles[0].year if layout.titles else None
    found: list[Claim] = []
    for passage in passages(layout):
        state = State(year)
        if "公开" in passage.text:
            state.about.add("disclosure")
        for match in _SENTENCE.finditer(passage.text):
            if match.end() - match.start() > _LONGEST or BREAK in match[0]:
                continue  # digits that a line end parts may be a year or a figure
            if _FIGURE.search(match[0]) is None or _SUBJECT.search(match[0]) is None:
                continue
            words = tokens(passage.text, match.start(), match.end(), own)
            found += _Sentence(layout, passage, match.span(), state, words, own).claims()
    return tuple(found)


def _own_names(layout: Layout) -> frozenset[str]:
    """The agency's name as its title prints it, and that name without the place before it."""
    for title in layout.titles:
        if title.agency is not None:
            name = layout.stream.folded.text[slice(*title.agency)].replace(" ", "")
            name = fold_text(name)
            ends = {name[i:] for i in range(len(name) - 2)}
            return frozenset(n for n in ends if n == name or n[0] in "省市县区州旗镇乡")
    return frozenset()


class _Sentence:
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

    def claims(self) -> list[Claim]:
        state = self.state
        state.listing = False
        state.unknown = []
        state.about -= {"answers", "documents"}
        state.scope = [w for w in state.scope if w[0] in _ORGANS]
        state.foreign = False
        for begin, end in self._clauses():
            self._clause(begin, end)
        return add_parts(self.passage.text, self.words, self.made, self._part)

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
                state.scope = [w for w in state.scope if w[0] not in _ORGANS]
                if not self._is_the_agency(word.text):
                    state.scope.append(word.text)
            elif letter == "K" and self.words[i + 1 : i + 2] and self.words[i + 1].letter == ",":
                if word.id == "normative_documents":
                    state.about.add("documents")
            elif letter == "T" or (letter in "QB" and self._opens_parts(i)):
                state.listing = True
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
                last = i + 1
            i += 1

    def _mention(self, at: int, begin: int) -> None:
        """Requests are spoken of; the bare 申请 of unknown words is a request for something else."""
        about = self.state.about
        if self.words[at].letter == "A":
            about |= {"requests", "answers"}
        elif "disclosure" in about and (at == begin or self.words[at - 1].letter != "x"):
            about.add("answers")

    def _is_the_agency(self, text: str) -> bool:
        """Whether 我局, 我市 is whom the title names, and not the district around an office."""
        whole = max(self.own, key=len, default="")
        kinds = _KINDS_OF_AGENCY.get(text[1:])
        if text in self.own or kinds is None:
            return True
        return whole.endswith(kinds) if whole else kinds != _GOVERNMENT

    def _opens_parts(self, i: int) -> bool:
        """Whether 分别 opens a list of parts rather than one figure for each noun before it."""
        if not self.words[i].text.startswith("分别"):
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
        self.state.foreign = any(year != self.state.year for year in years)

    def _figure(self, begin: int, at: int, end: int) -> None:
        words, state = self.words, self.state
        number = words[at]
        left = words[begin:at]
        stop = next((j for j in range(at + 1, end) if words[j].letter in "NnXQBS&Z"), end)
        right = words[at + 1 : stop]
        if left and left[-1].text.startswith("分别"):
            self._each(left[:-1], at, end)
            return
        if any(t.letter in "ZcTn" for t in left) or self._goes_on_to_change(at):
            return
        found = subject_of(left, right, number, frozenset(state.about))
        if not found:
            if any(t.letter == "x" for t in (*left, *right)) and not state.listing:
                state.about -= {"answers", "documents"}
            return
        unknown = [t.text for t in left if t.letter == "x"]
        if not any(t.letter in "Hw" for t in right):  # 收到1件涉及第三方的: one of several
            unknown += [t.text for t in right if t.letter in "xc"]
        if unknown and found[0][0].startswith("requests."):
            state.unknown += [u for u in unknown if u not in state.unknown]
            state.about.add("requests")
        for subject, word in found:
            start = min(word.start, *(t.start for t in left if t.letter in "RHVhAa"), number.start)
            stop_at = max(word.end, number.end)
            self._make(subject, number, unknown, (start, stop_at), at, left)
        if found[0][0].startswith("requests."):
            state.about |= {"requests", "answers"}
        elif found[0][0].startswith("normative_documents."):
            state.about.add("documents")

    def _goes_on_to_change(self, at: int) -> bool:
        """Whether a figure is where a change starts from: 由4件增至5件."""
        after = self.words[at + 1 : at + 2]
        return bool(after) and after[0].letter == "X" and after[0].text[0] in "增减上下降"

    def _each(self, left: Sequence[Token], at: int, end: int) -> None:
        """Nouns 分别 figures: one for each, when they are as many."""
        nouns = [t for t in left if t.letter in "CD"]
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
                self._make(subject, figure, [], (word.start, figure.end), at)

    def _zero(self, at: int, end: int) -> None:
        words, state = self.words, self.state
        stop = next((j for j in range(at + 1, end) if words[j].letter in "NnZXQBT"), end)
        if stop < end:
            return
        after = words[at + 1 : end]
        if "disclosure" not in state.about and any(t.letter == "a" for t in after):
            return
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
        if subject in _OWN_DECISION:
            if number.unit in ("项", "个"):
                subject += ".items"
            scope += [t.text for t in before if t.letter == "R"]
        listed = any(t.letter in "Aa" for t in before)
        if subject.startswith(("reconsideration", "litigation")) and not listed:
            scope += [t.text for t in before if t.letter in "RH"]
        if state.listing:
            if subject == "proactive.disclosed":
                return  # a part of what was disclosed is named under its whole
            if subject in _WHOLES:
                scope.append("其中")
        assert number.value is not None
        value: Number = number.value
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


_WHOLES = frozenset(
    subject for subject in SUBJECTS
    if not subject.startswith("requests.") or subject in (
        "requests.received", "requests.accepted", "requests.answered", "requests.handled"
    )
)  # fmt: skip
