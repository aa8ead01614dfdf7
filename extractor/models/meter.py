"""What a run spends: every HTTP attempt with its tokens, and the caps that no request goes beyond.

A cap is checked before a request is sent, against the most that it can cost. Until it is recorded that
much is set aside, so that threads that ask at the same time do not spend the same money twice.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from extractor.errors import UsageError
from extractor.models.exchange import Spent
from extractor.models.prices import MOST_TOKENS, Prices

_LONGEST = 120
_SECONDS = 3
_COUNTS = ("input_tokens", "cached_tokens", "output_tokens")
_TEXTS = ("about", "model", "service", "request_id", "outcome", "retried_because", "mode")
_PERHAPS_RUN = frozenset({408, 409, 425, 499})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request and what came of it.

    What a server said of it is made harmless here: text is cut to one short line, and of a count that no
    request can have none of the three counts is believed.

    Attributes:
        about: What was asked, ``Question.about``.
        model: Name of the model as the service has it.
        service: Host that was asked; never a path, a query or a key.
        status: HTTP status, None when no response came.
        seconds: From sending to the end, waiting before it not included.
        input_tokens: Of the prompt, None when not told.
        cached_tokens: Those of the prompt that the service had cached, None when not told.
        output_tokens: Of the answer, None when not told.
        request_id: The service's own name for it.
        outcome: In one word what came of it: ``answered``, ``refused``, ``timeout``.
        retried_because: Why the attempt before it was not enough, None for the first.
        mode: How the schema was sent.
    """

    about: str
    model: str
    service: str
    status: int | None
    seconds: float
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    request_id: str | None
    outcome: str
    retried_because: str | None
    mode: str

    def __post_init__(self) -> None:
        counts = believed(self.input_tokens, self.cached_tokens, self.output_tokens)
        for name, count in zip(_COUNTS, counts, strict=True):
            object.__setattr__(self, name, count)
        for name in _TEXTS:
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, one_line(value))

    @property
    def refused(self) -> bool:
        """Whether the service turned it away before the model ran, which costs nothing."""
        turned = self.status is not None and 300 <= self.status < 500
        told = self.input_tokens is not None or self.output_tokens is not None
        return turned and self.status not in _PERHAPS_RUN and not told

    def as_dict(self) -> dict[str, str | int | float | None]:
        """The attempt for the provenance of a result: what JSON can hold."""
        return {**asdict(self), "seconds": round(self.seconds, _SECONDS)}


