"""``python -m tests.oracle``: the ceiling of the protocol, and what careless answerers bring about."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from . import CARELESS, Oracle, Trial, sources, trial
from .careless import mutated
from .sources import Source


def _print(kind: str, who: str, done: list[Trial]) -> None:
    verdicts = Counter(one.verdict for one in done)
    told = " ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
    right, known = sum(t.right for t in done), sum(t.known for t in done)
    print(
        f"{kind:8} {who:10} reports {len(done):4}  whole {sum(t.whole for t in done):4}  "
        f"silent {sum(t.silent for t in done)}  cells {right}/{known}  "
        f"questions {sum(t.questions for t in done)}  {told}"
    )


def _print_again(with_: list[Trial], without: list[Trial]) -> None:
    """What asking again about what is in doubt changed, and bettered."""
    pairs = list(zip(with_, without, strict=True))
    more = sum(a.questions - b.questions for a, b in pairs)
    asked = sum(a.questions > b.questions for a, b in pairs)
    changed = sum((a.verdict, a.right) != (b.verdict, b.right) for a, b in pairs)
    better = sum(a.right > b.right for a, b in pairs)
    print(f"{'':20}asked again of {asked} in {more} questions, changed {changed}, better {better}")


def main() -> int:
    """Print the table; 1 when anything wrong passed in silence."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--cases", default="", help="folder of cases, those with needs: model")
    parser.add_argument("--garbled", type=int, default=0)
    parser.add_argument("--careless", action="store_true")
    parser.add_argument("--again", action="store_true", help="what asking again brings")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    kinds: dict[str, list[Source]] = {"hard": list(sources("hard"))}
    if options.cases:
        kinds["cases"] = list(sources("cases", folder=options.cases))
    if options.garbled:
        kinds["garbled"] = list(sources("garbled", options.garbled))
    silent = 0
    for kind, some in kinds.items():
        done = [trial(source, Oracle(source.truth)) for source in some]
        _print(kind, "oracle", done)
        silent += sum(one.silent for one in done)
        for one in done if options.verbose else ():
            print(
                f"   {one.name:44} {one.verdict:12} {one.right}/{one.known} "
                f"asked {one.questions} {'' if one.whole else ' '.join(one.reasons[:6])}"
            )
        for name, how in CARELESS.items() if options.careless else ():
            careless = [
                trial(source, mutated(Oracle(source.truth), how, at))
                for at, source in enumerate(some)
            ]
            _print(kind, name, careless)
            silent += sum(one.silent for one in careless)
            if options.again:
                _print_again(
                    careless,
                    [
                        trial(source, mutated(Oracle(source.truth), how, at), most_again=0)
                        for at, source in enumerate(some)
                    ],
                )
    return int(silent > 0)


if __name__ == "__main__":
    sys.exit(main())
