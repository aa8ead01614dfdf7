"""``extract summary``: a store in numbers, checked from year to year and for duplicates.

Exit codes: 0; 2 wrong usage; 3 the store cannot be read.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from extractor.writing import (
    Parser,
    add_lang,
    check_page,
    check_store_target,
    check_targets,
    put_lines,
    write,
)

_DESCRIPTION = """\
Sum up a store of extract batch: verdicts, findings by rule, reports by year and form, worst reports
first, failures, what was spent; hold every agency's reports of consecutive years against each other;
and find the same tables under two agencies."""
_EPILOG = """\
exit codes:
  0  whatever was found          2  wrong usage          3  the store cannot be read"""


def run(arguments: list[str]) -> int:
    """Run ``extract summary`` and return its exit code.

    Raises:
        UsageError: The command line is wrong.
        StoreError: The store cannot be read.
    """
    options = _parser().parse_args(arguments)
    check_targets({"--html": options.html}, [])
    if options.html is not None:
        check_store_target("--html", options.html, options.store)
        check_page("--html", options.html)
    from extractor.across.summary import summarise
    from extractor.batch.store import Store

    with Store.open(options.store) as store, ExitStack() as stack:
        if options.json:
            from extractor.across.document import kept_on_disk

            document = stack.enter_context(kept_on_disk())
            summary = document.make(store, options.run)
        else:
            document, summary = None, summarise(store, options.run)
        if options.html is not None:
            from extractor.across.page import page

            write(options.html, page(summary, options.lang))
        if document is not None:
            put_lines(document.lines(summary))
        elif not options.quiet:
            from extractor.across.terminal import lines

            put_lines(lines(summary, options.lang))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="extract summary", description=_DESCRIPTION, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("store", metavar="RUN.db", help="the store")
    parser.add_argument(
        "--run", type=int, metavar="N", help="as it was at the end of this run, not as it is now"
    )
    parser.add_argument("--html", metavar="FILE", help="also write a page that shows it")
    parser.add_argument("--json", action="store_true", help="everything as JSON instead")
    add_lang(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary")
    return parser
