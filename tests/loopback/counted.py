"""The scripted server as a service for whole runs: it counts what it is asked, takes its time, and fails by chance."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Literal

from tests.loopback import faults
from tests.loopback.server import Call, Handler, Response, Server, completion

Fault = Literal["limited", "limited_later", "failing", "cut", "cut_within", "silent"]
FAULTS: tuple[Fault, ...] = ("limited", "limited_later", "failing", "cut", "cut_within", "silent")
"""A 429 with Retry-After, the same in milliseconds, a 500, a connection reset before or within the answer, and
no answer at all."""
_PATIENCE = 30


class CountedServer(Server):
    """A server for the length of a ``with`` block.

    Args:
        answer: Makes the text of an answer from the two messages.
        latency: Seconds from the arrival of a request to its response.
        share: Of the requests, from 0 to 1, that meet a fault.
        seed: Of the faults.
        retry_after: Seconds that a 429 asks to wait; ``limited`` says so in whole seconds.
        silence: Seconds after which a connection that gets no answer is dropped.
        gathers: How many requests must have arrived before the first is answered.
        holds_after: How many answers it gives before it holds all others, until `release`.

    Attributes:
        most_in_flight: Between arrival and the end of the response.
        successes: How often each question was answered.
        played: How often each fault was.
    """

    def __init__(
        self,
        answer: Callable[[str, str], str],
        latency: float = 0.0,
        share: float = 0.0,
        seed: int = 0,
        *,
        retry_after: float = 1.0,
        silence: float = 60.0,
        gathers: int = 0,
        holds_after: int | None = None,
    ) -> None:
        super().__init__(self._act, most_calls=100_000)
        self._answer, self._latency, self._share = answer, latency, share
        self._retry_after, self._silence, self._gathers = retry_after, silence, gathers
        self._chance = random.Random(seed)
        self._counting = threading.Lock()
        self._gathered, self._released = threading.Event(), threading.Event()
        self._left = holds_after
        self._in_flight = self.most_in_flight = 0
        self.successes: Counter[tuple[str, str]] = Counter()
        self.played: Counter[str] = Counter()

    @property
    def requests(self) -> int:
        """How many arrived so far."""
        return len(self.calls)

    def most_within(self, seconds: float) -> int:
        """Most requests that arrived within any window of so many seconds."""
        starts = sorted(call.at for call in self.calls)
        return max(sum(at <= other < at + seconds for other in starts) for at in starts)

    def release(self) -> None:
        """Give the answers that are held, and all others."""
        self._released.set()

    def _act(self, handler: Handler, call: Call) -> None:
        with self._counting:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            fails = self._chance.random() < self._share
            fault = self._chance.choice(FAULTS) if fails else None
            if fault is not None:
                self.played[fault] += 1
            if self._in_flight >= self._gathers:
                self._gathered.set()
        try:
            if fault is None:
                self._succeed(handler, call)
            else:
                self._fail(fault, handler, call)
        finally:
            with self._counting:
                self._in_flight -= 1

    def _succeed(self, handler: Handler, call: Call) -> None:
        time.sleep(self._latency)
        self._gathered.wait(_PATIENCE)  # a client that never has so many is told by the count
        self._gathered.set()
        with self._counting:
            held = self._left is not None and self._left <= 0
            self._left = None if self._left is None else self._left - 1
        if held:
            self._released.wait()
        handler.reply(Response(200, completion(self._answer(call.system, call.user), call)))
        with self._counting:
            self.successes[call.system, call.user] += 1

    def _fail(self, fault: Fault, handler: Handler, call: Call) -> None:
        if fault == "silent":
            handler.wait(self._silence)
            handler.cut()
            return
        time.sleep(self._latency)
        seconds, wait = max(1, round(self._retry_after)), self._retry_after * 1000
        {
            "limited": faults.rate_limited(str(seconds)),
            "limited_later": faults.status(429, "slow down", **{"retry-after-ms": f"{wait:.0f}"}),
            "failing": faults.status(500),
            "cut": faults.cut("before"),
            "cut_within": faults.cut("body"),
        }[fault](handler, call)


__all__ = ["FAULTS", "CountedServer", "Fault"]
