"""The same tables as another agency's, where they say enough for that to be no chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from verify.figures import Number
from verify.findings import Finding
from verify.rules.check import rule

_ENOUGH_BITS = 40
_FEWEST_DIFFERENT = 4
_WHERE = 2
_FOLLOWS = ("total",)
_FOLLOWING_ROWS = ("results_total", "new_received")
_MOST_NAMED = 3

Figures = Mapping[str, Number | None]


@rule("plausible.same_tables", severity="warning", codes=("same_tables",))
def same_tables(name: str, values: Figures, others: Mapping[str, Figures]) -> list[Finding]:
    """Say with which other agencies' tables a report's agree in every figure.

    Tables of small agencies are alike by nature: all zeros, or one application granted. So the
    figures that agree must say enough. Each figure that is not zero and that no sum gives counts its
    length in bits and two for its place; 40 bits and four different figures are asked for, so that
    among a million million pairs hardly one agrees by chance.

    Args:
        name: The report's own name; an entry of this name in ``others`` is passed over.
        values: Its figures by cell, None where not known.
        others: Figures of other agencies' reports of the same year, by name.

    Returns:
        At most one finding, which names up to three of them.
    """
    figures = {cell: value for cell, value in values.items() if value is not None}
    alike = [other for other, theirs in others.items() if other != name and _same(figures, theirs)]
    if not alike:
        return []
    shown = alike[:_MOST_NAMED]
    more = len(alike) - len(shown)
    zh = "、".join(f"“{other}”" for other in shown) + (f"等{len(alike)}份" if more else "")
    en = ", ".join(f"{other!r}" for other in shown) + (f" and {more} more" if more else "")
    return [Finding("same_tables", detail_zh=zh, detail_en=en)]


def _same(figures: Mapping[str, Number], theirs: Figures) -> bool:
    for cell, value in figures.items():
        other = theirs.get(cell)
        if other is not None and other != value:
            return False
    telling = [value for cell, value in _free(figures) if theirs.get(cell) is not None]
    bits = sum(_bits(value) for value in telling)
    return bits >= _ENOUGH_BITS and len(set(telling)) >= _FEWEST_DIFFERENT


def _free(figures: Mapping[str, Number]) -> Iterator[tuple[str, Number]]:
    """The figures that are not zero and that no identity gives."""
    for cell, value in figures.items():
        _, row, column = cell.split(".")
        if value and column not in _FOLLOWS and row not in _FOLLOWING_ROWS:
            yield cell, value


def _bits(value: Number) -> int:
    digits = value if isinstance(value, int) else _unscaled(value)
    return abs(digits).bit_length() + _WHERE


def _unscaled(value: Decimal) -> int:
    """A sum of money without its point and its zeros at either end."""
    return int("".join(map(str, value.normalize().as_tuple().digits)))
