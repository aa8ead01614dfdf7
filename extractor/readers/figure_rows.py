"""Cut the runs of a zone into figure rows, and find the labels that may be theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.forms import Table
from verify.marks import Mark, parse
from verify.stream import Entry, Segment
from verify.zones import Zone, rows_in

_FURNITURE = 30
_LABEL = 40
_SHORT = 2


@dataclass(slots=True)
class FigureRow:
    """Entries that make up one row of a table.

    Attributes:
        entries: In order.
        segment: Where they stand.
        own: Row ids that the label before them may name; empty when it is lost.
        exact: Whether that label is verbatim.
        unknown: Text in the label's place that names no row.
    """

    entries: list[Entry]
    segment: Segment
    own: frozenset[str] = frozenset()
    exact: bool = False
    unknown: str = ""


def _labels(
    segment: Segment, table: Table, index: dict[str, int]
) -> list[tuple[frozenset[str], Mark]]:
    """The labels of rows of this edition in a text."""
    marks = rows_in(segment, table.id)
    return [(ids, mark) for mark in marks if (ids := mark.ids.intersection(index))]


def cut_zone(
    zone: Zone, table: Table, index: dict[str, int], *, after: bool
) -> tuple[list[FigureRow], set[int]]:
    """The figure rows of a zone with their labels, and the rows that are labelled without one.

    Args:
        zone: One printed copy of the table.
        table: The table, of the edition in question.
        index: Place of each row id in the table.
        after: Read labels as standing after their figures instead of before.
    """
    found: list[FigureRow] = []
    bare: set[int] = set()
    segments = zone.segments
    for at, segment in enumerate(segments):
        follower = segments[at + 1] if at + 1 < len(segments) else zone.after
        labelled = follower if after else segment
        labels = _labels(labelled, table, index) if labelled is not None else []
        entries = segment.entries
        if len(labels) == 1 and len(entries) == _width(labels[0][0], table, index):
            exact = labels[0][1].likeness == 1  # as nearly all rows are
            found.append(FigureRow(entries, segment, labels[0][0], exact))
            continue
        if (
            not labels
            and found
            and not after
            and labelled is not None
            and (not labelled.parsed.unknown or _is_furniture(labelled, entries, found[-1]))
        ):
            last = found[-1]
            width = _width(last.own, table, index)
            if len(last.entries) < width and len(last.entries) + len(entries) == width:
                last.entries = last.entries + entries  # a row broken by a page or a header
                continue
        pieces = _cut(
            entries,
            [_width(ids, table, index) for ids, _ in labels],
            table,
            on_line=segment.label_on_line,
        )
        owns: list[tuple[frozenset[str], Mark] | None]
        if len(pieces) > 1 and labels and not after and segment.label_on_line:
            owns = [labels[-1], *([None] * (len(pieces) - 1))]
        elif len(pieces) == len(labels):
            owns = list(labels)
        elif len(labels) == len(pieces) + 1 and len(pieces) > 1:
            owns = list(labels[1:])
        elif len(pieces) == 1:
            own = (labels[0] if after else labels[-1]) if labels else None
            owns = [own]
        elif len(labels) == 1:
            owns = [labels[0], *([None] * (len(pieces) - 1))]
        else:
            owns = [None] * len(pieces)
        taken = {id for own in owns if own is not None for id in own[0]}
        bare.update(
            index[id] for ids, _ in labels for id in ids if id not in taken and len(ids) == 1
        )
        unknown = _unknown(labelled, labels) if labelled is not None else ""
        if unknown and not after:
            around = _label_around(unknown, follower, table, index) or _last_words(
                segment, follower, table, index
            )
            if around is not None:
                owns[0], unknown = around, ""
        for i, (piece, own) in enumerate(zip(pieces, owns, strict=True)):
            if own is not None:
                found.append(FigureRow(piece, segment, own[0], own[1].likeness == 1))
            else:
                found.append(FigureRow(piece, segment, unknown=unknown if i == 0 else ""))
    if zone.after is not None and not after:
        rows = _labels(zone.after, table, index)
        bare.update(index[id] for ids, mark in rows for id in ids if len(ids) == 1)
    return found, bare


def _is_furniture(segment: Segment, entries: list[Entry], last: FigureRow) -> bool:
    """Whether a text that breaks a column of single figures is a running title or the like."""
    cells = [*last.entries, *entries]
    return (
        segment.parsed.unknown_length <= _FURNITURE
        and len({entry.line for entry in cells}) == len(cells)
        and any(mark.kind in ("title", "heading") for mark in segment.marks)
    )


def _label_around(
    unknown: str, follower: Segment | None, table: Table, index: dict[str, int]
) -> tuple[frozenset[str], Mark] | None:
    """A label whose first part stands before its figures and whose rest stands after them."""
    if follower is None:
        return None
    for mark in parse(unknown + follower.tail[:_LABEL]).marks:
        ids = mark.ids & index.keys()
        split = mark.start < len(unknown) < mark.end
        if split and mark.kind == "row" and mark.likeness == 1 and table.id in mark.tables and ids:
            return frozenset(ids), mark
    return None


def _last_words(
    segment: Segment, follower: Segment | None, table: Table, index: dict[str, int]
) -> tuple[frozenset[str], Mark] | None:
    """The label told by the last word before the run, the rest of another label before it."""
    word = segment.words[-1]
    if len(word) < _SHORT and len(segment.words) > 1:
        word = segment.words[-2] + word
    around = _label_around(word, follower, table, index)
    if around is not None:
        return around
    for mark in reversed(parse(word).marks):
        ids = mark.ids & index.keys()
        if mark.kind == "row" and table.id in mark.tables and ids:
            return frozenset(ids), mark
    return None


def _unknown(segment: Segment, labels: Sequence[tuple[frozenset[str], Mark]]) -> str:
    if labels:
        return ""
    end = max((m.end for m in segment.marks), default=0)
    return "".join(text for start, text in segment.parsed.unknown if start >= end)[-60:]


def _width(ids: frozenset[str], table: Table, index: dict[str, int]) -> int:
    for id in ids:
        if id in index:
            return len(table.rows[index[id]].columns)
    return max(table.widths)


def _cut(
    entries: list[Entry], widths: list[int], table: Table, *, on_line: bool
) -> list[list[Entry]]:
    """Cut a run into figure rows by labels, counts and lines."""
    count = len(entries)
    if not entries:
        return []
    if len(widths) > 1 and sum(widths) == count:
        return _chunks(entries, widths)
    if len(widths) > 2 and sum(widths[1:]) == count and len(widths[1:]) > 1:
        return _chunks(entries, widths[1:])
    common = table.widths
    width = widths[-1] if widths else max(common)
    if count == width:
        return [entries]
    lines: list[list[Entry]] = []
    for entry in entries:
        if lines and lines[-1][-1].line == entry.line:
            lines[-1].append(entry)
        else:
            lines.append([entry])
    if on_line and len(lines) > 1 and len(lines[0]) == width:
        return _join_lines(lines, width)
    if len(lines) == 1 and count <= 2 * width:
        return [entries] if len(common) > 1 or count != 2 * width else _chunks(entries, [width] * 2)
    if len(lines) > 1 and any(len(line) in common and len(line) > 1 for line in lines):
        return _join_lines(lines, width)
    if len(common) == 1 and count > width and count % width == 0:
        return _chunks(entries, [width] * (count // width))
    return [entries]


def _join_lines(lines: list[list[Entry]], width: int) -> list[list[Entry]]:
    """Lines as rows; neighbours that make up one row between them are one."""
    found: list[list[Entry]] = []
    for line in lines:
        if (
            found
            and len(found[-1]) + len(line) == width
            and len(found[-1]) < width
            and len(line) > 1
        ):
            found[-1] = found[-1] + line
        else:
            found.append(line)
    return found


def _chunks(entries: list[Entry], widths: Sequence[int]) -> list[list[Entry]]:
    found, at = [], 0
    for width in widths:
        found.append(entries[at : at + width])
        at += width
    return found
