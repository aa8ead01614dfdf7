"""How fast a run may ask: requests in flight, requests and tokens a minute, and one pause for all.

The limits are a service's, which counts what arrives there, so a *minute* here has `MARGIN` seconds more than 60:
two requests that leave a minute apart may arrive that much closer together. Within that the limits are
exact: whichever minute is looked at, no more requests begin in it, and the tokens of those that do are no
more. A request counts from when it begins: with the most that it can use until its own count is known, then
with that, which no kept rate limiter does. Who asks first goes first; one that is larger does not let smaller ones pass.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Condition, Lock

from extractor.errors import UsageError
from extractor.models.exchange import Stopped, UnansweredError
from extractor.models.retry import Timing

MINUTE = 60.0
MARGIN = 1.0
"""Seconds by which two requests may come closer together on their way, a connection to be made included; of
the rate it costs 1.6 %."""
MOST_IN_FLIGHT = 1024
_SHORT = 1.0
_LONGEST = 30.0


@dataclass(slots=True, eq=False)
class Pass:
    """Leave for one request: when it was given, for how many tokens, and how long it was waited for."""

    began: float
    tokens: int
    waited: float = 0.0


class Pace:
    """The pace of a run, one for all its services. Threads share it.

    Args:
        most_in_flight: Most requests under way at a time.
        rpm: Most requests that begin in a minute, None for any number.
        tpm: Most tokens of these, prompts and answers together, None for any number.
        timing: Clock and waiting, for tests.

    Raises:
        UsageError: A limit that cannot be.
    """

    def __init__(
        self,
        most_in_flight: int,
        rpm: int | None = None,
        tpm: int | None = None,
        *,
        timing: Timing | None = None,
    ) -> None:
        if not 1 <= most_in_flight <= MOST_IN_FLIGHT:
            raise UsageError(f"--concurrency {most_in_flight}: from 1 to {MOST_IN_FLIGHT}")
        for name, limit in (("--rpm", rpm), ("--tpm", tpm)):
            if limit is not None and limit < 1:
                raise UsageError(f"{name} {limit}: give 1 or more")
        self._most, self._rpm, self._tpm = most_in_flight, rpm, tpm
        self._timing = timing or Timing()
        self._lock = Lock()
        self._begun: deque[Pass] = deque()  # in the minute that is looked at
        self._waiting: deque[Condition] = deque()
        self._resting: set[Condition] = set()
        self._in_flight = 0
        self._resumes = self._slowed = float("-inf")
        self._limited = 0
        self._stopped = False

    @property
    def in_flight(self) -> int:
        """Requests under way."""
        return self._in_flight

    def enter(self, tokens: int) -> Pass:
        """Wait until a request that can use so many tokens at most may be sent.

        Returns:
            To be given back with `leave` or `withdraw`, whatever comes of the request.

        Raises:
            Stopped: The run is being ended.
            UnansweredError: It alone is more than a minute may have.
        """
        if self._tpm is not None and tokens > self._tpm:
            raise UnansweredError(
                f"--tpm {self._tpm}: one request may need {tokens} tokens; allow at least as many"
            )
        me = Condition(self._lock)
        with self._lock:
            asked = self._timing.clock()
            self._waiting.append(me)
            try:
                while (wait := self._wait(me, tokens)) != 0:
                    self._timing.wait(me, wait)
                now = self._timing.clock()
            finally:
                self._waiting.remove(me)
                self._wake()
            self._in_flight += 1
            given = Pass(now, tokens, now - asked)
            if self._rpm is not None or self._tpm is not None:
                self._begun.append(given)
            return given

    def leave(self, given: Pass, used: int | None = None) -> None:
        """A request is over; it used so many tokens, or, where that is not known, the most that it could."""
        with self._lock:
            self._in_flight -= 1
            if used is not None:
                given.tokens = used
                if given.began >= self._slowed:
                    self._limited = 0
            self._wake()

    def withdraw(self, given: Pass) -> None:
        """A request is not sent after all."""
        with self._lock:
            self._in_flight -= 1
            if given in self._begun:
                self._begun.remove(given)
            self._wake()

    def slow_down(self, given: Pass, seconds: float | None = None) -> None:
        """A service wants fewer requests: nobody sends for a while, longer each time that it says so again.

        Of several pauses the one that ends last counts.

        Args:
            given: Of the request that was told so.
            seconds: For how long, where the service says that.
        """
        with self._lock:
            now = self._timing.clock()
            if seconds is None:
                if given.began < self._slowed:
                    return  # it was sent before the pause that is on
                seconds = min(_SHORT * 2.0 ** min(self._limited, 10), _LONGEST)
                self._limited += 1
            self._resumes = max(self._resumes, now + seconds)
            self._slowed = now

    def rest(self, seconds: float) -> None:
        """Wait, holding nothing, as before another request for the same question.

        Raises:
            Stopped: The run is being ended.
        """
        me = Condition(self._lock)
        with self._lock:
            ends = self._timing.clock() + seconds
            self._resting.add(me)
            try:
                while not self._stopped and (left := ends - self._timing.clock()) > 0:
                    self._timing.wait(me, left)
            finally:
                self._resting.remove(me)
            if self._stopped:
                raise Stopped

    def stop(self) -> None:
        """End it: who waits, and whoever comes, is told so at once."""
        with self._lock:
            self._stopped = True
            for one in (*self._waiting, *self._resting):
                one.notify()

    def _wait(self, me: Condition, tokens: int) -> float | None:
        """Seconds to wait, 0 to begin, None until somebody says so; by then less may be known."""
        if self._stopped:
            raise Stopped
        if self._waiting[0] is not me or self._in_flight >= self._most:
            return None
        now = self._timing.clock()
        begun, opens = self._begun, now
        while begun and begun[0].began + MINUTE + MARGIN <= now:
            begun.popleft()
        if self._rpm is not None and len(begun) >= self._rpm:
            opens = begun[-self._rpm].began + MINUTE + MARGIN
        if self._tpm is not None:
            over = sum(one.tokens for one in begun) + tokens - self._tpm
            for one in begun:
                if over <= 0:
                    break
                over -= one.tokens
                opens = max(opens, one.began + MINUTE + MARGIN)
        return max(opens - now, self._resumes - now, 0.0)

    def _wake(self) -> None:
        """Let who is next look again."""
        if self._waiting:
            self._waiting[0].notify()
