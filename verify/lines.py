"""What lines say of rows that no sum holds together: table 二.

A page number, the number of the next row or a figure of a label that follows fills an empty cell
without a trace. Where the lines of the source leave room for that, the row is not settled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from verify.grounding import Spot
from verify.labels import squeeze
from verify.marks import parse
from verify.stream import Kind, Stream
from verify.used import Used
from verify.zones import rows_in

_FEWEST = 2
_ROWS = 30  # numbers of rows that a table may print
_PAGE = 100  # fewest characters of a page
_REMARK = re.compile(r"\([^()\n]*\)")


def unsettled(used: Sequence[Used], stream: Stream, block: Collection[int]) -> list[Used]:
    """Rows whose figures may be something else's.

    Args:
        used: Rows of the reading whose cells no identity ties together.
        stream: The source.
        block: Rows, by place, whose labels stand together before their figures.
    """
    alone = [use for use in used if len(use.row.columns) == 1 and use.at not in block]
    beside = [use for use in alone if use.spots[0].segment.label_on_line]
    found = [use for use in used if _opens_a_label(use.spots[-1], stream)]
    if 2 * len(beside) > len(alone):
        found += [use for use in alone if use not in beside and _is_set_off(use)]
    wide = [use for use in used if len(use.row.columns) > 1]
    parted = [use for use in wide if _is_parted(use)]
    if not _is_a_layout(wide):
        found += parted
    found += _stacked(used)
    found += [use for use in used if _is_broken(use, stream)]
    found += _empty_above(used, stream)
    found += [
        use for use in used if use.at in block and len({spot.entry.line for spot in use.spots}) > 1
    ]
    return found


def _is_a_layout(wide: Sequence[Used]) -> bool:
    """Whether all rows are parted alike, with a figure set off that is no page's number."""
    breaks = {_breaks(use) for use in wide}
    if len(wide) < _FEWEST or len(breaks) > 1:
        return False
    at = 0 if any(b[:1] == (True,) for b in breaks) else -1
    return not all(_may_count_lines(use.spots[at]) for use in wide)


def _breaks(use: Used) -> tuple[bool, ...]:
    """Between which figures of a row a line ends."""
    return tuple(a.entry.line != b.entry.line for a, b in pairwise(use.spots))


def _opens_a_label(spot: Spot, stream: Stream) -> bool:
    """A figure that opens a line on which text follows: a row's number as well as a cell."""
    text = stream.folded.text
    start = text.rfind("\n", 0, spot.entry.start) + 1
    if text[start : spot.entry.start].strip(" \t|") or spot.entry.line == spot.segment.text_line:
        return False
    end = text.find("\n", spot.entry.end)
    rest = _REMARK.sub("", text[spot.entry.end : end if end >= 0 else None])
    return _may_count_lines(spot) and any("\u4e00" <= c <= "\u9fff" for c in rest)


def _may_count_lines(spot: Spot) -> bool:
    """Whether a figure may be the number of a page or of a row, by its size and where it stands."""
    text = spot.entry.text
    if spot.entry.kind is not Kind.FIGURE or not (text.isascii() and text.isdigit()):
        return False
    most = _ROWS + spot.entry.start // _PAGE
    return len(text) <= len(str(most)) and 0 < int(text) <= most


def _is_set_off(use: Used) -> bool:
    """A lone figure on another line than its label."""
    spot = use.spots[0]
    labels = rows_in(spot.segment, "proactive")
    if not labels or labels[-1].likeness < 1:
        return False  # the label is cut by its figure
    return _may_count_lines(spot) and spot.entry.line != spot.segment.text_line


def _is_broken(use: Used, stream: Stream) -> bool:
    """A figure that goes on: 22 of 223其他 (3.其他 is a row), 3 of 31 that a line end cuts."""
    text = stream.folded.text
    bare = [s.entry.end for s in use.spots if s.entry.text[-1:].isdigit() and not s.entry.glued]
    if any(text[end : end + 1].isdigit() for end in bare):
        return True
    last = use.spots[-1].entry
    entries = use.spots[-1].segment.entries
    follower = next((e for e in entries if e.start > last.start), None)
    gap = text[last.end : follower.start] if follower else ""
    return gap == "\n" and len(use.row.columns) > 1 and use.spots[0].entry.line == last.line


def _empty_above(used: Sequence[Used], stream: Stream) -> list[Used]:
    """Rows that share a run though their labels do not stand together.

    The upper rows may be empty, and what seems theirs the lower row's, with a page number after it.
    """
    runs: dict[int, list[Used]] = {}
    for use in used:
        runs.setdefault(use.spots[0].segment.index, []).append(use)
    found = []
    for uses in runs.values():
        segment = uses[0].spots[0].segment
        labels = rows_in(segment, "proactive")
        if len(uses) < _FEWEST or len(labels) < _FEWEST:
            continue
        parted = any(labels[0].end <= m.start < labels[-1].start for m in segment.headers)
        words = stream.folded.text[segment.start : segment.entries[0].start]
        on_line = [m for m in parse(squeeze(words.rpartition("\n")[2])).marks if m.kind == "row"]
        if parted or 0 < len(on_line) < len(labels):
            found += uses
    return found


def _stacked(used: Sequence[Used]) -> list[Used]:
    """Rows of several columns whose labels stand together before one figure a line.

    The figures may go on row by row or column by column.
    """
    runs: dict[int, list[Used]] = {}
    for use in used:
        if len(use.row.columns) > 1:
            runs.setdefault(use.spots[0].segment.index, []).append(use)
    return [
        use
        for uses in runs.values()
        if len(uses) > 1
        and len(rows_in(uses[0].spots[0].segment, "proactive")) == len(uses)
        and all(len({spot.entry.line for spot in use.spots}) > 1 for use in uses)
        for use in uses
    ]


def _is_parted(use: Used) -> bool:
    """A row on one line but for one figure, which is alone on its own."""
    if use.spots[0].entry.glued:
        return False
    lines = [spot.entry.line for spot in use.spots]
    if len(lines) < _FEWEST or len(set(lines)) != len(set(lines[1:])) + (lines[0] != lines[1]):
        return False
    breaks = _breaks(use)
    if len(lines) == _FEWEST:
        return breaks[0] and use.spots[0].segment.text_line == use.spots[0].entry.line
    return sum(breaks) == 1 and (breaks[0] or breaks[-1])
