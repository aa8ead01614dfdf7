"""``extract text REPORT``: the text that every span of a result points into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.options import Spoken
from extractor.writing import check_targets, put, say


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """What is printed, and where to."""

    report: Annotated[str, typer.Argument(metavar="REPORT")]
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE")] = None


@command(Options)
def text(options: Options) -> int:
    """Print the canonical text of a report."""
    check_targets({"-o": options.output}, [options.report])
    from extractor.source import load

    source = load(options.report)
    put(None if options.output == "-" else options.output, source.text)
    for note in source.document.notes if source.document and not options.quiet else ():
        say(f"extract: {note}")
    return 0
