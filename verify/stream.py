"""The source as a stream of segments: a stretch of text, then the run of cells that follows it.

This is the one place where the source is cut into words and where it is decided what could be a
cell: a figure, a mark for an empty cell, or something in a cell's place that is neither. Digits of
sentences, dates, ordinals, page numbers, remarks in brackets and units never become cells; they are
*explained*. The builtin reader aligns this stream to the form, and the verifier checks any reading
against it, so no reader can overlook a figure that code can see.

Time is linear in the length of the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from verify.figures import COUNT_UNITS, DIGITS
from verify.fold import ORDINAL, ZERO, Folded, fold
from verify.labels import Mark, Parsed, parse, spelled, squeeze, squeeze_word


class Kind(IntEnum):
    """What stands in a cell's place."""

    FIGURE = 0
    BLANK = 1
    OTHER = 2


@dataclass(slots=True)
class Entry:
    """Something that stands where a cell could.

    Attributes:
        kind: Figure, mark for an empty cell, or neither.
        start: Offset in the folded text.
        end: One past the last character, unit included.
        line: Number of the line, from 0.
        field: Number of tabs and pipes before it on its line.
        fielded: Whether its line has tabs or pipes.
        text: Folded text.
        glued: It touches the label before it.
        ordinal: It may be the ordinal of the label that follows on the same line.
    """

    kind: Kind
    start: int
    end: int
    line: int
    field: int
    fielded: bool
    text: str
    glued: bool = False
    ordinal: bool = False


@dataclass
class Segment:
    """A stretch of text and the run of entries after it.

    Attributes:
        index: Position in the stream.
        words: Squeezed words of the text, in order.
        entries: The run, possibly empty for the last segment.
        start: Folded offset where the text begins.
        lines: Fields of each line of the run that has tabs or pipes.
        text_line: Line on which the text ends.
        before_line: Line on which the run before ends.
    """

    index: int
    start: int
    words: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)
    text_line: int = -1
    before_line: int = -1

    @property
    def label_on_line(self) -> bool:
        """Whether text and run share a line that is this row's alone."""
        if not self.entries:
            return False
        return self.before_line != self.text_line == self.entries[0].line

    @cached_property
    def tail(self) -> str:
        """The last part of the text, squeezed; all that labels of this run can need."""
        return _tail(self.words)

    @cached_property
    def parsed(self) -> Parsed:
        """The marks in `tail`."""
        return parse(self.tail)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in `tail`."""
        return self.parsed.marks


@dataclass(frozen=True, slots=True)
class Stream:
    """A whole source.

    Attributes:
        folded: The text that entries point into.
        segments: In order of the source.
    """

    folded: Folded
    segments: list[Segment]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source range of a folded range."""
        return self.folded.span(start, end)


_TAIL = 900
_LONGEST_FIGURE = 30
_LONGEST_OTHER = 8
_DATE = re.compile(r"[0-9]{4}[-/.][0-9]|[0-9]{1,2}:[0-9]")
_ZEROS_AT_END = re.compile(rf"[0Oo{ZERO}]*[Oo{ZERO}][0Oo{ZERO}]*$")
_NOTE_SIGNS = "*※†‡" + ORDINAL  # after a figure they point to a note


def _tail(words: list[str]) -> str:
    length = 0
    taken: list[str] = []
    for word in reversed(words):
        taken.append(word)
        length += len(word)
        if length >= _TAIL:
            break
    return "".join(reversed(taken))[-_TAIL:]


