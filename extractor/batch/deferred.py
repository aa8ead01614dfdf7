"""A run whose questions are answered by batches: passes over the reports, and between two of them a batch.

A pass reads what it can, writes down what it has to ask and leaves those reports; what came back is answered in the next.
So the store holds at every moment what is done, and a run that is broken off goes on with the same command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.batch.counts import Summary
from extractor.errors import UsageError
from extractor.files import write_whole
from extractor.models.batches import Batches
from extractor.models.deferred import Desk, Limits
from extractor.rungs import settings_of

if TYPE_CHECKING:
    from extractor.batch import Options
    from extractor.rungs import Asking

SUFFIX = ".batches"
"""Behind the name of a store: the journal of its batches."""


@dataclass(frozen=True, slots=True)
class Deferring:
    """How questions are answered.

    Attributes:
        answers_in: Files of lines that came back.
        requests_out: Where lines go that are still to be answered; None sends them as batches.
        poll: Seconds between two looks at a batch.
        limits: Of one batch.
        say: Tells people how it goes.
    """

    answers_in: tuple[str, ...] = ()
    requests_out: str | None = None
    poll: float = 30.0
    limits: Limits = field(default_factory=Limits)
    say: Callable[[str], None] = lambda _: None


def passes(
    deferring: Deferring,
    asking: Asking,
    options: Options,
    journal: str,
    environ: Mapping[str, str],
    once: Callable[[Desk, Asking, int], Summary],
) -> Summary:
    """Run passes until nothing is left to ask.

    Args:
        deferring: How.
        asking: With its caps, for all passes together.
        options: Of the run.
        journal: Path of the journal of batches.
        environ: Where keys are.
        once: One pass.

    Raises:
        UsageError: No model that is asked by batch is on the ladder.
    """
    if options.fresh or asking.offline or asking.models == ("builtin",):
        raise UsageError(
            "a batch service needs a language model, and neither --fresh nor --offline"
        )
    if any(not name.startswith(("openai/", "builtin")) for name in asking.models):
        raise UsageError("only models of openai/NAME are asked by batch; leave --service out")
    with ExitStack() as stack:
        desk = stack.enter_context(closing(Desk()))
        batches = None
        if deferring.requests_out is None and not deferring.answers_in:
            settings = settings_of(asking, environ)
            batches = Batches(settings, journal, deferring.limits, deferring.poll)
            stack.enter_context(closing(batches))
        for path in deferring.answers_in:
            desk.take(_lines(path))
        if batches is not None and batches.entries:
            _collect(desk, batches, deferring)
        whole = _passes(desk, deferring, asking, batches, once)
        if batches is not None and whole.ending == "finished":
            batches.done()
        if desk.lost:
            deferring.say(f"{desk.lost} lines came back that are no answers")
        if deferring.requests_out is not None:
            _write(desk, deferring, deferring.requests_out)
        return whole


def _passes(
    desk: Desk,
    deferring: Deferring,
    asking: Asking,
    batches: Batches | None,
    once: Callable[[Desk, Asking, int], Summary],
) -> Summary:
    whole: Summary | None = None
    while True:
        desk.clear()
        summary = once(desk, _left(asking, whole), whole.counts.done if whole else 0)
        whole = summary if whole is None else _both(whole, summary)
        if not desk.wanted or summary.ending in ("cost", "interrupted") or batches is None:
            return whole
        tokens = sum(desk.wanted.values())
        deferring.say(f"{len(desk.wanted)} questions, at most {tokens} tokens: sent as a batch")
        for entry in batches.send(desk.lines()):
            desk.asked.update(entry.names)
            deferring.say(f"batch {entry.id}: {len(entry.names)} questions")
        _collect(desk, batches, deferring)


def _collect(desk: Desk, batches: Batches, deferring: Deferring) -> None:
    """Wait for the batches under way and take what came of them."""
    open_ = [entry for entry in batches.entries if entry.id not in desk.collected]
    taken: list[str] = []
    while open_:
        for entry in list(open_):
            ending = batches.ended(entry)
            if not ending:
                continue
            count = desk.take(batches.lines(entry))
            open_.remove(entry)
            desk.collected.add(entry.id)
            taken += entry.names
            deferring.say(f"batch {entry.id} {ending}: {count} of {len(entry.names)} came back")
        if open_:
            batches.wait()
    desk.missing(taken)
    desk.asked.difference_update(taken)


def _left(asking: Asking, before: Summary | None) -> Asking:
    """The caps, less what was used."""
    if before is None:
        return asking
    counts = before.counts
    if asking.max_requests is not None:
        asking = replace(asking, max_requests=max(0, asking.max_requests - counts.requests))
    if asking.max_cost is not None and counts.cost is not None:
        left = max(Decimal(0), Decimal(asking.max_cost) - counts.cost)
        asking = replace(asking, max_cost=f"{left:f}")
    return asking


def _both(one: Summary, two: Summary) -> Summary:
    """Two passes as one run: what was done in either, and what the later one found."""
    a, b = one.counts, two.counts
    counts = replace(
        b,
        done=a.done + b.done,
        known=max(0, b.known - a.done),
        fell=a.fell + b.fell,
        requests=a.requests + b.requests,
        input_tokens=a.input_tokens + b.input_tokens,
        output_tokens=a.output_tokens + b.output_tokens,
        cost=None if a.cost is None or b.cost is None else a.cost + b.cost,
    )
    return Summary(two.run, two.store, two.ending, counts, one.seconds + two.seconds)


def _lines(path: str) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            yield from file
    except OSError as error:
        raise UsageError(f"--answers-in {path!r} cannot be read ({error.strerror})") from None


def _write(desk: Desk, deferring: Deferring, path: str) -> None:
    try:
        write_whole(path, b"".join(line for _, line in desk.lines()))
    except OSError as error:
        raise UsageError(f"--requests-out {path!r} cannot be written ({error.strerror})") from None
    deferring.say(f"{len(desk.wanted)} questions are in {path!r}")


__all__ = ["SUFFIX", "Deferring", "passes"]
