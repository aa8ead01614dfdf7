"""Whether the columns of a table that a model read are those that its own headers name, in their printed order.

The parts of a row hold every sum in any order, so no sum tells two columns apart. What does: the official name before
each figure, the official names over all of them, or words over them that are put to a model apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.figures_of import Printed
from verify.fold import fold_text
from verify.forms import Table
from verify.headers import UPPER
from verify.layout import Layout
from verify.reading import Place, Span

_FIELD = re.compile(r"[^\t|\n]+")
_WORD = re.compile(r"[^ \t|\n]+")
_LACKING = 1  # one name may be damaged: its column is what is left


@dataclass(frozen=True, slots=True)
class Headed:
    """What the headers say.

    Attributes:
        sound: Whether code knows the names, and they are as the reading has the columns.
        words: Otherwise the words over each column, by its index, where they can be told apart.
    """

    sound: bool
    words: tuple[tuple[int, Span], ...] = ()


def headed(
    layout: Layout,
    table: Table,
    places: Mapping[str, Place],
    figures: Sequence[Printed],
    start: int,
) -> Headed | None:
    """Hold the columns of a reading against the headers of its section.

    Args:
        layout: The source.
        table: The table.
        places: Where its cells stand.
        figures: Of the section.
        start: Folded offset at which the section begins.

    Returns:
        None where the headers say otherwise, or say nothing.
    """
    at = {figure.span: figure for figure in figures}
    rows = []
    for row in table.rows:
        spans = [place.span if (place := places.get(n)) else None for n in table.cells(row)]
        printed = sorted((span, i) for i, span in enumerate(spans) if span is not None)
        if printed:
            rows.append((row, printed))
    wide = [(row, printed) for row, printed in rows if len(row.columns) > 1]
    if not wide or not table.is_uniform:
        return Headed(sound=True)  # one figure a row, or columns under their row's own words
    labels = [_bare(column.label) for column in wide[0][0].columns]
    if all(_named_each(layout, labels, printed, at, figures) for _, printed in wide):
        return Headed(sound=True)
    orders = {tuple(i for _, i in printed) for _, printed in wide if len(printed) == len(labels)}
    if len(orders) != 1 or any(len(printed) != len(labels) for _, printed in wide):
        return None
    order = orders.pop()
    first = min(at[printed[0][0]].start for _, printed in wide)
    found = _sequence(_bare(layout.stream.folded.text[start:first]), labels)
    if len(found) >= len(labels) - _LACKING:
        return Headed(sound=True) if found == [i for i in order if i in found] else None
    if found and found != [i for i in order if i in found]:
        return None
    fields = _fields(layout, start, first, len(labels))
    return Headed(sound=False, words=tuple(zip(order, fields, strict=True))) if fields else None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", fold_text(text))


def _named_each(
    layout: Layout,
    labels: Sequence[str],
    printed: Sequence[tuple[Span, int]],
    at: Mapping[Span, Printed],
    figures: Sequence[Printed],
) -> bool:
    """Whether the name of its column stands before each figure of a row."""
    text = layout.stream.folded.text
    for span, index in printed:
        figure = at[span]
        floor = max((one.end for one in figures if one.end <= figure.start), default=0)
        words = _bare(text[max(floor, figure.line) : figure.start])
        if not words.rstrip(":为").endswith(labels[index]):
            return False
    return True


def _sequence(head: str, labels: Sequence[str]) -> list[int]:
    """The columns that are named, in the order in which they are printed, both levels of a header together."""
    places: dict[int, int] = {}
    for index, label in enumerate(labels):
        found = [
            match.start()
            for match in re.finditer(re.escape(label), head)
            if not head.startswith(UPPER, match.start() - 3)
        ]
        if found:
            places[index] = found[-1]
    group = head.rfind(UPPER)
    inner = [i for i in places if i not in (0, len(labels) - 1)]
    if group >= 0 and inner and len(labels) > len(inner):
        low = min(places[i] for i in inner)
        for index in inner:  # the group's columns stand where its name does
            if low > max((places.get(i, -1) for i in (0, len(labels) - 1)), default=-1):
                places[index] = group
        return sorted(places, key=lambda i: (places[i], head.rfind(labels[i])))
    return sorted(places, key=lambda i: places[i])


def _fields(layout: Layout, start: int, end: int, count: int) -> list[Span]:
    """The words over each column: the last line before the figures that has as many."""
    text = layout.stream.folded.text
    stop = text.rfind("\n", start, end)
    while stop > start:
        begin = max(text.rfind("\n", start, stop) + 1, start)
        for pattern in (_FIELD, _WORD):
            words = [m for m in pattern.finditer(text, begin, stop) if m[0].strip()]
            if len(words) == count + 1:
                words = words[1:]
            if len(words) == count:
                return [layout.stream.span(*_inner(m)) for m in words]
        stop = begin - 1
    return []


def _inner(match: re.Match[str]) -> tuple[int, int]:
    text = match[0]
    begin = match.start() + len(text) - len(text.lstrip())
    return begin, begin + len(text.strip())
