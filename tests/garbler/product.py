"""The one door to the product under test."""

from __future__ import annotations

from typing import Any


def run(text: str) -> dict[str, Any]:
    """The product's result for a text, as the result JSON is shaped.

    The product is imported late, so that the garbler works without it.
    """
    from extractor.pipeline import read_text

    result: dict[str, Any] = read_text(text, name="garbled.txt").model_dump()
    return result
