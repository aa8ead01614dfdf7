"""Which cell of a row each entry of its run fills, when the counts or the spelling leave a choice.

A run with one entry a cell has one placement. Otherwise every placement that the structure allows
is listed: gaps for empty cells, digits glued or split, a figure that belongs to something else; `verify.choices` chooses. The builtin reader
uses this to read, the verifier to see that a reading did not guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

from verify.figures import COUNT_UNITS, ZEROS, plain_digits
from verify.forms import Form
from verify.stream import Entry, Kind

Basis = Literal["direct", "fields", "glued", "joined", "gap", "dropped", "cut", "even"]


class Piece(NamedTuple):
    """What fills one cell: a range of the folded text and what stands there."""

    kind: Kind
    start: int
    end: int


Pieces = tuple[Piece | None, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One placement of a run on the cells of a row.

    Attributes:
        pieces: One for each cell; None is an empty cell.
        basis: What kind of placement it is.
        sure: Structure alone leaves no other.
    """

    pieces: Pieces
    basis: Basis
    sure: bool = False


_MOST = 400
_LONGEST_CUT = 5
_TOO_MANY_DIGITS = 7  # a figure of so many digits is not met; the cells of a row are


def is_summed(names: Sequence[str], form: Form) -> bool:
    """Whether the last of these cells is the sum of the others by an identity of the form."""
    return tuple(names) in form.sums


def _piece(entry: Entry) -> Piece:
    return Piece(entry.kind, entry.start, entry.end)


def _with_signs(entries: Sequence[Entry]) -> list[Piece]:
    """The pieces of a run, every minus joined to the digits that one blank parts from it."""
    pieces: list[Piece] = []
    for i, entry in enumerate(entries):
        if i and _is_sign(entries[i - 1], entry):
            pieces[-1] = Piece(entry.kind, entries[i - 1].start, entry.end)
        else:
            pieces.append(_piece(entry))
    return pieces


def _trails(entries: Sequence[Entry]) -> bool:
    """A mark or a word after a full row: an empty local column."""
    last = entries[-1]
    if last.kind is Kind.OTHER and any(c.isdigit() for c in last.text):
        return False  # .279 may be the rest of the figure before it
    return last.kind is not Kind.FIGURE and all(e.kind is Kind.FIGURE for e in entries[:-1])


def is_glued(text: str) -> bool:
    """Digits that must be several figures: no figure begins with a zero."""
    if len(text) < 2 or text[0] not in ZEROS:
        return False
    digits = plain_digits(text)
    return digits is not None and len(digits) > 1 and digits[0] == "0"


def is_direct(entries: Sequence[Entry], width: int) -> bool:
    """Whether a run fills a row in the plainest way: as many entries as cells, nothing glued."""
    return len(entries) == width and not [e for e in entries if is_glued(e.text)]


def options(
    entries: Sequence[Entry],
    width: int,
    *,
    grid: tuple[int, int] | None = None,
    fields: int = 0,
    summed: bool = False,
) -> list[Option]:
    """Every placement of a run on a row of ``width`` cells that structure allows.

    Args:
        entries: The run, in order.
        width: Cells of the row.
        grid: Where the whole table keeps one grid of tabs or pipes, the field of its first cell and
            the fields of a line.
        fields: Fields of the line of this run.
        summed: Whether the last cell is the sum of the others; long glued digits are then cut only
            where that holds.

    Returns:
        Placements; a single one with ``sure`` set when there is no choice. Empty when the run fits
        in no way, or in too many.
    """
    count = len(entries)
    if is_direct(entries, width):
        return [Option(tuple(map(_piece, entries)), "direct", sure=True)]
    glued = [e for e in entries if is_glued(e.text)]
    if count == 1 and entries[0].kind is Kind.BLANK:
        return [Option((None,) * width, "even", sure=True)]
    if count == width + 1 and not glued and _trails(entries):
        return [Option(tuple(map(_piece, entries[:-1])), "dropped", sure=True)]
    signed = _with_signs(entries) if count > width else ()
    if len(signed) == width:
        return [Option(tuple(signed), "joined", sure=True)]
    sure = _by_fields(entries, width, grid, fields, summed=summed) or _by_digits(
        entries, width, glued
    )
    if sure:
        return [sure]
    found: list[Option] = []
    if count < width:
        found += _gaps(entries, width)
    if count <= width:
        cuts = _cuts(entries, width)
        if cuts is None and summed and count == 1:
            cuts = _summed_cuts(entries[0], width)
        if cuts is None:
            return []
        found += cuts
    if count > width:
        found += _joins(entries, width)
    if count == width + 1:
        found += _drops(entries)
    return found if len(found) <= _MOST else []


