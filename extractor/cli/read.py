"""``extract REPORT…``: read reports, check their sums and say what they are worth."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from extractor import __version__
from extractor.cli.command import command
from extractor.errors import GoujiError, UsageError
from extractor.options import Asking, Cached, Views, Worded
from extractor.views import SEVERAL, views_of, write_views
from extractor.writing import check_targets, put, say

if TYPE_CHECKING:
    from extractor.catalogue import Lang
    from extractor.lexicon import Lexicon
    from extractor.rungs import Asking as Asked
    from extractor.rungs import Ladder
    from extractor.source import SourceText
    from verify.decisions import Decision
    from verify.schema import Result

BUILTIN = "builtin"


def _version(wanted: bool) -> None:
    if wanted:
        put(None, f"extract {__version__}\n")
        raise typer.Exit(0)


@dataclass(frozen=True, kw_only=True)
class Options(Asking, Cached, Worded, Views):
    """What is read, how, and what is written."""

    reports: Annotated[list[str], typer.Argument(metavar="REPORT…")]
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE")] = None
    strict: Annotated[bool, typer.Option("--strict")] = False
    decisions: Annotated[str | None, typer.Option("--decisions", metavar="FILE")] = None
    dry_run: Annotated[bool, typer.Option("--dry-run", rich_help_panel="models")] = False
    version: Annotated[bool, typer.Option("-V", "--version", callback=_version, is_eager=True)] = (
        field(default=False)
    )


@command(Options)
def read(options: Options) -> int:
    """Read reports, one after the other."""
    output = None if options.output == "-" else options.output
    views = views_of(options)
    check_targets({"-o": output, **views}, [*options.reports, options.lexicon])
    lexicon = lexicon_of(options)
    several = len(options.reports) > 1
    if options.reports.count("-") > 1:
        raise UsageError("standard input can be read once; name files for the rest")
    if several:
        for option, path in views.items():
            if path and option not in SEVERAL:
                raise UsageError(f"{option} shows one report; give one, or use extract site")
    if options.dry_run:
        if output or any(views.values()):
            raise UsageError(f"--dry-run makes no result; leave -o, {', '.join(views)} out")
        return max(_dry_run(options, report, lexicon) for report in options.reports)

    decided: Sequence[Decision] = ()
    if options.decisions is not None:
        from extractor.decisions import load as load_decisions

        decided = load_decisions(options.decisions)
    with ExitStack() as stack:
        ladder: Ladder | None = None
        if options.model != BUILTIN:
            from extractor.rungs import build

            ladder = build(asking(options), os.environ)
            stack.callback(ladder.close)
        from extractor.pipeline import read_source
        from extractor.source import load

        def one(report: str) -> tuple[Result, SourceText, str]:
            source = load(report)
            return read_source(source, ladder, lexicon, decided), source, report

        if several:
            return _several(options, output, one)
        (report,) = options.reports
        result, source, _ = one(report)
        write_views(options, [(result, source, report)])
        put(output, to_json(result))
        if not options.quiet:
            summarise(result, options.lang, source.text)
        return exit_code(result, strict=options.strict)


def lexicon_of(options: Worded) -> Lexicon | None:
    """The lexicon that was named, checked before anything is read."""
    if options.lexicon is None:
        return None
    from extractor.lexicon import Lexicon

    return Lexicon.load(options.lexicon)


def _several(
    options: Options, output: str | None, one: Callable[[str], tuple[Result, SourceText, str]]
) -> int:
    """A JSON line and a summary each; what cannot be read is said, and the others are read."""
    from extractor.cli import told

    codes = [0]
    lines: list[str] = []
    found: list[tuple[Result, SourceText, str]] = []
    for report in options.reports:
        try:
            found.append(one(report))
        except GoujiError as error:
            say(f"extract: {told(error)}")
            codes.append(error.exit_code)
            continue
        result, source, _ = found[-1]
        lines.append(result.model_dump_json() + "\n")
        if output is None:
            put(None, lines[-1])
        codes.append(exit_code(result, strict=options.strict))
        if not options.quiet:
            summarise(result, options.lang, source.text)
    if output is not None:
        put(output, "".join(lines))
    write_views(options, found)
    return max(codes)


def to_json(result: Result) -> str:
    """The result as the contract's JSON, Chinese as it is, one line end at the end."""
    return result.model_dump_json(indent=2) + "\n"


def exit_code(result: Result, *, strict: bool = False) -> int:
    """0 for accepted, for completed unless ``strict``, else 1."""
    from verify.verdicts import GOOD

    good = ("accepted",) if strict else GOOD
    return 0 if result.verdict in good else 1


def asking(options: Asking) -> Asked:
    """How language models are asked, as options say it."""
    from extractor.rungs import asking_of, rungs_of

    return asking_of(options, rungs_of(options.model))


def _dry_run(options: Options, report: str, lexicon: Lexicon | None) -> int:
    from extractor.dryrun import show
    from extractor.source import load
    from verify.layout import lay_out

    asked = asking(options)
    base_url = options.base_url or os.environ.get("OPENAI_BASE_URL")
    source = load(report)
    layout = lay_out(source.text, source.document, lexicon.entries if lexicon else ())
    out = io.StringIO()
    show(layout, asked, base_url, out)
    put(None, out.getvalue())
    return 0


def summarise(result: Result, lang: Lang, source: str | None = None) -> None:
    """Say to standard error what people should know of a result."""
    import shutil

    from extractor.render import summary

    terminal = sys.stderr is not None and sys.stderr.isatty()
    color = terminal and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size().columns if terminal else None
    say(summary(result, lang, color=bool(color), width=width, source=source))
