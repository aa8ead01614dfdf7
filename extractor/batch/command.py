"""``extract batch``: many reports into one store, or into shards; ``extract merge``: one store of those."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Annotated, Any, Literal

import typer

from extractor.batch import Options, run_files
from extractor.batch.counts import Summary
from extractor.batch.deferred import Deferring
from extractor.batch.listing import Wanted, check, listed, named
from extractor.batch.plan import SHARD_SIZE as SIZE
from extractor.batch.progress import view_for
from extractor.batch.store import Store
from extractor.batch.words import VERDICTS, WORDS, interrupted, migrated, outcome
from extractor.cli.command import command, command_line
from extractor.errors import StoreError, UsageError
from extractor.interrupts import INTERRUPTED
from extractor.options import Asking, Spoken, Worded
from extractor.panel.keeping import keep, said_of
from extractor.panel.manifest import read_manifest
from extractor.rungs import asking_of, rungs_of
from extractor.writing import (
    check_page,
    check_store_target,
    check_targets,
    put,
    say,
    write,
)

Rerun = Literal["failed", "stale", "all"]
_RUN: dict[str, Any] = {"rich_help_panel": "speed"}


@dataclass(frozen=True, kw_only=True)
class Given(Asking, Worded, Spoken):
    """The options of the command."""

    paths: Annotated[list[str], typer.Argument(metavar="PATH…")] = field(default_factory=list)
    store: Annotated[str, typer.Option("--store", metavar="RUN.db")] = ""
    shards: Annotated[str | None, typer.Option("--shards", metavar="DIR")] = None
    glob: Annotated[str | None, typer.Option("--glob", metavar="PATTERN")] = None
    rerun: Annotated[Rerun | None, typer.Option("--rerun")] = None
    only: Annotated[list[str], typer.Option("--only", metavar="VERDICT|PATH")] = field(
        default_factory=list
    )
    restart: Annotated[bool, typer.Option("--restart")] = False
    originals: Annotated[Literal["store", "beside", "path"], typer.Option("--originals")] = "store"
    answers_in: Annotated[list[str], typer.Option("--answers-in", metavar="FILE", **_RUN)] = field(
        default_factory=list
    )
    list: Annotated[list[str], typer.Option("--list", metavar="FILE")] = field(default_factory=list)
    manifest: Annotated[str | None, typer.Option("--manifest", metavar="FILE")] = None
    migrate: Annotated[bool, typer.Option("--migrate")] = False
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1)] = None
    html: Annotated[str | None, typer.Option("--html", metavar="FILE")] = None
    json: Annotated[bool, typer.Option("--json")] = False
    engine: Annotated[str, typer.Option("--engine", metavar="NAME", **_RUN)] = "local"
    address: Annotated[str | None, typer.Option("--address", metavar="URL", **_RUN)] = None
    shard_size: Annotated[int, typer.Option("--shard-size", metavar="N", min=1, **_RUN)] = SIZE
    keep_sources: Annotated[bool, typer.Option("--keep-sources", **_RUN)] = False
    processes: Annotated[int | None, typer.Option("--processes", metavar="N", min=1, **_RUN)] = None
    concurrency: Annotated[int, typer.Option("--concurrency", metavar="N", min=1, **_RUN)] = 16
    rpm: Annotated[int | None, typer.Option("--rpm", metavar="N", min=1, **_RUN)] = None
    tpm: Annotated[int | None, typer.Option("--tpm", metavar="N", min=1, **_RUN)] = None
    fresh: Annotated[bool, typer.Option("--fresh", **_RUN)] = False
    service: Annotated[Literal["online", "batch"], typer.Option("--service", **_RUN)] = "online"
    poll: Annotated[float, typer.Option("--poll", metavar="S", min=0.01, **_RUN)] = 30.0
    requests_out: Annotated[str | None, typer.Option("--requests-out", metavar="FILE", **_RUN)] = (
        None
    )


@dataclass(frozen=True, kw_only=True)
class Merged(Spoken):
    """The options of ``extract merge``."""

    parts: Annotated[list[str], typer.Argument(metavar="PART…")]
    to: Annotated[str, typer.Option("--to", metavar="RUN.db")]


@command(Merged)
def merge(options: Merged) -> int:
    """Make one store of stores and sets of shards."""
    from extractor.batch import merging

    added = merging.merge(options.parts, options.to)
    with Store.open(options.to) as store:
        said = WORDS[options.lang].merged.format(
            store=options.to, added=added, reports=store.count()
        )
    if not options.quiet:
        say(said)
    return 0


@command(Given)
def batch(options: Given) -> int:
    """Read many reports into one store."""
    return run_command(options, command_line())


def run_command(options: Given, arguments: Sequence[str]) -> int:
    """Run ``extract batch`` and return its exit code.

    Args:
        options: What was asked for.
        arguments: The words of the command line behind ``batch``.

    Raises:
        UsageError: An option that cannot be.
        InputError: No path exists, or a list cannot be read.
        StoreError: The store cannot be used.
    """
    again = shlex.join(["extract", "batch", *arguments])
    try:
        return _into(arguments, options, again)
    except KeyboardInterrupt:  # while nothing was begun yet, or all was done but the page
        say(f"extract: {interrupted(again, options.lang)}")
        return INTERRUPTED


def _into(arguments: Sequence[str], options: Given, again: str) -> int:
    if bool(options.store) == (options.shards is not None):
        raise UsageError("give --store RUN.db or --shards DIR, where the results are to be kept")
    if options.shards is not None:
        return _run_shards(arguments, options, options.shards, again)
    if options.engine != "local" or options.address or options.keep_sources:
        raise UsageError(
            "--engine, --address and --keep-sources are for --shards DIR; a store is written by this machine"
        )
    return _run(arguments, options, again)


def _run(arguments: Sequence[str], options: Given, again: str) -> int:
    if options.migrate:
        told = migrated(options.store, *Store.migrate(options.store), options.lang)
        if not options.quiet:
            say(told)
        if not options.paths and not options.list and options.rerun is None:
            return 0
    manifest = None if options.manifest is None else read_manifest(options.manifest)
    if not options.paths and not options.list and manifest is not None:
        options = replace(options, paths=manifest.paths)
    if not options.paths and not options.list and options.rerun is None:
        raise UsageError(
            "give PATH…, or --rerun to take what the store holds; see extract batch --help"
        )
    if not options.paths and not options.list and not os.path.exists(options.store):
        raise StoreError(f"{options.store!r}: no such store; give PATH… to make one")
    check_targets({"--html": options.html}, [])
    if options.html is not None:
        check_store_target("--html", options.html, options.store)
    written = tuple(file for file in (options.html, options.manifest) if file is not None)
    wanted = Wanted(tuple(options.paths), tuple(options.list), options.glob, options.store, written)
    wanted = named(wanted)
    check(wanted)
    if options.html is not None:
        check_page("--html", options.html)
    asking = asking_of(options, rungs_of(options.model))
    chosen = _options(options)
    paths = _paths_of(wanted)
    total = None if paths is None else _count(listed(wanted))
    if total == 0:
        raise UsageError(f"{wanted.paths[0]!r}: no report there; name a directory that has some")
    kept = None if manifest is None else keep(manifest, options.store, _paths_of(wanted))
    with closing(view_for(total, options.lang, quiet=options.quiet)) as view:
        summary = run_files(
            paths,
            options.store,
            chosen,
            asking,
            view=view,
            command=_told(arguments, options),
            deferring=_deferring(options),
        )
    if options.only and not summary.counts.matched and summary.ending == "finished":
        raise UsageError(
            f"--only {' '.join(options.only)}: no report matches; give one of the verdicts "
            f"{', '.join(VERDICTS)}, or a path as the store lists it"
        )
    if not options.quiet:  # first: neither an output nor a page that fails keeps it from being said
        for line in outcome(summary, again, options.lang):
            say(line)
        if kept is not None:
            for line in said_of(kept, options.store, options.lang):
                say(line)
    if options.json:
        put(None, json.dumps(as_dict(summary), ensure_ascii=False) + "\n")
    if options.html is not None:
        from extractor.across import summary_page

        write(options.html, summary_page(options.store, lang=options.lang))
    return summary.exit_code


def _options(options: Given) -> Options:
    verdicts, only = _only(options.only, options.rerun)
    return Options(
        processes=options.processes,
        concurrency=options.concurrency,
        rpm=options.rpm,
        tpm=options.tpm,
        rerun=options.rerun,
        verdicts=verdicts,
        only=only,
        limit=options.limit,
        fresh=options.fresh,
        restart=options.restart,
        originals=options.originals,
    )


def _run_shards(arguments: Sequence[str], options: Given, root: str, again: str) -> int:
    from extractor.batch.shards.driver import Shards, run_shards

    if options.html or options.migrate or options.manifest or _deferring(options) is not None:
        raise UsageError(
            "--html, --migrate, --manifest and batches are for a store; make one with extract merge"
        )
    chosen = _options(options)
    shards = Shards(root, options.engine, options.address, options.shard_size, options.keep_sources)
    with closing(view_for(None, options.lang, quiet=options.quiet)) as view:
        summary = run_shards(
            _places(options),
            shards,
            chosen,
            asking_of(options, rungs_of(options.model)),
            view=view,
            command=_told(arguments, options),
        )
    if not options.quiet:
        for line in outcome(summary, again, options.lang):
            say(line)
    if options.json:
        put(None, json.dumps(as_dict(summary), ensure_ascii=False) + "\n")
    return summary.exit_code


def _places(options: Given) -> Iterator[str]:
    """Files and URLs."""
    from extractor.batch.shards.sources import is_url, listed_at

    urls = [path for path in options.paths if is_url(path)]
    files = [path for path in options.paths if not is_url(path)]
    if not urls and not files and not options.list:
        raise UsageError("give PATH…; see extract batch --help")
    wanted = named(Wanted(tuple(files), tuple(options.list), options.glob))
    listed_there = [listed_at(url) for url in urls]
    if wanted.paths:
        check(wanted)
    own = os.path.join(os.path.realpath(options.shards or ""), "")
    return (
        place
        for place in chain(listed(wanted), *listed_there)
        if is_url(place) or not os.path.realpath(place).startswith(own)
    )


def _deferring(options: Given) -> Deferring | None:
    """How questions are answered other than online."""
    files = options.requests_out or options.answers_in
    if options.service == "online" and not files:
        return None
    if options.service == "batch" and files:
        raise UsageError("--service batch sends and fetches by itself; leave --requests-out out")
    if options.requests_out is None and options.service == "online":
        raise UsageError("--answers-in needs --requests-out FILE, for what is still to be answered")
    check_targets({"--requests-out": options.requests_out}, options.answers_in)
    silent = options.quiet
    return Deferring(
        tuple(options.answers_in),
        options.requests_out,
        options.poll,
        say=lambda line: None if silent else say(f"extract: {line}"),
    )


def _paths_of(wanted: Wanted) -> Iterator[str] | None:
    """The files, or None where the store's sources are taken."""
    return listed(wanted) if wanted.paths else None


def _only(
    only: Sequence[str], rerun: str | None
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


def _told(arguments: Sequence[str], options: Given) -> dict[str, object]:
    paths = [*options.paths, *options.list, options.glob]
    return {"arguments": list(arguments), "directory": _here(), "paths": paths}


def _here() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return None


def as_dict(summary: Summary) -> dict[str, object]:
    """The outcome of a run as JSON has it."""
    counts = summary.counts
    return {
        "store": summary.store,
        "run": summary.run,
        "ending": summary.ending,
        "reports": counts.reports,
        "done": counts.done,
        "left_alone": counts.known,
        "further_paths": counts.again,
        "stale": counts.stale,
        "verdicts": {name: counts.verdicts[name] for name in VERDICTS},
        "failed": dict(sorted(counts.problems.items())),
        "failed_older_result_stands": dict(sorted(counts.fell.items())),
        "unfinished": counts.unfinished,
        "usage": {
            "requests": counts.requests,
            "input_tokens": counts.input_tokens,
            "output_tokens": counts.output_tokens,
            "cost_usd": None if counts.cost is None else f"{counts.cost:f}",
        },
        "seconds": round(summary.seconds, 3),
    }


__all__ = ["as_dict", "run_command"]
