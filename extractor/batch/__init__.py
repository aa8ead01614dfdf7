"""Many reports into one store: read, resumed, read again when something changed.

::

    from extractor import batch

    summary = batch.run(["reports/"], "run.db")
    with batch.Store.open("run.db") as store:
        for report in store.reports(verdicts={"accepted", "completed"}):
            print(report.paths[0], report.agency, report.year, report.verdict)

`process` is the work unit alone, for who has an engine to map it (docs/larger.md). All of it works in a notebook:
no event loop is started, and worker processes import nothing of the caller's.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from extractor.batch.counts import Counts, Summary
from extractor.batch.listing import Wanted, check, listed, named, plain
from extractor.batch.plan import Rerun
from extractor.batch.records import Known, Made, MadeResult, Maker, Report, Run, Standing
from extractor.batch.store import Store
from extractor.batch.store.writing import Originals
from extractor.batch.unit import Job, Settings, process, work
from extractor.batch.words import VERDICTS
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch.deferred import Deferring
    from extractor.batch.plan import Plan
    from extractor.batch.progress import View
    from extractor.models.deferred import Desk
    from extractor.rungs import Asking

_MORE_THREADS = 32  # for questions that wait to be tried again


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes.

    Attributes:
        processes: Worker processes; one a core when None.
        concurrency: Most requests to models in flight at once.
        rpm: Most requests a minute, None for any number.
        tpm: Most tokens a minute, prompts and answers together, None for any number.
        rerun: What is done again beside what is left: ``failed``, ``stale``, ``all``.
        verdicts: Only reports that have one of these now.
        only: Only reports under one of these paths, folders or patterns.
        limit: Most reports.
        fresh: Ask models anew, whatever answers the store has.
        restart: Do also what an earlier run with the same aim did that did not end.
        originals: Where the bytes of reports are kept: packed in the store, as files beside it by their
            hash (``beside``), or only where they were found (``path``).

    Raises:
        UsageError: One that cannot be.
    """

    processes: int | None = None
    concurrency: int = 16
    rpm: int | None = None
    tpm: int | None = None
    rerun: Rerun | None = None
    verdicts: Collection[str] | None = None
    only: Collection[str | os.PathLike[str]] | None = None
    limit: int | None = None
    fresh: bool = False
    restart: bool = False
    originals: Originals = "store"

    def __post_init__(self) -> None:
        if self.rerun not in (None, "failed", "stale", "all"):
            raise UsageError(f"rerun={self.rerun!r}: give 'failed', 'stale' or 'all'")
        for name in ("processes", "concurrency", "rpm", "tpm", "limit"):
            number = getattr(self, name)
            if number is not None and (type(number) is not int or number < 1):
                raise UsageError(f"{name}={number!r}: give a number from 1")
        if self.originals not in ("store", "beside", "path"):
            raise UsageError(f"originals={self.originals!r}: give 'store', 'beside' or 'path'")
        for name in ("verdicts", "only"):
            if isinstance(getattr(self, name), str | os.PathLike):
                raise UsageError(f"{name}={getattr(self, name)!r}: give a list")
        if "" in (self.only or ()):
            raise UsageError("only: '' is no path; name one, or leave it out")
        unknown = sorted(set(self.verdicts or ()) - set(VERDICTS))
        if unknown:
            raise UsageError(
                f"verdicts: {unknown[0]!r} is none; give some of {', '.join(VERDICTS)}"
            )


