"""Tokens that a report costs: pointing at rows against one nested model with a number per cell.

Run ``python benchmarks/tokens.py --plot docs/tokens.svg`` with the extra ``bench`` installed. The same
fifty reports go through both designs on the same OpenAI-compatible server in one run. Its model is
*scripted*: it gives each design the right answer at once, so that what is compared is what a design
has to say and to hear, not how often a model fails. Tokens are counted with DeepSeek's own vocabulary:
the content of each message and four more for its frame, the schema (tools or response format) as
compact JSON, and the answer. A service that compiles the schema to a grammar does not put it into the
prompt, therefore input is given with and without it.

The straightforward design is given every advantage that is fair; `benchmarks.straightforward` lists
them. Ours is the whole product, `benchmarks.pointing`. A run in which either gets a report wrong ends
with exit code 1. The reports are described in `benchmarks.tokens_reports`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import pointing, straightforward, tokens_count  # noqa: E402
from benchmarks.straightforward import KINDS, MODES  # noqa: E402
from benchmarks.tokens_plot import Pair, draw  # noqa: E402
from benchmarks.tokens_reports import COUNT, PROSE, Sample, samples  # noqa: E402
from benchmarks.tokens_server import (  # noqa: E402
    Answer,
    Exchange,
    ScriptedServer,
    Tokens,
    compact,
)
from tests.garbler.truth import form_of  # noqa: E402

HEADLINE = "office"
GOALS = {"output": 10, "input and output": 3}


@dataclass(frozen=True, slots=True)
class Design:
    """A way to read a report with a model.

    Attributes:
        name: What it is called in the tables.
        answer: The scripted model's answers for a report.
        read: Reads a report from a base URL; whether every cell came out right, and for ours, whether
            the verdict is `accepted`.
    """

    name: str
    answer: Callable[[Sample], Answer]
    read: Callable[[Sample, str], bool]


@dataclass(frozen=True, slots=True)
class Run:
    """All reports through one design.

    Attributes:
        name: Of the design.
        exchanges: For each report.
        right: How many reports came out right in every cell.
    """

    name: str
    exchanges: list[list[Exchange]]
    right: int

    def tokens(self, count: tokens_count.Counter) -> list[Tokens]:
        """For each report."""
        return [sum((e.tokens(count) for e in report), Tokens()) for report in self.exchanges]


def _straightforward(kind: straightforward.Kind, mode: straightforward.Mode) -> Design:
    def right(sample: Sample) -> dict[str, object]:
        figures = {name: cell.value for name, cell in sample.report.expected.items()}
        model = straightforward.model_for(sample.report.variant, kind)
        return straightforward.right_answer(form_of(sample.report.variant), figures, model)

    def answer(sample: Sample) -> Answer:
        text = compact(right(sample))
        return lambda _: text

    def read(sample: Sample, base_url: str) -> bool:
        model = straightforward.model_for(sample.report.variant, kind)
        report = straightforward.ask(sample.report.text, model, mode, base_url)
        return report.model_dump() == right(sample)

    return Design(f"{kind}, {mode}", answer, read)


def _ours() -> Design:
    return Design("pointing", pointing.right_answers, pointing.read)


def run(design: Design, reports: Iterable[Sample], server: ScriptedServer) -> Run:
    """All reports through one design."""
    exchanges, right = [], 0
    for sample in reports:
        server.answer = design.answer(sample)
        right += design.read(sample, server.url)
        exchanges.append(server.take())
    return Run(design.name, exchanges, right)


def show_reports(prose: str, reports: Sequence[Sample], count: tokens_count.Counter) -> None:
    """How long the reports are."""
    low, high = PROSE[prose]
    said = (
        f"{low:,} to {high:,} characters outside the tables" if high else "as the garbler made it"
    )
    print(f"\n{len(reports)} reports, prose {prose!r}: {said}")
    for name, values in {
        "characters outside the tables": [sample.prose for sample in reports],
        "characters": [len(sample.report.text) for sample in reports],
        "tokens": [count(sample.report.text) for sample in reports],
    }.items():
        quartiles = statistics.quantiles(values, n=4)
        low, median, high = (round(value) for value in quartiles)
        print(f"  {name:31} median {median:6,}, quartiles {low:,} and {high:,}")


def show_runs(runs: Sequence[Run], count: tokens_count.Counter) -> None:
    """Totals and medians of each run."""
    heads = ("requests", "messages", "schema", "input", "output", "in+out", "in+out, no schema")
    print(f"  {'':32}{'right':>7}" + "".join(f"{head:>{len(head) + 3}}" for head in heads))
    for one in runs:
        tokens = one.tokens(count)
        parts = [
            (t.requests, t.prompt, t.schema, t.input, t.output, t.sum, t.sum_without_schema)
            for t in tokens
        ]
        for what, values in (
            ("total", [sum(column) for column in zip(*parts, strict=True)]),
            ("median", [round(statistics.median(column)) for column in zip(*parts, strict=True)]),
        ):
            right = f"{one.right}/{len(tokens)}" if what == "total" else ""
            row = "".join(f"{v:>{len(h) + 3},}" for v, h in zip(values, heads, strict=True))
            print(f"  {one.name + ', ' + what:32}{right:>7}{row}")


def cheaper(runs: Sequence[Run], count: tokens_count.Counter) -> Run:
    """The run with the smaller total of input and output."""
    return min(runs, key=lambda one: sum(t.sum for t in one.tokens(count)))


def show_ratio(base: Run, ours: Run, count: tokens_count.Counter) -> None:
    """How many times less ours costs, in all and by report, against the goals."""
    theirs, own = base.tokens(count), ours.tokens(count)
    measures: dict[str, Callable[[Tokens], int]] = {
        "output": lambda t: t.output,
        "input and output": lambda t: t.sum,
        "input and output, no schema": lambda t: t.sum_without_schema,
    }
    print(f"  {ours.name} against {base.name}")
    for name, of in measures.items():
        ratios = [of(a) / of(b) for a, b in zip(theirs, own, strict=True)]
        total = sum(map(of, theirs)) / sum(map(of, own))
        goal = GOALS.get(name)
        reached = f"; goal 1/{goal} {'reached' if total >= goal else 'MISSED'}" if goal else ""
        if goal:
            reached += f", by {sum(r >= goal for r in ratios)} of {len(ratios)} reports alone"
        print(
            f"    {name:28} 1/{total:.1f} in all, by report median 1/{statistics.median(ratios):.1f},"
            f" worst 1/{min(ratios):.1f}{reached}"
        )


def show_layouts(
    reports: Sequence[Sample], base: Run, ours: Run, count: tokens_count.Counter
) -> None:
    """Totals by layout."""
    theirs, own = base.tokens(count), ours.tokens(count)
    print(f"  {'layout':20}{'reports':>8}{'output':>18}{'':>8}{'in+out':>18}")
    for layout in dict.fromkeys(sample.report.layout for sample in reports):
        at = [i for i, sample in enumerate(reports) if sample.report.layout == layout]
        out_a, out_b = sum(theirs[i].output for i in at), sum(own[i].output for i in at)
        sum_a, sum_b = sum(theirs[i].sum for i in at), sum(own[i].sum for i in at)
        print(
            f"  {layout:20}{len(at):>8}{out_a:>9,} →{out_b:>7,}  1/{out_a / out_b:<5.1f}"
            f"{sum_a:>9,} →{sum_b:>7,}  1/{sum_a / sum_b:.1f}"
        )


def show_estimate(ours: Run, count: tokens_count.Counter) -> None:
    """How far the product's own estimate of a prompt lies above the count."""
    ratios = [
        pointing.estimated(exchange.messages) / sum(map(count, exchange.messages))
        for report in ours.exchanges
        for exchange in report
    ]
    print(
        f"  estimate of system and user message, against the count: median "
        f"{statistics.median(ratios):.2f} times, {min(ratios):.2f} to {max(ratios):.2f}"
    )


