"""``extract batch``: many reports into one store."""

from __future__ import annotations

import argparse
import json
import os
import shlex
from collections.abc import Iterator
from contextlib import closing

from extractor.batch import Options, run_files
from extractor.batch.counts import Summary
from extractor.batch.listing import Wanted, check, listed, named
from extractor.batch.progress import view_for
from extractor.batch.store import Store
from extractor.batch.words import VERDICTS, interrupted, migrated, outcome
from extractor.errors import StoreError, UsageError
from extractor.interrupts import INTERRUPTED
from extractor.options import add_asking, add_model
from extractor.rungs import asking_of, rungs_of
from extractor.writing import (
    Parser,
    add_lang,
    check_page,
    check_store_target,
    check_targets,
    put,
    say,
    write,
)

_DESCRIPTION = """\
Read many reports into a store: one SQLite file in which every run, attempt and result is kept. The same
command again does only what is left."""
_EPILOG = """\
PATH is a file, a directory (its whole tree), a pattern in quotes, or - for a list of paths on standard
input. Reports that failed are left alone until --rerun failed; results made by another reader, model,
prompt or version until --rerun stale. Without PATH, --rerun takes the sources that the store holds.

exit codes:
  0  every report has a result, whatever its verdict
  1  some could not be read or processed, each a row of the store with its reason; or a cap on requests
     or cost ended the run
  2  wrong usage          3  a path or the store cannot be used     4  the provider failed for all
  70  no worker process can start         130  interrupted; run the same command again"""


def run_command(arguments: list[str]) -> int:
    """Run ``extract batch`` and return its exit code.

    Raises:
        UsageError: An option that cannot be.
        InputError: No path exists, or a list cannot be read.
        StoreError: The store cannot be used.
    """
    options = _parser().parse_args(arguments)
    again = shlex.join(["extract", "batch", *arguments])
    try:
        return _run(arguments, options, again)
    except KeyboardInterrupt:  # while nothing was begun yet, or all was done but the page
        say(f"extract: {interrupted(again, options.lang)}")
        return INTERRUPTED


