"""Error localisation: speed, completeness, slips named and not named, against the solver.

Run ``python benchmarks/localise.py`` for everything but the oracle and ``--oracle 2000`` for that; `--only`
picks parts. Reports are random and consistent, of all four forms and five sizes, before damage.
"""

# ruff: noqa: S311 - repeatable runs

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.damaged import Values, corrupted, requests_cells, slipped, wrong_digits  # noqa: E402
from tests.garbler.truth import SCALES, VARIANTS, form_of, make  # noqa: E402
from verify.forms import Form  # noqa: E402
from verify.localise import Suspicion, localise  # noqa: E402

FULL = form_of("2021+2021")
RECEIVED = ("requests.new_received.total", "requests.carried_in.total")


def report(rng: Random, scales: tuple[str, ...] = SCALES) -> tuple[Form, Values]:
    """A consistent report of any form."""
    variant = rng.choice(list(VARIANTS))
    return form_of(variant), dict(make(rng, variant, rng.choice(scales)))


def full_table(rng: Random) -> Values:
    """Form 2021 with a figure of at least 1 in every cell of table 三 but the total rows' blanks."""
    columns = (
        "natural_person",
        "business",
        "research",
        "public_welfare",
        "legal_service",
        "other_org",
    )
    rows = [row.id for row in FULL.table("requests").rows]
    results = [
        r for r in rows if r not in ("new_received", "carried_in", "results_total", "carried_out")
    ]
    values: Values = dict.fromkeys(FULL.cells, 0)
    for column in columns:
        made = {row: rng.randint(1, 10 ** rng.randint(1, 3)) for row in results}
        total = sum(made.values())
        carried_out, carried_in = rng.randint(1, 20), rng.randint(1, 20)
        made |= {"results_total": total, "carried_out": carried_out, "carried_in": carried_in}
        made["new_received"] = total + carried_out - carried_in
        values |= {f"requests.{row}.{column}": figure for row, figure in made.items()}
    for row in rows:
        values[f"requests.{row}.total"] = sum(
            int(values[f"requests.{row}.{column}"] or 0) for column in columns
        )
    return values


def with_errors(rng: Random, values: Values, names: list[str], count: int) -> Values:
    """Wrong digits in so many cells."""
    wrong = dict(values)
    for name in rng.sample(names, count):
        wrong[name] = wrong_digits(rng, int(wrong[name] or 0))
    return wrong


def clocked(form: Form, values: Values) -> tuple[float, list[Suspicion]]:
    """Milliseconds, and what was found."""
    start = time.perf_counter()
    found = localise(form, values)
    return (time.perf_counter() - start) * 1000, found


def truth_told(found: list[Suspicion], changed: set[str]) -> bool:
    """Whether the changed cells are one of the smallest sets of the whole."""
    told: set[str] = set()
    for suspicion in found:
        mine = changed.intersection(name for cells in suspicion.sets for name in cells)
        if mine not in map(set, suspicion.sets):
            return False
        told |= mine
    return told == changed


def speed(trials: int) -> None:
    """Median and least time for one, two and three wrong cells."""
    print("milliseconds a report: median (least, most)")
    for label, scales in (("all sizes", SCALES), ("large", ("large",))):
        for count in (1, 2, 3):
            rng = Random(count)
            taken = []
            for _ in range(trials):
                form, values = report(rng, scales)
                wrong = with_errors(rng, values, requests_cells(form), count)
                taken.append(clocked(form, wrong)[0])
            print(
                f"  {label:9} {count} wrong  {statistics.median(taken):7.3f}"
                f"  ({min(taken):.3f}, {max(taken):.3f})"
            )
    rng = Random(0)
    clean = [report(rng) for _ in range(trials)]
    taken = [clocked(*pair)[0] for pair in clean]
    print(f"  consistent         {statistics.median(taken):7.3f}  ({min(taken):.3f})")
    taken = [clocked(*corrupted(Random(seed)))[0] for seed in range(trials)]
    print(f"  hostile mixture    {statistics.median(taken):7.3f}  (most {max(taken):.1f})")


def exhaustive(deltas: tuple[int, ...], every: int) -> None:
    """Every cell, and every pair of cells or every so-manieth, of a full table."""
    truth = full_table(Random(1))
    names = requests_cells(FULL)
    unique = checked = 0
    for name, delta in itertools.product(names, (*deltas, 1000)):
        wrong = truth | {name: int(truth[name] or 0) + delta}
        if int(wrong[name] or 0) >= 0:
            checked += 1
            unique += [s.sets for s in localise(FULL, wrong)] == [((name,),)]
    print(f"one wrong cell: located and alone in {unique} of {checked}")
    among = alone = checked = 0
    for a, b in itertools.islice(itertools.combinations(names, 2), 0, None, every):
        for step, other in itertools.product(deltas, repeat=2):
            wrong = truth | {a: int(truth[a] or 0) + step, b: int(truth[b] or 0) + other}
            if min(int(wrong[a] or 0), int(wrong[b] or 0)) < 0:
                continue
            checked += 1
            found = localise(FULL, wrong)
            among += truth_told(found, {a, b})
            alone += all(len(s.sets) == 1 for s in found)
    print(f"two wrong cells: truth among the sets in {among} of {checked}, alone in {alone}")