_UNITS = rf"(?:人次|万元|元|[{COUNT_UNITS}])"
_WORD = re.compile(r"[^ \t|]+")
_PLAIN = re.compile(
    rf"[+\-—]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|{DIGITS}[0-9Oo{ZERO}]*)(?:\.[0-9]+)?{_UNITS}?"
)
_BLANK = re.compile(r"[/\\]{1,2}|-{1,2}|—{1,2}|无|空")
_OTHER = re.compile(r"[?？*#×√✓✔~…xX]{1,4}|[NnIl]/?[Aa]?|(?:[0-9]{1,9}[?#]+)")
_RULE = re.compile(r"[-—=_+:.]{3,}|[。，、；：,;:.．·•!！“”\"'()<>《》]+")
_ORDINAL = re.compile(r"\(?[0-9]{1,2}(?:[.、)]|,(?![0-9]))|\([0-9一二三四五六七八九十]{1,3}\)|•+")
_LISTED = re.compile(r"[0-9]+(?:,[0-9]+)+")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_INTERESTING = re.compile(r"[^\s\u4e00-\u9fff，。、；：（）“”《》(),.;:|]|[零无空]")
_BORDER = re.compile(r"(?=.*(?:[-—=_+:]{3}|\|\s*:?--|[+][-—=]))[-—=_+:.| \t]*")
_PAGE = re.compile(
    r"\s*(?:[-—~·]+\s*[0-9]{1,4}\s*[-—~·]+|第\s*[0-9]{1,4}\s*页.{0,12}|[0-9]{1,3}\s*/\s*[0-9]{1,3}"
    r"|共\s*[0-9]{1,4}\s*页|[Pp]age\s*[0-9]+.{0,12})\s*"
)
_BRACKETED = re.compile(r"\((?=[^()\n\t|]*[0-9])[^()\n\t|]{0,80}[^()\n\t|]*\)")
_ONLY_ORDINAL = re.compile(r"\(\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*\)")
_SENTENCE = re.compile(r"[，。；;]|,(?![0-9])")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")
_LATIN_SENTENCE = 3
_AFTER_NUMBER = re.compile(r"(?:[年月日页%号岁时分秒]|[0-9]|" + _UNITS + r"(?![\s|]|$))")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DELIMITER = re.compile(r"[.、)]|,(?![0-9])")


