"""Where reports come from: files and URLs, and files that hold many, by their content: WARC, Parquet of (name, bytes).

A source is found once, with its hash, and read again when its turn comes: so of the same bytes at two places one is
read, and no more than one report is held at a time.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from extractor.batch.listing import read_bytes
from extractor.batch.unit import printable
from extractor.errors import InputError, UsageError
from extractor.source import MOST_BYTES

_WARC, _PARQUET, _GZIP = b"WARC/", b"PAR1", b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"  # how a compressed record begins
_ROWS = 64  # of a Parquet file that are read at a time
_WINDOW = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """A report, or what could not be read.

    Attributes:
        path: As it is listed.
        place: The file or URL.
        inner: Offset of its record in a WARC, number of its row in a Parquet file, else None.
        sha256: Of its bytes, empty when they cannot be had.
        size: How many they are.
        message: Why they cannot be had.
    """

    path: str
    place: str
    inner: int | None = None
    sha256: str = ""
    size: int = 0
    message: str = ""


def is_url(path: str) -> bool:
    """Whether a path is the URL of an object store or the like."""
    return "://" in path


def filesystem(url: str) -> tuple[Any, str]:
    """The file system of fsspec for a URL, and the path in it.

    Raises:
        UsageError: It is not installed, or there is no such protocol.
    """
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"{url!r} cannot be opened ({error}); install the extra of its protocol, as gouji[ray] does for s3"
        ) from None
    return system, str(path)


def listed_at(url: str) -> Iterator[str]:
    """The files under a URL, or that a pattern of one names, sorted; hidden ones left out.

    Raises:
        InputError: There is none.
    """
    system, path = filesystem(url)
    try:
        if any(sign in path for sign in "*?["):
            found = [name for name in system.glob(path) if system.isfile(name)]
        elif system.isdir(path):
            found = system.find(path)
        else:
            found = [path] if system.exists(path) else []
    except Exception as error:  # noqa: BLE001 - each file system of fsspec has errors of its own
        raise InputError(f"{url!r} cannot be listed ({_line(error)}); check it") from None
    names = sorted(name for name in found if not os.path.basename(name).startswith("."))
    if not names:
        raise InputError(f"{url!r}: no such file or directory; check the path")
    return (system.unstrip_protocol(name) for name in names)


def scan(places: Iterable[str]) -> list[Source]:
    """Every report at some places, with its hash."""
    return [source for place in places for source in _scanned(place)]


def fetched(sources: Iterable[Source]) -> Iterator[tuple[Source, bytes | None]]:
    """The bytes of reports that were found; None where they are others now, or gone."""
    waiting: list[Source] = []
    for source in sources:
        if waiting and (source.inner is None or waiting[0].place != source.place):
            yield from _together(waiting)
            waiting = []
        if source.inner is None:
            try:
                yield source, _same(source, _file(source.place))
            except InputError:
                yield source, None
        else:
            waiting.append(source)
    if waiting:
        yield from _together(waiting)


def _scanned(place: str) -> Iterator[Source]:
    try:
        kind = _kind(place)
        if kind == _WARC:
            with _opened(place) as stream:
                yield from _pages(stream, place)
        elif kind == _PARQUET:
            with _opened(place) as stream:
                yield from _rows(stream, place)
        else:
            data = _file(place)
            yield Source(place, place, None, hashlib.sha256(data).hexdigest(), len(data))
    except InputError as error:
        yield Source(place, place, message=str(error))


def _file(place: str) -> bytes:
    if not is_url(place):
        return read_bytes(place)
    with _opened(place) as stream:
        data: bytes = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{place!r} is larger than {MOST_BYTES // 2**20} MB; split the file")
    return data


def _kind(place: str) -> bytes:
    """What holds many reports; empty for what is one."""
    if not is_url(place) and not os.path.isfile(place):
        return b""  # reading it says what is wrong
    with _opened(place) as stream:
        head = stream.read(len(_WARC))
        if head.startswith(_GZIP):
            try:
                head = zlib.decompressobj(31).decompress(head + stream.read(512), len(_WARC))
            except zlib.error:  # damaged from its first record on, or of no interest
                return _WARC if ".warc" in os.path.basename(place) else b""
    return _WARC if head == _WARC else _PARQUET if head.startswith(_PARQUET) else b""


@contextmanager
def _opened(place: str) -> Iterator[IO[bytes]]:
    """A file or URL, to be read and moved about in."""
    try:
        if is_url(place):
            system, path = filesystem(place)
            with system.open(path, "rb") as stream:
                yield stream
        else:
            with open(place, "rb") as stream:
                yield stream
    except (InputError, UsageError):
        raise
    except Exception as error:  # noqa: BLE001 - each file system of fsspec has errors of its own
        raise InputError(f"{place!r} cannot be read ({_line(error)}); check it") from None


# -- WARC


def _pages(stream: IO[bytes], place: str) -> Iterator[Source]:
    """The pages of a crawl; a record that is damaged is told, and the next one looked for."""
    ArchiveIterator = _warcio()  # noqa: N806 - a class
    at: int | None = 0
    while at is not None:
        stream.seek(at)
        records = ArchiveIterator(stream)
        try:
            for record in records:
                wanted = record.rec_type in ("response", "resource")
                data = _payload(record) if wanted else b""
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                at = records.get_record_offset()  # which goes to the end of the record
                if wanted:
                    sha256 = hashlib.sha256(data).hexdigest()
                    yield Source(f"{place}#{at}/{url}", place, at, sha256, len(data))
                at += records.get_record_length()
        except Exception as error:  # noqa: BLE001 - of warcio, zlib, or of a header that is none
            yield Source(f"{place}#{at}", place, at, message=f"record at {at}: {_line(error)}")
            at = _next_record(stream, at + 1)
        else:
            return


def _payload(record: Any) -> bytes:
    data: bytes = record.content_stream().read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"larger than {MOST_BYTES // 2**20} MB")
    return data


def _next_record(stream: IO[bytes], at: int) -> int | None:
    """Where a record begins behind a damaged one."""
    stream.seek(at)
    window = stream.read(_WINDOW)
    while window:
        for mark in (_MEMBER, b"\r\n\r\n" + _WARC):
            found = window.find(mark)
            while found >= 0:
                begin = at + found + (4 if mark != _MEMBER else 0)
                if mark != _MEMBER or _is_member(stream, begin):
                    return begin
                found = window.find(mark, found + 1)
        at += max(len(window) - 16, 1)
        stream.seek(at)
        window = stream.read(_WINDOW) if len(window) > 16 else b""
    return None


def _is_member(stream: IO[bytes], at: int) -> bool:
    stream.seek(at)
    try:
        head = zlib.decompressobj(31).decompress(stream.read(512), len(_WARC))
    except zlib.error:
        return False
    return head == _WARC


def _warcio() -> Any:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise UsageError("a WARC is read by warcio; install gouji[ray]") from None
    return ArchiveIterator


# -- Parquet


def _rows(stream: IO[bytes], place: str) -> Iterator[Source]:
    for number, name, data in _batches(stream, place):
        path = f"{place}#{number}/{name}"
        if data is None or len(data) > MOST_BYTES:
            why = "no bytes" if data is None else f"larger than {MOST_BYTES // 2**20} MB"
            yield Source(path, place, number, message=f"row {number}: {why}")
        else:
            yield Source(path, place, number, hashlib.sha256(data).hexdigest(), len(data))


def _batches(
    stream: IO[bytes], place: str, first: int = 0, last: int | None = None
) -> Iterator[tuple[int, str, bytes | None]]:
    """Rows with their numbers; row groups that hold none of those wanted are passed over."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(stream)
        if not {"name", "bytes"} <= set(file.schema_arrow.names):
            raise InputError(
                f"{place!r} has no columns name and bytes; give a Parquet file with them"
            )
        number = 0
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            if number + count <= first or (last is not None and number > last):
                number += count
                continue
            for batch in file.iter_batches(_ROWS, [group], ["name", "bytes"]):
                for row in batch.to_pylist():
                    yield number, str(row["name"]), row["bytes"]
                    number += 1
    except ArrowException as error:
        raise InputError(f"{place!r} cannot be read ({_line(error)}); check it") from None


def _together(sources: list[Source]) -> Iterator[tuple[Source, bytes | None]]:
    """Several out of one file."""
    left = {source.inner: source for source in sources}
    # what was there and is there no more is left for the next run, which finds out
    with suppress(Exception), _opened(sources[0].place) as stream:
        if stream.read(len(_PARQUET)) == _PARQUET:
            numbers = [source.inner or 0 for source in sources]
            for number, _, data in _batches(stream, sources[0].place, min(numbers), max(numbers)):
                if number in left:
                    source = left.pop(number)
                    yield source, _same(source, data)
        else:
            for source in sources:
                stream.seek(source.inner or 0)
                data = _payload(next(iter(_warcio()(stream))))
                del left[source.inner]
                yield source, _same(source, data)
    for source in left.values():
        yield source, None


def _same(source: Source, data: bytes | None) -> bytes | None:
    if data is None or hashlib.sha256(data).hexdigest() != source.sha256:
        return None
    return data


def _line(error: BaseException) -> str:
    return printable(str(error).partition(", first line")[0] or type(error).__name__)[:200]


__all__ = ["Source", "fetched", "filesystem", "is_url", "listed_at", "scan"]
