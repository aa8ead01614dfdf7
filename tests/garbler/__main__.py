"""`python -m tests.garbler`: run the product over garbled reports and print where it fails."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec

from . import DAMAGES, LAYOUTS, MIXED, Garbled, garble
from .judge import PASSING, Judgement, judge
from .product import run

_COLUMNS = ("reports", "passed", "silent", "wrong", "span", "unread", "state", "head", "crashed")
_VISIBLE = str.maketrans({"\t": "⇥", "\xa0": "␣", "\r": "␍", "\u200b": "⁰", "\ufeff": "⁰"})


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one seed.

    Attributes:
        seed: The seed.
        keys: What it counts for: kind, layout, shape and damages.
        verdict: The product's verdict, or the name of the exception it raised.
        counts: A number for each column of the statistics.
    """

    seed: int
    keys: tuple[str, ...]
    verdict: str
    counts: dict[str, int] = field(default_factory=dict)


def _garble(seed: int, damage: str | None, layout: str | None, most: int) -> Garbled:
    damages = None if damage is None else [damage]
    return garble(seed, layout=layout, damages=damages, max_damages=most)


def _keys(report: Garbled) -> tuple[str, ...]:
    layout = MIXED if "+" in report.layout else report.layout
    damages = tuple(f"{DAMAGES[name].kind}: {name}" for name in report.damages)
    return (
        f"kind: {report.kind}",
        f"scale: {report.scale}",
        f"form: {report.variant}",
        f"layout: {layout}",
        f"table 四: {report.shape}",
        *(damages or ("undamaged",)),
    )


def trial(seed: int, damage: str | None, layout: str | None, most: int) -> Trial:
    """Run the product on one seed."""
    report = _garble(seed, damage, layout, most)
    try:
        judged = judge(report, run(report.text))
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever the product raises is a finding
        return Trial(seed, _keys(report), type(error).__name__, {"reports": 1, "crashed": 1})
    return Trial(seed, _keys(report), judged.verdict, _counts(judged))


def _counts(judged: Judgement) -> dict[str, int]:
    return {
        "reports": 1,
        "passed": int(judged.verdict in PASSING),
        "silent": int(judged.silent),
        "wrong": judged.count("wrong"),
        "span": judged.count("span"),
        "unread": judged.count("unread"),
        "state": judged.count("state"),
        "head": int(judged.head_wrong),
        "crashed": 0,
    }


def _trials(options: argparse.Namespace) -> Iterator[Trial]:
    seeds = range(options.start, options.start + options.seeds)
    one = partial(trial, damage=options.damage, layout=options.layout, most=options.max_damages)
    if options.processes <= 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(options.processes) as pool:
        yield from pool.map(one, seeds, chunksize=8)


def _statistics(trials: Iterable[Trial]) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {}
    for done in trials:
        for key in (*done.keys, "total"):
            table.setdefault(key, Counter()).update(done.counts)
    total = table.pop("total", Counter())
    return dict(sorted(table.items())) | {"total": total}


def _print(trials: list[Trial]) -> None:
    print(f"{'':46}" + "".join(f"{column:>9}" for column in _COLUMNS))
    for key, counts in _statistics(trials).items():
        print(f"{key:46}" + "".join(f"{counts[column]:>9}" for column in _COLUMNS))
    print("verdicts:", dict(Counter(t.verdict for t in trials).most_common()))
    for column in ("silent", "crashed", "wrong", "span", "head", "unread"):
        seeds = [t.seed for t in trials if t.counts.get(column)]
        if seeds:
            print(f"seeds with {column}: {' '.join(map(str, seeds[:20]))}")


def _show(report: Garbled) -> None:
    print(report.text.translate(_VISIBLE))
    print("-" * 80)
    print(f"seed {report.seed}: {report.variant}, {report.scale}, {report.layout}, "
          f"{report.shape}; {report.kind}: {', '.join(report.damages) or 'undamaged'}")  # fmt: skip
    result = run(report.text)
    judged = judge(report, result)
    print(f"verdict {judged.verdict}; silent {judged.silent}; head {result['report']}")
    for reason in result["reasons"]:
        print(f"  {reason['severity']} {reason['code']}: {reason['message_zh']}")
    for difference in judged.differences:
        expected, found = difference.expected, difference.found
        told = None if found is None else (found["state"], found["value"], found["span"])
        truth = None if expected is None else (
            "|".join(sorted(expected.states)), str(expected.value), expected.span,
            f"meant {expected.true_value}",
        )  # fmt: skip
        print(f"  {difference.fault:7}{difference.cell:52} expected {truth} found {told}")


def main(arguments: list[str] | None = None) -> int:
    """Entry point; 1 when there are silent errors or crashes, or with --show differences."""
    parser = argparse.ArgumentParser(prog="python -m tests.garbler", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--damage", choices=sorted(DAMAGES), metavar="NAME", help="this alone")
    parser.add_argument("--layout", choices=[*LAYOUTS, MIXED], metavar="NAME")
    parser.add_argument("--max-damages", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON object a seed")
    parser.add_argument("--show", type=int, metavar="SEED", help="text and differences of one")
    parser.add_argument("--text", type=int, metavar="SEED", help="only the text of one")
    options = parser.parse_args(arguments)
    if options.text is not None:
        report = _garble(options.text, options.damage, options.layout, options.max_damages)
        sys.stdout.write(report.text)
        return 0
    if find_spec("extractor") is None or find_spec("extractor.pipeline") is None:
        parser.error("the product (extractor.pipeline) cannot be imported from here")
    if options.show is not None:
        _show(_garble(options.show, options.damage, options.layout, options.max_damages))
        return 0
    trials = list(_trials(options))
    if options.json:
        for done in trials:
            print(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _print(trials)
    return int(any(t.counts.get("silent") or t.counts.get("crashed") for t in trials))


if __name__ == "__main__":
    raise SystemExit(main())
