"""Is a report plausible at all? Warnings beside the sums, which decide nothing."""

from __future__ import annotations

from verify.plausible.figures import odd_figures, same_tables
from verify.plausible.text import odd_text

__all__ = ["odd_figures", "odd_text", "same_tables"]
