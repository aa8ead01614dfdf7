"""Figures that are printed twice, or digit by digit twice, as pages thicken their type (fake bold).

Where the whole report is so, nothing can be read. Where a row or a column is, its figures are no figures
that can be read: 1133 may be 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from verify.forms import Form
from verify.reading import Reading, Span

_TWICE = re.compile(r"(?:(.)\1)+|(?:(.)\2\2)+|(.+)\3")  # or more often
_INTEGRAL = re.compile(r"\.00?$")
_DIGITS = re.compile("[0-9]+")
_FEWEST = 20
_MOST_OTHERS = 0.1  # of figures that are not, as a mark or a note may be
_FEWEST_TOGETHER = 3


def printed_twice(texts: Iterable[str]) -> bool:
    """Whether nearly all figures of a report are so."""
    figures = _figures(texts)
    once = sum(_TWICE.fullmatch(figure) is None for figure in figures)
    return len(figures) >= _FEWEST and once <= _MOST_OTHERS * len(figures)


def cells_printed_twice(form: Form, reading: Reading, texts: Mapping[Span, str]) -> Iterator[str]:
    """The cells of every row and every column of sums in which each figure is so, and one beyond chance."""
    for table in form.tables:
        rows = [table.cells(row) for row in table.rows]
        wide = [cells for cells in rows if len(cells) > _FEWEST_TOGETHER]
        for cells in (*wide, *zip(*wide, strict=True)):
            places = [reading.place(name) for name in cells]
            printed = [(place.where, texts[place.span]) for place in places if place.span]
            figures = _figures(text for where, text in printed if where == "span")
            if (
                cells[-1] == wide[-1][-1]
            ):  # sums: of a row that could not be placed, the last figure
                doubtful = (_DIGITS.findall(text) for where, text in printed if where == "doubt")
                figures += [digits[-1] for digits in doubtful if digits]
            if len(figures) < _FEWEST_TOGETHER or not all(map(_TWICE.fullmatch, figures)):
                continue
            if any(figure[0] == "0" or len(set(figure)) > 1 for figure in figures):
                yield from cells


def _figures(texts: Iterable[str]) -> list[str]:
    """The digits of each text that has some."""
    digits = ("".join(filter(str.isdigit, _INTEGRAL.sub("", text))) for text in texts)
    return [figure for figure in digits if figure]
