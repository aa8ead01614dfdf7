"""Figures that the prose claims, held against the tables.

`find_claims` reads a layout, `compare` holds what it found against the figures of the tables, and
`findings_of` says what differs. A figure of the prose never fills a cell and never decides a verdict.
"""

from __future__ import annotations

from verify.prose.claims import find_claims
from verify.prose.compare import compare, findings_of
from verify.prose.subjects import Claim, Compared

__all__ = ["Claim", "Compared", "compare", "find_claims", "findings_of"]
