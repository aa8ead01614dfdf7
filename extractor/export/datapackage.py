"""The description of an export as a data package (Frictionless, https://specs.frictionlessdata.io)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extractor import __version__
from extractor.export.columns import Column
from extractor.panel.regions import sources
from extractor.writing import encoded

if TYPE_CHECKING:
    from extractor.export.exporting import Exported, Plan

_TYPES = {"text": "string", "integer": "integer", "money": "number", "figure": "number"}
_MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KEYS = {"long": ["sha256", "cell"], "wide": ["sha256"]}
_BLOCK = 1 << 20


def datapackage(plan: Plan, exported: Exported) -> bytes:
    """The description of a file and its dictionary, which are both written.

    Args:
        plan: What was asked for.
        exported: What was written.
    """
    from extractor.export.dictionary import HEADER
    from extractor.export.facts import verdicts_of

    written, left = verdicts_of(exported.written), verdicts_of(exported.left_out)
    package = {
        "profile": "data-package",
        "name": _name(plan.to),
        "title": "政府信息公开工作年度报告 / annual reports on government information disclosure",
        "description": (
            f"{exported.reports} of {exported.of} reports: {written['en']}. Left out: {left['en']}, "
            f"{exported.figures_left_out} figures; without a result: {exported.without_result}. "
            "An empty value is not known and never zero."
        ),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": f"gouji {__version__}",
        "sources": [{key: one[key] for key in ("title", "path")} for one in sources()["sources"]],
        "resources": [
            _resource(plan, exported),
            _table(plan.dictionary, "csv", [Column(name, "text") for name in HEADER], bom=plan.bom),
        ],
    }
    return encoded(json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def _resource(plan: Plan, exported: Exported) -> dict[str, Any]:
    columns: Sequence[Column] = plan.columns
    if plan.format == "parquet":
        from extractor.export.to_parquet import EXACT_COLUMN

        columns = (*columns, EXACT_COLUMN)
    if not columns:  # whole results: no table, no schema of columns
        return {**_file(plan.to, "jsonl"), "encoding": "utf-8"}
    described = _table(plan.to, plan.format, columns, bom=plan.bom)
    described["schema"]["primaryKey"] = _KEYS[plan.shape]
    described["description"] = f"{exported.rows} rows, {plan.shape}"
    return described


def _table(path: str, format: str, columns: Sequence[Column], *, bom: bool) -> dict[str, Any]:
    described = _file(path, format)
    if format != "parquet":  # it has its own types, and the tool would read its integers as floats
        described.update(type="table", profile="tabular-data-resource")
    described["schema"] = {"fields": [_field(c) for c in columns], "missingValues": [""]}
    if format == "csv":
        described["encoding"] = "utf-8-sig" if bom else "utf-8"
        described["dialect"] = {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True}
    return described


def _file(path: str, format: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    if os.path.isfile(path):  # a device keeps nothing
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    return {
        "name": _name(path),
        "type": "file",
        "path": os.path.basename(path),
        "format": format,
        "mediatype": _MEDIA[format],
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.kind]}
    if column.cell is not None:
        row, place = column.cell.rows[0], column.cell.columns[0]
        field["title"] = f"{column.cell.table.title} {row.printed} {place.label}"
    else:
        field["title"], field["description"] = column.zh, column.en
    return {key: value for key, value in field.items() if value}


def _name(path: str) -> str:
    """A name as the specification wants it: lower case letters, digits, ``.``, ``_`` and ``-``."""
    stem = os.path.basename(path).lower()
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in stem
    )
