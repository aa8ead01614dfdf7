"""A figure exactly ten or a hundred times last year's, large enough that chance is no explanation.

A slip of the decimal point, a digit too many or 元 for 万元 give an exact power of ten; growth
hardly ever does. That two figures stand in this proportion says the more the more digits the
smaller one has: of single digits and round figures it says nothing. The limits were measured on
pairs of years drawn at random, see `tests/test_years.py`.
"""

from __future__ import annotations

from decimal import Decimal

from verify.figures import Number
from verify.forms import ValueKind

_FACTORS: dict[ValueKind, tuple[int, ...]] = {"count": (1, 2), "money": (1, 2, 4), "change": ()}
_FEWEST_DIGITS = 2
_SMALLEST_COUNT = 12


def far_apart(now: Number, before: Number, kind: ValueKind) -> str | None:
    """The factor between two years' figures if it is a telling power of ten.

    Args:
        now: This year's figure.
        before: Last year's.
        kind: Counts are tried with 10 and 100, money with 10,000 (元 for 万元) as well.

    Returns:
        ``"10"``, ``"1/100"`` and so on, or None.
    """
    if now <= 0 or before <= 0 or now == before:
        return None
    small, large = (before, now) if now > before else (now, before)
    for power in _FACTORS[kind]:
        if small * 10**power == large:
            telling = _significant(small) >= _FEWEST_DIGITS and (
                kind == "money" or small >= _SMALLEST_COUNT
            )
            factor = str(10**power)
            return (factor if now > before else f"1/{factor}") if telling else None
    return None


def _significant(figure: Number) -> int:
    """How many digits a figure has without zeros at either end."""
    return len(Decimal(figure).normalize().as_tuple().digits)
