"""A shard: rows of a Parquet file, what they hold, and how a set of them lies in a folder or an object store.

::

    SET/run=<settings>/_run.json                         what the run was asked for, who makes its results, how it ended
    SET/run=<settings>/listing-<time>-<hash>.parquet     which path leads to which bytes, and what could not be read
    SET/run=<settings>/prefix=<hash>/<hash>.parquet      results, a row a report

A file is there whole or not at all, and its name is the hash of what it is about.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from extractor.batch.records import Made, MadeResult, Maker
from extractor.batch.shards.sources import Source, filesystem, is_url
from extractor.batch.store.names import spell, unspell
from extractor.errors import StoreError, UsageError
from extractor.files import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
_LEVEL = 6  # of zstd
_RESULT = [field.name for field in fields(MadeResult)]
_MADE = [field.name for field in fields(Made) if field.name not in ("result", "reading", "same")]
_KINDS = {field.name: str(field.type) for field in (*fields(Made), *fields(MadeResult))}


def arrow() -> Any:
    """The library, which is an extra.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError("shards are Parquet files; install gouji[export]") from None
    assert pq, "is loaded with it"
    return pa


def schema() -> pa.Schema:
    """Of a shard of results. `result_sha256` is of ``json``, ``sha256`` of the bytes of the source."""
    pa = arrow()
    kinds = {"int": pa.int64(), "int | None": pa.int64(), "float": pa.float64()}
    columns = [("sha256", pa.string()), ("bytes", pa.int64()), ("path", pa.string())]
    for name in (*_MADE, *_RESULT):
        shown = "result_sha256" if name == "sha256" else name
        columns.append((shown, kinds.get(_KINDS[name], pa.string())))
    return pa.schema([*columns, ("reading", pa.binary()), ("content", pa.binary())])


def listing_schema() -> pa.Schema:
    """Of a listing: ``raw`` is the path where that has no UTF-8."""
    pa = arrow()
    names = ["path", "raw", "sha256", "problem", "message"]
    return pa.schema([(name, pa.binary() if name == "raw" else pa.string()) for name in names])


def to_row(source: Source, made: Made, content: bytes | None) -> dict[str, Any]:
    """A report as a row; a reading is unpacked, for a column of them packs better."""
    row: dict[str, Any] = {name: getattr(made, name) for name in _MADE}
    if made.result is not None:
        row |= {name: getattr(made.result, name) for name in _RESULT}
        row["result_sha256"] = row.pop("sha256")
    for name in ("message", "http"):
        row[name] = None if row[name] is None else spell(row[name])[0]
    return row | {
        "sha256": source.sha256,
        "bytes": source.size,
        "path": spell(source.path)[0],
        "reading": None if made.reading is None else zlib.decompress(made.reading),
        "content": content,
    }


def made_of(row: Mapping[str, Any]) -> Made:
    """The attempt that a row is."""
    result = None
    if row["json"] is not None:
        known = {name: row[name] for name in _RESULT if name != "sha256"}
        result = MadeResult(sha256=row["result_sha256"], **known)
    reading = None if row["reading"] is None else zlib.compress(row["reading"], 1)
    return Made(**{name: row[name] for name in _MADE}, result=result, reading=reading)


def listing_row(source: Source) -> dict[str, Any]:
    """Where a source was found, as a row."""
    path, raw = spell(source.path)
    problem = None if source.sha256 else "unreadable"
    sha256, message = source.sha256 or None, source.message or None
    return {"path": path, "raw": raw, "sha256": sha256, "problem": problem, "message": message}


def path_of(row: Mapping[str, Any]) -> str:
    """The path of a row of a listing."""
    return unspell(row["path"], row["raw"])


def packed(rows: Sequence[Mapping[str, Any]], schema: pa.Schema, about: Mapping[str, str]) -> bytes:
    """Rows as a Parquet file."""
    pa = arrow()
    told = {"gouji.schema": str(SCHEMA_VERSION), **{f"gouji.{k}": v for k, v in about.items()}}
    table = pa.Table.from_pylist(list(rows), schema=schema.with_metadata(told))
    out = io.BytesIO()
    pa.parquet.write_table(table, out, compression="zstd", compression_level=_LEVEL)
    return out.getvalue()


