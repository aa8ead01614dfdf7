"""``extract diff``: which verdicts and which cells changed between two stores, or two runs of one.

Exit codes: 0 no accepted cell changed; 1 one did; 2 wrong usage; 3 a store cannot be read.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.options import Spoken
from extractor.writing import put_lines


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """What is compared, and what is said of it."""

    old: Annotated[str, typer.Argument(metavar="OLD.db")]
    new: Annotated[str | None, typer.Argument(metavar="NEW.db")] = None
    runs: Annotated[tuple[int, int] | None, typer.Option("--runs", metavar="OLD NEW")] = None
    only: Annotated[list[str] | None, typer.Option("--only", metavar="PATH…")] = None
    json: Annotated[bool, typer.Option("--json")] = False
    all: Annotated[bool, typer.Option("--all")] = False


@command(Options, many="only")
def diff(options: Options) -> int:
    """Compare two stores, or two runs of one.

    Raises:
        UsageError: The options do not go together.
        StoreError: A store cannot be read.
    """
    _check(options)
    from extractor.batch.merging import open_results
    from extractor.diff import diff as compare

    with ExitStack() as stack:
        old = stack.enter_context(open_results(options.old))
        new = old if options.new is None else stack.enter_context(open_results(options.new))
        first, second = options.runs or (None, None)
        difference = compare(old, new, old_run=first, new_run=second, only=options.only or ())
        if options.json:
            from extractor.diff.document import document

            put_lines(document(difference))
        elif not options.quiet:
            from extractor.diff.show import show

            put_lines(show(difference, options.lang, everything=options.all))
        totals = difference.totals()
        if options.only and not totals.old and not totals.new:
            names = ", ".join(map(repr, options.only))
            raise UsageError(f"--only {names}: neither side has a report there; check the paths")
        return 1 if totals.accepted_changed else 0


def _check(options: Options) -> None:
    if "" in (options.only or ()):
        raise UsageError("--only '': no path; name one, or leave --only out")
    if options.new is None:
        if options.runs is None:
            raise UsageError(
                f"{options.old!r} is one store; name a second one, or two of its runs with --runs OLD NEW"
            )
        if options.runs[0] == options.runs[1]:
            raise UsageError(f"--runs {options.runs[0]} twice; name two different runs")
        return
    if options.runs is not None:
        raise UsageError("--runs compares two runs of one store; give one store, or leave it out")
    there = os.path.exists(options.old) and os.path.exists(options.new)
    if there and os.path.samefile(options.old, options.new):
        raise UsageError(
            f"{options.old!r} and {options.new!r} are one store; name two of its runs with --runs OLD NEW"
        )
