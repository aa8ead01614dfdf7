"""``python -m tests.recheck``: recheck many results, as they are and changed; 1 when anything is wrong.

Every result as it is made must follow, every change of it must be noticed. ``--leaves N`` also changes N
fields of each golden result one at a time, all of them for 0.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from random import Random

from .changes import CHANGES, Json, leaves
from .results import Case, cases, check


def _fields(case: Case, most: int) -> Iterator[tuple[str, Json]]:
    """Some fields of a result changed one at a time; all of them for 0."""
    found = list(leaves(case.changed(), Random(case.name)))
    yield from Random(case.name).sample(found, min(most, len(found))) if most else found


def _changes(case: Case) -> Iterator[tuple[str, Json]]:
    for name, change in CHANGES.items():
        data = case.changed()
        if change(data, Random(f"{case.name} {name}")):
            yield name, data


def main(arguments: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.recheck", description=__doc__)
    parser.add_argument("--kind", action="append", choices=("golden", "hard", "garbled"))
    parser.add_argument("--seeds", type=int, default=300, help="garbled reports")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--changed", type=int, default=30, help="of each kind, how many are also changed"
    )
    parser.add_argument("--leaves", type=int, metavar="N", help="fields of each golden result")
    options = parser.parse_args(arguments)
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for kind in options.kind or ("golden", "hard", "garbled"):
        for number, case in enumerate(cases(kind, options.start, options.seeds)):
            tried["as it is"] += 1
            again = check(case, case.result)
            if not again.follows or again.result.model_dump_json() != case.result:
                missed["as it is"] += 1
                print(f"does not follow: {case.name} {again.wrong[:3]}")
            changes = [_changes(case)] if number < options.changed else []
            if kind == "golden" and options.leaves is not None:
                changes.append(_fields(case, options.leaves))
            for name, data in chain(*changes):
                tried[name] += 1
                again = check(case, data)
                # what a cell without a mark was is the reader's word; this version's own can be asked
                if again.follows and not (name == "was_changed" and again.notes):
                    missed[name] += 1
                    print(f"not noticed: {case.name}, {name}")
    changed = sum(tried.values()) - tried["as it is"]
    print(f"{tried['as it is']} results as they are, {missed['as it is']} do not follow")
    print(f"{changed} changes, {sum(missed.values()) - missed['as it is']} not noticed")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
