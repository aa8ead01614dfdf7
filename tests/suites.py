"""The long suites: what a plain ``pytest`` leaves out, each with its marker, and the part that a day runs.

A test of a long suite bears its marker: ``pytest -m garbler`` runs that suite, ``pytest -m long`` all.
``pytest -m long --day 2026-11-28`` runs the part of that day: the tests of a suite are dealt out in turn over
its days, so every one is run within them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest

SUITES = {
    "garbler": (5, "reports written with known figures and damaged: nothing wrong may pass"),
    "hostile": (5, "models that lie, through the whole product"),
    "recheck": (4, "every change of a stored result is noticed"),
    "conformance": (4, "both examples of every rule, and the conformance cases"),
    "fuzz": (8, "random readings, texts, changes and amounts"),
    "kills": (5, "commands and runs that are killed or stopped at any moment"),
    "batches": (5, "many reports: faults, rates, stops, listings"),
    "models": (
        5,
        "models: qualification over the golden cases, services that err over real sockets",
    ),
    "ray": (4, "shards by processes of Ray, workers and drivers killed, an object store, a crawl"),
    "documents": (4, "every command of the documents runs and prints what is shown"),
    "scans": (12, "two dozen scanned pages, recognised: no wrong cell, nobody accused"),
    "real_model": (6, "real weights on a loopback server; needs the extra real-model"),
    "browser": (2, "pages in Chromium: links, keys, hostile names; needs chromium"),
    "files": (
        6,
        "files of each kind with what such files hold, and files cut and changed at random",
    ),
}
"""Marker of each suite: the number of days over which it is dealt out, and what it is about."""


def few_or_many(suite: str) -> pytest.MarkDecorator:
    """The argument ``many`` of a test: a sample is taken in the short suite, and all of it in a long one."""
    all_of_it = pytest.param(True, marks=getattr(pytest.mark, suite))
    return pytest.mark.parametrize("many", [False, all_of_it], ids=["few", "many"])


def suite_of(item: pytest.Item) -> str | None:
    """The long suite to which a test belongs, or None."""
    return next((name for name in SUITES if item.get_closest_marker(name)), None)


def part_of(ids: Iterable[str], days: int, day: date) -> set[str]:
    """The tests of a suite that a day runs: another part each day, all of them within ``days`` days."""
    ordered = sorted(ids)
    days = min(days, len(ordered))
    return set(ordered[day.toordinal() % days :: days]) if ordered else set()


def left_out(items: Sequence[pytest.Item], *, day: date | None, plain: bool) -> list[pytest.Item]:
    """The tests that are not to run.

    Args:
        items: All that were collected.
        day: Run the part of this day only, of every long suite.
        plain: No suite, file or test was asked for, so the long suites are left out.
    """
    if plain:
        return [item for item in items if suite_of(item)]
    if day is None:
        return []
    by_suite: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_suite.setdefault(suite_of(item) or "", []).append(item)
    out = []
    for name, mine in by_suite.items():
        if name:
            part = part_of([item.nodeid for item in mine], SUITES[name][0], day)
            out += [item for item in mine if item.nodeid not in part]
    return out
