"""More columns and rows than the form has: shares, serial numbers, last year's figures, subtotals."""

from __future__ import annotations

from random import Random

from .choose import in_table, take, whole_tables
from .layouts import layout_of
from .model import Draft, Figure, Label, Line, Table, a_word
from .registry import new

_SHARES = ("占比", "百分比", "比例", "占总数比", "占比（%）", "比重")
_LAST_YEAR = ("上年数", "上年处理决定数量", "上年同期", "{last}年", "去年数", "上年总计", "同期数")
_SUBTOTALS = ("小计", "（小计）", "{group}小计", "小  计", "合计", "本项小计")
_SERIAL_HEADS = ("序号", "", "行次", "编号", "项次", "No.")
_TOTAL = -1


def _value(draft: Draft, figure: Figure) -> int:
    return int(draft.fates[figure.cell].value or 0)


def _add_column(table: Table, word: str, figures: list[str], *, left: bool = False) -> None:
    """One more column of figures of nobody's, with a word over it in the first header line."""
    rows = iter(figures)
    headed = False
    for line in table.lines:
        if line.figures:
            extra = Figure("", next(rows), "mark")
            line.figures.insert(0 if left else len(line.figures), extra)
        elif line.columns:
            head = None if headed else a_word(word)
            headed = headed or any(line.columns)
            line.columns.insert(0 if left else len(line.columns), head)
    table.width += 1


@in_table("legible", "requests")
def column_of_shares(draft: Draft, rng: Random, table: Table) -> None:
    """Table 三 has a last column with shares in percent."""
    whole = max(1, *(_value(draft, row.figures[_TOTAL]) for row in table.rows))
    places, sign = rng.choice((0, 1, 2)), rng.choice(("%", "%", "％", ""))
    shares = [
        f"{100 * _value(draft, r.figures[_TOTAL]) / whole:.{places}f}{sign}" for r in table.rows
    ]
    draft.may_read(table.figures)
    _add_column(table, rng.choice(_SHARES), shares)


@in_table("legible", "requests")
def column_of_serial_numbers(draft: Draft, rng: Random, table: Table) -> None:
    """A serial number stands before the label, or between the label and the figures."""
    start = rng.choice((0, 1, 1))
    draft.may_read(table.figures)
    numbers = [str(i) for i, _ in enumerate(table.rows, start)]
    if rng.random() < 0.5 or layout_of(table).after_labels:
        for line, number in zip(table.rows, numbers, strict=True):
            line.labels.insert(0, a_word(number))
        for line in table.lines:
            if not line.figures:
                line.labels.insert(0, None)
        table.label_columns += 1
    else:
        _add_column(table, rng.choice(_SERIAL_HEADS), numbers, left=True)


@in_table("legible", "requests")
def column_of_last_year(draft: Draft, rng: Random, table: Table) -> None:
    """A further column gives last year's figures: of the totals of table 三, or in table 二."""
    word = rng.choice(_LAST_YEAR).format(last=draft.year - 1)
    figures = [
        str(max(0, _value(draft, r.figures[_TOTAL]) + rng.randint(-3, 9))) for r in table.rows
    ]
    draft.may_read(table.figures)
    _add_column(table, word, figures)


@in_table("legible", "proactive")
def decisions_of_last_year(draft: Draft, rng: Random, table: Table) -> bool:
    """A column of last year's decisions stands beside this year's in table 二."""
    last = draft.year - 1
    names = (
        "上年处理决定数量",
        f"{last}年处理决定数量",
        "上年同期数",
        "去年处理决定数量",
        "上年数",
    )
    found = False
    start = None
    left = rng.random() < 0.4
    for line in table.lines:
        if line.columns and any(w is not None for w in line.columns):
            words = [w for w in line.columns if w is not None]
            start = len(words) == 1 and "处理决定" in words[0].words
            if start:
                line.columns.insert(0 if left else 1, a_word(rng.choice(names)))
                line.columns.pop()
        elif line.columns:
            start = False
        elif start and len(line.figures) == 1:
            draft.may_read(line.figures)
            more = _value(draft, line.figures[0]) + rng.randint(1, 60)
            line.figures.insert(0 if left else 1, Figure("", str(more), "mark"))
            found = True
    return found


@in_table("legible", "requests")
def rows_of_last_year(draft: Draft, rng: Random, table: Table) -> None:
    """Over or under each row of table 三 stands last year's, each with its word."""
    last, this = rng.choice(
        (
            ("上年", "本年"),
            ("去年", "今年"),
            ("上期", "本期"),
            ("（上年）", "（本年）"),
            (f"{draft.year - 1}年", f"{draft.year}年"),
            ("上年数", "本年数"),
        )
    )
    draft.may_read(table.figures)
    above = rng.random() < 0.6
    lines: list[Line] = []
    for line in table.lines:
        if not line.figures:
            line.labels.append(None)
            lines.append(line)
            continue
        parts = [rng.randint(0, 9) for _ in line.figures[:_TOTAL]]
        figures = [Figure("", str(n), "mark") for n in (*parts, sum(parts))]
        empty: list[Label | None] = [None] * len(line.labels)
        labels = list(line.labels)
        old = Line([*(labels if above else empty), a_word(last)], figures=figures)
        own = Line([*(empty if above else labels), Label(this)], figures=line.figures, row=line.row)
        lines += [old, own] if above else [own, old]
    table.lines = lines
    table.label_columns += 1


@in_table("legible", "requests")
def subtotals(draft: Draft, rng: Random, table: Table) -> bool:
    """Groups of table 三 end or begin with a row of their sum."""
    groups: list[list[Line]] = []
    for line in table.rows:
        own = line.own_label
        if own is not None and own.ordinal[:1] in tuple("12345678") and own.ordinal:
            if own.ordinal[0] == "1":
                groups.append([])
            groups[-1].append(line)
    if not groups:
        return False
    words = rng.choice(_SUBTOTALS)
    for group in groups if rng.random() < 0.7 else [rng.choice(groups)]:
        columns = zip(*(line.figures for line in group), strict=True)
        sums = [sum(_value(draft, figure) for figure in column) for column in columns]
        first = next((label for label in group[0].labels if label and label.role == "group"), None)
        name = words.format(group=first.words if first else "")
        labels: list[Label | None] = [None, None, Label(name)]
        line = Line(labels, figures=[Figure("", str(n), "mark") for n in sums])
        after = table.lines.index(group[-1]) + 1
        table.lines.insert(after, line)
    draft.may_read(table.figures)
    return True


@new("lossy")
def row_of_all_suits(draft: Draft, rng: Random) -> bool:
    """In table 四 a row of all litigation stands in place of one kind of it."""
    table = take(draft, rng, whole_tables(draft, "proceedings"))
    if table is None or draft.shape != "rows":
        return False
    lines = {line.row: line for line in table.rows}
    lost, kept = lines["litigation_direct"], lines["litigation_after_reconsideration"]
    if rng.random() < 0.5:
        lost, kept = kept, lost
    sums = [
        _value(draft, a) + _value(draft, b) for a, b in zip(lost.figures, kept.figures, strict=True)
    ]
    draft.lose(lost.figures, frozenset({"missing", "blank", "unreadable"}))
    lost.figures = [Figure("", str(n), "mark") for n in sums]
    lost.labels[-1] = a_word(
        rng.choice(("行政诉讼合计", "行政诉讼", "行政诉讼（合计）", "诉讼小计"))
    )
    lost.row = ""
    for label in (*lost.labels[:-1], *kept.labels[:-1]):
        if label is not None and rng.random() < 0.5:
            label.words = "行政诉讼"
    return True
