"""Figures of a stored result as the comparisons across a store need them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extractor.flat import Flat
from verify.years import YearFigures

if TYPE_CHECKING:
    from extractor.batch.store import Store


def figures_at(store: Store, result: int) -> YearFigures | None:
    """The figures of a result, None of one without tables or whose reading is not trusted."""
    return figures_in(json.loads(store.result_json(result)))


def figures_in(result: dict[str, Any]) -> YearFigures | None:
    """The same of a result as JSON."""
    flat, report = Flat(result), result["report"]
    if flat.form is None or result["verdict"] == "rejected":
        return None
    spans = (tuple(span) if span else None for span in flat.column("span"))
    return YearFigures(
        report["agency"],
        report["year"],
        flat.form,
        dict(zip(flat.names, flat.numbers, strict=True)),
        dict(zip(flat.names, spans, strict=True)),
    )
