"""Kinds of values as plain data and back, each checked: what is not of its type and size is a `ValueError`.

A kind writes a value as what JSON has, and reads it again. Nothing that is read is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import Any

from verify.figures import Number
from verify.forms import Form
from verify.reading import Span

_MONEY = re.compile(r"-?[0-9]{1,700}(?:\.[0-9]{1,700})?(?:E[+-]?[0-9]{1,3})?")
_MOST_BITS = 4096
_FARTHEST = 1 << 53


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of a kind are written and read, for a form whose cells go by number."""

    write: Callable[[Any, Form | None], Any]
    read: Callable[[Any, Form | None], Any]


def wrong(what: str) -> ValueError:
    """The error for data that is not as it is written here."""
    return ValueError(f"not a kept reading: {what}")


def items(value: Any, what: str, length: int | None = None) -> list[Any]:
    """A list, of a length when one is given."""
    if type(value) is not list or (length is not None and len(value) != length):
        raise wrong(f"{what}: no list" if length is None else f"{what}: no list of {length}")
    return value


def spans_of(steps: Any) -> list[Span]:
    """Ranges from the distances between their ends."""
    if set(map(type, items(steps, "spans"))) - {int} or len(steps) % 2:
        raise wrong("its spans are no pairs of integers")
    if steps and not -_FARTHEST < min(steps) <= max(steps) < _FARTHEST:
        raise wrong("a span is farther away than any text is long")
    ends = accumulate(steps)
    return list(zip(ends, ends, strict=True))


def integer(value: Any) -> int:
    """An integer of usual size; true is none."""
    if type(value) is not int or value.bit_length() > _MOST_BITS:
        raise wrong("no integer of usual size")
    return value


def text_of(value: Any) -> str:
    """A text."""
    if type(value) is not str:
        raise wrong("no text")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise wrong("neither true nor false")
    return value


def _figure(value: Any) -> Number:
    """A count, or a sum of money, which is written as a text."""
    if type(value) is str:
        if _MONEY.fullmatch(value) is None:
            raise wrong("a sum of money is no decimal")
        return Decimal(value)
    return integer(value)


def _span(value: Any) -> Span:
    """A pair of offsets; of a wrong reading they may be any."""
    start, end = items(value, "span", 2)
    if type(start) is not int or type(end) is not int or max(-start, -end, start, end) > _FARTHEST:
        raise wrong("a span is no pair of offsets")
    return start, end


def _plain(read: Callable[[Any], Any], write: Callable[[Any], Any] = lambda value: value) -> Kind:
    return Kind(lambda value, _: write(value), lambda value, _: read(value))


def one_of(known: Collection[Any], what: str) -> Kind:
    """One of some values."""

    def read(value: Any) -> Any:
        if not isinstance(value, str | None) or value not in known:
            raise wrong(f"{what} is not known")
        return value

    return _plain(read)


def optional(kind: Kind) -> Kind:
    """A value of a kind, or None."""
    return Kind(
        lambda value, form: None if value is None else kind.write(value, form),
        lambda value, form: None if value is None else kind.read(value, form),
    )


def many(kind: Kind) -> Kind:
    """Values of a kind."""
    return Kind(
        lambda values, form: [kind.write(value, form) for value in values],
        lambda values, form: tuple([kind.read(value, form) for value in items(values, "list")]),
    )


def record(of: Callable[..., Any], *kinds: Kind) -> Kind:
    """A dataclass as the list of its fields, without those at the end that are as usual.

    Args:
        of: The dataclass.
        kinds: Of its fields, in order.
    """
    usual = [
        field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(of)  # type: ignore[arg-type]
    ]
    names = [field.name for field in fields(of)]  # type: ignore[arg-type]

    def write(value: Any, form: Form | None) -> list[Any]:
        values = [getattr(value, name) for name in names]
        while values and values[-1] == usual[len(values) - 1]:
            values.pop()
        return [kind.write(one, form) for kind, one in zip(kinds, values, strict=False)]

    def read(value: Any, form: Form | None) -> Any:
        given = items(value, of.__name__)
        if len(given) > len(kinds) or MISSING in usual[len(given) :]:
            raise wrong(f"{of.__name__}: too many fields, or too few")
        return of(*(kind.read(one, form) for kind, one in zip(kinds, given, strict=False)))

    return Kind(write, read)


@cache
def numbers(form: Form | None) -> dict[str, int]:
    """The place of each cell in its form."""
    return {name: i for i, name in enumerate(form.cells)} if form else {}


def _read_name(value: Any, form: Form | None) -> str:
    cells = form.cells if form else ()
    if type(value) is int and 0 <= value < len(cells):
        return cells[value]
    if type(value) is str:
        return value
    raise wrong("a cell is not of its form")


TEXT = _plain(text_of)
FLAG = _plain(_flag)
FIGURE = _plain(_figure, lambda value: str(value) if isinstance(value, Decimal) else value)
FIGURES = many(optional(FIGURE))
SPAN = _plain(_span, list)
NAME = Kind(lambda name, form: numbers(form).get(name, name), _read_name)
NAMES = many(NAME)
"""Names of cells: by their place in the form, or in full."""
