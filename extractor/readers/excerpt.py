"""The parts of a report that a model is shown: its printed tables, figures numbered with short marks.

Only the stretches of text that belong to a table are shown, as they stand in the source but for
blanks and line ends; sentences before, between and after are not, and neither is anything that looks
like a way to reach a person. A *candidate* is a group of figures that may be one row: it has a number,
and its figures have letters. Figures of candidates that fill a row one by one behind an
official label are not shown at all, only counted: to point at them their digits are not needed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractor.readers.builtin import editions_told
from extractor.readers.personal import reaching, without_ways
from verify.columns import column_order
from verify.forms import (
    DISCLOSURE,
    PROCEEDINGS,
    TableId,
    every_form,
)
from verify.labels import spelled, squeeze
from verify.layout import Layout
from verify.marks import Mark
from verify.placement import is_glued
from verify.proceedings import arrange
from verify.stream import Entry, Kind, Segment
from verify.zones import Zone, rows_in

WIDTH: dict[TableId, int] = {
    id: max(max(table.widths) for table in editions.values())
    for id, editions in DISCLOSURE.tables.items()
}
MOST_MARKS = 899  # numbers from 900 are those of the examples in the prompts
_HEIGHTS = frozenset({23, 25})
_FAR = 60  # characters that nothing explains are prose
_APART = 8  # so many between two headers are a sentence
_LONGEST_FIGURE = 12
REACH = 7  # digits of a telephone number at least
MOST_SHOWN = 60  # figures of one candidate; longer ones are only counted
_MOST_BEFORE = 8
_LETTERS = 26
_MOST_TEXT = 2_000  # characters before one run; no label is longer
_MOST_BETWEEN = 400  # characters between two figures, blanks included
_LETTERED = 9  # from so many figures on their letters are shown
_BEFORE = "（(）)0123456789.．、 一二三四五六七八九十第"
_BLANKS = re.compile(r"[\s|\u3000\u2502\u2503\u2506\u2507\u250a-\u257f]+")
_RULES = re.compile(r"[-—=_+|:─━═┄┅┈┉\u2500-\u257f]{3,}")
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Figures that may be one row, or one column.

    Attributes:
        mark: Its number in the excerpt, from 1.
        entries: In order.
        segment: Where they stand.
        regular: Whether its figures fill a row one by one.
        shown: Whether its figures are shown one by one.
    """

    mark: int
    entries: tuple[Entry, ...]
    segment: Segment
    regular: bool
    shown: bool


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One printed copy of a table in an excerpt.

    Attributes:
        zone: The copy.
        marks: The marks of its candidates.
    """

    zone: Zone
    marks: range


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Printed copies of tables as a model is shown them.

    Attributes:
        parts: The copies, in order of the source.
        candidates: By their marks, the first is 1.
        text: What is shown.
        sheets: Names of the sheets (`prompts.SHEETS`) of the tables of which something is shown.
        irregular: Whether some rows, or columns, need more to be said than which mark is theirs.
    """

    parts: tuple[Part, ...]
    candidates: tuple[Candidate, ...]
    text: str
    sheets: tuple[str, ...]
    irregular: bool

    def candidate(self, mark: int) -> Candidate | None:
        """The candidate with this mark."""
        return self.candidates[mark - 1] if 1 <= mark <= len(self.candidates) else None

    def candidates_of(self, part: Part) -> tuple[Candidate, ...]:
        """The candidates of one copy."""
        return self.candidates[part.marks.start - 1 : part.marks.stop - 1]


def cut(layout: Layout, zones: Sequence[Zone], *, only: Collection[int] | None = None) -> Excerpt:
    """The excerpt of printed copies, with marks.

    Args:
        layout: The source.
        zones: The copies, in order of the source.
        only: Show no more than the candidates with these marks; their numbers do not change.
    """
    candidates: list[Candidate] = []
    parts: list[Part] = []
    for zone in zones:
        first = len(candidates) + 1
        candidates += _candidates(zone, first)
        parts.append(Part(zone, range(first, len(candidates) + 1)))
    told = [
        (part.zone, own, text)
        for part in parts
        if (own := candidates[part.marks.start - 1 : part.marks.stop - 1])
        and (text := _shown_part(layout, part.zone, own, only))
    ]
    sheets = dict.fromkeys(sheet for zone, _, _ in told for sheet in _sheets(zone))
    plain = only is None and all(
        is_plain(zone) and all(candidate.regular for candidate in own) for zone, own, _ in told
    )
    text = "\n".join(text for _, _, text in told)
    return Excerpt(tuple(parts), tuple(candidates), text, tuple(sheets), not plain)


def _sheets(zone: Zone) -> list[str]:
    if zone.table == "proactive":
        return [f"proactive_{edition}" for edition in editions_told(zone)]
    return [zone.table]