@dataclass(frozen=True, slots=True)
class Usage:
    """What all attempts used.

    Attributes:
        input_tokens: Tokens of all prompts whose count was told.
        cached_tokens: Those of them that a service had cached.
        output_tokens: Tokens of all answers whose count was told.
        requests: HTTP requests, those that failed included.
        cost_usd: What they cost, exact; None as soon as the cost of one of them is not known.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int
    requests: int
    cost_usd: Decimal | None

    def as_dict(self) -> dict[str, str | int | None]:
        """The usage for the provenance of a result; the cost is a string with its exact decimal."""
        cost = None if self.cost_usd is None else plain(self.cost_usd)
        return {**asdict(self), "cost_usd": cost}

    def and_one(self, attempt: Attempt, cost: Decimal | None) -> Usage:
        """The usage with one more attempt, and what that cost."""
        counts = {name: getattr(self, name) + (getattr(attempt, name) or 0) for name in _COUNTS}
        whole = None if self.cost_usd is None or cost is None else self.cost_usd + cost
        return Usage(**counts, requests=self.requests + 1, cost_usd=whole)


_NOTHING = Usage(0, 0, 0, 0, Decimal(0))


class Meter:
    """Counts what a run spends and stops it at its caps. Threads may share one.

    A thread has one request under way at a time: `record` settles what the `before_request` of the same
    thread set aside. A request that is never recorded counts as if it had cost the most that it can.

    Args:
        max_requests: Most HTTP requests, None for any number.
        max_cost: Most US dollars, None for any sum.
        prices: What models cost.
        keep: Whether `attempts` keeps every attempt; a run of many reports counts them only.
    """

    def __init__(
        self,
        max_requests: int | None,
        max_cost: Decimal | None,
        prices: Prices,
        *,
        keep: bool = True,
    ) -> None:
        self.prices = prices
        self.attempts: list[Attempt] = []
        self._max_requests = max_requests
        self._max_cost = max_cost
        self._keep = keep
        self._lock = threading.Lock()
        self._sent = 0
        self._charged = Decimal(0)
        self._held: dict[int, Decimal] = {}
        self._spent = _NOTHING

    def check_price(self, model: str, service: str | None = None) -> None:
        """Refuse ``--max-cost`` with a model whose price is not known, before anything is sent.

        Raises:
            UsageError: Its price is not known.
        """
        if self._max_cost is not None and self.prices.of(model, service) is None:
            where = f" at {one_line(service)!r}" if service else ""
            raise UsageError(
                f"--max-cost: the price of {one_line(model)!r}{where} is not known; give it with "
                "--prices FILE, or use --max-requests instead"
            )

    def before_request(
        self, estimate_in: int, room: int, model: str, service: str | None = None
    ) -> None:
        """Ask whether one more request may be sent, and set its cost aside.

        Args:
            estimate_in: About how many tokens the prompt has; too many rather than too few.
            room: Most tokens of the answer.
            model: Name of the model.
            service: Host that is asked; None takes the price at the provider's own.

        Raises:
            Spent: It would go beyond a cap.
            UsageError: There is a cap on cost and the price is not known.
        """
        self.check_price(model, service)
        most = self.prices.most(model, estimate_in, room, service) or Decimal(0)
        with self._lock:
            if self._max_requests is not None and self._sent >= self._max_requests:
                raise Spent(
                    f"--max-requests {self._max_requests} is used up; "
                    "allow more, or put a model before it in the ladder that needs fewer"
                )
            used = self._charged + sum(self._held.values(), Decimal(0))
            if self._max_cost is not None and used + most > self._max_cost:
                raise Spent(
                    f"--max-cost {plain(self._max_cost)}: the next request may cost {plain(most)} "
                    f"beside {plain(used)} already used; allow more, or use a cheaper model"
                )
            self._sent += 1
            me = threading.get_ident()
            self._charged += self._held.pop(me, Decimal(0))  # its outcome was never told
            self._held[me] = most

    def record(self, attempt: Attempt) -> None:
        """Take down what came of a request."""
        cost = _cost_of(attempt, self.prices)
        read, written = attempt.input_tokens, attempt.output_tokens
        with self._lock:
            charged = self._held.pop(threading.get_ident(), Decimal(0))
            if cost is not None:
                charged = cost
            elif read is not None and written is not None:  # a price that varies
                most = self.prices.most(attempt.model, read, written)
                charged = charged if most is None else most
            self._charged += charged
            self._spent = self._spent.and_one(attempt, cost)
            if self._keep:
                self.attempts.append(attempt)

    def spent(self) -> Usage:
        """What was used so far, counted as it came."""
        with self._lock:
            return self._spent

    def spent_in_all(self) -> Usage:
        """The same when nobody waits any more for what is under way: it may be paid for, nobody knows how much."""
        with self._lock:
            if self._sent == self._spent.requests:
                return self._spent
            return replace(self._spent, requests=self._sent, cost_usd=None)


def usage_of(attempts: Iterable[Attempt], prices: Prices) -> Usage:
    """What attempts used."""
    usage = _NOTHING
    for attempt in attempts:
        usage = usage.and_one(attempt, _cost_of(attempt, prices))
    return usage


def _cost_of(attempt: Attempt, prices: Prices) -> Decimal | None:
    if attempt.refused:
        return Decimal(0)
    if attempt.input_tokens is None or attempt.output_tokens is None:
        return None
    return prices.cost(
        attempt.model,
        attempt.input_tokens,
        attempt.cached_tokens or 0,
        attempt.output_tokens,
        attempt.service,
    )


def believed(*counts: Any) -> tuple[int | None, int | None, int | None]:
    """The counts of a service as in `_COUNTS`; none of them where one is no number of tokens that can be."""
    known = all(
        count is None or (type(count) is int and 0 <= count <= MOST_TOKENS) for count in counts
    )
    read, cached, written = counts
    if not known or (cached is not None and (read is None or cached > read)):
        return None, None, None
    return read, cached, written


def one_line(text: str) -> str:
    """Text of a server, harmless in a result and in a terminal: no control characters, short."""
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[:1000])
    kept = " ".join(kept.split())
    return kept if len(kept) <= _LONGEST else kept[: _LONGEST - 1] + "…"


def plain(sum_: Decimal) -> str:
    """An exact sum without exponent or empty decimals."""
    text = f"{sum_:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
