"""Hostile models: scripted servers that answer as no honest model does, over reports with known truth.

No language model runs here. Every answer is made by code out of the right one, and each kind goes through
the real stack: client, parser, protocol, reader, ladder, verifier. ``python -m tests.hostile`` runs any
number of reports; a passing result with a wrong cell is a silent error.
"""

from __future__ import annotations

from . import answers, text
from .cases import case
from .registry import KINDS
from .trial import Trial, trial

__all__ = ["KINDS", "Trial", "answers", "case", "text", "trial"]
