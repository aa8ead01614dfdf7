"""Structural slips: single operations on table 三 that would explain why it does not add up.

Table 三 stands for every table whose columns and rows both have totals; nothing else is asked of it.

The catalogue holds, for each form, every operation by an id that stays: a row rolled by one over its
seven cells or over the six of the applicants, a figure of a row split in two or two glued into one
with the rest of the row moved, a column exchanged with 总计, two rows exchanged where sums can see it;
and for any cell a sign. A slip explains when undoing it makes every identity and bound of the table
hold, or those of one group of failures without touching what others miss by. It is a guess about
what happened, said beside the smallest sets and never instead of them.

When it is said: never where one cell explains (but for a sign, which is one, and for glued figures,
which leave a cell without a figure), and not where one wrong digit in each cell of a smallest set
explains as well. Rolled rows are the exception to the latter: in a table that has a figure of 100 or
more, a roll is said when what it moved is itself a smallest set, that is, when figures of a row have
changed places. ``benchmarks/localise.py`` measures how often the right slip is named, and that wrong
digits are not taken for slips.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from verify.data import toml_of
from verify.forms import Form, Row, Table
from verify.localise.systems import Failure, System, holds

SlipKind = Literal[
    "row_rolled_left",
    "row_rolled_right",
    "applicants_rolled_left",
    "applicants_rolled_right",
    "figure_split",
    "figures_glued",
    "column_and_total_exchanged",
    "rows_exchanged",
    "sign_flipped",
]
Figures = Mapping[int, int]
FiguresOrNone = Sequence[int | None]
Family = Mapping[frozenset[int], Mapping[int, int | None]]

_ENOUGH = 100  # below it figures are too alike for a slip to be told from wrong digits
_MOST_ZEROS = 2  # zeros that the second part of a split figure may have had in front

_ROLLS: tuple[tuple[SlipKind, bool, int], ...] = (  # whether the total moves along, and how far
    ("row_rolled_left", True, 1),
    ("row_rolled_right", True, -1),
    ("applicants_rolled_left", False, 1),
    ("applicants_rolled_right", False, -1),
)
_MESSAGES = toml_of("verify.localise", "slips.toml")
_ZH = "零一二三四五六七八九十"
_EN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROLLED = frozenset(kind for kind, *_ in _ROLLS)


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the catalogue.

    Attributes:
        kind: What is done.
        cells: The cells that it moves, by number, in order of the form.
        order: For an operation that only moves figures: the figure that cell ``cells[i]`` comes to
            hold is that of ``cells[order[i]]``. Empty for the others.
        zh: What happened, in Chinese.
        en: The same in English.
    """

    kind: SlipKind
    cells: tuple[int, ...]
    order: tuple[int, ...]
    zh: str
    en: str

    def undone(self, figures: Figures) -> Iterator[dict[int, int]]:
        """Every table that the operation could have made this one of."""
        row = [figures.get(cell) for cell in self.cells]
        for before in self._rows(row):
            table = dict(figures)
            for cell, figure in zip(self.cells, before, strict=True):
                if figure is None:
                    table.pop(cell, None)
                else:
                    table[cell] = figure
            yield table

    def _rows(self, row: FiguresOrNone) -> Iterable[FiguresOrNone]:
        """What its cells may have held before."""
        if self.order:
            before = dict(zip(self.order, row, strict=True))
            return [[before[at] for at in range(len(row))]]
        if self.kind == "sign_flipped":
            return [[None if figure is None else -figure for figure in row]]
        return _joined(row) if self.kind == "figure_split" else _cut(row)


def _joined(row: FiguresOrNone) -> Iterator[FiguresOrNone]:
    """Two neighbours are one figure, what follows moves left, the last one was lost."""
    for i in range(len(row) - 1):
        first, second = row[i], row[i + 1]
        if not first or first < 0 or second is None or second < 0:
            continue
        for zeros in range(_MOST_ZEROS + 1):
            whole = int(str(first) + "0" * zeros + str(second))
            yield [*row[:i], whole, *row[i + 2 :], None]


