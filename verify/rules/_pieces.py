"""Pieces of printed reports that examples replace or repeat."""

from __future__ import annotations

from collections.abc import Mapping

from verify.forms import APPLICANTS, every_form
from verify.rules._types import Example
from verify.rules.sample import form_of, row_text, table_text

FORMS = tuple(form.variant for form in every_form())
PLAIN = Example()
AFTER_TABLES = "五、存在的主要问题及改进情况\n"
END = "没有其他需要报告的事项。\n"
TITLE = "青岚市水利局2023年政府信息公开工作年度报告\n"
THREE = {
    f"requests.{row}.{column}": "3"
    for row in ("new_received", "granted", "results_total")
    for column in ("natural_person", "total")
}
"""Three requests of natural persons, all granted."""


def table(id: str, cells: Mapping[str, str] | None = None) -> str:
    """A table of form 2021 as it is printed."""
    return table_text(id, Example(cells or {}))


def line(row: str, cells: Mapping[str, str] | None = None) -> str:
    """A row of table 三 of form 2021 as it is printed."""
    requests = form_of("2021+2021").table("requests")
    return row_text(next(r for r in requests.rows if r.id == row), requests, cells or {})


def whole_row(row: str, where: str) -> dict[str, str]:
    """A reading that puts a row of table 三 where another stands, or says ``missing``.

    ``where`` may be words of the source: then its cells are the fields after them on their line.
    """
    ids = [column.id for column in APPLICANTS]
    if where == "missing":
        return {f"requests.{row}.{id}": where for id in ids}
    if where.startswith("="):
        return {f"requests.{row}.{id}": f"{where}>{i}" for i, id in enumerate(ids, 1)}
    return {f"requests.{row}.{id}": f"requests.{where}.{id}" for id in ids}


def again(text: str) -> tuple[tuple[str, str], ...]:
    """An edit that prints something once more after the tables."""
    return ((AFTER_TABLES, text + AFTER_TABLES),)
