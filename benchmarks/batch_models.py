"""``extract batch`` with a model on this machine: a scripted server that answers every request after a fixed time.

Run ``python benchmarks/batch_models.py``: 2,000 reports, 200 ms, 64 at once; first without latency, for what the processors
of this machine can do with server and client on it, then with it, then with faults (429 with Retry-After, 500, cut
connections, no answer), then with a limit of requests a minute. The *ideal* is the longer of waiting alone
(requests x latency / concurrency) and processors alone (the run without latency). The model is scripted: its
answers are made beforehand from the known truth of the reports. An answer of no use is not kept, so what was asked
with such an outcome is asked once more when another report has the same question.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.batch import batch  # noqa: E402
from tests.loopback.counted import CountedServer  # noqa: E402
from tests.scripted.many import PROMPT, Known, write  # noqa: E402


@dataclass(frozen=True)
class Outcome:
    """One run."""

    seconds: float
    code: int
    seen: CountedServer
    verdicts: dict[str, int]
    problems: dict[str, int]
    paths: int


def run(folder: str, known: Known, latency: float, *options: str, faults: float = 0.0) -> Outcome:
    """A run of all reports into a new store, against a new server."""
    with tempfile.TemporaryDirectory() as place:
        store = os.path.join(place, "run.db")
        with CountedServer(known, latency, faults, seed=1, silence=5.0) as server:
            done = batch(
                [
                    folder,
                    "--store",
                    store,
                    "--model",
                    "openai/scripted",
                    "--base-url",
                    server.url,
                    "--prompt",
                    PROMPT,
                    "--timeout",
                    "2",
                    *options,
                ],
                check=False,
            )
        with closing(sqlite3.connect(store)) as rows:
            verdicts = dict(rows.execute("SELECT verdict, count(*) FROM reports GROUP BY 1"))
            problems = dict(
                rows.execute(
                    "SELECT problem, count(*) FROM reports WHERE verdict IS NULL GROUP BY 1"
                )
            )
            paths = rows.execute("SELECT count(*) FROM reports").fetchone()[0]
    verdicts.pop(None, None)
    return Outcome(done["seconds"], int(done["code"]), server, verdicts, problems, paths)


def tell(name: str, outcome: Outcome) -> None:
    """What came of a run."""
    seen = outcome.seen
    twice = sum(count > 1 for count in seen.successes.values())
    faults = ", ".join(f"{count} {kind}" for kind, count in sorted(seen.played.items()))
    print(
        f"{name}: {outcome.seconds:.1f} s, {outcome.paths / outcome.seconds:.0f} reports a second, "
        f"{seen.requests:,} requests, most in flight {seen.most_in_flight}, "
        f"most in a minute {seen.most_within(60):,}"
    )
    print(
        f"  verdicts {outcome.verdicts}, failed {outcome.problems}, exit {outcome.code}; "
        f"questions answered more than once: {twice}; faults: {faults or 'none'}"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--reports", type=int, default=7100, help="seeds; two in seven ask something of their own"
    )
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[64, 16])
    parser.add_argument("--faults", type=float, default=0.05)
    parser.add_argument("--rpm", type=int, default=900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cores = len(os.sched_getaffinity(0))
        seeds = range(options.reports)
        with ProcessPoolExecutor(cores) as pool:
            parts = list(pool.map(write, [folder] * cores, [seeds[i::cores] for i in range(cores)]))
        known = Known({user: answer for part in parts for user, answer in part.items()})
        print(f"{len(os.listdir(folder)):,} reports, {cores} cores for server, client and reading")
        for at_once in options.concurrency:
            arguments = ("--concurrency", str(at_once))
            busy = run(folder, known, 0.0, *arguments)
            tell(f"{at_once} at once, no latency", busy)
            waited = run(folder, known, options.latency, *arguments)
            tell(f"{at_once} at once, {options.latency * 1000:.0f} ms", waited)
            waiting = waited.seen.requests * options.latency / at_once
            ideal = max(waiting, busy.seconds)
            print(
                f"  ideal {ideal:.1f} s (waiting alone {waiting:.1f} s, processors alone {busy.seconds:.1f} s): "
                f"{ideal / waited.seconds:.1%} of it; of waiting alone {waiting / waited.seconds:.1%}"
            )
        arguments = ("--concurrency", str(options.concurrency[0]))
        tell(
            f"{options.faults:.0%} faults",
            run(folder, known, options.latency, *arguments, faults=options.faults),
        )
        tell(
            f"--rpm {options.rpm}",
            run(folder, known, options.latency, *arguments, "--rpm", str(options.rpm)),
        )


if __name__ == "__main__":
    main()
