"""The pace of a run: in flight, requests and tokens a minute, the shared pause, in virtual time and with threads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import GoujiError, UsageError
from extractor.models import pace as pace_module
from extractor.models.exchange import Spent, Stopped, UnansweredError
from extractor.models.meter import Meter
from extractor.models.pace import MARGIN, MINUTE, Pace, Pass
from extractor.models.prices import Prices
from extractor.models.retry import Timing
from extractor.models.service import Service
from extractor.models.settings import ModelName
from tests.each import each
from tests.model_calls_servers import (
    Scripted,
    Watch,
    completion,
    in_turn,
    question,
    refusal,
    reply,
)
from tests.model_calls_servers import settings as service_settings
from tests.virtual_time import VirtualCondition, VirtualTime


@dataclass
class Sent:
    """One request as it went."""

    asked: float
    began: float
    ended: float
    room: int
    used: int


@dataclass
class Run:
    """A pace in virtual time, and everything that was sent under it."""

    most: int
    rpm: int | None = None
    tpm: int | None = None
    sent: list[Sent] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    in_flight: int = 0
    peak: int = 0
    pauses: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = VirtualTime()
        self.pace = Pace(self.most, self.rpm, self.tpm, timing=self.world.timing())

    def request(self, number: int, seconds: float, room: int, used: int | None) -> None:
        """What one thread does."""
        self.asked.append(number)
        asked = self.world.now
        given = self.pace.enter(room)
        self.begun.append(number)
        began = self.world.now
        assert given.waited == began - asked
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        self.world.sleep(seconds)
        self.in_flight -= 1
        self.pace.leave(given, used)
        self.sent.append(Sent(asked, began, self.world.now, room, room if used is None else used))

    def pause(self, seconds: float) -> None:
        """A shared pause."""
        self.pauses.append((self.world.now, self.world.now + seconds))
        self.pace.slow_down(Pass(self.world.now, 0), seconds)

    def holds(self) -> None:
        """Nothing that must never be happened."""
        assert self.peak <= self.most
        assert self.begun == self.asked
        starts = sorted(self.sent, key=lambda one: one.began)
        for i, first in enumerate(starts):
            within = [one for one in starts[i:] if one.began < first.began + MINUTE + MARGIN]
            assert self.rpm is None or len(within) <= self.rpm
            assert self.tpm is None or sum(one.used for one in within) <= self.tpm
        for began, ended in self.pauses:
            assert not [one for one in starts if began < one.began < ended]


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions of the pace are those of the virtual time of the pace that makes them."""

    class Fitting:
        def __new__(cls, lock: Any) -> Any:
            return VirtualCondition(_worlds[-1], lock)

    monkeypatch.setattr(pace_module, "Condition", Fitting)


_worlds: list[VirtualTime] = []


def started(run: Run) -> Run:
    """The run whose clock conditions follow."""
    _worlds[:] = [run.world]
    return run


_SECONDS = st.one_of(st.just(0.0), st.floats(0.01, 90.0), st.sampled_from([0.2, 1.0, 59.9, 60.0]))


@pytest.mark.usefixtures("virtual")
@settings(max_examples=60, deadline=None)
@given(
    most=st.integers(1, 6),
    rpm=st.none() | st.integers(1, 12),
    tpm=st.none() | st.integers(1000, 4000),
    requests=st.lists(
        st.tuples(_SECONDS, _SECONDS, st.integers(1, 1000), st.none() | st.floats(0, 1)),
        min_size=1,
        max_size=40,
    ),
    pauses=st.lists(st.tuples(st.floats(0, 300), st.floats(0.1, 100)), max_size=3),
)
def test_no_window_is_ever_exceeded_and_nobody_starves(
    most: int,
    rpm: int | None,
    tpm: int | None,
    requests: list[tuple[float, float, int, float | None]],
    pauses: list[tuple[float, float]],
) -> None:
    run = started(Run(most, rpm, tpm))
    at = 0.0
    for number, (gap, seconds, room, part) in enumerate(requests):
        at += gap / 10
        used = None if part is None else int(room * part)
        run.world.start(at, partial(run.request, number, seconds, room, used))
    for begins, seconds in pauses:
        run.world.start(begins, partial(run.pause, seconds))
    run.world.run()
    assert len(run.sent) == len(requests)
    run.holds()