class Set:
    """The files of a set of shards, in a folder or at a URL.

    Args:
        root: Of it.
    """

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/") or root
        self._system: Any = None
        self._at = self.root
        if is_url(root):
            self._system, self._at = filesystem(root)

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine."""
        return self._system is None

    def put(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all.

        Raises:
            StoreError: It cannot be written.
        """
        try:
            if self._system is None:
                path = os.path.join(self._at, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                write_whole(path, data)
            else:
                self._system.pipe_file(f"{self._at}/{name}", data)  # one request
        except Exception as error:  # noqa: BLE001 - each file system has errors of its own
            raise self._unusable(name, error) from None

    def names(self, under: str = "") -> list[str]:
        """All files under a folder of the set, sorted; none where there is no such folder."""
        try:
            if self._system is None:
                top = os.path.join(self._at, under)
                found = [os.path.join(at, one) for at, _, some in os.walk(top) for one in some]
                names = [os.path.relpath(path, self._at).replace(os.sep, "/") for path in found]
            else:
                self._system.invalidate_cache()
                found = self._system.find(f"{self._at}/{under}".rstrip("/"))
                names = [path.removeprefix(self._at.rstrip("/") + "/") for path in found]
        except FileNotFoundError:
            return []
        except Exception as error:  # noqa: BLE001 - each file system has errors of its own
            raise self._unusable(under, error) from None
        return sorted(name for name in names if not name.rpartition("/")[2].startswith("."))

    def get(self, name: str) -> bytes:
        """The bytes of a small file."""
        try:
            if self._system is None:
                with open(os.path.join(self._at, name), "rb") as file:
                    return file.read()
            return bytes(self._system.cat_file(f"{self._at}/{name}"))
        except Exception as error:  # noqa: BLE001 - each file system has errors of its own
            raise self._unusable(name, error) from None

    def rows(self, name: str, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a shard, a few at a time.

        Raises:
            StoreError: It is damaged, or of a later version.
        """
        arrow()
        from pyarrow.parquet import ParquetFile

        try:
            file = ParquetFile(io.BytesIO(self.get(name)))
            version = (file.schema_arrow.metadata or {}).get(b"gouji.schema", b"none").decode()
            if version != str(SCHEMA_VERSION):
                raise StoreError(
                    f"{self.root}/{name}: a shard of version {version}, this program reads "
                    f"{SCHEMA_VERSION}; use the one that wrote it"
                )
            for batch in file.iter_batches(64, columns=columns):
                yield from batch.to_pylist()
        except (OSError, ValueError) as error:  # those of pyarrow are of these kinds
            raise self._unusable(name, error) from None

    def runs(self) -> dict[str, dict[str, Any]]:
        """What is said of each run, by its key, in the order in which they began."""
        found = {}
        for name in self.names():
            folder, _, file = name.partition("/")
            if file == "_run.json" and folder.startswith("run="):
                try:
                    found[folder[4:]] = dict(json.loads(self.get(name)))
                except ValueError as error:
                    raise self._unusable(name, error) from None
        return dict(sorted(found.items(), key=lambda one: str(one[1].get("began"))))

    def shards(self, run: str) -> list[str]:
        """The shards of a run with results."""
        return [name for name in self.names(f"run={run}") if "/prefix=" in name]

    def listings(self, run: str) -> list[str]:
        """Its listings: each command that was given adds one."""
        begins = f"run={run}/listing-"
        return [name for name in self.names(f"run={run}") if name.startswith(begins)]

    def _unusable(self, name: str, error: Exception) -> StoreError:
        if isinstance(error, StoreError):
            return error
        why = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        return StoreError(f"{self.root!r} cannot be used ({name}: {why}); check it")


def is_set(path: str) -> bool:
    """Whether a path leads to a set of shards, and not to a store."""
    if is_url(path):
        return True
    return os.path.isdir(path) and any(name.startswith("run=") for name in os.listdir(path))


def key_of(maker: Maker) -> str:
    """The key of a run: the hash of everything that decides a result beside its source."""
    return hashlib.sha256(json.dumps(asdict(maker), sort_keys=True).encode()).hexdigest()[:16]


def maker_of(told: Mapping[str, Any]) -> Maker:
    """Who makes the results of a run."""
    known = dict(told["maker"])
    known["prompts"] = tuple(tuple(one) for one in known["prompts"])
    known["options"] = tuple(tuple(one) for one in known["options"])
    return Maker(**known)


__all__ = [
    "SCHEMA_VERSION",
    "Set",
    "arrow",
    "is_set",
    "key_of",
    "listing_row",
    "listing_schema",
    "made_of",
    "maker_of",
    "packed",
    "path_of",
    "schema",
    "to_row",
]
