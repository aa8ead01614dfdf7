"""The command line: arguments in, exit code out. Heavy modules load only where they are needed.

Exit codes: 0 accepted or completed; 1 any other verdict; 2 wrong usage; 3 unreadable input or store;
4 the model or its provider failed; 70 a fault of this program; 130 interrupted, by Ctrl-C or a polite
kill. From 2 on standard error has one line that says what was wrong and what to do. The other commands say
theirs in their help.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from extractor import __version__
from extractor.errors import GoujiError, UsageError
from extractor.interrupts import INTERRUPTED, as_by_ctrl_c
from extractor.options import add_asking, add_model
from extractor.views import add_views, shown, views_of, write_views
from extractor.writing import Parser, add_lang, check_targets, mute, put, say
from verify.verdicts import GOOD, VERDICTS

if TYPE_CHECKING:
    from extractor.rungs import Asking
    from verify.schema import Result

_BUILTIN = "builtin"
_INTERNAL = 70
_DESCRIPTION = """\
Read one annual report on government information disclosure (政府信息公开工作年度报告), check
its sums (勾稽关系) and say what it is worth. The result is JSON on standard output, a summary for
people goes to standard error."""
_EPILOG = """\
other commands:
  extract batch PATH… --store RUN.db    read many reports into a store; the same again does what is left
  extract export RUN.db --to FILE       write a store as .csv, .jsonl, .parquet or .xlsx
  extract diff OLD.db NEW.db            which verdicts and which cells changed
  extract summary RUN.db                sum up a store: verdicts, findings, checks across years and agencies
  extract text REPORT                   print the text that the spans of a result point into
  extract verify RESULT.json            derive a stored result anew, and say where it does not follow
  extract rules [ID]                    list the rules that a report is held to, or explain one
  extract golden check [DIR]            run the golden cases and print every difference
  extract golden check --model M        run them through a model, and record whether it qualifies
  extract golden add REPORT --name N    add a golden case

exit codes:
  0  accepted, or completed (1 with --strict)
  1  any other verdict: unconfirmed, incomplete, inconsistent, rejected, unsupported
  2  wrong usage          3  the input cannot be read          4  the model or provider failed"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    with as_by_ctrl_c():
        return _ended(list(sys.argv[1:] if argv is None else argv))


