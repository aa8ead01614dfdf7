"""Tables 三 and 四 in another arrangement, each column and row under its own words."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .build import in_rows
from .choose import in_table
from .model import Draft, Figure, Label, Line, Table, a_word

_ORDERS = (
    (6, 0, 1, 2, 3, 4, 5),
    (1, 2, 3, 4, 5, 0, 6),
    (6, 1, 2, 3, 4, 5, 0),
    (0, 1, 2, 4, 3, 5, 6),
    (1, 0, 2, 3, 4, 5, 6),
    (0, 6, 1, 2, 3, 4, 5),
    (0, 5, 1, 2, 3, 4, 6),
)
_TWO_LEVELS = 3  # so many of the orders keep the five organisations together
_EMPTY_HEADS = ("数据{}", "列{}", "数量{}", "Column{}", "字段{}", "数值{}")
_SUITS = ((0, 2, 1), (1, 2, 0), (2, 1, 0))
_OUTCOMES = 5
_LAST = 5


def _applicants(draft: Draft) -> list[str]:
    return [column.label for column in draft.form.table("requests").rows[0].columns]


def _header_of_requests(rng: Random, words: list[str], order: Sequence[int]) -> list[Line]:
    columns: list[Label | None] = [a_word(words[i]) for i in order]
    if tuple(order) not in _ORDERS[:_TWO_LEVELS] or rng.random() < 0.5:
        return [Line([None], columns)]
    first = next(i for i, n in enumerate(order) if 1 <= n <= _LAST)
    upper: list[Label | None] = list(columns)
    upper[first : first + _LAST] = [a_word("法人或其他组织"), None, None, None, None]
    lower = [w if 1 <= n <= _LAST else None for w, n in zip(columns, order, strict=True)]
    return [Line([None], upper), Line([None], lower)]


def _drop_headers(table: Table) -> None:
    table.lines = [line for line in table.lines if line.figures or line.pages]


@in_table("legible", "requests")
def applicants_in_another_order(draft: Draft, rng: Random, table: Table) -> None:
    """The columns of table 三 stand in another order, and the header says so."""
    order = rng.choice(_ORDERS)
    _drop_headers(table)
    for line in table.rows:
        line.figures = [line.figures[i] for i in order]
    table.lines[0:0] = _header_of_requests(rng, _applicants(draft), order)
    draft.may_read(table.figures)


@in_table("legible", "requests")
def requests_transposed(draft: Draft, rng: Random, table: Table) -> None:
    """Table 三 has a row for each applicant and a column for each row of the form."""
    rows = table.rows
    labels: list[Label | None] = [
        a_word(line.own_label.ordinal + line.own_label.words if line.own_label else "")
        for line in rows
    ]
    lines = [Line([a_word(rng.choice(("申请人", "申请人情况", "类别")))], labels)]
    for place, name in enumerate(_applicants(draft)):
        lines.append(Line([a_word(name)], figures=[line.figures[place] for line in rows]))
    table.lines, table.label_columns, table.width = lines, 1, len(rows)
    draft.may_read(table.figures)


@in_table("legible", "requests")
def requests_by_key(draft: Draft, rng: Random, table: Table) -> None:
    """Each cell of table 三 names its own applicant: 自然人：822."""
    names = _applicants(draft)
    colon, unit = rng.choice(("：", ":", "： ", " ", "=")), rng.choice(("", "", "件"))
    apart = rng.random() < 0.6
    lines: list[Line] = []
    for line in table.rows:
        for figure, name in zip(line.figures, names, strict=True):
            figure.before, figure.after, figure.role = name + colon, unit, "odd"
        if apart:
            lines.append(Line(line.labels, merged=True))
            lines += [Line(figures=[figure], merged=True) for figure in line.figures]
        else:
            lines.append(line)
    table.lines = lines
    draft.may_read(table.figures)


@in_table("legible", "requests")
def small_tables(draft: Draft, rng: Random, table: Table) -> None:
    """Each row of table 三 is a small table with heads that say nothing, under the official header."""
    named = rng.random() < 0.75
    empty = rng.choice(_EMPTY_HEADS)
    mark = rng.choice(("### ", "", "#### ", "表："))
    total = _applicants(draft)[-1] if rng.random() < 0.6 else empty.format(7)
    lines = [line for line in table.lines if not line.figures] if named else []
    for line in table.rows:
        own = line.own_label
        title = [mark + label.ordinal + label.words for label in (line.group, own) if label]
        heads: list[Label | None] = [a_word(empty.format(i)) for i in range(1, 7)]
        lines.append(Line(pages=[*title, ""]))
        lines.append(Line([a_word("类别")], [*heads, a_word(total)]))
        if table.layout == "pipes_markdown":
            lines.append(Line(pages=["|---" * 8 + "|"]))
        lines.append(Line([own], figures=line.figures, row=line.row))
    table.lines, table.label_columns = lines, 1
    if named:
        draft.may_read(table.figures)
    else:
        draft.doubt(table.figures)
        draft.at_least("lossy")


def _figures_of_suits(draft: Draft, table: Table) -> list[list[Figure]]:
    """The figures of table 四, by suit, in the order of the form."""
    by_cell = {f.cell: f for row in table.rows for f in row.figures}
    form = draft.form.table("proceedings")
    return [[by_cell[cell] for cell in form.cells(row)] for row in form.rows]


def _in_one_row(
    draft: Draft, rng: Random, order: Sequence[int], cells: list[list[Figure]]
) -> list[Line]:
    form = draft.form.table("proceedings")
    gap: list[Label | None] = [None] * (_OUTCOMES - 1)
    top: list[Label | None] = []
    middle: list[Label | None] = []
    below: list[Label | None] = []
    group = False
    for place in order:
        row = form.rows[place]
        wide = row.group and not group
        top += [a_word(row.group) if wide else None if row.group else a_word(row.label), *gap]
        middle += [a_word(row.label) if row.group else None, *gap]
        below += [a_word(c.label) for c in row.columns]
        group = group or bool(row.group)
    figures = [figure for place in order for figure in cells[place]]
    if rng.random() < 0.4:
        plain = [a if b is None else b for a, b in zip(top, middle, strict=True)]
        return [Line(columns=plain), Line(columns=below), Line(figures=figures)]
    return [Line(columns=top), Line(columns=middle), Line(columns=below), Line(figures=figures)]


@in_table("legible", "proceedings")
def suits_in_another_order(draft: Draft, rng: Random, table: Table) -> None:
    """Table 四 begins with the suits, or has them in the other order; its words say so."""
    order, cells = rng.choice(_SUITS), _figures_of_suits(draft, table)
    if rng.random() < 0.5:
        table.lines, table.label_columns, table.width = (
            in_rows(draft.form.table("proceedings"), order, cells),
            2,
            _OUTCOMES,
        )
    else:
        table.lines = _in_one_row(draft, rng, order, cells)
        table.label_columns, table.width = 0, 3 * _OUTCOMES
    draft.may_read(table.figures)


@in_table("lossless", "proceedings")
def proceedings_in_rows(draft: Draft, _rng: Random, table: Table) -> None:
    """Table 四 is printed with three rows."""
    table.lines = in_rows(
        draft.form.table("proceedings"), (0, 1, 2), _figures_of_suits(draft, table)
    )
    table.label_columns, table.width = 2, _OUTCOMES


@in_table("legible", "proceedings")
def proceedings_transposed(draft: Draft, rng: Random, table: Table) -> None:
    """Table 四 has a row for each outcome and a column for each kind of suit."""
    form, cells = draft.form.table("proceedings"), _figures_of_suits(draft, table)
    suits: list[Label | None] = [a_word(row.label) for row in form.rows]
    lines = [Line([a_word(rng.choice(("结果", "情况", "类别")))], suits)]
    for place, column in enumerate(form.rows[0].columns):
        figures = [cells[suit][place] for suit in range(len(form.rows))]
        lines.append(Line([a_word(column.label)], figures=figures))
    table.lines, table.label_columns, table.width = lines, 1, len(form.rows)
    draft.may_read(table.figures)


@in_table("legible", "proceedings")
def proceedings_by_key(draft: Draft, rng: Random, table: Table) -> None:
    """Each cell of table 四 names its own outcome, in whatever order: 结果维持：17件."""
    form, cells = draft.form.table("proceedings"), _figures_of_suits(draft, table)
    colon, unit = rng.choice(("：", ":", "： ", " ")), rng.choice(("件", "", "件；", "，"))
    order = list(range(_OUTCOMES))
    if rng.random() < 0.3:
        rng.shuffle(order)
    bracket = rng.random() < 0.5
    lines: list[Line] = []
    for row, figures in zip(form.rows, cells, strict=True):
        name = f"{row.group}（{row.label}）" if row.group and bracket else row.label
        lines.append(Line([a_word(name)], merged=True))
        for place in order:
            figure, column = figures[place], row.columns[place]
            figure.before, figure.after, figure.role = column.label + colon, unit, "odd"
            lines.append(Line(figures=[figure], merged=True))
    table.lines, table.label_columns, table.width = lines, 1, 1
    draft.may_read(table.figures)
