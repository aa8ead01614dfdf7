"""What SQL users want to know of a result without opening it: cells by state, findings by severity."""

from __future__ import annotations

import json
from collections import Counter

from extractor.batch.records import MadeResult
from verify.cells import WITH_FIGURE

Counts = tuple[int, int, int, int, int]


def counts_of(result: MadeResult) -> Counts:
    """Cells read, deduced and not read; errors and warnings. Counted here where the maker did not."""
    counted = (
        result.cells_read,
        result.cells_deduced,
        result.cells_unread,
        result.errors,
        result.warnings,
    )
    read, deduced, unread, errors, warnings = counted
    if read is None or deduced is None or unread is None or errors is None or warnings is None:
        return count(result.json)
    return read, deduced, unread, errors, warnings


def count(text: str) -> Counts:
    """The same from the JSON of a result."""
    parsed = json.loads(text, parse_int=str)  # no figure is needed, and some are long
    states = Counter(cell["state"] for cell in parsed["cells"].values())
    grave = Counter(reason["severity"] for reason in parsed["reasons"])
    unread = states.total() - sum(states[state] for state in WITH_FIGURE)
    return states["read"], states["deduced"], unread, grave["error"], grave["warning"]
