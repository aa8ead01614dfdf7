"""What models cost: dated data, packaged in ``prices.toml`` or given with ``--prices``.

A price is looked up by the exact name of a model, or by the name before the date of a snapshot. Nothing is
guessed: a model without a price has no cost, which is not a cost of 0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

from extractor.errors import UsageError

MOST_TOKENS = 10**9
"""No request has as many; a larger count is not believed."""

_MOST_BYTES = 1024 * 1024
_MOST_PRICE = 10**5
_DECIMALS = 6
_SNAPSHOT = re.compile(r"(.+)-(?:20[0-9]{2}-[01][0-9]-[0-3][0-9]|20[0-9]{2}[01][0-9][0-3][0-9])")
_FIGURES = ("input", "cached_input", "output")
_KEYS = frozenset({*_FIGURES, "service", "varies", "source"})
_MILLION = -6


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens.

    Attributes:
        input: For tokens of the prompt that the service had not cached.
        cached_input: For those that it had.
        output: For tokens of the answer, thinking included.
        service: Hosts that ask this price; empty for every host.
        varies: Why tokens alone do not settle the price, which is then the most that it can be.
        source: Where it was found.
    """

    input: Decimal
    cached_input: Decimal
    output: Decimal
    service: tuple[str, ...] = ()
    varies: str | None = None
    source: str | None = None

    def of(self, input: int, cached: int, output: int) -> Decimal:
        """US dollars for so many tokens, exact; ``cached`` are among ``input``."""
        millionths = (input - cached) * self.input + cached * self.cached_input
        return (millionths + output * self.output).scaleb(_MILLION)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by model.

    Attributes:
        as_of: Day of the packaged prices, or of the user's where that says one.
        models: Price of each model by its name.
    """

    as_of: date
    models: Mapping[str, Price] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | None = None) -> Prices:
        """The packaged prices; those of the file at ``path`` are added and take their place.

        Raises:
            UsageError: The file cannot be read, or is not of the form of ``prices.toml``.
        """
        packaged = resources.files("extractor.models").joinpath("prices.toml").read_bytes()
        as_of, models = _parse(packaged, "prices.toml")
        assert as_of is not None
        if path is None:
            return cls(as_of, models)
        day, own = _parse(_content(path), path)
        return cls(day or as_of, {**models, **own})

    def of(self, model: str, service: str | None = None) -> Price | None:
        """The price of a model, None when it is not known.

        Args:
            model: Name as the service has it, such as ``gpt-5-mini-2025-08-07``. The exact name counts
                first, then the name before the date of a snapshot.
            service: Host that is asked, with its port if that is unusual; None asks for the price at the
                provider's own.
        """
        price = self.models.get(model)
        snapshot = _SNAPSHOT.fullmatch(model) if price is None else None
        if snapshot is not None:
            price = self.models.get(snapshot[1])
        if price is None or service is None or not price.service:
            return price
        return price if service.lower().removesuffix(":443") in price.service else None

    def cost(
        self, model: str, input: int, cached: int, output: int, service: str | None = None
    ) -> Decimal | None:
        """What a request cost in US dollars, exact; None when that is not known."""
        price = self.of(model, service)
        return None if price is None or price.varies else price.of(input, cached, output)

    def most(
        self, model: str, input: int, output: int, service: str | None = None
    ) -> Decimal | None:
        """The most that a request can cost: nothing of it cached, every token of the answer used."""
        price = self.of(model, service)
        if price is None:
            return None
        dearest = max(price.input, price.cached_input)
        return (input * dearest + output * price.output).scaleb(_MILLION)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--prices {path!r} cannot be read ({error.strerror}); check it") from None
    if len(content) > _MOST_BYTES:
        raise UsageError(f"--prices {path!r} is larger than 1 MB; give a list of prices")
    return content


def _parse(content: bytes, path: str) -> tuple[date | None, dict[str, Price]]:
    try:
        data = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
        as_of = data.pop("as_of", None)
        models = _table("models", data.pop("models", {}))
        _only(data, frozenset())
        return _day(as_of), {name: _price(name, entry) for name, entry in models.items()}
    except (ValueError, RecursionError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(
            f"--prices {path!r} is no list of prices ({why[:120]}); write it like "
            '[models."NAME"] input = "0.25" output = "2.00"'
        ) from None


def _day(value: object) -> date | None:
    if value is None or type(value) is date:
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError("'as_of' is no day like 2026-01-31")


def _table(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name!r} is not a table")  # noqa: TRY004 - one error for the whole file
    return value


def _only(table: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := set(table) - known:
        raise ValueError(f"{min(unknown)!r} is not known")


def _price(name: str, value: object) -> Price:
    entry = _table(name, value)
    _only(entry, _KEYS)
    for key in ("input", "output"):
        if key not in entry:
            raise ValueError(f"{name!r}: {key!r} is missing")
    figures = {key: _figure(f"{name}: {key}", entry[key]) for key in _FIGURES if key in entry}
    service = entry.get("service", [])
    if not isinstance(service, list) or not all(isinstance(host, str) for host in service):
        raise ValueError(f"{name!r}: 'service' is no list of hosts")
    return Price(
        input=figures["input"],
        cached_input=figures.get("cached_input", figures["input"]),
        output=figures["output"],
        service=tuple(service),
        varies=_text(name, entry, "varies"),
        source=_text(name, entry, "source"),
    )


def _text(name: str, entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name!r}: {key!r} is no text")
    return value


def _figure(name: str, value: object) -> Decimal:
    """An exact price; few digits, so that sums of costs stay exact."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{name!r} is no price")  # noqa: TRY004 - one error for the whole file
    try:
        price = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name!r} is no price") from None
    if not price.is_finite() or not 0 <= price <= _MOST_PRICE:
        raise ValueError(f"{name!r} is not between 0 and {_MOST_PRICE}")
    exponent = price.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_DECIMALS:
        raise ValueError(f"{name!r} has more than {_DECIMALS} decimals")
    return price


__all__ = ["MOST_TOKENS", "Price", "Prices"]
