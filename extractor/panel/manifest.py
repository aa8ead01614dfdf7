"""A manifest: a table that says of each report whose it is, of which year, and from where.

The identifier is a path, relative to the manifest's own folder, or an address; everything else is carried along.
Columns are found by their names in English or Chinese; a column with any other name is kept as it is.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from extractor.batch.records import Stated
from extractor.encodings import attempts
from extractor.errors import InputError, UsageError

_CALLED = {
    "path": "path file filename 路径 文件 文件名 文件路径",
    "url": "url link address 网址 链接 地址 发布地址",
    "agency": "agency 机关 单位 机关名称 单位名称 行政机关 机构",
    "agency_id": "agency_id 机关代码 单位代码 机构代码 统一社会信用代码",
    "region": "region region_code 行政区划代码 区划代码 行政区划",
    "year": "year 年份 年度",
}
_FIELD = {called: field for field, names in _CALLED.items() for called in names.split()}
_YEAR = re.compile("(20[0-9]{2}|19[0-9]{2})(?:\\.0)?年?度?")
_REGION = re.compile("[1-9][0-9]{5}(?:[0-9]{3}){0,2}")
_ADDRESS = re.compile("https?://", re.IGNORECASE)
_MOST_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read."""

    path: str  # the file
    rows: tuple[Stated, ...]  # what it says of each report, in its order
    columns: tuple[str, ...]  # its columns that are none of the known ones, in its order

    @property
    def paths(self) -> list[str]:
        """The files that it names."""
        return [row.path for row in self.rows if row.path is not None]

    def matched(self, listed: Iterable[str]) -> dict[str, Stated]:
        """What it says of each file: by its path, else by the end of an address, as mirrors save pages.

        Args:
            listed: Paths of files.
        """
        by_path = {row.path: row for row in self.rows if row.path is not None}
        by_url = {key: row for row in self.rows if row.path is None for key in _places(row.url)}
        found: dict[str, Stated] = {}
        for path in listed:
            row = by_path.get(path)
            if row is None and by_url:
                row = next((by_url[end] for end in _ends(path) if end in by_url), None)
            if row is not None:
                found[path] = row
        return found


def read_manifest(path: str | os.PathLike[str]) -> Manifest:
    """Read a manifest: CSV (comma, semicolon or tab), XLSX (its first sheet) or Parquet.

    Raises:
        InputError: It cannot be read, or a line of it says what cannot be.
        UsageError: It has no column that leads to files, or one column twice.
    """
    path = os.fspath(path)
    rows = _rows(path)
    header = next(rows, None)
    if header is None:
        raise InputError(f"--manifest {path!r} is empty; give a table with a header")
    names = [name.strip().removeprefix("\ufeff") for name in header]
    fields = [_FIELD.get(name.lower(), name) for name in names]
    for field, name in zip(fields, names, strict=True):
        if field and fields.count(field) > 1:
            raise UsageError(
                f"--manifest {path!r}: two columns are {field!r} ({name!r}); leave one"
            )
    if "path" not in fields and "url" not in fields:
        raise UsageError(
            f"--manifest {path!r} has no column 'path' or 'url' (路径, 网址); say which file a line is about"
        )
    own = tuple(field for field in fields if field and field not in _CALLED)
    folder = os.path.dirname(path)
    stated = [
        _stated(path, folder, line, dict(zip(fields, row, strict=False)), own)
        for line, row in enumerate(rows, 2)
        if any(value.strip() for value in row)
    ]
    _once(path, stated)
    return Manifest(path, tuple(stated), own)


