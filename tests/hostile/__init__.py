"""Hostile models: scripted servers that answer as no honest model does, over reports with known truth.

No language model runs here. Every answer is made by code out of the right one, and each kind goes through
the real stack: client, parser, protocol, reader, ladder, verifier. ``python -m tests.hostile`` runs any
number of reports; a passing result with a wrong cell is a silent error.
"""

from __future__ import annotations

from . import asking, bending, bodies, hiding, moved, nonsense, subtle, text
from .cases import Case, case
from .registry import KINDS, Asked, Hostile, Said
from .trial import Trial, trial

__all__ = [
    "KINDS",
    "Asked",
    "Case",
    "Hostile",
    "Said",
    "Trial",
    "asking",
    "bending",
    "bodies",
    "case",
    "hiding",
    "moved",
    "nonsense",
    "subtle",
    "text",
    "trial",
]
