"""A summary as one JSON document, findings streamed to disk while they are made: docs/summary.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from extractor.across.records import Duplicate, Several, YearFinding
from extractor.across.summary import Found, Summary, summarise
from extractor.panel.against import Otherwise
from extractor.writing import encoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extractor.batch.store import Store

SCHEMA_VERSION = "1"
_IN_MEMORY = 1 << 20
_LIST_OF: dict[type, str] = {
    Otherwise: "otherwise",
    YearFinding: "years",
    Several: "several",
    Duplicate: "duplicates",
}
_LISTS = tuple(_LIST_OF.values())


@contextmanager
def kept_on_disk() -> Iterator[Document]:
    """A document and its temporary files, which end with it."""
    with ExitStack() as stack:
        yield Document(
            {name: stack.enter_context(SpooledTemporaryFile(_IN_MEMORY)) for name in _LISTS}
        )


class Document:
    """A summary whose findings across reports are all kept, on disk."""

    def __init__(self, lists: Mapping[str, IO[bytes]]) -> None:
        self._lists = lists

    def make(self, store: Store, run: int | None) -> Summary:
        """Sum up a store, see `summarise`."""
        return summarise(store, run, every=self._add)

    def lines(self, summary: Summary) -> Iterator[str]:
        """The lines of the document without their ends: one finding a line."""
        yield json.dumps(_head(summary), ensure_ascii=False)[:-1] + ","
        for number, (name, rows) in enumerate(self._lists.items()):
            yield f'"{name}": ['
            rows.seek(0)
            last = None
            for row in rows:
                if last is not None:
                    yield last + ","
                last = row.decode().rstrip("\n")
            if last is not None:
                yield last
            yield "]," if number + 1 < len(_LISTS) else "]}"

    def _add(self, found: Found) -> None:
        name = _LIST_OF[type(found)]
        line = json.dumps(asdict(found), ensure_ascii=False)
        self._lists[name].write(encoded(line) + b"\n")


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
            {key: value for key, value in asdict(one).items() if key != "rank"}
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
    years = sorted(counts, key=lambda year: (year is None, year or 0))
    return [
        {"year": year, "key": key, "reports": count}
        for year in years
        for key, count in sorted(counts[year].items(), key=lambda one: str(one[0]))
        if count
    ]
