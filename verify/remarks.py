"""Words in a table's zone that are none of the form's and not known to be harmless: remarks.

The words that may stand around the cells of a table are those of the form, ordinals, units, page
furniture, and what `verify.harmless` lists. Everything else is a remark. It is tied to the cell, the row
or the table beside which it stands, and a person has to look (`unconfirmed`). Nothing here knows a
suspicious word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from verify.added import Added
from verify.cut_labels import cut_labels
from verify.figures import read_figure
from verify.findings import Finding
from verify.footnotes import notes_in, signs_in
from verify.forms import Form, Table
from verify.gaps import Gap, expected, first_part, row_of, tied
from verify.harmless import Grammar, Where
from verify.layout import Layout
from verify.match.lost_headers import unnamed
from verify.own_fields import (
    heads_several,
    in_heading,
    in_own_field,
    keyed_rows,
    strange_numbers,
    under_other_heads,
)
from verify.reading import Place, Reading
from verify.references import find_references, find_rows_elsewhere
from verify.self_reference import is_known, speaks_of_report
from verify.sheets import find_sheet_remarks
from verify.stream import Kind
from verify.surroundings import Surroundings
from verify.title_remarks import find_title_remarks
from verify.unexplained import NOTHING, joined, unexplained

_ORDINAL = re.compile(
    r"第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[条项款]|\([0-9一二三四五六七八九十]{1,3}\)"
)
_LOCAL_ROW = re.compile(r"([\u4e00-\u9fff:]{2,20})(?:[ \t|]+[0-9]+)+")  # with figures of its own
HEAD = "head of the labels"
OTHER_POWERS = "other powers"
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")
_DIGIT = re.compile("[0-9]")
_ARTICLE = re.compile(r"(第[^\s|]{1,5}条[^\s|]{1,6}项)[ \t|]*\Z")  # the next group's, and no label
_BESIDE = re.compile(r"\s?(\([^()\n\t|]{1,80}\))")


@dataclass(frozen=True, slots=True)
class _Item:
    """A used place of the text: folded range, and the cell."""

    start: int
    end: int
    cell: str


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
        self.keyed: set[str] = set()
        self.cut: list[tuple[int, int]] = []
        self.ranges: list[tuple[int, int]] = []
        self.notes = notes_in(layout.source)
        self.largest: dict[str, int | None] = {}
        self.entries: list[tuple[int, int, bool]] | None = None
        self.around = Surroundings(layout)
        self.added = Added(self.text, self._entries_in, self.grammar, self._value)
        self.added.take(layout, local, known)

    def run(self) -> list[Finding]:
        for places, copy in (
            (self.reading.places, False),
            *((p, True) for p in self.reading.repeats),
        ):
            for table in self.form.tables:
                items = self._items(table, places)
                if items:
                    self._table(table, items, copy=copy)
        known = self.form, self.grammar, self.found
        self.found += find_title_remarks(self.layout, self.form, self.grammar)
        self.found += find_references(self.layout, *known, self.ranges)
        self.found += find_rows_elsewhere(self.layout, self.reading, self.form)
        self.found += find_sheet_remarks(self.layout, self.reading, *known)
        return list(dict.fromkeys(self.found))

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
        head = self.around.head(table, items[0].start)
        if copy or self.around.is_elsewhere(table, head):
            over = None if copy else self.around.sentence_over(head)
            if over:  # nothing says whose a table behind the report is
                span, said = self.layout.stream.span(*over), self.text[slice(*over)].strip()
                self.found.append(Finding("remark", whole, span=span, actual=said))
            head = self.around.captioned(head)
        gaps = [Gap(head, items[0].start, None, items[0].cell)]
        end = items[0].end
        for a, b in pairwise(items):
            end = max(end, a.end)
            if b.start > end:
                gaps.append(Gap(end, b.start, a.cell, b.cell))
        end = max(end, items[-1].end)
        below = self.around.cut_at_heading(
            end, self.around.tail(table, end, copied=bool(self.reading.repeats))
        )
        gaps.append(Gap(end, below, items[-1].cell, None))
        self.ranges.append((head, gaps[-1].end))
        if not copy:
            texts = [self.text[gap.start : gap.end] for gap in gaps]
            ahead = [row_of(g.right) if row_of(g.right) != row_of(g.left) else "" for g in gaps]
            cells, words = unnamed(table, texts, ahead)
            starts = {item.cell: item.start for item in reversed(items)}
            unsure = {*cells, *under_other_heads(self.text, table, starts)}
            cells = tuple(name for name in whole if name in unsure)
            for gap, start, stop in strange_numbers(self.text, table, gaps):
                own = table.cells(table.rows[table.places[row_of(gap.right)]])
                span = self.layout.stream.span(start, stop)
                self.found.append(Finding("remark", own, span=span, actual=self.text[start:stop]))
            rows = set(map(row_of, cells))
            values = {self._value(name) for name in whole if row_of(name) in rows}
            if len(values) > 1:  # of figures that are all alike no name matters
                self.found.append(Finding("header_unread", cells, actual=words or None))
        if self.notes:
            self._footnotes(table, gaps, items, whole)
        self.keyed = keyed_rows(self.text, table, gaps)
        self.cut = list(cut_labels(self.text, table, gaps))
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

    def _footnotes(
        self, table: Table, gaps: Sequence[Gap], items: Sequence[_Item], whole: tuple[str, ...]
    ) -> None:
        """The notes to which signs beside cells and in the gaps point."""
        source, folded = self.layout.source, self.layout.stream.folded
        for item in items:
            for _, start, end in signs_in(source, *folded.span(item.start, item.end), self.notes):
                words = source[start:end].strip()
                if not self.grammar.explains(words, "line", self._largest(item.cell)):
                    said = Finding("remark", (item.cell,), span=(start, end), actual=words)
                    self.found.append(said)
        for gap in gaps:
            span = folded.span(gap.start, gap.end) if gap.end > gap.start else (0, 0)
            for sign, start, end in signs_in(source, *span, self.notes):
                words = source[start:end].strip()
                if self.grammar.explains(words, "line", self._largest(gap.left)):
                    continue
                at, _ = folded.place(sign, sign + 1)
                text = self.text[gap.start : gap.end]
                beside = self._beside(table, gap, text)
                cells = tied(table, gap, at - gap.start, at - gap.start + 1, beside, text, whole)
                self.found.append(Finding("remark", cells, span=(start, end), actual=words))

    # -- what stands in a gap

    def _beside(self, table: Table, gap: Gap, text: str) -> int:
        """How much of a gap stands beside the cell on its left."""
        if gap.left is None:
            return 0
        figures = self._entries_in(gap.start, gap.end, figures=True)
        return first_part(table, gap, text, figures[0][0] - gap.start if figures else len(text))

    def _explain(
        self, table: Table, gap: Gap, whole: tuple[str, ...]
    ) -> Iterator[tuple[int, int, tuple[str, ...], str]]:
        if not (text := self.text[gap.start : gap.end]).strip(" \t\n|"):
            return
        article = _ARTICLE.search(text)
        if article and gap.right:
            yield gap.start + article.start(1), gap.start + article.end(1), (gap.right,), ""
        if self._skips_a_cell(gap) and _DIGIT.search(text):
            start, stop = gap.start + len(text) - len(text.lstrip()), gap.start + len(text.rstrip())
            yield start, stop, table.cells(table.rows[table.places[row_of(gap.left)]]), ""
            return
        words = expected(table, gap, text)
        beside = self._beside(table, gap, text)
        for start, stop, cells, known in self._explain_fields(table, gap, whole, beside):
            if known is not None:
                yield gap.start + start, gap.start + stop, cells, known
            text = text[:start] + " " * (stop - start) + text[stop:]
        for start, stop in self.added.lines_of_figures(gap):
            yield start, stop, whole, ""
        for start, stop in self.added.numbers(text, gap):
            yield gap.start + start, gap.start + stop, whole, ""
        mask = list(text)
        for start, stop in self._plain_lines(table, text, gap):
            mask[start:stop] = [" "] * (stop - start)
        # where no sum tells a local row's figures from those of the row above, its words have to
        for start, stop in self.added.strange_rows(table, gap):
            yield (
                start,
                stop,
                table.cells(table.rows[table.places[row_of(gap.left or gap.right)]]),
                "",
            )
        for start, stop in [
            *self.added.columns,
            *self.cut,
            *(self.added.rows if table.is_uniform else ()),
        ]:
            inside = range(max(start, gap.start) - gap.start, min(stop, gap.end) - gap.start)
            for i in inside:
                mask[i] = " "
        for start, stop in self._entries_in(gap.start, gap.end, figures=True):
            mask[start - gap.start : stop - gap.start] = " " * (stop - start)
        leftover = "".join(mask)
        for start, stop in joined(leftover, unexplained(leftover, words)):
            token = leftover[start:stop]
            cells = tied(table, gap, start, stop, beside, text, whole)
            figure = self._value(gap.left) if stop <= beside else None
            where: Where = "beside" if stop <= beside else "after"
            if where == "after" and heads_several(table, gap, text, start, stop):
                where = "label"
            known = self._known(table, token, where, figure)
            if known is None and self.added.names_a_row(gap.start + start, token, gap.end):
                continue
            if known == HEAD and gap.right and stop == len(leftover):
                known = None  # 序号5: it touches the figure
            if known and not self._is_of_money(token, known, gap.right if stop > beside else None):
                continue
            yield gap.start + start, gap.start + stop, cells, ""

    def _known(self, table: Table, token: str, where: Where, figure: int | None) -> str | None:
        """By which entry words beside or after a cell are known; other powers have no place where sums are."""
        known = self.grammar.explains(token, where, figure)
        return None if known == OTHER_POWERS and table.is_uniform else known

    def _explain_fields(
        self, table: Table, gap: Gap, whole: tuple[str, ...], beside: int
    ) -> Iterator[tuple[int, int, tuple[str, ...], str | None]]:
        """What stands in the field of a figure or on the line of a heading; None for a unit that is known."""
        text = self.text[gap.start : gap.end]
        if beside and gap.left and (part := text[:beside].strip()):
            known = self._beside_figure(part, gap.left)
            if known == "unit" and "元" in part and self.form.kinds[gap.left] != "money":
                known = None
            if known:
                yield 0, beside, (gap.left,), None if known == "unit" else known
                text = " " * beside + text[beside:]
            bracket = _BESIDE.match(text[:beside])
            if bracket and not self._is_official(bracket[1]):
                yield bracket.start(1), bracket.end(1), (gap.left,), ""
                text = " " * bracket.end() + text[bracket.end() :]
        for start, stop, cell in in_own_field(self.text, gap, self.keyed):
            if text[start:stop].strip() and not self._beside_figure(text[start:stop], cell):
                yield start, stop, (cell,), ""
        if gap.left is None and (found := in_heading(table, text)):
            yield *found, whole, ""

    def _is_of_money(self, words: str, known: str, cell: str | None) -> bool:
        """Whether words are the unit of money and stand over a count, or the other way round."""
        if known != "unit" or cell is None:
            return False
        if "元" not in words:
            row = cell.rpartition(".")[0]
            kinds = {self.form.kinds[n] for n in self.form.cells if n.rpartition(".")[0] == row}
            return kinds == {"money"}
        return "单位" not in words and self.form.kinds[cell] != "money"

    @staticmethod
    def _is_official(bracket: str) -> bool:
        """Whether a bracket holds an ordinal or words of the form and nothing else."""
        if _ORDINAL.fullmatch(bracket):
            return True
        return any(map(str.isalpha, bracket)) and not unexplained(bracket, NOTHING)  # not (-3)

    def _skips_a_cell(self, gap: Gap) -> bool:
        """Whether two cells of a row stand beside a gap, and a cell between them has no place."""
        if gap.left is None or gap.right is None or row_of(gap.left) != row_of(gap.right):
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

    def _plain_lines(self, table: Table, text: str, gap: Gap) -> Iterator[tuple[int, int]]:
        """Whole lines that are known: furniture, sentences, rules, harmless captions."""
        place = 0
        lines = text.split("\n")
        for i, line in enumerate(lines):
            start, place = place, place + len(line) + 1
            bare = line.strip(" \t|")
            if not bare or (i == 0 and gap.left) or (i == len(lines) - 1 and gap.right):
                continue
            prose = gap.right is not None and self.around.is_prose(line)  # else a note
            local = _LOCAL_ROW.fullmatch(bare) if gap.left and table.is_uniform else None
            known = local and self.grammar.explains(local[1], "row")
            if prose or known or self._is_known_line(bare, gap.left):
                yield start, start + len(line)

    def _is_known_line(self, line: str, cell: str | None) -> bool:
        """Whether a line is harmless, known brackets in it taken off."""
        figure = self._largest(cell)
        if self.grammar.explains(line, "line", figure):
            return True
        if speaks_of_report(line) and is_known(line, self.grammar):
            return True
        rest = _BRACKETED.sub(
            lambda part: "" if self.grammar.explains(part[0], "beside") else part[0], line
        ).strip()
        return rest != line and (
            not rest or self.grammar.explains(rest, "line", figure) is not None
        )


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
