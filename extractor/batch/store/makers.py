"""Makers out of a store; each is read once."""

from __future__ import annotations

import json
from typing import Any

from extractor.batch.records import Maker
from extractor.batch.store.database import Database

_COLUMNS = "id, models, prompts, form_data, version, code_read, code_judge, options"


def maker(db: Database, number: int) -> Maker:
    """The maker of this number."""
    known = db.maker_of.get(number)
    if known is None:
        for row in db.rows(f"SELECT {_COLUMNS} FROM makers WHERE id = ?", (number,)):  # noqa: S608
            known = db.maker_of[number] = _maker(row)
    assert known is not None, "the store keeps every maker that a row names"
    return known


def makers(db: Database) -> dict[int, Maker]:
    """See `Store.makers`."""
    return {row[0]: _maker(row) for row in db.rows(f"SELECT {_COLUMNS} FROM makers ORDER BY id")}  # noqa: S608


def _maker(row: tuple[Any, ...]) -> Maker:
    _, models, prompts, form_data, version, code_read, code_judge, options = row
    return Maker(
        models=models,
        prompts=tuple((p["model"], p["id"], p["sha256"]) for p in json.loads(prompts)),
        form_data=form_data,
        version=version,
        code_read=code_read,
        code_judge=code_judge,
        options=tuple(json.loads(options).items()),
    )
