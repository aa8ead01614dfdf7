"""Choose among placements: what structure leaves open, the identities may settle, or nothing does.

Placements that come to the same figures are one; those that break an identity are out; if exactly
one is left it is decided, else nothing is. Rows are settled together, because a column ties them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from verify.arithmetic import check, deduce
from verify.figures import Number, read_figure
from verify.forms import Identity, ValueKind
from verify.placement import Option
from verify.stream import Kind


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


def choose(
    blocks: Sequence[Block],
    figures: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Choose a placement for each block, or say that none can be chosen.

    Args:
        blocks: Rows with their options.
        figures: Figures of the cells outside the blocks.
        identities: The identities of the form.
        text_of: Source text of a folded range.
    """
    classes = [_classes(block, identities, text_of) for block in blocks]
    open_blocks = [i for i, found in enumerate(classes) if len(found) > 1]
    survivors = _survivors(blocks, classes, open_blocks, figures, identities)
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
            place = open_blocks.index(i)
            left = {combo[place] for combo in survivors or ()}
            if len(left) == 1:
                choices.append(Choice(found[left.pop()][1], "identities"))
            else:
                choices.append(Choice(None, "ambiguous"))
    choices = _one_column_lost(blocks, choices, figures, identities, text_of)
    choices = _one_pattern(blocks, choices, figures, identities, text_of)
    return _confirmed(blocks, choices, figures, identities, text_of)


def _one_column_lost(
    blocks: Sequence[Block],
    choices: list[Choice],
    figures: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Where most rows lack one figure a whole column may be lost: which one must be certain.

    A lost column moves every row alike, so the column sums agree with several answers. Each column
    is tried as the lost one in all these rows; unless one alone is possible, no row is decided by
    the identities. Rows that are not fully read prove nothing here and are left out.
    """
    short = [i for i, block in enumerate(blocks) if _lacks_one(block)]
    if len(short) < _SYSTEMATIC or not any(choices[i].by == "identities" for i in short):
        return choices
    width = len(blocks[short[0]].cells)
    rows: dict[str, list[str]] = {}
    for name in figures:
        rows.setdefault(name.rpartition(".")[0], []).append(name)
    values: dict[str, Number | None] = {
        name: figures[name] for names in rows.values() if len(names) == width for name in names
    }
    possible: set[tuple[Vector, ...]] = set()
    for column in range(width):
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


def _one_pattern(
    blocks: Sequence[Block],
    choices: list[Choice],
    figures: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Rows that lack one figure, whichever it be, lack it in one column: that of the rows that tell."""
    alike = [
        i
        for i, (block, choice) in enumerate(zip(blocks, choices, strict=True))
        if choice.by == "same" and _lacks_one(block)
    ]
    if not alike:
        return choices
    width = len(blocks[alike[0]].cells)
    ways: list[dict[int, Option]] = []
    for i in alike:
        chosen = choices[i].option
        own = {}
        for option in blocks[i].options:
            if option.basis == "gap" and option.pieces.count(None) == 1:
                same = [
                    Block(blocks[i].cells, blocks[i].kinds, (o,)) for o in (chosen, option) if o
                ]
                one, two = (_classes(block, identities, text_of) for block in same)
                if one and two and one[0][0] == two[0][0]:
                    own[option.pieces.index(None)] = option
        ways.append(own)
    possible = set.intersection(*(set(own) for own in ways))
    if not possible:
        return choices
    lost = _columns_lost(blocks[alike[0]].cells, figures)
    if len(alike) < _SYSTEMATIC and not any(lost[column] for column in possible):
        return [
            Choice(None, "ambiguous") if i in alike and len(ways[alike.index(i)]) > 1 else choice
            for i, choice in enumerate(choices)
        ]
    column = max(possible, key=lambda c: (lost[c], c == width - 1, c))
    found = list(choices)
    for i, own in zip(alike, ways, strict=True):
        found[i] = Choice(own[column], "same")
    return found


def _columns_lost(cells: Sequence[str], figures: Mapping[str, Number | None]) -> Counter[int]:
    """How many rows of the table have every figure but that of one column, by its place."""
    columns = [name.rpartition(".")[2] for name in cells]
    table = cells[0].partition(".")[0]
    rows: dict[str, set[str]] = {}
    for name in figures:
        row, _, column = name.rpartition(".")
        if row.startswith(f"{table}."):
            rows.setdefault(row, set()).add(column)
    return Counter(
        next(i for i, column in enumerate(columns) if column not in there)
        for there in rows.values()
        if len(there) == len(columns) - 1 and there < set(columns)
    )


_SYSTEMATIC = 5


def _lacks_one(block: Block) -> bool:
    """Whether a row of table 三, the one whose columns are summed, has one figure too few."""
    gaps = [option for option in block.options if option.basis == "gap"]
    in_three = block.cells[0].startswith("requests.")
    return in_three and bool(gaps) and all(option.pieces.count(None) == 1 for option in gaps)


def _with_gap(
    block: Block, column: int, identities: Sequence[Identity], text_of: Callable[[int, int], str]
) -> Vector | None:
    """The figures of a row whose empty cell is the given one, filled in by its own identity."""
    options = tuple(
        option
        for option in block.options
        if option.basis == "gap" and len(option.pieces) > column and option.pieces[column] is None
    )
    if not options:
        return None
    found = _classes(Block(block.cells, block.kinds, options), identities, text_of)
    return found[0][0] if found else None


def _confirmed(
    blocks: Sequence[Block],
    choices: list[Choice],
    figures: Mapping[str, Number | None],
    identities: Sequence[Identity],
    text_of: Callable[[int, int], str],
) -> list[Choice]:
    """Take back choices that arithmetic made and that arithmetic contradicts elsewhere."""
    values: dict[str, Number | None] = dict(figures)
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
                vector = tuple(
                    follows.values.get(c) if v is None else v
                    for c, v in zip(block.cells, vector, strict=True)
                )
        elif not option.sure:
            figures = {v for v in vector if v is not None}
            key = _even(option, vector, figures)
            if key is None:
                continue
            vector = key
        found.setdefault(vector, option)
    if not local and len(found) > 1:
        return []
    return list(found.items())


def _even(option: Option, vector: Vector, figures: set[Number]) -> Vector | None:
    """Without identities, gaps are decided only where every figure is 0.

    The cells are then filled from the left, as they are printed; which of them is the empty one
    does not change a figure.
    """
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
    figures: Mapping[str, Number | None],
    identities: Sequence[Identity],
) -> list[tuple[int, ...]] | None:
    """Combinations of classes of the open blocks that break no identity; None when too many."""
    size = 1
    for i in open_blocks:
        size *= len(classes[i])
        if size > _MOST_COMBINATIONS:
            return None
    values: dict[str, Number | None] = dict(figures)
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
