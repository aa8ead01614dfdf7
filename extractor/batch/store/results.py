"""Results wherever they are kept: what a store and a set of shards both give to whoever reads them.

`extract summary`, `diff`, `export`, `site` and `review` ask for no more than this, so a further place for results
is one class with these methods, and a line in `extractor.batch.merging.open_results`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch.records import Maker, Report, Run, Stated


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it stands at the end of a run: with its current result, or with why it has none.

    A report stands where a path's latest listing leads to its bytes, or where its bytes were tried and never
    listed under a path. Its result is that of its latest attempt that gave one.

    Attributes:
        sha256: Of its bytes, empty when they could not be read.
        paths: Where it was found, sorted; empty when it was given without a path.
        maker: Number of who made the result.
        result: Number of the result, None when there is none.
        result_sha256: Hash of the result.
        verdict: Of the result.
        agency: As its title names it.
        year: As its title names it.
        form: Of its tables.
        tables: Hash of all its values, None without tables.
        failed: Identities that fail.
        errors: Findings of this severity.
        warnings: Findings of this severity.
        figures: Cells that were read or deduced.
        problem: Of the latest attempt, None when that gave a result.
        message: The same in one line.
    """

    sha256: str
    paths: tuple[str, ...] = ()
    maker: int | None = None
    result: int | None = None
    result_sha256: str | None = None
    verdict: str | None = None
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    tables: str | None = None
    failed: int | None = None
    errors: int | None = None
    warnings: int | None = None
    figures: int | None = None
    problem: str | None = None
    message: str | None = None

    @property
    def name(self) -> str:
        """The first path, else the hash: what a person is shown."""
        return self.paths[0] if self.paths else self.sha256


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was broken.

    Attributes:
        rule: Its id, or the code of findings that name none.
        severity: How grave its findings are.
        findings: How many.
        reports: Of how many reports.
    """

    rule: str
    severity: str
    findings: int = 0
    reports: int = 0


class Results(Protocol):
    """Reports with their results. Where a method takes a run: as things stood at its end; None: now."""

    path: str

    def runs(self) -> list[Run]:
        """All runs in order."""

    def makers(self) -> dict[int, Maker]:
        """All makers by their numbers."""

    def rows(self, *, run: int | None = None) -> Iterator[Standing]:
        """Each report once, also without a result, in whatever order; no result is opened."""

    def reports(
        self, *, verdicts: Collection[str] | None = None, run: int | None = None
    ) -> Iterator[Report]:
        """Each report that has a result, with its JSON."""

    def count(self, *, verdicts: Collection[str] | None = None, run: int | None = None) -> int:
        """How many `reports` there are."""

    def result_json(self, result: int) -> str:
        """A result as JSON on one line."""

    def rules(self, *, run: int | None = None) -> Iterator[RuleCount]:
        """How often each rule was broken in the current results."""

    def spent(self, *, run: int | None = None) -> Iterator[tuple[int, int, int, str | None, float]]:
        """Of each attempt: requests, input and output tokens, exact dollars or None, seconds."""

    def has_manifest(self) -> bool:
        """Whether a manifest says something of a report."""

    def manifest_columns(self) -> tuple[str, ...]:
        """The further columns of all manifests, in order."""

    def stated(self, sha256: str) -> tuple[Stated, ...]:
        """What manifests say of a source, by the paths under which it was last listed."""

    def content(self, source: int) -> bytes | None:
        """The bytes of a source; None when they were not kept."""

    def paths(self, source: int) -> tuple[str, ...]:
        """Where a source was found when its paths were last listed, sorted."""

    def close(self) -> None:
        """Close it; twice does no harm."""


def run_of(results: Results, number: int) -> Run:
    """The run of a number.

    Raises:
        UsageError: There is none.
    """
    runs = results.runs()
    for run in runs:
        if run.id == number:
            return run
    there = f"its runs are {runs[0].id} to {runs[-1].id}" if runs else "it has no run"
    raise UsageError(f"{results.path!r} has no run {number}; {there}")


__all__ = ["Results", "RuleCount", "Standing", "run_of"]
