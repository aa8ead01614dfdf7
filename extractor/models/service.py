"""Ask one model of one service: cache, caps, retries, modes, more room, and what to say when it fails."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from extractor.models.answers import parse
from extractor.models.cache import key_of
from extractor.models.envelope import Completion
from extractor.models.exchange import (
    Problem,
    Question,
    Reply,
    Spent,
    Stopped,
    Told,
    UnansweredError,
)
from extractor.models.explain import explain
from extractor.models.meter import Attempt, Meter
from extractor.models.modes import (
    MOST_LESSONS,
    Habit,
    Memory,
    first_habit,
    messages,
    parameters,
    taught,
)
from extractor.models.pace import Pace, Pass
from extractor.models.retry import Budget, Failure, Kind, Timing, insist
from extractor.models.settings import ModelName, Settings
from extractor.models.tokens import estimate, least_tokens

if TYPE_CHECKING:
    import httpx2

    from extractor.models.adapter import Adapter
    from extractor.models.cache import Answers

_MORE_ROOM = 4
_CUT_OFF = frozenset({"length", "max_tokens", "model_length"})
_STOPPED = frozenset({"content_filter", "sensitive", "safety", "prohibited_content"})
_PROBLEMS: dict[Kind, Problem] = {Kind.FILTERED: "filtered", Kind.TOO_LONG: "too_long"}
_LASTING = frozenset({Kind.KEY, Kind.QUOTA, Kind.NOT_FOUND, Kind.REDIRECT, Kind.TLS})
"""What the next question to the same service would meet as well."""


class Service:
    """One model of one service; threads may share it. Nothing is imported, opened or asked yet.

    Args:
        model: The model.
        settings: The service.
        meter: Counts every request and stops the run at its caps.
        cache: Recorded answers; offline, the only ones.
        memory: What services taught; shared between models.
        pace: How fast all services of a run together may be asked; None as fast as they are.
        transport: Instead of the network, for tests.
        timing: Clock and sleep, for tests.
    """

    def __init__(
        self,
        model: ModelName,
        settings: Settings,
        meter: Meter,
        cache: Answers | None = None,
        *,
        memory: Memory | None = None,
        pace: Pace | None = None,
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.model = model.full
        """The model, as it is named on the command line."""
        self.host = settings.host
        """Host of the service."""
        self._model = model
        self._settings = settings
        self._meter = meter
        self._cache = cache
        self._memory = memory or Memory()
        self._where = settings.service, model.full, settings.mode
        self._pace = pace
        self._timing = timing or Timing()
        self._transport = transport
        self._adapter: Adapter | None = None
        self._lock = Lock()
        self._ahead = Lock()
        self._went = False

    def ask(self, question: Question) -> Reply:
        """Ask once, and again only where the request itself went wrong or had too little room.

        Raises:
            UnansweredError: The service fails for good; or there is no recorded answer, offline.
            Spent: A cap of the run is reached.
            Stopped: The run is being ended (`extractor.models.pace`).
        """
        return self.ask_recorded(question).reply

    def ask_recorded(self, question: Question) -> Told:
        """The same as `ask`, with the HTTP requests that it took, also of what is raised."""
        made: list[Attempt] = []
        try:
            return Told(self._reply(question, made), tuple(made))
        except (UnansweredError, Spent, Stopped) as error:
            error.attempts = tuple(made)
            raise

    def close(self) -> None:
        """Close connections."""
        with self._lock:
            if self._adapter is not None:
                self._adapter.close()
            self._adapter = None

    def _reply(self, question: Question, made: list[Attempt]) -> Reply:
        if self._cache is None:
            return self._ask(question, made).reply
        key = key_of(question, self.model)
        recorded = self._cache.get(key)
        answer = None if recorded is None else parse(recorded, question.shape)[0]
        if answer is not None:
            return Reply(answer)
        if self._cache.offline:
            raise UnansweredError(
                f"{self.model!r}: no answer to {question.about!r} is recorded in the cache; "
                "run once without --offline"
            )
        judged = self._ask(question, made)
        if judged.answer is not None and not judged.clipped:
            self._cache.put(key, judged.text, question=question, model=self.model)
        return judged.reply

    def _ask(self, question: Question, made: list[Attempt]) -> Completion:
        """One question goes ahead and learns what the service takes; the others need not learn it each."""
        if self._pace is not None and not self._settings.local and not self._went:
            with self._ahead:
                if not self._went:
                    try:
                        return self._loop(question, made)
                    finally:
                        self._went = True
        return self._loop(question, made)

    def _loop(self, question: Question, made: list[Attempt]) -> Completion:
        """The loop around `insist`: what is learned from a refusal, and more room once."""
        settings = self._settings
        known = self._memory.get(*self._where)
        habit = known or first_habit(settings)
        seen = [habit]
        self._sender()  # before the clock runs
        budget = Budget(settings.attempts, settings.deadline, self._timing.clock)
        room, because = question.room, None
        cut: Completion | None = None
        refusal: Failure | None = None
        while True:
            sent = Sent(question, habit, room, because)
            result = self._insist(sent, budget, made)
            if isinstance(result, Failure):
                if cut is not None and result.kind in {Kind.BAD_REQUEST, Kind.CONTEXT}:
                    return cut  # the model has no more room than it was given before
                lesson = taught(habit, result, auto=settings.mode == "auto", tried=seen)
                if lesson is not None and len(seen) <= MOST_LESSONS and not budget.spent:
                    refusal = refusal or result
                    habit, because = lesson, str(result.kind)
                    seen.append(habit)
                    continue
                if result.kind in _PROBLEMS:
                    return Completion(problem=_PROBLEMS[result.kind])
                if refusal is not None and result.kind is Kind.BAD_REQUEST:
                    result = refusal  # it was about the request as it was meant
                raise self._error(result, budget, question)
            if habit != known:
                self._memory.put(*self._where, habit)
                known = habit
            more = self._more_room(question, room)
            if result.problem != "truncated" or cut is not None or not more or budget.spent:
                return result
            cut, room, because = result, more, "truncated"

    def _more_room(self, question: Question, room: int) -> int:
        """Tokens for an answer that did not fit, 0 where there are no more."""
        more = min(room * _MORE_ROOM, self._settings.most_room)
        return more if question.grows and more > room else 0

    def _insist(self, sent: Sent, budget: Budget, made: list[Attempt]) -> Completion | Failure:
        """One request, and again while what goes wrong is passing."""
        last: Failure | None = None

        def once(before: Kind | None) -> Completion | Failure:
            nonlocal last
            result = self._once(sent, budget, before, made)
            last = result if isinstance(result, Failure) else None
            return result

        try:
            return insist(
                once,
                budget,
                longest_wait=self._settings.longest_wait,
                timing=self._timing,
                sleep=None if self._pace is None else self._pace.rest,
            )
        except Spent:
            if last is None or self._pace is not None:  # a batch leaves the report for its next run
                raise
            return last  # no request is left to try again with: what went wrong is what to say

    def _once(
        self, sent: Sent, budget: Budget, before: Kind | None, made: list[Attempt]
    ) -> Completion | Failure:
        """Exactly one request, counted whatever comes of it."""
        given = self._enter(sent, budget)
        budget.take()
        began = self._timing.clock()
        result: Completion | Failure | None = None
        try:
            result = self._sender().send(
                self._model,
                sent.question,
                sent.habit,
                room=sent.room,
                seconds=min(self._settings.timeout, budget.seconds),
            )
            if isinstance(result, Completion):
                result = judged(result, sent)
        finally:
            took = self._timing.clock() - began
            reason = sent.because if before is None else str(before)
            made.append(self._attempt(sent, result, took, reason))
            self._meter.record(made[-1])
            self._leave(given, result)
        return result

    def _sender(self) -> Adapter:
        """What sends requests; the libraries that it needs load with the first."""
        with self._lock:
            if self._adapter is None:
                from extractor.models.adapter import Adapter

                self._adapter = Adapter(
                    self._settings, transport=self._transport, timing=self._timing
                )
            return self._adapter

    def _enter(self, sent: Sent, budget: Budget) -> Pass | None:
        """Wait for leave to send, which is no time of the question, and hold the request to the caps."""
        given = None if self._pace is None else self._pace.enter(sent.tokens + sent.room)
        try:
            self._meter.before_request(
                sent.tokens, sent.room, self._model.name, self._settings.service
            )
        except BaseException:
            if self._pace is not None and given is not None:
                self._pace.withdraw(given)
            raise
        if given is not None:
            budget.ends += given.waited
        return given

    def _leave(self, given: Pass | None, result: Completion | Failure | None) -> None:
        if self._pace is None or given is None:
            return
        used = None
        if isinstance(result, Completion):
            read, _, written = result.counts
            used = None if read is None or written is None else read + written
        elif isinstance(result, Failure) and result.kind in {Kind.RATE_LIMITED, Kind.BUSY}:
            wait = result.retry_after
            # a service that wants more than is waited at most is given up, not waited for
            if wait is None and result.kind is Kind.RATE_LIMITED:
                self._pace.slow_down(given)
            elif wait is not None and wait <= self._settings.longest_wait:
                self._pace.slow_down(given, wait)
        self._pace.leave(given, used)

    def _attempt(
        self,
        sent: Sent,
        result: Completion | Failure | None,
        seconds: float,
        reason: str | None,
    ) -> Attempt:
        read, cached, written = (
            result.counts if isinstance(result, Completion) else (None, None, None)
        )
        if isinstance(result, Failure):
            outcome = str(result.kind)
        else:
            outcome = "interrupted" if result is None else (result.problem or "answered")
        return Attempt(
            about=sent.question.about,
            model=self._model.name,
            service=self._settings.service,
            status=None if result is None else result.status,
            seconds=seconds,
            input_tokens=read,
            cached_tokens=cached,
            output_tokens=written,
            request_id=None if result is None else result.request_id,
            outcome=outcome,
            retried_because=reason,
            mode=sent.habit.mode,
        )

    def _error(self, failure: Failure, budget: Budget, question: Question) -> UnansweredError:
        left_alone = (failure.retry_after or 0) > self._settings.longest_wait
        return UnansweredError(
            explain(failure, self._settings, self._model, question, budget.used),
            kind=str(failure.kind),
            lasting=left_alone or failure.kind in _LASTING,
        )


class Sent:
    """A question as it is sent.

    Attributes:
        question: What is asked.
        habit: How its shape is asked for.
        room: Most tokens of the answer.
        because: Why what was sent before was not enough.
        tokens: About how many the prompt has, its shape included.
        least: Fewer than any tokenizer makes of it.
    """

    def __init__(
        self, question: Question, habit: Habit, room: int, because: str | None = None
    ) -> None:
        self.question, self.habit, self.room, self.because = question, habit, room, because
        told = messages(habit, question.system, question.user, question.shape)
        system, user = (message["content"] for message in told)
        body = parameters(habit, question.shape, room=room, temperature=0)
        shape = str(body.get("response_format") or body.get("tools") or "")
        # a system message and a shape are one of a few
        self.tokens = _estimated(system) + 1 + estimate(user) + _estimated(shape)
        self.least = _least(system) + least_tokens(user)


def judged(result: Completion, sent: Sent) -> Completion:
    """A completion with what it is worth."""
    (read, _, written), answer, problem = result.counts, result.answer, result.problem
    if result.refused or result.finish in _STOPPED:
        answer, problem = None, "refused" if result.refused else "filtered"
    elif result.finish in _CUT_OFF:
        # an object that is closed at the very end is whole, though blanks followed to the limit
        if answer is None or not result.text.rstrip().endswith("}"):
            answer, problem = None, "too_long" if problem == "too_long" else "truncated"
    elif answer is None and problem != "too_long" and (written or 0) >= sent.room:
        problem = "truncated"  # some servers say "stop" also at the limit
    clipped = read is not None and read < sent.least
    return replace(result, answer=answer, problem=problem, clipped=clipped)


_estimated = lru_cache(maxsize=64)(estimate)
_least = lru_cache(maxsize=64)(least_tokens)
