"""The words of the summary, the page and the other outputs, from the catalogue."""

from __future__ import annotations

from extractor.catalogue import Catalogue, Lang, Words

WORDS = Catalogue("views")

__all__ = ["WORDS", "Lang", "Words"]
