"""Measure the prose check: false warnings on consistent reports, false statements noticed, time.

``python benchmarks/prose.py [REPORTS] [SEED]`` prints one line for each set of sentences, those that
the mechanisms were made with and those written afterwards, and the time that finding claims takes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.prose.measure import measure
from tests.prose.reports import templates
from verify.layout import Layout, lay_out
from verify.prose import find_claims

_SETS = {
    "first half": "templates",
    "second half": "held_out",
    "third": "unseen",
    "independent": "independent",
}
_REPORTS = 500
_RUNS = 20
_CHARACTERS = 10_000
_USUAL = 8
_HOSTILE = {
    "digits": "收到申请" + "1" * 60,
    "verbs": "收到" * 30 + "申请",
    "lists": "行政复议、行政诉讼、" * 6,
    "negations": "没有未无零" * 10 + "申请",
    "commas": "其中1件,2件,3件," * 5,
    "brackets": "(" * 40 + "申请1件",
}


def main(arguments: list[str]) -> None:
    """Print the measurements."""
    reports = int(arguments[0]) if arguments else _REPORTS
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    for name, file in _SETS.items():
        true, other = templates(file)
        clean = measure(true, other, reports, seed, wrong=False)
        false = measure(true, other, reports, seed + reports, wrong=True)
        print(
            f"{name}: {len(true) + len(other)} templates, false warnings on {clean.warned} of"
            f" {clean.reports} consistent reports, {false.warned} of {false.reports} false"
            f" statements noticed; claims {dict(clean.outcomes)}"
        )
    sentences = [line.format_map(_Any()) for line in templates("templates")[0] if line[0] != "["]
    text = "".join(sentences)
    typical = "\n".join((sentences * 9)[: _CHARACTERS // 30])
    sparse = ("一是加强组织领导，健全工作机制，明确责任分工，推动各项任务落到实处。\n" * 290)[
        : _CHARACTERS - len(text)
    ]
    few = "".join(sentences[:_USUAL])
    cases = (
        ("only claims", typical[:_CHARACTERS]),
        (f"{_USUAL} sentences of claims", sparse + few),
    )
    for name, prose in cases:
        print(f"{name}, {len(prose):,} characters: {_time(lay_out(prose)) * 1e3:.2f} ms")
    for name, piece in _HOSTILE.items():
        times = [
            _time(lay_out("政府信息公开。" + piece * (size // len(piece))), runs=1)
            for size in (250_000, 1_000_000)
        ]
        stops = [
            _time(lay_out("政府信息公开。" + (piece + "。\n") * (size // len(piece))), runs=1)
            for size in (250_000, 1_000_000)
        ]
        print(
            f"hostile {name}, 0.25 and 1 MB: {times[0]:.2f} s, {times[1]:.2f} s;"
            f" in sentences {stops[0]:.2f} s, {stops[1]:.2f} s"
        )


class _Any(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "2023" if key == "year" else "12"


def _time(layout: Layout, runs: int = _RUNS) -> float:
    best = float("inf")
    for _ in range(runs):
        start = perf_counter()
        find_claims(layout)
        best = min(best, perf_counter() - start)
    return best


if __name__ == "__main__":
    main(sys.argv[1:])