@pytest.mark.usefixtures("virtual")
@pytest.mark.parametrize(("most", "rpm", "seconds"), [(4, 30, 0.5), (64, 50, 2.0), (1, 20, 1.0)])
def test_a_saturated_rate_is_within_two_percent_of_the_best(
    most: int, rpm: int, seconds: float
) -> None:
    run = started(Run(most, rpm))
    minutes = 12
    for number in range(rpm * minutes + 1):
        run.world.start(0, partial(run.request, number, seconds, 1, 1))
    run.world.run()
    run.holds()
    assert max(one.began for one in run.sent) <= minutes * MINUTE * 1.02


@pytest.mark.usefixtures("virtual")
def test_what_a_request_did_not_use_is_free_for_the_next() -> None:
    run = started(Run(1, tpm=1000))
    for number in range(10):
        run.world.start(0, partial(run.request, number, 1.0, 600, 100))
    run.world.run()
    run.holds()
    # 100 each for those that are over, 600 for the next: five within the first minute
    assert sorted(one.began for one in run.sent)[:6] == [0, 1, 2, 3, 4, MINUTE + MARGIN]


@pytest.mark.usefixtures("virtual")
def test_a_request_that_is_not_sent_takes_no_place() -> None:
    run = started(Run(1, rpm=1))
    began: list[float] = []

    def not_sent() -> None:
        run.pace.withdraw(run.pace.enter(1))

    run.world.start(0, not_sent)
    run.world.start(1, lambda: began.append(run.pace.enter(1).began))
    run.world.run()
    assert began == [1]
    assert run.pace.in_flight == 1


@pytest.mark.usefixtures("virtual")
def test_pauses_grow_while_a_service_goes_on_to_refuse_and_count_once_for_all_in_flight() -> None:
    run = started(Run(3))
    resumed: list[float] = []

    def refused() -> None:
        given = run.pace.enter(1)
        resumed.append(run.world.now)
        run.world.sleep(0.1)
        run.pace.slow_down(given)
        run.pace.leave(given)

    def answered() -> None:
        given = run.pace.enter(1)
        run.world.sleep(0.1)
        run.pace.leave(given, 1)

    for _ in range(9):
        run.world.start(0, refused)
    run.world.start(0.05, answered)
    run.world.start(20, refused)
    run.world.start(21, lambda: resumed.append(run.pace.enter(1).began))
    run.world.run()
    assert resumed[::3][:3] == pytest.approx([0, 1.1, 3.2])
    assert resumed[-2:] == pytest.approx([20, 21.1])  # an answer ends it, and it begins small again


@pytest.mark.usefixtures("virtual")
def test_ending_the_run_wakes_everybody_at_once() -> None:
    run = started(Run(1, rpm=1))
    ended: list[float] = []

    def hold() -> None:
        run.pace.enter(1)

    def wait() -> None:
        with pytest.raises(Stopped):
            run.pace.enter(1)
        ended.append(run.world.now)

    def rest() -> None:
        with pytest.raises(Stopped):
            run.pace.rest(1000)
        ended.append(run.world.now)

    run.world.start(0, hold)
    for _ in range(3):
        run.world.start(1, wait)
        run.world.start(1, rest)
    run.world.start(5, run.pace.stop)
    run.world.start(6, wait)
    run.world.run()
    assert ended == [5] * 6 + [6]


