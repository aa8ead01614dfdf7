"""Print the example of a rule as a small complete report.

Only an example decides what is printed: every count is 0, every sum of money 0, the prose has no
figure, labels are the official ones, and a row is a line with tabs.
"""

from __future__ import annotations

from collections.abc import Mapping

from verify.forms import Form, Row, Table, every_form
from verify.rules import Example

YEAR = 2023
_OPENING = "本单位按照有关规定开展政府信息公开工作，专人负责，渠道畅通，栏目清楚。"
_PROBLEMS = "解读形式比较单一，今后改进。"
_OTHER_MATTERS = "没有其他需要报告的事项。"
_HEAD_OF_REQUESTS = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ORDER = {table.id: f"{table.number}、" for table in every_form()[0].tables}
_CORNER = {"proactive": "信息内容", "requests": "申请人情况", "proceedings": "情形"}


def form_of(variant: str) -> Form:
    """The form of a variant such as ``2021+2019``.

    Raises:
        ValueError: There is no such variant.
    """
    for form in every_form():
        if form.variant == variant:
            return form
    raise ValueError(f"no form has the variant {variant!r}")


def printed(example: Example, year: int = YEAR) -> str:
    """The report of an example.

    Args:
        example: What it holds.
        year: Year of the title.

    Raises:
        ValueError: It names a cell that the form does not have, or replaces what is not printed.
    """
    form = form_of(example.form)
    unknown = sorted(set(example.cells) - set(form.cells))
    if unknown:
        raise ValueError(f"form {form.variant!r} has no cell {unknown[0]!r}")
    text = "\n".join(
        (
            f"{example.agency}{year}年政府信息公开工作年度报告",
            "一、总体情况",
            _OPENING,
            *([example.prose] if example.prose else []),
            *(table_text(table.id, example).rstrip("\n") for table in form.tables),
            "五、存在的主要问题及改进情况",
            _PROBLEMS,
            "六、其他需要报告的事项",
            _OTHER_MATTERS,
            "",
        )
    )
    for old, new in edits_of(example):
        if old not in text:
            raise ValueError(f"{old!r} is not printed and cannot be replaced")
        text = text.replace(old, new, 1)
    return text


def edits_of(example: Example) -> tuple[tuple[str, str], ...]:
    """The edits of an example with what their braces stand for: a printed table, or a second report."""
    return tuple((_expanded(old), _expanded(new)) for old, new in example.edits)


def _expanded(text: str) -> str:
    if "{" not in text:
        return text
    second = printed(Example(), 2022)
    stands_for = {
        "{report 2022}": second,
        "{report 2022 untitled}": second.partition("\n")[2],
        **{f"{{table {id}}}": table_text(id, Example()) for id in _ORDER},
    }
    for name, what in stands_for.items():
        text = text.replace(name, what)
    return text


def table_text(id: str, example: Example) -> str:
    """One table of the report of an example, with its heading, as it is printed without edits."""
    table = form_of(example.form).table(id)
    lines = [_ORDER[table.id] + table.title]
    if id == "requests":
        lines.append(_HEAD_OF_REQUESTS)
    before: Row | None = None
    for row in table.rows:
        begins = before is None or before.group != row.group
        if begins and row.group and id != "proceedings":
            lines.append(row.group)
        if before is None or (id == "proactive" and (begins or before.columns != row.columns)):
            labels = [column.label for column in row.columns]
            lines.append("\t".join([_CORNER[table.id], *labels]))
        lines.append(row_text(row, table, example.cells))
        before = row
    return "\n".join(lines) + "\n"


def row_text(row: Row, table: Table, cells: Mapping[str, str]) -> str:
    """A row as it is printed."""
    return "\t".join([row.printed, *(cells.get(name, "0") for name in table.cells(row))])
