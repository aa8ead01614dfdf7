"""Figures of a stored result as the comparisons across a store need them."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from verify.cells import WITH_FIGURE
from verify.forms import Form, every_form
from verify.years import YearFigures

if TYPE_CHECKING:
    from extractor.batch.store import Store
    from verify.figures import Number


def figures_at(store: Store, result: int) -> YearFigures | None:
    """The figures of a result, None of one without tables or whose reading is not trusted."""
    return figures_in(json.loads(store.result_json(result)))


def figures_in(result: dict[str, Any]) -> YearFigures | None:
    """The same of a result as JSON."""
    cells = result["cells"]
    form = _form(frozenset(cells))
    if form is None or result["verdict"] == "rejected":
        return None
    report = result["report"]
    return YearFigures(
        report["agency"],
        report["year"],
        form,
        {name: _value(form, name, cell) for name, cell in cells.items()},
        {name: tuple(cell["span"]) if cell["span"] else None for name, cell in cells.items()},
    )


def _value(form: Form, name: str, cell: dict[str, Any]) -> Number | None:
    if cell["state"] not in WITH_FIGURE:
        return None
    value: int | str | None = cell["value"]
    if form.kinds[name] == "money":
        return Decimal(value) if isinstance(value, str) else None
    return value if isinstance(value, int) else None


@cache
def _form(cells: frozenset[str]) -> Form | None:
    for form in every_form():
        if form.kinds.keys() == cells:
            return form
    return None