def three(trials: int) -> None:
    """Three wrong cells: how often the truth is not told, and how often one other set is."""
    print("three wrong cells:           truth told   alone    one other set alone")
    for scale, near in itertools.product(("full", *SCALES[1:]), (False, True)):
        rng = Random(4)
        told = alone = misled = 0
        for _ in range(trials):
            form, values = (FULL, full_table(rng)) if scale == "full" else report(rng, (scale,))
            names = [name for name in requests_cells(form) if values[name]]
            wrong = dict(values)
            for name in rng.sample(names, min(3, len(names))):
                figure = int(values[name] or 0)
                step = rng.choice((-1, 1)) if near else wrong_digits(rng, figure) - figure
                wrong[name] = max(0, figure + step)
            changed = {name for name in names if wrong[name] != values[name]}
            found = localise(form, wrong)
            right = truth_told(found, changed)
            unique = all(len(s.sets) == 1 for s in found)
            told += right
            alone += right and unique
            misled += unique and not right
        how = "by one each" if near else "digits"
        print(
            f"  {scale:7} {how:18} {told / trials:10.2%} {alone / trials:8.2%}"
            f" {misled / trials:10.2%}"
        )


def slips(trials: int) -> None:
    """Random damage of the catalogue in reports with more than 100 applications."""
    done: Counter[str] = Counter()
    named: Counter[str] = Counter()
    silent = 0
    seed = 0
    while sum(done.values()) < trials:
        seed += 1
        rng = Random(seed)
        form, values = report(rng, ("medium", "large"))
        if sum(int(values[name] or 0) for name in RECEIVED) <= 100:
            continue
        if rng.random() < 0.05:
            name = rng.choice([n for n in requests_cells(form) if values[n]])
            kind: str = "sign_flipped"
            cells: tuple[str, ...] = (name,)
            wrong = values | {name: -int(values[name] or 0)}
        else:
            operation, wrong = slipped(rng, form, values)
            kind = operation.kind
            cells = tuple(requests_cells(form)[i] for i in operation.cells)
        found = localise(form, wrong)
        done[kind] += 1
        silent += not found and None not in wrong.values()
        named[kind] += any(
            (s.operation, s.cells) == (kind, cells) for group in found for s in group.slips
        )
    print(f"slips named: {sum(named.values()) / trials:.2%} of {trials}, unnoticed {silent}")
    for kind, count in done.items():
        print(f"  {kind:28} {named[kind] / count:8.2%} of {count}")


def digits(trials: int) -> None:
    """Wrong digits in one to three cells, of all sizes: is a slip named?"""
    rng = Random(5)
    wrongly: Counter[str] = Counter()
    for n in range(trials):
        form, values = report(rng)
        names = requests_cells(form)
        if n % 2:
            names = [name for name in names if values[name]] or names
        if n % 5 == 0:
            values |= dict.fromkeys(rng.sample(requests_cells(form), rng.randint(1, 15)))
        known = [name for name in names if values[name] is not None]
        wrong = with_errors(rng, values, known, min(len(known), rng.choice((1, 2, 3))))
        for suspicion in localise(form, wrong):
            wrongly.update(slip.operation for slip in suspicion.slips)
    print(f"slips named for wrong digits: {sum(wrongly.values())} of {trials} {dict(wrongly)}")


def oracle(trials: int, first: int) -> None:
    """Optimum and complete set against CP-SAT."""
    from tests.oracle_suspects import disagreement

    differ = 0
    for seed in range(first, first + trials):
        form, values = corrupted(Random(seed))
        problem = disagreement(form, values)
        if problem:
            differ += 1
            print(f"  seed {seed}: {problem}")
    print(f"oracle: {differ} of {trials} corrupted reports differ")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--digits", type=int, default=20_000)
    parser.add_argument("--every", type=int, default=1, help="take every so-manieth pair of cells")
    parser.add_argument("--oracle", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, help="first seed for the oracle")
    parser.add_argument("--only", choices=("speed", "exhaustive", "three", "slips", "digits"))
    options = parser.parse_args()
    if options.oracle:
        oracle(options.oracle, options.first)
        return
    runs: dict[str, Callable[[], None]] = {
        "speed": lambda: speed(options.trials),
        "exhaustive": lambda: exhaustive((-3, 1, 20), options.every),
        "three": lambda: three(options.trials),
        "slips": lambda: slips(options.trials),
        "digits": lambda: digits(options.digits),
    }
    for name, run in runs.items():
        if options.only in (None, name):
            run()


if __name__ == "__main__":
    main()
