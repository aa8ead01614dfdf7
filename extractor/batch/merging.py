"""``extract merge``: one store of several stores and sets of shards; and a set of shards opened as a store is.

What is merged keeps its runs, each under a key, so that merging again adds only what came since.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
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
_RESULT = tuple(field.name for field in fields(MadeResult) if field.name != "json")
_KEY = "merged"


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


# -- shards


def _merge_set(part: Set, store: Store) -> int:
    told = part.runs()
    if not told:
        raise StoreError(
            f"{part.root!r} is no set of shards; name one that extract batch --shards made"
        )
    added = 0
    merged = {name for one in _merged(store).values() for name in one[1]}
    for key, about in told.items():
        files = part.listings(key) + part.shards(key)
        new = [name for name in files if f"{part.root}:{name}" not in merged]
        if not new:
            continue
        run = _run(store, key, [f"{part.root}:{name}" for name in new], about)
        maker = store.maker_id(maker_of(about))
        for name in new:
            if "/prefix=" in name:
                added += _add_shard(part, name, store, run, maker)
        for name in new:
            if "/prefix=" not in name:
                _add_listing(part, name, store, run)
        store.end_run(run, about.get("ending") or "interrupted")
    return added


def _add_shard(part: Set, name: str, store: Store, run: int, maker: int) -> int:
    added = 0
    rows = part.rows(name)
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            for row in some:
                known = store.known(row["sha256"])
                source = store.add_source(row["sha256"], row["bytes"], row["content"])
                if known is None or known.maker_id != maker:
                    store.add_attempt(run, source, maker, made_of(row))
                    added += 1
    return added


def _add_listing(part: Set, name: str, store: Store, run: int) -> None:
    rows = part.rows(name)
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            for row in some:
                path, sha256 = path_of(row), row["sha256"]
                known = None if sha256 is None else store.known(sha256)
                if sha256 is None:
                    store.list_path(run, path, None, row["problem"], row["message"])
                elif known is not None:  # else no shard has it yet
                    store.list_path(run, path, known.source)


# -- stores


def _merge_store(other: Store, store: Store) -> int:
    makers = {number: store.maker_id(maker) for number, maker in other.makers().items()}
    store.add_decisions([one for _, one in other.decisions()])
    decided = _decisions(other, store)
    done = _merged(store)
    added = 0
    for one in other.runs():
        key = hashlib.sha256(f"{one.began} {one.version} {one.command}".encode()).hexdigest()
        before = json.loads(one.command)
        if _KEY in before:  # it came from elsewhere itself
            key = before[_KEY]
        about = {"command": before.get("command", before), "version": one.version}
        earlier, _, attempts = done.get(key, ((), [], 0))
        if earlier and attempts == one.attempts:
            continue
        run = _run(store, key, [], about)
        added += _add_attempts(other, one.id, store, (*earlier, run), makers, decided)
        _add_listings(other, one.id, store, run)
        store.end_run(run, one.ending or "interrupted")
    _add_manifests(other, store)
    _add_answers(other, store)
    return added


def _add_attempts(
    other: Store,
    was: int,
    store: Store,
    runs: tuple[int, ...],
    makers: Mapping[int, int],
    decided: list[tuple[int, int]],
) -> int:
    query = (
        f"SELECT s.id, s.sha256, s.bytes, a.maker_id, a.result_id, a.reading_id, a.decided, {', '.join(_MADE)}"  # noqa: S608
        " FROM attempts AS a JOIN sources AS s ON s.id = a.source_id WHERE a.run_id = ? ORDER BY a.id"
    )
    rows = other.sql(query, (was,))
    added = 0
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            for old, sha256, size, maker, result, reading, last, *made in some:
                source = store.add_source(sha256, size, other.content(old))
                if any(store.tried_in(run, source) for run in runs):
                    continue
                attempt = Made(
                    **dict(zip(_MADE, made, strict=True)),
                    result=None if result is None else _result(other, result),
                    reading=None if reading is None else other.reading(reading),
                )
                now = max((new for number, new in decided if number <= (last or 0)), default=0)
                store.add_attempt(runs[-1], source, makers[maker], attempt, decided=now)
                added += 1
    return added


def _result(other: Store, number: int) -> MadeResult:
    [row] = other.sql(f"SELECT {', '.join(_RESULT)} FROM results WHERE id = ?", (number,))  # noqa: S608
    return MadeResult(**dict(zip(_RESULT, row, strict=True)), json=other.result_json(number))


def _add_listings(other: Store, was: int, store: Store, run: int) -> None:
    query = (
        "SELECT p.path, p.raw, s.sha256, l.problem, l.message FROM listings AS l "
        "JOIN paths AS p ON p.id = l.path_id LEFT JOIN sources AS s ON s.id = l.source_id "
        "WHERE l.run_id = ?"
    )
    rows = other.sql(query, (was,))
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            for path, raw, sha256, problem, message in some:
                known = None if sha256 is None else store.known(sha256)
                if (known is None) == (problem is not None):
                    source = None if known is None else known.source
                    store.list_path(run, unspell(path, raw), source, problem, message)


def _decisions(other: Store, store: Store) -> list[tuple[int, int]]:
    """Numbers of decisions there, and the last here of those up to it."""
    here = {one.id: number for number, one in store.decisions()}
    found, last = list[tuple[int, int]](), 0
    for number, one in other.decisions():
        last = max(last, here[one.id])
        found.append((number, last))
    return found


def _add_manifests(other: Store, store: Store) -> None:
    if not other.has_manifest():
        return
    files: dict[str, dict[str, Stated]] = {}
    for (sha256,) in other.sql("SELECT DISTINCT sha256 FROM current_sources"):
        for stated in other.stated(sha256):
            if stated.path is not None:
                files.setdefault(stated.file, {})[stated.path] = stated
    for file, rows in files.items():
        store.add_manifest(file, other.manifest_columns(), rows)


def _add_answers(other: Store, store: Store) -> None:
    names = "key, model, prompt_id, prompt_sha256, about, sample, answer, raw"
    rows = other.sql(f"SELECT {names} FROM answers ORDER BY id")  # noqa: S608
    while some := list(islice(rows, _AT_A_TIME)):
        with store.transaction():
            for key, model, prompt, sha256, about, sample, answer, raw in some:
                text = unspell(answer, raw)
                if store.answer(key) != text:
                    store.add_answer(
                        key,
                        text,
                        model=model,
                        prompt_id=prompt,
                        prompt_sha256=sha256,
                        about=about,
                        sample=sample,
                    )


# -- runs that came from elsewhere


def _merged(store: Store) -> dict[str, tuple[tuple[int, ...], list[str], int]]:
    """Of each run that was merged: its runs here, the files that they were made of, and its attempts."""
    found: dict[str, tuple[tuple[int, ...], list[str], int]] = {}
    for run in store.runs():
        command = json.loads(run.command)
        if isinstance(command, dict) and _KEY in command:
            runs, files, attempts = found.get(command[_KEY], ((), [], 0))
            ended = command["files"] if run.ended is not None else []
            found[command[_KEY]] = ((*runs, run.id), files + ended, attempts + run.attempts)
    return found


def _run(store: Store, key: str, files: list[str], about: Mapping[str, Any]) -> int:
    command = {"merged": key, "files": files, "command": about.get("command")}
    return store.begin_run(command, str(about["version"]))


__all__ = ["INDEX", "index_of", "kept_store", "merge", "open_results"]
