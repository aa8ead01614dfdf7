"""Speed and memory of reading and verifying, on one core, start-up aside.

Run ``python benchmarks/speed.py``. It reads the same garbled reports several times and prints the
median; growth is shown as the time of a text against the time of one half as long, in one process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.pipeline import read_text, work  # noqa: E402
from extractor.readers import builtin  # noqa: E402
from tests.garbler import garble  # noqa: E402
from verify import lay_out, verify  # noqa: E402


def timed(run: Callable[[], object], rounds: int) -> float:
    """Median seconds of a call."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def texts(count: int) -> list[str]:
    """Garbled reports of every kind, and the golden cases."""
    golden = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "golden").glob("*/report.txt"))
        if _is_utf8(path)
    ]
    return golden + [garble(seed).text for seed in range(count)]


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def reports(count: int, rounds: int) -> None:
    """Reports a second from text to verdict, and verification alone."""
    sources = texts(count)
    for text in sources:
        work(text)
    whole = timed(lambda: [work(text) for text in sources], rounds)
    to_json = timed(lambda: [read_text(text).model_dump_json() for text in sources], rounds)
    laid = [(layout := lay_out(text), builtin.read(layout)) for text in sources]
    alone = [timed(lambda pair=pair: verify(*pair), rounds) for pair in laid]  # type: ignore[misc]
    print(f"{len(sources)} reports, median of {rounds} rounds")
    print(f"  text to verdict   {len(sources) / whole:8.0f} reports a second")
    print(f"  text to JSON      {len(sources) / to_json:8.0f} reports a second")
    print(f"  verification      {statistics.median(alone) * 1000:8.2f} ms a report (median)")


GROWTH: dict[str, Callable[[int], str]] = {
    "prose": lambda n: "一是公开不够及时，2021年公开370条，其中网站公开49条。\n" * (n // 30),
    "prose, one line": lambda n: "公开370条，其中网站公开49条。" * (n // 18),
    "one line of digits": lambda n: "1" * n,
    "blank lines": lambda n: "\n" * n,
    "tabs": lambda n: "\t" * n,
    "label after label": lambda n: "重复申请\n" * (n // 5),
    "local rows in a table": lambda n: (
        garble(1, layout="tabs", damages=()).text + "地方统计\t1\t2\t3\n" * (n // 12)
    ),
    "copies of a report": lambda n: garble(1, layout="tabs", damages=()).text * max(1, n // 1800),
}


def growth(size: int) -> None:
    """Seconds for a text and the ratio to one half as long; 2.0 is linear."""
    print(f"growth, {size:,} characters against half as many (2.0 is linear)")
    for name, make in GROWTH.items():
        half, full = make(size // 2), make(size)
        short = timed(lambda text=half: work(text), 3)  # type: ignore[misc]
        long = timed(lambda text=full: work(text), 3)  # type: ignore[misc]
        print(f"  {name:24} {long:7.2f} s   x{long / max(short, 1e-6):.1f}")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=400_000)
    options = parser.parse_args()
    reports(options.reports, options.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory       {peak:8.0f} MB")
    growth(options.size)


if __name__ == "__main__":
    main()
