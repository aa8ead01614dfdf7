"""``extract merge``: one store of several stores and sets of shards; and a set of shards opened as a store is.

What is merged keeps its runs, each under a key, so that merging again adds only what came since.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any

from extractor.batch.records import Made, MadeResult, Stated
from extractor.batch.shards.rows import Set, is_set, made_of, maker_of, path_of
from extractor.batch.store import Store
from extractor.batch.store.names import unspell
from extractor.errors import StoreError

INDEX = "_index.db"
"""In a set of shards: the store that is made of it when it is read as one."""
_AT_A_TIME = 200
_MADE = (
    "how",
    "seconds",
    "problem",
    "message",
    "requests",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "http",
)
_RESULT = tuple(one.name for one in fields(MadeResult) if one.name != "json")
_ANSWER = ("key", "model", "prompt_id", "prompt_sha256", "about", "sample")
_KEY = "merged"
_ATTEMPTS = f"""
SELECT s.id, s.sha256, s.bytes, a.maker_id, a.result_id, a.reading_id, a.decided, {", ".join(_MADE)}
FROM attempts AS a JOIN sources AS s ON s.id = a.source_id WHERE a.run_id = ? ORDER BY a.id
"""  # noqa: S608
_LISTINGS = """
SELECT p.path, p.raw, s.sha256, l.problem, l.message FROM listings AS l
JOIN paths AS p ON p.id = l.path_id LEFT JOIN sources AS s ON s.id = l.source_id WHERE l.run_id = ?
"""
_ANSWERS = f"SELECT answer, raw, {', '.join(_ANSWER)} FROM answers ORDER BY id"  # noqa: S608


def merge(parts: Sequence[str], to: str) -> int:
    """Add stores and sets of shards to a store, which is made when it is not there.

    Returns:
        How many attempts were added.

    Raises:
        StoreError: A part cannot be read, or the store not written; what it held it still holds.
    """
    for part in parts:
        if os.path.realpath(part) == os.path.realpath(to):
            raise StoreError(f"{part!r} cannot be merged into itself; name another store with --to")
    added = 0
    with Store.open(to, write=True) as store:
        for part in parts:
            if is_set(part):
                added += _merge_set(Set(part), store)
            else:
                with Store.open(part) as other:
                    added += _merge_store(other, store)
    return added


def open_results(path: str | os.PathLike[str]) -> Store:
    """Open whatever keeps results under a path, to read them: a store, or a set of shards.

    Raises:
        StoreError: Nothing that keeps results is there, or it cannot be read.
    """
    name = os.fspath(path)
    return Store.open(kept_store(name) if is_set(name) else name)


def kept_store(path: str) -> str:
    """The store that is kept for a set of shards, after what came since was added to it.

    Raises:
        StoreError: It is no set of shards, or there is no room for the store.
    """
    index = index_of(path)
    merge([path], index)
    return index


def index_of(path: str) -> str:
    """Where the store is that is kept for a set of shards: in its folder, or among the caches of the user."""
    if Set(path).local and os.access(path, os.W_OK):
        return os.path.join(path, INDEX)
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(caches, "gouji")
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, hashlib.sha256(path.encode("utf-8", "replace")).hexdigest() + ".db")


def _merge_set(part: Set, store: Store) -> int:
    told = part.runs()
    if not told:
        raise StoreError(
            f"{part.root!r} is no set of shards; name one that extract batch --shards made"
        )
    added = 0
    merged = {name for one in _merged(store).values() for name in one.files}
    for key, about in told.items():
        files = part.shards(key) + part.listings(
            key
        )  # in this order: a path leads to what is there
        new = [name for name in files if f"{part.root}:{name}" not in merged]
        if not new:
            continue
        run = _begin(store, key, [f"{part.root}:{name}" for name in new], about)
        maker = store.maker_id(maker_of(about))
        for name in new:
            for row in _each(store, part.rows(name)):
                sha256 = row["sha256"]
                known = None if sha256 is None else store.known(sha256)
                if "/prefix=" in name:
                    source = store.add_source(sha256, row["bytes"], row["content"])
                    if known is None or known.maker_id != maker:
                        store.add_attempt(run, source, maker, made_of(row))
                        added += 1
                elif sha256 is None:
                    store.list_path(run, path_of(row), None, row["problem"], row["message"])
                elif known is not None:  # else no shard has it yet
                    store.list_path(run, path_of(row), known.source)
        store.end_run(run, about.get("ending") or "interrupted")
    return added


def _merge_store(other: Store, store: Store) -> int:
    makers = {number: store.maker_id(maker) for number, maker in other.makers().items()}
    store.add_decisions([one for _, one in other.decisions()])
    decided = _decisions(other, store)
    merged = _merged(store)
    added = 0
    for one in other.runs():
        key = hashlib.sha256(f"{one.began} {one.version} {one.command}".encode()).hexdigest()
        before = json.loads(one.command)
        if _KEY in before:  # it came from elsewhere itself
            key = before[_KEY]
        about = {"command": before.get("command", before), "version": one.version}
        earlier = merged.get(key, _Merged())
        if earlier.runs and earlier.attempts == one.attempts:
            continue
        run = _begin(store, key, [], about)
        for old, sha256, size, maker, result, reading, last, *made in _each(
            store, other.sql(_ATTEMPTS, (one.id,))
        ):
            source = store.add_source(sha256, size, other.content(old))
            if any(store.tried_in(was, source) for was in (*earlier.runs, run)):
                continue
            attempt = Made(
                **dict(zip(_MADE, made, strict=True)),
                result=None if result is None else _result(other, result),
                reading=None if reading is None else other.reading(reading),
            )
            now = max((new for number, new in decided if number <= (last or 0)), default=0)
            store.add_attempt(run, source, makers[maker], attempt, decided=now)
            added += 1
        for path, raw, sha256, problem, message in _each(store, other.sql(_LISTINGS, (one.id,))):
            known = None if sha256 is None else store.known(sha256)
            if (known is None) == (problem is not None):
                there = None if known is None else known.source
                store.list_path(run, unspell(path, raw), there, problem, message)
        store.end_run(run, one.ending or "interrupted")
    _add_manifests(other, store)
    for text, raw, *about in _each(store, other.sql(_ANSWERS)):
        answer = dict(zip(_ANSWER, about, strict=True))
        if store.answer(answer["key"]) != unspell(text, raw):
            store.add_answer(text=unspell(text, raw), **answer)
    return added


def _each(store: Store, rows: Iterator[Any]) -> Iterator[Any]:
    """Rows, and what is made of so many of them in one transaction."""
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            yield from some


def _result(other: Store, number: int) -> MadeResult:
    [row] = other.sql(f"SELECT {', '.join(_RESULT)} FROM results WHERE id = ?", (number,))  # noqa: S608
    return MadeResult(**dict(zip(_RESULT, row, strict=True)), json=other.result_json(number))


def _decisions(other: Store, store: Store) -> list[tuple[int, int]]:
    """Numbers of decisions there, and the last here of those up to it."""
    here = {one.id: number for number, one in store.decisions()}
    found, last = list[tuple[int, int]](), 0
    for number, one in other.decisions():
        last = max(last, here[one.id])
        found.append((number, last))
    return found


def _add_manifests(other: Store, store: Store) -> None:
    files: dict[str, dict[str, Stated]] = {}
    if other.has_manifest():
        for (sha256,) in other.sql("SELECT DISTINCT sha256 FROM current_sources"):
            for stated in other.stated(sha256):
                if stated.path is not None:
                    files.setdefault(stated.file, {})[stated.path] = stated
    for file, rows in files.items():
        store.add_manifest(file, other.manifest_columns(), rows)


# -- runs that came from elsewhere


@dataclass(slots=True)
class _Merged:
    """Of a run that was merged: its runs here, the files that they were made of, and its attempts."""

    runs: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    attempts: int = 0


def _merged(store: Store) -> dict[str, _Merged]:
    found: dict[str, _Merged] = {}
    for run in store.runs():
        command = json.loads(run.command)
        if isinstance(command, dict) and _KEY in command:
            one = found.setdefault(command[_KEY], _Merged())
            one.runs.append(run.id)
            one.files += command["files"] if run.ended is not None else []
            one.attempts += run.attempts
    return found


def _begin(store: Store, key: str, files: list[str], about: Mapping[str, Any]) -> int:
    command = {_KEY: key, "files": files, "command": about.get("command")}
    return store.begin_run(command, str(about["version"]))


__all__ = ["INDEX", "index_of", "kept_store", "merge", "open_results"]
