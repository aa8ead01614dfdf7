"""Words in a table's zone that are none of the form's and not known to be harmless: remarks.

The words that may stand around the cells of a table are those of the form, ordinals, units, page
furniture, and what `verify.harmless` lists. Everything else is a remark. It is tied to the cell, the row
or the table beside which it stands, and a person has to look (`unconfirmed`). Nothing here knows a
suspicious word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from verify.figures import read_figure
from verify.findings import Finding
from verify.forms import Form, Row, Table
from verify.harmless import Grammar
from verify.labels import (
    heading_table,
    is_boundary,
    only_of_other_table,
    phrase_ids,
    phrases_in,
    squeeze,
)
from verify.layout import Layout
from verify.reading import Place, Reading

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_PUNCTUATION = set(" \t\n|、，。；：“”‘’（）()[]【】《》〈〉「」『』.,;:!！\"'`-—–_=+*#·•/\\<>~…^&")
_ORDINAL = re.compile(
    r"第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[条项款]|\([0-9一二三四五六七八九十]{1,3}\)"
)
_MANY_DIGITS = re.compile("[0-9]{2}")
_LOCAL_ROW = re.compile(r"[\u4e00-\u9fff]{2,20}(?:[ \t|]+[0-9]+)+")  # a row with figures of its own
_NUMBER_ONLY = re.compile("[0-9Oo〇零]*")
_FILLERS = frozenset("一二三四五六七八九十第项的")
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")
_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_DIGIT = re.compile("[0-9]")
_BESIDE = re.compile(r"\s?(\([^()\n\t|]{1,80}\))")
_SENTENCE = re.compile("[。；;!！]|[，,](?![0-9])")
_POINTS = re.compile(
    r"(?:具体)?(?:情况|统计|数据|内容)?(?:如下表?|见下表|见表[0-9一二三])(?:所示)?[:：。]?"
)
_OF_TABLE = re.compile(
    "[本此上下该附续各]表|表[中内格一二三四]|[报样]表|统计表|数据|数字|单位[:为是]|口径|上述|以上|以下|[备附]?注:|说明:"
)
_LONG = 18  # characters of a sentence
_SHORT = 12  # characters of a sentence that closes another section
_ALIKE = 0.6
_PART = 4  # characters of a piece of a label in which one may be wrong
_ALIKE_PART = 0.75
_TAIL_LINES = 8
_CAPTION = 40  # most characters of a caption
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class _Item:
    """A used place of the text: folded range, and the cell."""

    start: int
    end: int
    cell: str


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch between two used places: folded range, and the cells beside it."""

    start: int
    end: int
    left: str | None
    right: str | None


