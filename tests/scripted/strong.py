"""A scripted strong model: it answers every question about one report as its known truth has it.

It sees what a model sees, the two messages, finds out which excerpt they hold, and writes the answer that
a perfect model would give. It never writes a figure, for the protocol has no place for one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from extractor.readers.excerpt import Candidate, Excerpt, Part, cut, letter
from extractor.readers.model import asked_zones
from extractor.readers.sheets import COLUMNS, edition_in, number_of
from verify.forms import Form, Table, every_form
from verify.layout import lay_out

Truth = Mapping[str, tuple[int, int] | Literal["blank", "missing"]]
"""For every cell of the form where it stands in the source."""

_DATA = re.compile(r"<data-[0-9a-f]{6}>\n(.*)\n</data-", re.DOTALL)
_AGAIN_ROWS = re.compile(r"^行号：([0-9、]*)$", re.MULTILINE)


class StrongModel:
    """Answers about one report.

    Args:
        text: The decoded report.
        truth: Where every cell of its form stands.
    """

    def __init__(self, text: str, truth: Truth) -> None:
        self.layout = lay_out(text)
        self.truth = dict(truth)
        self.form: Form = next(f for f in every_form() if set(f.cells) == set(truth))
        zones = asked_zones(self.layout)
        self.together = cut(self.layout, zones)
        self.alone = [cut(self.layout, [zone]) for zone in zones]

    def __call__(self, system: str, user: str) -> str:
        """The answer to the two messages of one request, compact JSON."""
        shown = data_of(user)
        answer: dict[str, Any]
        if '"skip"' in system:  # whole sections: it has nothing to add to what it pointed at
            answer = {"rows": [], "cells": [], "order": [], "skip": []}
        elif '"names"' in system:
            answer = {"names": []}
        else:
            excerpt = next((e for e in self.alone if e.text == shown), self.together)
            answer = self.pointers(excerpt)
            again = _AGAIN_ROWS.search(user)
            if again is not None:
                answer = _only(answer, {int(row) for row in again[1].split("、") if row})
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))

    # -- pointers

    def pointers(self, excerpt: Excerpt) -> dict[str, Any]:
        """The right answer about an excerpt, as `extractor.readers.shapes.Pointers` has it."""
        marks: list[tuple[int, int]] = []
        cells: list[list[str]] = []
        printed: list[int] = []
        for part in excerpt.parts:
            table = self.form.table(part.zone.table)
            own = excerpt.candidates_of(part)
            if not self._holds_truth(own):
                marks += self._like_the_first(excerpt, part)
                continue
            by_column = self._by_column(own, table)
            marks += by_column
            if not by_column:
                self._by_row(own, table, marks, cells, printed)
        return {"rows": ranges(marks), "cells": cells, "order": printed}

    def _by_row(
        self,
        own: tuple[Candidate, ...],
        table: Table,
        marks: list[tuple[int, int]],
        cells: list[list[str]],
        printed: list[int],
    ) -> None:
        orders: set[tuple[int, ...]] = set()
        for row in table.rows:
            number = number_of(table.id, row.id, edition_in(table))
            names = table.cells(row)
            places = [self.truth[name] for name in names]
            if all(place == "missing" for place in places):
                continue
            if all(place == "blank" for place in places):
                cells.append([str(number)])
                continue
            whole = self._one_by_one(own, names)
            if whole is not None:
                candidate, order = whole
                marks.append((number, candidate.mark))
                orders.add(order)
                continue
            merged = re.fullmatch("([0-9]+)[a-g]+", self._pointer(own, names[0]))
            if len(names) > 1 and len(set(places)) == 1 and merged:  # one cell for the whole row
                marks.append((number, int(merged[1])))
                continue
            cells.append([str(number), *(self._pointer(own, name) for name in names)])
        numbers = list(COLUMNS[table.id])
        turned = {o for o in orders if len(o) == len(numbers) and o != tuple(sorted(o))}
        if len(turned) == 1:
            printed += [numbers[index] for index in turned.pop()]

    def _holds_truth(self, own: tuple[Candidate, ...]) -> bool:
        starts = {place[0] for place in self.truth.values() if not isinstance(place, str)}
        entries = [entry for candidate in own for entry in candidate.entries]
        return any(self.layout.stream.span(e.start, e.end)[0] in starts for e in entries)

    def _like_the_first(self, excerpt: Excerpt, copy: Part) -> list[tuple[int, int]]:
        """A further copy of a table, of the same build as the one in which the truth stands."""
        for part in excerpt.parts:
            own = excerpt.candidates_of(part)
            alike = len(part.marks) == len(copy.marks) and self._holds_truth(own)
            if part.zone.table == copy.zone.table and alike:
                first: list[tuple[int, int]] = []
                self._by_row(own, self.form.table(part.zone.table), first, [], [])
                apart = copy.marks.start - part.marks.start
                return [(row, mark + apart) for row, mark in first]
        return []

    def _one_by_one(
        self, own: tuple[Candidate, ...], names: tuple[str, ...]
    ) -> tuple[Candidate, tuple[int, ...]] | None:
        """The candidate whose entries are just these cells, and their order."""
        for candidate in own:
            if len(candidate.entries) != len(names):
                continue
            spans = [self.layout.stream.span(e.start, e.end) for e in candidate.entries]
            if {self.truth[name] for name in names} == set(spans) and len(set(spans)) == len(names):
                at = {self.truth[name]: i for i, name in enumerate(names)}
                return candidate, tuple(at[span] for span in spans)
        return None

    def _by_column(self, own: tuple[Candidate, ...], table: Table) -> list[tuple[int, int]]:
        """For a table printed column by column the mark of each column; blanks may hold marks."""
        found = []
        for at, number in enumerate(COLUMNS[table.id]):
            places = [self.truth[table.cells(row)[at]] for row in table.rows]
            for candidate in own:
                spans = [self.layout.stream.span(e.start, e.end) for e in candidate.entries]
                if len(spans) == len(places) and all(
                    place in (span, "blank") for place, span in zip(places, spans, strict=True)
                ):
                    found.append((number, candidate.mark))
        return found if len(found) == len(COLUMNS[table.id]) else []

    def _pointer(self, own: tuple[Candidate, ...], name: str) -> str:
        place = self.truth[name]
        if place == "missing":
            return "-"
        if place == "blank":
            return ""
        assert not isinstance(place, str)
        parts: list[str] = []
        for candidate in own:
            for i, entry in enumerate(candidate.entries):
                start, end = self.layout.stream.span(entry.start, entry.end)
                if start >= place[1] or end <= place[0]:
                    continue
                pointer = f"{candidate.mark}{letter(i)}"
                if place[0] > start or (place[1] < end):
                    first, last = max(place[0], start) - start + 1, min(place[1], end) - start
                    pointer += f".{first}" if first == last else f".{first}-{last}"
                parts.append(pointer)
        return "+".join(parts) or "-"


def data_of(user: str) -> str:
    """The part of a question that is text of the report."""
    found = _DATA.search(user)
    assert found is not None, "no data in the question"
    return found[1]


def ranges(pairs: list[tuple[int, int]]) -> list[list[int]]:
    """The ranges of rows on marks that pairs make, in their order."""
    found: list[list[int]] = []
    for row, mark in pairs:
        if found and found[-1][1] == row - 1 and found[-1][3] == mark - 1:
            found[-1][1], found[-1][3] = row, mark
        else:
            found.append([row, row, mark, mark])
    return found


def pairs_of(answer: dict[str, Any]) -> list[tuple[int, int]]:
    """Row, or column, and mark, one by one."""
    return [
        (row, mark)
        for first, last, low, high in answer["rows"]
        for row, mark in zip(range(first, last + 1), range(low, high + 1), strict=True)
    ]


def _only(answer: dict[str, Any], rows: set[int]) -> dict[str, Any]:
    kept = [(row, mark) for row, mark in pairs_of(answer) if row in rows]
    cells = [cell for cell in answer["cells"] if int(cell[0]) in rows]
    return answer | {"rows": ranges(kept), "cells": cells}
