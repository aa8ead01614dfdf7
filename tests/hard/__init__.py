"""Reports that defeat the builtin reader though a person reads them, with their truth."""

from __future__ import annotations

from .draft import HardReport
from .reports import HARD

__all__ = ["HARD", "HardReport"]