def _run(arguments: list[str], options: argparse.Namespace, again: str) -> int:
    if options.migrate:
        told = migrated(options.store, *Store.migrate(options.store), options.lang)
        if not options.quiet:
            say(told)
        if not options.paths and not options.list and options.rerun is None:
            return 0
    if not options.paths and not options.list and options.rerun is None:
        raise UsageError(
            "give PATH…, or --rerun to take what the store holds; see extract batch --help"
        )
    if not options.paths and not options.list and not os.path.exists(options.store):
        raise StoreError(f"{options.store!r}: no such store; give PATH… to make one")
    check_targets({"--html": options.html}, [])
    if options.html is not None:
        check_store_target("--html", options.html, options.store)
    written = () if options.html is None else (options.html,)
    wanted = Wanted(tuple(options.paths), tuple(options.list), options.glob, options.store, written)
    wanted = named(wanted)
    check(wanted)
    if options.html is not None:
        check_page("--html", options.html)
    verdicts, only = _only(options.only, options.rerun)
    asking = asking_of(options, rungs_of(options.model))
    chosen = Options(
        processes=options.processes, concurrency=options.concurrency, rpm=options.rpm, tpm=options.tpm,
        rerun=options.rerun, verdicts=verdicts, only=only, limit=options.limit, fresh=options.fresh,
        restart=options.restart,
    )  # fmt: skip
    paths = None if not wanted.paths else listed(wanted)
    total = None if paths is None else _count(listed(wanted))
    if total == 0:
        raise UsageError(f"{wanted.paths[0]!r}: no report there; name a directory that has some")
    with closing(view_for(total, options.lang, quiet=options.quiet)) as view:
        summary = run_files(
            paths, options.store, chosen, asking, view=view, command=_told(arguments, options)
        )
    if options.only and not summary.counts.matched and summary.ending == "finished":
        raise UsageError(
            f"--only {' '.join(options.only)}: no report matches; give one of the verdicts "
            f"{', '.join(VERDICTS)}, or a path as the store lists it"
        )
    if not options.quiet:  # first: neither an output nor a page that fails keeps it from being said
        for line in outcome(summary, again, options.lang):
            say(line)
    if options.json:
        put(None, json.dumps(as_dict(summary), ensure_ascii=False) + "\n")
    if options.html is not None:
        from extractor.across import summary_page

        write(options.html, summary_page(options.store, lang=options.lang))
    return summary.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="extract batch", description=_DESCRIPTION, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="*", help="files, directories, patterns, or -")
    add("--store", metavar="RUN.db", required=True, help="the store; made when it is not there")
    add("--list", metavar="FILE", action="append", default=[],
        help="a file with one path a line (or parted by NUL)")  # fmt: skip
    add("--glob", metavar="PATTERN",
        help="names of the files to take in directories, such as '*.txt' (default: all not hidden)")  # fmt: skip
    add("--rerun", choices=("failed", "stale", "all"),
        help="do again: what failed; what was made by another reader, model, prompt or version; everything")  # fmt: skip
    add("--only", metavar="VERDICT|PATH", action="append", default=[],
        help="only reports that have this verdict now, or under this path; may be given again")  # fmt: skip
    add("--restart", action="store_true",
        help="with --rerun: begin anew, and do not go on where such a run was interrupted")  # fmt: skip
    add(
        "--migrate",
        action="store_true",
        help="bring a store of version 1 up to date first; without PATH and --rerun that is all",
    )
    add("--limit", type=_positive, metavar="N", help="do N reports and stop")
    add("--processes", type=_positive, metavar="N", help="worker processes (default: one a core)")
    add_model(parser)
    add("--concurrency", type=_positive, metavar="N", default=16,
        help="most requests to models in flight at once (default 16)")  # fmt: skip
    add("--rpm", type=_positive, metavar="N", help="most requests a minute")
    add("--tpm", type=_positive, metavar="N", help="most tokens a minute, prompts and answers")
    add("--fresh", action="store_true", help="ask models anew, whatever answers the store has")
    add("--html", metavar="FILE", help="write a page that sums up the store")
    add("--json", action="store_true", help="print the outcome of the run as JSON")
    add("-q", "--quiet", action="store_true", help="nothing but errors")
    add_lang(parser)
    add_asking(parser, batch=True)
    return parser


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return number


def _only(
    only: list[str], rerun: str | None
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Verdicts and paths apart: a word that is a verdict is one, ``./accepted`` is a path."""
    verdicts = tuple(one for one in only if one in VERDICTS)
    paths = tuple(one for one in only if one not in VERDICTS)
    if verdicts and rerun is None:
        raise UsageError(
            f"--only {verdicts[0]}: a report that has a verdict is done; add --rerun stale or --rerun all"
        )
    return verdicts or None, paths or None


def _count(paths: Iterator[str]) -> int:
    return sum(1 for _ in paths)


def _told(arguments: list[str], options: argparse.Namespace) -> dict[str, object]:
    paths = [*options.paths, *options.list, options.glob]
    return {"arguments": arguments, "directory": _here(), "paths": paths}


def _here() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return None


def as_dict(summary: Summary) -> dict[str, object]:
    """The outcome of a run as JSON has it."""
    counts = summary.counts
    return {
        "store": summary.store, "run": summary.run, "ending": summary.ending,
        "reports": counts.reports, "done": counts.done, "left_alone": counts.known,
        "further_paths": counts.again, "stale": counts.stale,
        "verdicts": {name: counts.verdicts[name] for name in VERDICTS},
        "failed": dict(sorted(counts.problems.items())),
        "failed_older_result_stands": dict(sorted(counts.fell.items())),
        "unfinished": counts.unfinished,
        "usage": {
            "requests": counts.requests, "input_tokens": counts.input_tokens,
            "output_tokens": counts.output_tokens,
            "cost_usd": None if counts.cost is None else f"{counts.cost:f}",
        },
        "seconds": round(summary.seconds, 3),
    }  # fmt: skip


__all__ = ["as_dict", "run_command"]