def _by_fields(
    entries: Sequence[Entry], width: int, grid: tuple[int, int] | None, fields: int, *, summed: bool
) -> Option | None:
    """Tabs or pipes of one line that leave each entry one cell."""
    if not entries[0].fielded or entries[0].line != entries[-1].line:
        return None
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.field, []).append(entry)
    if any(len(g) > 1 and (g[0].shares or not _joinable(g)) for g in groups.values()):
        return None
    if not summed and any(_may_be_two(g) for g in groups.values()):
        return None
    pieces = {at: Piece(g[-1].kind, g[0].start, g[-1].end) for at, g in groups.items()}
    if any(is_glued(g[0].text) for g in groups.values()):
        return None
    first, last = min(pieces), max(pieces)
    if len(pieces) == width:
        return Option(tuple(pieces[at] for at in sorted(pieces)), "fields", sure=True)
    base = None
    if last - first + 1 == width:
        base = first
    elif grid is not None and fields == grid[1] and grid[0] <= first and last < grid[0] + width:
        base = grid[0]
    if base is None:
        return None
    return Option(tuple(pieces.get(base + i) for i in range(width)), "fields", sure=True)


def _joinable(group: Sequence[Entry]) -> bool:
    """Figures that can be one figure with blanks in it."""
    if len(group) == 2 and _is_sign(group[0], group[1]):
        return True
    if any(e.fielded for e in group) and len({(e.line, e.field) for e in group}) > 1:
        return False  # digits in two cells are two figures, whatever their sum
    plain = all(e.kind is Kind.FIGURE and e.text.isascii() for e in group)
    return (
        plain
        and all(e.text.isdigit() for e in group[1:-1])
        and group[-1].text.rstrip(COUNT_UNITS).isdigit()
        and group[0].text.lstrip("+-").isdigit()
        and group[0].text.lstrip("+-")[0] != "0"
    )


def _may_be_two(group: Sequence[Entry]) -> bool:
    """Figures in one field that no sum proves to be one: 397 418, 12 5; not the digits 3 9 7."""
    if len(group) < 2 or _is_sign(group[0], group[1]):
        return False
    return any(len(e.text.lstrip("+-").rstrip(COUNT_UNITS)) > 1 for e in group)


def _is_sign(sign: Entry, figure: Entry) -> bool:
    """A minus that one blank parts from its digits."""
    return (
        sign.text == "-"
        and figure.kind is Kind.FIGURE
        and figure.start - sign.end == 1
        and figure.line == sign.line
        and figure.field == sign.field
        and figure.text.isdigit()
    )


def _by_digits(entries: Sequence[Entry], width: int, glued: Sequence[Entry]) -> Option | None:
    """Glued single digits, when their number is the number of cells."""
    runs = [plain_digits(e.text) if e.kind is Kind.FIGURE else "-" for e in entries]
    if None in runs or sum(len(run or "") for run in runs) != width:
        return None
    alone = len(entries) == 1 and width > 1
    touching = alone and entries[0].glued
    if not (glued or touching or (alone and width >= _TOO_MANY_DIGITS)):
        return None
    pieces: list[Piece] = []
    for entry in entries:
        if entry.kind is Kind.FIGURE:
            pieces += [Piece(Kind.FIGURE, at, at + 1) for at in range(entry.start, entry.end)]
        else:
            pieces.append(_piece(entry))
    return Option(tuple(pieces), "glued", sure=bool(glued) or touching)


def _gaps(entries: Sequence[Entry], width: int) -> list[Option]:
    """Every way to leave cells empty; fields of one line keep their distances."""
    if any(is_glued(e.text) for e in entries):
        return []
    pieces = [_piece(e) for e in entries]
    one_line = entries[0].fielded and entries[0].line == entries[-1].line
    if one_line:
        offsets = [e.field - entries[0].field for e in entries]
        distinct = len(set(offsets)) == len(offsets)
        if distinct and len(offsets) - 1 < offsets[-1] < width:  # empty fields are kept
            found = []
            for shift in reversed(range(width - offsets[-1])):
                row: list[Piece | None] = [None] * width
                for piece, offset in zip(pieces, offsets, strict=True):
                    row[shift + offset] = piece
                found.append(Option(tuple(row), "gap"))
            return found
    found = []
    for chosen in combinations(range(width), len(pieces)):
        row = [None] * width
        for piece, at in zip(pieces, chosen, strict=True):
            row[at] = piece
        found.append(Option(tuple(row), "gap"))
        if len(found) > _MOST:
            return []
    return found


