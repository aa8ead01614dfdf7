"""``extract site``: a store as a static web site."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.options import Spoken
from extractor.writing import say


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """Which store, and where to."""

    store: Annotated[str, typer.Argument(metavar="RUN.db")]
    to: Annotated[str, typer.Option("--to", metavar="DIR")]
    pictures: Annotated[bool, typer.Option("--pictures")] = False
    originals: Annotated[str | None, typer.Option("--originals", metavar="DIR")] = None
    base: Annotated[str, typer.Option("--base", metavar="URL")] = ""


@command(Options)
def site(options: Options) -> int:
    """Write the site."""
    from extractor.batch.merging import open_results
    from extractor.site.building import WORDS, build

    if options.base and not options.base.startswith(("https://", "http://")):
        raise UsageError(
            f"--base {options.base!r}: write the whole address, as https://example.org/"
        )
    if os.path.exists(options.to) and not os.path.isdir(options.to):
        raise UsageError(f"--to {options.to!r} is a file; name a directory")
    try:
        with open_results(options.store) as store:
            originals = options.originals or options.store + ".originals"
            pages, without = build(
                store,
                options.to,
                options.lang,
                pictures=options.pictures,
                originals=originals,
                base=options.base,
            )
    except OSError as error:
        raise UsageError(f"--to {options.to!r} cannot be written ({error.strerror})") from None
    if not options.quiet:
        words = WORDS[options.lang]
        say(words.written.format(to=options.to, pages=pages))
        if without:
            say(words.without.format(without))
    return 0
