"""Rows into a store. Each method is a transaction of its own, or part of the one around it."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

from extractor.batch.records import Ending, Made, MadeResult, Maker, Stated
from extractor.batch.store.database import Database
from extractor.batch.store.files import original_at
from extractor.batch.store.items import applied_in, found_in
from extractor.batch.store.names import readable, spell
from extractor.batch.store.packing import READINGS, RESULTS, inflated
from extractor.errors import StoreError
from extractor.files import write_whole
from verify.decisions import Decision

Originals = Literal["store", "beside", "path"]
"""Where the bytes of sources are kept: packed in the store, as files beside it, or only where they were found."""
_LEVEL = 1
"""Of zlib: a report is small, and four times as fast is worth a tenth of its size."""


class Writing(Database):
    """What adds to a store.

    Attributes:
        originals: Where the bytes of further sources are kept.
    """

    originals: Originals = "store"

    # --- runs

    def begin_run(self, command: Mapping[str, object], version: str) -> int:
        """Begin a run and return its number.

        Args:
            command: What was asked for, as JSON can hold it.
            version: Of the program.
        """
        with self._writing():
            return self._insert("runs", began=_now(), command=_json(dict(command)), version=version)

    def end_run(self, run: int, ending: Ending) -> None:
        """Say how a run ended; the first word stays."""
        with self._writing():
            self._run(
                "UPDATE runs SET ended = ?, ending = ? WHERE id = ? AND ended IS NULL",
                (_now(), ending, run),
            )

    # --- sources and paths

    def add_source(self, sha256: str, size: int, content: bytes | None) -> int:
        """Add a source, if it is not known, and return its number.

        Args:
            sha256: Of its bytes.
            size: How many they are.
            content: They, if they are a text to be kept; see `originals`.
        """
        with self._writing():
            found = self._found("SELECT id FROM sources WHERE sha256 = ?", (sha256,))
            if found is not None:
                return found
            packed = None
            if content is not None and self.originals == "store":
                packed = zlib.compress(content, _LEVEL)
            elif content is not None and self.originals == "beside":
                self._keep_beside(sha256, content)
            return self._insert("sources", sha256=sha256, bytes=size, content=packed)

    def _keep_beside(self, sha256: str, content: bytes) -> None:
        path = original_at(self.path, sha256)
        try:
            if not os.path.exists(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                write_whole(path, content)
        except OSError as error:
            raise StoreError(
                f"{path!r} cannot be written ({error.strerror}); make room, or keep originals elsewhere"
            ) from None

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
        with self._writing():
            number = self._path_id(path)
            self._run(
                "INSERT INTO listings (run_id, path_id, source_id, problem, message) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (path_id, run_id) DO UPDATE SET "
                "source_id = excluded.source_id, problem = excluded.problem, message = excluded.message",
                (run, number, source, problem, None if message is None else readable(message)),
            )

    def _path_id(self, path: str) -> int:
        """The number of a path, known or new."""
        shown, raw = spell(path)
        query = "SELECT id FROM paths WHERE path = ? AND ifnull(raw, x'') = ?"
        found = self._found(query, (shown, raw or b""))
        return self._insert("paths", path=shown, raw=raw) if found is None else found

    # --- attempts and results

    def maker_id(self, maker: Maker) -> int:
        """The number of a maker, known or new."""
        options = dict(maker.options)
        if len(options) != len(maker.options):
            raise ValueError(f"an option is given twice: {maker.options!r}")
        prompts = [{"model": m, "id": i, "sha256": h} for m, i, h in maker.prompts]
        values = asdict(maker) | {"prompts": _json(prompts), "options": _json(options)}
        sha256 = hashlib.sha256(_json(list(values.values())).encode()).hexdigest()
        with self._writing():
            found = self._found("SELECT id FROM makers WHERE sha256 = ?", (sha256,))
            return self._insert("makers", sha256=sha256, **values) if found is None else found

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
        told = (made.result is not None, made.problem is not None, made.same and result is not None)
        if sum(told) != 1:
            raise ValueError("an attempt has a result, or the number of the same one, or a problem")
        http = None if made.http is None else made.http.encode("utf-8", "backslashreplace").decode()
        with self._writing():
            if made.result is not None:
                result = self._add_result(made.result)
            if reading is None and made.reading is not None:
                data = inflated(made.reading)
                body = made.reading if data is None else self._packed(data, READINGS)
                reading = self._insert("readings", body=body)
            return self._insert(
                "attempts",
                run_id=run,
                source_id=source,
                maker_id=maker,
                how=made.how,
                ended=_now(),
                seconds=made.seconds,
                result_id=None if made.problem else result,
                reading_id=reading,
                problem=made.problem,
                message=None if made.message is None else readable(made.message),
                requests=made.requests,
                input_tokens=made.input_tokens,
                output_tokens=made.output_tokens,
                cost_usd=made.cost_usd,
                http=http,
                decided=decided,
            )

    def _add_result(self, result: MadeResult) -> int:
        found = self._found("SELECT id FROM results WHERE sha256 = ?", (result.sha256,))
        if found is not None:
            return found
        values = asdict(result)
        text = values.pop("json")
        body = self._packed(text.encode(), RESULTS)
        number = self._insert("results", **values, applied=applied_in(text), body=body)
        for row in found_in(text):
            self._run(
                "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row)
            )
        return number

    def _packed(self, data: bytes, kind: int) -> bytes:
        """Data as they are kept; a dictionary that they are enough for is kept as well."""
        packer = self.connection().packer
        packed = packer.pack(data, kind)
        dictionary = packer.learn(data, kind)
        if dictionary is not None:
            self._insert("dictionaries", id=kind, body=dictionary)
        return packed

    # --- what comes from elsewhere

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
        """Keep an answer of a model under the hash of its question; earlier ones stay."""
        shown, raw = spell(text)
        with self._writing():
            self._insert(
                "answers",
                key=key,
                model=model,
                prompt_id=prompt_id,
                prompt_sha256=prompt_sha256,
                about=readable(about),
                sample=sample,
                recorded=_now(),
                answer=shown,
                raw=raw,
            )

    def add_manifest(self, file: str, columns: Sequence[str], rows: Mapping[str, Stated]) -> None:
        """Keep what a manifest says of the reports at paths; of several the latest counts.

        Args:
            file: Its path.
            columns: Its further columns, in order.
            rows: What it says, under the path of each report.
        """
        with self._writing():
            number = self._insert(
                "manifests", file=readable(file), given=_now(), columns=_json(list(columns))
            )
            for path, row in rows.items():
                texts = (row.url, row.agency, row.agency_id)
                url, agency, own = (None if text is None else readable(text) for text in texts)
                self._insert(
                    "manifest_rows",
                    path_id=self._path_id(path),
                    manifest_id=number,
                    line=row.line,
                    url=url,
                    agency=agency,
                    agency_id=own,
                    region=row.region,
                    year=row.year,
                    more=_json(dict(row.more)),
                )

    def add_decisions(self, rows: Iterable[Decision]) -> tuple[int, int]:
        """Add decisions of people, all or none; how many were new, and how many were there already.

        Raises:
            StoreError: One has the id of another that is there.
        """
        from verify.schema_parts import Decision as Row

        added = known = 0
        with self._writing():
            for one in rows:
                text = Row.row(one).model_dump_json()
                found = self._run("SELECT json FROM decisions WHERE id = ?", (one.id,)).fetchone()
                if found is not None:
                    if found[0] != text:
                        raise StoreError(
                            f"{self.path!r} has another decision {one.id}; nothing was added, look which of the two is true"
                        )
                    known += 1
                    continue
                self._insert(
                    "decisions",
                    id=one.id,
                    at=one.when,
                    who=one.who,
                    kind=one.kind,
                    source=one.source,
                    undoes=one.undoes,
                    json=text,
                )
                added += 1
        return added, known


def _now() -> str:
    """This moment, as a store has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _json(value: object) -> str:
    """JSON on one line; a lone surrogate is spelled as JSON spells it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


__all__ = ["Originals", "Writing"]
