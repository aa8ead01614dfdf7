"""The data dictionary beside an export: its columns, every cell, the states, the verdicts, what was left out.

Labels come from `verify.forms`, the sentences on verdicts and states from the words of the views.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from extractor.catalogue import LANGS
from extractor.export.blocks import Row
from extractor.export.cells import FormCell, every_cell
from extractor.export.columns import WORDS as TEXTS
from extractor.export.columns import Column
from extractor.export.facts import Facts
from extractor.render._facts import humanise
from extractor.render._words import WORDS
from verify.verdicts import GOOD

HEADER = (
    "kind",
    "name",
    "short_name",
    "type",
    "unit",
    "forms",
    "table_zh",
    "group_zh",
    "row_zh",
    "column_zh",
    "label_en",
    "meaning_zh",
    "meaning_en",
)
_READ = ("从原文读出，text是原文的写法", "read from the source; text is how it stands there")
_BLANK = (
    "空白，或以“/”“-”“无”一类的记号代替数字（记号留在text中）；未知，不等于0",
    "blank, or a mark such as “/”, “-” or “无” in place of a figure, which text keeps; not known, not zero",
)
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
_SIGNED = {"count": "integer", "change": "integer", "money": "exact decimal"}
_NEVER_NEGATIVE = frozenset(GOOD)
_COLUMN_TYPES = {
    "text": "text",
    "integer": "integer",
    "money": "exact decimal",
    "figure": "integer or exact decimal, by its cell",
}


def dictionary(columns: Sequence[Column], facts: Facts, verdicts: Collection[str]) -> list[Row]:
    """The dictionary as rows, its header first.

    Args:
        columns: Of the file; none for whole results.
        facts: What is said of the export, each under its name.
        verdicts: Of the reports in the file; with some of them come figures as they are printed, below
            zero too.
    """
    rows: list[Row] = [HEADER]
    rows += (_line("export", name, meaning=(fact.zh, fact.en)) for name, fact in facts.items())
    rows += (
        _line("column", c.name, type=_COLUMN_TYPES[c.kind], meaning=(c.zh, c.en))
        for c in columns
        if c.cell is None
    )
    rows.append(_line("note", "empty", meaning=_EMPTY))
    types = _TYPES if _NEVER_NEGATIVE.issuperset(verdicts) else _SIGNED
    rows += (_cell(cell, types[cell.kind]) for cell in every_cell().values())
    rows += _states()
    zh, en = (TEXTS[lang].qualities for lang in LANGS)
    rows += (_line("quality", name, meaning=(zh[name], en[name])) for name in zh)
    rows += (
        _line(
            "verdict",
            name,
            meaning=(f"{zh}：{WORDS['zh'].verdicts[name][1]}", WORDS["en"].verdicts[name][1]),
        )
        for name, (zh, _) in WORDS["zh"].verdicts.items()
    )
    return rows


def _states() -> Iterator[Row]:
    for state in WORDS["zh"].states:
        if state == "read":
            said = _READ
        elif state == "blank":
            said = _BLANK
        else:
            said = (WORDS["zh"].legend[state], WORDS["en"].legend[state])
        yield _line("state", state, meaning=said)


def _cell(cell: FormCell, type: str) -> Row:
    row_en, column_en = humanise(cell.rows[0].id), humanise(cell.columns[0].id)
    return (
        "cell",
        cell.name,
        cell.short,
        type,
        cell.unit,
        " ".join(cell.forms),
        cell.table.title,
        *(
            " / ".join(dict.fromkeys(labels))
            for labels in (
                [row.group for row in cell.rows],
                [row.printed for row in cell.rows],
                [column.label for column in cell.columns],
            )
        ),
        f"{WORDS['en'].tables[cell.table.id]}: {row_en}, {column_en}",
        None,
        None,
    )


def _line(kind: str, name: str, *, type: str | None = None, meaning: tuple[str, str]) -> Row:
    return (kind, name, None, type, *[None] * (len(HEADER) - 6), *meaning)
