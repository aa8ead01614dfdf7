"""What a summary says to people, from the catalogue."""

from __future__ import annotations

from extractor.catalogue import Catalogue, Lang, Words

WORDS = Catalogue("across")

__all__ = ["WORDS", "Lang", "Words"]