def test_threads_that_wait_go_on_when_one_leaves_and_end_when_told_so() -> None:
    pace = Pace(1)
    first = pace.enter(1)
    through: list[str] = []

    def wait() -> None:
        try:
            given = pace.enter(1)
        except Stopped:
            through.append("stopped")
        else:
            through.append("in")
            pace.leave(given, 1)

    threads = [threading.Thread(target=wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    pace.leave(first)
    for thread in threads:
        thread.join(20)
    assert through == ["in"] * 8
    held = pace.enter(1)
    late = [threading.Thread(target=wait) for _ in range(4)]
    late += [threading.Thread(target=lambda: through.append(_rested(pace))) for _ in range(4)]
    for thread in late:
        thread.start()
    pace.stop()
    for thread in late:
        thread.join(20)
    assert through[8:] == ["stopped"] * 8
    pace.leave(held)


def _rested(pace: Pace) -> str:
    with pytest.raises(Stopped):
        pace.rest(1000)
    return "stopped"


def test_a_request_larger_than_a_minute_may_have_is_refused_at_once() -> None:
    with pytest.raises(
        UnansweredError, match=r"^--tpm 1000: one request may need 1001 tokens; allow"
    ):
        Pace(1, tpm=1000).enter(1001)


@each("limits", [(0,), (5000,), (1, 0), (1, None, 0), (1, -3)])
def test_a_limit_that_cannot_be_is_wrong_usage(limits: tuple[Any, ...]) -> None:
    with pytest.raises(UsageError):
        Pace(*limits)


# --- a service under a pace


class Paced:
    """A scripted service whose pace and clock are one."""

    def __init__(self, *responses: Any, pace: dict[str, Any] | None = None, **options: Any) -> None:
        self.watch = Watch()
        self.waits: list[float] = []
        self.held: list[int] = []
        timing = self.watch.timing()
        self.pace = Pace(
            **{"most_in_flight": 1} | (pace or {}),
            timing=Timing(sleep=timing.sleep, clock=timing.clock, wait=self._wait),
        )
        self.scripted = Scripted(in_turn(*responses), watch=self.watch)
        self.meter = Meter(options.pop("max_requests", None), None, Prices.load())
        self.service = Service(
            ModelName("openai", "m"),
            service_settings(**options),
            self.meter,
            pace=self.pace,
            transport=httpx2.MockTransport(self.scripted._handle),
            timing=timing,
        )

    def _wait(self, _: Any, seconds: float | None) -> None:
        assert seconds is not None, "nobody could wake it"
        self.waits.append(seconds)
        self.held.append(self.pace.in_flight)
        self.watch.time += seconds


LIMITED = refusal("Rate limit reached", 429)
GOOD = reply(completion())


def test_a_service_that_says_when_pauses_the_whole_run() -> None:
    for status in (429, 503):
        slow = reply({"error": {"message": "later"}}, status, Retry_After="7")
        paced = Paced(slow, GOOD)
        told = paced.service.ask_recorded(question())
        assert told.reply.answer is not None
        assert [attempt.status for attempt in told.attempts] == [status, 200]
        assert paced.waits == [7.0]
        assert paced.held == [0], "who waits to try again holds no place"
        assert paced.pace.in_flight == 0


def test_a_service_that_does_not_say_when_pauses_the_run_shortly() -> None:
    paced = Paced(LIMITED, LIMITED, GOOD)
    assert paced.service.ask(question()).answer is not None
    assert sum(paced.waits) == pytest.approx(1 + 2)
    busy = Paced(refusal("later", 500), GOOD)
    busy.pace.slow_down = _never  # type: ignore[assignment,method-assign]
    assert busy.service.ask(question()).answer is not None


def _never(*_: Any) -> None:
    raise AssertionError("a failure that says nothing of the rate pauses nobody else")


def test_waiting_for_the_pace_is_no_time_of_the_question() -> None:
    paced = Paced(reply({}, 500), GOOD, deadline=50, timeout=40)
    paced.pace.slow_down(Pass(0.0, 0), 10_000)
    told = paced.service.ask_recorded(question())
    assert told.reply.answer is not None
    assert paced.watch.time > 11_000
    assert [attempt.seconds for attempt in told.attempts] == [0, 0]


def test_more_than_is_waited_at_most_pauses_nobody() -> None:
    paced = Paced(reply({"error": {"message": "tomorrow"}}, 429, Retry_After="86400"))
    with pytest.raises(UnansweredError, match="left alone") as caught:
        paced.service.ask_recorded(question())
    assert caught.value.lasting
    assert [attempt.status for attempt in caught.value.attempts] == [429]
    assert paced.pace._resumes == float("-inf")


def test_a_cap_takes_no_place_of_the_pace() -> None:
    paced = Paced(GOOD, pace={"rpm": 1}, max_requests=1)
    paced.service.ask(question())
    paced.watch.time += 100
    with pytest.raises(Spent) as caught:
        paced.service.ask(question())
    assert caught.value.attempts == ()
    assert paced.pace.in_flight == 0
    assert paced.pace.enter(1).waited == 0


def test_a_run_that_is_ended_tells_what_was_sent() -> None:
    paced = Paced(LIMITED, GOOD)
    wait = paced._wait

    def stop(condition: Any, seconds: float | None) -> None:
        wait(condition, seconds)
        paced.pace._stopped = True

    object.__setattr__(paced.pace._timing, "wait", stop)
    with pytest.raises(Stopped) as caught:
        paced.service.ask(question())
    assert [attempt.status for attempt in caught.value.attempts] == [429]
    assert not isinstance(caught.value, GoujiError)


def test_tokens_are_counted_as_the_service_tells_them() -> None:
    used = completion(usage={"prompt_tokens": 100, "completion_tokens": 20})
    paced = Paced(reply(used), pace={"tpm": 2000})
    for _ in range(8):
        assert paced.service.ask(question()).answer is not None
    # 120 each where up to about 800 were set aside, so all fit into one minute
    assert paced.waits == []
