"""Rows that an agency adds to a table: whether its sums count them, or a row of the form has their figures.

The form does not know such a row. Where its figures are just what a sum lacks, or just what follows for a row
that is not printed, the source is neither wrong nor read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from verify.arithmetic import sides
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Form, Identity

_FIELD = re.compile(r"[\s|]+")


def added_rows(findings: Sequence[Finding]) -> list[tuple[Number, ...]]:
    """The figures of every added row, of those that have other figures than 0."""
    rows = []
    for finding in findings:
        if finding.code != "local_row":
            continue
        parts = [part for part in _FIELD.split(finding.actual or "") if part]
        figures = [read_figure(part, "count") for part in parts]
        row = tuple(figure.value for figure in figures if figure)
        if len(row) == len(parts) and any(row):
            rows.append(row)
    return rows


def counted_in(
    rows: Sequence[tuple[Number, ...]],
    failed: Sequence[Identity],
    form: Form,
    values: Mapping[str, Number | None],
) -> frozenset[str]:
    """The failed sums over rows that hold once the figures of added rows count in them."""
    whole = (
        [tuple(map(sum, zip(*rows, strict=True)))] if len({len(row) for row in rows}) == 1 else []
    )
    for row in (*rows, *whole):
        found = set()
        for identity in failed:
            both = sides(identity, values)
            column = _column_of(identity, form)
            if both is None or column is None or column >= len(row):
                continue
            if abs(both[0] - both[1]) == row[column] and row[column]:
                found.add(identity.id)
        if len(found) == len(failed):
            return frozenset(found)
    return frozenset()


def _column_of(identity: Identity, form: Form) -> int | None:
    """The place of the one column over which an identity sums rows, or None."""
    rows = {name.rpartition(".")[0] for name in identity.cells}
    columns = {name.rpartition(".")[2] for name in identity.cells}
    if len(columns) != 1 or len(rows) == 1:
        return None
    _, row = form.row_of[identity.cells[0]]
    return [column.id for column in row.columns].index(columns.pop())


def taken_for_others(
    rows: Sequence[tuple[Number, ...]], form: Form, derived: Mapping[str, Number]
) -> Iterator[Finding]:
    """Rows of the form for which just the figures of an added row follow: they may be its own."""
    for table in form.tables:
        for row in table.rows:
            names = table.cells(row)
            follows = tuple(derived.get(name) for name in names)
            if len(names) > 1 and follows in rows:
                yield Finding("row_ambiguous", names)


__all__ = ["added_rows", "counted_in", "taken_for_others"]
