"""The store of a batch: one SQLite file that keeps every run, attempt and result.

What it promises, its tables and its views are in docs/store.md.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from extractor.batch.records import Ending, Failed, Known, Made, Maker, Report, Run, Stated
from extractor.batch.store import deciding, makers, manifests, queries, standing, streaming, writing
from extractor.batch.store import reading as _reading
from extractor.batch.store.database import Database, bring_up
from extractor.batch.store.packing import Connection
from extractor.batch.store.results import RuleCount, Standing
from verify.decisions import Decision


class Store:
    """An open store, a context manager. Threads may share it.

    Every method raises `StoreError` when the store cannot be read or written, with one line on what
    was wrong and what to do. A method that writes is a transaction of its own, or part of the
    `transaction` around it.

    Attributes:
        path: As the user gave it.
        originals: Where the bytes of further sources are kept; see `extractor.batch.store.writing.Originals`.
    """

    originals: writing.Originals = "store"

    def __init__(self, database: Database) -> None:
        self._db = database
        self.path = database.path

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, write: bool = False) -> Store:
        """Open a store.

        Args:
            path: The file.
            write: Make it when it is not there, and keep others from writing; else it must be there
                and is not changed.

        Raises:
            StoreError: It is no store, is of an older or newer version, is damaged, or another run
                writes it.
        """
        return cls(Database(os.fspath(path), write=write))

    @classmethod
    def migrate(cls, path: str | os.PathLike[str]) -> tuple[int, int]:
        """Bring an older store up to date; its results stay as they were made.

        Returns:
            The version of the contract that it was of, and the one that it is of now.

        Raises:
            StoreError: It is not there, or one of the reasons of `open` but its age.
        """
        return bring_up(os.fspath(path))

    def close(self) -> None:
        """Close it and let others write; twice does no harm."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # --- runs

    def begin_run(self, command: Mapping[str, object], version: str) -> int:
        """Begin a run and return its number.

        Args:
            command: What was asked for, as JSON can hold it.
            version: Of the program.
        """
        return writing.begin_run(self._db, command, version)

    def end_run(self, run: int, ending: Ending) -> None:
        """Say how a run ended; the first word stays."""
        writing.end_run(self._db, run, ending)

    def runs(self) -> list[Run]:
        """All runs in order."""
        return _reading.runs(self._db)

    # --- writing

    def transaction(self) -> AbstractContextManager[None]:
        """Group what is written: it is stored together when the block ends, or not at all.

        Raises:
            StoreError: It cannot be written; nothing of the block is stored.
            RuntimeError: In a transaction already.
        """
        return self._db.transaction()

    def add_source(self, sha256: str, size: int, content: bytes | None) -> int:
        """Add a source, if it is not known, and return its number.

        Args:
            sha256: Of its bytes.
            size: How many they are.
            content: They, if they are a text to be kept; see `originals`.
        """
        return writing.add_source(self._db, sha256, size, content, self.originals)

    def list_path(
        self,
        run: int,
        path: str,
        source: int | None,
        problem: str | None = None,
        message: str | None = None,
    ) -> None:
        """Say where a run found a source, or why it could read none there.

        Args:
            run: Number of the run.
            path: Any name, also one that is not Unicode.
            source: Number of the source, None with a ``problem``.
            problem: In one word.
            message: In one line.
        """
        writing.list_path(self._db, run, path, source, problem, message)

    def maker_id(self, maker: Maker) -> int:
        """The number of a maker, known or new."""
        return writing.maker_id(self._db, maker)

    def add_attempt(
        self,
        run: int,
        source: int,
        maker: int,
        made: Made,
        *,
        reading: int | None = None,
        result: int | None = None,
        decided: int = 0,
    ) -> int:
        """Store one attempt with its result, and return its number.

        The same JSON again is the same result.

        Args:
            run: Number of the run.
            source: Number of the source.
            maker: Number of the maker.
            made: What was made.
            reading: Number of a reading that is stored already, when that was judged again; then
                ``made.reading`` is not stored.
            result: Number of the result, where ``made.same`` says that it is the one of before.
            decided: Number of the last decision that it takes into account.
        """
        return writing.add_attempt(self._db, run, source, maker, made, reading, result, decided)

    # --- decisions of people

    def add_decisions(self, rows: Iterable[Decision]) -> tuple[int, int]:
        """Add decisions, all or none; returns how many were new, and how many were there already.

        Raises:
            StoreError: One has the id of another that is there.
        """
        return deciding.add(self._db, rows)

    def decisions(self, *, after: int = 0) -> Iterator[tuple[int, Decision]]:
        """All decisions with their numbers, in the order in which they came.

        Args:
            after: Only those with higher numbers.
        """
        return deciding.decisions(self._db, after)

    # --- what is known

    def known(self, sha256: str) -> Known | None:
        """What is known of the source with this hash; None when it is not there."""
        return _reading.known(self._db, sha256)

    def known_sources(
        self, *, verdicts: Collection[str] | None = None, paths: Collection[str] | None = None
    ) -> Iterator[Known]:
        """What is known of each current source, in their order, as of the first step.

        Args:
            verdicts: Only sources whose current result has one of these.
            paths: Only sources that were last listed under one of these.
        """
        return streaming.known_sources(self._db, verdicts, paths)

    def tried_in(self, run: int, source: int) -> bool:
        """Whether a run has an attempt at a source."""
        return _reading.tried_in(self._db, run, source)

    def content(self, source: int) -> bytes | None:
        """The bytes of a source, from the store or beside it; None when they were not kept."""
        return _reading.content(self._db, source)

    def paths(self, source: int) -> tuple[str, ...]:
        """Where a source was found when its paths were last listed, sorted."""
        return streaming.paths(self._db, source)

    def reading(self, reading: int) -> bytes:
        """A reading as it was stored, compressed."""
        return _reading.reading(self._db, reading)

    def result_json(self, result: int) -> str:
        """A result as JSON on one line."""
        return _reading.result_json(self._db, result)

    def makers(self) -> dict[int, Maker]:
        """All makers by their numbers."""
        return makers.makers(self._db)

    # --- manifests

    def add_manifest(self, file: str, columns: Sequence[str], rows: Mapping[str, Stated]) -> None:
        """Keep what a manifest says of the reports at paths; of several the latest counts.

        Args:
            file: Its path.
            columns: Its further columns, in order.
            rows: What it says, under the path of each report.
        """
        manifests.add(self._db, file, columns, rows)

    def stated(self, sha256: str) -> tuple[Stated, ...]:
        """What manifests say of a source, by the paths under which it was last listed."""
        return manifests.of_source(self._db, sha256)

    def has_manifest(self) -> bool:
        """Whether a manifest was ever given."""
        return self._db.row("SELECT 1 FROM manifests LIMIT 1") is not None

    def manifest_columns(self) -> tuple[str, ...]:
        """The further columns of all manifests, in order."""
        return manifests.columns(self._db)

    # --- answers of models

    def answer(self, key: str, *, after: int = 0) -> str | None:
        """The latest answer under a key, None when there is none.

        Args:
            key: Hash of the question.
            after: Number of an answer (`last_answer`): only later ones count.
        """
        return _reading.answer(self._db, key, after)

    def last_answer(self) -> int:
        """The number of the latest answer, 0 without one."""
        return _reading.last_answer(self._db)

    def add_answer(
        self,
        key: str,
        text: str,
        *,
        model: str,
        prompt_id: str,
        prompt_sha256: str,
        about: str,
        sample: int,
    ) -> None:
        """Keep an answer under the hash of its question; earlier ones stay."""
        writing.add_answer(
            self._db,
            key,
            text,
            model=model,
            prompt_id=prompt_id,
            prompt_sha256=prompt_sha256,
            about=about,
            sample=sample,
        )

    # --- results

    def reports(
        self, *, verdicts: Collection[str] | None = None, run: int | None = None
    ) -> Iterator[Report]:
        """Each current source once with its current result, in their order, as of the first step.

        Args:
            verdicts: Only these.
            run: As things stood at the end of that run; None: now.
        """
        return streaming.reports(self._db, verdicts, run)

    def count(self, *, verdicts: Collection[str] | None = None, run: int | None = None) -> int:
        """How many `reports` there are."""
        return streaming.count(self._db, verdicts, run)

    def rows(self, *, run: int | None = None) -> Iterator[Standing]:
        """Each report that stands, also without a result, in order of its hash; no result is opened.

        Args:
            run: As things stood at the end of that run; None: now.
        """
        return standing.rows(self._db, run)

    def rules(self, *, run: int | None = None) -> Iterator[RuleCount]:
        """How often each rule was broken in the results that stand.

        Args:
            run: As things stood at the end of that run; None: now.
        """
        return standing.rules(self._db, run)

    def spent(self, *, run: int | None = None) -> Iterator[tuple[int, int, int, str | None, float]]:
        """Of each attempt: requests, input and output tokens, exact dollars or None, seconds."""
        return standing.spent(self._db, run)

    def failures(self) -> Iterator[Failed]:
        """Paths that could not be read when last listed, then sources that no attempt gave a result."""
        return streaming.failures(self._db)

    def sql(self, query: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query that only reads, on tables and views; it sees what is committed.

        Raises:
            StoreError: At the first row: the query is wrong, or would write.
        """
        return queries.sql(self._db, query, parameters)


def connect(path: str | os.PathLike[str]) -> Connection:
    """A connection to a store for queries, with the function ``result_json`` that its views need.

    Raises:
        StoreError: It is not there, or no store.
    """
    with Store.open(path) as store:
        return queries.reader(store.path)


__all__ = ["Store", "connect"]
