"""Speed and peak memory of `extract export`, on a store of invented reports, each run in a process of its own.

Run ``python benchmarks/export.py``. It makes two stores, one ten times the other, and exports each in
every format; memory that does not grow with the store is flat between the two. XLSX is slow and made
for people, so it is measured on a tenth of the reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

KINDS = (
    ("csv", "long"),
    ("csv", "wide"),
    ("parquet", "long"),
    ("parquet", "wide"),
    ("jsonl", ""),
    ("xlsx", "long"),
    ("xlsx", "wide"),
)


def make(path: str, count: int) -> None:
    """A store of ``count`` reports: a few real results, each time with another agency and figures."""
    from extractor import __version__
    from extractor.batch.store import Store
    from extractor.pipeline import read_text
    from tests.garbler import garble
    from tests.stores import BUILTIN, made

    results = [
        json.loads(read_text(garble(seed, layout="tabs", damages=()).text).model_dump_json())
        for seed in range(20)
    ]
    with Store.open(path, write=True) as store:
        run = store.begin_run({"command": "benchmark"}, __version__)
        maker = store.maker_id(BUILTIN)
        for begin in range(0, count, 500):
            with store.transaction():
                for number in range(begin, min(begin + 500, count)):
                    result = results[number % len(results)]
                    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
                    result["report"]["agency"] = f"金沙湾市第{number}局"
                    result["provenance"]["source"]["sha256"] = sha256
                    cells = list(result["cells"].values())
                    cells[number % 9]["value"] = number
                    source = store.add_source(sha256, 5, None)
                    store.list_path(run, f"reports/{number}.txt", source)
                    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
                    store.add_attempt(run, source, maker, made(text, None))
        store.end_run(run, "finished")


def one(store: str, to: str, shape: str) -> None:
    """Export once and print seconds, reports, rows, bytes and the peak of this process in MB."""
    from extractor.export import export

    start = time.perf_counter()
    done = export(store, to, shape="wide" if shape == "wide" else "long", verdicts="all")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, done.reports, done.rows, Path(to).stat().st_size, peak]))


def main() -> None:
    """Print a line for each format, shape and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000, help="of the larger store")
    parser.add_argument("--one", nargs=3, metavar=("STORE", "TO", "SHAPE"), help=argparse.SUPPRESS)
    parser.add_argument("--make", metavar="STORE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    if options.make:
        make(options.make, options.reports)
        return
    print("format  shape  reports        rows   seconds  reports/s   MB of file   peak MB")
    with tempfile.TemporaryDirectory() as folder:
        for format, shape in KINDS:
            most = options.reports // 10 if format == "xlsx" else options.reports
            for count in (most // 10, most):
                store = f"{folder}/{count}.db"
                if not Path(store).exists():
                    _python("--make", store, "--reports", str(count))
                to = f"{folder}/out.{format}"
                seconds, reports, rows, size, peak = json.loads(_python("--one", store, to, shape))
                print(
                    f"{format:7} {shape:5} {reports:8,} {rows:11,} {seconds:9.2f} "
                    f"{reports / seconds:10,.0f} {size / 1e6:12.1f} {peak:9.0f}",
                    flush=True,
                )


def _python(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - this script
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
