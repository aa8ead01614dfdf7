"""From figures to a draft: title, sections, and the three tables as the forms print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from verify.forms import Form
from verify.forms import Table as FormTable

from . import prose
from .model import READ, Block, Draft, Fate, Figure, Label, Line, Paragraph, Table, Value, a_word

SHAPES = ("standard", "rows", "two_headers", "one_header", "bare", "key_value")
_RESULTS = "三、本年度办理结果"
_CHECK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ORDINALS = "一二三四五六"
_OUTCOME_COUNT = 5


def draft(
    rng: Random,
    form: Form,
    figures: Mapping[str, Value],
    layouts: Mapping[str, str],
    shape: str,
    agency: str,
    year: int,
) -> Draft:
    """An undamaged report.

    Args:
        rng: Source of every choice.
        form: Which tables are printed.
        figures: A value for every cell of the form.
        layouts: Name of the layout of each table.
        shape: One of `SHAPES`, the arrangement of table 四.
        agency: Name in the title.
        year: Year in the title.
    """
    title = f"{agency}{year}年政府信息公开工作年度报告"
    blocks: list[Block] = [Paragraph(title, "title")]
    if rng.random() < 0.2:
        blocks.append(Paragraph(f"{agency}\n{year}年政府信息公开工作年度报告", "title"))
    blocks.append(Paragraph("总体情况", "heading", "一、"))
    blocks += [Paragraph(text) for text in prose.opening(rng, year, agency)]
    tables = {
        "proactive": _proactive(rng, form.table("proactive"), figures, layouts["proactive"]),
        "requests": _requests(form.table("requests"), figures, layouts["requests"]),
        "proceedings": _proceedings(
            form.table("proceedings"), figures, layouts["proceedings"], shape
        ),
    }
    for ordinal, (name, table) in zip(_ORDINALS[1:4], tables.items(), strict=True):
        heading = rng.choice(prose.HEADINGS[name])
        blocks += [Paragraph(heading, "heading", ordinal + "、", name), table]
    blocks.append(Paragraph("存在的主要问题及改进情况", "heading", "五、"))
    blocks += [Paragraph(text) for text in prose.closing(rng, year)]
    blocks.append(Paragraph("其他需要报告的事项", "heading", "六、"))
    blocks.append(Paragraph(prose.other_matters(rng)))
    fates = {name: Fate(READ, figures[name], figures[name]) for name in form.cells}
    return Draft(
        form, agency, year, shape, blocks, fates, line_break=rng.choice(("\n", "\n\n", "\n\n"))
    )


def _figures(cells: tuple[str, ...], figures: Mapping[str, Value]) -> list[Figure]:
    return [Figure(cell, str(figures[cell])) for cell in cells]


def _proactive(rng: Random, table: FormTable, figures: Mapping[str, Value], layout: str) -> Table:
    lines: list[Line] = []
    group = ""
    headers: tuple[str, ...] = ()
    plus_signs = rng.random() < 0.5
    for row in table.rows:
        if row.group != group:
            lines.append(Line(labels=[a_word(row.group)], columns=[None] * 3))
            headers = ()
        group = row.group
        wanted = tuple(column.label for column in row.columns)
        if wanted != headers:
            headers = wanted
            columns: list[Label | None] = [a_word(words) for words in wanted]
            columns += [None] * (3 - len(wanted))
            lines.append(Line(labels=[a_word("信息内容")], columns=columns))
        line = Line([Label(row.label)], figures=_figures(table.cells(row), figures), row=row.id)
        for figure, column in zip(line.figures, row.columns, strict=True):
            if column.kind == "change" and plus_signs and figures[figure.cell] > 0:
                figure.text = "+" + figure.text
            if column.kind == "money" and "." in figure.text and rng.random() < 0.5:
                figure.text = f"{figures[figure.cell]:.4f}"
        lines.append(line)
    return Table("proactive", lines, layout, label_columns=1, width=3)


def _requests(table: FormTable, figures: Mapping[str, Value], layout: str) -> Table:
    words = [column.label for column in table.rows[0].columns]
    lines = [
        Line(labels=[a_word(_CHECK)], columns=[a_word("申请人情况"), *[None] * 6]),
        Line(
            labels=[None],
            columns=[a_word(words[0]), a_word("法人或其他组织"), *[None] * 4, a_word(words[-1])],
        ),
        Line(labels=[None], columns=[None, *map(a_word, words[1:-1]), None]),
    ]
    group = section = ""
    for row in table.rows:
        label = Label(row.label, ordinal=row.ordinal)
        labels: list[Label | None]
        if not row.group:
            labels = [label]
        else:
            first = None if section else Label(_RESULTS[2:], "group", _RESULTS[:2])
            section = _RESULTS
            if row.group == _RESULTS:
                labels = [first, label]
            else:
                second = Label(row.group[3:], "group", row.group[:3])
                labels = [first, None if row.group == group else second, label]
        group = row.group
        cells = _figures(table.cells(row), figures)
        lines.append(Line(labels=labels, figures=cells, row=row.id))
    return Table("requests", lines, layout, label_columns=3, width=7)


def _proceedings(table: FormTable, figures: Mapping[str, Value], layout: str, shape: str) -> Table:
    first, direct, after = table.rows
    outcomes: list[Label | None] = [a_word(column.label) for column in first.columns]
    gap: list[Label | None] = [None] * (_OUTCOME_COUNT - 1)
    if shape == "rows":
        suits = [_figures(table.cells(row), figures) for row in table.rows]
        lines = in_rows(table, (0, 1, 2), suits)
        return Table("proceedings", lines, layout, label_columns=2, width=_OUTCOME_COUNT)
    if shape == "key_value":
        lines = []
        for row in table.rows:
            lines.append(Line(labels=[Label(row.label + "：", "word")]))
            for cell, column in zip(table.cells(row), row.columns, strict=True):
                figure = Figure(cell, str(figures[cell]))
                lines.append(Line([a_word(column.label + "：")], figures=[figure]))
        return Table("proceedings", lines, layout, label_columns=1, width=1)
    top = Line(columns=[a_word(first.label), *gap, a_word(direct.group), *[None] * 9])
    groups = [a_word(direct.label), *gap, a_word(after.label), *gap]
    headers = {
        "standard": [
            top,
            Line(columns=[*outcomes, *groups]),
            Line(columns=[*[None] * _OUTCOME_COUNT, *outcomes, *outcomes]),
        ],
        "two_headers": [
            Line(columns=[a_word(first.label), *gap, *groups]),
            Line(columns=[*outcomes, *outcomes, *outcomes]),
        ],
        "one_header": [Line(columns=[*outcomes, *outcomes, *outcomes])],
        "bare": [],
    }
    cells = [figure for row in table.rows for figure in _figures(table.cells(row), figures)]
    lines = [*headers[shape], Line(figures=cells)]
    return Table("proceedings", lines, layout, label_columns=0, width=3 * _OUTCOME_COUNT)


def in_rows(table: FormTable, order: Sequence[int], suits: list[list[Figure]]) -> list[Line]:
    """Table 四 with a row for each kind of suit."""
    lines = [Line([None], [a_word(column.label) for column in table.rows[0].columns])]
    grouped = False
    for place in order:
        row = table.rows[place]
        labels: list[Label | None] = [Label(row.label)]
        if row.group:
            labels.insert(0, None if grouped else Label(row.group, "group"))
            grouped = True
        lines.append(Line(labels, figures=suits[place], row=row.id))
    return lines
