"""Words in the place of a row's label: whether they may be what is left of it, or are another row's."""

from __future__ import annotations

from verify.forms import DISCLOSURE, Row, Table
from verify.labels import begun_by, likeness, may_hold, without_fillers
from verify.marks import Mark, parse
from verify.stream import Kind, Segment
from verify.used import Used
from verify.zones import Zone

_WORDS = 4
_FEW = 2
_LABEL = 40  # longest part of a label after its figures
_SIMILAR = 0.3  # below this, unknown words in a label's place are another row's


def all_used(zone: Zone, used: list[Used], low: int, high: int) -> bool:
    """Whether every run with figures between two neighbours is one of the rows between them."""
    start = used[low].spots[-1].segment.index if low >= 0 else -1
    end = used[high].spots[0].segment.index if high < len(used) else zone.segments[-1].index + 1
    runs = {spot.segment.index for use in used for spot in use.spots}
    return not any(
        start < segment.index < end
        and segment.index not in runs
        and any(entry.kind is Kind.FIGURE for entry in segment.entries)
        for segment in zone.segments
    )


def is_of_another_form(mark: Mark, index: dict[str, int]) -> bool:
    """Whether a verbatim label is that of one of the three rows （六）, and the form read has one."""
    return mark.likeness == 1 and mark.ids <= _THREE and not mark.ids & index.keys()


_THREE = DISCLOSURE.only_rows("requests", "2021")


def unknown_before_run(segment: Segment) -> str:
    """The words right before a run that name nothing of the form."""
    end = max((m.end for m in segment.marks), default=0)
    return "".join(text for start, text in segment.parsed.unknown if start >= end)[-60:]


def own_words(segment: Segment) -> str:
    """The words in a label's place, those that share their word with a group's label too."""
    unknown = unknown_before_run(segment)
    last = segment.marks[-1] if segment.marks else None
    if unknown or last is None or last.kind != "word" or last.end != len(segment.tail):
        return unknown
    group = segment.tail[last.start :]
    return without_fillers(segment.words[-1].removesuffix(group))


def stands_around(
    segment: Segment, odd: str, follower: Segment | None, table: Table, row: Row
) -> bool:
    """Whether a row's label is cut by its figures: it begins before them, and may end after them."""
    if not segment.words:
        return False
    begun = begun_by(segment.words[-1], table.id) & {other.id for other in table.rows}
    return begun == {row.id} or is_whole_around(segment, odd, follower, table, row)


def is_whole_around(
    segment: Segment, odd: str, follower: Segment | None, table: Table, row: Row
) -> bool:
    """Whether the words before and behind the figures of a row are together its label, verbatim."""
    if follower is None or not segment.words:
        return False
    for before in (odd, segment.words[-1]):
        for mark in parse(before + follower.tail[:_LABEL]).marks:
            parted = mark.start < len(before) < mark.end
            if parted and mark.kind == "row" and mark.likeness == 1 and table.id in mark.tables:
                return row.id in mark.ids
    return False


def is_strange(unknown: str, segment: Segment | None, table: Table, row: Row) -> bool:
    """Whether words in a label's place are not what is left of this row's label."""
    if len(unknown) >= _WORDS:
        return not _may_be(unknown, segment, table, row)
    return len(unknown) >= _FEW and not may_hold(unknown, table.id, row.id)


def _may_be(unknown: str, segment: Segment | None, table: Table, row: Row) -> bool:
    """Whether words that name no row may be what is left of this row's label, and of no other's."""
    last = segment.words[-1] if segment is not None and segment.words else unknown
    for text in (unknown, last):
        alike = likeness(text, table.id, row.id)
        if alike >= _SIMILAR and all(
            likeness(text, table.id, other.id) < alike for other in table.rows if other != row
        ):
            return True
    return False
