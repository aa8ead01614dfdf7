"""A comparison as one JSON document, written to disk as it grows: see docs/comparing.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from extractor.diff import Difference
from extractor.diff.records import CellChange, Change, Side
from extractor.diff.totals import Totals
from extractor.writing import encoded

if TYPE_CHECKING:
    from extractor.batch.records import Maker
    from extractor.diff.merge import At

SCHEMA_VERSION = "1"
_IN_MEMORY = 1 << 20
_COUNTS = tuple(one.name for one in fields(Totals) if one.name != "verdicts")


def document(difference: Difference) -> Iterator[str]:
    """The lines of the document: head and counts on one, then a change on each.

    Nothing is given out before everything was compared, so a store that cannot be read leaves no half
    document.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as changes:
        for change in difference:
            changes.write(encoded(json.dumps(_change(change), ensure_ascii=False)) + b"\n")
        yield json.dumps(_head(difference), ensure_ascii=False)[:-1] + ', "changes": ['
        changes.seek(0)
        last = None
        for line in changes:
            if last is not None:
                yield last + ","
            last = line.decode().rstrip("\n")
        if last is not None:
            yield last
        yield "]}"


def _head(difference: Difference) -> dict[str, Any]:
    totals = difference.totals()
    old, new = difference.makers()
    return {
        "schema_version": SCHEMA_VERSION,
        "old": _store(difference, difference.old, old),
        "new": _store(difference, difference.new, new),
        "only": list(difference.only),
        "accepted_changed": totals.accepted_changed,
        "counts": {name: _count(getattr(totals, name)) for name in _COUNTS},
        "verdicts": [
            {"old": before, "new": after, "reports": count}
            for (before, after), count in sorted(totals.verdicts.items())
        ],
    }


def _count(value: int | Mapping[str, int]) -> int | dict[str, int]:
    return value if isinstance(value, int) else dict(sorted(value.items()))


def _store(difference: Difference, at: At, makers: list[tuple[Maker, int]]) -> dict[str, Any]:
    run = difference.run(at)
    return {
        "store": at.store.path,
        "run": None if run is None else run.id,
        "began": None if run is None else run.began,
        "ended": None if run is None else run.ended,
        "ending": None if run is None else run.ending,
        "makers": [_maker(maker, count) for maker, count in makers],
    }


def _maker(maker: Maker, count: int) -> dict[str, Any]:
    return {
        **asdict(maker),
        "prompts": [
            dict(zip(("model", "id", "sha256"), one, strict=True)) for one in maker.prompts
        ],
        "options": dict(maker.options),
        "reports": count,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "paths": list(change.paths),
        "old": _side(change.old),
        "new": _side(change.new),
        "newly_accepted": change.newly_accepted,
        "newly_lost": change.newly_lost,
        "cells": [_cell(cell, alarm_of=change) for cell in change.cells],
        "other": change.other,
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "sha256": side.sha256 or None,
        "verdict": side.verdict,
        "problem": side.problem,
        "message": side.message,
    }


def _cell(cell: CellChange, *, alarm_of: Change) -> dict[str, Any]:
    return {
        "cell": cell.cell,
        "kind": cell.kind,
        "accepted": alarm_of.was_good,
        "old": None if cell.old is None else asdict(cell.old),
        "new": None if cell.new is None else asdict(cell.new),
    }
