"""A comparison as one JSON document, written to disk as it grows: see docs/comparing.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from extractor.across.board import Board
from extractor.diff import Difference
from extractor.diff.records import Change, Totals

if TYPE_CHECKING:
    from extractor.batch.records import Maker, Standing
    from extractor.diff.matching import At

SCHEMA_VERSION = "1"
_COUNTS = tuple(one.name for one in fields(Totals) if one.name != "verdicts")


def document(difference: Difference) -> Iterator[str]:
    """The lines of the document: head and counts on one, then a change on each.

    Nothing is given out before everything was compared, so a store that cannot be read leaves no half
    document.
    """
    with closing(Board()) as board:
        for change in difference:
            board.keep("changes", json.dumps(_change(change)))
        yield json.dumps(_head(difference), ensure_ascii=False)[:-1] + ', "changes": ['
        yield from board.kept_json("changes")
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
        **{key: getattr(run, key, None) for key in ("began", "ended", "ending")},
        "makers": [_maker(maker, count) for maker, count in makers],
    }


def _maker(maker: Maker, count: int) -> dict[str, Any]:
    keys = ("model", "id", "sha256")
    prompts = [dict(zip(keys, one, strict=True)) for one in maker.prompts]
    return {**asdict(maker), "prompts": prompts, "options": dict(maker.options), "reports": count}


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "paths": change.paths,
        "old": _side(change.old),
        "new": _side(change.new),
        "newly_accepted": change.newly_accepted,
        "newly_lost": change.newly_lost,
        "cells": [
            {"cell": one.cell, "kind": one.kind, "accepted": change.was_good}
            | {"old": one.old and asdict(one.old), "new": one.new and asdict(one.new)}
            for one in change.cells
        ],
        "other": change.other,
    }


def _side(side: Standing | None) -> dict[str, Any] | None:
    if side is None:
        return None
    said = {key: getattr(side, key) for key in ("verdict", "problem", "message")}
    return {"sha256": side.sha256 or None, **said}
