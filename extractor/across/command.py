"""``extract summary``: a store in numbers, checked from year to year and for duplicates.

Exit codes: 0; 2 wrong usage; 3 the store cannot be read.
"""

from __future__ import annotations

from contextlib import closing
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
    """Sum up a store.

    Raises:
        UsageError: A file cannot be written.
        StoreError: The store cannot be read.
    """
    check_targets({"--html": options.html}, [])
    if options.html is not None:
        check_store_target("--html", options.html, options.store)
        check_page("--html", options.html)
    from extractor.across.summary import board_of, lined
    from extractor.batch.merging import open_results

    with (
        open_results(options.store) as store,
        closing(board_of(store, options.run)) as board,
    ):
        found = lined(store, board, options.run)
        if options.html is not None:
            from extractor.across.page import page

            write(options.html, page(found, options.lang))
        if options.json:
            from extractor.across.document import document

            put_lines(document(found, board))
        elif not options.quiet:
            from extractor.across.terminal import lines

            put_lines(lines(found, options.lang))
    return 0
