"""``extract diff``: which verdicts and which cells changed between two stores, or two runs of one.

Exit codes: 0 no accepted cell changed; 1 one did; 2 wrong usage; 3 a store cannot be read.
"""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack

from extractor.errors import UsageError
from extractor.writing import Parser, put_lines

_DESCRIPTION = """\
Compare two stores of extract batch, or two runs of one store: verdicts that changed as a table, cells
that changed one by one, reports newly accepted and newly lost. Reports are matched by their bytes, the
rest by path."""
_EPILOG = """\
exit codes:
  0  no accepted cell changed; newly accepted and new reports are no change of that kind
  1  an accepted cell changed: a report that was accepted or completed has a cell with another value
     or state, or is neither accepted nor completed any more, or has no result any more
  2  wrong usage          3  a store cannot be read"""


def run(arguments: list[str]) -> int:
    """Run ``extract diff`` and return its exit code.

    Raises:
        UsageError: The command line is wrong.
        StoreError: A store cannot be read.
    """
    options = _parser().parse_args(arguments)
    _check(options)
    from extractor.batch.store import Store
    from extractor.diff import diff

    with ExitStack() as stack:
        old = stack.enter_context(Store.open(options.old))
        new = old if options.new is None else stack.enter_context(Store.open(options.new))
        first, second = options.runs or (None, None)
        difference = diff(old, new, old_run=first, new_run=second, only=options.only or ())
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


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="extract diff", description=_DESCRIPTION, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("old", metavar="OLD.db", help="the store as it was")
    parser.add_argument("new", metavar="NEW.db", nargs="?", help="the store as it is")
    parser.add_argument(
        "--runs", nargs=2, type=int, metavar=("OLD", "NEW"),
        help="compare one store as it was at the end of these two runs",
    )  # fmt: skip
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="PATH",
        help="only reports at these paths, files or directories",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON instead")
    parser.add_argument(
        "--all", action="store_true", help="list every change, not only the first of each kind"
    )
    parser.add_argument(
        "--lang",
        choices=("zh", "en"),
        default="zh",
        help="language of the list (default: %(default)s)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no list, only the exit code")
    return parser


def _check(options: argparse.Namespace) -> None:
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
