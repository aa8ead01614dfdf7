"""Ask one model of one service: cache, caps, retries, modes, more room, and what to say when it fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.errors import ProviderError
from extractor.models.adapter import Adapter
from extractor.models.answers import parse
from extractor.models.envelope import Completion
from extractor.models.exchange import Problem, Question, Reply
from extractor.models.meter import Attempt, Meter, Spent
from extractor.models.modes import (
    MOST_LESSONS,
    Habit,
    Memory,
    first_habit,
    messages,
    parameters,
    taught,
)
from extractor.models.retry import Budget, Failure, Kind, Timing, insist
from extractor.models.settings import ModelName, Settings
from extractor.models.tokens import estimate

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

    from extractor.models.cache import Cache

_MORE_ROOM = 4
_CUT_OFF = frozenset({"length", "max_tokens", "model_length"})
_STOPPED = frozenset({"content_filter", "sensitive", "safety", "prohibited_content"})
_PROBLEMS: dict[Kind, Problem] = {Kind.FILTERED: "filtered", Kind.TOO_LONG: "too_long"}
_PIECE = re.compile(r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff]+)|[0-9]+|[A-Za-z]+")
_LEAST_HAN = 0.35


@dataclass(frozen=True, slots=True)
class _Judged:
    """A completion, and what it is worth."""

    completion: Completion
    answer: BaseModel | None
    problem: Problem | None
    clipped: bool


class Service:
    """One model of one service; `ask` is an `extractor.models.exchange.Asker`. Threads may share it."""

    def __init__(
        self,
        model: ModelName,
        settings: Settings,
        meter: Meter,
        cache: Cache | None = None,
        *,
        memory: Memory | None = None,
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Nothing is imported, opened or asked yet.

        Args:
            model: The model.
            settings: The service.
            meter: Counts every request and stops the run at its caps.
            cache: Recorded answers; offline, the only ones.
            memory: What services taught; shared between models, and kept in a file if it has one.
            transport: Instead of the network, for tests.
            timing: Clock and sleep, for tests.
        """
        self._model = model
        self._settings = settings
        self._meter = meter
        self._cache = cache
        self._memory = memory or Memory()
        self._timing = timing or Timing()
        self._adapter = Adapter(settings, transport=transport, timing=self._timing)

    def ask(self, question: Question) -> Reply:
        """Ask once, and again only where the request itself went wrong or had too little room.

        Raises:
            ProviderError: The service fails for good; or there is no recorded answer, offline.
            Spent: A cap of the run is reached (`extractor.models.meter`).
        """
        key = ""
        if self._cache is not None:
            key = self._cache.key_of(question, self._model.full)
            recorded = self._cache.get(key)
            answer = None if recorded is None else parse(recorded, question.shape)[0]
            if answer is not None:
                return Reply(answer)
            if self._cache.offline:
                raise ProviderError(
                    f"{self._model.full!r}: no answer to {question.about!r} is recorded in the cache; "
                    "run once without --offline"
                )
        judged = self._ask(question)
        if isinstance(judged, Reply):
            return judged
        if self._cache is not None and judged.answer is not None and not judged.clipped:
            text = judged.completion.text
            self._cache.put(key, text, question=question, model=self._model.full)
        return Reply(judged.answer, judged.problem, judged.clipped)

    @property
    def host(self) -> str:
        """Host of the service."""
        return self._settings.host

    def close(self) -> None:
        """Close connections."""
        self._adapter.close()

    def _ask(self, question: Question) -> _Judged | Reply:
        """The loop around `insist`: what is learned from a refusal, and more room once."""
        settings = self._settings
        where = (settings.service, self._model.full, settings.mode)
        known = self._memory.get(*where)
        habit = known or first_habit(settings)
        seen = [habit]
        self._adapter.prepare()  # before the clock runs
        budget = Budget(settings.attempts, settings.deadline, self._timing.clock)
        room, because = question.room, None
        cut: _Judged | None = None
        refusal: Failure | None = None
        while True:
            result = self._insist(question, habit, room, budget, because)
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
                    return Reply(None, _PROBLEMS[result.kind])
                if refusal is not None and result.kind is Kind.BAD_REQUEST:
                    result = refusal  # it was about the request as it was meant
                raise ProviderError(self._explain(result, budget, question))
            if habit != known:
                self._memory.put(*where, habit)
                known = habit
            more = min(room * _MORE_ROOM, settings.most_room) if question.grows else 0
            if result.problem != "truncated" or cut is not None or more <= room or budget.spent:
                return result
            cut, room, because = result, more, "truncated"

    def _insist(
        self, question: Question, habit: Habit, room: int, budget: Budget, because: str | None
    ) -> _Judged | Failure:
        sent = messages(habit, question.system, question.user, question.shape)
        shown = "\n".join(message["content"] for message in sent)
        body = parameters(habit, question.shape, room=room, temperature=0)
        tokens = estimate(shown) + estimate(
            str(body.get("response_format") or body.get("tools") or "")
        )

        last: Failure | None = None

        def once(before: Kind | None) -> _Judged | Failure:
            nonlocal last
            reason = because if before is None else str(before)
            self._meter.before_request(tokens, room, self._model.name, self._settings.service)
            budget.take()
            began = self._timing.clock()
            result: Completion | Failure | None = None
            outcome = "interrupted"
            try:
                seconds = min(self._settings.timeout, budget.seconds)
                result = self._adapter.send(
                    self._model, question, habit, room=room, seconds=seconds
                )
                judged = self._judge(result, question, room, shown)
                outcome = (
                    str(judged.kind)
                    if isinstance(judged, Failure)
                    else judged.problem or "answered"
                )
            finally:
                self._record(question, habit, result, outcome, self._timing.clock() - began, reason)
            last = judged if isinstance(judged, Failure) else None
            return judged

        try:
            return insist(
                once, budget, longest_wait=self._settings.longest_wait, timing=self._timing
            )
        except Spent:
            if last is None:
                raise
            return last  # no request is left to try again with: what went wrong is what to say

    def _judge(
        self, result: Completion | Failure, question: Question, room: int, shown: str
    ) -> _Judged | Failure:
        """What a completion is worth; a failure stays one."""
        if isinstance(result, Failure):
            return result
        read = result.input_tokens
        clipped = read is not None and read < least_tokens(shown)
        if result.refused:
            return _Judged(result, None, "refused", clipped)
        if result.finish in _STOPPED:
            return _Judged(result, None, "filtered", clipped)
        answer, problem = parse(result.text, question.shape)
        if result.finish in _CUT_OFF:
            # an object that is closed at the very end is whole, though blanks followed to the limit
            whole = answer is not None and result.text.rstrip().endswith("}")
            answer, problem = (answer, None) if whole else (None, problem)
            problem = None if whole else "too_long" if problem == "too_long" else "truncated"
        elif answer is None and problem != "too_long" and (result.output_tokens or 0) >= room:
            problem = "truncated"  # some servers say "stop" also at the limit
        return _Judged(result, answer, problem, clipped)

    def _record(
        self,
        question: Question,
        habit: Habit,
        result: Completion | Failure | None,
        outcome: str,
        seconds: float,
        reason: str | None,
    ) -> None:
        done = result if isinstance(result, Completion) else None
        self._meter.record(
            Attempt(
                about=question.about,
                model=self._model.name,
                service=self._settings.service,
                status=None if result is None else result.status,
                seconds=seconds,
                input_tokens=done.input_tokens if done else None,
                cached_tokens=done.cached_tokens if done else None,
                output_tokens=done.output_tokens if done else None,
                request_id=None if result is None else result.request_id,
                outcome=outcome,
                retried_because=reason,
                mode=habit.mode,
            )
        )

    def _explain(self, failure: Failure, budget: Budget, question: Question) -> str:
        """One line: what was wrong and what to do."""
        settings, kind = self._settings, failure.kind
        status = "" if failure.status is None else f" (HTTP {failure.status})"
        tries = f"{budget.used} request{'s' if budget.used > 1 else ''}"
        if (failure.retry_after or 0) > settings.longest_wait:
            line = (
                f"the service wants to be left alone for {failure.retry_after:.0f} s{status}, longer "
                f"than the {settings.longest_wait:g} s that are waited at most; run again later"
            )
        elif kind is Kind.KEY and failure.status == 403:
            line = f"the key may not use this{status}; choose another model, or have the provider allow it"
        elif kind is Kind.KEY:
            what = "wants a key" if settings.keyless else "refuses the key"
            line = (
                f"the service {what}{status}; set OPENAI_API_KEY, or the file of --key-file, to a key of "
                f"{settings.service}"
            )
        elif kind is Kind.CONTEXT:
            size = estimate(question.system) + estimate(question.user)
            line = (
                f"the prompt of about {size} tokens is too long for the model{status}; choose one with a "
                "longer context"
            )
        else:
            line = _LINES[kind].format(status=status, tries=tries, seconds=f"{settings.timeout:g}")
        said = f"; it says: {failure.message}" if failure.message and kind is not Kind.KEY else ""
        return f"{self._model.full!r} at {settings.service}: {line}{said}"