class _Remarks:
    def __init__(
        self,
        layout: Layout,
        reading: Reading,
        form: Form,
        local: Sequence[Finding],
        known: Sequence[tuple[int, int]],
    ) -> None:
        self.layout = layout
        self.text = layout.stream.folded.text
        self.reading = reading
        self.form = form
        title = layout.titles[0] if layout.titles else None
        agency = self.text[slice(*title.agency)] if title and title.agency else None
        self.grammar = Grammar(title.year if title else None, agency)
        self.found: list[Finding] = []
        self.entries: list[tuple[int, int]] | None = None
        self.bounds = sorted(
            [zone.segments[-1].entries[-1].end for zone in layout.zones]
            + [title.start for title in layout.titles]
        )
        self.local = [
            self._local_row(
                *self.layout.stream.folded.place(*found.span), stray=found.code == "stray_figure"
            )
            for found in local
            if found.span
        ] + list(known)
        self.starts = sorted(zone.segments[0].entries[0].start for zone in layout.zones)

    def _local_row(self, start: int, end: int, *, stray: bool) -> tuple[int, int]:
        """The folded range of a local row with its label, on its line or on the line above."""
        begin = self.text.rfind("\n", 0, start) + 1
        before = self._entries_in(begin, start)
        if before:  # behind other figures of its line, words before a stray figure are not its own
            return (start if stray else before[-1][1]), end
        while begin and not stray and not _HAN.search(self.text, begin, start):
            begin = self.text.rfind("\n", 0, begin - 1) + 1
        return begin, end

    def run(self) -> list[Finding]:
        for places, copy in (
            (self.reading.places, False),
            *((p, True) for p in self.reading.repeats),
        ):
            for table in self.form.tables:
                items = self._items(table, places)
                if items:
                    self._table(table, items, copy=copy)
        return self.found

    def _items(self, table: Table, places: Mapping[str, Place]) -> list[_Item]:
        found: dict[tuple[int, int], _Item] = {}
        for row in table.rows:
            for name in table.cells(row):
                place = places.get(name)
                if place is None or place.span is None:
                    continue
                start, end = self.layout.stream.folded.place(*place.span)
                parts = self._entries_in(start, end) if place.where == "doubt" else [(start, end)]
                for part in parts:
                    found.setdefault(part, _Item(*part, name))
        return [found[key] for key in sorted(found)]

    def _entries_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """What stands in a doubtful region, without the words between."""
        if self.entries is None:
            self.entries = sorted(
                (entry.start, entry.end)
                for segment in self.layout.stream.segments
                for entry in segment.entries
            )
        at = bisect_left(self.entries, (start, 0))
        stop = bisect_left(self.entries, (end, 0))
        return self.entries[at:stop]

    def _table(self, table: Table, items: Sequence[_Item], *, copy: bool) -> None:
        whole = tuple(name for row in table.rows for name in table.cells(row))
        head = self._head(table, items[0].start)
        if copy:
            head = self._captioned(head)
        gaps = [_Gap(head, items[0].start, None, items[0].cell)]
        end = items[0].end
        for a, b in pairwise(items):
            end = max(end, a.end)
            if b.start > end:
                gaps.append(_Gap(end, b.start, a.cell, b.cell))
        end = max(end, items[-1].end)
        gaps.append(_Gap(end, self._tail(table, end), items[-1].cell, None))
        for gap in gaps:
            for start, stop, cells, known in self._explain(table, gap, whole):
                code = "remark_harmless" if known else "remark"
                span = self.layout.stream.span(start, stop)
                self.found.append(
                    Finding(
                        code,
                        whole if copy else cells,
                        span=span,
                        actual=self.layout.source[slice(*span)].strip(),
                        by="copy" if copy else known,
                    )
                )

    # -- where a table's zone begins and ends

    def _head(self, table: Table, first: int) -> int:
        """Where the words over a table begin: its heading, or else what no sentence parts from it."""
        at = bisect_left(self.bounds, first)
        floor = self.bounds[at - 1] if at else 0
        start = self.text.rfind("\n", 0, first) + 1
        best = start
        for _ in range(_MOST_LINES):
            line = self.text[start : self.text.find("\n", start)]
            if start < floor:
                return max(best, floor) if best > start else floor
            if heading_table(line) == table.id:
                return start
            ends = is_boundary(line) or self._is_prose(line) or _is_whole_sentence(line)
            if start < best and ends and not self._heading_above(table, start, floor):
                return best
            best = start
            if start == 0:
                return 0
            start = self.text.rfind("\n", 0, start - 1) + 1
        return best

    def _captioned(self, head: int) -> int:
        """Where the caption over the heading of a further copy begins, if there is one."""
        start = head
        for _ in range(_TAIL_LINES):
            if start == 0:
                return head
            above = self.text.rfind("\n", 0, start - 1) + 1
            line = self.text[above : start - 1].strip()
            if any(above < bound <= start for bound in self.bounds):
                return head
            if line and (is_boundary(line) or line.endswith("。") or len(line) > _CAPTION):
                return head
            if line:
                return above
            start = above
        return head

    def _heading_above(self, table: Table, start: int, floor: int) -> bool:
        """Whether the heading of the table stands a few lines above."""
        for _ in range(_TAIL_LINES):
            if start <= floor or start == 0:
                return False
            above = self.text.rfind("\n", 0, start - 1) + 1
            line = self.text[above : start - 1]
            if heading_table(line) == table.id:
                return True
            if is_boundary(line):
                return False
            start = above
        return False

    def _tail(self, table: Table, last: int) -> int:
        """Where the words under a table end: the next heading, table, title or sentence."""
        at = bisect_left(self.starts, last)
        ceiling = self.starts[at] if at < len(self.starts) else len(self.text)
        end = self.text.find("\n", last)
        end = len(self.text) if end < 0 else end
        for _ in range(_TAIL_LINES):
            if end >= ceiling:
                return min(end, max(last, self.text.rfind("\n", 0, ceiling)))
            stop = self.text.find("\n", end + 1)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[end + 1 : stop]
            squeezed = squeeze(line)
            if is_boundary(line) or heading_table(line) or self._is_prose(line):
                return end
            if any(only_of_other_table(phrase, table.id) for phrase, _ in phrases_in(squeezed)):
                return end  # the words of the next table
            end = stop
            if end >= len(self.text):
                return end
        return end

    def _is_prose(self, line: str) -> bool:
        """A whole sentence that does not speak of the table: prose, and no remark."""
        if _POINTS.fullmatch(line.strip()):
            return True
        bare = _POINTS.sub("", line.strip())
        if "\t" in bare or "|" in bare or _SENTENCE.search(line) is None:
            return False
        if bare != line.strip() and _OF_TABLE.search(bare) is None:
            return True
        return len(bare) >= _LONG and _OF_TABLE.search(bare) is None

    # -- what stands in a gap

    def _explain(
        self, table: Table, gap: _Gap, whole: tuple[str, ...]
    ) -> Iterator[tuple[int, int, tuple[str, ...], str]]:
        text = self.text[gap.start : gap.end]
        if not text.strip(" \t\n|"):
            return
        if self._skips_a_cell(gap) and _DIGIT.search(text):
            start, stop = gap.start + len(text) - len(text.lstrip()), gap.start + len(text.rstrip())
            row = next(row for row in table.rows if row.id == _row_of(gap.left))
            yield start, stop, table.cells(row), ""
            return
        expected = self._expected(table, gap)
        beside = _first_part(text) if gap.left else 0
        if beside and (part := text[:beside].strip()):
            known = self._beside_figure(part, gap.left)
            if known == "unit":
                text = " " * beside + text[beside:]
            elif known:
                assert gap.left is not None
                yield gap.start, gap.start + beside, (gap.left,), known
                text = " " * beside + text[beside:]
        bracket = _BESIDE.match(text[:beside])
        if bracket and gap.left and not self._is_official(bracket[1]):
            yield gap.start + bracket.start(1), gap.start + bracket.end(1), (gap.left,), ""
            text = " " * bracket.end() + text[bracket.end() :]
        mask = list(text)
        for start, stop in self._plain_lines(text, gap):
            mask[start:stop] = [" "] * (stop - start)
        for start, stop in self.local:
            inside = range(max(start, gap.start) - gap.start, min(stop, gap.end) - gap.start)
            for i in inside:
                mask[i] = " "
        leftover = "".join(mask)
        for start, stop in unexplained(leftover, expected):
            token = leftover[start:stop]
            cells = self._tied(table, gap, start, stop, beside, text, whole)
            figure = self._value(gap.left) if stop <= beside else None
            if self.grammar.explains(token, "beside" if stop <= beside else "label", figure):
                continue
            yield gap.start + start, gap.start + stop, cells, ""

    @staticmethod
    def _is_official(bracket: str) -> bool:
        """Whether a bracket holds an ordinal or words of the form and nothing else."""
        if _ORDINAL.fullmatch(bracket):
            return True
        return not any(map(str.isdigit, bracket)) and not unexplained(bracket, _NOTHING)

    def _skips_a_cell(self, gap: _Gap) -> bool:
        """Whether two cells of a row stand beside a gap, and a cell between them has no place."""
        if gap.left is None or gap.right is None or _row_of(gap.left) != _row_of(gap.right):
            return False
        names = self.form.cells
        low, high = names.index(gap.left), names.index(gap.right)
        return any(self.reading.place(name).span is None for name in names[low + 1 : high])

    def _beside_figure(self, part: str, cell: str | None) -> str | None:
        return self.grammar.explains(part, "beside", self._value(cell))

    def _value(self, cell: str | None) -> int | None:
        if cell is None:
            return None
        span = self.reading.place(cell).span
        figure = read_figure(self.layout.source[slice(*span)], "count") if span else None
        return int(figure.value) if figure else None

    def _largest(self, cell: str | None) -> int | None:
        """The largest figure of the table in which a cell stands."""
        if cell is None:
            return None
        table = cell.partition(".")[0]
        values = [
            value
            for name, place in self.reading.places.items()
            if name.startswith(table + ".")
            and place.span
            and (value := self._value(name)) is not None
        ]
        return max(values, default=None)

    def _plain_lines(self, text: str, gap: _Gap) -> Iterator[tuple[int, int]]:
        """Whole lines that are known: furniture, sentences, rules, harmless captions."""
        place = 0
        lines = text.split("\n")
        for i, line in enumerate(lines):
            start, place = place, place + len(line) + 1
            bare = line.strip(" \t|")
            if not bare or (i == 0 and gap.left) or (i == len(lines) - 1 and gap.right):
                continue
            known = self._is_prose(line) or self._is_known_line(bare, gap.left)
            if known or (gap.left and _LOCAL_ROW.fullmatch(bare)):
                yield start, start + len(line)

    def _is_known_line(self, line: str, cell: str | None) -> bool:
        """Whether a line is harmless, known brackets in it taken off."""
        figure = self._largest(cell)
        if self.grammar.explains(line, "line", figure):
            return True
        rest = _BRACKETED.sub(
            lambda part: "" if self.grammar.explains(part[0], "beside") else part[0], line
        ).strip()
        return rest != line and (
            not rest or self.grammar.explains(rest, "line", figure) is not None
        )

    def _expected(self, table: Table, gap: _Gap) -> tuple[frozenset[str], frozenset[str]]:
        """Phrases that may stand damaged in a gap: labels, and headers."""
        rows = self._rows_between(table, gap)
        labels = {phrase for row in rows for phrase in _phrases_of(row)}
        labels.update(squeeze(word) for word in table.words)
        headers = set()
        if gap.left is None or len(table.widths) > 1:
            shown = table.rows if gap.left is None and len(table.widths) == 1 else rows
            headers = {
                squeeze(column.label)  # of another spelling every piece may mean something else
                for row in shown
                for column in row.columns
            }
        return frozenset(labels), frozenset(headers)

    def _rows_between(self, table: Table, gap: _Gap) -> Sequence[Row]:
        places = [
            table.places[cell.split(".")[1]] for cell in (gap.left, gap.right) if cell is not None
        ]
        if gap.left is None:
            places.append(0)
        if gap.right is None:
            places.append(len(table.rows) - 1)
        return table.rows[min(places) : max(places) + 1]

    def _tied(
        self,
        table: Table,
        gap: _Gap,
        start: int,
        stop: int,
        beside: int,
        text: str,
        whole: tuple[str, ...],
    ) -> tuple[str, ...]:
        """The cells beside which a remark stands."""
        if gap.left is not None and stop <= beside:
            return (gap.left,)
        last_line = text.rfind("\n") + 1
        own = [row for row in table.rows if gap.right and row.id == gap.right.split(".")[1]]
        if own and (start >= last_line or (gap.left is not None and len(table.widths) == 1)):
            return table.cells(own[0])
        column = _column_beside(text, start, stop, table)
        if column:
            rows = self._rows_between(table, gap) if len(table.widths) > 1 else table.rows
            named = tuple(
                name
                for row in (own or rows if len(table.widths) > 1 else rows)
                for name in table.cells(row)
                if name.rpartition(".")[2] in column
            )
            if named:
                return named
        return whole


