"""The product on one garbled report after another: what came out, and what it counts for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from . import DAMAGES, MIXED, Garbled, garble
from .choose import listed
from .frozen import Record, record
from .judge import PASSING, Judgement, judge
from .product import run
from .registry import Pool

COLUMNS = listed(
    "reports|read|unconfirmed|silent|accused|refused|wrong|span|unread|state|head|crashed"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is drawn and what is given, for every seed of a run."""

    pool: Pool = "old"
    damage: str | None = None
    layout: str | None = None
    most: int = 4

    def report(self, seed: int) -> Garbled:
        """The garbled report of a seed."""
        return garble(
            seed,
            pool=self.pool,
            layout=self.layout,
            damages=None if self.damage is None else [self.damage],
            max_damages=self.most,
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one seed.

    Attributes:
        seed: The seed.
        keys: What it counts for: kind, layout, shape and damages.
        verdict: The product's verdict, or the name of the exception it raised.
        counts: A number for each column of the statistics, and some for the totals below it.
        record: What is kept of it when outcomes are frozen.
    """

    seed: int
    keys: tuple[str, ...]
    verdict: str
    record: Record
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def damages(self) -> tuple[str, ...]:
        """The damages, each with its set."""
        return tuple(key for key in self.keys if key.startswith(("old ", "new ")))


def keys(report: Garbled) -> tuple[str, ...]:
    """What a report counts for in the statistics."""
    layout = MIXED if "+" in report.layout else report.layout
    damages = tuple(f"{DAMAGES[name].pool} {name}" for name in report.damages)
    return (
        f"kind: {report.kind}",
        f"scale: {report.scale}",
        f"form: {report.variant}",
        f"layout: {layout}",
        f"table 四: {report.shape}",
        *(damages or ("undamaged",)),
    )


def trial(seed: int, choice: Choice) -> Trial:
    """Run the product on one seed."""
    report = choice.report(seed)
    try:
        result = run(report.text)
        judged = judge(report, result)
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever the product raises is a finding
        name = type(error).__name__
        kept = record(report.text, None, None)
        return Trial(seed, keys(report), name, kept, {"reports": 1, "crashed": 1})
    return Trial(
        seed,
        keys(report),
        judged.verdict,
        record(report.text, result, judged),
        _counts(report, judged),
    )


def _counts(report: Garbled, judged: Judgement) -> dict[str, int]:
    old = all(DAMAGES[name].pool == "old" for name in report.damages)
    lossless = report.kind == "lossless"
    return {
        "reports": 1,
        "read": int(judged.verdict in PASSING),
        "unconfirmed": int(judged.verdict == "unconfirmed"),
        "silent": int(judged.silent),
        "accused": int(judged.accused),
        "refused": int(judged.refused),
        "wrong": judged.count("wrong"),
        "span": judged.count("span"),
        "unread": judged.count("unread"),
        "state": judged.count("state"),
        "head": int(judged.head_wrong),
        "crashed": 0,
        "lossless of old": int(lossless and old),
        "lossless of old, read": int(lossless and old and judged.verdict in PASSING),
        "clean and lossless": int(lossless and report.clean),
        "clean and lossless, unconfirmed": int(
            lossless and report.clean and judged.verdict == "unconfirmed"
        ),
        "lossless": int(lossless),
        "lossless, unconfirmed": int(lossless and judged.verdict == "unconfirmed"),
        "plain cells": sum(cell.must_be_read for cell in report.expected.values()),
    }


def trials(choice: Choice, seeds: Iterable[int], processes: int) -> Iterator[Trial]:
    """The outcomes of some seeds, in order."""
    one = partial(trial, choice=choice)
    if processes <= 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(one, seeds, chunksize=16)
