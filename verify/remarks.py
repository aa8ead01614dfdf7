"""Words in a table's zone that are none of the form's and not known to be harmless: remarks.

The words that may stand around the cells of a table are those of the form, ordinals, units, page
furniture, and what `verify.harmless` lists. Everything else is a remark. It is tied to the cell, the row
or the table beside which it stands, and a person has to look (`unconfirmed`). Nothing here knows a
suspicious word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from verify.alike import LOST
from verify.figures import read_figure
from verify.findings import Finding
from verify.fold import fold_text
from verify.footnotes import notes_in, signs_in
from verify.forms import DISCLOSURE, Column, Form, Row, Table
from verify.harmless import Grammar, Where
from verify.labels import (
    heading_table,
    is_boundary,
    only_of_other_table,
    phrase_ids,
    phrases_in,
    squeeze,
    without_fillers,
)
from verify.layout import Layout
from verify.match.lost_headers import unnamed
from verify.match.names import phrases_of
from verify.reading import Place, Reading
from verify.stream import Kind
from verify.unexplained import NOTHING, Expected, unexplained

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_ORDINAL = re.compile(
    r"第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[条项款]|\([0-9一二三四五六七八九十]{1,3}\)"
)
_LOCAL_ROW = re.compile(r"[\u4e00-\u9fff]{2,20}(?:[ \t|]+[0-9]+)+")  # a row with figures of its own
_BETWEEN = re.compile(r"[^\w\t|\n]*")
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")
_DIGIT = re.compile("[0-9]")
_ARTICLE = re.compile(r"(第[^\s|]{1,5}条[^\s|]{1,6}项)[ \t|]*\Z")  # the next group's, and no label
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
_TAIL_LINES = 8
_CAPTION = 40  # most characters of a caption
_MOST_LINES = 60
_FIELD_END = re.compile(r"[\t|\n]|  ")
_HEADER = 3  # headers of a header that is printed again


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
        self.notes = notes_in(layout.source)
        self.largest: dict[str, int | None] = {}
        self.entries: list[tuple[int, int, bool]] | None = None
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
        ]
        self.columns = list(known)
        self.starts = sorted(zone.segments[0].entries[0].start for zone in layout.zones)

    def _local_row(self, start: int, end: int, *, stray: bool) -> tuple[int, int]:
        """The folded range of a local row with its label, on its line or on the line above."""
        begin = self.text.rfind("\n", 0, start) + 1
        if stray:
            return start, end
        before = self._entries_in(begin, start)
        if before:  # behind other figures of its line, words before a stray figure are not its own
            return before[-1][1], end
        while begin and not _HAN.search(self.text, begin, start):
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
        self._title()
        return self.found

    def _title(self) -> None:
        """Words of the title that are neither agency nor year nor what such a report is called."""
        title = self.layout.titles[0] if self.layout.titles else None
        if title is None or title.beside is None:
            return
        if self.grammar.explains(self.text[slice(*title.beside)], "title"):
            return
        span = self.layout.stream.span(*title.beside)
        words = self.layout.source[slice(*span)].strip()
        self.found.append(Finding("remark", self.form.cells, span=span, actual=words))

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

    def _entries_in(self, start: int, end: int, *, figures: bool = False) -> list[tuple[int, int]]:
        """What stands in a region where cells could, without the words between; figures alone if asked."""
        if self.entries is None:
            self.entries = sorted(
                (entry.start, entry.end, entry.kind is Kind.FIGURE)
                for segment in self.layout.stream.segments
                for entry in segment.entries
            )
        at = bisect_left(self.entries, (start, 0, False))
        stop = bisect_left(self.entries, (end, 0, False))
        return [(a, b) for a, b, figure in self.entries[at:stop] if figure or not figures]

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
        gaps.append(
            _Gap(end, self._cut_at_heading(end, self._tail(table, end)), items[-1].cell, None)
        )
        if not copy:
            cells, words = unnamed(table, [self.text[gap.start : gap.end] for gap in gaps])
            if cells:
                self.found.append(Finding("header_unread", cells, actual=words or None))
        if self.notes:
            self._footnotes(table, gaps, whole)
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

    def _footnotes(self, table: Table, gaps: Sequence[_Gap], whole: tuple[str, ...]) -> None:
        """The notes to which signs in the gaps point."""
        source, folded = self.layout.source, self.layout.stream.folded
        for gap in gaps:
            span = folded.span(gap.start, gap.end) if gap.end > gap.start else (0, 0)
            for sign, start, end in signs_in(source, *span, self.notes):
                words = source[start:end].strip()
                if self.grammar.explains(words, "line", self._largest(gap.left)):
                    continue
                at, _ = folded.place(sign, sign + 1)
                text = self.text[gap.start : gap.end]
                beside = _first_part(text) if gap.left else 0
                cells = self._tied(
                    table, gap, at - gap.start, at - gap.start + 1, beside, text, whole
                )
                self.found.append(Finding("remark", cells, span=(start, end), actual=words))

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
            ends = (
                is_boundary(line)
                or self._is_prose(line)
                or _is_whole_sentence(line)
                or _is_of_other(line, table)
            )
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
            if is_boundary(line) or heading_table(line) or _is_of_other(line, table):
                return end
            end = stop
            if end >= len(self.text):
                return end
        return end

    def _cut_at_heading(self, start: int, end: int) -> int:
        """Where in a tail another section begins, its heading on the line of the table."""
        found = (self.text.find(words, start, end) for words in _SECTIONS)
        return min((at for at in found if at >= 0), default=end)

    def _is_prose(self, line: str) -> bool:
        """A whole sentence that does not speak of the table: prose, and no remark."""
        if _POINTS.fullmatch(line.strip()):
            return True
        bare = _POINTS.sub("", line.strip())
        if _FIELD_END.search(bare) or _SENTENCE.search(line) is None:
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
        article = _ARTICLE.search(text)
        if article and gap.right:
            yield gap.start + article.start(1), gap.start + article.end(1), (gap.right,), ""
        if self._skips_a_cell(gap) and _DIGIT.search(text):
            start, stop = gap.start + len(text) - len(text.lstrip()), gap.start + len(text.rstrip())
            row = next(row for row in table.rows if row.id == _row_of(gap.left))
            yield start, stop, table.cells(row), ""
            return
        expected = self._expected(table, gap, text)
        beside = _first_part(text) if gap.left else 0
        if beside and (part := text[:beside].strip()):
            known = self._beside_figure(part, gap.left)
            if known == "unit" and "元" in part and self.form.kinds[gap.left or ""] != "money":
                known = None
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
        for start, stop in self._plain_lines(table, text, gap):
            mask[start:stop] = [" "] * (stop - start)
        # where no sum tells a local row's figures from those of the row above, its words have to
        for start, stop in [*self.columns, *(self.local if table.is_uniform else ())]:
            inside = range(max(start, gap.start) - gap.start, min(stop, gap.end) - gap.start)
            for i in inside:
                mask[i] = " "
        for start, stop in self._entries_in(gap.start, gap.end, figures=True):
            mask[start - gap.start : stop - gap.start] = " " * (stop - start)
        leftover = "".join(mask)
        for start, stop in _joined(leftover, unexplained(leftover, expected)):
            token = leftover[start:stop]
            cells = self._tied(table, gap, start, stop, beside, text, whole)
            figure = self._value(gap.left) if stop <= beside else None
            where: Where = "beside" if stop <= beside else "after"
            if where == "after" and self._heads_several(table, gap, text, start, stop):
                where = "label"
            if self.grammar.explains(token, where, figure):
                continue
            yield gap.start + start, gap.start + stop, cells, ""

    @staticmethod
    def _heads_several(table: Table, gap: _Gap, text: str, start: int, stop: int) -> bool:
        """Whether words are all that their field holds, over a row of several columns."""
        row = table.rows[table.places[_row_of(gap.right)]] if gap.right else None
        if row is None or len(row.columns) == 1:
            return False
        before = _FIELD_END.split(text[:start])[-1]
        return not squeeze(before + _FIELD_END.split(text[stop:])[0])

    @staticmethod
    def _is_official(bracket: str) -> bool:
        """Whether a bracket holds an ordinal or words of the form and nothing else."""
        return _ORDINAL.fullmatch(bracket) is not None or not unexplained(bracket, NOTHING)

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
        if table not in self.largest:
            values = [
                value
                for name in self.reading.places
                if name.startswith(table + ".") and (value := self._value(name)) is not None
            ]
            self.largest[table] = max(values, default=None)
        return self.largest[table]

    def _plain_lines(self, table: Table, text: str, gap: _Gap) -> Iterator[tuple[int, int]]:
        """Whole lines that are known: furniture, sentences, rules, harmless captions."""
        place = 0
        lines = text.split("\n")
        for i, line in enumerate(lines):
            start, place = place, place + len(line) + 1
            bare = line.strip(" \t|")
            if not bare or (i == 0 and gap.left) or (i == len(lines) - 1 and gap.right):
                continue
            prose = gap.right is not None and self._is_prose(line)  # under a table it is a note
            known = prose or self._is_known_line(bare, gap.left)
            local = gap.left and table.is_uniform and _LOCAL_ROW.fullmatch(bare)
            if known or local:
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

    def _expected(self, table: Table, gap: _Gap, text: str) -> Expected:
        """Words of the form that may stand in a gap: labels of the table, headers of what follows."""
        found = {phrase for phrase, _ in phrases_in(squeeze(text))}
        rows = self._rows_between(table, gap)
        labels = {phrase for row in rows for phrase in _phrases_of(row)}
        own = _row_of(gap.right)
        several = len({p for p in found if phrase_ids(p, "row", table.id)}) > 1 or any(
            own in phrase_ids(p, "row", table.id) for p in found
        )
        grouped, words, every = _words_of(table)
        groups = grouped if several else {part for row in rows for part in _group_of(row)}
        columns = self._columns_ahead(table, gap, rows, found)
        named = {name for said in phrases_of(columns).values() for name in said}
        headers = {squeeze(fold_text(column.label)) for column in columns}
        # of another spelling of a header every piece may mean something else
        if gap.left is not None and table.is_uniform:
            headers = set()
        return Expected(
            frozenset(every | words | groups | named | _HEADINGS),
            frozenset(labels | words | (_HEADINGS if any(c in text for c in LOST) else set())),
            frozenset(headers),
            table.is_uniform,
        )

    @staticmethod
    def _columns_ahead(
        table: Table, gap: _Gap, rows: Sequence[Row], found: AbstractSet[str]
    ) -> tuple[Column, ...]:
        """The columns whose headers may stand in a gap."""
        if gap.right is None:
            return tuple(dict.fromkeys(c for row in rows[1:] for c in row.columns))
        row, _, column = gap.right.partition(".")[2].partition(".")
        own = table.rows[table.places[row]].columns
        if not table.is_uniform:
            before = table.rows[table.places[_row_of(gap.left)]].columns if gap.left else ()
            ahead = (*own, *(c for one in rows for c in one.columns if c not in before))
            return tuple(dict.fromkeys(ahead))
        printed = sum(any(p in found for p in said) for said in phrases_of(own).values())
        across = len(table.rows) <= len(own)
        if gap.left is None or across or printed >= _HEADER:
            return own
        return tuple(one for one in own if one.id == column)

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
        if column and gap.right is not None:  # a note under a table speaks of all of it
            rows = table.rows if len(table.widths) == 1 else _under_one_header(table, own)
            named = tuple(
                name
                for row in rows or self._rows_between(table, gap)
                for name in table.cells(row)
                if name.rpartition(".")[2] in column
            )
            if named:
                return named
        return whole


def _joined(text: str, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges with nothing but blanks and signs of one field between them, as one."""
    found: list[tuple[int, int]] = []
    for start, stop in ranges:
        if found and _BETWEEN.fullmatch(text, found[-1][1], start):
            found[-1] = found[-1][0], stop
        else:
            found.append((start, stop))
    return found


