"""A corpus through shards on this machine: reading, merging, export, diff, summary, each with seconds and peak memory.

Run ``python benchmarks/shards.py`` (10,000 garbled reports), or ``--reports 100000``. The second run changes one
report in a hundred. Reading is also measured on three tenths of the corpus, so that it can be seen whether a report
costs the same in a large set as in a small one. Peak memory is of the largest process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROWS = 1000
CHANGED = 100
FIRST = 7_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took."""

    wall: float
    processor: float
    megabytes: float


def text_of(number: int) -> bytes:
    """A garbled report."""
    from tests.garbler import garble

    return garble(FIRST + number).text.encode()


def make(folder: Path, count: int, *, changed: bool = False) -> None:
    """Reports as Parquet files of (name, bytes)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    with ProcessPoolExecutor() as pool:
        for begin in range(0, count, ROWS):
            numbers = range(begin, min(begin + ROWS, count))
            data = list(pool.map(text_of, numbers, chunksize=50))
            if changed:
                data = [
                    one + b"\n" * (n % CHANGED == 0) for n, one in zip(numbers, data, strict=True)
                ]
            names = [f"{number:07}.txt" for number in numbers]
            pq.write_table(pa.table({"name": names, "bytes": data}), folder / f"{begin:07}.parquet")


def measured(*arguments: str | Path) -> Measured:
    """Run a command to its end."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    processor = usage.ru_utime + usage.ru_stime
    return Measured(time.monotonic() - began, processor, usage.ru_maxrss / 1024)


def told(name: str, one: Measured, count: int) -> None:
    """A line of the table."""
    each = 1000 * one.processor / count
    print(
        f"{name:24} {one.wall:9.1f} s {one.processor:9.1f} s processor {each:8.2f} ms a report"
        f" {one.megabytes:7.0f} MB",
        flush=True,
    )


def size_of(folder: Path) -> int:
    """Bytes of a set of shards, without the store that is kept for it."""
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def main() -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--engine", default="local")
    options = parser.parse_args()
    count, tenth = options.reports, max(options.reports // 10, 1)
    how = ("--engine", options.engine, "--processes", str(options.processes), "-q")
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        make(here / "in", count)
        first = measured("batch", here / "in", "--shards", here / "one", *how)
        told("read", first, count)
        print(f"{'a report':24} {size_of(here / 'one') / count:9.0f} bytes in shards", flush=True)
        parts = []
        for part in range(3):
            root = here / f"part{part}"
            parts.append(
                measured("batch", here / "in", "--shards", root, "--limit", str(tenth), *how)
            )
        middle = statistics.median(one.processor for one in parts)
        told("read a tenth (median)", next(one for one in parts if one.processor == middle), tenth)
        told("merge", measured("merge", here / "one", "--to", here / "one.db", "-q"), count)
        size = (here / "one.db").stat().st_size
        print(f"{'a report':24} {size / count:9.0f} bytes in a store", flush=True)
        told(
            "export to Parquet",
            measured("export", here / "one.db", "--to", here / "x.parquet"),
            count,
        )
        told("summary", measured("summary", here / "one.db", "-q"), count)
        shutil.copytree(here / "one", here / "two")
        make(here / "in2", count, changed=True)
        for path in (here / "in2").iterdir():  # the same paths with other reports in them
            shutil.move(path, here / "in" / path.name)
        told(
            "read what changed",
            measured("batch", here / "in", "--shards", here / "two", *how),
            count,
        )
        measured("merge", here / "two", "--to", here / "two.db", "-q")
        told("diff of two runs", measured("diff", here / "one.db", here / "two.db"), count)


if __name__ == "__main__":
    main()
