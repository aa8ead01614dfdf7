"""``extract summary``: a store in numbers, checked from year to year and for duplicates.

Exit codes: 0; 2 wrong usage; 3 the store cannot be read.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.options import Spoken
from extractor.writing import (
    check_page,
    check_store_target,
    check_targets,
    put_lines,
    write,
)


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """What is summed up, and what is said of it."""

    store: Annotated[str, typer.Argument(metavar="RUN.db")]
    run: Annotated[int | None, typer.Option("--run", metavar="N")] = None
    html: Annotated[str | None, typer.Option("--html", metavar="FILE")] = None
    json: Annotated[bool, typer.Option("--json")] = False


@command(Options)
def summary(options: Options) -> int:
    """Sum up a store."""
    return run(options)


def run(options: Options) -> int:
    """Sum up a store and return the exit code.

    Raises:
        UsageError: A file cannot be written.
        StoreError: The store cannot be read.
    """
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
            found = document.make(store, options.run)
        else:
            document, found = None, summarise(store, options.run)
        if options.html is not None:
            from extractor.across.page import page

            write(options.html, page(found, options.lang))
        if document is not None:
            put_lines(document.lines(found))
        elif not options.quiet:
            from extractor.across.terminal import lines

            put_lines(lines(found, options.lang))
    return 0
