"""What ``extract diff`` says to people, from the catalogue."""

from __future__ import annotations

from extractor.catalogue import Catalogue

WORDS = Catalogue("diff")

__all__ = ["WORDS"]