def _cuts(entries: Sequence[Entry], width: int) -> list[Option] | None:
    """Every way to cut digits that touch into exactly one figure a cell; None when too many."""
    found: list[Option] = []
    overflow: list[int] = []

    def extend(i: int, row: tuple[Piece, ...]) -> None:
        if len(found) > _MOST:
            return
        if i == len(entries):
            if len(row) == width:
                found.append(Option(row, "cut"))
            return
        entry = entries[i]
        spare = width - len(row) - (len(entries) - i) + 1
        if entry.kind is not Kind.FIGURE or not (entry.text.isascii() and entry.text.isdigit()):
            if spare >= 1:
                extend(i + 1, (*row, _piece(entry)))
            return
        splits = _splits(entry.text, spare)
        if splits is None:
            overflow.append(i)
            return
        for parts in splits:
            at = entry.start
            pieces = []
            for part in parts:
                pieces.append(Piece(Kind.FIGURE, at, at + part))
                at += part
            extend(i + 1, (*row, *pieces))

    if any(e.kind is Kind.FIGURE and len(e.text) > 1 for e in entries):
        if sum(len(e.text) for e in entries) > _LONGEST_CUT * width:
            return None
        extend(0, ())
    return None if overflow or len(found) > _MOST else found


def _splits(text: str, most: int) -> list[tuple[int, ...]] | None:
    """Lengths of the parts, each a figure without a leading zero; None when there are too many."""
    found: list[tuple[int, ...]] = []

    def extend(at: int, lengths: tuple[int, ...]) -> None:
        if len(found) > _MOST or len(lengths) > most:
            return
        if at == len(text):
            found.append(lengths)
            return
        longest = 1 if text[at] == "0" else len(text) - at
        for length in range(1, longest + 1):
            extend(at + length, (*lengths, length))

    extend(0, ())
    return found if len(found) <= _MOST else None


def _summed_cuts(entry: Entry, width: int) -> list[Option] | None:
    """Every way to cut glued digits so that the last figure is the sum of the others."""
    text = entry.text
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_SUMMED:
        return None
    found: list[Option] = []
    steps = 0

    def extend(at: int, end: int, left: int, lengths: tuple[int, ...]) -> None:
        nonlocal steps
        steps += 1
        if steps > _MOST_STEPS:
            return
        if len(lengths) == width - 1:
            if at == end and left == 0:
                found.append(_cut_at(entry, (*lengths, len(text) - end)))
            return
        longest = 1 if at < end and text[at] == "0" else end - at
        for length in range(1, longest + 1):
            value = int(text[at : at + length])
            if value > left:
                break
            extend(at + length, end, left - value, (*lengths, length))

    for end in range(width - 1, len(text)):
        if text[end] != "0" or end == len(text) - 1:
            extend(0, end, int(text[end:]), ())
    return found if len(found) <= _MOST and steps <= _MOST_STEPS else None


_LONGEST_SUMMED = 45
_MOST_STEPS = 20_000


def _cut_at(entry: Entry, lengths: Sequence[int]) -> Option:
    pieces = []
    at = entry.start
    for length in lengths:
        pieces.append(Piece(Kind.FIGURE, at, at + length))
        at += length
    return Option(tuple(pieces), "cut")


def _joins(entries: Sequence[Entry], width: int) -> list[Option]:
    """Every way to join neighbours into one figure that was split."""
    extra = len(entries) - width
    if extra > 3 or len(entries) > 18:
        return []
    found = []
    for joints in combinations(range(len(entries) - 1), extra):
        row: list[Piece] = []
        group: list[Entry] = []
        good = True
        for i, entry in enumerate(entries):
            group.append(entry)
            if i in joints:
                continue
            if len(group) > 1 and not _joinable(group):
                good = False
                break
            kind = group[-1].kind if len(group) > 1 else group[0].kind
            row.append(Piece(kind, group[0].start, group[-1].end))
            group = []
        if good:
            found.append(Option(tuple(row), "joined"))
    return found


def _drops(entries: Sequence[Entry]) -> list[Option]:
    """Every way to leave one entry to something else, such as a page number."""
    if any(is_glued(e.text) for e in entries):
        return []
    last_first = range(len(entries) - 1, -1, -1)
    return [
        Option(tuple(_piece(e) for j, e in enumerate(entries) if j != i), "dropped")
        for i in last_first
        if entries[i].kind is not Kind.BLANK
    ]