def _shown_part(
    layout: Layout, zone: Zone, candidates: Sequence[Candidate], only: Collection[int] | None
) -> str:
    lines: list[str] = []
    left_out = False
    plain = only is None and is_plain(zone)
    regular = plain and all(c.regular for c in candidates)
    for at, segment in enumerate(zone.segments):
        own = [c for c in candidates if c.segment is segment and (only is None or c.mark in only)]
        if own:
            text = ""
            if regular or (plain and at and all(c.regular for c in own)):
                text = _labels_alone(layout, segment, zone.table)
            text = text or shown_text(layout, segment, zone.table, first=at == 0)
            lines += [HIDDEN] if left_out else []
            lines.append(f"{text} {' '.join(_marks(layout, own, WIDTH[zone.table]))}".strip())
        left_out = not own
    after = _after(layout, zone)
    if after and not left_out:
        lines.append(after)
    return "\n".join(lines)


def is_plain(zone: Zone) -> bool:
    """Whether code knows the columns of a copy by its headers: then they need not be shown."""
    if zone.table == "proceedings":
        return arrange(zone, PROCEEDINGS) is not None
    editions = editions_told(zone) if zone.table == "proactive" else ["2021"]
    order = column_order(zone, DISCLOSURE.tables[zone.table][editions[0]])
    return len(editions) == 1 and order is not None and not order.by_width


def _labels_alone(layout: Layout, segment: Segment, table: TableId) -> str:
    """The verbatim labels that end a text, or that headers of table 四 stand between; else nothing."""
    labels: list[Mark] = []
    for mark in reversed(segment.marks):
        if mark.kind == "row" and table in mark.tables and mark.likeness == 1:
            labels.append(mark)
        elif table != "proceedings" or mark.kind not in ("column", "word"):
            break
    if not labels or (table != "proceedings" and labels[0].end < len(segment.tail)):
        return ""
    if any(labels[-1].start <= start for start, _ in segment.parsed.unknown):
        return ""
    source = layout.text_of(segment.start, segment.entries[0].start)
    text = _last(source, len(spelled(segment.tail[labels[-1].start :])))
    kept = len(spelled(segment.tail[labels[-1].start : labels[0].end]))
    return _clean(text if labels[0].end == len(segment.tail) else _first(text, kept) + HIDDEN)


def _candidates(zone: Zone, first: int) -> list[Candidate]:
    """The candidates of a copy, the first of them with the mark ``first``."""
    width = WIDTH[zone.table]
    found: list[Candidate] = []
    for segment in zone.segments:
        groups = _groups(segment.entries, width)
        labelled = [mark for mark in rows_in(segment, zone.table) if mark.likeness == 1]
        for group in groups:
            known = len(groups) <= len(labelled)
            plain = all(e.kind is Kind.FIGURE and not is_glued(e.text) for e in group)
            fits = plain and len(group) in (_widths(labelled) if known else {width})
            regular = fits and (known or len(groups) > 1)
            column = plain and len(group) in _HEIGHTS and zone.table == "requests"
            shown = not (column or regular or len(group) > MOST_SHOWN)
            found.append(Candidate(first + len(found), tuple(group), segment, regular, shown))
    return found[: max(0, MOST_MARKS + 1 - first)]


def _widths(labels: Sequence[Mark]) -> set[int]:
    """How many cells the rows have that the last label may name."""
    ids = labels[-1].ids
    return {
        len(row.columns)
        for form in every_form()
        for table in form.tables
        if table.id in labels[-1].tables
        for row in table.rows
        if row.id in ids
    }


def _groups(entries: Sequence[Entry], width: int) -> list[list[Entry]]:
    """Entries of a run in groups that may be rows: by line, else by the width of the table."""
    lines: dict[int, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.line, []).append(entry)
    if len(lines) > 1 and all(len(line) > 1 for line in lines.values()):
        return list(lines.values())
    if len(entries) > width and len(entries) % width == 0 and len(entries) not in _HEIGHTS:
        return [list(entries[i : i + width]) for i in range(0, len(entries), width)]
    return [list(entries)] if entries else []


def _marks(layout: Layout, candidates: Sequence[Candidate], width: int) -> Iterator[str]:
    """The marks of one run; neighbours with equally many figures, not shown, are written as a range."""
    hidden = reaching(layout, candidates[0].segment) if any(c.shown for c in candidates) else set()

    def together(candidate: Candidate) -> tuple[bool, int]:
        return candidate.shown, candidate.mark if candidate.shown else len(candidate.entries)

    for (shown, _), group in groupby(candidates, together):
        first, *more = group
        count = len(first.entries)
        told = "" if count <= width else f"×{count}"
        if shown:
            yield f"[{first.mark}] {_one_by_one(layout, first.entries, hidden)}"
        elif more:
            yield f"[{first.mark}-{more[-1].mark}]{told}"
        else:
            yield f"[{first.mark}]{told}"


