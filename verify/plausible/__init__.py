"""Is a report plausible at all? Warnings beside the sums, which decide nothing."""

from __future__ import annotations

from verify.plausible._alike import same_tables
from verify.plausible._figures import odd_figures
from verify.plausible._text import odd_text

__all__ = ["odd_figures", "odd_text", "same_tables"]