def _row_of(cell: str | None) -> str:
    """The row of a cell's name."""
    return cell.split(".")[1] if cell else ""


def _is_whole_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does; where no heading follows, it ends another section."""
    bare = line.strip()
    return len(bare) >= _SHORT and bare.endswith("。") and _OF_TABLE.search(bare) is None


def _first_part(text: str) -> int:
    """How much of a gap stands beside the cell on its left: up to the next field or line."""
    match = re.search(r"[\t|\n]|  ", text)
    return match.start() if match else len(text)


@lru_cache(maxsize=256)
def _phrases_of(row: Row) -> tuple[str, ...]:
    return tuple(
        squeeze(phrase) for phrase in (row.label, *row.variants, row.group) if squeeze(phrase)
    )


def _column_beside(text: str, start: int, stop: int, table: Table) -> frozenset[str]:
    """The columns whose header touches a remark."""
    line_start = text.rfind("\n", 0, start) + 1
    field_start = max(line_start, text.rfind("\t", 0, start) + 1, text.rfind("|", 0, start) + 1)
    ends = [at for mark in "\n\t|" if (at := text.find(mark, stop)) >= 0]
    squeezed = squeeze(text[field_start : min(ends, default=len(text))])
    found: set[str] = set()
    for phrase, _ in phrases_in(squeezed):
        found |= phrase_ids(phrase, "column", table.id)
    return frozenset(found)


@lru_cache(maxsize=4096)
def unexplained(
    text: str, expected: tuple[frozenset[str], frozenset[str]]
) -> tuple[tuple[int, int], ...]:
    """The ranges of folded text that the words of the form do not explain.

    Args:
        text: A stretch without cells.
        expected: Labels and headers that may stand in it cut into pieces or with a wrong character.
    """
    covered = [character in _PUNCTUATION for character in text]
    for match in _ORDINAL.finditer(text):
        covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    han = [i for i, character in enumerate(text) if _HAN.match(character)]
    squeezed = "".join([text[i] for i in han])
    seen: set[str] = set()
    taken = [False] * len(han)
    for phrase, at in phrases_in(squeezed):
        seen.add(phrase)
        for k in range(at, at + len(phrase)):
            covered[han[k]] = taken[k] = True
    exact = taken.copy()
    _cover_beside(squeezed, taken, phrases_in(squeezed), expected[0])
    numbered = {
        k
        for k, i in enumerate(han)
        if _MANY_DIGITS.search(text, max(0, i - 2), i) or _MANY_DIGITS.match(text, i + 1)
    }
    _cover_damaged(squeezed, taken, seen, expected, numbered)
    for k, there in enumerate(taken):
        covered[han[k]] = covered[han[k]] or there
    last = len(text.rstrip())
    if (
        han
        and han[-1] + 1 == last
        and squeezed[-1] in _FILLERS
        and not exact[-1]
        and (last == len(text) or text[: han[-1]].rstrip(" ")[-1:] in ("\t", "|"))
    ):
        covered[han[-1]] = False  # 第 26: it touches the figure, or stands in a field of its own
    for k, i in enumerate(han):
        alone = not any(
            0 <= j < len(text)
            and not covered[j]
            and _HAN.match(text[j])
            and text[j] not in _FILLERS
            for j in (i - 1, i + 1)
        )
        if squeezed[k] in _FILLERS and alone and not covered[i] and i + 1 not in (len(text), last):
            covered[i] = True
    return tuple(_tokens(text, covered))


def _tokens(text: str, covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Runs of what is not covered; digits alone are figures or ordinals, and accounted for elsewhere."""
    start = None
    for i in range(len(text) + 1):
        if i < len(text) and not covered[i]:
            start = i if start is None else start
        elif start is not None:
            begin, end = _with_brackets(text, start, i)
            if _NUMBER_ONLY.fullmatch(text, start, i) is None:
                yield begin, end
            start = None


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """A token with the brackets, digits and signs that belong to it."""
    for match in _BRACKETED.finditer(text, max(0, start - 80), min(len(text), end + 80)):
        if match.start() <= start and end <= match.end():
            return match.span()
    while start and text[start - 1] in "+-—~0123456789.":
        start -= 1
    while end < len(text) and text[end] in "0123456789%+-":
        end += 1
    return start, end


