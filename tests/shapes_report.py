"""A report with figures in every cell, as blocks that a test writes in the shape it wants."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from verify.forms import APPLICANTS, Form, Table, every_form

FORM: Form = next(form for form in every_form() if form.variant == "2021+2021")
AGENCY = "白川县林业局"
YEAR = 2024
TITLE = f"{AGENCY}{YEAR}年政府信息公开工作年度报告"
PROSE = (
    "（一）目录。栏目按事项重排，旧条目归档，检索入口移到首页。",
    "（二）渠道。大厅、网站、公众号内容一致；更正一处，处处更正。",
)
_BALANCES = ("new_received", "carried_in", "results_total", "carried_out")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a printed table: its text and what it covers."""

    text: str
    wide: int = 1
    high: int = 1


Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Printed:
    """A report: lines before, tables under their headings, lines after; and the truth."""

    figures: dict[str, str]
    before: list[str]
    tables: list[tuple[str, Rows]]
    after: list[str]

    def fields(self) -> list[tuple[str, list[list[str]]]]:
        """The tables as plain rows of fields, each cell once."""
        return [(head, [[c.text for c in row] for row in rows]) for head, rows in self.tables]

    def text(self, separator: str = "\t", end: str = "\n") -> str:
        """The report with one line a row."""
        lines = list(self.before)
        for head, rows in self.fields():
            lines += [head, *(separator.join(row) for row in rows)]
        return end.join([*lines, *self.after]) + end


def make(seed: int, most: int = 90) -> Printed:
    """A report whose identities hold.

    Args:
        seed: Of its figures.
        most: The largest figure of a cell that is no sum.
    """
    rng = Random(seed)
    figures = _figures(rng, most)
    return Printed(
        figures,
        [TITLE, "一、总体情况", *PROSE],
        [
            ("二、主动公开政府信息情况", _proactive(figures)),
            ("三、收到和处理政府信息公开申请情况", _requests(figures)),
            ("四、政府信息公开行政复议、行政诉讼情况", _proceedings(figures)),
        ],
        [
            "五、存在的主要问题及改进情况",
            "部分栏目更新偏慢，下一步按月核对。",
            "六、其他需要报告的事项",
            "无其他事项。",
        ],
    )


def _figures(rng: Random, most: int) -> dict[str, str]:
    found = {cell: str(rng.randint(0, most)) for cell in FORM.cells}
    found["proactive.fees.amount"] = f"{rng.randint(1, 900)}.{rng.randint(1000, 9999)}"
    table = FORM.table("requests")
    for column in APPLICANTS[:-1]:
        parts = [
            int(found[f"requests.{row.id}.{column.id}"])
            for row in table.rows
            if row.id not in _BALANCES
        ]
        total, out, carried = sum(parts), rng.randint(0, 9), rng.randint(0, 9)
        for id, value in zip(_BALANCES, (total + out - carried, carried, total, out), strict=True):
            found[f"requests.{id}.{column.id}"] = str(value)
    for summed in (FORM.table("requests"), FORM.table("proceedings")):
        for row in summed.rows:
            *parts_of, total_of = summed.cells(row)
            found[total_of] = str(sum(int(found[cell]) for cell in parts_of))
    return found


def _values(table: Table, row_id: str, figures: dict[str, str]) -> list[Cell]:
    row = next(row for row in table.rows if row.id == row_id)
    return [Cell(figures[cell]) for cell in table.cells(row)]


def _proactive(figures: dict[str, str]) -> Rows:
    table = FORM.table("proactive")
    rows: Rows = [
        [Cell("第二十条第（一）项", 4)],
        [Cell(text) for text in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
    ]
    for row in table.rows:
        if row.id in ("licensing", "penalties"):
            item = "五" if row.id == "licensing" else "六"
            rows += [
                [Cell(f"第二十条第（{item}）项", 4)],
                [Cell("信息内容"), Cell("本年处理决定数量", 3)],
            ]
        if row.id == "fees":
            rows += [
                [Cell("第二十条第（八）项", 4)],
                [Cell("信息内容"), Cell("本年收费金额（单位：万元）", 3)],
            ]
        values = _values(table, row.id, figures)
        if len(values) == 1:
            values = [Cell(values[0].text, 3)]
        rows.append([Cell(row.label), *values])
    return rows


def _requests(figures: dict[str, str]) -> Rows:
    table = FORM.table("requests")
    rows: Rows = [
        [
            Cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            Cell("申请人情况", 7),
        ],
        [Cell("自然人", 1, 2), Cell("法人或其他组织", 5), Cell("总计", 1, 2)],
        [Cell(column.label) for column in APPLICANTS[1:-1]],
    ]
    groups: dict[str, int] = {}
    outer = "三、本年度办理结果"
    inner = [
        row for row in table.rows if row.id not in ("new_received", "carried_in", "carried_out")
    ]
    for row in inner:
        groups[row.group] = groups.get(row.group, 0) + 1
    opened: set[str] = set()
    for row in table.rows:
        cells: list[Cell] = []
        label = row.ordinal + row.label
        if row not in inner:
            cells = [Cell(label, 3)]
        else:
            if not opened:
                cells.append(Cell(outer, 1, len(inner)))
                opened.add(outer)
            if row.group and row.group not in opened:
                cells.append(Cell(row.group, 1, groups[row.group]))
                opened.add(row.group)
            cells.append(Cell(label, 1 if row.group not in ("", outer) else 2))
        rows.append([*cells, *_values(table, row.id, figures)])
    return rows


def _proceedings(figures: dict[str, str]) -> Rows:
    table = FORM.table("proceedings")
    heads = [Cell(text) for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    return [
        [Cell("行政复议", 5), Cell("行政诉讼", 10)],
        [
            *(Cell(head.text, 1, 2) for head in heads),
            Cell("未经复议直接起诉", 5),
            Cell("复议后起诉", 5),
        ],
        [*heads, *heads],
        [cell for row in table.rows for cell in _values(table, row.id, figures)],
    ]
