"""``extract batch``: many reports into one store, or into shards; ``extract merge``: one store of those."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
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
    if bool(options.store) == (options.shards is not None):
        raise UsageError("give --store RUN.db or --shards DIR, where the results are to be kept")
    told = {
        "arguments": list(arguments),
        "directory": _here(),
        "paths": [*options.paths, *options.list, options.glob],
    }
    try:
        if options.shards is not None:
            return _run_shards(options, options.shards, told, again)
        return _run(options, told, again)
    except KeyboardInterrupt:  # while nothing was begun yet, or all was done but the page
        say(f"extract: {interrupted(again, options.lang)}")
        return INTERRUPTED


def _run(options: Given, told: Mapping[str, object], again: str) -> int:
    if options.engine != "local" or options.address or options.keep_sources:
        raise UsageError(
            "--engine, --address and --keep-sources are for --shards DIR; a store is written by this machine"
        )
    if options.migrate:
        said = migrated(options.store, *Store.migrate(options.store), options.lang)
        if not options.quiet:
            say(said)
        if not options.paths and not options.list and options.rerun is None:
            return 0
    manifest = None if options.manifest is None else read_manifest(options.manifest)
    if not options.paths and not options.list:
        if manifest is not None:
            options = replace(options, paths=manifest.paths)
        elif options.rerun is None:
            raise UsageError(
                "give PATH…, or --rerun to take what the store holds; see extract batch --help"
            )
        elif not os.path.exists(options.store):
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
    total = sum(1 for _ in listed(wanted)) if wanted.paths else None
    if total == 0:
        raise UsageError(f"{wanted.paths[0]!r}: no report there; name a directory that has some")
    kept = None
    if manifest is not None:
        kept = keep(manifest, options.store, listed(wanted) if wanted.paths else None)
    with closing(view_for(total, options.lang, quiet=options.quiet)) as view:
        summary = run_files(
            listed(wanted) if wanted.paths else None,
            options.store,
            chosen,
            asking,
            view=view,
            command=told,
            deferring=_deferring(options),
        )
    if options.only and not summary.counts.matched and summary.ending == "finished":
        raise UsageError(
            f"--only {' '.join(options.only)}: no report matches; give one of the verdicts "
            f"{', '.join(VERDICTS)}, or a path as the store lists it"
        )
    # first: neither an output nor a page that fails keeps it from being said
    more = () if kept is None else said_of(kept, options.store, options.lang)
    _say(summary, options, again, more)
    if options.html is not None:
        from extractor.across import summary_page

        write(options.html, summary_page(options.store, lang=options.lang))
    return summary.exit_code


def _say(summary: Summary, options: Given, again: str, more: Iterable[str] = ()) -> None:
    if not options.quiet:
        for line in (*outcome(summary, again, options.lang), *more):
            say(line)
    if options.json:
        put(None, json.dumps(summary.as_dict(), ensure_ascii=False) + "\n")


def _options(options: Given) -> Options:
    verdicts = tuple(one for one in options.only if one in VERDICTS)
    paths = tuple(one for one in options.only if one not in VERDICTS)  # as ``./accepted``
    if verdicts and options.rerun is None:
        raise UsageError(
            f"--only {verdicts[0]}: a report that has a verdict is done; add --rerun stale or --rerun all"
        )
    chosen: dict[str, Any] = {
        field.name: getattr(options, field.name, None) for field in fields(Options)
    }
    return Options(**chosen | {"verdicts": verdicts or None, "only": paths or None})


def _run_shards(options: Given, root: str, told: Mapping[str, object], again: str) -> int:
    from extractor.batch.shards.driver import Shards, run_shards

    if options.html or options.migrate or options.manifest or _deferring(options) is not None:
        raise UsageError(
            "--html, --migrate, --manifest and batches are for a store; make one with extract merge"
        )
    shards = Shards(root, options.engine, options.address, options.shard_size, options.keep_sources)
    chosen, asking = _options(options), asking_of(options, rungs_of(options.model))
    with closing(view_for(None, options.lang, quiet=options.quiet)) as view:
        summary = run_shards(_places(options), shards, chosen, asking, view=view, command=told)
    _say(summary, options, again)
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


def _here() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return None


__all__ = ["run_command"]
