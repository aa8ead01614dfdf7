"""Results of schema_version "1" in the shape of "2".

One thing means something else in the two: a rejected report of version 1 gives what was tried as the
value of its cells, where version 2 has no value and keeps it as ``tentative``. Nothing is added or judged.
"""

from __future__ import annotations

from typing import Any


def is_older(result: dict[str, Any]) -> bool:
    """Whether a result, or the expectation of a golden case, is of schema_version "1"."""
    return bool(result.get("schema_version") == "1")


def modernised(result: dict[str, Any]) -> dict[str, Any]:
    """A result of either version as version 2 has it; it is not changed itself.

    ``schema_version`` stays as it is, so that `is_older` can still be asked.
    """
    if not is_older(result) or result.get("verdict") != "rejected":
        return result
    cells = {name: _withheld(cell) for name, cell in result["cells"].items()}
    return {**result, "cells": cells}


def _withheld(cell: dict[str, Any]) -> dict[str, Any]:
    if cell.get("value") is None:
        return cell
    return {**cell, "value": None, "tentative": cell["value"]}
