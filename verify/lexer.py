"""The lexer of a source: lines into words, words into text and entries.

Here it is decided what could be a cell: a figure, a mark for an empty cell, or something in a cell's place that is
neither. Digits of sentences, dates, ordinals, page numbers, remarks in brackets and units never become cells.
Time is linear in the length of the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.document.folded import fold
from verify.figures import COUNT_UNITS
from verify.labels import spelled, squeeze, squeeze_word
from verify.lexicon import Entry as Named
from verify.lexicon import name_by
from verify.numeral_cells import is_numeral_cell, is_numeral_line, numbers_columns
from verify.odd_fields import between_figures, field_around, fills_field, holds_odd_figure, is_page
from verify.sentences import is_ordinal, is_sentence, others_hold_figures, without_remark
from verify.stream import Entry, Kind, Segment, Stream
from verify.words import (
    FIGURES,
    LONGEST_FIGURE,
    NOTE_SIGNS,
    PRICE_SIGNS,
    UNITS,
    classify,
    split_mixed,
)

_WORD = re.compile(r"[^ \t|]+")
_INTERESTING = re.compile(r"[^\s\u4e00-\u9fff，。、；：（）“”《》(),.;:|]|[零无空]")
_BORDER = re.compile(r"[-—=_+:.| \t]*")
_RULED = re.compile(r"[-—=_+:]{3}|\|\s*:?--|[+][-—=]")
_PAGE_MARK = re.compile(r"(?<=[0-9])[-—~] ?[0-9]{1,4} ?[-—~](?=[ \t|]|$)")
_BRACKETED = re.compile(
    r"\((?=[^()\n\t|]*[0-9])[^()\n\t|]{0,80}[^()\n\t|]*\)|(?<=[0-9])\([^()\n\t|]{1,80}\)"
)
_SIGNS = ("+", "-")  # that a blank may part from their digits
_PARTING = tuple("/;,+~&、")
_HAN = re.compile("[\u4e00-\u9fff]")
_NEIGHBOUR = 40  # characters
_COUNTED = re.compile("[0-9]+[\u4e00-\u9fff]{1,2}")
_STROKE = re.compile("/[0-9]+|[0-9]*/")
_SIGNED = re.compile("[;,+~&、][0-9]*|[0-9]*[;,+~&、]")  # in a field of tabs or pipes
_NEAR = 2
_RUN = 3  # figures of a row before one that words follow, of whatever beginning (626 部事务信息)
_THREE = re.compile(r"[0-9]{3}(?![0-9])")
_WHOLE = re.compile(r"[0-9]+[.,]")
_MONEY = re.compile(r"\(?万?元\)?")
_SCALE = re.compile(
    rf"(?:[十百千亿余多来]|万(?!元)){{1,4}}(?:{UNITS}|元|余|多|$)"
)  # 3 万件, 400 余件
_AFTER_NUMBER = re.compile(r"(?:[年月日页%号岁时分秒]|[0-9]|" + UNITS + r"(?![\s|]|$))")
_BROKEN = 40


def read_stream(source: str, lexicon: Sequence[Named] = ()) -> Stream:
    """Cut a decoded source into segments, the words of a lexicon read as the labels that they stand for."""
    folded, named = name_by(fold(source), lexicon)
    return Stream(folded, _Lexer(folded.text).run(), named)


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.segments: list[Segment] = []
        self.current = Segment(0, 0)
        self.number = self.field = self.text_field = 0
        self.fielded = self.sentence = self._goes_on_below = False

    def run(self) -> list[Segment]:
        place = 0
        for number, line in enumerate(self.text.split("\n")):
            self.number = number
            if line and not line.isspace():
                self._line(line, place)
            place += len(line) + 1
        self.segments.append(self.current)
        return self.segments

    def _line(self, line: str, place: int) -> None:
        if line.isdigit() and line.isascii() and len(line) <= LONGEST_FIGURE:
            self.fielded = self.sentence = False  # a table with one cell a line
            self.field = 0
            cut = place > 1 and self.text[place - 2] in ".," and self._follows_whole(place)
            self._entry(Kind.OTHER if cut else Kind.FIGURE, place, line)
            return
        if _INTERESTING.search(line) is None and not is_numeral_line(line):
            word = line.strip(" \t|")
            if _MONEY.fullmatch(word) and self._is_unit(word, place + line.index(word)):
                return
            if word and _HAN.search(word) is None and self._is_cell(word, place, line):
                self._entry(Kind.OTHER, place + line.index(word), word)
                return
            self._text("".join(map(squeeze_word, _WORD.findall(line))), place)
            return
        ruled = _BORDER.fullmatch(line) and _RULED.search(line)
        if ruled or is_page(self.text, line, place) or numbers_columns(line):
            return
        if line[-1] in "-—" or "-" in line:
            line = _PAGE_MARK.sub(lambda mark: " " * len(mark[0]), line)
        if "(" in line:
            line = _BRACKETED.sub(without_remark, line)
        self.fielded = "\t" in line or "|" in line
        self.sentence = is_sentence(line)
        below = place + len(line) + 1
        self._goes_on_below = self.text[below : below + 1].isdigit()
        self.field = counted = 0
        matches = list(_WORD.finditer(line))
        for i, match in enumerate(matches):
            if self.fielded:
                begin = match.start()
                self.field += line.count("\t", counted, begin) + line.count("|", counted, begin)
                counted = begin
            self._word(line, matches, i, place)
        entries = self.current.entries
        if self.fielded and entries and entries[-1].line == self.number:
            self.field += line.count("\t", counted) + line.count("|", counted)
            self.current.lines[self.number] = self.field + 1

    def _word(self, line: str, matches: list[re.Match[str]], i: int, place: int) -> None:
        match = matches[i]
        word = match.group()
        start = place + match.start()
        if i == 0 and set(word) == {">"} and _HAN.search(line, match.end()):
            return  # a line of words that is quoted; before a figure it is no quotation's
        kind, pieces = classify(word)
        if self._is_stroke(line, match, start) or self._shares_field(line, match, kind):
            if not (kind == "other" and set(word) <= set(NOTE_SIGNS)):  # else a note's, in the gap
                self._join_stroke(start, word)
            return
        if kind in FIGURES:
            if self.sentence or self._belongs_to_text(line, match, matches, i):
                return
            if kind != "figure" or (i and matches[i - 1].group() in _SIGNS):
                start, word = self._figure(kind, word, start, matches, i)
            self._entry(Kind.FIGURE, start, word)
        elif kind == "text" and (
            self._is_cut(matches, i) or self._is_cell_alone(line, place, matches)
        ):
            self._entry(Kind.OTHER, start, word)
        elif kind == "text":
            assert isinstance(pieces, str)
            below = (
                self.text[(end := place + len(line)) : end + _NEIGHBOUR]
                if self.current.words
                else ""
            )
            numeral = is_numeral_cell(line, matches, i, behind=self._is_begun(), below=below)
            if numeral and not self.sentence:
                self._entry(Kind.FIGURE, start, word)
            elif self._holds_odd(line, match) or (
                not pieces
                and not self.sentence
                and (
                    (self.fielded and fills_field(line, match))
                    or self._is_within_run(word, matches, i)
                    or self._is_beside_figures(word, matches, i)
                )
            ):
                self._entry(Kind.OTHER, start, word)
            elif pieces and not self._is_unit(word, start):
                self._text(pieces, start)
        elif kind == "mixed":
            assert isinstance(pieces, list)
            if self.sentence:
                self._text(squeeze(word), start)
            elif (
                _COUNTED.fullmatch(word) and self._is_within_run(word, matches, i)
            ) or self._holds_odd(line, match):
                self._entry(Kind.OTHER, start, word)
            else:
                self._mixed(word, self._with_words_before(word, pieces), start)
        elif not (
            self.sentence
            or self._is_sign(matches, i)
            or self._is_bullet(matches, i)
            or (kind == "other" and self._is_of_label(line, match))
        ):
            self._entry(Kind.BLANK if kind == "blank" else Kind.OTHER, start, word)

    def _is_stroke(self, line: str, match: re.Match[str], start: int) -> bool:
        """A stroke with digits behind a figure of the same field: 2 /14 is one cell and no figure."""
        entries = self.current.entries
        if self.sentence or not self._is_begun():
            return False
        last, word = entries[-1], match.group()
        gap = self.text[last.end : start]
        near = len(gap) <= _NEAR and "\t" not in gap and "|" not in gap
        if gap and word[0] == "+" and not others_hold_figures(line, match.start()):
            return False  # the figures of a row in one field, one of them with its sign
        opened = last.kind is Kind.OTHER and last.text[-1:] in _PARTING and word.isdigit()
        joined = _STROKE.fullmatch(word) or (self.fielded and _SIGNED.fullmatch(word))
        return near and bool(opened or joined)

    def _shares_field(self, line: str, match: re.Match[str], kind: str) -> bool:
        """Whether a field holds a figure and a sign, and nothing else: 296 ≤, > 418."""
        last = self.current.entries[-1] if self._is_begun() else None
        if not self.fielded or self.sentence or last is None or last.field != self.field:
            return False
        signs = (last.kind is Kind.OTHER and kind in FIGURES) or (
            kind == "other" and last.kind is Kind.FIGURE
        )
        return signs and len(_WORD.findall(field_around(line, match.start()))) == 2

    def _join_stroke(self, start: int, word: str) -> None:
        """Make the figure before, the stroke and what follows one cell that is no figure."""
        last = self.current.entries[-1]
        last.kind, last.end = Kind.OTHER, start + len(word)
        last.text = self.text[last.start : last.end]

    def _is_begun(self) -> bool:
        """Whether something that may be a cell stands before on this line."""
        return any(entry.line == self.number for entry in self.current.entries[-1:])

    def _is_within_run(self, word: str, matches: list[re.Match[str]], i: int) -> bool:
        """Something with digits between two figures of a line: a cell that holds no figure."""
        return (
            self._is_begun()
            and i + 1 < len(matches)
            and any(c.isdigit() for c in word)
            and classify(matches[i - 1].group())[0] in FIGURES
            and classify(matches[i + 1].group())[0] in FIGURES
        )

    def _is_beside_figures(self, word: str, matches: list[re.Match[str]], i: int) -> bool:
        """Something without letters or digits between two figures of a line, apart from both: ( )."""
        if self.fielded or i + 1 >= len(matches) or not self._is_begun():
            return False
        beside = (matches[i - 1].group(), matches[i + 1].group())
        signs = not any(c.isalnum() for c in word)
        return signs and all(part.isascii() and part.isdigit() for part in beside)

    def _is_cell_alone(self, line: str, place: int, matches: list[re.Match[str]]) -> bool:
        """Whether the one word of a line, set in or not, is a cell."""
        set_in = len(matches) == 1 and "|" not in line
        return (set_in or not self.fielded) and self._is_cell(line.strip(), place, line)

    def _is_cell(self, word: str, place: int, line: str) -> bool:
        """Whether a line without Chinese words stands between lines of a figure each: =SUM(LEFT)."""
        entries = self.current.entries
        begun = bool(entries) and entries[-1].line < self.number
        return begun and between_figures(self.text, word, place, place + len(line))

    def _holds_odd(self, line: str, match: re.Match[str]) -> bool:
        in_cells = self.fielded and not self.sentence
        return in_cells and holds_odd_figure(line, match, self.current.words)

    def _is_of_label(self, line: str, match: re.Match[str]) -> bool:
        """Whether a sign stands behind a label in its field, and other fields hold the figures: 国家秘密 %."""
        if not self.fielded or self._is_begun() or self.current.text_line != self.number:
            return False
        return self.text_field == self.field and others_hold_figures(line, match.start())

    def _figure(
        self, kind: str, word: str, start: int, matches: list[re.Match[str]], i: int
    ) -> tuple[int, str]:
        """Where a figure begins and its text: its note sign off, its parted sign on."""
        if kind == "noted":
            return start, word.rstrip(NOTE_SIGNS)
        if kind == "priced":
            figure = word.lstrip(PRICE_SIGNS)
            return start + len(word) - len(figure), figure
        if i and word[0].isdigit() and matches[i].start() - matches[i - 1].end() == 1:
            sign = matches[i - 1].group()
            if sign == "+" or self._is_lonely_sign(matches, i - 1):
                return start - 2, f"{sign} {word}"
        return start, word

    def _is_sign(self, matches: list[re.Match[str]], i: int) -> bool:
        """A plus, or a lonely minus, that belongs to the digits after it."""
        if matches[i].group() != "+":
            return self._is_lonely_sign(matches, i)
        following = matches[i + 1 : i + 2]
        near = bool(following) and following[0].start() - matches[i].end() == 1
        return near and following[0].group()[0].isdigit()

    def _is_cut(self, matches: list[re.Match[str]], i: int) -> bool:
        """The whole part of a figure that a blank parts from its decimals (15. 279)."""
        if self.sentence or _WHOLE.fullmatch(matches[i].group()) is None:
            return False
        if i + 1 == len(matches):
            return i > 0 and self._goes_on_below
        following = matches[i + 1]
        blank = following.start() - matches[i].end() == 1
        alone = i == 0 and len(matches) == 2
        parted = self.fielded and blank and _THREE.match(following.group())  # 66, 333
        return (i > 0 or alone or bool(parted)) and blank and following.group().isdigit()

    def _follows_whole(self, place: int) -> bool:
        """Whether the line before holds nothing but the whole part of a figure (15.)."""
        line = self.text[self.text.rfind("\n", 0, place - 1) + 1 : place - 1]
        words = _WORD.findall(line)
        return bool(words) and _WHOLE.fullmatch(words[-1]) is not None

    def _is_bullet(self, matches: list[re.Match[str]], i: int) -> bool:
        """A mark before the text of a line, or the stroke of a label with blanks around it."""
        around = [other.group() for other in matches[max(i - 1, 0) : i + 2]]
        if i and len(around) == 3 and around[0][-1] == "增" and around[2][0] == "减":
            return True  # 本年增 / 减
        if i or self.fielded or len(matches) == 1:
            return False
        return classify(matches[1].group())[0] == "text"

    def _text(self, squeezed: str, start: int) -> None:
        if not squeezed:
            return
        if self.current.entries:
            self.segments.append(self.current)
            before = self.current.entries[-1].line
            self.current = Segment(len(self.segments), start, before_line=before)
        self.current.words.append(squeezed)
        self.current.text_line = self.number
        self.text_field = self.field

    def _entry(self, kind: Kind, start: int, word: str, *, glued: bool = False) -> None:
        end = start + len(word)
        shares = self.current.text_line == self.number and self.text_field == self.field
        self.current.entries.append(
            Entry(kind, start, end, self.number, self.field, self.fielded, word, glued, shares)
        )

    def _mixed(self, word: str, pieces: list[tuple[str, int, int]], start: int) -> None:
        for i, (kind, begin, end) in enumerate(pieces):
            if kind == "text":
                self._text(squeeze_word(word[begin:end]), start + begin)
            else:
                glued = i > 0 and pieces[i - 1][0] == "text"
                self._entry(Kind.FIGURE, start + begin, word[begin:end], glued=glued)

    def _with_words_before(
        self, word: str, pieces: list[tuple[str, int, int]]
    ) -> list[tuple[str, int, int]]:
        """Cut again with the words before, when a figure may touch the end of a broken label."""
        touching = word[-1].isdigit() or word[-1] in COUNT_UNITS
        if not touching or pieces[-1][0] == "figure" or len(word) > LONGEST_FIGURE:
            return pieces
        if self.current.entries or not self.current.words:
            return pieces
        if self.current.text_line == self.number and self.text_field != self.field:
            return pieces  # nothing is joined over the border of a field
        before = spelled("".join(self.current.words[-3:]))[-_BROKEN:]
        found = [
            (kind, max(0, start - len(before)), end - len(before))
            for kind, start, end in split_mixed(before + word)
            if end > len(before)
        ]
        return found if any(kind == "figure" for kind, _, _ in found) else pieces

    @staticmethod
    def _is_lonely_sign(matches: list[re.Match[str]], i: int) -> bool:
        """A minus and its digits, parted by one blank, alone on their line."""
        lonely = len(matches) == 2 and i == 0 and matches[0].group() == "-"
        near = lonely and matches[1].start() - matches[0].end() == 1
        return near and matches[1].group().isdigit()

    def _is_unit(self, word: str, start: int) -> bool:
        """Whether a word is nothing but the unit of the figure right before it."""
        entries = self.current.entries
        if not entries or entries[-1].kind is not Kind.FIGURE:
            return False
        last = entries[-1]
        gap = self.text[last.end : start]
        if _SCALE.match(word) and "\n" not in gap:
            last.kind = Kind.OTHER  # 3 万件: the digits are not the figure
            last.text, last.end = self.text[last.start : start] + word, start + len(word)
            return True
        far = _MONEY.fullmatch(word) is None and len(gap) > 1
        if re.fullmatch(UNITS, word) is None or far or not re.fullmatch(r"[\s|]*", gap):
            return False
        if "\n" in gap and "元" in word and "万" not in word:
            return False  # on a line of its own it may as well speak of more than this figure
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
        text = following.group()
        if text in (".", "、") and not self._is_begun():  # 1 . 属 于 …
            return _HAN.match(line[following.end() :].lstrip(" ")) is not None
        if text.isascii() and text[0] != "%":
            return False  # neither a unit nor a label: most often the next figure
        first = i == 0 or not self._is_begun()
        gap = line[match.end() : following.start()]
        if gap != " " and not (gap.isspace() and "\t" not in gap):
            return first and is_ordinal(match, following)
        if _AFTER_NUMBER.match(text) and not text[0].isdigit():
            before = [other.group() for other in matches[max(0, i - _RUN) : i]]
            return len(before) < _RUN or not all(map(str.isdigit, before))
        return first and is_ordinal(match, following)
