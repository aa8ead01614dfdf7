"""What people decided, in a store: added row by row, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.batch.store.database import Database
from extractor.batch.store.troubles import damaged
from extractor.errors import StoreError
from verify.decisions import Decision

_PAGE = 1000


def add(db: Database, rows: Iterable[Decision]) -> tuple[int, int]:
    """See `Store.add_decisions`."""
    from verify.schema_parts import Decision as Row

    added = known = 0
    with db.writing():
        for one in rows:
            text = Row.row(one).model_dump_json()
            found = db.run("SELECT json FROM decisions WHERE id = ?", (one.id,)).fetchone()
            if found is not None:
                if found[0] != text:
                    raise StoreError(
                        f"{db.path!r} has another decision {one.id}; nothing was added, look which of the two is true"
                    )
                known += 1
                continue
            db.run(
                "INSERT INTO decisions (id, at, who, kind, source, undoes, json) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (one.id, one.when, one.who, one.kind, one.source, one.undoes, text),
            )
            added += 1
    return added, known


def decisions(db: Database, after: int = 0) -> Iterator[tuple[int, Decision]]:
    """See `Store.decisions`."""
    from pydantic import ValidationError

    from verify.schema_parts import Decision as Row

    while True:
        page = db.rows(
            "SELECT number, json FROM decisions WHERE number > ? ORDER BY number LIMIT ?",
            (after, _PAGE),
        )
        for number, text in page:
            try:
                yield number, Row.model_validate_json(text).plain()
            except ValidationError as error:
                raise damaged(db.path, f"decision {number}: {error.errors()[0]['msg']}") from None
        if len(page) < _PAGE:
            return
        after = page[-1][0]
