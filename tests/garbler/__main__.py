"""`python -m tests.garbler`: run the product over garbled reports and print where it fails.

`freeze --to FILE` keeps the outcomes; `compare FILE` runs again and says what changed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from . import DAMAGES, LAYOUTS, MIXED, Garbled, frozen
from .judge import judge
from .product import run
from .registry import Pool
from .tally import print_table
from .trials import Choice, Trial, trials

_VISIBLE = str.maketrans({"\t": "⇥", "\xa0": "␣", "\r": "␍", "\u200b": "⁰", "\ufeff": "⁰"})
_POOLS: tuple[Pool, ...] = ("old", "new", "all")


def _show(report: Garbled) -> None:
    print(report.text.translate(_VISIBLE))
    print("-" * 80)
    print(
        f"seed {report.seed}: {report.variant}, {report.scale}, {report.layout}, "
        f"{report.shape}; {report.kind}: {', '.join(report.damages) or 'undamaged'}"
    )
    result = run(report.text)
    judged = judge(report, result)
    faults = [name for name in ("silent", "accused", "refused") if getattr(judged, name)]
    print(f"verdict {judged.verdict}; {' '.join(faults) or 'no fault'}; head {result['report']}")
    for reason in result["reasons"]:
        print(f"  {reason['severity']} {reason['code']}: {reason['message_zh']}")
    for difference in judged.differences:
        expected, found = difference.expected, difference.found
        told = None if found is None else (found["state"], found["value"], found["span"])
        truth = None
        if expected is not None:
            states = "|".join(sorted(expected.states))
            truth = (states, str(expected.value), expected.span, f"meant {expected.true_value}")
        print(f"  {difference.fault:7}{difference.cell:52} expected {truth} found {told}")


def _freeze(options: argparse.Namespace, choice: Choice, file: Path) -> int:
    done = list(_run(options, choice))
    drawn = {"pool": choice.pool, "start": options.start, "most": choice.most}
    size = frozen.write(file, drawn, (trial.record for trial in done))
    print(f"{len(done)} outcomes in {size} bytes")
    return 0


def _compare(options: argparse.Namespace, file: Path) -> int:
    drawn, kept = frozen.read(file)
    choice = Choice(drawn["pool"], most=drawn["most"])
    count = len(kept) if options.seeds is None else min(options.seeds, len(kept))
    options.start, options.seeds = drawn["start"], count
    found = [
        frozen.Change(trial.seed, kinds, trial.damages)
        for trial, before in zip(_run(options, choice), kept, strict=False)
        if (kinds := tuple(frozen.differences(before, trial.record)))
    ]
    frozen.print_changes(found, count)
    if any(frozen.worse(kind) for change in found for kind in change.kinds):
        return 2
    return int(bool(found))


def _run(options: argparse.Namespace, choice: Choice) -> list[Trial]:
    count = 200 if options.seeds is None else options.seeds
    seeds = range(options.start, options.start + count)
    return list(trials(choice, seeds, options.processes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.garbler", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "freeze", "compare"), default="run")
    parser.add_argument("file", nargs="?", type=Path, help="of outcomes, for compare")
    parser.add_argument("--to", type=Path, help="where freeze keeps the outcomes")
    parser.add_argument("--set", choices=_POOLS, default="old", help="which damages are drawn")
    parser.add_argument("--only", choices=_POOLS, default="all", help="which rows are printed")
    parser.add_argument("--alone", action="store_true", help="count reports of one damage only")
    parser.add_argument("--seeds", type=int, help="how many; 200, or all that were frozen")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--damage", choices=sorted(DAMAGES), metavar="NAME", help="this alone")
    parser.add_argument("--layout", choices=[*LAYOUTS, MIXED], metavar="NAME")
    parser.add_argument("--max-damages", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON object a seed")
    parser.add_argument("--show", type=int, metavar="SEED", help="text and differences of one")
    parser.add_argument("--text", type=int, metavar="SEED", help="only the text of one")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Entry point; 1 when there are silent errors, accusations or crashes, or a change."""
    parser = _parser()
    options = parser.parse_args(arguments)
    choice = Choice(options.set, options.damage, options.layout, options.max_damages)
    if options.text is not None:
        sys.stdout.write(choice.report(options.text).text)
        return 0
    if find_spec("extractor") is None or find_spec("extractor.pipeline") is None:
        parser.error("the product (extractor.pipeline) cannot be imported from here")
    if options.show is not None:
        _show(choice.report(options.show))
        return 0
    if options.command == "freeze":
        return _freeze(options, choice, options.to or parser.error("freeze needs --to FILE"))
    if options.command == "compare":
        return _compare(options, options.file or parser.error("compare needs a file"))
    done = _run(options, choice)
    if options.alone:
        done = [trial for trial in done if len(trial.damages) <= 1]
    if options.json:
        for trial in done:
            print(json.dumps(asdict(trial) | {"record": None}, ensure_ascii=False))
    else:
        print_table(done, options.only)
    faults = ("silent", "accused", "crashed")
    return int(any(trial.counts.get(fault) for trial in done for fault in faults))


if __name__ == "__main__":
    raise SystemExit(main())
