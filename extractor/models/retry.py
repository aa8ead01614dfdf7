"""What can go wrong with one HTTP request, which of it is worth another, and how long to wait for that.

One layer retries, this one; the SDK and instructor do not. A question has one `Budget` for all that is
done for it: retries, other modes, more room.
"""

from __future__ import annotations

import math
import random
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tenacity import RetryCallState

_T = TypeVar("_T")
_FIRST_WAIT = 1.0
_LONGEST_BACKOFF = 30.0
_QUICK_TRIES = 3


class Kind(StrEnum):
    """What went wrong with one HTTP request."""

    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    CUT = "cut_off"
    TIMEOUT = "timeout"
    GARBAGE = "no_completion"
    NO_HOST = "no_such_host"
    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    TLS = "tls"
    KEY = "key_refused"
    NOT_FOUND = "not_found"
    QUOTA = "quota"
    REDIRECT = "redirect"
    CONTEXT = "prompt_too_long"
    FILTERED = "filtered"
    TOO_LONG = "too_long"
    BAD_REQUEST = "bad_request"
    UNSENT = "unsent"


PASSING = frozenset({Kind.RATE_LIMITED, Kind.BUSY, Kind.CUT, Kind.TIMEOUT, Kind.GARBAGE})
"""Worth another request until the budget is spent."""
QUICK = frozenset({Kind.NO_HOST, Kind.UNREACHABLE, Kind.PROXY})
"""Fail at once and mostly for good: three requests in all."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that brought no completion.

    Attributes:
        kind: What went wrong.
        status: HTTP status, or None when none arrived.
        retry_after: Seconds that the service wants to be left alone, or None.
        message: What the service said of it: one short line without key and without report text.
        detail: The same at length with codes and parameters; only to classify, never shown.
        request_id: As the service names the request.
    """

    kind: Kind
    status: int | None = None
    retry_after: float | None = None
    message: str = ""
    detail: str = field(default="", repr=False)
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock, sleep and chance; tests bring their own.

    Attributes:
        sleep: Waits so many seconds.
        clock: Seconds, for limits of time.
        now: Seconds since the epoch, for dates of ``Retry-After``.
        chance: Between 0 and 1, for jitter.
        wait: Waits, the condition held, until it is notified or so many seconds are over.
    """

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    wait: Callable[[Condition, float | None], object] = Condition.wait


class Budget:
    """How many requests and seconds one question has left."""

    def __init__(self, attempts: int, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.ends = clock() + seconds
        self.left = attempts
        self.used = 0

    @property
    def seconds(self) -> float:
        """Seconds left."""
        return self.ends - self._clock()

    @property
    def spent(self) -> bool:
        """Whether no further request may be made."""
        return self.left <= 0 or self.seconds <= 0

    def take(self) -> None:
        """Count one request."""
        self.left -= 1
        self.used += 1


def insist(
    once: Callable[[Kind | None], _T | Failure],
    budget: Budget,
    *,
    longest_wait: float,
    timing: Timing,
    sleep: Callable[[float], None] | None = None,
) -> _T | Failure:
    """What ``once`` returned last: it is called again while what went wrong is passing and the budget lasts.

    Args:
        once: Makes exactly one HTTP request, taken from the budget; told what went wrong with the one before.
        budget: Of the question.
        longest_wait: Seconds; a service that asks for more is given up at once.
        timing: Sleep and chance.
        sleep: Waits before another request, instead of ``timing.sleep``.
    """
    from tenacity import Retrying, retry_if_result

    before: Kind | None = None

    def attempt() -> _T | Failure:
        nonlocal before
        result = once(before)
        before = result.kind if isinstance(result, Failure) else None
        return result

    def wait(state: RetryCallState) -> float:
        """What the service asked for, else twice as long each time, less up to half by chance."""
        longest = min(_FIRST_WAIT * 2.0 ** min(state.attempt_number - 1, 10), _LONGEST_BACKOFF)
        return _failure(state).retry_after or longest * (0.5 + 0.5 * timing.chance())

    def stop(state: RetryCallState) -> bool:
        failure = _failure(state)
        return (
            budget.left <= 0
            or state.upcoming_sleep >= budget.seconds
            or (failure.kind in QUICK and state.attempt_number >= _QUICK_TRIES)
            or (failure.retry_after or 0) > longest_wait
        )

    again = PASSING | QUICK
    retrying = Retrying(
        retry=retry_if_result(lambda result: isinstance(result, Failure) and result.kind in again),
        wait=wait,
        stop=stop,
        sleep=sleep or timing.sleep,
        retry_error_callback=_failure,
    )
    return retrying(attempt)


def _failure(state: RetryCallState) -> Failure:
    assert state.outcome is not None
    result = state.outcome.result()
    assert isinstance(result, Failure)
    return result


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a response asks to wait, of any length; None when it asks for nothing sensible.

    A date is held against the response's own ``date``, or else against ``now``, seconds since the epoch.
    """
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    given = headers.get("retry-after")
    seconds = _seconds(given)
    if seconds is not None or given is None:
        return seconds
    until = _date(given)
    if until is None:
        return None
    sent = _date(headers.get("date", ""))
    return max(until - (now if sent is None else sent), 0.0) or None


def _seconds(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


_STATUS = {
    **dict.fromkeys((401, 403), Kind.KEY),
    **dict.fromkeys((404, 405, 410), Kind.NOT_FOUND),
    **dict.fromkeys((408, 409, 425), Kind.BUSY),
    413: Kind.CONTEXT,
    429: Kind.RATE_LIMITED,
}


def classify(status: int, detail: str, *, wait: float | None) -> Kind:
    """What an HTTP status and the words of the service mean.

    Args:
        status: Not a success.
        detail: Codes, types and message of the error.
        wait: Seconds that the service asks to wait, if it does.
    """
    said = detail.lower()
    # money has run out; a limit by the minute that comes with a time to wait has not
    broke = "insufficient_quota" in said or (wait is None and speaks(Kind.QUOTA, said))
    if status == 402 or (status in {400, 403, 429} and broke):
        return Kind.QUOTA
    if 300 <= status < 400:
        return Kind.REDIRECT
    told: tuple[Kind, ...] = ()
    if status in {400, 403, 413, 422}:
        told = (Kind.FILTERED, Kind.CONTEXT)
    if status in {400, 422}:
        told += (Kind.KEY, Kind.NOT_FOUND)
    if status in {500, 501}:
        told = (Kind.BAD_REQUEST,)
    usual = _STATUS.get(status, Kind.BUSY if status >= 500 else Kind.BAD_REQUEST)
    return next((kind for kind in told if speaks(kind, said)), usual)


def speaks(of: str, said: str) -> bool:
    """Whether words of a service, in lower case, speak of something that ``failures.toml`` knows."""
    return re.search(texts()["words"][of], said) is not None


@cache
def texts() -> dict[str, dict[str, str]]:
    """The words and the lines of ``failures.toml``."""
    packaged = resources.files("extractor.models").joinpath("failures.toml")
    return tomllib.loads(packaged.read_text("utf-8"))