def _cover_damaged(
    squeezed: str,
    taken: list[bool],
    seen: Iterable[str],
    expected: tuple[frozenset[str], frozenset[str]],
    numbered: Container[int],
) -> None:
    """Cover what is left of labels and headers that are cut, broken or have a wrong character.

    Not where a number of several digits touches it, as in 2018年: that is no label's.
    """
    labels, headers = (kind - set(seen) for kind in expected)
    phrases = (*labels, *headers)
    for start, end in list(_runs(taken)):
        if any(k in numbered for k in range(start, end)):
            continue
        whole = squeezed[start:end]
        run = "".join(c for c in whole if c not in _FILLERS)
        if (
            (not run and len(whole) > 1)
            or _in_pieces(run, phrases)
            or _in_pieces(whole, phrases)
            or any(_alike(whole, phrase) for phrase in labels)
        ):
            taken[start:end] = [True] * (end - start)


def _cover_beside(
    squeezed: str,
    taken: list[bool],
    found: Sequence[tuple[str, int]],
    labels: frozenset[str],
) -> None:
    """Cover the damaged rest of a label of which a shorter spelling stands there unharmed."""
    for phrase, at in found:
        for label in labels:
            inside = label.find(phrase)
            if inside < 0 or label == phrase:
                continue
            before, after = label[:inside], label[inside + len(phrase) :]
            start, end = at - len(before), at + len(phrase) + len(after)
            if before and start >= 0 and _same_length_alike(squeezed[start:at], before):
                taken[start:at] = [True] * len(before)
            if after and _same_length_alike(squeezed[at + len(phrase) : end], after):
                taken[at + len(phrase) : end] = [True] * len(after)


