"""What a store of many reports costs: bytes a report, and seconds and peak memory of whatever reads it.

Run ``python -m benchmarks.store`` (20,000 invented reports; `--site` builds a site of fewer, as each of its pages is
drawn). Every line is a process of its own; two sizes show what grows with the store.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.export import ROOT

_MAKE = """
import sys
from benchmarks.export import make
make(sys.argv[1], int(sys.argv[2]))
"""
_OPEN = """
import sys
from extractor.batch.decided import Decided
from extractor.batch.store import Store
from extractor.review.queue import Queue
with Store.open(sys.argv[1]) as store:
    assert Queue(store, Decided(store.decisions())).by_sha
"""
_EXTRACT = "import sys; from extractor.cli import main; sys.exit(main(sys.argv[1:]))"


def measure(name: str, code: str, *arguments: str) -> None:
    """Run code in a process and print its seconds, those of the processor, and its peak."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    print(
        f"  {name:14} {seconds:8.1f} s {used.ru_utime + used.ru_stime:8.1f} s of the processor "
        f"{used.ru_maxrss / 1024:6.0f} MB, exit code {process.returncode}",
        flush=True,
    )


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000, help="of the larger store")
    parser.add_argument("--site", type=int, default=2_000, help="of the store that gets a site")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in (options.reports // 10, options.reports):
            store = f"{folder}/{count}.db"
            # in a process of its own: the peak of a child is never told below that of its parent
            subprocess.run([sys.executable, "-c", _MAKE, store, str(count)], cwd=ROOT, check=True)  # noqa: S603 - the same
            print(f"{count:,} reports, {os.path.getsize(store) / count / 1024:.1f} kB each")
            measure("review opens", _OPEN, store)
            measure("summary", _EXTRACT, "summary", store)
            measure("diff", _EXTRACT, "diff", store, _copied(store))
            for ending in ("jsonl", "csv", "parquet"):
                to = f"{folder}/out.{ending}"
                measure(ending, _EXTRACT, "export", store, "--to", to, "--verdict", "all")
            if count <= options.site:
                measure("site", _EXTRACT, "site", store, "--to", f"{folder}/site{count}")


def _copied(store: str) -> str:
    """A second store with the same content."""
    copy = Path(f"{store}.copy.db")
    if not copy.exists():
        copy.write_bytes(Path(store).read_bytes())
    return str(copy)


if __name__ == "__main__":
    main()
