"""`python -m tests.hostile`: run hostile models over reports and print what came of it."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain

from .registry import KINDS
from .trial import Trial, trial

_PASSING = ("accepted", "completed")
_COLUMNS = ("reports", "passed", "silent", "crashed", "most", "over", "struck")
_CHUNK = 5


def _some(given: tuple[range, list[str]]) -> list[Trial]:
    seeds, wanted = given
    return [trial(kind, seed) for seed in seeds for kind in wanted]


def trials(first: int, reports: int, wanted: list[str], processes: int) -> Iterator[Trial]:
    """Every kind on every report; of few reports the kinds are parted among the processes."""
    end = first + reports
    parts = processes if reports < processes * _CHUNK else 1
    jobs = [
        (range(at, min(at + _CHUNK, end)), wanted[part::parts])
        for at in range(first, end, _CHUNK)
        for part in range(parts)
    ]
    if processes <= 1:
        yield from chain.from_iterable(map(_some, jobs))
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from chain.from_iterable(pool.map(_some, jobs))


def _row(done: list[Trial]) -> list[int]:
    return [
        len(done),
        sum(t.verdict in _PASSING for t in done),
        sum(t.silent for t in done),
        sum(bool(t.crash) for t in done),
        max((t.requests for t in done), default=0),
        sum(t.over for t in done),
        sum(t.struck for t in done),
    ]


def _print(done: list[Trial], wanted: list[str]) -> None:
    print(f"{'':46}" + "".join(f"{column:>9}" for column in _COLUMNS))
    for kind in wanted:
        mine = [one for one in done if one.kind == kind]
        print(f"{kind:46}" + "".join(f"{number:>9}" for number in _row(mine)))
    print(f"{'total':46}" + "".join(f"{number:>9}" for number in _row(done)))
    print("verdicts:", dict(Counter(t.verdict for t in done).most_common()))
    for bad in [t for t in done if t.bad][:40]:
        what = "silent" if bad.silent else "crashed" if bad.crash else "over the cap"
        print(
            f"{what}: --kind {bad.kind} --seed {bad.seed} --reports 1 "
            f"({bad.case}): {bad.verdict} {', '.join(bad.wrong[:6])}"
        )
        if bad.crash:
            print(bad.crash)


def main() -> int:
    """Run, print the table, and say by the exit code whether anything happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--kind", action="append", choices=sorted(KINDS))
    parser.add_argument("--seed", type=int, default=0, help="of the first report")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    kinds = options.kind or list(KINDS)
    done = list(trials(options.seed, options.reports, kinds, options.processes))
    _print(done, kinds)
    return int(any(one.bad for one in done))


if __name__ == "__main__":
    sys.exit(main())