def _same_length_alike(run: str, part: str) -> bool:
    """Whether at least half of the characters are in their places."""
    same = sum(a == b for a, b in zip(run, part, strict=False))
    return len(run) == len(part) and 2 * same >= len(part)


def _in_pieces(run: str, phrases: Sequence[str]) -> bool:
    """Whether a run is made of pieces of phrases: of two characters and more, or what one lacks."""
    at = single = 0
    while at < len(run):
        length = next(
            (n for n in range(len(run) - at, 0, -1) if any(run[at : at + n] in p for p in phrases)),
            0,
        )
        if not length:
            return False
        single += length == 1
        at += length
    return (
        (single == 0 and at > 0)
        or (single == 1 and len(run) > 2)
        or any(run in (p[0], p[-1]) for p in phrases)
    )


def _runs(taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for i in range(len(taken) + 1):
        if i < len(taken) and not taken[i]:
            start = i if start is None else start
        elif start is not None:
            yield start, i
            start = None


@lru_cache(maxsize=4096)
def _alike(run: str, phrase: str) -> bool:
    """Whether most characters of two strings agree, in order."""
    part = len(run) >= _PART and len(run) < len(phrase)
    longest = len(run) if part else max(len(run), len(phrase))
    if min(len(run), len(phrase)) < _ALIKE * longest:
        return False
    row = [0] * (len(phrase) + 1)
    for x in run:
        before = 0
        for j, y in enumerate(phrase, 1):
            before, row[j] = row[j], max(row[j], row[j - 1], before + (x == y))
    return row[-1] >= (_ALIKE_PART if part else _ALIKE) * longest


def find_remarks(
    layout: Layout,
    reading: Reading,
    local: Sequence[Finding] = (),
    known: Sequence[tuple[int, int]] = (),
) -> list[Finding]:
    """Every remark in the zones of the tables that a reading uses, known ones as ``remark_harmless``.

    Args:
        layout: The source.
        reading: Of whatever maker; its form must not be None.
        local: Findings of local rows and stray figures, whose labels are their own.
        known: Folded ranges that the columns of a grid explain.
    """
    assert reading.form is not None
    return _Remarks(layout, reading, reading.form, local, known).run()
