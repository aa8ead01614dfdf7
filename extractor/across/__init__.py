"""Checks across a store: what its results say together, year to year, and which are the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.across.summary import Summary
    from extractor.catalogue import Lang

__all__ = ["summary_of", "summary_page"]


def summary_of(store_path: str, *, run: int | None = None, keep: int = 100) -> Summary:
    """Sum up a store.

    Args:
        store_path: Path of the store; it is only read.
        run: Number of the run at whose end; None for now.
        keep: Findings of each kind that are kept; the rest is counted.

    Raises:
        StoreError: It cannot be read.
        UsageError: It has no such run.
    """
    from extractor.across.summary import summarise
    from extractor.batch.merging import open_results

    with open_results(store_path) as store:
        return summarise(store, run, keep=keep)


def summary_page(
    store_path: str, lang: Lang = "zh", *, run: int | None = None, keep: int = 100
) -> str:
    """The same as one self-contained HTML page in a language."""
    from extractor.across.page import page

    return page(summary_of(store_path, run=run, keep=keep), lang)
