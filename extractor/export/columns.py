"""The columns of an export: the same for every store, so that files can be stacked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from extractor.catalogue import LANGS, Catalogue
from extractor.export.cells import FormCell, Names, every_cell
from extractor.export.panel import OWN

Shape = Literal["long", "wide"]
Kind = Literal["text", "integer", "money", "figure"]
"""``figure`` is a count or money, by the cell of its row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export."""

    name: str  # its header
    kind: Kind  # what its values are
    zh: str = ""  # what it says, in Chinese; empty for a column that is a cell
    en: str = ""  # the same in English
    cell: FormCell | None = None  # the cell that it holds, in a wide file


WORDS = Catalogue("export")
_HEAD = (
    "path sha256 agency year:integer form "
    "url agency_id region_code region region_from manifest_agency manifest_year:integer otherwise"
)
_LONG = (
    f"{_HEAD} table row column cell value:figure state quality sums_held:integer sums_failed:integer "
    "verdict text span_start:integer span_end:integer was entered_by"
)
_WIDE = (
    f"{_HEAD} tables verdict cells_read:integer cells_deduced:integer cells_not_read:integer "
    "cells_guarded:integer doubted_cells deduced_cells cells_entered:integer entered_cells decisions:integer"
)
_LAST = "paths:integer"
"""The last of every shape: it is never empty, and a row of a workbook ends with its last figure."""


def named(spec: str) -> Iterator[Column]:
    """Columns by their names, each with its kind where that is not text."""
    for one in spec.split():
        name, _, kind = one.partition(":")
        zh, en = (WORDS[lang].columns[name] for lang in LANGS)
        yield Column(name, cast("Kind", kind or "text"), zh, en)


_KINDS: dict[str, Kind] = {"count": "integer", "change": "integer", "money": "money"}


@cache
def columns_of(shape: Shape, names: Names, own: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The columns of a shape, in order.

    Args:
        shape: One row a cell, or one row a report.
        names: How cells are called.
        own: Further columns of manifests; only how many paths a report has stands behind them.
    """
    more = tuple(
        Column(
            f"{OWN}{number}" if names == "short" else f"{OWN}{name}",
            "text",
            *(WORDS[lang].own.format(name=name) for lang in LANGS),
        )
        for number, name in enumerate(own, 1)
    )
    if shape == "long":
        return (*named(_LONG), *more, *named(_LAST))
    cells = every_cell().values()
    of_cells = (Column(c.named(names), _KINDS[c.kind], cell=c) for c in cells)
    return (*named(_WIDE), *of_cells, *more, *named(_LAST))