def _ended(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except GoujiError as error:
        say(f"extract: {_said(error, arguments)}")
        return error.exit_code
    except BrokenPipeError:
        mute(sys.stdout)
        return 1
    except KeyboardInterrupt:
        say("extract: interrupted; nothing was written")
        return INTERRUPTED
    except Exception as error:  # the last line of defence: a user never sees a traceback
        if os.environ.get("GOUJI_DEBUG"):
            raise
        said = f"{type(error).__name__}: {error}".replace("\n", " ")
        say(
            f"extract: internal error ({said}); run again with GOUJI_DEBUG=1 for details and report "
            "it with the input"
        )
        return _INTERNAL


def _said(error: GoujiError, arguments: list[str]) -> str:
    """The message in the language that was asked for, where it has two."""
    chinese = getattr(error, "zh", None)
    asked = "--lang=zh" in arguments or ("--lang", "zh") in pairwise(arguments)
    return chinese if chinese and asked else str(error)


def _run(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command == "golden":
        return _golden(arguments[1:])
    if command == "text":
        return _text(arguments[1:])
    if command == "verify":
        from extractor import recheck

        return recheck.run(arguments[1:])
    if command == "rules":
        from extractor import rulebook

        listed = io.StringIO()
        code = rulebook.run(arguments[1:], listed)
        put(None, listed.getvalue())
        return code
    if command == "batch":
        from extractor.batch.command import run_command

        return run_command(arguments[1:])
    if command == "export":
        from extractor.export.command import run

        return run(arguments[1:])
    if command == "diff":
        from extractor.diff.command import run

        return run(arguments[1:])
    if command == "summary":
        from extractor.across.command import run

        return run(arguments[1:])
    return _extract(arguments)


def _extract(arguments: list[str]) -> int:
    parser = Parser(
        prog="extract", description=_DESCRIPTION, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument(
        "report", metavar="REPORT", help="text, web page, Word, Excel or PDF; - for standard input"
    )
    add_model(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write the JSON here instead")
    add_views(parser)
    parser.add_argument(
        "--pictures", action="store_true", help="with --html: show the pages of a PDF or scan"
    )
    parser.add_argument("--strict", action="store_true", help="completed ends with exit code 1")
    add_lang(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary")
    parser.add_argument("--version", action="version", version=f"extract {__version__}")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what a model would be sent, and send nothing"
    )
    add_asking(parser)
    options = parser.parse_args(arguments)
    if options.output == "-":
        options.output = None
    views = views_of(options)
    check_targets({"-o": options.output, **views}, [options.report])

    from extractor.pipeline import read_source
    from extractor.source import load

    if options.dry_run:
        if options.output or any(views.values()):
            raise UsageError(f"--dry-run makes no result; leave -o, {', '.join(views)} out")
        return _dry_run(options)
    if options.model == _BUILTIN:
        source = load(options.report)
        result = read_source(source)
    else:
        from extractor.rungs import build

        with closing(build(_asking(options), os.environ)) as ladder:
            source = load(options.report)
            result = read_source(source, ladder)
    text = to_json(result)
    original = shown(source, options) if options.html else None
    write_views(options, result, source.text, options.report, original=original, data=source.data)
    put(options.output, text)
    if not options.quiet:
        _summarise(result, options.lang)
    return exit_code(result, strict=options.strict)


def _text(arguments: list[str]) -> int:
    """``extract text REPORT``: the text that every span of a result points into."""
    parser = Parser(
        prog="extract text", description="Print the canonical text of a report: that of a text file as it is "
        "given, of every other kind what the spans of its result point into.", allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("report", metavar="REPORT", help="a report, or - for standard input")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the text here instead")
    add_lang(parser)
    options = parser.parse_args(arguments)
    check_targets({"-o": options.output}, [options.report])
    from extractor.source import load

    source = load(options.report)
    put(None if options.output == "-" else options.output, source.text)
    for note in source.document.notes if source.document else ():
        say(f"extract: {note}")
    return 0


def to_json(result: Result) -> str:
    """The result as the contract's JSON, Chinese as it is, one line end at the end."""
    return result.model_dump_json(indent=2) + "\n"


def exit_code(result: Result, *, strict: bool = False) -> int:
    """0 for accepted, for completed unless ``strict``, else 1."""
    good = ("accepted",) if strict else GOOD
    return 0 if result.verdict in good else 1


def _asking(options: argparse.Namespace) -> Asking:
    from extractor.rungs import asking_of, rungs_of

    return asking_of(options, rungs_of(options.model))


def _dry_run(options: argparse.Namespace) -> int:
    from extractor.dryrun import show
    from extractor.source import load
    from verify.layout import lay_out

    asking = _asking(options)
    base_url = options.base_url or os.environ.get("OPENAI_BASE_URL")
    layout = lay_out((source := load(options.report)).text, source.document)
    out = io.StringIO()
    show(layout, asking, base_url, out)
    put(None, out.getvalue())
    return 0


def _summarise(result: Result, lang: Literal["zh", "en"]) -> None:
    import shutil

    from extractor.render import summary

    terminal = sys.stderr is not None and sys.stderr.isatty()
    color = terminal and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size().columns if terminal else None
    say(summary(result, lang, color=bool(color), width=width))


def _golden(arguments: list[str]) -> int:
    parser = Parser(prog="extract golden", description="Golden cases: the reports that every "
                     "change of code, model or prompt is held against.", allow_abbrev=False)  # fmt: skip
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="run the cases, print differences, exit 1 on any")
    check.add_argument("directory", metavar="DIR", nargs="?", default="golden")
    add_model(check)
    add_asking(check)
    add = commands.add_parser("add", help="add a case from a report")
    add.add_argument("report", metavar="REPORT", nargs="?")
    add.add_argument("--name", required=True, metavar="N", help="name of the case's folder")
    add.add_argument("--directory", default="golden", metavar="DIR")
    add.add_argument("--note", metavar="TEXT", help="what is special about it, for its README")
    add.add_argument(
        "--confirm", nargs="?", const="any", metavar="VERDICT",
        help="you have looked at the result and it is right",
    )  # fmt: skip
    add_lang(add)
    options = parser.parse_args(arguments)
    if options.command == "check" and options.model != _BUILTIN:
        from extractor import gate

        return gate.run(options.directory, _asking(options), os.environ, sys.stdout)

    from extractor import golden

    if options.command == "check":
        return golden.check(options.directory, sys.stdout)
    report, confirm = options.report, options.confirm
    if report is None and confirm not in (None, "any", *VERDICTS):
        report, confirm = confirm, "any"  # --confirm stood before the report
    if report is None:
        raise UsageError("golden add needs a REPORT; see extract golden add --help")
    return golden.add(
        report, options.name, options.directory, confirm=confirm, note=options.note,
        summarise=lambda result: _summarise(result, options.lang),
    )  # fmt: skip
