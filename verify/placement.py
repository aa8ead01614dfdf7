"""Which cell of a row each entry of its run fills, when the counts or the spelling leave a choice.

A run with one entry a cell has one placement. Otherwise every placement that the structure allows
is listed: gaps for empty cells, digits glued or split, a figure that belongs to something else. They
are then judged together: placements that come to the same figures are one; those that break an
identity are out; if exactly one is left it is decided, else nothing is. The builtin reader uses this
to read, the verifier to see that a reading did not guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

from verify.arithmetic import check, deduce
from verify.figures import Number, read_figure
from verify.forms import Identity, ValueKind
from verify.stream import Entry, Kind

Basis = Literal["direct", "fields", "glued", "joined", "gap", "dropped", "cut", "even"]


@dataclass(frozen=True, slots=True)
class Piece:
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
    return entries[-1].kind is not Kind.FIGURE and all(e.kind is Kind.FIGURE for e in entries[:-1])


def _is_glued(text: str) -> bool:
    return len(text) > 1 and text[0] == "0" and text.isascii() and text.isdigit()


def options(
    entries: Sequence[Entry],
    width: int,
    *,
    grid: int | None = None,
    grid_fields: int = 0,
    fields: int = 0,
) -> list[Option]:
    """Every placement of a run on a row of ``width`` cells that structure allows.

    Args:
        entries: The run, in order.
        width: Cells of the row.
        grid: Field of the first cell where the whole table keeps one grid of tabs or pipes.
        grid_fields: Fields of a line of that grid.
        fields: Fields of the line of this run.

    Returns:
        Placements; a single one with ``sure`` set when there is no choice. Empty when the run fits
        in no way, or in too many.
    """  # fmt: skip
    count = len(entries)
    glued = [e for e in entries if _is_glued(e.text)]
    if count == width and not glued:
        return [Option(tuple(map(_piece, entries)), "direct", sure=True)]
    if count == 1 and entries[0].kind is Kind.BLANK:
        return [Option((None,) * width, "even", sure=True)]
    if count == width + 1 and not glued and _trails(entries):
        return [Option(tuple(map(_piece, entries[:-1])), "dropped", sure=True)]
    signed = _with_signs(entries) if count > width else ()
    if len(signed) == width:
        return [Option(tuple(signed), "joined", sure=True)]
    sure = _by_fields(entries, width, grid, grid_fields, fields) or _by_digits(
        entries, width, glued
    )
    if sure:
        return [sure]
    found: list[Option] = []
    if count < width:
        found += _gaps(entries, width)
    if count <= width:
        found += _cuts(entries, width)
    if count > width:
        found += _joins(entries, width)
    if count == width + 1:
        found += _drops(entries, width)
    return found if len(found) <= _MOST else []


def _by_fields(
    entries: Sequence[Entry], width: int, grid: int | None, grid_fields: int, fields: int
) -> Option | None:
    """Tabs or pipes of one line that leave each entry one cell."""
    if not entries[0].fielded or entries[0].line != entries[-1].line:
        return None
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.field, []).append(entry)
    if any(len(group) > 1 and not _joinable(group) for group in groups.values()):
        return None
    pieces = {at: Piece(g[-1].kind, g[0].start, g[-1].end) for at, g in groups.items()}
    if any(_is_glued(g[0].text) for g in groups.values()):
        return None
    first, last = min(pieces), max(pieces)
    if len(pieces) == width:
        return Option(tuple(pieces[at] for at in sorted(pieces)), "fields", sure=True)
    base = None
    if last - first + 1 == width:
        base = first
    elif grid is not None and fields == grid_fields and grid <= first and last < grid + width:
        base = grid
    if base is None:
        return None
    return Option(tuple(pieces.get(base + i) for i in range(width)), "fields", sure=True)


def _joinable(group: Sequence[Entry]) -> bool:
    """Figures that can be one figure with blanks in it."""
    if len(group) == 2 and _is_sign(group[0], group[1]):
        return True
    plain = all(e.kind is Kind.FIGURE and e.text.isascii() for e in group)
    return (
        plain
        and all(e.text.isdigit() for e in group[1:])
        and group[0].text.lstrip("+-").isdigit()
        and group[0].text.lstrip("+-")[0] != "0"
    )


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
    if not all(
        e.kind is not Kind.FIGURE or (e.text.isascii() and e.text.isdigit()) for e in entries
    ):
        return None
    digits = sum(len(e.text) if e.kind is Kind.FIGURE else 1 for e in entries)
    if digits != width or not (glued or (len(entries) == 1 and entries[0].glued and width > 1)):
        return None
    pieces: list[Piece] = []
    for entry in entries:
        if entry.kind is Kind.FIGURE:
            pieces += [Piece(Kind.FIGURE, at, at + 1) for at in range(entry.start, entry.end)]
        else:
            pieces.append(_piece(entry))
    return Option(tuple(pieces), "glued", sure=True)


def _gaps(entries: Sequence[Entry], width: int) -> list[Option]:
    """Every way to leave cells empty; fields of one line keep their distances."""
    if any(_is_glued(e.text) for e in entries):
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


def _cuts(entries: Sequence[Entry], width: int) -> list[Option]:
    """Every way to cut digits that touch into exactly one figure a cell."""
    found: list[Option] = []

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
        for parts in _splits(entry.text, spare):
            at = entry.start
            pieces = []
            for part in parts:
                pieces.append(Piece(Kind.FIGURE, at, at + part))
                at += part
            extend(i + 1, (*row, *pieces))

    if any(e.kind is Kind.FIGURE and len(e.text) > 1 for e in entries):
        if sum(len(e.text) for e in entries) > 4 * width:
            return []
        extend(0, ())
    return [option for option in found if len(set(option.pieces)) == width]


def _splits(text: str, most: int) -> list[tuple[int, ...]]:
    """Lengths of the parts, each a figure without a leading zero, at most ``most`` parts."""
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
    return [lengths for lengths in found if len(lengths) <= most]


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


def _drops(entries: Sequence[Entry], width: int) -> list[Option]:
    """Every way to leave one entry to something else, such as a page number."""
    if any(_is_glued(e.text) for e in entries):
        return []
    last_first = range(len(entries) - 1, -1, -1)
    return [
        Option(tuple(_piece(e) for j, e in enumerate(entries) if j != i), "dropped")
        for i in last_first
        if entries[i].kind is not Kind.BLANK
    ]


# --- judging ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A row, or a table in one row, whose placement has to be chosen.

    Attributes:
        cells: Their names.
        kinds: Their kinds.
        options: Placements that structure allows.
    """

    cells: tuple[str, ...]
    kinds: tuple[ValueKind, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome for a block.

    Attributes:
        option: The placement, or None when it could not be decided.
        by: ``structure``, ``same`` (all placements come to the same figures), ``identities``
            (exactly one satisfies every identity), or ``ambiguous`` or ``none`` without an option.
    """

    option: Option | None
    by: Literal["structure", "same", "identities", "ambiguous", "none"]


Vector = tuple[Number | None, ...]
_MOST_COMBINATIONS = 3000


def judge(
    blocks: Sequence[Block],
    known: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Choose a placement for each block, or say that none can be chosen.

    Args:
        blocks: Rows with their options.
        known: Figures of the cells outside the blocks.
        identities: The identities of the form.
        text_of: Source text of a folded range.
    """
    classes: list[list[tuple[Vector, Option]]] = []
    for block in blocks:
        classes.append(_classes(block, identities, text_of))
    open_blocks = [i for i, found in enumerate(classes) if len(found) > 1]
    survivors = _survivors(blocks, classes, open_blocks, known, identities)
    choices = []
    for i, found in enumerate(classes):
        if not found:
            choices.append(Choice(None, "none"))
        elif len(found) == 1:
            sole = len(blocks[i].options)
            by: Literal["structure", "same", "identities"] = "same"
            if sole == 1:
                by = "structure" if found[0][1].sure else "identities"
            elif found[0][1].basis in ("joined", "cut", "dropped"):
                by = "identities"
            choices.append(Choice(found[0][1], by))
        else:
            left = {combo[open_blocks.index(i)] for combo in survivors}
            if len(left) == 1:
                choices.append(Choice(found[left.pop()][1], "identities"))
            else:
                choices.append(Choice(None, "ambiguous"))
    choices = _one_column_lost(blocks, choices, known, identities, text_of)
    return _confirmed(blocks, choices, known, identities, text_of)


def _one_column_lost(
    blocks: Sequence[Block],
    choices: list[Choice],
    known: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Where most rows lack one figure a whole column may be lost: which one must be certain.

    A lost column moves every row alike, so the column sums agree with several answers. Each column
    is tried as the lost one in all these rows; unless one alone is possible, no row is decided by
    the identities. Rows that are not fully read prove nothing here and are left out.
    """
    short = [i for i, block in enumerate(blocks)
             if block.options and all(o.pieces.count(None) == 1 for o in block.options
                                      if o.basis == "gap")
             and any(o.basis == "gap" for o in block.options)]  # fmt: skip
    if len(short) < _SYSTEMATIC or not any(choices[i].by == "identities" for i in short):
        return choices
    rows: dict[str, list[str]] = {}
    for name in known:
        rows.setdefault(name.rpartition(".")[0], []).append(name)
    values: dict[str, Number | None] = {
        name: known[name]
        for names in rows.values() if len(names) == max(len(n) for n in rows.values())
        for name in names
    }  # fmt: skip
    possible: set[tuple[Vector, ...]] = set()
    for column in range(len(blocks[short[0]].cells)):
        vectors = [_with_gap(blocks[i], column, identities, text_of) for i in short]
        if any(vector is None for vector in vectors):
            continue
        trial = dict(values)
        for i, vector in zip(short, vectors, strict=True):
            trial.update(zip(blocks[i].cells, vector or (), strict=True))
        if not check(identities, trial).failed:
            possible.add(tuple(vector for vector in vectors if vector is not None))
    if len(possible) <= 1:
        return choices
    return [
        Choice(None, "ambiguous") if i in short and choice.by == "identities" else choice
        for i, choice in enumerate(choices)
    ]


_SYSTEMATIC = 5


def _with_gap(
    block: Block, column: int, identities: Sequence[Identity], text_of: Callable[[int, int], str]
) -> Vector | None:
    """The figures of a row whose empty cell is the given one, filled in by its own identity."""
    options = tuple(
        option for option in block.options
        if option.basis == "gap" and len(option.pieces) > column and option.pieces[column] is None
    )  # fmt: skip
    if not options:
        return None
    found = _classes(Block(block.cells, block.kinds, options), identities, text_of)
    return found[0][0] if found else None


def _confirmed(
    blocks: Sequence[Block],
    choices: list[Choice],
    known: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Take back choices that arithmetic made and that arithmetic contradicts elsewhere."""
    values: dict[str, Number | None] = dict(known)
    for block, choice in zip(blocks, choices, strict=True):
        vector: Vector | None = None
        if choice.option is not None:
            vector = figures_of(block, choice.option, text_of)
        values.update(zip(block.cells, vector or (None,) * len(block.cells), strict=True))
    broken = {name for rule in check(identities, values).failed for name in rule.cells}
    return [
        Choice(None, "ambiguous")
        if choice.by == "identities" and broken.intersection(block.cells)
        else choice
        for block, choice in zip(blocks, choices, strict=True)
    ]


def _classes(
    block: Block, identities: Sequence[Identity], text_of: Callable[[int, int], str]
) -> list[tuple[Vector, Option]]:
    """The placements that the row's own identities allow, one for each set of figures."""
    inside = set(block.cells)
    local = [i for i in identities if inside.issuperset(i.cells)]
    negative_allowed = frozenset(
        c for c, kind in zip(block.cells, block.kinds, strict=True) if kind == "change"
    )
    found: dict[Vector, Option] = {}
    for option in block.options:
        vector = figures_of(block, option, text_of)
        if vector is None:
            continue
        if local:
            values = dict(zip(block.cells, vector, strict=True))
            if not option.sure and check(local, values).failed:
                continue
            if any(v is None for v in vector):
                follows = deduce(local, values, negative_allowed)
                if follows.impossible and not option.sure:
                    continue
                vector = tuple(
                    follows.values.get(c) if v is None else v
                    for c, v in zip(block.cells, vector, strict=True)
                )
        elif not option.sure:
            figures = {v for v in vector if v is not None}
            key = _even(option, vector, figures, len(block.options))
            if key is None:
                continue
            vector = key
        found.setdefault(vector, option)
    if not local and len(found) > 1:
        return []
    return list(found.items())


def _even(option: Option, vector: Vector, figures: set[Number], among: int) -> Vector | None:
    """Without identities, gaps are decided only where every figure is 0.

    The cells are then filled from the left, as they are printed; which of them is the empty one
    does not change a figure.
    """
    if option.basis == "joined" and among == 1:
        return vector
    if option.basis != "gap" or figures != {0}:
        return None
    empty = [i for i, v in enumerate(vector) if v is None]
    if empty and empty == list(range(empty[0], len(vector))):
        return vector
    return None


def figures_of(block: Block, option: Option, text_of: Callable[[int, int], str]) -> Vector | None:
    """The figures of a placement, None for an empty cell; None when a piece is no figure."""
    vector: list[Number | None] = []
    for piece, kind in zip(option.pieces, block.kinds, strict=True):
        if piece is None or piece.kind is not Kind.FIGURE:
            vector.append(None)
            continue
        figure = read_figure(text_of(piece.start, piece.end), kind)
        if figure is None and not option.sure:
            return None
        vector.append(figure.value if figure else None)
    return tuple(vector)


def _survivors(
    blocks: Sequence[Block],
    classes: Sequence[Sequence[tuple[Vector, Option]]],
    open_blocks: Sequence[int],
    known: Mapping[str, Number | None],
    identities: Sequence[Identity],
) -> list[tuple[int, ...]]:
    """Combinations of classes of the open blocks that break no identity."""
    size = 1
    for i in open_blocks:
        size *= len(classes[i])
        if size > _MOST_COMBINATIONS:
            return list(zip(*([[0, 1]] * len(open_blocks)), strict=True))  # too many: every block counts as ambiguous
    values: dict[str, Number | None] = dict(known)
    for i, found in enumerate(classes):
        names = blocks[i].cells
        vector = found[0][0] if len(found) == 1 else (None,) * len(names)
        values.update(zip(names, vector, strict=True))
    concerned = {name for i in open_blocks for name in blocks[i].cells}
    rules = [rule for rule in identities if concerned.intersection(rule.cells)]
    found_combos: list[tuple[int, ...]] = []
    for combo in product(*(range(len(classes[i])) for i in open_blocks)):
        for i, choice in zip(open_blocks, combo, strict=True):
            values.update(zip(blocks[i].cells, classes[i][choice][0], strict=True))
        outcome = check(rules, values)
        if not outcome.failed:
            found_combos.append(combo)
    return found_combos
