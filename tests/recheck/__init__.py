"""Stored results, changed one field at a time: what `extract verify` must notice."""

from __future__ import annotations

from .changes import CHANGES, leaves
from .results import Case, case_of, cases, check

__all__ = ["CHANGES", "Case", "case_of", "cases", "check", "leaves"]
