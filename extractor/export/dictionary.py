"""The data dictionary beside an export: its columns, every cell, the states, the verdicts, what was left out.

Labels come from `verify.forms`, the sentences on verdicts and states from the words of the views.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extractor.export.cells import FormCell, every_cell
from extractor.export.columns import Column
from extractor.export.rows import Row
from extractor.render._facts import humanise
from extractor.render._words import EN, ZH

HEADER = (
    "kind", "name", "short_name", "type", "unit", "forms", "table_zh", "group_zh", "row_zh",
    "column_zh", "label_en", "meaning_zh", "meaning_en",
)  # fmt: skip
_READ = ("从原文读出，text是原文的写法", "read from the source; text is how it stands there")
_EMPTY = (
    (
        "空的单元格是未知，或不属于此报告的表式，绝不是0。宽表：单元格行的forms含有报告的tables，即属于其表式；"
        "长表：不属于其表式的单元格没有行"
    ),
    (
        "An empty cell is not known, or not a cell of the report's form; it is never zero. Wide: it is a cell"
        " of the form when its forms here have the report's tables. Long: what is not of the form has no row"
    ),
)
_TYPES = {"count": "integer >= 0", "change": "integer", "money": "exact decimal >= 0"}
_COLUMN_TYPES = {
    "text": "text", "integer": "integer", "money": "exact decimal",
    "figure": "integer or exact decimal, by its cell",
}  # fmt: skip


def dictionary(columns: Sequence[Column], facts: Mapping[str, str]) -> list[Row]:
    """The dictionary as rows, its header first.

    Args:
        columns: Of the file; none for whole results.
        facts: What is said of the export, each under its name.
    """
    rows: list[Row] = [HEADER]
    rows += (_line("export", name, meaning=(fact, fact)) for name, fact in facts.items())
    rows += (
        _line("column", c.name, type=_COLUMN_TYPES[c.kind], meaning=(c.zh, c.en))
        for c in columns
        if c.cell is None
    )
    rows.append(_line("note", "empty", meaning=_EMPTY))
    rows += map(_cell, every_cell().values())
    rows += _states()
    rows += (
        _line("verdict", name, meaning=(f"{zh}：{ZH.verdicts[name][1]}", EN.verdicts[name][1]))
        for name, (zh, _) in ZH.verdicts.items()
    )
    return rows


def _states() -> Iterator[Row]:
    for state in ZH.states:
        said = _READ if state == "read" else (ZH.legend[state], EN.legend[state])
        yield _line("state", state, meaning=said)


def _cell(cell: FormCell) -> Row:
    row_en, column_en = humanise(cell.rows[0].id), humanise(cell.columns[0].id)
    return (
        "cell", cell.name, cell.short, _TYPES[cell.kind], cell.unit, " ".join(cell.forms),
        cell.table.title, *(
            " / ".join(dict.fromkeys(labels))
            for labels in (
                [row.group for row in cell.rows],
                [row.printed for row in cell.rows],
                [column.label for column in cell.columns],
            )
        ),
        f"{EN.tables[cell.table.id]}: {row_en}, {column_en}", None, None,
    )  # fmt: skip


def _line(kind: str, name: str, *, type: str | None = None, meaning: tuple[str, str]) -> Row:
    return (kind, name, None, type, *[None] * (len(HEADER) - 6), *meaning)
