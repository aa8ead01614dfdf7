"""How the labels of rows begin, for shapes that are found before labels are parsed."""

from __future__ import annotations

from functools import cache

from verify.forms import PROACTIVE_2019, PROACTIVE_2021, REQUESTS_2019, REQUESTS_2021

_LONGEST = 8


@cache
def row_labels() -> tuple[str, ...]:
    """The first characters of every row label of tables 二 and 三, the longest first."""
    tables = (PROACTIVE_2019, PROACTIVE_2021, REQUESTS_2019, REQUESTS_2021)
    found = {row.label[:_LONGEST] for table in tables for row in table.rows}
    return tuple(sorted(found, key=lambda label: (-len(label), label)))
