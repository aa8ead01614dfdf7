"""Kill a running batch at random moments, go on, and hold the store against an uninterrupted run's.

``python -m tests.batch_kills --runs 20`` over 1,500 garbled reports; half of the kills hit the parent alone,
half the whole process group.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.batch_corpus import ask, attempts, batch, corpus, results, start


@dataclass(frozen=True, slots=True)
class Survived:
    """What a killed and resumed run left.

    Attributes:
        after: Seconds after which it was killed.
        group: Whether the whole process group was, or the parent alone.
        kept: Attempts that were stored when it was killed; None when there was no store yet.
        lost: Reports of the uninterrupted run that are missing or different after resuming.
        more: Attempts beyond one a report.
        workers: Whether workers stayed behind.
    """

    after: float
    group: bool
    kept: int | None
    lost: int
    more: int
    workers: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not (self.lost or self.more or self.workers)


def reference(directory: Path, store: Path) -> tuple[dict[str, str], float]:
    """The results of a run that nobody interrupts, and the seconds that it took."""
    began = time.monotonic()
    made = batch(directory, "--store", store, "-q", "--processes", str(os.cpu_count()))
    assert made.returncode == 0, made.stderr
    return results(store), time.monotonic() - began


def killed(
    directory: Path, store: Path, expected: dict[str, str], after: float, *, group: bool
) -> Survived:
    """Kill a run over a new store, look at what it left, and resume it."""
    process = start(directory, "--store", store, "-q")
    time.sleep(after)
    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    kept = None
    if store.exists() and ask(store, "SELECT 1 FROM sqlite_master WHERE name = 'attempts'"):
        kept = attempts(store)
        known = results(store)  # it is whole as it was left
        assert known.items() <= expected.items(), "a result that is none"
    resumed = batch(directory, "--store", store, "-q", "--processes", str(os.cpu_count()))
    assert resumed.returncode == 0, resumed.stderr
    found = results(store)
    return Survived(
        after,
        group,
        kept,
        sum(found.get(key) != value for key, value in expected.items())
        + len(found.keys() - expected),
        attempts(store) - len(expected),
        workers=_staying(process.pid),
    )


def _staying(session: int) -> bool:
    """Whether a process of the killed run's session is left after a while."""
    for _ in range(3000):
        if not _living(session):
            return False
        time.sleep(0.02)
    return True


def _living(session: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def main() -> int:
    """Kill as often as asked, print a line each and a summary; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--reports", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        directory = corpus(here / "d", options.reports)
        expected, seconds = reference(directory, here / "reference.db")
        print(f"{options.reports} reports, {len(expected)} sources, uninterrupted {seconds:.1f} s")
        made = []
        for number in range(options.runs):
            store = here / f"{number}.db"
            after = rng.uniform(0, seconds)
            made.append(killed(directory, store, expected, after, group=number % 2 == 1))
            print(f"{number:3} {made[-1]}", flush=True)
            store.unlink()
    bad = [one for one in made if not one.whole]
    inside = sum(bool(one.kept) for one in made)
    print(f"{len(made)} kills, {inside} with reports stored; {len(bad)} not whole after resuming")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