def read_stream(source: str) -> Stream:
    """Cut a decoded source into segments."""
    folded = fold(source)
    return Stream(folded, _Lexer(folded.text).run())


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.segments: list[Segment] = []
        self.current = Segment(0, 0)
        self.number = 0
        self.known: dict[str, tuple[str, object]] = {}

    def run(self) -> list[Segment]:
        place = 0
        for number, line in enumerate(self.text.split("\n")):
            self.number = number
            if line and not line.isspace():
                self._line(line, place, number)
            place += len(line) + 1
        self.segments.append(self.current)
        return self.segments

    def _line(self, line: str, place: int, number: int) -> None:
        if _INTERESTING.search(line) is None:
            self._text("".join(map(squeeze_word, _WORD.findall(line))), place)
            return
        if _PAGE.fullmatch(line):
            return
        if "(" in line:
            line = _BRACKETED.sub(_without_remark, line)
        fielded = "\t" in line or "|" in line
        sentence = self._is_sentence(line)
        fields = counted = 0
        matches = list(_WORD.finditer(line))
        if _BORDER.fullmatch(line):
            return
        for i, match in enumerate(matches):
            word = match.group()
            begin = match.start()
            if fielded:
                fields += line.count("\t", counted, begin) + line.count("|", counted, begin)
                counted = begin
            kind, pieces = self._classify(word)
            start = place + begin
            if kind == "noted":
                kind, word = "figure", word.rstrip(_NOTE_SIGNS)
            elif kind == "figure" and i and matches[i - 1].group() == "+":
                if begin - matches[i - 1].end() == 1 and word[0].isdigit():
                    start, word = start - 2, "+ " + word
            if kind == "figure":
                if sentence or self._belongs_to_text(line, match, matches, i):
                    continue
                self._entry(Kind.FIGURE, start, word, number, fields, fielded)
            elif kind == "text":
                assert isinstance(pieces, str)
                if pieces and not self._is_unit(word, start):
                    self._text(pieces, start)
            elif kind in {"blank", "other"}:
                bullet = i == 0 and not fielded and i + 1 < len(matches)
                if sentence or (bullet and self._classify(matches[1].group())[0] == "text"):
                    continue
                self._entry(
                    Kind.BLANK if kind == "blank" else Kind.OTHER,
                    start, word, number, fields, fielded,
                )  # fmt: skip
            elif kind == "mixed" and not sentence:
                assert isinstance(pieces, list)
                pieces = self._with_words_before(word, pieces)
                self._mixed(word, pieces, start, number, fields, fielded)
            elif kind == "mixed":
                self._text(squeeze(word), start)
        entries = self.current.entries
        if fielded and entries and entries[-1].line == number:
            fields += line.count("\t", counted) + line.count("|", counted)
            self.current.lines[number] = fields + 1

    def _classify(self, word: str) -> tuple[str, object]:
        known = self.known.get(word)
        if known is None:
            known = self._decide(word)
            if len(word) <= _LONGEST_FIGURE:
                self.known[word] = known
        return known

    @staticmethod
    def _decide(word: str) -> tuple[str, object]:
        short = len(word) <= _LONGEST_FIGURE
        if short:
            if _PLAIN.fullmatch(word):
                return "figure", None
            if _BLANK.fullmatch(word):
                return "blank", None
            if word[-1] in _NOTE_SIGNS and _PLAIN.fullmatch(word.rstrip(_NOTE_SIGNS)):
                return "noted", None
            if _RULE.fullmatch(word) or _ORDINAL.fullmatch(word):
                return "text", squeeze(word)
            if _OTHER.fullmatch(word):
                return "other", None
            if _LISTED.fullmatch(word):
                return "mixed", [("figure", m.start(), m.end())
                                 for m in re.finditer("[0-9]+", word)]  # fmt: skip
        zeros = _ZEROS_AT_END.search(word) if short else None
        if zeros and zeros.start() and _label_ends(word[: zeros.start()]):
            return "mixed", [("text", 0, zeros.start()), ("figure", zeros.start(), len(word))]
        if _NUMBER.search(word) is None:
            if short and len(word) <= _LONGEST_OTHER and not _HAN.search(word):
                return "other", None
            return "text", squeeze_word(word)
        if _HAN.search(word) is None:
            if short and len(word) <= _LONGEST_OTHER and _DATE.match(word) is None:
                return "other", None
            return "text", ""  # dates, times, addresses, telephone numbers
        return "mixed", split_mixed(word)

    def _text(self, squeezed: str, start: int) -> None:
        if not squeezed:
            return
        if self.current.entries:
            self.segments.append(self.current)
            before = self.current.entries[-1].line
            self.current = Segment(len(self.segments), start, before_line=before)
        self.current.words.append(squeezed)
        self.current.text_line = self.number

    def _entry(
        self, kind: Kind, start: int, word: str, line: int, fields: int, fielded: bool,
        glued: bool = False,
    ) -> None:  # fmt: skip
        self.current.entries.append(
            Entry(kind, start, start + len(word), line, fields, fielded, word, glued)
        )

    def _mixed(
        self, word: str, pieces: list[tuple[str, int, int]], start: int, line: int, fields: int,
        fielded: bool,
    ) -> None:  # fmt: skip
        for i, (kind, begin, end) in enumerate(pieces):
            if kind == "text":
                self._text(squeeze_word(word[begin:end]), start + begin)
            else:
                glued = i > 0 and pieces[i - 1][0] == "text"
                self._entry(
                    Kind.FIGURE, start + begin, word[begin:end], line, fields, fielded, glued
                )

    def _with_words_before(
        self, word: str, pieces: list[tuple[str, int, int]]
    ) -> list[tuple[str, int, int]]:
        """Cut again with the words before, when a figure may touch the end of a broken label."""
        touching = word[-1].isdigit() or word[-1] in COUNT_UNITS
        if not touching or pieces[-1][0] == "figure" or len(word) > _LONGEST_FIGURE:
            return pieces
        if self.current.entries or not self.current.words:
            return pieces
        before = spelled("".join(self.current.words[-3:]))[-_BROKEN:]
        found = [
            (kind, max(0, start - len(before)), end - len(before))
            for kind, start, end in split_mixed(before + word)
            if end > len(before)
        ]
        return found if any(kind == "figure" for kind, _, _ in found) else pieces

    def _is_unit(self, word: str, start: int) -> bool:
        """Whether a word is nothing but the unit of the figure right before it."""
        entries = self.current.entries
        if not entries or entries[-1].kind is not Kind.FIGURE:
            return False
        if re.fullmatch(_UNITS, word) is None or start - entries[-1].end > 1:
            return False
        last = entries[-1]
        last.text += self.text[last.end : start] + word
        last.end = start + len(word)
        return True

    def _belongs_to_text(
        self, line: str, match: re.Match[str], matches: list[re.Match[str]], i: int
    ) -> bool:
        """Whether a bare number is part of a sentence, a date or an ordinal, by its neighbours."""
        if i + 1 >= len(matches):
            return False
        following = matches[i + 1]
        gap = line[match.end() : following.start()]
        if gap != " " and not (gap.isspace() and "\t" not in gap):
            return self._is_ordinal(match, following) if i == 0 else False
        text = following.group()
        if _AFTER_NUMBER.match(text) and not text[0].isdigit():
            return True
        return i == 0 and self._is_ordinal(match, following)

    @staticmethod
    def _is_ordinal(match: re.Match[str], following: re.Match[str]) -> bool:
        """A number that opens a line and is the ordinal of the label after it."""
        marks = parse(squeeze(following.group())).marks
        return bool(marks) and match.group() in ordinals_of(marks[0])

    @staticmethod
    def _is_sentence(line: str) -> bool:
        """Whether a line is prose, so that bare numbers on it are no cells."""
        if len(_LATIN_WORD.findall(line, 0, _CLIP)) >= _LATIN_SENTENCE:
            return True
        if _SENTENCE.search(line) is None:
            return False
        squeezed = squeeze(line)
        if len(squeezed) < 6:
            return False
        parsed = parse(squeezed[:400])
        return parsed.unknown_length * 2 > min(len(squeezed), 400)