def measure(
    prose: str,
    number: int,
    counters: dict[str, tokens_count.Counter],
    *,
    plot: str | None = None,
) -> bool:
    """One set of reports through all designs, shown; whether those compared got every report right."""
    count = counters["DeepSeek"]
    reports = list(samples(prose, number))
    show_reports(prose, reports, count)
    with ScriptedServer(count) as server:
        bases = {
            kind: [run(_straightforward(kind, mode), reports, server) for mode in MODES]
            for kind in KINDS
        }
        ours = run(_ours(), reports, server)
    compared = [*chain.from_iterable(bases.values()), ours]
    for name, counter in counters.items():
        print(f"  -- tokens of {name}")
        show_runs(compared, counter)
        for kind in KINDS:
            show_ratio(cheaper(bases[kind], counter), ours, counter)
    base = cheaper(bases[KINDS[0]], count)
    show_layouts(reports, base, ours, count)
    show_estimate(ours, count)
    if plot:
        pairs = zip(base.tokens(count), ours.tokens(count), strict=True)
        points = [Pair(a.output, b.output, a.sum, b.sum) for a, b in pairs]
        Path(plot).write_text(draw(points), encoding="utf-8")
    return all(one.right == len(reports) for one in compared)


def main() -> int:
    """Run what the command line asks for; 1 when a report came out wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--reports", type=int, default=COUNT, help="how many of the fifty")
    parser.add_argument("--prose", choices=PROSE, action="append", help="length of the prose")
    parser.add_argument("--plot", metavar="FILE", help=f"draw the set {HEADLINE!r} as SVG")
    parser.add_argument("--cross-check", action="store_true", help="count with Qwen's tokens too")
    options = parser.parse_args()
    try:
        counters = {"DeepSeek": tokens_count.deepseek()}
        if options.cross_check:
            counters["Qwen"] = tokens_count.qwen()
    except tokens_count.NotInstalledError as error:
        parser.error(str(error))
    right = True
    for prose in options.prose or PROSE:
        plot = options.plot if prose == HEADLINE else None
        right &= measure(prose, options.reports, counters, plot=plot)
    if not right:
        print("not every report came out right: the tokens above do not compare", file=sys.stderr)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
