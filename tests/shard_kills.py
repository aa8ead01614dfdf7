"""The same reports by local processes and by Ray; workers killed at random moments; the driver killed and started again.

``python -m tests.shard_kills --reports 2000`` prints what came of it: 1 when anything was lost, twice or different,
or when a shard that was finished was made again. Processor time is of all processes, those of Ray itself included.
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

from tests.batch_corpus import corpus
from tests.shard_sets import Processor, files, kill_some, results, started

KILLS = 10


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run went.

    Attributes:
        code: Its exit code.
        wall: Seconds.
        processor: Seconds of all its processes.
        killed: Workers.
    """

    code: int
    wall: float
    processor: float
    killed: int = 0


def run(folder: Path, root: Path, engine: str, *more: str, kills: int = 0, seed: int = 0) -> Ran:
    """One run, of which so many workers are killed."""
    began = time.monotonic()
    process = started(folder, "--shards", root, "--engine", engine, "-q", *more)
    processor = Processor(process)
    killed = kill_some(process, kills, seed)
    code = process.wait(7200)
    return Ran(code, time.monotonic() - began, processor.seconds(), killed)


def driver_killed(folder: Path, root: Path, engine: str, *more: str, seed: int = 0) -> list[str]:
    """Kill the driver once some shards are there, start it again; the shards that were not left as they were."""
    process = started(folder, "--shards", root, "--engine", engine, "-q", *more)
    least = Random(seed).randint(1, 5)
    while len(files(root)) < least and process.poll() is None:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = {name: (root / name).stat().st_mtime_ns for name in files(root)}
    if run(folder, root, engine, *more).code != 0:
        return ["the run that was to go on failed"]
    return [name for name, at in before.items() if (root / name).stat().st_mtime_ns != at]


def main() -> int:
    """Do all of it, print a line each; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        folder = corpus(here / "d", options.reports)
        plain = {engine: run(folder, here / engine, engine) for engine in ("local", "ray")}
        expected = results(here / "local")
        for engine, ran in plain.items():
            same = results(here / engine) == expected
            wrong += not same
            each = 1000 * ran.processor / options.reports
            print(f"{engine}: {ran}, {each:.1f} ms of processor a report, same: {same}", flush=True)
        for engine in ("local", "ray"):
            root = here / f"{engine}-killed"
            ran = run(folder, root, engine, "--shard-size", "16", kills=KILLS, seed=options.seed)
            same = results(root) == expected
            wrong += not same
            print(f"{engine}, workers killed: {ran}, same: {same}", flush=True)
            root = here / f"{engine}-driver"
            again = driver_killed(folder, root, engine, "--shard-size", "16", seed=options.seed)
            same = results(root) == expected
            wrong += bool(again) or not same
            print(f"{engine}, driver killed: made again {again}, same: {same}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
