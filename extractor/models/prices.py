"""What models cost: dated data, packaged in ``prices.toml`` or given with ``--prices``.

A price is looked up by the exact name of a model, or by the name before the date of a snapshot. Nothing is
guessed: a model without a price has no cost, which is not a cost of 0.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from extractor.errors import UsageError

MOST_TOKENS = 10**9
"""No request has as many; a larger count is not believed."""

_PACKAGED = os.path.join(os.path.dirname(__file__), "prices.toml")
_SNAPSHOT = re.compile(r"(.+)-(?:20[0-9]{2}-[01][0-9]-[0-3][0-9]|20[0-9]{2}[01][0-9][0-3][0-9])")
_MILLION = -6


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("it is no price")  # noqa: TRY004 - one error for the whole file
    return value


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


# few digits, so that sums of costs stay exact
_Dollars = Annotated[Decimal, BeforeValidator(_no_flag), Field(ge=0, le=10**5, decimal_places=6)]


class Price(BaseModel):
    """US dollars per million tokens.

    Attributes:
        input: For tokens of the prompt that the service had not cached.
        cached_input: For those that it had; without a price of its own what is cached costs as much.
        output: For tokens of the answer, thinking included.
        service: Hosts that ask this price; empty for every host.
        varies: Why tokens alone do not settle the price, which is then the most that it can be.
        source: Where it was found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    input: _Dollars
    cached_input: _Dollars
    output: _Dollars
    service: tuple[str, ...] = ()
    varies: str | None = None
    source: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _uncached(cls, given: Any) -> Any:
        told = isinstance(given, dict) and "input" in given
        return {"cached_input": given["input"], **given} if told else given


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid")
    as_of: Annotated[date, BeforeValidator(_day), Field(strict=True)] | None = None
    models: dict[str, Price] = {}


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
        ours = _parse(_PACKAGED)
        assert ours.as_of is not None
        theirs = _List() if path is None else _parse(path)
        return cls(theirs.as_of or ours.as_of, {**ours.models, **theirs.models})

    def of(self, model: str, service: str | None = None) -> Price | None:
        """The price of a model, None when it is not known.

        Args:
            model: Name as the service has it, such as ``gpt-5-mini-2025-08-07``. The exact name counts
                first, then the name before the date of a snapshot.
            service: Host that is asked, with its port if that is unusual; None asks for the price at the
                provider's own.
        """
        snapshot = _SNAPSHOT.fullmatch(model)
        price = self.models.get(model) or (self.models.get(snapshot[1]) if snapshot else None)
        if price is None or service is None or not price.service:
            return price
        return price if service.lower().removesuffix(":443") in price.service else None

    def cost(
        self, model: str, input: int, cached: int, output: int, service: str | None = None
    ) -> Decimal | None:
        """What a request cost in US dollars, exact; None when that is not known.

        Args:
            model: As `of` takes it.
            input: Tokens of the prompt.
            cached: How many of them the service had cached.
            output: Tokens of the answer.
            service: As `of` takes it.
        """
        price = self.of(model, service)
        if price is None or price.varies:
            return None
        read = (input - cached) * price.input + cached * price.cached_input
        return (read + output * price.output).scaleb(_MILLION)

    def most(
        self, model: str, input: int, output: int, service: str | None = None
    ) -> Decimal | None:
        """The most that a request can cost: nothing of it cached, every token of the answer used."""
        price = self.of(model, service)
        if price is None:
            return None
        dearest = max(price.input, price.cached_input)
        return (input * dearest + output * price.output).scaleb(_MILLION)


def _parse(path: str) -> _List:
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
        return _List.model_validate(tomllib.loads(text, parse_float=Decimal))
    except OSError as error:
        raise UsageError(f"--prices {path!r} cannot be read ({error.strerror}); check it") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        why = f"{'.'.join(map(str, first['loc']))!r}: {first['msg']}"
    except (ValueError, RecursionError) as error:
        why = str(error) or type(error).__name__
    raise UsageError(
        f"--prices {path!r} is no list of prices ({' '.join(why.split())[:120]}); write it like "
        '[models."NAME"] input = "0.25" output = "2.00"'
    )