def run(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None,
    store: str | os.PathLike[str],
    options: Options | None = None,
    asking: Asking | None = None,
    *,
    manifest: str | os.PathLike[str] | None = None,
    view: View | None = None,
    command: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Summary:
    """Read reports into a store, and return what came of it.

    Args:
        paths: Files, directories and patterns; None for every source that the store holds, or for the
            files of the manifest.
        store: Path of the store; made when it is not there.
        options: How the run goes.
        asking: The ladder and how its models are asked; the builtin reader when None.
        manifest: A table that says of each file whose report it is (docs/exporting.md).
        view: Shows how it goes; nothing when None.
        command: What was asked for, for the record in the store.
        environ: Where keys are; the environment when None.

    Raises:
        UsageError: Options that cannot be.
        InputError: No path exists, or the manifest cannot be read.
        StoreError: The store cannot be used; what it held it still holds.
    """
    from extractor.panel.keeping import keep
    from extractor.panel.manifest import read_manifest

    options = options or Options()
    described = None if manifest is None else read_manifest(manifest)
    if paths is None and options.rerun is None:
        if described is None:
            raise UsageError("give paths, or say what of the store to do again with rerun")
        paths = described.paths
    told = dict(command or {})
    wanted = None
    if paths is not None:
        given = (paths,) if isinstance(paths, str | os.PathLike) else tuple(paths)
        written = (
            () if manifest is None else (os.fspath(manifest),)
        )  # no report, if in their folder
        names = tuple(os.fspath(path) for path in given)
        wanted = named(Wanted(names, store=os.fspath(store), written=written))
        check(wanted)
        told.setdefault("paths", list(wanted.paths))
    if described is not None:
        keep(described, os.fspath(store), None if wanted is None else listed(wanted))
    files = None if wanted is None else listed(wanted)
    return run_files(files, store, options, asking, view=view, command=told, environ=environ)


def run_files(
    files: Iterable[str] | None,
    store: str | os.PathLike[str],
    options: Options,
    asking: Asking | None = None,
    *,
    view: View | None = None,
    command: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    deferring: Deferring | None = None,
) -> Summary:
    """The same for files that are listed already, as `extractor.batch.listing.listed` does."""
    from extractor.batch.worker import open_streams
    from extractor.rungs import Asking

    asking = asking or Asking(("builtin",))
    environ = os.environ if environ is None else environ
    told = dict(command or {})
    open_streams()
    with Store.open(store, write=True) as opened:
        opened.originals = options.originals
        if deferring is None:
            paths = None if files is None else iter(files)
            return _pass(opened, paths, options, asking, environ, told, view)
        from extractor.batch.deferred import SUFFIX, passes

        every = None if files is None else list(files)

        def once(desk: Desk, asking: Asking, done: int) -> Summary:
            limit = options.limit
            how = options if limit is None else replace(options, limit=max(1, limit - done))
            paths = None if every is None else iter(every)
            return _pass(opened, paths, how, asking, environ, told, None, desk)

        return passes(deferring, asking, options, opened.path + SUFFIX, environ, once)


def _pass(
    store: Store,
    files: Iterator[str] | None,
    options: Options,
    asking: Asking,
    environ: Mapping[str, str],
    told: dict[str, object],
    view: View | None,
    desk: Desk | None = None,
) -> Summary:
    """One run over an open store."""
    from extractor import __version__
    from extractor.batch.engine import Engine
    from extractor.batch.plan import Plan
    from extractor.batch.processes import cores
    from extractor.batch.progress import View
    from extractor.batch.readers import described

    ladder = answers = asker = None
    if asking.models != ("builtin",):
        from extractor.batch.asking import Asker, StoredAnswers
        from extractor.rungs import build

        answers = StoredAnswers(store, offline=asking.offline, fresh=options.fresh)
        pace = replace(asking, concurrency=options.concurrency, rpm=options.rpm, tpm=options.tpm)
        ladder = build(pace, environ, usual_requests=None, answers=answers, keep=False, desk=desk)
    settings, maker = described(asking, ladder)
    if ladder is not None:
        more = min(options.concurrency, _MORE_THREADS)
        asker = Asker(ladder, answers, options.concurrency + more)
    only = None
    if options.only is not None:
        only = tuple(plain(os.fspath(path)) for path in options.only)
    plan = Plan(maker, options.rerun, options.verdicts, only, options.limit, options.restart)
    engine = Engine(
        store,
        plan,
        settings,
        view or View(),
        asker=asker,
        processes=options.processes or cores(),
        window=None if asker is None else 2 * options.concurrency + 16,
    )
    told["aim"] = {**_aim(plan), "fresh": options.fresh, "paths": told.get("paths")}
    return engine.run(files, told, __version__)


class _Called(ModuleType):
    """This package as a function: ``batch("reports/", "run.db")``."""

    def __call__(self, *arguments: Any, **options: Any) -> Summary:
        """See `extractor.api.Batch`."""
        from extractor.api import Batch

        return Batch()(*arguments, **options)


sys.modules[__name__].__class__ = _Called


def _aim(plan: Plan) -> dict[str, object]:
    """What a run is to bring about: one that did not end is gone on with by the next of the same aim."""
    return {
        "rerun": plan.rerun,
        "verdicts": None if plan.verdicts is None else sorted(plan.verdicts),
        "only": None if plan.paths is None else sorted(plan.paths),
        "maker": hashlib.sha256(repr(plan.maker).encode()).hexdigest(),
    }


__all__ = [
    "Counts",
    "Job",
    "Known",
    "Made",
    "MadeResult",
    "Maker",
    "Options",
    "Report",
    "Run",
    "Settings",
    "Standing",
    "Store",
    "Summary",
    "process",
    "run",
    "work",
]