_LINES = {
    Kind.RATE_LIMITED: "the service limits requests{status}, {tries} made; run again later, or send fewer at a time",
    Kind.BUSY: "the service fails{status}, {tries} made; run again later",
    Kind.CUT: "the connection breaks off, {tries} made; check the network, and run again later",
    Kind.TIMEOUT: "no whole answer came within {seconds} s, {tries} made; run again later, or allow more with --timeout",
    Kind.GARBAGE: (
        "what answers there sends no completion{status}, {tries} made; check that --base-url is the "
        "address of an OpenAI-compatible service, mostly one that ends in /v1"
    ),
    Kind.NO_HOST: "there is no host of that name; check --base-url and the network",
    Kind.UNREACHABLE: "nothing answers there; start the server, or correct --base-url",
    Kind.PROXY: "the proxy of HTTPS_PROXY or ALL_PROXY does not let the request through; correct or unset it",
    Kind.TLS: (
        "the certificate or encryption of the service cannot be trusted; check --base-url, or name the "
        "certificates of your network in SSL_CERT_FILE"
    ),
    Kind.NOT_FOUND: (
        "the service has no such model, or nothing at that path{status}; check the name, and that "
        "--base-url ends as the provider writes it, mostly in /v1"
    ),
    Kind.QUOTA: "the account has no quota or balance left{status}; top it up, or use another key",
    Kind.REDIRECT: (
        "the service redirects{status}, and the key is sent nowhere else; give the address that it "
        "redirects to as --base-url"
    ),
    Kind.BAD_REQUEST: "the service refuses the request{status}; try another --mode or another model",
    Kind.UNSENT: "the request could not be made; look for damaged characters in the report or the model's name",
}  # fmt: skip


def least_tokens(text: str) -> int:
    """Fewer tokens than any tokenizer makes of a text: what lies below was clipped.

    No tokenizer joins figures, words and Chinese over what stands between them, so each run is one token at
    least; of Chinese, the best ones need 0.46 for a character of official phrases, where 0.35 is counted.
    """
    return sum(
        max(1, int(_LEAST_HAN * len(piece[0]))) if piece.lastgroup else 1
        for piece in _PIECE.finditer(text)
    )


__all__ = ["Service", "least_tokens"]
