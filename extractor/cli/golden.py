"""``extract golden``: run the golden cases, or add one."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.cli.read import BUILTIN, asking, summarise
from extractor.errors import UsageError
from extractor.options import Asking, Cached, Spoken


@dataclass(frozen=True, kw_only=True)
class Checking(Asking, Cached, Spoken):
    """Which cases, through which readers."""

    directory: Annotated[str, typer.Argument(metavar="[DIR]")] = "golden"


@dataclass(frozen=True, kw_only=True)
class Adding(Spoken):
    """A case and who confirmed it."""

    report: Annotated[str | None, typer.Argument(metavar="REPORT")] = None
    name: Annotated[str, typer.Option("--name", metavar="N")]
    directory: Annotated[str, typer.Option("--directory", metavar="DIR")] = "golden"
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None
    confirm: Annotated[str | None, typer.Option("--confirm", metavar="[VERDICT]")] = None


@command(Checking)
def check(options: Checking) -> int:
    """Run the cases and print every difference."""
    if options.model != BUILTIN:
        from extractor import gate

        return gate.run(options.directory, asking(options), os.environ, sys.stdout)
    from extractor import golden

    return golden.check(options.directory, sys.stdout)


@command(Adding, alone={"confirm": "any"})
def add(options: Adding) -> int:
    """Add a case from a report."""
    from extractor import golden
    from verify.verdicts import VERDICTS

    report, confirm = options.report, options.confirm
    if report is None and confirm not in (None, "any", *VERDICTS):
        report, confirm = confirm, "any"  # --confirm stood before the report
    if report is None:
        raise UsageError("golden add needs a REPORT; see extract golden add --help")
    return golden.add(
        report,
        options.name,
        options.directory,
        confirm=confirm,
        note=options.note,
        summarise=lambda result: summarise(result, options.lang),
    )