def _row_of(cell: str | None) -> str:
    """The row of a cell's name."""
    return cell.split(".")[1] if cell else ""


def _under_one_header(table: Table, rows: Sequence[Row]) -> list[Row]:
    """The rows that share their headers with the first of these: those of its group."""
    return [
        row
        for row in table.rows
        if rows and (row.group, row.columns) == (rows[0].group, rows[0].columns)
    ]


def _is_of_other(line: str, table: Table) -> bool:
    """Whether a line holds words of the form and nothing else, some of them another table's."""
    return not unexplained(line, NOTHING) and any(
        only_of_other_table(phrase, table.id) for phrase, _ in phrases_in(squeeze(line))
    )


def _is_whole_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does; where no heading follows, it ends another section."""
    bare = line.strip()
    return len(bare) >= _SHORT and bare.endswith("。") and _OF_TABLE.search(bare) is None


def _first_part(text: str) -> int:
    """How much of a gap stands beside the cell on its left: up to the next field or line."""
    match = re.search(r"[\t|\n]|  ", text)
    return match.start() if match else len(text)


_SECTIONS = tuple(fold_text(words) for words in (*DISCLOSURE.headings, *DISCLOSURE.ends))
_HEADINGS = frozenset(
    squeeze(fold_text(words)) for words in (*DISCLOSURE.headings, *DISCLOSURE.ends)
)


@lru_cache(maxsize=256)
def _group_of(row: Row) -> tuple[str, str]:
    """The words of a row's group, with and without its number."""
    return squeeze(row.group), without_fillers(squeeze(row.group))


@lru_cache(maxsize=16)
def _words_of(table: Table) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words of a table's groups, its own words, and those of all its rows, squeezed."""
    grouped = frozenset(part for row in table.rows for part in _group_of(row))
    words = frozenset(squeeze(word) for word in table.words)
    rows = frozenset(phrase for row in table.rows for phrase in _phrases_of(row))
    return grouped, words - grouped, rows - grouped


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
