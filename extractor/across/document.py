"""A summary as one JSON document with every finding, one a line: docs/summary.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from extractor.across.summary import LIST_OF, Summary, years_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extractor.across.board import Board

SCHEMA_VERSION = "1"


def document(summary: Summary, board: Board) -> Iterator[str]:
    """The lines of the document without their ends.

    Args:
        summary: Made of the board.
        board: Has the findings across reports.
    """
    yield json.dumps(_head(summary), ensure_ascii=False)[:-1] + ","
    for number, name in enumerate(LIST_OF.values()):
        yield f'"{name}": ['
        yield from board.kept_json(name)
        yield "]," if number + 1 < len(LIST_OF) else "]}"


def _head(summary: Summary) -> dict[str, Any]:
    run = summary.run
    spent = summary.spent
    return {
        "schema_version": SCHEMA_VERSION,
        "store": summary.store,
        "run": None if run is None else run.id,
        "runs": [{key: getattr(one, key) for key in _RUN} for one in summary.runs],
        "reports": summary.reports,
        "verdicts": dict(sorted(summary.verdicts.items())),
        "by_year": _nested(summary.by_year),
        "by_form": _nested(summary.by_form),
        "rules": [asdict(one) for one in summary.rules],
        "worst": [
            {"errors": one.errors, "failed": one.failed, "path": one.name}
            | {key: getattr(one, key) for key in ("agency", "year", "verdict", "warnings")}
            for one in summary.worst
        ],
        "failures": dict(sorted(summary.failures.items())),
        "failed": [
            {
                "path": one.name,
                "sha256": one.sha256 or None,
                "problem": one.problem or "untried",
                "message": one.message,
            }
            for one in summary.failed
        ],
        "spent": {**asdict(spent), "cost_usd": f"{spent.cost_usd:f}"},
        "makers": [
            {**asdict(maker), "options": dict(maker.options), "reports": count}
            for maker, count in summary.makers
        ],
        "across": asdict(summary.counts),
        "manifest": dict(sorted(summary.manifest.items())),
    }


_RUN = ("id", "began", "ended", "ending", "version", "attempts", "results")


def _nested(counts: Mapping[int | None, Mapping[str, int]] | Mapping[int | None, Any]) -> list[Any]:
    """Counts by year as a list, as a year that is not known is no key of JSON."""
    return [
        {"year": year, "key": key, "reports": count}
        for year in years_of(counts)
        for key, count in sorted(counts[year].items(), key=lambda one: str(one[0]))
        if count
    ]
