"""The oracle itself: figures and labels known, places found in the prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from extractor.readers.excerpt import letter
from extractor.readers.sheets import COLUMNS, edition_in, number_of
from tests.scripted.strong import data_of, ranges
from verify.forms import Form, Row, Table, every_form

from .prompt import Mark, marks_of

Truth = Mapping[str, object]
"""The figure of every cell of a form, None for one that is not printed or not legible."""

_SECTIONS = {"二": "proactive", "三": "requests", "四": "proceedings"}
_OPENS = ("（", "(", "〔", "[")
_ORDINAL, _SUBTOTAL, _OTHER_YEAR, _ASIDE = 1, 2, 3, 4
_FEW = 4
_OUTCOMES = "结果维持结果纠正其他结果尚未审结总计"
_THIRD = "第三其他"
_LABEL = 3  # a shorter one is also a part of other words


@dataclass(slots=True)
class _Found:
    """A row and the marks that may be its cells: 0 an empty cell, -1 one that is not printed."""

    row: Row
    marks: list[int]
    words: str
    score: float
    order: tuple[int, ...] | None

    @property
    def used(self) -> list[int]:
        return [mark for mark in self.marks if mark > 0]


class Oracle:
    """Answers about one report.

    Args:
        truth: Its figures.
    """

    def __init__(self, truth: Truth) -> None:
        self.truth = {name: _number(value) for name, value in truth.items()}
        self.form: Form = max(
            every_form(), key=lambda form: len(set(form.cells) & set(self.truth)) / len(form.cells)
        )
        self.words: dict[str, int] = {}
        self.heads: dict[int, str] = {}
        self.lines: list[str] = []

    def __call__(self, system: str, user: str) -> str:
        """The answer to the two messages of a request."""
        if '"names"' in system:
            answer: dict[str, Any] = {"names": self.names(user)}
        elif '"skip"' in system:
            answer = self.whole(user)
        else:
            answer = self.pointers(user)
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))

    # -- whole sections

    def whole(self, user: str) -> dict[str, Any]:
        """The best answer about whole sections."""
        answer: dict[str, Any] = {"rows": [], "cells": [], "order": [], "skip": []}
        marks = marks_of(user, whole=True)
        self.lines = data_of(user).split("\n")
        for sign, table_id in _SECTIONS.items():
            own = [mark for mark in marks if mark.section == sign]
            if own:
                self._section(self.form.table(table_id), own, answer)
        return answer

    def _section(self, table: Table, marks: list[Mark], answer: dict[str, Any]) -> None:
        columns = self._columns(table, marks)
        if columns:
            answer["rows"] += columns
            used = {mark for _, first, last in columns for mark in range(first, last + 1)}
        else:
            chosen = self._rows(table, marks)
            for one in chosen:
                number = number_of(table.id, one.row.id, edition_in(table))
                self.words[_squeezed(one.words)] = number
                run = one.used
                straight = len(run) == len(one.marks) == run[-1] - run[0] + 1
                if straight and one.order == tuple(range(len(run))):
                    answer["rows"].append([number, run[0], run[-1]])
                else:
                    answer["cells"].append([number, *one.marks])
            used = {mark for one in chosen for mark in one.used}
            self._heads(table, marks, chosen)
        answer["skip"] += _skips(marks, used)

    def _heads(self, table: Table, marks: list[Mark], chosen: list[_Found]) -> None:
        """The words over the columns, where as many stand on one line above the first row."""
        first = next((m.line for m in marks if chosen and m.first in chosen[0].used), 0)
        order = next((one.order for one in chosen if one.order), None)
        numbers = list(COLUMNS[table.id])
        if order is None or not numbers:
            return
        for line in reversed(self.lines[:first]):
            words = line.split()
            if len(words) == len(order):
                self.heads.update((numbers[i], word) for i, word in zip(order, words, strict=True))
                return

    def _columns(self, table: Table, marks: list[Mark]) -> list[list[int]]:
        """A table whose columns are printed one after the other."""
        values = [_number(mark.figures[0]) if mark.figures else None for mark in marks]
        found: list[list[int]] = []
        for at, number in enumerate(COLUMNS[table.id]):
            wanted = [self.truth.get(table.cells(row)[at]) for row in table.rows]
            starts = [
                i
                for i in range(len(marks) - len(wanted) + 1)
                if values[i : i + len(wanted)] == wanted
                and not any(f[1] <= marks[i].first <= f[2] for f in found)
            ]
            if not starts:
                return []
            first = marks[starts[0]].first
            found.append([number, first, first + len(wanted) - 1])
        return found

    def _rows(self, table: Table, marks: list[Mark]) -> list[_Found]:
        """Rows on marks: as many as can be had, each mark once, by order and by words."""
        options = [one for row in table.rows for one in self._options(table, row, marks)]
        at = {row.id: i for i, row in enumerate(table.rows)}
        options.sort(key=lambda one: one.used[0])
        # the heaviest chain of options in order of rows and of marks
        best: list[tuple[float, int]] = []
        for i, one in enumerate(options):
            before = [
                (best[j][0], j)
                for j in range(i)
                if at[options[j].row.id] < at[one.row.id] and options[j].used[-1] < one.used[0]
            ]
            most = max(before, default=(0.0, -1))
            best.append((most[0] + 1 + one.score, most[1]))
        chain: list[_Found] = []
        i = max(range(len(options)), key=lambda k: best[k][0], default=-1)
        while i >= 0:
            chain.append(options[i])
            i = best[i][1]
        chosen = chain[::-1]
        taken = {mark for one in chosen for mark in one.used}
        there = {one.row.id for one in chosen}
        for one in sorted(options, key=lambda one: -one.score):  # rows printed in another order
            if one.row.id not in there and not taken.intersection(one.used):
                chosen.append(one)
                there.add(one.row.id)
                taken.update(one.used)
        return chosen

    def _options(self, table: Table, row: Row, marks: list[Mark]) -> list[_Found]:
        wanted = [self.truth.get(name) for name in table.cells(row)]
        if all(value is None for value in wanted):
            return []
        values = [_number(mark.figures[0]) if mark.figures else None for mark in marks]
        plain = [i for i, mark in enumerate(marks) if not mark.before.rstrip().endswith(_OPENS)]
        found: list[_Found] = []
        width = len(wanted)
        for some in (list(range(len(marks))), plain):
            for k in range(len(some) - width + 1):
                window = some[k : k + width]
                order = _order([values[i] for i in window], wanted)
                if order is None:
                    continue
                places = [0] * width
                for cell, i in zip(order, window, strict=True):
                    places[cell] = marks[i].first
                found.append(self._found(row, places, marks, window[0], order))
            if found:
                break
        found = [one for one in found if one.order == tuple(range(width))] or found
        return found or self._sparse(row, wanted, marks, values)

    def _sparse(
        self,
        row: Row,
        wanted: Sequence[object],
        marks: list[Mark],
        values: Sequence[object],
    ) -> list[_Found]:
        """A row of which some cells are not printed, each figure behind the name of its column."""
        found: list[_Found] = []
        lines: dict[int, list[int]] = {}
        for i, mark in enumerate(marks):
            lines.setdefault(mark.line, []).append(i)
        for line in lines.values():
            if not 1 < len(line) <= len(wanted):
                continue
            for cells in combinations(range(len(wanted)), len(line)):
                if all(values[i] == wanted[c] for c, i in zip(cells, line, strict=True)) and all(
                    wanted[c] in (0, None) for c in range(len(wanted)) if c not in cells
                ):
                    named = sum(
                        _squeezed(marks[i].before).endswith(_squeezed(row.columns[c].label))
                        for c, i in zip(cells, line, strict=True)
                    )
                    if named >= len(line) - 1:
                        places = [-1] * len(wanted)
                        for c, i in zip(cells, line, strict=True):
                            places[c] = marks[i].first
                        found.append(self._found(row, places, marks, line[0], None))
                        break
        return found

    @staticmethod
    def _found(
        row: Row,
        places: list[int],
        marks: list[Mark],
        at: int,
        order: tuple[int, ...] | None,
    ) -> _Found:
        words = marks[at].before
        return _Found(row, places, words, _alike(words, row), order)

    # -- names

    def names(self, user: str) -> list[list[int]]:
        """What words name: as they stood before figures that are known, or by the official labels."""
        found = []
        for line in data_of(user).split("\n"):
            number, _, words = line.partition(" ")
            squeezed = _squeezed(words)
            best = max(
                ((_ratio(squeezed, known), row) for known, row in self.words.items()),
                default=(0.0, 0),
            )
            column = next((n for n, words in self.heads.items() if _squeezed(words) == squeezed), 0)
            found.append([int(number), column or (best[1] if best[0] > 0 else 0)])
        return found

    # -- marks of groups

    def pointers(self, user: str) -> dict[str, Any]:
        """The best answer about an excerpt with marks on groups of figures."""
        rows: dict[int, int] = {}
        cells: list[list[str]] = []
        taken: set[int] = set()
        marks = marks_of(user, whole=False)
        by_column = {number for mark in marks if (number := self._column_named(mark))}
        for table in self.form.tables:
            if by_column.intersection(COLUMNS[table.id]):
                continue
            for row in table.rows:
                number = number_of(table.id, row.id, edition_in(table))
                wanted = [self.truth.get(name) for name in table.cells(row)]
                for mark in marks:
                    if not mark.figures or mark.first in taken or self._column_named(mark):
                        continue
                    values = [_number(figure) for figure in mark.figures]
                    if values == wanted and number not in rows:
                        rows[number] = mark.first
                        taken.add(mark.first)
                    elif (
                        len(values) > len(wanted)
                        and number not in rows
                        and number in self._labels_in(_squeezed(mark.before))
                    ):
                        self._within(number, wanted, mark, values, cells, taken)
        labelled = self._labelled(marks, rows, taken)
        before: dict[int, list[str]] = {mark.first: mark.before.split() for mark in marks}
        for number, first in labelled.items():
            for some in (1, 2, 4):
                self.words.setdefault(_squeezed("".join(before.get(first, [])[-some:])), number)
        return {"rows": ranges(sorted(labelled.items())), "cells": cells, "order": []}

    @staticmethod
    def _within(
        number: int,
        wanted: list[Any],
        mark: Mark,
        values: list[Any],
        cells: list[list[str]],
        taken: set[int],
    ) -> None:
        if any(cell[0] == str(number) for cell in cells):
            return
        for at in range(len(values) - len(wanted) + 1):
            if values[at : at + len(wanted)] == wanted:
                told = [f"{mark.first}{letter(at + i)}" for i in range(len(wanted))]
                cells.append([str(number), *told])
                taken.add(mark.first)
                return

    def _labelled(self, marks: list[Mark], rows: dict[int, int], taken: set[int]) -> dict[int, int]:
        """Marks by the words before them: columns by theirs, rows in the order in which their labels stand."""
        waiting: list[int] = []
        loose: list[int] = []
        for mark in marks:
            words = _squeezed(re.sub(r"3[.．、]\s*其他(?=\W|$)", _THIRD, mark.before))
            column = self._column_named(mark)
            if column:
                rows[column] = mark.first
                continue
            named = [] if words.endswith(_OUTCOMES) else self._labels_in(words)
            if named:  # a label right before its figures, or all of a block before theirs
                waiting = [number for number in named if number not in rows or len(named) > 1]
            for one in range(mark.first, mark.last + 1):
                if one in taken:
                    waiting = waiting[1:]
                elif waiting:
                    rows.setdefault(waiting.pop(0), one)
                else:
                    loose.append(one)
        lost = [
            number
            for table in self.form.tables
            for row in table.rows
            if (number := number_of(table.id, row.id, edition_in(table))) not in rows
            and any(self.truth.get(name) is not None for name in table.cells(row))
        ]
        if len(lost) == len(loose):  # what is left are the rows that are left
            rows.update(zip(lost, loose, strict=True))
        return rows

    def _column_named(self, mark: Mark) -> int:
        """The column that the words before a mark name, where as many figures follow as a column has."""
        words = _squeezed(mark.before)
        count = mark.count or len(mark.figures)
        for table in self.form.tables:
            if COLUMNS[table.id] and count == len(table.rows) > len(COLUMNS[table.id]):
                for at, number in enumerate(COLUMNS[table.id]):
                    if words.endswith(_squeezed(table.rows[0].columns[at].label)):
                        return number
        return 0

    def _labels_in(self, words: str) -> list[int]:
        """The rows whose labels stand in words, in order; of two at one place the longer."""
        found: dict[int, tuple[int, int]] = {}
        for table in self.form.tables:
            for row in table.rows:
                number = number_of(table.id, row.id, edition_in(table))
                labels = {_squeezed(text) for text in (row.label, row.printed, *row.variants)}
                for label in labels | ({_THIRD} if row.id == "other_other" else set()):
                    short = len(label) < _LABEL and not words.endswith(label)
                    at = -1 if not label or short else words.rfind(label)
                    if at >= 0 and (at not in found or found[at][0] < len(label)):
                        found[at] = (len(label), number)
        kept: list[int] = []
        end = -1
        for at, (length, number) in sorted(found.items()):
            if at >= end and number not in kept:
                kept.append(number)
                end = at + length
        return kept


def _order(values: Sequence[object], wanted: Sequence[object]) -> tuple[int, ...] | None:
    """Which cell each printed figure is, where they are just the row's; the printed order if it fits."""
    if list(values) == list(wanted):
        return tuple(range(len(wanted)))
    if (
        None in values
        or len(set(wanted)) < _FEW
        or sorted(map(str, values)) != sorted(map(str, wanted))
    ):
        return None
    turned = (len(wanted) - 1, *range(len(wanted) - 1))  # the total first
    if [wanted[i] for i in turned] == list(values):
        return turned
    if len(set(wanted)) == len(wanted):
        return tuple(list(wanted).index(value) for value in values)
    return None


def _skips(marks: Sequence[Mark], used: set[int]) -> list[list[int]]:
    """What is left: numbers of items, subtotals, figures of another year, anything else."""
    left = [m for m in marks if m.first not in used and m.figures and m.figures[0][-1].isdigit()]
    found: list[list[int]] = []
    lines = {m.line for m in marks if m.first in used}
    for mark in left:
        words = re.match(r"\S*?[ .、)）]*([\u4e00-\u9fff])", mark.shown)
        if mark.before.rstrip().endswith(_OPENS) or (mark.line in lines and not words):
            kind = _OTHER_YEAR
        elif words and len(mark.figures[0]) < 3:
            kind = _ORDINAL
        else:
            kind = _SUBTOTAL
        if found and found[-1][0] == kind and found[-1][2] == mark.first - 1:
            found[-1][2] = mark.first
        else:
            found.append([kind, mark.first, mark.first])
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad（）()、.．,，;；:：…“”\"0-9|]", "", text)


def _alike(words: str, row: Row) -> float:
    squeezed = _squeezed(words)[-40:]
    return max(_ratio(squeezed, _squeezed(label)) for label in (row.label, row.printed))


def _ratio(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).ratio() if one and two else 0.0


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return Decimal(0) if str(value) == "〇" else None