def _cut(row: FiguresOrNone) -> Iterator[FiguresOrNone]:
    """One figure is two, what follows moves right; there is room, as the last cell has none."""
    for i, figure in enumerate(row[:-1] if row[-1] is None else ()):
        if figure is None or figure < 0:
            continue
        digits = f"0{figure}"  # a 0 glued before a figure leaves no trace
        for at in range(1, len(digits)):
            first, second = digits[:at], digits[at:]
            if second == "0" or not second.startswith("0"):
                yield [*row[:i], int(first), int(second), *row[i + 1 : -1]]


def _operation(
    kind: SlipKind, cells: tuple[int, ...], order: tuple[int, ...], **names: str
) -> Operation:
    zh, en = (_MESSAGES[kind][lang].format(**names) for lang in ("zh", "en"))
    return Operation(kind, cells, order, zh, en)


@cache
def catalogue(form: Form, table_id: str) -> tuple[Operation, ...]:
    """Every operation on a table but signs, in a fixed order; none where it has no totals both ways."""
    table = form.table(table_id)
    columns = table.rows[0].columns
    totals = {columns[-1].id}
    if not table.is_uniform or not table.summed_rows or table.total_columns != totals:
        return ()
    number = {name: i for i, name in enumerate(n for row in table.rows for n in table.cells(row))}

    def numbers(row: Row) -> tuple[int, ...]:
        return tuple(number[name] for name in table.cells(row))

    found: list[Operation] = []
    for row in table.rows:
        found += _of_row(table, row, numbers(row))
    last = columns[-1]
    for i, column in enumerate(columns[:-1]):
        cells = tuple(cell for row in table.rows for cell in (numbers(row)[i], numbers(row)[-1]))
        names = {"column": column.label, "column_id": column.id}
        names |= {"total": last.label, "total_id": last.id}
        order = tuple(k ^ 1 for k in range(len(cells)))
        found.append(_operation("column_and_total_exchanged", cells, order, **names))
    rows = {row.id: row for row in table.rows}
    width = len(columns)
    for a, b in _visible_pairs(form, table):
        names = {"row": rows[a].printed, "row_id": a, "other": rows[b].printed, "other_id": b}
        order = (*range(width, 2 * width), *range(width))
        cells = numbers(rows[a]) + numbers(rows[b])
        found.append(_operation("rows_exchanged", cells, order, **names))
    return tuple(found)


def _of_row(table: Table, row: Row, cells: tuple[int, ...]) -> Iterator[Operation]:
    names = {"row": row.printed, "row_id": row.id}
    names |= {"parts_zh": table.parts_zh, "parts_en": table.parts_en}
    for kind, whole, step in _ROLLS:
        width = len(cells) if whole else len(cells) - 1
        order = tuple((k + step) % width for k in range(width))
        zh, en = (words[width] if width < len(words) else str(width) for words in (_ZH, _EN))
        yield _operation(kind, cells[:width], order, **names, count_zh=zh, count_en=en)
    yield _operation("figure_split", cells, (), **names)
    yield _operation("figures_glued", cells, (), **names)


def _visible_pairs(form: Form, table: Table) -> Iterator[tuple[str, str]]:
    """Pairs of rows whose exchange some sum can see, and that are near in kind or place."""
    summed = table.summed_rows
    for a, b in itertools.combinations(summed, 2):
        if _entered(form, table, a) != _entered(form, table, b):
            yield a, b
    for one, other in itertools.pairwise(table.rows):
        if (one.id in summed) != (other.id in summed):
            yield one.id, other.id


