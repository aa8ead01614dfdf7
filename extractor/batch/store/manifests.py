"""What manifests say of reports, beside what the reports say themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.batch.records import Stated
from extractor.batch.store.database import Database
from extractor.batch.store.names import readable, spell, unspell
from extractor.batch.store.writing import as_json, now, path_id

_LATEST = "m.manifest_id = (SELECT max(manifest_id) FROM manifest_rows WHERE path_id = m.path_id)"
_COLUMNS = "f.file, m.line, p.path, p.raw, m.url, m.agency, m.agency_id, m.region, m.year, m.more"
_OF_SOURCE = f"""
SELECT {_COLUMNS}
FROM listings AS l
JOIN manifest_rows AS m ON m.path_id = l.path_id
JOIN manifests AS f ON f.id = m.manifest_id
JOIN paths AS p ON p.id = l.path_id
WHERE l.source_id = (SELECT id FROM sources WHERE sha256 = ?) AND {_LATEST}
  AND l.run_id = (SELECT max(run_id) FROM listings WHERE path_id = l.path_id)
ORDER BY p.path
"""  # noqa: S608


def add(db: Database, file: str, columns: Sequence[str], rows: Mapping[str, Stated]) -> None:
    """See `Store.add_manifest`."""
    with db.writing():
        number = db.run(
            "INSERT INTO manifests (file, given, columns) VALUES (?, ?, ?)",
            (spell(file)[0], now(), as_json(list(columns))),
        ).lastrowid
        for path, row in rows.items():
            db.run(
                "INSERT INTO manifest_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    path_id(db, path),
                    number,
                    row.line,
                    *(None if text is None else readable(text) for text in (row.url, row.agency)),
                    None if row.agency_id is None else readable(row.agency_id),
                    row.region,
                    row.year,
                    as_json(dict(row.more)),
                ),
            )


def of_source(db: Database, sha256: str) -> tuple[Stated, ...]:
    """See `Store.stated`."""
    return tuple(_stated(row) for row in db.rows(_OF_SOURCE, (sha256,)))


def columns(db: Database) -> tuple[str, ...]:
    """See `Store.manifest_columns`."""
    found = (
        name
        for row in db.rows("SELECT columns FROM manifests ORDER BY id")
        for name in json.loads(row[0])
    )
    return tuple(dict.fromkeys(found))


def _stated(row: tuple[Any, ...]) -> Stated:
    file, line, path, raw, url, agency, agency_id, region, year, more = row
    return Stated(
        file,
        line,
        unspell(path, raw),
        url,
        agency,
        agency_id,
        region,
        year,
        tuple(json.loads(more).items()),
    )