def _stated(file: str, folder: str, line: int, row: dict[str, str], own: Sequence[str]) -> Stated:
    given = {name: row.get(name, "").strip() or None for name in _CALLED}
    path, url = given["path"], given["url"]
    if path is not None and _ADDRESS.match(path):
        path, url = None, url or path
    if path is None and url is None:
        raise InputError(f"--manifest {file!r}, line {line}: neither a path nor a url; give one")
    year = given["year"]
    found = None if year is None else _YEAR.fullmatch(year)
    if year is not None and found is None:
        raise InputError(
            f"--manifest {file!r}, line {line}: {year!r} is no year; write it like 2023"
        )
    region = None if given["region"] is None else given["region"].removesuffix(".0")
    if region is not None and not _REGION.fullmatch(region):
        raise InputError(
            f"--manifest {file!r}, line {line}: {region!r} is no code of GB/T 2260; give six digits"
        )
    return Stated(
        file=file,
        line=line,
        path=None if path is None else _plain(os.path.join(folder, path)),
        url=url,
        agency=given["agency"],
        agency_id=given["agency_id"],
        region=None if region is None else region[:6],
        year=None if found is None else int(found[1]),
        more=tuple((name, row[name].strip()) for name in own if row.get(name, "").strip()),
    )


def _once(file: str, rows: Iterable[Stated]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        key = row.path if row.path is not None else row.url or ""
        if key in seen:
            raise InputError(
                f"--manifest {file!r}, line {row.line}: {key!r} stands in line {seen[key]} as well; "
                "leave one"
            )
        seen[key] = row.line


def _plain(path: str) -> str:
    from extractor.batch.listing import plain

    return plain(path)


def _places(url: str | None) -> Iterator[str]:
    """Where a mirror of a site keeps a page: host, path, and the index of a folder."""
    parts = urlsplit(url or "")
    for path in dict.fromkeys((parts.path, unquote(parts.path))):
        place = (parts.netloc + path) + (f"?{parts.query}" if parts.query else "")
        yield place + "index.html" if place.endswith("/") else place


def _ends(path: str) -> Iterator[str]:
    parts = path.split(os.sep)
    return ("/".join(parts[at:]) for at in range(len(parts) - 1))


# --- tables --------------------------------------------------------------------------------------


def _rows(path: str) -> Iterator[list[str]]:
    ending = os.path.splitext(path)[1].lower()
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"--manifest {path!r} cannot be read ({error.strerror}); check it"
        ) from None
    if len(data) > _MOST_BYTES:
        raise InputError(f"--manifest {path!r} is larger than 256 MB; split it")
    if ending == ".xlsx":
        return _sheet(path, data)
    if ending == ".parquet":
        return _parquet(path, data)
    if ending in (".csv", ".tsv", ".txt"):
        return _csv(path, data)
    raise UsageError(f"--manifest {path!r}: no such format; end it in .csv, .xlsx or .parquet")


def _csv(path: str, data: bytes) -> Iterator[list[str]]:
    text = next((text for _, text in attempts(data)), None)
    if text is None:
        raise InputError(f"--manifest {path!r} is no text; save it as CSV in UTF-8 or GB18030")
    head = text.split("\n", 1)[0]
    mark = max("\t;,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    except csv.Error as error:
        raise InputError(f"--manifest {path!r} is no CSV ({error}); check its quotes") from None


def _sheet(path: str, data: bytes) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        yield from (
            [_word(value) for value in row] for row in sheet.to_python(skip_empty_area=False)
        )
    except (CalamineError, IndexError, ValueError) as error:
        raise InputError(f"--manifest {path!r} is no workbook ({error}); save it anew") from None


def _parquet(path: str, data: bytes) -> Iterator[list[str]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError(".parquet needs pyarrow: pip install 'gouji[export]'") from None
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        why = str(error).split("\n", 1)[0]
        raise InputError(f"--manifest {path!r} is no Parquet ({why}); write it anew") from None
    yield list(table.column_names)
    for batch in table.to_batches():
        for row in batch.to_pylist():
            yield [_word(row[name]) for name in table.column_names]


def _word(value: Any) -> str:
    """A value of a table as it would be written: a whole number without its point."""
    if value is None or value != value:  # noqa: PLR0124 - what is not itself is no number
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
