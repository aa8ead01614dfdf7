"""``python -m tests.recheck``: recheck many results, as they are and changed; 1 when anything is wrong.

Every result as it is made must follow, every change of it must be noticed. ``--leaves N`` also changes N
fields of each golden result one at a time, all of them for 0.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from random import Random

from .changes import CHANGES, leaves
from .results import Case, cases, check


def _changes(case: Case, tried: Counter[str], missed: Counter[str]) -> None:
    for name, change in CHANGES.items():
        data = case.changed()
        if not change(data, Random(f"{case.name} {name}")):
            continue
        tried[name] += 1
        again = check(case, data)
        if again.follows and not again.notes:
            missed[name] += 1
            print(f"not noticed: {case.name}, {name}")


def main(arguments: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.recheck", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="garbled reports")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--changed", type=int, default=30, help="of them, how many are also changed"
    )
    parser.add_argument("--leaves", type=int, metavar="N", help="fields of each golden result")
    options = parser.parse_args(arguments)
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for kind in ("golden", "hard", "garbled"):
        for number, case in enumerate(cases(kind, options.start, options.seeds)):
            tried["as it is"] += 1
            again = check(case, case.result)
            if not again.follows or again.result.model_dump_json() != case.result:
                missed["as it is"] += 1
                print(f"does not follow: {case.name}")
            if kind != "garbled" or number < options.changed:
                _changes(case, tried, missed)
            if kind == "golden" and options.leaves is not None:
                fields = list(leaves(case.changed(), Random(case.name)))
                if options.leaves:
                    fields = Random(case.name).sample(fields, min(options.leaves, len(fields)))
                for path, data in fields:
                    tried["a field"] += 1
                    if check(case, data).follows:
                        missed["a field"] += 1
                        print(f"not noticed: {case.name}, {path}")
    changed = sum(tried.values()) - tried["as it is"]
    print(f"{tried['as it is']} results as they are, {missed['as it is']} do not follow")
    print(f"{changed} changes, {sum(missed.values()) - missed['as it is']} not noticed")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