def _entered(form: Form, table: Table, row: str) -> set[tuple[str, bool]]:
    """The sums over rows that a row enters, each with the side."""
    cells = set(table.names[row])
    return {
        (identity.id, side)
        for identity in form.identities
        for side, names in ((True, identity.plus), (False, identity.minus))
        if not cells.issuperset(identity.cells) and not cells.isdisjoint(names)
    }


def sign(form: Form, system: System, cell: int) -> Operation:
    """The operation that a count got a minus sign."""
    name = system.cells[cell]
    table, row = form.row_of[name]
    column = row.columns[table.cells(row).index(name)]
    return _operation("sign_flipped", (cell,), (), row=row.printed, column=column.label, cell=name)


def explaining(
    form: Form,
    system: System,
    figures: Figures,
    failing: Sequence[Failure],
    families: Sequence[Family],
    left: Mapping[int, int],
) -> list[Operation]:
    """The operations that explain everything that fails in a system, or one group of it.

    Args:
        form: The form.
        system: Table 三 or a row of table 四.
        figures: Its known cells.
        failing: What fails and is to be explained.
        families: For each independent group of that its smallest sets with what each cell would
            need; empty where it is not localised.
        left: Identities of other groups, by number, with what they miss by and must go on missing.
    """
    found: list[Operation] = []

    def tables(operation: Operation) -> Iterator[dict[int, int]]:
        """The tables in which all holds that the operation could have made this one of."""
        moved = set(operation.cells)
        for failure in failing:
            if all(moved.isdisjoint(system.equations[i]) for i in failure.identities):
                return
        for before in operation.undone(figures):
            if _mended(system, failing, before) and holds(system, before, left):
                yield before

    negative = [f.negative for f in failing if f.negative is not None]
    if len(negative) == 1:
        operation = sign(form, system, negative[0])
        found += [operation for _ in tables(operation)]
    operations = catalogue(form, system.table)
    if not operations or len(system.cells) != sum(
        map(len, form.table(system.table).names.values())
    ):
        return found
    one_cell = [len(next(iter(family), ())) for family in families] == [1]
    by_digits = all(
        any(_only_digits(needs, figures) for needs in family.values()) for family in families
    )
    small = max(figures.values(), default=0) < _ENOUGH
    for operation in operations:
        if one_cell and operation.kind != "figures_glued":
            continue
        if by_digits and (small or operation.kind not in _ROLLED):
            continue
        for before in tables(operation):
            changed = {c for c in operation.cells if figures.get(c) != before.get(c)}
            if not by_digits or _is_smallest(changed, families):
                found.append(operation)
                break
    return found


def _is_smallest(cells: set[int], families: Sequence[Family]) -> bool:
    """Whether cells are one of the smallest sets of a whole system."""
    covered: set[int] = set()
    for family in families:
        mine = frozenset(cells.intersection(*[frozenset().union(*family)]))
        if mine not in family:
            return False
        covered |= mine
    return covered == cells


def _only_digits(cells: Mapping[int, int | None], figures: Figures) -> bool:
    """Whether one wrong digit in each of these cells would do."""
    return all(need is None or figures[cell] in _wrong_digits(need) for cell, need in cells.items())


def _wrong_digits(figure: int) -> set[int]:
    """What a figure becomes by a digit changed, dropped or doubled or by two exchanged."""
    digits = str(figure)
    found = set()
    for i, digit in enumerate(digits):
        before, after = digits[:i], digits[i + 1 :]
        found |= {before + other + after for other in "0123456789"}
        found |= {before + after, before + digit + digit + after}
        if after:
            found.add(before + after[0] + digit + after[1:])
    return {int(text) for text in found if text}


def _mended(system: System, failing: Sequence[Failure], before: Figures) -> bool:
    """Whether single identities that fail no longer do, which is quick to see."""
    for failure in failing:
        if failure.negative is None and not failure.open:
            terms = system.equations[failure.identities[0]]
            whole = before.keys() >= terms.keys()
            if whole and sum([sign * before[cell] for cell, sign in terms.items()]) != 0:
                return False
    return True