def letter(index: int) -> str:
    """The letter or letters of a figure in its candidate: a, b, …, z, aa, ab."""
    first, second = divmod(index, _LETTERS)
    return (chr(96 + first) if first else "") + chr(97 + second)


def _one_by_one(layout: Layout, entries: Sequence[Entry], hidden: Collection[int]) -> str:
    """Figures one by one, with what stands between them: empty fields, remarks, units."""
    words: list[str] = []
    before: Entry | None = None
    for index, entry in enumerate(entries):
        if before is not None:
            if entry.fielded and before.line == entry.line:
                words += ["·"] * min(_MOST_BEFORE, max(0, entry.field - before.field - 1))
            words.append(_between(layout, before, entry))
        name = f"{letter(index)}=" if len(entries) >= _LETTERED else ""
        words.append(name + _shown(layout, entry, hidden=entry.start in hidden))
        before = entry
    return " ".join(word for word in words if word)


def _between(layout: Layout, before: Entry, entry: Entry) -> str:
    if entry.start <= before.end:
        return ""
    if entry.start - before.end > _MOST_BETWEEN:
        return HIDDEN
    text = _clean(layout.text_of(before.end, entry.start))
    return text if len(text) <= _FAR else HIDDEN


def _shown(layout: Layout, entry: Entry, *, hidden: bool) -> str:
    """An entry as it stands; of digits long enough for a telephone number only how many they are."""
    digits = sum(character.isdigit() for character in entry.text)
    if hidden or digits > REACH or len(entry.text) > _LONGEST_FIGURE:
        return f"□×{len(entry.text)}"
    return _clean(layout.text_of(entry.start, entry.end))


def shown_text(layout: Layout, segment: Segment, table: TableId, *, first: bool) -> str:
    """The text before a run as far as it belongs to the table."""
    begin = 0
    for start, unknown in segment.parsed.unknown:
        if len(unknown) > _FAR:
            begin = start + len(unknown)
    if first:
        begin = max(begin, _head(segment, table))
    wanted = len(spelled(segment.tail[begin:]))
    end = segment.entries[0].start if segment.entries else len(layout.stream.folded.text)
    if end <= segment.start:
        return ""
    source = layout.text_of(segment.start, end)
    return _clean(_last(source, wanted))


def _head(segment: Segment, table: TableId) -> int:
    """Where headers and labels begin that stand together; sentences that use their words do not."""
    begin = len(segment.tail)
    for mark in reversed(segment.marks):
        unknown = sum(
            len(text) for start, text in segment.parsed.unknown if mark.end <= start < begin
        )
        if begin < len(segment.tail) and (unknown > _APART or table not in mark.tables):
            break
        begin = mark.start
    return begin if begin < len(segment.tail) else 0


def _last(text: str, wanted: int) -> str:
    """The end of a text with so many Chinese characters, ordinals and brackets before them kept."""
    at = len(text)
    while at > 0 and wanted > 0:
        at -= 1
        wanted -= len(squeeze(text[at])) or (1 if text[at] > "\u2e80" and text[at].isalpha() else 0)
    kept = at
    while at > 0 and kept - at < _MOST_BEFORE and text[at - 1] in _BEFORE:
        at -= 1
    return text[at:]


def _after(layout: Layout, zone: Zone) -> str:
    """Row labels after the last run, where labels follow their figures."""
    after = zone.after
    if after is None or not rows_in(after, zone.table):
        return ""
    end = 0
    for mark in after.marks:
        if mark.kind in ("heading", "end", "title") or zone.table not in mark.tables:
            break
        end = mark.end
    wanted = len(spelled(after.tail[:end]))
    stop = after.entries[0].start if after.entries else len(layout.stream.folded.text)
    if not wanted or stop <= after.start or len(after.words) > len(after.tail):
        return ""
    return _clean(_first(layout.text_of(after.start, stop), wanted))


def _first(text: str, wanted: int) -> str:
    """The beginning of a text with so many Chinese characters, and the ordinal before them."""
    at = 0
    while at < len(text) and wanted > 0:
        wanted -= len(squeeze(text[at])) if at or text[at] not in _BEFORE else 0
        at += 1
    return text[:at]


def _clean(text: str) -> str:
    """Text fit to be sent: no way to reach a person, no rules of a drawn table, one kind of blank."""
    kept = _RULES.sub(" ", without_ways(text[-_MOST_TEXT:], HIDDEN))
    kept = kept.encode("utf-8", "replace").decode()
    return _BLANKS.sub(" ", kept).strip()
