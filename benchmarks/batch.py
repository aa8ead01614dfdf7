"""``extract batch`` with the builtin reader: one core and two, the store against reading alone, memory, and judging again.

Run ``python benchmarks/batch.py`` (20,000 garbled reports; some ten minutes). All figures of one line come from
one run on the same files. *Reading alone* is the work unit over the same bytes in as many processes without a store.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.garbler import garble  # noqa: E402

_PACKAGES = ("extractor", "verify", "prompts")
_PROBE = """
import json, resource, sys
from extractor.cli import main
code = main(sys.argv[1:])
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"code": code, "own": own / 1024, "worker": workers / 1024}))
"""


def write(folder: str, seeds: Sequence[int]) -> None:
    """Write garbled reports as files, a thousand in each folder."""
    for seed in seeds:
        inside = os.path.join(folder, f"{seed // 1000:03}")
        os.makedirs(inside, exist_ok=True)
        with open(
            os.path.join(inside, f"{seed:06}.txt"), "w", encoding="utf-8", newline=""
        ) as file:
            file.write(garble(seed).text)


def alone(paths: Sequence[str]) -> None:
    """The work unit over files, without a store."""
    from extractor.batch import process
    from extractor.batch.unit import name_of

    for path in paths:
        with open(path, "rb") as file:
            process(file.read(), name_of(path))


def reading_alone(paths: Sequence[str], processes: int) -> float:
    """Seconds of the work unit over all files."""
    parts = [paths[i : i + 100] for i in range(0, len(paths), 100)]
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(alone, [paths[:1]] * processes))  # everything is imported
        began = time.perf_counter()
        list(pool.map(alone, parts))
        return time.perf_counter() - began


def batch(
    arguments: Sequence[str],
    *,
    cores: set[int] | None = None,
    root: Path = ROOT,
    check: bool = True,
) -> dict[str, float]:
    """Run ``extract batch`` as a command: its outcome, seconds, and peak memory in MB."""

    def pin() -> None:
        if cores is not None:
            os.sched_setaffinity(0, cores)

    done = subprocess.run(  # noqa: S603 - a command of our own
        [sys.executable, "-c", _PROBE, "batch", *arguments, "-q", "--json"],
        env={**os.environ, "PYTHONPATH": str(root), "OPENAI_API_KEY": "scripted"},
        cwd=root,
        preexec_fn=pin,
        capture_output=True,
        text=True,
        check=True,
    )
    outcome, probe = map(json.loads, done.stdout.splitlines())
    if check and probe["code"]:
        raise SystemExit(f"extract batch ended with {probe['code']}")
    return {
        **probe,
        "seconds": outcome["seconds"],
        "done": outcome["done"],
        "requests": outcome["usage"]["requests"],
    }


def changed_rules(folder: str) -> Path:
    """A copy of the program in which a rule of the judging stage says something else."""
    root = Path(folder) / "changed"
    for package in _PACKAGES:
        shutil.copytree(
            ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    rule = root / "verify" / "unknowns.py"
    text = rule.read_text(encoding="utf-8")
    changed = text.replace("MOST_DEDUCED = 25", "MOST_DEDUCED = 20")
    if changed == text:
        raise SystemExit("the rule to change is not there any more; correct this benchmark")
    rule.write_text(changed, encoding="utf-8")
    return root


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--few", type=int, default=2_000, help="for the comparison of memory")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))[:2]
    with tempfile.TemporaryDirectory() as folder:
        reports = os.path.join(folder, "reports")
        parts = [range(i, min(i + 500, options.reports)) for i in range(0, options.reports, 500)]
        with ProcessPoolExecutor(len(cores)) as pool:
            list(pool.map(write, [reports] * len(parts), parts))
        paths = sorted(map(str, Path(reports).rglob("*.txt")))
        few = os.path.join(folder, "few.list")
        Path(few).write_text("\n".join(paths[: options.few]), encoding="utf-8")
        print(
            f"{len(paths):,} garbled reports, {len(cores)} cores, Python {sys.version.split()[0]}"
        )
        store = os.path.join(folder, "two.db")
        small = batch(
            ["--list", few, "--store", os.path.join(folder, "few.db"), "--processes", "2"]
        )
        two = batch([reports, "--store", store, "--processes", "2"])
        unit = reading_alone(paths, len(cores))
        one = batch(
            [reports, "--store", os.path.join(folder, "one.db"), "--processes", "1"],
            cores={cores[0]},
        )
        again = batch(
            ["--store", store, "--rerun", "stale", "--processes", "2"], root=changed_rules(folder)
        )
        n = len(paths)
        print(f"  two cores          {n / two['seconds']:8.0f} a second")
        print(f"  one core           {n / one['seconds']:8.0f} a second")
        print(f"  two against one    {one['seconds'] / two['seconds']:8.2f}")
        print(f"  reading alone      {n / unit:8.0f} a second in {len(cores)} processes")
        print(f"  of reading alone   {unit / two['seconds']:8.1%}")
        print(
            f"  peak memory        {small['own']:8.0f} MB with {options.few:,}, {two['own']:.0f} MB with {n:,}"
            f" (x{two['own'] / small['own']:.2f}); a worker {small['worker']:.0f} and {two['worker']:.0f} MB"
            f" (x{two['worker'] / small['worker']:.2f})"
        )
        print(
            f"  judged again       {again['done'] / again['seconds']:8.0f} a second after a rule changed, "
            f"{again['done']:,} results, {again['requests']} requests"
        )
        print(
            f"  store              {os.path.getsize(store) / n / 1024:8.1f} kB a report after both runs"
        )


if __name__ == "__main__":
    main()
