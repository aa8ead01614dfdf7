"""Hostile models through the whole stack: nothing wrong passes, nothing crashes, no cap is broken.

The same over any number of reports: ``python -m tests.hostile --reports N``.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.garbler import garble
from tests.garbler.judge import PASSING
from tests.garbler.product import run
from tests.hostile import KINDS, Trial, case, trial

_EACH = 5
_SORTS = 20
_FIRST = 700
RUNS = list(KINDS)


@cache
def outcomes(kind: str) -> tuple[Trial, ...]:
    """A few reports for each kind; neighbours in the list have others, so that all sorts are met."""
    at = RUNS.index(kind) * _EACH
    return tuple(trial(kind, _FIRST + (at + i) % _SORTS) for i in range(_EACH))


def with_kind(*made: str) -> list[str]:
    return [kind for kind in RUNS if KINDS[kind].made in made]


def test_nothing_wrong_passes_of_a_sample() -> None:
    """For the short suite: every fifth way to lie, over one report each."""
    for i, kind in enumerate(RUNS[::5]):
        done = trial(kind, _FIRST + i % _SORTS)
        assert not done.bad, (kind, done.case, done.seed, done.wrong, done.crash)


@pytest.mark.hostile
@pytest.mark.parametrize("kind", RUNS)
def test_nothing_wrong_passes_and_nothing_crashes(kind: str) -> None:
    for done in outcomes(kind):
        assert not done.silent, (done.case, done.seed, done.wrong)
        assert not done.crash, (done.case, done.seed, done.crash)
        assert done.requests <= done.cap, (done.case, done.seed)


@pytest.mark.hostile
def test_the_right_answer_passes_through_the_same_stack() -> None:
    done = [t for run in with_kind("control") for seed in range(_SORTS) for t in [trial(run, seed)]]
    passed = [t for t in done if t.verdict in PASSING]
    # the others have lost or wrong figures, or rows that only the model could name
    assert len(passed) >= len(done) // 5
    assert sum(t.verdict in (*PASSING, "unconfirmed") for t in done) >= len(done) // 4
    assert not any(t.bad for t in done)


@pytest.mark.hostile
def test_answers_that_fit_the_schema_reach_the_reader() -> None:
    for one in with_kind("answer", "nonsense"):
        assert any(done.answered for done in outcomes(one)), one


@pytest.mark.hostile
def test_wrong_readings_reach_the_verifier() -> None:
    """Most kinds strike on nearly every report; a few need a report of a certain sort."""
    done = {run: outcomes(run) for run in with_kind("answer")}
    struck = [run for run, trials in done.items() if any(t.struck for t in trials)]
    assert len(struck) >= 0.85 * len(done)
    assert sum(t.struck for trials in done.values() for t in trials) >= 0.6 * _EACH * len(done)


def test_every_sort_of_report_is_met() -> None:
    names = {case(_FIRST + i).name.split()[0] for i in range(_SORTS)}
    assert names == {"garbled", "hard", "trap"}


def test_the_same_trial_has_the_same_outcome() -> None:
    for kind in ("several_things", "faults", "truncated"):
        assert trial(kind, 3) == trial(kind, 3)


@pytest.mark.hostile
def test_a_cap_is_met_and_kept() -> None:
    """Some trials allow fewer requests than the model would need."""
    low = [t for run in RUNS for t in outcomes(run) if t.cap < 5]
    assert any(t.requests == t.cap for t in low)
    assert all(t.requests <= t.cap for t in low)


def test_figures_under_other_words_are_not_replaced_by_deduced_ones() -> None:
    report = garble(
        7, variant="2021+2021", scale="medium", layout="tabs_dense", shape="standard", damages=()
    )
    row = next(line for line in report.text.split("\n") if line.startswith("2.其他法律"))
    text = report.text.replace(row, "法律明文不许\t0\t0\t0\t1\t0\t0\t1")
    assert run(text)["verdict"] not in PASSING
