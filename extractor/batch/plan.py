"""What is to be done with a report that a store knows, or does not know yet."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from extractor.batch.records import How, Known, Maker

Rerun = Literal["failed", "stale", "all"]
BUILTIN = "builtin"
SHARD_SIZE = 256
"""Reports of a shard, at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which reports a run is to do.

    Attributes:
        maker: Who would make results today.
        rerun: What is done again beside what is left; None for nothing.
        verdicts: Only reports that have one of these now; None for any, those without a result included.
        paths: Only reports under one of these paths, folders or patterns, spelled as `listing.plain` does.
        limit: Most reports; None for all.
        restart: Do also what an earlier run with the same aim did that did not end.
    """

    maker: Maker
    rerun: Rerun | None = None
    verdicts: Collection[str] | None = None
    paths: Collection[str] | None = None
    limit: int | None = None
    restart: bool = False

    def wants(self, known: Known | None) -> How | None:
        """What is to be done with a report, None for nothing."""
        if not self.matches(known):
            return None
        if known is None or known.attempt is None or known.maker is None:
            return "read"
        if self.rerun == "all":
            return "read"
        if self.rerun == "failed":
            return "read" if known.problem is not None or known.unfinished else None
        if self.rerun == "stale":
            return renewal(known, self.maker)
        return None

    def matches(self, known: Known | None) -> bool:
        """Whether a report has one of the verdicts that are asked for."""
        return self.verdicts is None or (known is not None and known.verdict in self.verdicts)

    def names(self, path: str) -> bool:
        """Whether a path is one of those that are asked for."""
        return self.paths is None or any(
            _is_under(path, one) or fnmatchcase(path, one) for one in self.paths
        )


def _is_under(path: str, folder: str) -> bool:
    """Whether a path is a folder or in it; the folder without a name is the one where the program runs."""
    if not folder:
        return not path.startswith((os.sep, os.pardir + os.sep))
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def same_contract(one: Maker, other: Maker) -> bool:
    """Whether the form of results is the same for two makers, so that a result need not be checked again."""
    return one.code_judge.partition(":")[2] == other.code_judge.partition(":")[2]


def renewal(known: Known, maker: Maker) -> How | None:
    """What makes a stored result one of today, with as little work as is safe.

    Returns:
        ``judged`` when only code after the grounded reading changed, or the number of the version;
        ``grounded`` when a model read it and only the verifier changed; ``read`` for everything else;
        None when nothing changed.
    """
    was = known.maker
    if was is None:
        return "read"
    if was == maker:
        return None
    asked = (was.models, was.prompts, was.form_data, was.options)
    if known.reading is None or asked != (
        maker.models,
        maker.prompts,
        maker.form_data,
        maker.options,
    ):
        return "read"
    if was.code_read == maker.code_read:
        return "judged"
    readers, _, _ = was.code_read.partition(":")
    same_readers = readers == maker.code_read.partition(":")[0]
    return "grounded" if same_readers and maker.models != BUILTIN else "read"


__all__ = ["BUILTIN", "SHARD_SIZE", "Plan", "Rerun", "renewal", "same_contract"]
