"""What a run has done so far, and what it came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.batch.records import Ending
from verify.verdicts import BEST_FIRST


@dataclass(slots=True)
class Counts:
    """Counted while a run goes on.

    Attributes:
        listed: Paths that were looked at.
        matched: Of them, those that the plan is about.
        done: Reports that were tried in this run.
        known: Reports that had a result and were left alone.
        unread: Paths at which nothing could be read.
        again: Further paths of reports that were counted already.
        verdicts: Of all reports that have a result, those left alone included.
        problems: Of all reports that have none.
        fell: Attempts of this run that failed though an older result stands, by problem.
        unfinished: Results that lack a reader of their ladder.
        stale: Reports left alone whose result was made otherwise than it would be today.
        requests: HTTP requests of this run.
        input_tokens: Of them.
        output_tokens: Of them.
        cost: US dollars, exact; None as soon as one sum is not known.
    """

    listed: int = 0
    matched: int = 0
    done: int = 0
    known: int = 0
    unread: int = 0
    again: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    fell: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    stale: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = Decimal(0)

    @property
    def seen(self) -> int:
        """Paths that are dealt with."""
        return self.known + self.again + self.done + self.unread

    @property
    def failed(self) -> int:
        """Reports without a result."""
        return sum(self.problems.values())

    @property
    def reports(self) -> int:
        """All reports that were looked at, each once."""
        return sum(self.verdicts.values()) + self.failed


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to.

    Attributes:
        run: Its number in the store, or its key in a set of shards.
        store: Path of the store or set.
        ending: How it ended.
        counts: What was done.
        seconds: It took.
    """

    run: int | str
    store: str
    ending: Ending
    counts: Counts
    seconds: float

    @property
    def exit_code(self) -> int:
        """For the shell: see `extractor.batch.command`.

        0 when every report has a result and no attempt failed, 1 when some have none, failed or were not paid
        for, 4 when the provider failed for all that was tried, 130 interrupted.
        """
        counts = self.counts
        if self.ending == "interrupted":
            return 130
        tried = counts.problems + counts.fell
        if counts.done and not counts.known and tried == {"provider": counts.done}:
            return 4
        return 1 if tried or self.ending == "cost" else 0

    def as_dict(self) -> dict[str, object]:
        """The outcome of the run as JSON has it."""
        counts = self.counts
        return {
            "store": self.store,
            "run": self.run,
            "ending": self.ending,
            "reports": counts.reports,
            "done": counts.done,
            "left_alone": counts.known,
            "further_paths": counts.again,
            "stale": counts.stale,
            "verdicts": {name: counts.verdicts[name] for name in BEST_FIRST},
            "failed": dict(sorted(counts.problems.items())),
            "failed_older_result_stands": dict(sorted(counts.fell.items())),
            "unfinished": counts.unfinished,
            "usage": {
                "requests": counts.requests,
                "input_tokens": counts.input_tokens,
                "output_tokens": counts.output_tokens,
                "cost_usd": None if counts.cost is None else f"{counts.cost:f}",
            },
            "seconds": round(self.seconds, 3),
        }


__all__ = ["Counts", "Summary"]