def _without_remark(match: re.Match[str]) -> str:
    """Blank out a bracketed remark that holds digits; an ordinal in brackets stays."""
    text = match.group()
    if _ONLY_ORDINAL.fullmatch(text):
        return text
    return " " * len(text)


def ordinals_of(mark: Mark) -> frozenset[str]:
    """The bare digits that the form prints before the label of a row."""
    return frozenset(
        digit
        for table in mark.tables
        for id in mark.ids
        for digit in _ORDINALS.get((table, id), ())
    )


def _ordinal_table() -> dict[tuple[str, str], tuple[str, ...]]:
    from verify.forms import every_form

    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for form in every_form():
        for table in form.tables:
            for row in table.rows:
                digits = re.findall(r"\d", row.ordinal)
                if digits:
                    found[table.id, row.id] = tuple(digits)
    return found


_ORDINALS = _ordinal_table()
_CLIP = 400
_BROKEN = 40


def split_mixed(word: str) -> list[tuple[str, int, int]]:
    """Cut a word that mixes Chinese and digits into text and figures.

    A number is a figure only where a label ends right before it and a label, a unit or nothing
    comes right after; every other number is part of the text.

    Returns:
        ("text" or "figure", start, end) pieces in order; text includes ordinals and other digits.
    """
    numbers = list(_NUMBER.finditer(word))
    pieces: list[tuple[str, int, int]] = []
    place = 0
    for i, match in enumerate(numbers):
        left = word[numbers[i - 1].end() if i else 0 : match.start()]
        right = word[match.end() : numbers[i + 1].start() if i + 1 < len(numbers) else len(word)]
        cut = _figure_in(match, left[-_CLIP:], right[:_CLIP], pieces, place)
        if cut is None:
            continue
        begin, end = cut
        if begin > place:
            pieces.append(("text", place, begin))
        pieces.append(("figure", begin, end))
        place = end
    if place < len(word):
        pieces.append(("text", place, len(word)))
    return pieces


def _figure_in(
    match: re.Match[str], left: str, right: str, pieces: list[tuple[str, int, int]], place: int
) -> tuple[int, int] | None:
    digits = match.group()
    start, end = match.span()
    sign = 0
    if left and left[-1] in "-+" and _HAN.search(left) is not None:
        sign, left = 1, left[:-1]
    follows_unit = bool(pieces) and pieces[-1][0] == "figure" and place == start
    if left and not follows_unit and not _label_ends(left):
        return None
    if not left and start > 0 and not (pieces and place == start):
        return None  # glued to a number that was no figure
    if not right:
        return start - sign, end
    if right[0] in "年月日页%号":
        return None
    unit = re.match(_UNITS, right)
    if unit and unit.end() == len(right):
        return start - sign, end + unit.end()
    marks = parse(squeeze(right[:80])).marks
    opening = marks[0] if marks and marks[0].start <= 2 and marks[0].kind != "title" else None
    delimiter = _DELIMITER.match(right)
    if delimiter or (opening and digits[-1:] in ordinals_of(opening)):
        if "." in digits or "," in digits:
            return None
        rest = digits[:-1]
        if rest and opening and digits[-1] in ordinals_of(opening):
            return start - sign, start + len(rest)
        return None
    if opening is not None:
        return start - sign, end
    return None


def _label_ends(left: str) -> bool:
    """Whether a label of a row ends where ``left`` ends and little else stands before it."""
    squeezed = squeeze(left)
    if not squeezed or (_HAN.match(left[-1]) is None and left[-1] not in ')”"’'):
        return False
    parsed = parse(squeezed[-120:])
    if not parsed.marks or parsed.marks[-1].kind not in ("row", "column"):
        return False
    last = parsed.marks[-1]
    after = sum(len(text) for start, text in parsed.unknown if start >= last.end)
    if after > 12 or (after and last.likeness < 1):
        return False
    return parsed.unknown_length <= 0.5 * min(len(squeezed), 120)
