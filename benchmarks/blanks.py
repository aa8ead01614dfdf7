"""What the verifier still notices, and what it derives, when cells are blank.

Run ``python benchmarks/blanks.py --runs 10000 --processes 2``. Each run draws a consistent report, makes
cells blank, derives what follows, then changes one digit of another cell of table 三 or 四 and asks
what notices it. *Plain* is a failed identity, *noticed* also a residual or impossible blanks. What is
missed could not be noticed by any arithmetic: other figures for the blanks satisfy everything.
*Slipped* are those where all blanks are then derived, some of them wrong; *named* those whose changed
cell `unguarded` names. Sizes are by applications received; blanks are drawn in table 三 alone, or in 三 and 四.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.garbler import SCALES, VARIANTS  # noqa: E402
from tests.garbler.truth import form_of, make  # noqa: E402
from verify.arithmetic import check, deduce, signed_cells  # noqa: E402
from verify.feasible import residuals, unguarded  # noqa: E402
from verify.figures import Number  # noqa: E402
from verify.forms import Form  # noqa: E402

MOST_BLANKS = 25
LIMITS = {"zero": 0, "tiny": 6, "small": 80, "medium": 900, "large": 15_000}
"""The largest number of applications received of each size."""
WHERE = {"三": ("requests.",), "三, 四": ("requests.", "proceedings.")}
_DIGITS = "0123456789"


@dataclass(slots=True)
class Counts:
    """What happened in some runs.

    Attributes:
        of: Events by name; of errors also with ``三`` or ``四`` for the table of the changed cell.
        seconds: What the check of one report with blanks took.
    """

    of: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Take the events of other runs in."""
        self.of += other.of
        self.seconds += other.seconds

    def share(self, part: str, whole: str) -> str:
        """A percentage, or a dash where there is nothing to divide by."""
        return f"{100 * self.of[part] / self.of[whole]:.2f}" if self.of[whole] else "-"


def draw(rng: Random, scale: str) -> tuple[Form, dict[str, Number]]:
    """A consistent report of one size, of any form."""
    variant = rng.choice(list(VARIANTS))
    while True:
        truth = make(rng, variant, scale)
        if truth["requests.results_total.total"] <= LIMITS[scale]:
            return form_of(variant), dict(truth)


def cells_of(form: Form, tables: tuple[str, ...]) -> list[str]:
    """The cells of some tables."""
    return [name for name in form.cells if name.startswith(tables)]


def another_digit(rng: Random, figure: int) -> int:
    """The figure with one digit changed to another."""
    digits = list(str(figure))
    place = rng.randrange(len(digits))
    digits[place] = rng.choice([digit for digit in _DIGITS if digit != digits[place]])
    return int("".join(digits))


def run(rng: Random, scale: str, where: str, blanks: int) -> Counts:
    """One report, its blanks, and one error elsewhere."""
    counts = Counts()
    form, truth = draw(rng, scale)
    signed = signed_cells(form)
    gone = frozenset(rng.sample(cells_of(form, WHERE[where]), blanks))
    known: dict[str, Number | None] = {n: None if n in gone else v for n, v in truth.items()}
    start = time.perf_counter()
    checked = check(form.identities, known)
    left = residuals(checked.open, known)
    derived = deduce(checked.open, known, signed)
    counts.seconds.append(time.perf_counter() - start)
    counts.of.update(
        {
            "reports": 1,
            "blanks": blanks,
            "derived": len(derived.values),
            "wrong": sum(truth[name] != value for name, value in derived.values.items()),
            "alarms": bool(checked.failed or left or derived.impossible),
            "complete": len(derived.values) == blanks,
        }
    )
    if len(derived.values) == blanks and unguarded(form.identities, known, signed):
        counts.of["complete, some unguarded"] += 1
    cell = rng.choice([n for n in cells_of(form, WHERE["三, 四"]) if n not in gone])
    known[cell] = another_digit(rng, int(truth[cell]))
    checked = check(form.identities, known)
    events = ["errors"]
    if checked.failed:
        events += ["plain", "noticed"]
    elif residuals(checked.open, known):
        events += ["noticed"]
    else:
        if len(deduce(checked.open, known, signed).values) == blanks:
            events += ["slipped"]
        if cell in unguarded(form.identities, known, signed):
            events += ["named"]
    table = "三" if cell.startswith("requests.") else "四"
    for event in events:
        counts.of.update((event, f"{event} {table}"))
    return counts


def block(job: tuple[int, int, str, str, int | None]) -> Counts:
    """Some runs after one seed; without a number of blanks each draws its own, up to the limit."""
    seed, runs, scale, where, blanks = job
    rng = Random(f"{seed} {scale} {where}")  # noqa: S311 - repeatable runs
    counts = Counts()
    for _ in range(runs):
        counts.add(run(rng, scale, where, blanks or rng.randint(1, MOST_BLANKS)))
    return counts


HEAD = (
    "size",
    "blanks in",
    "runs",
    "derived %",
    "wrong",
    "false alarms",
    "complete %",
    "some unguarded %",
    "plain %",
    "noticed %",
    "of 三 %",
    "of 四 %",
    "missed",
    "named",
    "slipped %",
    "ms",
)


def row(scale: str, where: str, counts: Counts) -> tuple[str, ...]:
    """One line of the table."""
    of = counts.of
    return (
        scale,
        where,
        str(of["reports"]),
        counts.share("derived", "blanks"),
        str(of["wrong"]),
        str(of["alarms"]),
        counts.share("complete", "reports"),
        counts.share("complete, some unguarded", "complete"),
        counts.share("plain", "errors"),
        counts.share("noticed", "errors"),
        counts.share("noticed 三", "errors 三"),
        counts.share("noticed 四", "errors 四"),
        str(of["errors"] - of["noticed"]),
        str(of["named"]),
        counts.share("slipped", "errors"),
        f"{1000 * statistics.median(counts.seconds):.2f}",
    )


def table(
    seed: int, runs: int, blanks: int | None, processes: int
) -> Iterator[tuple[str, str, Counts]]:
    """The counts of every size and place of blanks, then of all sizes together."""
    each = max(1, runs // (len(SCALES) * len(WHERE)))
    jobs = [(seed, each, scale, where, blanks) for where, scale in product(WHERE, SCALES)]
    with ProcessPoolExecutor(processes) as pool:
        found = list(zip(jobs, pool.map(block, jobs), strict=True))
    for where in WHERE:
        together = Counts()
        for (_, _, scale, place, _), counts in found:
            if place == where:
                yield scale, where, counts
                together.add(counts)
        yield "all sizes", where, together


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="for each of the two tables printed")
    parser.add_argument("--blanks", type=int, default=20)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for title, blanks in (
        (f"{options.blanks} blanks", options.blanks),
        (f"1 to {MOST_BLANKS} blanks", None),
    ):
        print(f"\n{title}, seed {options.seed}")
        print("| " + " | ".join(HEAD) + " |")
        print("|" + " --- |" * len(HEAD))
        for entry in table(options.seed, options.runs, blanks, options.processes):
            print("| " + " | ".join(row(*entry)) + " |")


if __name__ == "__main__":
    main()
