"""Outcomes kept as a few bytes a report, and what a change of the product did to them.

A file holds a line of JSON on how the reports were drawn, then a record of fixed length for each
seed: verdict, faults, how many cells are wrong and unread, a hash of the text, and one of the cells
(state, value and span of each) of every table.
"""

from __future__ import annotations

import gzip
import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from .judge import Judgement

VERDICTS = (
    "crashed",
    "unsupported",
    "rejected",
    "inconsistent",
    "incomplete",
    "unconfirmed",
    "completed",
    "accepted",
)
_TABLES = ("proactive", "requests", "proceedings")
_FAULTS = ("silent", "accused", "refused", "head")
_LAYOUT = struct.Struct("<BBBBH6s")
_MOST = 255
_WIDTH = 2
_OFTEN = 8


class Record(NamedTuple):
    """What is kept of one outcome."""

    verdict: int
    faults: int
    wrong: int
    unread: int
    text: int
    cells: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one seed: the outcome, or the report itself."""

    seed: int
    kinds: tuple[str, ...]
    damages: tuple[str, ...]


def _hash(data: str, size: int) -> bytes:
    return sha256(data.encode("utf-8", "surrogatepass")).digest()[:size]


def record(text: str, result: Mapping[str, Any] | None, judged: Judgement | None) -> Record:
    """What is kept of an outcome; without a result, that it crashed."""
    mark = int.from_bytes(_hash(text, 2), "little")
    if result is None or judged is None:
        return Record(0, 0, 0, 0, mark, bytes(_WIDTH * len(_TABLES)))
    flags = (judged.silent, judged.accused, judged.refused, judged.head_wrong)
    return Record(
        VERDICTS.index(judged.verdict),
        sum(flag << place for place, flag in enumerate(flags)),
        min(_MOST, judged.count("wrong")),
        min(_MOST, judged.count("unread")),
        mark,
        b"".join(_hash_of_cells(result, table) for table in _TABLES),
    )


def _hash_of_cells(result: Mapping[str, Any], table: str) -> bytes:
    told = [
        (name, cell["state"], str(cell["value"]), tuple(cell["span"] or ()))
        for name, cell in sorted(result["cells"].items())
        if name.startswith(table)
    ]
    return _hash(repr(told), _WIDTH)


def write(file: Path, drawn: Mapping[str, object], records: Iterable[Record]) -> int:
    """Keep outcomes in a file; the number of bytes."""
    head = json.dumps(drawn, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    body = b"".join(_LAYOUT.pack(*kept) for kept in records)
    # sorted by place in the record, which packs better than record by record
    width = _LAYOUT.size
    turned = b"".join(body[place::width] for place in range(width))
    data = gzip.compress(head + turned, mtime=0)
    file.write_bytes(data)
    return len(data)


def read(file: Path) -> tuple[dict[str, Any], list[Record]]:
    """What `write` kept."""
    head, _, turned = gzip.decompress(file.read_bytes()).partition(b"\n")
    count = len(turned) // _LAYOUT.size
    body = bytearray(len(turned))
    for place in range(_LAYOUT.size):
        body[place :: _LAYOUT.size] = turned[place * count : (place + 1) * count]
    return json.loads(head), [Record(*found) for found in _LAYOUT.iter_unpack(bytes(body))]


def differences(before: Record, after: Record) -> Iterator[str]:
    """The kinds of change between two outcomes of one seed, none when they are alike."""
    if before.text != after.text:
        yield "another text"
        return
    if before.verdict != after.verdict:
        yield f"{VERDICTS[before.verdict]} -> {VERDICTS[after.verdict]}"
    for place, fault in enumerate(_FAULTS):
        was, now = (kept.faults >> place & 1 for kept in (before, after))
        if was != now:
            yield f"{fault} {'came' if now else 'went'}"
    for name, was, now in (
        ("wrong", before.wrong, after.wrong),
        ("unread", before.unread, after.unread),
    ):
        if was != now:
            yield f"{'more' if now > was else 'fewer'} cells {name}"
    if before.cells != after.cells:
        tables = [
            table
            for place, table in enumerate(_TABLES)
            if _of_table(before, place) != _of_table(after, place)
        ]
        yield f"other cells of {' '.join(tables)}"


def _of_table(kept: Record, place: int) -> bytes:
    return kept.cells[place * _WIDTH : (place + 1) * _WIDTH]


def worse(kind: str) -> bool:
    """Whether a change of this kind must not be."""
    return kind in {"another text", "silent came", "accused came", "head came"} or (
        kind.endswith("-> crashed")
    )


def print_changes(found: list[Change], count: int) -> None:
    """Print which seeds changed, by kind of change and by damage."""
    print(f"{len(found)} of {count} reports changed")
    kinds = Counter(kind for change in found for kind in change.kinds)
    for kind, number in kinds.most_common():
        seeds = [change.seed for change in found if kind in change.kinds]
        mark = "!" if worse(kind) else " "
        print(f"{mark} {number:6}  {kind:44} {' '.join(map(str, seeds[:_OFTEN]))}")
    pairs = Counter(
        (damage, kind)
        for change in found
        for damage in change.damages or ("undamaged",)
        for kind in change.kinds
    )
    for damage in sorted({damage for damage, _ in pairs}):
        told = [(kind, n) for (name, kind), n in pairs.most_common() if name == damage]
        print(f"{damage}: " + ", ".join(f"{kind} {n}" for kind, n in told))
