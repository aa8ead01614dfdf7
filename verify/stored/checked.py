"""Single values of plain data, each checked: what is not of its type and size is a `ValueError`."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import accumulate
from typing import Any

from verify.figures import Number
from verify.reading import Span

_MONEY = re.compile(r"-?[0-9]{1,700}(?:\.[0-9]{1,700})?(?:E[+-]?[0-9]{1,3})?")
_MOST_BITS = 4096
_FARTHEST = 1 << 53


def wrong(what: str) -> ValueError:
    """The error for data that is not as it is written here."""
    return ValueError(f"not a kept reading: {what}")


def spans_of(steps: Any) -> list[Span]:
    """Ranges from the distances between their ends."""
    if set(map(type, items(steps, "spans"))) - {int} or len(steps) % 2:
        raise wrong("its spans are no pairs of integers")
    if steps and not -_FARTHEST < min(steps) <= max(steps) < _FARTHEST:
        raise wrong("a span is farther away than any text is long")
    ends = accumulate(steps)
    return list(zip(ends, ends, strict=True))


def figures_of(value: Any) -> tuple[Number | None, ...]:
    """A list of figures, None for one that is not known."""
    return tuple([figure_of(figure) for figure in items(value, "figures")])


def figure_of(value: Any) -> Number | None:
    """A count, a sum of money, or None."""
    if value is None:
        return None
    if type(value) is str:
        if _MONEY.fullmatch(value) is None:
            raise wrong("a sum of money is no decimal")
        return Decimal(value)
    return integer(value, "figure")


def integer(value: Any, what: str) -> int:
    """An integer of usual size; true is none."""
    if type(value) is not int or value.bit_length() > _MOST_BITS:
        raise wrong(f"{what} is no integer of usual size")
    return value


def span_of(value: Any) -> Span:
    """A pair of offsets; of a wrong reading they may be any."""
    if type(value) is not list or len(value) != 2:
        raise wrong("a span is no pair")
    start, end = value
    if type(start) is not int or type(end) is not int or max(-start, -end, start, end) > _FARTHEST:
        raise wrong("a span is no pair of offsets")
    return start, end


def span_or_none(value: Any) -> Span | None:
    """A pair of offsets or None."""
    return None if value is None else span_of(value)


def items(value: Any, what: str, length: int | None = None) -> list[Any]:
    """A list, of a length when one is given."""
    if type(value) is not list or (length is not None and len(value) != length):
        raise wrong(f"{what}: no list" if length is None else f"{what}: no list of {length}")
    return value


def text_of(value: Any, what: str) -> str:
    """A text."""
    if type(value) is not str:
        raise wrong(f"{what}: no text")
    return value


def text_or_none(value: Any, what: str) -> str | None:
    """A text or None."""
    return None if value is None else text_of(value, what)
